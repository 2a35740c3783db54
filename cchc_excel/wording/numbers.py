"""Numbers as people write them: `1.234,5` in Vietnamese, `1,234.5` in English."""

from __future__ import annotations

from fractions import Fraction

_SIGNS = {"vi": (".", ","), "en": (",", ".")}
MOST_DECIMALS = 6
ALL_DECIMALS = 400  # more than any cell can hold: the smallest double has 324, a text of digits is cut before


def exact_decimal(value: int | Fraction | float, most_decimals: int = MOST_DECIMALS) -> str:
    """The shortest plain decimal (`28.57`), exact if so many decimals suffice, else rounded to two."""
    if isinstance(value, int):
        return str(value)
    number = Fraction(repr(value)) if isinstance(value, float) else value
    places = _decimals_of(number, most_decimals)
    if places is None:
        places = 2
    steps = (2 * abs(number) * 10**places + 1) // 2  # rounded half up
    digits = str(steps).rjust(places + 1, "0")
    point = len(digits) - places
    whole, decimals = digits[:point], digits[point:]
    text = f"{whole}.{decimals}" if decimals.strip("0") else whole
    return f"-{text}" if number < 0 and text.strip("0.") else text


def _decimals_of(number: Fraction, most: int) -> int | None:
    """The number of decimals that write a number exactly; None if `most` of them do not."""
    for places in range(most + 1):
        if (number * 10**places).denominator == 1:
            return places
    return None


def localised(value: int | Fraction | float, language: str, most_decimals: int = MOST_DECIMALS) -> str:
    """The number with thousands grouped, in the signs of the language."""
    group, point = _SIGNS[language]
    if type(value) is int and value >= 0:
        return f"{value:,}".replace(",", group)
    text = exact_decimal(value, most_decimals)
    sign = "−" if text.startswith("-") else ""  # the minus of typography, not the hyphen
    whole, _, decimals = text.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", group)
    return f"{sign}{grouped}{point}{decimals}" if decimals else f"{sign}{grouped}"
