"""Counts with a fraction all over a form: 3.750 and 2.100 that were read as 3,75 and 2,1.

One of them alone may be a percentage in the wrong row. Where a percentage or a total holds between two of them, they
are of one scale; taken a thousand times together they become whole, and what held still holds.

In:     the weighing of one submission.
Out:    one fix of several entries, or None.
Never:  takes a count that no equation holds to another one of them, or that equation to make whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cchc_excel.checking import failing
from cchc_excel.correcting.candidates import THOUSAND, changed, is_equation
from cchc_excel.correcting.digits import Number
from cchc_excel.correcting.weighing import Weighing, relief
from cchc_excel.finding import Because, Certainty, EntryChange, Fix
from cchc_excel.form import Kind, Scope
from cchc_excel.form.language import as_number, compile_condition


def thousands(weighing: Weighing) -> Fix | None:
    """Return all counts with a fraction a thousand times as much; None unless all become whole and no check fails."""
    fractions = {
        row.id: value
        for row in weighing.form.entries
        if row.kind is Kind.COUNT and isinstance(value := weighing.record.values.get(row.id), Fraction)
    }
    figures = {key: as_number(value * THOUSAND) for key, value in fractions.items() if 0 < value < THOUSAND}
    if (
        len(figures) < 2
        or figures.keys() != fractions.keys()
        or any(value.denominator > 1 for value in figures.values())
    ):
        return None
    record = changed(weighing.record, figures)
    if failing(record, weighing.form, figures) or not _are_of_one_scale(figures, weighing):
        return None
    return Fix(
        changes=tuple(EntryChange(key, fractions[key], value) for key, value in figures.items()),
        certainty=Certainty.SUGGESTED,
        because=Because("thousands_slip"),
        evidence=10 * relief(weighing.failing(*figures)),
    )


def _are_of_one_scale(figures: Mapping[str, Number], weighing: Weighing) -> bool:
    """Whether an equation holds each of them to another one, or is put right by it."""
    record = changed(weighing.record, figures)
    held: set[str] = set()
    for check in weighing.form.checks:
        together = figures.keys() & set(check.involved)
        if check.scope is Scope.NONE and is_equation(check) and together:
            was_wrong = compile_condition(check.condition)(weighing.record) is False
            holds = compile_condition(check.condition)(record) is True and _are_given(check.involved, weighing)
            if holds and (was_wrong or len(together) > 1):
                held |= together
    return held == figures.keys()


def _are_given(keys: Iterable[str], weighing: Weighing) -> bool:
    return all(key in weighing.record.values for key in keys)
