"""`cchc template --roster`: each unit's own blank workbook, the figures of last time in grey beside it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from communes import FORM, NUMBERED, arrived, communes, consistent
from unreadable import refuse_to_read

from cchc_excel.commands.refusals import DONE, FAILED
from cchc_excel.commands.template import TemplateOptions, run_template
from cchc_excel.form import names
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period

REFERENCE = 8  # the column of last time's figures


def cchc(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cchc_excel", "template", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two communes of which one was formed in the second quarter, and one with a name for no file."""
    path = tmp_path_factory.mktemp("danh sach") / "ds.csv"
    lines = ("Đơn vị;Mã;Từ ngày;Đơn vị trước đây", "UBND xã Thứ A;01;;", "UBND xã Mới;02;01/04/2023;Thứ B")
    path.write_text("\n".join((*lines, f"UBND xã {'Rất dài ' * 40};a/b:c;;")), "utf-8")
    return path


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    return _earlier_in(tmp_path / "truoc")


def _earlier_in(folder: Path) -> Path:
    """A folder with the reports of before: of two units, and an older one of the first."""
    folder.mkdir()
    for it in (*communes()[:2], arrived("x.xlsx", consistent(9), "UBND xã Thứ A", "2022-Q4")):
        (folder / it.source.name).write_bytes(it.source.data)
    return folder


