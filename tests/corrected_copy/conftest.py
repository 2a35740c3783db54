from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from command_line import Cchc
from corrections import corrected_copy
from places import TYPED


@lru_cache
def corrected_specimen() -> bytes:
    return corrected_copy(TYPED.read_bytes(), TYPED.name).data


@pytest.fixture
def once(tmp_path: Path) -> Path:
    """The corrected copy of the specimen."""
    path = tmp_path / "1" / TYPED.name
    path.parent.mkdir()
    path.write_bytes(corrected_specimen())
    return path


@pytest.fixture
def again(cchc: Cchc, tmp_path: Path) -> Callable[..., Path]:
    """Correct a copy once more, into a folder of its own."""
    folders = iter(range(2, 99))

    def correct(path: Path, *options: object) -> Path:
        folder = tmp_path / str(next(folders))
        status, _, err = cchc("correct", path, "-o", folder, *options)
        assert status == 0, err
        return folder / f"{path.stem}.xlsx"

    return correct
