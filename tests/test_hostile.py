"""Whatever clerks put into the cells: findings come of it and a corrected copy, never an exception or a new mistake."""

from __future__ import annotations

import io
import random
from typing import Any

import openpyxl
import pytest
from books import saved
from places import TYPED

from cchc_excel.corrected_copy import corrected
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.wording import words

FORM = load_form()
ORIGINAL = TYPED.read_bytes()
ODD = (
    *("", " ", "-", "x", "1.234", "12,5", "1/2", "#REF!", "=1/0", "không", "１２", "100%", "7 nhiệm vụ", "nan", "1e5"),
    *("0 (đang rà soát)", "....", "\u200b3", "9" * 30, -5, 0.5, 1e12, True, None),
)


@pytest.fixture(scope="module")
def specimen() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(ORIGINAL))


def messed_up(book: openpyxl.Workbook, seed: int) -> bytes:
    """The specimen with up to thirty odd things in its STT, label, unit, value and note cells; the book stays."""
    chance = random.Random(seed)
    sheet = book["BieuThongKe"]
    before: dict[Any, Any] = {}
    for _ in range(chance.randint(1, 30)):
        cell = sheet.cell(chance.randint(8, 111), chance.choice((4, 4, 4, 3, 2, 1, 5)))
        before.setdefault(cell, cell.value)
        cell.value = chance.choice(ODD)
    data = saved(book)
    for cell, value in before.items():
        cell.value = value
    return data


def wrong(examination: Examination) -> set[tuple[str, tuple[str, ...]]]:
    return {(one.code, one.indicators[:1]) for one in examination.findings if one.severity != "info"}


@pytest.mark.parametrize("seed", range(60))
def test_a_messed_up_sheet_is_examined_told_and_corrected_without_a_new_mistake(
    specimen: openpyxl.Workbook, seed: int
) -> None:
    data = messed_up(specimen, seed)
    before = examine(Source("a.xlsx", data), FORM)
    for finding in before.findings:
        assert words("vi").message(finding, FORM)
        assert words("en").message(finding, FORM)
    assert before.submission is not None
    copy = corrected(data, before.findings, before.submission, FORM, words("vi"))
    after = examine(Source("a.xlsx", copy.data), FORM)
    assert wrong(after) <= wrong(before)
