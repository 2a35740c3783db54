"""Family U: the units of one period against each other; where they are too few for that, U16 says so.

Outliers are judged by median and MAD (Iglewicz and Hoaglin, 1993: modified z-scores), which a few wrong figures cannot
move; where more than half of the units agree, so that the MAD is 0, by the mean absolute deviation instead. A figure
is first divided by the size of its unit: the median, over all rows, of how its figures stand to those of the others. A
percentage of few is allowed to lie further away than one of many (a funnel plot: Spiegelhalter, 2005). What several
units have alike is a habit and no slip: only who is nearly alone far away is told. Rows in which most units have
nothing, such as surveys, which come in bursts, are judged by their own largest figures.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, compress
from math import hypot, inf, log, sqrt
from statistics import fmean, median
from typing import NamedTuple, Protocol

from cchc_excel.checking.notes import says_something
from cchc_excel.checking.over_time import LEAST_FIGURES
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import CellAddress, Figure

LEAST_UNITS = 8  # a median of fewer says little
LEAST_AGREEING = 3  # units that give a common value
LEAST_HALF, LEAST_SIDE, NEARLY_ALL = 0.5, 0.35, 0.8  # of two lists: the smaller to the larger, to all; both to all
LEAST_RARE, MOST_SHARING = 20, 3  # a figure from here on that so few units have is rare
LEAST_SHARED, EQUAL_SHARE = 4, 0.9  # rare figures that two units share, and how many of all are equal: nearly a copy
LEAST_EQUAL_SECTION = 4  # different large figures of one section
RATE_SCORE, SIZE_SCORE = 3.5, 4.0  # modified z-scores; 3.5 is the authors' own limit
MOST_PERCENT = 100
LEAST_GAP = 20  # points of a percentage
LEAST_FIGURE, LEAST_FACTOR = 10, 4  # a small figure may be many times another
LEAST_SHARE = 5.0  # points: of a percentage near 0 or 100 the median says too little of its chance
MOST_ALIKE = 20  # of so many units one more may lie as far away
BURST, LEAST_BURST = 10, 50  # a figure among zeros: so many times any other, or so many times a usual burst
LEAST_WITH_SOME = 5  # so many units that have some tell what is usual
FEW = 8  # so many times the largest of the others is then too much
LEAST_OF_A_KIND = 3  # rows that count the same thing, to tell a unit's size by them
BACKED = 6  # how far apart two sizes of one unit may lie for one to back the other
LEAST_MIDDLE = 3  # of a row: what half of the units hardly ever have does not grow with a unit


class Unit(Protocol):
    """What this family needs to know of a unit's submission; `taken` in the order of the form's entries."""

    @property
    def unit(self) -> str | None: ...
    @property
    def taken(self) -> Sequence[Figure | None]: ...
    @property
    def notes(self) -> Mapping[str, str]: ...
    def cell(self, place: int) -> CellAddress | None: ...


class Between(NamedTuple):
    """A finding, and the place of its unit among the units."""

    place: int
    finding: Finding


def between(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """Yield what is found among the submissions of one period, each of another unit."""
    if 1 < len(units) < LEAST_UNITS:
        facts: dict[str, Fact] = {"units": len(units), "least": LEAST_UNITS}
        yield Between(0, Finding("U16", form.severity_of("U16"), facts=facts))
    yield from _copies(units, form)
    yield from _near_copies(units, form)
    sizes = _sizes(units, form)
    for place, (row, column) in enumerate(zip(form.entries, _columns(units), strict=False)):
        way = way_of(row)
        if way.is_common:
            yield from _deviating(units, form, row, place, column)
        elif row.kind is Kind.PERCENT:
            yield from _far_rates(units, form, row, place, column)
        elif row.kind in {Kind.COUNT, Kind.MONEY} and way.is_added:
            yield from _far_figures(units, form, row, place, column, sizes)


def _found(
    units: Sequence[Unit],
    form: Form,
    code: str,
    index: int,
    row: Indicator,
    place: int,
    expected: Figure | None,
    facts: Mapping[str, Fact],
) -> Between:
    value = units[index].taken[place]
    cell = units[index].cell(place)
    finding = Finding(
        code,
        form.severity_of(code),
        (row.id,),
        (cell,) if cell is not None else (),
        value,
        expected,
        {"value": value, **facts},
    )
    note = units[index].notes.get(row.id)
    return Between(index, replace(finding, explained=note) if note and says_something(note) else finding)


def _deviating(
    units: Sequence[Unit], form: Form, row: Indicator, place: int, column: Sequence[Figure | None]
) -> Iterator[Between]:
    """U01: a figure that regulation makes equal in all units is another one here."""
    tally = Counter(value for value in column if value is not None)
    if not tally:
        return
    yield from _two_lists(units, form, row, place, column, tally)
    ((common, count),) = tally.most_common(1)
    if count < LEAST_AGREEING or 2 * count <= tally.total():
        return
    facts: dict[str, Fact] = {"common": common, "count": count, "units": tally.total()}
    for index, value in enumerate(column):
        if value is not None and value != common:
            yield _found(units, form, "U01", index, row, place, common, facts)


def _two_lists(
    units: Sequence[Unit],
    form: Form,
    row: Indicator,
    place: int,
    column: Sequence[Figure | None],
    tally: Counter[Figure],
) -> Iterator[Between]:
    """U14: a figure that regulation makes equal is one thing in one half of the units, another in the other half.

    It is told once, at the first unit that has the rarer one: which of the two is right is not ours to say.
    """
    if len(tally) < 2:
        return
    (first, most), (second, fewer) = tally.most_common(2)
    if fewer < LEAST_AGREEING or fewer < most * LEAST_HALF or most + fewer < tally.total() * NEARLY_ALL:
        return
    if 2 * most > tally.total() and fewer < tally.total() * LEAST_SIDE:
        return
    facts: dict[str, Fact] = {"common": first, "count": most, "other": second, "others": fewer}
    yield _found(units, form, "U14", column.index(second), row, place, None, facts)


def _columns(units: Sequence[Unit]) -> Iterator[Sequence[Figure | None]]:
    """The figures of all units at one place after the other."""
    return zip(*(unit.taken for unit in units), strict=True)


def _numbers(column: Sequence[Figure | None]) -> dict[int, float]:
    return {
        index: float(value) for index, value in enumerate(column) if value is not None and not isinstance(value, str)
    }


def _far_rates(
    units: Sequence[Unit], form: Form, row: Indicator, place: int, column: Sequence[Figure | None]
) -> Iterator[Between]:
    """U02: a percentage far from those of the other units, whatever it was taken of."""
    rates = _numbers(column)
    if len(rates) < LEAST_UNITS:
        return
    middle = median(rates.values())
    gaps = {index: rate - middle for index, rate in rates.items()}
    far = {index: gap for index, gap in gaps.items() if abs(gap) >= LEAST_GAP}
    if not far:
        return
    spread, noise = robust_spread(rates), _noise(units, form, row, middle)
    facts: dict[str, Fact] = {"middle": round(middle, 2), "units": len(rates)}
    for index, gap in far.items():
        limit = RATE_SCORE * hypot(spread, noise(index))
        alone = _is_alone if row.part is None else _is_nearly_alone
        if abs(gap) > limit and alone(gap, gaps.values()):
            yield _found(units, form, "U02", index, row, place, None, facts)


def _noise(units: Sequence[Unit], form: Form, row: Indicator, middle: float) -> Callable[[int], float]:
    """By how many points a unit's percentage varies by chance alone: little where it is a share of many."""
    base = form.entry_places.get(row.whole or row.weight or "")
    rest = min(max(middle, LEAST_SHARE), 100 - LEAST_SHARE)

    def noise(index: int) -> float:
        of = units[index].taken[base] if base is not None else None
        known = of is not None and not isinstance(of, str) and of > 0
        return sqrt(rest * (100 - rest) / float(of)) if known else 0.0  # type: ignore[arg-type]

    return noise


