"""Which proposals are carried out: the safe ones, none, or those an officer accepted; never one that breaks a check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.checking import failing, record_of
from cchc_excel.correcting.candidates import changed
from cchc_excel.finding import Because, Certainty, Finding, Fix
from cchc_excel.form import Form
from cchc_excel.submission import Figure, Submission
from cchc_excel.wording.numbers import exact_decimal


class Policy(StrEnum):
    """What is carried out unasked: what cannot be wrong, nothing, or every proposal there is."""

    SAFE = "safe"
    NONE = "none"
    SUGGESTED = "suggested"


class Change(NamedTuple):
    """One entry that gets another content; None is a blank."""

    indicator: str
    after: Figure | None
    certainty: Certainty
    because: Because
    code: str = ""


class Decision(NamedTuple):
    """A proposal that an officer decided on: this indicator shall be this value, or shall not."""

    indicator: str
    after: Figure | None


def decided(indicator: str, after: Figure | None) -> Decision:
    """The decision that means this proposal: a figure counts as it is written, with so many decimals as that takes."""
    if after is None or isinstance(after, int | str):
        return Decision(indicator, after)
    number = Fraction(exact_decimal(after))
    return Decision(indicator, int(number) if number.denominator == 1 else number)


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
    accepted before all; of two that weigh the same, the first: findings stand with the worst first.
    Whatever was rejected, or would make a check fail that held before, is left out.
    """
    chosen: dict[str, Change] = {}
    weights: dict[str, int] = {}
    for weight, change in _wanted(findings, policy, accepted):
        if rejected and decided(change.indicator, change.after) in rejected:
            continue
        old = chosen.get(change.indicator)
        if old is None or weight > weights[change.indicator]:
            chosen[change.indicator] = change
            weights[change.indicator] = weight
    kept = _without_harm(chosen, submission, form)
    return tuple(sorted(kept.values(), key=lambda it: form.places[it.indicator]))


def _wanted(
    findings: Iterable[Finding], policy: Policy, accepted: Collection[Decision]
) -> Iterator[tuple[int, Change]]:
    """Each change that is asked for, with its weight."""
    for finding in findings:
        fix = finding.fix
        if fix is not None and _is_carried_out(fix, policy):
            yield _RANK[fix.certainty], Change(fix.indicator, fix.after, fix.certainty, fix.because, finding.code)
        spelling = fix is not None and fix.certainty is Certainty.NORMALISED
        for indicator, after, because in finding.ways if accepted else ():
            if decided(indicator, after) in accepted:
                certainty = Certainty.NORMALISED if spelling else Certainty.SUGGESTED
                change = Change(indicator, after, certainty, because, finding.code)
                yield 0 if spelling else len(_RANK), change


def _is_carried_out(fix: Fix, policy: Policy) -> bool:
    """Whether a proposal is carried out without an officer's decision on it."""
    match policy:
        case Policy.NONE:
            return False
        case Policy.SAFE:
            return fix.certainty is not Certainty.SUGGESTED
        case Policy.SUGGESTED:
            return True


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
        for key in harmful:
            del kept[key]


def _concerns(form: Form, check: tuple[str, str], key: str) -> bool:
    return any((one.code, one.target) == check and key in one.involved for one in form.checks)


def unknown_decisions(findings: Iterable[Finding], accepted: Iterable[Decision]) -> tuple[Decision, ...]:
    """The accepted proposals that no finding makes any more: the workbook has changed since."""
    known = {decided(way.indicator, way.after) for finding in findings for way in finding.ways}
    return tuple(one for one in accepted if one not in known)
