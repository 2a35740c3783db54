"""In a child process: calamine reads a workbook. It is loaded here only."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import python_calamine

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's own day zero has no zone


def answer(data: bytes) -> dict[str, Any]:
    """Return the sheets of a workbook as (name, is visible, rows), or why there are none, as `error` and `detail`."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
                sheets.append((meta.name, visible, [[_plain(value) for value in row] for row in rows]))
    except python_calamine.PasswordError as error:
        return {"error": "password", "detail": str(error)}
    except python_calamine.CalamineError as error:
        return {"error": "damaged", "detail": str(error)}
    return {"sheets": sheets}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"date": (value - _EPOCH) / timedelta(days=1)}
    if isinstance(value, date):
        return {"date": (datetime(value.year, value.month, value.day) - _EPOCH).days}  # noqa: DTZ001
    if isinstance(value, time):
        return {"date": (value.hour * 3600 + value.minute * 60 + value.second) / 86400}
    if isinstance(value, timedelta):
        return {"date": value / timedelta(days=1)}
    return value
