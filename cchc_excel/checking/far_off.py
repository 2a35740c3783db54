"""U02 and U03: a figure of one unit that lies far from what the others report.

Outliers are judged by median and MAD (Iglewicz and Hoaglin, 1993: modified z-scores), which a few wrong figures cannot
move; where more than half of the units agree, so that the MAD is 0, by the mean absolute deviation instead. A count is
held against what a unit of its size reports (`unit_size.py`). A percentage of few is allowed to lie further away than
one of many (a funnel plot: Spiegelhalter, 2005). What several units have alike is a habit and no slip: only who is
nearly alone far away is told. Rows in which many units have nothing, such as surveys, which come in bursts, are judged
by their own largest figures. Rows of a unit that count one thing and are as far off are told once (`one_cause.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import hypot, log, sqrt
from statistics import median

from cchc_excel.checking.one_cause import Cause, is_told_once
from cchc_excel.checking.unit_size import Sizes
from cchc_excel.checking.units_compared import LEAST_UNITS, Between, Column, Compared, numbers, robust_spread
from cchc_excel.finding import Fact
from cchc_excel.form import Form
from cchc_excel.submission import Figure

RATE_SCORE, SIZE_SCORE = 3.5, 4.0  # modified z-scores; 3.5 is the authors' own limit
LEAST_GAP = 20  # points of a percentage
LEAST_FIGURE, LEAST_FACTOR, BY_CHANCE = 10, 4, 5  # a small figure may be many times another, and a few more
LEAST_SHARE = 5.0  # points: of a percentage near 0 or 100 the median says too little of its chance
MOST_ALIKE = 20  # of so many units one more may lie as far away
BURST = 10  # so many times any other, or so many times a usual burst, may a figure among zeros be
LEAST_BURST = 50  # of a usual burst
LEAST_WITH_SOME = 5  # so many units that have some tell what is usual
FEW = 8  # so many times the largest of the others is then too much
MANY_ZEROS = 3  # one of so many units has nothing
LEAST_MIDDLE = 3  # of a row: what half of the units hardly ever have does not grow with a unit


# --- percentages


def far_rates(compared: Compared) -> Iterator[Between]:
    """Yield U02 for each percentage far from those of the other units, whatever it was taken of."""
    row = compared.row
    rates = _rates_of_something(compared)
    if len(rates) < LEAST_UNITS:
        return
    middle = median(rates.values())
    gaps = {index: rate - middle for index, rate in rates.items()}  # points
    far = [index for index, gap in gaps.items() if abs(gap) >= LEAST_GAP]
    if not far:
        return
    spread = robust_spread(rates)
    habits = _dividing_otherwise(compared, rates)
    is_alone = _is_alone if row.part is None else _is_nearly_alone
    facts: dict[str, Fact] = {"middle": round(middle, 2), "units": len(rates)}
    for index in far:
        gap = gaps[index]
        limit = RATE_SCORE * hypot(spread, _chance(compared, index, middle))
        if index in habits or abs(gap) <= limit:
            continue
        is_worth_a_word = row.part is None or _is_of_many(compared, index, gap)
        if is_worth_a_word and is_alone(gap, gaps.values()):
            yield compared.found("U02", index, None, facts)


def _rates_of_something(compared: Compared) -> dict[int, float]:
    """The percentages of a row, by the place of their unit; of nothing there is no share."""
    rates, base = numbers(compared.column), _base_of(compared)
    if base is None:
        return rates
    return {index: rate for index, rate in rates.items() if compared.units[index].taken[base] != 0}


def _base_of(compared: Compared) -> int | None:
    """The place of the row that a percentage is taken of; None where that is not on the form."""
    row = compared.row
    return compared.form.entry_places.get(row.whole or row.weight or "")


def _chance(compared: Compared, index: int, middle: float) -> float:
    """By how many points a unit's percentage varies by chance alone: little where it is a share of many."""
    count = _figure(compared, index, _base_of(compared))
    if count <= 0:
        return 0.0
    share = min(max(middle, LEAST_SHARE), 100 - LEAST_SHARE)
    return sqrt(share * (100 - share) / count)


def _is_of_many(compared: Compared, index: int, gap: float) -> bool:
    """Whether a percentage is so far off by more than a few cases; of how many it is may not be known."""
    whole = _figure(compared, index, compared.form.entry_places.get(compared.row.whole or ""))
    is_known = whole >= 0
    return not is_known or abs(gap) * whole >= 100 * LEAST_FIGURE


def _dividing_otherwise(compared: Compared, rates: Collection[int]) -> frozenset[int]:
    """The units whose shares of one base come to what those of the others do, however they divide them.

    A commune that sends most documents on paper as well has 9 % where others have 90, and 90 where they have 9.
    """
    form, base = compared.form, compared.row.weight
    if not base:
        return frozenset()
    shares = [form.entry_places[row.id] for row in form.entries if row.weight == base]
    if len(shares) < 2:
        return frozenset()
    sums = {index: sum(max(0.0, _figure(compared, index, place)) for place in shares) for index in rates}
    usual = median(sums.values())
    return frozenset(index for index, points in sums.items() if abs(points - usual) < LEAST_GAP)


def _figure(compared: Compared, index: int, place: int | None) -> float:
    """The figure of a unit at a place; -1 where none is known."""
    value: Figure | None = compared.units[index].taken[place] if place is not None else None
    return -1.0 if value is None or isinstance(value, str) else float(value)


