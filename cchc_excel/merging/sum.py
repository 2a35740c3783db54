"""`sum`: counts and money are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cchc_excel.form import Indicator
from cchc_excel.form.language import as_number
from cchc_excel.merging.aggregate import Aggregate, Column
from cchc_excel.merging.way import Bounds, Cells, Doubt, Way, numbers_in
from cchc_excel.submission import Figure


class Sum(Way):
    """The sum over the units."""

    is_added = True

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        numbers = numbers_in(columns.get(row.id, ()))
        return Aggregate(units=len(numbers), total=as_number(sum(numbers)))

    def figure(self, aggregate: Aggregate) -> Figure | None:
        return aggregate.total

    def doubted(self, aggregate: Aggregate, doubts: Sequence[Doubt], column: Column) -> Aggregate:  # noqa: ARG002
        return replace(
            aggregate,
            below=sum(doubt.value - doubt.low for doubt in doubts),
            above=sum(doubt.high - doubt.value for doubt in doubts),
            unsure=sum(not doubt.is_known for doubt in doubts),
        )

    def bounds(self, aggregate: Aggregate, *, is_open: bool) -> Bounds | None:
        high = None if is_open else aggregate.total + aggregate.above
        return Bounds(aggregate.total - aggregate.below, high)

    def formula(self, row: Indicator, cells: Cells) -> str | None:
        figures = cells.of_units(row.id)
        return f'=IF(COUNT({figures})=0,"",SUM({figures}))'
