"""The rule language: one tree, several readings that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conditions import as_record, conditions, linear_conditions, records
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cchc_excel.errors import ExpressionError
from cchc_excel.form.language import (
    Agreement,
    Node,
    Record,
    agreement,
    compile_condition,
    ids,
    parse,
    previous_ids,
    prose,
)
from cchc_excel.form.language.excel import OPERATORS_OF_EXCEL
from cchc_excel.form.language.linear import OPERATORS_OF_LINEAR, NotLinear, linear
from cchc_excel.form.language.one import OPERATORS_OF_ONE
from cchc_excel.form.language.prose import OPERATORS_OF_PROSE
from cchc_excel.form.language.syntax import OPERATORS

INTERPRETATIONS: Mapping[str, Iterable[str]] = {
    "one": OPERATORS_OF_ONE,
    "excel": OPERATORS_OF_EXCEL,
    "linear": OPERATORS_OF_LINEAR,
    "vi": OPERATORS_OF_PROSE["vi"],
    "en": OPERATORS_OF_PROSE["en"],
}


@pytest.mark.parametrize("name", INTERPRETATIONS)
def test_every_interpretation_knows_every_operator(name: str) -> None:
    assert set(INTERPRETATIONS[name]) - {"given", "or_zero"} == OPERATORS


def verdict(text: str, values: Mapping[str, int | Fraction | str], *, missing_as_zero: bool = False) -> bool | None:
    return compile_condition(parse(text), as_zero=missing_as_zero)(Record(values))


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("[a] + [b] <= [c]", {"a": 1, "b": 2, "c": 3}, True),
        ("[a] + [b] <= [c]", {"a": 1, "b": 3, "c": 3}, False),
        ("[a] <= [b] <= [c]", {"a": 1, "b": 4, "c": 3}, False),
        ("-[a] + 2 * 3 == 4", {"a": 2}, True),
        ("2 + 3 * 4 == 14 and (2 + 3) * 4 == 20", {}, True),
        ("[a] - [b] - [c] == 1", {"a": 4, "b": 2, "c": 1}, True),
        ("100 * [a] / [b] == 12.5", {"a": 1, "b": 8}, True),
        ("[a] > 0 => [b] > 0", {"a": 0, "b": 0}, True),
        ("[a] > 0 => [b] > 0", {"a": 1, "b": 0}, False),
        ("not [a] > 0 or [b] > 0", {"a": 1, "b": 0}, False),
        ("round(2.675, 2) == 2.68", {}, True),
        ("round(-[a] / 2, 0) == -2", {"a": 3}, True),
        ("max([a], [b], 3) == 5 and min([a], [b]) == 2", {"a": 5, "b": 2}, True),
        ("abs([a] - [b]) == sum([c], 1)", {"a": 2, "b": 5, "c": 2}, True),
        ("is_integer([a]) and not is_integer([a] / 2)", {"a": 3}, True),
        ('[a] == "Có"', {"a": "Có"}, True),
        ('[a] != "Có"', {"a": "Không"}, True),
        ("both_or_neither([a] > 0, [b])", {"a": 3}, False),
        ("both_or_neither([a] > 0, [b])", {"a": 0}, True),
        ("not_both([a], [b])", {"a": 0, "b": 0}, False),
        ("blank([b]) and not blank([a])", {"a": 0}, True),
        ("if([a] > 1, [b], [c]) == 5", {"a": 2, "b": 5}, True),
        ("if([a] > 1, [b], [c]) == 5", {"a": 1, "b": 5, "c": 4}, False),
        ("if([a] > 1, [b] > 0, [c] > 0)", {"a": 2, "b": 0, "c": 1}, False),
        ("first_nonblank([b], [c], 7) == 3", {"c": 3}, True),
        ("first_nonblank([b], [c], 7) == 7", {}, True),
        ("[a] in {1, 2.5, -3}", {"a": -3}, True),
        ("[a] not in {1, 2.5, -3}", {"a": 2}, True),
        ('[a] in {"Có", "Một phần"}', {"a": "Có"}, True),
        ('[a] not in {"Có", "Một phần"}', {"a": "Có"}, False),
        ("mod([a], 5) == 0 and mod(-7, 3) == 2", {"a": 10}, True),
        ("mod([a], 0.1) == 0", {"a": Fraction("0.3")}, True),
        ("count_given([a], [b], [c]) == 2", {"a": 0, "c": "Có"}, True),
        ("blank([a] + [b])", {"a": 1}, True),
        ("blank([a] + [b])", {"a": 1, "b": 2}, False),
    ],
)
def test_a_condition_means_what_it_says(text: str, values: dict[str, int | str], expected: bool) -> None:
    assert verdict(text, values) is expected


def test_a_blank_is_not_zero_and_makes_a_comparison_not_applicable() -> None:
    assert verdict("[a] <= 5", {}) is None
    assert verdict("[a] + [b] <= 5", {"a": 7}) is None
    assert verdict("[a] / [b] <= 5", {"a": 7, "b": 0}) is None


def test_a_blank_counts_as_zero_where_a_check_says_so() -> None:
    assert verdict("[a] + [b] <= 5", {"a": 7}, missing_as_zero=True) is False


def test_an_unread_cell_is_neither_blank_nor_zero() -> None:
    record = Record({"b": 1}, unread={"a"})
    for text in ("[a] <= 5", "blank([a])", "not blank([a])"):
        assert compile_condition(parse(text), as_zero=True)(record) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a] < 0 and [x] < 0", False),
        ("[x] < 0 and [a] < 0", False),
        ("[a] > 0 and [x] < 0", None),
        ("[a] > 0 or [x] < 0", True),
        ("[a] < 0 or [x] < 0", None),
        ("[a] < 0 => [x] < 0", True),
        ("[x] < 0 => [a] > 0", True),
        ("not [x] < 0", None),
    ],
)
def test_conditions_are_joined_by_kleenes_logic(text: str, expected: bool | None) -> None:
    assert verdict(text, {"a": 1}) is expected


@pytest.mark.parametrize("left", [True, False, None])
@pytest.mark.parametrize("right", [True, False, None])
@pytest.mark.parametrize(
    ("joined", "of_two"),
    [
        ("{} and {}", lambda one, other: one and other),
        ("{} or {}", lambda one, other: one or other),
        ("{} => {}", lambda one, other: not one or other),
        ("both_or_neither({}, {})", lambda one, other: one == other),
        ("not_both({}, {})", lambda one, other: not (one and other)),
    ],
)
def test_what_is_not_applicable_counts_only_where_it_could_change_the_verdict(
    joined: str, of_two: Callable[[bool, bool], bool], left: bool | None, right: bool | None
) -> None:
    said = {True: "[a] == 1", False: "[a] == 2", None: "[blank] == 1"}
    may_be = {of_two(one, other) for one in _may_be(left) for other in _may_be(right)}
    assert verdict(joined.format(said[left], said[right]), {"a": 1}) is (may_be.pop() if len(may_be) == 1 else None)


def _may_be(truth: bool | None) -> Sequence[bool]:
    return (True, False) if truth is None else (truth,)


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("[a] <", "unexpected", ""),
        ("[a] <= 3 4", "unexpected", "4"),
        ("foo([a]) > 1", "unknown_function", "foo"),
        ("round([a]) > 1", "wrong_number_of_arguments", "round"),
        ("abs([a])", "not_a_truth", "abs([a])"),
        ('[a] <= "x"', "not_a_number", '"x"'),
        ('[a] + 1 == "x"', "not_a_text", "[a] + 1"),
        ("blank(3)", "not_a_entry", "3"),
        ("round([a], [b]) == 1", "not_a_literal", "[b]"),
        ("mod([a], [b]) == 1", "not_a_literal", "[b]"),
        ("mod([a], 0) == 1", "not_a_literal", "0"),
        ("[a] in {1, [b]}", "not_a_literal", "[b]"),
        ('[a] in {1, "Có"}', "not_a_number", '"Có"'),
        ('[a] + 1 in {"Có"}', "not_a_text", "[a] + 1"),
        ("[a] in {}", "not_a_literal", "}"),
        ("[a] in 1", "unexpected", "1"),
        ("if([a] > 1, 2) > 1", "wrong_number_of_arguments", "if"),
        ("if([a] > 1, [b] > 0, 3)", "not_a_truth", "3"),
        ("first_nonblank([a] + 1, 2) > 0", "not_a_entry", "[a] + 1"),
        ("blank([a] > 1)", "not_a_entry", "[a] > 1"),
        ("[a] ~ 3 < 1", "unexpected", "~"),
        ("__import__(1) == 1", "unknown_function", "__import__"),
        ("(" * 500 + "1 < 2", "too_deep", "("),
    ],
)
def test_a_text_outside_the_language_is_refused_with_its_place(text: str, kind: str, place: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    error = caught.value
    assert (error.kind, text[error.start : error.end][: len(place) or 1]) == (kind, place)


def test_the_ids_are_those_of_this_period_in_the_order_of_the_text() -> None:
    node = parse("[b] + [a] <= previous([c]) and [b] > 0")
    assert (ids(node), previous_ids(node)) == (("b", "a"), ("c",))


def test_prose_is_a_sentence_in_both_languages() -> None:
    node = parse("[a] > 0 and not blank([b]) => [a] - ([b] - [c]) <= 2.5")
    assert prose(node, "vi") == "nếu [a] > 0 và [b] đã ghi thì [a] − ([b] − [c]) ≤ 2,5"
    assert prose(node, "en") == "if [a] > 0 and [b] is given then [a] − ([b] − [c]) ≤ 2.5"


@pytest.mark.parametrize(
    ("written", "decimals", "part", "whole", "expected"),
    [
        (89, 0, 17, 19, Agreement.RIGHT),
        (Fraction("10.5"), 1, 2, 19, Agreement.RIGHT),
        (Fraction("4.5"), 1, 4_360_648, 97_900_000, Agreement.RIGHT),
        (78, 0, 15, 19, Agreement.TRUNCATED),
        (80, 0, 15, 19, Agreement.WRONG),
        (2, 0, 2, 7, Agreement.WRONG),
        (12, 0, 1, 8, Agreement.RIGHT),
        (13, 0, 1, 8, Agreement.RIGHT),
        (Fraction("28.5"), 1, 2, 7, Agreement.TRUNCATED),
        (Fraction("28.57"), 2, 2, 7, Agreement.RIGHT),
    ],
)
def test_a_percentage_is_right_within_half_of_its_last_decimal(
    written: int | Fraction, decimals: int, part: int, whole: int, expected: Agreement
) -> None:
    assert agreement(written, decimals, part, whole) is expected


@given(st.decimals(0, 150, places=2), st.integers(0, 4), st.integers(0, 500), st.integers(1, 500), st.integers(2, 9))
def test_a_percentage_is_judged_alike_in_whole_numbers_and_in_fractions(
    written: Decimal, decimals: int, part: int, whole: int, scale: int
) -> None:
    share = Fraction(written)
    in_fractions = agreement(share, decimals, Fraction(part, scale), Fraction(whole, scale))
    assert agreement(share, decimals, part, whole) is in_fractions


def test_what_is_not_known_decides_nothing() -> None:
    """A choice needs its condition and the arm that it takes; an unread cell is neither the first given nor blank."""
    assert verdict("if([x] > 0, 1, 2) > 0", {"a": 1}) is None
    assert verdict("if([a] > 0, [x], 2) > 0", {"a": 1}) is None
    assert verdict("if([x] > 0, [a] > 0, [a] > 5)", {"a": 1}) is None
    unread = Record({"b": 1}, unread={"a"}, previous=Record({}, unread={"b"}))
    for text in ("first_nonblank([a], [b]) == 1", "count_given([a], [b]) == 1", "blank(previous([b]))"):
        assert compile_condition(parse(text))(unread) is None
    assert compile_condition(parse("blank(previous([a])) and not blank([b])"))(unread) is True
    assert compile_condition(parse("blank(previous([a]))"))(Record({})) is None


# --- the readings agree with each other


@settings(max_examples=500)
@given(text=linear_conditions, row=records)
def test_the_solver_reads_a_condition_as_the_evaluator_does(text: str, row: dict[str, Any]) -> None:
    """At figures that are all known, the linear reading holds exactly where the condition does."""
    node, record = parse(text), as_record(row, {})
    expected = compile_condition(node)(record)
    assume(expected is not None)
    for wanted, tree in ((True, node), (False, Node("not", (node,)))):
        try:
            alternatives = linear(tree, record)
        except NotLinear:
            continue
        if all(key in record.values for option in alternatives for atom in option for key in atom.form.coefficients):  # type: ignore[union-attr]
            holds = any(all(_holds(atom, record) for atom in option) for option in alternatives)
            assert holds is (expected is wanted)


def _holds(atom: Any, record: Record) -> bool:
    total = atom.form.constant + sum(factor * record.values[key] for key, factor in atom.form.coefficients.items())
    signs = {"<": total < 0, "<=": total <= 0, "==": total == 0, ">": total > 0, ">=": total >= 0}
    return bool(signs[atom.sign])


@pytest.mark.parametrize(
    "text",
    [
        "abs([a] - 5) > 2",
        "max([a], 3) >= 4",
        "min([a], 3) < 2",
        "[a] not in {1, 3}",
        "not if([a] > 2, [a] < 5, [a] > 0)",
    ],
)
def test_a_condition_that_is_not_convex_is_several_alternatives(text: str) -> None:
    node = parse(text)
    for value in range(-3, 12):
        record = Record({"a": value})
        options = linear(node, record)
        assert any(all(_holds(atom, record) for atom in one) for one in options) is compile_condition(node)(record)


@given(conditions)
def test_only_the_ids_named_by_a_condition_decide_it_and_prose_names_each(text: str) -> None:
    node = parse(text)
    spoken = prose(node, "vi")
    assert all(f"[{key}]" in spoken for key in (*ids(node), *previous_ids(node)))
    blank = compile_condition(node)(Record({}))
    others = Record(dict.fromkeys("xyz", 7))
    assert compile_condition(node)(others) is blank
