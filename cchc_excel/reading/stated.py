"""Who reports, and for when: what the headings state, what the file's name tells, and what a person says of the file.

In:     the tables of the form, the file's name, and what is given.
Out:    one unit and one period, or none, and what is to be said of how they were found.
Never:  replaces what is stated, unless it is told to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import Grid
from cchc_excel.reading.given import Given
from cchc_excel.reading.heading import Heading, period_in_name, read_heading
from cchc_excel.reading.notice import notice
from cchc_excel.reading.table import Table
from cchc_excel.submission import CellAddress, Period
from cchc_excel.vietnamese.unit_names import name_keys

__all__ = ["Stated", "stated_in"]


class Stated(NamedTuple):
    """Unit and period of a file, the heading that states them, and what is to be said of how they were found."""

    unit: str | None
    period: Period | None
    heading: Heading
    findings: tuple[Finding, ...]


def stated_in(grid: Grid, tables: Sequence[Table], form: Form, name: str, given: Given) -> Stated:
    """Who reports, and for when: as the tables' headings say, else the file's name, else what is given."""
    heading = _heading(grid, tables, form, given.known)
    table = tables[0]
    at = (CellAddress(table.sheet.name, table.header_row, 1),)
    unit, findings = _who(heading, given, at)
    period, of_period = _when(heading, name, given, at)
    findings += of_period
    if heading.found_on is not None:
        findings.append(notice("S38", cells=at, facts={"sheet": heading.found_on}))
    if heading.blanks:
        findings.append(notice("S32", cells=at, facts={"text": "; ".join(heading.blanks)}))
    return Stated(unit, period, heading, tuple(findings))


def _heading(grid: Grid, tables: Sequence[Table], form: Form, known: Sequence[str]) -> Heading:
    """What the first sheet states, with what the next ones state and it does not."""
    heading, *others = (read_heading(grid, table, form, known) for table in tables if table.header_row)
    for other in others:
        if heading.unit is None and not heading.rival_units:
            heading = heading._replace(unit=other.unit, rival_units=other.rival_units, above=other.above)
        if heading.period is None and not heading.rival_periods:
            heading = heading._replace(
                period=other.period, rival_periods=other.rival_periods, year_of_plan=other.year_of_plan
            )
    return heading


def _who(heading: Heading, given: Given, at: tuple[CellAddress, ...]) -> tuple[str | None, list[Finding]]:
    if heading.unit is not None:
        if given.unit is None or name_keys(given.unit)[:1] == name_keys(heading.unit)[:1]:
            return heading.unit, []
        facts: dict[str, Fact] = {"stated": heading.unit, "given": given.unit}
        if given.override:
            return given.unit, [notice("S39", cells=at, facts=facts, severity=Severity.INFO)]
        return heading.unit, [notice("S39", cells=at, facts=facts)]
    if given.unit is not None:
        return given.unit, []
    if heading.rival_units:
        first, second = heading.rival_units[:2]
        return None, [notice("S42", cells=at, facts={"first": first, "second": second})]
    return None, [notice("S30", cells=at)]


def _when(
    heading: Heading, name: str, given: Given, at: tuple[CellAddress, ...]
) -> tuple[Period | None, list[Finding]]:
    if heading.period is not None:
        if given.period is not None and given.period != heading.period:
            facts: dict[str, Fact] = {"stated": str(heading.period), "given": str(given.period)}
            if given.override:
                return given.period, [notice("S40", cells=at, facts=facts, severity=Severity.INFO)]
            return heading.period, [notice("S40", cells=at, facts=facts)]
        if heading.year_of_plan:
            return heading.period, [notice("S41", cells=at, facts={"period": str(heading.period)})]
        return heading.period, []
    if given.period is not None:
        return given.period, []
    if heading.rival_periods:
        first, second = (str(found) for found in heading.rival_periods[:2])
        return None, [notice("S34", cells=at, facts={"first": first, "second": second})]
    period = period_in_name(name)
    if period is None:
        return None, [notice("S31", cells=at)]
    return period, [notice("S36", cells=at, facts={"period": str(period)})]
