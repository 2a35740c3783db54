"""The template checks itself: whatever stands in its cells, its sheet `Kiểm tra` says what `cchc validate` says."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from books import saved
from calculated import VERDICTS, loaded, put
from conditions import judged
from consistent import as_typed, consistent_figures, submission_of
from random_forms import UNREAD, Cells, is_given, random_cells, record_of_cells

from cchc_excel.checking import cannot_be_of_one, check, record_of
from cchc_excel.corrected_copy.copying import corrected
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.form import Check, Kind, Scope, Severity, load_form, names
from cchc_excel.form.language import Record
from cchc_excel.form.language.excel import MAX_FORMULA
from cchc_excel.grid import Source, column_number
from cchc_excel.pipeline import examine
from cchc_excel.reading import read
from cchc_excel.submission import CellAddress, How, Submission
from cchc_excel.wording import words
from cchc_excel.workbook_form import template
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.live import rules_of
from cchc_excel.workbook_form.printed.layout import (
    CHECK_SHEET,
    FIRST_CHECK,
    LEVEL,
    MESSAGE,
    PREVIOUS,
    READ,
    SHEET,
    TITLE,
    Layout,
)

ROOT = Path(__file__).parents[2]
FORM = load_form()
LAYOUT = Layout(FORM)
UNIT = "UBND xã Bằng Lăng"
FORMS = 500  # by their numbers; benchmarks/live.py holds others against LibreOffice
# by all programs that a commune may have: Excel 2010, WPS, LibreOffice
FUNCTIONS = {
    *("ABS", "AND", "CELL", "COUNT", "COUNTBLANK", "COUNTIF", "EXACT", "IF", "INDEX", "ISTEXT", "LEFT", "LEN", "MATCH"),
    *("MAX", "MID", "MIN", "N", "NOT", "OR", "REPT", "RIGHT", "ROUND", "SIGN", "SUBSTITUTE", "SUM", "TRIM", "VALUE"),
    *(
        "CHAR",
        "DATE",
        "DAY",
        "FIND",
        "IFERROR",
        "ISNUMBER",
        "MONTH",
        "TEXT",
        "TODAY",
        "UPPER",
        "YEAR",
    ),  # heading
}
STATUS, CHECK_LEVEL = 7, 8  # columns


def submission_of_cells(cells: Cells, notes: Mapping[str, str], period: str = "2023-H1") -> Submission:
    """The cells as they would be read, were every text unread."""
    given = {key: cell if is_given(FORM[key], cell) else None for key, cell in cells.items()}
    submission = submission_of(given, UNIT, period)
    unread = {
        key: submission.entries[key]._replace(how=How.UNREAD)
        for key, cell in cells.items()
        if cell is not None and given[key] is None
    }
    return replace(submission, entries={**submission.entries, **unread}, notes=notes)


def previous(number: int) -> Submission:
    """Last quarter's figures of the same unit."""
    return submission_of(consistent_figures(Random(number).randint, FORM), UNIT, "2023-Q1")


# --- the verdicts


class LiveWorkbook:
    """A template with its calculating engine: type figures, read what it says."""

    def __init__(self, data: bytes, *, with_previous: bool) -> None:
        self.model = loaded(data)
        self.rules = rules_of(FORM, with_previous=with_previous)

    def fill(self, cells: Cells) -> None:
        for key, content in cells.items():
            put(self.model, 0, LAYOUT.rows[key], 4, content)
        self.model.evaluate()

    def statuses(self) -> list[Any]:
        """1, 0 or "" for each of the rules."""
        return self._column(STATUS)

    def status(self, code: str, target: str) -> Any:
        (found,) = [
            status
            for rule, status in zip(self.rules, self.statuses(), strict=True)
            if (rule.code, rule.target) == (code, target)
        ]
        return found

    def reported(self) -> set[tuple[str, str]]:
        levels = zip(self.rules, self._column(CHECK_LEVEL), strict=True)
        return {(rule.code, rule.target) for rule, level in levels if level}

    def _column(self, column: int) -> list[Any]:
        rows = range(FIRST_CHECK, FIRST_CHECK + len(self.rules))
        return [self.model.get_cell_value(1, row, column) for row in rows]

    @property
    def summary(self) -> str:
        return str(self.model.get_cell_value(1, 2, 1))


def as_texts(cells: Cells, number: int) -> Cells:
    """Some of the whole numbers typed as texts, `02`: they mean the same."""
    chosen = set(Random(number).sample(sorted(cells), 20))
    return {
        key: f"{cell:02}" if key in chosen and isinstance(cell, int) and cell >= 0 else cell
        for key, cell in cells.items()
    }


