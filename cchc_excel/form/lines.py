"""Values that remember their line, read as what they must be: forms are written by hand, and mistakes must be found.

Scalars stay texts (`1.10` is an id, not a number); what they mean is decided where they are used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NamedTuple

from cchc_excel.errors import Mistake
from cchc_excel.form.period import ALL_PARTS, MONTHS, QUARTERS, Period, When

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


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
    """Collects what is wrong in one file, so that everything is said at once, in the order of finding."""

    file: str
    found: dict[Mistake, None] = field(default_factory=dict)

    def add(self, line: int, kind: str, /, **facts: object) -> None:
        file = line.file if isinstance(line, Line) else self.file
        shown = tuple((key, _shown(value)) for key, value in facts.items())
        # once: of a rule that stands for several rows, each says the same
        self.found[Mistake(file, int(line), kind, shown)] = None


def _shown(value: object) -> str:
    """A value as a mistake tells it: of a list or a mapping that it is one, since what is in it may be long."""
    if isinstance(value, Located):
        return _shown(value.value)
    if isinstance(value, dict):
        return "{…}"
    return "[…]" if isinstance(value, list) else str(value)


class Fields:
    """Typed reading of one mapping: each method takes a field, and notes a mistake if it is not of its kind."""

    def __init__(self, located: Located, mistakes: Mistakes, known: frozenset[str]) -> None:
        self.line, self.mistakes = located.line, mistakes
        self.fields: dict[str, Located] = {}
        if isinstance(located.value, dict):
            self.fields = located.value
        else:
            mistakes.add(located.line, "bad_value", field="-", value=located.value, allowed="{…}")
        for name in self.fields:  # in the order of the file
            if name in known:
                continue
            nearest = get_close_matches(name, known, 2) or sorted(known)
            mistakes.add(self.fields[name].line, "unknown_field", field=name, nearest=", ".join(nearest))

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
        words = self.texts(name)
        parts_of: dict[str, tuple[str, ...]] = {part: (part,) for part in ALL_PARTS}
        parts_of |= {"month": MONTHS, "quarter": QUARTERS}
        if not parts_of.keys() >= set(words):
            self.bad(name, ", ".join(word for word in parts_of if word not in MONTHS))
        meant = {part for word in words for part in parts_of.get(word, ())}
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
