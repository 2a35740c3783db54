"""Who reports, and for when: read from the lines above the table, never guessed in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from cchc_excel.form import names
from cchc_excel.grid import Cell, Grid, column_number
from cchc_excel.reading.table import Table
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import clean, fold

_LEVELS = "xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh"
_UNIT = re.compile(
    rf"(?:UBND|[ỦU][ỶỲYy]\s+BAN\s+NHÂN\s+DÂN|[ỦU][ỷyỳ]\s+ban\s+nhân\s+dân)\s+(?P<level>{_LEVELS})\s+(?P<name>[^\W\d_][^()\n,;:/]*)",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"(?:UBND|[ỦU]\S+\s+ban\s+nhân\s+dân)?\s*(?P<level>huyện|quận|thị xã|thành phố|tỉnh)\b", re.IGNORECASE
)
_LEVEL_OF = {"huyện": "huyen", "quận": "huyen", "thị": "huyen", "thành": "huyen", "tỉnh": "tinh"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"quý\s*(iii|ii|iv|i|[1-4])\s*(?:năm|/|-)?\s*(\d{4})", re.IGNORECASE)
_MONTHS = re.compile(r"(6|sáu|9|chín)\s*tháng(?:\s*đầu)?\s*(?:năm|/)?\s*(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"(?:báo cáo|kỳ báo cáo|số liệu|kết quả)?\s*(?:cả\s+)?năm\s*(\d{4})", re.IGNORECASE)
_IN_NAME = re.compile(
    r"(?P<year>20\d\d)[-_. ]?(?P<part>Q[1-4]|H1|9M)|qu[yý][-_. ]?(?P<q>iii|ii|iv|i|[1-4])[-_. ]+(?P<y>20\d\d)",
    re.IGNORECASE,
)
_BLANK_NUMBER = re.compile(r"\bsố\s*:?\s*[.…_]*\s*/\s*BC\b", re.IGNORECASE)
_BLANK_DAY = re.compile(r"ngày\s*[.…_]*\s*(?:/|tháng\s*[.…_]*\s*(?:năm|/))", re.IGNORECASE)
_DAY = re.compile(
    r"(?<!từ )(?<!đến )ngày\s*(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|,?\s*năm)\s*(\d{4})", re.IGNORECASE
)


class Heading(NamedTuple):
    """What the heading says; `periods` holds every different period found, `blanks` the slots left empty.

    `day` is the report's own date, None where there is none, or two that differ.
    """

    unit: str | None
    periods: tuple[Period, ...]
    blanks: tuple[str, ...]
    day: date | None = None


def read_heading(grid: Grid, table: Table) -> Heading:
    """Read the template's own cells where they are, else the lines above the table and its header."""
    texts = list(_texts_above(table))
    named = {name: _named_text(grid, name) for name in (names.UNIT, names.PERIOD, names.NUMBER, names.DAY)}
    unit = named[names.UNIT] or _unit_in(texts)
    own = named[names.PERIOD]
    periods = _distinct(period_in(text) for text in ([own] if own else texts))
    if named[names.NUMBER] is None:
        blanks = list(filter(_is_blank_slot, texts))
        return Heading(unit or None, periods, tuple(dict.fromkeys(blanks)), _day_in(texts))
    empty = [label for name, label in ((names.NUMBER, "Số"), (names.DAY, "Ngày")) if not named[name]]
    return Heading(unit or None, periods, tuple(empty), _day_in(texts) if named[names.DAY] else None)


@lru_cache(maxsize=512)
def _is_blank_slot(text: str) -> bool:
    """Whether a number or a date was left out here."""
    return bool(_BLANK_NUMBER.search(text) or _BLANK_DAY.search(text))


def _day_in(texts: Iterable[str]) -> date | None:
    """The date of the report: `ngày 09 tháng 3 năm 2023`, `ngày 9/3/2023`; not the first and last day of a period."""
    days = {day for text in texts if "20" in text for day in _days_of(text)}
    return days.pop() if len(days) == 1 else None


@lru_cache(maxsize=512)
def _days_of(text: str) -> tuple[date, ...]:
    days = []
    for match in _DAY.finditer(text):
        day, month, year = map(int, match.groups())
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue  # 31 tháng 4: no date, and nothing hangs on it but lateness
    return tuple(days)


def level_of(unit: str | None) -> str | None:
    """The level that a unit's name tells: `UBND huyện …` → `huyen`; None for a name that tells none."""
    match = _LEVEL.match(unit or "")
    return _LEVEL_OF[fold(match["level"]).split()[0]] if match else None


@lru_cache(maxsize=512)  # most lines above the table are the same in all workbooks
def period_in(text: str) -> Period | None:
    """The period a text names (`quý I năm 2023`, `6 tháng đầu năm 2023`, `năm 2023`), or None."""
    if match := _QUARTER.search(text):
        return Period(int(match[2]), f"Q{_ROMAN[match[1].lower()]}")
    if match := _MONTHS.search(text):
        return Period(int(match[2]), "H1" if match[1].lower() in {"6", "sáu"} else "9M")
    if (match := _YEAR.search(text)) and not re.search(r"tháng|ngày", text, re.IGNORECASE):
        return Period(int(match[1]), "Y")
    return None


def period_in_name(name: str) -> Period | None:
    """The period a file name tells: `BangLang_2023-Q1.xlsx`, `xa A quy 1-2023.xlsx`."""
    match = _IN_NAME.search(name)
    if match is None:
        return None
    if match["year"]:
        return Period(int(match["year"]), match["part"].upper())
    return Period(int(match["y"]), f"Q{_ROMAN[match['q'].lower()]}")


def _distinct(periods: Iterable[Period | None]) -> tuple[Period, ...]:
    found = dict.fromkeys(period for period in periods if period is not None)
    partial = tuple(period for period in found if period.part != "Y")
    return partial or tuple(found)


def _texts_above(table: Table) -> Iterable[str]:
    last = table.rows[0].number if table.rows else table.header_row + 1
    for number, cells in table.sheet.rows.items():
        if number >= last:
            return
        for cell in cells.values():
            if isinstance(cell.value, str):
                yield clean(cell.value)


def _unit_in(texts: Iterable[str]) -> str | None:
    """The unit's name; one written in ordinary letters is preferred to the letterhead's capitals."""
    found = [it for text in texts for it in _units_of(text)]
    return min(found, key=lambda it: it[0])[1] if found else None


@lru_cache(maxsize=512)
def _units_of(text: str) -> tuple[tuple[bool, str], ...]:
    """The units that a text names, and whether in capitals."""
    found = []
    for match in _UNIT.finditer(text):
        name = re.split(r"\s+(?:về|quý|năm|ngày|tháng|kỳ)\b|[.…_]{2,}", match["name"])[0].strip(" .")
        if name:
            found.append((name.isupper(), f"UBND {match['level'].lower()} {name}"))
    return tuple(found)


def _named_text(grid: Grid, name: str) -> str | None:
    """The text of a defined cell; empty if it is blank, None if the workbook does not define it."""
    place = grid.names.get(name)
    if place is None or "!" not in place:
        return None
    sheet_name, _, local = place.rpartition("!")
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)(?::.*)?", local)
    sheet = next((sheet for sheet in grid.sheets if sheet.name == sheet_name.strip("'").replace("''", "'")), None)
    if match is None or sheet is None:
        return None
    cell: Cell | None = sheet.cell(int(match[2]), column_number(match[1]))
    text = "" if cell is None or cell.value is None else clean(str(cell.value))
    return "" if not text.strip(".…_ /") or fold(text) == "" else text
