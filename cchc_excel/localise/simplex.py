"""Exact linear feasibility that says why not: the simplex of SMT solvers, over fractions.

Each row is a new variable equal to a sum of columns; columns and rows have bounds, and only bounds
change while searching, so going back costs nothing. A number is a pair (value, multiple of an
infinitely small quantity): `x > 0` is `x >= (0, 1)`, and pairs compare as tuples do.
Source: B. Dutertre, L. de Moura, A fast linear-arithmetic solver for DPLL(T), CAV 2006; Bland's
rule in both phases, so that it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from cchc_excel.localise.system import Number, plain, quotient

Pair: TypeAlias = tuple[Number, Number]
Reason: TypeAlias = str | int
"""Why a bound stands: the id of a held variable, or the number of an assumption of the search."""
Conflict: TypeAlias = frozenset[Reason]
NONE: Conflict = frozenset()
Bounds: TypeAlias = tuple[list[Pair | None], list[Pair | None], list[Conflict], list[Conflict]]


class Simplex:
    """Columns 0 … n-1, then rows in the order added; `value` always satisfies every row.

    `held[row]` gives the coefficients that variables held at their values had in that row: where a
    proof of infeasibility combines rows, a held variable that cancels out is not to blame.
    """

    def __init__(self, columns: int) -> None:
        # by the number of a variable, a column or a row
        self.lower: list[Pair | None] = [None] * columns
        self.upper: list[Pair | None] = [None] * columns
        self.why_lower: list[Conflict] = [NONE] * columns
        self.why_upper: list[Conflict] = [NONE] * columns
        self.value: list[Pair] = [(0, 0)] * columns
        self.held: list[Mapping[str, Number]] = [{}] * columns
        # each basic variable as a sum of the others
        self.rows: dict[int, dict[int, Number]] = {}

    def add_row(self, coefficients: Mapping[int, Number], held: Mapping[str, Number]) -> int:
        """A new unbounded row over columns; its number. Only before the first pivot."""
        row = len(self.value)
        self.lower.append(None)
        self.upper.append(None)
        self.why_lower.append(NONE)
        self.why_upper.append(NONE)
        self.held.append(held)
        self.rows[row] = dict(coefficients)
        self.value.append(self._sum(self.rows[row]))
        return row

    def saved(self) -> Bounds:
        """The bounds, to come back to."""
        return self.lower[:], self.upper[:], self.why_lower[:], self.why_upper[:]

    def restore(self, bounds: Bounds) -> None:
        """Back to wider bounds; the present values satisfy them wherever a variable is not basic."""
        self.lower, self.upper, self.why_lower, self.why_upper = (list(part) for part in bounds)  # type: ignore[assignment]

    def at_least(self, variable: int, bound: Pair, why: Conflict) -> Conflict | None:
        """Raise a lower bound; a conflict if it passes the upper one."""
        lower, upper = self.lower[variable], self.upper[variable]
        if lower is not None and lower >= bound:
            return None
        if upper is not None and upper < bound:
            return why | self.why_upper[variable]
        self.lower[variable], self.why_lower[variable] = bound, why
        if variable not in self.rows and self.value[variable] < bound:
            self._move(variable, bound)
        return None

    def at_most(self, variable: int, bound: Pair, why: Conflict) -> Conflict | None:
        """Lower an upper bound; a conflict if it passes the lower one."""
        lower, upper = self.lower[variable], self.upper[variable]
        if upper is not None and upper <= bound:
            return None
        if lower is not None and lower > bound:
            return why | self.why_lower[variable]
        self.upper[variable], self.why_upper[variable] = bound, why
        if variable not in self.rows and self.value[variable] > bound:
            self._move(variable, bound)
        return None

    def check(self) -> Conflict | None:
        """Make every bound hold, or say which held values and assumptions exclude each other."""
        while True:
            basic, bound, up = self._violated()
            if bound is None:
                return None
            row = self.rows[basic]
            movable = [variable for variable, slope in row.items() if self._can_move(variable, (slope > 0) is up)]
            if not movable:
                return self._explain(basic, up)
            entering = min(movable)
            step = _over(_minus(bound, self.value[basic]), row[entering])
            self._move(entering, _plus(self.value[entering], step))
            self._pivot(basic, entering)

    def maximise(self, column: int, sign: int) -> bool:
        """From a point where all bounds hold to one where `sign * column` is greatest; False if unbounded."""
        while True:
            gradient = self.rows.get(column, {column: 1})
            movable = [variable for variable, slope in gradient.items() if self._can_move(variable, sign * slope > 0)]
            if not movable:
                return True
            entering = min(movable)
            up = sign * gradient[entering] > 0
            leaving, step = self._longest_step(entering, up)
            if step is None:
                return False
            value = self.value[entering]
            self._move(entering, _plus(value, step) if up else _minus(value, step))
            if leaving != entering:
                self._pivot(leaving, entering)

    def _violated(self) -> tuple[int, Pair | None, bool]:
        """The first basic variable beyond a bound, the bound, and whether it must go up; no bound if there is none."""
        for basic in sorted(self.rows):
            value, lower, upper = self.value[basic], self.lower[basic], self.upper[basic]
            if lower is not None and value < lower:
                return basic, lower, True
            if upper is not None and value > upper:
                return basic, upper, False
        return -1, None, True

    def _can_move(self, variable: int, up: bool) -> bool:
        limit = self.upper[variable] if up else self.lower[variable]
        return limit is None or limit != self.value[variable]

    def _longest_step(self, entering: int, up: bool) -> tuple[int, Pair | None]:
        """The variable that stops `entering` first, itself perhaps, and how far it gets; None is without end."""
        own = self.upper[entering] if up else self.lower[entering]
        longest: Pair | None = None
        if own is not None:
            longest = _minus(own, self.value[entering]) if up else _minus(self.value[entering], own)
        leaving = entering
        for basic in sorted(self.rows):
            slope = self.rows[basic].get(entering)
            if not slope:
                continue
            if not up:
                slope = -slope
            limit = self.upper[basic] if slope > 0 else self.lower[basic]
            if limit is None:
                continue
            step = _over(_minus(limit, self.value[basic]), slope)
            if longest is None or step < longest:
                longest, leaving = step, basic
        return leaving, longest

    def _move(self, variable: int, to: Pair) -> None:
        """Set a variable that is not basic, and what the basic ones come to then."""
        change, small_change = _minus(to, self.value[variable])
        self.value[variable] = to
        for basic, row in self.rows.items():
            slope = row.get(variable)
            if slope:
                value, excess = self.value[basic]
                self.value[basic] = (value + slope * change, excess + slope * small_change)

    def _pivot(self, leaving: int, entering: int) -> None:
        """Solve the row of `leaving` for `entering`, and put that into all other rows."""
        row = self.rows.pop(leaving)
        slope = row.pop(entering)
        solved = {variable: quotient(-coefficient, slope) for variable, coefficient in row.items()}
        solved[leaving] = quotient(1, slope)
        for other_row in self.rows.values():
            factor = other_row.pop(entering, 0)
            if not factor:
                continue
            for variable, coefficient in solved.items():
                total = plain(other_row.get(variable, 0) + factor * coefficient)
                if total:
                    other_row[variable] = total
                else:
                    other_row.pop(variable, None)
        self.rows[entering] = solved

    def _explain(self, basic: int, up: bool) -> Conflict:
        """The row of `basic` cannot reach its bound: which held values made that so (a Farkas proof)."""
        blamed: dict[str, Number] = dict(self.held[basic])
        reasons = set(self.why_lower[basic] if up else self.why_upper[basic])
        for variable, slope in self.rows[basic].items():
            stopped_by_upper = (slope > 0) is up
            reasons |= self.why_upper[variable] if stopped_by_upper else self.why_lower[variable]
            for name, coefficient in self.held[variable].items():
                blamed[name] = blamed.get(name, 0) - slope * coefficient
        # a held variable that cancels out is not to blame
        reasons.update(name for name, total in blamed.items() if total)
        return frozenset(reasons)

    def _sum(self, row: Mapping[int, Number]) -> Pair:
        value: Number = 0
        excess: Number = 0
        for variable, coefficient in row.items():
            value += coefficient * self.value[variable][0]
            excess += coefficient * self.value[variable][1]
        return value, excess


def _plus(one: Pair, other: Pair) -> Pair:
    return one[0] + other[0], one[1] + other[1]


def _minus(one: Pair, other: Pair) -> Pair:
    return one[0] - other[0], one[1] - other[1]


def _over(pair: Pair, divisor: Number) -> Pair:
    return quotient(pair[0], divisor), quotient(pair[1], divisor) if pair[1] else 0
