"""Reading of a tree as an Excel formula: 1 (holds), 0 (fails) or "" (not applicable).

A number cell is given if it holds a number, blank if it is empty or holds a formula's empty text, and unread
otherwise (a text, an error): neither blank nor zero. A text cell is given if it holds one of its answers. Only
functions that Excel 2010, WPS, LibreOffice share are used, and a formula's parts are calculated only where they
can be: AND and OR of Excel calculate all they are given, IF does not.

Cells hold binary numbers: a relative tolerance far below the last written decimal stands in for
exactness, and a percentage counts the fewest decimals that show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from cchc_excel.form.language.agreement import MAX_DECIMALS
from cchc_excel.form.language.excel_terms import (
    MAX_FORMULA,
    MAX_LEVELS,
    MAX_TEXT,
    NO,
    NOT_APPLICABLE,
    TOLERANCE,
    YES,
    Condition,
    Kleene,
    Known,
    NotInExcel,
    Strict,
    Value,
    Where,
    listed,
    within_limits,
)
from cchc_excel.form.language.syntax import EARLIER, Node, is_or_zero

__all__ = [
    "MAX_FORMULA",
    "MAX_LEVELS",
    "OPERATORS_OF_EXCEL",
    "NotInExcel",
    "Where",
    "excel_blank",
    "excel_number",
    "excel_unread",
    "excel_verdict",
]


Reading: TypeAlias = Callable[[Node, Where, bool], Any]


def excel_verdict(
    node: Node, where: Where, *, as_zero: bool = False, unless_none_of: Collection[Collection[str]] = ()
) -> str:
    """Return a condition's verdict as a formula without its `=`.

    `as_zero`: in sums and comparisons a blank counts as 0. `unless_none_of`: not applicable if none of one
    of these groups of entries is given. Raises NotInExcel.
    """
    found = _condition(node, where, as_zero)
    if isinstance(found, Strict):
        verdict = found.known.then(f"IF({found.truth},1,0)", NOT_APPLICABLE)
    else:
        verdict = f"IF({found.holds},1,IF({found.fails},0,{NOT_APPLICABLE}))"
    for group in unless_none_of:
        verdict = f"IF({_any_given(group, where)},{verdict},{NOT_APPLICABLE})"
    return within_limits(verdict)


def excel_number(node: Node, where: Where, *, as_zero: bool = False) -> str:
    """Return a numeric tree as a formula without its `=`, "" where it is not known. Raises NotInExcel."""
    value = _value(node, where, as_zero)
    return within_limits(value.known.then(value.text, NOT_APPLICABLE))


def excel_blank(key: str, where: Where) -> str:
    """Return the condition that nothing stands in an entry's cell."""
    return f"COUNTBLANK({_cell(key, where.at)})=1"


def excel_unread(key: str, where: Where) -> str:
    """Return the condition that something stands in an entry's cell that is none of its values."""
    return f"NOT({_readable(key, where).then(YES, NO)})"


def _condition(node: Node, where: Where, as_zero: bool) -> Condition:
    found: Condition = OPERATORS_OF_EXCEL[node.op](node, where, as_zero)
    return found


def _value(node: Node, where: Where, as_zero: bool) -> Value:
    found: Value = OPERATORS_OF_EXCEL[node.op](node, where, as_zero)
    return found


# --- cells


def _cell(key: str, places: Mapping[str, str] | None) -> str:
    if places is None or key not in places:
        raise NotInExcel(key)
    return places[key]


def _is_answer(key: str, where: Where) -> str:
    """The condition that a text cell holds one of its answers; EXACT, for `=` takes no notice of capitals."""
    cell = _cell(key, where.at)
    answers = listed(f"EXACT({cell},{_quoted(answer)})" for answer in where.answers[key])
    return f"IF(ISTEXT({cell}),OR({answers}),{NO})"


def _readable(key: str, where: Where) -> Known:
    if key in where.answers:
        return Known(guards=(f"IF({excel_blank(key, where)},{YES},{_is_answer(key, where)})",))
    return Known(given_or_blank=(_cell(key, where.at),))


def _any_given(keys: Collection[str], where: Where) -> str:
    numbers = [_cell(key, where.at) for key in keys if key not in where.answers]
    conditions = [_is_answer(key, where) for key in keys if key in where.answers]
    if numbers:
        conditions.append(f"COUNT({listed(numbers)})>0")
    return f"OR({listed(conditions)})"


