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
    opening = start - len(_OPEN)
    sheet_data = Element("sheetData", "sheetData", {}, "worksheet", opening, start, end, end + len(_CLOSE))
    spans = _rows_between(data, start, end)
    if spans is None:
        return None
    rows = PlainRows(data, spans)
    return Places(sheet_data, rows, PlainCells(data, rows), merged)


def _rows_between(data: bytes, start: int, end: int) -> dict[int, tuple[int, int]] | None:
    """Where each row begins and ends, by number; None if they do not rise, or one does not begin the plain way."""
    between, *rows = data[start:end].split(_ROW_OPEN)
    spans: dict[int, tuple[int, int]] = {}
    at, last = start + len(between), 0
    for row in rows:
        named = _ROW.match(row)
        if named is None or int(named[1]) <= last:
            return None
        last, to = int(named[1]), at + len(_ROW_OPEN) + len(row)
        spans[last] = (at, to)
        at = to
    return spans


def differing_cells(old: bytes, new: bytes) -> set[Position] | None:
    """Return the cells whose bytes differ between two worksheets that are the same in all else; None if it is not so.

    That is what nearly every correction leaves behind, and this sees it without looking into the cells that are equal.
    """
    one = _span_of_rows(old)
    if one is None or old[: one[0]] != new[: one[0]]:
        return None
    end = new.find(_CLOSE, one[0])
    if end < 0 or old[one[1] :] != new[end:]:
        return None
    found: set[Position] = set()
    for before, after in _unequal(old[slice(*one)], new[one[0] : end], _ROW_OPEN):
        for mine, theirs in _unequal(before, after, _CELL_OPEN):
            was, now = _CELL.match(_CELL_OPEN + mine), _CELL.match(_CELL_OPEN + theirs)
            if was is None or now is None or was.group(1, 2) != now.group(1, 2) or b"<" in now[3]:
                return None
            if mine[was.end() - len(_CELL_OPEN) :] != theirs[now.end() - len(_CELL_OPEN) :]:
                return None
            found.add(Position(int(was[2]), column_number(was[1].decode("ascii"))))
    return found


def _unequal(one: bytes, other: bytes, between: bytes) -> list[tuple[bytes, bytes]]:
    """The pieces of two texts that differ; of texts that have not as many the texts."""
    left, right = one.split(between), other.split(between)
    if len(left) != len(right):
        return [(one, other)]
    return list(compress(zip(left, right, strict=True), map(ne, left, right)))


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
        attributes = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(opening[0])}
        if opening[3]:
            return Element("row", "row", attributes, "sheetData", start, inside, inside, inside)
        close = self.data.index(b"</row>", inside)
        return Element("row", "row", attributes, "sheetData", start, inside, close, close + len(b"</row>"))

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
        return all(row_is_plain(self.data[slice(*spans[number])]) for number in new if number in spans)

    def _match(self, at: Position) -> re.Match[bytes] | None:
        if at not in self._found:
            self._found[at] = self._searched(at)
        return self._found[at]

    def _searched(self, at: Position) -> re.Match[bytes] | None:
        place = self.data.find(f'<c r="{at}"'.encode(), *self.rows.spans.get(at.row, (0, 0)))
        return _CELL.match(self.data, place) if place >= 0 else None

    def has_formula(self, at: Position) -> bool:
        match = self._match(at)
        return match is not None and match[4] is not None

    def content(self, at: Position) -> tuple[str, str] | None:
        """The type of a cell and its content as written; None if it is not there or holds nothing."""
        match = self._match(at)
        if match is None or not (match[5] or match[6]):
            return None
        kind = _TYPE.search(match[3])
        return kind[1].decode("ascii") if kind else "n", (match[5] or match[6]).decode("utf-8")

    def value(self, at: Position) -> Element | None:
        """The element of the cell's value."""
        match = self._match(at)
        if match is None or match[5] is None:
            return None
        first, last = match.span(5)
        return Element("v", "v", {}, "c", first - len(b"<v>"), first, last, last + len(b"</v>"))

    def result(self, at: Position) -> Result | None:
        """Where the stored result of a formula stands, if it is a number or a text."""
        match = self._match(at)
        if match is None or match[4] is None:
            return None
        kind = _TYPE.search(match[3])
        if kind is not None and kind[1] not in {b"n", b"str"}:
            return None
        return Result(*match.span(5), is_text=kind is not None and kind[1] == b"str")

    def __getitem__(self, at: Position) -> Element:
        if at not in self._elements:
            match = self._match(at)
            if match is None:
                raise KeyError(at)
            self._elements[at] = _element(match)
        return self._elements[at]

    def get(self, at: Position, default: Element | None = None) -> Element | None:  # type: ignore[override]
        return self[at] if self._match(at) is not None else default

    def __iter__(self) -> Iterator[Position]:
        for match in _CELL.finditer(self.data):
            yield Position(int(match[2]), column_number(match[1].decode("ascii")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _look(attributes: bytes) -> Mapping[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(attributes)}


def _element(match: re.Match[bytes]) -> Element:
    attributes = {"r": (match[1] + match[2]).decode("ascii"), **_look(match[3])}
    start, end = match.span()
    inside = match.end(3) + 1
    return Element("c", "c", attributes, "row", start, inside, end if inside == end else end - len(b"</c>"), end)
