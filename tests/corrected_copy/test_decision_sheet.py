"""One place to decide: what is open in all units in one workbook, decided there, carried out by `--decisions`."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from openpyxl.worksheet.worksheet import Worksheet
from places import EXAMPLES, TYPED, as_csv

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine

FORM = load_form()
SENT = EXAMPLES / "huyen_vi_du" / "nop"
SWAPPED = SENT / "BC CCHC xa Ngoc Luong.xlsx"
CODE, CELL, WRITTEN, COMPARED, WAY, DECISION, BY, REMARK = 4, 6, 7, 8, 10, 11, 12, 13
SWAP = "D54: 113 → 118; D55: 118 → 113"


def figures(path: Path, *indicators: str) -> list[object]:
    submission = examine(Source(path.name, path.read_bytes()), FORM).submission
    assert submission is not None
    return [submission[key].value for key in indicators]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    folder = tmp_path / "nop"
    folder.mkdir()
    for path in (TYPED, SWAPPED):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def book(cchc: Cchc, sent: Path, tmp_path: Path) -> Path:
    status, out, err = cchc("correct", sent, "-o", tmp_path / "ra", "--sheet", tmp_path / "QuyetDinh.xlsx")
    assert status == 0, err
    assert out.splitlines()[-1].endswith("QuyetDinh.xlsx: 12 dòng cần quyết định.")
    return tmp_path / "QuyetDinh.xlsx"


def sheet_in(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path)["Quyết định"]


def edit(path: Path, change: Callable[[Worksheet], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book["Quyết định"])
    book.save(path)


def decide(path: Path, code: str, cell: str, text: str, way: str | None = None, remark: str | None = None) -> None:
    def mark(sheet: Worksheet) -> None:
        (row,) = [row for row in sheet.iter_rows(min_row=5) if (row[CODE].value, row[CELL].value) == (code, cell)]
        row[DECISION].value, row[REMARK].value = text, remark
        if way is not None:
            row[WAY].value = way

    edit(path, mark)


def test_every_open_finding_of_every_unit_has_one_row_the_errors_of_a_unit_first(book: Path) -> None:
    rows: list[list[Any]] = [[cell.value for cell in row] for row in sheet_in(book).iter_rows(min_row=5)]
    assert [(row[1][:15], row[CODE], row[CELL]) for row in rows[:4]] == [
        ("UBND xã Ngọc Lư", "A02", "D53"),
        ("UBND xã Ngọc Lư", "A05", "D55"),
        ("UBND xã Ngọc Lư", "L17", "D57"),
        ("UBND xã Ngọc Lư", "L18", "D58"),
    ]
    assert "A02" not in {row[CODE] for row in rows if row[CELL] == "D10"}, "what was put right by itself is not open"
    assert (rows[0][WRITTEN], rows[0][COMPARED], rows[0][WAY]) == ("95,76", "104,42", SWAP)


def test_the_ways_of_a_row_are_its_drop_down_and_its_cell_a_link_into_the_copy(book: Path) -> None:
    sheet = sheet_in(book)
    lists = {str(it.sqref): it.formula1 for it in sheet.data_validations.dataValidation}
    assert (lists["K6"], lists["L6"]) == ("$O$6:$Q$6", '"nhận,bỏ"')
    assert [cell.value for cell in sheet[6][14:17]] == [SWAP, "D55: 118 → 113", "D54: 113 → 118"]
    assert sheet.column_dimensions["O"].hidden
    link = sheet["G5"].hyperlink
    assert link.target.replace("\\", "/") == "ra/BC%20CCHC%20xa%20Ngoc%20Luong.xlsx"
    assert link.location.endswith("!D53")


def test_what_is_accepted_there_is_carried_out_in_each_unit_and_nothing_else(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "A02", "D53", "nhận")
    decide(book, "A02", "D105", "nhận", way="D105: 100 → 19,23")
    decide(book, "L01", "D65", "bỏ")
    status, _, err = cchc("correct", sent, "-o", tmp_path / "cuoi", "--decisions", book, "--apply", "none")
    assert (status, err) == (0, "")
    assert figures(tmp_path / "cuoi" / SWAPPED.name, "3.3.1.da_giai_quyet", "3.3.1.dung_han") == [118, 113]
    rate, cadres = figures(tmp_path / "cuoi" / TYPED.name, "7.2.4", "4.1")
    assert (str(rate), cadres) == ("1923/100", 19)


def test_a_mark_about_a_figure_that_has_changed_since_is_told_and_not_carried_out(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "L01", "D65", "nhận")
    form = openpyxl.load_workbook(sent / TYPED.name)
    form["BieuThongKe"]["D65"] = 21
    form.save(sent / TYPED.name)
    _, _, err = cchc("correct", sent, "-o", tmp_path / "cuoi", "--decisions", book)
    assert figures(tmp_path / "cuoi" / TYPED.name, "4.1") == [21]
    assert "cách sửa “D65: 19 → 10” đã nhận không còn phù hợp" in err


def test_what_is_accepted_where_nothing_is_proposed_is_told_for_what_it_is(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "L10", "D91", "nhận")
    _, _, err = cchc("correct", sent, "-o", tmp_path / "cuoi", "--decisions", book)
    assert "phát hiện L10 không có cách sửa để nhận, không áp dụng" in err
    assert "không còn phù hợp" not in err


def test_a_mark_that_is_not_understood_is_told_with_the_file_in_which_it_stands(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "L01", "D65", "không nhận")
    _, _, err = cchc("correct", sent, "-o", tmp_path / "cuoi", "--decisions", book)
    assert f"{TYPED.name}: trong {book.name}, ô L" in err


@pytest.mark.parametrize("text", ["đồng ý", "x"])
def test_what_is_neither_yes_nor_no_is_told(cchc: Cchc, book: Path, sent: Path, tmp_path: Path, text: str) -> None:
    decide(book, "L01", "D65", text)
    _, _, err = cchc("correct", sent, "-o", tmp_path / "cuoi", "--decisions", book)
    assert f"ghi “{text}”" in err
    assert figures(tmp_path / "cuoi" / TYPED.name, "4.1") == [19]


def test_marks_and_remarks_stand_again_when_the_workbook_is_made_anew_with_one_more_file(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "L01", "D65", "nhận", remark="đã gọi điện cho xã")
    shutil.copy(SENT / "thach ban bieu thong ke.xlsx", sent)
    status, out, _ = cchc("correct", sent, "-o", tmp_path / "ra", "--sheet", book)
    assert (status, "13 dòng" in out) == (0, True)
    (row,) = [row for row in sheet_in(book).iter_rows(min_row=5) if row[CODE].value == "L01"]
    assert (row[DECISION].value, row[REMARK].value) == ("nhận", "đã gọi điện cho xã")


def test_a_file_that_is_no_such_workbook_is_not_replaced(cchc: Cchc, sent: Path, tmp_path: Path) -> None:
    shutil.copy(TYPED, tmp_path / "QuyetDinh.xlsx")
    assert cchc("correct", sent, "-o", tmp_path / "ra", "--sheet", tmp_path / "QuyetDinh.xlsx")[0] == 2
    assert (tmp_path / "QuyetDinh.xlsx").read_bytes() == TYPED.read_bytes()
    assert cchc("correct", sent, "-o", tmp_path / "ra", "--sheet", tmp_path / "QuyetDinh.csv")[0] == 2


def test_a_file_that_is_no_xlsx_is_decided_in_the_same_way(cchc: Cchc, tmp_path: Path) -> None:
    sent, book = tmp_path / "a.csv", tmp_path / "Q.xlsx"
    sent.write_bytes(as_csv("utf-8-sig", ","))
    cchc("correct", sent, "-o", tmp_path / "ra", "--sheet", book)
    (cell,) = [row[CELL].value for row in sheet_in(book).iter_rows(min_row=5) if row[CODE].value == "L01"]
    decide(book, "L01", str(cell), "nhận")
    _, _, err = cchc("correct", sent, "-o", tmp_path / "cuoi", "--decisions", book)
    assert figures(tmp_path / "cuoi" / "a.xlsx", "4.1") == [10], err


def test_consolidating_takes_what_was_accepted_and_says_so_beside_the_finding(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "A02", "D53", "nhận")
    decide(book, "L01", "D65", "x")
    merged = tmp_path / "TongHop.xlsx"
    status, _, err = cchc("consolidate", sent, "-o", merged, "--decisions", book, "--tidy", tmp_path / "so.csv")
    assert status == 0, err
    rows = csv.DictReader((tmp_path / "so.csv").read_text("utf-8-sig").splitlines())
    taken = {row["indicator"]: row["value"] for row in rows if row["unit"].endswith("Ngọc Lương")}
    assert (taken["3.3.1.da_giai_quyet"], taken["3.3.1.dung_han"]) == ("118.0", "113.0")
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(merged)["Phát hiện"].iter_rows(min_row=5)]
    states = {(line[2], line[6]): line[12] for line in lines}
    assert (states["A05", "D55"], states["A02", "D105"]) == ("Đã sửa theo quyết định", "Chưa xử lý")
    assert "1 quyết định không thực hiện được" in err


@pytest.mark.parametrize("options", [("--as-reported",), ()])
def test_consolidating_refuses_what_it_could_not_take(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    decisions = book if options else sent / TYPED.name
    status, _, err = cchc("consolidate", sent, "-o", tmp_path / "a.xlsx", "--decisions", decisions, *options)
    assert (status, (tmp_path / "a.xlsx").exists()) == (2, False)
    assert "--decisions" in err


def test_who_is_named_in_the_workbook_of_all_units_stands_in_the_copy_and_beside_the_finding_of_the_district(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "A02", "D53", "nhận")

    def name(sheet: Worksheet) -> None:
        (row,) = [row for row in sheet.iter_rows(min_row=5) if row[DECISION].value == "nhận"]
        row[BY].value = "Trưởng phòng Nội vụ"

    edit(book, name)
    assert cchc("correct", sent, "-o", tmp_path / "sua", "--decisions", book)[0] == 0
    findings = openpyxl.load_workbook(tmp_path / "sua" / SWAPPED.name)["Phát hiện"]
    assert "Trưởng phòng Nội vụ" in {cell.value for cell in findings["L"]}
    assert cchc("consolidate", sent, "-o", tmp_path / "th.xlsx", "--unit", "UBND huyện A", "--decisions", book)[0] == 0
    told = {cell.value for row in openpyxl.load_workbook(tmp_path / "th.xlsx")["Phát hiện"] for cell in row}
    assert "Đã sửa theo quyết định (Trưởng phòng Nội vụ)" in told


# --- rows about other files than those of the run


def decisions_left(out: str) -> list[tuple[str, str, int, str]]:
    """The rows that were not carried out: the file they name, whose it is, how many, why."""
    left = json.loads(out)["not_carried_out"]
    return [(row["file"], row["whose"], row["rows"], row["reason"]) for row in left]


def test_marks_about_a_file_that_is_not_in_the_run_are_told_with_its_name(
    cchc: Cchc, book: Path, tmp_path: Path
) -> None:
    decide(book, "A02", "D53", "nhận", SWAP)
    command = ("correct", TYPED, "-o", tmp_path / "khac", "--decisions", book)
    status, _, err = cchc(*command)
    whose = "UBND xã Ngọc Lương · Quý I năm 2023"
    assert status == 0
    assert f"{book}: 1 dòng đã ghi quyết định chưa được thực hiện" in err
    assert f"{SWAPPED.name} ({whose}; 1 dòng)" in err
    _, out, _ = cchc(*command, "--format", "json")
    assert decisions_left(out) == [(SWAPPED.name, whose, 1, "no_workbook")]


def test_of_several_files_of_one_unit_marks_about_a_name_that_is_not_in_the_run_are_told(
    cchc: Cchc, sent: Path, tmp_path: Path
) -> None:
    shutil.copy(SWAPPED, sent / "ban hai.xlsx")
    book = tmp_path / "QuyetDinh.xlsx"
    cchc("correct", sent, "-o", tmp_path / "ra", "--sheet", book)

    def accept_the_swap_in_both(sheet: Worksheet) -> None:
        for row in sheet.iter_rows(min_row=5):
            if (row[CODE].value, row[CELL].value) == ("A02", "D53"):
                row[WAY].value, row[DECISION].value = SWAP, "nhận"

    edit(book, accept_the_swap_in_both)
    status, out, _ = cchc(
        *("correct", sent / SWAPPED.name, "-o", tmp_path / "khac", "--decisions", book, "--format", "json")
    )
    assert status == 0
    assert decisions_left(out) == [("ban hai.xlsx", "UBND xã Ngọc Lương · Quý I năm 2023", 1, "no_such_file")]
    assert figures(tmp_path / "khac" / SWAPPED.name, "3.3.1.da_giai_quyet", "3.3.1.dung_han") == [118, 113]


def test_nothing_is_left_where_each_mark_is_about_a_file_of_the_run_or_of_one_that_was_finished_before(
    cchc: Cchc, book: Path, sent: Path, tmp_path: Path
) -> None:
    decide(book, "A02", "D53", "nhận", SWAP)
    command = ("correct", sent, "-o", tmp_path / "khac", "--decisions", book, "--resume", "--format", "json")
    for _ in ("the first run", "a run that finds all finished"):
        status, out, err = cchc(*command)
        assert status == 0
        assert decisions_left(out) == []
        assert "chưa được thực hiện" not in err
