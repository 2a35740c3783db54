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
    if not may_be_blank:
        return room
    zero = Node("number")
    return Node("if", (Node("blank", (entry,)), zero, room))


def _compared(node: Node, rounded: Collection[str]) -> Node:
    """A comparison with room for what its entries lost; as it is, where it is no comparison of sums of them."""
    _, *below = node.walk()
    keys = dict.fromkeys(str(inner.value) for inner in below if inner.op == "entry" and inner.value in rounded)
    if len(keys) < 2 or not all(inner.op in _SUMS for inner in below):
        return node
    left, right = node.args
    may_be_blank = {str(inner.args[0].value) for inner in below if inner.op == "first_nonblank"}
    rooms = [_room(key, may_be_blank=key in may_be_blank) for key in keys]
    if node.op == "==":
        gap = Node("-", (left, right), 0, node.start, node.end)
        gap = Node("abs", (gap,), 0, node.start, node.end)
        return Node("<=", (gap, Node("sum", tuple(rooms))), 0, node.start, node.end)
    for term in rooms:
        if node.op in {"<=", "<"}:
            right = Node("+", (right, term), 0, right.start, right.end)
        else:
            left = Node("+", (left, term), 0, left.start, left.end)
    return node._replace(args=(left, right))
