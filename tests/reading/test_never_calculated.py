"""A formula without a stored result is calculated when it is read, and said; whatever goes wrong, it stays unread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import saved
from command_line import Cchc

from cchc_excel.errors import WorkbookTooLarge
from cchc_excel.excel.kept_child import ChildFailed, KeptChild
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.reading import never_calculated, read
from cchc_excel.submission import How
from cchc_excel.workbook_form.filled import filled

FORM = load_form()
PRINTED = Path(__file__).parents[2] / "examples" / "BangLang_2023-Q1_inlai.xlsx"


def printed_with(**contents: int | str) -> bytes:
    """The printed specimen with formulas in some cells, saved by a program that does not calculate."""
    book = openpyxl.load_workbook(PRINTED)
    for at, content in contents.items():
        book.worksheets[0][at] = content
    return saved(book)


def entry_and_codes(data: bytes, key: str) -> tuple[Any, How, set[str]]:
    reading = read(Source("a.xlsx", data), FORM)
    assert reading.submission is not None
    entry = reading.submission[key]
    return entry.value, entry.how, {it.code for it in reading.findings if entry.cell in it.cells}


def test_its_result_is_taken_and_said() -> None:
    assert entry_and_codes(printed_with(D9="=ROUND(100*2/7,2)"), "1.2")[1:] == (How.CALCULATED, {"T22"})


def test_a_result_that_hangs_on_other_cells_and_formulas_is_calculated_through_them() -> None:
    value, *_ = entry_and_codes(printed_with(D10=2, D11=7, F9="=D10*1", D9="=F9+D11+3"), "1.2")
    assert value == 12


def test_a_formula_that_waits_for_its_figures_is_a_blank() -> None:
    assert entry_and_codes(printed_with(D9='=IF(D200="","",1)'), "1.2")[:2] == (None, How.BLANK)


@pytest.mark.parametrize(
    "formula", ["=KHONG_CO(D10)", "=D10/0", "=D9", "=[1]Biểu!A1", "=1+", "=INT(RAND()*9)", "=DAY(TODAY())"]
)
def test_what_cannot_be_calculated_stays_unread(formula: str) -> None:
    assert entry_and_codes(printed_with(D9=formula), "1.2") == (None, How.UNREAD, {"T14"})


@pytest.mark.parametrize("trouble", [WorkbookTooLarge("time"), ChildFailed("panic"), OSError("no more processes")])
def test_if_the_engine_dies_or_takes_too_long_the_cell_stays_unread(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(KeptChild, "call", call)
    assert entry_and_codes(printed_with(D9="=1+1"), "1.2") == (None, How.UNREAD, {"T14"})


def test_a_formula_with_a_result_is_never_calculated_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(never_calculated, "with_results", lambda *_: pytest.fail("calculated"))
    data = filled(FORM, {"1.2.1": 2, "1.2.2": 7}, unit="UBND xã A", period="2023-Q1", number="12")
    assert entry_and_codes(data, "1.2")[1:] == (How.CALCULATED, set())


def test_the_command_says_so_and_corrects_the_rest_of_the_file(cchc: Cchc, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(printed_with(D9="=ROUND(100*2/7,2)"))
    _, said, _ = cchc("validate", tmp_path / "a.xlsx", "--verbose")
    assert "=ROUND(100*2/7,2)" in said
    assert "28,57" in said
    status, _, _ = cchc("correct", tmp_path / "a.xlsx", "-o", tmp_path / "out")
    sheet = openpyxl.load_workbook(next((tmp_path / "out").glob("*.xlsx"))).worksheets[0]
    assert status == 0
    assert (sheet["D8"].value, sheet["D9"].value) == (2, "=ROUND(100*2/7,2)")
