"""One submission against all checks of its form, with its own earlier submissions beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from cchc_excel.checking.echoes import without_echoes
from cchc_excel.checking.facts import finding_of
from cchc_excel.checking.over_time import copied, earlier_of, in_scope, nothing_earlier
from cchc_excel.checking.untouched import untouched
from cchc_excel.finding import Finding
from cchc_excel.form import Check, Form, Missing, Scope, Severity
from cchc_excel.form.language import Record, Truth, compile_condition
from cchc_excel.submission import Submission

MOST_KNOWN = 2_048  # verdicts remembered of each group of checks
_UNREAD = object()


class NotApplied(NamedTuple):
    """A check that could not be applied, and the blank or unread entries that stopped it."""

    check: Check
    because_of: tuple[str, ...]


class Checked(NamedTuple):
    """What came of all checks: run and not applied add up to all that were in scope."""

    findings: tuple[Finding, ...]
    run: int
    not_applied: tuple[NotApplied, ...]


class _Ready(NamedTuple):
    check: Check
    verdict: Callable[[Record], Truth]


@lru_cache(maxsize=8)
def _ready(form: Form) -> tuple[tuple[_Ready, ...], tuple[_Ready, ...]]:
    """The checks of a form compiled, those within one submission and those against earlier ones."""
    ready = [
        _Ready(check, compile_condition(check.condition, as_zero=check.missing is not Missing.SKIP_IF_ANY))
        for check in form.checks
    ]
    within = tuple(one for one in ready if one.check.scope is Scope.NONE)
    return within, tuple(one for one in ready if one.check.scope is not Scope.NONE)


class _Group(NamedTuple):
    """The checks over the same entries, with their places among all; `known` are verdicts by what the entries hold."""

    state: Callable[[Mapping[str, Any]], Any]
    checks: tuple[tuple[int, _Ready], ...]
    known: dict[Any, tuple[tuple[int, _Ready, Truth], ...]]


class _Groups(NamedTuple):
    """All groups of a form's checks: how many checks they are, and the entries of all, blank."""

    total: int
    blank: Mapping[str, Any]
    groups: tuple[_Group, ...]


@lru_cache(maxsize=16)
def _groups(form: Form, above: bool) -> _Groups:
    """The checks within one submission by their entries; `above` the form's own level."""
    checks = [one for one in _ready(form)[0] if not (above and one.check.own_level)]
    groups: dict[frozenset[str], list[tuple[int, _Ready]]] = {}
    for place, one in enumerate(checks):
        groups.setdefault(frozenset(one.check.involved), []).append((place, one))
    judged_alike = tuple(_Group(_state_of(keys), tuple(those), {}) for keys, those in groups.items())
    return _Groups(len(checks), dict.fromkeys(key for keys in groups for key in keys), judged_alike)


def _state_of(keys: frozenset[str]) -> Callable[[Mapping[str, Any]], Any]:
    return itemgetter(*sorted(keys)) if keys else lambda _: None


def _not_holding(groups: _Groups, record: Record) -> list[tuple[_Ready, Truth]]:
    """The checks that fail or cannot be applied, in their order.

    What the entries of a check hold decides it, and units hold the same again and again: 0, 100, the 108 procedures of
    one list. So each group is judged once for what it holds.
    """
    held: dict[str, Any] = {**groups.blank, **record.values}
    held |= {key: (held.get(key), decimals) for key, decimals in record.decimals.items()}
    held |= dict.fromkeys(record.unread, _UNREAD)
    found: list[tuple[int, _Ready, Truth]] = []
    for state_of, checks, known in groups.groups:
        state = state_of(held)
        judged = known.get(state)
        if judged is None:
            verdicts = [(place, one, _verdict(one, record)) for place, one in checks]
            judged = tuple(it for it in verdicts if it[2] is not True)
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[state] = judged
        if judged:
            found += judged
    found.sort(key=itemgetter(0))
    return [(one, verdict) for _, one, verdict in found]


