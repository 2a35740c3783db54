"""An .xlsx or .xlsm package → Grid, in one pass over each part's XML.

It stands in for openpyxl, which is ten times slower, and for calamine, which hides errors,
formulas and number formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar

from cchc_excel.errors import DamagedWorkbook, NotAWorkbook, WorkbookTooLarge
from cchc_excel.excel.limits import MAX_COLUMN, MAX_ROW, SMALL_PART, limits_of
from cchc_excel.excel.ooxml.book import custom_properties, read_book
from cchc_excel.excel.ooxml.comments import comments_on
from cchc_excel.excel.ooxml.lexer import PlainSheet, plain_sheet, plain_strings
from cchc_excel.excel.ooxml.package import Package, local, parse, small_part
from cchc_excel.excel.ooxml.styles import read_styles
from cchc_excel.excel.ooxml.values import (
    READERS,
    date_serial,
    unescaped,
    whole_number,
)
from cchc_excel.grid import (
    DAY_0,
    DAY_0_OF_1904,
    Cell,
    CellStyle,
    CellValue,
    Grid,
    MarkedText,
    Range,
    Sheet,
    column_number,
    text_of_runs,
)

MAX_CELLS = limits_of("xlsx").cells
# bytes; a form's sheet has 90,000. The short way holds all tokens at once (1.6 million bordered blanks took 300 MiB),
# and its time grows with the square of the lists it cuts out (3.4 MB of empty <extLst> took 46 s).
MAX_PLAIN = 2**20
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
T = TypeVar("T")
_INLINE = "inlineStr"
_FILLING = frozenset({"array", "dataTable"})
_LOOKS = frozenset({"color", "b", "i", "u"})  # what a reader sees of a run; fonts and sizes change by themselves
_WITHOUT = frozenset({"0", "false", "none"})
_USUAL = frozenset(
    {"color theme=1", "color auto=1", "color indexed=64", "color indexed=8", "color rgb=FF000000", "color rgb=000000"}
)
_OF_RUNS = frozenset({"r", "strike", "vertAlign"}) | _LOOKS
_SHEET_KINDS = frozenset({"worksheet"})
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml version=\"1\.0\" encoding=\"(?:UTF-8|utf-8)\"[^?<>]*\?>")


def read_workbook(data: bytes, *, leaving_out: str = "") -> Grid:
    """Return the grid of a workbook's bytes. Raises a subclass of UnreadableWorkbook, and nothing else.

    The sheet that a defined name of that name points to is left out, as if it were not there.

    A shared formula stands with its first cell's text in every cell it fills. A formula whose text the
    file does not hold (`<f/>`) is an empty text, never None: the cell is still not the clerk's to type in.
    So it is with the cells that the array formula or the data table of another cell fills.
    Names of one sheet and the built-in `_xlnm.*` are left out.
    """
    package = Package(data)
    roots = {it.kind: it.target for it in package.relationships("").values()}
    main = roots.get("officeDocument")
    if main is None:
        raise (DamagedWorkbook if package.has("xl/workbook.xml") else NotAWorkbook)("officeDocument")
    book = small_part(read_book, package.part(main, SMALL_PART), main)
    related = package.relationships(main)
    by_kind = {it.kind: it.target for it in related.values()}
    strings = shared_strings(package, by_kind.get("sharedStrings"))
    styles = _read(package, by_kind.get("styles"), read_styles) or (CellStyle(),)
    sheets = []
    left = MAX_CELLS
    unwanted = book.names.get(leaving_out, "").rpartition("!")[0].strip("'")
    for name, state, relation in book.sheets:
        target = related.get(relation)
        if target is None or target.kind not in _SHEET_KINDS or name == unwanted:
            continue
        reader = _SheetReader(strings, left, date1904=book.date1904)
        reader.read(package.part(target.target), target.target)
        left = reader.left
        comments = comments_on(package, target.target)
        sheets.append(reader.sheet(name, comments, visible=state in {"", "visible"}))
    if not sheets:
        raise DamagedWorkbook("no worksheet")
    properties = _read(package, roots.get("custom-properties"), custom_properties) or {}
    return Grid(tuple(sheets), styles, dict(book.names), dict(properties), book.date1904)


def _read(package: Package, name: str | None, read: Callable[[bytes, str], T]) -> T | None:
    """What a small part says, None where it is absent."""
    return None if name is None or not package.has(name) else small_part(read, package.part(name, SMALL_PART), name)


def shared_strings(package: Package, name: str | None) -> list[str]:
    """The shared strings; the runs of a rich text are joined, phonetic guides left out."""
    strings: list[str] = []
    if name is None or not package.has(name):
        return strings
    runs = _Runs()
    inside = phonetic = False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside, phonetic
        name = local(tag)
        if name == "t":
            inside = not phonetic
        elif name == "si":
            runs.clear()
        elif name == "rPh":
            phonetic = True
        else:
            runs.start(name, attributes)

    def end(tag: str) -> None:
        nonlocal inside, phonetic
        name = local(tag)
        if name == "t":
            inside = False
        elif name == "si":
            strings.append(runs.joined())
            if len(strings) > MAX_CELLS:
                raise WorkbookTooLarge("strings")
        elif name == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if inside:
            runs.add(data)

    data = package.part(name)
    plain = _plain_strings(data)
    if plain is not None:
        if len(plain) > MAX_CELLS:
            raise WorkbookTooLarge("strings")
        return [unescaped(one) for one in plain] if b"_x" in data else plain
    parse(data, name, start, end, text)
    return strings


def _marks(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether a property of a run strikes its text out, or raises or lowers it."""
    value = attributes.get("val")
    return (name == "strike" and value not in {"0", "false"}) or (
        name == "vertAlign" and value in {"superscript", "subscript"}
    )


