"""Family P: a unit's submission against its own earlier ones.

In:     a submission, and earlier ones of any units and periods.
Out:    those that it may be compared with, and what is found by comparing.
Never:  compares what stands on two sides of a reform or of a merger, or what may be another unit's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePath
from statistics import median
from typing import NamedTuple

from cchc_excel.finding import Fact, Finding, Formula
from cchc_excel.form import Form, Scope
from cchc_excel.form.nature import Units
from cchc_excel.form.period import Period, heaviest
from cchc_excel.form.relations import flows
from cchc_excel.submission import Submission
from cchc_excel.vietnamese.unit_names import NameKey, level_gap, name_keys

LEAST_ROWS = 6  # of which a median tells how a unit has grown
SIZE_COUNTS, MOST_EFFECT = 0.25, 6.0  # the ratio times this power of the figure: 3.8 times of 20, twice of 1,000
LEAST_RATIO = 2.5  # a ward's thousands vary from year to year by as much as a commune's hundreds
LEAST_CHANGE = 20  # as for P05: less is worth no word


class Comparable(NamedTuple):
    """The earlier submissions of a unit that may be compared, the latest last; and what is told of them."""

    earlier: tuple[Submission, ...]
    told: tuple[Finding, ...]


def comparable(submission: Submission, previous: Sequence[Submission], form: Form) -> Comparable:
    """Sort out the earlier submissions: those of the unit, however spelt, on the same side of a reform."""
    mine = [former for former in previous if _is_of_the_unit(former, submission, previous)]
    undated = [former for former in mine if former.period is None]
    earlier = [former for former in mine if former.period is not None and _is_earlier(former, submission)]
    before = [former for former in earlier if _is_before(former, submission, form)]
    used = sorted((former for former in earlier if former not in before), key=_end)
    told = [
        *(_told("P09", form, file=PurePath(former.source).name) for former in undated),
        *_of_before(before, form),
        *(_told("P10", form, written=it.unit, unit=submission.unit) for it in _spelt_otherwise(used, submission)),
    ]
    if not mine:
        told.append(_told("P07", form, unit=submission.unit))
    return Comparable(tuple(used), tuple(told))


def _told(code: str, form: Form, **facts: Fact) -> Finding:
    return Finding(code, form.severity_of(code), facts=facts)


def _of_before(before: Sequence[Submission], form: Form) -> Iterator[Finding]:
    """P11: earlier submissions of before the day from which the form holds; all of them told at once."""
    periods = dict.fromkeys(former.period for former in sorted(before, key=_end) if former.period is not None)
    if periods and form.holds_from is not None:
        start = f"{form.holds_from:%d/%m/%Y}"
        yield _told("P11", form, periods=tuple(map(str, periods)), start=start)


def _is_before(former: Submission, submission: Submission, form: Form) -> bool:
    """Whether the form that holds for the one did not hold yet for the other."""
    if former.period is None or submission.period is None:
        return False
    return form.holds_for(submission.period) and not form.holds_for(former.period)


# --- whose they are


def _is_of_the_unit(former: Submission, submission: Submission, previous: Sequence[Submission]) -> bool:
    """Whether an earlier submission is surely of the same unit: the same name, or the only one that it can be."""
    if not former.unit or not submission.unit:
        return False
    if former.unit.casefold() == submission.unit.casefold():
        return not _lie_apart(_key(former), _key(submission))
    mine, other = _key(submission), _key(former)
    if not _may_be_one(mine, other):
        return False
    rivals = {it for it in map(_key, previous) if _may_be_one(mine, it)}
    return all(_may_be_one(one, it) for one in rivals for it in rivals)


def _key(submission: Submission) -> NameKey | None:
    """The unit's name taken apart, with the place over it that its letterhead tells."""
    keys = name_keys(submission.unit or "")
    if not keys:
        return None
    above = name_keys(submission.above) if submission.above and not keys[0].above else ()
    return keys[0]._replace(plain="", above=f"{above[0].level} {above[0].core}".strip() if above else keys[0].above)


def _may_be_one(one: NameKey | None, other: NameKey | None) -> bool:
    return one is not None and other is not None and one.core == other.core and level_gap(one, other) == 0


def _lie_apart(one: NameKey | None, other: NameKey | None) -> bool:
    """Whether two units of one name lie in two places."""
    return one is not None and other is not None and one.core == other.core and level_gap(one, other) is None


def _spelt_otherwise(earlier: Iterable[Submission], submission: Submission) -> Iterator[Submission]:
    """The first of each other spelling."""
    seen = {(submission.unit or "").casefold()}
    for former in earlier:
        name = (former.unit or "").casefold()
        if name not in seen:
            seen.add(name)
            yield former


def _is_earlier(former: Submission, submission: Submission) -> bool:
    """Whether a submission ends no later; one of the same period is a version of the same report."""
    if former.period is None or submission.period is None:
        return True
    return former.period != submission.period and _end(former) <= _end(submission)


def _end(submission: Submission) -> tuple[date, int]:
    return submission.period.order if submission.period is not None else (date.min, 0)


