"""What the rest of the program knows of a file: sheets of cells, with position, formula and look.

Positions are 1-based, as Excel shows them. A cell that holds neither a value nor a formula is
not in the grid at all, so that a million formatted blank rows cost nothing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, TypeAlias

from cchc_excel.errors import UnreadableWorkbook

DAY_0, DAY_0_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""The days of serial number 0 in Excel's two systems of dates.

It counts a 29 February 1900: below 61 a number of the first system is the day after the one that is counted so.
"""
TOP = 20  # rows among which what stands at the top of a sheet is looked for


_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # the direction of writing


class Source(NamedTuple):
    """A file as it came: its name for messages, its bytes for reading.

    `refused` says why there are no bytes: the file is larger than any workbook, or an archive did not give it.
    """

    name: str
    data: bytes
    refused: UnreadableWorkbook | None = None


def harmless(text: str) -> str:
    """A text from a file, or a file's name, as it may be shown on a terminal, a page or a sheet.

    A control character could move the cursor, a bidirectional one make `xslx.exe` look like `exe.xlsx`, and half a
    letter, of a name that is not UTF-8, cannot be written at all.
    """
    if text.isprintable():  # most texts are, and no character of these kinds is
        return text
    return _HARMFUL.sub("\ufffd", _TURNS.sub("", text.replace("\r\n", "\n")))


def escaped(text: str) -> str:
    """JSON in which the same characters stand as `\\u001b`: nothing is lost, and nothing reaches a terminal raw."""
    return _TURNS.sub(_as_json, _HARMFUL.sub(_as_json, text))


def _as_json(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value such as `#DIV/0!`; deliberately no `str`, so that it is never taken for text."""

    code: str

    def __str__(self) -> str:
        return self.code


class MarkedText(str):
    """A text of which some letters are struck out, raised or lowered; `unmarked` is the rest.

    The whole text is what a label says (`km²`); a figure is what is left without the marked letters.
    """

    unmarked: str

    def __new__(cls, text: str, unmarked: str = "") -> MarkedText:
        marked = super().__new__(cls, text)
        marked.unmarked = unmarked
        return marked


class LooksText(str):
    """A text whose figures look different: `882 ` in black and `883` in red; `parts` are those that look alike."""

    parts: tuple[str, ...]

    def __new__(cls, text: str, parts: tuple[str, ...] = ()) -> LooksText:
        looks = super().__new__(cls, text)
        looks.parts = parts
        return looks


def text_of_runs(runs: Iterable[tuple[str, Hashable]]) -> str:
    """The text of some runs, each with its look; a LooksText if two parts that look different hold a digit each.

    Blanks look like anything.
    """
    parts: list[tuple[str, Hashable]] = []
    for text, look in runs:
        if parts and (look == parts[-1][1] or not text.strip()):
            parts[-1] = parts[-1][0] + text, parts[-1][1]
        else:
            parts.append((text, look))
    texts = tuple(text for text, _ in parts)
    whole = "".join(texts)
    return LooksText(whole, texts) if sum(any(map(str.isdigit, text)) for text in texts) > 1 else whole


CellValue: TypeAlias = str | int | float | bool | CellError | None
"""A number is `int` if it was stored without a point or exponent. `None` only beside a formula never calculated."""


def as_stored(number: float) -> int | float | CellError:
    """A number that a library gave, as a cell holds it: a whole one is an integer.

    What is no number (the bits of a NaN in an .xls) is the error that office programs show for it.
    """
    if not math.isfinite(number):
        return CellError("#NUM!")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


class Cell(NamedTuple):
    """One filled cell. A named tuple, since a form makes hundreds and time matters."""

    row: int
    column: int
    value: CellValue
    style: int = 0
    formula: str | None = None


class Range(NamedTuple):
    """A rectangle of cells, both corners inside."""

    top: int
    left: int
    bottom: int
    right: int


def merged_rows(merges: Iterable[Range], rows: Iterable[int]) -> Iterator[tuple[Range, list[int]]]:
    """Yield each merge with those of the rows that it lies over, each row with the first merge that does.

    Only rows that there are are gone through: a file of 10 kB may say that a merge is a billion rows high.
    """
    left = sorted(rows)
    for merge in merges:
        first, end = bisect_left(left, merge.top), bisect_right(left, merge.bottom)
        if first < end:
            yield merge, left[first:end]
            del left[first:end]


class CellStyle(NamedTuple):
    """What the reading of a figure depends on: the number format's code, the font's name, whether all is struck out."""

    number_format: str = "General"
    font: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: `rows[row][column]` is a filled cell; rows and columns in rising order.

    `comments` are by row and column, as far as the kind of file tells them.
    """

    name: str
    rows: Mapping[int, Mapping[int, Cell]]
    visible: bool = True
    merges: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell | None:
        cells = self.rows.get(row)
        return cells.get(column) if cells else None

    @classmethod
    def gathered(
        cls,
        name: str,
        rows: dict[int, dict[int, Cell]],
        *,
        visible: bool,
        merges: Iterable[Range],
        hidden_rows: Iterable[tuple[int, int]],
        hidden_columns: Iterable[tuple[int, int]],
        comments: Mapping[tuple[int, int], str] | None = None,
    ) -> Sheet:
        """The sheet of what a reader gathered; `hidden_rows` are from the first to the last of each run."""
        last = max(rows, default=0)  # below it nothing is hidden that anybody could miss
        hidden = {row for first, end in hidden_rows for row in range(first, min(end, last) + 1)}
        return cls(
            name=name,
            rows=rows,
            visible=visible,
            merges=tuple(merges),
            hidden_rows=frozenset(hidden),
            hidden_columns=tuple(hidden_columns),
            comments=comments or {},
        )

    def between(self, first: int, last: int) -> Sheet:
        """The sheet with the cells of these columns alone, each where it was."""
        rows = {
            row: {column: cell for column, cell in cells.items() if first <= column <= last}
            for row, cells in self.rows.items()
        }
        merges = tuple(merge for merge in self.merges if first <= merge.left <= last)
        return replace(self, rows={row: cells for row, cells in rows.items() if cells}, merges=merges)

    def texts_for_programs(self, prefix: str) -> list[str]:
        """The texts at the top of the sheet that begin so; people may have put rows and columns in before them."""
        top = (cell.value for row in range(1, TOP + 1) for cell in self.rows.get(row, {}).values())
        return [value for value in top if isinstance(value, str) and value.startswith(prefix)]

    def is_hidden(self, row: int, column: int) -> bool:
        return row in self.hidden_rows or any(first <= column <= last for first, last in self.hidden_columns)


@dataclass(frozen=True, slots=True)
class Grid:
    """One workbook as read. `names` maps a defined name to its text (`BieuThongKe!$D$10`).

    `values_only`: whoever read the file told values alone, neither number formats but those of days, nor errors,
    merges and what is hidden. That a cell has the format General is then not known.
    """

    sheets: tuple[Sheet, ...]
    styles: tuple[CellStyle, ...] = (CellStyle(),)
    names: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    date1904: bool = False
    values_only: bool = False

    def style(self, cell: Cell) -> CellStyle:
        return self.styles[cell.style] if cell.style < len(self.styles) else CellStyle()


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"


def column_letters(column: int) -> str:
    """4 → `D`, 28 → `AB`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """`D` → 4, `AB` → 28. Letters only, capital."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
