"""The units of a roster against each other: a name, a code or an alias that would mean two of them is a mistake.

In:     the units with their rows.
Out:    a mistake for each repetition, at the cell of the later one.
Never:  refuses a new unit the name of an old one that does not exist any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.roster.listed import Listed, RosterRow
from cchc_excel.consolidating.roster.table import Mistakes
from cchc_excel.consolidating.roster.unit import RosterUnit
from cchc_excel.vietnamese.text import fold
from cchc_excel.vietnamese.unit_names import NameKey, level_gap, name_keys

__all__ = ["refuse_repetitions"]


class _Named(NamedTuple):
    """A name, code or alias of a unit."""

    row: RosterRow
    unit: RosterUnit
    role: str
    text: str

    def means_the_same(self, other: _Named) -> bool:
        """Whether both could be meant by one text on a workbook of one period."""
        key, others = self.key, other.key
        if key is None or others is None or not self.unit.overlaps(other.unit):
            return False
        return key.core == others.core and level_gap(key, others) == 0

    @property
    def key(self) -> NameKey | None:
        """What is compared of the text; None of a name that says nothing."""
        if self.role == "code":
            return NameKey("", fold(self.text), "")
        return next(iter(name_keys(self.text)), None)


class _Taken:
    """The names, or the codes, of the units above in the list."""

    def __init__(self) -> None:
        self._by_core: dict[str, list[_Named]] = {}

    def same_as(self, named: _Named) -> _Named | None:
        """The first of them that means the same; None if there is none."""
        key = named.key
        alike = self._by_core.get(key.core, ()) if key is not None else ()
        return next((other for other in alike if named.means_the_same(other)), None)

    def add(self, named: _Named) -> None:
        key = named.key
        if key is not None:
            self._by_core.setdefault(key.core, []).append(named)


def refuse_repetitions(listed: Sequence[Listed], mistakes: Mistakes) -> None:
    """No name, code or alias may mean two units that exist at one time; a new unit may bear an old one's name."""
    taken = {"name": _Taken(), "code": _Taken()}
    taken["aliases"] = taken["name"]  # an alias must be no other unit's name either
    for each in listed:
        own = list(_named(each))
        for named in own:
            other = taken[named.role].same_as(named)
            if other is not None:
                _add_repetition(named, other, mistakes)
        for named in own:
            taken[named.role].add(named)


def _named(listed: Listed) -> Iterator[_Named]:
    """The name, the aliases and the code of a unit."""
    row, unit = listed
    yield _Named(row, unit, "name", unit.name)
    for alias in unit.aliases:
        yield _Named(row, unit, "aliases", alias)
    if unit.code:
        yield _Named(row, unit, "code", unit.code)


def _add_repetition(named: _Named, other: _Named, mistakes: Mistakes) -> None:
    kinds = {"name": "duplicate_unit", "code": "duplicate_code"}
    kind = kinds.get(named.role, "ambiguous_alias") if named.role == other.role else "ambiguous_alias"
    facts = {"text": named.text, "other": other.unit.name, "row": str(other.row.place.line)}
    mistakes.add(named.row.cell(named.role).place, kind, **facts)
