"""Known slips of the hand: how the figure that stands here can have come from the right one.

Each slip has a strength: 6 for one that leaves a figure hardly anything else could leave, 1 for
one that many wrong figures resemble, 0 for one that says next to nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.correcting.candidates import DECIMALS_OF_A_RATE, THOUSAND, WHOLE_PERCENT, Candidate
from cchc_excel.correcting.digits import (
    EXTRA_DIGIT,
    LEAST_FOR_DIGITS,
    MISSING_DIGIT,
    SIGN,
    SWAPPED_DIGITS,
    WRONG_DIGIT,
    Number,
    decimal_text,
    digit_slip,
)
from cchc_excel.correcting.habit import is_written_with
from cchc_excel.correcting.rates import Rate, agrees, number_in, rate_of
from cchc_excel.finding import Because
from cchc_excel.form import Check, Form
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of, rounded
from cchc_excel.submission import Submission

LONG = 100  # below, nearly every figure is one wrong digit away from a good part of all others
RARELY = Fraction(1, 20)  # how often a figure may be explained by a slip through chance alone, for the slip to count
CARRIES = (10, 100, 1000)  # by which a total is wrong where a digit was not carried in adding up
SURE_SLIP = 3  # the strength from which a slip proves that the percentage itself is wrong
SIGNIFICANT = 3  # digits that must agree before a moved decimal comma is believed without asking
MOST_PLACES = 4  # by which a comma is moved


class Slip(NamedTuple):
    """A slip: the reason that tells it, and how much it says."""

    because: Because
    strength: int

    @property
    def name(self) -> str:
        return self.because.reason


def slip_of(
    candidate: Candidate, check: Check, record: Record, submission: Submission, form: Form, usual: int | None = None
) -> Slip | None:
    """Return the slip that turned the candidate's value into what stands in its cell, or None.

    `usual` is with how many decimals the form writes its percentages, where that is known.
    """
    written = number_in(record, candidate.indicator)
    if written is None or isinstance(candidate.value, str):
        return None
    is_target = candidate.indicator == check.target
    rate = rate_of(check, record) if is_target and check.is_of_a_rate else None
    in_rate = None if rate is None else _slip_in_rate(rate, usual)
    if in_rate is not None:
        return in_rate
    if _is_off_by_a_thousand(written, candidate.value):
        return Slip(Because("thousands_slip"), strength=4)
    of_digits = _slip_of_digits(written, candidate.value)
    if of_digits is not None and of_digits.strength > 1:
        return of_digits
    is_sum = is_target and check.code == "A01" and len(check.involved) > 2
    if is_sum and abs(written - candidate.value) in CARRIES:
        return Slip(Because("carry"), strength=1)
    return of_digits or _slip_of_rows(candidate.indicator, submission, form)


def _is_off_by_a_thousand(written: Number, value: Number) -> bool:
    """Whether the separator of thousands was taken for a decimal comma, or the other way round."""
    return written != 0 and (value == written * THOUSAND or value * THOUSAND == written)


def _slip_of_digits(written: Number, value: Number) -> Slip | None:
    """One edit of the digits; it says more where few other figures could have become what stands there by it."""
    larger = max(written, value)
    if larger < LEAST_FOR_DIGITS:
        return None
    name = digit_slip(written, value)
    if name is None or (name == WRONG_DIGIT and larger < LONG):
        return None
    is_rare = _originals(name, written) <= larger * RARELY
    return Slip(Because(name), strength=2 if is_rare else 1)


def _originals(name: str, written: Number) -> int:
    """Of how many figures this slip could have made what stands there."""
    digits = len(_digits(written))
    originals = {
        SWAPPED_DIGITS: digits - 1,
        EXTRA_DIGIT: digits,
        MISSING_DIGIT: 10 * (digits + 1),
        WRONG_DIGIT: 9 * digits,
        SIGN: 1,
    }
    return originals[name]


def _slip_in_rate(rate: Rate, usual: int | None) -> Slip | None:
    """What was typed in place of a percentage, or how its comma was moved."""
    written, _, part, whole = rate
    if whole <= 0 or not written:
        return None
    if written == part:
        return Slip(Because("part_typed", {"part": part}), strength=6)
    if _is_fraction_typed(rate):
        return Slip(Because("fraction_typed"), strength=6)
    if _is_comma_moved(rate, usual):
        return Slip(Because("decimal_slip"), strength=_strength_of_comma(rate, usual))
    if written == whole != WHOLE_PERCENT:
        return Slip(Because("whole_typed"), strength=3)
    name = _digit_slip_in_rate(rate, usual)
    return None if name is None else Slip(Because(name), strength=2)


def _digit_slip_in_rate(rate: Rate, usual: int | None) -> str | None:
    """The one edit that a percentage differs by from what its components give, where few others are as near.

    Of 81 % and 51 % nearly a fifth of all percentages are as near; of 15,81 % and 95,81 % one of some three hundred.
    """
    name = edit_of_rate(rate, usual)
    written = _digits(rate.written)
    is_rare = name is not None and _originals(name, rate.written) <= 10 ** len(written) * RARELY
    return name if is_rare and len(written) >= SIGNIFICANT else None


def edit_of_rate(rate: Rate, usual: int | None) -> str | None:
    """Return the one edit of its digits that makes the percentage of what its components give; None of one digit."""
    exact = Fraction(WHOLE_PERCENT * rate.part) / rate.whole
    for places in (rate.decimals, DECIMALS_OF_A_RATE if usual is None else usual):
        right = rounded(exact, places)
        name = digit_slip(rate.written, right) if max(rate.written, right) >= LEAST_FOR_DIGITS else None
        if name is not None:
            return name
    return None


def _is_fraction_typed(rate: Rate) -> bool:
    """Whether 0.2857 stands for 28.57 %."""
    written, decimals, part, whole = rate
    if not 0 < written <= 1 or not decimals:
        return False
    return agrees(written * WHOLE_PERCENT, max(decimals - 2, 0), part, whole)


def _strength_of_comma(rate: Rate, usual: int | None) -> int:
    """How surely it is the comma that is wrong, and not a digit too many or too few in a component."""
    usual = DECIMALS_OF_A_RATE if usual is None else usual
    if rate.written > WHOLE_PERCENT or rate.decimals > usual:
        return 4  # so many decimals has no other percentage of this form
    return SURE_SLIP if significant_digits(rate.written) >= SIGNIFICANT else 1


def _is_comma_moved(rate: Rate, usual: int | None) -> bool:
    """Whether the percentage is right, and written as the form's others are, but for the place of its comma."""
    for places in range(1, MOST_PLACES + 1):
        larger, smaller = Fraction(rate.written) * 10**places, Fraction(rate.written) / 10**places
        if usual is None:
            is_right = _is_right_moved(rate, places, larger, smaller)
        else:
            is_right = any(is_written_with(usual, moved, rate.part, rate.whole) for moved in (larger, smaller))
        if is_right:
            return True
    return False


