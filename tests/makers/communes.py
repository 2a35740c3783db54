"""Communes without a mistake, and what is read of a district workbook, for the tests of consolidating."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl
from consistent import as_typed

from cchc_excel.consolidating.district.book import district_workbook
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.submission import Figure
from cchc_excel.wording import words
from cchc_excel.workbook_form.filled import filled

SAME: Mapping[str, int] = importlib.import_module("make_district").district()["same"]
figures_of: Any = importlib.import_module("district_workbooks").figures_of

FORM = load_form()
AS_SENT = replace(FORM, checks=())
"""The form for workbooks that are sent: their sheet `Kiểm tra` has a fifth of its rows, which nobody who receives them
reads, so that one is made in a quarter of the time. What stands there in full is tested in `workbook_form/`."""
NUMBERED = {row.id: 8 + place for place, row in enumerate(FORM.indicators)}  # the row of each indicator on the form
Values = Mapping[str, int | float | str | None]


def arrived(
    name: str, values: Values, unit: str, period: str = "2023-Q1", *, notes: Mapping[str, str] | None = None
) -> Arrived:
    return Arrived(Source(name, filled(AS_SENT, values, unit=unit, period=period, notes=notes)))


def plausible(seed: int) -> dict[str, Figure | None]:
    """What a commune of some thousand people reports without a mistake; the common list is the same for all."""
    return dict(figures_of(FORM, f"xã {seed}", "2023-Q1", SAME, {}))


def consistent(seed: int) -> dict[str, int | float | str]:
    """The same as a workbook holds it, without its blanks."""
    return {key: figure for key, figure in as_typed(plausible(seed)).items() if figure is not None}


@cache
def communes(count: int = 6) -> tuple[Arrived, ...]:
    return tuple(arrived(f"{n}.xlsx", consistent(n), f"UBND xã Thứ {'ABCDEFGHIJ'[n]}") for n in range(count))


def workbook_of(outcome: Outcome) -> bytes:
    return district_workbook(outcome, words("vi"))


def values_of(data: bytes, *, calculated: bool = True) -> dict[str, object]:
    """The figures in the form of a workbook, by id; no other sheet is read."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=calculated, read_only=True)
    rows = book["BieuThongKe"].iter_rows(max_row=max(NUMBERED.values()), min_col=4, max_col=4, values_only=True)
    figures = [figure for (figure,) in rows]
    book.close()
    return {key: figures[row - 1] for key, row in NUMBERED.items()}
