"""What a way of merging answers for; each way is a file beside this one, and `ways` has the table of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple, Protocol

from cchc_excel.form import Indicator
from cchc_excel.merging.aggregate import Aggregate, Column, Number
from cchc_excel.submission import Figure


class Doubt(NamedTuple):
    """A figure that may be another one: from `low` to `high`; `is_known` tells that other values were proposed."""

    value: Number
    low: Number
    high: Number
    is_known: bool


class Bounds(NamedTuple):
    """What a merged figure may be once missing and doubtful figures are settled; `high` None: no limit is known."""

    low: Number
    high: Number | None


class Remark(Enum):
    """What is to be said of a merged figure: who answered what, that units differ, that there can be no figure."""

    ANSWERS = auto()
    DIFFER = auto()
    UNDERIVABLE = auto()


class Cells(Protocol):
    """Where the figures of a row stand in the district's workbook, by the row's id."""

    def of_units(self, key: str) -> str:
        """The range of the units' figures."""

    def merged_cell(self, key: str) -> str:
        """The cell of the merged figure."""


class Way(ABC):
    """One way of merging, for all rows that declare it. Aggregates are combined the same in every way."""

    is_added = False
    """Whether figures are added, so that they grow with a unit and each unit has its share of the merged one."""

    is_common = False
    """Whether regulation makes the figure equal in all units."""

    is_recomputed = False
    """Whether the figure is computed from two others, in a unit and when merged."""

    is_underivable = False
    """Whether an upper level may have to leave the row blank, as its units' figures do not add up to one."""

    @abstractmethod
    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        """What is kept of the units' figures: by id a column for each row, all of one length."""

    def figure(self, aggregate: Aggregate) -> Figure | None:  # noqa: ARG002 - of most ways there is one
        """The merged figure of at least one unit; None where their figures do not add up to one."""
        return None

    def figure_from(self, row: Indicator, figures: Mapping[str, Figure | None]) -> Figure | None:
        """The merged figure, given those of all rows that are not recomputed."""
        return figures.get(row.id)

    def doubted(self, aggregate: Aggregate, doubts: Sequence[Doubt], column: Column) -> Aggregate:  # noqa: ARG002
        """The aggregate with how much the figures in doubt may change it."""
        return aggregate

    def bounds(self, aggregate: Aggregate, *, is_open: bool) -> Bounds | None:  # noqa: ARG002
        """What the merged figure may be; None where nothing bounds it."""
        return None

    def bounds_from(self, row: Indicator, bounds: Mapping[str, Bounds]) -> Bounds | None:
        """The bounds, given those of all rows that are not recomputed."""
        return bounds.get(row.id)

    def rests_on(self, row: Indicator) -> tuple[str, ...]:  # noqa: ARG002
        """The rows on which a merged figure rests that has no bounds of its own, by id."""
        return ()

    def remark(self, aggregate: Aggregate, figure: Figure | None) -> Remark | None:
        """What is to be said of the merged figure."""
        missing = self.is_underivable and aggregate.units and figure is None
        return Remark.UNDERIVABLE if missing else None

    def formula(self, row: Indicator, cells: Cells) -> str | None:  # noqa: ARG002
        """The formula in the district's form; None where nothing but counting is done."""
        return None

    def calculated(self, column: Column, from_units: Figure | None, merged: Figure | None) -> Figure | None:  # noqa: ARG002
        """What the formula comes to over the units' figures.

        `from_units` is what merging them gives, `merged` what is merged of these and of aggregates.
        """
        return from_units


def numbers_in(column: Iterable[Figure | None]) -> list[Number]:
    """The numbers in a column, without blanks and answers."""
    return [value for value in column if value is not None and not isinstance(value, str)]
