"""What a program may hand over for a file: its path, its bytes, an open file, or an openpyxl workbook."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from cchc_excel.commands.files import sources
from cchc_excel.errors import UnusableSource
from cchc_excel.grid import Source

if TYPE_CHECKING:
    from openpyxl import Workbook

    AnySource: TypeAlias = str | os.PathLike[str] | bytes | bytearray | BinaryIO | Workbook


def source_of(given: AnySource, name: str | None = None) -> Source:
    """Return the file's name and bytes; `name` is for what has none of its own, and to call it otherwise.

    Raises NoSuchFile for a path that cannot be opened, UnusableSource for what no bytes can be had of.
    """
    if isinstance(given, str | os.PathLike):
        (source,) = sources([Path(given)])
    elif isinstance(given, bytes | bytearray):
        source = Source("", bytes(given))
    elif _is_of_openpyxl(given):
        source = Source("", _saved(cast("Workbook", given)))
    elif hasattr(given, "read"):
        source = _of_file(cast("BinaryIO", given))
    else:
        raise UnusableSource(type(given).__name__)
    return source if name is None else source._replace(name=name)


def is_one_source(given: object) -> bool:
    """Whether it is one file or folder, not many of them."""
    if isinstance(given, str | os.PathLike | bytes | bytearray):
        return True
    return hasattr(given, "read") or _is_of_openpyxl(given)


def _is_of_openpyxl(given: object) -> bool:
    return type(given).__module__.startswith("openpyxl.")


def _of_file(file: BinaryIO) -> Source:
    """The whole of an open file, whatever was read of it before; its position stays where it was."""
    position = file.tell() if file.seekable() else None
    if position is not None:
        file.seek(0)
    data = file.read()
    if position is not None:
        file.seek(position)
    if not isinstance(data, bytes):
        raise UnusableSource(type(file).__name__, "rb")
    name = getattr(file, "name", "")
    return Source(name if isinstance(name, str) else "", data)


def _saved(workbook: Workbook) -> bytes:
    """The workbook as openpyxl saves it, with the one thing put back that saving changes: when it was saved last."""
    if workbook.read_only or workbook.write_only:
        raise UnusableSource(type(workbook).__name__, "read_only, write_only")
    modified = workbook.properties.modified
    buffer = io.BytesIO()
    try:
        workbook.save(buffer)
    finally:
        workbook.properties.modified = modified
    return buffer.getvalue()
