"""What follows from the values that stand: a whole assignment, a range, the blanks that are determined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cchc_excel.localise.record import Component, Record
from cchc_excel.localise.system import Number, Relation, Undecided, Values, Variable, plain


def feasible(
    held: Values, variables: Iterable[Variable], relations: Iterable[Relation]
) -> dict[str, Fraction | None] | None:
    """Values for every variable with which all relations hold and the held ones stay, or None if there are none.

    What `held` leaves out or gives as None is free. A free percentage over a whole of 0 stays None.
    Raises Undecided when the work allowed runs out, ValueError if a relation speaks of an unknown variable.
    """
    record = Record(held, variables, relations)
    if record.misfits:
        return None
    found: dict[str, Number | None] = dict(record.values)
    for component in record.all_components():
        outcome = record.solve(component)
        if outcome.conflict is not None:
            return None
        found.update(outcome.point)
    whole_record: dict[str, Fraction | None] = {}
    for name, variable in record.variables.items():
        value = found[name] if name in found else _any_value(variable)
        whole_record[name] = _fraction(value)
    return whole_record


def possible_range(
    name: str, held: Values, variables: Iterable[Variable], relations: Iterable[Relation]
) -> tuple[Fraction | None, Fraction | None] | None:
    """The least and the greatest value that `name` may take while the others stay; None if there is no such value.

    None within the pair is no bound. Equal bounds are the one value; otherwise not every value between
    them need be possible. A bound that is only approached (`>`) is given as the limit. Relations that
    `name` has no part in, directly or through blanks, are not asked.

    Raises Undecided and ValueError as `feasible` does.
    """
    record = Record({key: value for key, value in held.items() if key != name}, variables, relations)
    if not record.touching[name]:
        variable = record.variables[name]
        return _fraction(variable.lower), _fraction(variable.upper)
    component = record.components(record.touching[name][:1], record.blanks)[0]
    return _range(record, component, name)


def deduce(values: Values, variables: Iterable[Variable], relations: Iterable[Relation]) -> dict[str, Fraction]:
    """The blanks that can take one value only, with that value; given values are never changed.

    Exact and complete: a blank is filled if and only if its least and its greatest possible value are
    equal, which covers equations solved together, unknowns of at least 0 that add up to 0, and counts
    with one whole solution. Nothing is deduced where relations linked to a blank, also through given
    values, contradict each other, or where that could not be decided.

    Source: deductive imputation as in R's deducorrect (T. de Waal, J. Pannekoek, S. Scholtus, Handbook
    of Statistical Data Editing and Imputation, 2011, chapter 9).
    """
    record = Record(values, variables, relations)
    found: dict[str, Fraction] = {}
    for component in record.all_components():
        if component.free and _consistent_around(record, component):
            found.update(_determined(record, component))
    return {name: found[name] for name in record.in_order(found)}


def _consistent_around(record: Record, component: Component) -> bool:
    """Whether all that hangs together with a component, through anything but fixed values, can stand."""
    not_fixed = frozenset(name for name, variable in record.variables.items() if not variable.fixed)
    around = record.components(component.relations[:1], not_fixed | record.blanks)[0]
    if around.free & set(record.misfits):
        return False
    try:
        parts = record.components(around.relations, record.blanks)
        return all(record.solve(part).conflict is None for part in parts)
    except Undecided:
        return False


def _determined(record: Record, component: Component) -> dict[str, Fraction]:
    """The free variables of a component that can take one value only, with that value.

    Each optimum shows where several blanks differ from the first solution: those need no question of their own.
    """
    found: dict[str, Fraction] = {}
    undetermined: set[str] = set()
    for name in record.in_order(component.free):
        if name in undetermined:
            continue
        try:
            first = record.solve_with(component, name).point[name]
            for sign in (1, -1):
                best, point = record.greatest(component, name, sign)
                if best.unbounded or best.value is None or sign * best.value[0] != first:
                    undetermined.add(name)
                undetermined |= _differing(record.solve(component).point, point)
                if name in undetermined:
                    break
            else:
                found[name] = Fraction(first or 0)
        except Undecided:
            undetermined.add(name)
    return found


def _differing(first: Mapping[str, Number | None], second: Mapping[str, Number | None]) -> set[str]:
    return {name for name in first.keys() & second.keys() if first[name] != second[name]}


def _range(record: Record, component: Component, name: str) -> tuple[Fraction | None, Fraction | None] | None:
    bounds: list[Fraction | None] = []
    for sign in (-1, 1):
        best, _ = record.greatest(component, name, sign)
        if best.value is None and not best.unbounded:
            return None
        bounds.append(None if best.value is None else Fraction(sign * best.value[0]))
    return bounds[0], bounds[1]


def _any_value(variable: Variable) -> Number:
    """The value nearest to 0 of a variable that no relation speaks of."""
    if variable.lower is not None and variable.lower > 0:
        return -(-variable.lower // 1) if variable.integer else plain(variable.lower)
    if variable.upper is not None and variable.upper < 0:
        return variable.upper // 1 if variable.integer else plain(variable.upper)
    return 0


def _fraction(number: Number | None) -> Fraction | None:
    return None if number is None else Fraction(number)
