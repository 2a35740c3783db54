"""One submission against all checks of its form, with its own earlier submissions beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_excel.checking.copied_reports import copied, nearly_copied
from cchc_excel.checking.echoes import without_echoes
from cchc_excel.checking.facts import finding_of
from cchc_excel.checking.last_year import unlike_last_year
from cchc_excel.checking.notes import explained
from cchc_excel.checking.one_cause import of_each_cause, told_for_all
from cchc_excel.checking.over_time import added_up, cause_over_time, comparable, in_scope
from cchc_excel.checking.report_date import a_year_off
from cchc_excel.checking.the_rest import much_more, rests
from cchc_excel.checking.untouched import untouched
from cchc_excel.finding import Finding
from cchc_excel.form import Check, CompiledCheck, Form, Scope, Severity
from cchc_excel.form.language import Record, Truth
from cchc_excel.submission import Submission


class NotApplied(NamedTuple):
    """A check that could not be applied, and the blank or unread entries that stopped it, by id."""

    check: Check
    because_of: tuple[str, ...]


class Checked(NamedTuple):
    """What came of all checks: run and not applied add up to all that were in scope."""

    findings: tuple[Finding, ...]
    run: int
    not_applied: tuple[NotApplied, ...]


def check(submission: Submission, form: Form, previous: Sequence[Submission] = ()) -> Checked:
    """Return what the form's checks find. `previous` may hold any units and periods; only fitting ones are used."""
    record = record_of(submission, form)
    outcome = _Outcome()
    outcome.findings += untouched(submission, form)
    outcome.findings += a_year_off(submission, form)
    _check_within(submission, form, record, outcome)
    if previous:
        _check_over_time(submission, form, record, previous, outcome)
    if submission.aggregates:
        from cchc_excel.checking.typed_over import typed_over

        outcome.findings += typed_over(submission, form)
    kept = without_echoes(outcome.findings, form)
    noted = (explained(finding, submission.notes, form) for finding in kept)
    findings = tuple(map(told_for_all, of_each_cause(noted, lambda finding: cause_over_time(finding, form))))
    return Checked(findings, outcome.run, tuple(outcome.not_applied))


def failing(record: Record, form: Form, about: Iterable[str]) -> dict[tuple[str, str], Severity]:
    """Return (code, target) → severity of the checks within one submission that involve these entries and fail."""
    places = dict.fromkeys(place for key in about for place in form.checks_about.get(key, ()))
    failed = [form.within[place].check for place in places if form.within[place].verdict(record) is False]
    return {(check.code, check.target): check.reported_severity for check in failed}


def record_of(submission: Submission, form: Form) -> Record:
    """Return the figures as rules see them.

    A row that is not on the sheet counts as unread, not as blank: its absence is said already.
    """
    record = submission.record()
    missing = [key for key in form.entry_ids if key not in submission.entries]
    return replace(record, unread=frozenset(record.unread).union(missing)) if missing else record


class _Outcome:
    """What came of the checks so far; it belongs to one call of `check`, and grows there."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.run = 0
        self.not_applied: list[NotApplied] = []

    def could_not_be_applied(self, check: Check, record: Record) -> None:
        """Note a check that blank or unread entries stopped."""
        blanks = tuple(key for key in check.involved if key not in record.values)
        self.not_applied.append(NotApplied(check, blanks))


def _check_within(submission: Submission, form: Form, record: Record, outcome: _Outcome) -> None:
    """Apply the checks within one submission; an upper level is not held to those of the form's own level."""
    checks = form.within
    if submission.level is not None:
        checks = tuple(compiled for compiled in checks if not compiled.check.own_level)
    not_holding = _not_holding(checks, record)
    stopped = [check for check, verdict in not_holding if verdict is None]
    failed = [check for check, verdict in not_holding if verdict is False]
    outcome.run += len(checks) - len(stopped)
    for check in stopped:
        outcome.could_not_be_applied(check, record)
    for check in failed:
        outcome.findings.append(finding_of(check, record, submission, form))


def _not_holding(checks: Iterable[CompiledCheck], record: Record) -> list[tuple[Check, Truth]]:
    """The checks that fail or cannot be applied, in their order, with their verdict; nearly all hold."""
    return [(compiled.check, verdict) for compiled in checks if (verdict := compiled.verdict(record)) is not True]


def _check_over_time(
    submission: Submission, form: Form, record: Record, previous: Sequence[Submission], outcome: _Outcome
) -> None:
    """Hold a submission against the earlier ones of its unit."""
    earlier, told = comparable(submission, previous, form)
    outcome.findings += told
    outcome.findings += copied(submission, form, earlier)
    outcome.findings += nearly_copied(submission, form, earlier)
    outcome.findings += added_up(submission, form, earlier)
    taken_apart = rests(submission, form, earlier)
    found = [*much_more(taken_apart, submission, form, earlier)]
    by_their_parts = frozenset(rest.row.id for rest in taken_apart if rest.is_known)
    found += unlike_last_year(submission, form, earlier, by_their_parts)
    against = _Against(submission, form, earlier, record, by_their_parts)
    for compiled in form.over_time:
        found += against.compare(compiled, outcome)
    outcome.findings += found


class _Against:
    """A submission and its earlier ones, as the checks of family P see them."""

    def __init__(
        self,
        submission: Submission,
        form: Form,
        earlier: Sequence[Submission],
        record: Record,
        by_their_parts: Collection[str],
    ) -> None:
        self._submission, self._form, self._by_their_parts = submission, form, by_their_parts
        self._in_scope = {scope: in_scope(scope, earlier, submission, form) for scope in Scope}
        now = replace(
            record,
            just_before=self._first_record(Scope.JUST_BEFORE),
            same_period_last_year=self._first_record(Scope.SAME_PERIOD_LAST_YEAR),
        )
        self._records = {id(former): replace(now, previous=former.record()) for former in earlier}

    def _first_record(self, scope: Scope) -> Record | None:
        return next((former.record() for former in self._in_scope[scope]), None)

    def compare(self, compiled: CompiledCheck, outcome: _Outcome) -> Iterator[Finding]:
        """Hold a check against the earlier submissions in its scope, the latest first.

        What fails against several of them is told once, beside the latest.
        """
        check = compiled.check
        failed: list[Submission] = []
        holds_beside_one = False
        for former in self._asked(check):
            record = self._records[id(former)]
            verdict = compiled.verdict(record)
            if verdict is None:
                outcome.could_not_be_applied(check, record)
                continue
            outcome.run += 1
            if verdict is False:
                failed.append(former)
            else:
                holds_beside_one = True
        is_excused = check.beside_all and (holds_beside_one or check.target in self._by_their_parts)
        if failed and not is_excused:
            record, period = self._records[id(failed[0])], str(failed[0].period)
            yield finding_of(check, record, self._submission, self._form, period)

    def _asked(self, check: Check) -> Iterator[Submission]:
        """The earlier submissions that a check is held against, the latest first."""
        in_its_scope = self._in_scope[check.scope]
        return reversed(in_its_scope[-1:] if check.last else in_its_scope)
