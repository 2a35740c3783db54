"""Files that commands are given and write: which they are, their bytes, and outputs that are whole or not there."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, NamedTuple

from cchc_excel.errors import (
    CannotOpen,
    CannotWrite,
    InputIsTerminal,
    NoSuchFile,
    NoWorkbooks,
    OutputExists,
    WorkbookTooLarge,
)
from cchc_excel.excel.limits import HEAD, file_limit
from cchc_excel.grid import Source

if TYPE_CHECKING:
    from cchc_excel.consolidating.roster.load import Roster

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et", ".xlsb", ".ods", ".fods", ".csv"})
"""What is looked at in a folder. WPS Office names its .xls `.et`; who saves a template sends `.xltx` or `.xltm`."""
PACKAGES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})
"""The endings of workbooks whose corrected copies keep them; the copies of others become .xlsx."""


def as_package(path: Path) -> Path:
    """Return what the corrected copy of a workbook is called, in the same folder."""
    return path if path.suffix.lower() in PACKAGES else path.with_suffix(".xlsx")


def workbook_names(paths: Iterable[Path]) -> list[str]:
    """Return the paths of the files, and for a folder those of the workbooks in it, by name, each once.

    Excel's own lock files (`~$…`) and hidden files in a folder are passed over. Raises NoSuchFile
    for a path that is not there, NoWorkbooks for a folder without a workbook.
    """
    found: dict[str, str] = {}
    for path in paths:
        if path.is_dir():
            names = [str(path / name) for name in _workbooks_in(path)]
            if not names:
                raise NoWorkbooks(str(path))
        elif path.is_file():
            names = [str(path)]
        else:
            raise NoSuchFile(str(path))
        for name in names:
            found.setdefault(place_of(name), name)
    return list(found.values())


def place_of(name: str) -> str:
    """Where a file lies, however its name is spelt: `nop/a.xlsx`, `./nop/../nop/a.xlsx`; no link is followed."""
    return os.path.normcase(os.path.abspath(name))  # noqa: PTH100 - ten thousand names are no paths, which keep `..`


def _workbooks_in(folder: Path) -> list[str]:
    """The names of the workbooks in a folder, in order."""
    with os.scandir(folder) as entries:
        return sorted((entry.name for entry in entries if _is_workbook(entry)), key=os.path.normcase)


def workbook_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return what `workbook_names` does as paths: five times as large, for a command that has no ten thousand."""
    return tuple(map(Path, workbook_names(paths)))


def _is_workbook(file: os.DirEntry[str]) -> bool:
    return PurePath(file.name).suffix.lower() in WORKBOOKS and not is_lock_or_hidden(file.name) and file.is_file()


def is_lock_or_hidden(name: str) -> bool:
    """Whether a name is that of a hidden file, or of the lock that an office program keeps while a file is open."""
    return name.startswith(("~$", "."))


_NOT_REGULAR = "Not a regular file"  # as the system would say it: a device, a pipe
STDIN = "-"
"""What is typed for a file whose bytes come through standard input."""


def source_of(path: Path | str) -> Source:
    """Read a file. One that is larger than any workbook is not read, and its source says so. Raises OSError."""
    name = str(path)
    try:
        return Source(name, file_bytes(name))
    except WorkbookTooLarge as error:
        return Source(name, b"", error)


def file_bytes(name: str) -> bytes:
    """The bytes of a file, as many as its kind may have. Raises OSError, or WorkbookTooLarge before they are read.

    The size is asked first, and no more is read than is allowed: a file may grow meanwhile, and a sparse file of a
    terabyte takes no room on the disk. A device or a pipe is not opened, since it might never end.
    """
    mode = os.stat(name).st_mode  # noqa: PTH116 - ten thousand names are no paths
    if not stat.S_ISREG(mode):
        reason = os.strerror(errno.EISDIR) if stat.S_ISDIR(mode) else _NOT_REGULAR
        raise OSError(errno.EINVAL, reason, name)
    with open(name, "rb", buffering=0) as file:  # noqa: PTH123
        head = file.read(HEAD)
        limit = file_limit(head)
        if os.fstat(file.fileno()).st_size > limit:
            raise WorkbookTooLarge("bytes")
        return _all_of(file, head, limit)


def _all_of(file: IO[bytes], head: bytes, limit: int) -> bytes:
    """The bytes of a file of which the head is read already. Raises WorkbookTooLarge where they are too many."""
    pieces, size = [head], len(head)
    while size <= limit:
        piece = file.read(limit + 1 - size)  # one byte too many tells that the file is too large
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    if size > limit:
        raise WorkbookTooLarge("bytes")
    return b"".join(pieces)


