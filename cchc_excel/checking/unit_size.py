"""How large a unit is beside the others, told by what it counts: which figure is usual for a unit of its size.

A ward has twenty times the dossiers of a small commune, and as many leaders. So each row is held against all that may
tell the size, and what tells it best in these units is taken: the other rows that count the same thing, those that
count another one, or nothing at all. A row never speaks for itself, nor do those that an equation ties to it: one
figure that is ten times too large stands alone. Where all dossiers of a unit are ten times too many and its documents
are as usual, the dossiers do not speak for each other either; how far the two may lie apart by chance is told by how
far they do in the other units.

In:     the units of one period.
Out:    of a row, what each unit may be expected to report in it.
Never:  judges a figure.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import hypot, isnan, log, nan, sqrt
from statistics import median
from typing import NamedTuple

from cchc_excel.checking.tied import leaders
from cchc_excel.checking.units_compared import LEAST_UNITS, Unit, columns, numbers, robust_spread
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.merging.ways import way_of

LEAST_MIDDLE = 10  # of a row that tells a size: a few more or less are no other size
LEAST_WITH = 0.5  # of the units have something in it
LEAST_SPREAD = 0.1  # of logarithms: rows that follow each other more closely follow each other well
AS_GOOD = 2.0  # times the spread of what tells a row best
FOLLOWS = 0.75  # of a row's spread: a kind that strays from the row nearly as much as that spreads tells nothing of it
AS_WIDE = 0.5  # of a row's spread: what hardly differs between the units tells nothing of how large one is
HALF_AS_FAR = 0.5  # in logarithms
LEAST_FACTOR, CONTRADICTS = log(4), 4.0  # so far a size must be, and so many spreads from what another kind tells

Ratios = Sequence[float]
"""For each unit how its figure stands to that of the median unit; NaN where it has none."""


class SizedRow(NamedTuple):
    """A row that tells how large the units are: the kind of thing that it counts (`Hồ sơ`), and its ratios."""

    kind: str
    ratios: Ratios


class Told(NamedTuple):
    """What one kind of count tells of the sizes, and how far a row strays from it."""

    ratios: Ratios
    spread: float


class Evidence(NamedTuple):
    """What tells how large a unit is where one row is judged.

    `others` are the other kinds of count that the row follows about as closely as it follows anything. `own` is its own
    kind if that is as good. `witnesses` are the other kinds that follow the row, and where the units are so alike
    that none does, those that differ between them; all together they may contradict `own`. Of the
    `supporters`, the kinds that do not stray further from the row than it spreads, each may speak for `own`.
    """

    others: Sequence[Ratios]
    own: Ratios | None
    witnesses: Sequence[Told]
    supporters: Sequence[Told]

    def sizes(self, index: int, middle: float) -> list[float]:
        """Return every size that a unit may have, as a multiple of the `middle` of the row; 1 is among them."""
        sizes = [1.0, *(ratios[index] for ratios in self.others)]
        if self.own is not None:
            size = self.own[index]
            if _support(self.supporters, size, index) or not _contradict(self.witnesses, size, index, middle):
                sizes.append(size)
        return [size for size in sizes if not isnan(size)]


class Sizes:
    """The sizes of all units, as arrays: as lists of floats they would weigh more than all that is kept of a unit."""

    def __init__(self, units: Sequence[Unit], form: Form) -> None:
        self._leaders = leaders(form)
        self._rows: dict[str, SizedRow] = {}
        for row, column in zip(form.entries, columns(units), strict=False):  # without units there are no columns
            if row.kind is not Kind.COUNT or not way_of(row).is_added:
                continue
            figures = {index: value for index, value in numbers(column).items() if value > 0}
            if _tells_sizes(figures, len(units)):
                self._rows[row.id] = SizedRow(row.unit, _ratios(figures, len(units)))
        self._by_kind = _medians_by_kind(self._rows.values())
        self._spreads = {kind: _spread(ratios) for kind, ratios in self._by_kind.items()}

    def usual(self, row: Indicator, figures: Mapping[int, float], middle: float) -> Callable[[int], float]:
        """Return a function from the place of a unit to what the unit may be expected to report in a row.

        `figures` are those of the row, by the place of their unit, and `middle` is their median. Of several figures
        that are as likely, the one nearest to the unit's own is returned. It lies between the unit's own figure and the
        middle. The function knows the units in `figures` only.
        """
        logs = {index: log((value + 1) / (middle + 1)) for index, value in figures.items() if value > 0}
        if len(logs) < LEAST_UNITS:
            return lambda _: middle
        evidence = self._evidence(row, logs)

        def usual_of(index: int) -> float:
            expected = [middle * size for size in evidence.sizes(index, middle)]
            return min(max(figures[index], min(expected)), max(expected))

        return usual_of

    def least(self, row: Indicator, index: int) -> float:
        """Return the smallest size that anything but this row tells of a unit; 1 where nothing tells any."""
        own = self._told_by_own_kind(row)
        told = [*self._told_by_other_kinds(row).values(), *([own] if own is not None else [])]
        sizes = [ratios[index] for ratios in told]
        return min((size for size in sizes if not isnan(size)), default=1.0)

    def _evidence(self, row: Indicator, logs: Mapping[int, float]) -> Evidence:
        """What tells a row best: no kind of count that strays much further from it than the best one does."""
        plain = robust_spread(logs)
        own = _told(logs, self._told_by_own_kind(row))
        others: dict[str, Told] = {}
        for kind, ratios in self._told_by_other_kinds(row).items():
            told = _told(logs, ratios)
            if told is not None:
                others[kind] = told
        spreads = [plain, *(told.spread for told in others.values())]
        if own is not None:
            spreads.append(own.spread)
        limit = AS_GOOD * max(LEAST_SPREAD, min(spreads))
        following = [told for told in others.values() if told.spread <= FOLLOWS * plain]
        return Evidence(
            others=[told.ratios for told in others.values() if told.spread <= limit],
            own=own.ratios if own is not None and own.spread <= limit else None,
            supporters=[told for told in others.values() if told.spread <= plain],
            witnesses=following or [told for kind, told in others.items() if self._spreads[kind] >= AS_WIDE * plain],
        )

    def _told_by_own_kind(self, row: Indicator) -> Ratios | None:
        """The sizes by the other rows that count the same thing, without those that are tied to the row."""
        leader = self._leaders[row.id]
        rows = [
            sized.ratios for key, sized in self._rows.items() if sized.kind == row.unit and self._leaders[key] != leader
        ]
        return _medians(rows) if rows else None

    def _told_by_other_kinds(self, row: Indicator) -> dict[str, Ratios]:
        """The sizes by each other thing that is counted."""
        return {kind: ratios for kind, ratios in self._by_kind.items() if kind != row.unit}


def _tells_sizes(figures: Mapping[int, float], units: int) -> bool:
    """Whether a row tells how large units are: enough of them have something in it, and usually not just a few."""
    if len(figures) < max(LEAST_UNITS, LEAST_WITH * units):
        return False
    return median(figures.values()) >= LEAST_MIDDLE


def _ratios(figures: Mapping[int, float], units: int) -> Ratios:
    middle = median(figures.values())
    return array("d", (figures[index] / middle if index in figures else nan for index in range(units)))


def _medians_by_kind(rows: Iterable[SizedRow]) -> dict[str, Ratios]:
    """The sizes by each thing that is counted."""
    by_kind: dict[str, list[Ratios]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row.ratios)
    return {kind: _medians(ratios) for kind, ratios in by_kind.items()}


def _medians(rows: Sequence[Ratios]) -> Ratios:
    """For each unit the median of what several rows tell of its size; NaN where none tells any."""
    if len(rows) == 1:
        return rows[0]
    medians = array("d")
    for of_unit in zip(*rows, strict=True):
        given = [ratio for ratio in of_unit if not isnan(ratio)]
        medians.append(median(given) if given else nan)
    return medians


def _spread(ratios: Ratios) -> float:
    """How much the units differ in size."""
    return robust_spread({index: log(ratio) for index, ratio in enumerate(ratios) if not isnan(ratio)})


def _told(logs: Mapping[int, float], ratios: Ratios | None) -> Told | None:
    """What some ratios tell of a row whose figures have these logarithms; None where too few units have both."""
    if ratios is None:
        return None
    strayed = {index: value - log(ratios[index]) for index, value in logs.items() if not isnan(ratios[index])}
    return Told(ratios, robust_spread(strayed)) if len(strayed) >= LEAST_UNITS else None


def _support(supporters: Sequence[Told], size: float, index: int) -> bool:
    """Whether another kind of count puts a unit as far from the others as its own kind does, or half as far."""
    if isnan(size) or size == 1:
        return False
    ratios = [told.ratios[index] for told in supporters if not isnan(told.ratios[index])]
    return any(log(ratio) / log(size) >= HALF_AS_FAR for ratio in ratios)


def _contradict(witnesses: Sequence[Told], size: float, index: int, middle: float) -> bool:
    """Whether all witnesses leave a unit far nearer to the others than its own kind does.

    How far chance takes two kinds apart hangs on how closely the one follows the other, and on how few are counted.
    """
    if not witnesses or isnan(size) or abs(log(size)) < LEAST_FACTOR:
        return False
    closest = min(witnesses, key=lambda told: told.spread)
    if isnan(closest.ratios[index]):  # a ward that counts no documents: chance must not speak in their place
        return False
    chance = 1 / sqrt(size * middle + 1)  # what is counted varies by its root
    gaps = [
        (log(size / told.ratios[index]), CONTRADICTS * hypot(told.spread, chance))
        for told in witnesses
        if not isnan(told.ratios[index])
    ]
    return all(gap * log(size) > 0 and abs(gap) > limit for gap, limit in gaps)
