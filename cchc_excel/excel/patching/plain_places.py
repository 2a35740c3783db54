"""Where the rows and cells of a plainly written worksheet stand, in bytes; plain as in `lexer`.

A place is looked up when it is asked for, in a row that was looked at closely: of thousands of cells
a correction touches a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import compress
from operator import ne
from typing import NamedTuple

from cchc_excel.excel.ooxml.lexer import CELL, ROW_OPENING, has_markup, row_is_plain
from cchc_excel.excel.patching.positions import Element
from cchc_excel.grid import column_letters, column_number

_CELL = re.compile(CELL.pattern.encode("ascii"))
_ROW_TAG = re.compile(b"<row " + ROW_OPENING.pattern.encode("ascii"))
_ROW = re.compile(rb' r="([1-9][0-9]{0,6})"')
_TYPE = re.compile(rb' t="([A-Za-z]+)"')
_ATTRIBUTE = re.compile(rb' ([A-Za-z0-9:]+)="([^"<&]*)"')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+\d+(?::[A-Z]+\d+)?)"/>')
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_ROW_OPEN, _CELL_OPEN = b"<row", b"<c "


class Position(NamedTuple):
    """A cell by row and column, both from 1."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


class Result(NamedTuple):
    """Where the stored result of a formula stands, and whether it is a text."""

    start: int
    end: int
    is_text: bool


class Places(NamedTuple):
    """The elements of a worksheet that an edit may touch."""

    sheet_data: Element
    rows: PlainRows
    cells: PlainCells
    merged: list[str]


def plain_places(data: bytes) -> Places | None:
    """Return where rows and cells stand, or None if the rows are written another way.

    Cells may be asked for in rows that `PlainCells.are_plain` has found to be plain.
    """
    span = _span_of_rows(data)
    if span is None or data.rfind(b"<f ", *span) >= 0:  # perhaps of an array, which fills other rows, too
        return None
    start, end = span
    merged = [match.decode("ascii") for match in _MERGE.findall(data, end)]
    if data.count(b"<mergeCell ", end) != len(merged):
        return None
    sheet_data = _plain_element(
        "sheetData", {}, "worksheet", start=start - len(_OPEN), inside=start, close=end, end=end + len(_CLOSE)
    )
    spans = _rows_between(data, start, end)
    if spans is None:
        return None
    rows = PlainRows(data, spans)
    return Places(sheet_data, rows, PlainCells(data, rows), merged)


def _rows_between(data: bytes, start: int, end: int) -> dict[int, tuple[int, int]] | None:
    """Where each row begins and ends, by number; None if they do not rise, or one does not begin the plain way."""
    before_rows, *rows = data[start:end].split(_ROW_OPEN)
    spans: dict[int, tuple[int, int]] = {}
    row_start, last_number = start + len(before_rows), 0
    for row in rows:
        named = _ROW.match(row)
        if named is None:
            return None
        number = int(named[1])
        if number <= last_number:
            return None
        row_end = row_start + len(_ROW_OPEN) + len(row)
        spans[number] = (row_start, row_end)
        row_start, last_number = row_end, number
    return spans


def differing_cells(old: bytes, new: bytes) -> set[Position] | None:
    """Return the cells whose bytes differ between two worksheets that are the same in all else; None if it is not so.

    That is what nearly every correction leaves behind, and this sees it without looking into the cells that are equal.
    """
    span = _span_of_rows(old)
    if span is None:
        return None
    start, end = span
    new_end = new.find(_CLOSE, start)
    if new_end < 0 or old[:start] != new[:start] or old[end:] != new[new_end:]:
        return None
    found: set[Position] = set()
    for old_row, new_row in _unequal(old[start:end], new[start:new_end], _ROW_OPEN):
        for old_cell, new_cell in _unequal(old_row, new_row, _CELL_OPEN):
            position = _cell_that_differs(old_cell, new_cell)
            if position is None:
                return None
            found.add(position)
    return found


def _cell_that_differs(old: bytes, new: bytes) -> Position | None:
    """The cell that both pieces begin with, behind its `<c `; None if it is not one cell, or what follows differs too.

    The old worksheet is known to hold no comment; in the attributes of a new cell one could hide.
    """
    old_cell, new_cell = _CELL.match(_CELL_OPEN + old), _CELL.match(_CELL_OPEN + new)
    if old_cell is None or new_cell is None or old_cell.group(1, 2) != new_cell.group(1, 2) or b"<" in new_cell[3]:
        return None
    after_old = old[old_cell.end() - len(_CELL_OPEN) :]
    after_new = new[new_cell.end() - len(_CELL_OPEN) :]
    if after_old != after_new:
        return None
    letters, number = old_cell.group(1, 2)
    return Position(int(number), column_number(letters.decode("ascii")))


