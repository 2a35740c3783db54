"""Relations with some variables held, as rows over the free ones: what the exact solver is given.

A row remembers what it owes to held values: linearly (`held`, which may cancel out when rows are
combined) or as such (`why`: a percentage that became a coefficient, a bound that was rounded).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import TypeAlias

from cchc_excel.localise.simplex import NONE, Conflict, Pair
from cchc_excel.localise.system import Linear, Number, Ratio, Relation, Variable, plain, quotient

Interval: TypeAlias = tuple[Number | None, Number | None]


@dataclass(frozen=True, slots=True)
class Row:
    """`lower <= sum over the free variables <= upper`, the held ones already on the right-hand side."""

    coefficients: Mapping[str, Number]
    lower: Pair | None
    upper: Pair | None
    held: Mapping[str, Number]
    why: Conflict

    def holds(self, point: Mapping[str, Number]) -> bool:
        """Whether it holds at values of the free variables."""
        total = (sum(c * point[name] for name, c in self.coefficients.items()), 0)
        return (self.lower is None or total >= self.lower) and (self.upper is None or total <= self.upper)


@dataclass(frozen=True, slots=True)
class Split:
    """One of several alternatives holds; `ruled_out` says why those not listed cannot."""

    alternatives: tuple[tuple[Row, ...], ...]
    ruled_out: Conflict


@dataclass(slots=True)
class System:
    """What is left to solve; `products` are ratios whose free percentage and free whole multiply."""

    rows: list[Row] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    products: list[Ratio] = field(default_factory=list)
    conflict: Conflict | None = None


class Translator:
    """Builds a System; `columns` are the free variables that get a column, `held` the values of all others.

    A free percentage without a column stands in one ratio alone and is worked out afterwards.
    `intervals` narrows the domain of a percentage with a column; `zeros` are the ids written as 0.
    """

    def __init__(
        self,
        held: Mapping[str, Number],
        variables: Mapping[str, Variable],
        columns: frozenset[str],
        intervals: Mapping[str, Interval],
        zeros: Container[str] = (),
    ) -> None:
        self.zeros = zeros
        self.held, self.variables, self.columns, self.intervals = held, variables, columns, intervals
        self.system = System()

    def add(self, relation: Relation) -> None:
        """Add one relation."""
        if isinstance(relation, Linear):
            self._add_alternatives([(relation, NONE)])
        elif isinstance(relation, Ratio):
            self._add_ratio(relation)
        else:
            self._add_alternatives(*([(one, NONE) for one in option] for option in relation.alternatives))

    def _add_alternatives(self, *alternatives: Iterable[tuple[Linear, Conflict]]) -> None:
        open_ones: list[tuple[Row, ...]] = []
        ruled_out: Conflict = NONE
        for alternative in alternatives:
            rows = [self._row(linear, why) for linear, why in alternative]
            refused = next((row for row in rows if isinstance(row, frozenset)), None)
            if refused is not None:
                ruled_out |= refused
                continue
            needed = tuple(row for row in rows if isinstance(row, Row))
            if not needed:
                return
            open_ones.append(needed)
        if not open_ones:
            self.system.conflict = ruled_out if self.system.conflict is None else self.system.conflict
        elif len(open_ones) > 1:
            self.system.splits.append(Split(tuple(open_ones), ruled_out))
        else:
            self.system.rows.extend(replace(row, why=row.why | ruled_out) for row in open_ones[0])

    def _add_ratio(self, ratio: Ratio) -> None:
        percentage, whole = ratio.percentage, ratio.whole
        held = self.held.get(percentage)
        at_zero = [(Linear(ratio.id, {whole: 1}, 0, 0), NONE)]
        above_zero = Linear(ratio.id, {whole: 1}, 0, strict_lower=True)
        if held is not None:
            why = frozenset({percentage})
            low, high = held - ratio.tolerance, held + ratio.tolerance
            smallest = self._smallest_whole(ratio, low, high)
            accepted = whole in self.zeros and not ratio.blank_at_zero
            positive = [
                # Without the percentage a whole of 0 would do.
                (above_zero, NONE if accepted else why),
                *((row, why) for row in _cone(ratio, low, high)),
                *((one, why) for one in smallest),
            ]
            self._add_alternatives(positive, *((at_zero,) if accepted else ()))
            return
        if percentage in self.columns and whole in self.held:
            self._add_scaled(ratio, self.held[whole])
            return
        lower, upper = self._interval(percentage)
        slack = ratio.tolerance
        cone = _cone(ratio, None if lower is None else lower - slack, None if upper is None else upper + slack)
        self._add_alternatives([(above_zero, NONE), *((row, NONE) for row in cone)], at_zero)
        if percentage in self.columns:
            self.system.products.append(ratio)

    def _add_scaled(self, ratio: Ratio, whole: Number) -> None:
        """A free percentage with a column over a whole that is held: linear again."""
        why = frozenset({ratio.whole})
        if whole < 0:
            self._add_alternatives([(Linear(ratio.id, {ratio.whole: 1}, 0), NONE)])
        elif whole > 0:
            slack = ratio.tolerance * whole
            row = Linear(ratio.id, {ratio.percentage: whole, ratio.part: -100}, -slack, slack)
            self._add_alternatives([(row, why)])

    def _interval(self, percentage: str) -> Interval:
        variable = self.variables[percentage]
        return self.intervals.get(percentage, (variable.lower, variable.upper))

    def _smallest_whole(self, ratio: Ratio, low: Number, high: Number) -> tuple[Linear, ...]:
        """Counts: no whole below the smallest denominator fits. Saves thousands of branchings at 99.99 %."""
        both_free = ratio.part in self.columns and ratio.whole in self.columns
        counts = self.variables[ratio.part].integer and self.variables[ratio.whole].integer
        if not (both_free and counts):
            return ()
        return (Linear(ratio.id, {ratio.whole: 1}, simplest(Fraction(low) / 100, Fraction(high) / 100).denominator),)

    def _row(self, linear: Linear, why: Conflict) -> Row | Conflict | None:
        """A row; or why it fails; or None, as it holds whatever the free variables are."""
        free = {name: plain(c) for name, c in linear.coefficients.items() if c and name in self.columns}
        held = {name: plain(c) for name, c in linear.coefficients.items() if c and name not in self.columns}
        constant = sum(c * self.held[name] for name, c in held.items())
        lower = None if linear.lower is None else (plain(linear.lower - constant), int(linear.strict_lower))
        upper = None if linear.upper is None else (plain(linear.upper - constant), -int(linear.strict_upper))
        if not free:
            holds = (lower is None or lower <= (0, 0)) and (upper is None or upper >= (0, 0))
            return None if holds else why.union(held)
        if all(self.variables[name].integer for name in free):
            return _rounded(free, lower, upper, held, why)
        return Row(free, lower, upper, held, why)


def _cone(ratio: Ratio, low: Number | None, high: Number | None) -> list[Linear]:
    """`low * whole <= 100 * part <= high * whole`."""
    rows = []
    if low is not None:
        rows.append(Linear(ratio.id, {ratio.part: 100, ratio.whole: -low}, 0))
    if high is not None:
        rows.append(Linear(ratio.id, {ratio.part: 100, ratio.whole: -high}, upper=0))
    return rows


def _rounded(
    free: Mapping[str, Number], lower: Pair | None, upper: Pair | None, held: Mapping[str, Number], why: Conflict
) -> Row:
    """Over counts alone: whole coefficients without a common divisor, and bounds that can be reached."""
    whole = lcm(*(c.denominator for c in free.values()))
    scale = quotient(whole, gcd(*(int(c * whole) for c in free.values())))
    low = None if lower is None else (plain(lower[0] * scale), lower[1])
    high = None if upper is None else (plain(upper[0] * scale), upper[1])
    new_low = None if low is None else ((floor(low[0]) + 1 if low[1] else ceil(low[0])), 0)
    new_high = None if high is None else ((ceil(high[0]) - 1 if high[1] else floor(high[0])), 0)
    scaled = {name: plain(c * scale) for name, c in free.items()}
    if (new_low, new_high) == (low, high):
        return Row(scaled, low, high, {name: plain(c * scale) for name, c in held.items()}, why)
    # A rounded bound no longer moves in proportion to the held values: all of them are a reason.
    return Row(scaled, new_low, new_high, {}, why.union(held))


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of smallest denominator in `[low, high]` (Stern–Brocot, by continued fractions)."""
    whole = ceil(low)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / simplest(1 / (high - below), 1 / (low - below))