def stdin_source() -> Source:
    """Read standard input, as many bytes as its kind may have. Raises InputIsTerminal."""
    if sys.stdin is None or sys.stdin.isatty():
        raise InputIsTerminal(STDIN)
    stream: IO[bytes] = sys.stdin.buffer
    head = _head_of(stream)
    try:
        return Source(STDIN, _all_of(stream, head, file_limit(head)))
    except WorkbookTooLarge as error:
        return Source(STDIN, b"", error)


def _head_of(stream: IO[bytes]) -> bytes:
    """The bytes that tell a file's kind; a pipe may hand them over piece by piece."""
    head = b""
    while len(head) < HEAD:
        piece = stream.read(HEAD - len(head))
        if not piece:
            break
        head += piece
    return head


def not_opened(path: Path | str, error: OSError) -> NoSuchFile:
    """The error for a file that was named: it is not there, or the system does not hand it over."""
    if isinstance(error, FileNotFoundError):
        return NoSuchFile(str(path))
    return CannotOpen(str(path), error.strerror or type(error).__name__)


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """Read the files one by one, as they are asked for. Raises NoSuchFile for one that cannot be opened."""
    for path in paths:
        try:
            yield source_of(path)
        except OSError as error:
            raise not_opened(path, error) from error


class FileIdentity(NamedTuple):
    """What tells a file from all others, by whatever name it is reached: its device, and its number there."""

    device: int
    number: int


def identity(path: Path | str) -> FileIdentity | None:
    """The identity of a file; None if it is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return FileIdentity(found.st_dev, found.st_ino)


def is_same(path: Path, other: Path | None) -> bool:
    """Whether both paths are there and lead to one file."""
    return other is not None and is_one_of(path, [other])


def is_one_of(target: Path, inputs: Iterable[Path | str]) -> bool:
    """Whether a file is one of those that were given to be read."""
    target_identity = identity(target)
    if target_identity is None:
        return False
    return any(identity(path) == target_identity for path in inputs)


def write_whole(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a file so that it is there whole or not at all: to a temporary file beside it, then renamed.

    Its rights are those that the system gives to a new file. Raises OutputExists if it is there and must not be
    replaced, CannotWrite if the disk says no, or if what is there is no file: a device, say.
    """
    if path.exists() and not replace:
        raise OutputExists(str(path))
    try:
        if path.exists() and not path.is_file():
            raise CannotWrite(str(path), _NOT_REGULAR)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(path.parent)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CannotWrite(str(path), error.strerror or "") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


_TEMPORARY = re.compile(r"\.cchc-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{8}\.tmp")
_SURELY_LEFT = 24 * 3600  # seconds after which nobody writes to a temporary file any more


def _temporary(folder: Path) -> Path:
    """The name of a temporary file, which says who writes it."""
    return folder / f".cchc-{_machine()}-{os.getpid()}-{os.urandom(4).hex()}.tmp"


def _machine() -> str:
    """What tells this machine from others that share a folder with it."""
    import hashlib
    import platform

    return hashlib.sha256(platform.node().encode("utf-8", "replace")).hexdigest()[:8]


def clear_left_behind(folder: Path) -> None:
    """Remove the temporary files of runs that were killed; those of a run that goes on, here or elsewhere, stay."""
    try:
        with os.scandir(folder) as entries:
            temporary = [entry for entry in entries if _TEMPORARY.fullmatch(entry.name)]
        for entry in temporary:
            if _is_left_behind(entry):
                Path(entry.path).unlink(missing_ok=True)
    except OSError:  # the folder is not there yet, or not ours: writing will say so
        return


def _is_left_behind(temporary: os.DirEntry[str]) -> bool:
    """Whether nobody writes to a temporary file any more: it is old, or its process on this machine has ended."""
    age = time.time() - temporary.stat(follow_symlinks=False).st_mtime
    if age > _SURELY_LEFT:
        return True
    name = _TEMPORARY.fullmatch(temporary.name)
    if name is None or name["machine"] != _machine():
        return False
    return not _runs(int(name["process"]))


def _runs(process: int) -> bool:
    """Whether a process is alive. Windows is not asked: a file that is being written cannot be removed there."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def print_or_write(text: str, output: Path | None, *, replace: bool) -> None:
    """Write a text to the file asked for, else to stdout."""
    if output is None:
        print(text, end="" if text.endswith("\n") else "\n")
    else:
        write_whole(output, text.encode("utf-8", "replace"), replace=replace)  # a file's name need not be UTF-8


def roster_in(path: Path) -> Roster:
    """The roster in a file. Raises NoSuchFile, or BadRoster for one that cannot be understood."""
    from cchc_excel.consolidating.roster.load import load_roster

    (source,) = sources([path])
    return load_roster(source)
