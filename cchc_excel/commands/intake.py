"""What arrives: every file in the folders that were named, and every file in archives and messages among them.

In:     paths of files and folders from the command line.
Out:    names of files; from a name its Sources: the file itself, or those that lie in it (`mail.eml/BieuThongKe.xlsx`).
Never:  leaves a file out without a word, but those of the system, of programs that are open, and of this program.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cchc_excel.commands.files import STDIN, identity, place_of, source_of, stdin_source
from cchc_excel.errors import NoSuchFile, NoWorkbooks
from cchc_excel.grid import Source

__all__ = ["TIDY_BEGINS", "arriving_names", "is_ours", "opened", "within"]

_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
_OF_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin"})
_STATES = (".tiep_tuc.json", ".cchc_tiep_tuc.json")
TIDY_BEGINS = b"\xef\xbb\xbfunit,period,indicator,"
_OURS = (TIDY_BEGINS, b"PAR1")  # what outputs begin with
_MARKS = (b'<meta name="generator" content="cchc-excel">', b'"tool": "cchc-excel"')  # what stands near their beginning
_HEAD = 512
_END_OF_DIRECTORY, _TYPES = b"PK\x05\x06", b"[Content_Types].xml"


def arriving_names(
    paths: Iterable[Path], *, recursive: bool = True, apart_from: Path | None = None, stdin: bool = False
) -> list[str]:
    """Return the files that were named, and those in the folders that were, in the order of their names, each once.

    Folders in folders are gone into, unless not `recursive`; links to folders are not, as they may lead in a circle.
    `apart_from` is a folder for outputs, and not gone into. With `stdin` a `-` is what standard input holds.
    Raises NoSuchFile for a path that is not there, NoWorkbooks for a folder without a file.
    """
    found: dict[str, str] = {}
    outputs = identity(apart_from) if apart_from is not None else None
    for path in paths:
        if path.is_dir():
            inside = list(_inside(str(path), outputs, recursive=recursive))
            if not inside:
                raise NoWorkbooks(str(path))
        elif stdin and str(path) == STDIN:
            inside = [STDIN]
        elif os.path.lexists(path):  # what cannot be opened is told, and stops no other
            inside = [str(path)]
        else:
            raise NoSuchFile(str(path))
        for name in inside:
            found.setdefault(place_of(name) if name != STDIN else STDIN, name)
    return list(found.values())


def _inside(folder: str, outputs: tuple[int, int] | None, *, recursive: bool) -> Iterator[str]:
    """The files in a folder, then those in the folders in it; a folder that cannot be opened is a name, too."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: os.path.normcase(entry.name))
    except OSError:
        yield folder
        return
    deeper = []
    for entry in listed:
        if entry.name.startswith(("~$", ".")) or entry.name.lower() in _OF_SYSTEMS or entry.name.endswith(_STATES):
            continue
        if entry.is_dir(follow_symlinks=False):
            deeper.append(entry)
        else:
            yield entry.path
    for entry in deeper if recursive else ():
        if entry.name.lower() not in _OF_SYSTEM_FOLDERS and (outputs is None or identity(entry.path) != outputs):
            yield from _inside(entry.path, outputs, recursive=recursive)


def opened(name: str | Path) -> Iterator[Source]:
    """Yield the sources in a file: itself, or the files that it holds. Raises OSError.

    Nothing comes of what this program wrote.
    """
    yield from within(stdin_source() if str(name) == STDIN else source_of(name))


def within(source: Source) -> Iterator[Source]:
    """Yield the sources in what was opened already, as `opened` does."""
    if is_ours(source.data):
        return
    if source.refused is not None or not _may_hold_files(source.data):
        yield source
        return
    from cchc_excel.excel.opening import files_in

    inside_it = files_in(source.data)
    if inside_it is None:
        yield source
        return
    for member in inside_it:
        inside = f"{source.name}/{member.name}" if member.name else source.name
        if not is_ours(member.data):
            yield Source(inside, member.data, member.refused)


def is_ours(data: bytes) -> bool:
    """Whether this program wrote a file that is no workbook: findings, a tidy table, a page."""
    return data.startswith(_OURS) or any(mark in data[:_HEAD] for mark in _MARKS)


def _may_hold_files(data: bytes) -> bool:
    """A first look that costs nothing: a workbook, of which most are, names this part in its directory.

    Elsewhere the name says nothing: an archive keeps a workbook that cannot be packed any smaller as it is.
    """
    if data.startswith(b"PK"):
        end = data.rfind(_END_OF_DIRECTORY)
        return _TYPES not in data[int.from_bytes(data[end + 16 : end + 20], "little") : end]
    return bool(data)
