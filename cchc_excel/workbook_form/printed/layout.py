"""Where everything stands on the sheet: the only module that knows rows and columns by number.

Columns: A number, B indicator, C unit, D value, E note. F says what is wrong with a row while it is
filled, G, hidden, how bad that is; H is for last period's figures; from I on stand, hidden, the lists
that drop down. A second sheet holds the checks, one a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cchc_excel.form import Form, names

SHEET = "BieuThongKe"
STT, LABEL, UNIT, VALUE, NOTE, MESSAGE, LEVEL, PREVIOUS = "ABCDEFGH"
FIRST_LIST_COLUMN = 9

CHECK_SHEET = names.CHECK_SHEET
CHECK_HEADER, FIRST_CHECK = 5, 6
CODE, INDICATOR, WHAT, VERDICT, FIGURES, TODO, STATUS, CHECK_LEVEL, SAYS, SHOWN, SHOWN_BEFORE, READ = "ABCDEFGHIJKL"
STEPS, HUNDREDFOLD, TIME, PARTS_OF_YEAR, REASON = "MNOP", "Q", "R", ("S", "T", "U"), "V"
"""Columns of the second sheet; from STATUS on they are hidden. In the row that an indicator has on the form READ holds
its number as checks take it, SHOWN its figure as a text, STEPS how a text becomes a number, HUNDREDFOLD a percentage as
if typed as a part of 1, REASON whether a reason stands beside it. TIME and PARTS_OF_YEAR, from the first row on, say
which checks hold in the period."""
UNTOUCHED_CELL, ERRORS_CELL, WARNINGS_CELL, UNFILLED_CELL = "$G$1", "$H$1", "$H$2", "$H$3"
SUMMARY_CELL = "$A$2"

WIDTHS = {STT: 56, LABEL: 260, UNIT: 100, VALUE: 88, NOTE: 150}
"""Pixels. Together the width of an A4 page between its margins, and nearly so in print (95 %)."""
MESSAGE_WIDTH = 520
CHECK_WIDTHS = {CODE: 44, INDICATOR: 270, WHAT: 270, VERDICT: 112, FIGURES: 150, TODO: 460}

LETTERHEAD, NUMBER_AND_DAY, TITLE, CAPTION, INPUTS, HEADER, HEADER_LOW, FIRST = range(1, 9)
"""Rows above the indicators, and the first indicator's."""

UNIT_CELL, PERIOD_CELL, NUMBER_CELL, DAY_CELL = f"B{INPUTS}", f"D{INPUTS}", f"B{NUMBER_AND_DAY}", f"D{NUMBER_AND_DAY}"


@dataclass(frozen=True)
class Layout:
    """Where each indicator of a form stands."""

    form: Form
    rows: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {row.id: FIRST + place for place, row in enumerate(self.form.indicators)})

    @property
    def last(self) -> int:
        """The last indicator's row."""
        return FIRST + len(self.form.indicators) - 1

    @property
    def signature(self) -> int:
        """The first row of the signatures; there are five: capacity, office, remark, room to sign, name."""
        return self.last + 2

    @property
    def print_area(self) -> str:
        return f"{STT}1:{NOTE}{self.signature + 4}"

    def value(self, key: str) -> str:
        """The value cell of an indicator: `D10`."""
        return f"{VALUE}{self.rows[key]}"

    def figure(self, key: str, column: str = VALUE) -> str:
        """An indicator's cell as the other sheet names it: `BieuThongKe!$D$10`."""
        return absolute(f"{column}{self.rows[key]}")

    def number(self, key: str) -> str:
        """The cell of the other sheet where an indicator's number stands as checks take it: `$L$10`."""
        return f"${READ}${self.rows[key]}"

    def hundredfold(self, key: str) -> str:
        """The cell of the other sheet that holds a percentage as if it was typed as a part of 1: `$Q$10`."""
        return f"${HUNDREDFOLD}${self.rows[key]}"

    def reason(self, key: str) -> str:
        """The cell of the other sheet that says whether a reason stands beside an indicator: `$V$10`."""
        return f"${REASON}${self.rows[key]}"

    def steps(self, key: str) -> tuple[str, ...]:
        """The cells of the other sheet in which an indicator's text is taken apart: `$M$10`, `$N$10`, …"""
        return tuple(f"${column}${self.rows[key]}" for column in STEPS)

    def names(self) -> Iterator[tuple[str, str]]:
        """Every defined name of the template with the cell it names."""
        yield names.UNIT, UNIT_CELL
        yield names.PERIOD, PERIOD_CELL
        yield names.NUMBER, NUMBER_CELL
        yield names.DAY, DAY_CELL
        for row in self.form.entries:
            yield names.name_of(row.id), self.value(row.id)


def fixed(cell: str) -> str:
    """`D10` → `$D$10`."""
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell.removeprefix(letters)}"


def absolute(cell: str) -> str:
    """`D10` → `BieuThongKe!$D$10`."""
    return f"{SHEET}!{fixed(cell)}"


def on_check_sheet(cell: str) -> str:
    """`$A$2` → `'Kiểm tra'!$A$2`."""
    return f"'{CHECK_SHEET}'!{cell}"
