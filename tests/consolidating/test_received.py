"""When a report was sent, which of two counts, and where it says what: by what stands in it, then by its file."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from communes import AS_SENT, FORM, NUMBERED, arrived, communes, consistent, workbook_of

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.consolidating.standing import Received, standing
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period
from cchc_excel.workbook_form.filled import filled

Q1 = Period(2023, "Q1")
DUE = Roster((RosterUnit("UBND xã A", due=date(2023, 3, 14)),), "ds.csv")
SPECIMEN = Path(__file__).parents[2] / "examples" / "BangLang_2023-Q1_mau.xlsx"
FILLED = Path(__file__).parents[2] / "examples" / "huyen_vi_du" / "nop" / "Dong Tien Q1-2023.csv"


def sent(path: str, day: date | None, saved: datetime | None) -> Received:
    return Received(path, "UBND xã A", Q1, saved, day=day, figures=(path,))


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:00+00:00")


def day_of(*lines: str) -> date | None:
    """What is read of a form with these lines above its table."""
    table = FILLED.read_text("utf-8-sig").splitlines()[4:]
    assert table[0].startswith("Số TT")
    submission = read(Source("a.csv", "\n".join((*lines, *table)).encode()), FORM).submission
    assert submission is not None
    return submission.day


# --- the report's own date


@pytest.mark.parametrize(
    "line",
    [
        "Bằng Lăng, ngày 09 tháng 3 năm 2023",
        "(Kèm theo Báo cáo số 12/BC-UBND ngày 09/3/2023 của UBND xã Bằng Lăng)",
        "Ngày 9 tháng 03, năm 2023",
        "ngày 9-3-2023",
    ],
)
def test_the_date_of_a_report_stands_in_its_heading(line: str) -> None:
    assert day_of("UBND XÃ BẰNG LĂNG", line) == date(2023, 3, 9)


@pytest.mark.parametrize(
    "lines",
    [
        ("ngày … tháng … năm 2023",),
        ("Số liệu từ ngày 15/12/2022 đến ngày 14/3/2023",),
        ("ngày 31/4/2023",),
        ("ngày 9/3/2023", "ngày 10/3/2023"),
    ],
    ids=["left blank", "the days of a period", "no such day", "two days"],
)
def test_what_is_not_one_days_date_is_none(lines: tuple[str, ...]) -> None:
    assert day_of(*lines) is None


def test_a_form_made_from_the_template_has_the_date_of_its_cell() -> None:
    data = filled(AS_SENT, consistent(0), unit="UBND xã A", period="2023-Q1", day=date(2023, 3, 9))
    submission = read(Source("a.xlsx", data), FORM).submission
    assert submission is not None
    assert submission.day == date(2023, 3, 9)


def test_a_report_is_late_by_its_own_date_whenever_its_file_was_copied() -> None:
    copied = at("2026-01-01")
    in_time, late = (standing(DUE, [sent("a.xlsx", date(2023, 3, day), copied)], Q1)[0] for day in (14, 15))
    assert (in_time.status, late.status) == ("received", "late")


def test_a_report_without_a_date_is_late_by_its_file() -> None:
    (line,) = standing(DUE, [sent("a.xlsx", None, at("2023-03-15"))], Q1)
    assert line.status == "late"


def test_of_two_reports_the_one_with_the_later_date_counts_whatever_their_files_say() -> None:
    first, second = (
        sent("moi.xlsx", date(2023, 3, 10), at("2023-03-01")),
        sent("cu.xlsx", date(2023, 3, 9), at("2023-03-20")),
    )
    (line,) = standing(DUE, [first, second], Q1)
    assert (line.counts, line.why) == ("moi.xlsx", "latest_day")


def test_where_one_of_two_bears_no_date_the_file_saved_last_counts() -> None:
    files = [sent("a.xlsx", date(2023, 3, 10), at("2023-03-10")), sent("b.xlsx", None, at("2023-03-11"))]
    (line,) = standing(DUE, files, Q1)
    assert (line.counts, line.why) == ("b.xlsx", "latest")


def test_the_sheet_says_by_what_lateness_is_judged_and_shows_both_dates() -> None:
    data = filled(AS_SENT, consistent(0), unit="UBND xã A", period="2023-Q1", day=date(2023, 3, 9))
    file = Arrived(Source("a.xlsx", data), at("2026-01-01"))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate([file], FORM, Choices(roster=DUE)))))
    sheet = book["Tình trạng nộp"]
    assert "ngày ghi trên báo cáo" in sheet["A3"].value
    assert [sheet[f"{it}5"].value for it in "DEFG"] == ["Đã nhận", "14/03/2023", "09/03/2023", "01/01/2026 08:00"]


def test_where_two_former_units_sent_and_neither_counts_that_is_said() -> None:
    roster = Roster((RosterUnit("UBND xã Mới", predecessors=("Xã Thứ A", "Xã Thứ B")), *DUE.units), "ds.csv")
    files = [*communes()[:2], arrived("a.xlsx", consistent(7), "UBND xã A")]
    outcome = consolidate(files, FORM, Choices(roster=roster))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(outcome)))
    (message,) = [str(row[11].value) for row in book["Phát hiện"].iter_rows(min_row=5) if row[2].value == "U09"]
    assert message.startswith("UBND xã Mới có 2 biểu; biểu được tính là chưa xác định được (các tệp của nhiều đơn vị")


def test_one_former_unit_of_two_is_not_the_whole() -> None:
    roster = Roster((RosterUnit("UBND xã Mới", predecessors=("Xã Thứ A", "Xã Thứ B")),), "ds.csv")
    outcome = consolidate(communes()[:1], FORM, Choices(roster=roster))
    (half,) = [it.finding for it in outcome.findings if it.finding.code == "U17"]
    assert dict(half.facts) == {"unit": "UBND xã Mới", "count": 2, "written": "UBND xã Thứ A"}
    renamed = Roster((RosterUnit("UBND xã Mới", predecessors=("Xã Thứ A",)),), "ds.csv")
    assert not [
        it for it in consolidate(communes()[:1], FORM, Choices(roster=renamed)).findings if it.finding.code == "U17"
    ]


# --- where it says so


def test_a_note_that_looks_like_a_formula_is_found_in_its_own_cell() -> None:
    file = arrived("a.xlsx", consistent(0), "UBND xã A", notes={"2.1": "=1+1"})
    (found,) = [it.finding for it in consolidate([file], FORM).findings if it.finding.code == "U10"]
    assert found.cells[0].local == f"E{NUMBERED['2.1']}"


def test_what_another_cell_should_say_is_said_with_its_address() -> None:
    """100 % of 104, of which 20 came online: the figure in doubt is the count, not the percentage."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate([specimen()], FORM))))
    rows = {
        (row[2].value, row[6].value): [cell.value for cell in row[7:10]]
        for row in book["Phát hiện"].iter_rows(min_row=5)
    }
    assert rows["A02", "D105"] == ["100", "19,23", "D107 = 104"]
    assert rows["L11", "D107"] == ["20", "≥ 104", "104"]
    assert rows["A02", "D10"] == ["2", "28,57", "28,57"]


