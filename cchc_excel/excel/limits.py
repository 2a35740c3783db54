"""What a file of each kind may come to: the one table of limits, asked before a file is read and while it is.

In:     the kind of a file, or the bytes that it begins with.
Out:    its limits. They are counted by whoever reads, so they hold on every system.
Never:  so low that a workbook that people fill would be refused: a province's largest has 30,000 cells in 6 MiB.

Each number keeps one file below 10 seconds and 512 MiB, whatever is in it (`tests/commands/test_what_harms.py`). Kinds
that a library reads are read in a child process besides, which has limits of time and memory (`kept_child`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = [
    "CHARACTERS",
    "DEPTH",
    "HEAD",
    "MAX_COLUMN",
    "MAX_ROW",
    "MEMBERS",
    "SMALL_PART",
    "UNPACKED",
    "Limits",
    "file_limit",
    "limits_of",
]

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384  # of a sheet, in Excel and in LibreOffice
_MIB = 2**20


class Limits(NamedTuple):
    """Beyond `file` bytes a file is not read at all; `unpacked` are the bytes of its parts; `cells` count what is kept.

    A cell is one that is filled; merges, hidden columns and shared strings count as cells.
    """

    file: int
    unpacked: int
    cells: int


# 48 MiB of tags take 5.4 s, and half a million cells 120 MiB.
_PACKAGE = Limits(file=64 * _MIB, unpacked=64 * _MIB, cells=500_000)
_TEXT = Limits(file=16 * _MIB, unpacked=16 * _MIB, cells=500_000)

_LIMITS: Mapping[str, Limits] = {
    "xlsx": _PACKAGE,
    "xlsb": _PACKAGE,
    "ods": _PACKAGE,
    "xls": _PACKAGE,
    "csv": _TEXT,
    "html": _TEXT,
    "mht": _TEXT,
    "xml": Limits(file=32 * _MIB, unpacked=32 * _MIB, cells=500_000),  # some ten times as long as an .xlsx
}

CHARACTERS = 100_000
"""Of the text in one cell; Excel takes 32,767. A label of 18 million letters was compared with every indicator."""
SMALL_PART = 32 * _MIB
"""Bytes of styles, names, relationships: held whole in lists, the largest seen is 0.4 MiB."""

HEAD = 8
"""Bytes at the beginning of a file that tell which of its limits is the first."""
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

DEPTH, MEMBERS, UNPACKED = 3, 200, 200 * _MIB
"""Of an archive or a message: how deep archives lie in it, how many files it holds, what they come to unpacked."""
_ARCHIVE, _MESSAGE = 200 * _MIB, 40 * _MIB
"""Bytes of a file that holds files. Post offices take messages of 25 MB, a third more as they are sent."""


def limits_of(kind: str) -> Limits:
    """The limits of a kind of file; one that is refused anyhow has those of a package."""
    return _LIMITS.get(kind, _PACKAGE)


def file_limit(head: bytes) -> int:
    """How many bytes a file may have that begins so, whatever of that beginning it turns out to be."""
    if head.startswith(ZIP):
        return _ARCHIVE
    return _PACKAGE.file if head.startswith(COMPOUND) else _MESSAGE
