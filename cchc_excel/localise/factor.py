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
    names = sorted(frozenset[str]().union(*family))
    blocks = [{name} for name in names]
    for together in inseparable:
        blocks = _merged(blocks, together)
    for first, second in combinations(names, 2):
        if not _are_independent(first, second, family):
            blocks = _merged(blocks, frozenset({first, second}))
    families = [list(dict.fromkeys(member & block for member in family)) for block in blocks]
    # Independent in pairs is not yet independent: the product has to be as large as the family.
    is_product = prod(len(factor) for factor in families) == len(family)
    return families if is_product else [list(family)]


def _are_independent(first: str, second: str, family: Sequence[Names]) -> bool:
    """Whether each way in which one of two variables occurs is met with each way of the other."""
    pairs = {(first in member, second in member) for member in family}
    of_first = {occurs for occurs, _ in pairs}
    of_second = {occurs for _, occurs in pairs}
    return len(pairs) == len(of_first) * len(of_second)


def _merged(blocks: list[set[str]], together: Names) -> list[set[str]]:
    """The blocks, those that hold any of these names made one, which stands first."""
    joined = set[str]()
    apart = []
    for block in blocks:
        if block & together:
            joined |= block
        else:
            apart.append(block)
    return [joined, *apart] if joined else apart
