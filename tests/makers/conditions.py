"""Any condition of the rule language over a few entries, and what the evaluator says of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st

from cchc_excel.form import Check, Missing
from cchc_excel.form.language import Record, Truth, compile_condition

KEYS = ("a", "b", "c")
numbers = st.integers(-20, 20) | st.integers(0, 10**9) | st.decimals(-50, 150, places=2).map(Fraction)


def trees(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of numbers, built from `leaf`."""
    pair = st.tuples(leaf, leaf)
    return (
        leaf
        | pair.map(lambda it: f"({it[0]} + {it[1]})")
        | pair.map(lambda it: f"({it[0]} - {it[1]})")
        | pair.map(lambda it: f"max({it[0]}, {it[1]})")
        | pair.map(lambda it: f"min({it[0]}, {it[1]})")
        | st.tuples(leaf, leaf, leaf).map(lambda it: f"if({it[0]} > {it[1]}, {it[1]}, {it[2]})")
        | st.tuples(leaf, leaf).map(lambda it: f"if([a] == 1 or [b] > 0, {it[0]}, {it[1]})")
        | leaf.map(lambda it: f"abs({it})")
        | leaf.map(lambda it: f"(2 * {it})")
        | leaf.map(lambda it: f"-{it}")
    )


entries = st.sampled_from([f"[{key}]" for key in KEYS])
facts = (
    st.tuples(entries, entries, st.integers(0, 2).map(str)).map(lambda it: f"first_nonblank({', '.join(it)})")
    | entries.map("first_nonblank({}, 0)".format)
    | entries.map("count_given({}, [b])".format)
)
"""Numbers by which cells are filled."""
sums = st.recursive(entries | st.integers(0, 9).map(str) | facts, trees, max_leaves=4)
linear_comparisons = (
    st.tuples(sums, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), sums).map(" ".join)
    | sums.map("{} in {{0, 2, 1.5, -3}}".format)
    | entries.map("blank({})".format)
    | entries.map("blank({} + [b])".format)
)
comparisons = (
    linear_comparisons
    | st.tuples(entries, entries, entries).map(lambda it: f"agrees({it[0]}, {it[1]}, {it[2]})")
    | st.tuples(entries, entries, entries).map(lambda it: f"truncated({it[0]}, {it[1]}, {it[2]})")
    | entries.map("blank(previous({}))".format)
    | st.tuples(entries, entries).map(lambda it: f"{it[0]} <= 5 + rounding({it[1]})")
    | sums.map("mod({}, 3) == 0".format)
    | entries.map("mod({}, 0.25) < 0.2".format)
    | entries.map("is_integer({})".format)
    | entries.map("{0} > previous({0})".format)
)


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions made of conditions."""
    return (
        st.tuples(inner, st.sampled_from(["and", "or", "=>"]), inner).map(lambda it: f"({it[0]} {it[1]} {it[2]})")
        | inner.map("(not {})".format)
        | st.tuples(inner, inner).map(lambda it: f"both_or_neither({it[0]}, {it[1]})")
        | st.tuples(inner, inner).map(lambda it: f"not_both({it[0]}, {it[1]})")
        | st.tuples(inner, inner, inner).map(lambda it: f"if({it[0]}, {it[1]}, {it[2]})")
    )


conditions = st.recursive(comparisons, joined, max_leaves=4)
linear_conditions = st.recursive(linear_comparisons, joined, max_leaves=3)
cells = st.none() | st.just("unread") | numbers
records = st.fixed_dictionaries(dict.fromkeys(KEYS, cells))


def as_record(row: dict[str, object], before: dict[str, object]) -> Record:
    def figures(of: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in of.items() if value is not None and value != "unread"}

    unread = {key for key, value in row.items() if value == "unread"}
    unread_before = {key for key, value in before.items() if value == "unread"}
    former = Record(figures(before), unread_before)  # type: ignore[arg-type]
    return Record(figures(row), unread, decimals(row), former)  # type: ignore[arg-type]


def decimals(row: dict[str, object]) -> dict[str, int]:
    return {
        key: next(d for d in range(7) if (value * 10**d).denominator == 1)
        for key, value in row.items()
        if isinstance(value, Fraction)
    }


def judged(check: Check) -> Callable[[Record], Truth]:
    """A check as the evaluator sees it."""
    verdict = compile_condition(check.condition, as_zero=check.missing is not Missing.SKIP_IF_ANY)

    def unless_one_is_all_blank(record: Record) -> Truth:
        asked = all(any(key in record.values for key in group) for group in check.needed)
        return verdict(record) if asked else None

    return unless_one_is_all_blank
