"""In a child process: an OpenDocument spreadsheet (.ods) → Grid, in one pass over its content.xml.

In:     the bytes of the package.
Out:    the same as of an .xlsx: values, errors, number formats as Excel writes them, merges, what is hidden.
Never:  expands repeated blanks, or reads the text of a comment, a shape or a cached copy of another workbook.

Our own, since calamine tells neither formats nor errors nor what is hidden, and takes white space between elements
for damage; odfpy builds the whole tree, some 40 times the size of the part.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from cchc_excel.errors import DamagedWorkbook, DocumentInstead, NotAWorkbook, PasswordProtected, WorkbookTooLarge
from cchc_excel.excel.limits import MAX_COLUMN, MAX_ROW, SMALL_PART, limits_of
from cchc_excel.excel.ooxml.package import Archive, parse
from cchc_excel.excel.opening.ods_styles import OdsStyles
from cchc_excel.grid import DAY_0, Cell, CellError, CellValue, Grid, MarkedText, Range, Sheet, as_stored

__all__ = ["read_ods"]

MAX_CELLS = limits_of("ods").cells
_DAY_0 = datetime.combine(DAY_0, time())  # as Excel's days, of no zone
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_ERROR = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)|Err:\d+")
_TRUTHS = frozenset({"TRUE", "FALSE"})
_SPACES = re.compile(r"[ \t\r\n]+")
_DOCUMENTS = ((b"opendocument.text", "word"), (b"opendocument.presentation", "slides"))
_HIDDEN = frozenset({"collapse", "filter"})
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
# What may stand inside a cell or a sheet and hold paragraphs of its own.
_ASIDE = frozenset(
    {"office:annotation", "table:shapes", "table:tracked-changes", "table:dde-links", "draw:frame", "draw:custom-shape"}
)


def read_ods(data: bytes) -> Grid:
    """Return the grid of a spreadsheet. Raises an UnreadableWorkbook."""
    styles = OdsStyles()
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":  # all in one XML file: .fods
        content = data
    else:
        archive = Archive(data)
        _refuse_what_is_no_spreadsheet(archive)
        if archive.has("styles.xml"):
            styles.read(archive.part("styles.xml", SMALL_PART), "styles.xml")
        content = archive.part("content.xml")
    styles.read(content, "content.xml")
    reader = _ContentReader(styles)
    parse(content, "content.xml", reader.start, reader.end, reader.text)
    if not reader.sheets:
        raise DamagedWorkbook("content.xml: no sheet")
    return Grid(tuple(reader.sheets), styles.cell_styles)


def _refuse_what_is_no_spreadsheet(archive: Archive) -> None:
    kind = archive.part("mimetype", SMALL_PART) if archive.has("mimetype") else b""
    document = next((name for word, name in _DOCUMENTS if word in kind), "")
    if document:
        raise DocumentInstead(document)
    if b"opendocument" in kind and b"spreadsheet" not in kind:
        raise NotAWorkbook(kind[:80].decode("ascii", "replace"))
    manifest = "META-INF/manifest.xml"
    if archive.has(manifest) and b"encryption-data" in archive.part(manifest, SMALL_PART):
        raise PasswordProtected


class _ContentReader:
    """The tables of content.xml, element by element."""

    def __init__(self, styles: OdsStyles) -> None:
        self.styles = styles
        self.sheets: list[Sheet] = []
        self.left = MAX_CELLS
        self.tables = 0  # how deep; a table inside a cell is none of ours
        self.aside = 0  # how deep in what is passed over
        self.is_in_annotation = self.is_in_comment = False
        self.comment: list[str] = []
        self.table: _Table | None = None
        self.cell: Mapping[str, str] | None = None
        self.paragraphs: list[str] = []
        self.pieces: list[str] | None = None
        self.spans: list[bool] = []  # of the paragraph, the outermost first: whether each marks its letters
        self.unmarked: list[str] = []  # pieces of all paragraphs of the cell, without the marked ones

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.aside or tag in _ASIDE:
            self.aside += 1
            self.is_in_annotation = tag == "office:annotation" or (self.is_in_annotation and self.aside > 1)
            self.is_in_comment = tag.startswith("text:") and self.is_in_annotation  # not its author and its day
        elif tag == "table:table":
            self.tables += 1
            if self.tables == 1:
                self.table = _Table(attributes.get("table:name", ""), self.styles.shows_table(attributes))
            else:
                self.aside += 1
        elif self.table is None:
            return
        elif tag == "table:table-source":  # a copy of another workbook's sheet, kept for formulas that refer to it
            self.table.is_copy = True
        elif tag == "table:table-column":
            self.table.add_columns(attributes)
        elif tag == "table:table-row":
            self.table.open_row(attributes)
        elif tag in _CELLS:
            self.cell, self.paragraphs, self.unmarked, self.comment = attributes, [], [], []
        elif self.cell is not None:
            self._start_text(tag, attributes)

    def _start_text(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "text:p":
            self.pieces, self.spans = [], []
            if self.paragraphs:
                self.unmarked.append("\n")
        elif self.pieces is None:
            return
        elif tag == "text:span":
            self.spans.append(self.styles.marks(attributes.get("text:style-name", "")))
        elif tag == "text:s":
            self._add(" " * min(_number(attributes, "text:c"), 100))
        elif tag == "text:tab":
            self._add("\t")
        elif tag == "text:line-break":
            self._add("\n")

    def text(self, data: str) -> None:
        if self.pieces is not None and not self.aside:
            self._add(_SPACES.sub(" ", data))
        elif self.is_in_comment and self.aside:
            self.comment.append(data)

    def _add(self, piece: str) -> None:
        if self.pieces is not None:
            self.pieces.append(piece)
            if not any(self.spans):
                self.unmarked.append(piece)

    def end(self, tag: str) -> None:
        if self.aside:
            self.aside -= 1
            if tag == "text:p" and self.is_in_comment:
                self.comment.append("\n")
            if tag == "table:table":
                self.tables -= 1
        elif tag == "text:p" and self.pieces is not None:
            self.paragraphs.append("".join(self.pieces))
            self.pieces = None
        elif tag == "text:span" and self.spans:
            self.spans.pop()
        elif tag in _CELLS and self.table is not None and self.cell is not None:
            self._close_cell(self.table, self.cell)
            self.cell = None
        elif tag == "table:table-row" and self.table is not None:
            self.left -= self.table.close_row(self.left)
        elif tag == "table:table":
            self.tables -= 1
            if self.table is not None and not self.table.is_copy:
                self.sheets.append(self.table.sheet())
            self.table = None

    def _close_cell(self, table: _Table, attributes: Mapping[str, str]) -> None:
        style = attributes.get("table:style-name") or table.default_style()
        shown = "\n".join(self.paragraphs)
        value = _value(attributes, shown)
        unmarked = "".join(self.unmarked)
        if value == shown and unmarked != shown:
            value = MarkedText(shown, unmarked)
        kind = attributes.get("office:value-type", "")
        if kind == "float" and shown.endswith("%"):  # SheetJS writes a percentage as a plain number without a style
            kind = "percentage"
        if self.comment:
            table.comments[table.row + 1, table.column + 1] = "".join(self.comment)
        self.left -= table.add_cells(attributes, value, self.styles.index(style, kind), self.left)


class _Table:
    """One sheet on its way."""

    def __init__(self, name: str, visible: bool) -> None:
        self.name, self.visible = name, visible
        self.is_copy = False
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merges: list[Range] = []
        self.hidden_rows: list[tuple[int, int]] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.comments: dict[tuple[int, int], str] = {}
        self.column_styles: list[tuple[int, str]] = []  # last column of each, in rising order
        self.columns = 0
        self.row = 0  # the row that was closed last
        self.column = 0  # the column that was closed last
        self.cells: dict[int, Cell] = {}
        self.row_attributes: Mapping[str, str] = {}

    def add_columns(self, attributes: Mapping[str, str]) -> None:
        first = self.columns + 1
        self.columns += _number(attributes, "table:number-columns-repeated")
        self.column_styles.append((self.columns, attributes.get("table:default-cell-style-name", "")))
        if attributes.get("table:visibility") in _HIDDEN:
            self.hidden_columns.append((first, min(self.columns, MAX_COLUMN)))

    def open_row(self, attributes: Mapping[str, str]) -> None:
        self.row_attributes, self.column, self.cells = attributes, 0, {}

    def default_style(self) -> str:
        """The style of a cell that names none: its row's, else its column's."""
        own = self.row_attributes.get("table:default-cell-style-name", "")
        if own:
            return own
        for last_column, style in self.column_styles:
            if last_column > self.column:
                return style
        return ""

    def add_cells(self, attributes: Mapping[str, str], value: CellValue, style: int, left: int) -> int:
        """Add a cell as often as it is repeated. Return how many were added; raises WorkbookTooLarge past `left`."""
        row, first = self.row + 1, self.column + 1
        repeated = _number(attributes, "table:number-columns-repeated")
        self.column += repeated
        added = 0
        if value is not None and value != "":
            if self.column > MAX_COLUMN or repeated > left:
                raise WorkbookTooLarge("cells")
            for column in range(first, first + repeated):
                self.cells[column] = Cell(row, column, value, style)
            added = repeated
        down = _number(attributes, "table:number-rows-spanned")
        across = _number(attributes, "table:number-columns-spanned")
        if down > 1 or across > 1:
            self.merges.append(Range(row, first, row + down - 1, first + across - 1))
            added += 1
        if added > left:
            raise WorkbookTooLarge("cells")
        return added

    def close_row(self, left: int) -> int:
        """Close the row, as often as it is repeated. Return how many cells that added to those counted before."""
        first, repeated = self.row + 1, _number(self.row_attributes, "table:number-rows-repeated")
        self.row += repeated
        if self.row_attributes.get("table:visibility") in _HIDDEN:
            self.hidden_rows.append((first, self.row))
        if not self.cells:
            return 0
        added = (repeated - 1) * len(self.cells)
        if added > left or self.row > MAX_ROW:
            raise WorkbookTooLarge("cells")
        for number in range(first, first + repeated):
            self.rows[number] = {column: cell._replace(row=number) for column, cell in self.cells.items()}
        return added

    def sheet(self) -> Sheet:
        return Sheet.gathered(
            self.name,
            self.rows,
            visible=self.visible,
            merges=self.merges,
            hidden_rows=self.hidden_rows,
            hidden_columns=self.hidden_columns,
            comments=self.comments,
        )


def _number(attributes: Mapping[str, str], name: str) -> int:
    """How often something is repeated, or how far it spans: 1 where nothing is said."""
    text = attributes.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise DamagedWorkbook(f"content.xml: {name}={text[:20]}")
    return max(int(text), 1)


def _value(attributes: Mapping[str, str], text: str) -> CellValue:
    """What a cell holds, as Excel would store it."""
    kind = attributes.get("office:value-type", "")
    # Programs other than LibreOffice do not say that a result is an error; a text like one may have been typed.
    is_error_of_formula = "table:formula" in attributes and _ERROR.fullmatch(text)
    if attributes.get("calcext:value-type") == "error" or is_error_of_formula:
        return CellError(text or "#VALUE!")
    if kind == "float" and text in _TRUTHS:  # LibreOffice, of a truth that it took over from an .xlsx
        return text == "TRUE"
    if kind in {"float", "percentage", "currency"}:
        return as_stored(_float(attributes.get("office:value", "")))
    if kind == "date":
        return as_stored(_days(attributes.get("office:date-value", "")))
    if kind == "time":
        return as_stored(_time(attributes.get("office:time-value", "")))
    if kind == "boolean":
        return attributes.get("office:boolean-value") == "true"
    # Where a number format puts spaces around a text, the paragraph is what is shown, and this what was typed.
    return attributes.get("office:string-value") or text or None


def _float(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise DamagedWorkbook(f"content.xml: value {text[:20]}") from error
    if not math.isfinite(number):
        raise DamagedWorkbook(f"content.xml: value {text[:20]}")
    return number


def _days(text: str) -> float:
    try:
        return (datetime.fromisoformat(text).replace(tzinfo=None) - _DAY_0) / timedelta(days=1)
    except ValueError as error:
        raise DamagedWorkbook(f"content.xml: date {text[:20]}") from error


def _time(text: str) -> float:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise DamagedWorkbook(f"content.xml: time {text[:20]}")
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return days + (hours * 3600 + minutes * 60 + seconds) / 86400
