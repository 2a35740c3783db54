"""What workbooks that were merged themselves come to over periods that follow each other: row by row, as for one unit.

A district that sends its merged workbooks of two quarters has sent its half year: what `over_time` does with a unit's
figures, this does with the aggregates of its units. Which unit lacks a figure in which period is not known any more:
as many count as reported in every period, and a total over fewer than are expected is open upwards, as always.

In:     the aggregates of each piece by row, in the order of time, and the form.
Out:    those of the whole.
Never:  adds up what stands at the end of a period; makes up a figure that the aggregates do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.form.language import as_number
from cchc_excel.form.nature import Time, Units
from cchc_excel.merging.aggregate import NOBODY, Aggregate, Aggregates
from cchc_excel.submission import Figure

__all__ = ["aggregates_over_time"]

Column: TypeAlias = Sequence[Aggregate]
"""The aggregates of one row, one for each period, in the order of time."""


def aggregates_over_time(pieces: Sequence[Aggregates], form: Form) -> dict[str, Aggregate]:
    """The aggregates of the whole period by row; of a row that cannot be put together, only how many are expected."""
    whole = {}
    for row in form.entries:
        column = [piece.get(row.id, NOBODY) for piece in pieces]
        whole[row.id] = _over_time(row, column, form)
    return whole


def _over_time(row: Indicator, column: Column, form: Form) -> Aggregate:
    """The aggregate of one row: what the row is decides how its periods are put together."""
    nature = row.nature
    if nature.units is Units.ANSWER:
        return _answers(row, column)
    if nature.units is Units.SHARE:
        return _shares(row, column, form)
    if nature.is_at_an_end or nature.time is Time.PLAN:
        return column[-1]
    if nature.units is Units.USED:
        return _parts_of_one_list(column)
    if nature.units is Units.COMMON:
        return _lists(column)
    return _added(column)


def _added(column: Column) -> Aggregate:
    """All that was added up, by as many units as reported in every period."""
    units = _units_in_every_period(column)
    if not units:
        return _nothing(column)
    return replace(_combined(column), units=units, expected=_expected(column))


def _parts_of_one_list(column: Column) -> Aggregate:
    """The largest part that was used in a period: all periods together use at least that."""
    units = max(aggregate.units for aggregate in column)
    return replace(_combined(column), total=0, base=0, units=units, expected=_expected(column))


def _shares(row: Indicator, column: Column, form: Form) -> Aggregate:
    """A share that is weighed by what happened in the period goes on being weighed; of another the last one stands."""
    if row.part is not None:  # it is recomputed: of it only how many gave both components is kept
        return _added(column)
    is_weighed = row.weight is not None and not form[row.weight].nature.is_at_an_end
    return _added(column) if is_weighed else column[-1]


def _lists(column: Column) -> Aggregate:
    """What changed in a list common to all: what most say of each period, added; who says otherwise is in doubt."""
    changes = [aggregate.common for aggregate in column]
    numbers = [change for change in changes if change is not None and not isinstance(change, str)]
    if len(numbers) < len(column):
        return _nothing(column)
    units = _units_in_every_period(column)
    agreeing = min(aggregate.tally[number] for aggregate, number in zip(column, numbers, strict=True))
    disagreeing = units - agreeing
    return replace(
        NOBODY,
        units=units,
        tally={as_number(Fraction(sum(numbers))): agreeing},
        expected=_expected(column),
        unsure=max(disagreeing, *(aggregate.unsure for aggregate in column)),
    )


def _answers(row: Indicator, column: Column) -> Aggregate:
    """The answers where each unit's is known: all gave one and the same, or all said yes in one of the periods."""
    units = _units_in_every_period(column)
    answer = _answer_of_all(row, column)
    if answer is None or not units:
        return _nothing(column)
    return replace(NOBODY, units=units, tally={answer: units}, expected=_expected(column))


def _answer_of_all(row: Indicator, column: Column) -> Figure | None:
    """The answer that every unit gives of the whole period; None where units may differ."""
    yes = next(iter(row.options), None)
    if row.kind is Kind.YES_NO and any(_is_said_by_all(yes, aggregate) for aggregate in column):
        return yes
    given = set().union(*(aggregate.tally for aggregate in column))
    return given.pop() if len(given) == 1 else None


def _is_said_by_all(answer: Figure | None, aggregate: Aggregate) -> bool:
    """Whether every expected unit gave this answer."""
    return set(aggregate.tally) == {answer} and aggregate.units == aggregate.expected


def _nothing(column: Column) -> Aggregate:
    """Nobody's figure, with how many units are expected."""
    return replace(NOBODY, expected=_expected(column))


def _expected(column: Column) -> int:
    return max(aggregate.expected for aggregate in column)


def _units_in_every_period(column: Column) -> int:
    """How many units reported in every period, at the most: which ones they were is not kept."""
    return min(aggregate.units for aggregate in column)


def _combined(column: Column) -> Aggregate:
    """The aggregates of all periods, as if each period were another group of units."""
    together = NOBODY
    for aggregate in column:
        together = together.combined(aggregate)
    return together
