"""Small systems of relations over counts, and brute force as the judge of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from implied import implication

from cchc_excel.localise import Disjunction, Linear, Localisation, Ratio, Relation, Variable

Values = dict[str, int | Fraction | None]
Case = tuple[Values, list[Variable], list[Relation]]
Pick = Callable[[int, int], int]
Columns = Mapping[str, npt.NDArray[np.int64]]
MAX_ASSIGNMENTS = 40_000


def total(name: str, whole: str, *parts: str) -> Linear:
    return Linear(name, {whole: -1, **dict.fromkeys(parts, 1)}, 0, 0)


def counts(names: str, **weights: int) -> list[Variable]:
    return [Variable(name, integer=True, weight=weights.get(name, 1)) for name in names.split()]


def sets(found: Localisation) -> set[frozenset[str]]:
    return {frozenset(one) for one in found.sets()}


def random_case(pick: Pick, most: int = 8) -> Case:
    """A small system over counts that mostly can hold, often with a percentage; a record with mistakes, blanks."""
    variables = [Variable("p", integer=True, upper=100, weight=pick(1, 3))] if pick(0, 2) == 0 else []
    left = MAX_ASSIGNMENTS // (101 if variables else 1)
    for number in range(pick(2, most)):
        size = pick(1, 4)
        if left < size + 1:
            break
        left //= size + 1
        weight, fixed = max(1, pick(-3, 3)), pick(0, 7) == 0
        variables.append(Variable(f"x{number}", integer=True, upper=size, weight=weight, fixed=fixed))
    truth = {variable.id: pick(0, int(variable.upper or 0)) for variable in variables}
    if len(truth) > 2 and truth.get("p") is not None and truth["x1"]:
        truth["p"] = min(100, round(Fraction(100 * truth["x0"], truth["x1"])))
    return random_record(pick, variables, truth), variables, random_relations(pick, truth)


def random_record(pick: Pick, variables: list[Variable], truth: dict[str, int]) -> Values:
    values: Values = {}
    for variable in variables:
        chance = 0 if variable.fixed and pick(0, 3) else pick(0, 9)
        most = int(variable.upper or 0) + (chance == 6)
        values[variable.id] = None if chance == 9 else pick(0, most) if chance > 5 else truth[variable.id]
    return values


def random_relations(pick: Pick, truth: dict[str, int]) -> list[Relation]:
    names = list(truth)
    relations: list[Relation] = [random_linear(pick, f"l{n}", truth) for n in range(pick(1, len(names)))]
    if pick(0, 2) == 0:
        options = [[random_linear(pick, "", truth) for _ in range(pick(1, 2))] for _ in range(2)]
        relations.append(Disjunction("d", tuple(tuple(option) for option in options)))
    if names[0] == "p" and len(names) > 2:
        tolerance = Fraction(pick(1, 3), 2)
        relations.append(Ratio("r", "p", names[1], names[2], tolerance, blank_at_zero=pick(0, 1) == 0))
    return relations


def random_linear(pick: Pick, name: str, truth: dict[str, int]) -> Linear:
    names = list(truth)
    chosen = {
        names[pick(0, len(names) - 1)]: (-3, -2, -1, -1, -1, 1, 1, 1, 2, 3)[pick(0, 9)] for _ in range(pick(1, 4))
    }
    value = sum(c * truth[k] for k, c in chosen.items()) if pick(0, 7) else pick(-1, 3)
    kind = pick(0, 4)
    if kind < 2:
        return Linear(name, chosen, value, value)
    if kind == 4:
        return Linear(name, chosen, None, value + pick(0, 1))
    return Linear(name, chosen, value - (kind == 3), None, strict_lower=kind == 3)


def any_of(masks: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    return np.asarray(np.any(masks, axis=0), dtype=np.bool_)


def mask(relation: Relation, at: Columns) -> npt.NDArray[np.bool_]:
    """Where a relation holds, calculated as plainly as can be."""
    if isinstance(relation, Disjunction):
        return any_of([np.all([mask(one, at) for one in rows], axis=0) for rows in relation.alternatives])
    if isinstance(relation, Ratio):
        p, part, whole = (at[name] for name in relation.ids)
        tolerance = Fraction(relation.tolerance)
        near = np.abs(p * whole - 100 * part) * tolerance.denominator <= tolerance.numerator * whole
        return any_of([(whole > 0) & near, whole == 0])
    sums: npt.NDArray[Any] = np.asarray(sum(int(c) * at[name] for name, c in relation.coefficients.items()))
    holds = np.full(next(iter(at.values())).shape, fill_value=True)
    if relation.lower is not None:
        holds &= sums > relation.lower if relation.strict_lower else sums >= relation.lower
    if relation.upper is not None:
        holds &= sums <= relation.upper
    return holds


def brute_force(case: Case) -> tuple[int | None, set[frozenset[str]]]:
    """The least weight of entries that an accepted record changes, and all sets of that weight; (0, {∅}) if none."""
    values, variables, relations = case
    grid = np.indices([int(v.upper or 0) + 1 for v in variables]).reshape(len(variables), -1)
    at = {variable.id: grid[number] for number, variable in enumerate(variables)}
    holds = np.all([mask(relation, at) for relation in relations], axis=0)
    changed = np.array([at[v.id] != values[v.id] if values[v.id] is not None else at[v.id] < 0 for v in variables])
    for number, variable in enumerate(variables):
        changed[number] |= blanked(variable.id, case, at) & (values[variable.id] is not None)
    fixed = np.array([v.fixed for v in variables])
    holds &= ~np.any(changed[fixed], axis=0)
    if not holds.any():
        return None, set()
    changed = changed[:, holds]
    costs = np.array([int(v.weight) for v in variables]) @ changed
    least = np.unique(changed[:, costs == costs.min()], axis=1).T
    return int(costs.min()), {frozenset(v.id for v, c in zip(variables, row, strict=True) if c) for row in least}


def blanked(name: str, case: Case, at: Columns) -> npt.NDArray[np.bool_]:
    """Where a percentage cannot stay whatever it is: over a whole of 0 that was not written so or may not be."""
    values, _, relations = case
    ratios = [one for one in relations if isinstance(one, Ratio) and one.percentage == name]
    wrong = [at[one.whole] == 0 for one in ratios if one.blank_at_zero or values[one.whole] != 0]
    return any_of([np.zeros(at[name].shape, dtype=bool), *wrong])


def answer(found: Localisation) -> tuple[int | None, set[frozenset[str]]]:
    return (None if found.cost is None else int(found.cost)), sets(found) if found.groups else {frozenset()}


def form_like(pick: Pick, mistakes: int) -> Case:
    """85 entries in 17 blocks of (total, two parts, percentage, sub-count), linked one to the next; then mistakes."""
    values: Values = {}
    variables: list[Variable] = []
    relations: list[Relation] = []
    for block in range(17):
        t, a, b, p, s = (f"{letter}{block}" for letter in "tabps")
        values[a], values[b] = pick(0, 200), pick(1, 200)
        values[s] = pick(0, int(values[a] or 0))
        values[t] = int(values[a] or 0) + int(values[b] or 0)
        values[p] = Fraction(round(10_000 * int(values[a] or 0) / int(values[t] or 1)), 100)
        variables += [Variable(name, integer=True, weight=2) for name in (t, a, b, s)]
        variables.append(Variable(p, upper=100))
        relations += [total(f"sum{block}", t, a, b), Ratio(f"ratio{block}", p, a, t, Fraction(1, 200))]
        relations += [Linear(f"part{n}{block}", {one: 1, t: -1}, upper=0) for n, one in enumerate((a, b, s))]
        relations.append(Linear(f"sub{block}", {s: 1, a: -1}, upper=0))
        relations.append(implication(f"none{block}", (Linear("", {a: 1}, 0, 0),), (Linear("", {s: 1}, 0, 0),)))
        if block:
            ends = {f"t{block - 1}": 1, f"b{block}": 1}
            relations.append(
                Linear(f"link{block}", ends, upper=sum(int(values[name] or 0) for name in ends) + pick(0, 9))
            )
    names = list(values)
    for _ in range(mistakes):
        name = names[pick(0, len(names) - 1)]
        values[name] = (values[name] or 0) + pick(1, 99)
    return values, variables, relations
