"""Decisions survive: a folder is corrected again with one more file, with a file that has changed, by force."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from places import EXAMPLES, TYPED

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine

FORM = load_form()
SENT = EXAMPLES / "huyen_vi_du" / "nop"
SWAPPED, THOUSANDS = SENT / "BC CCHC xa Ngoc Luong.xlsx", SENT / "thach ban bieu thong ke.xlsx"


def figure(path: Path, indicator: str) -> object:
    submission = examine(Source(path.name, path.read_bytes()), FORM).submission
    assert submission is not None
    return submission[indicator].value


def mark(path: Path, cell: str, after: object, text: str) -> None:
    book = openpyxl.load_workbook(path)
    for row in book["Phát hiện"].iter_rows(min_row=6):
        if (row[3].value, row[6].value) == (cell, after) and row[1].value != "T01":
            row[10].value = text
    book.save(path)


def marks(path: Path) -> dict[tuple[object, object], object]:
    rows = openpyxl.load_workbook(path)["Phát hiện"].iter_rows(min_row=6)
    return {(row[3].value, row[6].value): row[10].value for row in rows if row[10].value}


def typed(path: Path, cell: str, content: int | str) -> None:
    book = openpyxl.load_workbook(path)
    sheet: Any = book["BieuThongKe"]
    sheet[cell] = content
    book.save(path)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    folder = tmp_path / "nop"
    folder.mkdir()
    shutil.copy(TYPED, folder)
    return folder


@pytest.fixture
def correct(cchc: Cchc, sent: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    return lambda *options: cchc("correct", sent, "-o", tmp_path / "ra", *options)


Correct = Callable[..., tuple[int, str, str]]


def test_with_one_more_file_the_marks_in_the_first_copy_are_as_they_were(
    correct: Correct, sent: Path, tmp_path: Path
) -> None:
    correct()
    copy = tmp_path / "ra" / TYPED.name
    mark(copy, "D65", 10, "nhận")
    before = copy.read_bytes()
    shutil.copy(SWAPPED, sent)
    status, _, err = correct()
    assert (status, copy.read_bytes()) == (0, before)
    assert (tmp_path / "ra" / SWAPPED.name).is_file()
    assert "Bỏ qua 1 tệp không thay đổi" in err


def test_of_a_file_that_has_changed_the_marks_that_fit_are_kept_and_the_others_told(
    correct: Correct, sent: Path, tmp_path: Path
) -> None:
    correct()
    copy = tmp_path / "ra" / TYPED.name
    mark(copy, "D65", 10, "nhận")
    mark(copy, "D105", 19.23, "bỏ")
    mark(copy, "D104", 104, "nhận")
    typed(sent / TYPED.name, "D104", 104)
    status, _, err = correct()
    assert status == 0
    assert marks(copy) == {("D65", 10): "nhận", ("D105", 19.23): "bỏ"}
    assert "quyết định cho chỉ tiêu “7.2.3 Số TTHC cung cấp trực tuyến" in err
    assert "da_tich_hop" not in err  # no sheet has such a word


@pytest.mark.parametrize("options", [("--force",), ("--apply", "none"), ("--lang", "vi", "--force")])
def test_by_force_or_with_other_options_no_mark_is_lost(
    correct: Correct, tmp_path: Path, options: tuple[str, ...]
) -> None:
    correct()
    copy = tmp_path / "ra" / TYPED.name
    mark(copy, "D65", 10, "nhận")
    assert correct(*options)[0] == 0
    assert marks(copy)["D65", 10] == "nhận"
    assert figure(copy, "4.1") == 19


def test_what_was_carried_out_as_decided_is_carried_out_again_when_another_figure_has_changed(
    correct: Correct, sent: Path, tmp_path: Path
) -> None:
    correct()
    copy = tmp_path / "ra" / TYPED.name
    mark(copy, "D65", 10, "nhận")
    assert correct("--decisions", tmp_path / "ra")[0] == 0
    assert figure(copy, "4.1") == 10
    typed(sent / TYPED.name, "D104", 104)
    correct()
    assert (figure(copy, "4.1"), figure(copy, "7.2.3.da_tich_hop")) == (10, 104)


def test_what_was_carried_out_as_decided_is_not_carried_out_over_another_figure(
    correct: Correct, sent: Path, tmp_path: Path
) -> None:
    correct()
    copy = tmp_path / "ra" / TYPED.name
    mark(copy, "D65", 10, "nhận")
    correct("--decisions", tmp_path / "ra")
    typed(sent / TYPED.name, "D65", 21)
    _, _, err = correct()
    assert figure(copy, "4.1") == 21
    assert "“4.1 Số liệu về cán bộ” không còn phù hợp" in err


def test_marks_of_two_officers_that_differ_are_told_and_neither_is_carried_out(
    correct: Correct, tmp_path: Path
) -> None:
    correct()
    copy, other = tmp_path / "ra" / TYPED.name, tmp_path / "khac.xlsx"
    shutil.copy(copy, other)
    mark(copy, "D65", 10, "nhận")
    mark(other, "D65", 10, "bỏ")
    mark(other, "D105", 19.23, "nhận")
    status, _, err = correct("--decisions", other)
    assert status == 0
    assert "mâu thuẫn" in err
    assert (figure(copy, "4.1"), float(str(figure(copy, "7.2.4")).split("/")[0])) == (19, 1923.0)
    assert marks(copy)["D65", 10] == "nhận; bỏ", "both stay to be seen until somebody settles it"


def test_two_sheets_of_decisions_may_be_handed_over(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "a")
    cchc("correct", TYPED, "-o", tmp_path / "b")
    mark(tmp_path / "a" / TYPED.name, "D65", 10, "nhận")
    mark(tmp_path / "b" / TYPED.name, "D105", 19.23, "nhận")
    cchc("correct", TYPED, "-o", tmp_path / "ra", "--decisions", tmp_path / "a", "--decisions", tmp_path / "b")
    copy = tmp_path / "ra" / TYPED.name
    assert (figure(copy, "4.1"), str(figure(copy, "7.2.4"))) == (10, "1923/100")


def test_of_a_file_that_was_saved_as_a_template_the_decisions_in_its_own_copy_are_taken(
    cchc: Cchc, tmp_path: Path
) -> None:
    template = tmp_path / f"{TYPED.stem}.xltx"
    shutil.copy(TYPED, template)
    cchc("correct", template, TYPED, "-o", tmp_path / "a")
    mark(tmp_path / "a" / template.name, "D65", 10, "nhận")
    cchc("correct", template, "-o", tmp_path / "ra", "--decisions", tmp_path / "a")
    assert figure(tmp_path / "ra" / template.name, "4.1") == 10


def test_the_copy_of_another_unit_s_file_is_never_replaced(correct: Correct, sent: Path, tmp_path: Path) -> None:
    correct()
    before = (tmp_path / "ra" / TYPED.name).read_bytes()
    shutil.copy(SWAPPED, sent / TYPED.name)
    status, _, err = correct()
    assert status == 2
    assert (tmp_path / "ra" / TYPED.name).read_bytes() == before
    assert "đã có" in err


def test_a_thousands_separator_that_was_accepted_is_put_right(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", THOUSANDS, "-o", tmp_path / "1")
    mark(tmp_path / "1" / THOUSANDS.name, "D88", 1012, "nhận")
    _, _, err = cchc("correct", THOUSANDS, "-o", tmp_path / "2", "--decisions", tmp_path / "1")
    assert figure(tmp_path / "2" / THOUSANDS.name, "7.1") == 1012, err
    assert "không còn phù hợp" not in err


# --- what is told at the end


def test_one_file_ends_with_what_was_done_and_what_is_left_on_stdout(cchc: Cchc, tmp_path: Path) -> None:
    _, out, err = cchc("correct", TYPED, "-o", tmp_path)
    assert out == (
        f"{tmp_path / TYPED.name}: đã sửa 3 số liệu, chuẩn hóa cách ghi 73 ô; "
        "còn 5 lỗi, 3 cảnh báo: xem trang Phát hiện.\n"
    )
    assert err == ""
    _, left, _ = cchc("validate", tmp_path / TYPED.name)
    assert "5 lỗi · 3 cảnh báo" in left, "what is said to be left is left"


def test_many_files_end_with_a_table_and_its_sum(cchc: Cchc, sent: Path, tmp_path: Path) -> None:
    shutil.copy(SWAPPED, sent)
    _, out, _ = cchc("correct", sent, "-o", tmp_path / "ra")
    rows = [line.split("  ")[0] for line in out.splitlines()]
    assert rows[0] == "Tệp"
    assert rows[1:] == [SWAPPED.name, TYPED.name, "Cộng (2 tệp)", "Điều còn lại: xem trang Phát hiện của từng tệp."]
    assert out.splitlines()[3].split() == ["Cộng", "(2", "tệp)", "3", "73", "7", "5"]


def test_where_nothing_is_left_nobody_is_sent_to_look_at_what_is_left(cchc: Cchc, tmp_path: Path) -> None:
    consistent = EXAMPLES / "huyen_vi_du" / "ky_truoc"
    _, out, _ = cchc("correct", consistent, "-o", tmp_path / "ra")
    assert out.splitlines()[-1].split() == ["Cộng", "(4", "tệp)", "0", "0", "0", "0"]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(cchc: Cchc, tmp_path: Path) -> None:
    status, out, _ = cchc("correct", TYPED, "-o", tmp_path / "ra", "--dry-run")
    assert (status, (tmp_path / "ra").exists()) == (0, False)
    assert "D10: 02 → 28,57 (có lẽ đã ghi nhầm số thành phần (2) vào ô tỷ lệ)" in out
    assert "sẽ sửa 3 số liệu" in out
    assert "Chưa ghi tệp nào." in out
