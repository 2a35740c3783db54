"""Which files a merged workbook was made of: read off its own sheet of sources.

In:     the bytes of a workbook that was consolidated.
Out:    the digests of the files whose figures are in it, and the names of their units, folded; nothing where the sheet
        is not there any more.
Never:  stops because the sheet is gone or somebody wrote on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cchc_excel.excel.opening import open_grid
from cchc_excel.grid import Cell, Sheet
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.wording import words

__all__ = ["MadeOf", "made_of"]

LANGUAGES = ("vi", "en")
MERGED = ("merged", "joined", "partly")  # roles of the files whose figures went into the merged ones
_UNIT_COLUMN = 2  # 1-based, as `sources_sheet` draws it
_DIGEST = re.compile(r"[0-9a-f]{64}")


class MadeOf(NamedTuple):
    """The files that a merged workbook holds, by digest, and the folded names of their units."""

    digests: frozenset[bytes] = frozenset()
    units: frozenset[str] = frozenset()


def made_of(data: bytes) -> MadeOf:
    """The files of which the sheet of sources says that they were merged."""
    found = [file for sheet in open_grid(data).grid.sheets for file in _merged_files(sheet)]
    return MadeOf(
        digests=frozenset(file.digest for file in found),
        units=frozenset(file.unit for file in found if file.unit),
    )


class _MergedFile(NamedTuple):
    """A file of which a sheet of sources says that it was merged; `unit` is folded, empty if it is not told."""

    digest: bytes
    unit: str


def _merged_files(sheet: Sheet) -> Iterator[_MergedFile]:
    """The files that were merged, by a sheet of sources in any language; of another sheet nothing."""
    for language in LANGUAGES:
        texts = words(language).texts["words"]["district"]
        if sheet.name == texts["sheet"]["sources"]:
            roles = {texts["role"][role] for role in MERGED}
            files = (_merged_file(row, roles) for row in sheet.rows.values())
            yield from (file for file in files if file is not None)


def _merged_file(row: Mapping[int, Cell], roles: set[str]) -> _MergedFile | None:
    """The file of one row, if its role is one of those; None for another row."""
    texts = {column: clean(cell.value) for column, cell in row.items() if isinstance(cell.value, str)}
    digest = next((text for text in texts.values() if _DIGEST.fullmatch(text)), None)
    if digest is None or not roles.intersection(texts.values()):
        return None
    return _MergedFile(bytes.fromhex(digest), fold(texts.get(_UNIT_COLUMN, "")))
