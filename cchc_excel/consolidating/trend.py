"""The merged figures of earlier periods, beside which the new ones are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from cchc_excel.consolidating.counting import counting_of
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.merging import Merged, merge
from cchc_excel.consolidating.outcome import Earlier
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import fold


def not_comparable(earlier: Sequence[Filed], merged: Merged) -> tuple[Period, ...]:
    """The earlier periods of before the day from which the form holds: other units reported then, on another form."""
    form = merged.form
    if merged.period is None or not form.holds_for(merged.period):
        return ()
    periods = {it.period for it in earlier if it.readable and it.period is not None and not form.holds_for(it.period)}
    return tuple(sorted(periods, key=lambda period: period.order))


def trend_of(earlier: Sequence[Filed], merged: Merged, roster: Roster | None) -> tuple[Earlier, ...]:
    """The merged figures of each earlier period of the same length, the first period first.

    Of a quarter and a year neither the figures nor the rates made of them compare.

    Of two workbooks of a unit one counts, then as now; without a roster every unit does.
    """
    apart = not_comparable(earlier, merged)
    by_period: dict[Period, list[Filed]] = defaultdict(list)
    for workbook in earlier:
        if workbook.readable and workbook.period is not None and workbook.period not in {merged.period, *apart}:
            by_period[workbook.period].append(workbook)
    in_order = sorted(filter(partial(_is_as_long, merged.period), by_period), key=lambda period: period.order)
    return tuple(_earlier(by_period[period], period, merged, roster) for period in in_order)


def _is_as_long(now: Period | None, period: Period) -> bool:
    """Whether a period is a quarter as this one is, a half year as this one is, and so on."""
    return now is None or _kind(now) == _kind(period)


def _kind(period: Period) -> str:
    return "H" if period.part in {"H1", "H2"} else period.part.rstrip("0123456789") or "month"


def _earlier(workbooks: Sequence[Filed], period: Period, merged: Merged, roster: Roster | None) -> Earlier:
    """The figures of one period: of a consolidated workbook as it stands, else merged from those of its units."""
    form = merged.form
    consolidated = [workbook for workbook in workbooks if (workbook.level or form.level) == merged.level]
    if consolidated:
        aggregates = consolidated[-1].aggregates or {}
        units = max((kept.units for kept in aggregates.values()), default=0)
        stated = dict(zip(form.entry_ids, consolidated[-1].reported, strict=True))
        return Earlier(period, stated, units, same_units=units == len(merged.units))
    counting = counting_of(workbooks, roster, period, form)
    figures = merge(counting.workbooks, form, level=merged.level).figures
    return Earlier(
        period=period,
        figures=figures,
        units=len(counting.workbooks),
        same_units=_names(counting.workbooks) == _names(merged.units),
        workbooks=tuple(counting.workbooks),
        names=counting.names,
    )


def _names(workbooks: Sequence[Filed]) -> set[str]:
    return {fold(workbook.unit or workbook.path) for workbook in workbooks}
