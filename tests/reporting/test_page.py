"""The page of findings: a summary by unit that links down, the worst first; one file, for print and phone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from places import EXAMPLES

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.reporting.page import as_page
from cchc_excel.wording import words

FORM, VI = load_form(), words("vi")
SENT = EXAMPLES / "huyen_vi_du" / "nop"
NAMES = (
    "BieuThongKe_AnBinh.xlsx", "BC CCHC xa Ngoc Luong.xlsx", "BangLang_2023-Q1_mau.xlsx", "BieuThongKe_AnBinh (1).xlsx"
)  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    files = [Source(f"nop/{name}", (SENT / name).read_bytes()) for name in NAMES]
    return as_page([examine(file, FORM) for file in files], FORM, VI, date(2023, 3, 17))


def units(page: str) -> list[tuple[str, str]]:
    """The units of the summary: where each links to, and its name."""
    return re.findall(r'<td><a href="#(unit\d+)">([^<]+)</a>', page)


def test_the_summary_leads_with_what_cannot_be_read_then_with_the_most_errors(page: str) -> None:
    assert [name for _, name in units(page)] == [
        "BieuThongKe_AnBinh (1).xlsx", "UBND xã Bằng Lăng", "UBND xã Ngọc Lương", "UBND xã An Bình",
    ]  # fmt: skip
    assert "1 tệp không đọc được" in page


def test_each_unit_of_the_summary_links_to_its_findings(page: str) -> None:
    assert [link for link, _ in units(page)] == re.findall(r'<h2 id="(unit\d+)">', page)


def test_the_counts_of_the_summary_name_themselves_where_a_phone_has_no_room_for_its_head(page: str) -> None:
    counted = re.findall(r'<td class="number" data-head="([^"]+)">(?:<b[^>]*>)?(\d+)', page)
    assert counted[:4] == [("Lỗi", "6"), ("Cảnh báo", "5"), ("Lỗi", "2"), ("Cảnh báo", "2")]


def test_it_says_when_it_was_made_only_where_that_is_told(page: str) -> None:
    assert "Lập ngày 17/03/2023." in page
    assert "Lập ngày" not in as_page([], FORM, VI)


def test_what_to_do_is_no_fold_of_the_screen_so_that_it_is_printed(page: str) -> None:
    shown = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert shown.count("Việc cần làm: ") == page.count("<details><summary>Vì sao")


def test_one_can_ask_for_the_errors_alone_and_for_what_is_not_explained_without_a_script(page: str) -> None:
    assert set(re.findall(r'<label for="([^"]+)">', page)) == set(re.findall(r'name="show" id="([^"]+)"', page))
    assert "<script" not in page


def test_the_other_side_of_a_check_and_the_proposal_stand_in_columns_of_their_own(page: str) -> None:
    swapped = page[page.index(">UBND xã Ngọc Lương</h2>") :]
    figures = re.findall(r'<td class="number" data-head="([^"]+)">([^<]*)</td>', swapped)[:3]
    assert figures == [("Đã ghi", "95,76"), ("Đối chiếu", "104,42"), ("Đề xuất", "D54 = 118; D55 = 113")]
