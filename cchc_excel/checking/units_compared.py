"""What the checks between units (family U) are made of: a unit as they see it, and a finding about one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple, Protocol

from cchc_excel.checking.notes import with_reason
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator
from cchc_excel.submission import CellAddress, Figure

LEAST_UNITS = 8  # a median of fewer says little
# A normal distribution's median absolute deviation in standard deviations, and its standard deviation in mean ones.
MEDIAN_IN_STANDARD, STANDARD_IN_MEAN = 0.6745, 1.253314

Column = Sequence[Figure | None]
"""The figures of all units in one row, in the units' order."""


class Unit(Protocol):
    """What this family needs to know of a unit's submission; `taken` in the order of the form's entries."""

    @property
    def unit(self) -> str | None: ...
    @property
    def taken(self) -> Sequence[Figure | None]: ...
    @property
    def notes(self) -> Mapping[str, str]: ...
    def cell(self, place: int) -> CellAddress | None: ...


class Between(NamedTuple):
    """A finding, and the place of its unit among the units."""

    place: int
    finding: Finding


class Compared(NamedTuple):
    """One row of the form in all units: its place among the entries, and its figures."""

    units: Sequence[Unit]
    form: Form
    row: Indicator
    place: int
    column: Column

    def found(self, code: str, index: int, expected: Figure | None, facts: Mapping[str, Fact]) -> Between:
        """Return a finding about this row of the unit at `index`, explained where the unit's note says why.

        `expected` is what most units report, in the row's own unit; None where that is no single figure.
        """
        unit = self.units[index]
        value, cell = unit.taken[self.place], unit.cell(self.place)
        finding = Finding(
            code,
            self.form.severity_of(code),
            indicators=(self.row.id,),
            cells=(cell,) if cell is not None else (),
            observed=value,
            compared_with=expected,
            facts={"value": value, **facts},
        )
        return Between(index, with_reason(finding, unit.notes, self.form))


def found_in_unit(code: str, index: int, form: Form, **facts: Fact) -> Between:
    """Return a finding about the whole submission of the unit at `index`."""
    return Between(index, Finding(code, form.severity_of(code), facts=facts))


def columns(units: Sequence[Unit]) -> Iterator[Column]:
    """Yield a column for each entry of the form, in the form's order; none where there are no units.

    Raises ValueError if the units do not all have a figure or a blank for each entry.
    """
    return zip(*(unit.taken for unit in units), strict=True)


def numbers(column: Column) -> dict[int, float]:
    """Return the figures that are numbers, by the place of their unit."""
    return {
        index: float(value) for index, value in enumerate(column) if value is not None and not isinstance(value, str)
    }


def robust_spread(values: Mapping[int, float]) -> float:
    """Return the standard deviation of the values as their median absolute deviation tells it.

    Where more than half of the values are equal, so that this is 0, the mean absolute deviation tells it. A modified
    z-score is a distance from the median, divided by what is returned.
    Raises StatisticsError without values. Source: Iglewicz and Hoaglin, 1993.
    """
    middle = median(values.values())
    gaps = [abs(value - middle) for value in values.values()]
    return median(gaps) / MEDIAN_IN_STANDARD or fmean(gaps) * STANDARD_IN_MEAN