def test_a_note_that_asks_nobody_to_do_anything_is_not_said_to_be_open() -> None:
    """Seven communes are too few to say what is far from the others, which is told and calls for no work."""
    data = workbook_of(consolidate([specimen(), *communes()], FORM))
    rows = list(openpyxl.load_workbook(io.BytesIO(data))["Phát hiện"].iter_rows(min_row=5))
    states = {row[2].value: row[12].value for row in rows}
    assert (states["U16"], states["C05"]) == (None, "Chưa xử lý")


def test_what_was_compared_and_what_is_proposed_break_over_lines_instead_of_being_cut_off() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate([specimen()], FORM))))["Phát hiện"]
    (row,) = [row for row in sheet.iter_rows(min_row=5) if (row[2].value, row[6].value) == ("L10", "D91")]
    assert (row[8].value, len("110 so với 100") > sheet.column_dimensions["I"].width) == ("110 so với 100", True)
    assert [cell.alignment.wrap_text for cell in row[7:10]] == [True, True, True]


def test_more_than_a_hundred_percent_is_nothing_that_a_share_should_be() -> None:
    """171 settled in time of 147 settled in all: the share is not 116,33 %, one of the counts is wrong."""
    file = FILLED.parent / "Long Son - bieu TK CCHC Q1 2023.xlsx"
    outcome = consolidate([Arrived(Source(file.name, file.read_bytes()))], FORM)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(outcome)))["Phát hiện"]
    (row,) = [row for row in sheet.iter_rows(min_row=5) if (row[2].value, row[6].value) == ("A02", "D56")]
    assert "116,33" in str(row[11].value)
    assert [cell.value for cell in row[7:10]] == ["98", "116,33", "D57 = 174"], (
        "a count is proposed, and never the share"
    )


