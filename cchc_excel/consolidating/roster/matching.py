"""Which unit of the roster a name on a workbook means; where two could be meant, none.

Never:  takes one of two units that differ only by accents or by xã and phường, unless the name is written exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from cchc_excel.consolidating.roster.unit import Roster, RosterUnit
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

    `how` says by what: `level` stands for phường instead of xã, `predecessor` for a unit that this one replaced,
    `not_valid` for a unit that does not exist in the period, `alike` for one of two names that differ little where
    there is no roster. `rivals` are the units it may be where `unit` is None, the likeliest first.
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
    """One name of a unit; `at` is the place of the unit in the roster."""

    at: int
    kind: Literal["exact", "alias", "predecessor"]
    key: NameKey


class _Pair(NamedTuple):
    """A reading of the name that is looked for, and a name of a unit that is as it."""

    key: NameKey
    label: _Label


class _Near(NamedTuple):
    """A name of a unit that is near a reading of the name that is looked for, and by how many slips."""

    slips: float
    is_former: bool
    key: NameKey
    label: _Label

    def is_nearer(self, other: _Near) -> bool:
        """Whether it takes fewer slips; of as many, a name of today is nearer than one of before."""
        return (self.slips, self.is_former) < (other.slips, other.is_former)


class _WrittenForms(NamedTuple):
    """Every way to write a name of a unit, without accents, and at the same place the name."""

    texts: list[str]
    labels: list[_Label]


def stands_before_merger(name: str | None, day: date, matcher: Matcher, now: date) -> bool:
    """Whether a report of that day is of before the unit that its name means now: of one that it replaced, maybe."""
    match = matcher.match(name, now)
    if match.unit is None:
        return False
    return match.how == "predecessor" or (match.unit.valid_from or date.min) > day


class Matcher:
    """Finds units by name; each name of a day is looked for once."""

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
        self._written_forms: _WrittenForms | None = None  # made when a name is not found as it is
        self._valid_on: dict[date, frozenset[int]] = {}
        self._found: dict[tuple[str, date], Match] = {}

    def _labels_of(self, at: int) -> Iterable[_Label]:
        """A unit's name and aliases; and those of its predecessors, which may stand in the roster by code."""
        unit = self._units[at]
        for key in name_keys(unit.name):
            yield _Label(at, "exact", key)
        for alias in unit.aliases:
            for key in name_keys(alias):
                yield _Label(at, "alias", key)
        for text in unit.predecessors:
            for name in self._names_of_predecessor(text, at):
                for key in name_keys(name):
                    yield _Label(at, "predecessor", key)

    def _names_of_predecessor(self, text: str, at: int) -> list[str]:
        """The names of the units that bear this code in the roster, else the text itself, which is a name."""
        coded = [self._units[other] for other in self._codes.get(fold(text), ()) if other != at]
        return [name for unit in coded for name in (unit.name, *unit.aliases)] or [text]

    def match(self, name: str | None, period_end: date) -> Match:
        """Return the unit that exists on that day and is meant by the name; never one of two that it may mean."""
        asked = (name or "", period_end)
        if asked not in self._found:
            self._found[asked] = self._match(*asked)
        return self._found[asked]

    def _match(self, name: str, day: date) -> Match:
        """The unit by its code, else by its own name, else by that of a former unit, else by a name that is near."""
        valid = self._valid(day)
        coded = [at for at in self._codes.get(fold(name), ()) if at in valid]
        if len(coded) == 1:
            return Match(self._units[coded[0]], "alias", 1.0)
        keys, lost_accents = name_keys(name), fold(name).isascii()
        if not keys:
            return UNKNOWN
        same = self._same(keys, lost_accents=lost_accents)
        own = [pair for pair in same if pair.label.kind != "predecessor"]
        former = [pair for pair in same if pair.label.kind == "predecessor"]
        for pairs in (own, former):
            found = [pair for pair in pairs if pair.label.at in valid]
            if found:
                return self._same_name(found, lost_accents=lost_accents)
        if own:
            ended = dict.fromkeys(pair.label.at for pair in own)
            return Match(None, "not_valid", 0.0, tuple(self._units[at] for at in ended))
        return self._similar(keys, valid, lost_accents=lost_accents)

    def _same(self, keys: Sequence[NameKey], *, lost_accents: bool) -> list[_Pair]:
        """The names of units that are written as a reading is; where it has lost its accents, as it is without them."""
        alike = [_Pair(key, label) for key in keys for label in self._by_bare.get(key.bare, ())]
        return [
            pair
            for pair in alike
            if level_gap(pair.key, pair.label.key) == 0 and (lost_accents or pair.key.core == pair.label.key.core)
        ]

    def _valid(self, day: date) -> frozenset[int]:
        if day not in self._valid_on:
            self._valid_on[day] = frozenset(at for at, unit in enumerate(self._units) if unit.is_valid(day))
        return self._valid_on[day]

    def _same_name(self, found: Sequence[_Pair], *, lost_accents: bool) -> Match:
        """The unit that bears the name; of two, the one that is of the level and of the unit above that it says."""
        units = {pair.label.at for pair in found}
        if len(units) > 1 and not lost_accents:
            to_the_word = [pair for pair in found if _is_of_the_same(pair.key, pair.label.key)]
            named = {pair.label.at for pair in to_the_word}
            if len(named) == 1:
                found, units = to_the_word, named
        if len(units) > 1:
            return Match(None, "unknown", 0.0, tuple(self._units[at] for at in sorted(units)))
        how: How = min((pair.label.kind for pair in found), key=("exact", "alias", "predecessor").index)
        if how != "predecessor" and all(pair.key.core != pair.label.key.core for pair in found):
            how = "accents"
        (at,) = units
        return Match(self._units[at], how, 1.0 if how != "accents" else 0.95)

    def _similar(self, keys: Sequence[NameKey], valid: frozenset[int], *, lost_accents: bool) -> Match:
        """The unit whose name is near, if no slip of the hand leads from the name to another one."""
        ranked = self._nearest(keys, valid, lost_accents=lost_accents)
        if not ranked:
            return UNKNOWN
        first, *others = ranked
        is_too_far = first.slips > _most_slips(first.label.key)
        has_rival = bool(others) and not _is_farther(others[0].slips, first.slips)
        if is_too_far or has_rival:
            shown = ranked[:_SHOWN_RIVALS]
            return Match(None, "unknown", 0.0, tuple(self._units[near.label.at] for near in shown))
        score = max(0.0, 1 - first.slips / len(first.label.key.core))
        return Match(self._units[first.label.at], _how(first.key, first.label), round(score, 2))

    def _nearest(self, keys: Sequence[NameKey], valid: frozenset[int], *, lost_accents: bool) -> list[_Near]:
        """The nearest name of each unit, if it is near; the nearest unit first."""
        nearest: dict[int, _Near] = {}
        for key in keys:
            for label in self._sieved(key):
                slips = distance(key, label.key, lost_accents=lost_accents) if label.at in valid else None
                if slips is None or slips > _NEAR:
                    continue
                near = _Near(slips, label.kind == "predecessor", key, label)
                if label.at not in nearest or near.is_nearer(nearest[label.at]):
                    nearest[label.at] = near
        return sorted(nearest.values(), key=lambda near: (near.slips, near.label.at))

    def _sieved(self, key: NameKey) -> Iterable[_Label]:
        """The labels of which one way to write them is near the name: a first sieve, in one call."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if self._written_forms is None:
            self._written_forms = _written_forms(self._labels)
        texts, labels = self._written_forms
        found: set[int] = set()
        for text in {key.bare, strip_accents(key.plain)}:
            near = process.extract(text, texts, scorer=OSA.distance, score_cutoff=_NEAR, limit=None)
            found.update(place for _, _, place in near)
        return dict.fromkeys(labels[place] for place in sorted(found))


def _written_forms(labels: Iterable[_Label]) -> _WrittenForms:
    """Every way to write these names, each once for a name."""
    written: dict[tuple[str, _Label], _Label] = {}
    for label in labels:
        for text in (label.key.core, *forms(label.key)):
            written[strip_accents(text), label] = label
    return _WrittenForms([text for text, _ in written], list(written.values()))


def _is_of_the_same(written: NameKey, named: NameKey) -> bool:
    """Whether two names speak of one level, and of one unit above."""
    return (written.level, written.above) == (named.level, named.above)


def _is_farther(other: float, nearest: float) -> bool:
    """Whether the next unit is out of the question: one slip must never lead to another unit."""
    return other > _ONE_SLIP if nearest <= _ONE_SLIP else other - nearest >= _MARGIN


def _most_slips(label: NameKey) -> float:
    """How many slips a name bears and is still the same: a short one none but of accents."""
    letters = len(label.core.replace(" ", ""))
    if letters < _SHORT:
        return 0.5
    return 1.0 if letters < _LONG else 1.5


def _how(written: NameKey, label: _Label) -> How:
    """What sets a name apart from that of the unit it is taken for."""
    if label.kind == "predecessor":
        return "predecessor"
    if level_gap(written, label.key) and written.core == label.key.core:
        return "level"
    return "accents" if written.bare == label.key.bare else "typo"