def test_each_check_gets_the_evaluators_verdict_in_every_form_and_only_what_is_reported_is_said() -> None:
    notes = {"1.1": "Đã giải trình", "3.2.3": "Có cả thủ tục của tỉnh", "7.1": "Văn bản mật"}
    before = previous(7)
    book = LiveWorkbook(filled(FORM, {}, unit=UNIT, period="2023-H1", notes=notes, previous=before), with_previous=True)
    verdict_of = [judged(rule.check) if rule.check and compares(rule.check) else None for rule in book.rules]
    assert (
        len([verdict for verdict in verdict_of if verdict]) == len(FORM.checks) - 27
    )  # P05, P21, P25, P27, see `compares`
    for number in range(FORMS):
        cells = random_cells(number, FORM)
        book.fill(as_texts(cells, number) if number % 3 == 0 else cells)
        record = replace(record_of_cells(cells, FORM), previous=before.record())
        for rule, verdict, status in zip(book.rules, verdict_of, book.statuses(), strict=True):
            if verdict is not None:
                assert VERDICTS[status] is verdict(record), (number, rule.code, rule.target)
            elif rule.code == "T30":
                assert VERDICTS[status] is not of_one(rule.target, record), (number, rule.target)
            elif rule.check is None:
                assert VERDICTS[status] is (rule.target not in record.unread), (number, rule.target)
        submission = submission_of_cells(cells, notes)
        assert book.reported() == reported(submission, before), number


def of_one(key: str, record: Record) -> bool:
    """Whether a percentage may have been typed as a part of 1, and no other figures tell."""
    row, values = FORM[key], record.values
    value = values.get(key)
    if row.kind is not Kind.PERCENT or not isinstance(value, int | Fraction) or not 0 < value <= 1:
        return False
    if cannot_be_of_one(key, record, FORM):
        return False
    return not (row.part and row.whole) or None in (values.get(row.part), values.get(row.whole))


def compares(check: Check) -> bool:
    """Whether a check looks at this period alone, or at the first quarter seen from the first half."""
    return check.scope in {Scope.NONE, Scope.SAME_YEAR, Scope.NESTED, Scope.SAME_START, Scope.EARLIER}


OF_DAYS = frozenset({"P16"})  # asks how many days of the period are left, which no formula on the sheet knows


def reported(submission: Submission, before: Submission) -> set[tuple[str, str]]:
    """What `cchc validate` reports and counts, and each cell that cannot be read."""
    found = check(submission, FORM, [before]).findings
    unread = {
        ("T12" if FORM[key].kind.is_text else "T02", key)
        for key, entry in submission.entries.items()
        if entry.how is How.UNREAD
    }
    of_ones = {("T30", row.id) for row in FORM.entries if of_one(row.id, record_of(submission, FORM))}
    return (
        unread
        | of_ones
        | {
            (it.code, it.indicators[0])
            for it in found
            if it.indicators and it.severity is not Severity.INFO and not it.explained and it.code not in OF_DAYS
        }
    )


def test_a_check_over_time_rests_while_the_period_on_the_form_does_not_ask_for_it() -> None:
    book = LiveWorkbook(filled(FORM, {}, unit=UNIT, period="2023-Q1", previous=previous(7)), with_previous=True)
    book.fill({**dict.fromkeys((row.id for row in FORM.entries), None), "1.1": 0, "4.1": 0})
    seen = {}
    for period in ("Quý I năm 2023", "6 tháng đầu năm 2023", "Quý III năm 2023", "Quý I năm 2024"):
        put(book.model, 0, 5, 4, period)
        book.model.evaluate()
        seen[period] = {code: book.status(code, key) for code, key in (("P03", "1.1"), ("P04", "4.1"), ("P05", "1.1"))}
    assert seen == {
        "Quý I năm 2023": {"P03": "", "P04": "", "P05": ""},  # the earlier figures are of this very quarter
        "6 tháng đầu năm 2023": {"P03": 0, "P04": 0, "P05": ""},
        "Quý III năm 2023": {"P03": "", "P04": 0, "P05": 1},
        "Quý I năm 2024": {"P03": "", "P04": 0, "P05": 1},
    }


# --- what is stored is what is calculated

FIGURES = as_typed(consistent_figures(Random(4).randint, FORM))
COUNTED = {key: value for key, value in FIGURES.items() if not (FORM[key].part or FORM[key].total_of)}


def specimen() -> dict[str, int | float | str | None]:
    """The one real report, its figures typed as numbers."""
    data = (ROOT / "examples" / "BangLang_2023-Q1_mau.xlsx").read_bytes()
    submission = read(Source("x.xlsx", data), FORM).submission
    assert submission is not None
    given = {key: value for key, value in submission.values.items() if value is not None}
    return as_typed(given)


