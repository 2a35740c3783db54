"""Two packages compared: which parts differ, and in a worksheet which cells."""

from __future__ import annotations

import io
import zipfile
from typing import NamedTuple

from cchc_excel.ooxml.positions import as_utf8
from cchc_excel.ooxml.worksheet_edit import Position, Worksheet


class Differences(NamedTuple):
    """Part names that changed, came or went; per worksheet part the cells whose bytes differ.

    `around` names worksheets that differ outside their cells, too.
    """

    changed: frozenset[str]
    added: frozenset[str]
    removed: frozenset[str]
    cells: dict[str, set[Position]]
    around: frozenset[str]


def differences(before: bytes, after: bytes) -> Differences:
    """Return how two packages differ, part by part and cell by cell."""
    old, new = _parts(before), _parts(after)
    changed = frozenset(name for name in old.keys() & new.keys() if old[name] != new[name])
    cells: dict[str, set[Position]] = {}
    around = set()
    for name in sorted(changed):
        if "worksheets/" not in name.lower() or name.lower().endswith(".rels") or "cchc_phat_hien" in name:
            continue
        one, other = Worksheet(old[name]), Worksheet(new[name])
        places = one.cells.keys() | other.cells.keys()
        cells[name] = {at for at in places if one.raw(at) != other.raw(at)}
        if _outside(one) != _outside(other):
            around.add(name)
    return Differences(
        changed, frozenset(new.keys() - old.keys()), frozenset(old.keys() - new.keys()), cells, frozenset(around)
    )


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _outside(sheet: Worksheet) -> tuple[bytes, bytes]:
    """What stands before and after the rows."""
    element = sheet.sheet_data
    data = as_utf8(sheet.data)
    return data[: element.start], data[element.end :]
