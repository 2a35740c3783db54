"""The workbook of all that is open in many units, gathered while they are corrected, and written at the end.

In:     each corrected copy with its place; the workbook of decisions that is there already.
Out:    the workbook; a sentence that tells how many rows it has.
Never:  replaces a file that is no such workbook.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.commands.files import write_whole
from cchc_excel.correcting.decision_book import DecisionBook, book_in
from cchc_excel.errors import BadOption, OutputExists, UnreadableWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.form import Form
from cchc_excel.wording import Words

if TYPE_CHECKING:
    from cchc_excel.corrected_copy import Corrected
    from cchc_excel.corrected_copy.decision_sheet import OpenRow

_ESCAPED = str.maketrans({sign: f"%{ord(sign):02x}" for sign in '%# "<>[]^`{}'})


@dataclass
class Register:
    """One workbook of decisions on its way. Raises BadOption or OutputExists for a place it must not be written to."""

    path: Path
    spoken: Words
    say: Callable[[str], None]
    before: DecisionBook | None = field(init=False)
    rows: list[OpenRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.path.suffix.lower() != ".xlsx":
            raise BadOption("--sheet", self.path.name)
        self.before = _book_at(self.path)
        if self.path.exists() and self.before is None:
            raise OutputExists(str(self.path))

    def add(self, target: Path, corrected: Corrected, form: Form) -> None:
        """Gather what is open in one unit; `target` is where its corrected copy stands."""
        from cchc_excel.corrected_copy.decision_sheet import open_rows

        try:
            seen = Path(os.path.relpath(target.resolve(), self.path.resolve().parent)).as_posix()
        except ValueError:  # on another drive
            seen = target.resolve().as_posix()
        link = seen.translate(_ESCAPED)
        self.rows += open_rows(
            corrected.submission, corrected.findings, corrected.changes, target.name, link, form, self.spoken
        )

    def write(self) -> str:
        """Write the workbook, with the marks and remarks of the one before; say which of these have no row any more."""
        from cchc_excel.corrected_copy.decision_sheet import decision_workbook

        book = decision_workbook(self.rows, self.before, self.spoken)
        for row in book.lost:
            self.say(self.spoken.word("register", "lost", at=row.at, unit=row.whose, code=row.code, mark=row.written))
        write_whole(self.path, book.data, replace=self.before is not None)
        return self.spoken.word("register", "written", path=self.path, rows=len(self.rows))


def _book_at(path: Path) -> DecisionBook | None:
    try:
        grid, _ = open_grid(path.read_bytes())
    except (OSError, UnreadableWorkbook):
        return None
    return book_in(grid, path.name)
