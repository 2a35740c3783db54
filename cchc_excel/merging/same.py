"""`same`: regulation makes the figure equal in all units; where it is not, the commonest is taken."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import mode

from cchc_excel.form import Indicator
from cchc_excel.merging.aggregate import Aggregate, Column
from cchc_excel.merging.tally import tallied
from cchc_excel.merging.way import Cells, Remark, Way, numbers_in
from cchc_excel.submission import Figure


class Same(Way):
    """The value that most units give; none if two values are given equally often."""

    is_common = True

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        return tallied(columns.get(row.id, ()))

    def figure(self, aggregate: Aggregate) -> Figure | None:
        return aggregate.common

    def remark(self, aggregate: Aggregate, figure: Figure | None) -> Remark | None:  # noqa: ARG002
        return Remark.DIFFER if len(aggregate.tally) > 1 else None

    def formula(self, row: Indicator, cells: Cells) -> str | None:
        figures = cells.of_units(row.id)
        commonest = f'IFERROR(MODE({figures}),"")'
        equal = f"MIN({figures})=MAX({figures})"
        return f'=IF(COUNT({figures})=0,"",IF({equal},MIN({figures}),{commonest}))'

    def calculated(self, column: Column, from_units: Figure | None, merged: Figure | None) -> Figure | None:  # noqa: ARG002
        """What MODE comes to: the commonest value, the first of several; None if several all differ."""
        values = numbers_in(column)
        if not values:
            return None
        if len(set(values)) == 1:
            return values[0]
        commonest = mode(values)
        return commonest if values.count(commonest) > 1 else None
