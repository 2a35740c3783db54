"""A unit that is stated once for the whole table, above it or over its figures."""

from __future__ import annotations

import pytest
from drawing import drawn

from cchc_excel.form import Form, load_form
from cchc_excel.reading import read_grid
from cchc_excel.reading.scales import Scale, scale_stated

COUNTS, MONEY = {"sach_in", "sach_so", "sach_moi", "the_doc", "tong_sach"}, {"du_toan"}


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("vi_du")


def named(form: Form, *above: str, title: str = "Kết quả", unit: str = "ĐVT") -> tuple[set[str], str]:
    """The rows of which S53 is said, and the cell that it names; nothing and no cell where it is not said."""
    lines = ["UBND xã Suối Mây", "Báo cáo quý I năm 2024", *above, f"| TT | Nội dung | {unit} | {title} | Giải trình |"]
    figure = dict.fromkeys(COUNTS | MONEY, 5)
    lines += [f"| | {row.label} | {row.unit} | {figure.get(row.id, '')} | |" for row in form.entries]
    reading = read_grid(drawn("\n".join(lines)), form, "thu_vien.xlsx")
    said = [finding for finding in reading.findings if finding.code == "S53"]
    return {key for it in said for key in it.indicators}, " ".join(it.cells[0].local for it in said)


@pytest.mark.parametrize(
    "line",
    ["Đơn vị tính: nghìn hồ sơ", "ĐVT: nghìn văn bản", "(Đvt: 1.000 cuốn)", "Đơn vị: nghìn hồ sơ", "DVT: 1000 ho so",
     "(nghìn hồ sơ)", "| | | ĐVT: ngàn cuốn |", "Đơn vị tính: nghìn lượt bạn đọc"],
)  # fmt: skip
def test_counts_in_thousands_are_told_with_the_cell_that_says_so(line: str, form: Form) -> None:
    assert named(form, line) == (COUNTS, "C3" if line.startswith("| |") else "A3")


def test_figures_under_a_sign_of_percent_are_no_counts(form: Form) -> None:
    assert named(form, title="Kết quả (%)") == (COUNTS | MONEY, "D3")


def test_what_stands_right_of_the_words_counts_too(form: Form) -> None:
    assert named(form, "| Đơn vị tính: | nghìn hồ sơ |") == (COUNTS, "A3")
    assert named(form, "| ĐVT | 1000 |")[0] == COUNTS | MONEY


def test_a_size_without_a_noun_is_one_of_all_figures(form: Form) -> None:
    assert named(form, "Đơn vị tính: nghìn")[0] == COUNTS | MONEY
    assert named(form, "Đơn vị tính: triệu")[0] == set()


@pytest.mark.parametrize("line", ["Đơn vị tính: đồng", "ĐVT: nghìn đồng", "Đơn vị tính: 1.000 đ", "ĐVT: tỷ đồng"])
def test_another_unit_of_money_is_told_of_the_rows_of_money(line: str, form: Form) -> None:
    assert named(form, line) == (MONEY, "A3")


@pytest.mark.parametrize(
    "line",
    ["Đơn vị tính: triệu đồng", "Đơn vị tính: hồ sơ", "Đơn vị tính:", "Đơn vị: Xã Triệu Phước", "Đơn vị: Triệu Phước",
     "Đơn vị: Trạm Y tế", "Đơn vị tính: người, %", "Đơn vị tính: tỷ lệ %", "Đơn vị báo cáo: Đồng Tâm",
     "Nghìn năm văn hiến", "Đơn vị: Đồng Nai"],
)  # fmt: skip
def test_a_unit_that_the_form_has_or_the_name_of_a_place_is_nothing_to_tell(line: str, form: Form) -> None:
    assert named(form, line) == (set(), "")


@pytest.mark.parametrize("title", ["Kết quả (nghìn hồ sơ)", "Kết quả (1.000)", "Kết quả (ĐVT: nghìn cuốn)"])
def test_the_title_over_the_figures_speaks_of_them_all(title: str, form: Form) -> None:
    found, cell = named(form, title=title)
    assert (found >= COUNTS, cell) == (True, "D3")


def test_the_title_over_the_units_speaks_of_them_all(form: Form) -> None:
    assert named(form, unit="ĐVT (nghìn)")[1] == "C3"
    assert named(form, unit="Đơn vị tính")[1] == ""


def test_percentages_for_all_figures_are_told(form: Form) -> None:
    assert named(form, "Đơn vị tính: %")[0] == COUNTS | MONEY


@pytest.mark.parametrize(
    ("text", "scale"),
    [("ĐVT: triệu đồng", Scale(10**6, "đồng")), ("Đơn vị tính: đồng", Scale(1, "đồng")),
     ("ĐVT: 1.000.000 đồng", Scale(10**6, "đồng")),
     ("Tỷ lệ", None), ("Số liệu", None), ("Triệu", Scale(10**6, ""))],
)  # fmt: skip
def test_what_a_text_says_of_the_size(text: str, scale: Scale | None) -> None:
    assert scale_stated(text) == scale
