"""The merged figures of earlier periods, beside which the new ones are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cchc_excel.consolidating.counting import counting_of
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.merging import Merged, merge
from cchc_excel.consolidating.outcome import Earlier
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.submission import Period


def not_comparable(earlier: Sequence[Filed], merged: Merged) -> tuple[Period, ...]:
    """The earlier periods of before the day from which the form holds: other units reported then, on another form."""
    form = merged.form
    if merged.period is None or not form.holds_for(merged.period):
        return ()
    periods = {it.period for it in earlier if it.readable and it.period is not None and not form.holds_for(it.period)}
    return tuple(sorted(periods, key=lambda period: period.order))


def trend_of(earlier: Sequence[Filed], merged: Merged, roster: Roster | None) -> tuple[Earlier, ...]:
    """The merged figures of each earlier period, the first period first.

    Of two workbooks of a unit one counts, then as now; without a roster every unit does.
    """
    apart = not_comparable(earlier, merged)
    by_period: dict[Period, list[Filed]] = defaultdict(list)
    for workbook in earlier:
        if workbook.readable and workbook.period is not None and workbook.period not in {merged.period, *apart}:
            by_period[workbook.period].append(workbook)
    in_order = sorted(by_period, key=lambda period: period.order)
    return tuple(_of_period(by_period[period], period, merged, roster) for period in in_order)


def _of_period(workbooks: Sequence[Filed], period: Period, merged: Merged, roster: Roster | None) -> Earlier:
    """The figures of one period: of a consolidated workbook as it stands, else merged from those of its units."""
    form = merged.form
    consolidated = [workbook for workbook in workbooks if (workbook.level or form.level) == merged.level]
    if consolidated:
        return Earlier(period, dict(zip(form.entry_ids, consolidated[-1].reported, strict=True)))
    counting = counting_of(workbooks, roster, period, form)
    figures = merge(counting.workbooks, form, level=merged.level).figures
    return Earlier(period, figures, tuple(counting.workbooks), counting.names)
