"""Two packages compared: which parts differ, and in a worksheet which cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from cchc_excel.excel.ooxml.package import inflated, packed_bytes
from cchc_excel.excel.patching.plain_places import Position, differing_cells
from cchc_excel.excel.patching.positions import as_utf8
from cchc_excel.excel.patching.worksheet_edit import Worksheet

NOTHING: Mapping[str, memoryview] = MappingProxyType({})


class Differences(NamedTuple):
    """Part names that changed, came or went; per worksheet part the cells whose bytes differ.

    `around` names worksheets that differ outside their cells, too.
    """

    changed: frozenset[str]
    added: frozenset[str]
    removed: frozenset[str]
    cells: dict[str, set[Position]]
    around: frozenset[str]


def differences(
    old: Mapping[str, bytes], after: bytes, worksheets: Collection[str], copied: Mapping[str, memoryview] = NOTHING
) -> Differences:
    """Return how a package differs from the parts of another, part by part, and these worksheets cell by cell.

    Of parts that were `copied` the bytes are compared as they are packed.
    """
    new, packed = _parts(after, copied)
    changed = frozenset(name for name in old.keys() & new.keys() if old[name] != new[name])
    cells: dict[str, set[Position]] = {}
    around = set()
    for name in sorted(changed.intersection(worksheets)):
        cells[name], same_around = _compared(old[name], new[name])
        if not same_around:
            around.add(name)
    return Differences(
        changed=changed | {name for name in copied.keys() & packed.keys() if copied[name] != packed[name]},
        added=frozenset(new.keys() - old.keys()),
        removed=frozenset(old.keys() - new.keys()) | (copied.keys() - packed.keys()),
        cells=cells,
        around=frozenset(around),
    )


def _compared(old: bytes, new: bytes) -> tuple[set[Position], bool]:
    """The cells that differ between two worksheets, and whether all around the rows is the same."""
    cells = differing_cells(old, new)
    if cells is not None:
        return cells, True
    old_sheet, new_sheet = Worksheet(old), Worksheet(new)
    positions = old_sheet.cells.keys() | new_sheet.cells.keys()
    differing = {position for position in positions if old_sheet.raw(position) != new_sheet.raw(position)}
    same_around = _row_tags(old_sheet) <= _row_tags(new_sheet) and _outside(old_sheet) == _outside(new_sheet)
    return differing, same_around


def _parts(data: bytes, copied: Collection[str]) -> tuple[dict[str, bytes], dict[str, memoryview]]:
    """The parts by their names; those that were copied as they are packed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        packed = {info.filename: packed_bytes(data, info) for info in entries if info.filename in copied}
        parts: dict[str, bytes] = {}
        for info in entries:
            if info.filename not in packed:
                parts[info.filename] = inflated(data, info) or package.read(info)
        return parts, packed


def _outside(sheet: Worksheet) -> tuple[bytes, bytes]:
    """What stands before and after the rows."""
    data = as_utf8(sheet.data)
    return data[: sheet.sheet_data.start], data[sheet.sheet_data.end :]


def _row_tags(sheet: Worksheet) -> set[bytes]:
    return _opened(sheet.data[row.start : row.inside] for row in sheet.rows.values())


def _opened(tags: Iterable[bytes]) -> set[bytes]:
    """Row tags as they are if the row holds a cell: a row may be new, or opened, but keeps the tag it had."""
    return {re.sub(rb"\s*/>$", b">", tag) for tag in tags}
