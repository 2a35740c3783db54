"""Known slips of the hand: how the figure that stands here can have come from the right one.

Each slip has a strength: 3 for one that leaves a figure hardly anything else could leave, 1 for
one that many wrong figures resemble.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.correcting.candidates import Candidate
from cchc_excel.correcting.digits import digit_slip
from cchc_excel.finding import Because
from cchc_excel.form import Check
from cchc_excel.form.language import Agreement, Record, agreement
from cchc_excel.submission import Submission

Number: TypeAlias = int | Fraction

LEAST_FOR_DIGITS = 100  # between shorter figures nearly every change is one digit's
MOST_PERCENT = 100
SIGNIFICANT = 3  # digits that must agree before a moved decimal comma is believed without asking


class Slip(NamedTuple):
    """A slip with its name, strength and the sentence that tells it."""

    name: str
    strength: int
    because: Because


def slip_of(candidate: Candidate, check: Check, record: Record, submission: Submission) -> Slip | None:
    """Name the slip that turned the candidate's value into what stands in its cell, or None."""
    written = record.values.get(candidate.indicator)
    if written is None or isinstance(written, str):
        return None
    if check.is_of_a_rate and candidate.indicator == check.target:
        part, whole = (record.values[check.roles[role]] for role in ("part", "whole"))
        decimals = record.decimals.get(check.target, 0)
        found = _slip_in_rate(written, decimals, part, whole)  # type: ignore[arg-type]
        if found:
            return found
    for power in (3, -3):
        if written and candidate.value == Fraction(written) * Fraction(10) ** power:
            return Slip("thousands_slip", 2, Because("thousands_slip"))
    name = digit_slip(written, candidate.value) if max(written, candidate.value) >= LEAST_FOR_DIGITS else None
    return Slip(name, 1, Because(name)) if name else _neighbour(candidate, submission)


def _slip_in_rate(written: Number, decimals: int, part: Number, whole: Number) -> Slip | None:
    if whole <= 0 or not written:
        return None
    if written == part:
        return Slip("part_typed", 3, Because("part_typed", {"part": part}))
    if 0 < written <= 1 and decimals and _agrees(written * 100, max(decimals - 2, 0), part, whole):
        return Slip("fraction_typed", 3, Because("fraction_typed"))
    for places in (1, 2, 3, 4):
        larger, smaller = Fraction(written) * 10**places, Fraction(written) / 10**places
        if _agrees(larger, max(decimals - places, 0), part, whole) or _agrees(smaller, decimals + places, part, whole):
            return Slip("decimal_slip", 2, Because("decimal_slip"))
    return Slip("whole_typed", 1, Because("whole_typed")) if written == whole != 100 else None


def _agrees(written: Number, decimals: int, part: Number, whole: Number) -> bool:
    return agreement(written, decimals, part, whole) is Agreement.RIGHT


def _neighbour(candidate: Candidate, submission: Submission) -> Slip | None:
    """The cell holds what the row above or below holds: the figure was taken from the wrong row."""
    keys = list(submission.entries)
    at = keys.index(candidate.indicator)
    here = submission.entries[candidate.indicator].value
    beside = [submission.entries[key].value for key in keys[max(at - 1, 0) : at + 2] if key != candidate.indicator]
    return Slip("row_off", 1, Because("row_off")) if here in beside else None


def is_plain(slip: Slip, check: Check, submission: Submission) -> bool:
    """Whether the written percentage itself proves the slip, so that no component can be to blame.

    A count typed into the percentage row proves itself by its padding: the same text `02` in both
    cells is nobody's way to write 2 %. A fraction for a percentage proves itself by three digits that
    agree. A moved comma does so only above 100 %: below, one digit too many in the whole looks the same.
    """
    raw = str(submission.entries[check.target].raw).strip()
    if slip.name == "part_typed":
        part = str(submission.entries[check.roles["part"]].raw).strip()
        return raw == part and raw.startswith("0") and len(raw) > 1
    digits = raw.replace(",", "").replace(".", "").strip("0%")
    if len(digits) < SIGNIFICANT:
        return False
    written = submission.entries[check.target].value
    impossible = not isinstance(written, str) and written is not None and written > MOST_PERCENT
    return slip.name == "fraction_typed" or (slip.name == "decimal_slip" and impossible)
