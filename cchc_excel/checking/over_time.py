"""Family P: a unit's submission against its own earlier ones.

In:     a submission, and earlier ones of any units and periods.
Out:    those that it may be compared with, and what is found by comparing.
Never:  compares what stands on two sides of a reform or of a merger, or what may be another unit's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.checking.facts import joined
from cchc_excel.checking.one_cause import Cause, is_told_once
from cchc_excel.finding import Fact, Finding, Formula
from cchc_excel.form import Form, Indicator, Scope, Severity
from cchc_excel.form.period import Period, heaviest
from cchc_excel.form.relations import flows
from cchc_excel.submission import Entry, Submission
from cchc_excel.vietnamese.unit_names import NameKey, level_gap, name_keys


class Comparable(NamedTuple):
    """The earlier submissions of a unit that may be compared, the latest last; and what is told of them."""

    earlier: tuple[Submission, ...]
    told: tuple[Finding, ...]


def comparable(submission: Submission, previous: Sequence[Submission], form: Form) -> Comparable:
    """Return the earlier submissions of the same unit, however spelt, on the same side of a reform.

    `previous` may hold any units and periods. What is left out for its period, and what is spelt otherwise, is told.
    """
    mine = [former for former in previous if _is_of_the_unit(former, submission, previous)]
    undated = [former for former in mine if former.period is None]
    earlier = [former for former in mine if former.period is not None and _is_earlier(former, submission)]
    before = [former for former in earlier if _is_before(former, submission, form)]
    used = sorted((former for former in earlier if former not in before), key=_end)
    told = [
        *(_told("P09", form, file=PurePath(former.source).name) for former in undated),
        *_of_before(before, form),
        *(
            _told("P10", form, written=former.unit, unit=submission.unit)
            for former in _spelt_otherwise(used, submission)
        ),
    ]
    if not mine:
        told.append(_told("P07", form, unit=submission.unit))
    return Comparable(tuple(used), tuple(told))


def _told(code: str, form: Form, **facts: Fact) -> Finding:
    """A finding about an earlier submission as a whole, or about there being none."""
    return Finding(code, form.severity_of(code), facts=facts)


def _of_before(before: Sequence[Submission], form: Form) -> Iterator[Finding]:
    """P11: earlier submissions of before the day from which the form holds; all of them told at once."""
    periods = dict.fromkeys(former.period for former in sorted(before, key=_end) if former.period is not None)
    if periods and form.holds_from is not None:
        start = f"{form.holds_from:%d/%m/%Y}"
        yield _told("P11", form, periods=tuple(map(str, periods)), start=start)


def _is_before(former: Submission, submission: Submission, form: Form) -> bool:
    """Whether the form that is in force for a submission was not yet in force for an earlier one."""
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
    candidates = {key for key in map(_key, previous) if _may_be_one(mine, key)}
    return all(_may_be_one(first, second) for first, second in combinations(candidates, 2))


def _key(submission: Submission) -> NameKey | None:
    """The unit's name taken apart, with the place over it that its letterhead tells."""
    keys = name_keys(submission.unit or "")
    if not keys:
        return None
    key = keys[0]._replace(plain="")  # how it is spelt tells nothing apart
    over = name_keys(submission.above) if submission.above and not key.above else ()
    return key._replace(above=f"{over[0].level} {over[0].core}".strip()) if over else key


def _may_be_one(first: NameKey | None, second: NameKey | None) -> bool:
    """Whether two names may be those of one unit."""
    return first is not None and second is not None and first.core == second.core and level_gap(first, second) == 0


def _lie_apart(first: NameKey | None, second: NameKey | None) -> bool:
    """Whether two units of one name lie in two places."""
    return first is not None and second is not None and first.core == second.core and level_gap(first, second) is None


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
    """Return the earlier submissions that a check of that scope holds the new one against, in the order given.

    `earlier` are of the same unit, the latest last. Nothing is in scope where the new one has no period.
    """
    now = submission.period
    if now is None:
        return []
    found = [
        former for former in earlier if former.period is not None and _is_in_scope(scope, former.period, now, form)
    ]
    if scope is Scope.JUST_BEFORE:
        as_long = [former for former in found if former.period is not None and former.period.length == now.length]
        return (as_long or found)[-1:]
    return found


