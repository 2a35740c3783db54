"""Which proposals are carried out: the safe ones, none, or those an officer accepted; never one that breaks a check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.checking import failing, record_of
from cchc_excel.correcting.candidates import changed
from cchc_excel.finding import Alternative, Because, Certainty, Finding
from cchc_excel.form import Form, Scope, Severity
from cchc_excel.submission import Figure, Submission
from cchc_excel.wording.numbers import exact_decimal


class Policy(StrEnum):
    """What is carried out unasked: what cannot be wrong, nothing, or also the suggestions that fit together."""

    SAFE = "safe"
    NONE = "none"
    SUGGESTED = "suggested"


class Decision(NamedTuple):
    """A proposal that an officer decided on: these entries shall hold these values, all of them, or shall not."""

    changes: tuple[tuple[str, Figure | None], ...]

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(indicator for indicator, _ in self.changes)


def decided(changes: Iterable[tuple[str, Figure | None]]) -> Decision:
    """Return the decision on a proposal: a figure counts as it is written, with so many decimals as that takes."""
    return Decision(tuple((indicator, _as_written(after)) for indicator, after in changes))


def decision_on(way: Alternative) -> Decision:
    """Return the decision that means this way."""
    return decided((change.indicator, change.after) for change in way.changes)


def _as_written(after: Figure | None) -> Figure | None:
    if after is None or isinstance(after, int | str):
        return after
    number = Fraction(exact_decimal(after))
    return int(number) if number.denominator == 1 else number


class Change(NamedTuple):
    """One entry that gets another content; None is a blank. `decision` has all that change together with it."""

    indicator: str
    after: Figure | None
    certainty: Certainty
    because: Because
    code: str
    decision: Decision

    @property
    def is_spelling(self) -> bool:
        """Whether the same value is only written another way."""
        return self.because.reason == "same_meaning"


class _Wanted(NamedTuple):
    """Changes that are asked for together, by a finding; those that weigh more are made before others."""

    weight: int
    changes: tuple[Change, ...]
    finding: Finding


_RANK = {
    certainty: rank
    for rank, certainty in enumerate(
        (Certainty.NORMALISED, Certainty.DEDUCED, Certainty.RECOMPUTED, Certainty.SUGGESTED)
    )
}


def changes_of(
    findings: Iterable[Finding],
    submission: Submission,
    form: Form,
    policy: Policy = Policy.SAFE,
    accepted: Collection[Decision] = (),
    rejected: Collection[Decision] = (),
) -> tuple[Change, ...]:
    """Return the changes to make, one an entry, in the order of the form.

    Of several for one entry the weightiest is made (a recomputed percentage over its spelling), and what an officer
    accepted before all; of two that weigh the same, the first: findings stand with the worst first. What changes
    together is made together, or not at all. Whatever was rejected, or would make a check fail that held before, is
    left out. Suggestions are added last, as one plan with all that is made already.
    """
    findings = tuple(findings)
    chosen: dict[str, Change] = {}
    for wanted in sorted(_wanted(findings, policy, accepted), key=lambda it: -it.weight):
        if not wanted.changes or wanted.changes[0].decision in rejected:
            continue
        others = (chosen.get(change.indicator, change) for change in wanted.changes)
        if all(other.after == change.after for other, change in zip(others, wanted.changes, strict=True)):
            chosen = {change.indicator: change for change in wanted.changes} | chosen
    kept = _without_harm(chosen, submission, form)
    if policy is Policy.SUGGESTED:
        kept = with_suggestions(kept, findings, submission, form, rejected)
    return tuple(sorted(kept.values(), key=lambda it: form.places[it.indicator]))


def with_suggestions(
    made: Mapping[str, Change],
    findings: Sequence[Finding],
    submission: Submission,
    form: Form,
    rejected: Collection[Decision],
) -> dict[str, Change]:
    """Add the suggestions for which the figures speak alone, as one plan for the whole form.

    The best supported comes first. Each must still be needed once those before it are made, contradict none of them,
    and break nothing. One that rests on figures which some finding still names at the end is taken back: it is a
    person who has to say which of them is wrong.
    """
    suggested = [it for it in _suggested(findings) if it.changes[0].decision not in rejected]
    while True:
        plan, used = _plan(made, suggested, submission, form)
        doubted = _still_named(plan, findings, submission, form)
        shaky = [it for it in used if not doubted.isdisjoint(set(it.finding.indicators))]
        if not shaky:
            return plan
        suggested = [it for it in suggested if it not in shaky]


def _plan(
    made: Mapping[str, Change], suggested: Iterable[_Wanted], submission: Submission, form: Form
) -> tuple[dict[str, Change], list[_Wanted]]:
    plan, used = dict(made), list[_Wanted]()
    record = record_of(submission, form)
    broken_before = failing(record, form, form.entry_ids).keys()
    for wanted in sorted(suggested, key=lambda it: -it.weight):
        keys = [change.indicator for change in wanted.changes]
        if not plan.keys().isdisjoint(keys) and any(_is_figure(plan, key) for key in keys):
            continue
        now = failing(changed(record, _meant(plan)), form, form.entry_ids).keys()
        place = (wanted.finding.code, wanted.finding.indicators[0])
        if place in form.by_target and place in broken_before and place not in now:
            continue  # what was made before has put it right already
        further = plan | {change.indicator: change for change in wanted.changes}
        then = failing(changed(record, _meant(further)), form, form.entry_ids).keys()
        if then <= now and place not in then:
            plan, used = further, [*used, wanted]
    return plan, used


def _meant(changes: Mapping[str, Change]) -> dict[str, Figure | None]:
    return {key: change.after for key, change in changes.items()}


def _is_figure(plan: Mapping[str, Change], key: str) -> bool:
    """Whether an entry gets another figure already, and not only another spelling."""
    return key in plan and plan[key].certainty is not Certainty.NORMALISED


def _still_named(
    plan: Mapping[str, Change], findings: Iterable[Finding], submission: Submission, form: Form
) -> frozenset[str]:
    """The entries that some error or warning names once the plan is carried out."""
    after = failing(changed(record_of(submission, form), _meant(plan)), form, form.entry_ids)
    named = {key for place in after for key in form.by_target[place].involved}
    for finding in findings:
        check = form.by_target.get((finding.code, finding.indicators[0])) if finding.indicators else None
        is_read = finding.indicators and _is_figure(plan, finding.indicators[0])
        if finding.severity is not Severity.INFO and (check is None or check.scope is not Scope.NONE) and not is_read:
            named.update(finding.indicators)
    return frozenset(named)


def _suggested(findings: Iterable[Finding]) -> Iterator[_Wanted]:
    """The suggestions for which the figures speak alone."""
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.certainty is Certainty.SUGGESTED and fix.evidence > 0:
            yield _Wanted(fix.evidence, _changes(fix.ways[0], fix.certainty, finding.code), finding)


def _wanted(findings: Iterable[Finding], policy: Policy, accepted: Collection[Decision]) -> Iterator[_Wanted]:
    """All changes that are asked for but suggestions: what is safe as far as the policy goes, whatever was accepted."""
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.certainty is not Certainty.SUGGESTED and policy is not Policy.NONE:
            yield _Wanted(_RANK[fix.certainty], _changes(fix.ways[0], fix.certainty, finding.code), finding)
        spelling = fix is not None and fix.certainty is Certainty.NORMALISED
        for way in finding.ways if accepted else ():
            if decision_on(way) in accepted:
                certainty = Certainty.NORMALISED if spelling else Certainty.SUGGESTED
                yield _Wanted(0 if spelling else len(_RANK), _changes(way, certainty, finding.code), finding)


def _changes(way: Alternative, certainty: Certainty, code: str) -> tuple[Change, ...]:
    decision = decision_on(way)
    return tuple(Change(it.indicator, it.after, certainty, way.because, code, decision) for it in way.changes)


def _without_harm(chosen: Mapping[str, Change], submission: Submission, form: Form) -> dict[str, Change]:
    """Drop changes until no check fails that held before; a mere change of spelling cannot do harm."""
    kept = dict(chosen)
    record = record_of(submission, form)
    new = [key for key, change in chosen.items() if change.certainty is not Certainty.NORMALISED]
    before = failing(record, form, new).keys()
    while True:
        meant = {key: change.after for key, change in kept.items()}
        broken = failing(changed(record, meant), form, new).keys() - before
        harmful = [
            key
            for key, change in kept.items()
            if change.certainty is not Certainty.NORMALISED and any(_concerns(form, check, key) for check in broken)
        ]
        if not broken or not harmful:
            return kept
        together = {kept[key].decision for key in harmful}
        kept = {key: change for key, change in kept.items() if change.decision not in together}


def _concerns(form: Form, check: tuple[str, str], key: str) -> bool:
    return any((one.code, one.target) == check and key in one.involved for one in form.checks)


def unknown_decisions(findings: Iterable[Finding], accepted: Iterable[Decision]) -> tuple[Decision, ...]:
    """The accepted proposals that no finding makes any more: the workbook has changed since."""
    known = {decision_on(way) for finding in findings for way in finding.ways}
    return tuple(one for one in accepted if one not in known)
