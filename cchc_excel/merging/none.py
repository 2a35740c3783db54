"""`none`: nothing can be said of all units together but how many gave a figure."""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.form import Indicator
from cchc_excel.merging.aggregate import Aggregate, Column
from cchc_excel.merging.way import Way


class NoWay(Way):
    """Only counted."""

    is_underivable = True

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        return Aggregate(units=sum(value is not None for value in columns.get(row.id, ())))
