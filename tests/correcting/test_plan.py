"""`--apply suggested` carries out one plan for the whole form, one suggestion after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from consistent import filled

from cchc_excel.checking import check
from cchc_excel.correcting import Policy, propose
from cchc_excel.correcting.apply import changes_of
from cchc_excel.form import Form
from cchc_excel.submission import Figure


def carried_out(changes: Mapping[str, Any], form: Form) -> dict[str, Figure | None]:
    submission = filled(changes)
    findings = propose(check(submission, form).findings, submission, form)
    return {it.indicator: it.after for it in changes_of(findings, submission, form, Policy.SUGGESTED)}


def test_a_percentage_is_calculated_from_the_component_that_was_put_right_before_it(form: Form) -> None:
    settled = {"3.3.1.da_giai_quyet": 530, "3.3.1.dung_han": 525, "3.3.1": Fraction("99.06")}
    settled |= {"3.3.2.da_giai_quyet": 530, "3.3.2.dung_han": 552, "3.3.2": Fraction("0.9906")}
    assert carried_out(settled, form) == {"3.3.2.dung_han": 525, "3.3.2": Fraction("99.06")}


def test_a_total_that_the_submission_leaves_open_is_not_judged_while_planning(form: Form) -> None:
    submission = replace(filled({"1.4.1": 14, "1.2": 2, "1.2.1": 7, "1.2.2": 2}), open_totals=frozenset({"1.4.1"}))
    open_form = form.without_totals(submission.open_totals)
    findings = propose(check(submission, open_form).findings, submission, open_form)
    made = changes_of(findings, submission, form, Policy.SUGGESTED)
    assert [change.indicator for change in made] == ["1.2"]


def test_a_blank_is_filled_though_its_figure_shows_that_the_percentage_is_wrong(form: Form) -> None:
    truth = filled({}).values
    total = truth["7.2.3.dang_cung_cap"]
    share = Fraction(100 * int(truth["7.2.3.da_tich_hop"]), int(total))  # type: ignore[arg-type]
    moved = {"7.2.3.dang_cung_cap": None, "7.2.3": round(share * 100)}
    made = carried_out(moved, form)
    assert made["7.2.3.dang_cung_cap"] == total
    assert "7.2.3" in made


def test_a_total_is_added_up_again_where_no_slip_of_the_hand_explains_a_part(form: Form) -> None:
    tasks = {"1.4.1.tinh": 2, "1.4.1.huyen": 3, "1.4.2": 0, "1.4.3": 0, "1.4.4": 0}
    tasks |= {f"{row}.{level}": 0 for row in ("1.4.2", "1.4.3", "1.4.4") for level in ("tinh", "huyen")}
    assert carried_out({**tasks, "1.4.1": 14}, form) == {"1.4.1": 5}


def test_a_total_stays_a_suggestion_where_one_digit_explains_a_part_as_well(form: Form) -> None:
    tasks = {"1.4.1.tinh": 2, "1.4.1.huyen": 3, "1.4.2": 0, "1.4.3": 0, "1.4.4": 0}
    tasks |= {f"{row}.{level}": 0 for row in ("1.4.2", "1.4.3", "1.4.4") for level in ("tinh", "huyen")}
    assert carried_out({**tasks, "1.4.1": 6}, form) == {}


def test_a_part_is_nothing_where_the_whole_is_0_and_has_no_percentage(form: Form) -> None:
    assert carried_out({"3.4": None, "3.4.1": 0, "3.4.2": 3}, form) == {"3.4.2": 0}


def test_a_whole_of_0_is_what_its_part_and_its_percentage_say(form: Form) -> None:
    assert carried_out({"3.4": 60, "3.4.1": 0, "3.4.2": 3}, form) == {"3.4.1": 5}


def test_a_percentage_of_0_is_not_filled_in_where_one_digit_makes_the_whole_of_a_0(form: Form) -> None:
    assert carried_out({"3.4": None, "3.4.1": 4, "3.4.2": 0}, form) == {}
    assert carried_out({"1.2": None, "1.2.1": 14, "1.2.2": 0}, form) == {"1.2": 0}


def test_the_one_part_that_explains_all_is_put_right_where_no_other_total_would_do(form: Form) -> None:
    procedures = {"3.1.4": 113, "3.1.4.cap_xa": 13}
    assert carried_out(procedures, form) == {"3.1.4.cap_xa": 113}


def test_a_count_that_says_what_the_row_below_it_says_was_not_typed_in_thousands(form: Form) -> None:
    share = Fraction("75.91")
    assert carried_out({"7.1": share, "7.1.dien_tu": share}, form) == {}


def test_two_figures_that_only_keep_within_a_bound_when_exchanged_are_not_exchanged(form: Form) -> None:
    made = carried_out({"1.2": None, "1.2.1": 11, "1.2.2": 92}, form)
    assert (made.get("1.2.1"), made.get("1.2.2")) != (92, 11)


def test_a_component_is_not_changed_where_the_comma_of_a_round_percentage_may_have_moved(form: Form) -> None:
    assert carried_out({"1.2": 50, "1.2.1": 40, "1.2.2": 2}, form) == {}


def test_a_blank_is_not_filled_from_a_percentage_that_says_what_the_whole_says(form: Form) -> None:
    assert carried_out({"1.2": 41, "1.2.1": 41, "1.2.2": None}, form) == {}


def test_a_negative_figure_becomes_what_the_figures_around_it_say(form: Form) -> None:
    assert carried_out({"3.4": Fraction("66.67"), "3.4.1": -3, "3.4.2": 2}, form) == {"3.4.1": 3}
    assert carried_out({"1.1": -3}, form) == {}