def _is_alone(gap: float, gaps: Collection[float]) -> bool:
    """Whether no other unit lies half as far away, on either side: a share that units estimate is a habit of theirs."""
    return sum(abs(other) >= abs(gap) / 2 for other in gaps) <= 1


def _is_nearly_alone(gap: float, gaps: Collection[float]) -> bool:
    """Whether hardly any other unit lies half as far away on the same side."""
    alike = sum(abs(other) >= abs(gap) / 2 and (other > 0) == (gap > 0) for other in gaps)
    return alike <= 1 + max(1, len(gaps) // MOST_ALIKE)


def _far_figures(
    units: Sequence[Unit],
    form: Form,
    row: Indicator,
    place: int,
    column: Sequence[Figure | None],
    sizes: Sequence[Size],
) -> Iterator[Between]:
    """U03: a figure far from what a unit of this size reports; a negative is T04's, and 0 is no multiple of any.

    A part is judged with its whole, by their percentage, and a total by its parts.
    """
    figures = {index: value for index, value in _numbers(column).items() if value >= 0}
    if len(figures) < LEAST_UNITS:
        return
    middle = median(figures.values())
    if middle < LEAST_MIDDLE:
        yield from _far_among_few(units, form, row, place, figures, sizes)
        return
    usual = {index: sizes[index].nearest(value, middle) for index, value in figures.items()}
    far = [index for index, value in figures.items() if value > 0 and _is_far(value, usual[index])]
    if far:
        is_judged_elsewhere = _judged_elsewhere(units, form, row, sizes)
        far = [index for index in far if not is_judged_elsewhere(index)]
    if not far:
        return
    ratios = {i: log((value + 1) / (usual[i] + 1)) for i, value in figures.items() if value > 0}
    middle_ratio, spread = median(ratios.values()), robust_spread(ratios)
    gaps = {index: ratio - middle_ratio for index, ratio in ratios.items()}
    for index in far:
        limit = SIZE_SCORE * hypot(spread, 1 / sqrt(usual[index] + 1))  # what is counted varies by its root
        if abs(gaps[index]) > limit and _is_nearly_alone(gaps[index], gaps.values()):
            facts: dict[str, Fact] = {"usual": round(usual[index]), "units": len(figures)}
            yield _found(units, form, "U03", index, row, place, None, facts)


def _judged_elsewhere(
    units: Sequence[Unit], form: Form, row: Indicator, sizes: Sequence[Size]
) -> Callable[[int], bool]:
    """Whether a unit's figure is no more than a usual whole, or is what its own parts come to."""
    wholes = [form.entry_places[it.whole] for it in form.entries if it.part == row.id and it.whole]
    parts = [form.entry_places[part] for part in row.total_of]

    def figure(index: int, place: int) -> Figure:
        value = units[index].taken[place]
        return -1 if value is None or isinstance(value, str) else value

    middles = {whole: median(_numbers([unit.taken[whole] for unit in units]).values() or (0.0,)) for whole in wholes}

    def is_usual(index: int, whole: int) -> bool:
        value = float(figure(index, whole))
        return not _is_far(value, sizes[index].nearest(value, middles[whole]))

    def judged(index: int) -> bool:
        own = figure(index, form.entry_places[row.id])
        within = any(own <= figure(index, whole) and is_usual(index, whole) for whole in wholes)  # type: ignore[operator]
        return within or (bool(parts) and own == sum(figure(index, part) for part in parts))  # type: ignore[misc]

    return judged


def _far_among_few(
    units: Sequence[Unit],
    form: Form,
    row: Indicator,
    place: int,
    figures: Mapping[int, float],
    sizes: Sequence[Size],
) -> Iterator[Between]:
    """U03 where most units have little: many times as large as any other unit's, for a unit of this size.

    Where several units have some, they tell what is usual; where hardly any has, it may be a burst, such as a survey.
    """
    largest, second = sorted(figures, key=figures.__getitem__, reverse=True)[:2]
    usual, value = figures[second], figures[largest]
    is_usual = sum(figure > 0 for figure in figures.values()) > LEAST_WITH_SOME
    limit = max(LEAST_FIGURE, FEW * usual) if is_usual else BURST * max(usual, LEAST_BURST)
    if value >= limit * max(1.0, sizes[largest].low):
        facts: dict[str, Fact] = {"usual": round(usual), "units": len(figures)}
        yield _found(units, form, "U03", largest, row, place, None, facts)


def _is_far(value: float, usual: float) -> bool:
    """Whether a figure is so many times another that it is worth a word."""
    low, high = (value, usual) if value < usual else (usual, value)
    return high >= LEAST_FIGURE and high >= LEAST_FACTOR * max(low, 1)


class Size(NamedTuple):
    """How large a unit is beside the median one, at least and at most: by documents, say, and by dossiers."""

    low: float
    high: float

    def nearest(self, value: float, middle: float) -> float:
        """Of what a unit of this size may report of a row, that which is nearest to what it reports."""
        return min(max(value, self.low * middle), self.high * middle)


def _sizes(units: Sequence[Unit], form: Form) -> list[Size]:
    """How large each unit is, by all figures that grow with a unit, and by those that count the same thing.

    A ward has twenty times the dossiers of a small commune and as many leaders. That it is one, some row that counts
    another thing must tell as well: dossiers alone that are ten times too many are a slip.
    """
    # by what is counted, of each unit; as lists of floats they would weigh more than all that is kept of a unit
    of_kind: dict[str, list[array[float]]] = {}
    stable: dict[str, list[array[float]]] = {}  # those of rows that are no small numbers
    for row, column in zip(form.entries, _columns(units), strict=False):
        if not way_of(row).is_added or row.kind is not Kind.COUNT:
            continue
        figures = {index: value for index, value in _numbers(column).items() if value > 0}
        if len(figures) < max(LEAST_AGREEING, len(units) / 2):
            continue
        middle = median(figures.values())
        for kept in (of_kind, stable) if middle >= LEAST_FIGURE else (of_kind,):
            if row.unit not in kept:
                kept[row.unit] = [array("d") for _ in units]
            own = kept[row.unit]
            for index, value in figures.items():
                own[index].append(value / middle)
    sizes = []
    for index in range(len(units)):
        size = _widened(Size(inf, 0.0), [ratio for ratios in of_kind.values() for ratio in ratios[index]])
        for kind, ratios in of_kind.items():
            of_unit = ratios[index]
            if len(of_unit) < LEAST_OF_A_KIND:
                continue
            others = (ratio for other, its in stable.items() if other != kind for ratio in its[index])
            if _is_backed(median(of_unit), others):
                size = _widened(size, of_unit)
        sizes.append(size)
    return sizes


def _is_backed(size: float, others: Iterable[float]) -> bool:
    """Whether a row that counts another thing tells about the same size."""
    return any(size / BACKED <= ratio <= size * BACKED for ratio in others)


def _widened(size: Size, ratios: Sequence[float]) -> Size:
    middle = median(ratios) if ratios else 1.0
    return Size(min(size.low, middle), max(size.high, middle))


def robust_spread(values: Mapping[int, float]) -> float:
    """The robust deviation of the values: a modified z-score is a distance from the median, divided by this."""
    middle = median(values.values())
    gaps = [abs(value - middle) for value in values.values()]
    return median(gaps) / 0.6745 or fmean(gaps) * 1.253314


def _near_copies(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """U15: nearly all figures of two units are equal, or those of one section, and chance does not give such figures.

    Only units that share figures which hardly any other has are compared at all.
    """
    may_differ = [not way_of(row).is_common and row.kind.is_number for row in form.entries]
    sections = [row.section for row in form.entries]
    shared: dict[tuple[int, int], set[tuple[str, Figure]]] = defaultdict(set)
    for place, column in enumerate(_columns(units)):
        holders: dict[Figure, list[int]] = defaultdict(list)
        for index, value in enumerate(column) if may_differ[place] else ():
            if value:
                holders[value].append(index)
        for value, having in holders.items():
            for pair in combinations(having, 2) if len(having) <= MOST_SHARING else ():
                shared[pair].add((sections[place], value))
    for (one, other), equal in shared.items():
        mine, theirs = (tuple(compress(units[index].taken, may_differ)) for index in (one, other))
        if mine == theirs or not (
            _is_mostly(mine, theirs, equal) or _has_a_section(units[one], units[other], form, equal)
        ):
            continue
        count = sum(value == twin and value is not None for value, twin in zip(mine, theirs, strict=True))
        for index, whose in ((one, other), (other, one)):
            facts: dict[str, Fact] = {"others": units[whose].unit or "?", "count": count}
            yield Between(index, Finding("U15", form.severity_of("U15"), facts=facts))


def _is_mostly(
    mine: Sequence[Figure | None], theirs: Sequence[Figure | None], shared: Collection[tuple[str, Figure]]
) -> bool:
    """Whether two units have nearly all figures alike, some of them rare."""
    given = [(value, twin) for value, twin in zip(mine, theirs, strict=True) if value is not None or twin is not None]
    equal = sum(value == twin for value, twin in given)
    return len(shared) >= LEAST_SHARED and equal >= EQUAL_SHARE * len(given) and equal >= LEAST_FIGURES


def _has_a_section(one: Unit, other: Unit, form: Form, shared: Collection[tuple[str, Figure]]) -> bool:
    """Whether two units have all figures of one section alike, several of them large and rare."""
    large = Counter(section for section, value in shared if _is_large(value))
    rows = list(zip(form.entries, one.taken, other.taken, strict=False))
    return any(
        all(value == twin for row, value, twin in rows if row.section == section and not way_of(row).is_common)
        for section, count in large.items()
        if count >= LEAST_EQUAL_SECTION
    )


def _is_large(value: Figure | None) -> bool:
    """Whether two units hardly have a figure alike by chance."""
    return value is not None and not isinstance(value, str) and value >= LEAST_RARE and value != MOST_PERCENT


def _copies(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """U04: all figures that can differ between units are those of another unit."""
    may_differ = [not way_of(row).is_common and row.kind.is_number for row in form.entries]

    def figures_of(index: int) -> tuple[Figure | None, ...]:
        return tuple(compress(units[index].taken, may_differ))

    alike: dict[int, list[int]] = defaultdict(list)  # by hash: ten thousand tuples would weigh more than all else
    for index in range(len(units)):
        figures = figures_of(index)
        if sum(map(bool, figures)) >= LEAST_FIGURES:
            alike[hash(figures)].append(index)
    for indexes in alike.values():
        for index in indexes if len(indexes) > 1 else ():
            figures = figures_of(index)
            others = tuple(units[it].unit or "?" for it in indexes if it != index and figures_of(it) == figures)
            if others:
                facts: dict[str, Fact] = {"others": others[:3], "count": sum(value is not None for value in figures)}
                yield Between(index, Finding("U04", form.severity_of("U04"), facts=facts))
