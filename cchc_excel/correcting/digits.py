"""Which slip of the hand turns one figure into another: one edit of its decimal digits, or its sign.

Source: F. Damerau, A technique for computer detection and correction of spelling errors, CACM 1964;
S. Scholtus, Algorithms for correcting some obvious inconsistencies and rounding errors in business
survey data, Statistics Netherlands 2008.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, TypeAlias

Number: TypeAlias = int | Fraction

SWAPPED_DIGITS: Final = "swapped_digits"
EXTRA_DIGIT: Final = "extra_digit"
MISSING_DIGIT: Final = "missing_digit"
WRONG_DIGIT: Final = "wrong_digit"
SIGN: Final = "sign"


def digit_slip(written: Number, true: Number) -> str | None:
    """The one slip that makes `written` of `true`; None if they are equal or no single slip does.

    Digits are those of the shortest decimal writing; the decimal point itself never moves. Between
    figures of one digit every other figure is a `wrong_digit`: weak evidence, for the caller to weigh.
    """
    if written == true:
        return None
    if written == -true:
        return SIGN
    if (written < 0) != (true < 0):
        return None
    one, other = decimal_text(written), decimal_text(true)
    if one is None or other is None:
        return None
    if len(one) == len(other):
        return _same_length(one, other)
    if len(one) > len(other):
        return EXTRA_DIGIT if _without_one_digit(one, other) else None
    return MISSING_DIGIT if _without_one_digit(other, one) else None


def decimal_text(number: Number) -> str | None:
    """The digits without the sign: `28.57`, `116`; None if the decimals never end."""
    decimals, denominator = 0, number.denominator
    while (10**decimals) % denominator:
        decimals += 1
        if decimals > denominator.bit_length():
            return None
    text = str(number.numerator * 10**decimals // denominator).lstrip("-").rjust(decimals + 1, "0")
    return f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text


def _same_length(one: str, other: str) -> str | None:
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if any("." in (one[place], other[place]) for place in places):
        return None
    if len(places) == 1:
        return WRONG_DIGIT
    adjacent = len(places) == 2 and places[1] == places[0] + 1
    return (
        SWAPPED_DIGITS
        if adjacent and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
        else None
    )


def _without_one_digit(longer: str, shorter: str) -> bool:
    """Whether leaving out one digit of the longer gives the shorter; a last decimal takes its point along."""
    if len(longer) - len(shorter) == 2 and longer[-2] == ".":
        return longer[:-2] == shorter
    return len(longer) - len(shorter) == 1 and any(
        digit != "." and longer[:place] + longer[place + 1 :] == shorter for place, digit in enumerate(longer)
    )
