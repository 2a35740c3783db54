"""The sheet `Kiểm tra` holds rules, limits and rows only in the periods in which they hold, as `cchc validate` does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import saved
from calculated import loaded, put
from consistent import submission_of
from small_forms import small_form

from cchc_excel.checking import cannot_be_of_one, check, record_of
from cchc_excel.form import Form, Severity, load_form
from cchc_excel.form.period import Period
from cchc_excel.submission import Figure
from cchc_excel.wording import words
from cchc_excel.workbook_form import template
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.live import rules_of
from cchc_excel.workbook_form.printed.layout import CHECK_SHEET, FIRST_CHECK, SHEET, Layout

AT_MOST_23 = "code: L50, severity: warning, assert: '[a] <= 23', fix: never, holds_for: {a: 23}, fails_for: {a: 24}"
OF_HUNDREDFOLD = "code: L51, severity: error, assert: '[p] <= 20', fix: never, holds_for: {p: 20}, fails_for: {p: 21}"
LEVEL = 8  # column


def told_by_sheet(
    form: Form, figures: Mapping[str, Figure | None], made_for: str, *chosen: str
) -> dict[str, set[tuple[str, str]]]:
    """What the sheet of a workbook made for a period tells when these periods are chosen in it, one after another."""
    model = loaded(filled(form, {}, unit="UBND xã A", period=made_for))
    rules, rows = rules_of(form, with_previous=False, period=made_for), Layout(form).rows
    for key, figure in figures.items():
        put(model, 0, rows[key], 4, figure)
    told = {}
    for period in chosen:
        put(model, 0, 5, 4, words("vi").period(Period.parse(period)) if period else None)
        model.evaluate()
        told[period] = {
            (rule.code, rule.target)
            for place, rule in enumerate(rules, start=FIRST_CHECK)
            if model.get_cell_value(1, place, LEVEL)
        }
    return told


def told_by_validate(form: Form, figures: Mapping[str, Figure | None], period: str) -> set[tuple[str, str]]:
    submission = submission_of(figures, period=period)
    form = form.at(submission.period)
    told = {
        (finding.code, finding.indicators[0])
        for finding in check(submission, form).findings
        if finding.indicators and finding.severity is not Severity.INFO
    }
    # reading, which there is not here, doubts a percentage of 1 unless it cannot have been 100
    is_doubtful = figures.get("p") == 1 and not cannot_be_of_one("p", record_of(submission, form), form)
    return told | ({("T30", "p")} if is_doubtful else set())


@pytest.mark.parametrize("closing", ["", "periods: {closing_day: 14}"])
@pytest.mark.parametrize(
    ("rows", "rules", "figures"),
    [
        (("a",), (f"{AT_MOST_23}, until: 2025-Q2",), {"a": 24}),
        (("a",), (f"{AT_MOST_23}, from: 2025-07-01, until: 2025",), {"a": 24}),
        (("a",), (f"{AT_MOST_23}, only: [Y, H1]",), {"a": 24}),
        (("a",), (f"{AT_MOST_23}, only: [month]",), {"a": 24}),
        (("a, at_most: [{value: 20, until: 2025-Q2}, {value: 30, from: 2025-Q3}]",), (), {"a": 24}),
        (("a, at_least: [{value: 20, from: 2025-Q3}]",), (), {"a": 4}),
        (("t, total_of: [a, b]", "a", "b, only: [Y]"), (), {"t": 7, "a": 7, "b": 1}),
        (("a", "b, only: [Y]"), (), {"a": 7, "b": None}),
        (("p, kind: percent, unit: '%'",), (f"{OF_HUNDREDFOLD}, until: 2025-Q2",), {"p": 1}),
        (("a, from: 2025-Q3", "b, only: [H1]"), (f"{AT_MOST_23}, until: 2026-Q1",), {"a": 24, "b": None}),
    ],
)
def test_the_sheet_says_what_validate_says_in_each_period(
    rows: tuple[str, ...], rules: tuple[str, ...], figures: dict[str, Figure | None], closing: str, tmp_path: Path
) -> None:
    form = small_form(tmp_path, *rows, checks=rules, more=closing)
    periods = ["2023-Q1", "2025-H1", "2025-07", "2025-Q3", "2025", "2025-07-01..2025-08-15", "2026-Q1", "2026-H1"]
    told = told_by_sheet(form, figures, "2023-Q1", *periods)
    expected = {period: told_by_validate(form, figures, period) for period in periods}
    assert told == expected
    assert len(set(map(frozenset, expected.values()))) > 1  # else nothing has been tried


def test_a_limit_of_todays_communes_does_not_accuse_the_communes_of_tomorrow() -> None:
    figures: dict[str, Figure | None] = {"4.1.2": 1, "4.1.3": 60, "4.2.3": 1, "4.2.4": 60}
    of_before, of_today = load_form("cchc_xa_quy"), load_form("cchc_xa_2025")
    limits = {("L50", "4.1.3"), ("L51", "4.2.4")}
    before = told_by_sheet(of_before, figures, "2025-H1", "2025-H1", "2026-Q1", "")
    assert [told & limits for told in before.values()] == [limits, set(), limits]
    today = told_by_sheet(of_today, figures, "2026-Q1", "2026-Q1", "2025-Q3", "")
    assert [told & limits for told in today.values()] == [set(), set(), set()]


def test_a_rule_that_no_period_of_the_form_knows_has_no_row() -> None:
    sheet = openpyxl.load_workbook(BytesIO(template(load_form("cchc_xa_2025"))))[CHECK_SHEET]
    codes = {sheet.cell(row, 1).value for row in range(FIRST_CHECK, sheet.max_row + 1)}
    assert not codes & {"L33", "L50"}
    assert "L34" in codes


@pytest.mark.parametrize(
    ("today", "newest", "oldest", "count"),
    [
        ("2024-11-30", "Quý I năm 2024", "Năm 2023", 8),
        ("2025-11-30", "Quý I năm 2025", "Năm 2024", 6),
        ("2026-11-30", "Quý I năm 2025", "Năm 2024", 6),
    ],
)
def test_the_periods_offered_lie_within_the_time_of_the_form(today: str, newest: str, oldest: str, count: int) -> None:
    assert offered(load_form("cchc_xa_quy"), today)[:: count - 1] == [newest, oldest]


@pytest.mark.parametrize(
    ("today", "first", "last", "count"),
    [
        ("2024-11-30", "Quý III năm 2025", "Năm 2025", 2),
        ("2025-11-30", "Quý III năm 2025", "Năm 2025", 2),
        ("2026-11-30", "Quý I năm 2026", "Năm 2025", 6),
        ("2027-11-30", "Quý I năm 2027", "Năm 2026", 8),
    ],
)
def test_a_form_of_today_offers_nothing_of_before(
    today: str, first: str, last: str, count: int, tmp_path: Path
) -> None:
    form = small_form(tmp_path, "a", more="from: 2025-Q3\nperiods: {listed: [Q1, H1, Q3, Y]}")
    assert offered(form, today)[:: count - 1] == [first, last]


def test_a_form_without_a_time_offers_two_years_and_needs_no_formula_for_where_its_list_ends(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a", more="periods: {listed: [Q1, H1, Q3, Y]}")
    assert _list_of(form).formula1 == "$I$8:$I$15"
    assert len(offered(form, "2026-11-30")) == 8


def _list_of(form: Form) -> Any:
    sheet = openpyxl.load_workbook(BytesIO(template(form)))[SHEET]
    (rule,) = [rule for rule in sheet.data_validations.dataValidation if "D5" in rule.sqref]
    return rule


def offered(form: Form, today: str) -> list[str]:
    """What drops down at the period when the file is opened on that day."""
    book = openpyxl.load_workbook(BytesIO(template(form)))
    cells = re.findall(r"\$I\$(\d+)", _list_of(form).formula1)
    places = range(int(cells[0]), int(cells[-1]) + 1)
    for place in places:
        cell = book[SHEET].cell(place, 9)
        cell.value = str(cell.value).replace("TODAY()", f"DATE({today.replace('-', ',')})")
    model = loaded(saved(book))
    model.evaluate()
    return [text for place in places if (text := model.get_cell_value(0, place, 9))]


def test_the_sheet_names_the_limit_that_holds_in_the_period(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, at_most: [{value: 20, until: 2025-Q2}, {value: 30, from: 2025-Q3}]")
    said = {}
    for period in ("2025-Q2", "2025-Q3"):
        sheet = openpyxl.load_workbook(BytesIO(filled(form, {"a": 44}, unit="", period=period)), data_only=True)[SHEET]
        said[period] = str(sheet.cell(Layout(form).rows["a"], 6).value)
    assert [("20" in text, "30" in text) for text in said.values()] == [(True, False), (False, True)]
