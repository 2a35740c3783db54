"""Which files a merged workbook was made of: read off its own sheet of sources.

In:     the bytes of a workbook that was consolidated.
Out:    the digests of the files whose figures are in it, and the names of their units, folded; nothing where the sheet
        is not there any more.
Never:  stops because the sheet is gone or somebody wrote on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cchc_excel.excel.opening import open_grid
from cchc_excel.grid import Sheet
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.wording import words

__all__ = ["MadeOf", "made_of"]

LANGUAGES = ("vi", "en")
MERGED = ("merged", "joined", "partly")  # roles of the files whose figures went into the merged ones
_DIGEST = re.compile(r"[0-9a-f]{64}")


class MadeOf(NamedTuple):
    """The files that a merged workbook holds, by digest, and the folded names of their units."""

    digests: frozenset[bytes] = frozenset()
    units: frozenset[str] = frozenset()


def made_of(data: bytes) -> MadeOf:
    """The files of which the sheet of sources says that they were merged."""
    found = [line for sheet in open_grid(data).grid.sheets for line in _merged_files(sheet)]
    return MadeOf(frozenset(digest for digest, _ in found), frozenset(unit for _, unit in found if unit))


def _merged_files(sheet: Sheet) -> Iterator[tuple[bytes, str]]:
    """The digest and the unit of each line of a sheet of sources that was merged; of another sheet nothing."""
    for language in LANGUAGES:
        texts = words(language).texts["words"]["district"]
        if sheet.name != texts["sheet"]["sources"]:
            continue
        roles = {texts["role"][role] for role in MERGED}
        unit_at = 2
        for row in sheet.rows.values():
            cells = {at: clean(cell.value) for at, cell in row.items() if isinstance(cell.value, str)}
            digest = next((it for it in cells.values() if _DIGEST.fullmatch(it)), None)
            if digest is not None and roles.intersection(cells.values()):
                yield bytes.fromhex(digest), fold(cells.get(unit_at, ""))
