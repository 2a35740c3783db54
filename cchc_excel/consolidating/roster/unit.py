"""What a roster is: the units that must report, each with its names and its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

__all__ = ["Roster", "RosterUnit"]


class RosterUnit(NamedTuple):
    """A unit that must report. `due` is the last day to do so.

    `valid_from` and `valid_to` are the first and last day of the unit itself; None leaves that side open.
    `predecessors` are names, or codes of other units of the roster, that it came to replace.
    """

    name: str
    code: str = ""
    aliases: tuple[str, ...] = ()
    email: str = ""
    due: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()

    def is_valid(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def overlaps(self, other: RosterUnit) -> bool:
        """Whether there is a day on which both exist."""
        first, last = self.valid_from or date.min, self.valid_to or date.max
        return first <= (other.valid_to or date.max) and (other.valid_from or date.min) <= last


class Roster(NamedTuple):
    """The units in the order of the file, and the file's name.

    `passed_over` are the titles of the columns that say nothing a roster needs. `no_units` are the rows that are no
    units, by line; `ends` is the line from which notes and signatures follow, or 0.
    """

    units: tuple[RosterUnit, ...]
    source: str
    passed_over: tuple[str, ...] = ()
    no_units: Mapping[int, str] = {}
    ends: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a unit goes."""
        return tuple(dict.fromkeys(name for unit in self.units for name in (unit.name, *unit.aliases)))

    def expected(self, day: date) -> tuple[RosterUnit, ...]:
        """The units that exist on that day."""
        return tuple(unit for unit in self.units if unit.is_valid(day))
