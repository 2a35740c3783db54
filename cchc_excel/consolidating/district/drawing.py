"""What the sheets of the district workbook share: where figures stand, how cells look, what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import CellValue, StrictWorkbook, StrictWorksheet
from cchc_excel.form import Form, Kind
from cchc_excel.grid import column_letters
from cchc_excel.submission import Figure
from cchc_excel.wording import Words
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import FONT, SECTION_FILL

SIZE = 11
ERROR_FILL, WARNING_FILL, OUT_FILL = "#F8CBAD", "#FFF2CC", "#D9D9D9"
"""Told apart in grey, too: dark, light, and the text of what is left out struck through."""
FORMATS = {Kind.COUNT: "#,##0", Kind.PERCENT: "0.00", Kind.MONEY: "#,##0.##"}

_MOST_LINES = 20
_LONGEST_TEXT = 32_000  # units of UTF-16; a cell takes 32,767, a .csv file has no limit
_ESCAPED = str.maketrans({sign: f"%{ord(sign):02x}" for sign in '%# "<>[]^`{}'})

DETAILS_TOP = 7  # rows above the first unit on the sheet of details (0-based: its row)
FIRST_FIGURE = 4  # its column, 0-based


LinkOf: TypeAlias = Callable[[str], str | None]
"""By a file's path where it lies as seen from the workbook."""
Cell: TypeAlias = tuple[Figure | float | None, Any]
"""What a cell shall hold, and its look."""


@dataclass(frozen=True)
class Context:
    """The workbook being drawn."""

    book: StrictWorkbook
    outcome: Outcome
    words: Words
    link_of: LinkOf

    @property
    def form(self) -> Form:
        return self.outcome.merged.form

    def say(self, *path: str, **facts: object) -> str:
        """A word of the district workbook."""
        return self.words.word("district", *path, **facts)

    def name_of_sheet(self, name: str) -> str:
        return self.say("sheet", name)


class Looks:
    """Cell formats, each made once."""

    def __init__(self, book: StrictWorkbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def __call__(self, **properties: object) -> Any:
        """The format with these properties over the house's font."""
        whole = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def head(self, **properties: object) -> Any:
        return self(bold=True, border=1, align="center", text_wrap=True, bg_color=SECTION_FILL, **properties)

    def title(self) -> Any:
        return self(bold=True, font_size=14)

    def remark(self) -> Any:
        return self(italic=True)


def details_column(place: int) -> str:
    """The letters of a row's column on the sheet of details."""
    return column_letters(FIRST_FIGURE + place + 1)


def details_range(context: Context, place: int) -> str:
    """The cells of a row's figures over the units that are merged."""
    sheet, column = context.name_of_sheet("details"), details_column(place)
    last = DETAILS_TOP + len(context.outcome.merged.units)
    return f"'{sheet}'!${column}${DETAILS_TOP + 1}:${column}${last}"


def tall_enough(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row, in points, for these texts in columns of these widths (in characters)."""
    most = max((lines(text, width * 7, SIZE) for text, width in texts if text), default=1)
    return height(min(most, _MOST_LINES), SIZE)


def file_link(link: str, cell: object = None) -> str:
    """The address of a file, and in it of a cell, for `write_url`, which takes `#` for an end and `%20` for a space."""
    address = f"external:{link.translate(_ESCAPED)}"
    return address if cell is None else f"{address}#{cell}"


def put(sheet: StrictWorksheet, row: int, column: int, value: CellValue, look: Any) -> None:
    """Write a value as what it is; a text that no cell can hold is cut, and shows it."""
    sheet.write(row, column, fitting(value) if isinstance(value, str) else value, look)


def fitting(text: str) -> str:
    """The text, or as much of it as a cell surely takes."""
    if len(text) <= _LONGEST_TEXT // 2:  # a letter counts as two at the most
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return text
    return units[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore") + "…"


def put_row(sheet: StrictWorksheet, row: int, cells: Sequence[Cell]) -> None:
    """Write a row from its first column on: each value as what it is, with its look."""
    for column, (value, look) in enumerate(cells):
        put(sheet, row, column, value, look)
