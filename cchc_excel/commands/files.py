"""Files that commands are given and write: which they are, their bytes, and outputs that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cchc_excel.errors import CannotWrite, NoSuchFile, NoWorkbooks, OutputExists
from cchc_excel.grid import Source

if TYPE_CHECKING:
    from cchc_excel.consolidating.roster.load import Roster

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et", ".xlsb", ".ods", ".csv"})
"""What is looked at in a folder. WPS Office names its .xls `.et`; who saves a template sends `.xltx` or `.xltm`."""


def workbook_names(paths: Iterable[Path]) -> list[str]:
    """Return the paths of the files, and for a folder those of the workbooks in it, by name, each once.

    Excel's own lock files (`~$…`) and hidden files in a folder are passed over. Raises NoSuchFile
    for a path that is not there, NoWorkbooks for a folder without a workbook.
    """
    found: dict[str, str] = {}
    for path in paths:
        if path.is_dir():
            with os.scandir(path) as entries:
                inside = sorted((entry.name for entry in entries if _is_workbook(entry)), key=os.path.normcase)
            if not inside:
                raise NoWorkbooks(str(path))
        elif path.is_file():
            inside = [""]
        else:
            raise NoSuchFile(str(path))
        for name in inside:
            whole = str(path / name)
            found.setdefault(os.path.normcase(whole), whole)
    return list(found.values())


def workbook_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The same as paths: five times as large, for a command that does not have ten thousand of them."""
    return tuple(map(Path, workbook_names(paths)))


def _is_workbook(file: os.DirEntry[str]) -> bool:
    return PurePath(file.name).suffix.lower() in WORKBOOKS and not file.name.startswith(("~$", ".")) and file.is_file()


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """Read the files one by one, as they are asked for. Raises NoSuchFile for one that cannot be opened."""
    for path in paths:
        try:
            yield Source(str(path), path.read_bytes())
        except OSError as error:
            raise NoSuchFile(str(path), error.strerror or "") from error


def identity(path: Path | str) -> tuple[int, int] | None:
    """What tells a file from all others, by whatever way it is named; None if it is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_same(path: Path, other: Path | None) -> bool:
    """Whether both are there and one file."""
    return other is not None and identity(path) is not None and identity(path) == identity(other)


def is_one_of(target: Path, inputs: Iterable[Path | str]) -> bool:
    """Whether an output would be written over a file that was given to be read."""
    own = identity(target)
    return own is not None and any(identity(it) == own for it in inputs)


def write_whole(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a file so that it is there whole or not at all: to a temporary file beside it, then renamed.

    Raises OutputExists if it is there and must not be replaced, CannotWrite if the disk says no.
    """
    import tempfile

    if path.exists() and not replace:
        raise OutputExists(str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise CannotWrite(str(path), error.strerror or "") from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


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
