"""In a child process: tables of a web page, named .xls as often as not, → Grid.

In:     the bytes of a page (.htm), or of a page with all that belongs to it in one letter (.mht).
Out:    one sheet for each page: its texts and tables as they stand, one below the other, with what a page tells of
        number formats, errors, merges, what is hidden, and what is struck out or raised. A page of LibreOffice has
        several sheets, each behind an anchor.
Never:  follows a link, runs a script, or goes on when spans would fill more cells than a workbook may have.

Our own, on the parser of the standard library: pandas and lxml give the texts of tables alone, and a page that Excel
or LibreOffice saved tells more. Where a page gives a number beside its text (`x:num`, `sdval`), that is what is stored;
otherwise the text is what the cell holds, as in a .csv.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import TypeAlias

from cchc_excel.errors import DamagedWorkbook, UnsupportedWorkbook, WorkbookTooLarge
from cchc_excel.excel.limits import MAX_COLUMN, MAX_ROW, limits_of
from cchc_excel.excel.opening.html_styles import HtmlStyle, HtmlStyles
from cchc_excel.excel.opening.markup import decoded_markup
from cchc_excel.grid import Cell, CellError, CellValue, Grid, MarkedText, Range, Sheet, as_stored

__all__ = ["read_html", "read_web_archive"]

NAME = "HTML"
MOST_ACROSS, MOST_DOWN = 1000, 65_534  # what browsers take of colspan and rowspan
MOST_DEEP = 50  # tables in tables
MOST_OPEN = 500  # elements in a cell that are not closed
MOST_TAGS = 600_000  # opened and closed; they take some 4 seconds
_REVEALED = re.compile(r"<!\[[^\]>]{0,200}\]>")  # `<![if !supportLists]>`, over which the parser stumbles
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
# A browser shows it as a space; but no program breaks a number, and a cell of two lines may be written so.
_BETWEEN_FIGURES = re.compile(r"(?<=\d)[ \t]*[\r\n]+[ \t]*(?=\d)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?")
_ERROR = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)")
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,100})</x:Name>", re.IGNORECASE)
_ANCHOR = re.compile(r"table\d{1,4}")
_UNSEEN = frozenset({"comment", "title", "script", "style", "xml", "noscript", "template", "object", "select"})
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "center",
                     "pre", "hr", "tr", "blockquote", "section", "body", "form"})  # fmt: skip
_INLINE = frozenset({"s", "strike", "del", "sup", "sub", "span", "font"})
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})
_Attributes: TypeAlias = Sequence[tuple[str, str | None]]


def read_html(data: bytes) -> Grid:
    """Return the grid of a page. Raises an UnreadableWorkbook."""
    text = decoded_markup(data)
    styles = HtmlStyles()
    sheets, names = _sheets(text, styles), _names(text)
    if len(sheets) == 1 and names:
        sheets = [replace(sheets[0], name=names[0])]
    return _grid(sheets, styles)


def read_web_archive(data: bytes) -> Grid:
    """Return the grid of a page saved with all that belongs to it: each page in it is a sheet.

    Raises an UnreadableWorkbook.
    """
    from cchc_excel.excel.opening.messages import pages_in

    styles = HtmlStyles()
    pages = []
    names: list[str] = []
    for kind, content in pages_in(data):
        text = decoded_markup(content)
        if kind == "css":
            styles.learn(text)
        else:
            names = names or _names(text)
            pages.append(text)
    filled: list[Sheet] = []
    for text in pages:
        filled += [sheet for sheet in _sheets(text, styles) if sheet.rows]
    if len(filled) == len(names):
        filled = [replace(sheet, name=name) for name, sheet in zip(names, filled, strict=True)]
    return _grid(filled, styles)


def _grid(sheets: Sequence[Sheet], styles: HtmlStyles) -> Grid:
    if not any(sheet.rows for sheet in sheets):
        raise UnsupportedWorkbook(NAME)  # the cells of a page that Excel saved in several files are in the others
    return Grid(tuple(sheets), styles.cell_styles)


def _names(text: str) -> list[str]:
    """The names of the sheets, which Excel writes into a comment."""
    from html import unescape

    return [unescape(name) for name in _SHEET_NAME.findall(text)]


def _sheets(text: str, styles: HtmlStyles) -> list[Sheet]:
    reader = _Reader(styles)
    try:
        reader.feed(_REVEALED.sub("", text))
        reader.close()
    except (AssertionError, ValueError) as error:  # of the parser, for `<![x`, `&#` and 5,000 digits
        raise DamagedWorkbook(f"{NAME}: {error}") from error
    return reader.sheets()


@dataclass
class _Placed:
    """A cell of a table, in the columns of its sheet."""

    column: int
    across: int
    down: int
    value: CellValue
    style: int


@dataclass
class _Row:
    cells: list[_Placed] = field(default_factory=list)
    hidden: bool = False
    below: list[_Table] = field(default_factory=list)  # tables in its cells


@dataclass
class _Table:
    """A table on its way. `left` is the first of its columns; `taken` says up to which row a column is filled."""

    left: int
    hidden: bool
    section_hidden: bool = False
    rows: list[_Row] = field(default_factory=list)
    is_row_open: bool = False
    row_style: HtmlStyle = field(default_factory=HtmlStyle)
    column: int = 0
    columns: int = 0  # of <col>
    taken: dict[int, int] = field(default_factory=dict)
    cell: _Open | None = None


@dataclass
class _Open:
    """A cell that is not closed yet, or a text outside all tables."""

    attributes: Mapping[str, str | None]
    style: HtmlStyle
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    inline: list[tuple[str, bool]] = field(default_factory=list)
    marks: int = 0
    font: str = ""


@dataclass
class _Part:
    """What becomes one sheet: texts outside tables, and the tables, in their order."""

    is_named: bool = False  # its first text ends with its name: `Sheet 1: BieuThongKe`
    blocks: list[_Row | _Table] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def sheet(self) -> Sheet:
        name = NAME
        if self.is_named and self.blocks and isinstance(self.blocks[0], _Row):
            text = str(self.blocks.pop(0).cells[0].value)  # type: ignore[union-attr]
            name = text.partition(": ")[2] or NAME
        found: dict[int, dict[int, Cell]] = {}
        merges: list[Range] = []
        hidden: set[int] = set()
        for number, (row, most_down) in enumerate(_laid_out(self.blocks), start=1):
            if number > MAX_ROW:
                raise WorkbookTooLarge("cells")
            if row.hidden:
                hidden.add(number)
            for cell in row.cells:
                down = min(cell.down, most_down)
                if cell.across > 1 or down > 1:
                    merges.append(Range(number, cell.column, number + down - 1, cell.column + cell.across - 1))
                if cell.value is not None:
                    found.setdefault(number, {})[cell.column] = Cell(number, cell.column, cell.value, cell.style)
        ordered = {row: dict(sorted(cells.items())) for row, cells in found.items()}
        return Sheet(
            name,
            ordered,
            merges=tuple(merges),
            hidden_rows=frozenset(hidden),
            hidden_columns=tuple(self.hidden_columns),
        )


class _Reader(HTMLParser):
    """A page, tag by tag. Tags that nobody closed are closed by what follows, as browsers do it."""

    def __init__(self, styles: HtmlStyles) -> None:
        super().__init__(convert_charrefs=True)
        self.styles = styles
        self.tags = 0
        self.left = limits_of("html").cells
        self.work = 8 * self.left  # columns gone through in placing cells
        self.unseen = ""  # the element that is open and not shown
        self.css: list[str] = []
        self.tables: list[_Table] = []
        self.parts = [_Part()]
        self.loose = _Open({}, HtmlStyle())
        self.hidden_blocks: list[bool] = []
        self.hidden_count = 0

    # --- tags

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        self._count_tag()
        if self.unseen:
            return
        if tag in _UNSEEN:
            self.unseen, self.css = tag, []
        elif tag == "br":
            self._break()
        elif tag == "a":
            if not self.tables and _ANCHOR.fullmatch(dict(attrs).get("name") or ""):
                self._close_loose()
                self.parts.append(_Part(is_named=True))
        elif tag in _INLINE:
            self._open_inline(tag, dict(attrs))
        elif tag == "table":
            self._open_table(dict(attrs))
        elif self.tables and self.tables[-1].cell is None:
            self._in_table(self.tables[-1], tag, dict(attrs))
        elif self.tables and tag in {"tr", "td", "th", *_SECTIONS}:
            self._close_cell(self.tables[-1])
            self._in_table(self.tables[-1], tag, dict(attrs))
        elif tag in _BLOCKS:
            self._break()
            if tag == "div":
                self.hidden_blocks.append(self.styles.of(dict(attrs)).hidden)
                self.hidden_count += self.hidden_blocks[-1]

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in {"br", "col", "hr"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._count_tag()
        if self.unseen:
            if tag == self.unseen:
                self.unseen = ""
                if tag == "style":
                    self.styles.learn("".join(self.css))
        elif tag in _INLINE:
            self._close_inline(tag)
        elif tag == "table":
            if self.tables:
                self._close_table()
        elif tag in {"td", "th"}:
            if self.tables:
                self._close_cell(self.tables[-1])
        elif tag in {"tr", "caption"}:
            if self.tables:
                self._close_row(self.tables[-1])
        elif tag in _SECTIONS:
            if self.tables:
                self._close_row(self.tables[-1])
                self.tables[-1].section_hidden = False
        elif tag in _BLOCKS:
            self._break()
            if tag == "div" and self.hidden_blocks:
                self.hidden_count -= self.hidden_blocks.pop()

    def handle_data(self, data: str) -> None:
        if self.unseen:
            if self.unseen == "style":
                self.css.append(data)
        elif (there := self._there()) is not None:
            lines = _BETWEEN_FIGURES.split(data)
            there.pieces.append(("\n".join(_SPACES.sub(" ", line) for line in lines), there.marks > 0))

    def _count_tag(self) -> None:
        self.tags += 1
        if self.tags > MOST_TAGS:
            raise WorkbookTooLarge("cells")

    def _there(self) -> _Open | None:
        """Where a text belongs that comes now; between the rows of a table it belongs nowhere."""
        if not self.tables:
            return self.loose
        return self.tables[-1].cell

    def _break(self) -> None:
        """A line ends: in a cell it is a line break; outside tables it is a row."""
        if self.tables:
            cell = self.tables[-1].cell
            if cell is not None:
                cell.pieces.append(("\n", False))
        else:
            self._close_loose()

    def _open_inline(self, tag: str, attributes: dict[str, str | None]) -> None:
        there = self._there()
        if there is None:
            return
        if len(there.inline) >= MOST_OPEN:
            raise DamagedWorkbook(f"{NAME}: {tag}")
        style = self.styles.of(attributes)
        marks = tag in {"s", "strike", "del", "sup", "sub"} or style.struck or style.raised
        there.inline.append((tag, marks))
        there.marks += marks
        if not there.font:
            face = attributes.get("face") if tag == "font" else None
            there.font = style.font or face or ""

    def _close_inline(self, tag: str) -> None:
        """Close an element, and those in it that nobody closed."""
        there = self._there()
        if there is None or not any(name == tag for name, _ in there.inline):
            return
        name = ""
        while name != tag:
            name, marks = there.inline.pop()
            there.marks -= marks

    # --- tables

    def _open_table(self, attributes: dict[str, str | None]) -> None:
        if len(self.tables) >= MOST_DEEP:
            raise DamagedWorkbook(f"{NAME}: tables")
        hidden = self.hidden_count > 0 or self.styles.of(attributes).hidden
        if not self.tables:
            self._close_loose()
            table = _Table(0, hidden)
            self.parts[-1].blocks.append(table)
        else:
            around = self.tables[-1]
            row = self._row_of(around)
            left = around.left + around.column if around.cell is not None else around.left
            table = _Table(left, hidden or around.hidden or row.hidden)
            row.below.append(table)
        self.tables.append(table)

    def _close_table(self) -> None:
        self._close_row(self.tables[-1])
        self.tables.pop()

    def _in_table(self, table: _Table, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in {"td", "th"}:
            self._open_cell(table, attributes)
        elif tag == "caption":  # a title, in a row of its own
            self._close_row(table)
            self._open_cell(table, {})
        elif tag == "tr":
            self._close_row(table)
            self._open_row(table, self.styles.of(attributes))
        elif tag in _SECTIONS:
            self._close_row(table)
            table.section_hidden = self.styles.of(attributes).hidden
        elif tag in {"col", "colgroup"}:
            is_group = tag == "colgroup" and "span" not in attributes  # its columns follow, each with a tag of its own
            if is_group:
                return
            first, count = table.left + table.columns + 1, _span(attributes, "span", MOST_ACROSS)
            table.columns += count
            if self.styles.of(attributes).hidden:
                self._spend(1)
                self.parts[-1].hidden_columns.append((first, first + count - 1))

    def _open_row(self, table: _Table, style: HtmlStyle) -> _Row:
        row = _Row(hidden=table.hidden or table.section_hidden or style.hidden)
        table.rows.append(row)
        table.is_row_open = True
        table.row_style = style
        table.column = 0
        if len(table.rows) > MAX_ROW:
            raise WorkbookTooLarge("cells")
        return row

    def _row_of(self, table: _Table) -> _Row:
        """The row that is open; a cell, or a table, may come without one."""
        return table.rows[-1] if table.is_row_open else self._open_row(table, HtmlStyle())

    def _close_row(self, table: _Table) -> None:
        self._close_cell(table)
        table.is_row_open = False

    def _open_cell(self, table: _Table, attributes: dict[str, str | None]) -> None:
        self._close_cell(table)
        self._row_of(table)
        row = len(table.rows)
        while table.taken.get(table.column, 0) >= row:
            table.column += 1
            self._work(1)
        style = self.styles.of(attributes)
        table.cell = _Open(attributes, style.under(table.row_style))

    def _close_cell(self, table: _Table) -> None:
        cell, table.cell = table.cell, None
        if cell is None:
            return
        across = _span(cell.attributes, "colspan", MOST_ACROSS)
        down = _span(cell.attributes, "rowspan", MOST_DOWN)
        if table.left + table.column + across > MAX_COLUMN:
            raise WorkbookTooLarge("cells")
        value = _value(cell)
        if down > 1:
            self._work(across)
            last_row = len(table.rows) + down - 1
            table.taken.update(dict.fromkeys(range(table.column, table.column + across), last_row))
        if value is not None or across > 1 or down > 1:
            self._spend(1)
            placed = _Placed(
                column=table.left + table.column + 1,
                across=across,
                down=down,
                value=value,
                style=self.styles.place(cell.style.with_font(cell.font), hides=cell.style.hidden),
            )
            table.rows[-1].cells.append(placed)
        table.column += across

    def _close_loose(self) -> None:
        text = _value(self.loose)
        font = self.loose.font
        self.loose = _Open({}, HtmlStyle())
        if text is not None:
            self._spend(1)
            style = self.styles.place(HtmlStyle().with_font(font), hides=False)
            placed = _Placed(column=1, across=1, down=1, value=text, style=style)
            self.parts[-1].blocks.append(_Row([placed], hidden=self.hidden_count > 0))

    # --- the sheets

    def close(self) -> None:
        super().close()
        while self.tables:
            self._close_table()
        self._close_loose()

    def sheets(self) -> list[Sheet]:
        """The sheets of the page; where it has no table, its texts alone."""
        with_tables = [part for part in self.parts if any(isinstance(block, _Table) for block in part.blocks)]
        return [part.sheet() for part in with_tables or self.parts]

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise WorkbookTooLarge("cells")

    def _work(self, count: int) -> None:
        self.work -= count
        if self.work < 0:
            raise WorkbookTooLarge("cells")


def _laid_out(blocks: Sequence[_Row | _Table]) -> Iterator[tuple[_Row, int]]:
    """Yield each row, and how many rows of its table follow it at once, itself among them: no merge reaches further.

    A table in a cell comes below the row of that cell.
    """
    for block in blocks:
        if isinstance(block, _Row):
            yield block, 1
            continue
        together = 0
        counts_from_below = []
        for row in reversed(block.rows):
            together = 1 if row.below else together + 1
            counts_from_below.append(together)
        for row, count in zip(block.rows, reversed(counts_from_below), strict=True):
            yield row, count
            yield from _laid_out(row.below)


def _span(attributes: Mapping[str, str | None], name: str, most: int) -> int:
    """How far a cell or a column spans; 1 where nothing is said, or no number."""
    text = (attributes.get(name) or "").strip()
    is_number = text.isascii() and text.isdigit() and len(text) < 20  # int() refuses thousands of digits
    return max(1, min(int(text), most)) if is_number else 1


def _value(cell: _Open) -> CellValue:
    """What a cell holds: the number that the page gives beside the text, else the text.

    Beside an error, or a figure that is struck out, LibreOffice gives a number all the same.
    """
    text = _lines(piece for piece, _ in cell.pieces)
    attributes = cell.attributes
    error = attributes.get("x:err") or text
    if _ERROR.fullmatch(error):
        return CellError(error)
    is_marked = any(marked and piece.strip() for piece, marked in cell.pieces)
    if not is_marked:
        for name in ("x:num", "sdval"):
            if name in attributes:
                number = (attributes[name] or text).strip()
                if len(number) < 310 and _NUMBER.fullmatch(number) and math.isfinite(float(number)):
                    return as_stored(float(number))
    if attributes.get("x:bool") in {"TRUE", "FALSE"}:
        return attributes["x:bool"] == "TRUE"
    if not text:
        return None
    if not is_marked:
        return text
    return MarkedText(text, _lines(piece for piece, marked in cell.pieces if not marked))


def _lines(pieces: Iterator[str]) -> str:
    """The pieces joined as a browser shows them: white space is one blank, none at the ends of lines, no empty line."""
    lines = (_SPACES.sub(" ", line).strip(" ") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)
