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

LEAST_FOR_DIGITS = 10  # between figures of one digit every change is one digit's


def digit_slip(written: Number, true: Number) -> str | None:
    """Return the one slip that makes `written` of `true`; None if they are equal or no single slip does.

    Digits are those of the shortest decimal writing; the decimal point itself never moves. Between
    figures of one digit every other figure is a `wrong_digit`: weak evidence, for the caller to weigh.
    """
    if written == true:
        return None
    if written == -true:
        return SIGN
    if (written < 0) != (true < 0):
        return None
    written_text, true_text = decimal_text(written), decimal_text(true)
    if written_text is None or true_text is None:
        return None
    if len(written_text) == len(true_text):
        return _slip_of_same_length(written_text, true_text)
    if len(written_text) > len(true_text):
        return EXTRA_DIGIT if _is_longer_by_one_digit(written_text, true_text) else None
    return MISSING_DIGIT if _is_longer_by_one_digit(true_text, written_text) else None


def decimal_text(number: Number) -> str | None:
    """Return the number in decimals without its sign: `28.57`, `116`; None if the decimals never end."""
    decimals, denominator = 0, number.denominator
    while (10**decimals) % denominator:
        decimals += 1
        if decimals > denominator.bit_length():
            return None
    digits = str(number.numerator * 10**decimals // denominator).lstrip("-").rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def _slip_of_same_length(written: str, true: str) -> str | None:
    pairs = zip(written, true, strict=True)
    differing = [place for place, (digit, true_digit) in enumerate(pairs) if digit != true_digit]
    if any("." in (written[place], true[place]) for place in differing):
        return None
    if len(differing) == 1:
        return WRONG_DIGIT
    if len(differing) != 2:
        return None
    first, second = differing
    are_neighbours = second == first + 1
    are_exchanged = written[first] == true[second] and written[second] == true[first]
    return SWAPPED_DIGITS if are_neighbours and are_exchanged else None


def _is_longer_by_one_digit(longer: str, shorter: str) -> bool:
    """Whether the shorter is the longer without one of its digits; a last decimal takes its point along."""
    surplus = len(longer) - len(shorter)
    if surplus == 2 and longer[-2] == ".":
        return longer[:-2] == shorter
    if surplus != 1:
        return False
    without_one_digit = (longer[:place] + longer[place + 1 :] for place, digit in enumerate(longer) if digit != ".")
    return shorter in without_one_digit
