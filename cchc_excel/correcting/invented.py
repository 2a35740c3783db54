"""Whether a component is only what one percentage leaves: then as much speaks for the figure that stands there.

In:     a change of one entry, and the checks that it puts right.
Out:    whether no slip, no other row and no exactness of the percentage speaks for the change.
Never:  says which of the figures is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from cchc_excel.correcting.digits import LEAST_FOR_DIGITS
from cchc_excel.correcting.rates import Rate, rate_of
from cchc_excel.correcting.slips import edit_of_rate
from cchc_excel.form import Check
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import half_step

if TYPE_CHECKING:
    from cchc_excel.correcting.weighing import Weighed

MOST_BY_CHANCE = Fraction(1, 10)  # how often an arbitrary percentage may name a whole number, to point at it


def is_invented(way: Weighed, cleared: Iterable[Check], record: Record, usual: int | None) -> bool:
    """Return whether one percentage alone names what a component becomes, as any percentage would name some.

    `usual` is with how many decimals the form writes its percentages, where that is known.
    """
    checks = tuple(cleared)
    (change,) = way.changes
    naming = [check for check in checks if check.is_of_a_rate and check.target != change.indicator]
    if len(naming) != 1 or way.strength > 1:
        return False
    (check,) = naming
    rate = rate_of(check, record)
    is_about_other_rows = any(not set(other.involved) <= set(check.involved) for other in checks)
    if rate is None or rate.whole <= 0 or is_about_other_rows:
        return False
    is_edit_likely = rate.part <= rate.whole and edit_of_rate(rate, usual) is not None
    if change.after == 0 or way.is_far_fetched:
        return is_edit_likely or _says_little(rate, change.indicator == check.roles["part"], usual)
    return is_edit_likely and not way.slip


def _says_little(rate: Rate, names_part: bool, usual: int | None) -> bool:
    """Whether a percentage may be wrong itself, and names a component no better than another one would.

    One of 0 names nothing for any whole, and all of all is 100 %. Where a part is more than its whole, it cannot be the
    percentage that is wrong, unless a count stands in its place.
    """
    if rate.written == 0 or rate.says_what_a_component_says:
        return True
    if rate.part > rate.whole:
        return False
    are_copies = rate.part == rate.whole >= LEAST_FOR_DIGITS
    return are_copies or not _points_at_one(rate, names_part, usual)


def _points_at_one(rate: Rate, names_part: bool, usual: int | None) -> bool:
    """Whether the figures that give it lie so close together that an arbitrary percentage would hardly name any."""
    half = half_step(max(usual or 0, rate.decimals))
    if rate.written <= half:
        return False
    least, most = rate.written - half, rate.written + half
    reach = (most - least) * rate.whole / 100 if names_part else 100 * rate.part * (1 / least - 1 / most)
    return reach <= MOST_BY_CHANCE
