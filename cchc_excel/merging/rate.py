"""`rate`: a percentage is recomputed from its merged components, and never averaged."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from cchc_excel.form import Indicator
from cchc_excel.form.language import rounded
from cchc_excel.merging.aggregate import Aggregate, Column
from cchc_excel.merging.way import Bounds, Cells, Way
from cchc_excel.submission import Figure

RATE_DECIMALS = 2


class Rate(Way):
    """The merged part over the merged whole, half up to two decimals."""

    is_recomputed = True

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        parts, wholes = columns.get(row.part or "", ()), columns.get(row.whole or "", ())
        pairs = zip(parts, wholes, strict=True)
        return Aggregate(units=sum(part is not None and whole is not None for part, whole in pairs))

    def figure_from(self, row: Indicator, figures: Mapping[str, Figure | None]) -> Figure | None:
        part, whole = figures.get(row.part or ""), figures.get(row.whole or "")
        if part is None or whole is None or isinstance(part, str) or isinstance(whole, str):
            return None
        if whole == 0:
            return None
        return rounded(100 * Fraction(part) / whole, RATE_DECIMALS)

    def bounds_from(self, row: Indicator, bounds: Mapping[str, Bounds]) -> Bounds | None:
        part, whole = bounds.get(row.part or ""), bounds.get(row.whole or "")
        if part is None or whole is None or part.high is None or whole.high is None:
            return None
        if whole.low <= 0:  # over nothing there is no rate
            return None
        low = 100 * Fraction(part.low) / whole.high
        high = 100 * Fraction(part.high) / whole.low
        return Bounds(low, high if row.may_exceed else min(high, Fraction(100)))

    def rests_on(self, row: Indicator) -> tuple[str, ...]:
        return tuple(key for key in (row.part, row.whole) if key)

    def formula(self, row: Indicator, cells: Cells) -> str | None:
        part, whole = cells.merged_cell(row.part or ""), cells.merged_cell(row.whole or "")
        rate = f"ROUND(100*{part}/{whole},{RATE_DECIMALS})"
        return f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}>0,{rate},""),"")'

    def calculated(self, column: Column, from_units: Figure | None, merged: Figure | None) -> Figure | None:  # noqa: ARG002
        """Over the cells of the form, which are right whatever they hold."""
        return merged
