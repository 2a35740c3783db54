"""The key rates of the units: percentages whose components are added, or that are compared between units.

In:     the merged units, and about which of their rows an error is open.
Out:    for each rate one value a unit, in percent; the ranges in which rates are counted.
Never:  ranks or draws one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.district.drawing import Context
from cchc_excel.consolidating.packed import figures_at
from cchc_excel.form import Indicator, Severity
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure
from cchc_excel.wording.say import stt_of

__all__ = ["RANGES", "Range", "Rate", "key_rates", "number_in"]


class Range(NamedTuple):
    """Rates from `low` to below `high`, in percent."""

    low: float
    high: float

    @property
    def title(self) -> str:
        return f"{self.low:g}–{min(self.high, 100):g}%"

    def number_of(self, rates: Iterable[float | None]) -> int:
        """How many of the rates lie in the range."""
        return sum(rate is not None and self.low <= rate < self.high for rate in rates)


RANGES = (
    Range(0, 20),
    Range(20, 40),
    Range(40, 60),
    Range(60, 80),
    Range(80, 95),
    Range(95, 100.0001),  # with 100 itself
)


class Rate(NamedTuple):
    """A key rate: its name, and each merged unit's.

    `values` are what is ranked and drawn: what the unit's components come to, or what it reports where it has none.
    Those about which an error is open stand in `doubtful`, by the unit's place, and not among the values.
    """

    row: Indicator
    name: str
    values: Sequence[float | None]
    doubtful: Mapping[int, float]

    @property
    def differs(self) -> bool:
        """Whether two units report different rates."""
        return len({value for value in self.values if value is not None}) > 1


def key_rates(context: Context) -> tuple[Rate, ...]:
    """The percentages that any merged unit reports, in printed order: those whose components are added or compared."""
    wrong = _wrong_rows(context)
    rates = [_rate(context, row, wrong) for row in context.form.entries if way_of(row).is_recomputed]
    return tuple(rate for rate in rates if rate.doubtful or any(value is not None for value in rate.values))


def _rate(context: Context, row: Indicator, wrong: Mapping[str, set[str]]) -> Rate:
    """A row's rate in each unit; `wrong` has by workbook the rows about which an error is open."""
    made_of = {key for key in (row.id, row.part, row.whole) if key}
    values: list[float | None] = []
    doubtful: dict[int, float] = {}
    for place, (unit, rate) in enumerate(zip(context.outcome.merged.units, _of_units(context, row), strict=True)):
        is_doubtful = unit.path in wrong and not made_of.isdisjoint(wrong[unit.path])
        if is_doubtful and rate is not None:
            doubtful[place] = rate
        values.append(None if is_doubtful else rate)
    return Rate(row, f"{stt_of(row, context.form)} {row.label}", values, doubtful)


def _wrong_rows(context: Context) -> Mapping[str, set[str]]:
    """The rows about which an error is open, by workbook."""
    wrong: dict[str, set[str]] = {}
    for ranked in context.outcome.findings:
        if ranked.finding.counts and ranked.finding.severity is Severity.ERROR:
            wrong.setdefault(ranked.filed.path, set()).update(ranked.finding.indicators)
    return wrong


def _of_units(context: Context, row: Indicator) -> Sequence[float | None]:
    """Each unit's rate as it counts in the merged one: by its components, or as written where these are not there."""
    written = _column(context, row.id)
    if row.part is None or row.whole is None:
        return written
    columns = zip(written, _column(context, row.part), _column(context, row.whole), strict=True)
    return [_by_components(rate, part, whole) for rate, part, whole in columns]


def _column(context: Context, key: str) -> list[float | None]:
    """Each unit's figure in a row, as a number; None for a blank or a text."""
    figures = figures_at([unit.taken for unit in context.outcome.merged.units], context.form.entry_places[key])
    return [number_in(figure) for figure in figures]


def _by_components(written: float | None, part: float | None, whole: float | None) -> float | None:
    """The rate in percent, as written where a component is not there; None of a whole of 0."""
    if part is None or whole is None:
        return written
    return 100 * part / whole if whole else None


def number_in(value: Figure | None) -> float | None:
    """The figure as a number; None for a blank or a text."""
    return None if value is None or isinstance(value, str) else float(value)
