"""Three months of a unit are its quarter: what a row is says how they are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from communes import FORM, Values, arrived, consistent, workbook_of
from hypothesis import given
from hypothesis import strategies as st
from small_forms import small_form

from cchc_excel.consolidating.aggregates_over_time import aggregates_over_time
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.over_time import over_time
from cchc_excel.errors import NothingToConsolidate
from cchc_excel.form import Form
from cchc_excel.form.period import Days, Period, days_of, tiling
from cchc_excel.grid import Source
from cchc_excel.merging.aggregate import Aggregate
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure

Q1 = Period.parse("2023-Q1")


def of_months(*changes: Values, months: tuple[str, ...] = ("2023-01", "2023-02", "2023-03")) -> Outcome:
    """A commune's workbooks for some months, each with some figures changed, consolidated for the first quarter."""
    figures = [{**consistent(1), **changed} for changed in (*changes, *[{}] * len(months))][: len(months)]
    files = [arrived(f"{month}.xlsx", it, "UBND xã A", month) for month, it in zip(months, figures, strict=True)]
    return consolidate(files, FORM, Choices(period=Q1))


def test_three_months_of_a_unit_are_its_quarter() -> None:
    figures = consistent(1)
    outcome = of_months()
    (line,) = outcome.standings
    assert (line.status, line.why, line.joined) == (
        "received",
        "joined",
        ("2023-01.xlsx", "2023-02.xlsx", "2023-03.xlsx"),
    )
    merged = outcome.merged.figures
    assert merged["1.1"] == 3 * int(figures["1.1"])  # a flow
    assert merged["4.1.1"] == figures["4.1.1"]  # a state
    assert merged["1.2.1"] == figures["1.2.1"]  # a plan
    assert merged["5.2.1"] == figures["5.2.1"]  # cumulative
    assert merged["3.1.4"] == figures["3.1.4"]  # a list common to all
    assert [it.finding.code for it in outcome.findings if it.finding.code in {"U08", "U09", "P02"}] == []


@pytest.mark.parametrize(
    "months",
    [("2023-01", "2023-02"), ("2023-01", "2023-03", "2023-04"), ("2022-12", "2023-01", "2023-02")],
    ids=["one is missing", "there is a gap", "they are of another quarter"],
)
def test_months_that_leave_a_gap_are_no_quarter(months: tuple[str, ...]) -> None:
    with pytest.raises(NothingToConsolidate):
        of_months(months=months)


def test_a_workbook_of_the_quarter_counts_before_its_months() -> None:
    months = [arrived(f"{it}.xlsx", consistent(1), "UBND xã A", it) for it in ("2023-01", "2023-02", "2023-03")]
    whole = arrived("quy.xlsx", consistent(1), "UBND xã A", "2023-Q1")
    (line,) = consolidate([*months, whole], FORM, Choices(period=Q1)).standings
    assert (line.counts, line.joined) == ("quy.xlsx", ())


def test_a_half_year_and_a_quarter_make_nine_months() -> None:
    files = [arrived(f"{it}.xlsx", consistent(1), "UBND xã A", it) for it in ("2023-H1", "2023-Q3")]
    outcome = consolidate(files, FORM, Choices(period=Period.parse("2023-9M")))
    assert outcome.merged.figures["1.1"] == 2 * int(consistent(1)["1.1"])


def test_a_plan_that_changes_on_the_way_is_told_and_the_last_one_stands() -> None:
    plan = int(consistent(1)["1.2.1"])
    outcome = of_months({}, {}, {"1.2.1": plan + 5})
    assert outcome.merged.figures["1.2.1"] == plan + 5
    (told,) = (it.finding for it in outcome.findings if it.finding.code == "P02")
    assert (told.facts["written"], told.facts["before"], told.facts["period"]) == (plan + 5, plan, "2023-02")


def test_what_is_found_in_each_month_is_told() -> None:
    outcome = of_months({"1.1": "hai"}, {"2.1": "ba"})
    assert {(it.filed.path, it.finding.code) for it in outcome.findings} >= {
        ("2023-01.xlsx", "T02"),
        ("2023-02.xlsx", "T02"),
    }
    assert outcome.merged.figures["1.1"] is None  # a month that cannot be read is no zero


