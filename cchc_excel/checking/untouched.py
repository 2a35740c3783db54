"""C07: a form that nobody filled, or filled with zeros from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import How, Submission

EMPTY_SHARE = 0.95  # of the number cells; a commune always has staff, procedures and dossiers


def untouched(submission: Submission, form: Form) -> Iterator[Finding]:
    """Yield C07 if (nearly) every number cell is blank or 0."""
    asked = [row.id for row in form.entries if row.kind.is_number and row.reported_by is None]
    entries = [entry for key in asked if (entry := submission.entries.get(key)) is not None]
    most = len(entries) - EMPTY_SHARE * len(entries)  # filled ones, in a form that nobody filled
    filled = (entry for entry in entries if entry.value or entry.how is How.UNREAD)
    if next(islice(filled, int(most), None), None) is not None:
        return  # nearly every form, after a few rows
    blank = sum(entry.is_blank for entry in entries)
    zero = sum(entry.value == 0 for entry in entries)
    if entries and blank + zero >= EMPTY_SHARE * len(entries):
        facts = {"blank": blank, "zero": zero, "total": len(entries)}
        yield Finding("C07", form.severity_of("C07"), cells=(entries[0].cell,), facts=facts)
