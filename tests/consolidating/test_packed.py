"""Packed figures are read as the tuples they were."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cchc_excel.consolidating.packed import Packing

FIGURES = st.one_of(st.none(), st.integers(-3, 3), st.fractions(max_denominator=4), st.sampled_from(["Có", "0", ""]))


@given(st.lists(st.lists(FIGURES, max_size=6)))
def test_each_units_figures_come_back_in_their_order(units: list[list[int | Fraction | str | None]]) -> None:
    packing = Packing()
    packed = [packing.packed(values) for values in units]
    assert [list(it) for it in packed] == units
    assert [[it[place] for place in range(len(it))] for it in packed] == units
    assert [it[1:] for it in packed] == [tuple(values[1:]) for values in units]


def test_more_different_figures_than_two_bytes_can_tell_apart() -> None:
    packing = Packing()
    first, second = packing.packed(range(65_536)), packing.packed(range(65_530, 65_540))
    assert list(second) == list(range(65_530, 65_540))
    assert (first[0], first[65_535]) == (0, 65_535)