_MAKERS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: template(FORM),
    "half": lambda: filled(FORM, dict(list(specimen().items())[:30]), unit=UNIT, period="2023-Q1"),
    "wrong": lambda: filled(FORM, specimen(), unit=UNIT, period="2023-Q1", notes={"4.1": "Có 1 người biệt phái"}),
    "right": lambda: filled(FORM, COUNTED, unit=UNIT, period="2023-Q1", number="12", day=date(2023, 3, 7)),
    "texts": (ROOT / "examples" / "BangLang_2023-Q1_mau.xlsx").read_bytes,
    "previous": lambda: filled(FORM, COUNTED, unit=UNIT, period="2023-H1", previous=previous(5)),
    "spoilt": lambda: filled(FORM, as_typed(random_cells(23, FORM)), unit=UNIT, period="2023-Q3", previous=previous(6)),
    "another form": lambda: template(load_form("vi_du")),
}
EVERY = pytest.mark.parametrize("name", _MAKERS)


@cache
def workbook(name: str) -> bytes:
    return _MAKERS[name]()


@cache
def opened(data: bytes, *, data_only: bool = False) -> Any:
    return openpyxl.load_workbook(BytesIO(data), data_only=data_only)


def formulas(data: bytes) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def stored(data: bytes, places: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Any]:
    book = opened(data, data_only=True)
    return {place: book[place[0]][place[1]].value or "" for place, text in places.items() if "TODAY" not in text}


@EVERY
def test_every_stored_result_is_what_a_spreadsheet_engine_calculates(name: str) -> None:
    data = workbook(name)
    assert _differing(data) == {}


def _differing(data: bytes) -> dict[tuple[str, str], tuple[Any, Any]]:
    model = loaded(data)
    model.evaluate()
    book, differing = opened(data), {}
    for (sheet, place), result in stored(data, formulas(data)).items():
        cell = book[sheet][place]
        calculated = model.get_cell_value(book.sheetnames.index(sheet), cell.row, cell.column) or ""
        if calculated != result:
            differing[sheet, place] = (result, calculated)
    return differing


def test_a_corrected_copy_says_what_is_still_wrong_with_it() -> None:
    data = workbook("texts")
    examination = examine(Source("x.xlsx", data), FORM)
    assert examination.submission is not None
    copy = corrected(data, examination.findings, examination.submission, FORM, words("vi"))
    assert _differing(copy.data) == {}
    assert top_line(copy.data) == "Còn 5 lỗi, 2 cảnh báo"
    assert copy.recalculated == 0  # no figure of the form, only what is said of it


@EVERY
def test_a_validator_of_the_open_xml_format_finds_nothing(name: str, tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit")
    path = tmp_path / "audited.xlsx"
    path.write_bytes(workbook(name))
    assert [str(error) for error in audit.OpenXmlValidator().validate(str(path)).errors] == []


@EVERY
def test_formulas_keep_to_what_every_spreadsheet_program_knows(name: str) -> None:
    for place, formula in formulas(workbook(name)).items():
        assert len(formula) <= MAX_FORMULA, place
        assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"|\'[^\']*\'!', "", formula))) <= FUNCTIONS, place


@EVERY
def test_colours_depend_on_cells_of_the_same_sheet_only(name: str) -> None:
    with zipfile.ZipFile(BytesIO(workbook(name))) as package:
        for sheet in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
            rules = re.findall(r"<cfRule.*?</cfRule>", package.read(sheet).decode())
            assert rules
            assert [rule for rule in rules if "!" in rule] == []


# --- what is said


def top_line(data: bytes) -> str:
    return str(opened(data, data_only=True)[SHEET][f"{MESSAGE}{TITLE}"].value)


def beside(data: bytes, key: str) -> str:
    return str(opened(data, data_only=True)[SHEET][f"{MESSAGE}{LAYOUT.rows[key]}"].value or "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("empty", "Ghi số liệu vào cột Số liệu; biểu sẽ tự kiểm tra."),
        ("half", "Còn 39 ô chưa ghi, 1 lỗi"),
        ("wrong", "Còn 6 lỗi, 1 cảnh báo"),
        ("right", "Chưa phát hiện sai sót"),
    ],
)
def test_one_line_at_the_top_says_how_the_form_stands(name: str, expected: str) -> None:
    assert top_line(workbook(name)) == expected


