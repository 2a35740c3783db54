"""An .xlsx or .xlsm package → Grid, in one pass over each part's XML.

It stands in for openpyxl, which is ten times slower, and for calamine, which hides errors,
formulas and number formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.grid import Cell, CellError, CellValue, Grid, Range, Sheet, column_number
from cchc_excel.ooxml.lexer import RawSheet, plain_sheet, plain_strings
from cchc_excel.ooxml.package import Package, local, parse
from cchc_excel.ooxml.styles import read_styles

MAX_CELLS = 2_000_000  # filled cells; a province's largest workbook has some 30,000
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHEET_KINDS = frozenset({"worksheet"})


def read_workbook(data: bytes) -> Grid:
    """Return the grid of a workbook's bytes. Raises a subclass of UnreadableWorkbook, and nothing else."""
    package = Package(data)
    roots = {it.kind: it.target for it in package.relationships("").values()}
    main = roots.get("officeDocument")
    if main is None:
        raise DamagedWorkbook("officeDocument")
    book = _Book()
    parse(package.part(main), main, book.start, book.end, book.text)
    related = package.relationships(main)
    by_kind = {it.kind: it.target for it in related.values()}
    strings = _strings(package, by_kind.get("sharedStrings"))
    styles = read_styles(package, by_kind.get("styles"))
    sheets = []
    left = MAX_CELLS
    for name, state, relation in book.sheets:
        target = related.get(relation)
        if target is None or target.kind not in _SHEET_KINDS:
            continue
        reader = _SheetReader(strings, left)
        reader.read(package.part(target.target), target.target)
        left = reader.left
        sheets.append(reader.sheet(name, visible=state in {"", "visible"}))
    if not sheets:
        raise DamagedWorkbook("no worksheet")
    properties = _properties(package, roots.get("custom-properties"))
    return Grid(tuple(sheets), styles, book.names, properties, book.date1904)


