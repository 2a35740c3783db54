"""U04 and U15: a unit's figures, or nearly all of them, or those of one section, are those of another unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, compress
from typing import TypeAlias

from cchc_excel.checking.by_chance import enough, improbability, improbability_of_a_copy
from cchc_excel.checking.copied_reports import LEAST_FIGURES
from cchc_excel.checking.units_compared import Between, Column, Unit, columns, found_in_unit
from cchc_excel.form import Form, Kind
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure

MOST_SHARING = 3  # units that have a rare figure
LEAST_SHARED = 4  # rare figures of two units of which one is nearly a copy of the other
EQUAL_SHARE = 0.9  # of all figures of two such units are equal
LEAST_LARGE = 20  # units hardly have such a figure alike by chance
LEAST_EQUAL_SECTION = 4  # different large figures of one section that is copied
LEAST_TO_COMPARE = min(LEAST_SHARED, LEAST_EQUAL_SECTION)
MOST_SHOWN = 3  # units that a finding names
MOST_PERCENT = 100

_Pair: TypeAlias = tuple[int, int]
"""The places of two units, the lower first."""

_InSection: TypeAlias = tuple[str, Figure]
"""A figure, and the section in which it stands."""


def near_copies(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """Yield U15 for two units with nearly all figures equal, or all of one section, if chance gives no such figures.

    Only units that share figures which hardly any other has, or a whole section, are compared at all. Units whose
    figures are all equal are left to U04.
    """
    may_differ = _may_differ(form)
    counts = _Counts(units, form)
    pairs = set(counts.with_a_section_equal())
    for (first, second), shared in _rare_figures_shared(units, form, may_differ).items():
        if len(shared) < LEAST_TO_COMPARE:  # as nearly all pairs do
            continue
        figures, others = _own_figures(units[first], may_differ), _own_figures(units[second], may_differ)
        if (
            _is_mostly(figures, others, shared)
            or _has_a_section(units[first], units[second], form, shared)
            or counts.are_a_copy_worked_over(first, second)
        ):
            pairs.add((first, second))
    for first, second in sorted(pairs):
        figures, others = _own_figures(units[first], may_differ), _own_figures(units[second], may_differ)
        if figures == others:
            continue
        count = sum(value == other and value is not None for value, other in zip(figures, others, strict=True))
        yield found_in_unit("U15", first, form, others=_name_of(units[second]), count=count)
        yield found_in_unit("U15", second, form, others=_name_of(units[first]), count=count)


class _Counts:
    """The figures of all units that tell a copy: their own counts and amounts, no totals, and no shares of others."""

    def __init__(self, units: Sequence[Unit], form: Form) -> None:
        self._units = units
        self._sections: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(form.entries):
            is_own = not way_of(row).is_common and row.reported_by is None
            if is_own and row.kind in {Kind.COUNT, Kind.MONEY} and not row.total_of:
                self._sections[row.section].append(place)
        self._holders = [Counter(column) for column in columns(units)]
        self._enough = enough(len(units))

    def with_a_section_equal(self) -> Iterator[_Pair]:
        """The pairs of units that have a section wholly alike, which chance does not give."""
        for places in self._sections.values():
            alike: dict[int, list[int]] = defaultdict(list)  # by hash, as in `copies`
            for index, unit in enumerate(self._units):
                alike[hash(tuple(unit.taken[place] for place in places))].append(index)
            for indexes in alike.values():
                if not 1 < len(indexes) <= MOST_SHARING:
                    continue
                if improbability(self._shared(self._units[indexes[0]], places)) >= self._enough:
                    yield from (pair for pair in combinations(indexes, 2) if self._are_equal(pair, places))

    def _are_equal(self, pair: _Pair, places: Iterable[int]) -> bool:
        unit, other = (self._units[index].taken for index in pair)
        return all(unit[place] == other[place] for place in places)

    def are_a_copy_worked_over(self, first: int, second: int) -> bool:
        """Whether two units have so much alike that one was copied from the other, and some figures changed."""
        unit, other = self._units[first], self._units[second]
        by_section, equal, different = [], 0, 0
        for places in self._sections.values():
            same = [place for place in places if unit.taken[place] == other.taken[place]]
            by_section.append(self._shared(unit, same))
            equal += sum(bool(unit.taken[place]) for place in same)
            different += len(places) - len(same)
        return improbability_of_a_copy(by_section, equal, different) >= self._enough

    def _shared(self, unit: Unit, places: Iterable[int]) -> Mapping[Figure, float]:
        """The unit's figures there, each with the share of the units besides a pair that have it."""
        besides = max(len(self._units) - 2, 1)
        shared: dict[Figure, float] = {}
        for place in places:
            figure = unit.taken[place]
            if figure:
                share = (self._holders[place][figure] - 2) / besides
                shared[figure] = max(share, shared.get(figure, 0.0))
        return shared


