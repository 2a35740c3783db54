"""Figures of two neighbouring rows that were swapped: one proposal of two cells, accepted, kept and undone as one."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from consistent import Figures, submission_of
from places import EXAMPLES
from small_forms import findings_of, small_form

from cchc_excel.checking import check
from cchc_excel.commands.kept_examinations import as_plain, of_plain
from cchc_excel.correcting import Policy, propose
from cchc_excel.correcting.apply import changes_of, decided
from cchc_excel.finding import Certainty, EntryChange
from cchc_excel.form import Form, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine

SWAPPED = EXAMPLES / "huyen_vi_du" / "nop" / "BC CCHC xa Ngoc Luong.xlsx"
"""Its 118 dossiers settled and 113 settled in time were typed the other way round, in D54 and D55."""

RATE = ('p, kind: percent, unit: "%", part: a, whole: n', "n", "a")
AS_TYPED: Figures = {"p": Fraction("95.76"), "n": 113, "a": 118}


def swaps(form: Form, figures: Figures) -> set[tuple[str, ...]]:
    ways = (way for finding in findings_of(form, figures).values() for way in finding.ways)
    return {tuple(change.indicator for change in way.changes) for way in ways if len(way.changes) > 1}


def test_a_swap_is_one_proposal_of_two_cells(tmp_path: Path) -> None:
    found = findings_of(small_form(tmp_path, *RATE), AS_TYPED)
    for finding in (found["A02", "p"], found["A05", "a"]):
        assert finding.fix is not None
        assert finding.fix.changes == (EntryChange("n", 113, 118), EntryChange("a", 118, 113))
        assert (finding.fix.because.reason, finding.fix.certainty) == ("neighbours_swapped", Certainty.SUGGESTED)


def test_a_swap_that_makes_an_equation_hold_stands_before_a_figure_that_nothing_else_names(tmp_path: Path) -> None:
    finding = findings_of(small_form(tmp_path, *RATE), {"p": 50, "n": 2, "a": 4})["A02", "p"]
    assert [[it.indicator for it in way.changes] for way in finding.ways] == [["n", "a"], ["a"], ["n"]]


def test_a_swap_is_carried_out_where_no_slip_explains_another_figure(tmp_path: Path) -> None:
    """30 are 4 and 26; that the 4 should be 56 is what any total over wrong parts would have to be."""
    form = small_form(tmp_path, "t, total_of: [a, b]", "a", "b")
    assert suggested(form, {"t": 4, "a": 30, "b": 26}) == {"t": 30, "a": 4}


def test_neither_a_swap_nor_a_figure_that_a_slip_explains_as_well_is_carried_out(tmp_path: Path) -> None:
    """25 of 36 are 69 %, and so are 36 of 52, which somebody may have typed as 25."""
    form = small_form(tmp_path, *RATE)
    figures: Figures = {"p": 69, "n": 25, "a": 36}
    first, second = findings_of(form, figures)["A02", "p"].ways[:2]
    assert first.changes == (EntryChange("n", 25, 36), EntryChange("a", 36, 25))
    assert second.changes == (EntryChange("n", 25, 52),)
    assert suggested(form, figures) == {}


def test_a_figure_that_alone_clears_as_much_stands_before_the_swap_that_it_is_half_of(tmp_path: Path) -> None:
    used = 'code: L50, target: u, assert: "[u] <= [a]", holds_for: {u: 1, a: 2}, fails_for: {u: 2, a: 1}'
    form = small_form(tmp_path, *RATE, "u", checks=(used,))
    finding = findings_of(form, {"p": 95, "n": 65, "a": 15, "u": 62})["A02", "p"]
    assert [[it.indicator for it in way.changes] for way in finding.ways][:2] == [["a"], ["a", "u"]]


def suggested(form: Form, figures: Figures) -> dict[str, object]:
    submission = submission_of(figures)
    findings = propose(check(submission, form).findings, submission, form)
    return {it.indicator: it.after for it in changes_of(findings, submission, form, Policy.SUGGESTED)}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((RATE[0], "n", "x", "a"), "a row stands between them"),
        ((RATE[0], "n, unit: Việc", "a"), "another unit"),
        ((RATE[0], "n, kind: money", "a"), "another kind"),
        ((*RATE, "b, total_of: [a]"), "the total of the one would fail"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_figures_are_not_exchanged_where(tmp_path: Path, rows: tuple[str, ...], why: str) -> None:
    assert swaps(small_form(tmp_path, *rows), AS_TYPED | {"x": 5, "b": 118}) == set(), why


def test_a_swap_is_carried_out_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    form, submission = small_form(tmp_path, *RATE), submission_of(AS_TYPED)
    findings = propose(check(submission, form).findings, submission, form)

    def carried_out(policy: Policy, **decisions: Any) -> dict[str, object]:
        return {it.indicator: it.after for it in changes_of(findings, submission, form, policy, **decisions)}

    swap, half = decided([("n", 118), ("a", 113)]), decided([("n", 118)])
    assert carried_out(Policy.SAFE) == {}
    assert carried_out(Policy.SUGGESTED) == {"n": 118, "a": 113}
    assert carried_out(Policy.NONE, accepted=[swap]) == {"n": 118, "a": 113}
    assert carried_out(Policy.SUGGESTED, rejected=[swap]) != {"n": 118, "a": 113}
    assert carried_out(Policy.NONE, accepted=[decided([("a", 113)])]) == {}  # the bound of A05 is no way
    assert carried_out(Policy.SUGGESTED, rejected=[half]) == {"n": 118, "a": 113}


def test_a_swap_of_a_cell_with_a_formula_is_not_made(cchc: Cchc, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SWAPPED)
    book.worksheets[0]["D54"].value = "=110+3"
    book.save(tmp_path / "a.xlsx")
    cchc("correct", tmp_path / "a.xlsx", "-o", tmp_path / "ra", "--apply", "suggested")
    assert figures(tmp_path / "ra" / "a.xlsx")["3.3.1.dung_han"] == 118


def figures(path: Path) -> dict[str, object]:
    submission = examine(Source(path.name, path.read_bytes()), load_form()).submission
    assert submission is not None
    return dict(submission.values)


def pair(path: Path) -> tuple[object, object]:
    found = figures(path)
    return found["3.3.1.da_giai_quyet"], found["3.3.1.dung_han"]


def rows(path: Path) -> list[list[Any]]:
    """The rows of the findings sheet about both cells."""
    sheet = openpyxl.load_workbook(path)["Phát hiện"]
    return [
        [cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_col=11) if row[3].value == "D54; D55"
    ]


def mark(path: Path, text: str) -> Path:
    book = openpyxl.load_workbook(path)
    for row in book["Phát hiện"].iter_rows(min_row=6):
        if row[3].value == "D54; D55":
            row[10].value = text
            break
    book.save(path)
    return path


@pytest.fixture
def copy(cchc: Cchc, tmp_path: Path) -> Path:
    """The copy in which nothing was decided yet."""
    cchc("correct", SWAPPED, "-o", tmp_path / "1")
    return tmp_path / "1" / SWAPPED.name


def test_it_stands_in_one_row_of_the_findings_sheet_with_both_cells_and_figures(copy: Path) -> None:
    assert pair(copy) == (113, 118)
    for row in rows(copy):
        assert [row[4], row[6]] == ["113; 118", "118; 113"]
        assert row[9].startswith("Có lẽ số liệu của hai dòng liền nhau đã bị ghi đổi chỗ.")
    assert {row[7] for row in rows(copy)} == {"Đề xuất"}


def test_one_decision_accepts_both_and_one_undoes_both(cchc: Cchc, copy: Path, tmp_path: Path) -> None:
    mark(copy, "nhận")
    _, _, err = cchc("correct", SWAPPED, "-o", tmp_path / "2", "--decisions", copy)
    accepted = tmp_path / "2" / SWAPPED.name
    assert pair(accepted) == (118, 113), err
    assert {row[7] for row in rows(accepted)} == {"Đã sửa theo quyết định"}

    cchc("correct", accepted, "-o", tmp_path / "3")
    kept = tmp_path / "3" / SWAPPED.name
    (row,) = rows(kept)
    assert ([row[4], row[6]], row[7]) == (["113; 118", "118; 113"], "Đã sửa lần trước theo quyết định")

    mark(kept, "bỏ")
    cchc("correct", kept, "-o", tmp_path / "4", "--decisions", kept)
    undone = tmp_path / "4" / SWAPPED.name
    assert pair(undone) == (113, 118)
    assert "Đã trả lại như trước khi sửa" in {row[7] for row in rows(undone)}


def test_one_decision_rejects_both_and_leaves_the_single_changes_open(cchc: Cchc, copy: Path, tmp_path: Path) -> None:
    mark(copy, "bỏ")
    cchc("correct", SWAPPED, "-o", tmp_path / "2", "--decisions", copy, "--apply", "suggested")
    assert pair(tmp_path / "2" / SWAPPED.name) == (113, 118)
    assert {row[7] for row in rows(tmp_path / "2" / SWAPPED.name)} == {"Giữ nguyên theo quyết định"}


def test_a_mark_whose_figures_were_typed_over_by_somebody_is_told(cchc: Cchc, copy: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(mark(copy, "nhận"))
    sheet = book["Phát hiện"]
    cell = next(row[6] for row in sheet.iter_rows(min_row=6) if row[3].value == "D54; D55")
    cell.value = "118"
    book.save(copy)
    _, _, err = cchc("correct", SWAPPED, "-o", tmp_path / "2", "--decisions", copy)
    assert "không áp dụng" in err
    assert pair(tmp_path / "2" / SWAPPED.name) == (113, 118)


def test_a_program_gets_both_changes_with_their_cells(cchc: Cchc) -> None:
    _, out, _ = cchc("validate", SWAPPED, "--format", "json", "--select", "A02")
    (finding,) = json.loads(out)["workbooks"][0]["findings"]
    assert finding["fix"]["changes"] == [
        {"indicator": "3.3.1.da_giai_quyet", "cell": finding["cells"][2], "before": 113, "after": 118},
        {"indicator": "3.3.1.dung_han", "cell": finding["cells"][1], "before": 118, "after": 113},
    ]


def test_the_terminal_names_both_rows(cchc: Cchc) -> None:
    _, out, _ = cchc("validate", SWAPPED, "--select", "A02")
    said = " ".join(out.split())
    both = "ghi 118 vào ô D54 (3.3.1 Tổng số hồ sơ TTHC đã giải quyết xong), ghi 113 vào ô D55 (3.3.1 Số hồ sơ TTHC"
    assert both in said
    assert "có lẽ số liệu của hai dòng liền nhau đã bị ghi đổi chỗ" in said


def test_it_is_kept_for_a_run_that_goes_on(tmp_path: Path) -> None:
    finding = findings_of(small_form(tmp_path, *RATE), AS_TYPED)["A02", "p"]
    assert of_plain(as_plain(finding)) == finding
