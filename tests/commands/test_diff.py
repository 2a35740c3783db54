"""`cchc diff`: figures are compared, not how they are shown; folders by unit and period."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from communes import AS_SENT, consistent
from unreadable import refuse_to_read

from cchc_excel.workbook_form.filled import filled


def commune(path: Path, unit: str = "UBND xã A", period: str = "2023-Q1", **changed: float | str | None) -> Path:
    figures = {**consistent(0), **{key.lstrip("_").replace("_", "."): value for key, value in changed.items()}}
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(filled(AS_SENT, figures, unit=unit, period=period))
    return path


def test_two_figures_that_look_alike_are_told_apart(cchc: Cchc, tmp_path: Path) -> None:
    one, other = commune(tmp_path / "a.xlsx", _5_1_2=28.57), commune(tmp_path / "b.xlsx", _5_1_2=28.5714285714)
    status, out, _ = cchc("diff", one, other)
    assert status == 1
    assert out.splitlines()[-1].endswith(": 28,57 → 28,5714285714")
    _, out, _ = cchc("diff", one, other, "--lang", "en")
    assert out.splitlines()[-1].endswith(": 28.57 → 28.5714285714")


def test_a_whole_number_is_told_from_one_that_is_hardly_more(cchc: Cchc, tmp_path: Path) -> None:
    one, other = commune(tmp_path / "a.xlsx", _5_1_2=28), commune(tmp_path / "b.xlsx", _5_1_2=28.0000001)
    assert cchc("diff", one, other)[1].splitlines()[-1].endswith(": 28 → 28,0000001")


def test_a_text_that_could_not_be_read_is_told_from_the_figure_that_it_looks_like(cchc: Cchc, tmp_path: Path) -> None:
    one, other = commune(tmp_path / "a.xlsx", _5_1_2="1.012"), commune(tmp_path / "b.xlsx", _5_1_2=1012)
    status, out, _ = cchc("diff", one, other)
    assert status == 1
    before, after = out.splitlines()[-1].rpartition(": ")[2].split(" → ")
    assert before != after


def test_a_number_that_no_count_can_be_is_shown_as_people_write_it(cchc: Cchc, tmp_path: Path) -> None:
    one, other = commune(tmp_path / "a.xlsx", _1_1=1.012), commune(tmp_path / "b.xlsx", _1_1=1012)
    assert cchc("diff", one, other)[1].splitlines()[-1].endswith(": 1,012 → 1.012")


def test_the_same_figure_written_in_two_ways_is_the_same(cchc: Cchc, tmp_path: Path) -> None:
    one, other = commune(tmp_path / "a.xlsx", _1_1=2), commune(tmp_path / "b.xlsx", _1_1="02")
    assert cchc("diff", one, other)[:2] == (0, "Số liệu giống nhau.\n")


def test_folders_are_compared_by_unit_and_period_whatever_the_files_are_called(cchc: Cchc, tmp_path: Path) -> None:
    commune(tmp_path / "old" / "1.xlsx", "UBND xã A", _1_1=2)
    commune(tmp_path / "old" / "2.xlsx", "UBND xã B")
    commune(tmp_path / "old" / "3.xlsx", "UBND xã C")
    commune(tmp_path / "new" / "x.xlsx", "UBND xã A", _1_1=3)
    commune(tmp_path / "new" / "y.xlsx", "UBND xã B")
    commune(tmp_path / "new" / "z.xlsx", "UBND xã A", "2023-Q2")
    status, out, _ = cchc("diff", tmp_path / "old", tmp_path / "new")
    assert status == 1
    heading, figure, *alone = out.splitlines()
    assert heading == "1.xlsx → x.xlsx: UBND xã A · Quý I năm 2023"
    assert figure.endswith(": 2 → 3")
    assert [line.rpartition(": ")[2] for line in alone] == [
        "3.xlsx (UBND xã C · Quý I năm 2023).",
        "z.xlsx (UBND xã A · Quý II năm 2023).",
    ]


def test_two_workbooks_of_one_unit_in_a_folder_go_by_their_names(cchc: Cchc, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        commune(tmp_path / folder / "1.xlsx")
        commune(tmp_path / folder / "2.xlsx", _1_1=3 if folder == "new" else 2)
    _, out, _ = cchc("diff", tmp_path / "old", tmp_path / "new")
    assert out.splitlines()[0].startswith("2.xlsx → 2.xlsx")


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_compared(cchc: Cchc, tmp_path: Path) -> None:
    commune(tmp_path / "old" / "1.xlsx", _1_1=2)
    commune(tmp_path / "new" / "1.xlsx", _1_1=3)
    (tmp_path / "new" / "broken.xlsx").write_bytes(b"PK\x03\x04")
    status, out, err = cchc("diff", tmp_path / "old", tmp_path / "new")
    assert status == 2
    assert "2 → 3" in out
    assert "broken.xlsx" in err


def test_a_unit_is_found_whatever_the_case_its_name_is_written_in(cchc: Cchc, tmp_path: Path) -> None:
    commune(tmp_path / "old" / "1.xlsx", "UBND xã Bằng Lăng", _1_1=2)
    commune(tmp_path / "new" / "x.xlsx", "UBND XÃ  BẰNG LĂNG", _1_1=3)
    _, out, _ = cchc("diff", tmp_path / "old", tmp_path / "new")
    heading, *lines = out.splitlines()
    assert heading.startswith("1.xlsx → x.xlsx")
    assert lines[-1].endswith(": 2 → 3")


def test_what_no_unit_and_period_pairs_is_paired_by_the_file_s_name(cchc: Cchc, tmp_path: Path) -> None:
    commune(tmp_path / "old" / "1.xlsx", "UBND xã A", "2023-Q1")
    commune(tmp_path / "new" / "1.xlsx", "UBND xã A", "2023-Q2")
    _, out, _ = cchc("diff", tmp_path / "old", tmp_path / "new")
    heading, period = out.splitlines()
    assert heading.startswith("1.xlsx → 1.xlsx")
    assert period.endswith("Kỳ báo cáo: Quý I năm 2023 → Quý II năm 2023")


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), RuntimeError("a defect of ours")])
def test_a_file_that_cannot_be_opened_or_brings_out_a_defect_does_not_stop_the_others(
    error: Exception, cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, figure in (("old", 2), ("new", 3)):
        commune(tmp_path / folder / "1.xlsx", "UBND xã A")
        commune(tmp_path / folder / "2.xlsx", "UBND xã B", _1_1=figure)
    refuse_to_read(monkeypatch, lambda path: path == tmp_path / "new" / "1.xlsx", error)
    status, out, err = cchc("diff", tmp_path / "old", tmp_path / "new")
    assert status == 2
    assert "2 → 3" in out
    assert str(tmp_path / "new" / "1.xlsx") in err
    assert "Traceback" not in err
    assert "Chỉ có trong" not in out, "what could not be read is not missing"


def test_a_path_that_is_not_there_is_refused(cchc: Cchc, tmp_path: Path) -> None:
    status, _, err = cchc("diff", commune(tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    assert status == 2
    assert "Không có tệp hoặc thư mục" in err


def test_files_of_one_name_but_of_two_units_are_no_pair(cchc: Cchc, tmp_path: Path) -> None:
    commune(tmp_path / "old" / "1.xlsx", "UBND xã A")
    commune(tmp_path / "new" / "1.xlsx", "UBND xã B")
    _, out, _ = cchc("diff", tmp_path / "old", tmp_path / "new")
    assert [line.startswith("Chỉ có trong") for line in out.splitlines()] == [True, True]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_file_is_not_compared_with_a_folder(cchc: Cchc, tmp_path: Path, language: str) -> None:
    commune(tmp_path / "a.xlsx")
    status, out, err = cchc("diff", tmp_path / "a.xlsx", tmp_path, "--lang", language)
    assert (status, out) == (2, "")
    assert "→" in err


def test_findings_that_are_mended_still_there_and_new_are_told_if_asked_for(cchc: Cchc, tmp_path: Path) -> None:
    old = commune(tmp_path / "a.xlsx", "UBND xã A", _4_1=99, _5_1_1=99)
    new = commune(tmp_path / "b.xlsx", "UBND xã A", _5_1_1=99, _4_2_2=60)
    _, out, _ = cchc("diff", old, new, "--findings")
    told = {line.split()[0] + " " + code for line in out.splitlines() for code in ("L01", "L32", "L49") if code in line}
    assert told == {"Đã L01", "Còn L32", "Mới L49"}
    assert "L32" not in cchc("diff", old, new)[1]


def findings_told(cchc: Cchc, old: Path, new: Path) -> list[tuple[str, str, list[str]]]:
    """How each finding is told, its code and its rows."""
    (pair,) = json.loads(cchc("diff", old, new, "--findings", "--format", "json")[1])["pairs"]
    return [(finding["how"], finding["code"], finding["indicators"]) for finding in pair["findings"]]


def test_two_findings_of_one_code_on_one_row_are_told_apart_by_their_other_rows(cchc: Cchc, tmp_path: Path) -> None:
    blank, rate = "7.2.1.dang_cung_cap", "7.2.1"
    known = {**consistent(0), blank: None, rate: 50, "7.2.1.du_dieu_kien": 20}
    by_total = [blank, "7.2.3.dang_cung_cap", "7.2.2.dang_cung_cap"]
    by_rate = [blank, rate, "7.2.1.du_dieu_kien"]
    old, new = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path, figures in ((old, known), (new, {**known, rate: None})):
        path.write_bytes(filled(AS_SENT, figures, unit="UBND xã A", period="2023-Q1"))
    told = [finding for finding in findings_told(cchc, old, new) if finding[1] == "C04"]
    assert told == [("mended", "C04", by_rate), ("still", "C04", by_total)]


def test_a_finding_is_still_there_though_its_row_stands_on_another_line(cchc: Cchc, tmp_path: Path) -> None:
    old = commune(tmp_path / "a.xlsx", _5_1_1=99)
    book = openpyxl.load_workbook(old)
    book.worksheets[0].insert_rows(1)
    book.save(tmp_path / "b.xlsx")
    told = findings_told(cchc, old, tmp_path / "b.xlsx")
    assert [how for how, code, _ in told if code == "L32"] == ["still"]


def test_findings_are_those_of_the_edition_and_the_rules_of_each_period(cchc: Cchc, tmp_path: Path) -> None:
    def told(period: str, *options: str) -> list[str]:
        # more than half of the posts of 2015 were cut: the rule speaks of the communes of before 1 July 2025
        old = commune(tmp_path / "a.xlsx", period=period, _4_2_4=60)
        new = commune(tmp_path / "b.xlsx", period=period, _4_2_4=61)
        out = cchc("diff", old, new, "--findings", "--select", "L51", *options)[1]
        return [line.split()[0] for line in out.splitlines() if "L51" in line]

    assert told("2025-Q1") == ["Còn"]
    assert told("2026-Q1") == []
    assert told("2026-Q1", "--form", "cchc_xa_2025") == []


def test_a_warning_that_the_later_workbook_explains_is_told_as_explained(cchc: Cchc, tmp_path: Path) -> None:
    figures = {**consistent(0), "4.1": 14, "4.1.1": 14, "4.2": 41, "4.2.1": 41}
    old, new = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path, notes in ((old, {}), (new, {"4.1.1": "Xã mới nhập từ ba xã từ 01/01/2023"})):
        path.write_bytes(filled(AS_SENT, figures, unit="UBND xã A", period="2023-Q1", notes=notes))

    def told(before: Path, after: Path) -> list[str]:
        return [how for how, code, _ in findings_told(cchc, before, after) if code == "L33"]

    assert [told(old, new), told(new, new), told(new, old)] == [["explained"], ["explained"], ["still"]]
    assert "Đã giải trình L33" in cchc("diff", old, new, "--findings")[1]
