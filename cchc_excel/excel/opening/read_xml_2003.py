"""In a child process: a workbook that Excel 2002 or 2003 saved as XML (SpreadsheetML) → Grid, in one pass.

In:     the bytes of the file.
Out:    the same as of an .xlsx: values, errors, number formats, merges, what is hidden; formulas are not told.
Never:  takes the text of a comment for that of its cell.

Our own, since no library that is kept reads this kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.limits import MAX_COLUMN, MAX_ROW, limits_of
from cchc_excel.excel.ooxml.package import local, parse
from cchc_excel.excel.ooxml.values import READERS, date_serial
from cchc_excel.excel.opening.markup import decoded_markup, format_code
from cchc_excel.grid import DAY_0, DAY_0_OF_1904, Cell, CellStyle, CellValue, Grid, MarkedText, Range, Sheet, as_stored

__all__ = ["read_xml_2003"]

NAME = "XML 2003"
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,1000}\?>")
_KINDS = {"Number": "n", "String": "str", "Boolean": "b", "Error": "e"}
_NOT_VISIBLE = frozenset({"SheetHidden", "SheetVeryHidden"})
_MARKING = frozenset({"S", "Sup", "Sub", "Strike"})  # of the HTML in a text


def read_xml_2003(data: bytes) -> Grid:
    """Return the grid of a workbook. Raises an UnreadableWorkbook."""
    text = _DECLARATION.sub("", decoded_markup(data), count=1)
    reader = _Reader()
    parse(text.encode("utf-8", "replace"), NAME, reader.start, reader.end, reader.text)
    if not reader.sheets:
        raise DamagedWorkbook(f"{NAME}: no sheet")
    return Grid(tuple(reader.sheets), tuple(reader.styles.found), date1904=reader.is_1904)


class _Styles:
    """The styles of the workbook by their ids, each after the one that it builds on."""

    def __init__(self) -> None:
        self.by_id: dict[str, CellStyle] = {}
        self.found: dict[CellStyle, int] = {CellStyle(): 0}
        self.open = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Style":
            self.open = attributes.get("ID", "")
            parent = attributes.get("Parent", "Default")
            self.by_id[self.open] = self.by_id.get(parent, CellStyle())
        elif name == "NumberFormat":
            self._change(number_format=format_code(attributes.get("Format", "")))
        elif name == "Font":
            font = attributes.get("FontName", self.by_id[self.open].font)
            self._change(font=font, struck=attributes.get("StrikeThrough") == "1")

    def _change(self, **changed: str | bool) -> None:
        self.by_id[self.open] = self.by_id[self.open]._replace(**changed)  # type: ignore[arg-type]

    def place(self, *ids: str) -> int:
        """The place of the first of these styles that there is: a cell's, its row's, its column's."""
        style = CellStyle()
        for name in (*ids, "Default"):
            if name in self.by_id:
                style = self.by_id[name]
                break
        return self.found.setdefault(style, len(self.found))


