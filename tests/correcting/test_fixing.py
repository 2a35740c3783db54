"""`fix:` of a rule and of a built-in code means one thing: carried out, proposed, or only listed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from consistent import submission_of
from small_forms import findings_of, small_form

from cchc_excel.codes import Fixing
from cchc_excel.correcting import Decision, Policy
from cchc_excel.correcting.apply import changes_of, decided
from cchc_excel.errors import FormDefinitionError
from cchc_excel.finding import Allowed, Certainty, Finding
from cchc_excel.form import Form, load_form
from cchc_excel.reporting.reference import all_codes, explanation, reference
from cchc_excel.submission import Figure
from cchc_excel.wording import words

AS_MANY = 'code: L01, assert: "[a] == [b]", holds_for: {a: 2, b: 2}, fails_for: {a: 2, b: 1}'
TWELVE = 'code: L03, assert: "[a] == 12", holds_for: {a: 12}, fails_for: {a: 2}'
BLANK_FOLLOWS = (
    'code: L02, target: b, assert: "blank([b]) => blank([a])", expected: "2 * [a]", '
    "holds_for: {a: 2, b: 4}, fails_for: {a: 2}"
)


def as_many(tmp_path: Path, fix: str) -> Form:
    return small_form(tmp_path, "a", "b", checks=(f"{AS_MANY}, fix: {fix}",))


def changed(
    policy: Policy,
    form: Form,
    figures: Mapping[str, Figure | None],
    finding: Finding,
    accepted: tuple[Decision, ...] = (),
) -> dict[str, object]:
    return {it.indicator: it.after for it in changes_of([finding], submission_of(figures), form, policy, accepted)}


def test_where_nothing_may_be_proposed_the_explanations_are_listed(tmp_path: Path) -> None:
    form = as_many(tmp_path, "never")
    finding = findings_of(form, {"a": 3, "b": 5})["L01", "a"]
    assert finding.fix is None
    changes = [way.changes for way in finding.explanations]
    assert {(it.indicator, it.after) for (it,) in changes} == {("a", 5), ("b", 3)}


@pytest.mark.parametrize("policy", Policy)
def test_an_explanation_is_carried_out_by_no_policy(tmp_path: Path, policy: Policy) -> None:
    form, figures = as_many(tmp_path, "never"), {"a": 3, "b": 5}
    assert changed(policy, form, figures, findings_of(form, figures)["L01", "a"]) == {}


@pytest.mark.parametrize("policy", Policy)
def test_an_explanation_is_carried_out_where_an_officer_accepted_it(tmp_path: Path, policy: Policy) -> None:
    form, figures = as_many(tmp_path, "never"), {"a": 3, "b": 5}
    finding = findings_of(form, figures)["L01", "a"]
    assert changed(policy, form, figures, finding, (decided([("b", 3)]),)) == {"b": 3}


def test_what_may_be_proposed_is_proposed_and_carried_out_only_if_asked(tmp_path: Path) -> None:
    form, figures = small_form(tmp_path, "a", checks=(f"{TWELVE}, fix: suggest",)), {"a": 21}
    finding = findings_of(form, figures)["L03", "a"]
    assert finding.fix is not None
    assert finding.explanations == ()
    assert changed(Policy.SAFE, form, figures, finding) == {}
    assert changed(Policy.SUGGESTED, form, figures, finding) == {"a": 12}


def test_of_two_changes_that_explain_it_alike_a_person_has_to_choose(tmp_path: Path) -> None:
    form, figures = as_many(tmp_path, "suggest"), {"a": 3, "b": 5}
    finding = findings_of(form, figures)["L01", "a"]
    assert {way.changes[0].indicator for way in finding.ways} == {"a", "b"}
    assert changed(Policy.SUGGESTED, form, figures, finding) == {}


def test_a_safe_rule_carries_out_nothing_while_two_changes_explain_it(tmp_path: Path) -> None:
    form, figures = as_many(tmp_path, "safe"), {"a": 3, "b": 5}
    finding = findings_of(form, figures)["L01", "a"]
    assert finding.fix is not None
    assert finding.fix.certainty is Certainty.SUGGESTED
    assert changed(Policy.SAFE, form, figures, finding) == {}


@pytest.mark.parametrize(("fix", "filled"), [("safe", {"b": 6}), ("suggest", {}), ("never", {})])
def test_a_blank_that_a_rule_determines_is_filled_unasked_only_by_a_safe_rule(
    tmp_path: Path, fix: str, filled: dict[str, object]
) -> None:
    form = small_form(tmp_path, "a", "b, required: false", checks=(f"{BLANK_FOLLOWS}, fix: {fix}",))
    figures: dict[str, Figure | None] = {"a": 3, "b": None}
    assert changed(Policy.SAFE, form, figures, findings_of(form, figures)["L02", "b"]) == filled


def test_a_word_that_fix_does_not_know_is_refused_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(FormDefinitionError) as refused:
        as_many(tmp_path, "sometimes")
    (said,) = words("vi").mistakes(refused.value)
    assert said == "bieu/checks.yaml:2: Mục “fix” ghi “sometimes”; chỉ được ghi: safe, suggest, never."


def test_of_the_standard_form_no_rule_that_is_never_corrected_carries_a_proposal() -> None:
    form = load_form()
    never = {check.code for check in form.own_checks() if check.fix is Fixing.NEVER}
    assert len(never) >= 30
    for check in form.own_checks():
        for case in check.fails_for:
            figures: dict[str, Figure | None] = {row.id: None for row in form.entries} | dict(case.values)
            found = findings_of(form, figures)
            assert [it.code for it in found.values() if it.code in never and it.fix is not None] == []


def test_a_bound_is_no_proposal_but_says_what_would_do(tmp_path: Path) -> None:
    sums = 'code: L01, assert: "[a] + [b] <= [n]", fix: suggest, holds_for: {a: 1, b: 1, n: 2}, '
    sums += "fails_for: {a: 1, b: 2, n: 2}"
    form = small_form(tmp_path, "p, kind: percent", "a", "b", "n", checks=(sums,))
    found = findings_of(form, {"p": 1000, "a": 7, "b": 6, "n": 9}) | findings_of(form, {"a": -3})
    allowed = {code: it.allowed for (code, _), it in found.items() if it.code in {"T04", "T05", "L01"}}
    assert allowed == {"T05": Allowed("<=", 100), "L01": Allowed("<=", 9), "T04": Allowed(">=", 0)}
    for finding in found.values():
        if finding.allowed:
            assert finding.ways == ()


def test_a_figure_that_an_equation_names_is_a_value_for_the_bound_that_it_breaks_too(tmp_path: Path) -> None:
    rate = "p, kind: percent, part: a, whole: n"
    bound = 'code: L01, assert: "[b] <= [a]", fix: suggest, holds_for: {a: 1, b: 1}, fails_for: {a: 1, b: 2}'
    form = small_form(tmp_path, rate, "a", "n", "b", checks=(bound,))
    finding = findings_of(form, {"p": Fraction("73.04"), "a": 8, "n": 115, "b": 20})["L01", "b"]
    assert [(it.indicator, it.after) for way in finding.ways for it in way.changes] == [("a", 84)]


@pytest.mark.parametrize("code", ["T01", "A01", "L04", "S01"])
def test_the_page_of_a_code_says_how_far_it_is_corrected(code: str) -> None:
    form = load_form()
    for language in ("vi", "en"):
        sentence = words(language).word("fixing", form.fixing_of(code))
        assert sentence.endswith(".")
        assert sentence in explanation(code, form, words(language))


def test_the_reference_says_it_of_every_code() -> None:
    form = load_form()
    assert reference(form, words("vi")).count("**Việc sửa**") == len(all_codes(form))
