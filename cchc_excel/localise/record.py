"""One record and its relations: which parts hang together, and whether each can stand.

Where every variable but a few is held, the relations fall apart into small components, linked
only by free variables (released ones and blanks); each is solved alone, and once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.localise.branch import Best, Branching, Budget
from cchc_excel.localise.rows import Interval, System, Translator
from cchc_excel.localise.simplex import NONE, Conflict
from cchc_excel.localise.system import Number, Ratio, Relation, Undecided, Values, Variable, plain

NODES = 5_000  # of branch and bound for one component; a genuine form needs fewer than 50


class Component(NamedTuple):
    """Relations (by number, rising) linked by free variables."""

    relations: tuple[int, ...]
    free: frozenset[str]


class Outcome(NamedTuple):
    """Why a component cannot stand, or values for its free variables; None there is a percentage left blank."""

    conflict: Conflict | None
    point: Mapping[str, Number | None]


class Record:
    """Values, variables and relations, indexed; answers are remembered.

    Raises ValueError if a relation speaks of a variable that is not given.
    """

    def __init__(self, values: Values, variables: Iterable[Variable], relations: Iterable[Relation]) -> None:
        self.variables = {variable.id: variable for variable in variables}
        self.order = {name: number for number, name in enumerate(self.variables)}
        self.relations = tuple(relations)
        self.touching: dict[str, list[int]] = {name: [] for name in self.variables}
        for number, relation in enumerate(self.relations):
            for name in relation.ids:
                if name not in self.touching:
                    raise ValueError(f"{relation.id}: no variable {name}")
                self.touching[name].append(number)
        given = {name: values.get(name) for name in self.variables}
        self.values: dict[str, Number] = {name: plain(value) for name, value in given.items() if value is not None}
        self.blanks = frozenset(self.variables.keys() - self.values.keys())
        self.zeros = frozenset(name for name, value in self.values.items() if value == 0)
        self.misfits = tuple(name for name, value in self.values.items() if not self.variables[name].admits(value))
        self._outside = frozenset(self._worked_out_afterwards())
        self._outcomes: dict[Component, Outcome] = {}

    def in_order(self, names: Iterable[str]) -> tuple[str, ...]:
        """Names in the order of the variables."""
        return tuple(sorted(names, key=self.order.__getitem__))

    def components(self, seeds: Iterable[int], free: frozenset[str]) -> list[Component]:
        """The components that the relations `seeds` lie in, in their order."""
        found: list[Component] = []
        seen: set[int] = set()
        for seed in seeds:
            if seed in seen:
                continue
            names: set[str] = set()
            waiting, relations = [seed], {seed}
            while waiting:
                for name in self.relations[waiting.pop()].ids:
                    if name in free and name not in names:
                        names.add(name)
                        new = [number for number in self.touching[name] if number not in relations]
                        relations.update(new)
                        waiting.extend(new)
            seen |= relations
            found.append(Component(tuple(sorted(relations)), frozenset(names)))
        return found

    def all_components(self) -> list[Component]:
        """Every relation, linked by blanks only."""
        return self.components(range(len(self.relations)), self.blanks)

    def solve(self, component: Component) -> Outcome:
        """Whether a component can stand. Raises Undecided when the work allowed runs out."""
        outcome = self._outcomes.get(component)
        if outcome is None:
            if not component.free and all(self.relations[n].holds(self.values) for n in component.relations):
                outcome = Outcome(None, {})
            else:
                outcome = _Question(self, component, component.free - self._outside, Budget(NODES)).solve({}, {})
            self._outcomes[component] = outcome
        return outcome

    def solve_with(self, component: Component, name: str) -> Outcome:
        """As `solve`, with a value for `name` even if it is a percentage that could be worked out afterwards."""
        columns = component.free - (self._outside - {name})
        return _Question(self, component, columns, Budget(NODES)).solve({}, {})

    def greatest(self, component: Component, name: str, sign: int) -> tuple[Best, Mapping[str, Number | None]]:
        """The greatest value of `sign * name` in a component that can stand, and where. Raises Undecided."""
        columns = component.free - (self._outside - {name})
        return _Question(self, component, columns, Budget(NODES)).maximise(name, sign, {}, None)

    def _worked_out_afterwards(self) -> Iterable[str]:
        """Percentages in one ratio only: free, they ask no more of it than that some value fits."""
        for relation in self.relations:
            if isinstance(relation, Ratio) and len(self.touching[relation.percentage]) == 1:
                name = relation.percentage
                if relation.tolerance >= Fraction(1, 2) or not self.variables[name].integer:
                    yield name


class _Question:
    """One component with certain columns; splits the domain of a percentage that multiplies a free whole."""

    def __init__(self, record: Record, component: Component, columns: frozenset[str], budget: Budget) -> None:
        self.record, self.component, self.columns, self.budget = record, component, columns, budget

    def solve(self, intervals: Mapping[str, Interval], pinned: Mapping[str, Number], depth: int = 0) -> Outcome:
        self.budget.spend(4 * depth)  # after 50 cuts a domain is hopelessly narrow
        branching, system = self._prepared(intervals, pinned)
        conflict = branching.solve()
        if conflict is not None:
            return Outcome(conflict.difference(pinned), {})
        point = {**branching.point, **pinned}
        crossed = self._crossed(system, point)
        if crossed is None:
            return Outcome(None, self._completed(point))
        # Nearly always one of the two factors is right already; only then is the domain cut.
        for name in (crossed.whole, crossed.percentage):
            outcome = self.solve(intervals, {**pinned, name: point[name]}, depth + 1)
            if outcome.conflict is None:
                return outcome
        union: Conflict = NONE
        for half in self._halves(crossed.percentage, intervals):
            outcome = self.solve({**intervals, crossed.percentage: half}, pinned, depth + 1)
            if outcome.conflict is None:
                return outcome
            union |= outcome.conflict
        return Outcome(union, {})

    def maximise(
        self, name: str, sign: int, intervals: Mapping[str, Interval], known: Best | None, depth: int = 0
    ) -> tuple[Best, Mapping[str, Number | None]]:
        self.budget.spend(4 * depth)
        branching, system = self._prepared(intervals, {})
        best = branching.maximise(name, sign)
        worse = known is not None and known.value is not None and best.value is not None and best.value <= known.value
        if worse or (best.value is None and not best.unbounded):
            return known or best, {}
        if system.products and best.unbounded:
            raise Undecided(name)
        crossed = None if best.unbounded else self._crossed(system, branching.point)
        if crossed is None:
            return best, {} if best.unbounded else self._completed(branching.point)
        point: Mapping[str, Number | None] = {}
        for half in self._halves(crossed.percentage, intervals):
            known, there = self.maximise(name, sign, {**intervals, crossed.percentage: half}, known, depth + 1)
            point = there or point
        return known or Best(None, unbounded=False), point

    def _prepared(self, intervals: Mapping[str, Interval], pinned: Mapping[str, Number]) -> tuple[Branching, System]:
        record = self.record
        names = record.in_order(self.columns - pinned.keys())
        held = {k: v for k, v in record.values.items() if k not in self.component.free} | dict(pinned)
        translator = Translator(held, record.variables, frozenset(names), intervals, record.zeros)
        for number in self.component.relations:
            translator.add(record.relations[number])
        columns = [record.variables[name] for name in names]
        columns = [
            replace(c, lower=intervals[c.id][0], upper=intervals[c.id][1]) if c.id in intervals else c for c in columns
        ]
        return Branching(translator.system, columns, self.budget), translator.system

    def _crossed(self, system: System, point: Mapping[str, Number]) -> Ratio | None:
        where = {**self.record.values, **point}
        return next((ratio for ratio in system.products if where[ratio.whole] and not ratio.holds(where)), None)

    def _halves(self, percentage: str, intervals: Mapping[str, Interval]) -> tuple[Interval, Interval]:
        variable = self.record.variables[percentage]
        lower, upper = intervals.get(percentage, (variable.lower, variable.upper))
        if lower is None or upper is None or lower == upper:
            raise Undecided(percentage)
        middle = Fraction(lower + upper) / 2
        return (
            ((lower, middle // 1), (middle // 1 + 1, upper)) if variable.integer else ((lower, middle), (middle, upper))
        )

    def _completed(self, point: Mapping[str, Number]) -> Mapping[str, Number | None]:
        """Work out the percentages left aside, and verify every relation: nothing unproved leaves this room."""
        record = self.record
        where = {name: value for name, value in record.values.items() if name not in self.component.free} | dict(point)
        full: dict[str, Number | None] = dict(point)
        for number in self.component.relations:
            relation = record.relations[number]
            if isinstance(relation, Ratio) and relation.percentage in self.component.free:
                if relation.percentage not in where:
                    full[relation.percentage] = fitting = self._fitting(relation, where)
                    if fitting is not None:
                        where[relation.percentage] = fitting
                if where[relation.whole] == 0:
                    continue
            if not relation.holds(where):
                raise Undecided(relation.id)
        return full

    def _fitting(self, ratio: Ratio, where: Mapping[str, Number]) -> Number | None:
        whole, variable = where[ratio.whole], self.record.variables[ratio.percentage]
        if whole == 0:
            return None
        exact: Number = Fraction(100 * where[ratio.part]) / whole
        exact = round(exact) if variable.integer else exact
        exact = exact if variable.lower is None else max(exact, variable.lower)
        return plain(exact if variable.upper is None else min(exact, variable.upper))
