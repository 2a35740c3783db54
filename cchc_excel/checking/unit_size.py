"""How large a unit is beside the others, told by what it counts: which figure is usual for a unit of its size.

A ward has twenty times the dossiers of a small commune, and as many leaders. So each row is held against all that may
tell the size, and what tells it best in these units is taken: the other rows that count the same thing, those that
count another one, or nothing at all. A row never speaks for itself, nor do those that an equation ties to it: one
figure that is ten times too large stands alone. Where all dossiers of a unit are ten times too many and its documents
are as usual, the dossiers do not speak for each other either.

In:     the units of one period.
Out:    of a row, what each unit may be expected to report in it.
Never:  judges a figure.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import isnan, log, nan
from statistics import median
from typing import NamedTuple

from cchc_excel.checking.units_compared import LEAST_UNITS, Unit, columns, numbers, robust_spread
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.merging.ways import way_of

LEAST_MIDDLE = 10  # of a row that tells a size: a few more or less are no other size
LEAST_WITH = 0.5  # of the units have something in it
LEAST_SPREAD = 0.1  # of logarithms: rows that follow each other more closely follow each other well
AS_GOOD = 2.0  # times the spread of what tells a row best
AS_WIDE = 0.5  # of a row's spread: what hardly differs between the units tells nothing of how large one is
LEAST_FACTOR, AS_FAR = log(4), 1 / 3  # another kind contradicts a size from here on if it is not even a third as far

Ratios = Sequence[float]
"""For each unit how its figure stands to that of the median unit; NaN where it has none."""


class Told(NamedTuple):
    """What one kind of count tells of the sizes, and how far a row strays from it."""

    ratios: Ratios
    spread: float


class Sizes:
    """The sizes of all units, as arrays: as lists of floats they would weigh more than all that is kept of a unit."""

    def __init__(self, units: Sequence[Unit], form: Form) -> None:
        self._tied = _tied(form)
        self._rows: dict[str, tuple[str, Ratios]] = {}
        for row, column in zip(form.entries, columns(units), strict=False):
            if not way_of(row).is_added or row.kind is not Kind.COUNT:
                continue
            figures = {index: value for index, value in numbers(column).items() if value > 0}
            if len(figures) < max(LEAST_UNITS, LEAST_WITH * len(units)) or median(figures.values()) < LEAST_MIDDLE:
                continue
            self._rows[row.id] = (row.unit, _ratios(figures, len(units)))
        self._by_kind = {kind: _median_of(rows) for kind, rows in self._of_kinds("").items()}
        self._spreads = {kind: _spread(ratios) for kind, ratios in self._by_kind.items()}

    def usual(self, row: Indicator, figures: Mapping[int, float], middle: float) -> Callable[[int], float]:
        """What a unit may be expected to report: of what is as likely, that which is nearest to its figure.

        It lies between the figure and the middle.
        """
        logs = {index: log((value + 1) / (middle + 1)) for index, value in figures.items() if value > 0}
        if len(logs) < LEAST_UNITS:
            return lambda _: middle
        own, others = self._own(row), self._others(row)
        plain = robust_spread(logs)
        told = {kind: it for kind, ratios in others.items() if (it := _told(logs, ratios))}
        told_by_own = _told(logs, own) if own else None
        given = [*told.values(), *([told_by_own] if told_by_own else [])]
        best = AS_GOOD * max(LEAST_SPREAD, min([plain, *(it.spread for it in given)]))
        likely = [it.ratios for it in told.values() if it.spread <= best]
        follower = min(
            (it for kind, it in told.items() if self._spreads[kind] >= AS_WIDE * plain),
            key=lambda it: it.spread,
            default=None,
        )

        def usual_of(index: int) -> float:
            ratios = [1.0, *(it[index] for it in likely)]
            if (
                told_by_own
                and told_by_own.spread <= best
                and not _contradicts(follower, told_by_own.ratios[index], index)
            ):
                ratios.append(told_by_own.ratios[index])
            expected = [middle * ratio for ratio in ratios if not isnan(ratio)]
            return min(max(figures[index], min(expected)), max(expected))

        return usual_of

    def least(self, row: Indicator, index: int) -> float:
        """The smallest size that anything but this row tells of a unit."""
        own = self._own(row)
        sizes = [it[index] for it in (*self._others(row).values(), *([own] if own else []))]
        return min((size for size in sizes if not isnan(size)), default=1.0)

    def _own(self, row: Indicator) -> Ratios | None:
        """The sizes by the other rows that count the same thing."""
        rows = self._of_kinds(row.id).get(row.unit)
        return _median_of(rows) if rows else None

    def _others(self, row: Indicator) -> dict[str, Ratios]:
        """The sizes by each other thing that is counted."""
        return {kind: ratios for kind, ratios in self._by_kind.items() if kind != row.unit}

    def _of_kinds(self, without: str) -> dict[str, list[Ratios]]:
        """The rows by what they count, without those that are tied to one of them."""
        tied = self._tied.get(without, without)
        kinds: dict[str, list[Ratios]] = defaultdict(list)
        for key, (kind, ratios) in self._rows.items():
            if self._tied.get(key, key) != tied:
                kinds[kind].append(ratios)
        return kinds


def _told(logs: Mapping[int, float], ratios: Ratios) -> Told | None:
    rest = {index: one - log(ratios[index]) for index, one in logs.items() if not isnan(ratios[index])}
    return Told(ratios, robust_spread(rest)) if len(rest) >= LEAST_UNITS else None


def _spread(ratios: Ratios) -> float:
    return robust_spread({index: log(ratio) for index, ratio in enumerate(ratios) if not isnan(ratio)})


def _contradicts(follower: Told | None, size: float, index: int) -> bool:
    """Whether the kind that follows a row best calls a unit usual where the rows of its own kind do not at all."""
    if follower is None or isnan(size) or isnan(follower.ratios[index]):
        return False
    far = log(size)
    return abs(far) >= LEAST_FACTOR and log(follower.ratios[index]) / far < AS_FAR


def _median_of(rows: Sequence[Ratios]) -> Ratios:
    if len(rows) == 1:
        return rows[0]
    given = ([ratio for ratio in of_unit if not isnan(ratio)] for of_unit in zip(*rows, strict=True))
    return array("d", (median(it) if it else nan for it in given))


def _ratios(figures: Mapping[int, float], count: int) -> Ratios:
    middle = median(figures.values())
    return array("d", (figures[index] / middle if index in figures else nan for index in range(count)))


def _tied(form: Form) -> dict[str, str]:
    """For each row that stands in an equation one that stands for all that are tied to it."""
    tied: dict[str, str] = {}

    def leader(key: str) -> str:
        while tied.get(key, key) != key:
            key = tied[key]
        return key

    for row in form.entries:
        together = [row.id, *row.total_of, *(it for it in (row.part, row.whole, row.same_as) if it)]
        for one, other in pairwise(together):
            tied[leader(other)] = leader(one)
    return {row.id: leader(row.id) for row in form.entries}
