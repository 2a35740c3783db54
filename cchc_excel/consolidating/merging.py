"""Filed workbooks → the merged submission: figures, on how many units each stands, and what is left open.

In:     what was filed of each unit that counts; how many units were expected; the upper level's own workbook.
Out:    a Merged: figures by row, their aggregates, bounds, and how much each finding weighs.
Never:  adds a row that only the upper level reports; counts a blank, or a unit that is missing, as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cchc_excel.consolidating.figure_columns import FigureColumns
from cchc_excel.consolidating.filing import Filed, place_of_figure
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

        A unit of many that did not report at all counts as one, since nobody knows how many it has. The number is 0
        where the row is of a level that the units are below.
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
    """Merge what was filed. The order of the units changes no figure.

    `expected` counts the units that should have reported; those merged and left out, if it is not given or less.
    """
    everyone = max(expected or 0, len(units) + len(left_out))
    of_units = _aggregates(units, form)
    of_all = of_units if own is None else of_units | _own_aggregates(own, form, level)
    absent = everyone - len(units)
    aggregates = {row.id: _with_absent(row, of_all[row.id], absent, left_out) for row in form.entries}
    merged = Merged(
        form=form,
        level=level,
        unit=unit,
        period=period,
        units=tuple(units),
        left_out=tuple(left_out),
        expected=everyone,
        own=own,
        aggregates=aggregates,
        figures=merged_figures(aggregates, form),
        bounds={},
    )
    return replace(merged, bounds=_bounds(merged))


# --- what the figures are added up to


def _aggregates(units: Sequence[Filed], form: Form) -> dict[str, Aggregate]:
    """The aggregates of all units: of plain workbooks by their figures, of merged ones by what these keep."""
    plain = [unit for unit in units if unit.aggregates is None]
    of_merged = [unit.aggregates for unit in units if unit.aggregates is not None]
    return combined([_of_plain(plain, form), *of_merged], form)


def _of_plain(units: Sequence[Filed], form: Form) -> dict[str, Aggregate]:
    """The aggregates of units that are not merged themselves, with how many are expected and what is in doubt."""
    columns = FigureColumns(units, form, lambda level, row: _reports(level, row, form))
    doubtful = [unit for unit in units if unit.doubts]
    added = aggregate_of(columns, form)
    for place, row in enumerate(form.entries):
        expected = len(units) if row.reported_by is None else 0
        aggregate = replace(added[row.id], expected=expected)
        doubts = _doubts(doubtful, place, row, form)
        added[row.id] = way_of(row).doubted(aggregate, doubts, columns[row.id]) if doubts else aggregate
    return added


def _doubts(doubtful: Iterable[Filed], place: int, row: Indicator, form: Form) -> list[Doubt]:
    """What else the figures of a row may be, of those that are in doubt."""
    found = (_doubt(unit, place, row, form) for unit in doubtful)
    return [doubt for doubt in found if doubt is not None]


def _doubt(unit: Filed, place: int, row: Indicator, form: Form) -> Doubt | None:
    """What else the unit's figure may be; None where it is in no doubt, or is none of its own.

    A negative figure that is an error is added like any other, as it was reported. But the right one is not negative.
    """
    value, others = unit.taken[place], unit.doubts.get(place)
    if others is None or value is None or isinstance(value, str) or not _reports(unit.level, row, form):
        return None
    proposed = numbers_in(others)
    possible = [value, *(proposed or [0])]
    if form.severity_of("T04") is Severity.ERROR and not row.negative:
        possible = [max(number, 0) for number in possible]
    return Doubt(value=value, low=min(possible), high=max(possible), is_known=bool(proposed))


def _reports(level: str | None, row: Indicator, form: Form) -> bool:
    """Whether a row is such a unit's to report: one of an upper level is not a commune's, whatever stands there."""
    if row.reported_by is None or row.reported_by not in LEVELS:
        return True
    own = level or form.level
    return own in LEVELS and LEVELS.index(own) >= LEVELS.index(row.reported_by)


def _own_aggregates(own: Filed, form: Form, level: str) -> dict[str, Aggregate]:
    """The aggregates of the rows that the upper level reports itself, by its own workbook."""
    columns = {row.id: [figure] for row, figure in zip(form.entries, own.taken, strict=True)}
    aggregates = aggregate_of(columns, form)
    return {row.id: aggregates[row.id] for row in form.entries if row.reported_by == level}


def _with_absent(row: Indicator, aggregate: Aggregate, absent: int, left_out: Sequence[Filed]) -> Aggregate:
    """The aggregate with the units that should have reported the row and are not among those merged.

    A merged workbook that is left out counts as all units that it stands for.
    """
    if row.reported_by is not None or not absent:
        return aggregate  # whose a row of an upper level is depends on the level: Merged.expected_of
    within = [unit.aggregates.get(row.id, NOBODY).expected for unit in left_out if unit.aggregates is not None]
    more_than_one = sum(max(expected - 1, 0) for expected in within)
    return replace(aggregate, expected=aggregate.expected + absent + more_than_one)


# --- what the merged figures may be


def _bounds(merged: Merged) -> dict[str, Bounds]:
    """What each merged figure may be; without those that nothing bounds."""
    rows = merged.form.entries
    own = _present({row.id: _own_bounds(row, merged) for row in rows})
    return _present({row.id: way_of(row).bounds_from(row, own) for row in rows})


def _present(bounds: Mapping[str, Bounds | None]) -> dict[str, Bounds]:
    return {key: of_row for key, of_row in bounds.items() if of_row is not None}


def _own_bounds(row: Indicator, merged: Merged) -> Bounds | None:
    """The bounds that a row's own aggregate gives."""
    aggregate = merged.aggregates[row.id]
    if not aggregate.units or not row.kind.is_number:
        return None
    return way_of(row).bounds(aggregate, is_open=merged.is_open(row))


# --- how much a finding weighs


def effect(finding: Finding, unit: Filed, merged: Merged) -> Fraction:
    """How much of a merged figure hangs on a finding, 0 to 1: the largest share over the entries it may change.

    Where no right value is known, the whole figure of the unit is in question. A percentage of a
    unit is not merged, but recomputed: what is wrong with it alone changes no merged figure.
    """
    if not unit.readable:
        return Fraction(0)
    proposed = {change.indicator: change.after for way in finding.ways for change in way.changes}
    keys = dict.fromkeys((*finding.indicators[:1], *proposed))
    shares = (_share_in_question(key, proposed.get(key), unit, merged) for key in keys)
    return min(max(shares, default=Fraction(0)), Fraction(1))


def _share_in_question(key: str, proposed: Figure | None, unit: Filed, merged: Merged) -> Fraction:
    """The share of a merged figure by which it changes if the unit's figure becomes the one proposed; 0 if it cannot.

    A merged figure of 0 is changed by the difference itself.
    """
    place = place_of_figure(key, merged.form)
    if place is None or not way_of(merged.form[key]).is_added:  # a heading has no place
        return Fraction(0)
    total, figure = merged.figures.get(key), unit.taken[place]
    if total is None or isinstance(total, str) or isinstance(figure, str):
        return Fraction(0)
    now = Fraction(figure or 0)
    difference = abs(now - proposed) if isinstance(proposed, int | Fraction) else abs(now)
    base = max(abs(Fraction(total)), difference)
    return difference / base if base else difference
