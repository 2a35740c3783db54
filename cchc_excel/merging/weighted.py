"""`weighted`: a share without components is weighed by its base, exactly, if every unit that gave it gave the base."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from cchc_excel.form import Indicator
from cchc_excel.form.language import as_number
from cchc_excel.merging.aggregate import Aggregate, Column
from cchc_excel.merging.way import Cells, Way
from cchc_excel.submission import Figure


class Weighted(Way):
    """The mean of the shares, weighed by their bases."""

    is_underivable = True

    def aggregate(self, row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
        shares, bases = columns.get(row.id, ()), columns.get(row.weight or "", ())
        pairs = zip(shares, bases, strict=True)
        given = [(share, base) for share, base in pairs if share is not None and not isinstance(share, str)]
        weighed = [(share, base) for share, base in given if base is not None and not isinstance(base, str)]
        return Aggregate(
            units=len(given),
            total=as_number(sum(share * base for share, base in weighed)),
            base=as_number(sum(base for _, base in weighed)),
            lacking=len(given) - len(weighed),
        )

    def figure(self, aggregate: Aggregate) -> Figure | None:
        if not aggregate.base or aggregate.lacking:
            return None
        return as_number(Fraction(aggregate.total) / aggregate.base)

    def rests_on(self, row: Indicator) -> tuple[str, ...]:
        return tuple(key for key in (row.id, row.weight) if key)

    def formula(self, row: Indicator, cells: Cells) -> str | None:
        shares, bases = cells.of_units(row.id), cells.of_units(row.weight or "")
        weights = f'SUMPRODUCT(({shares}<>"")*1,{bases})'
        lacking = f'SUMPRODUCT(({shares}<>"")*({bases}=""))'
        return f'=IF({lacking}>0,"",IF({weights}>0,SUMPRODUCT({shares},{bases})/{weights},""))'
