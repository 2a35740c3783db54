"""What arrives: every file in the folders that were named, and every file in archives and messages among them.

In:     paths of files and folders from the command line.
Out:    names of files; from a name its Sources: the file itself, or those that lie in it (`mail.eml/BieuThongKe.xlsx`).
Never:  leaves a file out without a word, but those of the system, of programs that are open, and of this program.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cchc_excel.commands.files import (
    STDIN,
    FileIdentity,
    identity,
    is_lock_or_hidden,
    place_of,
    source_of,
    stdin_source,
)
from cchc_excel.errors import NoSuchFile, NoWorkbooks
from cchc_excel.grid import Source

__all__ = ["TIDY_BEGINS", "arriving_names", "is_ours", "opened", "within"]

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin"})
_STATE_FILES = (".tiep_tuc.json", ".cchc_tiep_tuc.json")  # endings of names
TIDY_BEGINS = b"\xef\xbb\xbfunit,period,indicator,"
_OUTPUTS_BEGIN = (TIDY_BEGINS, b"PAR1")
_MARKS = (b'<meta name="generator" content="cchc-excel">', b'"tool": "cchc-excel"')  # near the beginning of an output
_HEAD = 512  # bytes in which a mark stands
_END_OF_DIRECTORY = b"PK\x05\x06"
_CONTENT_TYPES = b"[Content_Types].xml"


def arriving_names(
    paths: Iterable[Path], *, recursive: bool = True, apart_from: Path | None = None, stdin: bool = False
) -> list[str]:
    """Return the files that were named, and those in the folders that were named, each once.

    The files of a folder stand in the order of their names. Folders in folders are gone into if `recursive`; links to
    folders are not, as they may lead in a circle. The folder `apart_from` holds outputs and is not gone into. With
    `stdin` a `-` stands for standard input.
    Raises NoSuchFile for a path that is not there, NoWorkbooks for a folder without a file.
    """
    outputs = identity(apart_from) if apart_from is not None else None
    found: dict[str, str] = {}
    for path in paths:
        if path.is_dir():
            names = list(_files_in(str(path), outputs, recursive=recursive))
            if not names:
                raise NoWorkbooks(str(path))
        elif (stdin and str(path) == STDIN) or os.path.lexists(path):
            names = [str(path)]  # a file that is there and cannot be opened is told later, and stops no other
        else:
            raise NoSuchFile(str(path))
        for name in names:
            found.setdefault(place_of(name) if name != STDIN else STDIN, name)
    return list(found.values())


def _files_in(folder: str, outputs: FileIdentity | None, *, recursive: bool) -> Iterator[str]:
    """The files in a folder, then those in the folders in it. A folder that cannot be opened stands for itself."""
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: os.path.normcase(entry.name))
    except OSError:
        yield folder
        return
    folders = []
    for entry in entries:
        if _is_passed_over(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry)
        else:
            yield entry.path
    if not recursive:
        return
    for entry in folders:
        is_for_outputs = outputs is not None and identity(entry.path) == outputs
        if not is_for_outputs and entry.name.lower() not in _SYSTEM_FOLDERS:
            yield from _files_in(entry.path, outputs, recursive=recursive)


def _is_passed_over(name: str) -> bool:
    """Whether a name is that of a file of the system, of a program that is open, or of this program's own state."""
    return is_lock_or_hidden(name) or name.lower() in _SYSTEM_FILES or name.endswith(_STATE_FILES)


def opened(name: str | Path) -> Iterator[Source]:
    """Yield the file itself, or the files that it holds; nothing of what this program wrote. Raises OSError."""
    yield from within(stdin_source() if str(name) == STDIN else source_of(name))


def within(source: Source) -> Iterator[Source]:
    """Yield what is opened already, or the files that it holds; nothing of what this program wrote."""
    if is_ours(source.data):
        return
    if source.refused is not None or not _may_hold_files(source.data):
        yield source
        return
    from cchc_excel.excel.opening import files_in

    members = files_in(source.data)
    if members is None:
        yield source
        return
    for member in members:
        name = f"{source.name}/{member.name}" if member.name else source.name
        if not is_ours(member.data):
            yield Source(name, member.data, member.refused)


def is_ours(data: bytes) -> bool:
    """Whether this program wrote a file that is no workbook: findings, a tidy table, a page."""
    head = data[:_HEAD]
    return data.startswith(_OUTPUTS_BEGIN) or any(mark in head for mark in _MARKS)


def _may_hold_files(data: bytes) -> bool:
    """Whether a file may be an archive or a message: a first look that costs nothing, as most files are workbooks.

    A workbook names the part with its content types in its directory. Elsewhere that name says nothing: an archive
    keeps a workbook that cannot be packed any smaller as it is.
    """
    if not data.startswith(b"PK"):
        return bool(data)
    directory_end = data.rfind(_END_OF_DIRECTORY)
    directory_start = int.from_bytes(data[directory_end + 16 : directory_end + 20], "little")
    return _CONTENT_TYPES not in data[directory_start:directory_end]
