"""Known slips of the hand: how the figure that stands here can have come from the right one.

Each slip has a strength: 6 for one that leaves a figure hardly anything else could leave, 1 for
one that many wrong figures resemble, 0 for one that says next to nothing by itself.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from cchc_excel.correcting.candidates import Candidate
from cchc_excel.correcting.digits import (
    EXTRA_DIGIT,
    SIGN,
    SWAPPED_DIGITS,
    WRONG_DIGIT,
    Number,
    decimal_text,
    digit_slip,
)
from cchc_excel.correcting.habit import is_written_with
from cchc_excel.finding import Because
from cchc_excel.form import Check
from cchc_excel.form.language import Agreement, Record, agreement
from cchc_excel.submission import Submission

LEAST_FOR_DIGITS = 10  # between figures of one digit every change is one digit's
LONG = 100  # below, nearly every figure is one wrong digit away from a good part of all others
RARELY = Fraction(1, 20)  # how often a figure may be explained by a slip through chance alone, for the slip to count
MOST_PERCENT = 100
CARRIES = (10, 100, 1000)  # by which a total is wrong where a digit was not carried in adding up
SIGNIFICANT = 3  # digits that must agree before a moved decimal comma is believed without asking


class Slip(NamedTuple):
    """A slip with its name, strength and the sentence that tells it."""

    name: str
    strength: int
    because: Because


def slip_of(
    candidate: Candidate, check: Check, record: Record, submission: Submission, usual: int | None = None
) -> Slip | None:
    """Name the slip that turned the candidate's value into what stands in its cell, or None.

    `usual` is with how many decimals the form writes its percentages, where that is known.
    """
    written = record.values.get(candidate.indicator)
    if written is None or isinstance(written, str) or isinstance(candidate.value, str):
        return None
    if check.is_of_a_rate and candidate.indicator == check.target:
        part, whole = (record.values[check.roles[role]] for role in ("part", "whole"))
        decimals = record.decimals.get(check.target, 0)
        found = _slip_in_rate(written, decimals, part, whole, usual)  # type: ignore[arg-type]
        if found:
            return found
    for power in (3, -3):
        if written and candidate.value == Fraction(written) * Fraction(10) ** power:
            return Slip("thousands_slip", 4, Because("thousands_slip"))
    digits = _digits(written, candidate.value)
    if digits and digits.strength > 1:
        return digits
    adds_up = check.code == "A01" and candidate.indicator == check.target and len(check.involved) > 2
    if adds_up and abs(written - candidate.value) in CARRIES:
        return Slip("carry", 1, Because("carry"))
    return digits or _neighbour(candidate, submission)


def _digits(written: Number, value: Number) -> Slip | None:
    longest = max(written, value)
    name = digit_slip(written, value) if longest >= LEAST_FOR_DIGITS else None
    if name is None or (name == WRONG_DIGIT and longest < LONG):
        return None
    return Slip(name, 2 if _originals(name, written) <= longest * RARELY else 1, Because(name))


def _originals(name: str, written: Number) -> int:
    """Of how many figures this slip could have made what stands there: the fewer, the more it says of one of them."""
    digits = len((decimal_text(written) or "").replace(".", ""))
    return {SWAPPED_DIGITS: digits - 1, EXTRA_DIGIT: digits, WRONG_DIGIT: 9 * digits, SIGN: 1}.get(
        name, 10 * (digits + 1)
    )


def _slip_in_rate(written: Number, decimals: int, part: Number, whole: Number, usual: int | None) -> Slip | None:
    if whole <= 0 or not written:
        return None
    if written == part:
        return Slip("part_typed", 6, Because("part_typed", {"part": part}))
    if 0 < written <= 1 and decimals and _agrees(written * 100, max(decimals - 2, 0), part, whole):
        return Slip("fraction_typed", 6, Because("fraction_typed"))
    if _is_comma_moved(written, decimals, part, whole, usual):
        # of few digits, a digit too many in a component leaves the same; of three, only if that digit is a 0
        plain = written > MOST_PERCENT or significant_digits(written) >= SIGNIFICANT
        plain = plain or (usual is not None and decimals > usual)  # so many decimals has no other of this form
        return Slip("decimal_slip", 4 if plain else 1, Because("decimal_slip"))
    return Slip("whole_typed", 3, Because("whole_typed")) if written == whole != 100 else None


def _is_comma_moved(written: Number, decimals: int, part: Number, whole: Number, usual: int | None) -> bool:
    """Whether the percentage is right, and written as the form's others are, but for the place of its comma."""
    for places in (1, 2, 3, 4):
        larger, smaller = Fraction(written) * 10**places, Fraction(written) / 10**places
        if usual is not None:
            if any(is_written_with(usual, it, part, whole) for it in (larger, smaller)):
                return True
            continue
        shown = {decimals + places, _decimals(smaller)}  # 98,4 typed as 9840 had one decimal
        if _agrees(larger, max(decimals - places, 0), part, whole) or any(
            _agrees(smaller, shown_with, part, whole) for shown_with in shown
        ):
            return True
    return False


def _decimals(number: Fraction) -> int:
    return len((decimal_text(number) or "").partition(".")[2])


def significant_digits(number: Number) -> int:
    """How many digits of a figure say something: 3 of 0.0411 and of 41.1."""
    return len((decimal_text(number) or "").replace(".", "").strip("0"))


def _agrees(written: Number, decimals: int, part: Number, whole: Number) -> bool:
    return agreement(written, decimals, part, whole) is Agreement.RIGHT


def _neighbour(candidate: Candidate, submission: Submission) -> Slip | None:
    """The figure was taken from the wrong row."""
    here = submission.entries[candidate.indicator].value
    strength = 1 if isinstance(here, int | Fraction) and here >= LEAST_FOR_DIGITS else 0
    return Slip("row_off", strength, Because("row_off")) if stands_beside(candidate.indicator, submission) else None


def stands_beside(key: str, submission: Submission) -> bool:
    """Whether the row above or below holds what this one holds."""
    keys = list(submission.entries)
    at = keys.index(key)
    beside = [submission.entries[other].value for other in keys[max(at - 1, 0) : at + 2] if other != key]
    return submission.entries[key].value in beside


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
