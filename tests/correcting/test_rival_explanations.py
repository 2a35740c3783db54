"""Where two mistakes explain the same figures, neither is carried out; one that a slip explains stands first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from consistent import Figures, filled, submission_of
from small_forms import findings_of, small_form

from cchc_excel.checking import check
from cchc_excel.correcting import Policy, propose
from cchc_excel.correcting.apply import changes_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import Figure, Period, Submission

RATE = ('p, kind: percent, unit: "%", part: a, whole: n', "n", "a")


def typed(rate: str, part: int, whole: int) -> Figures:
    number = Fraction(rate)
    return {"p": int(number) if number.denominator == 1 else number, "a": part, "n": whole}


def suggested(submission: Submission, form: Form) -> dict[str, Figure | None]:
    findings = propose(check(submission, form).findings, submission, form)
    return {it.indicator: it.after for it in changes_of(findings, submission, form, Policy.SUGGESTED)}


def found(changes: Mapping[str, Any], form: Form) -> dict[tuple[str, str], Finding]:
    submission = filled(changes)
    findings = propose(check(submission, form).findings, submission, form)
    return {(it.code, it.indicators[0]): it for it in findings if it.indicators}


def values(finding: Finding) -> list[list[tuple[str, object]]]:
    return [[(change.indicator, change.after) for change in way.changes] for way in finding.ways]


# --- a percentage and its components


@pytest.mark.parametrize(
    ("rate", "part", "whole", "right"),
    [
        ("15.81", 206, 215, "95.81"),  # 34 of 215 are 15,81 % as well, but nobody types 206 for 34
        ("60.03", 77, 768, "10.03"),
    ],
)
def test_one_wrong_digit_in_a_percentage_is_likelier_than_a_component_that_no_slip_explains(
    tmp_path: Path, rate: str, part: int, whole: int, right: str
) -> None:
    form = small_form(tmp_path, *RATE)
    figures = typed(rate, part, whole)
    assert findings_of(form, figures)["A02", "p"].ways[0].because.reason == "wrong_digit"
    assert suggested(submission_of(figures), form) == {"p": Fraction(right)}


@pytest.mark.parametrize(
    ("rate", "part", "whole", "why"),
    [
        ("31.4", 206, 500, "157 of 206: some part of 500 gives every second percentage with one decimal"),
        ("0", 87, 87, "0 of 87: all of all is 100 %"),
        ("66.7", 23, 33, "22 of 23: one digit explains that, and 69,7 as well"),
    ],
)
def test_a_component_that_no_slip_explains_is_not_written(
    tmp_path: Path, rate: str, part: int, whole: int, why: str
) -> None:
    assert suggested(submission_of(typed(rate, part, whole)), small_form(tmp_path, *RATE)) == {}, why


def test_a_component_is_written_where_the_percentage_points_at_one_figure_alone(tmp_path: Path) -> None:
    """Of all percentages with two decimals, some part of 215 gives one in fifty."""
    assert suggested(submission_of(typed("30.23", 206, 215)), small_form(tmp_path, *RATE)) == {"a": 65}


def test_a_digit_too_many_in_a_component_explains_what_a_moved_comma_does(tmp_path: Path) -> None:
    """95,07 % was calculated from 270 of 284, and the 284 typed as 2840."""
    form, figures = small_form(tmp_path, *RATE), typed("95.07", 270, 2840)
    assert values(findings_of(form, figures)["A02", "p"])[-1] == [("p", Fraction("9.51"))]
    assert suggested(submission_of(figures), form) == {}


def test_a_comma_was_moved_where_the_percentage_has_a_decimal_too_many(tmp_path: Path) -> None:
    assert suggested(submission_of(typed("9.507", 270, 284)), small_form(tmp_path, *RATE)) == {"p": Fraction("95.07")}


# --- rows that say the same


def test_a_row_that_says_what_its_whole_says_was_not_typed_a_row_off(form: Form) -> None:
    """All 5733 were settled on time, and 3.3.2 has another figure: nothing tells that 3.3.1 is wrong."""
    received = {"7.2.4": 10, "7.2.4.da_tiep_nhan": 6000, "7.2.4.truc_tuyen": 600}
    settled = {**received, "3.3.1": 100, "3.3.1.da_giai_quyet": 5733, "3.3.1.dung_han": 5733}
    likewise = {"3.3.2": 100, "3.3.2.da_giai_quyet": 5733, "3.3.2.dung_han": 5714}
    finding = found({**settled, **likewise}, form)["L18", "3.3.2.dung_han"]
    assert len(finding.ways) == 2
    assert "row_off" not in {way.because.reason for way in finding.ways}
    assert suggested(filled({**settled, **likewise}), form) == {}


@pytest.mark.parametrize(("total", "part"), [(1080, 108), (96, 996), (0, 36)])
def test_of_a_total_and_its_only_part_either_may_be_wrong_and_the_total_stands_first(
    tmp_path: Path, total: int, part: int
) -> None:
    form = small_form(tmp_path, "t, total_of: [a]", "a")
    finding = findings_of(form, {"t": total, "a": part})["A01", "t"]
    assert values(finding) == [[("t", part)], [("a", total)]]
    assert "only_value_left" not in {way.because.reason for way in finding.ways}
    assert suggested(submission_of({"t": total, "a": part}), form) == {}


def test_of_a_total_and_its_only_part_the_one_that_another_finding_names_stands_first(tmp_path: Path) -> None:
    cases = "holds_for: {a: 2, x: 4}, fails_for: {a: 4, x: 2}"
    few = f'code: L50, severity: warning, target: a, assert: "[a] <= [x]", {cases}'
    form = small_form(tmp_path, "t, total_of: [a]", "a", "x", checks=(few,))
    assert values(findings_of(form, {"t": 96, "a": 996, "x": 5})["A01", "t"])[0] == [("a", 96)]


def test_a_total_that_an_earlier_report_speaks_against_is_made_its_only_part(form: Form) -> None:
    """A commune is responsible for 140 procedures, as it was a quarter ago, and not for 410."""
    before, now = filled({}), replace(filled({"3.1.4": 410}), period=Period.parse("2023-H1"))
    findings = propose(check(now, form, [before]).findings, now, form)
    made = {it.indicator: it.after for it in changes_of(findings, now, form, Policy.SUGGESTED)}
    assert made == {"3.1.4": 140}


def test_a_total_is_not_added_up_again_over_a_part_with_a_digit_too_many(form: Form) -> None:
    """125 is a 12; that 127 leaves room for the tasks of 1.4.3 as well proves nothing, for any large total does."""
    tasks = {"1.4.1": 14, "1.4.1.tinh": 2, "1.4.1.huyen": 125, "1.4.2": 11, "1.4.2.tinh": 1, "1.4.2.huyen": 10}
    late = {"1.4.3": 9, "1.4.3.tinh": 0, "1.4.3.huyen": 0, "1.4.4": 0, "1.4.4.tinh": 0, "1.4.4.huyen": 0}
    assert suggested(filled({**tasks, **late}), form) == {"1.4.1.huyen": 12, "1.4.3": 0}


# --- counts with a fraction

IN_THOUSANDS: Figures = {
    "7.2.4": 56, "7.2.4.da_tiep_nhan": Fraction("3.75"), "7.2.4.truc_tuyen": Fraction("2.1"),
    "3.3.1": Fraction("97.83"), "3.3.1.da_giai_quyet": Fraction("3.68"), "3.3.1.dung_han": Fraction("3.6"),
    "3.3.2": Fraction("97.83"), "3.3.2.da_giai_quyet": Fraction("3.68"), "3.3.2.dung_han": Fraction("3.6"),
}  # fmt: skip
WHOLE: Figures = {
    "7.2.4.da_tiep_nhan": 3750, "7.2.4.truc_tuyen": 2100, "3.3.1.da_giai_quyet": 3680, "3.3.1.dung_han": 3600,
    "3.3.2.da_giai_quyet": 3680, "3.3.2.dung_han": 3600,
}  # fmt: skip


def test_counts_with_a_fraction_all_over_a_form_are_thousands_together(form: Form) -> None:
    finding = found(IN_THOUSANDS, form)["T03", "3.3.1.dung_han"]
    (way,) = finding.ways
    assert {change.indicator: change.after for change in way.changes} == WHOLE
    assert way.because.reason == "thousands_slip"
    assert suggested(filled(IN_THOUSANDS), form) == WHOLE


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"2.1": Fraction("2.5"), "1.1": Fraction("3.5")}, "no equation holds them to each other"),
        ({**IN_THOUSANDS, "2.1": Fraction("2.5")}, "one of them is held to none"),
        ({**IN_THOUSANDS, "3.3.1.dung_han": Fraction("3.6005")}, "one does not become whole"),
        ({**IN_THOUSANDS, "7.2.4.truc_tuyen": Fraction("2.2")}, "a percentage would be wrong"),
    ],
)
def test_counts_with_a_fraction_are_not_thousands_where(form: Form, changes: Mapping[str, Any], why: str) -> None:
    assert all(len(way.changes) == 1 for finding in found(changes, form).values() for way in finding.ways), why


def test_a_count_with_a_fraction_is_no_thousands_only_because_a_bound_would_hold(form: Form) -> None:
    """39,88 is the percentage of the row above: that 66 are at most 39.880 says nothing."""
    rate_in_a_count = {"7.2.4": 166, "7.2.4.da_tiep_nhan": Fraction("39.88"), "7.2.4.truc_tuyen": 66}
    assert found(rate_in_a_count, form)["T03", "7.2.4.da_tiep_nhan"].ways == ()
