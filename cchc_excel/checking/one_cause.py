"""Of rows that count the same thing, and are as far from the same usual figure, only the first is told.

Dossiers that are ten times too many are so in 3.3.1, in 3.3.2, among those on time and among those received. Where two
figures of one kind stand far apart, such as all documents sent and the few that guide others, each is told.

In:     what was found, and of each finding what it is a case of.
Out:    what was found in groups of one cause, and the one finding that is told for a group.
Never:  chooses the codes of which this holds: the catalogue says so (`told_once`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from math import log
from typing import NamedTuple, TypeVar

from cchc_excel.codes import CODES
from cchc_excel.finding import Finding

T = TypeVar("T")

ALIKE = log(2)  # neither is twice the other
LEAST = 20  # smaller figures are alike by chance


class Cause(NamedTuple):
    """What may have one cause: the same `kind`, and about the same figure where about the same was usual."""

    kind: Hashable
    figure: float
    usual: float


def is_told_once(finding: Finding) -> bool:
    """Whether a finding is of a code that is told once of each cause."""
    return finding.code in CODES and CODES[finding.code].told_once


def of_each_cause(found: Iterable[T], cause_of: Callable[[T], Cause | None]) -> list[list[T]]:
    """Return what was found in groups of one cause, in the order of the first of each; None is a cause of its own."""
    groups: list[list[T]] = []
    of_kind: dict[Hashable, list[tuple[Cause, list[T]]]] = {}
    for one in found:
        cause = cause_of(one)
        if cause is None:
            groups.append([one])
            continue
        before = of_kind.setdefault(cause.kind, [])
        group = next((group for other, group in before if _is_alike(cause, other)), None)
        if group is None:
            group = []
            groups.append(group)
            before.append((cause, group))
        group.append(one)
    return groups


def told_for_all(findings: Sequence[Finding]) -> Finding:
    """Return the first of findings of one cause, which names the rows of the others as well: they are in doubt too."""
    first, *others = findings
    rows = dict.fromkeys(key for other in others for key in other.indicators)
    return replace(first, indicators=(*first.indicators, *rows)) if others else first


def _is_alike(first: Cause, second: Cause) -> bool:
    if min(first.usual, second.usual) < LEAST:
        return False
    pairs = ((first.figure, second.figure), (first.usual, second.usual))
    return all(abs(log((one + 1) / (other + 1))) <= ALIKE for one, other in pairs)
