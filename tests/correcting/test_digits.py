"""Slips of the hand: one edit of a figure's digits, or its sign."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_excel.correcting.digits import digit_slip


@pytest.mark.parametrize(
    ("written", "true", "name"),
    [
        (161, 116, "swapped_digits"),
        (19979, 1979, "extra_digit"),
        (1979, 19979, "missing_digit"),
        (1975, 1979, "wrong_digit"),
        (-5, 5, "sign"),
        (Fraction(2875, 100), Fraction(2857, 100), "swapped_digits"),
        (Fraction(285, 10), Fraction(2857, 100), "missing_digit"),
        (28, Fraction(285, 10), "missing_digit"),
        (Fraction(285, 10), 285, None),  # the decimal comma is not a digit
        (2857, Fraction(2857, 100), None),
        (116, 116, None),
        (161, 117, None),
        (-161, 116, None),
        (611, 116, None),  # not neighbours
        (7, Fraction(1, 3), None),
        (0, 10, "missing_digit"),
    ],
)
def test_one_slip_of_the_hand_has_its_name(written: int | Fraction, true: int | Fraction, name: str | None) -> None:
    assert digit_slip(written, true) == name


OPPOSITE = {"extra_digit": "missing_digit", "missing_digit": "extra_digit"}


@given(st.integers(-3000, 3000), st.integers(-3000, 3000))
def test_a_slip_back_is_its_opposite(one: int, other: int) -> None:
    there, back = digit_slip(one, other), digit_slip(other, one)
    assert back == OPPOSITE.get(there or "", there)


@given(st.integers(1, 10**12), st.data())
def test_every_digit_typed_twice_is_an_extra_digit(true: int, data: st.DataObject) -> None:
    text = str(true)
    place = data.draw(st.integers(0, len(text) - 1))
    assert digit_slip(int(text[: place + 1] + text[place:]), true) == "extra_digit"
