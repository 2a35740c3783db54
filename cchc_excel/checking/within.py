"""One submission against all checks of its form, with its own earlier submissions beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_excel.checking.copied_reports import copied, nearly_copied
from cchc_excel.checking.echoes import without_echoes
from cchc_excel.checking.facts import finding_of
from cchc_excel.checking.notes import explained
from cchc_excel.checking.over_time import added_up, comparable, in_scope, unlike_last_year
from cchc_excel.checking.report_date import a_year_off
from cchc_excel.checking.untouched import untouched
from cchc_excel.finding import Finding
from cchc_excel.form import Check, CompiledCheck, Form, Scope, Severity
from cchc_excel.form.language import Record, Truth
from cchc_excel.submission import Submission


class NotApplied(NamedTuple):
    """A check that could not be applied, and the blank or unread entries that stopped it."""

    check: Check
    because_of: tuple[str, ...]


class Checked(NamedTuple):
    """What came of all checks: run and not applied add up to all that were in scope."""

    findings: tuple[Finding, ...]
    run: int
    not_applied: tuple[NotApplied, ...]


def _not_holding(checks: Iterable[CompiledCheck], record: Record) -> list[tuple[CompiledCheck, Truth]]:
    """The checks that fail or cannot be applied, in their order."""
    return [(one, verdict) for one in checks if (verdict := one.verdict(record)) is not True]


def failing(record: Record, form: Form, about: Iterable[str]) -> dict[tuple[str, str], Severity]:
    """Return (code, target) → severity of the checks within one submission that involve these entries and fail."""
    places = dict.fromkeys(place for key in about for place in form.checks_about.get(key, ()))
    checks = [form.within[place] for place in places]
    return {
        (one.check.code, one.check.target): one.check.reported_severity
        for one in checks
        if one.verdict(record) is False
    }


def check(submission: Submission, form: Form, previous: Sequence[Submission] = ()) -> Checked:
    """Return what the form's checks find. `previous` may hold any units and periods; only fitting ones are used."""
    within = form.within
    if submission.level is not None:
        within = tuple(one for one in within if not one.check.own_level)
    blank_form = untouched(submission, form)
    record = record_of(submission, form)
    findings: list[Finding] = [*blank_form, *a_year_off(submission, form)]
    not_applied: list[NotApplied] = []
    not_holding = _not_holding(within, record)
    run = len(within) - _put_down(not_holding, record, submission, form, findings, not_applied)
    if previous:
        earlier, told = comparable(submission, previous, form)
        findings += told
        findings += copied(submission, form, earlier)
        findings += nearly_copied(submission, form, earlier)
        findings += added_up(submission, form, earlier)
        findings += unlike_last_year(submission, form, earlier)
        against = _Against(submission, form, earlier, record)
        for one in form.over_time:
            run += against.compare(one, findings, not_applied)
    if submission.aggregates:
        from cchc_excel.checking.typed_over import typed_over

        findings += typed_over(submission, form)
    kept = without_echoes(findings, form)
    return Checked(tuple(explained(finding, submission.notes) for finding in kept), run, tuple(not_applied))


class _Against:
    """A submission and its earlier ones, as the checks of family P see them."""

    def __init__(self, submission: Submission, form: Form, earlier: Sequence[Submission], record: Record) -> None:
        self._submission, self._form = submission, form
        self._in_scope = {scope: in_scope(scope, earlier, submission, form) for scope in Scope}
        just_before, last_year = (
            next((it.record() for it in self._in_scope[scope]), None)
            for scope in (Scope.JUST_BEFORE, Scope.SAME_PERIOD_LAST_YEAR)
        )
        now = replace(record, just_before=just_before, same_period_last_year=last_year)
        self._records = {id(it): replace(now, previous=it.record()) for it in earlier}

    def compare(self, one: CompiledCheck, findings: list[Finding], not_applied: list[NotApplied]) -> int:
        """Hold a check against the earlier submissions in its scope, the latest first; return how often it could be.

        What fails against several of them is told once.
        """
        in_its_scope = self._in_scope[one.check.scope]
        run, is_told = 0, False
        for former in reversed(in_its_scope[-1:] if one.check.last else in_its_scope):
            record = self._records[id(former)]
            verdict = one.verdict(record)
            if verdict is None:
                blanks = tuple(key for key in one.check.involved if key not in record.values)
                not_applied.append(NotApplied(one.check, blanks))
                continue
            run += 1
            if verdict is False and not is_told:
                is_told = True
                findings.append(finding_of(one.check, record, self._submission, self._form, str(former.period)))
        return run


def record_of(submission: Submission, form: Form) -> Record:
    """The figures as rules see them. A row that is not on the sheet is not blank: its absence is said already."""
    record = submission.record()
    missing = [key for key in form.entry_ids if key not in submission.entries]
    return replace(record, unread=frozenset(record.unread).union(missing)) if missing else record


def _put_down(
    not_holding: Iterable[tuple[CompiledCheck, Truth]],
    record: Record,
    submission: Submission,
    form: Form,
    findings: list[Finding],
    not_applied: list[NotApplied],
) -> int:
    """Put what fails and what cannot be applied on the lists; return how many could not be."""
    stopped = len(not_applied)
    for one, verdict in not_holding:
        if verdict is None:
            blanks = tuple(key for key in one.check.involved if key not in record.values)
            not_applied.append(NotApplied(one.check, blanks))
        else:
            findings.append(finding_of(one.check, record, submission, form))
    return len(not_applied) - stopped
