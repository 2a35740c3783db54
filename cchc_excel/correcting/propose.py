"""Findings → findings with their fixes."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from cchc_excel.correcting.slips import slip_in_rate
from cchc_excel.finding import Because, Certainty, Finding, Fix
from cchc_excel.form import Form
from cchc_excel.submission import Submission


def propose(findings: Iterable[Finding], submission: Submission, form: Form) -> tuple[Finding, ...]:
    """Return the findings, each with the fix it asks for where one is known."""
    return tuple(finding if finding.fix else finding.with_fix(_fix(finding, submission)) for finding in findings)


def _fix(finding: Finding, submission: Submission) -> Fix | None:
    if finding.expected is None or not finding.indicators:
        return None
    target = finding.indicators[0]
    entry = submission.entries.get(target)
    before = None if entry is None else entry.value
    match finding.code:
        case "A02" | "A03":
            return _of_rate(finding, submission)
        case "C02" | "C03":
            return Fix(target, None, finding.expected, Certainty.DEDUCED, Because("components_give"))
        case "C04":
            return Fix(target, None, finding.expected, Certainty.SUGGESTED, Because("only_value_left"))
        case "A01":
            return Fix(target, before, finding.expected, Certainty.SUGGESTED, Because("total_of_parts"))
        case _:
            return None


def _of_rate(finding: Finding, submission: Submission) -> Fix | None:
    target, facts = finding.indicators[0], finding.facts
    written, part, whole = facts["written"], facts["part"], facts["whole"]
    if not all(isinstance(figure, int | Fraction) for figure in (written, part, whole)):
        return None
    slip = slip_in_rate(written, submission.entries[target].decimals, part, whole)  # type: ignore[arg-type]
    because = slip or Because("components_give")
    certainty = Certainty.RECOMPUTED if slip else Certainty.SUGGESTED
    return Fix(target, finding.observed, finding.expected, certainty, because)
