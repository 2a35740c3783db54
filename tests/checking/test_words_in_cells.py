"""What a word, a dash or a note beside a figure means for the checks, from the file to the finding."""

from __future__ import annotations

import pytest
from consistent import as_typed, filled

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.workbook_form.filled import filled as workbook

FORM = load_form()


def examined(cells: dict[str, int | float | str | None], notes: dict[str, str] | None = None) -> Examination:
    figures = {key: value for key, value in filled({}).values.items() if value is not None}
    data = workbook(FORM, as_typed(figures) | cells, unit="UBND xã A", period="2023-Q1", notes=notes)
    return examine(Source("a.xlsx", data), FORM)


@pytest.mark.parametrize("word", ["-", "không"])
@pytest.mark.parametrize(("part", "whole", "codes"), [(2, 7, {"C03", "T15"}), (0, 0, {"T15"})])
def test_a_rate_that_says_nothing_arose_is_believed_only_where_its_components_say_so(
    word: str, part: int, whole: int, codes: set[str]
) -> None:
    found = examined({"1.2": word, "1.2.1": whole, "1.2.2": part}).findings
    assert {it.code for it in found if it.indicators[:1] == ("1.2",)} == codes


@pytest.mark.parametrize(("rate", "counted"), [(0, []), (100, ["A04"])])
def test_0_of_0_written_as_0_is_a_remark_and_as_another_share_a_warning(rate: int, counted: list[str]) -> None:
    found = examined({"1.2": rate, "1.2.1": 0, "1.2.2": 0}).findings
    told = [it for it in found if it.indicators[:1] == ("1.2",)]
    assert ([it.code for it in told], [it.code for it in told if it.severity.rank]) == (["A04"], counted)


@pytest.mark.parametrize(
    ("figures", "counted"), [((0, 0, 0), []), ((50, 0, 0), ["C06"]), ((50, 1200, 600), ["C06", "C06", "C06"])]
)
def test_a_0_in_a_row_of_another_level_misleads_nobody(figures: tuple[int, int, int], counted: list[str]) -> None:
    rows = ("6.1", "6.1.1", "6.1.2")
    found = examined(dict(zip(rows, figures, strict=True))).findings
    assert [it.code for it in found if it.severity.rank and set(it.indicators) & set(rows)] == counted


@pytest.mark.parametrize(("note", "counts"), [("Chỉ có một người", False), ("x", True), ("", True)])
def test_a_reason_beside_a_percentage_of_1_explains_that_it_is_one(note: str, counts: bool) -> None:
    found = examined({"4.1.2": 0, "4.1.3": 1}, {"4.1.3": note}).findings
    assert [it.counts for it in found if it.code == "T30"] == [counts]


@pytest.mark.parametrize(
    ("electronic", "with_paper", "doubted"),
    [
        (99.6, 0.4, set()),
        (99, 1, set()),
        (60, 0.2, {"7.1.dien_tu_va_giay"}),
        (0.95, 0.05, {"7.1.dien_tu", "7.1.dien_tu_va_giay"}),
    ],
)
def test_a_small_share_is_not_doubted_where_a_hundred_times_it_would_be_too_much(
    electronic: float, with_paper: float, doubted: set[str]
) -> None:
    found = examined({"7.1": 500, "7.1.dien_tu": electronic, "7.1.dien_tu_va_giay": with_paper}).findings
    assert {it.indicators[0] for it in found if it.code == "T30"} == doubted


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Online & phiếu giấy", "Kết hợp"), ("phieu giay va online", "Kết hợp"), ("Phát phiếu, trực tuyến", "Kết hợp"),
        ("Trực tuyến - phát phiếu", "Kết hợp"), ("Trực tuyến và bưu điện", None), ("trực tuyến/trực tuyến", None),
    ],
)  # fmt: skip
def test_two_ways_named_together_in_any_order_are_the_answer_that_stands_for_both(said: str, meant: str | None) -> None:
    (finding,) = [it for it in examined({"1.5.1": 30, "1.5.2": said}).findings if it.code == "T12"]
    assert (finding.fix.changes[0].after if finding.fix else None) == meant


