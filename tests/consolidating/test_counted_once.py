"""Nobody's figures are added twice, or kept out, without a word: merged workbooks beside what they were made of.

Files of other periods beside those of this one, what the sheet of sources says, and why nothing can be merged at all.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from communes import FORM, arrived, communes, consistent, workbook_of

from cchc_excel.commands.consolidate import decisions_about_nobody, said
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.correcting.decision_book import BookRow, DecisionBook
from cchc_excel.errors import NothingToConsolidate
from cchc_excel.form.period import Period
from cchc_excel.grid import Source
from cchc_excel.wording import words

PROVINCE = Choices(unit="UBND tỉnh X", level="tinh")


def district(*files: Arrived, name: str = "UBND huyện Ba Bể") -> Arrived:
    merged = consolidate(files, FORM, Choices(unit=name))
    return Arrived(Source(f"{name}.xlsx", workbook_of(merged)))


def told(outcome: Outcome, code: str) -> list[tuple[str, str]]:
    """The files about which a code is told, and what it says."""
    form = outcome.merged.form
    return [
        (it.filed.path, words("vi").message(it.finding, form)) for it in outcome.findings if it.finding.code == code
    ]


def test_a_commune_beside_its_district_s_workbook_is_counted_twice_and_that_is_told_on_the_terminal_too() -> None:
    first, second, third = communes()[:3]
    outcome = consolidate([district(first, second), first, third], FORM, PROVINCE)
    sentence = (
        "Biểu của UBND xã Thứ A được tính riêng, trong khi bản tổng hợp UBND huyện Ba Bể.xlsx của UBND huyện Ba Bể "
        "đã gồm số liệu đó (đúng tệp này)."
    )
    assert told(outcome, "U19") == [("0.xlsx", sentence)]
    assert any(line.startswith(f"0.xlsx: {sentence} →") for line in said(outcome, None, words("vi")))


def test_a_later_version_of_a_commune_s_workbook_is_told_by_the_name_of_its_unit() -> None:
    later = arrived("moi.xlsx", consistent(5), "UBND xã Thứ A")
    outcome = consolidate([district(*communes()[:2]), later], FORM, PROVINCE)
    ((path, sentence),) = told(outcome, "U19")
    assert path == "moi.xlsx"
    assert sentence.endswith("(đơn vị cùng tên).")


def test_two_districts_that_hold_the_same_file_are_told_and_others_are_not() -> None:
    first, second, third = communes()[:3]
    one, two = district(first, second), district(first, third, name="UBND huyện Chợ Đồn")
    assert {path for path, _ in told(consolidate([one, two], FORM, PROVINCE), "U19")} == {
        "UBND huyện Ba Bể.xlsx",
        "UBND huyện Chợ Đồn.xlsx",
    }
    apart = district(second, third, name="UBND huyện Chợ Đồn")
    assert told(consolidate([district(first), apart], FORM, PROVINCE), "U19") == []


def test_a_workbook_whose_sheet_of_sources_is_gone_is_merged_all_the_same() -> None:
    book = openpyxl.load_workbook(io.BytesIO(district(*communes()[:2]).source.data))
    del book["Nguồn"]
    buffer = io.BytesIO()
    book.save(buffer)
    whole = Arrived(Source("h.xlsx", buffer.getvalue()))
    assert told(consolidate([whole, communes()[0]], FORM, PROVINCE), "U19") == []


def test_a_file_of_another_period_beside_the_right_one_is_no_error_of_the_unit() -> None:
    year = [arrived(f"{it}.xlsx", consistent(1), "UBND xã A", it) for it in ("2023-Q1", "2023-Q2", "2023-Q3")]
    outcome = consolidate(year, FORM, Choices(period=Period.parse("2023-Q2")))
    (line,) = outcome.standings
    assert (line.status, line.counts) == ("received", "2023-Q2.xlsx")
    assert told(outcome, "U08") == told(outcome, "U09") == []
    assert [path for path, _ in told(outcome, "U18")] == ["2023-Q1.xlsx", "2023-Q3.xlsx"]
    assert (
        "Kỳ được tổng hợp: Quý II năm 2023. Không tính biểu của kỳ khác: Quý I năm 2023, Quý III năm 2023 "
        "(chọn kỳ bằng --period)."
    ) in list(said(outcome, None, words("vi")))


def roles(outcome: Outcome) -> dict[str, str]:
    """What the sheet of sources says of each file."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(outcome)), read_only=True)["Nguồn"]
    return {str(row[2]): str(row[3]) for row in sheet.iter_rows(min_row=5, values_only=True)}


