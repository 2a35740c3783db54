"""A worksheet part with some cells rewritten and every other byte as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.limits import MAX_COLUMN, MAX_ROW
from cchc_excel.excel.ooxml.xml_text import attribute_xml, content_xml, text_xml
from cchc_excel.excel.patching.plain_places import PlainCells, Position, plain_places
from cchc_excel.excel.patching.positions import Element, Splice, as_utf8, elements, filled, spliced
from cchc_excel.grid import Range, column_letters, column_number

_CELLS = re.compile(r"(?P<left>[A-Z]{1,3})(?P<top>[0-9]{1,7})(?::(?P<right>[A-Z]{1,3})(?P<bottom>[0-9]{1,7}))?")
_COLUMNS = re.compile(r"(?P<left>[A-Z]{1,3}):(?P<right>[A-Z]{1,3})")
_ROWS = re.compile(r"(?P<top>[0-9]{1,7}):(?P<bottom>[0-9]{1,7})")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_LAST_COLUMN = column_letters(MAX_COLUMN)
_COLUMN_ATTRIBUTE = re.compile(rb"""\s(min|max|style)=["'](\d+)["']""")
_OF_THE_CONTENT = frozenset({"t", "vm", "cm"})  # vm names a picture or record that stands in the cell
_OF_THE_RESULT = frozenset({"t", "vm"})  # vm says more of an error; cm says that the formula may fill several cells
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class Written(NamedTuple):
    """What one cell shall hold: a number as decimal text, a text, or nothing; and its style, None to keep it.

    `keep_content` leaves the content as it is (only the style changes); `cached` changes only the
    stored result of a formula, which may be a truth, too.
    """

    number: str | None = None
    text: str | None = None
    style: int | None = None
    keep_content: bool = False
    cached: bool = False
    truth: bool | None = None


class Worksheet:
    """The cells of one worksheet part, with where each stands.

    `rows`: only cells of these rows will be asked for, besides those that `look_at` adds; None: of any row.
    """

    def __init__(self, data: bytes, rows: AbstractSet[int] | None = None) -> None:
        self.data = as_utf8(data)
        self.rows: Mapping[int, Element] = {}
        self.cells: Mapping[Position, Element] = {}
        self.formulas: set[Position] = set()
        self.values: dict[Position, Element] = {}
        self.merged: list[Range] = []
        self.filled: list[Range] = []
        plain = plain_places(self.data)
        if plain is not None:
            self.sheet_data, self.rows, self.cells = plain.sheet_data, plain.rows, plain.cells
            self.merged = [range_of(reference) for reference in plain.merged]
            self.look_at(plain.rows.keys() if rows is None else rows)
        else:
            self._by_expat()

    def look_at(self, rows: AbstractSet[int]) -> None:
        """Make sure of the cells of these rows: where one is not written the plain way, expat reads them all."""
        if isinstance(self.cells, PlainCells) and not self.cells.are_plain(rows):
            self._by_expat()

    def _by_expat(self) -> None:
        self.merged.clear()
        found = elements(self.data, {"sheetData", "row", "c", "f", "v", "mergeCell"})
        sheet_data = next((element for element in found if element.name == "sheetData"), None)
        if sheet_data is None:
            raise DamagedWorkbook("sheetData")
        self.sheet_data = sheet_data
        self._place(found)

    def _place(self, found: Sequence[Element]) -> None:
        row = column = 0
        position = Position(0, 0)
        cells: dict[Position, Element] = {}
        rows: dict[int, Element] = {}
        self.cells, self.rows = cells, rows
        # what names no row or column stands behind the one before it
        for element in found:
            match element.name:
                case "row" if element.parent == "sheetData":  # a control's anchor has rows, too
                    row, column = int(element.attributes.get("r", row + 1)), 0
                    rows[row] = element
                case "c" if element.parent == "row":
                    written = element.attributes.get("r")
                    letters = written.rstrip("0123456789") if written else ""
                    if written and written != f"{letters}{row}":
                        raise DamagedWorkbook(written)  # it says that it stands in another row
                    column = column_number(letters) if letters else column + 1
                    position = Position(row, column)
                    cells[position] = element
                case "f" if element.parent == "c":
                    self.formulas.add(position)
                    if element.attributes.get("t") in {"array", "dataTable"} and "ref" in element.attributes:
                        self.filled.append(range_of(element.attributes["ref"]))
                case "v" if element.parent == "c":
                    self.values[position] = element
                case "mergeCell" if element.parent == "mergeCells":
                    self.merged.append(range_of(element.attributes.get("ref", "A1")))

    def is_calculated(self, position: Position) -> bool:
        """Whether a formula stands in the cell, or one of another cell fills it (an array, a data table)."""
        if self._has_formula(position):
            return True
        for top, left, bottom, right in self.filled:
            if top <= position.row <= bottom and left <= position.column <= right:
                return True
        return False

    def _has_formula(self, position: Position) -> bool:
        return self.cells.has_formula(position) if isinstance(self.cells, PlainCells) else position in self.formulas

    def _value(self, position: Position) -> Element | None:
        return self.cells.value(position) if isinstance(self.cells, PlainCells) else self.values.get(position)

    def is_hidden_by_merge(self, position: Position) -> bool:
        """Whether the cell is part of a merged cell, but not its visible corner."""
        row, column = position
        for top, left, bottom, right in self.merged:  # no generator: it is asked for every changed cell
            if top <= row <= bottom and left <= column <= right and (top, left) != position:
                return True
        return False

    def style_of(self, position: Position) -> int:
        """The style of a cell, or the one that its row or column gives it if it is not there."""
        element = self.cells.get(position)
        if element is not None:
            return int(element.attributes.get("s", "0"))
        row = self.rows.get(position.row)
        if row is not None and row.attributes.get("customFormat") in {"1", "true"}:
            return int(row.attributes.get("s", "0"))
        for column in _COLUMN.findall(self.data, 0, self.sheet_data.start):
            given = {name: int(value) for name, value in _COLUMN_ATTRIBUTE.findall(column)}
            # one <col> tells of all columns from `min` to `max`
            if given.get(b"min", 0) <= position.column <= given.get(b"max", 0):
                return given.get(b"style", 0)
        return 0

    def raw(self, position: Position) -> bytes:
        """The bytes of one cell; empty if it is not there."""
        element = self.cells.get(position)
        return self.data[element.start : element.end] if element else b""

    def edited(self, changes: Mapping[Position, Written]) -> bytes:
        """Return the part with these cells rewritten; cells and rows that are missing are put in at their place."""
        present = sorted(position for position in changes if position in self.cells)
        missing = sorted(changes.keys() - set(present))
        splices = [self._changed(position, changes[position]) for position in present]

        cells_of: dict[int, list[tuple[Position, bytes]]] = {}
        for position in missing:
            cells_of.setdefault(position.row, []).append((position, self._new_cell(position, changes[position])))
        cells_of_new_rows: dict[int, list[tuple[Position, bytes]]] = {}
        for number, cells in cells_of.items():
            if number in self.rows:
                splices += self._put_into(self.rows[number], cells)
            else:
                cells_of_new_rows[number] = cells
        splices += self._new_rows(cells_of_new_rows)
        return spliced(self.data, splices)

    def _changed(self, position: Position, written: Written) -> Splice:
        """The change of a cell that is there: of its result alone where that will do."""
        return self._result_alone(position, written) or self._rewritten(position, self.cells[position], written)

    def _new_cell(self, position: Position, written: Written) -> bytes:
        """A cell that is not there, in the style that its row or column gives it."""
        if written.style is None:
            written = written._replace(style=self.style_of(position) or None)
        row = self.rows.get(position.row) or self.sheet_data
        return self._cell(position, row.prefix, {}, written)

    def _put_into(self, row: Element, cells: Sequence[tuple[Position, bytes]]) -> list[Splice]:
        """The changes that put new cells into a row that is there."""
        if row.is_empty:
            return [filled(self.data, row, b"".join(cell for _, cell in cells))]
        return [self._inserted(position, row, cell) for position, cell in cells]

    def _new_rows(self, cells_of: Mapping[int, Sequence[tuple[Position, bytes]]]) -> list[Splice]:
        """The changes that put rows in, each with its new cells."""
        tag = f"{self.sheet_data.prefix}row"
        rows: dict[int, bytes] = {}
        for number, cells in cells_of.items():
            inner = b"".join(cell for _, cell in cells)
            rows[number] = _element(tag, {"r": str(number)}, inner)
        if rows and self.sheet_data.is_empty:
            return [filled(self.data, self.sheet_data, b"".join(rows.values()))]
        return [self._new_row(number, row) for number, row in rows.items()]

    def _result_alone(self, position: Position, written: Written) -> Splice | None:
        """Only the text in `<v>`, where the old result was of the same type, as nearly all are; else None."""
        if not written.cached or written.style is not None or not isinstance(self.cells, PlainCells):
            return None
        old = self.cells.result(position)
        if old is None:  # none is stored, or it is neither a number nor a text
            return None
        old_kind = "str" if old.is_text else ""
        kind, result = _stored(written)
        if kind != old_kind:
            return None
        return Splice(old.start, old.end, result.encode())

    def _rewritten(self, position: Position, element: Element, written: Written) -> Splice:
        """A cell that is there with another content, another style, or another stored result."""
        if written.cached:
            return self._recalculated(position, element, written)
        if written.keep_content:
            return self._restyled(element, written)
        kept = {key: value for key, value in element.attributes.items() if key not in _OF_THE_CONTENT}
        if "s" in kept:
            kept["s"] = kept.pop("s")  # behind the others, as the cells of other programs have it
        return Splice(element.start, element.end, self._cell(position, element.prefix, kept, written))

    def _restyled(self, element: Element, written: Written) -> Splice:
        """The same content in another style."""
        kept = dict(element.attributes)
        if written.style is not None:
            kept["s"] = str(written.style)
        inner = self.data[element.inside : element.close] if not element.is_empty else b""
        return Splice(element.start, element.end, _element(element.tag, kept, inner))

    def _recalculated(self, position: Position, element: Element, written: Written) -> Splice:
        """Only the stored result: `<v>` is replaced or put in after the formula; the type becomes the result's."""
        kept = {key: value for key, value in element.attributes.items() if key not in _OF_THE_RESULT}
        if written.style is not None:
            kept["s"] = str(written.style)
        kind, result = _stored(written)
        if kind:
            kept["t"] = kind
        value = f"<{element.prefix}v>{result}</{element.prefix}v>".encode()
        old = self._value(position)
        start = end = element.close
        if old is not None:
            start, end = old.start, old.end
        inner = self.data[element.inside : start] + value + self.data[end : element.close]
        return Splice(element.start, element.end, _element(element.tag, kept, inner))

    def _cell(self, position: Position, prefix: str, attributes: Mapping[str, str], written: Written) -> bytes:
        """A cell with these attributes and what is written; one without any says where it stands."""
        attributes = dict(attributes)
        if not attributes:
            attributes["r"] = str(position)
        if written.style is not None:
            attributes["s"] = str(written.style)
        inner = b""
        if written.number is not None:
            inner = f"<{prefix}v>{written.number}</{prefix}v>".encode()
        elif written.text is not None:
            attributes["t"] = "inlineStr"
            inner = text_xml(written.text, prefix).encode()
        return _element(f"{prefix}c", attributes, inner)

    def _inserted(self, position: Position, row: Element, cell: bytes) -> Splice:
        """Put a cell into a row that is there, before the first cell to its right."""
        place = row.close
        for other in self.cells:
            if other.row == position.row and other.column > position.column:
                place = self.cells[other].start
                break
        return Splice(place, place, cell)

    def _new_row(self, number: int, row: bytes) -> Splice:
        below = next((other for other in self.rows if other > number), None)
        place = self.rows[below].start if below is not None else self.sheet_data.close
        return Splice(place, place, row)


def _stored(written: Written) -> tuple[str, str]:
    """The type of a stored result and the result, both as the file says them. A number needs no type."""
    if written.truth is not None:
        return "b", str(int(written.truth))
    if written.number is not None:
        return "", written.number
    return "e" if written.text in _ERRORS else "str", content_xml(written.text or "")


def _element(tag: str, attributes: Mapping[str, str], inner: bytes) -> bytes:
    opening = tag + "".join([f' {key}="{attribute_xml(value)}"' for key, value in attributes.items()])
    if not inner:
        return f"<{opening}/>".encode()
    return f"<{opening}>".encode() + inner + f"</{tag}>".encode()


def range_of(reference: str) -> Range:
    """The cells of a reference: `D10`, `$A$1:C3`, whole columns `B:C`, whole rows `2:3`.

    Raises DamagedWorkbook for what is none.
    """
    plain = reference.replace("$", "")
    found = _CELLS.fullmatch(plain) or _COLUMNS.fullmatch(plain) or _ROWS.fullmatch(plain)
    if found is None:
        raise DamagedWorkbook(reference)
    corners = found.groupdict()
    left, top = corners.get("left", "A"), corners.get("top", "1")
    right, bottom = corners.get("right", _LAST_COLUMN), corners.get("bottom", MAX_ROW)
    return Range(int(top), column_number(left), int(bottom or top), column_number(right or left))
