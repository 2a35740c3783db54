"""A warning that a clerk explained is not counted, until its figures are others than those that were explained."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from books import saved

from cchc_excel.checking.notes import no_reasons, says_something
from cchc_excel.corrected_copy import corrected
from cchc_excel.correcting.explaining import to_keep
from cchc_excel.correcting.history import texts_of
from cchc_excel.finding import Finding
from cchc_excel.form import load_form
from cchc_excel.form.names import HISTORY
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.submission import Submission
from cchc_excel.wording import words

FORM, VI, EN = load_form(), words("vi"), words("en")
PRINTED = Path(__file__).parents[2] / "examples" / "BangLang_2023-Q1_inlai.xlsx"
FIGURE, NOTE = "D74", "E74"  # of 4.1, of which L01 says that it is not what its parts are
SAID = "Kể cả 9 cán bộ hợp đồng"


def with_cells(data: bytes, cells: Mapping[str, float | str]) -> bytes:
    """The workbook with other contents in these cells of its first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for at, content in cells.items():
        book.worksheets[0][at] = content
    return saved(book)


def copy_of(data: bytes) -> bytes:
    found = examine(Source("a.xlsx", data), FORM)
    assert found.submission is not None
    return corrected(data, found.findings, found.submission, FORM, VI).data


def submission(data: bytes) -> Submission:
    found = examine(Source("a.xlsx", data), FORM).submission
    assert found is not None
    return found


def l01(data: bytes, previous: Sequence[Submission] = ()) -> Finding:
    (finding,) = (it for it in examine(Source("a.xlsx", data), FORM, previous).findings if it.code == "L01")
    return finding


@pytest.fixture(scope="module")
def explained() -> bytes:
    return with_cells(PRINTED.read_bytes(), {NOTE: SAID})


@pytest.fixture(scope="module")
def copy(explained: bytes) -> bytes:
    return copy_of(explained)


def test_a_note_beside_a_warning_explains_it(explained: bytes) -> None:
    assert (l01(explained).explained, l01(explained).counts) == (SAID, False)


def test_it_stays_explained_in_the_corrected_copy_and_in_a_copy_of_that(copy: bytes) -> None:
    assert l01(copy).explained == SAID
    assert l01(copy_of(copy)).explained == SAID


def test_it_comes_back_as_soon_as_a_figure_of_it_is_another_one(copy: bytes) -> None:
    finding = l01(with_cells(copy, {FIGURE: 18}))
    assert (finding.explained, finding.explained_before, finding.counts) == (None, SAID, True)
    assert VI.message(finding, FORM).endswith(f"Ghi chú “{SAID}” được viết cho số liệu khác; cần giải trình lại.")
    assert EN.message(finding, FORM).endswith("was written for other figures; please explain these.")


def test_it_stays_back_in_a_copy_of_that(copy: bytes) -> None:
    assert l01(copy_of(with_cells(copy, {FIGURE: 18}))).explained_before == SAID


def test_another_note_explains_it_again_and_so_do_the_old_figures(copy: bytes) -> None:
    other = with_cells(copy, {FIGURE: 18, NOTE: "Nay kể cả 8 cán bộ hợp đồng"})
    assert l01(other).explained == "Nay kể cả 8 cán bộ hợp đồng"
    assert l01(copy_of(other)).explained == "Nay kể cả 8 cán bộ hợp đồng"
    assert l01(with_cells(copy_of(other), {FIGURE: 19, NOTE: SAID})).explained == SAID


def test_figures_of_other_rows_do_not_bring_it_back(copy: bytes) -> None:
    assert l01(with_cells(copy, {"D8": 5})).explained == SAID


def test_it_comes_back_beside_an_earlier_version_of_the_same_report(explained: bytes) -> None:
    first = submission(explained)
    changed = with_cells(explained, {FIGURE: 18})
    assert l01(changed).explained == SAID  # nothing is known of what was explained
    assert l01(changed, [first]).explained_before == SAID
    assert l01(explained, [first]).explained == SAID
    for different in (replace(first, unit="UBND xã Khác"), replace(first, notes={}), replace(first, period=None)):
        assert l01(changed, [different]).explained == SAID


@pytest.mark.parametrize(
    "text", ["[1]", '[["explained"]]', '[["explained",1,[],{},7]]', '[["explained","L01","4.1","x",{"4.1":[]}]]', "["]
)
def test_what_people_made_of_the_hidden_texts_is_ignored(text: str, explained: bytes) -> None:
    first = submission(explained)
    kept = to_keep([l01(explained)], replace(first, earlier=(HISTORY + text,)), {})
    assert [it[:3] for it in kept] == [["explained", "L01", "4.1"]]


def test_a_thousand_explanations_are_cut_to_the_last(explained: bytes) -> None:
    first, finding = submission(explained), l01(explained)
    items = [["explained", "L01", "4.1", f"{number}", {"4.1": number}] for number in range(1000)]
    kept = to_keep([finding], replace(first, earlier=texts_of(items)), {})
    assert len(kept) == 200
    assert kept[-1][4] == {key: first.values[key] for key in finding.indicators}


@pytest.mark.parametrize(
    "note",
    [
        *("x", "Người", "Đã báo cáo", "đã kiểm tra", " .", "Có", "Như kỳ trước", "không có gì", "Ghi chú", "Kèm theo"),
        *("Có lý do", "Xem báo cáo.", "Theo thực tế", "Đúng, chính xác", "Số liệu đúng với báo cáo"),
        *("Số liệu chính xác!", "Đã rà soát: đúng", "Số liệu là đúng (đã được kiểm tra)", "Theo BC", "Đã xác nhận"),
    ],
)
def test_a_note_that_says_nothing_explains_nothing(note: str) -> None:
    assert not says_something(note)


@pytest.mark.parametrize(
    "note", ["Văn bản", "văn bản kèm theo", "Ban hành quyết định giao nhiệm vụ CCHC", "Triệu đồng"]
)
def test_a_unit_of_the_form_and_the_name_of_the_row_are_no_reason(note: str) -> None:
    assert not says_something(note, no_reasons(FORM, "1.3.quyet_dinh"))


@pytest.mark.parametrize(
    "note",
    [
        *("Có 1 người biệt phái", "biệt phái", "Danh mục riêng của thị trấn", "Chưa ban hành"),
        *("Không tính văn bản mật", "Do kỳ trước chuyển sang", "Theo kế hoạch mới", "Hồ sơ do cấp huyện giải quyết"),
    ],
)
def test_a_note_that_gives_a_reason_explains(note: str) -> None:
    assert says_something(note, no_reasons(FORM, "3.3.1.da_giai_quyet"))
