"""For one failed check: each entry it compares, and the value that entry would have to take.

All other entries are held as they stand. A candidate is one value, never a range. An equation names one; where several
whole numbers would do, a slip of the hand may name one of them. A bound names none: that a figure is at most 100 does
not say that it is 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from cchc_excel.correcting.digits import LEAST_FOR_DIGITS, Number, digit_slip
from cchc_excel.correcting.rates import number_in, rate_of
from cchc_excel.form import Check, Form, Indicator, Kind
from cchc_excel.form.language import Node, Record, as_number, compile_condition, compile_number
from cchc_excel.form.language.agreement import decimals_of, half_step, rounded

THOUSAND = 1000
WHOLE_PERCENT = 100
DECIMALS_OF_A_RATE = 2  # with which a percentage is calculated anew
MOST_FITTING = 100  # whole numbers of which a slip is asked to name one


class Candidate(NamedTuple):
    """`indicator` at `value` would satisfy the check, all else as it stands; a text is an answer."""

    indicator: str
    value: Number | str


class _Figure(NamedTuple):
    """A figure that would satisfy a check, whether or not its entry can hold it."""

    indicator: str
    value: Number


def candidates(check: Check, record: Record, form: Form, usual: int | None = None) -> tuple[Candidate, ...]:
    """Return the changes of one entry that satisfy a failed check: answers first, then in the order of its entries.

    `usual` is with how many decimals the form writes its percentages, where that is known.
    """
    found = [*_of_answers(check, record, form)]
    for figure in _figures(check, record, usual or 0):
        value = as_number(figure.value)
        is_another = value != record.values.get(figure.indicator)
        if is_another and _in_domain(value, form[figure.indicator]):
            found.append(Candidate(figure.indicator, value))
    return tuple(
        candidate for candidate in found if not form[candidate.indicator].fixed and holds_with(check, record, candidate)
    )


def is_equation(check: Check) -> bool:
    """Whether a check names one value for each entry, as a bound does not."""
    return check.condition.op == "==" or check.is_of_a_rate


def holds_with(check: Check, record: Record, change: Candidate) -> bool:
    """Whether the check holds once the change is made, a percentage being written with the decimals it needs."""
    return compile_condition(check.condition)(changed(record, {change.indicator: change.value})) is True


def changed(record: Record, changes: Mapping[str, Number | str | None]) -> Record:
    """Return the record with some figures replaced; None makes a blank."""
    figures = {**record.values, **changes}
    values = {key: value for key, value in figures.items() if value is not None}
    decimals = {key: places for key, places in record.decimals.items() if key not in changes}
    decimals |= {key: decimals_of(value) for key, value in changes.items() if isinstance(value, Fraction)}
    unread = [key for key in record.unread if key not in changes]
    return Record(values, unread, decimals, record.previous)


def _in_domain(value: Number, row: Indicator) -> bool:
    """Whether a row can hold this figure."""
    if value < 0 and not row.negative:
        return False
    if row.kind is Kind.COUNT:
        return value.denominator == 1
    return row.kind is not Kind.PERCENT or value <= WHOLE_PERCENT


def _of_answers(check: Check, record: Record, form: Form) -> Iterator[Candidate]:
    """The one other answer to a question with which the check holds."""
    for key in check.involved:
        stands = record.values.get(key)
        if not isinstance(stands, str) or not form[key].kind.is_text:
            continue
        others = [Candidate(key, option) for option in form[key].options if option != stands]
        fitting = [answer for answer in others if holds_with(check, record, answer)]
        if len(fitting) == 1:
            yield fitting[0]


def _figures(check: Check, record: Record, usual: int) -> Iterator[_Figure]:
    """The figures that a check names for its entries, by what it is about."""
    operator = check.condition.op
    if check.is_of_a_rate:
        return _of_rate(check, record, usual)
    if operator == "is_integer":
        return _of_a_count(check, record)
    if operator == "<=" and check.roles.get("part") == check.target:
        return _of_nothing(check, record, usual)
    return _of_equation(check, record)


def _of_rate(check: Check, record: Record, usual: int) -> Iterator[_Figure]:
    """A percentage and its two components: p from n and m; n, or m, where only one whole number fits.

    A component that fits as exactly as the form writes its percentages stands before those that fit this one alone.
    """
    rate = rate_of(check, record)
    if rate is None or rate.whole == 0:
        return
    written, decimals, part, whole = rate
    keys = check.roles
    precisions = (max(decimals, usual), decimals)
    if whole > 0:
        yield _Figure(keys["written"], rounded(Fraction(WHOLE_PERCENT * part) / whole, DECIMALS_OF_A_RATE))
        yield from _exactest(keys["part"], part, (_parts(written, whole, places) for places in precisions))
    yield from _exactest(keys["whole"], whole, (_wholes(written, part, places) for places in precisions))


def _of_nothing(check: Check, record: Record, usual: int) -> Iterator[_Figure]:
    """A part of a whole of 0: nothing where the percentage is blank as well, else the percentage tells the whole."""
    keys = check.roles
    part, whole = number_in(record, keys["part"]), number_in(record, keys["whole"])
    if whole != 0 or part is None or keys["written"] in record.unread:
        return
    written = number_in(record, keys["written"])
    if written is None:
        yield _Figure(keys["part"], 0)
        return
    decimals = record.decimals.get(keys["written"], 0)
    precisions = (max(decimals, usual), decimals)
    yield from _exactest(keys["whole"], whole, (_wholes(written, part, places) for places in precisions))


def _parts(written: Number, whole: Number, decimals: int) -> range:
    """The parts of a whole that a percentage with so many decimals can have been calculated from."""
    half = half_step(decimals)
    least = ceil((written - half) * whole / WHOLE_PERCENT)
    most = floor((written + half) * whole / WHOLE_PERCENT)
    return range(least, most + 1)


def _wholes(written: Number, part: Number, decimals: int) -> range:
    """The wholes that a percentage with so many decimals can have been calculated from."""
    half = half_step(decimals)
    if written <= half:
        return range(0)  # of a percentage that may be 0, any whole can be
    least = ceil(WHOLE_PERCENT * part / (written + half))
    most = floor(WHOLE_PERCENT * part / (written - half))
    return range(least, most + 1)


def some_component_fits(check: Check, record: Record, key: str) -> bool:
    """Whether a percentage is right with some value of a component; so it is where the others are not given."""
    written, decimals = number_in(record, check.roles["written"]), record.decimals.get(check.roles["written"], 0)
    is_part = key == check.roles["part"]
    other = number_in(record, check.roles["whole" if is_part else "part"])
    if written is None or other is None:
        return True
    return len(_parts(written, other, decimals) if is_part else _wholes(written, other, decimals)) > 0


def _exactest(key: str, stands: Number, ranges: Iterable[range]) -> Iterator[_Figure]:
    """The one number that the first of the ranges names, of those that name one."""
    for fitting in ranges:
        named = _named(stands, fitting)
        if named is not None:
            yield _Figure(key, named)
            return


def _named(stands: Number, fitting: range) -> int | None:
    """The one whole number that fits; of several the one that a slip of the hand made what stands there."""
    if len(fitting) == 1:
        return fitting[0]
    slipped = slips_among(stands, fitting)
    return slipped[0] if len(slipped) == 1 else None


def slips_among(stands: Number, fitting: range) -> Sequence[int]:
    """Return those of a few whole numbers that a slip of the hand made what stands there."""
    if len(fitting) > MOST_FITTING or stands < LEAST_FOR_DIGITS:
        return ()
    return [number for number in fitting if digit_slip(stands, number)]


def _of_a_count(check: Check, record: Record) -> Iterator[_Figure]:
    """A count with a fraction: 2.040 that Excel took for 2,04."""
    value = number_in(record, check.target)
    if value is not None and 1 <= value < THOUSAND:
        yield _Figure(check.target, value * THOUSAND)


def _of_equation(check: Check, record: Record) -> Iterator[_Figure]:
    """Two sums that should be equal: each entry moved just so far that they are."""
    condition = check.condition
    if condition.op != "==":
        return
    left, right = condition.args
    difference = compile_number(Node("-", (left, right), 0, left.start, right.end))
    gap = difference(record)
    if gap is None or isinstance(gap, str):
        return
    for key in check.involved:
        value = number_in(record, key)
        if value is None:
            continue
        gap_of_one_more = difference(changed(record, {key: value + 1}))
        if gap_of_one_more is None or isinstance(gap_of_one_more, str):
            continue
        slope = gap_of_one_more - gap
        if slope:
            yield _Figure(key, value - Fraction(gap) / slope)