@dataclass(slots=True)
class _Book:
    """The workbook part: sheets with their relationship, defined names, the date system."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    date1904: bool = False
    _name: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match local(tag):
            case "sheet":
                relation = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
                self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), relation))
            case "workbookPr":
                self.date1904 = attributes.get("date1904") in {"1", "true"}
            case "definedName":
                own = "localSheetId" not in attributes and not attributes.get("name", "").startswith("_xlnm")
                self._name = attributes.get("name") if own else None

    def end(self, tag: str) -> None:
        if local(tag) == "definedName":
            self._name = None

    def text(self, text: str) -> None:
        if self._name is not None:
            self.names[self._name] = self.names.get(self._name, "") + text


def _strings(package: Package, name: str | None) -> list[str]:
    """The shared strings; the runs of a rich text are joined, phonetic guides left out."""
    strings: list[str] = []
    if name is None or not package.has(name):
        return strings
    pieces: list[str] = []
    inside = phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside, phonetic
        name = local(tag)
        if name == "t":
            inside = not phonetic
        elif name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal inside, phonetic
        name = local(tag)
        if name == "t":
            inside = False
        elif name == "si":
            strings.append(_unescaped("".join(pieces)))
        elif name == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if inside:
            pieces.append(data)

    data = package.part(name)
    plain = plain_strings(data)
    if plain is not None:
        return [_unescaped(one) for one in plain]
    parse(data, name, start, end, text)
    return strings


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _SheetReader:
    """One worksheet part, element by element."""

    def __init__(self, strings: list[str], left: int) -> None:
        self.strings, self.left = strings, left
        self.rows: dict[int, dict[int, Cell]] = {}
        self.cells: dict[int, Cell] = {}
        self.row = self.column = 0
        self.kind = self.style = self.value = self.formula = ""
        self.has_formula = False
        self.into: str | None = None
        self.phonetic = False
        self.merges: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.shared: dict[str, str] = {}
        self.shared_id = ""

    def read(self, data: bytes, name: str) -> None:
        """Read the part: its rows the short way if they are plain, and all else by expat."""
        plain = plain_sheet(data)
        if plain is not None:
            self._put(plain)
            data = plain.around
        parse(data, name, self.start, self.end, self.text)

    def _put(self, plain: RawSheet) -> None:
        self.hidden_rows |= plain.hidden_rows
        self.left -= len(plain.cells)
        if self.left < 0:
            raise WorkbookTooLarge("cells")
        rows, strings = self.rows, self.strings
        for row, column, style, kind, formula, text in plain.cells:
            if kind == "s" and text.isdecimal() and (index := int(text)) < len(strings):
                value: CellValue = strings[index] or None
            else:
                value = _READERS[kind](text, strings) if text else None
            if value is None and not formula:
                continue
            cell = Cell(row, column, value, int(style) if style else 0, formula or None)
            if row in rows:
                rows[row][column] = cell
            else:
                rows[row] = {column: cell}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self._open_cell(attributes)
        elif name == "v":
            self.into = "value"
        elif name == "t":
            self.into = None if self.phonetic else "value"
        elif name == "f":
            self.into, self.has_formula = "formula", True
            self.shared_id = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif name == "row":
            self._open_row(attributes)
        elif name == "rPh":
            self.phonetic = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            self.hidden_columns.append((_whole(attributes.get("min")), _whole(attributes.get("max"))))

    def _open_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        self.row = _whole(written) if written else self.row + 1
        self.column = 0
        self.cells = {}
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self.row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip("0123456789")
            self.column = _COLUMNS.get(letters) or _column(letters)
        else:
            self.column += 1
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        self.value = self.formula = ""
        self.has_formula = False

    def text(self, data: str) -> None:
        if self.into == "value":
            self.value += data
        elif self.into == "formula":
            self.formula += data

    def end(self, tag: str) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self._close_cell()
        elif name in {"v", "t", "f"}:
            self.into = None
        elif name == "row":
            if self.cells:
                self.rows.setdefault(self.row, {}).update(self.cells)
        elif name == "rPh":
            self.phonetic = False

    def _close_cell(self) -> None:
        formula = None
        if not self.value and not self.has_formula:
            return
        if self.has_formula:
            formula = self.formula or self.shared.get(self.shared_id, "")
            if self.shared_id and self.formula:
                self.shared[self.shared_id] = self.formula
        value = _READERS.get(self.kind, _number)(self.value, self.strings)
        if value is None and formula is None:
            return
        self.left -= 1
        if self.left < 0:
            raise WorkbookTooLarge("cells")
        style = self.style
        self.cells[self.column] = Cell(self.row, self.column, value, int(style) if style.isdecimal() else 0, formula)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, bottom = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if top and bottom:
            self.merges.append(Range(int(top[2]), _column(top[1]), int(bottom[2]), _column(bottom[1])))

    def sheet(self, name: str, *, visible: bool) -> Sheet:
        rows = self.rows
        ordered = {row: dict(sorted(rows[row].items())) for row in sorted(rows)}
        return Sheet(
            name, ordered, visible, tuple(self.merges), frozenset(self.hidden_rows), tuple(self.hidden_columns)
        )


def _whole(text: str | None) -> int:
    if not text:
        return 0
    try:
        return int(text)
    except ValueError as error:
        raise DamagedWorkbook(f"number: {text[:20]}") from error


_COLUMNS = {chr(65 + index): index + 1 for index in range(26)}


def _column(letters: str) -> int:
    letters = letters.replace("$", "").upper()
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise DamagedWorkbook(f"reference: {letters[:20]}")
    return column_number(letters)


def _number(text: str, _: list[str]) -> CellValue:
    if not text.strip():
        return None
    try:
        return int(text) if text.isdecimal() else _float(text)
    except ValueError as error:
        raise DamagedWorkbook(f"number: {text[:20]}") from error


def _float(text: str) -> int | float:
    if text[1:].isdecimal() and text[0] == "-":
        return int(text)
    number = float(text)
    if number != number or number in {float("inf"), float("-inf")}:
        raise ValueError(text)
    return number


def _shared(text: str, strings: list[str]) -> CellValue:
    if not text.strip():
        return None
    index = _whole(text)
    if not 0 <= index < len(strings):
        raise DamagedWorkbook(f"shared string {text[:20]}")
    return strings[index] or None


def _text(text: str, _: list[str]) -> CellValue:
    return _unescaped(text) or None


_READERS: Mapping[str, Callable[[str, list[str]], CellValue]] = {
    "n": _number,
    "s": _shared,
    "str": _text,
    "inlineStr": _text,
    "b": lambda text, _: text.strip() in {"1", "true"} if text.strip() else None,
    "e": lambda text, _: CellError(text.strip()) if text.strip() else None,
    "d": _text,
}


def _properties(package: Package, name: str | None) -> dict[str, str]:
    """Custom document properties as texts."""
    found: dict[str, str] = {}
    if name is None or not package.has(name):
        return found
    current: list[str] = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "property":
            current[0] = attributes.get("name", "")
            found[current[0]] = ""

    def text(data: str) -> None:
        if current[0]:
            found[current[0]] += data

    def end(tag: str) -> None:
        if local(tag) == "property":
            current[0] = ""

    parse(package.part(name), name, start, end, text)
    return {key: value.strip() for key, value in found.items()}