def _entry(node: Node, where: Where, as_zero: bool) -> Value:
    key = str(node.value)
    cell = _cell(key, where.at)
    if key in where.answers:
        known = _readable(key, where) if as_zero else Known(guards=(_is_answer(key, where),))
        return Value(known, cell, plain=True)
    if as_zero:
        return Value(_readable(key, where), f"N({cell})", plain=True)
    return Value(Known(given=(cell,)), cell, plain=True)


def _previous(node: Node, where: Where, _: bool) -> Value:
    cell = _cell(str(node.args[0].value), where.previous)
    return Value(Known(given=(cell,)), cell, plain=True)


def _blank(node: Node, where: Where, _: bool) -> Kleene:
    (of,) = node.args
    if of.op in EARLIER:
        cell = _cell(str(of.args[0].value), where.previous)
        return Kleene(f"COUNTBLANK({cell})=1", f"COUNT({cell})=1")
    key = str(of.value)
    return Kleene(excel_blank(key, where), _given(key, where))


def _given(key: str, where: Where) -> str:
    return _is_answer(key, where) if key in where.answers else f"COUNT({_cell(key, where.at)})=1"


def _first_nonblank(node: Node, where: Where, as_zero: bool) -> Value:
    *entries, last = node.args
    keys = [str(entry.value) for entry in entries]
    if is_or_zero(node):
        return Value(_readable(keys[0], where), f"N({_cell(keys[0], where.at)})", plain=True)
    value = _value(last, where, as_zero)
    known, text = value.known.then(YES, NO), value.text
    for key in reversed(keys):
        is_given, is_blank = _given(key, where), excel_blank(key, where)
        known = f"IF({is_given},{YES},IF({is_blank},{known},{NO}))"
        text = f"IF({is_given},{_cell(key, where.at)},{text})"
    return Value(Known(guards=(known,)), text, value.plain)


def _count_given(node: Node, where: Where, _: bool) -> Value:
    times = Counter(str(arg.value) for arg in node.args)
    known = Known()
    terms = []
    for key, count in times.items():
        known |= _readable(key, where)
        terms.append(f"IF({_given(key, where)},{count},0)")
    return Value(known, f"({'+'.join(terms)})")


def _chosen(node: Node, where: Where, as_zero: bool) -> Value:
    """One of two numbers; the other need not be known."""
    condition = _condition(node.args[0], where, as_zero)
    then, otherwise = (_value(arg, where, as_zero) for arg in node.args[1:])
    if isinstance(condition, Strict):
        known, holds = condition.known, condition.truth
    else:
        known = Known(guards=(f"OR({condition.holds},{condition.fails})",))
        holds = condition.holds
    if then.known == otherwise.known:
        known |= then.known
    else:
        chosen_is_known = f"IF({holds},{then.known.then(YES, NO)},{otherwise.known.then(YES, NO)})"
        known |= Known(guards=(chosen_is_known,))
    return Value(known, f"IF({holds},{then.text},{otherwise.text})")


def _rest(number: str, divisor: str) -> str:
    """What is left by a division; a number that is a multiple but for its last binary digit leaves nothing."""
    nearest_multiple = f"{divisor}*ROUND({number}/{divisor},0)"
    is_multiple = f"ABS({number}-{nearest_multiple})<={TOLERANCE}*ABS({number})"
    return f"IF({is_multiple},0,{number}-{divisor}*INT({number}/{divisor}))"


# --- numbers


def _number(node: Node, _where: Where, _: bool) -> Value:
    value = Fraction(node.value)
    text = str(value.numerator) if value.denominator == 1 else repr(float(value))
    if Fraction(text) != value:
        text = f"({value.numerator}/{value.denominator})"
    return Value(Known(), text.replace("e", "E"), plain=True)