class _Reader:
    """The workbook, element by element."""

    def __init__(self) -> None:
        self.styles = _Styles()
        self.sheets: list[Sheet] = []
        self.left = limits_of("xml").cells
        self.is_1904 = False
        self.sheet: _Sheet | None = None
        self.in_comment = self.in_data = False
        self.kind = ""
        self.pieces: list[str] = []
        self.unmarked: list[str] = []
        self.marks = 0
        self.word = ""  # the element of the options whose text counts, while it is open

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        if self.in_comment:
            return
        if self.in_data:
            self.marks += name in _MARKING
            return
        plain = {local(key): value for key, value in attributes.items()}
        if name in {"Comment", "PhoneticText"}:
            self.in_comment = True
        elif name == "Worksheet":
            self.sheet = _Sheet(plain.get("Name", ""))
        elif self.sheet is None:
            if self.styles.open or name == "Style":
                self.styles.start(name, plain)
            self.is_1904 = self.is_1904 or name == "Date1904"
        elif name == "Column":
            self._spend(1)
            self.sheet.add_column(plain)
        elif name == "Row":
            self._spend(1)
            self.sheet.open_row(plain)
        elif name == "Cell":
            self._spend(1)
            self.sheet.open_cell(plain)
            self.pieces, self.unmarked, self.kind = [], [], ""
        elif name == "Data":
            self.in_data, self.kind, self.marks = True, plain.get("Type", "String"), 0
        elif name == "Visible":
            self.word = name

    def text(self, data: str) -> None:
        if self.in_data:
            self.pieces.append(data)
            if not self.marks:
                self.unmarked.append(data)
        elif self.word and self.sheet is not None and data.strip() in _NOT_VISIBLE:
            self.sheet.visible = False

    def end(self, tag: str) -> None:
        name = local(tag)
        if self.in_comment:
            self.in_comment = name not in {"Comment", "PhoneticText"}
        elif name == "Data":
            self.in_data = False
        elif self.in_data:
            self.marks -= name in _MARKING
        elif name == "Style":
            self.styles.open = ""
        elif name == "Visible":
            self.word = ""
        elif name == "Cell" and self.sheet is not None:
            self.sheet.close_cell(self._value(), self.styles)
        elif name == "Worksheet" and self.sheet is not None:
            self.sheets.append(self.sheet.made())
            self.sheet = None

    def _value(self) -> CellValue:
        text = "".join(self.pieces)
        if self.kind == "DateTime":
            day_0 = DAY_0_OF_1904 if self.is_1904 else DAY_0
            found = date_serial(text.strip(), day_0)
            return as_stored(found) if isinstance(found, float) else found
        if self.kind in {"String", ""}:
            unmarked = "".join(self.unmarked)
            return MarkedText(text, unmarked) if unmarked != text else text or None
        value = READERS[_KINDS.get(self.kind, "str")](text, [])
        return as_stored(value) if isinstance(value, float) else value

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise WorkbookTooLarge("cells")


class _Sheet:
    """One sheet on its way."""

    def __init__(self, name: str) -> None:
        self.name, self.visible = name, True
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merges: list[Range] = []
        self.hidden_rows: list[tuple[int, int]] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.column_styles: dict[int, str] = {}
        self.row = self.column = self.columns = 0
        self.across = 0  # columns that the cell covers beside its own
        self.row_style = self.style = ""

    def add_column(self, attributes: Mapping[str, str]) -> None:
        first, self.columns = _place(attributes, self.columns, MAX_COLUMN)
        if attributes.get("Hidden") == "1":
            self.hidden_columns.append((first, self.columns))
        if "StyleID" in attributes:
            self.column_styles.update(dict.fromkeys(range(first, self.columns + 1), attributes["StyleID"]))

    def open_row(self, attributes: Mapping[str, str]) -> None:
        first, last = _place(attributes, self.row, MAX_ROW)
        # A row that stands for those after it as well has no cells: they would have to be written.
        self.row, self.column = last, 0
        self.row_style = attributes.get("StyleID", "")
        if attributes.get("Hidden") == "1":
            self.hidden_rows.append((first, last))

    def open_cell(self, attributes: Mapping[str, str]) -> None:
        self.column, _ = _place({"Index": attributes.get("Index", "")}, self.column, MAX_COLUMN)
        self.style = attributes.get("StyleID", "")
        self.across = _count(attributes, "MergeAcross")
        down = _count(attributes, "MergeDown")
        if self.across or down:
            self.merges.append(Range(self.row, self.column, self.row + down, self.column + self.across))

    def close_cell(self, value: CellValue, styles: _Styles) -> None:
        if value is not None and self.row:
            column_style = self.column_styles.get(self.column, "")
            place = styles.place(self.style, self.row_style, column_style)
            self.rows.setdefault(self.row, {})[self.column] = Cell(self.row, self.column, value, place)
        self.column += self.across

    def made(self) -> Sheet:
        return Sheet.gathered(
            self.name,
            self.rows,
            visible=self.visible,
            merges=self.merges,
            hidden_rows=self.hidden_rows,
            hidden_columns=self.hidden_columns,
        )


def _place(attributes: Mapping[str, str], before: int, most: int) -> tuple[int, int]:
    """Where a row, a column or a cell begins and ends: behind the last one, or at its index; a span is more of it.

    Raises DamagedWorkbook for an index that goes back, as Excel does: so no row or column is gone through twice.
    """
    first = _count(attributes, "Index") or before + 1
    last = first + _count(attributes, "Span")
    if first <= before or last > most:
        raise DamagedWorkbook(f"{NAME}: {last}")
    return first, last


def _count(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise DamagedWorkbook(f"{NAME}: {name}={text[:20]}")
    return int(text)
