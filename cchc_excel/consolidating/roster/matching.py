"""Which unit of the roster a name on a workbook means; where two could be meant, none.

Never:  takes one of two units that differ only by accents or by xã and phường, unless the name is written exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.vietnamese.text import fold, strip_accents
from cchc_excel.vietnamese.unit_names import NameKey, distance, forms, level_gap, name_keys

__all__ = ["How", "Match", "Matcher", "stands_before_merger"]

How: TypeAlias = Literal["exact", "alias", "alike", "accents", "level", "typo", "predecessor", "not_valid", "unknown"]

_ONE_SLIP = 1.0  # the most that one slip of the hand makes; a unit farther away needs two
_MARGIN = 1.0  # by which the next unit must be farther away where the name has more than one slip
_SHOWN_RIVALS = 3
_NEAR = 3  # slips up to which a unit is worth showing beside an unknown name
_SHORT, _LONG = 4, 8  # letters of a name


class Match(NamedTuple):
    """The unit a name means, if one does. `score` is 1 for the name as in the roster, 0 for none.

    `how`: `level` stands for phường instead of xã, `predecessor` for a unit that this one replaced, `not_valid` for a
    unit that does not exist in the period, `alike` for one of two names that differ little where there is no roster.
    `rivals` are the units it may be where `unit` is None, the likeliest first.
    """

    unit: RosterUnit | None
    how: How
    score: float = 0.0
    rivals: tuple[RosterUnit, ...] = ()

    @property
    def is_certain(self) -> bool:
        return self.how in {"exact", "alias"} and not self.rivals


UNKNOWN = Match(None, "unknown")


class _Label(NamedTuple):
    """One name of a unit, with the place of the unit in the roster."""

    at: int
    kind: Literal["exact", "alias", "predecessor"]
    key: NameKey


def stands_before_merger(name: str | None, day: date, matcher: Matcher, now: date) -> bool:
    """Whether a report of that day is of before the unit that its name means now: of one that it replaced, maybe."""
    match = matcher.match(name, now)
    if match.unit is None:
        return False
    return match.how == "predecessor" or (match.unit.valid_from or date.min) > day


class Matcher:
    """Finds units by name; what it has found once it remembers."""

    def __init__(self, roster: Roster) -> None:
        self._units = roster.units
        self._codes: dict[str, list[int]] = {}
        for at, unit in enumerate(roster.units):
            if unit.code:
                self._codes.setdefault(fold(unit.code), []).append(at)
        self._labels = [label for at in range(len(roster.units)) for label in self._labels_of(at)]
        self._by_bare: dict[str, list[_Label]] = {}
        for label in self._labels:
            self._by_bare.setdefault(label.key.bare, []).append(label)
        self._written_forms: tuple[list[str], list[_Label]] | None = None
        self._valid_on: dict[date, frozenset[int]] = {}
        self._known: dict[tuple[str, date], Match] = {}

    def _labels_of(self, at: int) -> Iterable[_Label]:
        """A unit's name and aliases; and those of its predecessors, which may stand in the roster by code."""
        unit = self._units[at]
        for key in name_keys(unit.name):
            yield _Label(at, "exact", key)
        for alias in unit.aliases:
            for key in name_keys(alias):
                yield _Label(at, "alias", key)
        for text in unit.predecessors:
            coded = [self._units[other] for other in self._codes.get(fold(text), ()) if other != at]
            for name in [it for other in coded for it in (other.name, *other.aliases)] or [text]:
                for key in name_keys(name):
                    yield _Label(at, "predecessor", key)

    def match(self, name: str | None, period_end: date) -> Match:
        """Return the unit that exists on that day and is meant by the name; never one of two that it may mean."""
        asked = (name or "", period_end)
        if asked not in self._known:
            self._known[asked] = self._match(*asked)
        return self._known[asked]

    def _match(self, name: str, day: date) -> Match:
        valid = self._valid(day)
        coded = [at for at in self._codes.get(fold(name), ()) if at in valid]
        if len(coded) == 1:
            return Match(self._units[coded[0]], "alias", 1.0)
        keys, lost = name_keys(name), fold(name).isascii()
        if not keys:
            return UNKNOWN
        same = [
            (key, label) for key in keys for label in self._by_bare.get(key.bare, ()) if level_gap(key, label.key) == 0
        ]
        same = [(key, label) for key, label in same if lost or key.core == label.key.core]
        for wanted in ({"exact", "alias"}, {"predecessor"}):
            found = [(key, label) for key, label in same if label.kind in wanted and label.at in valid]
            if found:
                return self._same_name(found, lost_accents=lost)
        ended = dict.fromkeys(label.at for _, label in same if label.kind != "predecessor")
        if ended:
            return Match(None, "not_valid", 0.0, tuple(self._units[at] for at in ended))
        return self._similar(keys, valid, lost_accents=lost)

    def _valid(self, day: date) -> frozenset[int]:
        if day not in self._valid_on:
            self._valid_on[day] = frozenset(at for at, unit in enumerate(self._units) if unit.is_valid(day))
        return self._valid_on[day]

    def _same_name(self, found: Sequence[tuple[NameKey, _Label]], *, lost_accents: bool) -> Match:
        units = {label.at for _, label in found}
        if len(units) > 1 and not lost_accents:
            # of two units of one name the one that is of the level and of the unit above that the name says
            to_the_word = [(key, label) for key, label in found if _is_of_the_same(key, label.key)]
            named = {label.at for _, label in to_the_word}
            if len(named) == 1:
                found, units = to_the_word, named
        if len(units) > 1:
            return Match(None, "unknown", 0.0, tuple(self._units[at] for at in sorted(units)))
        how: How = min((label.kind for _, label in found), key=("exact", "alias", "predecessor").index)
        if how != "predecessor" and all(key.core != label.key.core for key, label in found):
            how = "accents"
        (at,) = units
        return Match(self._units[at], how, 1.0 if how != "accents" else 0.95)

    def _similar(self, keys: Sequence[NameKey], valid: frozenset[int], *, lost_accents: bool) -> Match:
        nearest: dict[int, tuple[float, bool, NameKey, _Label]] = {}
        for key in keys:
            for label in self._near(key):
                slips = distance(key, label.key, lost_accents=lost_accents) if label.at in valid else None
                if slips is not None and slips <= _NEAR:
                    new = (slips, label.kind == "predecessor", key, label)
                    old = nearest.get(label.at)
                    if old is None or new[:2] < old[:2]:
                        nearest[label.at] = new
        ranked = sorted(nearest.values(), key=lambda it: (it[0], it[3].at))
        if not ranked:
            return UNKNOWN
        slips, _, key, label = ranked[0]
        if slips > _most_slips(label.key) or (len(ranked) > 1 and not _is_farther(ranked[1][0], slips)):
            return Match(None, "unknown", 0.0, tuple(self._units[it[3].at] for it in ranked[:_SHOWN_RIVALS]))
        return Match(self._units[label.at], _how(key, label), round(max(0.0, 1 - slips / len(label.key.core)), 2))

    def _near(self, key: NameKey) -> Iterable[_Label]:
        """The labels of which one way to write them is near the name: a first sieve, in one call."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if self._written_forms is None:
            written = {
                (strip_accents(text), label): label
                for label in self._labels
                for text in (label.key.core, *forms(label.key))
            }
            self._written_forms = [text for text, _ in written], list(written.values())
        texts, labels = self._written_forms
        found = {
            at
            for text in {key.bare, strip_accents(key.plain)}
            for _, _, at in process.extract(text, texts, scorer=OSA.distance, score_cutoff=_NEAR, limit=None)
        }
        return dict.fromkeys(labels[at] for at in sorted(found))


def _is_of_the_same(written: NameKey, named: NameKey) -> bool:
    """Whether two names speak of one level, and of one unit above."""
    return (written.level, written.above) == (named.level, named.above)


def _is_farther(other: float, nearest: float) -> bool:
    """Whether the next unit is out of the question: one slip must never lead to another unit."""
    return other > _ONE_SLIP if nearest <= _ONE_SLIP else other - nearest >= _MARGIN


def _most_slips(label: NameKey) -> float:
    """How many slips a name bears and is still the same: a short one none but of accents."""
    letters = len(label.core.replace(" ", ""))
    return 0.5 if letters < _SHORT else 1.0 if letters < _LONG else 1.5


def _how(written: NameKey, label: _Label) -> How:
    if label.kind == "predecessor":
        return "predecessor"
    if level_gap(written, label.key) and written.core == label.key.core:
        return "level"
    return "accents" if written.bare == label.key.bare else "typo"