def _quoted(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise NotInExcel(text)
    return '"' + text.replace('"', '""') + '"'


def _text(node: Node, _where: Where, _: bool) -> Value:
    return Value(Known(), _quoted(str(node.value)), plain=True)


def _calculated(pattern: Callable[..., str]) -> Reading:
    """A number made of numbers; `pattern` writes the formula from its arguments' formulas."""

    def read(node: Node, where: Where, as_zero: bool) -> Value:
        values = [_value(arg, where, as_zero) for arg in node.args]
        return Value(_all_known(values), pattern(*(value.text for value in values)))

    return read


def _all_known(values: Iterable[Value | Strict]) -> Known:
    known = Known()
    for value in values:
        known |= value.known
    return known


def _joined(node: Node, where: Where, as_zero: bool) -> Value:
    """Sums and differences without brackets on their left, however long they are."""
    left, right = (_value(arg, where, as_zero) for arg in node.args)
    left_text = left.text
    if node.args[0].op in {"+", "-"}:
        left_text = left_text[1:-1]
    return Value(left.known | right.known, f"({left_text}{node.op}{right.text})")


def _quotient(node: Node, where: Where, as_zero: bool) -> Value:
    part, whole = (_value(arg, where, as_zero) for arg in node.args)
    known = part.known | whole.known
    divisor = node.args[1]
    may_be_zero = divisor.op != "number" or not divisor.value
    if may_be_zero:
        known |= Known(guards=(f"{whole.text}<>0",))
    return Value(known, f"({part.text}/{whole.text})")


def _function(name: str) -> Reading:
    return _calculated(lambda *values: f"{name}({listed(values)})")


# --- conditions


def _compared(node: Node, where: Where, as_zero: bool) -> Strict:
    left, right = (_value(arg, where, as_zero) for arg in node.args)
    known = left.known | right.known
    if any(_is_text(arg, where) for arg in node.args):
        same = f"EXACT({left.text},{right.text})"
        differs = f"NOT({same})"
        return Strict(known, same, differs) if node.op == "==" else Strict(known, differs, same)
    denied = _OPPOSITE[node.op]
    if left.plain and right.plain:
        sides = {"left": left.text, "right": right.text}
        return Strict(known, _AS_THEY_STAND[node.op].format(**sides), _AS_THEY_STAND[denied].format(**sides))
    gap = f"{left.text}-{right.text}"
    slack = f"{TOLERANCE}*MAX(ABS({left.text}),ABS({right.text}))"
    return Strict(
        known,
        truth=_BY_GAP[node.op].format(gap=gap, slack=slack),
        denial=_BY_GAP[denied].format(gap=gap, slack=slack),
    )


def _is_text(node: Node, where: Where) -> bool:
    return node.op == "text" or (node.op == "entry" and node.value in where.answers)


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_AS_THEY_STAND = {
    **{sign: "{left}" + sign + "{right}" for sign in ("<", "<=", ">", ">=")},
    "==": "{left}={right}",
    "!=": "{left}<>{right}",
}
_BY_GAP = {
    "<": "{gap}<-{slack}",
    "<=": "{gap}<={slack}",
    ">": "{gap}>{slack}",
    ">=": "{gap}>=-{slack}",
    "==": "ABS({gap})<={slack}",
    "!=": "ABS({gap})>{slack}",
}


def _one_of(node: Node, where: Where, as_zero: bool) -> Strict:
    subject, *literals = node.args
    equations = [_compared(Node("==", (subject, literal)), where, as_zero) for literal in literals]
    truths = listed(equation.truth for equation in equations)
    denials = listed(equation.denial for equation in equations)
    return Strict(equations[0].known, f"OR({truths})", f"AND({denials})")


def _is_integer(node: Node, where: Where, as_zero: bool) -> Strict:
    known, number, is_plain = _value(node.args[0], where, as_zero)
    nearest = f"ROUND({number},0)"
    if is_plain:
        return Strict(known, f"{nearest}={number}", f"{nearest}<>{number}")
    gap = f"ABS({number}-{nearest})"
    return Strict(known, f"{gap}<={TOLERANCE}", f"{gap}>{TOLERANCE}")


def _judged(*, cut_off: bool) -> Reading:
    """A percentage against its components, multiplied out so that whole numbers stand on both sides."""

    def read(node: Node, where: Where, as_zero: bool) -> Strict:
        written = _value(node.args[0], where, False)
        part, whole = (_value(arg, where, as_zero) for arg in node.args[1:])
        known = written.known | part.known | whole.known | Known(guards=(f"{whole.text}<>0",))
        places = _places(written.text)
        shown, exact = f"{written.text}*{whole.text}", f"100*{part.text}"
        slack = f"{TOLERANCE}*MAX(ABS({shown}),ABS({exact}))"
        right = f"(2*ABS({shown}-{exact})-{slack})*{places}<=ABS({whole.text})"
        if not cut_off:
            return Strict(known, right, f"NOT({right})")
        # less than one step below the exact value, and a whole number of steps
        rest = f"({exact}-{shown})*SIGN({whole.text})"
        below = f"{rest}>=-{slack},({rest}+{slack})*{places}<ABS({whole.text})"
        on_step = f"ROUND({written.text},{MAX_DECIMALS})={written.text}"
        cut = f"AND(NOT({right}),{below},{on_step})"
        return Strict(known, cut, f"NOT({cut})")

    return read


def _places(written: str) -> str:
    """10 to the fewest decimals that show a figure, at most 6."""
    found = f"1E{MAX_DECIMALS}"
    for decimals in reversed(range(MAX_DECIMALS)):
        found = f"IF(ROUND({written},{decimals})={written},{10**decimals},{found})"
    return found


def _rounding(node: Node, where: Where, as_zero: bool) -> Value:
    cell = _cell(str(node.args[0].value), where.at)
    if as_zero:
        return Value(Known(given_or_blank=(cell,)), f"IF(COUNT({cell})=1,0.5/{_places(cell)},0)")
    return Value(Known(given=(cell,)), f"(0.5/{_places(cell)})")


def _not(node: Node, where: Where, as_zero: bool) -> Condition:
    return _opposite(_condition(node.args[0], where, as_zero))


def _opposite(found: Condition) -> Condition:
    if isinstance(found, Strict):
        return Strict(found.known, found.denial, found.truth)
    return Kleene(found.fails, found.holds)


def _both(left: Condition, right: Condition) -> Condition:
    if isinstance(left, Strict) and isinstance(right, Strict) and left.known == right.known:
        return Strict(
            left.known,
            truth=f"AND({left.truth},{right.truth})",
            denial=f"OR({left.denial},{right.denial})",
        )
    return Kleene(
        holds=f"AND({left.holds},{right.holds})",
        fails=f"OR({left.fails},{right.fails})",
    )


def _either(left: Condition, right: Condition) -> Condition:
    """One of two is the opposite of neither, in the logic of three values, too."""
    return _opposite(_both(_opposite(left), _opposite(right)))


def _alike(left: Condition, right: Condition) -> Condition:
    if isinstance(left, Strict) and isinstance(right, Strict):
        return Strict(
            left.known | right.known,
            truth=f"({left.truth})=({right.truth})",
            denial=f"({left.truth})<>({right.truth})",
        )
    both_hold = f"AND({left.holds},{right.holds})"
    both_fail = f"AND({left.fails},{right.fails})"
    left_alone = f"AND({left.holds},{right.fails})"
    right_alone = f"AND({left.fails},{right.holds})"
    return Kleene(holds=f"OR({both_hold},{both_fail})", fails=f"OR({left_alone},{right_alone})")


def _of_two(join: Callable[[Condition, Condition], Condition]) -> Reading:
    return lambda node, where, as_zero: join(*(_condition(arg, where, as_zero) for arg in node.args))


OPERATORS_OF_EXCEL: dict[str, Reading] = {
    "number": _number,
    "text": _text,
    "entry": _entry,
    **dict.fromkeys(EARLIER, _previous),  # one earlier report stands in the workbook: who writes a check asks which
    "neg": _calculated(lambda value: f"(-{value})"),
    "+": _joined,
    "-": _joined,
    "*": _calculated(lambda left, right: f"({left}*{right})"),
    "/": _quotient,
    "abs": _function("ABS"),
    "min": _function("MIN"),
    "max": _function("MAX"),
    "sum": _function("SUM"),
    "round": _calculated(lambda value, places: f"ROUND({value}*(1+{TOLERANCE}),{places})"),
    "mod": _calculated(_rest),
    "if": _chosen,
    "first_nonblank": _first_nonblank,
    "count_given": _count_given,
    "rounding": _rounding,
    "is_integer": _is_integer,
    "blank": _blank,
    "agrees": _judged(cut_off=False),
    "truncated": _judged(cut_off=True),
    "in": _one_of,
    "not": _not,
    "and": _of_two(_both),
    "or": _of_two(_either),
    "=>": _of_two(lambda left, right: _either(_opposite(left), right)),
    "both_or_neither": _of_two(_alike),
    "not_both": _of_two(lambda left, right: _opposite(_both(left, right))),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _compared),
}
