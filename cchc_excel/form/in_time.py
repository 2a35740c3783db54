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
    not_asked = {row.id for row in form.indicators if not row.when.holds(period, form.closing_day)}
    rows = tuple(_row_at(row, form, period, not_asked) for row in form.indicators)
    own = [check for check in form.own_checks() if check.when.holds(period, form.closing_day)]
    if rows == form.indicators and len(own) == len(form.own_checks()):
        return form
    if rows == form.indicators:
        derived = [
            check for check in form.checks if not check.texts
        ]  # as they are: to make them takes most of the time
    else:
        derived = list(derived_checks(rows, form.severities))
    checks = tuple(check for check in (*derived, *own) if check.target not in not_asked)
    return replace(form, indicators=rows, checks=checks)


def without_totals(form: Form, totals: Collection[str]) -> Form:
    """The form with these rows as no totals: the sheet has parts of them that the form does not know."""
    rows = tuple(replace(row, total_of=()) if row.id in totals else row for row in form.indicators)
    asked = {row.id for row in rows if row.in_force}
    derived = [check for check in derived_checks(rows, form.severities) if check.target in asked]
    return replace(form, indicators=rows, checks=(*derived, *form.own_checks()))


def _row_at(row: Indicator, form: Form, period: Period, not_asked: Collection[str]) -> Indicator:
    """A row with the limits that hold in the period, and without the parts that are not asked for then."""
    if row.id in not_asked:
        return replace(row, in_force=False, required=False, at_most=None, at_least=None, total_of=())
    limits = [limit.value for limit in row.limits if limit.when.holds(period, form.closing_day)]
    floors = [floor.value for floor in row.floors if floor.when.holds(period, form.closing_day)]
    at_most, at_least = min(limits, default=None), max(floors, default=None)
    parts = tuple(part for part in row.total_of if part not in not_asked)
    if (at_most, at_least, parts) == (row.at_most, row.at_least, row.total_of):
        return row
    return replace(row, at_most=at_most, at_least=at_least, total_of=parts)
