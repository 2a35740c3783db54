"""`max`: the units share one list, of which each uses a part; together they use at least the largest part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cchc_excel.form import Indicator
from cchc_excel.merging.aggregate import Aggregate, Column, limit_kept
from cchc_excel.merging.way import Bounds, Cells, Doubt, Way, numbers_in
from cchc_excel.submission import Figure


class Largest(Way):
    """The largest figure of a unit."""

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        numbers = numbers_in(columns.get(row.id, ()))
        return Aggregate(units=len(numbers), largest=max(numbers, default=None))

    def figure(self, aggregate: Aggregate) -> Figure | None:
        return aggregate.largest

    def doubted(self, aggregate: Aggregate, doubts: Sequence[Doubt], column: Column) -> Aggregate:
        """The largest figure is one that is certain, or the lowest or the highest that one in doubt may be."""
        units = Counter(numbers_in(column))
        units.subtract(doubt.value for doubt in doubts)
        certain = [figure for figure, count in units.items() if count > 0]
        lowest = max([*certain, *(doubt.low for doubt in doubts)])
        highest = max([*certain, *(doubt.high for doubt in doubts)])
        return replace(
            aggregate,
            unsure=sum(not doubt.is_known for doubt in doubts),
            low=limit_kept(lowest, aggregate.largest),
            high=limit_kept(highest, aggregate.largest),
        )

    def bounds(self, aggregate: Aggregate, *, is_open: bool) -> Bounds | None:
        if aggregate.least_largest is None:
            return None
        return Bounds(aggregate.least_largest, None if is_open else aggregate.most_largest)

    def formula(self, row: Indicator, cells: Cells) -> str | None:
        figures = cells.of_units(row.id)
        return f'=IF(COUNT({figures})=0,"",MAX({figures}))'
