"""Rules, rows and limits have a time; a rule may ask for the report right before; mistakes are told where they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from consistent import submission_of
from small_forms import small_form

from cchc_excel.checking import check
from cchc_excel.errors import FormDefinitionError
from cchc_excel.finding import Finding
from cchc_excel.form import Form, load_form
from cchc_excel.form.period import Period, days_of
from cchc_excel.submission import Figure, Submission

CARRIED = (
    "code: P50, severity: error, assert: '[a] == just_before([z])', fix: never, "
    "holds_for: {a: 22, just_before: {z: 22}}, fails_for: {a: 23, just_before: {z: 22}}"
)
A_YEAR_AGO = (
    "code: P51, severity: warning, assert: '[a] <= 2 * same_period_last_year([a])', fix: never, "
    "holds_for: {a: 2, same_period_last_year: {a: 1}}, fails_for: {a: 3, same_period_last_year: {a: 1}}"
)
LIMITED = "code: L50, severity: error, assert: '[a] <= 23', fix: never, holds_for: {a: 23}, fails_for: {a: 24}"


def report(period: str, unit: str = "UBND xã A", **figures: Figure | None) -> Submission:
    return submission_of(figures, unit=unit, period=period)


def found(form: Form, now: Submission, *earlier: Submission) -> list[Finding]:
    return list(check(now, form.at(now.period), earlier).findings)


def codes(form: Form, now: Submission, *earlier: Submission) -> list[str]:
    return [it.code for it in found(form, now, *earlier)]


# --- a rule for a time


@pytest.mark.parametrize(
    ("time", "broken_in"),
    [
        ("until: 2025-Q2", ["2023-Q1", "2025-H1"]),
        ("from: 2025-Q3", ["2025-07", "2025-Q3", "2025", "2026-Q1"]),
        ("from: 2025-07-01, until: 2025", ["2025-07", "2025-Q3", "2025"]),
        ("only: [Y, H1]", ["2025-H1", "2025"]),
        ("only: [month]", ["2025-07"]),
    ],
)
def test_a_rule_holds_for_its_time(time: str, broken_in: list[str], tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: state", checks=(f"{LIMITED}, {time}",), more="periods: {closing_day: 14}")
    periods = ["2023-Q1", "2025-H1", "2025-07", "2025-Q3", "2025", "2026-Q1"]
    assert [it for it in periods if "L50" in codes(form, report(it, a=24))] == broken_in


def test_a_row_that_is_not_asked_for_in_a_period_is_not_missed_and_its_total_does_without(tmp_path: Path) -> None:
    form = small_form(tmp_path, "t, is: flow, total_of: [a, b]", "a, is: flow", "b, is: flow, only: [Y]")
    assert codes(form, report("2025-Q1", t=5, a=5, b=None)) == []
    assert "C04" in codes(form, report("2025", t=5, a=5, b=None))


def test_a_limit_has_its_time(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: state, at_most: [{value: 23, until: 2023-Q2}, {value: 30, from: 2023-Q3}]")
    told = {period: codes(form, report(period, a=25)) for period in ("2023-Q1", "2024-Q1")}
    assert told == {"2023-Q1": ["T16"], "2024-Q1": []}


@pytest.mark.parametrize("time", ["from: 2025-Q5", "until: gì", "from: 2025-Q3, until: 2025-Q1", "only: [week]"])
def test_a_time_that_is_none_is_refused(time: str, tmp_path: Path) -> None:
    with pytest.raises(FormDefinitionError) as caught:
        small_form(tmp_path, f"a, is: state, {time}")
    assert {it.kind for it in caught.value.mistakes} == {"bad_value"}


# --- earlier reports


def test_what_is_carried_over_is_held_against_the_period_right_before(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: backlog", "z, is: backlog", checks=(CARRIED,))
    q1, q2, now = report("2025-Q1", a=5, z=9), report("2025-Q2", a=9, z=22), report("2025-Q3", a=22, z=1)
    assert "P50" not in codes(form, now, q1, q2)
    assert "P50" not in codes(form, now, q1)  # the period right before is not there
    assert "P50" in codes(form, report("2025-Q3", a=9, z=1), q1, q2)


def test_of_two_periods_that_end_right_before_the_one_of_the_same_length_counts(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: backlog", "z, is: backlog", checks=(CARRIED,))
    half, quarter = report("2025-H1", a=1, z=7), report("2025-Q2", a=1, z=22)
    assert "P50" not in codes(form, report("2025-Q3", a=22, z=1), quarter, half)


def test_the_same_period_of_last_year_is_another_report_than_the_last_one(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: backlog", checks=(A_YEAR_AGO,))
    last_year, right_before = report("2024-Q1", a=10), report("2024-Q4", a=1)
    assert "P51" not in codes(form, report("2025-Q1", a=20), last_year, right_before)
    assert "P51" in codes(form, report("2025-Q1", a=21), last_year, right_before)


def test_a_jump_is_told_once_and_only_when_it_happens(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: state")
    small = [report(f"2025-Q{quarter}", a=10) for quarter in (1, 2)]
    assert codes(form, report("2025-Q3", a=50), *small).count("P04") == 1
    assert "P04" not in codes(form, report("2025-Q4", a=50), *small, report("2025-Q3", a=50))


def test_a_cumulative_figure_that_falls_below_several_earlier_ones_is_told_once(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: cumulative")
    earlier = [report(f"2025-Q{quarter}", a=10 * quarter) for quarter in (1, 2)]
    (told,) = found(form, report("2025-Q3", a=5), *earlier)
    assert (told.code, told.facts["period"]) == ("P01", "2025-Q2")


def test_an_earlier_report_under_another_spelling_is_used_and_that_is_told(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: cumulative")
    assert codes(form, report("2025-Q2", a=1), report("2025-Q1", unit="Ủy ban nhân dân Xã A", a=5)) == ["P10", "P01"]


@pytest.mark.parametrize("others", [("UBND xã A, huyện C",), ("UBND xã A, huyện B", "UBND xã A, huyện C")])
def test_an_earlier_report_that_may_be_another_units_is_not_used(others: tuple[str, ...], tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: cumulative")
    mine = "UBND xã A, huyện B" if len(others) == 1 else "UBND xã A"
    earlier = [report("2025-Q1", unit=unit, a=5) for unit in others]
    assert codes(form, report("2025-Q2", unit=mine, a=1), *earlier) == ["P07"]


# --- days


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [("Q1", "H1"), ("Q2", "H1"), ("Q3", "9M"), ("H1", "9M"), ("H1", "Y"), ("Q3", "H2"), ("M07", "Q3"), ("Q4", "Y")],
)
@pytest.mark.parametrize("closing_day", [None, 14])
def test_what_lies_within_what_follows_from_the_days(shorter: str, longer: str, closing_day: int | None) -> None:
    inner, outer = (days_of(Period(2025, part), closing_day) for part in (shorter, longer))
    assert outer.hold(inner)
    assert not inner.hold(outer)


def test_the_days_of_decree_09_2019_are_those_from_the_15th_to_the_14th(form: Form) -> None:
    days = [f"{day:%d/%m/%Y}" for day in form.days_of(Period.parse("2023-Q1"))]
    assert days == ["15/12/2022", "14/03/2023"]
    assert not form.lies_within(Period.parse("2022-Q4"), Period.parse("2023"))


# --- mistakes of a form that extends another


def test_what_is_removed_though_it_is_needed_is_told_where_it_is_removed_and_where_it_is_used(tmp_path: Path) -> None:
    small_form(tmp_path, "t, total_of: [a, b]", "a", "b", checks=(LIMITED,))
    later = tmp_path / "sau"
    later.mkdir()
    (later / "form.yaml").write_text("extends: bieu\nform: sau\nremove:\n  - a\n  - q\n", "utf-8")
    (later / "checks.yaml").write_text("remove: [L98]\n", "utf-8")
    with pytest.raises(FormDefinitionError) as caught:
        load_form(later)
    told = {(it.file, it.line, it.kind, dict(it.facts).get("place", "")) for it in caught.value.mistakes}
    assert told == {
        ("sau/form.yaml", 4, "still_used", "bieu/form.yaml:6"),
        ("sau/form.yaml", 4, "still_used", "bieu/checks.yaml:2"),
        ("sau/form.yaml", 5, "nothing_removed", ""),
        ("sau/checks.yaml", 1, "nothing_removed", ""),
    }


def test_a_mistake_of_the_form_that_is_extended_is_told_in_its_own_file(tmp_path: Path) -> None:
    small_form(tmp_path, "a")
    base = tmp_path / "bieu" / "form.yaml"
    base.write_text(base.read_text("utf-8").replace("kind: count", "kind: number"), "utf-8")
    later = tmp_path / "sau"
    later.mkdir()
    (later / "form.yaml").write_text("extends: bieu\nform: sau\n", "utf-8")
    with pytest.raises(FormDefinitionError) as caught:
        load_form(later)
    assert {(it.file, it.kind) for it in caught.value.mistakes} == {("bieu/form.yaml", "bad_value")}


def test_a_form_that_extends_none_that_there_is_is_told_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "form.yaml").write_text("form: x\nextends: khong_co\n", "utf-8")
    with pytest.raises(FormDefinitionError) as caught:
        load_form(tmp_path)
    assert (2, "no_base") in {(it.line, it.kind) for it in caught.value.mistakes}