def test_the_sheet_of_sources_says_of_months_that_make_up_a_quarter_that_they_were_merged() -> None:
    months = [arrived(f"{it}.xlsx", consistent(1), "UBND xã A", it) for it in ("2023-01", "2023-02", "2023-03")]
    outcome = consolidate(months, FORM, Choices(period=Period.parse("2023-Q1")))
    assert set(roles(outcome).values()) == {"Được tổng hợp cùng biểu của các kỳ khác"}


def test_the_sheet_of_sources_says_of_a_file_that_gave_only_some_sections_that_it_was_taken_in_part() -> None:
    later = {key: value for key, value in consistent(1).items() if key.split(".")[0] in {"3", "7"}}
    first = arrived("1.xlsx", consistent(1), "UBND xã A")._replace(modified=datetime(2023, 3, 10, tzinfo=UTC))
    second = arrived("2.xlsx", later, "UBND xã A")._replace(modified=datetime(2023, 3, 12, tzinfo=UTC))
    assert {path: role.partition(":")[0] for path, role in roles(consolidate([first, second], FORM)).items()} == {
        "1.xlsx": "Được tính một phần",
        "2.xlsx": "Được tổng hợp",
    }


@pytest.mark.parametrize(
    ("files", "choices", "says"),
    [
        ([communes()[0]], Choices(period=Period(2022, "Q4")), "Cụ thể: 1 biểu của kỳ khác (Quý I năm 2023)."),
        (
            [communes()[0]],
            Choices(roster=Roster((RosterUnit("X01"),), "ds.xlsx")),
            "Cụ thể: 1 biểu của đơn vị không có trong danh sách (UBND xã Thứ A).",
        ),
        (
            [Arrived(Source("rong.xlsx", b"")), arrived("a.xlsx", consistent(1), "")],
            Choices(),
            "Cụ thể: 1 tệp không đọc được; 1 biểu chưa ghi tên đơn vị.",
        ),
        (
            [district(communes()[0])],
            Choices(unit="UBND huyện Ba Bể", level="huyen"),
            "Cụ thể: 1 biểu là bản tổng hợp của chính cấp này hoặc cấp trên (UBND huyện Ba Bể).",
        ),
    ],
)
def test_where_nothing_can_be_merged_it_is_said_what_keeps_each_file_out(
    files: list[Arrived], choices: Choices, says: str
) -> None:
    with pytest.raises(NothingToConsolidate) as refused:
        consolidate(files, FORM, choices)
    sentence, remedy = words("vi").error(refused.value)
    assert sentence.endswith(says)
    assert remedy
    assert words("en").error(refused.value)[1]


def test_a_file_handed_over_as_the_office_s_own_that_is_a_commune_s_is_told() -> None:
    files = communes()[:3]
    choices = Choices(unit="UBND huyện Ba Bể", own=files[0])
    lines = list(said(consolidate(files[1:], FORM, choices), None, words("vi")))
    assert any(it.startswith("0.xlsx: tệp nêu ở --own là biểu của UBND xã Thứ A, không phải") for it in lines)
    ours = arrived("own.xlsx", consistent(4), "UBND HUYỆN BA BỂ")
    outcome = consolidate(files, FORM, replace(choices, own=ours))
    assert not any("--own là biểu của" in it for it in said(outcome, None, words("vi")))


def test_decisions_about_a_unit_that_no_file_is_of_are_told() -> None:
    outcome = consolidate(communes()[:2], FORM)
    rows = [
        BookRow(whose, "a.xlsx", "L01", "D65: 19 → 10", written, "", "L5")
        for whose, written in (
            ("UBND xã Thứ A · Quý I năm 2023", "nhận"),
            ("UBND xã Thứ A · Quý II năm 2023", "nhận"),
            ("UBND xã Khác · Quý I năm 2023", "bỏ"),
            ("UBND xã Khác · Quý I năm 2023", ""),
        )
    ]
    told_of = [
        it.partition(" chưa")[0]
        for it in decisions_about_nobody([DecisionBook("qd.xlsx", "vi", tuple(rows))], outcome, words("vi"))
    ]
    assert told_of == [
        "qd.xlsx: 1 quyết định về UBND xã Thứ A · Quý II năm 2023",
        "qd.xlsx: 1 quyết định về UBND xã Khác · Quý I năm 2023",
    ]
