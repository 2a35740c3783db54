"""P16: a figure that leaves much more for the rest of its period than the unit ever had in as many days.

The reports of six months and of quarter III lie within the year, so what the year adds to them happened in the days
that are left. Those days are held against the busiest that the unit has reported: a year that is ten times too large
leaves nearly forty quarters for one. What was reported before was judged then, so a figure of which most is known in
this way is not held against another year's as well.

In:     a submission, and earlier ones of its unit.
Out:    the rows that can be taken apart so, and findings about them.
Never:  says that too little is left: that the parts come to more than the whole is P03 and P08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple

from cchc_excel.checking.over_time import whole_number
from cchc_excel.checking.tied import flows_of_their_own
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator
from cchc_excel.form.nature import Units
from cchc_excel.form.period import Period, heaviest
from cchc_excel.form.relations import BURST, MORE_BY_CHANCE, MOST_TIMES
from cchc_excel.submission import Submission

LEAST_DAYS = 30  # where the parts cover all days, what was put right in them later on is as much as a month's
MORE_BESIDE_ONE = 2 * MORE_BY_CHANCE  # of one figure alone nobody knows whether it was a small one by chance
DAYS_OF_A_BURST = 92  # a quarter's: one survey
LEAST_KNOWN = 0.4  # of its days: six months beside quarter I, a year beside six months; not a year beside quarter I
MOST_STRETCHED = 4  # times as many days: what happened in a month tells nothing of a year


class Rest(NamedTuple):
    """A row taken apart: its figure, the shorter periods within, what they come to, and the days that are left.

    `is_known` tells that they cover so much of the period that only the rest is to be judged.
    """

    row: Indicator
    figure: int
    periods: tuple[Period, ...]
    reported: int
    days: int
    is_known: bool


def rests(submission: Submission, form: Form, earlier: Sequence[Submission]) -> list[Rest]:
    """Return each row that happened in the period and that reports of shorter periods within it tell a part of."""
    now = submission.period
    if now is None:
        return []
    inside = {
        former.period: former
        for former in earlier
        if former.period is not None and form.lies_within(former.period, now)
    }
    if not inside:
        return []
    rows = (row for row in flows_of_their_own(form) if row.nature.units is not Units.COMMON)  # a list comes at once
    return [rest for row in rows if (rest := _taken_apart(row, submission, inside, form)) is not None]


def much_more(
    taken_apart: Sequence[Rest], submission: Submission, form: Form, earlier: Sequence[Submission]
) -> Iterator[Finding]:
    """Yield P16 for each row that leaves more for the other days than the unit ever had in as many."""
    for rest in taken_apart:
        more = rest.figure - rest.reported
        if more <= _most(rest, earlier, form):
            continue
        facts: dict[str, Fact] = {
            "written": rest.figure,
            "before": rest.reported,
            "more": more,
            "periods": tuple(map(str, rest.periods)),
        }
        key = rest.row.id
        cells = (submission.entries[key].cell,)
        yield Finding("P16", form.severity_of("P16"), (key,), cells, rest.figure, rest.reported, facts)


def _taken_apart(
    row: Indicator, submission: Submission, inside: Mapping[Period, Submission], form: Form
) -> Rest | None:
    """The row with those periods that have no day in common and cover most days; None where none has a figure."""
    figure = _figure(submission, row.id)
    figures = {period: value for period, former in inside.items() if (value := _figure(former, row.id)) is not None}
    if figure is None or submission.period is None or not figures:
        return None
    periods = tuple(figures)
    weighed = [(form.days_of(period), form.days_of(period).length) for period in periods]
    chosen = heaviest(weighed)
    days, covered = form.days_of(submission.period).length, sum(weighed[place][1] for place in chosen)
    within = tuple(periods[place] for place in chosen)
    return Rest(
        row,
        figure,
        within,
        reported=sum(figures[period] for period in within),
        days=max(days - covered, LEAST_DAYS),
        is_known=covered >= LEAST_KNOWN * days,
    )


def _most(rest: Rest, earlier: Sequence[Submission], form: Form) -> float:
    """The most that may have happened in the days that are left."""
    in_as_many_days = []
    for former in earlier:
        figure = _figure(former, rest.row.id)
        days = form.days_of(former.period).length if former.period is not None else 0
        if figure is not None and days * MOST_STRETCHED >= rest.days:
            in_as_many_days.append(figure * rest.days / days)
    if not in_as_many_days:
        return inf
    busiest = max(in_as_many_days)
    burst = BURST * max(1.0, rest.days / DAYS_OF_A_BURST)
    if rest.row.comes_in_bursts:
        return max(burst, MOST_TIMES * busiest)
    by_chance = MORE_BY_CHANCE if len(in_as_many_days) > 1 else MORE_BESIDE_ONE
    return MOST_TIMES * busiest + by_chance if busiest > 0 else burst


def _figure(submission: Submission, key: str) -> int | None:
    """A whole number of at least 0; None where there is no such."""
    value = whole_number(submission, key)
    return value if value is not None and value >= 0 else None