class _Runs:
    """The runs of a text on its way: what stands in each, whether it is marked, and how it looks."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool, frozenset[str]]] = []
        self.clear()

    def clear(self) -> None:
        """Begin another text."""
        self.pieces.clear()
        self.marked, self.look = False, frozenset[str]()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take an element: a run, or a property of one."""
        if name == "r":
            self.marked, self.look = False, frozenset()
        elif name in {"strike", "vertAlign"}:
            self.marked = self.marked or _marks(name, attributes)
        elif name in _LOOKS and attributes.get("val") not in _WITHOUT:
            values = sorted(f"{key}={value}" for key, value in attributes.items())
            look = " ".join((name, *values))
            self.look = self.look if look in _USUAL else self.look | {look}

    def add(self, text: str) -> None:
        self.pieces.append((text, self.marked, self.look))

    def joined(self) -> str:
        """The text; a marked one if any run is struck out, raised or lowered, else with its looks where they matter."""
        text = unescaped("".join(piece for piece, _, _ in self.pieces))
        if any(marked for _, marked, _ in self.pieces):
            rest = unescaped("".join(piece for piece, marked, _ in self.pieces if not marked))
            return text if text == rest else MarkedText(text, rest)
        if len({look for _, _, look in self.pieces}) < 2:
            return text
        return text_of_runs((unescaped(piece), look) for piece, _, look in self.pieces)


def _plain_strings(data: bytes) -> list[str] | None:
    return plain_strings(data) if len(data) <= MAX_PLAIN and _is_utf8(data, b"<si>") else None


def _is_utf8(data: bytes, content: bytes) -> bool:
    """Whether a part says nothing else, and holds no instruction before its content for that to hide in."""
    declaration = _DECLARATION.match(data)
    return data.find(b"<?", declaration.end() if declaration else 0, max(data.find(content), 0)) < 0


