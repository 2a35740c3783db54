"""Which entries to doubt: one group for each failure that can be explained by itself.

Refutations without a common variable, whose explanations touch no common relation, are
independent: the cheapest sets of the record are then the product of the groups' sets, which is
never written out. Where two groups turn out to touch, they are joined and searched again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
            return Localisation(_in_order(record, clusters))
        clusters = joined


def _in_order(record: Record, clusters: list[_Cluster]) -> tuple[Group, ...]:
    """The groups of all clusters, in the order of the relations that fail."""
    place = {relation.id: number for number, relation in enumerate(record.relations)}
    groups = [group for cluster in clusters for group in _groups(record, cluster)]
    return tuple(sorted(groups, key=lambda group: [place[name] for name in group.failing]))


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
        for component in record.components(_around(record, cluster, released), free):
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
        for component in record.components(_around(record, cluster, released), record.blanks | released):
            reach.update(component.relations)
    return reach


def _around(record: Record, cluster: _Cluster, released: Names) -> list[int]:
    """The relations of the cluster and those that the released variables take part in, rising."""
    relations = cluster.relations
    for name in released:
        relations.update(record.touching[name])
    return sorted(relations)


def _join(clusters: list[_Cluster]) -> list[_Cluster]:
    """Join clusters that share a doubtful variable or a relation; those joined have to be searched again."""
    joined: list[_Cluster] = []
    for cluster in clusters:
        current = cluster
        touching = [earlier for earlier in joined if _touch(earlier, cluster)]
        for earlier in touching:
            joined.remove(earlier)
            current = _Cluster(
                failures=earlier.failures + current.failures,
                refutations=list(dict.fromkeys(earlier.refutations + current.refutations)),
                complete=earlier.complete and current.complete,
                reach=earlier.reach | current.reach,
            )
        joined.append(current)
    return joined


def _touch(one: _Cluster, other: _Cluster) -> bool:
    return bool(one.reach & other.reach or one.names & other.names)


def _groups(record: Record, cluster: _Cluster) -> list[Group]:
    """The cluster as one group, or as several where its sets are a product and no failure spans two factors."""
    search = cluster.search or Search([], [], None, complete=False)
    search = replace(search, complete=cluster.complete and search.complete)
    whole = [_group(record, cluster.failures, search)]
    if not search.complete or not search.sets:
        return whole
    spans = [_names(record, failure) for failure in cluster.failures]
    groups = []
    for family in factors(search.sets, spans):
        doubted = frozenset[str]().union(*family)
        failures = [failure for failure, span in zip(cluster.failures, spans, strict=True) if span & doubted]
        if not failures:  # doubted only as a consequence of another factor
            return whole
        refutations = [refutation for refutation in search.refutations if refutation & doubted]
        cost = sum(record.variables[name].weight for name in family[0])
        groups.append(_group(record, failures, Search(refutations, family, cost)))
    return groups


def _names(record: Record, failure: _Failure) -> Names:
    """The variables of a failure: those of its relations and those of its reason."""
    return failure.refutation.union(*(record.relations[number].ids for number in failure.relations))


def _group(record: Record, failures: Iterable[_Failure], search: Search) -> Group:
    """The failures as a group, with what the search came to for them."""
    failing = sorted({number for failure in failures for number in failure.relations})
    sets = [record.in_order(names) for names in search.sets]
    sets.sort(key=lambda names: [record.order[name] for name in names])
    return Group(
        failing=tuple(record.relations[number].id for number in failing),
        involved=record.in_order(frozenset[str]().union(*search.refutations)),
        cost=search.cost,
        sets=tuple(sets),
        complete=search.complete,
    )
