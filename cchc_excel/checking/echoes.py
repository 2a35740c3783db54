"""Two findings of one cause are one finding: which says nothing that another does not say better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from cchc_excel.finding import Finding
from cchc_excel.form import Form

# a finding of the first code says nothing new beside one of these about the same entry
ECHO_OF: Mapping[str, frozenset[str]] = {
    "C01": frozenset({"C02", "C03", "C04", "C05"}),
    "T05": frozenset({"A02", "A05"}),
    "A03": frozenset({"A02"}),
}
# in a form that nobody filled, each blank is an echo of that
ECHO_OF_C07 = frozenset({"C01", "C02", "C03", "C04", "C05"})


@lru_cache(maxsize=8)
def _rates(form: Form) -> Mapping[tuple[str, str], str]:
    """(code, target) → the percentage that a check about one of its components speaks of."""
    return {(check.code, check.target): check.roles["written"] for check in form.checks if "written" in check.roles}


@lru_cache(maxsize=8)
def _own_echoes(form: Form) -> Mapping[str, frozenset[str]]:
    return {check.code: frozenset(check.echo_of) for check in form.checks if check.echo_of}


def without_echoes(findings: Sequence[Finding], form: Form) -> list[Finding]:
    """Return the findings without those that only echo another, in their order."""
    if not findings:
        return []
    codes = {finding.code for finding in findings}
    about: dict[str, set[str]] = {}
    rates, own = _rates(form), _own_echoes(form)
    for finding in findings:
        target = finding.indicators[0] if finding.indicators else ""
        about.setdefault(finding.code, set()).update({target, rates.get((finding.code, target), target)})
    kept = []
    for finding in findings:
        target = finding.indicators[0] if finding.indicators else ""
        if finding.code in ECHO_OF_C07 and "C07" in codes:
            continue
        if any(target in about.get(code, ()) for code in ECHO_OF.get(finding.code, ())):
            continue
        if own.get(finding.code, frozenset()) & codes:
            continue
        kept.append(finding)
    return kept
