"""Blanks that follow from what is given, and ranges: published answers and laws."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implied import implication
from random_systems import Case, Values, counts, total

from cchc_excel.localise import (
    Disjunction,
    Linear,
    Ratio,
    Relation,
    Undecided,
    Variable,
    deduce,
    feasible,
    localise,
    possible_range,
)

ELEVEN = " ".join(f"x{number}" for number in range(1, 12))
BALANCES: list[Relation] = [
    total("e1", "x3", "x1", "x2"),
    total("e2", "x4", "x2"),
    total("e3", "x8", "x5", "x6", "x7"),
    total("e4", "x9", "x3", "x8"),
    Linear("e5", {"x9": 1, "x10": -1, "x11": -1}, 0, 0),
]


def eleven(*figures: int) -> Values:
    return dict(zip(ELEVEN.split(), figures, strict=True))


def interval(name: str, *system: Any) -> tuple[int | Fraction | None, int | Fraction | None] | None:
    """The possible range, as of a type that may equal whole numbers."""
    return possible_range(name, *system)


# --- deducing


def test_the_published_balance_sheet_is_completed_as_far_as_it_is_determined() -> None:
    given = {"x1": 145, "x3": 155, "x8": 86, "x10": 217}
    assert deduce(given, counts(ELEVEN), BALANCES) == {"x2": 10, "x4": 10, "x9": 241, "x11": 24}


def test_unknowns_of_at_least_zero_that_add_up_to_zero_are_all_zero() -> None:
    given = {"x1": 145, "x3": 155, "x8": 0, "x10": 100}
    assert deduce(given, counts(ELEVEN), BALANCES).items() >= {"x5": 0, "x6": 0, "x7": 0}.items()


def test_nothing_is_deduced_from_figures_that_contradict_each_other() -> None:
    assert deduce({"b": 10, "c": 8}, counts("a b c"), [total("e", "c", "a", "b")]) == {}


def test_a_contradiction_elsewhere_among_linked_figures_stops_deducing() -> None:
    relations = [total("e", "c", "a", "b"), total("f", "d", "c", "x")]
    assert deduce({"a": 1, "b": 1, "c": 3, "x": 1}, counts("a b c d x"), relations) == {}
    assert deduce({"a": 1, "b": 2, "c": 3, "x": 1}, counts("a b c d x"), relations) == {"d": 4}


def test_a_contradiction_among_unrelated_figures_stops_nothing() -> None:
    relations = [total("e", "c", "a", "b"), total("f", "d", "x", "y")]
    assert deduce({"a": 1, "b": 1, "c": 3, "x": 1, "y": 2}, counts("a b c d x y"), relations) == {"d": 3}


def test_a_figure_outside_its_domain_stops_deducing_around_it() -> None:
    assert deduce({"a": -1, "b": 3}, counts("a b c"), [total("e", "c", "a", "b")]) == {}


def test_equations_are_solved_together() -> None:
    relations = [Linear("e", {"x": 1, "y": 1}, 7, 7), Linear("f", {"x": 1, "y": -1}, 2, 2)]
    assert deduce({}, [Variable("x"), Variable("y")], relations) == {"x": Fraction(9, 2), "y": Fraction(5, 2)}


def test_counts_may_have_one_whole_solution_where_figures_have_many() -> None:
    between = Linear("b", {"x": 2}, 3, 5)
    assert deduce({}, counts("x"), [between]) == {"x": 2}
    assert deduce({}, [Variable("x")], [between]) == {}


def test_bounds_that_meet_determine_a_figure() -> None:
    assert deduce({"y": 4}, [Variable("x", upper=4), Variable("y")], [Linear("m", {"x": 1, "y": -1}, 0)]) == {"x": 4}


def test_a_strict_bound_that_closes_in_determines_nothing() -> None:
    near = Linear("m", {"x": 1}, 0, 1, strict_lower=True)
    assert deduce({}, [Variable("x")], [near]) == {}


def test_a_rounded_percentage_is_not_determined_and_an_exact_one_is() -> None:
    variables = [Variable("p", upper=100), *counts("a w")]
    assert deduce({"a": 2, "w": 7}, variables, [Ratio("r", "p", "a", "w", Fraction(1, 200))]) == {}
    assert deduce({"a": 2, "w": 7}, variables, [Ratio("r", "p", "a", "w")]) == {"p": Fraction(200, 7)}


def test_a_blank_in_an_implication_is_determined_once_its_premise_holds() -> None:
    rule = implication("i", (Linear("", {"x": 1}, 1),), (Linear("", {"y": 1}, 3, 3),))
    assert deduce({"x": 1}, counts("x y"), [rule]) == {"y": 3}
    assert deduce({"x": 0}, counts("x y"), [rule]) == {}


def test_given_figures_are_never_in_the_answer() -> None:
    assert deduce({"a": 1, "b": 2, "c": 3}, counts("a b c"), [total("e", "c", "a", "b")]) == {}


@st.composite
def bounded_cases(draw: st.DrawFn) -> Case:
    names = [f"x{number}" for number in range(draw(st.integers(2, 5)))]
    variables = [Variable(name, integer=True, upper=draw(st.integers(0, 3))) for name in names]
    truth = {variable.id: draw(st.integers(0, int(variable.upper or 0))) for variable in variables}
    relations: list[Relation] = [
        linear(draw, truth)
        if draw(st.booleans())
        else Disjunction("d", ((linear(draw, truth),), (linear(draw, truth),)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    if len(names) > 3 and draw(st.booleans()):
        percentage = Variable("p", integer=True, lower=30, upper=40)
        return (
            {name: truth[name] if draw(st.booleans()) else None for name in names},
            [percentage, *variables],
            [*relations, Ratio("r", "p", "x0", "x1", Fraction(1, 2)), Linear("s", {"p": 1, "x2": -1}, 33)],
        )
    return {name: truth[name] if draw(st.booleans()) else None for name in names}, variables, relations


def linear(draw: st.DrawFn, truth: dict[str, int]) -> Linear:
    chosen = draw(
        st.dictionaries(st.sampled_from(sorted(truth)), st.sampled_from([-2, -1, 1, 1, 2]), min_size=1, max_size=3)
    )
    value = sum(c * truth[name] for name, c in chosen.items()) + draw(st.sampled_from([0, 0, 0, 0, 1]))
    return Linear("l", chosen, value, draw(st.sampled_from([value, value, value + 1, None])))


def solutions(case: Case) -> list[dict[str, int]]:
    values, variables, relations = case
    domains = [
        range(int(v.lower or 0), int(v.upper or 0) + 1) if values.get(v.id) is None else (int(values[v.id] or 0),)
        for v in variables
    ]
    points = (dict(zip((v.id for v in variables), choice, strict=True)) for choice in product(*domains))
    return [point for point in points if all(stands(relation, point, values) for relation in relations)]


def stands(relation: Relation, point: dict[str, int], values: Values) -> bool:
    if isinstance(relation, Ratio) and point[relation.whole] == 0:
        return values.get(relation.percentage) is None
    return relation.holds(point)


@settings(max_examples=200, deadline=None)
@given(bounded_cases())
def test_what_is_deduced_is_the_same_in_every_solution_and_what_is_not_differs_in_two(case: Case) -> None:
    values, variables, relations = case
    known = solutions(case)
    found = deduce(values, variables, relations)
    if not known:
        # figures linked to no contradiction may still be deduced, but there is no solution to compare with
        assert feasible(values, variables, relations) is None
        return
    spoken_of = {name for relation in relations for name in relation.ids}
    for variable in variables:
        if values.get(variable.id) is None and variable.id in spoken_of:
            possible = {point[variable.id] for point in known}
            assert (found.get(variable.id) in possible) is (len(possible) == 1)


@settings(max_examples=200, deadline=None)
@given(bounded_cases())
def test_a_range_is_from_the_least_to_the_greatest_solution(case: Case) -> None:
    values, variables, relations = case
    name = variables[-1].id
    possible = [point[name] for point in solutions(({**values, name: None}, variables, relations))]
    if possible:
        assert interval(name, values, variables, relations) == (min(possible), max(possible))


@settings(max_examples=200, deadline=None)
@given(bounded_cases())
def test_an_assignment_is_found_whenever_there_is_one(case: Case) -> None:
    values, variables, relations = case
    point = feasible(values, variables, relations)
    assert (point is not None) is bool(solutions(case))
    if point is not None:
        assert all(point[name] == value for name, value in values.items() if value is not None)
        assert all(v.admits(point[v.id] or 0) for v in variables if point[v.id] is not None)
        known = {name: value for name, value in point.items() if value}
        assert all(relation.holds(known) for relation in relations if known.keys() >= set(relation.ids))


# --- ranges


def test_the_value_an_entry_would_have_to_take_is_one_or_an_interval() -> None:
    variables = [Variable("p", upper=100), *counts("a w")]
    ratio = Ratio("r", "p", "a", "w", Fraction(1, 200))
    assert interval("w", {"p": Fraction(2857, 100), "a": 2}, variables, [ratio]) == (7, 7)
    assert interval("a", {"p": Fraction(2857, 100), "w": 7}, variables, [ratio]) == (2, 2)
    low, high = interval("p", {"a": 2, "w": 7}, variables, [ratio]) or (None, None)
    assert (low, high) == (Fraction(200, 7) - Fraction(1, 200), Fraction(200, 7) + Fraction(1, 200))


def test_what_has_no_possible_value_has_no_range_and_what_has_no_bound_says_so() -> None:
    assert interval("a", {"b": 10, "c": 8}, counts("a b c"), [total("e", "c", "a", "b")]) is None
    assert interval("a", {"b": 10}, counts("a b c"), [total("e", "c", "a", "b")]) == (0, None)
    assert interval("a", {}, [Variable("a", lower=None)], []) == (None, None)


def test_a_bound_only_approached_is_no_way_round_an_alternative() -> None:
    either = Disjunction("d", ((Linear("", {"x": 1}, upper=9),), (Linear("", {"x": 1}, 20),)))
    below = Linear("s", {"x": 1}, upper=10, strict_upper=True)
    assert interval("x", {}, [Variable("x")], [below, either]) == (0, 9)
    assert interval("x", {}, [Variable("x")], [below]) == (0, 10)


def test_the_written_value_of_the_entry_asked_for_does_not_matter() -> None:
    assert interval("a", {"a": 99, "b": 3, "c": 8}, counts("a b c"), [total("e", "c", "a", "b")]) == (5, 5)


def test_a_percentage_and_its_whole_both_free_are_solved_with_what_else_speaks_of_the_percentage() -> None:
    variables = [Variable("p", upper=100), Variable("q", upper=100), Variable("a"), Variable("w", lower=1)]
    relations: list[Relation] = [Ratio("r", "p", "a", "w"), Linear("s", {"p": 1, "q": 1}, 100, 100)]
    point = feasible({"q": Fraction(399, 10), "a": 601}, variables, relations)
    assert point == {"p": Fraction(601, 10), "q": Fraction(399, 10), "a": 601, "w": 1000}


def test_a_share_of_many_is_found_without_trying_every_whole() -> None:
    variables = [Variable("p", upper=100), Variable("a", integer=True), Variable("w", integer=True, lower=1)]
    point = feasible({"p": Fraction(9999, 100)}, variables, [Ratio("r", "p", "a", "w", Fraction(1, 10**9))])
    assert point is not None
    assert [point["a"], point["w"]] == [9999, 10000]


def test_a_search_without_end_is_given_up_and_said() -> None:
    # twice x would be odd, which no single relation shows, and no bound ends the search
    variables = [Variable(name, integer=True, lower=None) for name in "xyuv"]
    relations: list[Relation] = [
        Linear("a", {"x": 1, "y": 1, "u": -2}, 0, 0),
        Linear("b", {"x": 1, "y": -1, "v": -2}, 1, 1),
    ]
    with pytest.raises(Undecided):
        feasible({}, variables, relations)
    assert not localise({}, variables, relations).complete
    assert deduce({}, variables, relations) == {}
