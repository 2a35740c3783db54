"""Counts, alternatives: branch and bound over the exact simplex.

A refutation is the union of what refuted each branch, without the assumptions that made the
branch; a branch refuted without its assumption refutes the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple

from cchc_excel.localise.rows import Row, Split, System
from cchc_excel.localise.simplex import NONE, Conflict, Pair, Simplex
from cchc_excel.localise.system import Number, Undecided, Variable, plain

MAX_DEPTH = 200  # frames; deeper than any genuine form needs, and Python allows 1,000


class Budget:
    """How many nodes may still be looked at; shared by all that one question needs."""

    def __init__(self, nodes: int) -> None:
        self.nodes = nodes

    def spend(self, depth: int) -> None:
        """Count a node. Raises Undecided when there are none left or the branch is too deep."""
        self.nodes -= 1
        if self.nodes < 0 or depth > MAX_DEPTH:
            raise Undecided


class Best(NamedTuple):
    """The greatest value found: as a pair (its second part is below 0 if it is only approached), or unbounded."""

    value: Pair | None
    unbounded: bool


class _Bound(NamedTuple):
    variable: int
    lower: Pair | None
    upper: Pair | None
    why: Conflict


class Branching:
    """One system over the columns given, to be solved or optimised once."""

    def __init__(self, system: System, columns: Sequence[Variable], budget: Budget) -> None:
        self.system, self.columns, self.budget = system, columns, budget
        self.index = {column.id: number for number, column in enumerate(columns)}
        self.simplex = Simplex(len(columns))
        self.point: dict[str, Number] = {}
        self.best = Best(None, unbounded=False)
        self._assumptions = 0
        bounds = []
        for number, column in enumerate(columns):
            bounds.append(_Bound(number, lower=_pair(column.lower), upper=_pair(column.upper), why=NONE))
        bounds += [self._bound(row) for row in system.rows]
        self.splits = [(self._bounds_of_each(split), split) for split in system.splits]
        self.refused = system.conflict if system.conflict is not None else self._assume(bounds, NONE)

    def _bounds_of_each(self, split: Split) -> list[list[_Bound]]:
        """The bounds of each alternative."""
        return [[self._bound(row) for row in rows] for rows in split.alternatives]

    def solve(self) -> Conflict | None:
        """None and a point, or the held ids that exclude each other."""
        if self.refused is not None:
            return _names(self.refused)
        conflict = self._solve(0)
        return None if conflict is None else _names(conflict)

    def maximise(self, name: str, sign: int) -> Best:
        """The greatest value of `sign * name`; `value` is None if nothing is feasible or it is unbounded."""
        if self.refused is None:
            self._maximise(self.index[name], sign, 0)
        return self.best

    def _solve(self, depth: int) -> Conflict | None:
        self.budget.spend(depth)
        conflict = self.simplex.check()
        if conflict is not None:
            return conflict
        number = self._fractional()
        if number is not None:
            return self._branch(self._rounded_both_ways(number), NONE, depth)
        self.point = self._concrete()
        for alternatives, split in self.splits:
            if not split.holds(self.point):
                return self._branch(alternatives, split.ruled_out, depth)
        return None

    def _branch(self, options: Iterable[Sequence[_Bound]], ruled_out: Conflict, depth: int) -> Conflict | None:
        union = ruled_out
        for option in options:
            self._assumptions += 1
            assumption = frozenset({self._assumptions})
            saved = self.simplex.saved()
            conflict = self._assume(option, assumption)
            if conflict is None:
                conflict = self._solve(depth + 1)
                if conflict is None:
                    return None
            self.simplex.restore(saved)
            if not assumption <= conflict:
                return conflict  # it stands without this branch, so no other branch helps
            union |= conflict - assumption
        return union

    def _maximise(self, column: int, sign: int, depth: int) -> None:
        self.budget.spend(depth)
        if self.best.unbounded or self.simplex.check() is not None:
            return
        bounded = self.simplex.maximise(column, sign)
        value, excess = self.simplex.value[column]
        reached = (sign * value, sign * excess)
        if bounded and self.best.value is not None and reached <= self.best.value:
            return
        options = self._undecided(bounded)
        if options:
            for option in options:
                saved = self.simplex.saved()
                if self._assume(option, NONE) is None:
                    self._maximise(column, sign, depth + 1)
                self.simplex.restore(saved)
        elif bounded:
            self.best, self.point = Best(reached, unbounded=False), self._concrete()
        elif self._solve(depth + 1) is None:
            # Data are rational: where the relaxation is unbounded and some point is whole, so are others without end.
            self.best = Best(None, unbounded=True)

    def _undecided(self, bounded: bool) -> list[Sequence[_Bound]]:
        """What to branch on next in an optimisation.

        An unbounded relaxation, or one that only approaches its optimum, says nothing of alternatives left open.
        """
        number = self._fractional() if bounded else None
        if number is not None:
            return list(self._rounded_both_ways(number))
        point = self._concrete()
        attained = bounded and not any(excess for _, excess in self.simplex.value)
        for alternatives, split in self.splits:
            is_settled = split.holds(point) if attained else any(map(self._within, alternatives))
            if not is_settled:
                return list(alternatives)
        return []

    def _within(self, option: Sequence[_Bound]) -> bool:
        """Whether an alternative has been assumed already."""
        for bound in option:
            lower, upper = self.simplex.lower[bound.variable], self.simplex.upper[bound.variable]
            if bound.lower is not None and (lower is None or lower < bound.lower):
                return False
            if bound.upper is not None and (upper is None or upper > bound.upper):
                return False
        return True

    def _bound(self, row: Row) -> _Bound:
        coefficients = {self.index[name]: c for name, c in row.coefficients.items()}
        return _Bound(self.simplex.add_row(coefficients, row.held), row.lower, row.upper, row.why)

    def _assume(self, bounds: Iterable[_Bound], assumption: Conflict) -> Conflict | None:
        for variable, lower, upper, why in bounds:
            conflict = None if lower is None else self.simplex.at_least(variable, lower, why | assumption)
            if conflict is None and upper is not None:
                conflict = self.simplex.at_most(variable, upper, why | assumption)
            if conflict is not None:
                return conflict
        return None

    def _fractional(self) -> int | None:
        for number, column in enumerate(self.columns):
            if column.integer:
                value, excess = self.simplex.value[number]
                if excess or value.denominator != 1:
                    return number
        return None

    def _rounded_both_ways(self, number: int) -> Iterable[Sequence[_Bound]]:
        """The two branches of a column that is not whole, the nearer one first."""
        value, excess = self.simplex.value[number]
        below = floor(value)
        if value == below and excess < 0:
            below -= 1  # an infinitely small quantity below a whole number
        down = (_Bound(number, lower=None, upper=(below, 0), why=NONE),)
        up = (_Bound(number, lower=(below + 1, 0), upper=None, why=NONE),)
        return (up, down) if 2 * (value - below) >= 1 else (down, up)

    def _concrete(self) -> dict[str, Number]:
        """The present point with the infinitely small made so small that every bound still holds."""
        simplex, small = self.simplex, Fraction(1)
        for (value, excess), lower, upper in zip(simplex.value, simplex.lower, simplex.upper, strict=True):
            if lower is not None and lower[1] > excess:
                small = min(small, Fraction(value - lower[0]) / (lower[1] - excess))
            if upper is not None and upper[1] < excess:
                small = min(small, Fraction(upper[0] - value) / (excess - upper[1]))
        point: dict[str, Number] = {}
        # the columns stand first among the values, the rows after them
        for column, (value, excess) in zip(self.columns, simplex.value, strict=False):
            point[column.id] = plain(value + excess * small)
        return point


def _pair(bound: Number | None) -> Pair | None:
    return None if bound is None else (plain(bound), 0)


def _names(conflict: Conflict) -> Conflict:
    return frozenset(reason for reason in conflict if isinstance(reason, str))