class _SheetReader:
    """One worksheet part, element by element."""

    def __init__(self, strings: list[str], left: int, *, date1904: bool = False) -> None:
        self.strings, self.left = strings, left
        self.day_0 = DAY_0_OF_1904 if date1904 else DAY_0
        self.rows: dict[int, dict[int, Cell]] = {}
        self.cells: dict[int, Cell] = {}
        self.row = self.column = 0
        self.kind = self.style = ""
        self.value: list[str] = []  # pieces: expat hands over long texts 8 kB at a time
        self.formula: list[str] = []
        self.runs = _Runs()  # of an inline text
        self.has_formula = self.has_value = False
        self.into: list[str] | None = None
        self.phonetic = False
        self.plain: PlainSheet | None = None  # rows that were read the short way; they are others' too
        self.merges: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.shared: dict[str, str] = {}
        self.shared_id = ""
        self.filled: list[Range] = []  # by an array formula or a data table

    def read(self, data: bytes, name: str) -> None:
        """Read the part: its rows the short way if they are plain, and all else by expat."""
        self.plain = self._plain(data, name)
        if self.plain is None:
            parse(data, name, self.start, self.end, self.text)

    def _plain(self, data: bytes, name: str) -> PlainSheet | None:
        """The rows if they are plain, after what stands around them was read; else None, and nothing is changed."""
        if len(data) > MAX_PLAIN or not _is_utf8(data, b"<sheetData>"):
            return None
        plain = plain_sheet(data, self.strings)
        around = None if plain is None else small_part(_around, plain.around, name)
        if plain is None or around is None:
            return None
        self._spend(sum(map(len, plain.rows.values())) + len(around.merges) + len(around.hidden_columns))
        self.merges, self.hidden_columns = list(around.merges), list(around.hidden_columns)
        return plain

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise WorkbookTooLarge("cells")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self._open_cell(attributes)
        elif name == "v":
            # An inline string is the text in <is>. A program wrote its 5 into <v> as well, and it was read as 55.
            # openpyxl and LibreOffice do not look at the <v> of such a cell either, nor at the <is> of another.
            self.into, self.has_value = None if self.kind == _INLINE else self.value, True
        elif name == "t":
            self.into = self.value if self.kind == _INLINE and not self.phonetic else None
        elif name == "f":
            self.into, self.has_formula = self.formula, True
            self.shared_id = attributes.get("si", "") if attributes.get("t") == "shared" else ""
            if attributes.get("t") in _FILLING:
                self._fill(attributes.get("ref", ""))
        elif name == "row":
            self._open_row(attributes)
        elif name == "rPh":
            self.phonetic = True
        elif name in _OF_RUNS:
            self.runs.start(name, attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            self._spend(1)
            self.hidden_columns.append((whole_number(attributes.get("min")), whole_number(attributes.get("max"))))

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        written = attributes.get("r")
        self.row = whole_number(written) if written else self.row + 1
        if not 1 <= self.row <= MAX_ROW:
            raise DamagedWorkbook(f"row {self.row}")
        self.column = 0
        self.cells = {}
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self.row)

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip("0123456789")
            self.column = _COLUMNS.get(letters) or _column(letters)
        else:
            self.column += 1
            if self.column > MAX_COLUMN:
                raise DamagedWorkbook(f"column {self.column}")
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        if self.value or self.formula:
            self.value.clear()
            self.formula.clear()
        self.has_formula = self.has_value = False
        if self.kind == _INLINE:
            self.runs.clear()

    def text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)
            if self.kind == _INLINE:
                self.runs.add(data)

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
            own = "".join(self.formula)
            formula = own or self.shared.get(self.shared_id, "")
            if self.shared_id and own:
                self.shared[self.shared_id] = own
        is_inline = self.kind == _INLINE and not self.has_formula
        value = (self.runs.joined() or None) if is_inline else self._value("".join(self.value))
        if value is None and formula is None:
            return
        self._spend(1)
        style = self.style
        number = int(style) if len(style) < 10 and style.isdecimal() else 0
        self.cells[self.column] = Cell(self.row, self.column, value, number, formula)

    def _value(self, text: str) -> CellValue:
        if not text and self.kind == "str" and self.has_formula and self.has_value:
            return ""  # calculated, and the result is the empty text: =IF(A1="","",…)
        if self.kind == "d":
            return date_serial(text.strip(), self.day_0)
        return READERS.get(self.kind, READERS["n"])(text, self.strings)

    def _merge(self, reference: str) -> None:
        merged = _range(reference)
        if merged is not None:
            self._spend(1)
            self.merges.append(merged)

    def _fill(self, reference: str) -> None:
        filled = _range(reference)
        if filled is not None and (filled.top, filled.left) != (filled.bottom, filled.right):
            self._spend(1)
            self.filled.append(filled)

    def _mark_filled(self) -> None:
        """Have every cell in a filled range be a formula's."""
        for top, left, bottom, right in self.filled:
            for row in _within(self.rows, top, bottom):
                cells = self.rows[row]
                columns = _within(cells, left, right)
                self._spend(1 + len(columns))
                for column in columns:
                    if cells[column].formula is None:
                        cells[column] = cells[column]._replace(formula="")

    def sheet(self, name: str, comments: Mapping[tuple[int, int], str], *, visible: bool) -> Sheet:
        merges, hidden_columns = tuple(self.merges), tuple(self.hidden_columns)
        if self.plain is not None:
            return Sheet(name, self.plain.rows, visible, merges, self.plain.hidden_rows, hidden_columns, comments)
        self._mark_filled()
        ordered = {row: dict(sorted(self.rows[row].items())) for row in sorted(self.rows)}
        return Sheet(name, ordered, visible, merges, frozenset(self.hidden_rows), hidden_columns, comments)


class _Around(NamedTuple):
    """What stands around rows that are read already."""

    merges: tuple[Range, ...]
    hidden_columns: tuple[tuple[int, int], ...]


def _around(data: bytes, name: str) -> _Around | None:
    """What a part without its rows says; None if it has rows all the same, in a second <sheetData>."""
    reader = _SheetReader([], MAX_CELLS)
    parse(data, name, reader.start, reader.end, reader.text)
    if reader.rows or reader.hidden_rows or reader.filled:
        return None
    return _Around(tuple(reader.merges), tuple(reader.hidden_columns))


_COLUMNS = {chr(65 + index): index + 1 for index in range(26)}


def _within(keys: Collection[int], first: int, last: int) -> list[int]:
    """Those that lie in between, looking at no more than there are or may be."""
    if last - first < len(keys):
        return [key for key in range(first, last + 1) if key in keys]
    return [key for key in keys if first <= key <= last]


def _range(reference: str) -> Range | None:
    first, _, last = reference.partition(":")
    top, bottom = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    return Range(int(top[2]), _column(top[1]), int(bottom[2]), _column(bottom[1])) if top and bottom else None


def _column(letters: str) -> int:
    letters = letters.replace("$", "").upper()
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise DamagedWorkbook(f"reference: {letters[:20]}")
    number = column_number(letters)
    if number > MAX_COLUMN:
        raise DamagedWorkbook(f"column {number}")
    return number
