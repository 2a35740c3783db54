"""The findings sheet leads with what somebody must decide; what was only spelt otherwise stands below, folded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from openpyxl.worksheet.worksheet import Worksheet
from places import EXAMPLES, ROOT, TYPED

SWAPPED = EXAMPLES / "huyen_vi_du" / "nop" / "BC CCHC xa Ngoc Luong.xlsx"
HEAD = 5
OPEN, DONE, SPELT = "open", "done", "spelt"


def sheet_of(cchc: Cchc, path: Path, folder: Path) -> Worksheet:
    assert cchc("correct", path, "-o", folder)[0] == 0
    return openpyxl.load_workbook(folder / path.name)["Phát hiện"]


@pytest.fixture
def typed(cchc: Cchc, tmp_path: Path) -> Worksheet:
    return sheet_of(cchc, TYPED, tmp_path / "1")


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    titles = [str(cell.value) for cell in sheet[HEAD][:11]]
    return [
        dict(zip(titles, (cell.value for cell in row[:11]), strict=True)) for row in sheet.iter_rows(min_row=HEAD + 1)
    ]


def test_its_columns_say_what_was_compared_and_what_is_proposed(typed: Worksheet) -> None:
    assert [cell.value for cell in typed[HEAD]][:11] == [
        "Mức độ", "Mã", "Chỉ tiêu", "Ô", "Đã ghi", "Đối chiếu", "Đề xuất / nay là", "Tình trạng", "Nội dung",
        "Vì sao, việc cần làm", "Quyết định",
    ]  # fmt: skip


def test_what_is_open_stands_first_then_what_was_done_then_the_spelling(typed: Worksheet) -> None:
    def part(row: dict[str, Any]) -> str:
        if row["Mức độ"] == "Lưu ý" or row["Mã"] in {"T01", "S23", "S27"}:
            return SPELT
        return DONE if str(row["Tình trạng"]).startswith("Đã sửa") else OPEN

    parts = [part(row) for row in rows_of(typed)]
    assert parts == sorted(parts, key=[OPEN, DONE, SPELT].index)
    assert (parts.count(DONE), rows_of(typed)[0]["Mã"]) == (3, "C05")


def test_findings_of_one_kind_are_one_row_over_the_folded_ones(typed: Worksheet) -> None:
    folded = [at for at, it in typed.row_dimensions.items() if it.outlineLevel and it.hidden]
    assert len(folded) == 73
    summary = typed[folded[0] - 1]
    assert (summary[1].value, summary[2].value) == ("T01", "73 ô; bấm dấu + ở lề trái để xem từng ô")
    assert str(summary[8].value).startswith("Số ghi dạng chữ: D9, D10, D11, D12, D14,")
    assert {typed[at][1].value for at in folded} == {"T01"}
    outline = typed.sheet_properties.outlinePr
    assert outline is not None
    assert not outline.summaryBelow


def test_a_finding_of_one_cell_whose_proposal_is_about_others_says_what_its_own_cell_holds(
    cchc: Cchc, tmp_path: Path
) -> None:
    rows = rows_of(sheet_of(cchc, SWAPPED, tmp_path))
    at = next(index for index, row in enumerate(rows) if (row["Mức độ"], row["Mã"]) == ("Cảnh báo", "L17"))
    own, proposal = rows[at], rows[at + 1]
    assert (own["Ô"], own["Đã ghi"], own["Đối chiếu"], own["Đề xuất / nay là"]) == ("D57", 118, "113", None)
    assert (own["Tình trạng"], own["Quyết định"]) == ("Cần xem lại", None)
    assert (proposal["Ô"], proposal["Đã ghi"], proposal["Đề xuất / nay là"]) == ("D54; D55", "113; 118", "118; 113")
    assert proposal["Tình trạng"] == "Đề xuất"


def test_decisions_on_a_sheet_of_an_earlier_version_are_still_read(cchc: Cchc, tmp_path: Path) -> None:
    sheet_of(cchc, TYPED, tmp_path / "1")
    book = openpyxl.load_workbook(tmp_path / "1" / TYPED.name)
    sheet = book["Phát hiện"]
    sheet["G5"].value = "Nay là / nên là"
    (row,) = [row for row in sheet.iter_rows(min_row=6) if (row[1].value, row[3].value) == ("L01", "D65")]
    row[10].value = "nhận"
    sheet.delete_cols(6)
    book.save(tmp_path / "1" / TYPED.name)
    cchc("correct", TYPED, "-o", tmp_path / "2", "--decisions", tmp_path / "1")
    assert openpyxl.load_workbook(tmp_path / "2" / TYPED.name)["BieuThongKe"]["D65"].value == 10


def test_a_row_that_was_put_right_asks_nobody_to_do_anything_more(typed: Worksheet) -> None:
    done = [row for row in rows_of(typed) if row["Mức độ"] != "Lưu ý" and str(row["Tình trạng"]).startswith("Đã sửa")]
    assert {(row["Mã"], row["Ô"]): row["Vì sao, việc cần làm"] for row in done} == {
        ("A02", "D10"): "Có lẽ đã ghi nhầm số thành phần (2) vào ô tỷ lệ.",
        ("C02", "D19"): "Số này được tính từ các số thành phần.",
        ("C02", "D22"): "Số này được tính từ các số thành phần.",
    }


def test_a_text_whose_figure_was_put_right_as_well_is_not_said_to_mean_the_same(typed: Worksheet) -> None:
    (row,) = [row for row in rows_of(typed) if (row["Mã"], row["Ô"]) == ("T01", "D10")]
    assert (row["Đã ghi"], row["Đề xuất / nay là"], row["Tình trạng"]) == ("02", 28.57, "Đã sửa: tính lại")
    assert row["Vì sao, việc cần làm"] == "Có lẽ đã ghi nhầm số thành phần (2) vào ô tỷ lệ."


def test_a_cell_that_holds_no_figure_is_not_said_to_be_blank(cchc: Cchc, tmp_path: Path) -> None:
    """The printed form has 4.2 twice and 5.1.2 in percent; both cells hold what the finding is about."""
    printed = EXAMPLES / "huyen_vi_du" / "ky_truoc" / "An Bình - quý IV 2022.xlsx"
    written = {(row["Mã"], row["Ô"]): row["Đã ghi"] for row in rows_of(sheet_of(cchc, printed, tmp_path))}
    assert (written["S22", "A67"], written["S27", "C77"]) == (None, None)


def test_the_link_stands_on_the_cell_so_that_the_name_of_the_row_can_break_over_lines(typed: Worksheet) -> None:
    (row,) = [row for row in typed.iter_rows(min_row=HEAD + 1) if (row[1].value, row[3].value) == ("L10", "D91")]
    assert row[2].hyperlink is None
    assert row[2].alignment.wrap_text
    assert row[3].hyperlink is not None
    assert row[3].hyperlink.location == "'BieuThongKe'!D91"


def test_the_readme_names_the_hidden_column_that_must_not_be_deleted(typed: Worksheet) -> None:
    named = re.search(r"Đừng xóa cột ẩn (\w+)", (ROOT / "README.vi.md").read_text("utf-8"))
    assert named is not None
    assert [letters for letters, column in typed.column_dimensions.items() if column.hidden] == [named[1]]
