"""U10: texts that a spreadsheet would run if they were typed in as they stand.

In:     a submission.
Out:    a finding for each such text: the unit's name, notes, and figures that are texts.
Never:  runs or changes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import CellAddress, Entry, Submission

__all__ = ["formulas_as_text"]

LONGEST_EXCERPT = 200  # characters of a text that is shown in a finding
_LIKE_A_FORMULA = re.compile(r"\s*(?:[=@]|[+-](?=[A-Za-z(|]))")


def formulas_as_text(submission: Submission, form: Form) -> Iterator[Finding]:
    """U10: a text that a spreadsheet would run if it were typed in as it stands."""
    for text, cell in _typed_texts(submission):
        if _LIKE_A_FORMULA.match(text):
            cells = (cell,) if cell is not None else ()
            yield Finding("U10", form.severity_of("U10"), (), cells, facts={"text": _excerpt(text)})


def _typed_texts(submission: Submission) -> Iterator[tuple[str, CellAddress | None]]:
    """The unit's name, the notes, and the texts among the figures, each with its cell, where that is known."""
    yield submission.unit or "", None
    for key, note in submission.notes.items():
        yield note, _beside(submission.entries.get(key), submission.note_column)
    for entry in submission.entries.values():
        if isinstance(entry.raw, str):
            yield entry.raw, entry.cell


def _beside(entry: Entry | None, column: int) -> CellAddress | None:
    """Where the note of a row stands."""
    return entry.cell._replace(column=column) if entry is not None and column else None


def _excerpt(text: str) -> str:
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}…"