def _verdict(one: _Ready, record: Record) -> Truth:
    return None if _all_blank(one.check, record) else one.verdict(record)


@lru_cache(maxsize=8)
def _by_entry(form: Form) -> Mapping[str, tuple[_Ready, ...]]:
    """The checks within one submission that involve an entry, infos left out."""
    found: dict[str, list[_Ready]] = {}
    for one in _ready(form)[0]:
        if one.check.severity is not Severity.INFO:
            for key in one.check.involved:
                found.setdefault(key, []).append(one)
    return {key: tuple(checks) for key, checks in found.items()}


def failing(record: Record, form: Form, about: Iterable[str]) -> dict[tuple[str, str], Severity]:
    """Return (code, target) → severity of the checks within one submission that involve these entries and fail."""
    checks = {id(one): one for key in about for one in _by_entry(form).get(key, ())}
    return {
        (one.check.code, one.check.target): one.check.reported_severity
        for one in checks.values()
        if not _all_blank(one.check, record) and one.verdict(record) is False
    }


def check(submission: Submission, form: Form, previous: Sequence[Submission] = ()) -> Checked:
    """Return what the form's checks find. `previous` may hold any units and periods; only fitting ones are used."""
    groups = _groups(form, submission.level is not None)
    blank_form = untouched(submission, form)
    record = record_of(submission, form)
    findings: list[Finding] = list(blank_form)
    not_applied: list[NotApplied] = []
    not_holding = _not_holding(groups, record)
    run = groups.total - _put_down(not_holding, record, submission, form, findings, not_applied)
    if previous:
        earlier = earlier_of(submission, previous)
        findings += nothing_earlier(submission, earlier)
        findings += copied(submission, form, earlier)
        for former in earlier:
            checks = [one for one in _ready(form)[1] if in_scope(one.check.scope, former, submission, form)]
            with_former = replace(record, previous=former.record())
            judged = [(one, _verdict(one, with_former)) for one in checks]
            not_holding = [it for it in judged if it[1] is not True]
            period = str(former.period)
            run += len(checks)
            run -= _put_down(not_holding, with_former, submission, form, findings, not_applied, period)
    if submission.aggregates:
        from cchc_excel.checking.typed_over import typed_over

        findings += typed_over(submission, form)
    kept = without_echoes(findings, form)
    return Checked(tuple(_explained(finding, submission.notes) for finding in kept), run, tuple(not_applied))


def record_of(submission: Submission, form: Form) -> Record:
    """The figures as rules see them. A row that is not on the sheet is not blank: its absence is said already."""
    record = submission.record()
    missing = [key for key in form.entry_ids if key not in submission.entries]
    return replace(record, unread=frozenset(record.unread).union(missing)) if missing else record


def _put_down(
    not_holding: Iterable[tuple[_Ready, Truth]],
    record: Record,
    submission: Submission,
    form: Form,
    findings: list[Finding],
    not_applied: list[NotApplied],
    period: str | None = None,
) -> int:
    """Put what fails and what cannot be applied on the lists; return how many could not be."""
    stopped = len(not_applied)
    for one, verdict in not_holding:
        if verdict is None:
            blanks = tuple(key for key in one.check.involved if key not in record.values)
            not_applied.append(NotApplied(one.check, blanks))
        else:
            findings.append(finding_of(one.check, record, submission, form, period))
    return len(not_applied) - stopped


def _all_blank(check: Check, record: Record) -> bool:
    if check.missing is not Missing.SKIP_IF_ALL:
        return False
    return not any(key in record.values for key in check.involved)


def _explained(finding: Finding, notes: Mapping[str, str]) -> Finding:
    """A warning beside which the clerk wrote a reason is shown with it, and no longer counted."""
    if finding.severity is not Severity.WARNING or not finding.indicators:
        return finding
    note: Any = notes.get(finding.indicators[0])
    return replace(finding, explained=note) if note else finding
