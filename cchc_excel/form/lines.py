"""YAML whose every value remembers its line: form folders are written by hand, and mistakes must be found.

Scalars stay texts (`1.10` is an id, not a number); what they mean is decided where they are used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cchc_excel.errors import Mistake

# Every scalar stays a text, so the loader that resolves no types is enough, and a third faster.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_BYTES = 4 * 2**20  # of a file; the standard form's rules have 0.1 MiB
MOST_DEPTH = 20  # values in values; a form has six


class Located(NamedTuple):
    """A value with the line it stands on: a text, None, a list of these, or a mapping of texts to these."""

    value: Any
    line: int


@dataclass(slots=True)
class Mistakes:
    """Collects what is wrong in one file, so that everything is said at once."""

    file: str
    found: list[Mistake] = field(default_factory=list)

    def add(self, line: int, kind: str, /, **facts: object) -> None:
        self.found.append(Mistake(self.file, line, kind, tuple((key, str(value)) for key, value in facts.items())))


def plain(text: str) -> Any:
    """Return the document of a text of our own, every scalar a text."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - it makes texts only


def load_file(path: Path, mistakes: Mistakes) -> Located:
    """Return the document of a file; one that is larger than any form, or no UTF-8, is a mistake too."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        mistakes.add(1, "too_large", most=MOST_BYTES // 2**20)
        return Located({}, 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.add(data.count(b"\n", 0, error.start) + 1, "not_utf8")
        return Located({}, 1)
    return load(text, mistakes)


def load(text: str, mistakes: Mistakes) -> Located:
    """Return the document; one that is no YAML is an empty mapping and a mistake.

    So is one with an alias (`*name`), since what it stands for could be a billion values, or itself.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or type(error).__name__
        mistakes.add(mark.line + 1 if mark else 1, "not_yaml", detail=detail)
        return Located({}, 1)
    return _located(node, mistakes, set()) if node is not None else Located({}, 1)


def _located(node: Any, mistakes: Mistakes, seen: set[int], depth: int = 0) -> Located:
    """The value of a node. One that is `seen` already is an alias, and the same node again."""
    line = node.start_mark.line + 1
    if id(node) in seen or depth > MOST_DEPTH:
        mistakes.add(line, "alias" if id(node) in seen else "too_deep", most=MOST_DEPTH)
        return Located(None, line)
    seen.add(id(node))
    if node.id == "scalar":
        blank = node.value in {"", "~", "null"} and not node.style
        return Located(None if blank else node.value, line)
    if node.id == "sequence":
        return Located([_located(item, mistakes, seen, depth + 1) for item in node.value], line)
    mapping: dict[str, Located] = {}
    for key, value in node.value:
        if key.id != "scalar":
            mistakes.add(key.start_mark.line + 1, "not_yaml", detail="a key that is no text")
            continue
        if key.value in mapping:
            mistakes.add(key.start_mark.line + 1, "duplicate_id", id=key.value)
        mapping[str(key.value)] = _located(value, mistakes, seen, depth + 1)
    return Located(mapping, line)


class Fields:
    """Typed reading of one mapping: each method takes a field, and notes a mistake if it is not of its kind."""

    def __init__(self, located: Located, mistakes: Mistakes, known: frozenset[str]) -> None:
        self.line, self.mistakes = located.line, mistakes
        self.fields: dict[str, Located] = located.value if isinstance(located.value, dict) else {}
        if not isinstance(located.value, dict):
            mistakes.add(located.line, "bad_value", field="-", value=located.value, allowed="{…}")
        for name in self.fields.keys() - known:
            nearest = ", ".join(get_close_matches(name, known, 2)) or ", ".join(sorted(known))
            mistakes.add(self.fields[name].line, "unknown_field", field=name, nearest=nearest)

    def line_of(self, name: str) -> int:
        return self.fields[name].line if name in self.fields else self.line

    def get(self, name: str) -> Any:
        located = self.fields.get(name)
        return None if located is None else located.value

    def bad(self, name: str, allowed: str) -> None:
        self.mistakes.add(self.line_of(name), "bad_value", field=name, value=self.get(name), allowed=allowed)

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            self.bad(name, "text")
            return default
        return value

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            self.mistakes.add(self.line, "missing_field", field=name)
        return value

    def one_of(self, name: str, allowed: Any, default: Any) -> Any:
        """A member of the enumeration `allowed`, by its value."""
        value = self.get(name)
        if value is None:
            return default
        try:
            return allowed(value)
        except ValueError:
            self.bad(name, ", ".join(allowed))
            return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.get(name)
        if value is None:
            return default
        if value not in {"true", "false"}:
            self.bad(name, "true, false")
        return bool(value == "true")

    def number(self, name: str) -> Fraction | None:
        value = self.get(name)
        return None if value is None else self._number(name, value)

    def _number(self, name: str, value: Any) -> Fraction | None:
        try:
            return Fraction(value)
        except (ValueError, TypeError, ZeroDivisionError):
            self.bad(name, "number")
            return None

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item.value, str) for item in value):
            self.bad(name, "[text, …]")
            return ()
        return tuple(item.value for item in value)

    def items(self, name: str) -> list[Located]:
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.bad(name, "[…]")
            return []
        return value
