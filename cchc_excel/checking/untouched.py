"""C07: a form that nobody filled, or filled with zeros from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import Entry, How, Submission

EMPTY_SHARE = 0.95  # of the number cells; a commune always has staff, procedures and dossiers


def untouched(submission: Submission, form: Form) -> Iterator[Finding]:
    """Yield C07 if (nearly) every number cell is blank or 0."""
    asked = [row.id for row in form.entries if row.kind.is_number and row.reported_by is None]
    entries = [submission.entries[key] for key in asked if key in submission.entries]
    most_filled = len(entries) - EMPTY_SHARE * len(entries)
    filled = (entry for entry in entries if _is_filled(entry))
    has_more = next(islice(filled, int(most_filled), None), None) is not None
    if has_more:
        return  # nearly every form, after a few rows
    blank = sum(entry.is_blank for entry in entries)
    zero = sum(entry.value == 0 for entry in entries)
    if entries and blank + zero >= EMPTY_SHARE * len(entries):
        facts = {"blank": blank, "zero": zero, "total": len(entries)}
        yield Finding("C07", form.severity_of("C07"), cells=(entries[0].cell,), facts=facts)


def _is_filled(entry: Entry) -> bool:
    """Whether something stands there that is neither a blank nor 0."""
    return bool(entry.value) or entry.how is How.UNREAD
