"""The kinds of file: by what each is recognised, and who reads it.

In:     a file's bytes.
Out:    the row of the table that they belong to, or None.
Never:  reads a cell, or loads a reader before it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from cchc_excel.errors import ArchiveUnopened, DocumentInstead, EmptyFile, PasswordProtected, UnsupportedWorkbook
from cchc_excel.excel.limits import COMPOUND, ZIP, limits_of
from cchc_excel.grid import Grid

__all__ = ["KINDS", "Kind", "is_web_archive", "kind_of"]

_HEAD = 16384  # bytes at the beginning of a text that are looked at
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # byte order marks of UTF-16 and UTF-32
_WIDE_TAG = (b"<\0", b"\0<")  # a text of UTF-16 without a mark
_SEPARATORS = (b";", b",", b"\t", b"|")
# Cells, or the place where a page that Excel saved in several files has them; each letter may take up to four bytes.
_TABLE_WORDS = [b"\0{0,3}".join(bytes([letter]) for letter in word) for word in (b"<table", b"x:worksheetsource")]
_TABLE = re.compile(b"|".join(_TABLE_WORDS), re.IGNORECASE)
_SAVED_PAGE = re.compile(rb"(?im)^(?:X-Document-Type: *Workbook|Snapshot-Content-Location:|From: *.?Saved by )")
_OLD_TEXTS = ((b"ID;P", "SYLK (.slk)"), (b"TABLE\r\n0,1", "DIF (.dif)"), (b"TABLE\n0,1", "DIF (.dif)"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream into which Excel encrypts an .xlsx
_END_OF_DIRECTORY = b"PK\x05\x06"
_PDF = b"%PDF-"
_RTF = b"{\\rtf"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*")  # JPEG, PNG, GIF, TIFF
_BY_BEGINNING = ((_PDF, "pdf"), (_RTF, "word"), *((begins, "picture") for begins in _PICTURES))
_ARCHIVES = ((b"Rar!\x1a\x07", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "gzip"), (b"BZh", "bzip2"))
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")  # pictures of telephones; RIFF…WEBP stands likewise


class Kind(NamedTuple):
    """One kind of file. `read` takes the bytes and the defined name of a sheet to be left out."""

    name: str
    recognised: Callable[[Content], bool]
    read: Callable[[bytes, str], Grid]

    @property
    def most(self) -> int:
        """The bytes that such a file may have."""
        return limits_of(self.name).file


class Content:
    """What the bytes of a file show of themselves before anything is read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.head = data[:_HEAD]
        self.is_package = data.startswith(ZIP)
        self.is_compound = data.startswith(COMPOUND)
        self._directory = _directory(data) if self.is_package else b""

    def has_part(self, name: bytes) -> bool:
        """Whether a package's directory names a part, in whatever case."""
        return name in self._directory

    @property
    def has_directory(self) -> bool:
        """Whether a package is whole to its end, where its directory stands."""
        return bool(self._directory)

    @property
    def is_text(self) -> bool:
        wide = self.head.startswith(_WIDE)
        return bool(self.head.strip()) and (wide or b"\0" not in self.head)

    @property
    def narrow_head(self) -> bytes:
        """The beginning of a text, its ASCII letters one byte each in whatever encoding."""
        return self.head.replace(b"\0", b"")


def kind_of(data: bytes) -> Kind | None:
    """Return the kind of a file, by its content; None for what is no spreadsheet."""
    content = Content(data)
    return next((kind for kind in KINDS if kind.recognised(content)), None)


def _directory(data: bytes) -> bytes:
    """The directory of a package, in small letters. Some .NET tools write names with backslashes."""
    end = data.rfind(_END_OF_DIRECTORY)
    if end < 0:
        return b""
    start = int.from_bytes(data[end + 16 : end + 20], "little")  # where it begins, as the record behind it says
    return data[start:end].lower().replace(b"\\", b"/")


# --- by what each kind is recognised

_FLAT, _ROOT = b"application/vnd.oasis.opendocument.spreadsheet", 1 << 14  # in the first element of an .fods


def _document(content: Content) -> str:
    """What a document or a picture is; empty for anything else. Some programs put a line before a PDF's first."""
    head = content.head
    for begins, kind in _BY_BEGINNING:
        if head.startswith(begins):
            return kind
    if _PDF in head[:1024]:
        return "pdf"
    is_bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)  # a text may begin with BM, too: `BM.01 Biểu mẫu …`
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_heic = head[4:12] in _HEIC
    return "picture" if is_heic or is_bitmap or is_webp else ""


