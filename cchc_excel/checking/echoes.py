"""Two findings of one cause are one finding: which says nothing that another does not say better."""

from __future__ import annotations

from collections.abc import Sequence

from cchc_excel.codes import CODES, COMPARING
from cchc_excel.finding import Finding
from cchc_excel.form import Form


def without_echoes(findings: Sequence[Finding], form: Form) -> list[Finding]:
    """Return the findings without those that only echo another, in their order."""
    if not findings:
        return []
    codes = {finding.code for finding in findings}
    about: dict[str, set[str]] = {}
    for finding in findings:
        target = finding.indicators[0] if finding.indicators else ""
        about.setdefault(finding.code, set()).update({target, form.rate_of.get((finding.code, target), target)})
        if finding.code in CODES and CODES[finding.code].speaks_of_all:
            about[finding.code].update(finding.indicators)
    impossible = {
        finding.indicators[0]: finding.severity.rank
        for finding in findings
        if finding.code in CODES and CODES[finding.code].impossible
    }
    kept = []
    for finding in findings:
        target = finding.indicators[0] if finding.indicators else ""
        built_in = CODES.get(finding.code)
        own = form.own.get(finding.code)
        silent_beside = built_in.silent_beside if built_in else own.echo_of if own else ()
        if not codes.isdisjoint(silent_beside):
            continue
        spoilt = max((impossible.get(key, -1) for key in finding.indicators), default=-1)
        if finding.code[0] in COMPARING and spoilt >= finding.severity.rank:
            continue
        if built_in and any(target in about.get(code, ()) for code in built_in.echo_of):
            continue
        kept.append(finding)
    return kept
