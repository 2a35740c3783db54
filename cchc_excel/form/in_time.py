"""A form as it is in one period: with the rules, rows and limits that hold then.

A row that is not asked for in the period keeps its place, for it may stand on the sheet; nothing is expected of it, and
no total counts on it.

In:     a form, and a period.
Out:    a form of the same rows, with fewer checks.
Never:  changes what is read where; a form in which all holds is given back as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from cchc_excel.form.form import Form
from cchc_excel.form.model import Indicator
from cchc_excel.form.period import Period
from cchc_excel.form.relations import derived_checks


def form_at(form: Form, period: Period) -> Form:
    """The form with what holds in the period."""
    out = {row.id for row in form.indicators if not row.when.holds(period, form.closing_day)}
    rows = tuple(_row_at(row, form, period, out) for row in form.indicators)
    own = [check for check in form.checks if check.texts and check.when.holds(period, form.closing_day)]
    if rows == form.indicators:
        if len(own) == len(form.own_checks()):
            return form
        derived = [check for check in form.checks if not check.texts]
    else:
        derived = [check for check in derived_checks(rows, form.severities) if check.target not in out]
    asked = [check for check in own if check.target not in out]
    return replace(form, indicators=rows, checks=(*derived, *asked))


def without_totals(form: Form, totals: Collection[str]) -> Form:
    """The form with these rows as no totals: the sheet has parts of them that the form does not know."""
    rows = tuple(replace(row, total_of=()) if row.id in totals else row for row in form.indicators)
    own = [check for check in form.checks if check.texts]
    return replace(form, indicators=rows, checks=(*derived_checks(rows, form.severities), *own))


def _row_at(row: Indicator, form: Form, period: Period, out: Collection[str]) -> Indicator:
    limits = [limit.value for limit in row.limits if limit.when.holds(period, form.closing_day)]
    at_most = min(limits, default=None)
    floors = [floor.value for floor in row.floors if floor.when.holds(period, form.closing_day)]
    at_least = max(floors, default=None)
    parts = tuple(part for part in row.total_of if part not in out)
    if row.id in out:
        return replace(row, in_force=False, required=False, at_most=None, at_least=None, total_of=())
    if (at_most, at_least, parts) == (row.at_most, row.at_least, row.total_of):
        return row
    return replace(row, at_most=at_most, at_least=at_least, total_of=parts)
