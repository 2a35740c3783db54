"""A note beside a figure that names another figure is told; the figure that counts is that of the cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawing import drawn
from sheet_writers import Page, Written, as_xlsx

from cchc_excel.form import Form, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.reading import Reading, read_grid


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("cchc_rut_gon")


def sheet(form: Form, note: str, value: str = "882") -> str:
    lines = ["UBND xã Suối Mây", "Quý I năm 2024", "| STT | Nội dung | ĐVT | Kết quả | Ghi chú |"]
    for row in form.entries:
        beside = f"{value} | {note}" if row.id == "tong_tthc" else " | "
        lines.append(f"| {row.stt} | {row.label} | {row.unit} | {beside} |")
    return "\n".join(lines)


def named(reading: Reading) -> list[object]:
    return [finding.facts["alternatives"] for finding in reading.findings if finding.code == "T31"]


@pytest.mark.parametrize(
    "note",
    ["Đúng là 890", "sửa thành 890", "số đúng: 890", "Sửa lại thành 890 theo QĐ 12", "Đính chính là 890", "Dung la 890",
     "890 mới đúng", "Sai, phải là 890", "Đính chính: 890", "Báo cáo lại: 890", "Số liệu thực: 890",
     "Sửa từ 882 thành 890", "Số liệu đúng là 890", "ĐÚNG: 890", "Điều chỉnh thành 890 thủ tục", "Đúng là 890."],
)  # fmt: skip
def test_a_note_that_names_another_figure_is_told(note: str, form: Form) -> None:
    reading = read_grid(drawn(sheet(form, note)), form, "bieu.xlsx")
    assert named(reading) == [(890,)]
    assert reading.submission is not None
    assert reading.submission["tong_tthc"].value == 882


@pytest.mark.parametrize(
    "note",
    ["Đúng là 882", "Đúng hạn 890", "Không đúng 890", "Giảm 8 so với 890", "Sửa theo QĐ 890/QĐ-UBND", "Sử dụng số 890",
     "Đúng 890/900 hồ sơ", "Điều chỉnh thành phần hồ sơ", "Đúng", "Kỳ trước 890", "Sửa thành 15/3/2024",
     "Thực tế 890 hồ sơ trễ hạn", "890 mới đúng hạn", "Không phải là 890"],
)  # fmt: skip
def test_a_note_that_names_no_other_figure_is_nothing_to_tell(note: str, form: Form) -> None:
    assert named(read_grid(drawn(sheet(form, note)), form, "bieu.xlsx")) == []


def test_a_blank_cell_is_missing_and_no_other_figure(form: Form) -> None:
    assert named(read_grid(drawn(sheet(form, "Đúng là 890", "")), form, "bieu.xlsx")) == []


def commented(form: Form, comment: str, *, on: str = "D") -> Reading:
    """The sheet with a comment on the cell of the figure, or on another one of its row."""
    grid = drawn(sheet(form, ""))
    (only,) = grid.sheets
    row = next(number for number, cells in only.rows.items() if 4 in cells and cells[4].value == 882)
    place = (row, "ABCDE".index(on) + 1)
    return read_grid(replace(grid, sheets=(replace(only, comments={place: comment}),)), form, "bieu.xlsx")


def test_a_comment_on_the_cell_that_names_another_figure_is_told_too(form: Form) -> None:
    reading = commented(form, "Đúng là 890")
    assert named(reading) == [(890,)]
    assert reading.submission is not None
    assert reading.submission["tong_tthc"].value == 882
    assert reading.submission.notes == {}  # nobody who reads the sheet on paper sees it: it explains no warning


@pytest.mark.parametrize(("comment", "on"), [("Đúng là 882", "D"), ("Đã rà soát", "D"), ("Đúng là 890", "B")])
def test_a_comment_that_names_none_or_stands_elsewhere_is_nothing_to_tell(comment: str, on: str, form: Form) -> None:
    assert named(commented(form, comment, on=on)) == []


def test_the_note_that_is_warned_of_does_not_explain_the_warning(form: Form) -> None:
    (page,) = drawn(sheet(form, "Sửa lại thành 890")).sheets
    cells = {
        (number, column): Written(cell.value)
        for number, row in page.rows.items()
        for column, cell in row.items()
        if isinstance(cell.value, str | int)
    }
    source = Source("bieu.xlsx", as_xlsx([Page("Biểu", cells)]))
    (said,) = (it for it in examine(source, form).findings if it.code == "T31")
    assert not said.explained
