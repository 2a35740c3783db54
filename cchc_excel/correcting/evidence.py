"""How much speaks for the likeliest way to put a check right, and for no other one.

In:     the ways of one failed check, weighed, the likeliest first.
Out:    0 where a person has to choose, more the more the figures themselves say.
Never:  counts what is known of entries before anything is looked at (`prior`): that only orders the ways.
"""

from __future__ import annotations

from collections.abc import Sequence

from cchc_excel.correcting.slips import SURE_SLIP
from cchc_excel.correcting.weighing import Weighed
from cchc_excel.form import Check, Severity

TELLING_SLIP = 2  # the strength from which a slip tells one part of a total from the others


def evidence(ways: Sequence[Weighed], check: Check) -> int:
    """Return what stands for the first way and for no other: 0 where a person has to choose.

    Each warning that the way clears counts 10 and each error 20; the strength of its slip is added.
    """
    best, *others = ways
    is_open = (
        best.relief <= 0
        or not best.as_usual
        or _is_swap_within_a_bound(best)
        or _is_rate_without_slip(best, others, check)
        or _is_any_part(best, others, check)
        or best.invented
        or _is_any_total(best, others, check)
        or _is_only_unlikely(best, others, check)
        or _has_rival(best, others, check)
    )
    return 0 if is_open else 10 * best.relief + best.strength


def _is_of_target(way: Weighed, check: Check) -> bool:
    """Whether a way changes the target of the check, and nothing else."""
    return way.indicators == (check.target,)


def _is_swap_within_a_bound(best: Weighed) -> bool:
    """Whether two figures, exchanged, keep within a bound as many others would."""
    return best.is_swap and not best.strength


def _is_rate_without_slip(best: Weighed, others: Sequence[Weighed], check: Check) -> bool:
    """Whether a percentage is changed and no slip says that it is wrong, and not what it is made of."""
    if not check.is_of_a_rate or not _is_of_target(best, check):
        return False
    if not others:
        return not best.strength
    return best.strength < (SURE_SLIP if any(map(_is_explained, others)) else TELLING_SLIP)


def _is_explained(way: Weighed) -> bool:
    """Whether a slip of the hand, however weak, explains what a way changes."""
    return not way.is_far_fetched


def _is_any_part(best: Weighed, others: Sequence[Weighed], check: Check) -> bool:
    """Whether a part is changed to fit its total, as any other part could be."""
    if check.code != "A01" or _is_of_target(best, check) or not others:
        return False
    return best.cleared == 1 and best.strength < TELLING_SLIP


def _is_any_total(best: Weighed, others: Sequence[Weighed], check: Check) -> bool:
    """Whether a total is added up again though a slip explains a part: that can always be done, and bounds allow it."""
    is_mere_sum = check.code == "A01" and _is_of_target(best, check) and best.equations == 1 and not best.strength
    return is_mere_sum and any(other.strength for other in others)


def _is_only_unlikely(best: Weighed, others: Sequence[Weighed], check: Check) -> bool:
    """Whether the figure is only unlikely, and nothing else speaks against it: what is unlikely may be so."""
    if check.reported_severity is not Severity.WARNING:
        return False
    clears_little = (best.relief, best.strength) <= (1, 0)
    is_expected = check.expected is not None and _is_of_target(best, check) and not others
    return clears_little and not is_expected


def _has_rival(best: Weighed, others: Sequence[Weighed], check: Check) -> bool:
    """Whether another way explains as much as the best one does."""
    return any(_is_rival(other, best) for other in others if not _is_mere_recalculation(other, check))


def _is_mere_recalculation(way: Weighed, check: Check) -> bool:
    """Whether a percentage is calculated anew though no slip explains what stands there: that can always be done."""
    return not way.slip and check.is_of_a_rate and _is_of_target(way, check)


def _is_rival(other: Weighed, best: Weighed) -> bool:
    """Whether one other way speaks against the best one."""
    if other.is_moved_comma and other.relief == best.relief:
        return True  # 5 % typed as 50 over 40 looks like 5 % over a 4 with a digit too many
    if best.is_swap and _is_explained(other) and other.relief == best.relief:
        return True
    is_outdone = best.alone and other.is_far_fetched
    return other.grounds == best.grounds and not is_outdone
