"""The storages and streams of a compound file, as Outlook and Excel before 2007 write them. Our own, since it is short.

In:     the bytes of a compound file.
Out:    its tree: names → streams (bytes, read when they are asked for) and storages.
Never:  follows a chain longer than the file; raises anything but DamagedWorkbook.

Not olefile 0.47: it believes the size that a stream says of itself, so that a chain in a circle makes 300 MB out of
2 kB, unless it is told to refuse all that is irregular; and it has no limit for the directory.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from cchc_excel.errors import DamagedWorkbook

__all__ = ["Storage", "compound_tree"]

MOST_ENTRIES = 20_000  # of a directory; a message with 200 attachments has some 4,000
_SHIFTS = struct.Struct("<HH")  # of a sector and of a small one, at 30
_STARTS = struct.Struct("<I4xIIII")  # directory, cut-off, table of small sectors and how many, further table: at 48
_ENTRY = struct.Struct("<64sHBxIII36xIQ")
_FREE = 0xFFFFFFFA  # and above: no sector, but the end of a chain or a mark
_NONE = 0xFFFFFFFF
_STORAGE, _STREAM = 1, 2


class Storage(NamedTuple):
    """A folder of a compound file: its storages and its streams by name."""

    storages: Mapping[str, Storage]
    streams: Mapping[str, Callable[[], bytes]]


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def compound_tree(data: bytes) -> Storage:
    """Return the root of the file. Raises DamagedWorkbook."""
    try:
        return _File(data).root()
    except (struct.error, IndexError, ValueError, RecursionError) as error:
        raise DamagedWorkbook(f"compound file: {error}") from error


_Sectors: TypeAlias = Callable[[int], bytes]


class _File:
    """One compound file: its tables of sectors and its directory."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = _SHIFTS.unpack_from(data, 30)
        directory, cutoff, mini_table, _, more = _STARTS.unpack_from(data, 48)
        self.size, self.mini_size = 1 << min(shift, 16), 1 << min(mini_shift, 16)
        self.cutoff = cutoff  # a stream smaller than this lies in small sectors
        self.table = self._sector_table(more)
        self.mini_table = _numbers(self._chained(mini_table, self.table, self._sector))
        self.entries = self._directory(self._chained(directory, self.table, self._sector))
        root = self.entries[0]
        self.mini = self._chained(root.start, self.table, self._sector)[: root.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size  # the header takes the place of one
        return self.data[start : start + self.size]

    def _mini_sector(self, number: int) -> bytes:
        return self.mini[number * self.mini_size : (number + 1) * self.mini_size]

    def _sector_table(self, more: int) -> array[int]:
        """The chain of each sector. The header names the first 109 sectors of the table, others the rest."""
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        most = len(self.data) // self.size + 1
        while more < _FREE and len(sectors) <= most:
            names = _numbers(self._sector(more))
            if not names:
                break
            *further, more = names  # the last one names the sector with the next names
            sectors += further
        return _numbers(b"".join(self._sector(number) for number in sectors[:most] if number < _FREE))

    def _chained(self, start: int, table: array[int], sector: _Sectors) -> bytes:
        """The sectors of one chain, joined. A chain that runs in a circle is damage."""
        pieces: list[bytes] = []
        number = start
        while number < _FREE:
            if len(pieces) > len(table) or number >= len(table):
                raise DamagedWorkbook("compound file: chain")
            pieces.append(sector(number))
            number = table[number]
        return b"".join(pieces)

    def _directory(self, data: bytes) -> list[_Entry]:
        if len(data) > MOST_ENTRIES * _ENTRY.size or len(data) < _ENTRY.size:
            raise DamagedWorkbook("compound file: directory")
        entries = []
        for place in range(0, len(data) - _ENTRY.size + 1, _ENTRY.size):
            raw_name, length, kind, left, right, child, start, size = _ENTRY.unpack_from(data, place)
            letters = max(min(length, 64) - 2, 0)  # bytes; the last two are a zero
            entry = _Entry(
                name=raw_name[:letters].decode("utf-16-le", "replace"),
                kind=kind,
                left=left,
                right=right,
                child=child,
                start=start,
                size=size & 0xFFFFFFFF,  # the rest may be rubbish
            )
            entries.append(entry)
        return entries

    def root(self) -> Storage:
        return self._storage(self.entries[0], set())

    def _storage(self, storage: _Entry, seen: set[int]) -> Storage:
        """The contents of a storage: its child, and whatever hangs on that to the left and right."""
        storages: dict[str, Storage] = {}
        streams: dict[str, Callable[[], bytes]] = {}
        waiting = [storage.child]
        while waiting:
            number = waiting.pop()
            if number == _NONE or number in seen or number >= len(self.entries):
                continue
            seen.add(number)
            entry = self.entries[number]
            waiting += (entry.left, entry.right)
            if entry.kind == _STORAGE:
                storages[entry.name] = self._storage(entry, seen)
            elif entry.kind == _STREAM:
                streams[entry.name] = _Stream(self, entry)
        return Storage(dict(sorted(storages.items())), streams)

    def stream(self, entry: _Entry) -> bytes:
        try:
            if entry.size < self.cutoff:
                return self._chained(entry.start, self.mini_table, self._mini_sector)[: entry.size]
            return self._chained(entry.start, self.table, self._sector)[: entry.size]
        except (struct.error, IndexError, ValueError) as error:
            raise DamagedWorkbook(f"compound file: {error}") from error


class _Stream:
    """One stream, read when it is called for."""

    def __init__(self, file: _File, entry: _Entry) -> None:
        self._file, self._entry = file, entry

    def __call__(self) -> bytes:
        return self._file.stream(self._entry)


def _numbers(data: bytes) -> array[int]:
    """Sectors as unsigned numbers of 32 bits."""
    count = len(data) // 4
    return array("I", struct.unpack(f"<{count}I", data[: count * 4]))
