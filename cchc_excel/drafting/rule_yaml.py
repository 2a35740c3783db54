"""Rules as the text of a checks.yaml, each value on lines of its own, so that a line leads back to a cell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

Cell = TypeVar("Cell")


class Text(NamedTuple):
    """The text of a file, and for each of its lines, the first is 1, where it comes from."""

    text: str
    origin: Mapping[int, Any]


def rules_text(rules: Iterable[Mapping[str, tuple[Any, Any]]], removed: Iterable[str], head: str) -> Text:
    """Write rules, each field a value with its origin, and take out those that are inherited."""
    lines: list[tuple[str, Any]] = [(f"# {line}", None) for line in head.splitlines()]
    gone = list(removed)
    if gone:
        lines.append((f"remove: [{', '.join(map(_scalar, gone))}]", None))
    lines.append(("checks:", None))
    for rule in rules:
        for number, (name, (value, origin)) in enumerate(rule.items()):
            lead = "  - " if number == 0 else "    "
            lines += [(f"{lead if first else '    '}{line}", origin) for first, line in _field(name, value)]
        lines.append(("", None))
    return Text("\n".join(line for line, _ in lines), {at: origin for at, (_, origin) in enumerate(lines, 1)})


def _field(name: str, value: Any) -> Iterator[tuple[bool, str]]:
    """The lines of a field, each with whether it is the first."""
    if isinstance(value, Mapping) and name == "en":
        yield True, f"{name}:"
        yield from ((False, f"  {key}: {_scalar(inner)}") for key, inner in value.items())
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        yield True, f"{name}:"
        yield from ((False, f"  - {_flow(item)}") for item in value)
    else:
        yield True, f"{name}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return "~" if value is None else json.dumps(str(value), ensure_ascii=False)
