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
        if self.lower is not None and total < self.lower:
            return False
        return self.upper is None or total <= self.upper


@dataclass(frozen=True, slots=True)
class Split:
    """One of several alternatives holds; `ruled_out` says why those not listed cannot."""

    alternatives: tuple[tuple[Row, ...], ...]
    ruled_out: Conflict

    def holds(self, point: Mapping[str, Number]) -> bool:
        """Whether it holds at values of the free variables."""
        return any(all(row.holds(point) for row in rows) for rows in self.alternatives)


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
            self._add_alternatives(*([(linear, NONE) for linear in option] for option in relation.alternatives))

    def _add_alternatives(self, *alternatives: Iterable[tuple[Linear, Conflict]]) -> None:
        """Add that one of the alternatives holds, each of them several relations with the reasons for them."""
        possible: list[tuple[Row, ...]] = []
        ruled_out: Conflict = NONE
        for alternative in alternatives:
            rows = [self._row(linear, why) for linear, why in alternative]
            conflicts = [row for row in rows if isinstance(row, frozenset)]
            if conflicts:
                ruled_out |= conflicts[0]
                continue
            open_rows = tuple(row for row in rows if isinstance(row, Row))
            if not open_rows:
                return  # it holds whatever the free variables are, so nothing is asked of them
            possible.append(open_rows)
        system = self.system
        if len(possible) > 1:
            system.splits.append(Split(tuple(possible), ruled_out))
        elif possible:
            # the only alternative left must hold, for the reasons that the others cannot, too
            system.rows.extend(replace(row, why=row.why | ruled_out) for row in possible[0])
        elif system.conflict is None:
            system.conflict = ruled_out

    def _add_ratio(self, ratio: Ratio) -> None:
        percentage, whole = ratio.percentage, ratio.whole
        if percentage in self.held:
            self._add_held(ratio, self.held[percentage])
        elif percentage in self.columns and whole in self.held:
            self._add_scaled(ratio, self.held[whole])
        else:
            self._add_free(ratio)

    def _add_held(self, ratio: Ratio, percentage: Number) -> None:
        """Add a percentage that is held: `low * whole <= 100 * part <= high * whole`, and a whole above 0."""
        why = frozenset({ratio.percentage})
        low, high = percentage - ratio.tolerance, percentage + ratio.tolerance
        is_accepted_at_zero = ratio.whole in self.zeros and not ratio.blank_at_zero
        linears = [*_cone(ratio, low, high), *self._smallest_whole(ratio, low, high)]
        fits: list[tuple[Linear, Conflict]] = [(linear, why) for linear in linears]
        if is_accepted_at_zero:
            self._add_alternatives([(_above_zero(ratio), NONE), *fits], [(_at_zero(ratio), NONE)])
        else:
            # Without the percentage a whole of 0 would do, so it is a reason for this, too.
            self._add_alternatives([(_above_zero(ratio), why), *fits])

    def _add_free(self, ratio: Ratio) -> None:
        """Add a free percentage over a whole that may be free: some value of its domain fits, or the whole is 0."""
        lower, upper = self._interval(ratio.percentage)
        low = None if lower is None else lower - ratio.tolerance
        high = None if upper is None else upper + ratio.tolerance
        linears = [_above_zero(ratio), *_cone(ratio, low, high)]
        self._add_alternatives([(linear, NONE) for linear in linears], [(_at_zero(ratio), NONE)])
        if ratio.percentage in self.columns:
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
        both_counts = self.variables[ratio.part].integer and self.variables[ratio.whole].integer
        if not (both_free and both_counts):
            return ()
        smallest = simplest(Fraction(low) / 100, Fraction(high) / 100).denominator
        return (Linear(ratio.id, {ratio.whole: 1}, smallest),)

    def _row(self, linear: Linear, why: Conflict) -> Row | Conflict | None:
        """A row; or why it fails; or None, as it holds whatever the free variables are."""
        free: dict[str, Number] = {}
        held: dict[str, Number] = {}
        constant: Number = 0
        for name, coefficient in linear.coefficients.items():
            if not coefficient:
                continue
            if name in self.columns:
                free[name] = plain(coefficient)
            else:
                held[name] = plain(coefficient)
                constant += coefficient * self.held[name]
        lower: Pair | None = None
        upper: Pair | None = None
        # a bound that is not allowed itself lies an infinitely small quantity further in
        if linear.lower is not None:
            lower = (plain(linear.lower - constant), int(linear.strict_lower))
        if linear.upper is not None:
            upper = (plain(linear.upper - constant), -int(linear.strict_upper))
        if not free:
            holds = (lower is None or lower <= (0, 0)) and (upper is None or upper >= (0, 0))
            return None if holds else why.union(held)
        row = Row(free, lower, upper, held, why)
        over_counts = all(self.variables[name].integer for name in free)
        return _rounded(row) if over_counts else row


def _above_zero(ratio: Ratio) -> Linear:
    return Linear(ratio.id, {ratio.whole: 1}, 0, strict_lower=True)


def _at_zero(ratio: Ratio) -> Linear:
    return Linear(ratio.id, {ratio.whole: 1}, 0, 0)


def _cone(ratio: Ratio, low: Number | None, high: Number | None) -> list[Linear]:
    """`low * whole <= 100 * part <= high * whole`."""
    rows = []
    if low is not None:
        rows.append(Linear(ratio.id, {ratio.part: 100, ratio.whole: -low}, 0))
    if high is not None:
        rows.append(Linear(ratio.id, {ratio.part: 100, ratio.whole: -high}, upper=0))
    return rows


def _rounded(row: Row) -> Row:
    """The same row, over counts alone: whole coefficients without a common divisor, bounds that can be reached."""
    coefficients = row.coefficients.values()
    denominator = lcm(*(coefficient.denominator for coefficient in coefficients))
    divisor = gcd(*(int(coefficient * denominator) for coefficient in coefficients))
    scale = quotient(denominator, divisor)
    scaled = _times(row.coefficients, scale)

    lower = upper = reached_lower = reached_upper = None
    if row.lower is not None:
        value, excess = row.lower
        lower = (plain(value * scale), excess)
        reached_lower = (floor(lower[0]) + 1 if excess else ceil(lower[0]), 0)
    if row.upper is not None:
        value, excess = row.upper
        upper = (plain(value * scale), excess)
        reached_upper = (ceil(upper[0]) - 1 if excess else floor(upper[0]), 0)

    if (reached_lower, reached_upper) == (lower, upper):
        return Row(scaled, lower, upper, _times(row.held, scale), row.why)
    # A rounded bound no longer moves in proportion to the held values: all of them are a reason.
    return Row(scaled, reached_lower, reached_upper, {}, row.why.union(row.held))


def _times(coefficients: Mapping[str, Number], scale: Number) -> dict[str, Number]:
    return {name: plain(coefficient * scale) for name, coefficient in coefficients.items()}


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of smallest denominator in `[low, high]` (Stern–Brocot, by continued fractions)."""
    whole = ceil(low)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / simplest(1 / (high - below), 1 / (low - below))
