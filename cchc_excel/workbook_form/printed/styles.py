"""How the cells look: one place for fonts, fills and number formats."""

from __future__ import annotations

from typing import Any

from cchc_excel.excel.writing.strict import StrictWorkbook
from cchc_excel.form import Indicator, Kind

FONT, SIZE, TITLE_SIZE, STATE_SIZE = "Times New Roman", 12, 13, 11.5
SECTION_FILL, ABOVE_FILL, TO_FILL = "#E7ECF3", "#D9D9D9", "#FFF8DC"
INDENT = 1
INDENT_PIXELS = 12

# Level of a row (see `live`) → colours of its value cell, and of the message beside it. Legible in grey too.
LEVEL_COLOURS: dict[int, tuple[dict[str, object], dict[str, object]]] = {
    3: ({"bg_color": "#F8B4B4", "font_color": "#9C0006", "bold": True}, {"font_color": "#9C0006", "bold": True}),
    2: ({"bg_color": "#FFE699", "font_color": "#7F4F00"}, {"font_color": "#7F4F00"}),
    1: ({"bg_color": TO_FILL}, {"font_color": "#7F7F7F", "italic": True}),
}
SUMMARY_COLOURS: dict[str, dict[str, object]] = {
    "left": {"font_color": "#9C0006", "bg_color": "#FBE3E3"},
    "consistent": {"font_color": "#375623", "bg_color": "#E2EFDA"},
    "untouched": {"font_color": "#1F3864"},
}
NUMBER_FORMATS = {
    Kind.COUNT: "#,##0",
    # General shows 28.57 and 100 as they are; `0.##` leaves "100." with its point behind.
    Kind.PERCENT: "General",
    Kind.MONEY: "#,##0.##",
    Kind.CHOICE: "General",
    Kind.YES_NO: "General",
}
WHOLE_MONEY = "#,##0"  # laid over the money format by a condition, for the same reason


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, book: StrictWorkbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        """The format with these properties over the house's font and centre line."""
        whole = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def changed(self, **properties: object) -> Any:
        """A format for a condition: only what it changes."""
        return self._book.add_format(properties)

    def head(self) -> Any:
        return self.get(bold=True, border=1, align="center", text_wrap=True, bg_color=SECTION_FILL)

    def cell(self, row: Indicator, *, bold: bool | None = None, **properties: object) -> Any:
        """A cell of an indicator's row: sections and groups bold, rows without a number of their own italic."""
        if row.depth == 1:
            properties.setdefault("bg_color", SECTION_FILL)
        look = {"bold": is_bold(row) if bold is None else bold, "italic": is_sub_row(row)}
        on = {name: True for name, wanted in look.items() if wanted}
        return self.get(border=1, text_wrap=True, **on, **properties)


def is_bold(row: Indicator) -> bool:
    """Sections and groups."""
    return row.depth in {1, 2}


def is_sub_row(row: Indicator) -> bool:
    """A row without a number of its own."""
    return row.depth == 0