# --- which of them a check needs


def in_scope(scope: Scope, earlier: Sequence[Submission], submission: Submission, form: Form) -> list[Submission]:
    """Those of the earlier submissions that stand to the new one as a check of that scope needs, the latest last."""
    now = submission.period
    if now is None:
        return []
    found = [it for it in earlier if it.period is not None and _stands_so(scope, it.period, now, form)]
    if scope is Scope.JUST_BEFORE:
        equal = [it for it in found if it.period is not None and it.period.length == now.length]
        return (equal or found)[-1:]
    return found


def _stands_so(scope: Scope, before: Period, now: Period, form: Form) -> bool:
    match scope:
        case Scope.SAME_YEAR:
            return before.year == now.year and before.last_month <= now.last_month
        case Scope.NESTED:
            return form.lies_within(before, now)
        case Scope.EQUAL_LENGTH:
            return before.length == now.length
        case Scope.JUST_BEFORE:
            return form.days_of(before).end_before(form.days_of(now))
        case Scope.SAME_START:
            return form.lies_within(before, now) and form.days_of(before).first == form.days_of(now).first
        case Scope.SAME_PERIOD_LAST_YEAR:
            return before.is_year_before(now)
        case _:
            return True


# --- what is found over several of them


def added_up(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """P08: a figure is less than those of several periods together that lie within this one and not in each other."""
    now = submission.period
    if now is None:
        return
    inside = [it for it in _versions(earlier) if it.period is not None and form.lies_within(it.period, now)]
    if len(inside) < 2:
        return
    for row in form.entries:
        entry = submission.entries.get(row.id)
        if not (flows(row) and row.nature.is_added_over_time) or entry is None or not isinstance(entry.value, int):
            continue
        figures = [(it, it.entries[row.id].value) for it in inside if row.id in it.entries]
        numbers = [(it, value) for it, value in figures if isinstance(value, int) and value > 0]
        days = [(form.days_of(it.period), value) for it, value in numbers if it.period is not None]
        chosen = [numbers[at] for at in heaviest(days)]
        if len(chosen) < 2 or sum(value for _, value in chosen) <= entry.value:
            continue
        facts: dict[str, Fact] = {
            "written": entry.value,
            "parts": _sum([value for _, value in chosen]),
            "periods": tuple(str(it.period) for it, _ in chosen),
        }
        yield Finding("P08", form.severity_of("P08"), (row.id,), (entry.cell,), entry.value, None, facts)


def unlike_last_year(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """P12: a figure that grew or fell quite otherwise than the unit's others since the same period a year before.

    Each ratio is held against the median ratio of the unit, and may lie the further away the smaller the figures are
    (Hidiroglou and Berthelot, 1986). P13 says that the test could not be applied: no report of that period is there.
    """
    now = submission.period
    if now is None or all(it.period is None or it.period.year >= now.year for it in earlier):
        return
    same = in_scope(Scope.SAME_PERIOD_LAST_YEAR, earlier, submission, form)
    if not same:
        yield _told("P13", form, year=now.year - 1)
        return
    pairs = list(_pairs(submission, same[-1], form))
    growth = median(value / before for _, value, before in pairs) if len(pairs) >= LEAST_ROWS else 1.0
    for row, value, before in pairs:
        usual = before * growth
        larger, smaller = max(value, usual), min(value, usual)
        ratio = larger / smaller
        is_far = ratio > LEAST_RATIO and (ratio - 1) * larger**SIZE_COUNTS > MOST_EFFECT
        is_far = is_far and larger - smaller > LEAST_CHANGE
        if is_far and abs(value - before) > LEAST_CHANGE:
            facts: dict[str, Fact] = {"written": value, "before": before, "period": str(same[-1].period)}
            yield Finding("P12", form.severity_of("P12"), (row,), (submission.entries[row].cell,), value, before, facts)


def _pairs(submission: Submission, former: Submission, form: Form) -> Iterator[tuple[str, int, int]]:
    """What happened in both periods: row, figure, figure before.

    A total is judged by its parts, the part of a percentage by that, and what a unit uses of a list by the list. What
    comes in bursts goes with nothing else.
    """
    parts = {row.part for row in form.entries}
    for row in form.entries:
        if row.total_of or row.id in parts or row.nature.units is Units.USED or row.comes_in_bursts:
            continue
        if flows(row) and row.id in submission.entries and row.id in former.entries:
            value, before = submission.entries[row.id].value, former.entries[row.id].value
            if isinstance(value, int) and isinstance(before, int) and value > 0 and before > 0:
                yield row.id, value, before


def _versions(earlier: Sequence[Submission]) -> list[Submission]:
    """One of each period: of several the last."""
    return list({it.period: it for it in earlier}.values())


def _sum(numbers: Sequence[int]) -> Formula:
    pieces: list[int | str] = [numbers[0]]
    for number in numbers[1:]:
        pieces += [" + ", number]
    return Formula((*pieces, " = ", sum(numbers)))
