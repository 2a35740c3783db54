"""Who reports, and for when: read from the lines above the table, never guessed in silence.

In:     a grid and the table of the form on one of its sheets.
Out:    the unit, the period and the date that the workbook's own words state, and where they were found.
Never:  chooses between two units or two periods.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.form import LEVELS, Form, names
from cchc_excel.grid import Cell, Grid, Sheet
from cchc_excel.reading.header import YEARS
from cchc_excel.reading.own_cells import cells_named, own_period, own_unit, text_in, typed_beside
from cchc_excel.reading.table import Table, find_tables
from cchc_excel.submission import Period
from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.periods import PeriodStated, part_stated, period_stated
from cchc_excel.vietnamese.reporting_unit import (
    UnitStated,
    cites_another_document,
    lines_of,
    one_of,
    unit_stated,
)
from cchc_excel.vietnamese.text import LONGEST_LINE, clean, fold

_LEVEL = Pattern(r"(?:UBND|[ỦU]\S+\s+ban\s+nhân\s+dân)?\s*(?P<level>huyện|quận|thị xã|thành phố|tỉnh)\b", re.IGNORECASE)
_LEVEL_OF = {"huyện": "huyen", "quận": "huyen", "thị": "huyen", "thành": "huyen", "tỉnh": "tinh"}
_BLANK_NUMBER = Pattern(r"\bsố\s*:?\s*[.…_]*\s*/\s*BC\b", re.IGNORECASE)
_BLANK_DAY = Pattern(r"ngày\s*[.…_]*\s*(?:/|tháng\s*[.…_]*\s*(?:năm|/))", re.IGNORECASE)
_NUMBER = Pattern(r"\bsố\s*:?\s*(?=\S*\d)([\w./-]{1,40})\s*/\s*BC\b", re.IGNORECASE)
_DAY = Pattern(
    r"(?<!từ )(?<!đến )ngày\s*(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|,?\s*năm)\s*(\d{4})", re.IGNORECASE
)
_PARTS_OF_A_DATE = frozenset({"quý", "tháng", "năm"})
MOST_LINES = 60  # on a cover sheet; a sheet of more is no cover


class Heading(NamedTuple):
    """What the workbook says of itself.

    `unit` and `period` are None where nothing states them, or where `rival_units` and `rival_periods` hold two or more
    that are stated instead of one. `found_on` names another worksheet where unit or period was found. `year_of_plan`
    says that the year is only that of a plan. `blanks` are the slots for number and date that were left empty. `day` is
    the report's own date, None where there is none, or two that differ; `number` that of the report before its `/BC`,
    in the same way, empty where there is none. `above` is the place over the unit.
    """

    unit: str | None
    period: Period | None
    blanks: tuple[str, ...]
    day: date | None = None
    rival_units: tuple[str, ...] = ()
    rival_periods: tuple[Period, ...] = ()
    found_on: str | None = None
    year_of_plan: bool = False
    above: str | None = None
    number: str = ""


def read_heading(grid: Grid, table: Table, form: Form, known: Sequence[str] = ()) -> Heading:
    """Read the template's own cells where they are, else the lines above the table, else a cover sheet.

    `known` are names of units; one of them is found even where it does not sound like any.
    """
    above = list(_cells_above(table))
    texts = [text for _, text in above]
    places = cells_named(grid)
    named = {name: text_in(place, table) for name, place in places.items()}
    named_unit, named_period = named[names.UNIT], named[names.PERIOD]
    typed = list(typed_beside(places.values(), table, above, form.title)) if named_unit or named_period else []
    unit = own_unit(named_unit, typed) if named_unit else unit_stated(texts)
    if not (unit.unit or unit.rivals) and known:
        unit = UnitStated(one_of(texts, known))
    period = own_period(named_period, typed) if named_period else period_stated(texts)
    if not (period.period or period.rivals):
        period = period_stated(_titles_of_values(table))
    found_on = None
    # the other sheets of a consolidated workbook name its units, of which none is the one that reports
    has_covers = names.AGGREGATES not in grid.names
    if has_covers and (not (unit.unit or unit.rivals) or not (period.period or period.rivals)):
        unit, period, found_on = _with_covers(_covers(grid, table, form), unit, period)
    if not (period.period or period.rivals):
        named_by_sheet = period_in_sheet_name(table.sheet.name, None)
        if named_by_sheet is not None:
            period, found_on = PeriodStated(named_by_sheet), found_on or table.sheet.name
    heading = Heading(
        unit=unit.unit,
        period=period.period,
        blanks=(),
        rival_units=unit.rivals,
        rival_periods=period.rivals,
        found_on=found_on,
        year_of_plan=period.year_of_plan,
        above=unit.above,
    )
    if named[names.NUMBER] is None:
        lines = list(lines_of(texts))
        blanks = tuple(dict.fromkeys(filter(_is_blank_slot, map(clean, texts))))
        return heading._replace(blanks=blanks, day=_day_in(lines, unit), number=_number_in(lines, unit))
    empty = tuple(label for name, label in ((names.NUMBER, "Số"), (names.DAY, "Ngày")) if not named[name])
    day = _day_in(lines_of(texts), unit) if named[names.DAY] else None
    return heading._replace(blanks=empty, day=day, number=named[names.NUMBER] or "")


def _covers(grid: Grid, table: Table, form: Form) -> Iterator[tuple[str, list[str]]]:
    """The names and texts of the sheets that may be covers: seen, with few lines, without a table of the form."""
    for sheet in grid.sheets:
        if sheet is table.sheet or not sheet.visible or len(sheet.rows) > MOST_LINES:
            continue
        if next(find_tables(sheet, form), None) is None:
            yield sheet.name, list(_texts_of(sheet))


def _with_covers(
    covers: Iterable[tuple[str, list[str]]], unit: UnitStated, period: PeriodStated
) -> tuple[UnitStated, PeriodStated, str | None]:
    """Unit and period with what other sheets state of them, and the name of the sheet where it was found."""
    needs_unit, needs_period = not (unit.unit or unit.rivals), not (period.period or period.rivals)
    found_on = None
    texts_of_all: list[str] = []
    for name, texts in covers:
        texts_of_all += texts
        states_unit = needs_unit and unit_stated(texts).unit is not None
        states_period = needs_period and period_stated(texts).period is not None
        if found_on is None and (states_unit or states_period):
            found_on = name
    if needs_unit:
        unit = unit_stated(texts_of_all)
    if needs_period:
        period = period_stated(texts_of_all)
    return unit, period, found_on


def _is_blank_slot(text: str) -> bool:
    """Whether a number or a date was left out here."""
    return bool(_BLANK_NUMBER.search(text) or _BLANK_DAY.search(text))


def _day_in(lines: Iterable[str], unit: UnitStated) -> date | None:
    """The date of the report: `ngày 09 tháng 3 năm 2023`, `ngày 9/3/2023`; not the first and last day of a period.

    The date of a letter or a decision that another authority issued is not the report's.
    """
    own = (line for line in lines if not cites_another_document(line) or _is_issued_by(line, unit))
    days = {day for line in own for day in _days_of(line)}
    return days.pop() if len(days) == 1 else None


def _number_in(lines: Iterable[str], unit: UnitStated) -> str:
    """The number of the report, `45` of `Số: 45/BC-UBND`; not that of what another authority issued."""
    own = (line for line in lines if not cites_another_document(line) or _is_issued_by(line, unit))
    numbers = {match[1] for line in own for match in _NUMBER.finditer(line)}
    return numbers.pop() if len(numbers) == 1 else ""


def _is_issued_by(line: str, unit: UnitStated) -> bool:
    """Whether the unit itself issued the letter that a line speaks of."""
    return unit.unit is not None and fold(unit.unit) in fold(line)


def _days_of(text: str) -> Iterator[date]:
    for match in _DAY.finditer(text):
        day, month, year = map(int, match.groups())
        try:
            yield date(year, month, day)
        except ValueError:
            continue  # 31 tháng 4: no date, and nothing hangs on it but lateness


def level_of(unit: str | None, levels: Sequence[str] = LEVELS) -> str | None:
    """The level that a unit's name tells: `UBND huyện …` → `huyen`; None for a name that tells none.

    Where there is no district a city is a province's equal.
    """
    match = _LEVEL.match(unit or "")
    if match is None:
        return None
    word = fold(match["level"])
    level = "tinh" if word == "thành phố" and "huyen" not in levels else _LEVEL_OF[word.split()[0]]
    return level if level in levels else None


def period_in_name(name: str) -> Period | None:
    """The period that a file's name tells, else its folder, else that with the one around it: `Năm 2023/Quý I/An Bình`.

    A year alone is none: `CCHC 2023.xlsx` may hold any quarter of it.
    """
    path = PurePath(name)
    folder, outer = path.parent.name, path.parent.parent.name
    for text in (path.stem, folder, f"{outer} {folder}"):
        stated = period_stated([text])
        if stated.period is not None and stated.period.part != "Y":
            return stated.period
        if stated.rivals:
            return None
    return None


def period_in_sheet_name(name: str, period: Period | None) -> Period | None:
    """The period that the name of a sheet tells; `Quý II` is one of the year reported on. A year alone is none."""
    stated = period_stated([name]).period
    if stated is None and period is not None:
        return part_stated(name, period.year)
    return stated if stated is not None and stated.part != "Y" else None


def _cells_above(table: Table) -> Iterator[tuple[Cell, str]]:
    """The cells above the table with their texts, column by column as a letterhead is read.

    The titles over numbers and labels are among them. Those over figures speak of what stands in their columns, which
    may be another period.
    """
    printed = {table.columns.get(role) for role in ("stt", "label")}
    last = table.rows[0].number if table.rows else table.header_row + 1
    rows = [(number, cells) for number, cells in table.sheet.rows.items() if number < last]
    for column in sorted({column for _, cells in rows for column in cells}):
        for number, cells in rows:
            if column in cells and (number < table.header_row or column in printed):
                for text in _text_of(cells, column):
                    yield cells[column], text


def _titles_of_values(table: Table) -> Iterator[str]:
    """The titles over the column of figures that was read; none while several columns may be that one."""
    if len(table.figures) > 1:
        return
    last = table.rows[0].number if table.rows else table.header_row + 1
    for number in range(table.header_row, last):
        cell = table.sheet.cell(number, table.columns["value"])
        if cell is not None and isinstance(cell.value, str):
            yield cell.value


def _texts_of(sheet: Sheet) -> Iterator[str]:
    for column in sorted({column for cells in sheet.rows.values() for column in cells}):
        for cells in sheet.rows.values():
            yield from _text_of(cells, column)


def _text_of(cells: Mapping[int, Cell], column: int) -> Iterator[str]:
    """The text of one cell of a row, if it has one: a label such as `Đơn vị:` together with what stands right of it."""
    cell, right = cells.get(column), cells.get(column + 1)
    if cell is None:
        return
    if isinstance(cell.value, int) and cell.value in YEARS:
        yield str(cell.value)
    if isinstance(cell.value, str) and len(cell.value) <= LONGEST_LINE:
        is_label = cell.value.rstrip().endswith(":") or fold(cell.value) in _PARTS_OF_A_DATE
        is_label = is_label and right is not None and isinstance(right.value, str | int)
        yield f"{cell.value.rstrip()} {right.value}" if is_label and right is not None else cell.value
