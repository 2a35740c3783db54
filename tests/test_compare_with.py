"""The judge of outputs sees what differs between two workbooks or two texts, and only that."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from compare_with import Difference, accepted_reason, commands, differences, report
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from cchc_excel.cli import app


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


def list_of(*rows: tuple[object, ...]) -> Callable[[Any], object]:
    """A list of findings as a corrected copy has it."""

    def draw(sheet: Any) -> None:
        sheet.title = "Phát hiện"
        for row in (("3 lỗi",), ("Mã", "Ô", "Đã ghi"), *rows):
            sheet.append(row)

    return draw


def places(tmp_path: Path, before: Callable[[Any], object], after: Callable[[Any], object]) -> list[tuple[str, object]]:
    folders = workbook(tmp_path / "before", before), workbook(tmp_path / "after", after)
    return [(it.place, it.after) for it in differences(*folders)]


def test_a_row_more_in_a_list_of_findings_does_not_make_the_rows_below_it_differ(tmp_path: Path) -> None:
    one, other, new = ("A02", "D9", 2), ("A02", "D12", 5), ("T04", "D10", -1)
    found = places(tmp_path, list_of(one, other), list_of(new, other, one))
    at = "'Phát hiện' T04 D10 #1"
    assert sorted(found, key=str) == [(f"{at} Mã", "T04"), (f"{at} Ô", "D10"), (f"{at} Đã ghi", "-1")]


def test_another_figure_in_a_list_of_findings_is_seen(tmp_path: Path) -> None:
    found = places(tmp_path, list_of(("A02", "D9", 2)), list_of(("A02", "D9", 3)))
    assert found == [("'Phát hiện' A02 D9 #1 Đã ghi", "3")]


def test_another_line_above_a_list_of_findings_is_seen(tmp_path: Path) -> None:
    found = places(tmp_path, list_of(), lambda sheet: (list_of()(sheet), sheet.cell(3, 1, "4 lỗi")))
    assert found == [("'Phát hiện' above 3 1", "4 lỗi")]


FINDING = {"code": "A01", "severity": "error", "indicators": ["t"], "cells": ["D9"], "observed": 9, "message": "Sai."}
CHANGE = {"indicator": "t", "after": 8, "because": "Tổng.", "certainty": "suggested", "alternatives": []}


def said(folder: Path, **changed: object) -> Path:
    """What a version says of one workbook with one finding, as JSON and the exit status below it."""
    finding = {**FINDING, "expected": 8, "fix": CHANGE} | changed
    if "compared_with" in finding:
        del finding["expected"]
    workbook = {"path": "/x/a.xlsx", "sha256": "0", "unit": "A", "period": "2023-Q1", "readable": True}
    document = {"workbooks": [{**workbook, "values": {"t": 9}, "findings": [finding]}]}
    folder.mkdir()
    (folder / "a.json").write_text(f"{json.dumps(document)}\n\nexit status 1\n")
    return folder


def test_json_of_another_schema_that_says_the_same_does_not_differ(tmp_path: Path) -> None:
    of_two = {**CHANGE, "changes": [{"indicator": "t", "before": 9, "after": 8}]}
    after = said(tmp_path / "after", compared_with=8, fix=of_two, sets=[], explanations=[])
    assert list(differences(said(tmp_path / "before"), after)) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"observed": 7}, "observed"),
        ({"expected": 7}, "compared with"),
        ({"severity": "warning"}, "severity"),
        ({"message": "Khác."}, "message"),
        ({"fix": {**CHANGE, "after": 7}}, "proposal"),
        ({"fix": {**CHANGE, "certainty": "deduced"}}, "certainty"),
        ({"sets": [["t"]]}, "sets"),
    ],
)
def test_what_json_says_otherwise_of_a_finding_is_seen(changed: dict[str, object], what: str, tmp_path: Path) -> None:
    found = differences(said(tmp_path / "before"), said(tmp_path / "after", **changed))
    assert [it.place for it in found] == [f"a.xlsx A01 t #1 {what}"]


def test_the_number_of_a_row_is_no_version(tmp_path: Path) -> None:
    for folder, text in (("before", "4.2.1 Số công chức\n"), ("after", "4.2.3 Số công chức\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text)
    assert list(differences(tmp_path / "before", tmp_path / "after"))


def test_every_command_is_compared() -> None:
    """A command of the program that is not run here would change unseen."""
    names = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert names <= {arguments[0] for arguments in commands(Path("out")).values()}


def test_a_difference_without_a_reason_fails_and_one_with_a_reason_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    found = [Difference("a.txt", "line 3", "old", "new"), Difference("b.txt", "line 1", "x", "y")]
    rule = {"output": "a.txt", "place": "*", "reason": "meant"}
    assert report(found, [rule]) == 1
    assert report(found[:1], [rule]) == 0
    assert report([], [rule]) == 0
    assert "no difference needs this reason any more: meant" in capsys.readouterr().out


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
