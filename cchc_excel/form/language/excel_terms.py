"""What the Excel reading is made of: where the cells are, what must be known, values, verdicts, Excel's limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
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
        return Known(*(tuple(dict.fromkeys((*mine, *theirs))) for mine, theirs in zip(self, other, strict=True)))

    def then(self, value: str, otherwise: str) -> str:
        """The value where all this is so, else something else."""
        numbers = dict.fromkeys((*self.given, *self.given_or_blank))
        conditions = list(self.guards)
        if numbers:
            blanks = (f"+COUNTBLANK({cell})" for cell in self.given_or_blank if cell not in self.given)
            conditions.insert(0, f"COUNT({listed(numbers)}){''.join(blanks)}={len(numbers)}")
        for condition in reversed(conditions):
            value = f"IF({condition},{value},{otherwise})"
        return value


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
    unquoted = "".join(formula.split('"')[::2])
    levels = max(accumulate({"(": 1, ")": -1}.get(sign, 0) for sign in unquoted))
    if len(formula) >= MAX_FORMULA or levels > MAX_LEVELS:
        raise NotInExcel(f"{len(formula)} characters, {levels} levels")
    return formula


def listed(arguments: Iterable[str]) -> str:
    """The arguments of a function. Raises NotInExcel if there are too many."""
    found = tuple(arguments)
    if len(found) > MAX_ARGUMENTS:
        raise NotInExcel(f"{len(found)} arguments")
    return ",".join(found)
