"""A file that holds files → the files in it: an archive (.zip), an e-mail (.eml), a message of Outlook (.msg).

In:     a file's bytes. Its name says nothing here.
Out:    Members, those of archives in archives too, each with its bytes or the reason why they are not there.
Never:  more than the limits allow: 3 deep, 200 files, 200 MiB (`limits`); writes to the disk; raises because a file
        is bad.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from unicodedata import normalize

from cchc_excel.errors import ArchiveUnopened, UnreadableWorkbook
from cchc_excel.excel.limits import DEPTH, MEMBERS, UNPACKED
from cchc_excel.excel.ooxml.package import Archive
from cchc_excel.excel.opening.compound import compound_tree
from cchc_excel.excel.opening.kinds import Content, is_web_archive
from cchc_excel.grid import harmless

__all__ = ["Member", "holds_files", "members"]

_WORKBOOK_PARTS = (b"[content_types].xml", b"_rels/.rels", b"xl/workbook.", b"content.xml", b"encrypted-package")
_NO_FILES = re.compile(r"(?:^|/)(?:__MACOSX/|~\$|\.(?!\.?/)|Thumbs\.db$|desktop\.ini$)")  # of systems and open programs
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")  # of Vietnamese letters
_HEAD = 16_384
_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
_OF_MAIL = re.compile(rb"(?im)^(from|to|subject|date|received|return-path|mime-version|message-id|content-type):")
_PARENT_OF_OUTLOOK = "__nameid_version1.0"
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flags


class Member(NamedTuple):
    """A file in another: its place in there, and its bytes, or why there are none."""

    name: str
    data: bytes = b""
    refused: UnreadableWorkbook | None = None


_Packed = Iterator[tuple[str, Callable[[], bytes]]]
"""The files of one archive: each one's name, and what gives its bytes."""


def holds_files(data: bytes) -> bool:
    """Whether the bytes are those of an archive or a message."""
    return _opener(data) is not None


def members(data: bytes) -> Iterator[Member]:
    """Yield the files in a file that holds files; one that is beyond the limits is followed by the reason alone."""
    yield from _Unpacking().members(data, depth=1)


def _opener(data: bytes) -> Callable[[bytes], _Packed] | None:
    content = Content(data)
    if content.is_package:
        is_workbook = any(map(content.has_part, _WORKBOOK_PARTS))
        return _zipped if content.has_directory and not is_workbook else None
    if content.is_compound:
        return _of_outlook if _is_outlook(data) else None
    return _of_mail if _is_mail(data) else None


def _is_mail(data: bytes) -> bool:
    """Whether a text begins as a letter does: with at least two of the headers that letters have."""
    if is_web_archive(data[:_HEAD]):
        return False
    headers = _HEADERS.match(data[:_HEAD])
    if headers is None:
        return False
    names = {name.lower() for name in _OF_MAIL.findall(headers[0])}
    return len(names) >= 2


def _is_outlook(data: bytes) -> bool:
    """Whether a compound file is a message: its root has the storage that all messages have."""
    if _PARENT_OF_OUTLOOK.encode("utf-16-le") not in data:
        return False
    try:
        return _PARENT_OF_OUTLOOK in compound_tree(data).storages
    except UnreadableWorkbook:
        return False


@dataclass
class _Unpacking:
    """What is left of the allowance of one file, however deep in it something lies."""

    files: int = MEMBERS
    size: int = UNPACKED

    def members(self, data: bytes, depth: int) -> Iterator[Member]:
        opener = _opener(data)
        if opener is None:
            return
        if depth > DEPTH:
            yield Member("", refused=ArchiveUnopened("depth"))
            return
        taken: set[str] = set()
        empty = True
        try:
            for name, read in opener(data):
                empty = False
                if self.files <= 0:
                    yield Member("", refused=ArchiveUnopened("members"))
                    return
                yield from self._member(_once(name, taken), read, depth)
        except UnreadableWorkbook as error:
            reason = error if isinstance(error, ArchiveUnopened) else ArchiveUnopened("damaged")
            yield Member("", refused=reason)
            return
        if empty:
            yield Member("", refused=ArchiveUnopened("empty"))

    def _member(self, name: str, read: Callable[[], bytes], depth: int) -> Iterator[Member]:
        """One file; if it holds files itself, these."""
        self.files -= 1
        try:
            data = read()
        except UnreadableWorkbook as error:
            yield Member(name, refused=error)
            return
        self.size -= len(data)
        if self.size < 0:
            yield Member(name, refused=ArchiveUnopened("bytes"))
            self.files = 0
        elif holds_files(data):
            for member in self.members(data, depth + 1):
                yield member._replace(name=f"{name}/{member.name}" if member.name else name)
        else:
            yield Member(name, data)


def _once(name: str, taken: set[str]) -> str:
    """A name that leads nowhere else and that no other member has: `../../a` is `a`, and a second one `a (2)`."""
    parts = normalize("NFC", harmless(name)).replace("\\", "/").split("/")
    plain_parts = [part.replace(":", "_").strip() for part in parts if part.strip(" .")]  # neither `..` nor empty
    plain = "/".join(plain_parts) or "?"
    stem, dot, ending = plain.rpartition(".")
    once, number = plain, 2
    while once.casefold() in taken:
        once = f"{stem} ({number}){dot}{ending}" if stem else f"{plain} ({number})"
        number += 1
    taken.add(once.casefold())
    return once


# --- archives


def _zipped(data: bytes) -> _Packed:
    archive = Archive(data, UNPACKED)
    for info in archive.archive.infolist():
        name = _name_of(info)
        if not name.endswith(("/", "\\")) and not _NO_FILES.search(name):
            yield name, partial(_inflated, archive, info)


def _inflated(archive: Archive, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveUnopened("password")
    return archive.entry(info)


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name of a member. Unless it says UTF-8, it is in whatever code page the sender's system has.

    zipfile takes such a name for cp437. Windows in Vietnamese writes cp1258, and many programs UTF-8 without saying so.
    """
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    vietnamese = normalize("NFC", raw.decode("cp1258", "replace"))
    return max((info.filename, vietnamese), key=_vietnamese_letters)


def _vietnamese_letters(text: str) -> float:
    """The share of the letters beyond ASCII that Vietnamese has."""
    beyond = [letter for letter in text if not letter.isascii()]
    return sum(map(_is_vietnamese, beyond)) / max(len(beyond), 1)


def _is_vietnamese(letter: str) -> bool:
    pieces = normalize("NFD", letter)
    base, marks = pieces[0], pieces[1:]
    if letter in "đĐ":  # the one letter that does not come apart
        return True
    has_mark = bool(marks) and _MARKS.issuperset(marks)
    return has_mark and base.isascii() and base.isalpha()


# --- messages; the library that knows mail is loaded where there is one


def _of_outlook(data: bytes) -> _Packed:
    from cchc_excel.excel.opening.messages import attachments_of_outlook

    yield from attachments_of_outlook(compound_tree(data))


def _of_mail(data: bytes) -> _Packed:
    from cchc_excel.excel.opening.messages import attachments_of_mail

    yield from attachments_of_mail(data)
