"""Family U: the units of one period against each other; where they are too few for that, U16 says so.

In:     what each unit reports of one period.
Out:    findings, each with the place of its unit: copies, lists that differ, figures far from all others.
Never:  knows files, or which of two units is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cchc_excel.checking.copied_units import copies, near_copies
from cchc_excel.checking.far_off import cause_of, far_figures, far_rates
from cchc_excel.checking.one_cause import of_each_cause, told_for_all
from cchc_excel.checking.unit_size import Sizes
from cchc_excel.checking.units_compared import LEAST_UNITS, Between, Compared, Unit, columns, found_in_unit
from cchc_excel.finding import Fact
from cchc_excel.form import Form, Kind
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure

LEAST_AGREEING = 3  # units that give a common value
LEAST_SIDE = 0.35  # of several lists: the second to all units, where most units have the first
NEARLY_ALL = 0.8  # all lists together to all units


def between(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """Yield what is found among the submissions of one period, each of another unit.

    Raises ValueError if a unit does not have a figure or a blank for each of `form.entries`.
    """
    if 1 < len(units) < LEAST_UNITS:
        yield found_in_unit("U16", 0, form, units=len(units), least=LEAST_UNITS)
    yield from copies(units, form)
    yield from near_copies(units, form)
    sizes = Sizes(units, form)
    rows = enumerate(zip(form.entries, columns(units), strict=False))  # no units, no columns
    compared = (Compared(units, form, row, place, column) for place, (row, column) in rows)
    found = (one for row in compared for one in _found_in_row(row, sizes))
    for group in of_each_cause(found, lambda one: cause_of(one, form)):
        yield group[0]._replace(finding=told_for_all([one.finding for one in group]))


def _found_in_row(compared: Compared, sizes: Sizes) -> Iterator[Between]:
    """What is found in one row, by what the row is."""
    way, kind = way_of(compared.row), compared.row.kind
    if way.is_common:
        yield from _several_lists(compared)
        yield from _deviating(compared)
    elif kind is Kind.PERCENT:
        yield from far_rates(compared)
    elif kind in {Kind.COUNT, Kind.MONEY} and way.is_added:
        yield from far_figures(compared, sizes)


def _deviating(compared: Compared) -> Iterator[Between]:
    """U01: a figure that regulation makes equal in all units is another one here."""
    tally = _tally(compared)
    if not tally:
        return
    ((common, count),) = tally.most_common(1)
    is_majority = 2 * count > tally.total()
    if count < LEAST_AGREEING or not is_majority:
        return
    facts: dict[str, Fact] = {"common": common, "count": count, "units": tally.total()}
    for index, value in enumerate(compared.column):
        if value is not None and value != common:
            yield compared.found("U01", index, common, facts)


def _several_lists(compared: Compared) -> Iterator[Between]:
    """U14: a figure that regulation makes equal is one thing in some units and another in others, and no slip of few.

    It is told once, at the first unit that has the rarer of the two commonest: which list is right is not ours to say.
    """
    tally = _tally(compared)
    lists = [(figure, count) for figure, count in tally.most_common() if count >= LEAST_AGREEING]
    if len(lists) < 2:
        return
    units = tally.total()
    (_, count), (other, other_count) = lists[:2]
    if sum(count for _, count in lists) < NEARLY_ALL * units:
        return
    is_majority = 2 * count > units
    if is_majority and other_count < LEAST_SIDE * units:
        return
    facts: dict[str, Fact] = {
        "figures": tuple(figure for figure, _ in lists),
        "counts": tuple(count for _, count in lists),
    }
    yield compared.found("U14", compared.column.index(other), None, facts)


def _tally(compared: Compared) -> Counter[Figure]:
    """How many units report each figure of a row, blanks left out."""
    return Counter(value for value in compared.column if value is not None)
