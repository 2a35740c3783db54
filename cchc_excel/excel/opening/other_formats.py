"""Workbooks that are not OOXML → Grid: .xls, .xlsb and .ods by calamine in a child process, .csv by itself.

A child, because one stray cell at the far corner makes calamine ask for all the memory there is:
the child is ended then, and the file is one finding. Formulas and number formats are not known of
these kinds, only values and dates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from cchc_excel.errors import DamagedWorkbook, PasswordProtected
from cchc_excel.excel.kept_child import ChildFailed, KeptChild
from cchc_excel.grid import Cell, CellError, CellStyle, CellValue, Grid, Sheet, as_stored

_STYLES = (CellStyle(), CellStyle("dd/mm/yyyy"))
_CALAMINE = KeptChild("cchc_excel.excel.opening.calamine_child:answer")
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")


def read_other(data: bytes, kind: str) -> Grid:
    """Return the grid of a file of this kind (`xls`, `xlsb`, `ods`, `csv`). Raises an UnreadableWorkbook."""
    return _read_csv(data) if kind == "csv" else _read_in_child(data)


def _read_csv(data: bytes) -> Grid:
    text = next((decoded for name in _ENCODINGS if (decoded := _decoded(data, name)) is not None), None)
    if text is None:
        raise DamagedWorkbook("csv")
    delimiter = max(";,\t", key=text.count)
    return Grid((_sheet("CSV", True, csv.reader(io.StringIO(text), delimiter=delimiter)),), _STYLES)


def _decoded(data: bytes, encoding: str) -> str | None:
    if encoding == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _read_in_child(data: bytes) -> Grid:
    try:
        answer = _CALAMINE.call(data)
    except ChildFailed as error:  # calamine panics over some damaged files
        raise DamagedWorkbook(str(error).strip().rpartition("\n")[2]) from error
    if "error" in answer:
        raise (PasswordProtected if answer["error"] == "password" else DamagedWorkbook)(answer["detail"])
    sheets = tuple(_sheet(name, visible, rows) for name, visible, rows in answer["sheets"])
    return Grid(sheets, _STYLES)


def _sheet(name: str, visible: bool, rows: Iterable[Sequence[Any]]) -> Sheet:
    found: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(rows, start=1):
        cells = {}
        for column, raw in enumerate(row, start=1):
            value, style = _value(raw)
            if value is not None:
                cells[column] = Cell(number, column, value, style)
        if cells:
            found[number] = cells
    return Sheet(name, found, visible)


def _value(raw: Any) -> tuple[CellValue, int]:
    """A value and its style; the child sends dates and errors as {"date": serial} and {"error": code}."""
    if isinstance(raw, dict):
        return (raw["date"], 1) if "date" in raw else (CellError(raw["error"]), 0)
    if raw is None or raw == "":
        return None, 0
    return as_stored(raw) if isinstance(raw, float) else raw, 0