# --- row by row


def over(form: Form, key: str, **columns: list[Figure | None]) -> Figure | None:
    return over_time(form[key], columns, form)


@pytest.mark.parametrize(
    ("said", "figures", "whole"),
    [
        ("flow", [1, 2, 3], 6),
        ("flow", [1, None, 3], None),
        ("state", [1, 2, 3], 3),
        ("state", [1, 2, None], None),
        ("backlog", [5, 2, 0], 0),
        ("cumulative", [1, 2, 3], 3),
        ("plan", [7, 7, 7], 7),
        ("common flow", [1, 0, 2], 3),
        ("common state", [108, 108, 110], 110),
        ("used flow", [4, 9, 6], 9),
    ],
)
def test_a_row_over_three_months(said: str, figures: list[Figure | None], whole: Figure | None, tmp_path: Path) -> None:
    assert over(small_form(tmp_path, f"a, is: {said}"), "a", a=figures) == whole


def test_a_share_is_weighed_by_a_base_that_happened_in_the_period_and_is_the_last_where_its_base_is(
    tmp_path: Path,
) -> None:
    share = "s, kind: percent, is: share, of: b"
    flow, state = small_form(tmp_path, "b, is: flow", share), None
    assert over(flow, "s", s=[100, 50], b=[10, 30]) == Fraction(125, 2)
    assert over(flow, "s", s=[100, None], b=[10, 30]) is None
    state = small_form(tmp_path, "b, is: state", share)
    assert over(state, "s", s=[100, 50], b=[10, 30]) == 50


@pytest.mark.parametrize(
    ("given_", "whole"), [(["Có", "Không"], "Có"), (["Không", "Không"], "Không"), ([None, None], None)]
)
def test_what_took_place_in_a_month_took_place_in_the_quarter(
    given_: list[Figure | None], whole: Figure | None, tmp_path: Path
) -> None:
    assert over(small_form(tmp_path, "a, kind: yes_no, is: answer"), "a", a=given_) == whole


# --- which pieces make up a period


@given(st.sets(st.sampled_from(range(1, 13)), min_size=0), st.sampled_from([None, 14]))
def test_months_make_up_a_year_exactly_if_all_are_there(months: set[int], closing_day: int | None) -> None:
    pieces = [(days_of(Period(2025, f"M{month:02}"), closing_day), month) for month in months]
    found = tiling(days_of(Period(2025, "Y"), closing_day), pieces)
    assert (found == sorted(months)) if len(months) == 12 else found is None


def test_of_several_ways_the_one_of_fewest_pieces_is_taken() -> None:
    parts = ["Q1", "Q2", "H1", "M07", "M08", "M09", "Q3", "9M"]
    pieces: list[tuple[Days, str]] = [(days_of(Period(2025, part), 14), part) for part in parts]
    assert tiling(days_of(Period(2025, "9M"), 14), pieces[:-1]) == ["H1", "Q3"]


# --- workbooks that were merged themselves


def of_quarters_of_districts(*, merge_first: bool) -> Outcome:
    """Two communes of a district over two quarters: merged by quarter and then joined, or all of them together."""
    quarters = ("2023-Q1", "2023-Q2")
    communes = [
        [arrived(f"{at} {quarter}.xlsx", consistent(at), f"UBND xã {name}", quarter) for at, name in enumerate("AB")]
        for quarter in quarters
    ]
    if merge_first:
        districts = [
            consolidate(files, FORM, Choices(unit="UBND huyện Ba Bể", period=Period.parse(quarter)))
            for files, quarter in zip(communes, quarters, strict=True)
        ]
        communes = [[Arrived(Source(f"{place}.xlsx", workbook_of(it)))] for place, it in enumerate(districts)]
    files = [file for of_quarter in communes for file in of_quarter]
    return consolidate(files, FORM, Choices(period=Period.parse("2023-H1"), level="tinh", unit="UBND tỉnh X"))