def _archive(content: Content) -> str:
    """The name of an archive that is not unpacked here; empty for anything else."""
    return next((name for begins, name in _ARCHIVES if content.head.startswith(begins)), "")


def _old_text(content: Content) -> str:
    """A spreadsheet written as text before there was .csv, by its name; empty for anything else."""
    return next((name for begins, name in _OLD_TEXTS if content.head.startswith(begins)), "")


def _is_encrypted(content: Content) -> bool:
    """Excel encrypts an .xlsx into a compound file, LibreOffice since 24.8 an .ods into one part."""
    encrypted = content.is_compound and _ENCRYPTED in content.data
    return encrypted or content.has_part(b"encrypted-package")


def _is_ods(content: Content) -> bool:
    """A package of OpenDocument, or the same in one XML file (.fods)."""
    return content.has_part(b"content.xml") or (
        _first_sign(content) == b"<" and b"<office:document " in content.data[:_ROOT] and _FLAT in content.data[:_ROOT]
    )


def _is_xlsb(content: Content) -> bool:
    return content.has_part(b"xl/workbook.bin")


def _is_xml_2003(content: Content) -> bool:
    return b"urn:schemas-microsoft-com:office:spreadsheet" in content.narrow_head


def _is_html(content: Content) -> bool:
    """Programs of administration write an HTML table, and name the file .xls; Excel opens it with a warning."""
    if _first_sign(content) != b"<" or not (content.is_text or content.head.startswith(_WIDE_TAG)):
        return False
    return _TABLE.search(content.data) is not None


def _is_web_archive(content: Content) -> bool:
    """A page saved with all that belongs to it. It is written as a letter, but nobody sent it."""
    return is_web_archive(content.head)


def is_web_archive(head: bytes) -> bool:
    """Whether a file that begins so is a page saved as a letter, by Excel or by a browser."""
    return _SAVED_PAGE.search(head) is not None and b"multipart/related" in head[:_HEAD].lower()


def _is_separated(content: Content) -> bool:
    """At least two lines with at least two of the same separators."""
    if not content.is_text or _first_sign(content) in {b"<", b"%", b"{"}:
        return False
    lines = content.narrow_head.splitlines()
    for separator in _SEPARATORS:
        rows = sum(line.count(separator) >= 2 for line in lines)
        if rows >= 2:
            return True
    return False


def _first_sign(content: Content) -> bytes:
    return content.narrow_head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]


# --- who reads each kind


def _read_ooxml(data: bytes, leaving_out: str) -> Grid:
    from cchc_excel.excel.ooxml import read_workbook

    return read_workbook(data, leaving_out=leaving_out)


def _read_in_child(kind: str, data: bytes, _leaving_out: str) -> Grid:
    from cchc_excel.excel.opening.in_child import read_in_child

    return read_in_child(kind, data)


def _read_separated(data: bytes, _leaving_out: str) -> Grid:
    from cchc_excel.excel.opening.separated import read_separated

    return read_separated(data)


def _refuse_empty(_data: bytes, _leaving_out: str) -> Grid:
    raise EmptyFile


def _refuse_document(data: bytes, _leaving_out: str) -> Grid:
    raise DocumentInstead(_document(Content(data)))


def _refuse_archive(data: bytes, _leaving_out: str) -> Grid:
    raise ArchiveUnopened(_archive(Content(data)))


def _refuse_encrypted(_data: bytes, _leaving_out: str) -> Grid:
    raise PasswordProtected


def _refuse_old_text(data: bytes, _leaving_out: str) -> Grid:
    raise UnsupportedWorkbook(_old_text(Content(data)))


KINDS = (
    Kind("empty", lambda content: not content.data, _refuse_empty),
    Kind("document", lambda content: bool(_document(content)), _refuse_document),
    Kind("archive", lambda content: bool(_archive(content)), _refuse_archive),
    Kind("encrypted", _is_encrypted, _refuse_encrypted),
    Kind("xlsb", _is_xlsb, partial(_read_in_child, "xlsb")),
    Kind("ods", _is_ods, partial(_read_in_child, "ods")),
    Kind("xlsx", lambda content: content.is_package, _read_ooxml),
    Kind("xls", lambda content: content.is_compound, partial(_read_in_child, "xls")),
    Kind("xml", _is_xml_2003, partial(_read_in_child, "xml")),
    Kind("mht", _is_web_archive, partial(_read_in_child, "mht")),
    Kind("html", _is_html, partial(_read_in_child, "html")),
    Kind("old text", lambda content: bool(_old_text(content)), _refuse_old_text),
    Kind("csv", _is_separated, _read_separated),
)
"""Asked from the top: the first that recognises a file reads it."""
