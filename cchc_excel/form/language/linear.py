"""Reading of a tree as linear constraints, for the solver that locates errors.

A condition becomes its disjunctive normal form: alternatives, each a tuple of atoms that hold
together. What is blank or given is a fact here, not a question: `record` settles it. A tree that
no finite set of linear constraints can say (a product of entries, `round`) raises NotLinear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from cchc_excel.form.language.agreement import half_step
from cchc_excel.form.language.one import Record, compile_condition, compile_number
from cchc_excel.form.language.syntax import COMPARISONS, EARLIER, Node

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

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def linear(node: Node, record: Record) -> Alternatives:
    """Return the alternatives of a condition. Raises NotLinear."""
    return _condition(node, record, wanted=True)


def numbered(node: Node, answers: Mapping[str, Sequence[str]]) -> Node:
    """The condition with each answer as its place among those of its row, so that it can be an unknown like a figure.

    Raises NotLinear where two questions with other answers are compared.
    """
    if not node.args:
        return node
    questions = [str(arg.value) for arg in node.args if arg.op == "entry" and arg.value in answers]
    if node.op not in {"==", "!=", "in"} or not questions:
        return node._replace(args=tuple(numbered(arg, answers) for arg in node.args))
    options = answers[questions[0]]
    if any(answers[question] != options for question in questions):
        raise NotLinear("other answers")
    return node._replace(args=tuple(_place(arg, options) if arg.op == "text" else arg for arg in node.args))


def _place(answer: Node, options: Sequence[str]) -> Node:
    """The number of an answer; -1, which no unknown can be, for a text that is none."""
    place = options.index(str(answer.value)) if answer.value in options else -1
    return Node("number", (), place, answer.start, answer.end)


def _condition(node: Node, record: Record, *, wanted: bool) -> Alternatives:
    return OPERATORS_OF_LINEAR[node.op](node, record, wanted)


def _both(left: Alternatives, right: Alternatives) -> Alternatives:
    if len(left) * len(right) > MOST_ALTERNATIVES:
        raise NotLinear("too many alternatives")
    return tuple((*left_atoms, *right_atoms) for left_atoms in left for right_atoms in right)


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
    # with the left side true the right one is as wanted, with the left side false the reverse
    with_left = _both(_condition(left, record, wanted=True), _condition(right, record, wanted=wanted))
    without_left = _both(_condition(left, record, wanted=False), _condition(right, record, wanted=not wanted))
    return _either(with_left, without_left)


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
    if wanted:
        # a bound on the greatest of several is one on each of them: no alternatives are needed
        comparisons = _of_each(left, node.op, right) or _of_each(right, _mirrored(node.op), left)
        if comparisons:
            return _all_of(comparisons, record)
    for side in node.args:
        for inner in side.walk():
            if inner.op in _CHOICES:
                return _lifted(node, inner, record, wanted)
    gap = _minus(_sum(left, record), _sum(right, record))
    sign = node.op if wanted else _OPPOSITE[node.op]
    signs = ("<", ">") if sign == "!=" else (sign,)
    return tuple((LinearAtom(gap, sign),) for sign in signs)


def _of_each(side: Node, sign: str, bound: Node) -> list[Node]:
    """The comparisons that a bound on `abs`, `max` or `min` comes to together; none where it is no such bound."""
    arguments: tuple[Node, ...] = ()
    if sign in {"<", "<="} and side.op == "abs":
        arguments = (side.args[0], Node("neg", side.args))
    elif (sign in {"<", "<="} and side.op == "max") or (sign in {">", ">="} and side.op == "min"):
        arguments = side.args
    return [Node(sign, (argument, bound)) for argument in arguments]


def _one_of(node: Node, record: Record, wanted: bool) -> Alternatives:
    """One of some figures; denied, in one of the gaps between them."""
    subject, *literals = node.args
    if literals[0].op == "text":
        return _settled(node, record, wanted)
    values = sorted({literal.value for literal in literals if not isinstance(literal.value, str)})
    figures = [Node("number", (), value) for value in values]
    if wanted:
        found = FALSE
        for figure in figures:
            found = _either(found, _condition(Node("==", (subject, figure)), record, wanted=True))
        return found
    found = _condition(Node("<", (subject, figures[0])), record, wanted=True)
    for low, high in pairwise(figures):
        found = _either(found, _all_of([Node(">", (subject, low)), Node("<", (subject, high))], record))
    return _either(found, _condition(Node(">", (subject, figures[-1])), record, wanted=True))


def _lifted(node: Node, choice: Node, record: Record, wanted: bool) -> Alternatives:
    """A comparison that holds a choice between numbers: each of them under its condition."""
    found = FALSE
    for conditions, number in _CHOICES[choice.op](choice.args):
        under = _all_of(conditions, record)
        found = _either(found, _both(under, _condition(_replaced(node, choice, number), record, wanted=wanted)))
    return found


def _replaced(node: Node, choice: Node, number: Node) -> Node:
    if node is choice:
        return number
    if not node.args:
        return node
    return node._replace(args=tuple(_replaced(arg, choice, number) for arg in node.args))


Options: TypeAlias = list[tuple[list[Node], Node]]


def _of_if(args: tuple[Node, ...]) -> Options:
    condition, then, otherwise = args
    return [([condition], then), ([Node("not", (condition,))], otherwise)]


def _of_abs(args: tuple[Node, ...]) -> Options:
    (number,) = args
    zero = Node("number", (), 0)
    return [
        ([Node(">=", (number, zero))], number),
        ([Node("<", (number, zero))], Node("neg", args)),
    ]


def _of_extreme(sign: str) -> Callable[[tuple[Node, ...]], Options]:
    """The first of those that no other surpasses."""

    def options(args: tuple[Node, ...]) -> Options:
        found: Options = []
        for place, arg in enumerate(args):
            # stricter against those before it than against those after it: of several equal ones the first alone
            before = [Node(sign, (arg, earlier)) for earlier in args[:place]]
            after = [Node(f"{sign}=", (arg, later)) for later in args[place + 1 :]]
            found.append((before + after, arg))
        return found

    return options


_CHOICES: dict[str, Callable[[tuple[Node, ...]], Options]] = {
    "if": _of_if,
    "abs": _of_abs,
    "min": _of_extreme("<"),
    "max": _of_extreme(">"),
}


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
        case "count_given":
            return Sum({}, _known(node, record))
        case "first_nonblank":
            return _sum(_first_given(node, record), record)
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


def _known(node: Node, record: Record) -> Number:
    """A number that follows from which cells are filled."""
    number = compile_number(node)(record)
    if number is None or isinstance(number, str):
        raise NotLinear("not known")
    return number


def _first_given(node: Node, record: Record) -> Node:
    for entry in node.args[:-1]:
        if entry.value in record.unread:
            raise NotLinear("not known")
        if entry.value in record.values:
            return entry
    return node.args[-1]


def _product(node: Node, record: Record) -> Sum:
    left, right = (_sum(arg, record) for arg in node.args)
    if node.op == "/":
        if right.coefficients or not right.constant:
            raise NotLinear("/")
        return _times(left, Fraction(1) / right.constant)
    if not right.coefficients:
        return _times(left, right.constant)
    if not left.coefficients:
        return _times(right, left.constant)
    raise NotLinear("*")


def _plus(left: Sum, right: Sum) -> Sum:
    coefficients = dict(left.coefficients)
    for name, coefficient in right.coefficients.items():
        coefficients[name] = coefficients.get(name, 0) + coefficient
    not_cancelled = {name: coefficient for name, coefficient in coefficients.items() if coefficient}
    return Sum(not_cancelled, left.constant + right.constant)


def _minus(left: Sum, right: Sum) -> Sum:
    return _plus(left, _times(right, -1))


def _times(form: Sum, factor: Number) -> Sum:
    coefficients: dict[str, Number] = {}
    if factor:
        coefficients = {name: coefficient * factor for name, coefficient in form.coefficients.items()}
    return Sum(coefficients, form.constant * factor)


def _number(node: Node, _record: Record, _wanted: bool) -> Alternatives:
    raise NotLinear(node.op)  # a number is no condition; it is read by its comparison


OPERATORS_OF_LINEAR: dict[str, Callable[[Node, Record, bool], Alternatives]] = {
    **dict.fromkeys(("number", "text", "entry", *EARLIER, "neg", "+", "-", "*", "/"), _number),
    **dict.fromkeys(("abs", "min", "max", "sum", "round", "rounding", "mod", "if"), _number),
    **dict.fromkeys(("first_nonblank", "count_given"), _number),
    **dict.fromkeys(COMPARISONS, _comparison),
    "in": _one_of,
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
