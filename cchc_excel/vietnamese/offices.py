"""Kinds of office that report beside the people's committees: `Sở`, `Phòng`, `Trung tâm`, `Công an` and others.

In:     offices.txt beside this module, one kind a line.
Out:    whether a name is an office's.
Never:  knows which offices there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.text import fold, strip_accents

__all__ = ["OFFICE", "is_office"]


_OTHER_TONES = {"òa": "oà", "ủy": "uỷ", "Ủy": "Uỷ", "Ủ": "U"}
"""Letters of offices.txt, and how else they are written."""


def _kinds() -> Iterator[str]:
    """Each kind as a pattern over the text as it is written."""
    for line in Path(__file__).with_name("offices.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, _, refused = line.partition("|")
        not_behind = [_pattern_of(words) for words in refused.split(",") if words.strip()]
        pattern = _pattern_of(kind)
        yield rf"{pattern}(?!\s+(?:{'|'.join(not_behind)})\b)" if not_behind else pattern


def _pattern_of(words: str) -> str:
    """A pattern for some words, with any spaces between them."""
    return r"\s+".join(map(_any_tone, words.split()))


def _any_tone(word: str) -> str:
    """A pattern for a word, and for the same with its tone on the other vowel: `Toà` and `Tòa`."""
    for letters, other_letters in _OTHER_TONES.items():
        if letters in word:
            return f"(?:{word}|{word.replace(letters, other_letters)})"
    return word


OFFICE = rf"(?:{'|'.join(_kinds())})\b"
"""What the name of an office begins with; to be compared without regard to capitals."""

_OFFICE = Pattern(OFFICE, re.IGNORECASE)
_BARE = Pattern(strip_accents(OFFICE.lower()), re.IGNORECASE)


def is_office(name: str) -> bool:
    """Whether a name is an office's; one without accents may be."""
    written = name.strip()
    if _OFFICE.match(written):
        return True
    has_lost_accents = fold(name).isascii()
    return has_lost_accents and _BARE.match(written) is not None
