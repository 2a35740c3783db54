"""Known slips of the hand: how a wrong figure can have come from the right one."""

from __future__ import annotations

from fractions import Fraction

from cchc_excel.expression import Agreement, agreement
from cchc_excel.finding import Because

Number = int | Fraction


def slip_in_rate(written: Number, decimals: int, part: Number, whole: Number) -> Because | None:
    """Name the slip that explains a wrong percentage by its own components, or None.

    `written` is in percent, typed with `decimals` decimals; `part`/`whole` are its counts.
    """
    if whole <= 0 or not written:
        return None
    if written == part:
        return Because("part_typed", {"part": part})
    if written == whole and whole != 100:
        return Because("whole_typed", {"whole": whole})
    if 0 < written <= 1 and decimals and _agrees(written * 100, max(decimals - 2, 0), part, whole):
        return Because("fraction_typed", {"written": written})
    for places in (1, 2, 3):
        larger, smaller = Fraction(written) * 10**places, Fraction(written) / 10**places
        if _agrees(larger, max(decimals - places, 0), part, whole) or _agrees(smaller, decimals + places, part, whole):
            return Because("decimal_slip", {"written": written})
    return None


def _agrees(written: Number, decimals: int, part: Number, whole: Number) -> bool:
    return agreement(written, decimals, part, whole) is Agreement.RIGHT
