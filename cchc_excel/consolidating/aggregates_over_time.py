"""What workbooks that were merged themselves come to over periods that follow each other: row by row, as for one unit.

A district that sends its merged workbooks of two quarters has sent its half year: what `over_time` does with a unit's
figures, this does with the aggregates of its units. Which unit lacks a figure in which period is not known any more:
as many count as reported in every period, and a total over fewer than are expected is open upwards, as always.

In:     the aggregates of each piece by row, in the order of time, and the form.
Out:    those of the whole.
Never:  adds up what stands at the end of a period; makes up a figure that the aggregates do not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.form.language import as_number
from cchc_excel.form.nature import Time, Units
from cchc_excel.merging.aggregate import NOBODY, Aggregate, Aggregates
from cchc_excel.submission import Figure

__all__ = ["aggregates_over_time"]


def aggregates_over_time(pieces: Sequence[Aggregates], form: Form) -> dict[str, Aggregate]:
    """The aggregates of the whole period by row; of a row that cannot be put together, only how many are expected."""
    return {row.id: _over_time(row, [piece.get(row.id, NOBODY) for piece in pieces], form) for row in form.entries}


def _over_time(row: Indicator, column: Sequence[Aggregate], form: Form) -> Aggregate:
    nature, last = row.nature, column[-1]
    if nature.units is Units.ANSWER:
        return _answers(row, column)
    if nature.units is Units.SHARE:
        return _shares(row, column, form)
    if nature.is_at_an_end or nature.time is Time.PLAN:
        return last
    if nature.units is Units.USED:  # parts of one list: together at least the largest
        together = _together(column)
        return replace(together, total=0, base=0, units=max(it.units for it in column), expected=_expected(column))
    if nature.units is Units.COMMON:
        return _lists(column)
    return _of_all(column)


def _expected(column: Sequence[Aggregate]) -> int:
    return max(it.expected for it in column)


def _together(column: Sequence[Aggregate]) -> Aggregate:
    together = NOBODY
    for one in column:
        together = together.combined(one)
    return together


def _of_all(column: Sequence[Aggregate]) -> Aggregate:
    """All that was added up, by as many units as reported in every period."""
    everywhere = min(it.units for it in column)
    if not everywhere:
        return _nothing(column)
    return replace(_together(column), units=everywhere, expected=_expected(column))


def _nothing(column: Sequence[Aggregate]) -> Aggregate:
    return replace(NOBODY, expected=_expected(column))


def _shares(row: Indicator, column: Sequence[Aggregate], form: Form) -> Aggregate:
    """A share that is weighed by what happened in the period goes on being weighed; of another the last one stands."""
    is_recomputed = row.part is not None  # of it only how many gave both components is kept
    if not is_recomputed and (row.weight is None or form[row.weight].nature.is_at_an_end):
        return column[-1]
    return _of_all(column)


def _lists(column: Sequence[Aggregate]) -> Aggregate:
    """What changed in a list common to all: what most say of each period, added; who says otherwise is in doubt."""
    commons = [it.common for it in column]
    numbers = [it for it in commons if it is not None and not isinstance(it, str)]
    if len(numbers) < len(column):
        return _nothing(column)
    agreeing = min(it.tally[common] for it, common in zip(column, numbers, strict=True))
    units = min(it.units for it in column)
    tally: dict[Figure, int] = {as_number(Fraction(sum(numbers))): agreeing}
    unsure = max(units - agreeing, *(it.unsure for it in column))
    return replace(NOBODY, units=units, tally=tally, expected=_expected(column), unsure=unsure)


def _answers(row: Indicator, column: Sequence[Aggregate]) -> Aggregate:
    """The answers where each unit's is known: all gave one and the same, or all said yes in one of the periods."""
    units = min(it.units for it in column)
    yes = next(iter(row.options), None)
    if row.kind is Kind.YES_NO and any(set(it.tally) == {yes} and it.units == it.expected for it in column):
        certain: Figure | None = yes
    else:
        given = set().union(*(it.tally for it in column))
        certain = given.pop() if len(given) == 1 else None
    if certain is None or not units:
        return _nothing(column)
    return replace(NOBODY, units=units, tally=dict(Counter({certain: units})), expected=_expected(column))
