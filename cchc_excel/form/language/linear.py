"""Reading of a tree as linear constraints, for the solver that locates errors.

A condition becomes its disjunctive normal form: alternatives, each a tuple of atoms that hold
together. What is blank or given is a fact here, not a question: `record` settles it. A tree that
no finite set of linear constraints can say (a product of entries, `round`) raises NotLinear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.form.language.agreement import half_step
from cchc_excel.form.language.one import Record, compile_condition
from cchc_excel.form.language.syntax import COMPARISONS, Node

Number: TypeAlias = int | Fraction


class NotLinear(ValueError):
    """The tree says something that linear constraints cannot."""


class Sum(NamedTuple):
    """A linear form: entries with their coefficients, and a constant."""

    coefficients: Mapping[str, Number]
    constant: Number


class LinearAtom(NamedTuple):
    """`form` compared with 0 by `sign`, one of < <= == > >=."""

    form: Sum
    sign: str


class RatioAtom(NamedTuple):
    """A percentage that must agree with its two components."""

    percentage: str
    part: str
    whole: str


Atom: TypeAlias = LinearAtom | RatioAtom
Alternatives: TypeAlias = tuple[tuple[Atom, ...], ...]

TRUE: Alternatives = ((),)
FALSE: Alternatives = ()
MOST_ALTERNATIVES = 32  # of one rule; beyond, it is left to the evaluator alone

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def linear(node: Node, record: Record) -> Alternatives:
    """Return the alternatives of a condition. Raises NotLinear."""
    return _condition(node, record, wanted=True)


def _condition(node: Node, record: Record, *, wanted: bool) -> Alternatives:
    return OPERATORS_OF_LINEAR[node.op](node, record, wanted)


def _both(left: Alternatives, right: Alternatives) -> Alternatives:
    if len(left) * len(right) > MOST_ALTERNATIVES:
        raise NotLinear("too many alternatives")
    return tuple((*one, *other) for one in left for other in right)


def _either(left: Alternatives, right: Alternatives) -> Alternatives:
    if left == TRUE or right == TRUE:
        return TRUE
    if len(left) + len(right) > MOST_ALTERNATIVES:
        raise NotLinear("too many alternatives")
    return left + right


def _and(node: Node, record: Record, wanted: bool) -> Alternatives:
    parts = [_condition(arg, record, wanted=wanted) for arg in node.args]
    return _both(*parts) if wanted else _either(*parts)


def _or(node: Node, record: Record, wanted: bool) -> Alternatives:
    parts = [_condition(arg, record, wanted=wanted) for arg in node.args]
    return _either(*parts) if wanted else _both(*parts)


def _implied(node: Node, record: Record, wanted: bool) -> Alternatives:
    premise, conclusion = node.args
    denied = _condition(premise, record, wanted=not wanted)
    said = _condition(conclusion, record, wanted=wanted)
    return _either(denied, said) if wanted else _both(denied, said)


def _equivalent(node: Node, record: Record, wanted: bool) -> Alternatives:
    left, right = node.args
    pairs = ((True, True), (False, False)) if wanted else ((True, False), (False, True))
    found = [_both(_condition(left, record, wanted=a), _condition(right, record, wanted=b)) for a, b in pairs]
    return _either(*found)


def _not_both(node: Node, record: Record, wanted: bool) -> Alternatives:
    parts = [_condition(arg, record, wanted=not wanted) for arg in node.args]
    return _either(*parts) if wanted else _both(*parts)


def _settled(node: Node, record: Record, wanted: bool) -> Alternatives:
    """A condition over what stands on the sheet, not over figures: a blank, an answer."""
    verdict = compile_condition(node)(record)
    if verdict is None:
        raise NotLinear("not known")
    return TRUE if verdict is wanted else FALSE


def _agreement(node: Node, _: Record, wanted: bool) -> Alternatives:
    if not wanted or any(arg.op != "entry" for arg in node.args):
        raise NotLinear("agreement")
    written, part, whole = (str(arg.value) for arg in node.args)
    return ((RatioAtom(written, part, whole),),)


def _truncation(_node: Node, _record: Record, wanted: bool) -> Alternatives:
    """Cut off is let stand by its tolerance (see the caller); by itself it asks for nothing."""
    return FALSE if wanted else TRUE


def _comparison(node: Node, record: Record, wanted: bool) -> Alternatives:
    left, right = node.args
    if "text" in {left.op, right.op}:
        return _settled(node, record, wanted)
    for side, other, sign in ((left, right, node.op), (right, left, _mirrored(node.op))):
        if side.op in {"abs", "max"} and sign in {"<", "<="} and wanted:
            options = [side.args[0], Node("neg", side.args[:1])] if side.op == "abs" else list(side.args)
            return _all_of([Node(sign, (option, other)) for option in options], record)
        if side.op == "min" and sign in {">", ">="} and wanted:
            return _all_of([Node(sign, (option, other)) for option in side.args], record)
    gap = _minus(_sum(left, record), _sum(right, record))
    if node.op == "==":
        return ((LinearAtom(gap, "=="),),) if wanted else ((LinearAtom(gap, "<"),), (LinearAtom(gap, ">"),))
    if node.op == "!=":
        return ((LinearAtom(gap, "<"),), (LinearAtom(gap, ">"),)) if wanted else ((LinearAtom(gap, "=="),),)
    return ((LinearAtom(gap, node.op if wanted else _OPPOSITE[node.op]),),)


def _mirrored(sign: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)


def _all_of(nodes: list[Node], record: Record) -> Alternatives:
    found = TRUE
    for node in nodes:
        found = _both(found, _condition(node, record, wanted=True))
    return found


def _sum(node: Node, record: Record) -> Sum:
    match node.op:
        case "number":
            return Sum({}, node.value if not isinstance(node.value, str) else 0)
        case "entry":
            return Sum({str(node.value): 1}, 0)
        case "rounding":
            return Sum({}, half_step(record.decimals.get(str(node.args[0].value), 0)))
        case "neg":
            return _times(_sum(node.args[0], record), -1)
        case "+" | "sum":
            total = Sum({}, 0)
            for arg in node.args:
                total = _plus(total, _sum(arg, record))
            return total
        case "-":
            return _minus(_sum(node.args[0], record), _sum(node.args[1], record))
        case "*" | "/":
            return _product(node, record)
        case _:
            raise NotLinear(node.op)


def _product(node: Node, record: Record) -> Sum:
    left, right = (_sum(arg, record) for arg in node.args)
    if node.op == "/":
        if right.coefficients or not right.constant:
            raise NotLinear("/")
        return _times(left, Fraction(1) / right.constant)
    if left.coefficients and right.coefficients:
        raise NotLinear("*")
    return _times(left, right.constant) if left.coefficients else _times(right, left.constant)


def _plus(left: Sum, right: Sum) -> Sum:
    names = dict.fromkeys((*left.coefficients, *right.coefficients))
    total = {name: left.coefficients.get(name, 0) + right.coefficients.get(name, 0) for name in names}
    return Sum({name: value for name, value in total.items() if value}, left.constant + right.constant)


def _minus(left: Sum, right: Sum) -> Sum:
    return _plus(left, _times(right, -1))


def _times(form: Sum, factor: Number) -> Sum:
    return Sum({name: value * factor for name, value in form.coefficients.items() if factor}, form.constant * factor)


def _number(node: Node, _record: Record, _wanted: bool) -> Alternatives:
    raise NotLinear(node.op)  # a number is no condition; it is read by its comparison


OPERATORS_OF_LINEAR: dict[str, Callable[[Node, Record, bool], Alternatives]] = {
    **dict.fromkeys(("number", "text", "entry", "previous", "neg", "+", "-", "*", "/"), _number),
    **dict.fromkeys(("abs", "min", "max", "sum", "round", "rounding"), _number),
    **dict.fromkeys(COMPARISONS, _comparison),
    "not": lambda node, record, wanted: _condition(node.args[0], record, wanted=not wanted),
    "and": _and,
    "or": _or,
    "=>": _implied,
    "both_or_neither": _equivalent,
    "not_both": _not_both,
    "blank": _settled,
    "is_integer": lambda _node, _record, wanted: TRUE if wanted else FALSE,
    "agrees": _agreement,
    "truncated": _truncation,
}
