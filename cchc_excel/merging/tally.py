"""`tally`: answers are counted, and no figure comes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from cchc_excel.form import Indicator
from cchc_excel.merging.aggregate import Aggregate, Column
from cchc_excel.merging.way import Remark, Way
from cchc_excel.submission import Figure


class Tally(Way):
    """How many units gave each answer."""

    is_underivable = True

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        return tallied(columns.get(row.id, ()))

    def remark(self, aggregate: Aggregate, figure: Figure | None) -> Remark | None:  # noqa: ARG002
        return Remark.ANSWERS if aggregate.tally else None


def tallied(column: Column) -> Aggregate:
    """How many units gave each value or answer."""
    tally = Counter(value for value in column if value is not None)
    return Aggregate(units=tally.total(), tally=dict(tally))
