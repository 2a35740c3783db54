"""Findings as one self-contained HTML page: no script, no outside resource, printable."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cchc_excel.form import Form
from cchc_excel.grid import harmless
from cchc_excel.pipeline import Examination, count_by_severity
from cchc_excel.reporting.changes import change, fix_lines, info_lines, section_of
from cchc_excel.wording import Words


def as_page(examinations: Iterable[Examination], form: Form, words: Words) -> str:
    """Return the page. Everything that came out of a workbook is escaped."""
    examinations = list(examinations)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("page.html").render(
        examinations=examinations,
        counts={str(severity): count for severity, count in count_by_severity(examinations).items()},
        form=form,
        words=words,
        change=change,
        fix_lines=fix_lines,
        info_lines=info_lines,
        section_of=section_of,
    )
    return harmless(page)
