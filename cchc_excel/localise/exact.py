"""All cheapest sets that hit every refutation: a best-first search, its refutations found as it goes.

A set of released variables that cannot stand yields a refutation: held variables, one of which is
wrong. Each is tried in turn. The bound that orders the search adds up refutations without a common
variable. Since weights are above 0 every cheapest set is reached by adding one variable at a time
from some refutation, so none is missed.
Source: I. Fellegi, D. Holt, A systematic approach to automatic edit and imputation, JASA 1976, for
the aim; R. Reiter, A theory of diagnosis from first principles, AI 1987, for hitting sets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeAlias

from cchc_excel.localise.system import Number, Undecided

Names: TypeAlias = frozenset[str]
Oracle: TypeAlias = Callable[[Names], Names | None]
"""Released variables → None if the rest can stand, or held variables of which one is wrong (none: hopeless)."""


@dataclass(slots=True)
class Search:
    """What a search found, and the refutations that prove it; `limited`: it stopped at its limit."""

    refutations: list[Names]
    sets: list[Names]
    cost: Number | None
    complete: bool = True
    limited: bool = False


def cheapest_by_search(oracle: Oracle, weights: Mapping[str, Number], known: list[Names], limit: int) -> Search:
    """All cheapest sets, looking at `limit` sets at most; those that miss a `known` refutation need no asking.

    Names are compared by the order of `weights`, so that the same question gets the same search.
    """
    order = {name: number for number, name in enumerate(weights)}
    found = Search(refutations=list(known), sets=[], cost=None)
    start: Names = frozenset()
    queue = [(bound(start, found.refutations, weights), 0, start)]
    seen = {start}
    counter = 0  # of several that cost the same, the one that was met first
    while queue:
        cost, _, released = heappop(queue)
        if found.cost is not None and cost > found.cost:
            break
        if limit <= 0:
            found.complete, found.limited = False, True
            break
        limit -= 1
        not_hit = (refutation for refutation in found.refutations if not refutation & released)
        refutation = next(not_hit, None)
        if refutation is None:
            try:
                refutation = oracle(released)
            except Undecided:
                found.complete = False
                continue
            if refutation is None:
                found.cost = cost
                found.sets.append(released)
                continue
            found.refutations.append(refutation)
        for name in sorted(refutation, key=order.__getitem__):
            further = released | {name}
            if further not in seen:
                seen.add(further)
                counter += 1
                heappush(queue, (bound(further, found.refutations, weights), counter, further))
    return found


def bound(released: Names, refutations: list[Names], weights: Mapping[str, Number]) -> Number:
    """What releasing these and hitting the rest costs at least."""
    total: Number = sum(weights[name] for name in released)
    used = set(released)
    for refutation in refutations:
        if not used & refutation:
            used |= refutation
            total += min((weights[name] for name in refutation), default=0)
    return total