@pytest.fixture(scope="module")
def second_quarter(roster: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks of quarter II, made beside the reports of before."""
    folder = tmp_path_factory.mktemp("quy II")
    earlier = _earlier_in(folder / "truoc")
    done = cchc("--roster", roster, "--period", "2023-Q2", "--previous", earlier, "-o", folder / "bieu")
    assert done.returncode == DONE
    return folder / "bieu"


def test_each_unit_of_the_period_gets_its_own_with_name_and_period_filled_in(second_quarter: Path) -> None:
    made = sorted(second_quarter.iterdir())
    assert [it.name[:14] for it in made] == ["01 UBND xã Thứ", "02 UBND xã Mới", "a b c UBND xã "]
    assert max(len(it.name.encode()) for it in made) <= 255
    submission = read(Source(made[1].name, made[1].read_bytes()), FORM).submission
    assert submission is not None
    assert (submission.unit, submission.period) == ("UBND xã Mới", Period(2023, "Q2"))


def test_a_unit_that_is_not_there_yet_gets_none(roster: Path, tmp_path: Path) -> None:
    cchc("--roster", roster, "--period", "2023-Q1", "-o", tmp_path / "bieu")
    assert "02 UBND xã Mới.xlsx" not in {it.name for it in (tmp_path / "bieu").iterdir()}


def test_the_latest_figures_stand_in_grey_beside_those_to_be_filled_in(second_quarter: Path) -> None:
    book: Any = openpyxl.load_workbook(second_quarter / "01 UBND xã Thứ A.xlsx")
    cell = book["BieuThongKe"].cell(NUMBERED["1.1"], REFERENCE)
    assert cell.value == consistent(0)["1.1"]
    assert cell.font.color.rgb != "FF000000"
    assert book["BieuThongKe"].cell(NUMBERED["1.1"], 4).value is None


def test_an_earlier_workbook_that_cannot_be_opened_is_told_and_the_others_are_used(
    roster: Path, earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (earlier / "Z.xlsx").write_bytes(b"PK")
    refuse_to_read(monkeypatch, lambda path: path.name == "Z.xlsx")
    output = tmp_path / "bieu"
    assert run_template(TemplateOptions(output=output, roster=roster, period="2023-Q2", previous=[earlier])) == DONE
    assert "Z.xlsx: Không mở được tệp: không có quyền." in capsys.readouterr().err
    assert len(list(output.iterdir())) == 3


def test_a_unit_that_replaced_another_has_no_figures_of_its_own_from_before(second_quarter: Path) -> None:
    sheet = openpyxl.load_workbook(second_quarter / "02 UBND xã Mới.xlsx")["BieuThongKe"]
    assert sheet.cell(NUMBERED["1.1"], REFERENCE).value is None


def test_the_workbooks_of_last_time_are_never_replaced_not_even_by_force(roster: Path, earlier: Path) -> None:
    victim = earlier / "01 UBND xã Thứ A.xlsx"
    (earlier / "0.xlsx").rename(victim)
    before = victim.read_bytes()
    many = cchc("--roster", roster, "--period", "2023-Q2", "--previous", earlier, "-o", earlier, "--force")
    one = cchc("--previous", victim, "--period", "2023-Q2", "-o", victim, "--force")
    assert (many.returncode, one.returncode, victim.read_bytes()) == (FAILED, FAILED, before)


def test_the_form_speaks_vietnamese_whatever_language_is_asked_for(tmp_path: Path) -> None:
    for language in ("vi", "en"):
        cchc("--period", "2023-Q2", "--lang", language, "-o", tmp_path / f"{language}.xlsx")
    assert (tmp_path / "vi.xlsx").read_bytes() == (tmp_path / "en.xlsx").read_bytes()


def test_a_roster_without_a_period_is_refused(roster: Path, tmp_path: Path) -> None:
    done = cchc("--roster", roster, "-o", tmp_path / "bieu")
    assert done.returncode == FAILED
    assert "--period" in done.stderr
    assert not (tmp_path / "bieu").exists()


# --- one workbook, without a roster


def figures_of_last_time(path: Path) -> set[object]:
    sheet = openpyxl.load_workbook(path)["BieuThongKe"]
    return {sheet.cell(NUMBERED["1.1"], REFERENCE).value}


def test_the_form_in_force_is_made_where_neither_form_nor_period_is_named(tmp_path: Path) -> None:
    made = {}
    for day in (date(2023, 5, 2), date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 29)):
        run_template(TemplateOptions(output=tmp_path / f"{day}.xlsx"), today=day)
        book: Any = openpyxl.load_workbook(tmp_path / f"{day}.xlsx")
        made[str(day)] = (
            book.custom_doc_props[names.FORM_PROPERTY].value
            if names.FORM_PROPERTY in book.custom_doc_props.names
            else ""
        )
    before, today = made["2023-05-02"], made["2026-11-29"]
    assert before != today
    assert made == {"2023-05-02": before, "2025-06-30": before, "2025-07-01": today, "2026-11-29": today}


def test_a_form_that_is_named_is_made_whatever_the_day(tmp_path: Path) -> None:
    for day in (date(2023, 5, 2), date(2026, 11, 29)):
        run_template(TemplateOptions(output=tmp_path / f"{day}.xlsx", form="cchc_xa_quy"), today=day)
    assert (tmp_path / "2023-05-02.xlsx").read_bytes() == (tmp_path / "2026-11-29.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("form", "period", "told"),
    [
        ("", None, "Không nêu --period nên biểu được lập theo mẫu đang áp dụng (cchc_xa_2025)"),
        (
            "cchc_xa_quy",
            None,
            "(cchc_xa_quy) dùng cho các kỳ kết thúc chậm nhất ngày 30/06/2025, không dùng cho Quý IV",
        ),
        ("cchc_xa_quy", "2025-Q3", "không dùng cho Quý III năm 2025"),
    ],
)
def test_for_which_periods_the_form_is_is_told_where_no_period_or_another_one_is_named(
    form: str, period: str | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_template(TemplateOptions(output=tmp_path / "a.xlsx", form=form, period=period), today=date(2026, 11, 30))
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("form", "period"), [("", "2023-Q1"), ("cchc_xa_quy", "2023-Q1"), ("cchc_xa_2025", None)])
def test_nothing_is_said_of_a_form_that_was_chosen_and_is_in_force(
    form: str, period: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_template(TemplateOptions(output=tmp_path / "a.xlsx", form=form, period=period), today=date(2026, 11, 30))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["UBND xã Thứ A", "Ủy ban nhân dân xã THỨ A", "Xã Thứ A"])
def test_the_figures_beside_are_those_of_the_unit_it_is_made_for(
    name: str, earlier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "a.xlsx"
    run_template(TemplateOptions(output=output, unit=name, period="2023-Q2", previous=[earlier]))
    assert figures_of_last_time(output) == {consistent(0)["1.1"]}
    assert capsys.readouterr().err == ""


def test_no_other_unit_s_figures_stand_beside_and_that_is_said(
    earlier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "a.xlsx"
    run_template(TemplateOptions(output=output, unit="UBND xã Khác Hẳn", period="2023-Q2", previous=[earlier]))
    assert figures_of_last_time(output) == {None}
    said = capsys.readouterr().err
    assert said.startswith("Không có biểu kỳ trước nào của UBND xã Khác Hẳn")
    assert "UBND xã Thứ A" in said


def test_where_no_unit_is_named_the_figures_are_taken_only_if_all_are_of_one(
    earlier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, many = tmp_path / "one.xlsx", tmp_path / "many.xlsx"
    run_template(TemplateOptions(output=many, period="2023-Q2", previous=[earlier]))
    assert "của nhiều đơn vị" in capsys.readouterr().err
    run_template(TemplateOptions(output=one, period="2023-Q2", previous=[earlier / "x.xlsx", earlier / "0.xlsx"]))
    assert (figures_of_last_time(many), figures_of_last_time(one)) == ({None}, {consistent(0)["1.1"]})
    assert capsys.readouterr().err == ""
