"""The form of today: which edition a report is of, and what is other than before 1 July 2025."""

from __future__ import annotations

from pathlib import Path

import pytest
from consistent import consistent_figures, submission_of

from cchc_excel.checking import check
from cchc_excel.form import Form, edition_for, edition_named, form_asked_for, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.submission import Period
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.make import template

TODAY = load_form("cchc_xa_2025")
BEFORE = load_form()
ANY = form_asked_for("")


def examined(form: Form, period: str, unit: str = "UBND phường Đức Xuân", asked: Form = ANY) -> Examination:
    figures = consistent_figures(lambda low, _: low, BEFORE)
    values = {key: value for key, value in figures.items() if key in form.by_id}
    return examine(Source("a.xlsx", filled(form, values, unit=unit, period=period)), asked)  # type: ignore[arg-type]


def wrong(examination: Examination) -> list[str]:
    return [it.code for it in examination.findings if it.severity.rank and it.code != "S32"]


@pytest.mark.parametrize(
    ("period", "edition"),
    [
        ("2023-Q1", "cchc_xa_quy"),
        ("2025-H1", "cchc_xa_quy"),
        ("2025-06", "cchc_xa_quy"),
        ("2025-07", "cchc_xa_2025"),
        ("2025-Q3", "cchc_xa_2025"),
        ("2025-9M", "cchc_xa_2025"),
        ("2025", "cchc_xa_2025"),
        ("2026-Q1", "cchc_xa_2025"),
    ],
)
def test_the_period_tells_of_which_edition_a_report_is(period: str, edition: str) -> None:
    assert edition_for(ANY, Period.parse(period)).id == edition


def test_a_form_that_was_named_stays_the_form_whatever_the_period() -> None:
    assert edition_for(load_form("cchc_xa_quy"), Period.parse("2026-Q1")).id == "cchc_xa_quy"
    assert edition_named(load_form("cchc_xa_quy"), "cchc_xa_2025").id == "cchc_xa_quy"


@pytest.mark.parametrize(("period", "edition"), [("2023-Q1", "cchc_xa_quy"), ("2025-Q3", "cchc_xa_2025")])
def test_a_workbook_is_read_and_checked_by_the_edition_of_its_period(period: str, edition: str) -> None:
    examination = examined(load_form(edition), period)
    assert examination.edition == edition
    assert wrong(examination) == []


def test_the_template_of_before_may_still_be_filled_with_nothing_in_the_rows_of_the_district() -> None:
    examination = examined(BEFORE, "2025-Q3")
    assert examination.edition == "cchc_xa_2025"
    assert wrong(examination) == ["S35"]  # that it is the template of before is said


def test_todays_form_has_no_district_and_the_province_reports_what_the_district_did() -> None:
    assert not [row.id for row in TODAY.indicators if "huyện" in row.label or row.reported_by == "huyen"]
    assert {row.id for row in TODAY.entries if row.reported_by == "tinh"} == {"6.1", "6.1.1", "6.1.2"}
    assert (TODAY.levels_above, BEFORE.levels_above) == (("tinh",), ("huyen", "tinh"))


@pytest.mark.parametrize(
    ("period", "asked"),
    [("2023-Q1", True), ("2023-H1", True), ("2023-07", True), ("2023-Q3", False), ("2026-Q1", False)],
)
def test_the_ceilings_of_decree_34_are_held_against_nobody_after_it_was_replaced(period: str, asked: bool) -> None:
    form = edition_for(ANY, Period.parse(period)).at(Period.parse(period))
    assert ("L33" in form.own, "L43" in form.own) == (asked, asked)


@pytest.mark.parametrize(("period", "codes"), [("2025-Q2", ["L23"]), ("2025-Q3", [])])
def test_a_commune_of_today_receives_dossiers_of_procedures_of_the_whole_province(
    period: str, codes: list[str]
) -> None:
    form = edition_for(ANY, Period.parse(period))
    figures = consistent_figures(lambda low, _: low, BEFORE) | {"3.1.4": 384, "3.1.4.cap_xa": 384, "3.2.3": 2139}
    submission = submission_of({key: value for key, value in figures.items() if key in form.by_id}, period=period)
    assert [finding.code for finding in check(submission, form).findings if finding.severity.rank] == codes


@pytest.mark.parametrize(
    ("unit", "title"),
    [("UBND phường Đức Xuân", "UBND PHƯỜNG ĐỨC XUÂN"), ("Sở Nội vụ", "SỞ NỘI VỤ"), ("", "UBND XÃ, PHƯỜNG, ĐẶC KHU")],
)
def test_the_title_fits_the_unit(unit: str, title: str) -> None:
    from io import BytesIO

    import openpyxl

    book = openpyxl.load_workbook(BytesIO(template(TODAY, unit=unit)), data_only=True)
    assert str(book["BieuThongKe"]["A3"].value).endswith(f"CCHC {title}")


def test_what_stands_before_1_july_2025_is_not_compared_and_that_is_said() -> None:
    figures = consistent_figures(lambda low, _: low, BEFORE) | {"5.2.1": 9}
    now = submission_of(
        {key: value for key, value in figures.items() if key in TODAY.by_id} | {"5.2.1": 0}, period="2025"
    )
    before = submission_of(figures, period="2025-H1")
    found = [it for it in check(now, TODAY, [before]).findings if it.code[0] == "P"]
    assert [(it.code, it.facts["periods"]) for it in found] == [("P11", ("2025-H1",))]


def test_two_periods_of_today_are_compared() -> None:
    figures = {row.id: 5 if row.id == "5.2.1" else None for row in TODAY.entries}
    now = submission_of(figures | {"5.2.1": 4}, period="2025")
    found = check(now, TODAY, [submission_of(figures, period="2025-Q3")]).findings
    assert "P01" in {it.code for it in found}


def test_all_shipped_editions_load_from_the_folder_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [load_form(name).id for name in (ANY.id, *ANY.editions)] == ["cchc_xa_quy", "cchc_xa_2025"]
