"""Every workbook that stands beside the tests reads as openpyxl reads it; what differs is explained in one table."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from disorders import DISORDERS, in_order
from openpyxl.utils.datetime import to_excel
from packages import workbook, worksheet
from places import ROOT
from sent_files import data_of

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.ooxml.values import date_serial
from cchc_excel.form import load_form
from cchc_excel.grid import DAY_0, DAY_0_OF_1904, CellError, CellValue, LooksText, MarkedText

FOLDERS = ("examples", "templates", "tests")
WORKBOOKS = sorted(path for it in FOLDERS for path in (ROOT / it).rglob("*.xlsx") if zipfile.is_zipfile(path))
FORM = load_form()

EXPLAINED = {
    "a date": "openpyxl makes a date of a number under a date's format; we keep the number, and the format beside it",
    "an error": "openpyxl gives an error as its text; we as an error, so that it is never taken for a text",
    "a whole number": "openpyxl makes 5.0 an integer; we keep how the number was stored, and the two are equal",
    "marked letters": "openpyxl joins the runs of a text; we know besides which letters are struck out or raised",
    "a text for programs": "openpyxl leaves out a formula's empty text; we keep it, as the cell is not blank",
}
"""All that may differ between the two readers, and why."""


def disordered(seed: int) -> bytes:
    """A workbook as people send it, after five disorders."""
    chance = random.Random(seed)
    sent = in_order(chance, FORM)
    for name in chance.sample(sorted(DISORDERS), 5):
        DISORDERS[name](chance, sent)
    return data_of(sent, "xlsx")


def differences(data: bytes) -> Iterator[tuple[str, str]]:
    """Each cell that the two readers read differently, with the name of the explanation, or "" where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of what it does not keep
        theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    ours = read_workbook(data)
    names = [sheet.title for sheet in theirs.worksheets]
    assert [sheet.name for sheet in ours.sheets] == names
    for sheet, page in zip(ours.sheets, theirs.worksheets, strict=True):
        seen = {
            (cell.row, cell.column): cell.value for row in page.iter_rows() for cell in row if cell.value is not None
        }
        own = {(row, at): cell.value for row, cells in sheet.rows.items() for at, cell in cells.items()}
        for place in sorted(seen.keys() | own.keys()):
            one, other = own.get(place), seen.get(place)
            if one != other or type(one) is not type(other):
                yield f"{sheet.name} {place}: {one!r}, {other!r}", explained(one, other)


def explained(ours: CellValue, theirs: object) -> str:
    if isinstance(theirs, datetime | date | time | timedelta) and isinstance(ours, int | float):
        serial: Any = to_excel(theirs)  # type: ignore[no-untyped-call]
        return "a date" if abs(float(serial) - ours) < 1e-9 else ""
    if isinstance(ours, CellError) and theirs == ours.code:
        return "an error"
    if isinstance(ours, int | float) and ours == theirs and not isinstance(ours, bool):
        return "a whole number"
    if isinstance(ours, MarkedText | LooksText) and ours == theirs:
        return "marked letters"
    return "a text for programs" if ours == "" and theirs is None else ""


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_no_cell_is_read_otherwise_than_by_openpyxl_without_a_reason(path: Path) -> None:
    found = list(differences(path.read_bytes()))
    assert [text for text, why in found if not why] == []
    assert {why for _, why in found} <= EXPLAINED.keys()


@pytest.mark.parametrize("seed", range(40))
def test_no_cell_of_a_disordered_workbook_is_read_otherwise_without_a_reason(seed: int) -> None:
    assert [text for text, why in differences(disordered(seed)) if not why] == []


def test_there_are_workbooks_to_compare() -> None:
    assert len(WORKBOOKS) > 20


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("2023-07-02", 45109),
        ("2023-07-02T12:00:00", 45109.5),
        ("2023-07-02T12:00:00Z", 45109.5),
        ("2023-07-02T12:00", 45109.5),
        ("2023-07-02T12:00:00.000000000", 45109.5),
        ("2023-07-02T06:00:00.123456789012345678", 45109 + (21600 + 0.123456789012345) / 86400),
        ("12:30:00", 12.5 / 24),
        ("T12:30:00", 12.5 / 24),
        ("17:19", 1039 / 1440),
        ("00:00:00", 0),
        ("24:00:00", 1),
        ("18:00:00.250", (64800 + 0.25) / 86400),
        ("1900-01-01", 1),
        ("1900-03-01", 61),
    ],
)
def test_a_day_or_a_time_of_strict_ooxml_is_its_serial_number(text: str, serial: float) -> None:
    assert date_serial(text, DAY_0) == serial
    rows = f'<row r="1"><c r="A1" t="d"><v>{text}</v></c></row>'
    assert read_workbook(workbook(worksheet(rows))).sheets[0].rows[1][1].value == serial


@pytest.mark.parametrize(
    "text", ["25:00:00", "12:60:00", "12:00:61", "2023-02-30", "2023-13-01T00:00:00", "soon", "T", "1899-12-30", "12"]
)
def test_what_is_no_day_and_no_time_stays_a_text(text: str) -> None:
    assert date_serial(text, DAY_0) == text
    assert date_serial("1904-01-01", DAY_0_OF_1904) == 0
