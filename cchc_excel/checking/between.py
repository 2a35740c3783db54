"""Family U: the units of one period against each other; where they are too few for that, U16 says so.

In:     what each unit reports of one period.
Out:    findings, each with the place of its unit: copies, lists that differ, figures far from all others.
Never:  knows files, or which of two units is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cchc_excel.checking.copied_units import copies, near_copies
from cchc_excel.checking.far_off import far_figures, far_rates
from cchc_excel.checking.unit_size import Sizes
from cchc_excel.checking.units_compared import LEAST_UNITS, Between, Compared, Unit, columns
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Kind
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure

LEAST_AGREEING = 3  # units that give a common value
LEAST_HALF, LEAST_SIDE, NEARLY_ALL = 0.5, 0.35, 0.8  # of two lists: the smaller to the larger, to all; both to all


def between(units: Sequence[Unit], form: Form) -> Iterator[Between]:
    """Yield what is found among the submissions of one period, each of another unit."""
    if 1 < len(units) < LEAST_UNITS:
        facts: dict[str, Fact] = {"units": len(units), "least": LEAST_UNITS}
        yield Between(0, Finding("U16", form.severity_of("U16"), facts=facts))
    yield from copies(units, form)
    yield from near_copies(units, form)
    sizes = Sizes(units, form)
    for place, (row, column) in enumerate(zip(form.entries, columns(units), strict=False)):
        compared, way = Compared(units, form, row, place, column), way_of(row)
        if way.is_common:
            yield from _deviating(compared)
        elif row.kind is Kind.PERCENT:
            yield from far_rates(compared)
        elif row.kind in {Kind.COUNT, Kind.MONEY} and way.is_added:
            yield from far_figures(compared, sizes)


def _deviating(compared: Compared) -> Iterator[Between]:
    """U01: a figure that regulation makes equal in all units is another one here."""
    tally = Counter(value for value in compared.column if value is not None)
    if not tally:
        return
    yield from _two_lists(compared, tally)
    ((common, count),) = tally.most_common(1)
    if count < LEAST_AGREEING or 2 * count <= tally.total():
        return
    facts: dict[str, Fact] = {"common": common, "count": count, "units": tally.total()}
    for index, value in enumerate(compared.column):
        if value is not None and value != common:
            yield compared.found("U01", index, common, facts)


def _two_lists(compared: Compared, tally: Counter[Figure]) -> Iterator[Between]:
    """U14: a figure that regulation makes equal is one thing in one half of the units, another in the other half.

    It is told once, at the first unit that has the rarer one: which of the two is right is not ours to say.
    """
    if len(tally) < 2:
        return
    (first, most), (second, fewer) = tally.most_common(2)
    if fewer < LEAST_AGREEING or fewer < most * LEAST_HALF or most + fewer < tally.total() * NEARLY_ALL:
        return
    if 2 * most > tally.total() and fewer < tally.total() * LEAST_SIDE:
        return
    facts: dict[str, Fact] = {"common": first, "count": most, "other": second, "others": fewer}
    yield compared.found("U14", compared.column.index(second), None, facts)
