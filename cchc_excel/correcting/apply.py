"""Which proposals are carried out: the safe ones, none, or those an officer accepted; never one that breaks a check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.checking import check, failing, record_of
from cchc_excel.correcting.candidates import changed
from cchc_excel.correcting.doubts import times_named, totals_of
from cchc_excel.correcting.propose import propose
from cchc_excel.finding import Alternative, Because, Certainty, Finding
from cchc_excel.form import Form, Scope, Severity
from cchc_excel.form.language import as_number
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
    return as_number(Fraction(exact_decimal(after)))


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

    @property
    def decision(self) -> Decision:
        """The decision that all the changes belong to."""
        return self.changes[0].decision

    @property
    def by_indicator(self) -> dict[str, Change]:
        return {change.indicator: change for change in self.changes}


_Plan: TypeAlias = Mapping[str, Change]
"""The changes that are made together, by the entries that they change."""


_WEIGHTS = {
    Certainty.NORMALISED: 0,
    Certainty.DEDUCED: 1,
    Certainty.RECOMPUTED: 2,
    Certainty.SUGGESTED: 3,
}
_WEIGHT_OF_ACCEPTED = 4  # above all that the program finds by itself


def changes_of(
    findings: Iterable[Finding],
    submission: Submission,
    form: Form,
    policy: Policy = Policy.SAFE,
    accepted: Collection[Decision] = (),
    rejected: Collection[Decision] = (),
) -> tuple[Change, ...]:
    """Return the changes to make, one an entry, in the order of the form.

    Where several are asked for one entry, the weightiest is made: what an officer accepted before all, a recomputed
    percentage before its spelling. Where two weigh the same, the first is made: findings stand with the worst first.
    What changes together is made together, or not at all. Whatever was rejected, or would make a check fail that held
    before, is left out. Suggestions are added last, as one plan with all that is made already. The form is taken as
    the findings were made by it: in the submission's period, without the totals that it leaves open.
    """
    form = form.at(submission.period).without_totals(submission.open_totals)
    findings = tuple(findings)
    chosen = _chosen(_wanted(findings, policy, accepted), rejected)
    made = _without_harm(chosen, submission, form)
    if policy is Policy.SUGGESTED:
        made = _with_suggestions(made, findings, submission, form, rejected)
    return tuple(sorted(made.values(), key=lambda change: form.places[change.indicator]))


def _chosen(asked_for: Iterable[_Wanted], rejected: Collection[Decision]) -> dict[str, Change]:
    """The changes that contradict none that weighs more, by the entries that they change."""
    chosen: dict[str, Change] = {}
    for wanted in sorted(asked_for, key=lambda wanted: -wanted.weight):
        if not wanted.changes or wanted.decision in rejected:
            continue
        if _is_compatible(wanted, chosen):
            chosen = {**wanted.by_indicator, **chosen}
    return chosen


def _is_compatible(wanted: _Wanted, chosen: _Plan) -> bool:
    """Whether no entry gets one content by what is wanted and another by what is chosen."""
    return all(chosen.get(change.indicator, change).after == change.after for change in wanted.changes)


def _with_suggestions(
    made: _Plan,
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
        planned = planning.planned(barred)
        taken_back = planning.unsure(planned)
        if not taken_back:
            return planned.changes
        barred |= taken_back


class _Planned(NamedTuple):
    """A plan for the whole form, the suggestions in it in the order of their adding, and what is still found then."""

    changes: dict[str, Change]
    used: list[_Wanted]
    left: Sequence[Finding]


class _Planning:
    """How the suggestions for one form are put together."""

    def __init__(self, made: _Plan, findings: Sequence[Finding], submission: Submission, form: Form) -> None:
        self.made, self.findings, self.submission, self.form = made, findings, submission, form
        self.record = record_of(submission, form)
        self.broken_before = self._failing(made)

    def planned(self, barred: Collection[Decision]) -> _Planned:
        """Return what is made and then suggested, one after the other, until nothing more speaks for itself."""
        plan, used = dict(self.made), list[_Wanted]()
        while True:
            findings = self._found(plan)
            suggestion = self._next(findings, plan, barred)
            if suggestion is None:
                return _Planned(plan, used, findings)
            plan.update(suggestion.by_indicator)
            used.append(suggestion)

    def _next(self, findings: Sequence[Finding], plan: _Plan, barred: Collection[Decision]) -> _Wanted | None:
        """The suggestion to add to a plan: the best founded of those that fit, or None."""
        named = times_named(findings)
        suggestions = [suggestion for suggestion in _suggested(findings) if suggestion.decision not in barred]
        suggestions.sort(key=lambda suggestion: (self._rests_on_doubt(suggestion, named), -suggestion.weight))
        failing_now = self._failing(plan)
        fitting = (suggestion for suggestion in suggestions if self._fits(suggestion, plan, failing_now))
        return next(fitting, None)

    def unsure(self, planned: _Planned) -> set[Decision]:
        """Return the suggestions that leave a check failing which held before, or rest on what is still doubted.

        Those whose own figure is doubted come first: without them the others may stand.
        """
        used = planned.used
        failing_now = self._failing(planned.changes)
        doubted = self._still_named(planned.changes, failing_now)
        suspected = {key for finding in planned.left if finding.suspects for key in finding.suspects.entries}
        doubted |= suspected | totals_of(suspected, self.form)
        shaky = [suggestion for suggestion in used if not doubted.isdisjoint(suggestion.by_indicator)]
        if not shaky:
            shaky = [suggestion for suggestion in used if not doubted.isdisjoint(suggestion.finding.indicators)]
        if not shaky and failing_now - self.broken_before:
            shaky = used[-1:]
        return {suggestion.decision for suggestion in shaky}

    def _failing(self, plan: _Plan) -> frozenset[tuple[str, str]]:
        """The checks, by code and target, that fail once the plan is carried out."""
        return frozenset(failing(changed(self.record, _figures(plan)), self.form, self.form.entry_ids))

    def _found(self, plan: _Plan) -> Sequence[Finding]:
        """What is found once the plan is carried out, with what would put it right."""
        if not any(_gets_figure(key, plan) for key in plan):
            return self.findings
        then = _carried_out(self.submission, plan)
        kept = [
            finding
            for finding in self.findings
            if not _is_judged_again(finding, self.form) and not _is_about_changed(finding, plan)
        ]
        return propose((*kept, *check(then, self.form).findings), then, self.form)

    def _rests_on_doubt(self, suggestion: _Wanted, named: Mapping[str, int]) -> bool:
        """Whether it calculates a percentage from a figure that another finding names: that one comes first."""
        row = self.form[suggestion.changes[0].indicator]
        return any(named.get(key or "", 0) > 1 for key in (row.part, row.whole))

    def _fits(self, suggestion: _Wanted, plan: _Plan, failing_now: frozenset[tuple[str, str]]) -> bool:
        """Whether it may be made after the plan, with which the checks of `failing_now` fail."""
        keys = suggestion.by_indicator.keys()
        if any(_gets_figure(key, plan) for key in keys):
            return False
        failing_then = self._failing({**plan, **suggestion.by_indicator})
        is_put_right = (suggestion.finding.code, suggestion.finding.indicators[0]) not in failing_then
        # A blank hides what its figure contradicts: to fill it may bring to light what was wrong before.
        only_fills = all(self.record.values.get(key) is None for key in keys)
        breaks_nothing = failing_then <= failing_now
        return is_put_right and (only_fills or breaks_nothing)

    def _still_named(self, plan: _Plan, failing_now: Iterable[tuple[str, str]]) -> set[str]:
        """The entries that some error or warning names once the plan is carried out."""
        named = {key for place in failing_now for key in self.form.by_target[place].involved}
        for finding in self.findings:
            gets_figure = bool(finding.indicators) and _gets_figure(finding.indicators[0], plan)
            is_over = gets_figure or _is_judged_again(finding, self.form)
            if finding.severity is not Severity.INFO and not is_over:
                named.update(finding.indicators)
        return named


def _carried_out(submission: Submission, plan: _Plan) -> Submission:
    """The submission as if the figures of the plan had been typed."""
    entries = dict(submission.entries)
    for key, change in plan.items():
        entry = entries.get(key)
        if entry is not None and entry.value != change.after:
            entries[key] = entry.holding(change.after)
    return replace(submission, entries=entries)


def _is_judged_again(finding: Finding, form: Form) -> bool:
    """Whether it is found by a check within the submission."""
    if not finding.indicators:
        return False
    own_check = form.by_target.get((finding.code, finding.indicators[0]))
    return own_check is not None and own_check.scope is Scope.NONE


def _is_about_changed(finding: Finding, plan: _Plan) -> bool:
    """Whether it is about an entry that the plan changes."""
    return bool(finding.indicators) and finding.indicators[0] in plan


def _figures(plan: _Plan) -> dict[str, Figure | None]:
    """What the entries hold once the plan is carried out."""
    return {key: change.after for key, change in plan.items()}


def _gets_figure(key: str, plan: _Plan) -> bool:
    """Whether an entry gets another figure by the plan, and not only another spelling."""
    return key in plan and plan[key].certainty is not Certainty.NORMALISED


def _suggested(findings: Iterable[Finding]) -> Iterator[_Wanted]:
    """The suggestions for which the figures speak alone, and what has become certain by those made before."""
    for finding in findings:
        fix = finding.fix
        if fix is None or fix.certainty is Certainty.NORMALISED:
            continue
        if fix.evidence > 0 or fix.certainty is not Certainty.SUGGESTED:
            yield _asked_for(fix.ways[0], finding, Certainty.SUGGESTED, weight=fix.evidence)


def _wanted(findings: Iterable[Finding], policy: Policy, accepted: Collection[Decision]) -> Iterator[_Wanted]:
    """All changes that are asked for but suggestions: what is safe as far as the policy goes, whatever was accepted."""
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.certainty is not Certainty.SUGGESTED and policy is not Policy.NONE:
            yield _asked_for(fix.ways[0], finding, fix.certainty, weight=_WEIGHTS[fix.certainty])
        if accepted:
            yield from _accepted_ways(finding, accepted)


def _accepted_ways(finding: Finding, accepted: Collection[Decision]) -> Iterator[_Wanted]:
    """The ways to put a finding right that an officer accepted. A spelling stays one, and weighs no more for it."""
    is_spelling = finding.fix is not None and finding.fix.certainty is Certainty.NORMALISED
    certainty = Certainty.NORMALISED if is_spelling else Certainty.SUGGESTED
    weight = _WEIGHTS[Certainty.NORMALISED] if is_spelling else _WEIGHT_OF_ACCEPTED
    for way in finding.ways:
        if decision_on(way) in accepted:
            yield _asked_for(way, finding, certainty, weight)


def _asked_for(way: Alternative, finding: Finding, certainty: Certainty, weight: int) -> _Wanted:
    """A way to put a finding right, as changes that are asked for together."""
    decision = decision_on(way)
    changes = [
        Change(change.indicator, change.after, certainty, way.because, finding.code, decision) for change in way.changes
    ]
    return _Wanted(weight, tuple(changes), finding)


def _without_harm(chosen: _Plan, submission: Submission, form: Form) -> dict[str, Change]:
    """Drop changes until no check fails that held before; a mere change of spelling cannot do harm."""
    kept = dict(chosen)
    record = record_of(submission, form)
    new = [key for key in chosen if _gets_figure(key, chosen)]
    failing_before = failing(record, form, new).keys()
    while True:
        broken = failing(changed(record, _figures(kept)), form, new).keys() - failing_before
        concerned = _concerned(broken, form)
        harmful = {change.decision for key, change in kept.items() if key in concerned and _gets_figure(key, kept)}
        if not harmful:
            return kept
        kept = {key: change for key, change in kept.items() if change.decision not in harmful}


def _concerned(places: Collection[tuple[str, str]], form: Form) -> set[str]:
    """The entries that checks compare; of one code and target there may be several."""
    if not places:
        return set()
    concerned = [check.involved for check in form.checks if (check.code, check.target) in places]
    return set().union(*concerned)


def unknown_decisions(findings: Iterable[Finding], accepted: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the accepted proposals that no finding makes any more: the workbook has changed since."""
    known = {decision_on(way) for finding in findings for way in finding.ways}
    return tuple(decision for decision in accepted if decision not in known)
