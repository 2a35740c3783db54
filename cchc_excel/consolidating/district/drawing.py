"""What the sheets of the district workbook share: where figures stand, how cells look, what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import CellValue, StrictWorkbook, StrictWorksheet
from cchc_excel.form import Form, Kind, Severity
from cchc_excel.grid import column_letters, harmless
from cchc_excel.submission import CellAddress
from cchc_excel.wording import Words
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import NUMBER_FORMATS, Styles

SIZE = 11  # points, on all sheets but the form's own
ERROR_FILL, WARNING_FILL, OUT_FILL = "#F8CBAD", "#FFF2CC", "#D9D9D9"
"""Told apart in grey, too: dark, light, and the text of what is left out struck through."""
SEVERITY_FILLS = {Severity.ERROR: ERROR_FILL, Severity.WARNING: WARNING_FILL}
FORMATS = {**NUMBER_FORMATS, Kind.PERCENT: "0.00"}
"""Of merged figures: a rate that was calculated has two decimals."""
MOST_LINKS = 2_000
"""Rows of a sheet that are links. Excel takes 65,530 a sheet, and opens half a million in minutes."""

_PIXELS = 7  # of a digit, by which the width of a column is counted
_MOST_LINES = 20
_LONGEST_TEXT = 32_000  # units of UTF-16; a cell takes 32,767, a .csv file has no limit
_LONGEST_LINK_TEXT = 255  # characters
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")  # in the XML of a link
_ESCAPED = str.maketrans({sign: f"%{ord(sign):02x}" for sign in '%# "<>[]^`{}'})

DETAILS_TOP = 7  # rows above the first unit on the sheet of details (0-based: its row)
FIRST_FIGURE = 4  # its column, 0-based


LinkOf: TypeAlias = Callable[[str], str | None]
"""By a file's path where it lies as seen from the workbook."""
Tell: TypeAlias = Callable[[str], None]
"""Takes the traceback of a defect that one finding brought out."""
Cell: TypeAlias = tuple[CellValue, Any]
"""What a cell shall hold, and its style."""


@dataclass(frozen=True)
class Context:
    """The workbook being drawn."""

    book: StrictWorkbook
    outcome: Outcome
    words: Words
    link_of: LinkOf
    styles: Styles
    tell: Tell

    @property
    def form(self) -> Form:
        return self.outcome.merged.form

    def say(self, *path: str, **facts: object) -> str:
        """A word of the district workbook."""
        return self.words.word("district", *path, **facts)

    def name_of_sheet(self, name: str) -> str:
        return self.say("sheet", name)


# --- where the figures of units stand


def details_column(place: int) -> str:
    """The letters of a row's column on the sheet of details."""
    return column_letters(FIRST_FIGURE + place + 1)


def details_range(context: Context, place: int) -> str:
    """The cells of a row's figures over the units that are merged."""
    sheet, column = context.name_of_sheet("details"), details_column(place)
    last = DETAILS_TOP + len(context.outcome.merged.units)
    return f"'{sheet}'!${column}${DETAILS_TOP + 1}:${column}${last}"


def details_rows(outcome: Outcome) -> dict[str, int]:
    """The row of each unit on the sheet of details, 0-based, by path: those left out stand below a heading."""
    merged = outcome.merged
    rows = {unit.path: DETAILS_TOP + place for place, unit in enumerate(merged.units)}
    below = DETAILS_TOP + len(merged.units) + 2
    return rows | {unit.path: below + place for place, unit in enumerate(merged.left_out)}


# --- writing


def put(sheet: StrictWorksheet, row: int, column: int, value: CellValue, style: Any) -> None:
    """Write a value as what it is; a text that no cell can hold is cut, and shows it."""
    sheet.write(row, column, _written(value) if isinstance(value, str) else value, style)


def put_row(sheet: StrictWorksheet, row: int, cells: Iterable[Cell]) -> None:
    """Write a row from its first column on, each value as `put` does."""
    sheet.write_cells(row, [(_written(value) if isinstance(value, str) else value, style) for value, style in cells])


def _written(text: str) -> str:
    """The text without what no workbook holds, and no longer than a cell takes."""
    return fitting(harmless(text))


def put_link(sheet: StrictWorksheet, row: int, column: int, address: str, text: str, style: Any) -> None:
    """Write a text that leads to an address, as `write_url` takes it.

    The text is written over the link's own, in which XlsxWriter before 3.2.5 turns each / into a \\.
    """
    sheet.write_url(row, column, address, style, harmless(text)[:_LONGEST_LINK_TEXT])
    put(sheet, row, column, text, style)


def fitting(text: str) -> str:
    """The text, or as much of it as a cell surely takes."""
    if len(text) <= _LONGEST_TEXT // 2:  # a letter counts as two at the most
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return text
    return units[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore") + "…"


def file_link(link: str, cell: CellAddress | None = None) -> str:
    """The address of a file, and in it of a cell, for `write_url`, which takes `#` for an end and `%20` for a space."""
    address = f"external:{_UNWRITABLE.sub(_percent, link.translate(_ESCAPED))}"
    return address if cell is None else f"{address}#{cell}"


def _percent(match: re.Match[str]) -> str:
    """A letter by its bytes in a file's name."""
    return "".join(f"%{byte:02x}" for byte in match[0].encode("utf-8", "surrogateescape"))


def tall_enough(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row, in points, for these texts in columns of these widths (in digits); of 20 lines at most."""
    most = max((lines(text, width * _PIXELS, SIZE) for text, width in texts if text), default=1)
    return height(min(most, _MOST_LINES), SIZE)


def title_height(titles: Iterable[str], width: float, size: float) -> float:
    """The height of a row of bold titles over columns that are equally wide: all of every title is shown."""
    return height(max((lines(title, width * _PIXELS, size, bold=True) for title in titles), default=1), size)