def test_beside_a_row_stands_its_gravest_message() -> None:
    data = workbook("wrong")
    assert {key: beside(data, key) for key in ("1.1", "1.2", "7.2.4")} == {
        "1.1": "",
        "1.2": "Ghi 2%, nhưng 2/7 = 28,57%.",
        "7.2.4": "Ghi 100%, nhưng 20/104 = 19,23%.",
    }


def test_a_message_is_the_one_that_validate_prints() -> None:
    data = workbook("wrong")
    submission = read(Source("x.xlsx", data), FORM).submission
    assert submission is not None
    printed = {it.indicators[0]: words("vi").message(it, FORM) for it in check(submission, FORM).findings}
    said = {key: beside(data, key) for key in printed}
    assert {key: said[key] for key in printed if printed[key] != said[key]} == {
        # C04 and C05 list what is given, and what can be deduced from it; here it is enough to say what is missing
        "7.2.3.da_tich_hop": "Chưa ghi số thành phần.",
        "7.1": "Chưa ghi số gốc của tỷ lệ.",
        "4.1": "",  # explained by a note
    }


def test_an_untouched_form_scolds_nobody() -> None:
    sheet = opened(workbook("empty"), data_only=True)[SHEET]
    assert {cell.value for row in sheet[f"{MESSAGE}8:{LEVEL}{LAYOUT.last}"] for cell in row} <= {None, 0}


def test_a_text_in_a_number_cell_is_said_and_counted_before_anything_else() -> None:
    data = filled(FORM, {**COUNTED, "1.2.1": UNREAD}, unit=UNIT, period="2023-Q1")
    assert top_line(data) == "Còn 1 lỗi"
    assert beside(data, "1.2.1") == "Chưa đọc được số trong ô: có chữ, ngày, lỗi, số quá lớn hoặc sai dấu hàng nghìn."
    assert value(data, "1.2") == ""  # its formula waits for a number


def test_a_dash_is_0_in_a_count_and_nothing_arisen_in_a_share_as_validate_reads_it() -> None:
    data = filled(FORM, {**COUNTED, "2.1": "-", "4.1.3": "-", "4.1.2": 0}, unit=UNIT, period="2023-Q1")
    submission = read(Source("x.xlsx", data), FORM).submission
    assert submission is not None
    assert [it.code for it in check(submission, FORM).findings] == []
    assert (beside(data, "2.1"), beside(data, "4.1.3"), top_line(data)) == ("", "", "Chưa phát hiện sai sót")
    assert _differing(data) == {}


def test_a_day_in_a_count_is_said_here_too() -> None:
    data = filled(FORM, {**COUNTED, "2.2": 45109}, unit=UNIT, period="2023-Q1")
    assert beside(data, "2.2") == "Số có thể là một ngày."
    assert top_line(data) == "Còn 1 cảnh báo"


def test_a_note_that_says_nothing_silences_nothing_here_either() -> None:
    for note, said in (("Đã báo cáo", True), ("Kể cả 9 công chức", False)):
        data = filled(FORM, specimen(), unit=UNIT, period="2023-Q1", notes={"4.1": note})
        assert bool(beside(data, "4.1")) is said
        assert _differing(data) == {}


def test_every_check_of_the_form_stands_on_the_sheet_with_a_link_to_its_cell() -> None:
    sheet = opened(workbook("right"))[CHECK_SHEET]
    rows = range(FIRST_CHECK, FIRST_CHECK + len(rules_of(FORM, with_previous=False)))
    codes = [sheet.cell(row, 1).value for row in rows]
    assert sorted(code for code in codes if code not in {"T02", "T12", "T30"}) == sorted(
        check.code for check in FORM.checks if check.scope is Scope.NONE
    )
    assert sheet.cell(rows[-1] + 1, 1).value is None
    for row, rule in zip(rows, rules_of(FORM, with_previous=False), strict=True):
        assert sheet.cell(row, 1).hyperlink.location == f"{SHEET}!{LAYOUT.value(rule.target)}"
        assert sheet.cell(row, 3).value


def test_a_verdict_is_a_word_with_the_figures_compared_and_what_to_do() -> None:
    sheet = opened(workbook("wrong"), data_only=True)[CHECK_SHEET]
    rows = {
        (rule.code, rule.target): [sheet.cell(row, column).value or "" for column in (4, 5, 6)]
        for row, rule in enumerate(rules_of(FORM, with_previous=False), start=FIRST_CHECK)
    }
    assert rows["A02", "1.2"] == [
        "SAI",
        "2%; 2/7",
        "Ghi 2%, nhưng 2/7 = 28,57%. Kiểm tra hai số thành phần. Nếu đúng, ghi lại tỷ lệ; nếu sai, sửa số thành phần.",
    ]
    assert rows["L04", "1.4.1"] == ["ĐẠT", "2 + 0 + 0 ≤ 7", ""]
    assert rows["L01", "4.1"][0] == "ĐÃ GIẢI TRÌNH"
    assert rows["A05", "7.2.3.da_tich_hop"] == ["chưa đủ số liệu", "… ≤ 104", ""]
    assert rows["L28", "7.2.1.phat_sinh"][0] == "CẦN XEM"


