"""Failing equations that digit slips explain: deductive correction of swapped, doubled, lost and wrong digits.

Source: S. Scholtus, Algorithms for correcting some obvious inconsistencies and rounding errors in
business survey data, Statistics Netherlands 2008 (`correctTypos` of R's deducorrect). Stricter than
there: an explanation makes every failing equation of its group hold and breaks nothing that held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from cchc_excel.digits import NAMES, digit_slip
from cchc_excel.localise.record import Record
from cchc_excel.localise.system import Linear, Number, Relation, Values, Variable, plain, quotient

MAX_CHANGES = 6  # in one group; more slips at once are no slips


@dataclass(frozen=True, slots=True)
class Slip:
    """One figure as written, as it must have been meant, and the slip (a name of `digits`)."""

    id: str
    written: Fraction
    true: Fraction
    name: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Failing equations linked by common variables, and every smallest set of slips that explains them all."""

    failing: tuple[str, ...]
    explanations: tuple[tuple[Slip, ...], ...]

    @property
    def only(self) -> tuple[Slip, ...] | None:
        """The explanation, if there is one and no other."""
        return self.explanations[0] if len(self.explanations) == 1 else None


def slips_for_balance(
    values: Values,
    variables: Iterable[Variable],
    relations: Iterable[Relation],
    *,
    accepted: Collection[str] = NAMES,
) -> tuple[Balance, ...]:
    """For each group of failing equations, the smallest sets of slips after which all of them hold.

    Only equations without blanks are looked at. A figure that stands in an equation that holds is not
    doubted, nor a fixed one. `accepted` names the slips allowed. A group that no slips explain has no
    explanations; one with several is left to a person.
    """
    record = Record(values, variables, relations)
    known = [n for n, relation in enumerate(record.relations) if not record.blanks & set(relation.ids)]
    holding = {n for n in known if record.relations[n].holds(record.values)}
    equations = {n: r for n in known if isinstance(r := record.relations[n], Linear) and r.is_equation}
    failing = [n for n in equations if n not in holding]
    settled = {name for n in equations.keys() & holding for name in equations[n].ids}
    open_names = frozenset(n for n, v in record.variables.items() if n not in settled and not v.fixed)
    balances = []
    for group in _groups(equations, failing, open_names):
        slips = [slip for name in record.in_order(open_names) for slip in _slips(record, equations, group, name)]
        chosen = [slip for slip in slips if slip.name in accepted]
        balances.append(Balance(tuple(equations[n].id for n in group), _explanations(record, holding, group, chosen)))
    return tuple(balances)


def _groups(equations: Mapping[int, Linear], failing: list[int], names: frozenset[str]) -> list[list[int]]:
    groups: list[tuple[list[int], set[str]]] = []
    for number in failing:
        members, linked = [number], set(names) & set(equations[number].ids)
        for group in [one for one in groups if one[1] & linked]:
            groups.remove(group)
            members, linked = group[0] + members, linked | group[1]
        groups.append((members, linked))
    return [sorted(members) for members, _ in groups]


def _slips(record: Record, equations: Mapping[int, Linear], group: list[int], name: str) -> list[Slip]:
    """The values of `name` that make an equation of the group hold and that a slip explains."""
    found: dict[Number, Slip] = {}
    for number in group:
        equation = equations[number]
        slope = equation.coefficients.get(name)
        if not slope or equation.lower is None:
            continue
        total = sum(c * record.values[other] for other, c in equation.coefficients.items())
        written = record.values[name]
        true = plain(written + quotient(equation.lower - total, slope))
        slip = digit_slip(written, true)
        if slip is not None and record.variables[name].admits(true):
            found[true] = Slip(name, Fraction(written), Fraction(true), slip)
    return list(found.values())


def _explanations(
    record: Record, holding: set[int], group: list[int], slips: list[Slip]
) -> tuple[tuple[Slip, ...], ...]:
    by_name: dict[str, list[Slip]] = {}
    for slip in slips:
        by_name.setdefault(slip.id, []).append(slip)
    for size in range(1, min(len(by_name), len(group), MAX_CHANGES) + 1):
        choices = (choice for names in combinations(by_name, size) for choice in product(*(by_name[n] for n in names)))
        found = tuple(choice for choice in choices if _explains(record, holding, group, choice))
        if found:
            return found
    return ()


def _explains(record: Record, holding: set[int], group: list[int], choice: tuple[Slip, ...]) -> bool:
    point = {**record.values, **{slip.id: plain(slip.true) for slip in choice}}
    touched = {number for slip in choice for number in record.touching[slip.id]}
    return all(record.relations[number].holds(point) for number in touched & holding | set(group))
