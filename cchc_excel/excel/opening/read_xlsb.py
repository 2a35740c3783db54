"""In a child process: calamine reads a workbook. It is loaded here only.

Values and dates are all it tells: neither number formats nor errors, hidden rows or, of .xlsb, merged cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import python_calamine

from cchc_excel.errors import DamagedWorkbook, PasswordProtected
from cchc_excel.grid import DAY_0, Cell, CellStyle, CellValue, Grid, Sheet, as_stored

__all__ = ["read_xlsb"]

_STYLES = (CellStyle(), CellStyle("dd/mm/yyyy"))
_NUMBER, _DATE = range(2)  # places in _STYLES
_DAY_0 = datetime.combine(DAY_0, time())  # as Excel's days, of no zone


def read_xlsb(data: bytes) -> Grid:
    """Return the grid of a workbook. Raises PasswordProtected or DamagedWorkbook."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = []
        for sheet in book.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
            sheets.append(Sheet(sheet.name, _cells(rows), visible))
    except python_calamine.PasswordError as error:
        raise PasswordProtected(str(error)) from error
    except python_calamine.CalamineError as error:
        raise DamagedWorkbook(str(error)) from error
    return Grid(tuple(sheets), _STYLES, values_only=True)


def _cells(rows: Iterable[Sequence[Any]]) -> dict[int, dict[int, Cell]]:
    found: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(rows, start=1):
        cells = {}
        for column, raw in enumerate(row, start=1):
            value, style = _value(raw)
            if value is not None:
                cells[column] = Cell(number, column, value, style)
        if cells:
            found[number] = cells
    return found


def _value(raw: Any) -> tuple[CellValue, int]:
    """A value as Excel stores it, and its style: a day and a time are numbers."""
    if isinstance(raw, datetime):
        return (raw - _DAY_0) / timedelta(days=1), _DATE
    if isinstance(raw, date):
        return (raw - DAY_0).days, _DATE
    if isinstance(raw, time):
        return (raw.hour * 3600 + raw.minute * 60 + raw.second) / 86400, _DATE
    if isinstance(raw, timedelta):
        return raw / timedelta(days=1), _DATE
    if raw is None or raw == "":
        return None, _NUMBER
    return as_stored(raw) if isinstance(raw, float) else raw, _NUMBER
