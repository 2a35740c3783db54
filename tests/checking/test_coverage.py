"""Which single mistakes a form's checks catch, entry by entry."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from command_line import Cchc
from communes import AS_SENT, arrived, consistent
from consistent import submission_of
from small_forms import small_form

from cchc_excel.checking.coverage import coverage
from cchc_excel.reporting.coverage import coverage_lines
from cchc_excel.wording import words
from cchc_excel.workbook_form.filled import filled


def test_an_entry_is_covered_as_far_as_some_check_tells_a_mistake_in_it(tmp_path: Path) -> None:
    form = small_form(tmp_path, "t, total_of: [a, b]", "a", "b", "free")
    covered = {it.indicator: it for it in coverage(submission_of({"t": 12, "a": 5, "b": 7, "free": 12}), form)}
    assert {covered["t"].share, covered["a"].share} == {Fraction(1)}
    assert {it.mistake: it.codes for it in covered["free"].tried} == {
        **dict.fromkeys(("times_ten", "one_more", "one_less", "zero", "extra_digit", "missing_digit"), ()),
        "swapped_digits": (),
        "blank": ("C01",),
    }
    assert {it.mistake: it.codes for it in covered["a"].tried}["one_more"] == ("A01",)


def test_a_mistake_that_changes_nothing_is_not_tried(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a")
    (covered,) = coverage(submission_of({"a": 11}), form)
    assert "swapped_digits" not in {it.mistake for it in covered.tried}


def test_a_slip_in_a_figure_below_0_keeps_its_sign(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, negative: true")
    (covered,) = coverage(submission_of({"a": -12}), form)
    figures = {it.mistake: it.figure for it in covered.tried}
    assert [figures[slip] for slip in ("extra_digit", "missing_digit", "swapped_digits")] == [-127, -2, -21]


def test_the_map_is_printed_and_written_as_a_page(cchc: Cchc, tmp_path: Path) -> None:
    workbook, page = tmp_path / "a.xlsx", tmp_path / "map.html"
    workbook.write_bytes(arrived("a.xlsx", consistent(0), "UBND xã A").source.data)
    status, out, _ = cchc("form", "coverage", workbook)
    assert status == 0
    lines = out.splitlines()
    assert "1.1 " in lines[0]
    assert lines[-1].startswith("Phát hiện ")
    assert cchc("form", "coverage", workbook, "-o", page, "--lang", "en")[0] == 0
    text = page.read_text("utf-8")
    assert "Mistakes not caught" in text
    assert text.count("<tr style=") > 60
    assert text.count("<td style=") > 8 * 60  # a cell for each row and each kind of mistake
    assert "<script" not in text
    assert "http" not in text


def test_a_workbook_that_cannot_be_read_is_refused(cchc: Cchc, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    status, _, err = cchc("form", "coverage", tmp_path / "a.xlsx")
    assert (status, "→" in err) == (2, True)


def test_a_row_in_which_no_check_catches_a_mistake_is_named(tmp_path: Path) -> None:
    form = small_form(tmp_path, "t, total_of: [a, b]", "a", "b", "free")
    covered = coverage(submission_of({"t": 12, "a": 5, "b": 7, "free": 12}), form)
    assert [row.indicator for row in covered if row.has_no_check] == ["free"]
    (line,) = list(coverage_lines(covered, form, words("vi")))[-2:-1]
    assert line.startswith("Trong riêng một biểu, không quy tắc nào phát hiện được")
    assert "“Số hồ sơ loại free”" in line


def test_rows_of_which_something_is_told_already_are_named_and_not_said_to_have_no_check(tmp_path: Path) -> None:
    form = small_form(tmp_path, "t, total_of: [a, b]", "a", "b", "c")
    covered = coverage(submission_of({"t": 13, "a": 5, "b": 7, "c": 1}), form)
    assert [row.indicator for row in covered if row.is_told_of] == ["t", "a", "b"]
    assert [row.indicator for row in covered if row.has_no_check] == ["c"]
    (line,) = [line for line in coverage_lines(covered, form, words("en")) if "already, about" in line]
    assert "“Số hồ sơ loại a”" in line


def test_the_checks_are_those_of_the_edition_and_the_rules_of_the_period(cchc: Cchc, tmp_path: Path) -> None:
    workbook = tmp_path / "a.xlsx"
    workbook.write_bytes(filled(AS_SENT, {**consistent(0), "4.2.1": 9}, unit="UBND xã A", period="2026-Q1"))
    told = [cchc("form", "coverage", workbook, *options)[1] for options in ((), ("--form", "cchc_xa_2025"))]
    assert told[0] == told[1]
    found = json.loads(cchc("form", "coverage", workbook, "--format", "json")[1])
    assert found["form"] == "cchc_xa_2025"
    codes = {code for row in found["rows"] for tried in row["mistakes"] for code in tried["codes"]}
    assert not codes & {"L33", "L43"}