# --- formulas that a clerk may type over


def value(data: bytes, key: str) -> Any:
    return opened(data, data_only=True)[SHEET][LAYOUT.value(key)].value or ""


def formula(data: bytes, key: str) -> Any:
    cell = opened(data)[SHEET][LAYOUT.value(key)]
    return cell.value if cell.data_type == "f" else None


def test_totals_and_percentages_are_calculated_once_all_their_parts_are_numbers() -> None:
    data = filled(FORM, {"1.2.1": 7, "1.2.2": 2, "1.4.1.tinh": 0}, unit=UNIT, period="2023-Q1")
    assert value(data, "1.2") == 28.57
    assert formula(data, "1.2").startswith('=IF(COUNT(D12,D11)=2,IF(D11<>0,ROUND(100*D12/D11,2),""),')
    assert value(data, "1.4.1") == ""
    assert formula(data, "1.4.1").startswith("=IF(COUNT(D17,D18)=2,SUM(D17,D18),")


@pytest.mark.parametrize(
    ("parts", "total"), [(("02", 3), 5), ((" 4 ", "05\u00a0"), 9), (("hai", 3), ""), (("-", 3), 3)]
)
def test_a_figure_typed_as_a_text_counts_in_a_total_as_in_the_checks(parts: tuple[Any, Any], total: int | str) -> None:
    typed = dict(zip(("1.4.1.tinh", "1.4.1.huyen"), parts, strict=True))
    data = filled(FORM, typed, unit=UNIT, period="2023-Q1")
    assert value(data, "1.4.1") == total
    model = loaded(data)
    model.evaluate()
    assert model.get_cell_value(0, LAYOUT.rows["1.4.1"], 4) == total


def test_a_percentage_typed_as_a_text_is_read_as_validate_reads_it() -> None:
    book = LiveWorkbook(filled(FORM, {}, unit=UNIT, period="2023-H1"), with_previous=False)
    for typed, holds in (("28,57", 1), ("28.6", 1), ("28,571", 0), (",5", 0), ("2,8,5", 0), ("29", 1), ("2/7", 0)):
        book.fill({"1.2.1": 7, "1.2.2": 2, "1.2": typed})
        assert book.status("T02", "1.2") == holds, typed
        assert (book.status("A02", "1.2") == 1) is bool(holds), typed


COUNTS = (
    *("02", " 7 ", "8.", "6 TTHC", "6 thủ tục", "6 tt", "không", "KPS", "ko thủ tục", "-", "--", "–", "......", "…"),
    *("1.234", "1,234", "1.234.567", "12,5", "0,5", "-3", "(5)", "- 5", "2/7", "2+1", "khoảng 10", "5%", "x", "1e5"),
    *("25O", "26l", "２５０", "２５ TTHC", "１.２３４.５６７", "-３"),
)
RATES = (
    *("100%", "28,57 %", "28.57", "28,571", "0,123", "28,57 phần trăm", "1%", "-", "không", "%", "2/7", "33,333333"),
    "２８,５７",
)
LEFT_TO_OTHERS = ("-", "không", "Cấp huyện báo cáo", "cấp huyện báo cáo.", "95%")
ANSWERS = ("có", "CÓ ", " Không", "ko", "chưa", "Có lẽ", "…", "-", "x")


