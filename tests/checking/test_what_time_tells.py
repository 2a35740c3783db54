"""Family P: what is told of a figure beside the unit's earlier reports, and what is honest news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from consistent import filled, submission_of

from cchc_excel.checking import check
from cchc_excel.codes import Severity
from cchc_excel.form import load_form
from cchc_excel.submission import Figure, Submission
from cchc_excel.wording import words

FORM = load_form()
LARGE = {"3.3.1": 100, "3.3.1.da_giai_quyet": 45_109, "3.3.1.dung_han": 45_109}


def report(period: str, changes: Mapping[str, Figure | None]) -> Submission:
    entries = filled(changes).entries
    return submission_of({key: entry.value for key, entry in entries.items()}, period=period)


def told(code: str, now: Submission, *earlier: Submission) -> list[tuple[str, Severity]]:
    found = check(now, FORM, earlier).findings
    return [(it.indicators[0], it.severity) for it in found if it.code == code]


def test_a_plan_that_grew_is_a_remark_and_one_that_shrank_or_grew_many_times_is_a_warning() -> None:
    before = report("2023-Q1", {"1.2.1": 30})
    for plan, severity in ((38, Severity.INFO), (60, Severity.INFO), (28, Severity.WARNING), (300, Severity.WARNING)):
        assert told("P02", report("2023-H1", {"1.2.1": plan}), before) == [("1.2.1", severity)]
    assert told("P02", report("2023-H1", {"1.2.1": 30}), before) == []


def test_a_quarter_without_surveys_tells_nothing_of_one_with_some() -> None:
    before = report("2023-Q1", {"1.5.1": 0, "1.5.2": None})
    for surveys, expected in ((300, []), (5000, [("1.5.1", Severity.WARNING)])):
        now = report("2023-Q2", {"1.5.1": surveys, "1.5.2": "Phát phiếu"})
        assert told("P05", now, before) == expected


@pytest.mark.parametrize(
    ("earlier", "now", "is_told"),
    [(353, 59, False), (59, 353, False), (353, 0, False), (353, 35, True), (150, 460, False), (150, 1500, True)],
)
def test_of_surveys_only_a_lost_digit_or_more_than_any_survey_has_is_told(
    earlier: int, now: int, *, is_told: bool
) -> None:
    before = report("2023-Q1", {"1.5.1": earlier, "1.5.2": "Phát phiếu"})
    later: dict[str, Figure | None] = {"1.5.1": now, "1.5.2": "Phát phiếu" if now else None}
    expected = [("1.5.1", Severity.WARNING)] * is_told
    assert told("P05", report("2023-Q3", later), before) == expected


def test_surveys_are_not_held_against_how_the_other_figures_grew_within_a_year() -> None:
    before = report("2023-Q1", {"1.5.1": 30, "1.5.2": "Phát phiếu"})
    assert told("P12", report("2024-Q1", {"1.5.1": 374, "1.5.2": "Phát phiếu"}), before) == []


def test_a_part_is_not_held_against_an_earlier_one_for_its_percentage_tells_more() -> None:
    before = report("2023-Q1", {"7.2.4.truc_tuyen": 20})
    assert told("P05", report("2023-Q2", {"7.2.4.truc_tuyen": 900}), before) == []
    assert told("P12", report("2024-Q1", {"7.2.4.truc_tuyen": 900}), before) == []


def test_thousands_may_double_within_a_year_and_hardly_become_nearly_three_times_as_many() -> None:
    before = report("2023-Q1", {"7.1": 3000})
    assert told("P12", report("2024-Q1", {"7.1": 6000}), before) == []
    assert told("P12", report("2024-Q1", {"7.1": 8000}), before) == [("7.1", Severity.WARNING)]


@pytest.mark.parametrize(
    ("before", "now", "is_told"),
    [(4, 32, False), (4, 33, True), (32, 4, False), (33, 4, True), (300, 920, False), (300, 921, True)],
)
def test_a_small_count_may_be_many_times_the_one_before_and_a_large_one_hardly_more_than_three(
    before: int, now: int, *, is_told: bool
) -> None:
    earlier = report("2023-Q1", {"7.1": before, "1.1": 1, "2.1": 0})
    later = report("2023-Q3", {"7.1": now, "1.1": 1, "2.1": 0})
    assert told("P05", later, earlier) == [("7.1", Severity.WARNING)] * is_told


def test_a_figure_that_was_usual_in_one_of_the_earlier_quarters_accuses_nobody_after_an_odd_one() -> None:
    usual, odd = report("2023-Q1", {"7.1": 300}), report("2023-Q3", {"7.1": 3000})
    assert told("P05", odd, usual) == [("7.1", Severity.WARNING)]
    assert told("P05", report("2024-Q1", {"7.1": 310}), usual, odd) == []
    assert told("P05", report("2024-Q1", {"7.1": 30}), usual, odd) == [("7.1", Severity.WARNING)]


def test_what_is_far_from_several_earlier_quarters_is_told_once_beside_the_latest() -> None:
    earlier = [report(period, {"7.1": 300}) for period in ("2022-Q3", "2023-Q1", "2023-Q3")]
    found = [it for it in check(report("2024-Q1", {"7.1": 3000}), FORM, earlier).findings if it.code[0] == "P"]
    assert [(it.code, it.facts["period"]) for it in found if it.indicators] == [("P05", "2023-Q3")]


def test_a_total_is_told_by_the_part_that_jumped_and_not_once_more() -> None:
    before = report("2023-Q1", {"1.4.1.huyen": 10, "1.4.1": 12, "1.4.1.tinh": 2, **DONE})
    later = report("2023-Q3", {"1.4.1.huyen": 100, "1.4.1": 102, "1.4.1.tinh": 2, **DONE})
    assert told("P05", later, before) == [("1.4.1.huyen", Severity.WARNING)]


DONE: dict[str, Figure | None] = {
    key: 0 for state in ("1.4.2", "1.4.3", "1.4.4") for key in (state, f"{state}.tinh", f"{state}.huyen")
}


# --- the rest of a period


def test_a_year_that_leaves_forty_quarters_for_the_fourth_is_told_and_a_busy_quarter_is_not() -> None:
    half, third = report("2023-H1", {"7.1": 600}), report("2023-Q3", {"7.1": 300})
    for year, expected in ((1200, []), (1800, []), (1900, [("7.1", Severity.WARNING)]), (900, [])):
        assert told("P16", report("2023", {"7.1": year}), half, third) == expected
    (found,) = (it for it in check(report("2023", {"7.1": 12_000}), FORM, [half, third]).findings if it.code == "P16")
    assert (found.facts["before"], found.facts["more"]) == (900, 11_100)
    assert set(found.facts["periods"]) == {"2023-H1", "2023-Q3"}  # type: ignore[arg-type]


def test_the_rest_is_held_against_the_busiest_time_that_was_ever_reported() -> None:
    first = report("2024-Q1", {"7.1": 100})
    half = report("2024-H1", {"7.1": 600})
    assert told("P16", half, first) == [("7.1", Severity.WARNING)]
    assert told("P16", half, report("2023-Q3", {"7.1": 400}), first) == []


@pytest.mark.parametrize(("second_quarter", "is_told"), [(52, False), (53, True)])
def test_beside_one_report_alone_a_small_count_may_be_exceeded_by_more(second_quarter: int, *, is_told: bool) -> None:
    first, before = (report(period, {"1.1": 4}) for period in ("2023-Q1", "2022-Q3"))
    half = report("2023-H1", {"1.1": 4 + second_quarter})
    assert told("P16", half, first) == [("1.1", Severity.WARNING)] * is_told
    assert told("P16", half, first, before) == [("1.1", Severity.WARNING)]


def test_of_surveys_as_many_as_one_has_may_come_in_each_quarter_that_is_left() -> None:
    first = report("2023-Q1", {"1.5.1": 0, "1.5.2": None})
    for period, surveys, expected in (
        ("2023-H1", 480, []),
        ("2023-H1", 520, [("1.5.1", Severity.WARNING)]),
        ("2023", 1400, []),
        ("2023", 1600, [("1.5.1", Severity.WARNING)]),
    ):
        assert told("P16", report(period, {"1.5.1": surveys, "1.5.2": "Phát phiếu"}), first) == expected


@pytest.mark.parametrize("in_january", [0, 2, 20])
def test_a_month_tells_nothing_of_what_a_year_may_leave_for_the_rest(in_january: int) -> None:
    assert told("P16", report("2023", {"7.1": 1500}), report("2023-M01", {"7.1": in_january})) == []


def test_figures_of_one_cause_are_told_at_the_first_which_names_the_rows_of_the_others() -> None:
    changes = {"3.3.1": 100, "3.3.2": 100, "7.2.4": None}
    dossiers = ("3.3.1.da_giai_quyet", "3.3.1.dung_han", "3.3.2.da_giai_quyet", "3.3.2.dung_han")
    before = report("2023-Q1", {**changes, **dict.fromkeys(dossiers, 75), "7.2.4.da_tiep_nhan": 80})
    now = report("2023-Q3", {**changes, **dict.fromkeys(dossiers, 750), "7.2.4.da_tiep_nhan": 800})
    (found,) = (it for it in check(now, FORM, [before]).findings if it.code == "P05")
    assert found.indicators[0] == "3.3.1.da_giai_quyet"
    assert "7.2.4.da_tiep_nhan" in found.indicators


def test_a_reason_beside_one_row_silences_no_other_and_small_figures_are_alike_by_chance() -> None:
    before = report("2023-Q1", {"1.4.1.tinh": 30, "1.4.1.huyen": 30, "1.4.1": 60, "1.1": 8, "2.3.1": 9})
    now = report("2023-Q3", {"1.4.1.tinh": 300, "1.4.1.huyen": 300, "1.4.1": 600, "1.1": 80, "2.3.1": 90})
    noted = replace(now, notes={"1.4.1.tinh": "Tỉnh giao nhiều nhiệm vụ mới"})
    assert [key for key, _ in told("P05", noted, before)] == ["1.1", "1.4.1.tinh", "1.4.1.huyen", "2.3.1"]
    assert [key for key, _ in told("P05", now, before)] == ["1.1", "1.4.1.tinh", "2.3.1"]


def test_what_the_province_adds_to_the_common_list_comes_at_once_and_is_no_slip() -> None:
    first = report("2023-Q1", {"3.1.1": 1})
    assert told("P16", report("2023-H1", {"3.1.1": 90}), first) == []


def test_a_year_of_which_most_is_known_is_not_held_against_another_year_and_one_of_which_little_is_known_is() -> None:
    last_year = report("2022", {"7.1": 6000})
    half, first = report("2023-H1", {"7.1": 500}), report("2023-Q1", {"7.1": 250})
    now = report("2023", {"7.1": 1000})
    assert told("P05", now, last_year) == [("7.1", Severity.WARNING)]
    assert told("P05", now, last_year, first) == [("7.1", Severity.WARNING)]
    assert told("P05", now, last_year, first, half) == []
    assert told("P12", now, last_year, half) == []


# --- the year before


RECEIVED: dict[str, Figure | None] = {"7.2.4.da_tiep_nhan": 210, "7.2.4.truc_tuyen": 105, "7.2.4": 50}
MORE_RECEIVED: dict[str, Figure | None] = {"7.2.4.da_tiep_nhan": 560, "7.2.4.truc_tuyen": 280, "7.2.4": 50}


def test_dossiers_that_multiplied_are_told_once_and_not_where_those_received_did_as_well() -> None:
    before = report("2023-Q1", {**settled(200), **RECEIVED})
    alone, together = (report("2024-Q1", {**settled(550), **received}) for received in (RECEIVED, MORE_RECEIVED))
    assert told("P12", alone, before) == [("3.3.1.da_giai_quyet", Severity.WARNING)]
    assert told("P12", together, before) == []


def test_who_has_as_many_as_in_another_quarter_is_not_held_against_an_odd_year_before() -> None:
    odd, usual, now = (report(period, settled(dossiers)) for period, dossiers in ODD_AND_USUAL)
    assert told("P12", now, odd) == [("3.3.1.da_giai_quyet", Severity.WARNING)]
    assert told("P12", now, odd, usual) == []


ODD_AND_USUAL = (("2023-Q1", 200), ("2023-Q3", 500), ("2024-Q1", 550))


@pytest.mark.parametrize(("documents", "is_told"), [(1000, False), (3000, False), (7000, True)])
def test_a_figure_beside_others_that_tripled_may_have_stayed_or_tripled_too(documents: int, *, is_told: bool) -> None:
    before = report("2023-Q1", {**of_all(1), "7.1": 1000})
    now = report("2024-Q1", {**of_all(3), "7.1": documents})
    found = [it for it in check(now, FORM, [before]).findings if it.code in {"P05", "P12"}]
    assert [it.indicators[0] for it in found] == ["7.1"] * is_told


def of_all(times: int) -> dict[str, Figure | None]:
    """What happened in a quarter, so many times as much as in a usual one."""
    few = {"1.1": 4, "2.1": 2, "2.2": 3, "2.3.1": 4, "1.4.1.huyen": 6, "1.4.1.tinh": 2, "1.4.1": 8}
    online = {"7.2.4.da_tiep_nhan": 210, "7.2.4.truc_tuyen": 105}
    counted = {key: times * figure for key, figure in (few | online).items()}
    return {**counted, **settled(200 * times), **DONE, "7.2.4": 50}


def test_two_documents_rows_of_which_one_has_few_are_both_told() -> None:
    before = report("2023-Q1", {"7.1": 300, "1.1": 5})
    later = report("2023-Q3", {"7.1": 3000, "1.1": 50})
    assert [row for row, _ in told("P05", later, before)] == ["1.1", "7.1"]


def settled(dossiers: int) -> dict[str, Figure | None]:
    rows = ("3.3.1", "3.3.2")
    return {
        key: figure
        for row in rows
        for key, figure in ((row, 100), (f"{row}.da_giai_quyet", dossiers), (f"{row}.dung_han", dossiers))
    }


@pytest.mark.parametrize(("earlier", "now"), [("2023-Q1", "2023-H1"), ("2023-H1", "2023-Q3"), ("2023", "2024-Q1")])
def test_the_rate_cut_since_2015_moves_only_where_somebody_was_cut(earlier: str, now: str) -> None:
    before = report(earlier, {"4.1.2": 0, "4.1.3": 8})
    stays, rises = report(now, {"4.1.2": 0, "4.1.3": 8}), report(now, {"4.1.2": 1, "4.1.3": 16})
    moved, forgotten = report(now, {"4.1.2": 0, "4.1.3": 9}), report(now, {"4.1.2": 1, "4.1.3": 8})
    codes = ("P24", "P25")
    assert [told(code, it, before) for code in codes for it in (stays, rises)] == [[]] * 4
    for it in (moved, forgotten):
        assert [told(code, it, before) for code in codes if told(code, it, before)] == [[("4.1.3", Severity.WARNING)]]


def test_what_was_cut_before_a_quarter_within_the_year_is_in_its_rate_already() -> None:
    third = report("2023-Q3", {"4.1.2": 0, "4.1.3": 16})
    year = report("2023", {"4.1.2": 1, "4.1.3": 16})
    assert told("P24", year, third) == []


def test_dossiers_of_a_large_ward_are_no_date_and_a_date_beside_a_few_dossiers_is_told() -> None:
    assert told("T38", filled(LARGE)) == []
    assert told("T38", filled(LARGE | {"3.3.1.dung_han": 2})) == [("3.3.1.da_giai_quyet", Severity.WARNING)]
    assert told("T38", filled({"7.1": 45_109})) == [("7.1", Severity.WARNING)]
    of_a_ward: dict[str, Figure | None] = {"7.1": 45_109, "7.2.4.da_tiep_nhan": 38_000, "7.2.4.truc_tuyen": 19_000}
    assert told("T38", filled(of_a_ward)) == []


# what happened in a quarter; staff, lists and plans stay as they are in all these reports
OF_QUARTER_1: dict[str, Figure | None] = {
    "3.3.1.da_giai_quyet": 210,
    "3.3.1.dung_han": 204,
    "3.3.1": Fraction("97.14"),
    "3.3.2.da_giai_quyet": 210,
    "3.3.2.dung_han": 204,
    "3.3.2": Fraction("97.14"),
    "7.1": 317,
    "7.1.dien_tu": 94,
    "7.1.dien_tu_va_giay": 5,
    "7.2.4.da_tiep_nhan": 222,
    "7.2.4.truc_tuyen": 111,
    "7.2.4": 50,
    "7.2.1.phat_sinh": 9,
    "7.2.2.phat_sinh": 4,
}
OF_SECTION_3: dict[str, Figure | None] = {
    "3.3.1.da_giai_quyet": 230,
    "3.3.1.dung_han": 230,
    "3.3.1": 100,
    "3.3.2.da_giai_quyet": 230,
    "3.3.2.dung_han": 230,
    "3.3.2": 100,
}


def copies(now: Submission, *earlier: Submission) -> list[tuple[str, str]]:
    found = check(now, FORM, earlier).findings
    return [(it.code, str(it.facts["period"])) for it in found if it.code in {"P06", "P15"}]


def test_a_report_sent_again_with_one_figure_changed_is_told() -> None:
    before = report("2023-Q1", OF_QUARTER_1)
    for changed in ({"1.1": 4}, {"7.1": 324}):
        assert copies(report("2023-Q2", {**OF_QUARTER_1, **changed}), before) == [("P15", str(before.period))]
    assert copies(report("2023-Q2", OF_QUARTER_1), before) == [("P06", str(before.period))]


def test_a_section_left_standing_from_the_quarter_before_is_told() -> None:
    before = report("2023-Q1", OF_QUARTER_1)
    left_standing = {**OF_QUARTER_1, **OF_SECTION_3, "1.1": 4, "1.4.1.huyen": 14, "1.4.1": 29, "2.1": 1, "2.2": 9}
    assert copies(report("2023-Q2", left_standing), before) == [("P15", str(before.period))]
    assert copies(report("2023-Q2", {**left_standing, "7.1": 280}), before) == []


def test_a_report_with_the_staff_the_lists_and_the_plan_of_before_is_no_copy() -> None:
    before = report("2023-Q1", OF_QUARTER_1)
    later = {
        **OF_QUARTER_1,
        **OF_SECTION_3,
        "1.4.1.huyen": 14,
        "1.4.1": 29,
        "1.4.2.huyen": 6,
        "1.4.2": 13,
        "7.1": 280,
        "1.1": 4,
        "2.1": 1,
        "7.2.4.da_tiep_nhan": 240,
        "7.2.4.truc_tuyen": 120,
        "7.2.1.phat_sinh": 8,
    }
    assert copies(report("2023-Q2", later), before) == []


def test_of_several_earlier_reports_the_one_that_most_was_copied_from_is_told() -> None:
    copied, other = report("2023-Q2", OF_QUARTER_1), report("2023-Q1", {**OF_QUARTER_1, "2.1": 1, "2.2": 9, "1.1": 8})
    assert copies(report("2023-Q3", {**OF_QUARTER_1, "1.1": 4}), other, copied) == [("P15", str(copied.period))]


def test_a_half_year_in_whose_second_quarter_nothing_happened_in_a_section_copies_nothing() -> None:
    first_quarter = report("2023-Q1", OF_QUARTER_1)
    half = {**OF_QUARTER_1, **OF_SECTION_3, "1.1": 4, "1.4.1.huyen": 14, "1.4.1": 29, "2.1": 1, "2.2": 9}
    assert copies(report("2023-H1", half), first_quarter) == []


def test_beside_a_report_that_is_copied_as_a_whole_no_other_is_told() -> None:
    first, second = report("2023-Q1", {**OF_QUARTER_1, "1.1": 4}), report("2023-Q2", OF_QUARTER_1)
    assert copies(report("2023-Q3", OF_QUARTER_1), first, second) == [("P06", str(second.period))]


def test_of_two_earlier_reports_that_are_as_close_the_later_one_is_told() -> None:
    first, second = report("2023-Q1", OF_QUARTER_1), report("2023-Q2", OF_QUARTER_1)
    assert copies(report("2023-Q3", {**OF_QUARTER_1, "1.1": 4}), first, second) == [("P15", str(second.period))]


NO_OTHER_TASKS = dict.fromkeys(
    [f"1.4.{state}.tinh" for state in (1, 2, 3, 4)] + ["1.4.3", "1.4.3.huyen", "1.4.4", "1.4.4.huyen"], 0
)


def tasks(period: str, assigned: int, done: int) -> Submission:
    figures = {"1.4.1": assigned, "1.4.1.huyen": assigned, "1.4.2": done, "1.4.2.huyen": done}
    return report(period, NO_OTHER_TASKS | figures)


@pytest.mark.parametrize(("of_the_year", "expected"), [(14, []), (12, []), (11, []), (10, ["1.4.1", "1.4.1.huyen"])])
def test_tasks_that_were_open_may_be_counted_again_in_the_next_period(of_the_year: int, expected: list[str]) -> None:
    half, quarter = tasks("2023-H1", 9, 6), tasks("2023-Q3", 5, 5)  # three of the five may be from the first half
    found = told("P08", tasks("2023", of_the_year, of_the_year), half, quarter)
    assert [it for it in found if it[0].startswith("1.4.1")] == [(key, Severity.WARNING) for key in expected]


def test_what_is_counted_as_it_happens_is_in_one_period_alone() -> None:
    half, quarter = report("2023-H1", {"2.1": 9}), report("2023-Q3", {"2.1": 5})
    assert ("2.1", Severity.ERROR) in told("P08", report("2023", {"2.1": 13}), half, quarter)


def test_tasks_that_were_left_out_are_said_in_the_sum() -> None:
    half, quarter = tasks("2023-H1", 9, 6), tasks("2023-Q3", 5, 5)
    found = check(tasks("2023", 10, 10), FORM, [half, quarter]).findings
    (total,) = [it for it in found if (it.code, it.indicators[:1]) == ("P08", ("1.4.1",))]
    assert "9 + 5 − 3 = 11" in words("vi").message(total, FORM)


@pytest.mark.parametrize("row", ["1.4.1", "1.4.1.tinh", "1.4.1.huyen", "2.2.1.can_xu_ly", "2.3.2.can_xu_ly", "3.4.1"])
def test_what_may_be_carried_over_names_what_is_settled_of_it(row: str) -> None:
    assert FORM[row].settled_by


@pytest.mark.parametrize("row", ["7.2.4.da_tiep_nhan", "3.3.1.da_giai_quyet", "2.2", "2.3.1", "1.1"])
def test_what_simply_happens_is_never_carried_over(row: str) -> None:
    assert FORM[row].settled_by == ()
