"""Of rows that count the same thing, and are as far from the same usual figure, only the first is told.

Dossiers that are ten times too many are so in 3.3.1, in 3.3.2, among those on time and among those received. Where two
figures of one kind stand far apart, such as all documents sent and the few that guide others, each is told.

In:     what was found, and of each finding what it is a case of.
Out:    the findings without those of the same cause as one before.
Never:  chooses the codes of which this holds: the catalogue says so (`told_once`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from math import log
from typing import NamedTuple, TypeVar

from cchc_excel.codes import CODES
from cchc_excel.finding import Finding

T = TypeVar("T")

ALIKE = log(2)  # neither is twice the other


class Cause(NamedTuple):
    """What may have one cause: the same `kind`, and about the same figure where about the same was usual."""

    kind: Hashable
    figure: float
    usual: float


def is_told_once(finding: Finding) -> bool:
    """Whether a finding is of a code that is told once of each cause."""
    return finding.code in CODES and CODES[finding.code].told_once


def first_of_each_cause(found: Iterable[T], cause_of: Callable[[T], Cause | None]) -> Iterator[T]:
    """Yield what was found, in its order, without what has the cause of something before; None is no such cause."""
    told: dict[Hashable, list[Cause]] = {}
    for one in found:
        cause = cause_of(one)
        if cause is not None:
            before = told.setdefault(cause.kind, [])
            if any(_is_alike(cause, other) for other in before):
                continue
            before.append(cause)
        yield one


def _is_alike(first: Cause, second: Cause) -> bool:
    pairs = ((first.figure, second.figure), (first.usual, second.usual))
    return all(abs(log((one + 1) / (other + 1))) <= ALIKE for one, other in pairs)