def _is_in_scope(scope: Scope, before: Period, now: Period, form: Form) -> bool:
    """Whether an earlier period stands to the new one as a scope says."""
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


class _Part(NamedTuple):
    """A figure of an earlier period that lies within the new one; `is_open` of what it counts was not settled then."""

    period: Period
    figure: int
    is_open: int = 0


def added_up(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """Yield P08 for each figure less than those of several periods together that lie within the new one.

    No day is in two of these periods. Of several submissions of one period the last in `earlier` counts. What is not
    settled at the end of one may be counted again in the next.
    """
    now = submission.period
    if now is None:
        return
    inside = {
        former.period: former
        for former in earlier
        if former.period is not None and form.lies_within(former.period, now)
    }
    if len(inside) < 2:
        return
    for row in form.entries:
        entry = submission.entries.get(row.id)
        if entry is None or not isinstance(entry.value, int):
            continue
        if not flows(row) or not row.nature.is_added_over_time:
            continue
        parts = _heaviest_parts(row, inside, form)
        if len(parts) >= 2 and sum(part.figure for part in parts) - _counted_again(parts) > entry.value:
            yield _less_than_its_parts(row, entry, parts, form)


def _heaviest_parts(row: Indicator, inside: Mapping[Period, Submission], form: Form) -> list[_Part]:
    """The figures of a row in those periods that have no day in common and come to most together, by their ends."""
    parts = []
    for period, former in inside.items():
        value = whole_number(former, row.id)
        if value is not None and value > 0:
            parts.append(_Part(period, value, _still_open(row, value, former)))
    weighed = [(form.days_of(part.period), part.figure) for part in parts]
    return [parts[place] for place in heaviest(weighed)]


def _still_open(row: Indicator, figure: int, former: Submission) -> int:
    """How many of what a row counts were not settled at the end of a period, as far as its report tells."""
    if not row.settled_by:
        return 0
    return max(0, figure - sum(whole_number(former, key) or 0 for key in row.settled_by))


def whole_number(submission: Submission, key: str) -> int | None:
    """Return the whole number of an entry; None if it has none."""
    value = submission.entries[key].value if key in submission.entries else None
    return value if isinstance(value, int) else None


def _counted_again(parts: Sequence[_Part]) -> int:
    """How many may be counted in a later one of the parts as well."""
    return sum(part.is_open for part in parts[:-1])


def _less_than_its_parts(row: Indicator, entry: Entry, parts: Sequence[_Part], form: Form) -> Finding:
    """P08; only a warning where what is open may be counted again, for nobody can tell how often it was."""
    figures = [part.figure for part in parts]
    again = _counted_again(parts)
    without_these = (" − ", again) if again else ()
    facts: dict[str, Fact] = {
        "written": entry.value,
        "parts": Formula((*joined(figures, " + "), *without_these, " = ", sum(figures) - again)),
        "periods": tuple(str(part.period) for part in parts),
    }
    severity = form.severity_of("P08")
    if row.settled_by and severity is Severity.ERROR:
        severity = Severity.WARNING
    return Finding("P08", severity, (row.id,), (entry.cell,), entry.value, None, facts)


# --- what has one cause


def cause_over_time(finding: Finding, form: Form) -> Cause | None:
    """Return what a finding about a figure that is many times an earlier one is a case of; None for any other."""
    written, before = finding.facts.get("written"), finding.facts.get("before")
    if finding.explained or not is_told_once(finding) or not isinstance(written, int) or not isinstance(before, int):
        return None
    return Cause((finding.code, form[finding.indicators[0]].unit), max(written, 0), max(before, 0))
