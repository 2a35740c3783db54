"""Reading of a tree as a sentence, in Vietnamese or English, for the rule reference and `cchc explain`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from cchc_excel.form.language.syntax import Node, is_or_zero

# how tightly an operator binds: an argument that binds less is put in brackets
_BINDING = {"=>": 1, "or": 2, "and": 3, "not": 4, "+": 6, "-": 6, "*": 7, "/": 7, "neg": 8}
_SENTENCE = 4  # what is said in words
_COMPARISON = 5
_ATOM = 9

_COMMON = {
    "number": "{value}",
    "text": "“{value}”",
    "entry": "{name}",
    "neg": "−{0}",
    "+": "{0} + {1}",
    "-": "{0} − {1}",
    "*": "{0} × {1}",
    "/": "{0} : {1}",
    "==": "{0} = {1}",
    "!=": "{0} ≠ {1}",
    "<": "{0} < {1}",
    "<=": "{0} ≤ {1}",
    ">": "{0} > {1}",
    ">=": "{0} ≥ {1}",
    "abs": "|{0}|",
}

OPERATORS_OF_PROSE: Mapping[str, Mapping[str, str]] = {
    "vi": _COMMON
    | {
        "min": "số nhỏ nhất trong ({list})",
        "max": "số lớn nhất trong ({list})",
        "sum": "tổng của ({list})",
        "round": "{0} làm tròn đến {1} chữ số thập phân",
        "mod": "số dư của {0} chia cho {1}",
        "if": "{1} nếu {0}, còn không thì {2}",
        "first_nonblank": "số đầu tiên đã ghi trong ({list})",
        "or_zero": "{0} (để trống thì tính là 0)",
        "count_given": "số chỉ tiêu đã ghi trong ({list})",
        "in": "{0} là một trong ({rest})",
        "rounding": "phần làm tròn của {0}",
        "previous": "{0} của kỳ trước",
        "just_before": "{0} của kỳ liền trước",
        "same_period_last_year": "{0} của cùng kỳ năm trước",
        "blank": "{0} để trống",
        "is_integer": "{0} là số nguyên",
        "agrees": "{0} bằng 100 × {1} : {2} (sai khác không quá nửa chữ số cuối đã ghi)",
        "truncated": "{0} là 100 × {1} : {2} bị cắt bỏ phần lẻ",
        "not": "không phải là {0}",
        "and": "{0} và {1}",
        "or": "{0} hoặc {1}",
        "=>": "nếu {0} thì {1}",
        "both_or_neither": "{0} khi và chỉ khi {1}",
        "not_both": "không đồng thời {0} và {1}",
        "given": "{0} đã ghi",
    },
    "en": _COMMON
    | {
        "min": "the smallest of ({list})",
        "max": "the largest of ({list})",
        "sum": "the sum of ({list})",
        "round": "{0} rounded to {1} decimals",
        "mod": "the rest of {0} divided by {1}",
        "if": "{1} if {0}, else {2}",
        "first_nonblank": "the first given of ({list})",
        "or_zero": "{0} (0 if blank)",
        "count_given": "how many are given of ({list})",
        "in": "{0} is one of ({rest})",
        "rounding": "what {0} was rounded by",
        "previous": "{0} of the previous period",
        "just_before": "{0} of the period right before",
        "same_period_last_year": "{0} of the same period of the year before",
        "blank": "{0} is blank",
        "is_integer": "{0} is a whole number",
        "agrees": "{0} equals 100 × {1} : {2} (to within half of the last written decimal)",
        "truncated": "{0} is 100 × {1} : {2} cut off instead of rounded",
        "not": "it is not so that {0}",
        "and": "{0} and {1}",
        "or": "{0} or {1}",
        "=>": "if {0} then {1}",
        "both_or_neither": "{0} if and only if {1}",
        "not_both": "not both: {0}; {1}",
        "given": "{0} is given",
    },
}


def prose(node: Node, language: str, name: Callable[[str], str] = "[{}]".format) -> str:
    """Return the tree as a sentence without a final stop; `name` says how an id is called in it."""
    templates = OPERATORS_OF_PROSE[language]

    def read(node: Node) -> str:
        if node.op == "not" and node.args[0].op == "blank":
            return templates["given"].format(read(node.args[0].args[0]))
        args = [bracketed(arg, node) for arg in node.args]
        template = templates["or_zero" if is_or_zero(node) else node.op]
        return template.format(
            *args,
            value=_literal(node.value, language) if node.op == "number" else node.value,
            name=name(str(node.value)),
            list="; ".join(args),
            rest="; ".join(args[1:]),
        )

    def bracketed(arg: Node, parent: Node) -> str:
        text = read(arg)
        return f"({text})" if _needs_brackets(arg, parent) else text

    return read(node)


def _needs_brackets(arg: Node, parent: Node) -> bool:
    if _binds(arg) != _binds(parent):
        return _binds(arg) < _binds(parent)
    # a − (b − c) is not a − b − c
    return parent.op in {"-", "/", "=>"} and arg is not parent.args[0]


def _binds(node: Node) -> int:
    if node.op in _BINDING:
        return _BINDING[node.op]
    if node.op in _COMMON and len(node.args) == 2:
        return _COMPARISON
    return _SENTENCE if node.args else _ATOM


def _literal(value: int | Fraction | str, language: str) -> str:
    text = f"{float(value):.10g}" if isinstance(value, Fraction) else str(value)
    return text.replace(".", ",") if language == "vi" else text
