"""When a percentage is right: docs/design.md, "When a percentage is right"."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

MAX_DECIMALS = 6


class Agreement(Enum):
    """How a percentage as written stands to the counts it is made of."""

    RIGHT = "right"
    TRUNCATED = "truncated"
    WRONG = "wrong"


def decimals_of(value: int | Fraction) -> int:
    """The fewest decimals that show a figure whole, at most MAX_DECIMALS."""
    for places in range(MAX_DECIMALS):
        if (value * 10**places).denominator == 1:
            return places
    return MAX_DECIMALS


def agreement(written: int | Fraction, decimals: int, part: int | Fraction, whole: int | Fraction) -> Agreement:
    """Judge a percentage as written against the two figures it is made of.

    `written` is in percent, typed with `decimals` decimals (0 to 6, more count as 6); `part` and
    `whole` are in one unit. Right means within half of the last typed decimal, so rounding half up
    and half to even both pass; cut off instead of rounded is TRUNCATED.

    Raises ZeroDivisionError if `whole` is 0: no percentage is right then, and check A04 says so first.
    """
    places: int = 10 ** min(decimals, MAX_DECIMALS)
    steps, rest = divmod(written.numerator * places, written.denominator)
    if isinstance(part, int) and isinstance(whole, int) and whole > 0 and not rest:
        # the same in whole numbers, several times as fast: nearly every percentage of a form
        exact_steps = 100 * part * places
        if 2 * abs(steps * whole - exact_steps) <= whole:
            return Agreement.RIGHT
        return Agreement.TRUNCATED if steps == exact_steps // whole else Agreement.WRONG
    exact = Fraction(100 * part) / whole
    if abs(written - exact) * 2 * places <= 1:
        return Agreement.RIGHT
    return Agreement.TRUNCATED if written * places == exact * places // 1 else Agreement.WRONG


def half_step(decimals: int) -> Fraction:
    """By how much a figure written with so many decimals may differ from the one that was rounded."""
    return Fraction(1, 2 * 10 ** min(decimals, MAX_DECIMALS))


def as_number(value: int | Fraction) -> int | Fraction:
    """Return the number as an int where it is whole."""
    return value.numerator if value.denominator == 1 else value


def rounded(number: int | Fraction, places: int) -> int | Fraction:
    """Round half away from zero, as Excel's ROUND does, exactly."""
    scaled = Fraction(number) * 10**places
    steps = (2 * abs(scaled) + 1) // 2
    if scaled < 0:
        steps = -steps
    result = Fraction(steps) / Fraction(10) ** places
    return as_number(result)
