"""The formulas of a workbook as they are stored, without reading anything else of it."""

from __future__ import annotations

import re
from typing import TypeAlias

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.ooxml.lexer import has_markup, plain_text
from cchc_excel.excel.ooxml.values import READERS
from cchc_excel.excel.patching.original import Original, rows_of
from cchc_excel.excel.patching.plain_places import PlainCells, Position
from cchc_excel.grid import CellValue

_ROW_OPEN = b"<row "
_PREFIXED = re.compile(rb":f[ >]")
_PLAIN = re.compile(  # possessive, since nothing here can be read in two ways: a third less time
    rb'<c r="([A-Z]++[0-9]++)"(?: s="[0-9]++")?+(?: t="(n|s|str|b|e)")?+>'
    rb"<f>([^<]*+)</f>(?:<v>([^<]*+)</v>|<v/>)?+</c>"
)


StoredFormula: TypeAlias = tuple[bytes, bytes, bytes, bytes]
"""A formula as it is stored, in UTF-8 and with entities: the cell, the type of its result, its text, the result."""


def stored_formulas(original: Original, sheet: str) -> list[StoredFormula] | None:
    """Return the formulas of a sheet; None if one is written another way (shared, of an array, with a prefix)."""
    found: list[StoredFormula] = []
    for row in rows_of(original.part(original.sheets[sheet])).split(_ROW_OPEN):
        of_row = _of_row(row)
        if of_row is None:
            return None
        found += of_row
    return found


def _of_row(row: bytes) -> tuple[StoredFormula, ...] | None:
    """The formulas of a row, or of what stands before the first one."""
    if has_markup(row) or (b":f" in row and _PREFIXED.search(row)):
        return None
    found: list[StoredFormula] = _PLAIN.findall(row)
    return tuple(found) if len(found) == row.count(b"<f") else None


def stored_result(original: Original, formula: StoredFormula) -> CellValue:
    """The result that is stored with a formula; None if it was never calculated.

    Raises DamagedWorkbook for one that no cell can hold.
    """
    _, kind, _, result = formula
    if kind == b"s":
        return READERS["s"](result.decode("utf-8"), original.strings)
    text = plain_text(result.decode("utf-8"))
    if kind == b"str" and not text:
        return text  # an empty text is a result, too
    return READERS[kind.decode() or "n"](text, [])


def formula_text(stored: bytes) -> str:
    """The text of a formula. Raises DamagedWorkbook for an entity that XML does not know."""
    return plain_text(stored.decode("utf-8"))


def value_at(original: Original, sheet: str, row: int, column: int) -> CellValue:
    """The value in a cell. Raises DamagedWorkbook for one that no cell can hold, or that is not plainly written."""
    cells = original.worksheet(original.sheets[sheet], {row}).cells
    if not isinstance(cells, PlainCells):
        raise DamagedWorkbook("not plain")
    content = cells.content(Position(row, column))
    if content is None:
        return None
    kind, text = content
    return READERS[kind](plain_text(text), original.strings if kind == "s" else [])
