"""Which entries to doubt: one group for each failure that can be explained by itself.

Refutations without a common variable, whose explanations touch no common relation, are
independent: the cheapest sets of the record are then the product of the groups' sets, which is
never written out. Where two groups turn out to touch, they are joined and searched again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from cchc_excel.localise.exact import Names, Search, cheapest_by_search
from cchc_excel.localise.factor import factors
from cchc_excel.localise.highs import cheapest_by_highs
from cchc_excel.localise.record import Record
from cchc_excel.localise.system import Group, Localisation, Number, Relation, Undecided, Values, Variable

LIMIT = 3_000  # sets looked at for one group, under a second; records of the usual form need fewer than 200


class _Failure(NamedTuple):
    """Relations that cannot all stand (none: a value outside its domain), and one reason."""

    relations: tuple[int, ...]
    refutation: Names


@dataclass(slots=True)
class _Cluster:
    """Failures searched together, and what is known of them."""

    failures: list[_Failure]
    refutations: list[Names]
    complete: bool = True
    search: Search | None = None
    reach: set[int] = field(default_factory=set)

    @property
    def relations(self) -> set[int]:
        return {number for failure in self.failures for number in failure.relations}

    @property
    def names(self) -> Names:
        return frozenset[str]().union(*self.refutations)


def localise(
    values: Values,
    variables: Iterable[Variable],
    relations: Iterable[Relation],
    *,
    limit: int = LIMIT,
    method: Literal["auto", "exact", "highs"] = "auto",
) -> Localisation:
    """All cheapest sets of variables that must be wrong so that all others can stand as they are.

    A set is proposed only after values of its variables were found, in exact arithmetic, with which
    every relation holds. `limit` bounds the sets looked at for one group; `method` "auto" searches
    exactly and turns to HiGHS, if installed, where that limit is reached. Never a guess: a group
    for which the work ran out says so (`complete`). Ties are all returned, in a fixed order.

    Raises ValueError if a relation speaks of an unknown variable, ImportError for "highs" without highspy.
    """
    record = Record(values, variables, relations)
    weights = {name: variable.weight for name, variable in record.variables.items() if not variable.fixed}
    clusters = _failures(record)
    while True:
        for cluster in clusters:
            if cluster.search is None:
                cluster.search = _search(record, cluster, weights, limit, method)
                cluster.refutations = cluster.search.refutations
                cluster.reach = _reach(record, cluster, cluster.search.sets)
        joined = _join(clusters)
        if len(joined) == len(clusters):
            place = {relation.id: number for number, relation in enumerate(record.relations)}
            groups = [group for cluster in clusters for group in _groups(record, cluster)]
            return Localisation(tuple(sorted(groups, key=lambda group: [place[name] for name in group.failing])))
        clusters = joined


def _failures(record: Record) -> list[_Cluster]:
    found = [_cluster(record, (), {name}) for name in record.misfits]
    for component in record.all_components():
        try:
            conflict = record.solve(component).conflict
        except Undecided:
            found.append(_Cluster([_Failure(component.relations, frozenset())], [], complete=False))
            continue
        if conflict is not None:
            found.append(_cluster(record, component.relations, conflict))
    return found


def _cluster(record: Record, relations: tuple[int, ...], conflict: Iterable[object]) -> _Cluster:
    refutation = _doubtful(record, conflict)
    return _Cluster([_Failure(relations, refutation)], [refutation])


def _doubtful(record: Record, names: Iterable[object]) -> Names:
    return frozenset(name for name in names if isinstance(name, str) and not record.variables[name].fixed)


def _search(record: Record, cluster: _Cluster, weights: Mapping[str, Number], limit: int, method: str) -> Search:
    def oracle(released: Names) -> Names | None:
        free = record.blanks | released
        seeds = sorted(cluster.relations.union(*(record.touching[name] for name in released)))
        for component in record.components(seeds, free):
            conflict = record.solve(component).conflict
            if conflict is not None:
                return _doubtful(record, conflict)
        return None

    if method == "highs":
        return cheapest_by_highs(oracle, weights, cluster.refutations, limit)
    search = cheapest_by_search(oracle, weights, cluster.refutations, limit)
    if not search.limited or method == "exact":
        return search
    try:
        return cheapest_by_highs(oracle, weights, search.refutations, limit)
    except ImportError:
        return search


def _reach(record: Record, cluster: _Cluster, sets: list[Names]) -> set[int]:
    """The relations that any explanation of the cluster touches, directly or through blanks."""
    reach = set(cluster.relations)
    for released in sets:
        seeds = sorted(cluster.relations.union(*(record.touching[name] for name in released)))
        for component in record.components(seeds, record.blanks | released):
            reach.update(component.relations)
    return reach


def _join(clusters: list[_Cluster]) -> list[_Cluster]:
    """Join clusters that share a doubtful variable or a relation; those joined have to be searched again."""
    joined: list[_Cluster] = []
    for cluster in clusters:
        current = cluster
        for other in [one for one in joined if one.reach & current.reach or one.names & current.names]:
            joined.remove(other)
            current = _Cluster(
                other.failures + current.failures,
                list(dict.fromkeys(other.refutations + current.refutations)),
                other.complete and current.complete,
                reach=other.reach | current.reach,
            )
        joined.append(current)
    return joined


def _groups(record: Record, cluster: _Cluster) -> list[Group]:
    """The cluster as one group, or as several where its sets are a product and no failure spans two factors."""
    search = cluster.search or Search([], [], None, complete=False)
    complete = cluster.complete and search.complete
    whole = [_group(record, cluster.failures, search.refutations, search.sets, search.cost, complete)]
    if not complete or not search.sets:
        return whole
    spans = [_names(record, failure) for failure in cluster.failures]
    found = []
    for family in factors(search.sets, spans):
        doubted = frozenset[str]().union(*family)
        failures = [failure for failure, span in zip(cluster.failures, spans, strict=True) if span & doubted]
        if not failures:  # doubted only as a consequence of another factor
            return whole
        refutations = [one for one in search.refutations if one & doubted]
        cost = sum(record.variables[name].weight for name in family[0])
        found.append(_group(record, failures, refutations, family, cost, complete))
    return found


def _names(record: Record, failure: _Failure) -> Names:
    names = (name for number in failure.relations for name in record.relations[number].ids)
    return failure.refutation.union(names)


def _group(
    record: Record,
    failures: Iterable[_Failure],
    refutations: Iterable[Names],
    sets: Iterable[Names],
    cost: Number | None,
    complete: bool,
) -> Group:
    failing = sorted({number for failure in failures for number in failure.relations})
    ordered = sorted((record.in_order(one) for one in sets), key=lambda s: [record.order[name] for name in s])
    involved = record.in_order(frozenset[str]().union(*refutations))
    return Group(tuple(record.relations[n].id for n in failing), involved, cost, tuple(ordered), complete)
