"""Filed workbooks → the merged submission: figures, on how many units each stands, and what is left open.

In:     what was filed of each unit that counts; how many units were expected; the upper level's own workbook.
Out:    a Merged: figures by row, their aggregates, bounds, and how much each finding weighs.
Never:  adds a row that only the upper level reports; counts a blank, or a unit that is missing, as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cchc_excel.consolidating.filing import FigureColumns, Filed, place_of_figure
from cchc_excel.finding import Finding
from cchc_excel.form import LEVELS, Form, Indicator, Severity
from cchc_excel.merging.aggregate import NOBODY, Aggregate, combined
from cchc_excel.merging.way import Bounds, Doubt, numbers_in
from cchc_excel.merging.ways import aggregate_of, merged_figures, way_of
from cchc_excel.submission import Figure, Period


@dataclass(frozen=True, slots=True)
class Merged:
    """Many submissions as one, one level up.

    `units` are those merged, `left_out` those kept out for their errors; `expected` counts the units
    that should have reported, `own` is the upper level's own workbook.
    """

    form: Form
    level: str
    unit: str
    period: Period | None
    units: tuple[Filed, ...]
    left_out: tuple[Filed, ...]
    expected: int
    own: Filed | None
    aggregates: Mapping[str, Aggregate]
    figures: Mapping[str, Figure | None]
    bounds: Mapping[str, Bounds]

    def expected_of(self, row: Indicator) -> int:
        """How many units should have reported a row: this level's own office, the units merged, or theirs below them.

        Of a unit of many that did not report at all it is not known how many it has: it counts as one.
        None should where the row is of a level that the units are below.
        """
        if row.reported_by is None:
            return self.aggregates[row.id].expected
        if row.reported_by == self.level:
            return 1
        return self.expected if any(_reports(unit.level, row, self.form) for unit in self.units) else 0

    def is_open(self, row: Indicator) -> bool:
        """Whether the merged figure lacks a unit's, or one is in doubt and no other value known."""
        aggregate = self.aggregates[row.id]
        return aggregate.units < self.expected_of(row) or aggregate.unsure > 0

    def own_rows(self) -> tuple[Indicator, ...]:
        """The rows that this level reports itself."""
        return tuple(row for row in self.form.entries if row.reported_by == self.level)


def merge(
    units: Sequence[Filed],
    form: Form,
    *,
    level: str,
    unit: str = "",
    period: Period | None = None,
    expected: int | None = None,
    own: Filed | None = None,
    left_out: Sequence[Filed] = (),
) -> Merged:
    """Merge what was filed. The order of the units changes no figure."""
    aggregates = _aggregates(units, form)
    if own is not None:
        ours = aggregate_of({row.id: [value] for row, value in zip(form.entries, own.taken, strict=True)}, form)
        aggregates |= {row.id: ours[row.id] for row in form.entries if row.reported_by == level}
    everyone = max(expected or 0, len(units) + len(left_out))
    aggregates = {row.id: _awaited(row, aggregates[row.id], everyone - len(units), left_out) for row in form.entries}
    figures = merged_figures(aggregates, form)
    merged = Merged(form, level, unit, period, tuple(units), tuple(left_out), everyone, own, aggregates, figures, {})
    return replace(merged, bounds=_bounds(merged))


def _awaited(row: Indicator, aggregate: Aggregate, absent: int, left_out: Sequence[Filed]) -> Aggregate:
    """The aggregate with the units that should have reported the row and are not among those merged."""
    if row.reported_by is not None or not absent:
        return aggregate  # whose a row of an upper level is depends on the level: Merged.expected_of
    of_many = [unit.aggregates.get(row.id, NOBODY).expected for unit in left_out if unit.aggregates is not None]
    more_than_one = sum(max(expected - 1, 0) for expected in of_many)
    return replace(aggregate, expected=aggregate.expected + absent + more_than_one)


def _aggregates(units: Sequence[Filed], form: Form) -> dict[str, Aggregate]:
    plain = [unit for unit in units if unit.aggregates is None]
    columns = FigureColumns(plain, form, lambda level, row: _reports(level, row, form))
    added = aggregate_of(columns, form)
    doubtful = [unit for unit in plain if unit.doubts]
    for place, row in enumerate(form.entries):
        expected = len(plain) if row.reported_by is None else 0
        aggregate = replace(added[row.id], expected=expected)
        doubts = [doubt for unit in doubtful if (doubt := _doubt(unit, place, row, form)) is not None]
        added[row.id] = way_of(row).doubted(aggregate, doubts, columns[row.id]) if doubts else aggregate
    return combined([added, *(unit.aggregates for unit in units if unit.aggregates is not None)], form)


def _doubt(unit: Filed, place: int, row: Indicator, form: Form) -> Doubt | None:
    """What else the unit's figure may be; None where it is in no doubt, or is none of its own.

    A negative figure that is an error is added like any other, as it was reported. But the right one is not negative.
    """
    value, others = unit.taken[place], unit.doubts.get(place)
    if others is None or value is None or isinstance(value, str) or not _reports(unit.level, row, form):
        return None
    numbers = numbers_in(others)
    possible = [value, *(numbers or [0])]
    if form.severity_of("T04") is Severity.ERROR and not row.negative:
        possible = [max(number, 0) for number in possible]
    return Doubt(value=value, low=min(possible), high=max(possible), is_known=bool(numbers))


def _reports(level: str | None, row: Indicator, form: Form) -> bool:
    """Whether a row is such a unit's to report: one of an upper level is not a commune's, whatever stands there."""
    if row.reported_by is None or row.reported_by not in LEVELS:
        return True
    own = level or form.level
    return own in LEVELS and LEVELS.index(own) >= LEVELS.index(row.reported_by)


def _bounds(merged: Merged) -> dict[str, Bounds]:
    """What each merged figure may be; without those that nothing bounds."""
    rows = merged.form.entries
    own = {row.id: bounds for row in rows if (bounds := _own_bounds(row, merged)) is not None}
    found = ((row.id, way_of(row).bounds_from(row, own)) for row in rows)
    return {key: bounds for key, bounds in found if bounds is not None}


def _own_bounds(row: Indicator, merged: Merged) -> Bounds | None:
    """The bounds that a row's own aggregate gives."""
    aggregate = merged.aggregates[row.id]
    if not aggregate.units or not row.kind.is_number:
        return None
    return way_of(row).bounds(aggregate, is_open=merged.is_open(row))


def effect(finding: Finding, unit: Filed, merged: Merged) -> Fraction:
    """How much of a merged figure hangs on a finding, 0 to 1: the largest share over the entries it may change.

    Where no right value is known, the whole figure of the unit is in question. A percentage of a
    unit is not merged, but recomputed: what is wrong with it alone changes no merged figure.
    """
    worst = Fraction(0)
    ways = {change.indicator: change.after for way in finding.ways for change in way.changes}
    if not unit.readable:
        return worst
    for key in dict.fromkeys((*finding.indicators[:1], *ways)):
        place = place_of_figure(key, merged.form)
        if place is None:  # a heading
            continue
        total, value = merged.figures.get(key), unit.taken[place]
        if not way_of(merged.form[key]).is_added or total is None or isinstance(total, str):
            continue
        if isinstance(value, str):
            continue
        after, now = ways.get(key), Fraction(value or 0)
        gap = abs(now - after) if isinstance(after, int | Fraction) else abs(now)
        base = max(abs(Fraction(total)), gap)
        worst = max(worst, gap / base if base else gap)
    return min(worst, Fraction(1))
