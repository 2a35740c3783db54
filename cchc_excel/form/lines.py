"""YAML whose every value remembers its line: form folders are written by hand, and mistakes must be found.

Scalars stay texts (`1.10` is an id, not a number); what they mean is decided where they are used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cchc_excel.errors import Mistake
from cchc_excel.form.period import ALL_PARTS, MONTHS, QUARTERS, Period, When

# Every scalar stays a text, so the loader that resolves no types is enough, and a third faster.
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_BYTES = 4 * 2**20  # of a file; the standard form's rules have 0.1 MiB
MOST_DEPTH = 20  # values in values; a form has six


class Line(int):
    """The number of a line that knows its file: a form may be made of the files of several folders."""

    file: str

    def __new__(cls, number: int, file: str) -> Line:
        line = super().__new__(cls, number)
        line.file = file
        return line

    def __reduce__(self) -> tuple[type[Line], tuple[int, str]]:
        return Line, (int(self), self.file)

    @property
    def place(self) -> str:
        """`cchc_xa_quy/form.yaml:52`."""
        return f"{self.file}:{int(self)}"


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
        file = line.file if isinstance(line, Line) else self.file
        mistake = Mistake(file, int(line), kind, tuple((key, str(value)) for key, value in facts.items()))
        if mistake not in self.found:  # of a rule that stands for several rows, each says the same
            self.found.append(mistake)


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
        return Located({}, Line(1, mistakes.file))
    return _located(node, mistakes, set()) if node is not None else Located({}, Line(1, mistakes.file))


def _located(node: Any, mistakes: Mistakes, seen: set[int], depth: int = 0) -> Located:
    """The value of a node. One that is `seen` already is an alias, and the same node again."""
    line = Line(node.start_mark.line + 1, mistakes.file)
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

    def day(self, name: str, *, last: bool = False) -> date | None:
        """A day, or the first (or last) day of a period: `2025-07-01`, `2025-Q3`."""
        value = self.get(name)
        if value is None:
            return None
        try:
            if _DAY.fullmatch(str(value)):
                return date.fromisoformat(str(value))
            days = Period.parse(str(value)).calendar_days
        except ValueError:
            self.bad(name, "2025-Q3, 2025-08, 2025, 2025-07-01")
            return None
        return days.last if last else days.first

    def when(self) -> When:
        """For which periods the thing holds: `from`, `until`, and `only` these parts of a year."""
        first, last = self.day("from"), self.day("until", last=True)
        if first is not None and last is not None and first > last:
            self.bad("until", f">= {self.get('from')}")
        return When(first, last, self.parts("only"))

    def parts(self, name: str) -> tuple[str, ...]:
        """Parts of a year: `[month, quarter, H1, Y]`, in the order of the year."""
        said = self.texts(name)
        known = {**{part: (part,) for part in ALL_PARTS}, "month": MONTHS, "quarter": QUARTERS}
        if not set(said) <= known.keys():
            self.bad(name, ", ".join(part for part in known if part not in MONTHS))
        meant = {part for word in said for part in known.get(word, ())}
        return tuple(part for part in ALL_PARTS if part in meant)

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
