"""What is noticed while reading: findings of families S and T, with the severity that the catalogue gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cchc_excel.codes import CODES
from cchc_excel.finding import Fact, Finding, Fix
from cchc_excel.form import Form, Severity
from cchc_excel.submission import CellAddress, Figure


def as_the_form_says(findings: Iterable[Finding], form: Form) -> tuple[Finding, ...]:
    """The findings with the severities that the form's folder sets."""
    if not form.severities:
        return tuple(findings)
    return tuple(replace(it, severity=form.severities.get(it.code, it.severity)) for it in findings)


def notice(
    code: str,
    indicators: tuple[str, ...] = (),
    cells: tuple[CellAddress, ...] = (),
    *,
    observed: Figure | float | None = None,
    compared_with: Figure | None = None,
    severity: Severity | None = None,
    fix: Fix | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Finding:
    """Make the finding of a code, with the catalogue's severity unless a milder case of it is given."""
    return Finding(
        code, severity or CODES[code].severity, indicators, cells, observed, compared_with, facts or {}, fix=fix
    )
