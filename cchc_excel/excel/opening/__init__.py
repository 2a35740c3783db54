"""A file of any kind → Grid: the one door for workbooks.

In:     a file's bytes. Its name says nothing here: a file is what its content says.
Out:    the grid, and the kind of file that it came from.
Never:  raises anything but an UnreadableWorkbook because a file is bad, or loads a reader that the file does not need.

A new kind of file is one row of the table in `kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cchc_excel.errors import NotAWorkbook, TextTooLong, WorkbookTooLarge
from cchc_excel.excel.limits import CHARACTERS
from cchc_excel.excel.opening.kinds import kind_of
from cchc_excel.grid import Grid, column_letters

if TYPE_CHECKING:
    from cchc_excel.excel.opening.packed import Member

__all__ = ["Opened", "files_in", "is_workbook", "open_grid"]


class Opened(NamedTuple):
    """A workbook's cells, and the kind of its file: `xlsx`, `xls`, `xlsb`, `ods`, `xml`, `html`, `mht` or `csv`."""

    grid: Grid
    kind: str


def is_workbook(data: bytes) -> bool:
    """Whether the file is an office program's own, not a text."""
    kind = kind_of(data)
    return kind is not None and kind.name not in {"csv", "empty"}


def open_grid(data: bytes, *, leaving_out: str = "") -> Opened:
    """Open a workbook of any kind that is read. Raises an UnreadableWorkbook that says what the bytes are instead.

    `leaving_out` is a defined name: the sheet that it points to is left out of the grid.
    """
    kind = kind_of(data)
    if kind is None:
        raise NotAWorkbook
    if len(data) > kind.most:
        raise WorkbookTooLarge("bytes")
    grid = kind.read(data, leaving_out)
    _refuse_long_texts(grid)
    return Opened(grid, kind.name)


def files_in(data: bytes) -> Iterator[Member] | None:
    """The files in an archive or a message, within limits; None for a file that holds no others."""
    from cchc_excel.excel.opening.packed import holds_files, members  # most files are workbooks

    return members(data) if holds_files(data) else None


def _refuse_long_texts(grid: Grid) -> None:
    """Raise TextTooLong for a text that no program that people use can put into a cell."""
    for sheet in grid.sheets:
        for cells in sheet.rows.values():
            for row, column, value, _, _ in cells.values():
                if isinstance(value, str) and len(value) > CHARACTERS:
                    raise TextTooLong(f"{sheet.name}!{column_letters(column)}{row}")
