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
    stts = {}
    last_number = ""
    for row in rows:
        if row.stt[:1].isdigit():  # a letter or a dash numbers nothing below it
            last_number = row.stt
        stts[row.id] = row.stt or last_number
    return stts


def names_of(rows: Iterable[Indicator]) -> Mapping[str, str]:
    """Return the short name of each row."""
    rows = tuple(rows)
    stts = stts_of(rows)
    labels = {row.id: _without_stop(row.label) for row in rows}
    different = frozenset(labels.values())
    names = {}
    for row in rows:
        names[row.id] = f"{stts[row.id]} {_short(labels[row.id], different)}".strip()
    return names


def _without_stop(label: str) -> str:
    """A label as it stands within a sentence: without a full stop at its end, but for that of `v.v.`"""
    return label if label.endswith("v.v.") else label.removesuffix(".").rstrip()


def _short(label: str, labels: Iterable[str]) -> str:
    """The first words of a label, up to the first that no other label has there, without a bracket left open."""
    if len(label) <= SHORT_LABEL:
        return label
    shared = max((_length_alike(label, other) for other in labels if other != label), default=0)
    words = label.split(" ")
    beginnings = [" ".join(words[:count]) for count in range(1, len(words))]
    telling = [beginning for beginning in beginnings if len(beginning) > shared and not _open_bracket(beginning)]
    if not telling:
        return label
    fitting = [beginning for beginning in telling if len(beginning) < SHORT_LABEL]
    kept = fitting[-1] if fitting else telling[0]
    return f"{kept} …"


def _length_alike(first: str, second: str) -> int:
    """How many characters two labels begin with alike."""
    count = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        count += 1
    return count


def _open_bracket(text: str) -> bool:
    """Whether a bracket or a quotation mark is opened and not closed; one that only closes, as in `a)`, is none."""
    for opening, closing in _PAIRS:
        if opening not in text:
            continue
        depth = 0
        for sign in text:
            if sign == opening:
                depth += 1
            elif sign == closing and depth > 0:
                depth -= 1
        if depth:
            return True
    return False
