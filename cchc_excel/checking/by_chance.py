"""How improbable it is that two units have the same figures by chance, were both of the very same size.

Counts of two units whose mean is the same are equal in one of sqrt(4πn) cases (the difference of two Poisson figures).
Units of different sizes have them equal less often, so this errs on the side of chance. What is near another figure of
its section is hardly one of its own (dossiers settled, and those of them on time): only its distance to that one
counts. A round figure is as common as what is left without its zeros, and one that others have too as they are many.

In:     figures that two units share, by section, each with the share of the other units that have it.
Out:    improbabilities as natural logarithms, which add up: 7 is one in a thousand.
Never:  knows a form, or which of two units copied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import log, pi, sqrt

from cchc_excel.submission import Figure

FALSE_ALARMS = 0.02  # pairs of honest units that would be told in one district, were they all of one size
STAYS = 0.75  # of the figures of a copy, as somebody works it over
_LOST = log(1 / (1 - STAYS))  # what one figure that differs tells against a copy
_KEPT = log(1 / STAYS)  # what an equal one tells less for it, since a copy might differ here too


def enough(units: int) -> float:
    """The improbability from which on a pair among so many units is told."""
    pairs = units * (units - 1) / 2
    return log(max(pairs, 1) / FALSE_ALARMS)


def improbability(shared: Mapping[Figure, float]) -> float:
    """That two units share these figures of one section, by figure the share of the other units that have it."""
    told, below = 0.0, 0.0
    for size, share in sorted((abs(float(figure)), share) for figure, share in shared.items() if _is_number(figure)):
        if size >= 1:
            told -= log(max(_by_chance(size), _by_chance(size - below), share))
            below = size
    return told


def improbability_of_a_copy(by_section: Collection[Mapping[Figure, float]], equal: int, different: int) -> float:
    """That of units with so many figures equal and different one was not copied from the other and then worked over."""
    return sum(map(improbability, by_section)) - _KEPT * equal - _LOST * different


def _is_number(figure: Figure) -> bool:
    return not isinstance(figure, str)


def _by_chance(size: float) -> float:
    """How often two units of one size have a count of that size alike."""
    return min(1.0, 1 / sqrt(4 * pi * max(_without_zeros(int(size)), 1)))


def _without_zeros(size: int) -> int:
    """What is left of a round figure: 3 of 300, 5 of 25, since people like to write those."""
    while size and size % 10 == 0:
        size //= 10
    return size // 5 if size > 5 and size % 5 == 0 else size
