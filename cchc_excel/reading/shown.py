"""What a cell shows of a number, in the words of whoever sees it: `2,5` of 25 under `0","0`.

In:     a number, and what its cell's format makes of it.
Out:    the text that is shown, with a comma before decimals.
Never:  decides whether that is another figure: that is for `excel.ooxml.number_format`.
"""

from __future__ import annotations

from fractions import Fraction

from cchc_excel.excel.ooxml.number_format import NumberFormat, Shown
from cchc_excel.form.language import rounded

__all__ = ["in_figures", "text_shown"]


def in_figures(value: int | Fraction) -> str:
    """The number with all its digits, at most the 15 that Excel keeps."""
    return f"{float(value):.15g}".replace(".", ",")


def text_shown(value: int | Fraction, meant: NumberFormat) -> str:
    """The number as its cell shows it, with all that is drawn around it."""
    minus = "-" if meant.has_minus else ""
    digits = _digits_shown(value if value > 0 else -value, meant)
    return f"{minus}{meant.before}{digits}{'%' * meant.percents}{meant.after}"


def _digits_shown(value: int | Fraction, meant: NumberFormat) -> str:
    if meant.shown is Shown.HIDDEN:
        return ""
    value *= 100**meant.percents
    if meant.significant is not None:
        return f"{float(value):.{meant.significant - 1}E}".replace(".", ",")
    return _in_its_places(value, meant) if meant.pieces else in_figures(value)


def _in_its_places(value: int | Fraction, meant: NumberFormat) -> str:
    """The digits from the last place to the first, with the letters among them; what is left stands before."""
    decimals = meant.decimals or 0
    digits = str(round(rounded(value, decimals) * 10**decimals))
    shown: list[str] = []
    places = 0
    for text, is_place in reversed(meant.pieces):
        if not is_place:
            shown.append(text)
            continue
        if places == decimals > 0:
            shown.append(",")
        places += 1
        shown.append(digits[-1:] or ("0" if text == "0" else ""))
        digits = digits[:-1]
    return digits + "".join(reversed(shown))
