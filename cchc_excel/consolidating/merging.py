"""Filed workbooks → the merged submission: figures, on how many units each stands, and what is left open.

In:     what was filed of each unit that counts; how many units were expected; the upper level's own workbook.
Out:    a Merged: figures by row, their aggregates, bounds, and how much each finding weighs.
Never:  adds a row that only the upper level reports; counts a blank, or a unit that is missing, as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.aggregate import NOBODY, Aggregate, Number, aggregate_of, combined, merged_figures
from cchc_excel.consolidating.filing import FigureColumns, Filed, places_of
from cchc_excel.finding import Finding
from cchc_excel.form import LEVELS, Form, Indicator
from cchc_excel.submission import Figure, Period


class Bounds(NamedTuple):
    """What a merged figure may be once missing and doubtful figures are settled; `high` None: no limit is known."""

    low: Number
    high: Number | None


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
    figures = merged_figures(aggregates, form)
    everyone = max(expected or 0, len(units) + len(left_out))
    bounds = _bounds(units, form, aggregates, complete=everyone == len(units))
    return Merged(form, level, unit, period, tuple(units), tuple(left_out), everyone, own, aggregates, figures, bounds)


def _aggregates(units: Sequence[Filed], form: Form) -> dict[str, Aggregate]:
    plain = [unit for unit in units if unit.aggregates is None]
    columns = FigureColumns(plain, form, lambda unit, row: _reports(unit, row, form))
    return combined([aggregate_of(columns, form), *(it.aggregates for it in units if it.aggregates is not None)], form)


def _reports(unit: Filed, row: Indicator, form: Form) -> bool:
    """Whether a row is this unit's to report: one of an upper level is not a commune's, whatever stands there."""
    if row.reported_by is None or row.reported_by not in LEVELS:
        return True
    level = unit.level or form.level
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(row.reported_by)


def _bounds(
    units: Sequence[Filed], form: Form, aggregates: Mapping[str, Aggregate], *, complete: bool
) -> dict[str, Bounds]:
    """Bounds of the rows that are added, and from them of the rates."""
    bounds: dict[str, Bounds] = {}
    for place, row in enumerate(form.entries):
        if row.merge == "sum" and row.kind.is_number and aggregates[row.id] != NOBODY:
            bounds[row.id] = _bounds_of_sum(units, place, row, form, aggregates[row.id], complete=complete)
    for row in form.entries:
        if row.merge == "rate" and row.part in bounds and row.whole in bounds:
            rate = _bounds_of_rate(bounds[row.part], bounds[row.whole], row)
            if rate is not None:
                bounds[row.id] = rate
    return bounds


def _bounds_of_sum(
    units: Sequence[Filed], place: int, row: Indicator, form: Form, aggregate: Aggregate, *, complete: bool
) -> Bounds:
    low, high, open_above = aggregate.total, aggregate.total, not complete
    for unit in units:
        if unit.aggregates is not None or not _reports(unit, row, form):
            continue
        value = unit.taken[place]
        if value is None:
            open_above = True
            continue
        if place not in unit.doubts or isinstance(value, str):
            continue
        others = [it for it in unit.doubts[place] if it is not None and not isinstance(it, str)]
        low += min(others, default=0) - value if min(others, default=0) < value else 0
        high += max(others, default=value) - value if max(others, default=value) > value else 0
        open_above |= not others
    return Bounds(low, None if open_above else high)


def _bounds_of_rate(part: Bounds, whole: Bounds, row: Indicator) -> Bounds | None:
    if part.high is None or whole.high is None or whole.low <= 0:
        return None
    low, high = 100 * Fraction(part.low) / whole.high, 100 * Fraction(part.high) / whole.low
    return Bounds(low, high if row.may_exceed else min(high, Fraction(100)))


def effect(finding: Finding, unit: Filed, merged: Merged) -> Fraction:
    """How much of a merged figure hangs on a finding, 0 to 1: the largest share over the entries it may change.

    Where no right value is known, the whole figure of the unit is in question. A percentage of a
    unit is not merged, but recomputed: what is wrong with it alone changes no merged figure.
    """
    places, worst = places_of(merged.form), Fraction(0)
    ways = {way.indicator: way.after for way in finding.fix.ways} if finding.fix is not None else {}
    if not unit.readable:
        return worst
    for key in dict.fromkeys((*finding.indicators[:1], *ways)):
        total, value = merged.figures.get(key), unit.taken[places[key]]
        if merged.form[key].merge != "sum" or total is None or isinstance(total, str):
            continue
        if isinstance(value, str):
            continue
        after, now = ways.get(key), Fraction(value or 0)
        gap = abs(now - after) if isinstance(after, int | Fraction) else abs(now)
        base = max(abs(Fraction(total)), gap)
        worst = max(worst, gap / base if base else gap)
    return min(worst, Fraction(1))
