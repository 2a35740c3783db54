"""Sums of percentages: each was rounded as it is written, so their sum is right within what all of them lost.

63 % and 38 % make 101 % of 62,5 and 37,5. A comparison of several percentages therefore asks whether it can hold
between the closed intervals that the written figures stand for: half of the last written decimal each. What no cell
holds, such as the 100 of a rule, is exact.
"""

from __future__ import annotations

from collections.abc import Collection

from cchc_excel.form.language.syntax import Node

_SUMS = frozenset({"+", "-", "neg", "sum", "number", "entry", "first_nonblank"})


def with_rounding(node: Node, rounded: Collection[str]) -> Node:
    """Return the condition with room for rounding wherever it compares at least two of the entries `rounded`."""
    if node.op in {"<=", "<", ">=", ">", "=="}:
        return _compared(node, rounded)
    if not node.args:
        return node
    return node._replace(args=tuple(with_rounding(arg, rounded) for arg in node.args))


def without_rounding(node: Node) -> Node:
    """Return a side of a comparison as it was written in the rule."""
    while node.op == "+" and _is_room(node.args[1]):
        node = node.args[0]
    return node


def _is_room(node: Node) -> bool:
    return node.op == "rounding" or (node.op == "if" and node.args[2].op == "rounding")


def _room(key: str, *, may_be_blank: bool) -> Node:
    """What an entry was rounded by; a blank that counts as 0 was not."""
    entry = Node("entry", (), key)
    room = Node("rounding", (entry,))
    return Node("if", (Node("blank", (entry,)), Node("number"), room)) if may_be_blank else room


def _compared(node: Node, rounded: Collection[str]) -> Node:
    inner = list(node.walk())
    found = dict.fromkeys(str(it.value) for it in inner if it.op == "entry" and it.value in rounded)
    if len(found) < 2 or not all(it.op in _SUMS for it in inner[1:]):
        return node
    left, right = node.args
    zeros = {str(it.args[0].value) for it in inner if it.op == "first_nonblank"}
    room = [_room(key, may_be_blank=key in zeros) for key in found]
    if node.op == "==":
        gap = Node("abs", (Node("-", (left, right), 0, node.start, node.end),), 0, node.start, node.end)
        return Node("<=", (gap, Node("sum", tuple(room))), 0, node.start, node.end)
    for term in room:
        if node.op in {"<=", "<"}:
            right = Node("+", (right, term), 0, right.start, right.end)
        else:
            left = Node("+", (left, term), 0, left.start, left.end)
    return node._replace(args=(left, right))
