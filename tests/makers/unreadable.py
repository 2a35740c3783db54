"""A file system that does not hand over every file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cchc_excel.commands import files

DENIED = PermissionError(13, "Permission denied")


def refuse_to_read(
    monkeypatch: pytest.MonkeyPatch, is_refused: Callable[[Path], bool], error: Exception = DENIED
) -> None:
    """Files of which this holds are there, and cannot be opened: whoever runs the tests may be allowed everything."""
    read = files.file_bytes

    def refusing(name: str) -> bytes:
        if is_refused(Path(name)):
            raise error
        return read(name)

    monkeypatch.setattr(files, "file_bytes", refusing)
