"""What a calculated cell holds: a formula together with the result that it has as the file is written.

A program that shows a file without calculating it shows these results, so each is computed here from the same
declaration as its formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeAlias

MAX_TEXT = 255  # characters of one text within a formula


class Live(NamedTuple):
    """A formula without its `=`, and its result."""

    formula: str
    result: int | float | str


Piece: TypeAlias = str | Live


def joined(pieces: Iterable[Piece]) -> Live:
    """One text made of fixed and of calculated pieces."""
    formulas, results = [], []
    for piece in pieces:
        if isinstance(piece, Live):
            formulas.append(piece.formula)
            results.append(shown(piece.result))
        else:
            formulas.extend(_quoted(piece))
            results.append(piece)
    return Live("&".join(formulas) or '""', "".join(results))


def _quoted(text: str) -> Iterator[str]:
    """A text as literals, none longer than Excel takes; none at all for the empty text."""
    for start in range(0, len(text), MAX_TEXT):
        yield '"' + text[start : start + MAX_TEXT].replace('"', '""') + '"'


def as_text(number: Live) -> Live:
    """A number with the decimal comma, whatever the settings of the machine."""
    return Live(f'SUBSTITUTE({number.formula}&"",".",",")', shown(number.result))


def shown(value: int | float | Fraction | str) -> str:
    """A number as `&` writes it (15 digits), with the decimal comma; a text as it is."""
    return value if isinstance(value, str) else f"{float(value):.15g}".upper().replace(".", ",")


def result_of(value: int | Fraction | str | None) -> int | float | str:
    """A figure as a cell holds it; nothing is the empty text."""
    if value is None:
        return ""
    return float(value) if isinstance(value, Fraction) else value
