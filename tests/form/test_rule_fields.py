"""What a rule and a row may declare: several rows, two bounds, blanks by side, limits below, figures that are sure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from consistent import submission_of
from small_forms import findings_of, small_form

from cchc_excel.checking import check
from cchc_excel.correcting.locate import deduced, located
from cchc_excel.errors import FormDefinitionError
from cchc_excel.form import Form, Severity
from cchc_excel.submission import Figure
from cchc_excel.wording import words


def told(form: Form, **figures: Figure | None) -> dict[tuple[str, str], Severity]:
    submission = submission_of({row.id: figures.get(row.id) for row in form.entries})
    return {(it.code, it.indicators[0]): it.severity for it in check(submission, form).findings if it.code[0] in "LAT"}


def refused(tmp_path: Path, *rows: str, checks: tuple[str, ...] = ()) -> list[tuple[str, Mapping[str, str]]]:
    with pytest.raises(FormDefinitionError) as caught:
        small_form(tmp_path, *rows, checks=checks)
    words("vi").mistakes(caught.value)
    words("en").mistakes(caught.value)
    return [(it.kind, dict(it.facts)) for it in caught.value.mistakes]


# --- one rule for several rows

EACH = "code: L01, for: [a, b], assert: '[*] <= [*.1]', says: 'Ghi {[*]}, hơn {[*.1]}.', "
EACH += "holds_for: {'*': 1, '*.1': 1}, fails_for: {'*': 2, '*.1': 1}"
FOUR = ("a", "a.1", "b", "b.1")


def test_a_rule_for_several_rows_is_a_rule_of_each(tmp_path: Path) -> None:
    form = small_form(tmp_path, *FOUR, checks=(EACH,))
    assert told(form, **{"a": 3, "a.1": 2, "b": 1, "b.1": 2}) == {("L01", "a"): Severity.ERROR}
    assert told(form, **{"a": 3, "a.1": 2, "b": 4, "b.1": 2}) == {("L01", it): Severity.ERROR for it in "ab"}


def test_its_sentence_shows_the_figures_of_its_row(tmp_path: Path) -> None:
    form = small_form(tmp_path, *FOUR, checks=(EACH,))
    found = findings_of(form, {"a": 1, "a.1": 2, "b": 4, "b.1": 2})
    assert words("vi").message(found["L01", "b"], form) == "Ghi 4, hơn 2."


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (EACH.replace("[*] <= [*.1]", "[a] <= [b]"), "no_row_put_in"),
        (EACH.replace("for: [a, b]", "for: [a, c]"), "unknown_id"),
        (EACH.replace("for: [a, b]", "for: [a, a]"), "duplicate_id"),
        (EACH.replace("for: [a, b], ", ""), "unknown_id"),
        (EACH.replace("for: [a, b]", "for: a"), "bad_value"),
    ],
)
def test_rows_that_cannot_be_put_in_are_refused(tmp_path: Path, rule: str, kind: str) -> None:
    assert kind in {it for it, _ in refused(tmp_path, *FOUR, checks=(rule,))}


# --- two bounds

GRADED = "code: L02, soft: '[a] <= 10', hard: '[a] <= 100', "
CASES = "holds_for: {a: 10}, warns_for: {a: 100}, fails_for: {a: 101}"


@pytest.mark.parametrize(("figure", "severity"), [(10, None), (11, Severity.WARNING), (101, Severity.ERROR)])
def test_past_the_soft_bound_a_rule_warns_and_past_the_hard_one_it_is_an_error(
    tmp_path: Path, figure: int, severity: Severity | None
) -> None:
    form = small_form(tmp_path, "a", checks=(GRADED + CASES,))
    assert told(form, a=figure) == ({("L02", "a"): severity} if severity else {})


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (GRADED + CASES + ", severity: error", "not_beside"),
        (GRADED + CASES + ", assert: '[a] <= 5'", "not_beside"),
        ("code: L02, soft: '[a] <= 10', " + CASES, "missing_field"),
        (GRADED + "holds_for: {a: 10}, fails_for: {a: 101}", "no_case"),
        (GRADED + "holds_for: {a: 10}, warns_for: {a: 9}, fails_for: {a: 101}", "case_wrong"),
        ("code: L02, assert: '[a] <= 10', " + CASES, "only_beside"),
    ],
)
def test_a_rule_with_two_bounds_has_nothing_else_to_say_how_bad_it_is(tmp_path: Path, rule: str, kind: str) -> None:
    assert kind in {it for it, _ in refused(tmp_path, "a", checks=(rule,))}


# --- blanks by side

SIDED = "code: L03, assert: '[a] + [b] == [c] + [d]', missing: {left: %s, right: %s}, "
SIDED += "holds_for: {a: 1, b: 1, c: 1, d: 1}, fails_for: {a: 1, b: 1, c: 1, d: 2}"
ROWS = tuple(f"{it}, required: false" for it in "abcd")


@pytest.mark.parametrize(
    ("left", "right", "figures", "fails"),
    [
        ("as_zero", "skip_if_any", {"a": 1, "c": 1, "d": 1}, True),
        ("as_zero", "skip_if_any", {"a": 1, "c": 1}, False),
        ("as_zero", "skip_if_any", {"c": 1, "d": 1}, True),
        ("skip_if_all", "skip_if_any", {"c": 1, "d": 1}, False),
        ("skip_if_all", "skip_if_any", {"b": 1, "c": 1, "d": 1}, True),
        ("skip_if_any", "as_zero", {"a": 1, "b": 1, "c": 1}, True),
        ("skip_if_any", "as_zero", {"a": 1, "c": 1}, False),
        ("skip_if_all", "skip_if_all", {"a": 1}, False),
        ("skip_if_all", "skip_if_all", {"a": 1, "c": 2}, True),
    ],
)
def test_a_blank_means_on_each_side_what_the_rule_says_of_it(
    tmp_path: Path, left: str, right: str, figures: dict[str, int], fails: bool
) -> None:
    form = small_form(tmp_path, *ROWS, checks=(SIDED % (left, right),))
    assert told(form, **figures) == ({("L03", "a"): Severity.ERROR} if fails else {})


def test_blanks_by_side_keep_the_room_for_rounding(tmp_path: Path) -> None:
    rows = tuple(f"{it}, kind: percent, required: false" for it in "abcd")
    rule = SIDED.replace("[c] + [d]", "100") % ("as_zero", "skip_if_any")
    rule = rule.replace("{a: 1, b: 1, c: 1, d: 1}", "{a: 63, b: 38}").replace("{a: 1, b: 1, c: 1, d: 2}", "{a: 63}")
    form = small_form(tmp_path, *rows, checks=(rule,))
    assert told(form, a=63, b=38) == {}
    assert told(form, a=100) == {}
    assert told(form, a=99) == {("L03", "a"): Severity.ERROR}


def test_sides_need_a_comparison(tmp_path: Path) -> None:
    rule = (
        "code: L03, assert: '[a] > 0 or [b] > 0', missing: {left: as_zero}, holds_for: {a: 1}, fails_for: {a: 0, b: 0}"
    )
    assert "not_a_comparison" in {it for it, _ in refused(tmp_path, "a", "b", checks=(rule,))}
    rule = rule.replace("left", "top").replace(" or [b] > 0", "")
    assert "unknown_field" in {it for it, _ in refused(tmp_path, "a", "b", checks=(rule,))}


# --- rows


def test_a_row_may_have_a_least_figure_and_one_for_a_time(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, at_least: 5", "b, is: state, at_least: [{value: 3, until: 2023-Q4}]")
    assert told(form, a=4, b=9) == {("T39", "a"): Severity.WARNING}
    assert told(form, a=5, b=9) == {}
    now, later = (form.at(submission_of({}, period=period).period) for period in ("2023-Q1", "2024-Q1"))
    assert [it["b"].at_least for it in (now, later)] == [3, None]


def test_a_figure_may_be_negative_where_the_row_says_so(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, negative: true", "b")
    assert told(form, a=-3, b=-3) == {("T04", "b"): Severity.ERROR}


def test_a_negative_part_is_proposed_where_it_may_be_one(tmp_path: Path) -> None:
    form = small_form(tmp_path, "t, total_of: [a, b]", "a", "b, negative: true")
    assert dict(deduced(submission_of({"t": 3, "a": 5, "b": None}), form)) == {"b": -2}


SUM = ("t, total_of: [a, b]", "a%s", "b%s")


@pytest.mark.parametrize(
    ("of_a", "of_b", "suspects"),
    [
        ("", "", {("t",)}),
        (", doubt: 2", ", doubt: 2", {("t",), ("a",), ("b",)}),
        (", doubt: 1", "", {("a",)}),
        (", doubt: 1", ", doubt: 1/2", {("b",)}),
        (", doubt: 1, fixed: false", ", fixed: true", None),
    ],
)
def test_a_form_says_what_it_costs_to_doubt_a_row(
    tmp_path: Path, of_a: str, of_b: str, suspects: set[tuple[str, ...]] | None
) -> None:
    rows = (SUM[0], SUM[1] % of_a, SUM[2] % of_b)
    if suspects is None:
        assert refused(tmp_path, *rows)[0][0] == "not_beside"
        return
    (group,) = located(submission_of({"t": 9, "a": 2, "b": 3}), small_form(tmp_path, *rows)).groups
    assert set(group.sets) == suspects


def test_a_fixed_row_is_never_doubted_nor_changed(tmp_path: Path) -> None:
    form = small_form(tmp_path, "t, total_of: [a, b], fixed: true", "a", "b, fixed: true")
    found = findings_of(form, {"t": 9, "a": 2, "b": 3})["A01", "t"]
    assert found.suspects is not None
    assert found.suspects.sets == (("a",),)
    assert found.fix is not None
    assert {it.indicator for it in found.fix.changes} == {"a"}
    assert not found.fix.alternatives


@pytest.mark.parametrize(
    "said", ["doubt: 0", "doubt: -1", "doubt: nhiều", "fixed: maybe", "negative: 1", "at_least: ít"]
)
def test_what_is_no_cost_flag_or_limit_is_refused(tmp_path: Path, said: str) -> None:
    assert [kind for kind, _ in refused(tmp_path, f"a, {said}")] == ["bad_value"]


# --- answers

ASKED = ("q, kind: choice, options: {Một: [], Hai: [], Ba: []}", "a", "b")
ONE = "code: L04, assert: '[q] == \"%s\" => [a] == 0', holds_for: {q: %s, a: 0}, fails_for: {q: %s, a: 1}"


@pytest.mark.parametrize(
    "rule",
    [
        ONE % ("Bốn", "Một", "Một"),
        ONE % ("Một", "Bốn", "Một"),
        (ONE % ("Một", "Một", "Một")).replace('== "Một"', 'in {"Một", "Bốn"}'),
    ],
)
def test_an_answer_that_is_no_option_does_not_load(tmp_path: Path, rule: str) -> None:
    mistakes = refused(tmp_path, *ASKED, checks=(rule,))
    assert ("no_option", {"id": "q", "answer": "Bốn", "options": "Một; Hai; Ba"}) in mistakes


RULES = (
    "code: L05, fix: suggest, assert: '[q] != \"Một\" => [a] == 0', "
    "holds_for: {q: Hai, a: 0}, fails_for: {q: Hai, a: 1}",
    'code: L06, assert: \'[q] in {"Hai", "Ba"} => [b] == 0\', holds_for: {q: Hai, b: 0}, fails_for: {q: Hai, b: 1}',
)


def test_an_answer_is_doubted_where_it_alone_explains_all_and_is_repaired(tmp_path: Path) -> None:
    form = small_form(tmp_path, *ASKED, checks=RULES)
    figures: dict[str, Figure | None] = {"q": "Hai", "a": 4, "b": 7}
    (group,) = located(submission_of(figures), form).groups
    assert group.sets == (("q",),)
    found = findings_of(form, figures)["L05", "q"]
    assert found.fix is not None
    assert [(it.indicator, it.after) for it in found.fix.changes] == [("q", "Một")]


def test_an_answer_is_not_changed_where_a_figure_explains_it_as_well(tmp_path: Path) -> None:
    form = small_form(tmp_path, *ASKED, checks=RULES[:1])
    figures: dict[str, Figure | None] = {"q": "Hai", "a": 4, "b": 0}
    (group,) = located(submission_of(figures), form).groups
    assert set(group.sets) == {("q",), ("a",)}
    fix = findings_of(form, figures)["L05", "q"].fix
    assert fix is None or all(it.indicator != "q" for it in fix.changes)


def test_a_blank_answer_that_can_be_one_thing_only_is_deduced(tmp_path: Path) -> None:
    form = small_form(tmp_path, *ASKED, checks=RULES)
    assert dict(deduced(submission_of({"q": None, "a": 4, "b": 7}), form)) == {"q": "Một"}
    assert dict(deduced(submission_of({"q": None, "a": 0, "b": 0}), form)) == {}
