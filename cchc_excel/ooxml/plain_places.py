"""Where the rows and cells of a plainly written worksheet stand, in bytes; the same tokens as in `lexer`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cchc_excel.grid import column_letters, column_number
from cchc_excel.ooxml.lexer import TOKEN
from cchc_excel.ooxml.positions import Element

_TOKEN = re.compile(TOKEN.pattern.encode("ascii"))
_ATTRIBUTE = re.compile(rb' ([A-Za-z0-9:]+)="([^"<&]*)"')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+\d+(?::[A-Z]+\d+)?)"/>')
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"


class Position(NamedTuple):
    """A cell by row and column, both from 1."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


class Places(NamedTuple):
    """The elements of a worksheet that an edit may touch."""

    sheet_data: Element
    rows: dict[int, Element]
    cells: PlainCells
    formulas: set[Position]
    values: dict[Position, Element]
    merged: list[str]


def plain_places(data: bytes) -> Places | None:
    """Return where rows and cells stand, or None if anything among them is written another way."""
    start, end = data.find(_OPEN), data.find(_CLOSE)
    if start < 0 or end < start or b"<!" in data[:start] or b"<!" in data[end:]:
        return None
    merged = [match.decode("ascii") for match in _MERGE.findall(data, end)]
    if data.count(b"<mergeCell ", end) != len(merged):
        return None
    sheet_data = Element("sheetData", "sheetData", {}, "worksheet", start, start + len(_OPEN), end, end + len(_CLOSE))
    places = Places(sheet_data, {}, PlainCells(data), set(), {}, merged)
    return places if _placed(data, places) else None


def plain_cells(data: bytes) -> tuple[dict[bytes, bytes], list[bytes], bytes] | None:
    """Return each cell by its reference, the tags of the rows, and all around them, as bytes; None as above."""
    start, end = data.find(_OPEN), data.find(_CLOSE)
    if start < 0 or end < start or b"<!" in data[:start] or b"<!" in data[end:]:
        return None
    cells: dict[bytes, bytes] = {}
    rows: list[bytes] = []
    length = 0
    for token in _TOKEN.findall(data, start + len(_OPEN), end):
        length += len(token[0])
        if token[1]:
            cells[token[1] + token[2]] = token[0]
        else:
            rows.append(token[0])
    around = data[:start] + data[end:]
    return (cells, rows, around) if length == end - start - len(_OPEN) else None


def _placed(data: bytes, places: Places) -> bool:
    at, end = places.sheet_data.inside, places.sheet_data.close
    opening: re.Match[bytes] | None = None
    number = 0
    for match in _TOKEN.finditer(data, at, end):
        if match.start() != at:
            return False
        at = match.end()
        if match[2] is not None:
            if opening is None or int(match[3]) != number:
                return False
            _cell(match, number, places)
        elif match[9] is not None:
            if opening is not None or int(match[9]) <= number:
                return False
            number = int(match[9])
            if match[11]:
                places.rows[number] = _row(match, match.end(), match.end())
            else:
                opening = match
        else:
            if opening is None:
                return False
            places.rows[number] = _row(opening, match.start(), match.end())
            opening = None
    return at == end and opening is None


def _row(opening: re.Match[bytes], close: int, end: int) -> Element:
    attributes = {"r": opening[9].decode("ascii")}
    attributes |= {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(opening[10])}
    return Element("row", "row", attributes, "sheetData", opening.start(), opening.end(), close, end)


class PlainCells(Mapping[Position, Element]):
    """Cells by position; an element is made of its match when it is asked for, since few of them change."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.matches: dict[Position, re.Match[bytes]] = {}

    def __getitem__(self, place: Position) -> Element:
        match = self.matches[place]
        attributes = {"r": str(place)}
        if match[4] is not None:
            attributes["s"] = match[4].decode("ascii")
        if match[5] is not None:
            attributes["t"] = match[5].decode("ascii")
        start, end = match.span()
        inside = self.data.index(b">", start) + 1
        close = end if inside == end else end - len(b"</c>")
        return Element("c", "c", attributes, "row", start, inside, close, end)

    def __iter__(self) -> Iterator[Position]:
        return iter(self.matches)

    def __len__(self) -> int:
        return len(self.matches)


def _cell(match: re.Match[bytes], row: int, places: Places) -> None:
    place = Position(row, column_number(match[2].decode("ascii")))
    places.cells.matches[place] = match
    if match[6] is not None:
        places.formulas.add(place)
    if match[7] is not None:
        first, last = match.span(7)
        places.values[place] = Element("v", "v", {}, "c", first - 3, first, last, last + 4)
