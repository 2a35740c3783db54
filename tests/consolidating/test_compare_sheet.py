"""The sheet `So sánh`: ranked is what counts and is not in doubt, compared is what compares."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from communes import FORM, arrived, communes, consistent, workbook_of

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate

PLAN = {"1.2.1": 10, "1.2.2": 5, "1.2": 50}
SHEETS = ("Chi tiết", "Phát hiện", "Tình trạng nộp", "Nguồn")


def compare(*files: Any, earlier: Any = ()) -> Any:
    outcome = consolidate(files, FORM, Choices(corrected=False), earlier)
    return openpyxl.load_workbook(io.BytesIO(workbook_of(outcome)), data_only=True)["So sánh"]


def unit(name: str, figures: Mapping[str, int | float], period: str = "2023-Q1") -> Any:
    return arrived(f"{name} {period}.xlsx", {**consistent(0), **figures}, f"UBND xã {name}", period)


def ranked(sheet: Any, title: str = "1.2 ") -> dict[str, tuple[Any, Any]]:
    """By unit what the table of units says of the rate with that title: the rate and its rank."""
    (head,) = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 4).value == "Hạng"]
    (column,) = [at for at in range(3, sheet.max_column + 1) if str(sheet.cell(head, at).value).startswith(title)]
    rows = range(head + 1, sheet.max_row + 1)
    return {
        str(sheet.cell(row, 2).value): (sheet.cell(row, column).value, sheet.cell(row, column + 1).value)
        for row in rows
        if sheet.cell(row, 2).value
    }


def test_a_typed_rate_that_is_in_doubt_is_neither_first_nor_ranked() -> None:
    sheet = compare(unit("A", PLAN), unit("B", {**PLAN, "1.2": 100}), unit("C", {**PLAN, "1.2.2": 4, "1.2": 40}))
    assert ranked(sheet) == {
        "UBND xã A": (50, 1),
        "UBND xã B": ("50 (?)", None),  # what its components come to, not the 100 that was typed
        "UBND xã C": (40, 2),
    }


def test_a_rate_is_ranked_by_its_components_to_the_last_digit() -> None:
    sheet = compare(unit("A", {"1.2.1": 7, "1.2.2": 2, "1.2": 29}), unit("B", {"1.2.1": 7, "1.2.2": 2, "1.2": 28.57}))
    assert {rank for _, rank in ranked(sheet).values()} == {1}


def periods(sheet: Any) -> list[str]:
    return [str(cell.value) for cell in sheet[4][2:] if cell.value]


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        (
            [("A", "2022-Q4"), ("B", "2022-Q4")],
            ["Quý IV năm 2022 (2 đơn vị)", "Quý I năm 2023 (2 đơn vị)", "Diễn biến"],
        ),
        ([("A", "2022-Q4")], ["Quý IV năm 2022 (1 đơn vị)", "Quý I năm 2023 (2 đơn vị)"]),
        ([("A", "2022"), ("B", "2022")], ["Quý I năm 2023 (2 đơn vị)"]),  # a year is no quarter
    ],
)
def test_periods_are_compared_where_units_and_length_are_the_same(
    earlier: list[tuple[str, str]], said: list[str]
) -> None:
    before = [unit(name, PLAN, period) for name, period in earlier]
    sheet = compare(unit("A", PLAN), unit("B", PLAN), earlier=before)
    assert periods(sheet) == said
    assert bool(sheet["A3"].value) is (len(earlier) == 1)


def test_every_long_sheet_has_a_filter_frozen_panes_and_repeated_heads() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate(communes(), FORM))))
    for name in SHEETS:
        sheet = book[name]
        assert sheet.auto_filter.ref, name
        assert sheet.freeze_panes, name
        assert sheet.print_title_rows, name
    assert book["So sánh"].auto_filter.ref
    assert book["So sánh"].freeze_panes == "C1"
