"""Workbooks corrected, and what a person sees and does in them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from rich_workbook import rich_workbook

from cchc_excel.corrected_copy import Corrected, corrected
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.submission import Submission
from cchc_excel.wording import words

FORM = load_form()
Row = dict[str, Any]


def corrected_copy(data: bytes, name: str = "a.xlsm") -> Corrected:
    """The workbook as `cchc correct` gives it back."""
    examination = examine(Source(name, data), FORM)
    assert examination.submission is not None
    return corrected(data, examination.findings, examination.submission, FORM, words("vi"))


@cache
def rich() -> bytes:
    """The rich workbook, made once."""
    return rich_workbook()


@cache
def rich_once() -> Corrected:
    """The rich workbook corrected, once."""
    return corrected_copy(rich())


def submission(path: Path) -> Submission:
    """What is read of the workbook, which must be readable."""
    found = examine(Source(path.name, path.read_bytes()), FORM).submission
    assert found is not None
    return found


def raws(path: Path) -> dict[str, object]:
    """What stands in every value cell, and of what type."""
    return {key: (type(entry.raw), entry.raw) for key, entry in submission(path).entries.items()}


def rows(path: Path) -> list[Row]:
    """The rows of the one findings sheet; no other sheet is read further than its first cell."""
    book = openpyxl.load_workbook(path, read_only=True)
    (sheet,) = (it for it in book if it["A1"].value == "PHÁT HIỆN KHI KIỂM TRA BIỂU")
    names = (
        "severity",
        "code",
        "indicator",
        "cell",
        "before",
        "compared",
        "after",
        "status",
        "message",
        "why",
        "decision",
    )
    found = [
        dict(zip(names, values, strict=True)) for values in sheet.iter_rows(min_row=6, max_col=11, values_only=True)
    ]
    book.close()
    return found


def fixed(path: Path, status: str = "Đã sửa") -> dict[str, tuple[object, object]]:
    """Cell → its values before and after, of the rows with that status."""
    found = (row for row in rows(path) if str(row["status"]).startswith(status))
    return {row["cell"]: (row["before"], row["after"]) for row in found}


def edited(path: Path, edit: Callable[[openpyxl.Workbook], object]) -> Path:
    """What a person does to a workbook between two corrections."""
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def shuffled(sheet: Worksheet) -> None:
    """What sorting the findings sheet does to its rows."""
    content = [[cell.value for cell in row[:11]] for row in sheet.iter_rows(min_row=6)]
    random.Random(1).shuffle(content)
    for row, values in zip(sheet.iter_rows(min_row=6), content, strict=True):
        for cell, value in zip(row[:11], values, strict=True):
            cell.value = value


def values(path: Path) -> dict[str, object]:
    """The figures of the workbook by id."""
    return dict(submission(path).values)