def _unequal(old: bytes, new: bytes, between: bytes) -> list[tuple[bytes, bytes]]:
    """The pieces of two texts that differ; the whole texts if they have not as many pieces."""
    old_pieces, new_pieces = old.split(between), new.split(between)
    if len(old_pieces) != len(new_pieces):
        return [(old, new)]
    pairs = zip(old_pieces, new_pieces, strict=True)
    return list(compress(pairs, map(ne, old_pieces, new_pieces)))


def _span_of_rows(data: bytes) -> tuple[int, int] | None:
    """Where the rows begin and end, if nothing around them can hide or hold another one."""
    start, end = data.find(_OPEN), data.find(_CLOSE)
    if start < 0 or end < start or has_markup(data):
        return None
    return start + len(_OPEN), end


class PlainRows(Mapping[int, Element]):
    """Rows by number."""

    def __init__(self, data: bytes, spans: Mapping[int, tuple[int, int]]) -> None:
        self.data, self.spans = data, spans

    def __getitem__(self, number: int) -> Element:
        start, _ = self.spans[number]
        opening = _ROW_TAG.match(self.data, start)
        assert opening is not None  # noqa: S101 - it was when the row was found plain
        inside = opening.end()
        is_self_closing = bool(opening[3])
        close = end = inside
        if not is_self_closing:
            close = self.data.index(b"</row>", inside)
            end = close + len(b"</row>")
        attributes = _attributes(opening[0])
        return _plain_element("row", attributes, "sheetData", start=start, inside=inside, close=close, end=end)

    def __iter__(self) -> Iterator[int]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)


class PlainCells(Mapping[Position, Element]):
    """Cells by position."""

    def __init__(self, data: bytes, rows: PlainRows) -> None:
        self.data, self.rows = data, rows
        self._found: dict[Position, re.Match[bytes] | None] = {}
        self._elements: dict[Position, Element] = {}
        self._plain: set[int] = set()  # rows that were looked at

    def are_plain(self, rows: AbstractSet[int]) -> bool:
        """Whether these rows are written the plain way; those that are not there are."""
        new = rows - self._plain
        if not new:
            return True
        self._plain |= new
        spans = self.rows.spans
        for number in new:
            if number in spans:
                start, end = spans[number]
                if not row_is_plain(self.data[start:end]):
                    return False
        return True

    def _match(self, position: Position) -> re.Match[bytes] | None:
        if position not in self._found:
            self._found[position] = self._searched(position)
        return self._found[position]

    def _searched(self, position: Position) -> re.Match[bytes] | None:
        start, end = self.rows.spans.get(position.row, (0, 0))
        place = self.data.find(f'<c r="{position}"'.encode(), start, end)
        return _CELL.match(self.data, place) if place >= 0 else None

    def has_formula(self, position: Position) -> bool:
        match = self._match(position)
        return match is not None and match[4] is not None

    def content(self, position: Position) -> tuple[str, str] | None:
        """The type of a cell and its content as written; None if it is not there or holds nothing."""
        match = self._match(position)
        if match is None:
            return None
        content = match[5] or match[6]  # of its value, or of its inline string
        if not content:
            return None
        kind = _TYPE.search(match[3])
        return kind[1].decode("ascii") if kind else "n", content.decode("utf-8")

    def value(self, position: Position) -> Element | None:
        """The element of the cell's value."""
        match = self._match(position)
        if match is None or match[5] is None:
            return None
        start, end = match.span(5)
        return _plain_element("v", {}, "c", start=start - len(b"<v>"), inside=start, close=end, end=end + len(b"</v>"))

    def result(self, position: Position) -> Result | None:
        """Where the stored result of a formula stands, if it is a number or a text."""
        match = self._match(position)
        if match is None or match[4] is None:
            return None
        kind = _TYPE.search(match[3])
        if kind is not None and kind[1] not in {b"n", b"str"}:
            return None
        start, end = match.span(5)
        return Result(start, end, is_text=kind is not None and kind[1] == b"str")

    def __getitem__(self, position: Position) -> Element:
        if position not in self._elements:
            match = self._match(position)
            if match is None:
                raise KeyError(position)
            self._elements[position] = _cell_element(match)
        return self._elements[position]

    def get(self, position: Position, default: Element | None = None) -> Element | None:  # type: ignore[override]
        return self[position] if self._match(position) is not None else default

    def __iter__(self) -> Iterator[Position]:
        for match in _CELL.finditer(self.data):
            yield Position(int(match[2]), column_number(match[1].decode("ascii")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}


def _cell_element(match: re.Match[bytes]) -> Element:
    attributes = {"r": (match[1] + match[2]).decode("ascii"), **_attributes(match[3])}
    start, end = match.span()
    inside = match.end(3) + len(b">")
    close = end if inside == end else end - len(b"</c>")
    return _plain_element("c", attributes, "row", start=start, inside=inside, close=close, end=end)


def _plain_element(
    name: str, attributes: dict[str, str], parent: str, *, start: int, inside: int, close: int, end: int
) -> Element:
    """An element without a prefix."""
    return Element(name, name, attributes, parent, start, inside, close, end)
