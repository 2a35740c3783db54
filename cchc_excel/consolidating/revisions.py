"""Which of two files calls itself the later one: `lần 2`, `(2)`, `bản sửa`, `final`.

In:     the path of a file.
Out:    what its name says of how often it was revised, to be compared with what another one says.
Never:  puts in order what the names do not: `lần 2` and `bản sửa` are two ways, and neither is the later one.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from cchc_excel.vietnamese.text import fold, strip_accents

__all__ = ["Revision", "revision_of"]

_NUMBERED = re.compile(r"\b(?:lan|ban|v|ver|version)(?: thu)? ?0?(\d{1,2})\b")
_COPY = re.compile(r"\((\d{1,2})\)\s*$")  # as browsers and Windows name a file of which there is one already
_REVISED = re.compile(
    r"\b(?:(?:chinh )?sua(?: doi| lai)?|bo sung|dinh chinh|dieu chinh|hieu chinh|cap nhat|final|chinh thuc|chot)\b"
)
_DRAFT = re.compile(r"\b(?:nhap|du thao|draft)\b")


class Revision(NamedTuple):
    """`number` is that of the revision, 0 for the first; `words` count those that say that it was revised."""

    number: int = 0
    words: int = 0

    def is_after(self, other: Revision) -> bool:
        """Whether both ways to tell agree that this is the later one."""
        return self != other and self.number >= other.number and self.words >= other.words


def revision_of(path: str) -> Revision:
    """What the name of a file says, else that of its folder."""
    place = PurePosixPath(path.replace("\\", "/"))
    return next(filter(any, map(_of_name, (place.stem, place.parent.name))), Revision())


def _of_name(name: str) -> Revision:
    said = strip_accents(fold(name))
    found = _NUMBERED.search(said)
    copy = _COPY.search(name)
    number = max(int(found[1]) - 1, 0) if found else int(copy[1]) if copy else 0
    words = len(set(_REVISED.findall(said))) - len(set(_DRAFT.findall(said)))
    return Revision(number, words)
