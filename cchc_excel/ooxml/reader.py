"""An .xlsx or .xlsm package → Grid, in one pass over each part's XML.

It stands in for openpyxl, which is ten times slower, and for calamine, which hides errors,
formulas and number formats.
"""

from __future__ import annotations

import re

from cchc_excel.errors import DamagedWorkbook, NotAWorkbook, WorkbookTooLarge
from cchc_excel.grid import Cell, CellValue, Grid, Range, Sheet, column_number
from cchc_excel.ooxml.book import Book, custom_properties
from cchc_excel.ooxml.lexer import RawSheet, plain_sheet, plain_strings
from cchc_excel.ooxml.package import MAX_SMALL_PART, Package, local, parse
from cchc_excel.ooxml.styles import read_styles
from cchc_excel.ooxml.values import DAY_0_OF_1900, DAY_0_OF_1904, READERS, date_serial, unescaped, whole_number

MAX_CELLS = 2_000_000  # filled cells, merges, shared strings; a province's largest workbook has some 30,000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384  # Excel's own
# bytes; a form's sheet has 90,000. The short way holds all tokens at once (1.6 million bordered blanks took 300 MiB),
# and its time grows with the square of the lists it cuts out (3.4 MB of empty <extLst> took 46 s).
MAX_PLAIN = 2**20
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_SHEET_KINDS = frozenset({"worksheet"})
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]|\\]\\]>")  # by XML, in a text
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml version=\"1\.0\" encoding=\"(?:UTF-8|utf-8)\"[^?<>]*\?>")


def read_workbook(data: bytes) -> Grid:
    """Return the grid of a workbook's bytes. Raises a subclass of UnreadableWorkbook, and nothing else.

    A shared formula stands with its first cell's text in every cell it fills. A formula whose text the
    file does not hold (`<f/>`) is an empty text, never None: the cell is still not the clerk's to type in.
    Names of one sheet and the built-in `_xlnm.*` are left out.
    """
    package = Package(data)
    roots = {it.kind: it.target for it in package.relationships("").values()}
    main = roots.get("officeDocument")
    if main is None:
        raise (DamagedWorkbook if package.has("xl/workbook.xml") else NotAWorkbook)("officeDocument")
    book = Book()
    parse(package.part(main, MAX_SMALL_PART), main, book.start, book.end, book.text)
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
        reader = _SheetReader(strings, left, date1904=book.date1904)
        reader.read(package.part(target.target), target.target)
        left = reader.left
        sheets.append(reader.sheet(name, visible=state in {"", "visible"}))
    if not sheets:
        raise DamagedWorkbook("no worksheet")
    properties = custom_properties(package, roots.get("custom-properties"))
    return Grid(tuple(sheets), styles, book.names, properties, book.date1904)


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
            strings.append(unescaped("".join(pieces)))
            if len(strings) > MAX_CELLS:
                raise WorkbookTooLarge("strings")
        elif name == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if inside:
            pieces.append(data)

    data = package.part(name)
    plain = _plain_strings(data)
    if plain is not None:
        if len(plain) > MAX_CELLS:
            raise WorkbookTooLarge("strings")
        return [unescaped(one) for one in plain]
    parse(data, name, start, end, text)
    return strings


def _plain_sheet(data: bytes) -> RawSheet | None:
    """Read the rows the short way, or None where that way would not see what expat sees."""
    if len(data) > MAX_PLAIN or not _is_utf8(data, b"<sheetData>") or b"<f></f" in data:
        return None  # a formula without text is to the short way no formula
    plain = plain_sheet(data)
    if plain is None or _FORBIDDEN.search("".join([cell[4] + cell[5] for cell in plain.cells])):
        return None
    if any(cell[3] == "str" and not cell[5] for cell in plain.cells) and b"</f></c" in data:
        return None  # calculated to the empty text, or never calculated? expat sees whether there is a <v>
    return plain


def _plain_strings(data: bytes) -> list[str] | None:
    if len(data) > MAX_PLAIN or not _is_utf8(data, b"<si>"):
        return None
    plain = plain_strings(data)
    return None if plain is None or _FORBIDDEN.search("".join(plain)) else plain


