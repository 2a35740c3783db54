"""What is proposed for a finding: the likeliest single change first, and nothing unasked that could be wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from consistent import Figures, consistent, consistent_figures, filled, submission_of
from hypothesis import given, settings
from hypothesis import strategies as st
from small_forms import findings_of, small_form

from cchc_excel.checking import check
from cchc_excel.correcting import propose
from cchc_excel.finding import Allowed, Certainty, Finding
from cchc_excel.form import load_form
from cchc_excel.submission import Submission

FORM = load_form()


def plain_figures() -> Figures:
    """A consistent form, always the same: the middle of every range."""
    return consistent_figures(lambda low, high: (low + high) // 2, FORM)


def proposals(submission: Submission) -> dict[tuple[str, str], Finding]:
    findings = propose(check(submission, FORM).findings, submission, FORM)
    return {(one.code, one.indicators[0]): one for one in findings if one.indicators}


def ways(finding: Finding) -> list[tuple[str, object]]:
    return [(change.indicator, change.after) for way in finding.ways for change in way.changes]


def padded(submission: Submission, *keys: str) -> Submission:
    """The same figures typed with a leading zero: `02`."""
    entries = dict(submission.entries)
    for key in keys:
        entries[key] = entries[key]._replace(raw=f"0{entries[key].value}")
    return replace(submission, entries=entries)


def test_a_count_typed_with_its_padding_into_the_percentage_is_recomputed() -> None:
    submission = padded(filled({"1.2": 2, "1.2.1": 7, "1.2.2": 2}), "1.2", "1.2.2")
    fix = proposals(submission)["A02", "1.2"].fix
    assert fix is not None
    assert (fix.changes[0].after, fix.certainty, fix.because.reason) == (
        Fraction("28.57"),
        Certainty.RECOMPUTED,
        "part_typed",
    )


def test_the_same_figures_without_that_proof_are_only_suggested() -> None:
    fix = proposals(filled({"1.2": 2, "1.2.1": 7, "1.2.2": 2}))["A02", "1.2"].fix
    assert fix is not None
    assert (fix.changes[0].after, fix.certainty) == (Fraction("28.57"), Certainty.SUGGESTED)


def test_a_blank_total_and_a_blank_percentage_are_deduced() -> None:
    submission = filled({"1.4.1": None, "1.2": None, "1.2.1": 8, "1.2.2": 2})
    found = proposals(submission)
    total = found["C02", "1.4.1"].fix
    rate = found["C03", "1.2"].fix
    assert total is not None
    assert rate is not None
    assert (total.changes[0].after, total.certainty) == (found["C02", "1.4.1"].compared_with, Certainty.DEDUCED)
    assert (rate.changes[0].after, rate.certainty) == (25, Certainty.DEDUCED)


def test_a_blank_percentage_is_not_deduced_from_components_that_contradict_each_other() -> None:
    fix = proposals(filled({"1.2": None, "1.2.1": 2, "1.2.2": 8}))["A05", "1.2.2"].fix
    rate = proposals(filled({"1.2": None, "1.2.1": 2, "1.2.2": 8}))["C03", "1.2"].fix
    assert fix is None or fix.certainty is Certainty.SUGGESTED
    assert rate is None or rate.certainty is Certainty.SUGGESTED


def test_a_blank_count_is_never_filled_unasked() -> None:
    submission = filled({"7.2.4": 100, "7.2.4.da_tiep_nhan": 104, "7.2.4.truc_tuyen": None})
    fix = proposals(submission)["C04", "7.2.4.truc_tuyen"].fix
    assert fix is not None
    assert (fix.changes[0].after, fix.certainty) == (104, Certainty.SUGGESTED)


def test_the_change_that_clears_several_findings_stands_first() -> None:
    submission = filled(
        {
            "3.1.4": 108,
            "3.1.4.cap_xa": 108,
            "7.2.1.du_dieu_kien": 84,
            "7.2.1.dang_cung_cap": 84,
            "7.2.1.phat_sinh": 84,
            "7.2.1": 100,
            "7.2.2.du_dieu_kien": 20,
            "7.2.2.dang_cung_cap": 20,
            "7.2.2.phat_sinh": 20,
            "7.2.2": 100,
            "7.2.4": 100,
            "7.2.4.da_tiep_nhan": 104,
            "7.2.4.truc_tuyen": 20,
            "3.3.1.da_giai_quyet": 104,
            "3.3.1.dung_han": 104,
            "3.3.1": 100,
            "3.3.2.da_giai_quyet": 104,
            "3.3.2.dung_han": 104,
            "3.3.2": 100,
        }
    )
    finding = proposals(submission)["A02", "7.2.4"]
    assert ways(finding) == [("7.2.4.truc_tuyen", 104), ("7.2.4", Fraction("19.23"))]
    assert finding.fix is not None
    assert finding.fix.because.reason == "clears_several"


def test_of_shares_over_a_hundred_nothing_says_which_is_wrong() -> None:
    figures = plain_figures() | {"7.1": 50, "7.1.dien_tu": 100, "7.1.dien_tu_va_giay": 10}
    finding = proposals(submission_of(figures))["L10", "7.1.dien_tu"]
    assert (finding.ways, finding.allowed) == ((), Allowed("<=", 100))


def test_a_figure_is_filled_or_recomputed_unasked_only_from_figures_that_nothing_else_names() -> None:
    slipped = {"3.3.1": 9, "3.3.1.da_giai_quyet": 90, "3.3.1.dung_han": 9, "3.3.2.dung_han": 9}
    quiet = plain_figures() | slipped | {"3.3.2.da_giai_quyet": 90, "3.3.2": 10, "7.2.4.da_tiep_nhan": 90}
    for doubted, certainty in (({}, Certainty.RECOMPUTED), ({"3.3.2.da_giai_quyet": 9}, Certainty.SUGGESTED)):
        submission = padded(submission_of(quiet | doubted), "3.3.1", "3.3.1.dung_han")
        fix = proposals(submission)["A02", "3.3.1"].fix
        assert fix is not None
        assert fix.certainty is certainty


def test_a_blank_percentage_of_a_part_that_a_warning_names_is_not_filled_unasked() -> None:
    fix = proposals(submission_of(plain_figures() | {"3.3.2": None, "3.3.2.da_giai_quyet": 900}))["C03", "3.3.2"].fix
    assert fix is not None
    assert fix.certainty is Certainty.SUGGESTED  # L17 names 3.3.2.da_giai_quyet


def test_a_percentage_with_decimals_was_calculated_so_a_component_is_wrong() -> None:
    figures = plain_figures() | {"2.2": 9, "2.2.1": Fraction("33.33"), "2.2.1.can_xu_ly": 3, "2.2.1.da_xu_ly": 0}
    finding = proposals(submission_of(figures))["A02", "2.2.1"]
    assert ways(finding) == [("2.2.1.da_xu_ly", 1), ("2.2.1", 0)]


def test_a_blank_follows_from_the_others_through_two_equations() -> None:
    figures = plain_figures() | {"4.1": None, "4.1.1": None}
    cadres = int(figures["5.1.1"]) - int(figures["4.2.1"])  # type: ignore[arg-type]
    found = proposals(submission_of(figures))
    assert ways(found["C01", "4.1.1"]) == [("4.1.1", cadres)]
    assert ways(found["C01", "4.1"]) == [("4.1", cadres)]


def test_a_count_that_lost_its_closing_zeros_is_a_thousand_times_as_much_where_something_else_says_so() -> None:
    figures = plain_figures() | {"7.2.4": 56, "7.2.4.truc_tuyen": 1137, "7.2.4.da_tiep_nhan": Fraction("2.04")}
    assert ways(proposals(submission_of(figures))["T03", "7.2.4.da_tiep_nhan"]) == [("7.2.4.da_tiep_nhan", 2040)]
    assert proposals(submission_of(plain_figures() | {"2.1": Fraction("2.5")}))["T03", "2.1"].ways == ()


def test_a_count_with_a_fraction_is_told_once_with_the_whole_number_that_its_percentage_names() -> None:
    rate_in_a_count: Figures = {"3.4": 50, "3.4.1": 4, "3.4.2": Fraction("12.5")}
    found = proposals(submission_of(plain_figures() | rate_in_a_count))
    assert {place: ways(finding) for place, finding in found.items()} == {("T03", "3.4.2"): [("3.4.2", 2)]}


@settings(max_examples=150)
@given(consistent(FORM), st.data())
def test_a_suggested_change_breaks_no_check_that_held(figures: Figures, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([row.id for row in FORM.entries if row.kind.is_number and not row.reported_by]))
    figures[key] = data.draw(st.none() | st.integers(0, 3000))
    submission = submission_of(figures)
    before = {(one.code, one.indicators[0]) for one in check(submission, FORM).findings if one.indicators}
    for finding in proposals(submission).values():
        if finding.code in {"C02", "C03", "C04"}:
            continue
        for way in finding.ways:
            changes: Figures = {change.indicator: change.after for change in way.changes}
            mended = check(submission_of(figures | changes), FORM).findings
            left = {(one.code, one.indicators[0]) for one in mended if one.indicators and one.severity != "info"}
            assert (finding.code, finding.indicators[0]) not in left
            assert left <= before


def test_a_comma_moved_below_a_hundred_is_only_suggested_since_a_digit_too_many_in_the_whole_looks_the_same() -> None:
    submission = filled({"7.2.4": Fraction("61.3"), "7.2.4.truc_tuyen": 1647, "7.2.4.da_tiep_nhan": 26877})
    fix = proposals(submission)["A02", "7.2.4"].fix
    assert fix is not None
    assert fix.certainty is Certainty.SUGGESTED


def test_a_percentage_blank_over_no_cases_is_only_suggested_since_the_whole_may_be_none() -> None:
    submission = filled({"3.4": None, "3.4.1": 4, "3.4.2": 0})
    fix = proposals(submission)["C03", "3.4"].fix
    assert fix is not None
    assert (fix.changes[0].after, fix.certainty) == (0, Certainty.SUGGESTED)


@pytest.mark.parametrize(
    ("condition", "figures", "reasons"),
    [
        ("[b] <= [a]", {"a": 2, "b": 10}, {}),
        ("[b] <= [a]", {"a": 0, "b": 10}, {}),
        ("2*[b] <= [a]", {"a": 1, "b": 3}, {}),
        ("[b] == [a]", {"a": 2, "b": 10}, {2: "only_value_left", 10: "only_value_left"}),
    ],
)
def test_an_equation_names_a_value_for_each_side_and_a_bound_none(
    tmp_path: Path, condition: str, figures: Figures, reasons: dict[object, str]
) -> None:
    holds = "{a: 2, b: 2}" if "==" in condition else "{a: 4, b: 2}"
    cases = f"holds_for: {holds}, fails_for: {{a: 2, b: 4}}"
    rule = f'code: L50, severity: error, target: b, assert: "{condition}", {cases}'
    finding = findings_of(small_form(tmp_path, "a", "x, unit: Việc", "b", checks=(rule,)), figures)["L50", "b"]
    assert {way.changes[0].after: way.because.reason for way in finding.ways} == reasons