def _name_of(unit: Unit) -> str:
    return unit.unit or "?"


def _may_differ(form: Form) -> list[bool]:
    """For each entry of the form, whether honest units have different figures in it."""
    return [not way_of(row).is_common and row.kind.is_number for row in form.entries]


def _own_figures(unit: Unit, may_differ: Sequence[bool]) -> tuple[Figure | None, ...]:
    """The figures of a unit that may differ from those of others."""
    return tuple(compress(unit.taken, may_differ))


def _rare_figures_shared(
    units: Sequence[Unit], form: Form, may_differ: Sequence[bool]
) -> Mapping[_Pair, set[_InSection]]:
    """By pair of units the figures that these two have and hardly any other."""
    shared: dict[_Pair, set[_InSection]] = defaultdict(set)
    for row, differs, column in zip(form.entries, may_differ, columns(units), strict=False):  # no units, no columns
        if not differs:
            continue
        for value, holders in _holders(column).items():
            if len(holders) <= MOST_SHARING:
                for pair in combinations(holders, 2):
                    shared[pair].add((row.section, value))
    return shared


def _holders(column: Column) -> Mapping[Figure, list[int]]:
    """By figure the places of the units that have it; zeros and blanks are left out."""
    holders: dict[Figure, list[int]] = defaultdict(list)
    for index, value in enumerate(column):
        if value:
            holders[value].append(index)
    return holders


def _is_mostly(
    figures: Sequence[Figure | None], others: Sequence[Figure | None], shared: Collection[_InSection]
) -> bool:
    """Whether two units have nearly all figures alike, some of them rare."""
    if len(shared) < LEAST_SHARED:
        return False
    given = [
        (value, other) for value, other in zip(figures, others, strict=True) if value is not None or other is not None
    ]
    equal = sum(value == other for value, other in given)
    return equal >= LEAST_FIGURES and equal >= EQUAL_SHARE * len(given)


def _has_a_section(unit: Unit, other: Unit, form: Form, shared: Collection[_InSection]) -> bool:
    """Whether two units have all figures of one section alike, several of them large and rare."""
    large = Counter(section for section, value in shared if _is_large(value))
    return any(
        _is_equal_in_section(unit, other, section, form)
        for section, count in large.items()
        if count >= LEAST_EQUAL_SECTION
    )


def _is_equal_in_section(unit: Unit, other: Unit, section: str, form: Form) -> bool:
    """Whether two units have the same in each row of a section in which regulation does not make them equal."""
    for row, value, other_value in zip(form.entries, unit.taken, other.taken, strict=False):
        is_their_own = row.section == section and not way_of(row).is_common
        if is_their_own and value != other_value:
            return False
    return True


def _is_large(value: Figure) -> bool:
    """Whether two units hardly have a figure alike by chance."""
    return not isinstance(value, str) and value >= LEAST_LARGE and value != MOST_PERCENT


def copies(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """Yield U04 for each unit of which all figures that can differ between units are those of another unit."""
    may_differ = _may_differ(form)
    alike: dict[int, list[int]] = defaultdict(list)  # by hash: ten thousand tuples would weigh more than all else
    for index, unit in enumerate(units):
        figures = _own_figures(unit, may_differ)
        if sum(map(bool, figures)) >= LEAST_FIGURES:
            alike[hash(figures)].append(index)
    for indexes in alike.values():
        if len(indexes) > 1:
            yield from _copies_among(indexes, units, form, may_differ)


def _copies_among(
    indexes: Sequence[int], units: Sequence[Unit], form: Form, may_differ: Sequence[bool]
) -> Iterator[Between]:
    """U04 among the units at some places: the hashes of their figures are equal, the figures themselves may not be."""
    for index in indexes:
        figures = _own_figures(units[index], may_differ)
        others = tuple(
            _name_of(units[place])
            for place in indexes
            if place != index and _own_figures(units[place], may_differ) == figures
        )
        if others:
            count = sum(value is not None for value in figures)
            yield found_in_unit("U04", index, form, others=others[:MOST_SHOWN], count=count)
