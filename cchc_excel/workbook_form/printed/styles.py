"""How the cells look: one place for fonts, fills and number formats."""

from __future__ import annotations

from typing import Any

from cchc_excel.excel.writing.strict import StrictWorkbook
from cchc_excel.form import Indicator, Kind

FONT, SIZE, TITLE_SIZE, STATE_SIZE = "Times New Roman", 12, 13, 11.5
SECTION_FILL, TO_FILL = "#E7ECF3", "#FFF8DC"
INDENT = 1
INDENT_PIXELS = 12

NUMBER_FORMATS = {
    Kind.COUNT: "#,##0",
    # General shows 28.57 and 100 as they are; `0.##` leaves "100." with its point behind.
    Kind.PERCENT: "General",
    Kind.MONEY: "#,##0.##",
    Kind.CHOICE: "General",
    Kind.YES_NO: "General",
}


class Styles:
    """The cell styles of one workbook, each made once. All are in one font, of one size unless said otherwise."""

    def __init__(self, book: StrictWorkbook, size: float = SIZE) -> None:
        self._book = book
        self._usual = {"font_name": FONT, "font_size": size, "valign": "vcenter"}
        self._made: dict[frozenset[tuple[str, object]], Any] = {}

    def get(self, **properties: object) -> Any:
        """The style with these properties over what is usual."""
        key = frozenset(properties.items())
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._usual, **properties})
        return self._made[key]

    def changed(self, **properties: object) -> Any:
        """A style for a condition: only what it changes."""
        return self._book.add_format(properties)

    def head(self, **properties: object) -> Any:
        """The style of a column's title."""
        return self.get(bold=True, border=1, align="center", text_wrap=True, bg_color=SECTION_FILL, **properties)

    def cell(self, row: Indicator, *, bold: bool | None = None, **properties: object) -> Any:
        """A cell of an indicator's row: sections and groups bold, rows without a number of their own italic."""
        if row.depth == 1:
            properties.setdefault("bg_color", SECTION_FILL)
        if bold is None:
            bold = is_bold(row)
        if bold:
            properties["bold"] = True
        if is_sub_row(row):
            properties["italic"] = True
        return self.get(border=1, text_wrap=True, **properties)


def is_bold(row: Indicator) -> bool:
    """Sections and groups."""
    return row.depth in {1, 2}


def is_sub_row(row: Indicator) -> bool:
    """A row without a number of its own."""
    return row.depth == 0