def specimen() -> Arrived:
    return Arrived(Source(SPECIMEN.name, SPECIMEN.read_bytes()))


def test_the_sources_say_where_in_each_file_its_figures_stand() -> None:
    data = workbook_of(consolidate([specimen(), communes()[0]], FORM))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Nguồn"]
    found = {row[2].value: row[4].value for row in sheet.iter_rows(min_row=5)}
    last = max(NUMBERED[row.id] for row in FORM.entries)
    assert found["0.xlsx"] == f"BieuThongKe!D{NUMBERED['1.1']}:D{last}"
    assert str(found[SPECIMEN.name]).endswith(f"!D{NUMBERED['1.1']}:D110")


# --- units of one name in two places


def from_the_letterhead(file: str, *lines: str) -> Arrived:
    """A workbook with these lines above its table."""
    table = FILLED.read_text("utf-8-sig").splitlines()[4:]
    return Arrived(Source(file, "\n".join((*lines, "Quý I năm 2023", *table)).encode()))


TWO_DISTRICTS = (
    from_the_letterhead("1.csv", "UBND HUYỆN CHỢ ĐỒN", "UBND XÃ TÂN LẬP"),
    from_the_letterhead("2.csv", "UBND HUYỆN BA BỂ", "UBND XÃ TÂN LẬP"),
    from_the_letterhead("3.csv", "UBND HUYỆN BA BỂ", "UBND XÃ AN BÌNH"),
)


def test_communes_of_one_name_under_two_districts_are_two_units() -> None:
    standings = consolidate(TWO_DISTRICTS, FORM).standings
    assert [(it.name, it.status) for it in standings] == [
        ("UBND xã AN BÌNH", "received"),
        ("UBND xã TÂN LẬP, huyện BA BỂ", "received"),
        ("UBND xã TÂN LẬP, huyện CHỢ ĐỒN", "received"),
    ]


def test_the_roster_finds_each_of_them_by_its_district() -> None:
    names = ("Xã Tân Lập huyện Chợ Đồn", "Xã Tân Lập huyện Ba Bể", "Xã An Bình")
    roster = Roster(tuple(map(RosterUnit, names)), "ds.csv")
    standings = consolidate(TWO_DISTRICTS, FORM, Choices(roster=roster)).standings
    assert {it.name: it.counts for it in standings} == dict(zip(names, ("1.csv", "2.csv", "3.csv"), strict=True))


def test_one_commune_that_names_its_district_once_is_one_unit() -> None:
    with_district = from_the_letterhead("a.csv", "UBND HUYỆN BA BỂ", "UBND XÃ TÂN LẬP")
    without = from_the_letterhead("b.csv", "UBND XÃ TÂN LẬP")
    (line,) = consolidate((with_district, without), FORM).standings
    assert line.status == "twice"
