"""The merged figures of earlier periods, beside which the new ones are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cchc_excel.consolidating.counting import counting_of
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.merging import Merged, merge
from cchc_excel.consolidating.outcome import Earlier
from cchc_excel.consolidating.roster.unit import Roster
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import fold


def not_comparable(earlier: Sequence[Filed], merged: Merged) -> tuple[Period, ...]:
    """The earlier periods of before the day from which the form holds: other units reported then, on another form."""
    form = merged.form
    if merged.period is None or not form.holds_for(merged.period):
        return ()
    periods = {workbook.period for workbook in earlier if workbook.readable and workbook.period is not None}
    of_before = [period for period in periods if not form.holds_for(period)]
    return tuple(sorted(of_before, key=lambda period: period.order))


def trend_of(earlier: Sequence[Filed], merged: Merged, roster: Roster | None) -> tuple[Earlier, ...]:
    """The merged figures of each earlier period of the same length, the first period first.

    A quarter and a year do not compare: neither their figures do, nor the rates made of them. Of two workbooks of a
    unit one counts, then as now; without a roster every unit does.
    """
    left_aside = {merged.period, *not_comparable(earlier, merged)}
    by_period: dict[Period, list[Filed]] = defaultdict(list)
    for workbook in earlier:
        if workbook.readable and workbook.period is not None and workbook.period not in left_aside:
            by_period[workbook.period].append(workbook)
    as_long = [period for period in by_period if _is_as_long(period, merged.period)]
    in_order = sorted(as_long, key=lambda period: period.order)
    return tuple(_earlier(by_period[period], period, merged, roster) for period in in_order)


def _is_as_long(period: Period, now: Period | None) -> bool:
    """Whether a period is a quarter as this one is, a half year as this one is, and so on."""
    return now is None or _kind(now) == _kind(period)


def _kind(period: Period) -> str:
    return "H" if period.part in {"H1", "H2"} else period.part.rstrip("0123456789") or "month"


def _earlier(workbooks: Sequence[Filed], period: Period, merged: Merged, roster: Roster | None) -> Earlier:
    """The figures of one period: of a consolidated workbook as it stands, else merged from those of its units."""
    consolidated = [workbook for workbook in workbooks if (workbook.level or merged.form.level) == merged.level]
    if consolidated:
        return _as_consolidated(consolidated[-1], period, merged)
    counting = counting_of(workbooks, roster, period, merged.form)
    counted = tuple(counting.workbooks)
    return Earlier(
        period=period,
        figures=merge(counted, merged.form, level=merged.level).figures,
        workbooks=counted,
        names=counting.names,
        units=len(counted),
        same_units=_names(counted) == _names(merged.units),
    )


def _as_consolidated(workbook: Filed, period: Period, merged: Merged) -> Earlier:
    """The figures as a consolidated workbook states them; that it is of the same units is taken from their number."""
    aggregates = workbook.aggregates or {}
    units = max((aggregate.units for aggregate in aggregates.values()), default=0)
    return Earlier(
        period=period,
        figures=dict(zip(merged.form.entry_ids, workbook.reported, strict=True)),
        units=units,
        same_units=units == len(merged.units),
    )


def _names(workbooks: Sequence[Filed]) -> set[str]:
    return {fold(workbook.unit or workbook.path) for workbook in workbooks}
