"""What the template's own cells say of unit, period, number and day, and what was typed over the lines around them.

In:     a grid, the table of the form, and the texts above it.
Out:    the texts of the cells with a name; the unit and the period that they state, or two where a line above the table
        contradicts them.
Never:  chooses between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.form import names
from cchc_excel.grid import Cell, Grid, Sheet, column_number
from cchc_excel.reading.table import Table
from cchc_excel.submission import Period
from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.periods import PeriodStated, period_stated
from cchc_excel.vietnamese.reporting_unit import UnitStated, cites_another_document, others_stated
from cchc_excel.vietnamese.text import clean, fold

__all__ = ["cells_named", "own_period", "own_unit", "text_in", "typed_beside"]

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::.*)?")  # of a defined name, or the first of its cells
_MAY_TELL_A_PERIOD = Pattern(r"\d|quý|quy\b|tháng|thang|nửa|nua\b", re.IGNORECASE)
# Folded words of a line that tells when something was written or is due, or what is planned.
_TELLS_WHEN = Pattern(
    r"\b(?:cập nhật|(?:biểu|báo cáo|người|được) lập|chốt|in (?:ngày|tháng)|ký|nộp|thời hạn|thời điểm|dự kiến"
    r"|phương hướng|định hướng|(?<!thực hiện )nhiệm vụ)\b|^mẫu\b"
)
_THE_WHOLE_YEAR = Pattern(r"\bcả năm\b")


class Place(NamedTuple):
    """A cell that a defined name points to."""

    sheet: Sheet
    row: int
    column: int


def cells_named(grid: Grid) -> Mapping[str, Place | None]:
    """Return the cells for unit, period, number and day, by their names."""
    return {name: _place_named(grid, name) for name in (names.UNIT, names.PERIOD, names.NUMBER, names.DAY)}


def typed_beside(
    named: Iterable[Place | None], table: Table, above: Iterable[tuple[Cell, str]], title: str
) -> Iterator[str]:
    """The texts above the table that somebody may have typed.

    None that is calculated, is a title, or stands in a cell with a name or right before one.
    """
    places = [place for place in named if place is not None and place.sheet.name == table.sheet.name]
    taken = {(place.row, column) for place in places for column in (place.column - 1, place.column)}
    for cell, text in above:
        is_own = cell.row >= table.header_row or (cell.row, cell.column) in taken
        if cell.formula is None and not is_own and not text.endswith(title):
            yield text


def own_unit(own: str, typed: Sequence[str]) -> UnitStated:
    """The unit of the template's own cell, unless a line that was typed names another one of its level."""
    others = others_stated(own, typed)
    return UnitStated(rivals=(own, *others)) if others else UnitStated(own)


def own_period(own: str, typed: Iterable[str]) -> PeriodStated:
    """The period of the template's own cell, unless a line that was typed states another one."""
    stated = period_stated([own])
    if stated.period is None:
        return stated
    others = dict.fromkeys(_other_period(text, stated.period) for text in typed if _MAY_TELL_A_PERIOD.search(text))
    rivals = tuple(other for other in others if other is not None)
    return PeriodStated(rivals=(stated.period, *rivals)) if rivals else stated


def _other_period(text: str, own: Period) -> Period | None:
    """The one other period that a line states; None where it states the own one too, or when something was issued."""
    if cites_another_document(text) or _TELLS_WHEN.search(fold(text)):
        return None
    stated = period_stated([text])
    if stated.period is None and not stated.rivals:  # `QUÝ II`: of the year that the own cell tells
        stated = period_stated([text, f"năm {own.year}"])
    other = stated.period
    if other is None or other == own:
        return None
    is_less_exact = (own.part != "Y" and other.part == "Y") or (other.is_range and not own.is_range)
    is_own_too = own.part == "Y" and _THE_WHOLE_YEAR.search(fold(text))  # `Quý IV và cả năm`
    return None if is_less_exact or is_own_too else other


def _place_named(grid: Grid, name: str) -> Place | None:
    """The cell of a defined name; None where the workbook does not define it, or for no cell that there is."""
    sheet_name, mark, local = grid.names.get(name, "").rpartition("!")
    match = _CELL.fullmatch(local)
    if match is None or not mark:
        return None
    sheet = next((sheet for sheet in grid.sheets if sheet.name == sheet_name.strip("'").replace("''", "'")), None)
    return None if sheet is None else Place(sheet, int(match[2]), column_number(match[1]))


def text_in(place: Place | None, table: Table) -> str | None:
    """The text of a defined cell; empty if it is blank, None if the workbook does not define it.

    A program that put rows in or took some out may have left the names where they were: what stands within the table,
    or ends as a label does, is none of these texts.
    """
    if place is None or (place.sheet is table.sheet and table.header_row and place.row >= table.header_row):
        return None
    cell = place.sheet.cell(place.row, place.column)
    text = "" if cell is None or cell.value is None else clean(str(cell.value))
    if text.endswith(":"):
        return None
    return "" if not text.strip(".…_ /") or fold(text) == "" else text