def test_the_merged_workbooks_of_two_quarters_make_the_half_year_that_all_their_communes_make() -> None:
    joined, together = (of_quarters_of_districts(merge_first=it).merged for it in (True, False))
    assert joined.figures["1.1"] == 2 * (int(consistent(0)["1.1"]) + int(consistent(1)["1.1"]))
    assert joined.figures == together.figures
    answers = {row.id for row in FORM.entries if row.merge == "tally"}  # whose they were is not known any more
    for key in joined.aggregates.keys() - answers:
        assert joined.aggregates[key].units == together.aggregates[key].units, key


def aggregates(form: Form, *pieces: Aggregate) -> Aggregate:
    """Of the only row of a form, over pieces that were merged themselves."""
    return aggregates_over_time([{"a": piece} for piece in pieces], form)["a"]


@pytest.mark.parametrize(
    ("said", "columns", "whole"),
    [
        ("flow", ([1, 2], [10, 20]), Aggregate(units=2, total=33, expected=2)),
        ("flow", ([1, None], [10, 20]), Aggregate(units=1, total=31, expected=2)),  # at least 31
        ("flow", ([1, 2], [None, None]), Aggregate(expected=2)),  # a blank is no zero
        ("state", ([1, 2], [10, 20]), Aggregate(units=2, total=30, expected=2)),
        ("backlog", ([5, 5], [0, 1]), Aggregate(units=2, total=1, expected=2)),
        ("cumulative", ([1, 2], [10, 20]), Aggregate(units=2, total=30, expected=2)),
        ("plan", ([7, 8], [7, 8]), Aggregate(units=2, total=15, expected=2)),
        ("used flow", ([4, 9], [6, 2]), Aggregate(units=2, largest=9, expected=2)),
        ("common state", ([108, 108], [110, 110]), Aggregate(units=2, tally={110: 2}, expected=2)),
        ("common flow", ([1, 1], [2, 2]), Aggregate(units=2, tally={3: 2}, expected=2)),
        ("common flow", ([1, 4], [2, 2]), Aggregate(expected=2)),  # nobody knows which of two lists is right
    ],
)
def test_a_row_of_a_district_over_two_quarters(
    said: str, columns: tuple[Sequence[Figure | None], ...], whole: Aggregate, tmp_path: Path
) -> None:
    form = small_form(tmp_path, f"a, is: {said}")
    pieces = [replace(way_of(form["a"]).aggregate(form["a"], {"a": it}), expected=len(it)) for it in columns]
    assert aggregates(form, *pieces) == whole


@pytest.mark.parametrize(
    ("columns", "tally"),
    [
        ((["Không", "Không"], ["Không", "Không"]), {"Không": 2}),
        ((["Không", "Không"], ["Có", "Có"]), {"Có": 2}),  # it took place in one of the quarters
        ((["Có", "Không"], ["Không", "Không"]), {}),  # in which of the units is not known any more
    ],
)
def test_what_is_known_of_answers_over_two_quarters(
    columns: tuple[Sequence[Figure | None], ...], tally: Mapping[Figure, int], tmp_path: Path
) -> None:
    form = small_form(tmp_path, "a, kind: yes_no, is: answer")
    pieces = [replace(way_of(form["a"]).aggregate(form["a"], {"a": it}), expected=len(it)) for it in columns]
    assert aggregates(form, *pieces).tally == tally


def test_a_merged_quarter_and_a_typed_one_are_those_of_one_unit() -> None:
    merged = consolidate(
        [arrived("a.xlsx", consistent(1), "UBND xã A")], FORM, Choices(unit="UBND huyện Ba Bể", period=Q1)
    )
    files = [
        Arrived(Source("q1.xlsx", workbook_of(merged))),
        arrived("q2.xlsx", consistent(2), "UBND huyện Ba Bể", "2023-Q2"),
    ]
    half = consolidate(files, FORM, Choices(period=Period.parse("2023-H1"), level="tinh"))
    assert half.merged.figures["2.1"] == int(consistent(1)["2.1"]) + int(consistent(2)["2.1"])