def _is_utf8(data: bytes, content: bytes) -> bool:
    """Whether a part says nothing else, and holds no instruction before its content for that to hide in."""
    declaration = _DECLARATION.match(data)
    return data.find(b"<?", declaration.end() if declaration else 0, max(data.find(content), 0)) < 0


class _SheetReader:
    """One worksheet part, element by element."""

    def __init__(self, strings: list[str], left: int, *, date1904: bool = False) -> None:
        self.strings, self.left = strings, left
        self.day_0 = DAY_0_OF_1904 if date1904 else DAY_0_OF_1900
        self.rows: dict[int, dict[int, Cell]] = {}
        self.cells: dict[int, Cell] = {}
        self.row = self.column = 0
        self.kind = self.style = ""
        self.value: list[str] = []  # pieces: expat hands over long texts 8 kB at a time
        self.formula: list[str] = []
        self.has_formula = self.has_value = False
        self.into: list[str] | None = None
        self.phonetic = False
        self.merges: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.shared: dict[str, str] = {}
        self.shared_id = ""

    def read(self, data: bytes, name: str) -> None:
        """Read the part: its rows the short way if they are plain, and all else by expat."""
        plain = _plain_sheet(data)
        if plain is not None:
            self._put(plain)
            data = plain.around
        parse(data, name, self.start, self.end, self.text)

    def _put(self, plain: RawSheet) -> None:
        self.hidden_rows |= plain.hidden_rows
        self._spend(len(plain.cells))
        rows, strings = self.rows, self.strings
        for row, column, style, kind, formula, text in plain.cells:
            if kind == "s" and len(text) < 10 and text.isdecimal() and (index := int(text)) < len(strings):
                value: CellValue = strings[index] or None
            else:
                value = READERS[kind](text, strings) if text else "" if formula and kind == "str" else None
            if value is None and not formula:
                continue
            cell = Cell(row, column, value, int(style) if style else 0, formula or None)
            if row in rows:
                rows[row][column] = cell
            else:
                rows[row] = {column: cell}
        if rows and max(rows) > MAX_ROW:
            raise DamagedWorkbook(f"row {max(rows)}")
        if any(max(cells) > MAX_COLUMN for cells in rows.values()):
            raise DamagedWorkbook(f"column > {MAX_COLUMN}")

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise WorkbookTooLarge("cells")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self._open_cell(attributes)
        elif name == "v":
            self.into, self.has_value = self.value, True
        elif name == "t":
            self.into = None if self.phonetic else self.value
        elif name == "f":
            self.into, self.has_formula = self.formula, True
            self.shared_id = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif name == "row":
            self._open_row(attributes)
        elif name == "rPh":
            self.phonetic = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            self._spend(1)
            self.hidden_columns.append((whole_number(attributes.get("min")), whole_number(attributes.get("max"))))

    def _open_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        self.row = whole_number(written) if written else self.row + 1
        if not 1 <= self.row <= MAX_ROW:
            raise DamagedWorkbook(f"row {self.row}")
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
            if self.column > MAX_COLUMN:
                raise DamagedWorkbook(f"column {self.column}")
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        if self.value or self.formula:
            self.value.clear()
            self.formula.clear()
        self.has_formula = self.has_value = False

    def text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)

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
        value = self._value("".join(self.value))
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
        first, _, last = reference.partition(":")
        top, bottom = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if top and bottom:
            self._spend(1)
            self.merges.append(Range(int(top[2]), _column(top[1]), int(bottom[2]), _column(bottom[1])))

    def sheet(self, name: str, *, visible: bool) -> Sheet:
        rows = self.rows
        ordered = {row: dict(sorted(rows[row].items())) for row in sorted(rows)}
        return Sheet(
            name, ordered, visible, tuple(self.merges), frozenset(self.hidden_rows), tuple(self.hidden_columns)
        )


_COLUMNS = {chr(65 + index): index + 1 for index in range(26)}


def _column(letters: str) -> int:
    letters = letters.replace("$", "").upper()
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise DamagedWorkbook(f"reference: {letters[:20]}")
    number = column_number(letters)
    if number > MAX_COLUMN:
        raise DamagedWorkbook(f"column {number}")
    return number
