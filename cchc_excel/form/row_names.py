"""How a row is called where there is little room: its STT, or that of the row above it, and the beginning of its label.

In:     the rows of a form.
Out:    the STT and the short name of each, by id.
Never:  cuts away what tells two rows apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cchc_excel.form.model import Indicator

SHORT_LABEL = 60  # characters of a label; longer only where two labels begin alike


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
    """The first words of a label, up to the first that no other label has there."""
    if len(label) <= SHORT_LABEL:
        return label
    kept = label[:SHORT_LABEL].rsplit(" ", 1)[0]
    rest = label[len(kept) :].split()
    others = [other for other in labels if other != label]
    while rest and any(other.startswith(kept) for other in others):
        kept = f"{kept} {rest.pop(0)}"
    return f"{kept} …" if rest else label
