"""How a row is called where there is little room: its STT, or that of the row above it, and the beginning of its label.

In:     the rows of a form.
Out:    the STT and the short name of each, by id.
Never:  cuts away what tells two rows apart, or inside a bracket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cchc_excel.form.model import Indicator

SHORT_LABEL = 60  # characters of a label; longer only where two labels begin alike
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))


def stts_of(rows: Iterable[Indicator]) -> Mapping[str, str]:
    """Return the STT of each row, or that of the nearest numbered row above it."""
    stts, last = {}, ""
    for row in rows:
        last = row.stt if row.stt[:1].isdigit() else last
        stts[row.id] = row.stt or last
    return stts


def names_of(rows: Iterable[Indicator]) -> Mapping[str, str]:
    """Return the short name of each row."""
    rows = tuple(rows)
    stts, labels = stts_of(rows), frozenset(row.label for row in rows)
    return {row.id: f"{stts[row.id]} {_short(row.label, labels)}".strip() for row in rows}


def _short(label: str, labels: Iterable[str]) -> str:
    """The first words of a label, up to the first that no other label has there, without a bracket left open."""
    if len(label) <= SHORT_LABEL:
        return label
    shared = max((_length_alike(label, other) for other in labels if other != label), default=0)
    words = label.split(" ")
    beginnings = [" ".join(words[:count]) for count in range(1, len(words))]
    whole = [it for it in beginnings if not _open_bracket(it)]
    telling = [it for it in whole if len(it) > shared]
    fitting = [it for it in telling if len(it) < SHORT_LABEL]
    kept = fitting[-1] if fitting else telling[0] if telling else None
    return label if kept is None else f"{kept} …"


def _length_alike(one: str, other: str) -> int:
    """How many characters two labels begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _open_bracket(text: str) -> bool:
    """Whether a bracket or a quotation mark is opened and not closed; one that only closes, as in `a)`, is none."""
    for opening, closing in _PAIRS:
        if opening not in text:
            continue
        depth = 0
        for sign in text:
            depth += (sign == opening) - (sign == closing and depth > 0)
        if depth:
            return True
    return False
