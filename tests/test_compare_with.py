"""The judge of outputs sees what differs between two workbooks or two texts, and only that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from compare_with import Difference, accepted_reason, differences
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation


def workbook(folder: Path, change: Callable[[Any], object] = lambda _: None) -> Path:
    folder.mkdir()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A2"] = 7, "=A1*2"
    change(sheet)
    book.save(folder / "a.xlsx")
    return folder


CHANGES: dict[str, Callable[[Any], object]] = {
    "figure": lambda sheet: sheet.cell(1, 1, 8),
    "formula": lambda sheet: sheet.cell(2, 1, "=A1*3"),
    "fill": lambda sheet: setattr(sheet["A1"], "fill", PatternFill("solid", fgColor="FF0000")),
    "font": lambda sheet: setattr(sheet["A1"], "font", Font(bold=True)),
    "number format": lambda sheet: setattr(sheet["A1"], "number_format", "0.00"),
    "width": lambda sheet: setattr(sheet.column_dimensions["A"], "width", 30),
    "height": lambda sheet: setattr(sheet.row_dimensions[1], "height", 30),
    "merge": lambda sheet: sheet.merge_cells("B1:C1"),
    "validation": lambda sheet: sheet.add_data_validation(DataValidation(type="whole", sqref="A1")),
    "link": lambda sheet: setattr(sheet["A1"], "hyperlink", "b.xlsx"),
    "name of the sheet": lambda sheet: setattr(sheet, "title", "Other"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_in_a_workbook_is_seen(what: str, tmp_path: Path) -> None:
    before, after = workbook(tmp_path / "before"), workbook(tmp_path / "after", CHANGES[what])
    assert list(differences(before, after))


def test_two_workbooks_with_the_same_contents_do_not_differ(tmp_path: Path) -> None:
    assert list(differences(workbook(tmp_path / "before"), workbook(tmp_path / "after"))) == []


def test_a_changed_line_of_a_text_is_seen_and_a_version_is_not(tmp_path: Path) -> None:
    for folder, text in (("before", "cchc 0.4.1\nsame\nold\n"), ("after", "cchc 0.5.0\nsame\nnew\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text)
    assert list(differences(tmp_path / "before", tmp_path / "after")) == [Difference("a.txt", "line 3", "old", "new")]


def test_an_output_that_only_one_side_has_is_seen(tmp_path: Path) -> None:
    before, after = workbook(tmp_path / "before"), tmp_path / "after"
    after.mkdir()
    assert [it.place for it in differences(before, after)] == ["the file"]


def test_a_difference_is_accepted_by_its_output_its_place_and_its_text() -> None:
    rule = {"output": "*.xlsx", "place": "'A' height *", "text": "18", "reason": "lower rows"}
    assert accepted_reason(Difference("a.xlsx", "'A' height 3", 34, 18), [rule]) == "lower rows"
    assert accepted_reason(Difference("a.xlsx", "'A'!B3", 34, 18), [rule]) is None
    assert accepted_reason(Difference("a.xlsx", "'A' height 3", 34, 19), [rule]) is None
