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
    """What a name says of revisions: `number` is 0 for the first version.

    `words` counts those that say that it was revised, less those that call it a draft.
    """

    number: int = 0
    words: int = 0

    def is_after(self, other: Revision) -> bool:
        """Whether both ways to tell agree that this is the later one."""
        return self != other and self.number >= other.number and self.words >= other.words


def revision_of(path: str) -> Revision:
    """What the name of a file says, else that of its folder."""
    place = PurePosixPath(path.replace("\\", "/"))
    of_file = _of_name(place.stem)
    return of_file if any(of_file) else _of_name(place.parent.name)


def _of_name(name: str) -> Revision:
    said = strip_accents(fold(name))
    words = len(set(_REVISED.findall(said))) - len(set(_DRAFT.findall(said)))
    return Revision(_number_in(name, said), words)


def _number_in(name: str, said: str) -> int:
    """The number of the revision: `lần 2` is the first one, and so is the copy `(1)`; `said` is the name folded."""
    numbered, copy = _NUMBERED.search(said), _COPY.search(name)
    if numbered:
        return max(int(numbered[1]) - 1, 0)
    return int(copy[1]) if copy else 0
