"""Beside a finding stands what is true of its cell: what it holds, what that was compared with, what is proposed."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from places import EXAMPLES, TYPED

from cchc_excel.finding import Finding
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.wording import words
from cchc_excel.wording.beside import compared, places_of, proposed, put_down, written, written_shown

FORM, VI = load_form(), words("vi")
SENT = EXAMPLES / "huyen_vi_du" / "nop"
SWAPPED = SENT / "BC CCHC xa Ngoc Luong.xlsx"
SLIPS = (
    "part_typed", "whole_typed", "fraction_typed", "decimal_slip", "thousands_slip", "swapped_digits", "extra_digit",
    "missing_digit", "wrong_digit", "neighbours_swapped", "row_off", "previous_value",
)  # fmt: skip


def examined(path: Path) -> Examination:
    return examine(Source(path.name, path.read_bytes()), FORM)


def found(path: Path, code: str, indicator: str) -> Finding:
    (one,) = [it for it in examined(path).findings if (it.code, it.indicators[:1]) == (code, (indicator,))]
    return one


@pytest.mark.parametrize(
    ("path", "code", "indicator", "stands", "against"),
    [
        (TYPED, "L10", "7.1.dien_tu", "100", "110 so với 100"),  # the sum is 110, the cell holds 100
        (TYPED, "A02", "1.2", "2", "28,57"),
        (TYPED, "C02", "1.4.2", "(để trống)", "2"),
        (TYPED, "L11", "7.2.4.truc_tuyen", "20", "≥ 104"),
        (TYPED, "T15", "1.5.2", "0", ""),
        (SWAPPED, "A05", "3.3.1.dung_han", "118", "≤ 113"),
        (SWAPPED, "L17", "3.3.2.da_giai_quyet", "118", "113"),
        (SWAPPED, "A02", "3.3.1", "95,76", "104,42"),
        (SENT / "thach ban bieu thong ke.xlsx", "T17", "7.1", "1,012", ""),
    ],
)
def test_beside_a_finding_stands_what_its_cell_holds_and_what_that_was_compared_with(
    path: Path, code: str, indicator: str, stands: str, against: str
) -> None:
    finding = found(path, code, indicator)
    assert (written_shown(finding, VI), compared(finding, VI)) == (stands, against)


@pytest.mark.parametrize("path", sorted(SENT.glob("*.xlsx")), ids=lambda path: path.name)
def test_what_is_said_to_be_written_is_what_the_cell_holds(path: Path) -> None:
    examination = examined(path)
    entries = examination.submission.entries if examination.submission else {}
    for finding in examination.findings:
        entry = entries.get(finding.indicators[0]) if finding.indicators and finding.cells else None
        if entry is not None and entry.cell == finding.cells[0] and finding.observed is not None:
            assert written(finding) in {entry.value, entry.raw, str(entry.raw)}, finding


def test_a_figure_of_an_earlier_period_and_of_the_other_units_is_what_it_was_compared_with() -> None:
    earlier = Finding("P01", FORM.severity_of("P01"), ("1.2.2",), observed=3, facts={"before": 5, "period": "2023-Q1"})
    others = Finding("U02", FORM.severity_of("U02"), ("1.2",), observed=3, facts={"middle": Fraction(95), "units": 9})
    assert (compared(earlier, VI), compared(others, VI)) == ("5", "95")


def test_a_proposal_is_for_its_own_cells_and_a_swap_is_one_proposal_of_two() -> None:
    examination, finding = examined(SWAPPED), found(SWAPPED, "L17", "3.3.2.da_giai_quyet")
    cells = places_of(examination.submission)
    assert proposed(finding.ways[0], finding, cells, VI) == ("D54 = 118", "D55 = 113")
    said = put_down(finding.ways[0], finding, FORM, cells, VI)
    assert said == (
        "ghi 118 vào ô D54 (3.3.1 Tổng số hồ sơ TTHC đã giải quyết xong), "
        "ghi 113 vào ô D55 (3.3.1 Số hồ sơ TTHC giải quyết đúng hạn)"
    )


def test_a_proposal_for_the_cell_itself_names_no_other() -> None:
    finding = found(TYPED, "A02", "1.2")
    assert proposed(finding.ways[0], finding, {}, VI) == ("28,57",)
    assert put_down(finding.ways[0], finding, FORM, {}, VI) == "ghi 28,57"
    blank = found(TYPED, "T15", "1.5.2")
    assert put_down(blank.ways[0], blank, FORM, {}, VI) == "để trống ô này"


# --- the register


def test_a_slip_is_a_supposition_and_no_order() -> None:
    reasons = VI.texts["because"]
    assert [name for name in SLIPS if not str(reasons[name]).startswith("có lẽ ")] == []
    assert [name for name in SLIPS if " may have been " not in reason_in_english(name) and " may have " not in
            reason_in_english(name)] == []  # fmt: skip


def reason_in_english(name: str) -> str:
    return str(words("en").texts["because"][name])


NOT_SAID = (
    "Phải là", "Nên là", "mức giữa", "xong đúng hạn", "xong quá hạn", "chưa xong", ' thông tin"', '"Thông tin"',
    "Biểu đã nhất quán", "xin nêu", "Xin ",
)  # fmt: skip


@pytest.mark.parametrize("path", ["cchc_excel/wording/vi.yaml", "cchc_excel/wording/form.yaml",
                                  "rules/cchc_xa_quy/checks.yaml"])  # fmt: skip
def test_words_that_the_form_does_not_use_are_used_nowhere(path: str) -> None:
    text = (Path(__file__).parents[2] / path).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.strip().startswith(("#", "after_once"))]
    assert [line.strip() for line in lines if any(word in line for word in NOT_SAID)] == []


def test_a_sentence_of_a_rule_is_whole() -> None:
    for check in FORM.own_checks():
        for name in ("what", "why", "do"):
            said = check.texts[name]["vi"]
            assert re.fullmatch(r"[A-ZÀ-ỸĐ0-9“].*[.?]", said), (check.code, name, said)
