"""What the Excel reading is made of: where the cells are, what must be known, values, verdicts, Excel's limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

MAX_FORMULA, MAX_LEVELS, MAX_ARGUMENTS, MAX_TEXT = 8192, 64, 255, 255
TOLERANCE = "1.42E-14"  # 2**-46, of the larger side: 1e12 đồng with two decimals is still told apart
YES, NO = "TRUE", "FALSE"
NOT_APPLICABLE = '""'


class NotInExcel(ValueError):
    """The tree asks for a cell that is not there, or makes a formula beyond Excel's limits."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the figures stand: the reference of each entry's cell, such as `D10` or `Biểu!$D$10`.

    `answers` holds the ids of text cells with the answers that count; all others hold numbers. `previous` are
    the cells of an earlier submission; None where there is none, so that a check over time cannot be written.
    """

    at: Mapping[str, str]
    answers: Mapping[str, Collection[str]] = field(default_factory=dict)
    previous: Mapping[str, str] | None = None


class Known(NamedTuple):
    """What must be so before a value can be calculated: number cells filled, or at least not unread, and guards.

    A guard is a condition that can be calculated once those before it are true.
    """

    given: tuple[str, ...] = ()
    given_or_blank: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()

    def __or__(self, other: Known) -> Known:
        return Known(
            given=_each_once(self.given + other.given),
            given_or_blank=_each_once(self.given_or_blank + other.given_or_blank),
            guards=_each_once(self.guards + other.guards),
        )

    def then(self, value: str, otherwise: str) -> str:
        """The value where all this is so, else something else."""
        for guard in reversed(self.guards):
            value = f"IF({guard},{value},{otherwise})"
        numbers = _each_once(self.given + self.given_or_blank)
        if numbers:
            # as many numbers as cells, a blank counting as one where it may be
            blanks = "".join(f"+COUNTBLANK({cell})" for cell in self.given_or_blank if cell not in self.given)
            value = f"IF(COUNT({listed(numbers)}){blanks}={len(numbers)},{value},{otherwise})"
        return value


def _each_once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


class Value(NamedTuple):
    """A number or a text. `plain`: a cell or a literal, exact as it stands."""

    known: Known
    text: str
    plain: bool = False


class Strict(NamedTuple):
    """A condition that is not applicable exactly where something is not known, and its opposite."""

    known: Known
    truth: str
    denial: str

    @property
    def holds(self) -> str:
        return self.known.then(self.truth, NO)

    @property
    def fails(self) -> str:
        return self.known.then(self.denial, NO)


class Kleene(NamedTuple):
    """A condition by two formulas: whether it surely holds, and whether it surely fails."""

    holds: str
    fails: str


Condition: TypeAlias = Strict | Kleene


def within_limits(formula: str) -> str:
    """The formula, if Excel takes it. Raises NotInExcel."""
    outside_texts = "".join(formula.split('"')[::2])
    level = deepest = 0
    for sign in outside_texts:
        if sign == "(":
            level += 1
            deepest = max(deepest, level)
        elif sign == ")":
            level -= 1
    if len(formula) >= MAX_FORMULA or deepest > MAX_LEVELS:
        raise NotInExcel(f"{len(formula)} characters, {deepest} levels")
    return formula


def listed(arguments: Iterable[str]) -> str:
    """The arguments of a function. Raises NotInExcel if there are too many."""
    found = tuple(arguments)
    if len(found) > MAX_ARGUMENTS:
        raise NotInExcel(f"{len(found)} arguments")
    return ",".join(found)
