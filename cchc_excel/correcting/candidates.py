"""For one failed check: each entry it compares, and the value that entry would have to take.

All other entries are held as they stand. A candidate is one value, never a range. An equation names one; where several
whole numbers would do, a slip of the hand may name one of them. A bound names none: that a figure is at most 100 does
not say that it is 100.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from cchc_excel.correcting.digits import Number, digit_slip
from cchc_excel.form import Check, Form, Indicator, Kind
from cchc_excel.form.language import Node, Record, compile_condition, compile_number
from cchc_excel.form.language.agreement import decimals_of, half_step, rounded

THOUSAND = 1000
MOST_FITTING = 100  # whole numbers of which a slip is asked to name one
LEAST_FOR_A_SLIP = 10  # between figures of one digit every change is one digit's


class Candidate(NamedTuple):
    """`indicator` at `value` would satisfy the check, all else as it stands; a text is an answer."""

    indicator: str
    value: Number | str


def candidates(check: Check, record: Record, form: Form, usual: int | None = None) -> tuple[Candidate, ...]:
    """Return the single-entry changes that satisfy a failed check, in the order of its entries.

    `usual` is with how many decimals the form writes its percentages, where that is known.
    """
    if check.is_of_a_rate:
        found = _of_rate(check, record, usual or 0)
    elif check.condition.op == "is_integer":
        found = _of_a_count(check, record)
    elif check.condition.op == "<=" and check.roles.get("part") == check.target:
        found = _of_nothing(check, record, usual or 0)
    else:
        found = _of_equation(check, record)
    kept = [*_of_answers(check, record, form)]
    for one in found:
        if isinstance(one.value, str):
            continue
        value = int(one.value) if one.value.denominator == 1 else one.value
        if _in_domain(value, form[one.indicator]) and value != record.values.get(one.indicator):
            kept.append(Candidate(one.indicator, value))
    return tuple(one for one in kept if not form[one.indicator].fixed and holds_with(check, record, one))


def holds_with(check: Check, record: Record, change: Candidate) -> bool:
    """Whether the check holds once the change is made, a percentage being written with the decimals it needs."""
    return compile_condition(check.condition)(changed(record, {change.indicator: change.value})) is True


def changed(record: Record, changes: Mapping[str, Number | str | None]) -> Record:
    """The record with some figures replaced; None makes a blank."""
    values = {key: value for key, value in {**record.values, **changes}.items() if value is not None}
    decimals = {key: places for key, places in record.decimals.items() if key not in changes}
    decimals |= {key: decimals_of(value) for key, value in changes.items() if isinstance(value, Fraction)}
    return Record(values, [key for key in record.unread if key not in changes], decimals, record.previous)


def _in_domain(value: Number, row: Indicator) -> bool:
    if (value < 0 and not row.negative) or (row.kind is Kind.COUNT and value.denominator != 1):
        return False
    return row.kind is not Kind.PERCENT or value <= 100


def _of_answers(check: Check, record: Record, form: Form) -> Iterator[Candidate]:
    """The one other answer to a question with which the check holds."""
    for key in check.involved:
        stands = record.values.get(key)
        if not isinstance(stands, str) or not form[key].kind.is_text:
            continue
        others = [Candidate(key, option) for option in form[key].options if option != stands]
        fitting = [it for it in others if holds_with(check, record, it)]
        if len(fitting) == 1:
            yield fitting[0]


def _of_rate(check: Check, record: Record, usual: int) -> Iterator[Candidate]:
    """A percentage and its two components: p from n and m; n, or m, where only one whole number fits.

    One that fits as exactly as the form writes its percentages stands before those that fit this percentage alone.
    """
    keys = check.roles
    written, part, whole = (_figure(record, keys[role]) for role in ("written", "part", "whole"))
    if written is None or part is None or whole is None or whole == 0:
        return
    decimals = record.decimals.get(keys["written"], 0)
    if whole > 0:
        yield Candidate(keys["written"], rounded(Fraction(100 * part) / whole, 2))
        parts = (_parts(written, whole, it) for it in (max(decimals, usual), decimals))
        yield from _exactest(keys["part"], part, *parts)
    yield from _exactest(keys["whole"], whole, *(_wholes(written, part, it) for it in (max(decimals, usual), decimals)))


def _of_nothing(check: Check, record: Record, usual: int) -> Iterator[Candidate]:
    """A part of a whole of 0: nothing where the percentage is blank as well, else the percentage tells the whole."""
    keys = check.roles
    written, part, whole = (_figure(record, keys[role]) for role in ("written", "part", "whole"))
    if whole != 0 or part is None or keys["written"] in record.unread:
        return
    if written is None:
        yield Candidate(keys["part"], 0)
    else:
        decimals = record.decimals.get(keys["written"], 0)
        fitting = (_wholes(written, part, it) for it in (max(decimals, usual), decimals))
        yield from _exactest(keys["whole"], whole, *fitting)


def _parts(written: Number, whole: Number, decimals: int) -> range:
    """The parts of a whole that a percentage with so many decimals can have been calculated from."""
    half = half_step(decimals)
    return range(ceil((written - half) * whole / 100), floor((written + half) * whole / 100) + 1)


def _wholes(written: Number, part: Number, decimals: int) -> range:
    """The wholes that a percentage with so many decimals can have been calculated from."""
    half = half_step(decimals)
    if written <= half:
        return range(0)
    return range(ceil(100 * part / (written + half)), floor(100 * part / (written - half)) + 1)


def _figure(record: Record, key: str) -> Number | None:
    value = record.values.get(key)
    return None if isinstance(value, str) else value


def _exactest(key: str, stands: Number, *ranges: range) -> Iterator[Candidate]:
    """The one number of the first range that names one."""
    named = ([*_named(stands, fitting)] for fitting in ranges)
    yield from (Candidate(key, it) for it in next(filter(None, named), []))


def _named(stands: Number, fitting: range) -> Sequence[int]:
    """The one whole number that fits; of several the one that a slip of the hand made what stands there."""
    if len(fitting) <= 1:
        return fitting
    slipped = slips_among(stands, fitting)
    return slipped if len(slipped) == 1 else ()


def slips_among(stands: Number, fitting: range) -> Sequence[int]:
    """Those of a few whole numbers that a slip of the hand made what stands there."""
    if len(fitting) > MOST_FITTING or stands < LEAST_FOR_A_SLIP:
        return ()
    return [it for it in fitting if digit_slip(stands, it)]


def _of_a_count(check: Check, record: Record) -> Iterator[Candidate]:
    """A count with a fraction: 2.040 that Excel took for 2,04."""
    value = record.values.get(check.target)
    if value is not None and not isinstance(value, str) and 1 <= value < THOUSAND:
        yield Candidate(check.target, value * THOUSAND)


def _of_equation(check: Check, record: Record) -> Iterator[Candidate]:
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
        value = record.values.get(key)
        if value is None or isinstance(value, str):
            continue
        step = difference(changed(record, {key: value + 1}))
        slope = None if step is None or isinstance(step, str) else step - gap
        if slope:
            yield Candidate(key, value - Fraction(gap) / slope)
