"""An OLE compound file written by hand (MS-CFB, version 3): what macro projects and encrypted packages are kept in.

Enough of the format for small streams: each is shorter than 4,096 bytes and so stands in the mini stream.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

Tree = dict[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def compound_file(tree: Tree) -> bytes:
    """Return the file with these streams (bytes) in these storages (trees)."""
    writer = _Writer()
    writer.put_root(tree)
    return writer.file()


class _Writer:
    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.mini = b""
        self.mini_table: list[int] = []

    def put_root(self, tree: Tree) -> None:
        self.entries.append(_Entry("Root Entry", _ROOT, _NONE, _NONE, _NONE, _END, 0))
        child = self._siblings(sorted(tree.items(), key=_order))
        self.entries[0] = self.entries[0]._replace(child=child, start=0, size=len(self.mini))

    def _siblings(self, items: list[tuple[str, bytes | Tree]]) -> int:
        """Put the entries of one storage as a balanced search tree; return the number of its root."""
        if not items:
            return _NONE
        middle = len(items) // 2
        name, content = items[middle]
        number = len(self.entries)
        self.entries.append(_Entry(name, _STREAM, _NONE, _NONE, _NONE, _END, 0))
        left, right = self._siblings(items[:middle]), self._siblings(items[middle + 1 :])
        kind, child, start, size = _STREAM, _NONE, _END, 0
        if isinstance(content, bytes):
            start, size = self._stream(content), len(content)
        else:
            kind, child, start = _STORAGE, self._siblings(sorted(content.items(), key=_order)), 0
        self.entries[number] = _Entry(name, kind, left, right, child, start, size)
        return number

    def _stream(self, content: bytes) -> int:
        assert 0 < len(content) < _CUTOFF, "only small streams are written here"
        start, count = len(self.mini_table), -(-len(content) // _MINI)
        self.mini_table += [*range(start + 1, start + count), _END]
        self.mini += content.ljust(count * _MINI, b"\0")
        return start

    def file(self) -> bytes:
        """After the header the mini stream, its table, the directory, and last the table of all sectors."""
        pieces = [
            _filled(self.mini, b"\0"),
            _filled(_numbers(self.mini_table), b"\xff"),
            _filled(b"".join(map(_entry, self.entries)), b"\0"),
        ]
        table: list[int] = []
        starts = []
        for piece in pieces:
            starts.append(len(table))
            table += [*range(len(table) + 1, len(table) + len(piece) // _SECTOR), _END]
        _, of_minis, directory = starts
        at = len(table)
        assert at < _SECTOR // 4, "one sector lists all others"
        header = struct.pack("<8s16sHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6)
        header += struct.pack("<10I", 0, 1, directory, 0, _CUTOFF, of_minis, directory - of_minis, _END, 0, at)
        return _filled(header, b"\xff") + b"".join(pieces) + _filled(_numbers([*table, _FAT]), b"\xff")


def _filled(piece: bytes, fill: bytes) -> bytes:
    return piece.ljust(-(-len(piece) // _SECTOR) * _SECTOR, fill)


def _order(item: tuple[str, bytes | Tree]) -> tuple[int, str]:
    return len(item[0]), item[0].upper()


def _numbers(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    black = 1
    return struct.pack(
        "<64sHBBIII36xIQ",
        name,
        len(name) + 2,
        entry.kind,
        black,
        entry.left,
        entry.right,
        entry.child,
        entry.start,
        entry.size,
    )
