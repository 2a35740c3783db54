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

from cchc_excel.form import Form
from cchc_excel.form.language import as_number
from cchc_excel.submission import Figure

Number: TypeAlias = int | Fraction
LONGEST_TEXT = 32_000  # characters; a cell takes 32,767


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is kept of one row over the `units` that reported it.

    `total` adds the figures (or share × base), `base` the bases of a share, `largest` is their
    maximum, `tally` counts how many reported each value or answer. `lacking` counts units whose
    share has no base, so that it cannot be weighed. Only what the row's way of merging needs is kept.

    What is open is kept, too, so that it is still known one level up: `expected` counts the units that
    should have reported, `below` and `above` say how much lower or higher `total` is if figures in doubt
    take the other values proposed, `low` and `high` the same of `largest` (None: it is `largest`),
    `unsure` counts figures in doubt for which no other value is known.
    """

    units: int = 0
    total: Number = 0
    base: Number = 0
    largest: Number | None = None
    tally: Mapping[Figure, int] = field(default_factory=dict)
    lacking: int = 0
    expected: int = 0
    below: Number = 0
    above: Number = 0
    unsure: int = 0
    low: Number | None = None
    high: Number | None = None

    def combined(self, other: Aggregate) -> Aggregate:
        """The aggregate of both groups of units together."""
        largest = _greater(self.largest, other.largest)
        return Aggregate(
            units=self.units + other.units,
            total=as_number(self.total + other.total),
            base=as_number(self.base + other.base),
            largest=largest,
            tally=Counter(self.tally) + Counter(other.tally),
            lacking=self.lacking + other.lacking,
            expected=self.expected + other.expected,
            below=as_number(self.below + other.below),
            above=as_number(self.above + other.above),
            unsure=self.unsure + other.unsure,
            low=limit_kept(_greater(self.least_largest, other.least_largest), largest),
            high=limit_kept(_greater(self.most_largest, other.most_largest), largest),
        )

    @property
    def least_largest(self) -> Number | None:
        """The maximum if every figure in doubt takes its lowest value."""
        return self.largest if self.low is None else self.low

    @property
    def most_largest(self) -> Number | None:
        """The maximum if every figure in doubt takes its highest value."""
        return self.largest if self.high is None else self.high

    @property
    def is_open(self) -> bool:
        """Whether a figure is not there, or in doubt and no other value known."""
        return self.units < self.expected or self.unsure > 0

    @property
    def common(self) -> Figure | None:
        """The value most units gave; None if no unit gave one, or two values are given equally often."""
        ranked = Counter(self.tally).most_common(2)
        if not ranked:
            return None
        value, count = ranked[0]
        is_tied = len(ranked) == 2 and ranked[1][1] == count
        return None if is_tied else value


def _greater(first: Number | None, second: Number | None) -> Number | None:
    """The greater of two numbers, of which either may be missing."""
    if first is None:
        return second
    if second is None:
        return first
    return max(first, second)


def limit_kept(limit: Number | None, largest: Number | None) -> Number | None:
    """The limit as `low` and `high` of an aggregate keep it: None where it is the largest figure itself."""
    return None if limit == largest else limit


NOBODY = Aggregate()
Aggregates: TypeAlias = Mapping[str, Aggregate]
"""One aggregate for each row that takes a value, by id."""
Column: TypeAlias = Sequence[Figure | None]


def combined(of_units: Iterable[Aggregates], form: Form) -> dict[str, Aggregate]:
    """The aggregates of all units together; of none, those of nobody."""
    result = dict.fromkeys((row.id for row in form.entries), NOBODY)
    for aggregates in of_units:
        for row, aggregate in aggregates.items():
            if aggregate != NOBODY:
                result[row] = result[row].combined(aggregate)
    return result


# --- as text, in a hidden column of the merged workbook


def as_text(aggregate: Aggregate) -> str:
    """The aggregate as one line of JSON, the same for the same aggregate; empty if it is nobody's.

    A tally too long for a cell keeps its commonest values.
    """
    if aggregate == NOBODY:
        return ""
    document: dict[str, Any] = {"n": aggregate.units}
    numbers = {"t": aggregate.total, "b": aggregate.base, "k": aggregate.lacking}
    numbers |= {"d": aggregate.below, "i": aggregate.above, "u": aggregate.unsure}
    document |= {name: str(value) for name, value in numbers.items() if value}
    limits = {"m": aggregate.largest, "l": aggregate.low, "h": aggregate.high}
    document |= {name: str(value) for name, value in limits.items() if value is not None}
    if aggregate.expected != aggregate.units:
        document["e"] = aggregate.expected
    if aggregate.tally:
        pairs = [[*_typed(value), count] for value, count in aggregate.tally.items()]
        document["v"] = sorted(pairs, key=_commonest_first)
    text = _one_line(document)
    while len(text) > LONGEST_TEXT:  # figures that must agree, and thousands of units that do not
        document["v"] = document["v"][: len(document["v"]) // 2]
        text = _one_line(document)
    return text


def _one_line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def of_text(text: str) -> Aggregate:
    """The aggregate that `as_text` wrote. Raises ValueError for any other text."""
    if not text:
        return NOBODY
    try:
        document = json.loads(text)
        units = int(document["n"])
        tally: dict[Figure, int] = {}
        for kind, value, count in document.get("v", []):
            tally[value if kind == "s" else _number(value)] = int(count)
        return Aggregate(
            units=units,
            total=_number(document.get("t", "0")),
            base=_number(document.get("b", "0")),
            largest=_limit(document, "m"),
            tally=tally,
            lacking=int(document.get("k", 0)),
            expected=int(document.get("e", units)),
            below=_number(document.get("d", "0")),
            above=_number(document.get("i", "0")),
            unsure=int(document.get("u", 0)),
            low=_limit(document, "l"),
            high=_limit(document, "h"),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ValueError(text) from error


def _typed(value: Figure) -> tuple[str, str]:
    """An answer and a number that look alike stay apart."""
    return ("s", value) if isinstance(value, str) else ("n", str(value))


def _commonest_first(triple: tuple[str, str, int]) -> tuple[int, str, str]:
    kind, value, count = triple
    return -count, kind, value


def _limit(document: Mapping[str, Any], name: str) -> Number | None:
    return _number(document[name]) if name in document else None


def _number(text: str) -> Number:
    return as_number(Fraction(text))
