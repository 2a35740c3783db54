"""`cchc inspect` tells how a workbook was understood: every column, every row, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from command_line import Cchc
from drawing import drawn
from places import PRINTED, TYPED

from cchc_excel.form import Form, load_form
from cchc_excel.reading import Reading, read_grid
from cchc_excel.reading.align import MatchedBy
from cchc_excel.reading.inspection import ColumnBy, LeftBy, inspection_of
from cchc_excel.reporting.inspected import inspected_as_text
from cchc_excel.submission import How
from cchc_excel.wording import words

SHEET = """
UBND xã Suối Mây
Quý I năm 2024
| TT | Nội dung | ĐVT | Kỳ trước | Kỳ này | Người lập |
| 1.1 | Tổng số sách trong kho | Cuốn | 1 | 1260 | A |
| | SÁCH IN | Cuốn | 2 | "01200" | A |
| a) | Sách số | Cuốn | 3 | 60 | A |
| 1.2 | Số sách bổ xung trong kỳ | Cuốn | 4 | 5-7 | A |
| | Số lớp tập huấn | Lớp | 5 | 9 | A |
| | Số thẻ bạn đọc cấp | Thẻ | | | |
| | từ đầu năm (lũy kế) | | 6 | 150 | A |
| | Sách số | Cuốn | 7 | 61 | A |
| 2.5 | Tổ chức ngày hội đọc sách | Có/không | Có | Có | A |
| | Dự toán được giao cả năm | Triệu đồng | 8 | 80 | A |
| | Số lượt mượn đã trả đúng hạn | Lượt | 8 | 7 | A |
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("vi_du")


@pytest.fixture(scope="module")
def reading(form: Form) -> Reading:
    return read_grid(drawn(SHEET), form, "thu_vien.xlsx")


def test_each_column_is_told_with_its_role_and_why(reading: Reading, form: Form) -> None:
    (part,) = inspection_of(reading, form).parts
    assert (part.sheet, part.first_title, part.last_title) == ("Biểu", 3, 3)
    assert [(it.letter, it.role, it.by) for it in part.columns] == [
        ("A", "stt", ColumnBy.TITLE),
        ("B", "label", ColumnBy.TITLE),
        ("C", "unit", ColumnBy.TITLE),
        ("D", "", None),
        ("E", "value", ColumnBy.PERIOD),
    ]


def test_each_row_is_told_with_its_indicator_and_why(reading: Reading, form: Form) -> None:
    (part,) = inspection_of(reading, form).parts
    assert [(it.row, it.indicator, it.by) for it in part.rows] == [
        (4, "tong_sach", MatchedBy.LABEL),
        (5, "sach_in", MatchedBy.SPELLING),
        (6, "sach_so", MatchedBy.LABEL),
        (7, "sach_moi", MatchedBy.SIMILAR),
        (10, "the_doc", MatchedBy.TORN),
        (12, "doc_sach", MatchedBy.LABEL),
        (13, "du_toan", MatchedBy.LABEL),
        (14, "tra_dung_han", MatchedBy.MOVED),
    ]


def test_what_was_normalised_and_what_was_left_unread_is_told(reading: Reading, form: Form) -> None:
    (part,) = inspection_of(reading, form).parts
    how = {it.indicator: it.entry.how for it in part.rows if it.entry is not None}
    assert (how["tong_sach"], how["sach_in"], how["sach_moi"]) == (How.AS_TYPED, How.TEXT_NUMBER, How.UNREAD)


def test_rows_from_which_nothing_was_taken_are_told_with_the_reason(reading: Reading, form: Form) -> None:
    inspection = inspection_of(reading, form)
    (part,) = inspection.parts
    assert [(it.cell.row, it.by, it.indicators) for it in part.left] == [
        (8, LeftBy.UNKNOWN, ()),
        (11, LeftBy.REPEATED, ("sach_so",)),
    ]
    assert "luot_muon" in inspection.missing


def test_every_way_has_its_words_in_both_languages() -> None:
    for spoken in (words("vi"), words("en")):
        said: Mapping[str, Any] = spoken.texts["words"]["inspect"]
        for name, ways in (("column_by", ColumnBy), ("row_by", MatchedBy), ("how", How), ("left_by", LeftBy)):
            assert set(said[name]) == {way.value for way in ways}


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("vi", ("Cột E “Kỳ này” là cột", "Cột D “Kỳ trước”: không lấy số liệu", "“5-7”", "tên gần giống 9")),
        ("en", ("Column E “Kỳ này” is the column", "Column D “Kỳ trước”: no figures", "not read: “5-7”", "% alike")),
    ],
)
def test_it_is_said_in_sentences(reading: Reading, form: Form, language: Any, lines: tuple[str, ...]) -> None:
    text = inspected_as_text("thu_vien.xlsx", reading, form, words(language))
    for line in lines:
        assert line in text


def test_the_command_shows_a_workbook_and_judges_nothing(cchc: Cchc) -> None:
    status, out, _ = cchc("inspect", TYPED)
    assert status == 0
    assert "BieuThongKe" in out
    assert "A02" not in out


def test_the_command_writes_json_for_programs(cchc: Cchc, tmp_path: Path) -> None:
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    status, out, _ = cchc("inspect", PRINTED, bad, "--format", "json", "--lang", "en")
    first, second = json.loads(out)["workbooks"]
    assert status == 0
    assert len(first["parts"][0]["rows"]) == 103
    assert {row["by"] for row in first["parts"][0]["rows"]} <= {way.value for way in MatchedBy}
    assert (second["parts"], [it["code"] for it in second["noticed"]]) == ([], ["S03"])


def test_a_file_that_cannot_be_read_is_told_and_the_status_is_2(cchc: Cchc, tmp_path: Path) -> None:
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    status, out, _ = cchc("inspect", bad)
    assert status == 2
    assert "S03" in out
