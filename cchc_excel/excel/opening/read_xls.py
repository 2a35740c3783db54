"""In a child process: xlrd reads a workbook of Excel 97 to 2003 (.xls, and .et of WPS). It is loaded here only.

Not calamine, which tells neither number formats nor errors nor what is hidden of this kind.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from cchc_excel.errors import DamagedWorkbook, DocumentInstead, NotAWorkbook, PasswordProtected, UnreadableWorkbook
from cchc_excel.grid import (
    Cell,
    CellError,
    CellStyle,
    CellValue,
    Grid,
    MarkedText,
    Range,
    Sheet,
    as_stored,
    text_of_runs,
)

__all__ = ["read_xls"]

Fonts: TypeAlias = Sequence[xlrd.formatting.Font]

_BLACK = frozenset({0, 8, 64, 0x7FFF})  # black, and what the system draws text in
_VISIBLE = 0
_NO_WORKBOOK = "Can't find workbook"
_ENCRYPTED = "encrypted"
_DOCUMENTS = (("WordDocument", "word"), ("PowerPoint Document", "slides"))  # the stream of each


def read_xls(data: bytes) -> Grid:
    """Return the grid of a workbook. Raises an UnreadableWorkbook."""
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,  # without it one stray cell fills its whole row with blanks
            ignore_workbook_corruption=True,  # some programs write a directory that Excel does not mind
            logfile=io.StringIO(),
        )
    except (XLRDError, CompDocError) as error:
        raise _told(error, data) from error
    sheets = tuple(_sheet(sheet, book.font_list) for sheet in book.sheets())
    return Grid(sheets, tuple(_styles(book)), date1904=book.datemode == 1)


def _told(error: Exception, data: bytes) -> UnreadableWorkbook:
    """The exceptions of xlrd as ours; it tells them apart by their texts alone."""
    text = str(error)
    if _ENCRYPTED in text:
        return PasswordProtected(text)
    if not text.startswith(_NO_WORKBOOK):
        return DamagedWorkbook(text)
    document = next((kind for stream, kind in _DOCUMENTS if stream.encode("utf-16-le") in data), "")
    return DocumentInstead(document) if document else NotAWorkbook(text)


def _styles(book: xlrd.Book) -> Iterator[CellStyle]:
    for style in book.xf_list:
        number_format = book.format_map.get(style.format_key)
        code = number_format.format_str if number_format is not None else "General"
        font = book.font_list[style.font_index]
        yield CellStyle(code, font.name, bool(font.struck_out))


def _sheet(sheet: xlrd.sheet.Sheet, fonts: Fonts) -> Sheet:
    rows = {}
    for row in range(sheet.nrows):
        cells = {cell.column: cell for cell in _cells(sheet, row, fonts)}
        if cells:
            rows[row + 1] = cells
    hidden = frozenset(row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden)
    columns = tuple((column + 1, column + 1) for column, about in sheet.colinfo_map.items() if about.hidden)
    merges = tuple(Range(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    return Sheet(
        name=sheet.name,
        rows=rows,
        visible=sheet.visibility == _VISIBLE,
        merges=merges,
        hidden_rows=hidden,
        hidden_columns=columns,
        comments=_comments(sheet),
    )


def _comments(sheet: xlrd.sheet.Sheet) -> dict[tuple[int, int], str]:
    notes = sheet.cell_note_map.items()
    return {(row + 1, column + 1): note.text.removeprefix(f"{note.author}:").strip() for (row, column), note in notes}


def _cells(sheet: xlrd.sheet.Sheet, row: int, fonts: Fonts) -> Iterator[Cell]:
    for column in range(sheet.row_len(row)):
        value = _value(sheet.cell_type(row, column), sheet.cell_value(row, column))
        if isinstance(value, str) and (row, column) in sheet.rich_text_runlist_map:
            value = _marked(value, sheet.rich_text_runlist_map[row, column], fonts)
        if value is not None:
            yield Cell(row + 1, column + 1, value, sheet.cell_xf_index(row, column))


def _marked(text: str, runs: Sequence[tuple[int, int]], fonts: Fonts) -> str:
    """The text with its letters that are struck out, raised or lowered told apart; what is before the runs is plain."""
    unmarked: list[str] = []
    looks: list[tuple[str, tuple[object, ...]]] = []
    start, is_marked, look = 0, False, _look(None)
    for next_start, number in (*runs, (len(text), 0)):
        if not is_marked:
            unmarked.append(text[start:next_start])
        looks.append((text[start:next_start], look))
        font = fonts[number] if number < len(fonts) else None
        start, is_marked = next_start, font is not None and bool(font.struck_out or font.escapement)
        look = _look(font)
    plain = "".join(unmarked)
    return text_of_runs(looks) if plain == text else MarkedText(text, plain)


def _look(font: xlrd.formatting.Font | None) -> tuple[object, ...]:
    """What a reader sees of a font: its colour, whether it is bold, italic or underlined."""
    if font is None:
        return (None, False, False, False)
    colour = None if font.colour_index in _BLACK else font.colour_index
    return colour, bool(font.bold), bool(font.italic), bool(font.underline_type)


def _value(kind: int, raw: str | float) -> CellValue:
    if kind == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(int(raw), "#VALUE!"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(raw)
    if kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:  # a day is a number under a format, as in .xlsx
        return as_stored(float(raw))
    if kind == xlrd.XL_CELL_TEXT:
        return str(raw) or None
    return None
