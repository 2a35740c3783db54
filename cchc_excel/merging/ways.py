"""The ways of merging by the names under which forms declare them, and what is asked of all rows at once."""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.form import Form, Indicator
from cchc_excel.merging.aggregate import Aggregate, Aggregates, Column, of_text
from cchc_excel.merging.largest import Largest
from cchc_excel.merging.none import NoWay
from cchc_excel.merging.rate import Rate
from cchc_excel.merging.same import Same
from cchc_excel.merging.sum import Sum
from cchc_excel.merging.tally import Tally
from cchc_excel.merging.way import Way
from cchc_excel.merging.weighted import Weighted
from cchc_excel.submission import Figure

WAYS: Mapping[str, Way] = {
    "sum": Sum(),
    "rate": Rate(),
    "same": Same(),
    "max": Largest(),
    "tally": Tally(),
    "weighted": Weighted(),
    "none": NoWay(),
}


def way_of(row: Indicator) -> Way:
    """How the figures of a row are merged."""
    return WAYS[row.merge]


def aggregate_of(columns: Mapping[str, Column], form: Form) -> dict[str, Aggregate]:
    """The aggregates of units that are not merged themselves: by id a column for each row, all of one length."""
    return {row.id: way_of(row).aggregate(row, columns) for row in form.entries}


def merged_figures(aggregates: Aggregates, form: Form) -> dict[str, Figure | None]:
    """The merged figure of every row; None where the units' figures do not add up to one."""
    read_off: dict[str, Figure | None] = {}
    for row in form.entries:
        aggregate = aggregates[row.id]
        read_off[row.id] = way_of(row).figure(aggregate) if aggregate.units else None
    return {row.id: way_of(row).figure_from(row, read_off) for row in form.entries}


def without_common_value(aggregates: Mapping[str, str], form: Form) -> frozenset[str]:
    """Rows of a common list that a merged workbook leaves blank, because its units give several values equally often.

    `aggregates` are its hidden texts by id. What cannot be read as one says nothing here.
    """
    found = set()
    for row in form.entries:
        if not way_of(row).is_common:
            continue
        try:
            aggregate = of_text(aggregates.get(row.id, ""))
        except ValueError:
            continue
        if aggregate.tally and aggregate.common is None:
            found.add(row.id)
    return frozenset(found)


def underivable(form: Form) -> frozenset[str]:
    """Rows that an upper level may have to leave blank, as its units' figures do not add up to one."""
    return frozenset(row.id for row in form.entries if way_of(row).is_underivable)
