"""What somebody marked beside a proposal, and which marks cannot all be meant.

In:     marks, from whatever sheet; the findings that they are about.
Out:    yes, no or neither; the proposals that contradict each other.
Never:  guesses what a mark means, or chooses between two that contradict each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from cchc_excel.correcting.apply import Decision, decision_on
from cchc_excel.finding import Certainty, Finding
from cchc_excel.submission import Figure
from cchc_excel.vietnamese.text import fold, strip_accents
from cchc_excel.wording import Words


class Mark(NamedTuple):
    """One row that somebody marked: the code of its finding, what it proposes, and whether that was accepted.

    `before` is what the row says of the cells: what the officer saw, when it was decided. `by` is who decided, where
    the row says it.
    """

    code: str
    decision: Decision
    accepted: bool
    before: tuple[Figure | None, ...] = ()
    by: str = ""


def answer(written: str, spoken: Words) -> bool | None:
    """Yes, no, or neither: ` NHẬN.` and `nhan` are what they look like, `có` and `x` are not for us to guess."""
    plain = strip_accents(fold(written))
    for name, meant in (("accept", True), ("reject", False)):
        if plain == strip_accents(fold(spoken.word("sheet", name))):
            return meant
    return None


def contradicting(marks: Iterable[Mark], findings: Iterable[Finding]) -> frozenset[Decision]:
    """Return the accepted proposals that cannot all be meant.

    Two values for one cell; two ways to put the same finding right; one way both accepted and rejected. Another
    spelling of what a cell says contradicts no value.
    """
    marks, findings = tuple(marks), tuple(findings)
    accepted = {mark.decision for mark in marks if mark.accepted}
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    values = accepted - {decision_on(it.ways[0]) for it in fixes if it.certainty is Certainty.NORMALISED}
    groups = [_of_two_values(values, key) for key in {key for one in values for key in one.indicators}]
    for finding in findings:
        if len(finding.ways) > 1:
            ways = set(map(decision_on, finding.ways))
            of_finding = (mark for mark in marks if mark.accepted and mark.code in {finding.code, ""})
            groups.append({mark.decision for mark in of_finding} & ways)
    both = accepted & {mark.decision for mark in marks if not mark.accepted}
    return frozenset(both).union(*(group for group in groups if len(group) > 1))


def _of_two_values(decisions: Collection[Decision], indicator: str) -> set[Decision]:
    """The decisions that would write different values into one cell; none if all write the same."""
    about = {one: dict(one.changes)[indicator] for one in decisions if indicator in one.indicators}
    return set(about) if len(set(about.values())) > 1 else set()
