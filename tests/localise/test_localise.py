"""Which entries must be wrong: published answers, laws, and brute force as the judge."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implied import implication, negations
from random_systems import (
    Case,
    Values,
    answer,
    brute_force,
    counts,
    form_like,
    random_case,
    random_linear,
    sets,
    total,
)

from cchc_excel.localise import (
    Disjunction,
    Linear,
    Ratio,
    Relation,
    Variable,
    feasible,
    localise,
)
from cchc_excel.localise.factor import factors

# --- published and hand-made answers


def test_a_total_with_profit_cost_and_turnover_blames_the_profit() -> None:
    variables = [Variable("p"), Variable("c"), Variable("t")]
    relations = [total("e", "t", "p", "c"), Linear("r", {"c": 1, "t": Fraction(-6, 10)}, 0)]
    found = localise({"p": 755, "c": 125, "t": 200}, variables, relations)
    assert (found.cost, list(found.sets())) == (1, [("p",)])


def test_a_wrong_sum_alone_has_every_term_as_a_tie() -> None:
    found = localise({"x": 1, "y": 1, "z": 1}, counts("x y z"), [total("e", "z", "x", "y")])
    assert list(found.sets()) == [("x",), ("y",), ("z",)]


def test_an_accepted_record_costs_nothing_and_has_no_set() -> None:
    found = localise({"x": 1, "y": 1, "z": 2}, counts("x y z"), [total("e", "z", "x", "y")])
    assert (found.cost, found.groups, list(found.sets())) == (0, (), [])


def test_a_cheaper_entry_is_doubted_first() -> None:
    found = localise({"x": 1, "y": 1, "z": 1}, counts("x y z", x=3, y=2), [total("e", "z", "x", "y")])
    assert (found.cost, list(found.sets())) == (1, [("z",)])


def test_a_fixed_entry_is_never_doubted() -> None:
    variables = [Variable("x", fixed=True), Variable("y"), Variable("z")]
    assert list(localise({"x": 1, "y": 1, "z": 1}, variables, [total("e", "z", "x", "y")]).sets()) == [("y",), ("z",)]


def test_what_no_doubt_can_help_has_no_cost_and_no_set() -> None:
    variables = [Variable("x", fixed=True), Variable("z", fixed=True)]
    found = localise({"x": 1, "z": 2}, variables, [total("e", "z", "x")])
    assert (found.cost, found.groups[0].sets, found.complete) == (None, (), True)


def test_a_blank_takes_the_blame_for_nothing_but_may_take_any_value() -> None:
    assert localise({"x": 1, "y": None, "z": 5}, counts("x y z"), [total("e", "z", "x", "y")]).groups == ()


def test_a_blank_cannot_leave_its_domain() -> None:
    found = localise({"x": 9, "y": None, "z": 5}, counts("x y z"), [total("e", "z", "x", "y")])
    assert list(found.sets()) == [("x",), ("z",)]


@pytest.mark.parametrize("value", [-1, 11, Fraction(1, 2)])
def test_a_figure_outside_its_own_domain_is_blamed(value: int | Fraction) -> None:
    assert list(localise({"x": value}, [Variable("x", integer=True, upper=10)], []).sets()) == [("x",)]


def test_failures_far_apart_are_separate_groups() -> None:
    relations = [total("e", "c", "a", "b"), total("f", "z", "x", "y")]
    found = localise(dict.fromkeys("abcxyz", 1), counts("a b c x y z"), relations)
    assert [(group.failing, group.sets) for group in found.groups] == [
        (("e",), (("a",), ("b",), ("c",))),
        (("f",), (("x",), ("y",), ("z",))),
    ]
    assert len(list(found.sets())) == 9


def test_failures_linked_by_a_relation_that_holds_are_explained_apart_where_that_is_the_same() -> None:
    values = dict(zip((f"x{i}" for i in range(1, 12)), SCHOLTUS, strict=True))
    found = localise(values, counts(" ".join(values)), scholtus_relations())
    assert [(group.failing, group.sets) for group in found.groups] == [
        (("e2",), (("x4",),)),
        (("e4", "e5"), (("x9",),)),
    ]


def test_one_entry_in_two_failures_is_cheaper_than_one_in_each() -> None:
    relations = [total("e", "c", "a", "b"), total("f", "d", "c", "x")]
    found = localise({"a": 2, "b": 3, "c": 9, "d": 9, "x": 4}, counts("a b c d x"), relations)
    assert list(found.sets()) == [("c",)]


def test_a_percentage_is_explained_by_itself_or_by_its_components() -> None:
    variables = [Variable("p", upper=100), Variable("a", integer=True), Variable("w", integer=True)]
    found = localise({"p": 50, "a": 3, "w": 10}, variables, [Ratio("r", "p", "a", "w", Fraction(1, 2))])
    assert list(found.sets()) == [("p",), ("a",), ("w",)]
    # 28.57 % of 8 is no whole number of tasks, and no whole has 3 as its 28.57 %
    found = localise(
        {"p": Fraction(2857, 100), "a": 3, "w": 8}, variables, [Ratio("r", "p", "a", "w", Fraction(1, 200))]
    )
    assert list(found.sets()) == [("p",)]


def test_the_tolerance_of_a_percentage_is_its_own() -> None:
    variables = [Variable("p", upper=100), Variable("a", integer=True), Variable("w", integer=True)]
    values: Values = {"p": Fraction(2857, 100), "a": 2, "w": 7}
    assert localise(values, variables, [Ratio("r", "p", "a", "w", Fraction(1, 200))]).groups == ()
    assert localise(values, variables, [Ratio("r", "p", "a", "w", Fraction(1, 1000))]).groups != ()


def test_a_percentage_of_nothing_is_held_against_the_record_only_where_asked() -> None:
    variables = [Variable("p", upper=100), Variable("a", integer=True), Variable("w", integer=True)]
    values = {"p": 50, "a": 0, "w": 0}
    assert localise(values, variables, [Ratio("r", "p", "a", "w")]).groups == ()
    assert ("p",) in localise(values, variables, [Ratio("r", "p", "a", "w", blank_at_zero=True)]).groups[0].sets


def test_a_released_percentage_still_needs_a_value_of_its_domain() -> None:
    variables = [Variable("p", upper=100), Variable("a", integer=True), Variable("w", integer=True)]
    found = localise(
        {"p": 50, "a": 8, "w": 7}, variables, [Ratio("r", "p", "a", "w", Fraction(1, 2), blank_at_zero=True)]
    )
    assert list(found.sets()) == [("w",)]  # 8 of 7 is above 100 %; 50 % of 7 is no count; 8 of 16 fits


def test_a_percentage_that_also_stands_in_a_sum_is_worked_out_with_it() -> None:
    names = [Variable(name, upper=100) for name in ("p", "q")] + counts("a w")
    relations: list[Relation] = [Ratio("r", "p", "a", "w", Fraction(1, 2)), Linear("s", {"p": 1, "q": 1}, upper=100)]
    found = localise({"p": None, "q": 80, "a": 6, "w": 20}, names, relations)
    assert list(found.sets()) == [("q",), ("a",), ("w",)]
    found = localise({"p": None, "q": 80, "a": 6, "w": None}, names, relations)
    assert found.groups == ()


def test_an_implication_is_broken_by_either_side() -> None:
    held = implication("i", (Linear("", {"x": 1}, 1),), (Linear("", {"y": 1}, 1),))
    assert list(localise({"x": 2, "y": 0}, counts("x y"), [held]).sets()) == [("x",), ("y",)]
    assert localise({"x": 0, "y": 0}, counts("x y"), [held]).groups == ()


def test_figures_that_must_differ_are_both_doubted_when_equal() -> None:
    below = Linear("", {"x": 1, "y": -1}, upper=0, strict_upper=True)
    above = Linear("", {"x": 1, "y": -1}, lower=0, strict_lower=True)
    differ = Disjunction("u", ((below,), (above,)))
    assert list(localise({"x": 2, "y": 2}, counts("x y"), [differ]).sets()) == [("x",), ("y",)]


def test_a_strict_bound_excludes_the_bound_itself() -> None:
    continuous, more = [Variable("x"), Variable("y")], Linear("m", {"x": 1, "y": -1}, 0, strict_lower=True)
    assert localise({"x": 2, "y": 2}, continuous, [more]).cost == 1
    # y would have to be below 0, if only a little
    assert list(localise({"x": 0, "y": 0}, continuous, [more]).sets()) == [("x",)]


def test_counts_without_a_common_divisor_are_told_without_end_of_search() -> None:
    relation = Linear("odd", {"x": 2, "y": -2}, 1, 1)
    assert localise({"x": 1, "y": 1}, counts("x y"), [relation]).groups[0].sets == ()


def test_a_held_figure_is_blamed_for_what_its_relations_say_together() -> None:
    variables = [Variable("x"), Variable("h", lower=None)]
    opposed: list[Relation] = [Linear("a", {"x": 1, "h": 1}, upper=3), Linear("b", {"x": 1, "h": -1}, 5)]
    assert list(localise({"x": None, "h": 0}, variables, opposed).sets()) == [("h",)]
    # here it cancels out: whatever it is, x + h cannot be both
    alike: list[Relation] = [Linear("a", {"x": 1, "h": 1}, 3, 3), Linear("b", {"x": 1, "h": 1}, 4, 4)]
    (group,) = localise({"x": None, "h": 0}, variables, alike).groups
    assert (group.involved, group.sets) == ((), ())


def test_ties_are_split_into_factors_only_where_they_are_their_product() -> None:
    family = [frozenset(one) for one in ("ax", "ay", "bx", "by")]
    assert sorted(map(sorted, (map(sorted, part) for part in factors(family, [])))) == [[["a"], ["b"]], [["x"], ["y"]]]
    assert factors(family, [frozenset("ax")]) == [family]
    even = [frozenset(one) for one in ("", "ab", "ac", "bc")]  # independent in pairs, not all three
    assert factors(even, []) == [even]


def test_figures_of_a_million_millions_are_exact() -> None:
    big = 10**12
    values = {"x": big, "y": 1, "z": big}
    assert localise(values, counts("x y z"), [total("e", "z", "x", "y")]).cost == 1
    assert localise({**values, "z": big + 1}, counts("x y z"), [total("e", "z", "x", "y")]).groups == ()


def test_a_limit_that_is_reached_is_said() -> None:
    found = localise({"x": 1, "y": 1, "z": 1}, counts("x y z"), [total("e", "z", "x", "y")], limit=3, method="exact")
    assert not found.complete
    assert found.groups[0].sets == (("x",), ("y",))


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        Linear("e", {"x": 0.1}, 0)  # type: ignore[dict-item]


def test_a_relation_over_an_unknown_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="no variable y"):
        localise({"x": 1}, counts("x"), [total("e", "x", "y")])


def test_the_solver_is_not_loaded_for_an_ordinary_record() -> None:
    code = (
        "import sys; from cchc_excel.localise import *;"
        "localise({'x': 1, 'y': 2}, [Variable('x'), Variable('y')], [Linear('e', {'x': 1, 'y': -1}, 0, 0)]);"
        "assert not {'highspy', 'numpy', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_highs_writes_nothing_where_results_go() -> None:
    pytest.importorskip("highspy")
    code = (
        "from cchc_excel.localise import *;"
        "localise({'x': 1}, [Variable('x')], [Linear('e', {'x': 1}, 2, 2)], method='highs')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout == b""


def test_beyond_the_limit_highs_goes_on_from_what_was_found() -> None:
    pytest.importorskip("highspy")
    names = [f"x{number}" for number in range(6)]
    relations = [total(f"e{n}{m}", names[n], names[m]) for n in range(6) for m in range(n)]
    values = {name: number for number, name in enumerate(names)}
    assert not localise(values, counts(" ".join(names)), relations, limit=20, method="exact").complete
    found = localise(values, counts(" ".join(names)), relations, limit=20)
    assert (found.complete, found.cost, len(list(found.sets()))) == (True, 5, 6)


# --- brute force: every assignment of small domains, and what it would change

SCHOLTUS = (1452, 116, 1568, 161, 323, 76, 12, 411, 19979, 1842, 137)


def scholtus_relations() -> list[Relation]:
    sums = [total("e1", "x3", "x1", "x2"), total("e2", "x4", "x2"), total("e3", "x8", "x5", "x6", "x7")]
    return [*sums, total("e4", "x9", "x3", "x8"), Linear("e5", {"x9": 1, "x10": -1, "x11": -1}, 0, 0)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return random_case(lambda low, high: draw(st.integers(low, high)))


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_exact_search_finds_what_brute_force_finds(case: Case) -> None:
    found = localise(*case, method="exact")
    assert found.complete
    assert answer(found) == brute_force(case)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_highs_finds_what_brute_force_finds(case: Case) -> None:
    pytest.importorskip("highspy")
    found = localise(*case, method="highs")
    assert found.complete
    assert answer(found) == brute_force(case)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_every_set_released_lets_the_rest_stand_and_holds_no_fixed_entry(case: Case) -> None:
    values, variables, relations = case
    fixed = {variable.id for variable in variables if variable.fixed}
    for released in localise(*case).sets():
        assert not fixed & set(released)
        point = feasible({k: v for k, v in values.items() if k not in released}, variables, relations)
        assert point is not None
        assert all(point[k] == v for k, v in values.items() if v is not None and k not in released)
        # a percentage left blank over a whole of 0 has no value to put into the relation
        known = {name: value for name, value in point.items() if value is not None}
        assert all(r.holds(known) for r in relations if known.keys() >= set(r.ids) if not isinstance(r, Ratio))


@settings(max_examples=100, deadline=None)
@given(cases())
def test_the_order_of_the_relations_changes_nothing(case: Case) -> None:
    values, variables, relations = case
    assert sets(localise(values, variables, relations[::-1])) == sets(localise(values, variables, relations))


# --- continuous figures: Fourier–Motzkin elimination is the judge


@st.composite
def continuous_cases(draw: st.DrawFn) -> Case:
    def pick(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    variables = [
        Variable(f"x{n}", upper=pick(1, 9) if pick(0, 1) else None, weight=pick(1, 2)) for n in range(pick(2, 4))
    ]
    names = [variable.id for variable in variables]
    relations: list[Relation] = [
        random_linear(pick, f"l{n}", {name: pick(0, 9) for name in names}) for n in range(pick(1, 4))
    ]
    return {name: pick(0, 9) for name in names}, variables, relations


Inequality = tuple[dict[str, Fraction], Fraction, bool]  # sum >= bound, or > bound


def can_stand(held: Values, variables: list[Variable], relations: list[Relation]) -> bool:
    rows: list[Inequality] = []
    bounds = [Linear("", {v.id: 1}, v.lower, v.upper) for v in variables]
    for linear in [*bounds, *relations]:
        assert isinstance(linear, Linear)
        for sign, bound, strict in ((1, linear.lower, linear.strict_lower), (-1, linear.upper, linear.strict_upper)):
            if bound is not None:
                known = sum(
                    (c * Fraction(held[k] or 0) for k, c in linear.coefficients.items() if k in held), Fraction(0)
                )
                left = {k: Fraction(sign * c) for k, c in linear.coefficients.items() if k not in held}
                rows.append((left, sign * (bound - known), strict))
    for name in [variable.id for variable in variables]:
        above = [row for row in rows if row[0].get(name, 0) > 0]
        below = [row for row in rows if row[0].get(name, 0) < 0]
        rows = [row for row in rows if not row[0].get(name, 0)] + [eliminated(a, b, name) for a in above for b in below]
    return all(bound < 0 or (bound == 0 and not strict) for _, bound, strict in rows)


def eliminated(above: Inequality, below: Inequality, name: str) -> Inequality:
    (a, low, strict_a), (b, high, strict_b) = above, below
    up, down = -b[name], a[name]
    row = {k: up * a.get(k, Fraction(0)) + down * b.get(k, Fraction(0)) for k in a.keys() | b.keys() if k != name}
    return row, up * low + down * high, strict_a or strict_b


@settings(max_examples=200, deadline=None)
@given(continuous_cases())
def test_continuous_figures_are_judged_as_elimination_judges_them(case: Case) -> None:
    values, variables, relations = case
    found = localise(*case)
    subsets = [one for size in range(len(values) + 1) for one in combinations(values, size)]
    stand = [
        one for one in subsets if can_stand({k: v for k, v in values.items() if k not in one}, variables, relations)
    ]
    weight = {variable.id: int(variable.weight) for variable in variables}
    costs = {one: sum(weight[name] for name in one) for one in stand}
    least = min(costs.values(), default=None)
    assert found.cost == least
    assert (sets(found) or {frozenset()}) == ({frozenset(one) for one in stand if costs[one] == least} or {frozenset()})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 99), min_size=6, max_size=6))
def test_figures_a_thousand_million_times_as_large_give_the_same_sets(figures: list[int]) -> None:
    names = "a b c d e f"
    relations: list[Relation] = [
        total("t", "c", "a", "b"),
        total("u", "e", "c", "d"),
        Linear("v", {"f": 1, "a": -1}, upper=0),
    ]
    values = dict(zip(names.split(), figures, strict=True))
    larger = {name: value * 10**9 for name, value in values.items()}
    assert localise(values, counts(names), relations).groups == localise(larger, counts(names), relations).groups


@given(st.integers(-3, 3), st.integers(0, 3), st.booleans(), st.booleans())
def test_a_relation_or_its_negation_holds_never_both(
    value: int, width: int, strict_lower: bool, strict_upper: bool
) -> None:
    linear = Linear("e", {"x": 1}, 0, width, strict_lower, strict_upper)
    assert linear.holds({"x": value}) is not any(no.holds({"x": value}) for no in negations(linear))


# --- a form of the usual size


def test_a_form_with_a_changed_total_is_explained_and_nothing_is_missed() -> None:
    numbers = iter([7, 9, 3, 1] * 40)
    values, variables, relations = form_like(lambda low, high: min(max(low, next(numbers)), high), 0)
    assert localise(values, variables, relations).groups == ()
    found = localise({**values, "t5": int(values["t5"] or 0) + 10}, variables, relations)
    assert list(found.sets()) == [("t5",)]
