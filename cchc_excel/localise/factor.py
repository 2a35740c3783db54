"""A family of sets as the product of smaller families: ties that are chosen independently of each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import prod

from cchc_excel.localise.exact import Names


def factors(family: Sequence[Names], inseparable: Iterable[Names]) -> list[list[Names]]:
    """Families over disjoint variables whose product is `family`, as fine as pairs of variables tell.

    Variables of one `inseparable` set stay in one family. The family itself alone if it is no product.
    """
    blocks = [{name} for name in sorted(frozenset[str]().union(*family))]
    for together in inseparable:
        blocks = _merged(blocks, together)
    for one, other in combinations(sorted(frozenset[str]().union(*family)), 2):
        pair = {(one in member, other in member) for member in family}
        if len(pair) < len({a for a, _ in pair}) * len({b for _, b in pair}):
            blocks = _merged(blocks, frozenset({one, other}))
    found = [list(dict.fromkeys(member & block for member in family)) for block in blocks]
    # Independent in pairs is not yet independent: the product has to be as large as the family.
    return found if prod(len(part) for part in found) == len(family) else [list(family)]


def _merged(blocks: list[set[str]], together: Names) -> list[set[str]]:
    joined = set[str]().union(*(block for block in blocks if block & together))
    return ([joined] if joined else []) + [block for block in blocks if not block & together]
