"""Two findings of one cause are one finding: which says nothing that another does not say better."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cchc_excel.codes import CODES, COMPARING
from cchc_excel.finding import Finding
from cchc_excel.form import Form


def without_echoes(findings: Sequence[Finding], form: Form) -> list[Finding]:
    """Return the findings without those that only echo another, in their order.

    One that is left out, since it compares a figure that cannot be, silences no other.
    """
    if not findings:
        return []
    impossible = _impossible_rows(findings)
    possible = [finding for finding in findings if not _compares_what_cannot_be(finding, impossible)]
    codes = {finding.code for finding in possible}
    rows_told = _rows_told(possible, form)
    return [
        finding
        for finding in possible
        if codes.isdisjoint(_silent_beside(finding, form)) and not _is_echo(finding, rows_told)
    ]


def _target(finding: Finding) -> str:
    """The id of the entry that a finding is about; empty for one about the file."""
    return finding.indicators[0] if finding.indicators else ""


def _rows_told(findings: Sequence[Finding], form: Form) -> Mapping[str, Collection[str]]:
    """By code the entries that its findings speak of; one about a component speaks of the percentage too."""
    rows_told: dict[str, set[str]] = {}
    for finding in findings:
        target = _target(finding)
        rows = rows_told.setdefault(finding.code, set())
        rows |= {target, form.rate_of.get((finding.code, target), target)}
        built_in = CODES.get(finding.code)
        if built_in is not None and built_in.speaks_of_all:
            rows.update(finding.indicators)
    return rows_told


def _impossible_rows(findings: Sequence[Finding]) -> Mapping[str, int]:
    """The entries whose figure cannot be at all, with the rank of the severity in which this is told."""
    ranks = {}
    for finding in findings:
        built_in = CODES.get(finding.code)
        if built_in is not None and built_in.impossible:
            ranks[_target(finding)] = finding.severity.rank
    return ranks


def _silent_beside(finding: Finding, form: Form) -> tuple[str, ...]:
    """The codes beside which a finding says nothing new, wherever on the sheet they are found."""
    if finding.code in CODES:
        return CODES[finding.code].silent_beside
    own = form.own.get(finding.code)
    return own.echo_of if own is not None else ()


def _compares_what_cannot_be(finding: Finding, impossible: Mapping[str, int]) -> bool:
    """Whether a finding holds an impossible figure against others, and is no worse than what tells of that figure."""
    if finding.code[0] not in COMPARING:
        return False
    ranks = [impossible[key] for key in finding.indicators if key in impossible]
    return bool(ranks) and max(ranks) >= finding.severity.rank


def _is_echo(finding: Finding, rows_told: Mapping[str, Collection[str]]) -> bool:
    """Whether a code of which this one is an echo tells of the same entry."""
    built_in = CODES.get(finding.code)
    if built_in is None:
        return False
    return any(_target(finding) in rows_told.get(code, ()) for code in built_in.echo_of)
