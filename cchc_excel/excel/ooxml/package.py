"""A workbook package opened safely: which part is which, each inflated within limits.

Whatever zipfile and zlib raise is turned here, and only here, into our own exceptions.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from cchc_excel.errors import (
    DamagedWorkbook,
    DocumentInstead,
    NotAWorkbook,
    PasswordProtected,
    WorkbookTooLarge,
)
from cchc_excel.excel.limits import SMALL_PART, UNPACKED, limits_of

MAX_UNCOMPRESSED = limits_of("xlsx").unpacked
T = TypeVar("T")
MAX_KEPT = 2**16  # bytes of a part of which is kept what it says
MOST_PARTS = 20_000  # a directory of a million parts takes zipfile ten seconds and 650 MB
_PART = b"PK\x01\x02"  # begins each line of the directory
_LEAST_LINE = 46  # bytes of such a line without its name: nearly all files are too short to have too many
_CHUNK = 2**20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# A package may use no other. zipfile inflates bzip2 and LZMA without a bound: 2 kB of bzip2 took 1.5 GB.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1"})  # expat's own
_LOCAL = struct.Struct("<4s2xH18xHH")  # what stands before a part: signature, flags, length of name and extra
_HARMLESS = 0x080E  # flags: how hard it was compressed, sizes behind the part, name in UTF-8
# What zipfile raises over a damaged archive: OverflowError for a place behind the 2**63rd byte, among others.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, ArithmeticError, ValueError, OSError,
           RuntimeError)  # fmt: skip


class Relationship(NamedTuple):
    """A part that another part refers to: `kind` is the last word of its type (`worksheet`)."""

    kind: str
    target: str


class Archive:
    """The parts of one ZIP archive, inflated within limits when asked for."""

    def __init__(self, data: bytes, unpacked: int | None = None) -> None:
        """Open the archive, of which `unpacked` bytes may be inflated: as many as of a workbook, if not said.

        Raises NotAWorkbook, DamagedWorkbook or WorkbookTooLarge.
        """
        if not data.startswith(_ZIP):
            raise NotAWorkbook
        if len(data) > _LEAST_LINE * MOST_PARTS and data.count(_PART) > MOST_PARTS:
            raise WorkbookTooLarge("parts")
        self._data = data
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise DamagedWorkbook(str(error)) from error
        self._names = {part_key(info.filename): info for info in self.archive.infolist()}
        self._left = MAX_UNCOMPRESSED if unpacked is None else unpacked
        self._left_to_copy = UNPACKED

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' names, as the package spells them."""
        return tuple(info.filename for info in self._names.values())

    def has(self, name: str) -> bool:
        """Whether the package holds a part; names differ in nothing but case."""
        return part_key(name) in self._names

    def is_found(self, entry: zipfile.ZipInfo) -> bool:
        """Whether the part is found by its name: not if another one after it has the same, or but for case."""
        return self._names[part_key(entry.filename)] is entry

    def part(self, name: str, at_most: int | None = None) -> bytes:
        """Inflate one part. Raises DamagedWorkbook if it is missing or broken, WorkbookTooLarge past the limits."""
        info = self._names.get(part_key(name))
        if info is None:
            raise DamagedWorkbook(f"{name}: missing")
        return self.entry(info, at_most)

    def entry(self, info: zipfile.ZipInfo, at_most: int | None = None) -> bytes:
        """Inflate one entry, whether a part is found by its name or not. Raises what `part` raises."""
        name = info.filename
        if info.compress_type not in _METHODS:
            raise DamagedWorkbook(f"{name}: compression method {info.compress_type}")
        if info.file_size > (self._left if at_most is None else min(at_most, self._left)):
            raise WorkbookTooLarge(name)
        plain = inflated(self._data, info)
        if plain is not None:
            self._left -= len(plain)
            return plain
        pieces = []
        for chunk in self._chunks(info):
            self._left -= len(chunk)  # what was really inflated: headers can lie
            if self._left < 0:
                raise WorkbookTooLarge(name)
            pieces.append(chunk)
        return b"".join(pieces)

    def packed(self, info: zipfile.ZipInfo) -> memoryview:
        """One entry as it is packed, to be copied so; it was gone through, and is whole. Raises what `part` raises.

        It does not count to what may be inflated, since nobody looks into it: a report may hold thirty photos.
        """
        if info.compress_type not in _METHODS:
            raise DamagedWorkbook(f"{info.filename}: compression method {info.compress_type}")
        for chunk in self._chunks(info):
            self._left_to_copy -= len(chunk)
            if self._left_to_copy < 0:
                raise WorkbookTooLarge(info.filename)
        return packed_bytes(self._data, info)

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self.archive.open(info) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except _DAMAGE as error:
            raise DamagedWorkbook(f"{info.filename}: {error}") from error


