"""Reading of a tree on one submission: exact numbers, three-valued, compiled once to closures.

A number is `int` or `Fraction`, or None where a blank or unread entry stands in the way. A
condition is True, False or None (not applicable); `and`, `or`, `not`, `=>` follow Kleene's logic.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

from cchc_excel.form.language.agreement import Agreement, agreement, half_step, rounded
from cchc_excel.form.language.syntax import COMPARISONS, EARLIER, Node

Number: TypeAlias = int | Fraction
Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class Record:
    """The figures of one submission as rules see them.

    `values` holds what was read (a blank is absent), `unread` the ids of cells that are filled but
    could not be read, `decimals` the decimals of each percentage as written. `previous` is an earlier report of the
    same unit, `just_before` that of the period right before, `same_period_last_year` that of a year ago.
    """

    values: Mapping[str, int | Fraction | str]
    unread: Collection[str] = frozenset()
    decimals: Mapping[str, int] = field(default_factory=dict)
    previous: Record | None = None
    just_before: Record | None = None
    same_period_last_year: Record | None = None


Compiled: TypeAlias = Callable[[Record], Any]


def compile_condition(node: Node, *, as_zero: bool = False) -> Callable[[Record], Truth]:
    """Return the condition as a function of a record. `as_zero`: in sums and comparisons a blank counts as 0."""
    return _compile(node, as_zero)


def compile_number(node: Node, *, as_zero: bool = False) -> Callable[[Record], int | Fraction | str | None]:
    """Return a numeric tree (one side of a comparison) as a function of a record."""
    return _compile(node, as_zero)


def _compile(node: Node, as_zero: bool) -> Compiled:
    return OPERATORS_OF_ONE[node.op](node, as_zero)


def _literal(node: Node, _: bool) -> Compiled:
    value = node.value
    return lambda _: value


def _entry(node: Node, as_zero: bool) -> Compiled:
    key = str(node.value)
    if not as_zero:
        return lambda record: record.values.get(key)

    def value_or_zero(record: Record) -> Any:
        value = record.values.get(key)
        return 0 if value is None and key not in record.unread else value

    return value_or_zero


def _earlier(node: Node, _: bool) -> Compiled:
    key, earlier_record = str(node.args[0].value), operator.attrgetter(node.op)

    def figure(record: Record) -> Any:
        earlier: Record | None = earlier_record(record)
        return earlier.values.get(key) if earlier is not None else None

    return figure


def _strict(function: Callable[..., Any]) -> Callable[[Node, bool], Compiled]:
    """An operator that needs all its arguments: one None makes it None."""

    def build(node: Node, as_zero: bool) -> Compiled:
        args = [_compile(arg, as_zero) for arg in node.args]
        if not as_zero and all(arg.op == "entry" for arg in node.args):
            keys = [str(arg.value) for arg in node.args]

            def of_entries(record: Record) -> Any:
                figures = []
                for key in keys:
                    figure = record.values.get(key)
                    if figure is None:
                        return None
                    figures.append(figure)
                return function(*figures)

            return of_entries
        if len(args) == 2 and node.args[0].op == "entry" and node.args[1].op == "number" and not as_zero:
            # most checks compare one entry with one number: one call instead of three
            key, literal = str(node.args[0].value), node.args[1].value

            def entry_with_literal(record: Record) -> Any:
                value = record.values.get(key)
                return None if value is None else function(value, literal)

            return entry_with_literal
        if len(args) == 2:
            first, second = args

            def two(record: Record) -> Any:
                left = first(record)
                if left is None:
                    return None
                right = second(record)
                return None if right is None else function(left, right)

            return two

        def many(record: Record) -> Any:
            values = [arg(record) for arg in args]
            return None if None in values else function(*values)

        return many

    return build


def _quotient(part: Number, whole: Number) -> Number | None:
    return None if whole == 0 else Fraction(part) / whole


def _is_integer(value: Number) -> bool:
    return value.denominator == 1


def _not(value: Truth) -> Truth:
    return None if value is None else not value


def _and(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: Truth, right: Truth) -> Truth:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _same(left: Truth, right: Truth) -> Truth:
    return None if left is None or right is None else left == right


def _negation(node: Node, as_zero: bool) -> Compiled:
    condition = _compile(node.args[0], as_zero)

    def negated(record: Record) -> Truth:
        holds = condition(record)
        return None if holds is None else not holds

    return negated


def _kleene(function: Callable[[Truth, Truth], Truth], settled_by: Truth) -> Callable[[Node, bool], Compiled]:
    """An operator of two conditions; where the left one is `settled_by`, the right one is not asked."""
    settled = function(settled_by, None)

    def build(node: Node, as_zero: bool) -> Compiled:
        first, second = (_compile(arg, as_zero) for arg in node.args)

        def of_both(record: Record) -> Truth:
            left = first(record)
            return settled if left is settled_by else function(left, second(record))

        return of_both

    return build


def _one_of(node: Node, as_zero: bool) -> Compiled:
    subject, literals = _compile(node.args[0], as_zero), frozenset(arg.value for arg in node.args[1:])

    def one_of(record: Record) -> Truth:
        value = subject(record)
        return None if value is None else value in literals

    return one_of


def _if(node: Node, as_zero: bool) -> Compiled:
    condition, then, otherwise = (_compile(arg, as_zero) for arg in node.args)

    def chosen(record: Record) -> Any:
        holds = condition(record)
        if holds is None:
            return None
        return then(record) if holds else otherwise(record)

    return chosen


def _first_nonblank(node: Node, as_zero: bool) -> Compiled:
    keys, last = [str(arg.value) for arg in node.args[:-1]], _compile(node.args[-1], as_zero)

    def first(record: Record) -> Any:
        for key in keys:
            if key in record.values:
                return record.values[key]
            if key in record.unread:
                return None
        return last(record)

    return first


def _count_given(node: Node, _: bool) -> Compiled:
    keys = [str(arg.value) for arg in node.args]

    def count(record: Record) -> int | None:
        if any(key in record.unread for key in keys):
            return None
        return sum(key in record.values for key in keys)

    return count


def _blank(node: Node, _: bool) -> Compiled:
    (of,) = node.args
    if of.op in EARLIER:
        earlier_record, earlier_key = operator.attrgetter(of.op), str(of.args[0].value)

        def blank_then(record: Record) -> Truth:
            earlier: Record | None = earlier_record(record)
            return None if earlier is None else _is_blank(earlier_key, earlier)

        return blank_then
    return partial(_is_blank, str(of.value))


def _is_blank(key: str, record: Record) -> Truth:
    if key in record.values:
        return False
    return None if key in record.unread else True


def _rounding(node: Node, as_zero: bool) -> Compiled:
    key = str(node.args[0].value)

    def room(record: Record) -> Fraction | int | None:
        if key in record.values:
            return half_step(record.decimals.get(key, 0))
        return 0 if as_zero and key not in record.unread else None

    return room


def _judged(wanted: Agreement) -> Callable[[Node, bool], Compiled]:
    """A percentage against its components, with the decimals it was written with."""

    def build(node: Node, as_zero: bool) -> Compiled:
        key = str(node.args[0].value)
        part_of, whole_of = (_compile(arg, as_zero) for arg in node.args[1:])

        def judged(record: Record) -> Truth:
            written = record.values.get(key)
            if written is None or isinstance(written, str):
                return None
            part, whole = part_of(record), whole_of(record)
            if part is None or whole is None or whole == 0:
                return None
            return agreement(written, record.decimals.get(key, 0), part, whole) is wanted

        return judged

    return build


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

OPERATORS_OF_ONE: dict[str, Callable[[Node, bool], Compiled]] = {
    "number": _literal,
    "text": _literal,
    "entry": _entry,
    **dict.fromkeys(EARLIER, _earlier),
    "neg": _strict(operator.neg),
    "+": _strict(operator.add),
    "-": _strict(operator.sub),
    "*": _strict(operator.mul),
    "/": _strict(_quotient),
    "abs": _strict(abs),
    "min": _strict(lambda *values: min(values)),
    "max": _strict(lambda *values: max(values)),
    "sum": _strict(lambda *values: sum(values)),
    "round": _strict(rounded),
    "mod": _strict(operator.mod),
    "if": _if,
    "first_nonblank": _first_nonblank,
    "count_given": _count_given,
    "rounding": _rounding,
    "is_integer": _strict(_is_integer),
    "blank": _blank,
    "agrees": _judged(Agreement.RIGHT),
    "truncated": _judged(Agreement.TRUNCATED),
    "in": _one_of,
    "not": _negation,
    "and": _kleene(_and, settled_by=False),
    "or": _kleene(_or, settled_by=True),
    "=>": _kleene(lambda left, right: _or(_not(left), right), settled_by=False),
    "both_or_neither": _kleene(_same, settled_by=None),
    "not_both": _kleene(lambda left, right: _not(_and(left, right)), settled_by=False),
    **{sign: _strict(_SIGNS[sign]) for sign in COMPARISONS},
}