def _is_right_moved(rate: Rate, places: int, larger: Fraction, smaller: Fraction) -> bool:
    """Whether a percentage is right once its comma is moved by so many places, to either side."""
    part, whole = rate.part, rate.whole
    if agrees(larger, max(rate.decimals - places, 0), part, whole):
        return True
    # 98,4 typed as 9840 had one decimal and not two
    return agrees(smaller, rate.decimals + places, part, whole) or agrees(smaller, decimals_of(smaller), part, whole)


def significant_digits(number: Number) -> int:
    """Return how many digits of a figure say something: 3 of 0.0411 and of 41.1."""
    return len(_digits(number).strip("0"))


def _digits(number: Number) -> str:
    """The digits of a figure without its comma; none where its decimals never end."""
    return (decimal_text(number) or "").replace(".", "")


def _slip_of_rows(key: str, submission: Submission, form: Form) -> Slip | None:
    """The figure was taken from the wrong row; that a row says what its whole or its total says is no sign of it."""
    figure = submission.entries[key].value
    alike = _naturally_alike(key, form)
    beside = [other for other in _rows_beside(key, submission) if other not in alike]
    if figure not in [submission.entries[other].value for other in beside]:
        return None
    is_long = isinstance(figure, int | Fraction) and figure >= LEAST_FOR_DIGITS
    return Slip(Because("row_off"), strength=1 if is_long else 0)


def _naturally_alike(key: str, form: Form) -> set[str]:
    """The entries that a check holds against this one alone, and its total or its parts: all of all are 100 %."""
    alike: set[str] = set()
    for place in form.checks_about.get(key, ()):
        check = form.within[place].check
        if len(check.involved) == 2 or (check.code == "A01" and key == check.target):
            alike.update(check.involved)
        elif check.code == "A01":
            alike.add(check.target)
    return alike


def stands_beside(key: str, submission: Submission) -> bool:
    """Whether the row above or below holds what this one holds."""
    beside = _rows_beside(key, submission)
    return submission.entries[key].value in [submission.entries[other].value for other in beside]


def _rows_beside(key: str, submission: Submission) -> Sequence[str]:
    """The rows above and below."""
    keys = list(submission.entries)
    place = keys.index(key)
    return [other for other in keys[max(place - 1, 0) : place + 2] if other != key]


def is_plain(slip: Slip, check: Check, submission: Submission) -> bool:
    """Whether the written percentage itself proves the slip, so that no component can be to blame.

    A count typed into the percentage row proves itself by its padding: the same text `02` in both
    cells is nobody's way to write 2 %. A fraction for a percentage proves itself by three digits that
    agree. A moved comma does so only above 100 %: below, one digit too many in the whole looks the same.
    """
    percentage = submission.entries[check.target]
    text = str(percentage.raw).strip()
    if slip.name == "part_typed":
        part_text = str(submission.entries[check.roles["part"]].raw).strip()
        return text == part_text and text.startswith("0") and len(text) > 1
    digits = text.replace(",", "").replace(".", "").strip("0%")
    if len(digits) < SIGNIFICANT:
        return False
    if slip.name == "decimal_slip":
        return isinstance(percentage.value, int | Fraction) and percentage.value > WHOLE_PERCENT
    return slip.name == "fraction_typed"
