"""U04 and U15: a unit's figures, or nearly all of them, or those of one section, are those of another unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, compress

from cchc_excel.checking.copied_reports import LEAST_FIGURES
from cchc_excel.checking.units_compared import Between, Unit, columns
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure

LEAST_RARE, MOST_SHARING = 20, 3  # a figure from here on that so few units have is rare
LEAST_SHARED, EQUAL_SHARE = 4, 0.9  # rare figures that two units share, and how many of all are equal: nearly a copy
LEAST_EQUAL_SECTION = 4  # different large figures of one section
MOST_PERCENT = 100


def near_copies(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """U15: nearly all figures of two units are equal, or those of one section, and chance does not give such figures.

    Only units that share figures which hardly any other has are compared at all.
    """
    may_differ = _may_differ(form)
    sections = [row.section for row in form.entries]
    shared: dict[tuple[int, int], set[tuple[str, Figure]]] = defaultdict(set)
    for place, column in enumerate(columns(units)):
        holders: dict[Figure, list[int]] = defaultdict(list)
        for index, value in enumerate(column) if may_differ[place] else ():
            if value:
                holders[value].append(index)
        for value, having in holders.items():
            for pair in combinations(having, 2) if len(having) <= MOST_SHARING else ():
                shared[pair].add((sections[place], value))
    for (one, other), equal in shared.items():
        if len(equal) < min(LEAST_SHARED, LEAST_EQUAL_SECTION):  # as nearly all pairs do
            continue
        mine, theirs = (tuple(compress(units[index].taken, may_differ)) for index in (one, other))
        if mine == theirs or not (
            _is_mostly(mine, theirs, equal) or _has_a_section(units[one], units[other], form, equal)
        ):
            continue
        count = sum(value == twin and value is not None for value, twin in zip(mine, theirs, strict=True))
        for index, whose in ((one, other), (other, one)):
            facts: dict[str, Fact] = {"others": units[whose].unit or "?", "count": count}
            yield Between(index, Finding("U15", form.severity_of("U15"), facts=facts))


def _may_differ(form: Form) -> list[bool]:
    """Of each entry of the form, whether honest units have different figures in it."""
    return [not way_of(row).is_common and row.kind.is_number for row in form.entries]


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


def copies(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """U04: all figures that can differ between units are those of another unit."""
    may_differ = _may_differ(form)

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
