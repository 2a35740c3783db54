"""Whether the clerk wrote a reason beside a row: a hidden cell a row, which every warning about it looks at.

In:     the notes on the form.
Out:    for a row the cell of the other sheet that holds 1 where its note is a reason, and the formula in it.
Never:  takes another note for a reason than `checking.notes` does.
"""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.checking.notes import LEAST_LETTERS, NO_SIGNS, SAYS_NOTHING, no_reasons, says_something
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.printed.layout import NOTE, Layout


class Reasons:
    """The reasons on one form; `notes` are what stands beside rows, by id, where that is not what is printed there."""

    def __init__(self, layout: Layout, notes: Mapping[str, str]) -> None:
        self.layout, self.notes = layout, notes

    def is_given(self, key: str) -> Live:
        """The condition that the note beside a row is a reason."""
        return Live(f"{self.layout.reason(key)}=1", self._is_reason(key))

    def cell(self, key: str) -> tuple[str, Live]:
        """The cell that says so, with its formula: not what the form prints there, nor what says nothing."""
        note, form = self.layout.figure(key, NOTE), self.layout.form
        left = f'" "&UPPER(TRIM({note}))&" "'
        for sign in NO_SIGNS:
            left = f'SUBSTITUTE({left},"{sign}","")'
        for remark in SAYS_NOTHING:
            left = f'SUBSTITUTE({left}," {remark.upper()} "," ")'
        quoted = (text.upper().replace('"', '""') for text in no_reasons(form, key))
        listed = "&".join(f'"{text}|"' for text in quoted)
        is_more = f'NOT(ISNUMBER(FIND("|"&TRIM({left})&"|","|"&{listed})))'
        is_long = f"LEN(TRIM({note}))>={LEAST_LETTERS}"
        has_words = f'ISNUMBER(FIND(" ",TRIM({note})))'
        return self.layout.reason(key), Live(f"IF(AND({is_long},{has_words},{is_more}),1,0)", self._is_reason(key))

    def _is_reason(self, key: str) -> int:
        form = self.layout.form
        note = self.notes.get(key, form[key].note).strip()
        return int(says_something(note, no_reasons(form, key)))