class Package(Archive):
    """The parts of one package of Office Open XML."""

    def __init__(self, data: bytes) -> None:
        """Open the package. Raises an UnreadableWorkbook that says what the bytes are instead."""
        super().__init__(data)
        self._refuse_other_packages()

    def _refuse_other_packages(self) -> None:
        names = self._names
        for folder, kind in (("word/", "word"), ("ppt/", "slides")):
            if any(name.startswith(folder) for name in names):
                raise DocumentInstead(kind)
        if any(info.flag_bits & 1 for info in names.values()):
            raise PasswordProtected
        if "_rels/.rels" not in names:
            raise (DamagedWorkbook if any(name.startswith("xl/") for name in names) else NotAWorkbook)("_rels/.rels")

    def relationships(self, of: str) -> Mapping[str, Relationship]:
        """Return what a part refers to, by relationship id; `of` is the part's name, empty for the package."""
        folder, name = posixpath.split(of)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        return small_part(_relationships, self.part(rels, SMALL_PART), rels) if self.has(rels) else {}


def small_part(read: Callable[[bytes, str], T], data: bytes, name: str) -> T:
    """Return what a small part says: `read` makes of its bytes and name what is never written to."""
    said: T = _said(read, data, name) if len(data) <= MAX_KEPT else read(data, name)
    return said


@lru_cache(maxsize=64)  # small parts are the same in all workbooks of a template: 1.5 of 8.5 ms a workbook
def _said(read: Callable[[bytes, str], Any], data: bytes, name: str) -> Any:
    return read(data, name)


def _relationships(data: bytes, name: str) -> Mapping[str, Relationship]:
    """Relationships by their ids; their targets are seen from the part beside whose folder `_rels` the file stands."""
    found: dict[str, Relationship] = {}
    folder = posixpath.dirname(posixpath.dirname(name))

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = attributes.get("Type", "").rsplit("/", 1)[-1]
            found[attributes.get("Id", "")] = Relationship(kind, path)

    parse(data, name, start)
    return MappingProxyType(found)


def inflated(data: bytes, info: zipfile.ZipInfo) -> bytes | None:
    """Inflate a deflated part by one call, 9 µs less a part than zipfile; None where zipfile must look closer.

    Never more than one byte beyond the size in the directory, and only if name and checksum are what it says.
    """
    at = info.header_offset
    header = data[at : at + _LOCAL.size]
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & ~_HARMLESS or len(header) < _LOCAL.size:
        return None
    signature, flags, name_length, extra_length = _LOCAL.unpack(header)
    name = data[at + _LOCAL.size : at + _LOCAL.size + name_length]
    if signature != b"PK\x03\x04" or flags & ~_HARMLESS or name != info.orig_filename.encode("utf-8"):
        return None
    start = at + _LOCAL.size + name_length + extra_length
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = inflater.decompress(data[start : start + info.compress_size], info.file_size + 1)
    except zlib.error:
        return None
    return part if inflater.eof and zlib.crc32(part) == info.CRC else None


def packed_bytes(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    """The bytes of an entry as they are packed."""
    *_, name_length, extra_length = _LOCAL.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    return memoryview(data)[start : start + info.compress_size]


def part_key(name: str) -> str:
    """By what a part is found: some .NET tools write `xl\\workbook.xml`, and names differ in nothing but case."""
    return name.replace("\\", "/").lstrip("/").lower()


def local(tag: str) -> str:
    """`x:row` → `row`: parts may use any prefix."""
    return tag.rpartition(":")[2]


Start: TypeAlias = Callable[[str, Mapping[str, str]], object]
"""Takes the tag of an element that begins, and its attributes."""
Text: TypeAlias = Callable[[str], object]
"""Takes the tag of an element that ends, or a piece of text."""


def parse(data: bytes, name: str, start: Start, end: Text | None = None, text: Text | None = None) -> None:
    """Hand over the elements and texts of a part. Raises DamagedWorkbook for broken XML.

    So it does for odd encodings and document type declarations.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text

    def refuse(*_: object) -> None:
        raise DamagedWorkbook(f"{name}: DOCTYPE")

    def declared(_: str, encoding: str | None, __: int) -> None:
        # for any other pyexpat asks Python's codecs, and what those raise (ValueError, LookupError) is not XML's
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise DamagedWorkbook(f"{name}: encoding {encoding[:20]}")

    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except ExpatError as error:
        raise DamagedWorkbook(f"{name}: {error}") from error
