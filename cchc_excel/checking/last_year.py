"""P12: a figure that grew or fell since the same period of the year before as none of the unit's others did.

What is counted varies by chance, the more the smaller it is, and either of two figures may be the odd one. So a figure
is told only where it is far from the one of last year, far from what that would be if it had grown as the unit's
figures usually did, and far from all else that the unit reported in a period of this length. Nor is it told where
another count of the same thing went the same way: a digit too many stands alone.

In:     a submission, and earlier ones of its unit.
Out:    findings; P13 where there is no report of that period a year before.
Never:  judges what something else judges better: a total, a part of a percentage, what comes in bursts.
Source: Hidiroglou and Berthelot, 1986.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import log
from statistics import median
from typing import NamedTuple

from cchc_excel.checking.over_time import in_scope, whole_number
from cchc_excel.checking.tied import flows_of_their_own, leaders
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator, Scope
from cchc_excel.form.relations import MORE_BY_CHANCE
from cchc_excel.submission import Submission

LEAST_ROWS = 6  # of which a median tells how a unit has grown
LEAST_RATIO = 2.5  # a ward's thousands vary from year to year by as much as a commune's hundreds
LEAST_CHANGE = 20  # so few tell nothing of another row
AS_FAR = 0.5  # of the way of a figure, in logarithms: another count of the same thing that went so far went along


class _Pair(NamedTuple):
    """What happened in the same period of two years: the row, its figure and the one of the year before."""

    row: Indicator
    figure: int
    before: int


def unlike_last_year(
    submission: Submission, form: Form, earlier: Sequence[Submission], by_their_parts: Collection[str]
) -> Iterator[Finding]:
    """Yield P12 for each figure that moved quite otherwise than the unit's others since the year before.

    The rows `by_their_parts` are judged by the shorter periods within this one (`the_rest.py`).
    P13 says that the test could not be applied: there are reports of earlier years, and none of that period a year
    before.
    """
    now = submission.period
    if now is None:
        return
    has_earlier_years = any(former.period is not None and former.period.year < now.year for former in earlier)
    if not has_earlier_years:
        return
    of_last_year = in_scope(Scope.SAME_PERIOD_LAST_YEAR, earlier, submission, form)
    if not of_last_year:
        yield Finding("P13", form.severity_of("P13"), facts={"year": now.year - 1})
        return
    former = of_last_year[-1]
    pairs = list(_pairs(submission, former, form))
    has_enough = len(pairs) >= LEAST_ROWS
    growth = median(pair.figure / pair.before for pair in pairs) if has_enough else 1.0
    far = [
        pair
        for pair in pairs
        if pair.row.id not in by_their_parts
        and _is_far(pair.figure, pair.before)
        and _is_far(pair.figure, pair.before * growth)
    ]
    if not far:
        return
    as_long = in_scope(Scope.EQUAL_LENGTH, earlier, submission, form)
    for pair in far:
        if _was_usual(pair, as_long) or _went_along(pair, pairs, form):
            continue
        facts: dict[str, Fact] = {"written": pair.figure, "before": pair.before, "period": str(former.period)}
        key = pair.row.id
        cell = submission.entries[key].cell
        yield Finding("P12", form.severity_of("P12"), (key,), (cell,), pair.figure, pair.before, facts)


def _is_far(figure: int, usual: float) -> bool:
    """Whether a figure is so many times another that chance hardly explains it."""
    larger, smaller = max(figure, usual), min(figure, usual)
    return larger > LEAST_RATIO * smaller + MORE_BY_CHANCE


def _was_usual(pair: _Pair, as_long: Sequence[Submission]) -> bool:
    """Whether the unit reported much the same in another period as long."""
    figures = (whole_number(former, pair.row.id) for former in as_long)
    return any(figure is not None and figure > 0 and not _is_far(pair.figure, figure) for figure in figures)


def _went_along(pair: _Pair, pairs: Sequence[_Pair], form: Form) -> bool:
    """Whether another count of the same thing, tied to this one by no equation, went the same way."""
    leader_of, way = leaders(form), log(pair.figure / pair.before)
    for other in pairs:
        is_of_its_own = leader_of[other.row.id] != leader_of[pair.row.id]
        if other.row.unit != pair.row.unit or not is_of_its_own or min(other.figure, other.before) < LEAST_CHANGE:
            continue
        if log(other.figure / other.before) / way >= AS_FAR:
            return True
    return False


def _pairs(submission: Submission, former: Submission, form: Form) -> Iterator[_Pair]:
    """What happened in both periods, of the rows that nothing else judges better; bursts go with nothing else."""
    for row in flows_of_their_own(form):
        figure, before = whole_number(submission, row.id), whole_number(former, row.id)
        if not row.comes_in_bursts and figure is not None and before is not None and figure > 0 and before > 0:
            yield _Pair(row, figure, before)
