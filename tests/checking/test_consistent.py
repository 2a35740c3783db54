"""A correctly filled form has no finding above info; one with a broken relation has that relation's finding."""

from __future__ import annotations

from fractions import Fraction

import pytest
from consistent import Figures, consistent, decimals_of, submission_of, whole_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cchc_excel.checking import check
from cchc_excel.finding import Finding
from cchc_excel.form import Check, Form, Scope, Severity, load_form
from cchc_excel.form.language import Record, compile_condition

FORM = load_form()
DERIVED = [one for one in FORM.checks if one.code in {"A01", "A02", "A04", "A05"} and not FORM[one.target].reported_by]
OWN = [check for check in FORM.own_checks() if check.scope is Scope.NONE]


def above_info(figures: Figures) -> list[Finding]:
    return [one for one in check(submission_of(figures), FORM).findings if one.severity is not Severity.INFO]


@settings(max_examples=2000)
@given(consistent(FORM))
def test_a_correctly_filled_form_has_no_finding_above_info(figures: Figures) -> None:
    assert above_info(figures) == []


def name_of(one: Check) -> str:
    return f"{one.code}-{one.target}"


def found(figures: Figures, form: Form = FORM) -> set[tuple[str, str]]:
    return {(one.code, one.indicators[0]) for one in check(submission_of(figures), form).findings if one.indicators}


@pytest.mark.parametrize("broken", [one for one in DERIVED if one.code == "A01"], ids=name_of)
@settings(max_examples=25)
@given(st.data())
def test_a_total_that_is_not_the_sum_of_its_parts_is_caught(broken: Check, data: st.DataObject) -> None:
    figures = data.draw(consistent(FORM))
    figures[broken.target] = whole_of(figures, broken.target) + data.draw(st.integers(1, 500))
    assert ("A01", broken.target) in found(figures)


@pytest.mark.parametrize("broken", [one for one in DERIVED if one.code == "A02"], ids=name_of)
@settings(max_examples=25)
@given(st.data())
def test_a_percentage_that_is_neither_rounded_nor_cut_off_is_caught(broken: Check, data: st.DataObject) -> None:
    figures = data.draw(consistent(FORM))
    part, whole = (whole_of(figures, broken.roles[role]) for role in ("part", "whole"))
    assume(whole)
    exact = Fraction(100 * part, whole)
    written = data.draw(st.integers(0, 100).filter(lambda it: abs(it - exact) >= 1))
    figures[broken.target] = written
    assert ("A02", broken.target) in found(figures)


@pytest.mark.parametrize("broken", [one for one in DERIVED if one.code == "A05"], ids=name_of)
@settings(max_examples=25)
@given(st.data())
def test_a_part_larger_than_its_whole_is_caught(broken: Check, data: st.DataObject) -> None:
    figures = data.draw(consistent(FORM))
    whole = whole_of(figures, broken.roles["whole"])
    figures[broken.target] = whole + data.draw(st.integers(1, 500))
    assert ("A05", broken.target) in found(figures)


@pytest.mark.parametrize("broken", OWN, ids=name_of)
@settings(max_examples=10)
@given(st.data())
def test_each_of_the_forms_own_checks_catches_its_failing_case_in_any_form(broken: Check, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(broken.fails_for))
    figures = data.draw(consistent(FORM))
    figures |= dict.fromkeys(broken.involved) | dict(case.values)
    codes = {code for code, _ in found(figures)}
    assert broken.code in codes or codes & set(broken.echo_of)


@pytest.mark.parametrize("broken", OWN, ids=name_of)
@settings(max_examples=15)
@given(st.data())
def test_a_single_figure_that_breaks_a_check_is_caught_by_that_check(broken: Check, data: st.DataObject) -> None:
    figures = data.draw(consistent(FORM))
    numbers = [key for key in broken.involved if FORM[key].kind.is_number]
    assume(numbers)
    changed = data.draw(st.sampled_from(numbers))
    figures[changed] = data.draw(st.integers(0, 5000))
    decimals = {key: decimals_of(value) for key, value in figures.items()}
    given_ones = {key: value for key, value in figures.items() if value is not None}
    holds = compile_condition(broken.condition)(Record(given_ones, decimals=decimals))
    caught = (broken.code, broken.target) in found(figures)
    assert caught == (holds is False) or bool(broken.echo_of)