PROCEDURES = [row.id for row in FORM.entries if row.unit == FORM["3.2.1"].unit and not row.total_of]
COMPONENTS_TELL = [row.id for row in FORM.entries if row.part and row.reported_by is None]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (PROCEDURES, COUNTS),
        (["7.1.dien_tu", "7.1.dien_tu_va_giay", "5.1.2"], RATES),
        (COMPONENTS_TELL, RATES),
        (["6.1"], LEFT_TO_OTHERS),
        (["1.6"], ANSWERS),
    ],
    ids=["counts", "shares of a row", "percentages", "left to a level above", "answers"],
)
def test_a_text_is_taken_for_the_same_by_the_formulas_by_the_stored_results_and_by_validate(
    rows: list[str], texts: tuple[str, ...]
) -> None:
    book = LiveWorkbook(template(FORM), with_previous=False)
    for first in range(0, len(texts), len(rows)):  # each row of one kind gets a text: few workbooks hold them all
        cells = dict(zip(rows, texts[first:], strict=False))
        data = filled(FORM, cells, unit=UNIT, period="2023-Q1")
        book.fill({**cells})
        sheet = opened(data, data_only=True)[CHECK_SHEET]
        submission = read(Source("x.xlsx", data), FORM).submission
        assert submission is not None
        for key, text in cells.items():
            number = LAYOUT.rows[key]
            formula = book.model.get_cell_value(1, number, column_number(READ))
            assert sheet[f"{READ}{number}"].value in {formula, formula or None}, (key, text)
            entry = submission[key]
            if entry.how is How.UNREAD:
                assert formula == " ".join(text.split()) or formula == text, (key, text)
            elif entry.value is None:
                assert formula == ("-" if entry.how is How.WORD_FOR_NONE else ""), (key, text)
            elif FORM[key].kind.is_number:
                assert formula == pytest.approx(entry.value), (key, text)
            else:
                assert formula == entry.value, (key, text)


def test_a_count_with_its_thousands_parted_and_a_figure_of_sixteen_digits_are_not_read_here_either() -> None:
    data = filled(FORM, {**COUNTED, "3.2.1": 1.234, "1.1": 10**16}, unit=UNIT, period="2023-Q1")
    assert beside(data, "3.2.1") == beside(data, "1.1") != ""
    assert {it.code for it in examine(Source("x.xlsx", data), FORM).findings} >= {"T17", "T24"}
    assert _differing(data) == {}


def test_a_percentage_of_1_is_doubted_where_no_components_tell_what_it_is() -> None:
    data = filled(FORM, {**COUNTED, "4.1.2": 0, "4.1.3": 1}, unit=UNIT, period="2023-Q1")
    assert beside(data, "4.1.3").startswith("Ô chứa số không quá 1")
    found = examine(Source("x.xlsx", data), FORM).findings
    assert "T30" in {it.code for it in found if "4.1.3" in it.indicators}


def test_a_total_of_totals_is_calculated_from_what_they_come_to() -> None:
    data = filled(FORM, COUNTED, unit=UNIT, period="2023-Q1")
    assert value(data, "7.2.3") == pytest.approx(FIGURES["7.2.3"], abs=0.5)
    assert value(data, "7.2.3.dang_cung_cap") == FIGURES["7.2.3.dang_cung_cap"]


@pytest.mark.parametrize("given", [28.6, "28,57", None])
def test_a_figure_that_is_given_replaces_the_formula_and_so_does_a_blank(given: float | str | None) -> None:
    data = filled(FORM, {"1.2": given, "1.2.1": 7, "1.2.2": 2}, unit=UNIT, period="2023-Q1")
    assert (formula(data, "1.2"), value(data, "1.2")) == (None, given or "")


def test_what_a_level_above_reports_is_not_calculated() -> None:
    assert formula(workbook("empty"), "6.1") is None


def test_the_prompt_of_a_calculated_cell_says_so() -> None:
    sheet = opened(workbook("empty"))[SHEET]
    (rule,) = [it for it in sheet.data_validations.dataValidation if LAYOUT.value("1.2") in it.sqref]
    assert "Ô tự tính khi đủ số; có thể ghi đè." in rule.prompt


# --- last period's figures


def test_last_periods_figures_stand_in_a_column_of_their_own_only_if_they_are_given() -> None:
    def column(name: str) -> list[Any]:
        sheet = opened(workbook(name))[SHEET]
        return [sheet[f"{PREVIOUS}{row}"].value for row in range(6, LAYOUT.last)]

    assert set(column("right")) == {None}
    assert column("previous")[0] == "Kỳ trước\n(Quý I năm 2023)"
    former = previous(5).entries["1.1"].value
    assert column("previous")[LAYOUT.rows["1.1"] - 6] == former


# --- reading


@EVERY
def test_the_template_is_read_as_if_it_did_not_check_itself(name: str) -> None:
    form = load_form("vi_du") if name == "another form" else FORM
    data = workbook(name)
    reading = read(Source("x.xlsx", data), form)
    assert reading.submission is not None
    sheet, layout = opened(data, data_only=True)[SHEET], Layout(form)
    for row in form.entries:
        entry, shown = reading.submission[row.id], sheet[layout.value(row.id)].value
        assert (entry.cell, None if entry.raw == "" else entry.raw) == (
            CellAddress(SHEET, layout.rows[row.id], 4),
            shown,
        ), row.id
        assert entry.is_blank or shown is not None
    expected = {"wrong": {"4.1"}}.get(name, set())
    assert set(reading.submission.notes) - {"1.5.2"} == expected


