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
    lines: list[str] = [f"# {line}" for line in head.splitlines()]
    removed_codes = [_scalar(code) for code in removed]
    if removed_codes:
        lines.append(f"remove: [{', '.join(removed_codes)}]")
    lines.append("checks:")
    origins: dict[int, Any] = dict.fromkeys(range(1, len(lines) + 1))
    for rule in rules:
        lead = "  - "  # the first line of a rule begins an item of the list
        for name, (value, origin) in rule.items():
            for line in _field(name, value):
                lines.append(lead + line)
                origins[len(lines)] = origin
                lead = "    "
        lines.append("")
        origins[len(lines)] = None
    return Text("\n".join(lines), origins)


def _field(name: str, value: Any) -> Iterator[str]:
    """The lines of a field."""
    if isinstance(value, Mapping) and name == "en":
        yield f"{name}:"
        for key, inner in value.items():
            yield f"  {key}: {_scalar(inner)}"
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        yield f"{name}:"
        for item in value:
            yield f"  - {_flow(item)}"
    else:
        yield f"{name}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return "~" if value is None else json.dumps(str(value), ensure_ascii=False)
