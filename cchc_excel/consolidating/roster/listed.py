"""A row of a roster's file by the roles of its columns, and the unit that was read from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cchc_excel.consolidating.roster.table import Place
from cchc_excel.consolidating.roster.unit import RosterUnit
from cchc_excel.grid import CellError, CellValue
from cchc_excel.vietnamese.text import clean

__all__ = ["Listed", "RosterCell", "RosterRow"]


class RosterCell(NamedTuple):
    """What a cell holds, and where it stands."""

    value: CellValue
    place: Place


class RosterRow(NamedTuple):
    """One unit's cells by role; `place` is that of its name, `above` the unit that the row lies in."""

    cells: Mapping[str, RosterCell]
    place: Place
    date1904: bool
    above: str = ""

    def cell(self, role: str) -> RosterCell:
        """The cell of a role; where the table has no column for it, an empty one in the place of the name."""
        return self.cells.get(role) or RosterCell(None, self.place)

    def text(self, role: str) -> str:
        value = self.cell(role).value
        if value is None or isinstance(value, CellError):
            return ""
        return clean(str(int(value) if isinstance(value, float) and value.is_integer() else value))

    def texts(self, role: str) -> tuple[str, ...]:
        """The texts of a cell that holds several, each once."""
        texts = (clean(part) for part in self.text(role).split(";"))
        return tuple(dict.fromkeys(text for text in texts if text))


class Listed(NamedTuple):
    """A unit and the row that it was read from."""

    row: RosterRow
    unit: RosterUnit
