"""For one failed check: each entry it compares, and the value that entry would have to take.

All other entries are held as they stand. A candidate is one value, never a range: where a range
would do, only its nearest end is named if the check is a bound, and nothing if it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from cchc_excel.form import Check, Form, Kind
from cchc_excel.form.language import Node, Record, compile_condition, compile_number
from cchc_excel.form.language.agreement import rounded

Number = int | Fraction


class Candidate(NamedTuple):
    """`indicator` at `value` would satisfy the check, all else as it stands."""

    indicator: str
    value: Number


def candidates(check: Check, record: Record, form: Form) -> tuple[Candidate, ...]:
    """Return the single-entry changes that satisfy a failed check, in the order of its entries."""
    found = _of_rate(check, record) if check.is_of_a_rate else _of_linear(check, record)
    kept = []
    for one in found:
        value = int(one.value) if one.value.denominator == 1 else one.value
        if _in_domain(value, form[one.indicator].kind) and value != record.values.get(one.indicator):
            kept.append(Candidate(one.indicator, value))
    return tuple(one for one in kept if holds_with(check, record, one))


def holds_with(check: Check, record: Record, change: Candidate) -> bool:
    """Whether the check holds once the change is made, a percentage being written with the decimals it needs."""
    return compile_condition(check.condition)(changed(record, {change.indicator: change.value})) is True


def is_only_value(check: Check, record: Record, change: Candidate, form: Form) -> bool:
    """Whether no other value of the entry would satisfy the check: of a bound the next ones do as well."""
    kind = form[change.indicator].kind
    others = (change._replace(value=change.value + step) for step in (-1, 1))
    return not any(_in_domain(it.value, kind) and holds_with(check, record, it) for it in others)


def changed(record: Record, changes: Mapping[str, Number | str | None]) -> Record:
    """The record with some figures replaced; None makes a blank."""
    values = {key: value for key, value in {**record.values, **changes}.items() if value is not None}
    decimals = {key: places for key, places in record.decimals.items() if key not in changes}
    decimals |= {key: _decimals(value) for key, value in changes.items() if isinstance(value, Fraction)}
    return Record(values, [key for key in record.unread if key not in changes], decimals, record.previous)


def _decimals(value: Fraction) -> int:
    return next((places for places in range(6) if (value * 10**places).denominator == 1), 6)


def _in_domain(value: Number, kind: Kind) -> bool:
    if value < 0 or (kind is Kind.COUNT and value.denominator != 1):
        return False
    return kind is not Kind.PERCENT or value <= 100


def _of_rate(check: Check, record: Record) -> Iterator[Candidate]:
    """A percentage and its two components: p from n and m; n, or m, where only one whole number fits."""
    keys = check.roles
    written, part, whole = (record.values[keys[role]] for role in ("written", "part", "whole"))
    if isinstance(written, str) or isinstance(part, str) or isinstance(whole, str) or whole <= 0:
        return
    yield Candidate(keys["written"], rounded(Fraction(100 * part) / whole, 2))
    half = Fraction(1, 2 * 10 ** min(record.decimals.get(keys["written"], 0), 6))
    low, high = (written - half) * whole / 100, (written + half) * whole / 100
    if ceil(low) == floor(high):
        yield Candidate(keys["part"], ceil(low))
    if written - half > 0:
        low, high = 100 * part / (written + half), 100 * part / (written - half)
        if ceil(low) == floor(high):
            yield Candidate(keys["whole"], ceil(low))


def _of_linear(check: Check, record: Record) -> Iterator[Candidate]:
    """A comparison of sums: each entry moved just so far that both sides are equal."""
    condition = check.condition
    if condition.op not in {"==", "<=", ">="}:
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
