"""Whose a file is that cannot be read, by its name and those of the folders it lies in: `Cam Giang.pdf`.

In:     the units of a roster; a path.
Out:    the name of the one unit that the path names, letter for letter but for accents, or None.
Never:  guesses at a slip of the hand, or chooses between two units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import PurePath

from cchc_excel.consolidating.roster.unit import RosterUnit
from cchc_excel.vietnamese.text import fold, strip_accents
from cchc_excel.vietnamese.unit_names import name_keys

__all__ = ["names_in_paths"]

_BETWEEN = re.compile(r"[\W_]+")
_MOST_WORDS = 6  # of a unit's name with its kind
_FOLDERS = 2  # above the file that may bear the name: an archive, and a folder


def names_in_paths(units: Sequence[RosterUnit], day: date) -> Callable[[str], str | None]:
    """Return what tells the unit of a path, among the units that exist on that day."""
    known: dict[str, set[str]] = {}
    for unit in units:
        if unit.is_valid(day):
            for text in (unit.name, *unit.aliases):
                for key in name_keys(text):
                    known.setdefault(strip_accents(key.bare), set()).add(unit.name)

    def named_in(path: str) -> str | None:
        *folders, file = PurePath(path).parts[-1 - _FOLDERS :]
        for text in (PurePath(file).stem, *reversed(folders)):
            found = _longest(text, known)
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    return named_in


def _longest(text: str, known: dict[str, set[str]]) -> set[str]:
    """The units named by the most words that follow each other in a text."""
    for words in _windows(strip_accents(fold(text))):
        if words in known:
            return known[words]
    return set()


def _windows(text: str) -> Iterator[str]:
    """The words of a text that follow each other, the most words first."""
    words = [word for word in _BETWEEN.split(text) if word]
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            yield " ".join(words[start : start + count])
