"""On how many units a merged figure stands and what is left open: said, and still known one level up."""

from __future__ import annotations

import io
from fractions import Fraction

import openpyxl
import pytest
from books import saved
from communes import FORM, NUMBERED, arrived, communes, consistent, values_of, workbook_of

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.district.book import district_workbook
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.merging import Merged
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.form import Severity
from cchc_excel.grid import Source
from cchc_excel.merging.way import Bounds
from cchc_excel.pipeline import examine
from cchc_excel.submission import Period
from cchc_excel.wording import words

EIGHT = Roster(tuple(RosterUnit(f"UBND xã Thứ {letter}") for letter in "ABCDEFGH"), "ds.csv")


def district(files: tuple[Arrived, ...], name: str, roster: Roster | None = None) -> Arrived:
    outcome = consolidate(files, FORM, Choices(unit=f"UBND huyện {name}", roster=roster))
    return Arrived(Source(f"{name}.xlsx", workbook_of(outcome)))


def said_beside(outcome: Outcome, key: str) -> tuple[object, object]:
    """The number of units and the range, as they stand on the form."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(outcome)))["BieuThongKe"]
    return sheet.cell(NUMBERED[key], 6).value, sheet.cell(NUMBERED[key], 7).value


# --- one level


def test_a_figure_of_six_of_eight_units_says_so_and_is_open_above() -> None:
    outcome = consolidate(communes(), FORM, Choices(roster=EIGHT))
    total = outcome.merged.figures["1.1"]
    assert said_beside(outcome, "1.1") == ("6/8", f"≥ {total}")


def test_a_rate_over_figures_that_are_not_all_there_is_bounded_by_nothing_and_says_so() -> None:
    outcome = consolidate(communes(), FORM, Choices(roster=EIGHT))
    assert said_beside(outcome, "3.3.1") == ("6/8", "chưa rõ")
    assert said_beside(outcome, "5.1.2") == ("6/8", "chưa rõ")


def test_where_all_have_reported_nothing_is_open() -> None:
    outcome = consolidate(communes(), FORM)
    assert said_beside(outcome, "1.1") == ("6/6", None)
    assert said_beside(outcome, "3.3.1") == ("6/6", None)
    assert said_beside(outcome, "5.1.2") == ("6/6", None)


def number(merged: Merged, key: str) -> int | Fraction:
    """The merged figure, which must be a number."""
    value = merged.figures[key]
    assert isinstance(value, int | Fraction)
    return value


def test_the_largest_figure_can_only_grow_with_a_unit_that_is_missing() -> None:
    merged = consolidate(communes(), FORM, Choices(roster=EIGHT)).merged
    assert merged.bounds["7.2.1.phat_sinh"] == Bounds(number(merged, "7.2.1.phat_sinh"), None)


def test_a_figure_in_doubt_without_another_value_may_be_anything_from_zero() -> None:
    """More settled on time (118) than settled (113) in 3.3.1: which of the two is wrong is not known."""
    wrong = {**consistent(0), "3.3.1.da_giai_quyet": 113, "3.3.1.dung_han": 118}
    merged = consolidate([arrived("sai.xlsx", wrong, "UBND xã Sai"), *communes()[1:3]], FORM).merged
    low, high = merged.bounds["3.3.1.dung_han"]
    assert low < number(merged, "3.3.1.dung_han")
    assert high is None or high >= number(merged, "3.3.1.dung_han")


def test_a_negative_figure_is_added_as_reported_but_the_right_sum_is_at_least_that_of_the_others() -> None:
    figures = {number: {**consistent(number), "1.1": figure} for number, figure in enumerate((7, -3, 5))}
    files = [arrived(f"{number}.xlsx", values, f"UBND xã Thứ {number}") for number, values in figures.items()]
    outcome = consolidate(files, FORM)
    assert outcome.merged.figures["1.1"] == 9
    assert said_beside(outcome, "1.1") == ("3/3", "≥ 12")


def test_a_negative_figure_for_which_another_is_proposed_is_at_least_zero() -> None:
    """The total 1.4.1 proposes 2 for the -3: with the 7 of another unit the sum is never 4."""
    wrong = {**consistent(0), "1.4.1": 5, "1.4.1.tinh": 3, "1.4.1.huyen": -3}
    right = {**consistent(1), "1.4.1": 8, "1.4.1.tinh": 1, "1.4.1.huyen": 7}
    files = [arrived("sai.xlsx", wrong, "UBND xã Sai"), arrived("dung.xlsx", right, "UBND xã Đúng")]
    merged = consolidate(files, FORM).merged
    assert (merged.figures["1.4.1.huyen"], merged.bounds["1.4.1.huyen"].low) == (4, 7)


def test_a_row_of_the_upper_level_is_one_offices_to_report() -> None:
    own = arrived("huyen.xlsx", {"6.1.1": 2000, "6.1.2": 500}, "UBND huyện Ví Dụ")
    assert said_beside(consolidate(communes(), FORM), "6.1.1") == ("0/1", None)
    assert said_beside(consolidate(communes(), FORM, Choices(own=own)), "6.1.1") == ("1/1", None)


def test_a_row_of_a_level_that_was_left_out_is_nobodys() -> None:
    """Since July 2025 communes report to the province itself."""
    assert said_beside(consolidate(communes(), FORM, Choices(level="tinh")), "6.1.1") == ("–", None)


# --- one level up


def test_two_districts_stand_on_the_communes_below_them() -> None:
    province = consolidate([district(communes()[:2], "Một"), district(communes()[2:], "Hai")], FORM)
    assert said_beside(province, "1.1") == ("6/6", None)
    assert said_beside(province, "6.1.1")[0] == "0/2"


def test_a_commune_that_is_missing_below_is_still_missing_one_level_up() -> None:
    province = consolidate([district(communes(), "Một", EIGHT), district((communes(8)[6],), "Hai")], FORM)
    total = province.merged.figures["1.1"]
    assert said_beside(province, "1.1") == ("7/9", f"≥ {total}")
    assert said_beside(province, "3.3.1") == ("7/9", "chưa rõ")


@pytest.mark.parametrize("key", ["1.1", "1.4.1", "3.3.1.da_giai_quyet", "3.3.1", "7.2.1.phat_sinh"])
def test_the_bounds_of_two_districts_together_are_those_of_all_their_communes(key: str) -> None:
    wrong = {**consistent(0), "3.3.1.da_giai_quyet": 113, "3.3.1.dung_han": 118, "1.4.1": 99, "7.2.1.phat_sinh": 99}
    files = (arrived("sai.xlsx", wrong, "UBND xã Thứ A"), *communes()[1:])
    whole = consolidate(files, FORM).merged
    province = consolidate([district(files[:2], "Một"), district(files[2:], "Hai")], FORM).merged
    assert province.bounds.get(key) == whole.bounds.get(key)
    assert province.aggregates == whole.aggregates


def test_a_district_that_is_missing_leaves_open_what_the_others_give() -> None:
    two = Roster((RosterUnit("UBND huyện Một"), RosterUnit("UBND huyện Hai")), "ds.csv")
    province = consolidate([district(communes(), "Một")], FORM, Choices(roster=two))
    assert said_beside(province, "1.1") == ("6/7", f"≥ {province.merged.figures['1.1']}")


def test_the_communes_of_a_district_that_is_left_out_are_missing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(district(communes()[:4], "Một").source.data))
    book["BieuThongKe"].cell(NUMBERED["1.1"], 4).value = 999
    files = [Arrived(Source("Một.xlsx", saved(book))), district(communes()[4:], "Hai")]
    province = consolidate(files, FORM, Choices(exclude_errors=True))
    assert [it.unit for it in province.merged.left_out] == ["UBND huyện Một"]
    assert said_beside(province, "1.1") == ("2/6", f"≥ {province.merged.figures['1.1']}")
    assert said_beside(province, "1.6")[0] == "2/6"


# --- the workbook that comes back


def test_a_workbook_consolidated_in_english_is_read_with_its_period_like_any_other() -> None:
    outcome = consolidate(communes(), FORM, Choices(unit="UBND huyện Ví Dụ"))
    submission = examine(Source("a.xlsx", district_workbook(outcome, words("en"))), FORM).submission
    assert submission is not None
    assert submission.period == Period(2023, "Q1")


def test_a_figure_that_was_never_calculated_is_not_taken_for_one_that_was_typed_over() -> None:
    book = openpyxl.load_workbook(io.BytesIO(district(communes(), "Một").source.data))
    book["BieuThongKe"].cell(NUMBERED["1.1"], 4).value = 999
    # openpyxl keeps the formulas and drops their results
    findings = examine(Source("a.xlsx", saved(book)), FORM).findings
    errors = [(it.code, it.indicators) for it in findings if it.severity is Severity.ERROR]
    assert errors == [("U06", ("1.1",))]


def test_a_share_kept_to_fifteen_digits_is_not_taken_for_one_that_was_typed_over() -> None:
    data = district(communes(), "Một").source.data
    book = openpyxl.load_workbook(io.BytesIO(data))
    shown = values_of(data)
    for key, row in NUMBERED.items():  # as LibreOffice saves it
        value = shown[key]
        assert value is None or isinstance(value, int | float | str)
        book["BieuThongKe"].cell(row, 4).value = float(f"{value:.15g}") if isinstance(value, int | float) else value
    assert [it.code for it in examine(Source("a.xlsx", saved(book)), FORM).findings if it.code == "U06"] == []
