"""A figure that something speaks against is no source: nothing is written of it unasked, and nothing copied from it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from consistent import filled

from cchc_excel.checking import check
from cchc_excel.correcting import Policy, propose
from cchc_excel.correcting.apply import changes_of
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form
from cchc_excel.submission import Figure

IN_PART = {"7.2.1": 50, "7.2.1.du_dieu_kien": 70, "7.2.1.dang_cung_cap": 35}
IN_FULL = {"7.2.2": 60, "7.2.2.du_dieu_kien": 30, "7.2.2.dang_cung_cap": 18}


def found(changes: Mapping[str, Any], form: Form) -> dict[tuple[str, str], Finding]:
    submission = filled(changes)
    findings = propose(check(submission, form).findings, submission, form)
    return {(it.code, it.indicators[0]): it for it in findings if it.indicators}


def carried_out(changes: Mapping[str, Any], form: Form, policy: Policy) -> dict[str, Figure | None]:
    submission = filled(changes)
    findings = propose(check(submission, form).findings, submission, form)
    return {it.indicator: it.after for it in changes_of(findings, submission, form, policy)}


@pytest.mark.parametrize("policy", [Policy.SAFE, Policy.SUGGESTED])
def test_a_percentage_is_not_filled_from_a_total_that_the_solver_suspects(form: Form, policy: Policy) -> None:
    """18 was typed as 180 and added up so: A02 and A05 name the part alone, the solver both."""
    slipped = {**IN_PART, **IN_FULL, "7.2.2.dang_cung_cap": 180, "7.2.3.dang_cung_cap": 215}
    blank = {**slipped, "7.2.3": None, "7.2.3.da_tich_hop": 43}
    assert found(blank, form)["C03", "7.2.3"].compared_with == 20
    assert "7.2.3" not in carried_out(blank, form, policy)


def test_a_percentage_is_filled_from_a_total_of_which_nobody_doubts_a_part(form: Form) -> None:
    right = {**IN_PART, **IN_FULL, "7.2.3.dang_cung_cap": 53, "7.2.3": None, "7.2.3.da_tich_hop": 53}
    assert carried_out(right, form, Policy.SAFE) == {"7.2.3": 100}


def test_a_part_is_not_changed_to_fit_a_whole_that_adds_up_a_doubted_figure(form: Form) -> None:
    """35 typed as 350, and 18 added: all 53 were integrated, and no one integrated 368."""
    slipped = {**IN_PART, **IN_FULL, "7.2.1.dang_cung_cap": 350, "7.2.3.dang_cung_cap": 368}
    made = carried_out({**slipped, "7.2.3": 100, "7.2.3.da_tich_hop": 53}, form, Policy.SUGGESTED)
    assert "7.2.3.da_tich_hop" not in made


SETTLED = {"3.3.1.da_giai_quyet": 131, "3.3.1.dung_han": 128}
LIKEWISE = {"3.3.2": None, "3.3.2.da_giai_quyet": None, "3.3.2.dung_han": None}


def test_a_row_is_copied_from_its_twin_unless_another_finding_names_what_stands_there(form: Form) -> None:
    right = found({**SETTLED, **LIKEWISE, "3.3.1": Fraction("97.71")}, form)["C08", "3.3.2"]
    assert [change.after for change in right.ways[0].changes] == [Fraction("97.71"), 131, 128]
    wrong = found({**SETTLED, **LIKEWISE, "3.3.1": 90}, form)
    assert ("A02", "3.3.1") in wrong
    assert wrong["C08", "3.3.2"].ways == ()


# --- a blank for which the others name a figure


def test_where_two_checks_name_different_figures_for_a_blank_both_are_said_and_none_is_written(form: Form) -> None:
    blank = {**IN_PART, **IN_FULL, "7.2.3": 100, "7.2.3.dang_cung_cap": None, "7.2.3.da_tich_hop": 35}
    findings = found(blank, form)
    for code, first, second in (("C02", 53, 35), ("C04", 35, 53)):
        finding = findings[code, "7.2.3.dang_cung_cap"]
        assert [way.changes[0].after for way in finding.ways] == [first, second]
        assert [way.because.reason for way in finding.ways] == ["checks_differ", "named_elsewhere"]
        assert finding.fix is not None
        assert (finding.fix.certainty, finding.fix.evidence) == (Certainty.SUGGESTED, 0)
    assert "7.2.3.dang_cung_cap" not in carried_out(blank, form, Policy.SUGGESTED)


def test_where_two_checks_name_the_same_figure_it_is_written(form: Form) -> None:
    blank = {**IN_PART, **IN_FULL, "7.2.3": 100, "7.2.3.dang_cung_cap": None, "7.2.3.da_tich_hop": 53}
    assert carried_out(blank, form, Policy.SUGGESTED) == {"7.2.3.dang_cung_cap": 53}


def test_a_figure_that_would_break_another_check_is_not_proposed_and_the_check_is_named(form: Form) -> None:
    tasks = {"1.4.1": 30, "1.4.2": 14, "1.4.3": 8, "1.4.4": None, "1.4.4.tinh": 2, "1.4.4.huyen": 22}
    finding = found(tasks, form)["C02", "1.4.4"]
    assert finding.fix is None
    (way,) = finding.explanations
    assert (way.changes[0].after, way.because.reason, way.because.facts) == (24, "would_contradict", {"checks": "L04"})
    assert "1.4.4" not in carried_out(tasks, form, Policy.SUGGESTED)


def test_a_percentage_that_leaves_several_figures_for_a_blank_speaks_against_another_one(form: Form) -> None:
    """276 of 275 to 277 are 100 %, and not of 53."""
    blank = {**IN_PART, **IN_FULL, "7.2.3": 100, "7.2.3.dang_cung_cap": None, "7.2.3.da_tich_hop": 276}
    finding = found(blank, form)["C02", "7.2.3.dang_cung_cap"]
    assert finding.fix is None
    assert finding.explanations[0].because.facts == {"checks": "A02, A05"}


def test_a_percentage_that_no_figure_for_a_blank_would_give_speaks_against_none(form: Form) -> None:
    """No part of 45 is 45 %: the percentage is wrong, and 53 less 18 are 35."""
    total = {"7.2.3": 100, "7.2.3.dang_cung_cap": 53, "7.2.3.da_tich_hop": 53}
    blank = {**IN_FULL, **total, "7.2.1": 45, "7.2.1.du_dieu_kien": 45, "7.2.1.dang_cung_cap": None}
    assert carried_out(blank, form, Policy.SUGGESTED)["7.2.1.dang_cung_cap"] == 35


def test_a_reason_names_at_most_three_checks(form: Form) -> None:
    """6 procedures of a commune: a dozen rows below are about more."""
    (way,) = found({"3.1.4": None, "3.1.4.cap_xa": 6}, form)["C02", "3.1.4"].explanations
    assert len(str(way.because.facts["checks"]).split(", ")) == 3
