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
        self.touching = self._relations_of_each()
        self.values: dict[str, Number] = {}
        misfits = []
        for name, variable in self.variables.items():
            value = values.get(name)
            if value is None:
                continue
            self.values[name] = plain(value)
            if not variable.admits(value):
                misfits.append(name)
        self.misfits = tuple(misfits)
        self.blanks = frozenset(self.variables.keys() - self.values.keys())
        self.zeros = frozenset(name for name, value in self.values.items() if value == 0)
        self._outside = frozenset(self._worked_out_afterwards())
        self._outcomes: dict[Component, Outcome] = {}

    def _relations_of_each(self) -> dict[str, list[int]]:
        """The numbers of the relations that each variable takes part in."""
        touching: dict[str, list[int]] = {name: [] for name in self.variables}
        for number, relation in enumerate(self.relations):
            for name in relation.ids:
                if name not in touching:
                    raise ValueError(f"{relation.id}: no variable {name}")
                touching[name].append(number)
        return touching

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
        if component not in self._outcomes:
            self._outcomes[component] = self._solved(component)
        return self._outcomes[component]

    def _solved(self, component: Component) -> Outcome:
        # most components of a genuine record have no blank, and hold: nothing to solve
        if not component.free and all(self.relations[number].holds(self.values) for number in component.relations):
            return Outcome(None, {})
        return _Question(self, component, component.free - self._outside, Budget(NODES)).solve({}, {})

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
            if not isinstance(relation, Ratio) or len(self.touching[relation.percentage]) > 1:
                continue
            # a whole number is not always near enough to the exact percentage
            always_fits = relation.tolerance >= Fraction(1, 2) or not self.variables[relation.percentage].integer
            if always_fits:
                yield relation.percentage


class _Question:
    """One component with certain columns; splits the domain of a percentage that multiplies a free whole."""

    def __init__(self, record: Record, component: Component, columns: frozenset[str], budget: Budget) -> None:
        self.record, self.component, self.columns, self.budget = record, component, columns, budget

    def solve(self, intervals: Mapping[str, Interval], pinned: Mapping[str, Number], depth: int = 0) -> Outcome:
        """Whether it can stand with percentages within `intervals` and the variables `pinned` held at a value."""
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
        """The greatest value of `sign * name`, and where; `known` is what another part of the domain came to."""
        self.budget.spend(4 * depth)
        branching, system = self._prepared(intervals, {})
        best = branching.maximise(name, sign)
        if best.unbounded:
            if system.products:
                raise Undecided(name)
            return best, {}
        if best.value is None or _is_no_better(best, known):
            return known or best, {}
        crossed = self._crossed(system, branching.point)
        if crossed is None:
            return best, self._completed(branching.point)
        point: Mapping[str, Number | None] = {}
        for half in self._halves(crossed.percentage, intervals):
            known, there = self.maximise(name, sign, {**intervals, crossed.percentage: half}, known, depth + 1)
            point = there or point
        return known or Best(None, unbounded=False), point

    def _prepared(self, intervals: Mapping[str, Interval], pinned: Mapping[str, Number]) -> tuple[Branching, System]:
        """The component as rows over its columns, and what is to solve them."""
        record = self.record
        names = record.in_order(self.columns - pinned.keys())
        held = {**self._held(), **pinned}
        translator = Translator(held, record.variables, frozenset(names), intervals, record.zeros)
        for number in self.component.relations:
            translator.add(record.relations[number])
        columns = []
        for name in names:
            variable = record.variables[name]
            if name in intervals:
                lower, upper = intervals[name]
                variable = replace(variable, lower=lower, upper=upper)
            columns.append(variable)
        return Branching(translator.system, columns, self.budget), translator.system

    def _held(self) -> dict[str, Number]:
        """The values that stand while this component is asked about."""
        return {name: value for name, value in self.record.values.items() if name not in self.component.free}

    def _crossed(self, system: System, point: Mapping[str, Number]) -> Ratio | None:
        """The first product of two free variables that does not come out at that point."""
        values = {**self.record.values, **point}
        for ratio in system.products:
            if values[ratio.whole] and not ratio.holds(values):
                return ratio
        return None

    def _halves(self, percentage: str, intervals: Mapping[str, Interval]) -> tuple[Interval, Interval]:
        """The domain of a percentage cut in two. Raises Undecided where it has no middle."""
        variable = self.record.variables[percentage]
        lower, upper = intervals.get(percentage, (variable.lower, variable.upper))
        if lower is None or upper is None or lower == upper:
            raise Undecided(percentage)
        middle = Fraction(lower + upper) / 2
        if variable.integer:
            return (lower, middle // 1), (middle // 1 + 1, upper)
        return (lower, middle), (middle, upper)

    def _completed(self, point: Mapping[str, Number]) -> Mapping[str, Number | None]:
        """Work out the percentages left aside, and verify every relation: nothing unproved leaves this room."""
        values = {**self._held(), **point}
        full: dict[str, Number | None] = dict(point)
        for number in self.component.relations:
            relation = self.record.relations[number]
            if isinstance(relation, Ratio) and relation.percentage in self.component.free:
                if relation.percentage not in values:
                    fitting = self._fitting(relation, values)
                    full[relation.percentage] = fitting
                    if fitting is not None:
                        values[relation.percentage] = fitting
                if values[relation.whole] == 0:
                    continue  # there it is left blank
            if not relation.holds(values):
                raise Undecided(relation.id)
        return full

    def _fitting(self, ratio: Ratio, values: Mapping[str, Number]) -> Number | None:
        """The percentage of its domain that is nearest to the exact one; None where the whole is 0."""
        whole, variable = values[ratio.whole], self.record.variables[ratio.percentage]
        if whole == 0:
            return None
        nearest: Number = Fraction(100 * values[ratio.part]) / whole
        if variable.integer:
            nearest = round(nearest)
        if variable.lower is not None:
            nearest = max(nearest, variable.lower)
        if variable.upper is not None:
            nearest = min(nearest, variable.upper)
        return plain(nearest)


def _is_no_better(best: Best, known: Best | None) -> bool:
    if known is None or known.value is None or best.value is None:
        return False
    return best.value <= known.value