def test_the_sheet_of_checks_is_never_taken_for_the_form() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook("right")))
    book.remove(book[SHEET])
    del book.defined_names["trang_kiem_tra"]
    reading = read(Source("x.xlsx", saved(book)), FORM)
    assert (reading.submission, [it.code for it in reading.findings]) == (None, ["S01"])


# --- another engine


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ["wrong", "previous", "spoilt"])
def test_libreoffice_calculates_the_same(name: str, tmp_path: Path) -> None:
    data = workbook(name)
    path = tmp_path / "a.xlsx"
    path.write_bytes(_without_results(data))
    places = formulas(data)
    assert stored(converted(path, "xlsx").read_bytes(), places) == stored(data, places)


@pytest.mark.libreoffice
def test_what_excel_makes_of_a_typed_percent_sign_is_read_as_the_cell_shows_it(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(filled(FORM, {"1.2.1": 7, "1.2.2": 7}, unit=UNIT, period="2023-Q1")))
    for key, number, shown in (
        ("1.2", 1, "0%"),
        ("5.1.2", 1, "0%"),
        ("4.2.4", 46205, "d-mmm"),
        ("2.1", 45109, "d-mmm"),
        ("2.2", 2, "0%"),
        ("1.1", 0, "0%"),
    ):
        book[SHEET][LAYOUT.value(key)].value, book[SHEET][LAYOUT.value(key)].number_format = number, shown
    book.save(tmp_path / "a.xlsx")
    sheet = as_libreoffice_calculates(tmp_path / "a.xlsx")[SHEET]
    said = {
        key: sheet[f"{MESSAGE}{LAYOUT.rows[key]}"].value or "" for key in ("1.1", "1.2", "5.1.2", "4.2.4", "2.1", "2.2")
    }
    assert said["1.2"] == ""  # 7 of 7 are the 100 % that the cell shows
    assert (said["1.1"], said["5.1.2"]) == ("", "")
    assert (
        said["4.2.4"]
        == said["2.1"]
        == said["2.2"]
        == beside(filled(FORM, {"2.1": "hai"}, unit=UNIT, period="2023-Q1"), "2.1")
    )


@pytest.mark.libreoffice
def test_however_figures_are_typed_the_sheet_counts_in_libreoffice_what_validate_counts(tmp_path: Path) -> None:
    typed: dict[str, Any] = {"1.1": "6 văn bản", "2.1": "không", "1.5.1": "1.234", "3.4.1": "12,5", "5.2.2": "-3"}
    typed |= {
        "1.2": "28,57 %",
        "7.1.dien_tu": "100%",
        "3.4": "-",
        "6.1": "Cấp huyện báo cáo",
        "1.6": "có",
        "1.5.2": "x",
    }
    typed |= {
        "1.2.1": 7,
        "1.2.2": 2,
        "3.2.1": 1.234,
        "3.2.3": 10**16,
        "2.2": "2/7",
        "4.1.3": 1,
        "4.2.4": 0.5,
        "5.2.1": "02",
    }
    notes = {"4.2.4": "x", "4.1.3": "Chỉ có một người"}
    book = openpyxl.load_workbook(BytesIO(filled(FORM, COUNTED | typed, unit=UNIT, period="2023-Q1", notes=notes)))
    for key, number, shown in (("2.3.1", 45109, "d-mmm"), ("5.1.2", 0.5, "0.0%")):
        book[SHEET][LAYOUT.value(key)].value, book[SHEET][LAYOUT.value(key)].number_format = number, shown
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").write_bytes(_without_results((tmp_path / "a.xlsx").read_bytes()))
    data = converted(tmp_path / "a.xlsx", "xlsx").read_bytes()
    sheet, rules = opened(data, data_only=True)[CHECK_SHEET], rules_of(FORM, with_previous=False)
    levels = [sheet.cell(row, CHECK_LEVEL).value for row in range(FIRST_CHECK, FIRST_CHECK + len(rules))]
    live = {(rule.code, rule.target) for rule, level in zip(rules, levels, strict=True) if level}
    found = [it for it in examine(Source("x.xlsx", data), FORM).findings if it.indicators and it.counts]
    counted = {(it.code, it.indicators[0]) for it in found if it.severity is not Severity.INFO}
    known = {rule.code for rule in rules}
    assert live == {("T02" if code not in known else code, key) for code, key in counted}
    assert {code for code, _ in counted} >= {"T02", "T03", "T04", "T07", "T08", "T12", "T17", "T24", "T30"} - {"T02"}


