"""Findings as one self-contained HTML page: no script, no outside resource, printable, readable on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, edition_named
from cchc_excel.grid import harmless
from cchc_excel.pipeline import Examination, count_by_severity
from cchc_excel.reporting.changes import Proposals, Told, info_lines, section_of
from cchc_excel.wording import Words
from cchc_excel.wording.beside import compared, places_of, written_shown


@dataclass(frozen=True)
class _Unit:
    """One workbook on the page."""

    examination: Examination
    form: Form
    name: str
    file: str
    findings: tuple[Finding, ...]
    proposals: Proposals
    errors: int
    warnings: int

    @property
    def is_clean(self) -> bool:
        return self.examination.readable and not self.errors and not self.warnings


def as_page(examinations: Iterable[Examination], form: Form, words: Words, made: date | None = None) -> str:
    """Return the page, the worst workbook first; `made` is the day it says. What came from a workbook is escaped."""
    examinations = list(examinations)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told: Told = set()
    units = [_unit(examination, form, words) for examination in examinations]
    units.sort(key=lambda unit: (unit.examination.readable, -unit.errors, -unit.warnings))
    page = environment.get_template("page.html").render(
        units=units,
        unreadable=[unit for unit in units if not unit.examination.readable],
        counts={str(severity): count for severity, count in count_by_severity(examinations).items()},
        made=made.strftime("%d/%m/%Y") if made is not None else "",
        form=form,
        words=words,
        written_shown=written_shown,
        compared=compared,
        info_lines=info_lines,
        told=told,
        section_of=section_of,
    )
    return harmless(page)


def _unit(examination: Examination, form: Form, words: Words) -> _Unit:
    form = edition_named(form, examination.edition)
    submission, file = examination.submission, PurePath(examination.name).name
    unit = submission.unit if submission is not None else None
    counts = count_by_severity([examination])
    return _Unit(
        examination=examination,
        form=form,
        name=unit or file,
        file=file,
        findings=tuple(finding for finding in examination.findings if finding.severity is not Severity.INFO),
        proposals=Proposals(form, words, places_of(submission)),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
    )
