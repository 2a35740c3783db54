"""Kinds of office that report beside the people's committees: `Sở`, `Phòng`, `Trung tâm`, `Công an` and others.

In:     offices.txt beside this module, one kind a line.
Out:    whether a name is an office's.
Never:  knows which offices there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cchc_excel.vietnamese.text import fold, strip_accents

__all__ = ["OFFICE", "is_office"]


def _kinds() -> Iterator[str]:
    """Each kind as a pattern over the text as it is written."""
    for line in Path(__file__).with_name("offices.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, _, others = line.partition("|")
        words = r"\s+".join(map(_any_tone, kind.split()))
        refused = "|".join(r"\s+".join(map(_any_tone, other.split())) for other in others.split(",") if other.strip())
        yield rf"{words}(?!\s+(?:{refused})\b)" if refused else words


def _any_tone(word: str) -> str:
    """A word, or the same with its tone on the other vowel: `Toà` and `Tòa`."""
    other = {"òa": "oà", "ủy": "uỷ", "Ủy": "Uỷ", "Ủ": "U"}
    found = word
    for one, two in other.items():
        if one in word:
            found = f"(?:{word}|{word.replace(one, two)})"
            break
    return found


OFFICE = rf"(?:{'|'.join(_kinds())})\b"
"""What the name of an office begins with; to be compared without regard to capitals."""

_OFFICE = re.compile(OFFICE, re.IGNORECASE)
_BARE = re.compile(strip_accents(OFFICE.lower()), re.IGNORECASE)


def is_office(name: str) -> bool:
    """Whether a name is an office's; one without accents may be."""
    found = _OFFICE.match(name.strip()) or (fold(name).isascii() and _BARE.match(name.strip()))
    return bool(found)
