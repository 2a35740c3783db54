"""What must be kept of many units' figures so that they can be added up again: one small aggregate a row.

Aggregates are a commutative monoid: `combined` in any order and any grouping gives the same, to the
last digit, since everything in them is a whole number or a fraction. The merged figure is read off
at the end, so merging the merges of two halves is merging all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from cchc_excel.expression import rounded
from cchc_excel.form import Form, Indicator
from cchc_excel.submission import Figure

Number: TypeAlias = int | Fraction
RATE_DECIMALS = 2
LONGEST_TEXT = 32_000  # characters; a cell takes 32,767


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is kept of one row over the `units` that reported it.

    `total` adds the figures (or share × base), `base` the bases of a share, `largest` is their
    maximum, `tally` counts how many reported each value or answer. `lacking` counts units whose
    share has no base, so that it cannot be weighed. Only what the row's way of merging needs is kept.
    """

    units: int = 0
    total: Number = 0
    base: Number = 0
    largest: Number | None = None
    tally: Mapping[Figure, int] = field(default_factory=dict)
    lacking: int = 0

    def combined(self, other: Aggregate) -> Aggregate:
        """The aggregate of both groups of units together."""
        bounds = [it for it in (self.largest, other.largest) if it is not None]
        return Aggregate(
            self.units + other.units,
            _plain(self.total + other.total),
            _plain(self.base + other.base),
            max(bounds, default=None),
            Counter(self.tally) + Counter(other.tally),
            self.lacking + other.lacking,
        )

    @property
    def common(self) -> Figure | None:
        """The value most units gave; None if no unit gave one, or two values are given equally often."""
        ranked = Counter(self.tally).most_common(2)
        if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]


NOBODY = Aggregate()
Aggregates: TypeAlias = Mapping[str, Aggregate]
"""One aggregate for each row that takes a value, by id."""
Column: TypeAlias = Sequence[Figure | None]


def aggregate_of(columns: Mapping[str, Column], form: Form) -> dict[str, Aggregate]:
    """The aggregates of units that are not merged themselves: by id a column for each row, all of one length."""
    return {row.id: _of_column(row, columns) for row in form.entries}


def _of_column(row: Indicator, columns: Mapping[str, Column]) -> Aggregate:
    column = columns.get(row.id, ())
    match row.merge:
        case "same" | "tally":
            tally = Counter(value for value in column if value is not None)
            return Aggregate(tally.total(), tally=dict(tally))
        case "rate":
            parts = zip(columns.get(row.part or "", ()), columns.get(row.whole or "", ()), strict=True)
            return Aggregate(sum(part is not None and whole is not None for part, whole in parts))
        case "weighted":
            return _of_shares(zip(column, columns.get(row.weight or "", ()), strict=True))
    numbers = [value for value in column if value is not None and not isinstance(value, str)]
    match row.merge:
        case "sum":
            return Aggregate(len(numbers), total=_plain(sum(numbers)))
        case "max":
            return Aggregate(len(numbers), largest=max(numbers, default=None))
    return Aggregate(sum(value is not None for value in column))


def _of_shares(pairs: Iterable[tuple[Figure | None, Figure | None]]) -> Aggregate:
    given = [(share, base) for share, base in pairs if share is not None and not isinstance(share, str)]
    weighed = [(share, base) for share, base in given if base is not None and not isinstance(base, str)]
    total, weight = sum(share * base for share, base in weighed), sum(base for _, base in weighed)
    return Aggregate(len(given), _plain(total), _plain(weight), lacking=len(given) - len(weighed))


def combined(many: Iterable[Aggregates], form: Form) -> dict[str, Aggregate]:
    """The aggregates of all units together; of none, those of nobody."""
    result = dict.fromkeys((row.id for row in form.entries), NOBODY)
    for one in many:
        for key, aggregate in one.items():
            if aggregate != NOBODY:
                result[key] = result[key].combined(aggregate)
    return result


def merged_figures(aggregates: Aggregates, form: Form) -> dict[str, Figure | None]:
    """The merged figure of every row; None where the units' figures do not add up to one.

    A rate is recomputed from its merged components, half up to two decimals. A share is weighed by
    its base, exactly, if every unit that gave it also gave the base. Of figures that must agree the
    commonest is taken.
    """
    figures = {row.id: _read_off(row, aggregates[row.id]) for row in form.entries}
    for row in form.entries:
        if row.merge == "rate":
            figures[row.id] = _rate(figures.get(row.part or ""), figures.get(row.whole or ""))
    return figures


def _read_off(row: Indicator, aggregate: Aggregate) -> Figure | None:
    if not aggregate.units:
        return None
    match row.merge:
        case "sum":
            return aggregate.total
        case "same":
            return aggregate.common
        case "max":
            return aggregate.largest
        case "weighted" if aggregate.base and not aggregate.lacking:
            return _plain(Fraction(aggregate.total) / aggregate.base)
    return None


def _rate(part: Figure | None, whole: Figure | None) -> Number | None:
    if part is None or whole is None or isinstance(part, str) or isinstance(whole, str) or whole == 0:
        return None
    return _plain(rounded(100 * Fraction(part) / whole, RATE_DECIMALS))


def _plain(value: Number) -> Number:
    return value.numerator if value.denominator == 1 else value


# --- as text, in a hidden column of the merged workbook


def as_text(aggregate: Aggregate) -> str:
    """The aggregate as one line of JSON, the same for the same aggregate; empty if it is nobody's.

    A tally too long for a cell keeps its commonest values.
    """
    if aggregate == NOBODY:
        return ""
    document: dict[str, Any] = {"n": aggregate.units}
    for name, value in (("t", aggregate.total), ("b", aggregate.base), ("k", aggregate.lacking)):
        if value:
            document[name] = str(value)
    if aggregate.largest is not None:
        document["m"] = str(aggregate.largest)
    if aggregate.tally:
        pairs = [[*_typed(value), count] for value, count in aggregate.tally.items()]
        document["v"] = sorted(pairs, key=lambda it: (-it[2], it[0], it[1]))
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    while len(text) > LONGEST_TEXT:  # figures that must agree, and thousands of units that do not
        document["v"] = document["v"][: len(document["v"]) // 2]
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text


def of_text(text: str) -> Aggregate:
    """The aggregate that `as_text` wrote. Raises ValueError for any other text."""
    if not text:
        return NOBODY
    try:
        document = json.loads(text)
        largest = document.get("m")
        return Aggregate(
            int(document["n"]),
            _number(document.get("t", "0")),
            _number(document.get("b", "0")),
            None if largest is None else _number(largest),
            {value if kind == "s" else _number(value): int(count) for kind, value, count in document.get("v", [])},
            int(document.get("k", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ValueError(text) from error


def _typed(value: Figure) -> tuple[str, str]:
    """An answer and a number that look alike stay apart."""
    return ("s", value) if isinstance(value, str) else ("n", str(value))


def _number(text: str) -> Number:
    return _plain(Fraction(text))
