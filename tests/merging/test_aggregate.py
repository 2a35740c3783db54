"""Merging is adding aggregates: any order, any grouping, the same figures to the last digit."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_excel.form import Form, Kind, load_form
from cchc_excel.merging.aggregate import (
    NOBODY,
    Aggregate,
    as_text,
    combined,
    of_text,
)
from cchc_excel.merging.ways import aggregate_of, merged_figures
from cchc_excel.submission import Figure

FORM = load_form()
Unit = dict[str, Figure | None]


def of_units(units: list[Unit], form: Form = FORM) -> dict[str, Aggregate]:
    return aggregate_of({row.id: [unit.get(row.id) for unit in units] for row in form.entries}, form)


def merged(units: list[Unit]) -> dict[str, Figure | None]:
    return merged_figures(of_units(units), FORM)


def test_counts_are_added() -> None:
    assert merged([{"1.1": 3}, {"1.1": 4}, {"1.1": None}])["1.1"] == 7


def test_a_blank_is_not_a_zero_and_is_not_counted_as_a_unit() -> None:
    aggregates = of_units([{"1.1": 3}, {"1.1": None}, {"1.1": 0}])
    assert aggregates["1.1"].units == 2
    assert merged([{"1.1": None}])["1.1"] is None


def test_a_rate_is_recomputed_from_the_merged_components_and_never_averaged() -> None:
    units: list[Unit] = [{"1.2": 100, "1.2.1": 1, "1.2.2": 1}, {"1.2": 0, "1.2.1": 8, "1.2.2": 0}]
    assert merged(units)["1.2"] == Fraction("11.11")


def test_a_rate_over_nothing_stays_blank() -> None:
    assert merged([{"1.2.1": 0, "1.2.2": 0}])["1.2"] is None


def test_procedures_of_one_common_list_are_not_added() -> None:
    usual: Unit = {"3.1.4": 108}
    aggregates = of_units(19 * [usual] + [{"3.1.4": 81}])
    assert merged_figures(aggregates, FORM)["3.1.4"] == 108
    assert aggregates["3.1.4"].tally == {108: 19, 81: 1}


def test_where_two_values_are_given_equally_often_none_is_the_common_one() -> None:
    assert merged([{"3.1.4": 108}, {"3.1.4": 81}])["3.1.4"] is None


def test_procedures_with_dossiers_are_at_least_those_of_the_unit_with_most() -> None:
    assert merged([{"7.2.1.phat_sinh": 5}, {"7.2.1.phat_sinh": 9}])["7.2.1.phat_sinh"] == 9


def test_a_share_is_weighed_by_its_base() -> None:
    units: list[Unit] = [{"5.1.2": 100, "4.2.1": 9}, {"5.1.2": 50, "4.2.1": 3}]
    assert merged(units)["5.1.2"] == Fraction(175, 2)


def test_a_share_without_its_base_makes_the_merged_share_unknown() -> None:
    assert merged([{"5.1.2": 100, "4.2.1": 9}, {"5.1.2": 50, "4.2.1": None}])["5.1.2"] is None


def test_answers_are_tallied_and_have_no_merged_figure() -> None:
    aggregates = of_units([{"1.6": "Có"}, {"1.6": "Có"}, {"1.6": "Không"}])
    assert aggregates["1.6"].tally == {"Có": 2, "Không": 1}
    assert merged_figures(aggregates, FORM)["1.6"] is None


numbers = st.integers(0, 10**12) | st.fractions(0, 100, max_denominator=10**6)


def figures(kind: Kind) -> st.SearchStrategy[Figure | None]:
    return st.none() | (st.sampled_from(["Có", "Không"]) if kind.is_text else numbers)


ONE_OF_EACH_WAY = ("1.1", "1.2", "1.2.1", "1.2.2", "1.6", "3.1.4", "4.1.3", "4.2.1", "5.1.2", "7.2.1.phat_sinh")
units = st.lists(
    st.fixed_dictionaries({key: figures(FORM[key].kind) for key in ONE_OF_EACH_WAY}), min_size=1, max_size=5
)


def test_the_properties_are_tried_on_every_way_of_merging() -> None:
    assert {FORM[key].merge for key in ONE_OF_EACH_WAY} == {row.merge for row in FORM.entries}


@given(units, st.data())
def test_merging_the_merges_of_two_parts_is_merging_all_in_any_order(units: list[Unit], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(units))
    at = data.draw(st.integers(0, len(units)))
    halves = combined([of_units(shuffled[at:]), of_units(shuffled[:at])], FORM)
    assert halves == of_units(units)
    assert merged_figures(halves, FORM) == merged(units)


@given(units)
def test_an_aggregate_survives_being_written_as_text(units: list[Unit]) -> None:
    for aggregate in of_units(units).values():
        assert of_text(as_text(aggregate)) == aggregate
        assert as_text(of_text(as_text(aggregate))) == as_text(aggregate)


@pytest.mark.parametrize("text", ["{", "[]", "7", '{"n":"x"}', '{"n":1,"t":"1/0"}', '{"n":1,"v":[["s"]]}', "{}"])
def test_a_text_that_is_no_aggregate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        of_text(text)


def test_nobody_is_written_as_nothing() -> None:
    assert as_text(NOBODY) == ""
    assert of_text("") == NOBODY
