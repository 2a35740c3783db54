"""Which proposals are carried out: the safe ones, none, or those an officer accepted; never one that breaks a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.checking import check, failing, record_of
from cchc_excel.correcting.candidates import changed
from cchc_excel.correcting.propose import propose
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

    One is made at a time, and the form is judged again after each: what one mistake hid comes to light, and a
    percentage is calculated from what its components are by then. The whole plan must break nothing. What rests on
    figures that some finding still names at the end is taken back: a person has to say which of them is wrong.
    """
    planning = _Planning(made, findings, submission, form)
    barred = set(rejected)
    while True:
        plan, used = planning.plan(barred)
        taken_back = planning.unsure(plan, used)
        if not taken_back:
            return plan
        barred |= taken_back


class _Planning:
    """How the suggestions for one form are put together."""

    def __init__(
        self, made: Mapping[str, Change], findings: Sequence[Finding], submission: Submission, form: Form
    ) -> None:
        self.made, self.findings, self.submission, self.form = made, findings, submission, form
        self.record = record_of(submission, form)
        self.broken_before = self._failing(made)

    def plan(self, barred: Collection[Decision]) -> tuple[dict[str, Change], list[_Wanted]]:
        """What is made and then suggested, one after the other, until nothing more speaks for itself."""
        plan, used = dict(self.made), list[_Wanted]()
        while True:
            findings = self._found(plan)
            suggested = [it for it in _suggested(findings) if it.changes[0].decision not in barred]
            doubted, now = _times_named(findings), self._failing(plan)
            suggested.sort(key=lambda it: (self._rests_on_doubt(it, doubted), -it.weight))
            wanted = next((it for it in suggested if self._fits(it, plan, now)), None)
            if wanted is None:
                return plan, used
            plan |= {change.indicator: change for change in wanted.changes}
            used.append(wanted)

    def unsure(self, plan: Mapping[str, Change], used: Sequence[_Wanted]) -> set[Decision]:
        """The suggestions that leave a check failing which held before, or rest on what is still doubted.

        Those whose own figure is doubted come first: without them the others may stand.
        """
        doubted = _still_named(plan, self.findings, self.submission, self.form)
        new = self._failing(plan) - self.broken_before
        doubted |= {key for place in new for key in self.form.by_target[place].involved}
        own = [it for it in used if not doubted.isdisjoint(change.indicator for change in it.changes)]
        shaky = own or [it for it in used if not doubted.isdisjoint(it.finding.indicators)]
        return {it.changes[0].decision for it in shaky or (used[-1:] if new else ())}

    def _failing(self, plan: Mapping[str, Change]) -> frozenset[tuple[str, str]]:
        return frozenset(failing(changed(self.record, _meant(plan)), self.form, self.form.entry_ids))

    def _found(self, plan: Mapping[str, Change]) -> Sequence[Finding]:
        """What is found once the plan is carried out, with what would put it right."""
        if not any(_is_figure(plan, key) for key in plan):
            return self.findings
        now = _carried_out(self.submission, plan)
        kept = [it for it in self.findings if not _is_judged_again(it, self.form) and not _is_settled(it, plan)]
        return propose((*kept, *check(now, self.form).findings), now, self.form)

    def _rests_on_doubt(self, wanted: _Wanted, doubted: Mapping[str, int]) -> bool:
        """Whether it calculates a percentage from a figure that another finding names: that one comes first."""
        row = self.form[wanted.changes[0].indicator]
        return any(doubted.get(key or "", 0) > 1 for key in (row.part, row.whole))

    def _fits(self, wanted: _Wanted, plan: Mapping[str, Change], now: frozenset[tuple[str, str]]) -> bool:
        """Whether it may be made after the plan, with which the checks at `now` fail."""
        keys = [change.indicator for change in wanted.changes]
        if not plan.keys().isdisjoint(keys) and any(_is_figure(plan, key) for key in keys):
            return False
        then = self._failing({**plan, **{change.indicator: change for change in wanted.changes}})
        is_put_right = (wanted.finding.code, wanted.finding.indicators[0]) not in then
        # A blank hides what its figure contradicts: to fill it may bring to light what was wrong before.
        only_fills = all(self.record.values.get(key) is None for key in keys)
        breaks_nothing = then <= now
        return is_put_right and (only_fills or breaks_nothing)


def _carried_out(submission: Submission, plan: Mapping[str, Change]) -> Submission:
    entries = dict(submission.entries)
    for key, change in plan.items():
        entry = entries.get(key)
        if entry is not None and entry.value != change.after:
            entries[key] = entry.holding(change.after)
    return replace(submission, entries=entries)


def _is_judged_again(finding: Finding, form: Form) -> bool:
    """Whether it is found by a check within the submission."""
    check_of = form.by_target.get((finding.code, finding.indicators[0])) if finding.indicators else None
    return check_of is not None and check_of.scope is Scope.NONE


def _is_settled(finding: Finding, plan: Mapping[str, Change]) -> bool:
    """Whether it is about a cell that gets a figure by the plan."""
    return bool(finding.indicators) and finding.indicators[0] in plan


def _times_named(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many errors and warnings name each entry."""
    return Counter(key for it in findings if it.severity is not Severity.INFO for key in it.indicators)


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
        is_read = finding.indicators and _is_figure(plan, finding.indicators[0])
        if finding.severity is not Severity.INFO and not _is_judged_again(finding, form) and not is_read:
            named.update(finding.indicators)
    return frozenset(named)


def _suggested(findings: Iterable[Finding]) -> Iterator[_Wanted]:
    """The suggestions for which the figures speak alone, and what has become certain by those made before."""
    for finding in findings:
        fix = finding.fix
        if fix is None or fix.certainty is Certainty.NORMALISED:
            continue
        if fix.evidence > 0 or fix.certainty is not Certainty.SUGGESTED:
            yield _Wanted(fix.evidence, _changes(fix.ways[0], Certainty.SUGGESTED, finding.code), finding)


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
