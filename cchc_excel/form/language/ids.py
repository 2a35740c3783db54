"""Reading of a tree as the entries involved."""

from __future__ import annotations

from cchc_excel.form.language.syntax import EARLIER, Node


def ids(node: Node) -> tuple[str, ...]:
    """Ids of this period's entries, each once, in the order of the text."""
    return tuple(dict.fromkeys(_walk(node, previous=False)))


def every_id(node: Node) -> list[str]:
    """Ids of all entries, of this period and of earlier ones, as often as they stand in the text."""
    if node.op == "entry":
        return [str(node.value)]
    return [found for arg in node.args for found in every_id(arg)]


def previous_ids(node: Node) -> tuple[str, ...]:
    """Ids of the entries that are taken from earlier reports, each once."""
    return tuple(dict.fromkeys(_walk(node, previous=True)))


def earlier_functions(node: Node) -> tuple[str, ...]:
    """The functions by which figures are taken from earlier reports, each once."""
    return tuple(dict.fromkeys(inner.op for inner in node.walk() if inner.op in EARLIER))


def _walk(node: Node, *, previous: bool, inside: bool = False) -> list[str]:
    if node.op == "entry":
        return [str(node.value)] if inside == previous else []
    inside = inside or node.op in EARLIER
    return [found for arg in node.args for found in _walk(arg, previous=previous, inside=inside)]