@pytest.mark.parametrize(("surveys", "is_taken_out"), [(0, True), (30, False)])
def test_that_nothing_was_surveyed_is_not_taken_out_unasked_where_surveys_were_counted(
    surveys: int, *, is_taken_out: bool
) -> None:
    found = examined({"1.5.1": surveys, "1.5.2": "Không khảo sát"}).findings
    assert [it.fix is not None for it in found if it.code == "T15"] == [is_taken_out]


@pytest.mark.parametrize("said", ["Không", "-", "0", 0, "Không khảo sát", "chưa tổ chức khảo sát", "KPS"])
def test_that_nothing_was_surveyed_is_the_blank_that_no_survey_asks_for(said: str | int) -> None:
    found = examined({"1.5.1": 0, "1.5.2": said}).findings
    assert [it.code for it in found if "1.5.2" in it.indicators] == ["T15"]
    found = examined({"1.5.1": 30, "1.5.2": said}).findings
    assert {it.code for it in found if "1.5.2" in it.indicators} == {"T15", "L07"}


def test_what_only_begins_with_no_is_still_unread() -> None:
    found = examined({"1.5.1": 0, "1.5.2": "Không biết"}).findings
    assert [it.code for it in found if "1.5.2" in it.indicators] == ["T12"]


@pytest.mark.parametrize(
    ("row", "said", "meant"),
    [
        *(("1.6", "x", "Có"), ("1.6", "✓", "Có"), ("1.6", 1, "Có"), ("1.6", "2", None)),
        *(("1.5.2", "PP", "Phát phiếu"), ("1.5.2", "TT", None), ("1.5.2", "x", None)),  # TT is trực tuyến or trực tiếp
    ],
)
def test_a_tick_and_initials_are_proposed_where_they_can_mean_one_answer(
    row: str, said: str | int, meant: str | None
) -> None:
    (finding,) = [it for it in examined({"1.5.1": 30, row: said}).findings if it.code == "T12"]
    assert (finding.fix.changes[0].after if finding.fix else None) == meant


@pytest.mark.parametrize("said", ["Kết hợp cả hai hình thức", "Trực tuyến và phiếu"])
def test_more_names_of_both_ways_together_are_understood(said: str) -> None:
    found = examined({"1.5.1": 30, "1.5.2": said}).findings
    assert [it.code for it in found if "1.5.2" in it.indicators] == ["T18"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("cấp huyện BC", "T15"), ("Huyện báo cáo", "T15"), ("Phòng TC-KH báo cáo.", "T15")),
        *(("Không thuộc thẩm quyền", "T15"), ("abc", "T02"), ("25 BC", "T10")),
    ],
)
def test_that_somebody_else_reports_is_understood_where_another_level_does(said: str, code: str) -> None:
    found = examined({"6.1": said}).findings
    assert [it.code for it in found if "6.1" in it.indicators] == [code]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (("Như 3.3.1", "như trên", "nt"), ["C08"]),
        (("-nt-", None, "Như mục 3.3.1"), ["C08"]),
        (("Như 3.4", "như trên", "nt"), ["T02", "T02", "T02"]),  # another row
        (("Như 3.3.1", "như trên", 7), ["T02", "T02"]),  # one has a figure of its own
    ],
)
def test_rows_that_only_name_their_twin_are_asked_for_once(
    said: tuple[str | int | None, ...], codes: list[str]
) -> None:
    rows = ("3.3.2", "3.3.2.da_giai_quyet", "3.3.2.dung_han")
    found = examined(dict(zip(rows, said, strict=True))).findings
    told = [it for it in found if it.indicators[:1] and it.indicators[0] in rows and it.severity.rank]
    assert [it.code for it in told if it.code[0] != "L"] == codes
    if codes == ["C08"]:
        assert told[0].fix is not None
        assert {change.indicator for change in told[0].fix.changes} == set(rows)
