"""What localising speaks of: variables, relations between them, and the answer; no forms, no sentences.

Every number is an `int` or a `Fraction`: a float is refused, since 0.1 is not a tenth and an
accepted record must never be blamed. A blank is `None`: it is not doubted, costs nothing, and may
take any value of its domain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

Number: TypeAlias = int | Fraction
Values: TypeAlias = Mapping[str, Number | None]


class Undecided(ArithmeticError):
    """The work allowed was used up before an answer was certain; `subject` names what was asked."""

    def __init__(self, subject: str = "") -> None:
        super().__init__(subject)
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Variable:
    """One entry: its domain (both bounds inside it), whether it counts, and the cost of doubting it.

    `weight` is above 0. A `fixed` variable is never doubted: a figure from elsewhere, a constant.
    """

    id: str
    integer: bool = False
    lower: Number | None = 0
    upper: Number | None = None
    weight: Number = 1
    fixed: bool = False

    def __post_init__(self) -> None:
        _exact(self.id, self.lower, self.upper, self.weight)
        if self.weight <= 0:
            raise ValueError(f"{self.id}: weight must be above 0")

    def admits(self, value: Number) -> bool:
        """Whether a value lies in the domain."""
        if self.integer and value.denominator != 1:
            return False
        return (self.lower is None or value >= self.lower) and (self.upper is None or value <= self.upper)


@dataclass(frozen=True, slots=True)
class Linear:
    """`lower <= sum(coefficient * variable) <= upper`; `None` is no bound, equal bounds an equation.

    With `strict_lower` or `strict_upper` that bound itself is not allowed.
    """

    id: str
    coefficients: Mapping[str, Number]
    lower: Number | None = None
    upper: Number | None = None
    strict_lower: bool = False
    strict_upper: bool = False

    def __post_init__(self) -> None:
        _exact(self.id, self.lower, self.upper, *self.coefficients.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """The variables it speaks of."""
        return tuple(self.coefficients)

    @property
    def is_equation(self) -> bool:
        """Whether it determines the sum."""
        return self.lower is not None and self.lower == self.upper

    def holds(self, point: Mapping[str, Number]) -> bool:
        """Whether it holds where every variable has a value."""
        total = sum(coefficient * point[name] for name, coefficient in self.coefficients.items())
        if self.lower is not None:
            is_below = total <= self.lower if self.strict_lower else total < self.lower
            if is_below:
                return False
        if self.upper is not None:
            is_above = total >= self.upper if self.strict_upper else total > self.upper
            if is_above:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage of two others: `|percentage * whole - 100 * part| <= tolerance * whole`, `whole >= 0`.

    A percentage that is free imposes only that some value of its domain would fit, and nothing where
    the whole is 0: there it is left blank (other relations over it must still hold for some value).
    A percentage that is held over a whole *written* as 0 is let stand, or with `blank_at_zero` is wrong;
    a whole of 0 is never what a held percentage needs, or it would explain every wrong one.
    """

    id: str
    percentage: str
    part: str
    whole: str
    tolerance: Number = 0
    blank_at_zero: bool = False

    def __post_init__(self) -> None:
        _exact(self.id, self.tolerance)
        if len({self.percentage, self.part, self.whole}) < 3:
            raise ValueError(f"{self.id}: a ratio needs three different variables")

    @property
    def ids(self) -> tuple[str, ...]:
        """The variables it speaks of."""
        return (self.percentage, self.part, self.whole)

    def holds(self, point: Mapping[str, Number]) -> bool:
        """Whether it holds where every variable has a value."""
        whole = point[self.whole]
        if whole <= 0:
            return whole == 0 and not self.blank_at_zero
        gap = point[self.percentage] * whole - 100 * point[self.part]
        slack = self.tolerance * whole
        return -slack <= gap <= slack


@dataclass(frozen=True, slots=True)
class Disjunction:
    """At least one alternative holds, an alternative being several linear relations at once."""

    id: str
    alternatives: tuple[tuple[Linear, ...], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The variables it speaks of, each once."""
        return tuple(dict.fromkeys(name for option in self.alternatives for linear in option for name in linear.ids))

    def holds(self, point: Mapping[str, Number]) -> bool:
        """Whether it holds where every variable has a value."""
        return any(all(linear.holds(point) for linear in option) for option in self.alternatives)


Relation: TypeAlias = Linear | Ratio | Disjunction


@dataclass(frozen=True, slots=True)
class Group:
    """Relations that cannot all stand and have to be explained together.

    `sets` are all the cheapest sets of variables to doubt, each in the order of the variables given,
    all of the same `cost`; none if nothing that may be doubted would help (`cost` is None then).
    With `complete` False the work allowed ran out: there may be cheaper or further sets.
    `failing` names the relations that fail, together with those that blanks link them to; `involved`
    the variables that were considered.
    """

    failing: tuple[str, ...]
    involved: tuple[str, ...]
    cost: Number | None
    sets: tuple[tuple[str, ...], ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Localisation:
    """Which variables to doubt: one group for each independent failure; none if the record is accepted."""

    groups: tuple[Group, ...]

    @property
    def cost(self) -> Number | None:
        """The least cost in all; None if some group cannot be explained."""
        total: Number = 0
        for group in self.groups:
            if group.cost is None:
                return None
            total += group.cost
        return total

    @property
    def complete(self) -> bool:
        """Whether every set is known to be cheapest and none is missing."""
        return all(group.complete for group in self.groups)

    def sets(self) -> Iterator[tuple[str, ...]]:
        """Every cheapest set for the record as a whole: one choice for each group, lazily.

        An accepted record gives none, not an empty one.
        """
        if self.groups:
            for choice in product(*(group.sets for group in self.groups)):
                yield tuple(name for names in choice for name in names)


def plain(number: Number) -> Number:
    """A whole number as `int`, which calculates several times faster than a `Fraction`."""
    return number.numerator if number.denominator == 1 else number


def quotient(dividend: Number, divisor: Number) -> Number:
    """The exact quotient, as `int` where it is whole."""
    if divisor == 1:
        return dividend
    if divisor == -1:
        return -dividend
    return plain(Fraction(dividend, divisor))


def _exact(name: str, *numbers: Number | None) -> None:
    for number in numbers:
        if number is not None and not isinstance(number, int | Fraction):
            raise TypeError(f"{name}: {number!r} is not exact")
