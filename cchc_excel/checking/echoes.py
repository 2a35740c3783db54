"""Two findings of one cause are one finding: which says nothing that another does not say better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def without_echoes(findings: Sequence[Finding], form: Form) -> list[Finding]:
    """Return the findings without those that only echo another, in their order."""
    if not findings:
        return []
    codes = {finding.code for finding in findings}
    about: dict[str, set[str]] = {}
    for finding in findings:
        target = finding.indicators[0] if finding.indicators else ""
        about.setdefault(finding.code, set()).update({target, form.rate_of.get((finding.code, target), target)})
    kept = []
    for finding in findings:
        target = finding.indicators[0] if finding.indicators else ""
        if finding.code in ECHO_OF_C07 and "C07" in codes:
            continue
        if any(target in about.get(code, ()) for code in ECHO_OF.get(finding.code, ())):
            continue
        own = form.own_check_of.get(finding.code)
        if own is not None and codes.intersection(own.echo_of):
            continue
        kept.append(finding)
    return kept
