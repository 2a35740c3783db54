"""What is remembered of workbooks read before changes nothing of what is read: a cold process says the same."""

from __future__ import annotations

import gc
import multiprocessing
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest
from books import saved
from cold_reading import read, said_of

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.form import load_form
from cchc_excel.reading.align import Alignment, Match
from cchc_excel.reading.row_entries import read_entries
from cchc_excel.reading.table import TableRow, find_tables
from cchc_excel.submission import How

COMMUNES = Path(__file__).parents[2] / "examples" / "huyen_vi_du" / "nop"
FORM = COMMUNES / "BC CCHC Q1 xã Nam Cường.xlsx"  # every label to the letter, every figure a number
STT, LABEL, UNIT, VALUE, NOTE = 1, 2, 3, 4, 5  # its columns
RATE, COUNT = 8, 9  # the rows of 1.2, a percentage, and of 1.2.1


Change: TypeAlias = Callable[[Any], object]


def _set(row: int, column: int, **attributes: object) -> Change:
    """Give a cell another value, or another look."""

    def change(sheet: Any) -> None:
        for name, value in attributes.items():
            setattr(sheet.cell(row, column), name, value)

    return change


def _swapped(sheet: Any) -> None:
    for column in range(STT, NOTE + 1):
        one, other = sheet.cell(COUNT, column), sheet.cell(COUNT + 1, column)
        one.value, other.value = other.value, one.value


CHANGES: dict[str, Change] = {
    "named": lambda sheet: setattr(sheet, "title", "Quý I"),
    "dated": _set(COUNT, VALUE, number_format="dd/mm/yyyy"),
    "as a percentage": _set(COUNT, VALUE, number_format="0%"),
    "as a share: a hundred times what stands there means in the others": _set(RATE, VALUE, number_format="0.00%"),
    "with the styles of that, where no figure stands": _set(1, NOTE, number_format="0.00%"),
    "as text": _set(COUNT, VALUE, value="07"),
    "as a formula": _set(COUNT, VALUE, value="=3+4"),
    "unit changed": _set(COUNT, UNIT, value="%"),
    "STT changed": _set(COUNT, STT, value="9.9.9"),
    "label changed": _set(COUNT, LABEL, value="Số nhiệm vụ đề ra trong kế hoạch khác"),
    "explained": _set(COUNT, NOTE, value="đã kiểm tra"),
    "moved right": lambda sheet: sheet.insert_cols(1),
    "moved down": lambda sheet: sheet.insert_rows(1),
    "swapped": _swapped,
    "row hidden": lambda sheet: setattr(sheet.row_dimensions[COUNT], "hidden", True),
    "column hidden": lambda sheet: setattr(sheet.column_dimensions["D"], "hidden", True),
}


def _changed(change: Change) -> bytes:
    book = openpyxl.load_workbook(FORM)
    change(book.worksheets[0])
    return saved(book)


@pytest.fixture(scope="module")
def workbooks() -> dict[str, bytes]:
    """One form with one thing changed in each, and the workbooks of the example district."""
    communes = {path.name: path.read_bytes() for path in COMMUNES.glob("*.xlsx")}
    return communes | {"": _changed(lambda _: None)} | {name: _changed(change) for name, change in CHANGES.items()}


def test_a_workbook_is_read_after_others_as_it_is_read_first(workbooks: dict[str, bytes]) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as cold:
        alone = dict(zip(workbooks, cold.map(said_of, workbooks.values()), strict=True))
    assert all(alone[name][0].readable for name in CHANGES)
    for seed in range(4):
        order = list(workbooks)
        random.Random(seed).shuffle(order)
        assert {name: said_of(workbooks[name]) for name in order} == alone


def test_a_row_that_is_taken_for_another_indicator_is_read_anew() -> None:
    form = load_form()
    grid = read_workbook(FORM.read_bytes())
    table = next(find_tables(grid.sheets[0], form))
    row = next(it for it in table.rows if it.number == COUNT)
    for indicator, how in ((form["1.2.1"], How.AS_TYPED), (form["1.5.2"], How.UNREAD)):  # a number, an answer
        entries, _ = read_entries(grid, table, Alignment([Match(row, indicator, 1.0)]))
        assert entries[indicator.id].how is how


def test_of_the_long_notes_of_many_workbooks_none_is_kept() -> None:
    for letter in "abcdef":
        assert read(_changed(_set(COUNT, NOTE, value=30_000 * letter))).readable
    gc.collect()
    assert [it for it in gc.get_objects() if isinstance(it, TableRow) and len(it.note) > 1_000] == []
