"""What is said of a workbook, by a process that may have read none before: such a process loads this and no more."""

from __future__ import annotations

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine


def read(data: bytes) -> Examination:
    return examine(Source("x.xlsx", data), load_form())


def said_of(data: bytes) -> tuple[Examination, list[list[str]]]:
    """What is said of a workbook, and in which order the figures of each finding stand."""
    examination = read(data)
    return examination, [[*finding.facts] for finding in examination.findings]
