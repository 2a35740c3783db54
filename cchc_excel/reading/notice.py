"""What is noticed while reading: findings of families S and T, each with its severity in one table."""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.finding import Fact, Finding, Fix
from cchc_excel.form import Severity
from cchc_excel.submission import CellAddress, Figure

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

SEVERITIES: Mapping[str, Severity] = {
    **dict.fromkeys(("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09"), _E),
    **dict.fromkeys(("S10", "S12", "S17", "S18", "S21", "S34", "S42", "S44"), _E),
    **dict.fromkeys(("S11", "S15", "S16", "S19", "S20", "S30", "S31", "S32", "S35", "S37", "S39", "S40", "S46"), _W),
    **dict.fromkeys(
        ("S13", "S14", "S22", "S23", "S24", "S25", "S26", "S27", "S33", "S36", "S38", "S41", "S43", "S45"), _I
    ),
    **dict.fromkeys(("T02", "T07", "T08", "T10", "T11", "T12", "T13", "T17", "T19", "T21", "T23", "T27", "T29"), _E),
    **dict.fromkeys(("T14", "T15", "T28"), _W),
    **dict.fromkeys(("T01", "T06", "T09", "T18", "T22"), _I),
}


def notice(
    code: str,
    indicators: tuple[str, ...] = (),
    cells: tuple[CellAddress, ...] = (),
    *,
    observed: Figure | float | None = None,
    expected: Figure | None = None,
    severity: Severity | None = None,
    fix: Fix | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Finding:
    """Make the finding of a code, with the table's severity unless another is given."""
    return Finding(code, severity or SEVERITIES[code], indicators, cells, observed, expected, facts or {}, fix=fix)