def _is_alone(gap: float, gaps: Collection[float]) -> bool:
    """Whether no other unit lies half as far away, on either side: a share that units estimate is a habit of theirs."""
    return sum(abs(other) >= abs(gap) / 2 for other in gaps) <= 1


def _is_nearly_alone(gap: float, gaps: Collection[float]) -> bool:
    """Whether hardly any other unit lies half as far away on the same side."""
    alike = sum(abs(other) >= abs(gap) / 2 and (other > 0) == (gap > 0) for other in gaps)
    return alike <= 1 + max(1, len(gaps) // MOST_ALIKE)


# --- counts


def far_figures(compared: Compared, sizes: Sizes) -> Iterator[Between]:
    """Yield U03 for each figure far from what a unit of this size reports.

    A negative figure is T04's, and 0 is no multiple of any. A part is judged with its whole, by their percentage, even
    where the whole is far off, and a total by its parts.
    """
    figures = _counted(compared.column)
    if len(figures) < LEAST_UNITS:
        return
    middle = median(figures.values())
    zeros = sum(value == 0 for value in figures.values())
    if middle < LEAST_MIDDLE or MANY_ZEROS * zeros >= len(figures):
        yield from _far_among_few(compared, figures, sizes)
    else:
        yield from _far_among_many(compared, figures, middle, sizes)


def _far_among_many(compared: Compared, figures: Mapping[int, float], middle: float, sizes: Sizes) -> Iterator[Between]:
    """U03 where most units have something: the score of what is far from the usual, against the scores of all."""
    # What is usual lies between a figure and the middle: who is not far from the middle is not far from the usual.
    far = [index for index, value in figures.items() if value > 0 and _is_far(value, middle)]
    if not far:
        return
    usual = sizes.usual(compared.row, figures, middle)
    far = [index for index in far if _is_far(figures[index], usual(index))]
    far = _not_judged_elsewhere(far, compared)
    if not far:
        return
    ratios = {index: log((value + 1) / (usual(index) + 1)) for index, value in figures.items() if value > 0}
    middle_ratio, spread = median(ratios.values()), robust_spread(ratios)
    gaps = {index: ratio - middle_ratio for index, ratio in ratios.items()}
    for index in far:
        chance = 1 / sqrt(usual(index) + 1)  # what is counted varies by its root
        limit = SIZE_SCORE * hypot(spread, chance)
        if abs(gaps[index]) > limit and _is_nearly_alone(gaps[index], gaps.values()):
            facts: dict[str, Fact] = {"usual": round(usual(index)), "units": len(figures)}
            yield compared.found("U03", index, None, facts)


def _not_judged_elsewhere(indexes: Sequence[int], compared: Compared) -> list[int]:
    """The units whose figure is neither within its whole nor what its own parts come to."""
    form, row = compared.form, compared.row
    wholes = [form.entry_places[other.whole] for other in form.entries if other.part == row.id and other.whole]
    parts = [form.entry_places[part] for part in row.total_of]

    def is_judged_elsewhere(index: int) -> bool:
        own = _figure(compared, index, compared.place)
        if any(own <= _figure(compared, index, whole) for whole in wholes):
            return True
        return bool(parts) and own == sum(_figure(compared, index, part) for part in parts)

    return [index for index in indexes if not is_judged_elsewhere(index)]


def _counted(column: Column) -> dict[int, float]:
    """The figures of a row of counts, by the place of their unit; a negative one counts nothing."""
    return {index: value for index, value in numbers(column).items() if value >= 0}


def _far_among_few(compared: Compared, figures: Mapping[int, float], sizes: Sizes) -> Iterator[Between]:
    """U03 where many units have nothing: many times as large as any other unit's, for a unit of this size.

    Where several units have some, they tell what is usual; where hardly any has, it may be a burst, such as a survey.
    """
    largest, second = sorted(figures, key=figures.__getitem__, reverse=True)[:2]
    value, usual = figures[largest], figures[second]
    with_some = sum(figure > 0 for figure in figures.values())
    is_usual_to_have_some = with_some > LEAST_WITH_SOME
    limit = max(LEAST_FIGURE, FEW * usual) if is_usual_to_have_some else BURST * max(usual, LEAST_BURST)
    if value < limit:  # nearly always, and sizes are dear
        return
    if value >= limit * max(1.0, sizes.least(compared.row, largest)):
        facts: dict[str, Fact] = {"usual": round(usual), "units": len(figures)}
        yield compared.found("U03", largest, None, facts)


def cause_of(one: Between, form: Form) -> Cause | None:
    """Return what a figure far from the usual one is a case of; None for any other finding."""
    finding = one.finding
    value, usual = finding.facts.get("value"), finding.facts.get("usual")
    if finding.explained or not is_told_once(finding) or not isinstance(value, int) or not isinstance(usual, int):
        return None
    return Cause((one.place, form[finding.indicators[0]].unit), value, usual)


def _is_far(value: float, usual: float) -> bool:
    """Whether a figure is so many times another that it is worth a word."""
    low, high = (value, usual) if value < usual else (usual, value)
    return high >= max(LEAST_FIGURE, LEAST_FACTOR * low + BY_CHANCE)