@pytest.mark.libreoffice
def test_a_printed_workbook_is_the_form_and_one_page_of_how_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(template(FORM))
    pdf = converted(tmp_path / "a.xlsx", "pdf").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    del book[CHECK_SHEET]
    book.save(tmp_path / "b.xlsx")
    form_alone = converted(tmp_path / "b.xlsx", "pdf").read_bytes()
    assert pages(pdf) == pages(form_alone) + 1


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def as_libreoffice_calculates(path: Path) -> Any:
    """The workbook as LibreOffice calculates it anew."""
    path.write_bytes(_without_results(path.read_bytes()))
    return openpyxl.load_workbook(converted(path, "xlsx"), data_only=True)


def converted(path: Path, kind: str) -> Path:
    out = path.parent / "out"
    command = [shutil.which("soffice") or "", "--headless", f"-env:UserInstallation=file://{path.parent / 'profile'}"]
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=120
    )
    return out / f"{path.stem}.{kind}"


def _without_results(data: bytes) -> bytes:
    """The workbook as if no program had calculated it."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            new.writestr(name, part)
    return buffer.getvalue()


def test_a_blank_copy_of_the_form_beside_the_filled_one_is_no_second_form() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook("right")))
    blank = openpyxl.load_workbook(BytesIO(workbook("empty")), data_only=True)[SHEET]
    copy = book.create_sheet("Bản trống")
    for row in blank.iter_rows(max_col=5):
        for cell in row:
            copy[cell.coordinate].value = '=""' if cell.column == 4 and cell.row == LAYOUT.rows["1.2"] else cell.value
    reading = read(Source("x.xlsx", recalculated(saved(book))), FORM)
    assert reading.submission is not None
    assert reading.submission["1.1"].cell.sheet == SHEET


def recalculated(data: bytes) -> bytes:
    """The workbook as another program saves it, with results."""
    model = loaded(data)
    model.evaluate()
    return bytes(model.to_xlsx())


def test_a_reader_can_leave_out_the_sheet_of_checks_whatever_it_is_called() -> None:
    data = workbook("right")
    assert [sheet.name for sheet in read_workbook(data).sheets] == [SHEET, CHECK_SHEET]
    assert [sheet.name for sheet in read_workbook(data, leaving_out=names.CHECKS).sheets] == [SHEET]
    book = openpyxl.load_workbook(BytesIO(data))
    book[CHECK_SHEET].title = "Tự kiểm"
    book.defined_names[names.CHECKS].attr_text = "'Tự kiểm'!$A$1"  # as Excel does it by itself
    assert [sheet.name for sheet in read_workbook(saved(book), leaving_out=names.CHECKS).sheets] == [SHEET]


# --- any form

LONG_RULE = """
checks:
  - code: L01
    severity: error
    target: a
    assert: "sum({long}) <= [b]"
    what: "Tổng không nhiều hơn b."
    why: "Vì thế."
    do: "Xin xem lại."
    says: "Nhiều hơn {{[b]}}."
    en: {{what: "w", why: "w", do: "d", says: "s"}}
    holds_for: {{a: 0, b: 5}}
    fails_for: {{a: 1, b: 5}}
"""
SMALL_FORM = """
form: nho
version: "1"
title: "BIỂU NHỎ"
level: xa
columns: {label: {title: "Nội dung"}, value: {title: "Kết quả"}}
nested: [[H1, Y]]
indicators:
  - {id: a, stt: "1", kind: count, unit: "Việc", label: "Số việc"}
  - {id: b, stt: "2", kind: count, unit: "Việc", label: "Số khác"}
"""


def test_a_rule_that_no_formula_can_hold_is_left_to_validate(tmp_path: Path) -> None:
    (tmp_path / "form.yaml").write_text(SMALL_FORM, "utf-8")
    (tmp_path / "checks.yaml").write_text(LONG_RULE.format(long=", ".join(["[a]"] * 256)), "utf-8")
    sheet = opened(template(load_form(tmp_path)))[CHECK_SHEET]
    codes = [sheet.cell(row, 1).value for row in range(FIRST_CHECK, sheet.max_row + 1)]
    assert [code for code in codes if code] == ["C01", "T02", "T03", "T04", "T38"] * 2


def test_an_answer_with_a_blank_at_its_end_is_an_answer() -> None:
    book = LiveWorkbook(filled(FORM, {}, unit=UNIT, period="2023-H1"), with_previous=False)
    for answer, holds in (("Có ", 1), (" Không", 1), ("Có", 1), ("Có lẽ", 0)):
        book.fill({"1.6": answer})
        assert book.status("T12", "1.6") == holds, answer
