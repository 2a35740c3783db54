"""Family U: units of one period against each other, judged by medians that a few wrong figures cannot move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import exp, log
from statistics import fmean, median, pstdev
from typing import NamedTuple

import pytest
from communes import SAME, plausible
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_excel.checking import check
from cchc_excel.checking.between import between
from cchc_excel.checking.by_chance import FALSE_ALARMS, enough, improbability
from cchc_excel.checking.unit_size import Sizes
from cchc_excel.checking.units_compared import LEAST_UNITS, numbers, robust_spread
from cchc_excel.codes import CODES
from cchc_excel.form import Kind, load_form
from cchc_excel.merging.aggregate import as_text
from cchc_excel.merging.ways import aggregate_of, underivable
from cchc_excel.reporting.reference import all_codes
from cchc_excel.submission import CellAddress, Entry, Figure, How, Submission
from cchc_excel.wording import words

FORM = load_form()
PLACES = {row.id: place for place, row in enumerate(FORM.entries)}


class Commune(NamedTuple):
    """A unit with all figures that `values` does not give blank."""

    unit: str
    taken: Sequence[Figure | None]
    notes: Mapping[str, str] = {}

    def cell(self, place: int) -> CellAddress:
        return CellAddress("B", 8 + place, 4)


def commune(name: str, values: Mapping[str, Figure | None], **notes: str) -> Commune:
    return Commune(name, [values.get(row.id) for row in FORM.entries], notes)


def district(count: int = 20) -> list[dict[str, Figure | None]]:
    return [plausible(number) for number in range(count)]


def found(units: Sequence[Mapping[str, Figure | None]], *codes: str) -> list[tuple[str, int, str]]:
    """(code, unit's place, row) of what is found, of these codes only."""
    communes = [commune(f"UBND xã {number}", values) for number, values in enumerate(units)]
    return [
        (it.finding.code, it.place, (*it.finding.indicators, "")[0])
        for it in between(communes, FORM)
        if it.finding.code in codes
    ]


def only(key: str, figures: Sequence[Figure | None]) -> list[dict[str, Figure | None]]:
    return [{key: figure} for figure in figures]


# --- U01: figures that regulation makes equal


def test_a_figure_of_the_common_list_that_differs_is_found_at_the_unit_that_differs() -> None:
    assert found(only("3.1.4", [108, 108, 108, 81]), "U01") == [("U01", 3, "3.1.4")]


def test_a_blank_does_not_differ() -> None:
    assert found(only("3.1.4", [108, 108, 108, None]), "U01") == []


@pytest.mark.parametrize("figures", [[108, 81], [108, 108, 81], [108, 108, 81, 81], [108, 108, 108, 81, 82, 83]])
def test_without_a_majority_of_three_nobody_differs(figures: list[int]) -> None:
    assert found(only("3.1.4", figures), "U01") == []


# --- U02: rates


def test_a_rate_far_from_all_others_is_found() -> None:
    rates: list[Figure | None] = [95, 96, 97, 98, 99, 94, 96, 97, 12]
    assert found(only("3.3.1", rates), "U02") == [("U02", 8, "3.3.1")]


def test_where_all_others_agree_the_one_that_does_not_is_still_found() -> None:
    assert found(only("3.3.1", [100] * 11 + [40]), "U02") == [("U02", 11, "3.3.1")]


def test_where_all_agree_nothing_is_far() -> None:
    assert found(only("3.3.1", [100] * 12), "U02", "U03") == []


def test_a_few_points_are_never_far_however_close_the_others_are() -> None:
    assert found(only("3.3.1", [100] * 11 + [85]), "U02") == []


def test_among_few_units_nothing_is_far() -> None:
    assert found(only("3.3.1", [100] * (LEAST_UNITS - 2) + [1]), "U02") == []


# --- U03: figures and sizes


def test_a_figure_ten_times_too_large_in_one_row_is_found() -> None:
    units = district()
    units[4]["7.2.4.da_tiep_nhan"] = 10 * int(units[4]["7.2.4.da_tiep_nhan"] or 0)
    assert found(units, "U03") == [("U03", 4, "7.2.4.da_tiep_nhan")]


def test_a_unit_that_is_twenty_times_as_large_in_all_rows_is_not_out_of_proportion() -> None:
    units = district()
    large = {key: it * 20 if FORM[key].merge == "sum" and isinstance(it, int) else it for key, it in units[4].items()}
    assert [it for it in found([*units[:4], large, *units[5:]], "U03") if it[1] == 4] == []


def test_a_ward_is_no_outlier_among_communes_though_most_of_its_rows_are_as_large_as_theirs() -> None:
    units = district()
    dossiers = [row.id for row in FORM.entries if row.unit == "Hồ sơ"]
    ward = {**units[4], **{key: 25 * int(units[4][key] or 0) for key in dossiers}}
    assert found([*units[:4], {**ward, "7.1": 25 * int(units[4]["7.1"] or 0)}, *units[5:]], "U03") == []
    ward["7.1"] = 25 * int(units[4]["7.1"] or 0)
    once_more = {**ward, "7.2.4.da_tiep_nhan": 10 * int(ward["7.2.4.da_tiep_nhan"] or 0)}
    assert found([*units[:4], once_more, *units[5:]], "U03") == [("U03", 4, "7.2.4.da_tiep_nhan")]


def test_a_large_unit_is_told_by_what_it_receives_and_settles_though_it_sends_no_documents() -> None:
    units = district()
    dossiers = [row.id for row in FORM.entries if row.unit == "Hồ sơ"]
    for times in (25, Fraction(1, 25)):
        ward = {**units[4], "7.1": 0, **{key: int(times * int(units[4][key] or 0)) for key in dossiers}}
        assert found([*units[:4], ward, *units[5:]], "U03") == []
    settled = {key: 25 * int(units[4][key] or 0) for key in dossiers if key.startswith("3.3")}
    assert found([*units[:4], units[4] | settled, *units[5:]], "U03") == [("U03", 4, "3.3.1.da_giai_quyet")]


def test_of_a_unit_the_rows_that_count_one_thing_and_are_as_far_off_are_told_once_and_others_by_themselves() -> None:
    units = district()
    settled = {
        row.id: 25 * int(units[4][row.id] or 0)
        for row in FORM.entries
        if row.id.startswith("3.3.") and row.unit == "Hồ sơ"
    }
    of_another_kind = {"5.1.1": 300}
    much_further = {"3.3.2.da_giai_quyet": 20 * settled["3.3.2.da_giai_quyet"]}
    first = ("U03", 4, "3.3.1.da_giai_quyet")
    for more, expected in (
        (of_another_kind, [first, ("U03", 4, "5.1.1")]),
        (much_further, [first, ("U03", 4, "3.3.2.da_giai_quyet")]),
    ):
        assert found([*units[:4], units[4] | settled | more, *units[5:]], "U03") == expected


@pytest.mark.parametrize(("documents", "expected"), [(3, []), (1, [("U03", 12, "1.1")])])
def test_a_few_less_than_many_times_less_may_be_chance(documents: int, expected: list[tuple[str, int, str]]) -> None:
    assert found(only("1.1", [14] * 12 + [documents]), "U03") == expected


@pytest.mark.parametrize(("times", "expected"), [(6, []), (40, [("U03", 10, "3.3.1.da_giai_quyet")])])
def test_documents_that_follow_dossiers_loosely_contradict_them_only_from_far_away(
    times: int, expected: list[tuple[str, int, str]]
) -> None:
    units: list[dict[str, Figure | None]] = []
    for number in range(20):
        size = 1.15**number
        dossiers, documents = round(100 * size), round(100 * size * 1.5 ** (number % 3 - 1))
        units.append({"3.3.1.da_giai_quyet": dossiers, "7.2.4.da_tiep_nhan": dossiers + number, "7.1": documents})
    busy = {key: times * int(units[10][key] or 0) for key in ("3.3.1.da_giai_quyet", "7.2.4.da_tiep_nhan")}
    assert found([*units[:10], units[10] | busy, *units[11:]], "U03") == expected


@pytest.mark.parametrize(
    ("times", "expected"),
    [(12, []), (1, [("U03", 10, "3.3.1.da_giai_quyet")])],
    ids=["documents too", "dossiers alone"],
)
def test_a_ward_with_the_documents_of_one_is_none_the_less_a_ward_for_having_few_tasks(
    times: int, expected: list[tuple[str, int, str]]
) -> None:
    units: list[dict[str, Figure | None]] = []
    for number in range(20):
        size = 1.15**number
        closely, loosely = (size * noise ** (number % 3 - 1) for noise in (1.2, 1.9))
        dossiers, tasks, documents = round(100 * size), round(30 * closely), round(100 * loosely)
        units.append({"3.3.1.da_giai_quyet": dossiers, "7.2.4.da_tiep_nhan": dossiers + number})
        units[-1] |= {"1.4.1.huyen": tasks, "7.1": documents}
    ward = {key: 40 * int(units[10][key] or 0) for key in ("3.3.1.da_giai_quyet", "7.2.4.da_tiep_nhan")}
    ward["7.1"] = times * int(units[10]["7.1"] or 0)
    assert found([*units[:10], units[10] | ward, *units[11:]], "U03") == expected


def test_a_ward_has_no_more_leaders_than_others_so_ten_times_as_many_are_found_there_too() -> None:
    units = district()
    ward = {
        key: 25 * int(units[4][key] or 0) for key in (*(row.id for row in FORM.entries if row.unit == "Hồ sơ"), "7.1")
    }
    posts = {"5.1.1": 10 * int(units[4]["5.1.1"] or 0)}
    assert found([*units[:4], units[4] | ward | posts, *units[5:]], "U03") == [("U03", 4, "5.1.1")]


def test_what_is_usual_lies_between_a_figure_and_the_middle_so_that_who_is_near_the_middle_need_not_be_asked() -> None:
    ward = {key: 25 * value if isinstance(value, int) else value for key, value in district()[4].items()}
    units = [commune(f"UBND xã {number}", values) for number, values in enumerate([*district(), ward])]
    sizes = Sizes(units, FORM)
    for place, row in enumerate(FORM.entries):
        figures = numbers([unit.taken[place] for unit in units])
        middle = median(figures.values()) if figures else 0
        usual = sizes.usual(row, figures, middle)
        assert all(min(value, middle) <= usual(index) <= max(value, middle) for index, value in figures.items())


def test_a_part_no_larger_than_its_whole_is_judged_by_their_percentage_alone() -> None:
    units: list[dict[str, Figure | None]]
    units = [{"7.2.4.da_tiep_nhan": 300, "7.2.4.truc_tuyen": 20, "7.1": 300, "1.1": 4} for _ in range(12)]
    units[3]["7.2.4.truc_tuyen"] = 290
    assert found(units, "U03") == []
    units[3]["7.2.4.truc_tuyen"] = 2900
    assert found(units, "U03") == [("U03", 3, "7.2.4.truc_tuyen")]


def test_that_too_few_units_are_there_to_compare_is_said_once() -> None:
    assert found(only("3.3.1", [95, 96, 97]), "U16") == [("U16", 0, "")]
    assert found(only("3.3.1", [95] * LEAST_UNITS), "U16") == []


def test_a_negative_figure_is_left_to_the_check_of_its_own_cell() -> None:
    units = district()
    units[4]["7.2.4.da_tiep_nhan"] = -500
    assert found(units, "U03") == []


def test_where_most_wholes_are_negative_the_parts_are_still_compared() -> None:
    wholes = [-1] * 12 + [100] * 9
    units = [{"1.2.2": 20 + number, "1.2.1": whole} for number, whole in enumerate(wholes)]
    assert found([{**units[0], "1.2.2": 5000}, *units[1:]], "U03") == [("U03", 0, "1.2.2")]


def test_small_figures_may_be_many_times_each_other() -> None:
    units = district()
    for unit in units:
        unit["2.1"] = 0
    units[3]["2.1"] = 7
    assert found(units, "U03") == []


def test_a_plausible_district_is_hardly_ever_suspected() -> None:
    suspected = sum(len(found([plausible(20 * d + n) for n in range(20)], "U02", "U03")) for d in range(10))
    assert suspected < 0.002 * 10 * 20 * len(PLACES), "of 17,000 figures"


# --- U04: copies


def test_a_workbook_copied_from_another_unit_is_found_at_both() -> None:
    units = district()
    assert found([*units, units[3]], "U04") == [("U04", 3, ""), ("U04", 20, "")]


def test_the_common_list_alone_makes_no_copy() -> None:
    assert found([dict(SAME), dict(SAME), dict(SAME)], "U04") == []


def test_with_one_figure_changed_it_is_nearly_a_copy_and_told_at_both() -> None:
    units = district()
    copied = [*units, units[3] | {"1.1": 99}]
    assert found(copied, "U04") == []
    assert found(copied, "U15") == [("U15", 3, ""), ("U15", 20, "")]


def test_a_section_copied_from_another_unit_is_found() -> None:
    units = district()
    section = {row.id: units[3].get(row.id) for row in FORM.entries if row.section == "7"}
    assert {place for _, place, _ in found([*units[:9], units[9] | section, *units[10:]], "U15")} == {3, 9}


def test_units_of_their_own_are_no_copies_of_each_other() -> None:
    for number in range(25):
        assert found([plausible(20 * number + n) for n in range(20)], "U15") == []


def test_a_workbook_copied_and_worked_over_is_told_though_a_fifth_of_its_figures_are_others() -> None:
    units = district()
    counts = [row.id for row in FORM.entries if row.kind is Kind.COUNT and units[3].get(row.id) and row.id not in SAME]
    changed: dict[str, Figure | None] = {key: int(str(units[3][key])) + 2 for key in counts[::3]}
    assert len(changed) >= 10
    copied = [*units[:9], units[3] | changed, *units[10:]]
    assert {place for _, place, _ in found(copied, "U15")} == {3, 9}


def test_a_copied_section_of_small_figures_is_told_if_there_are_many_of_them() -> None:
    keys = ("1.1", "1.2.1", "1.2.2", "1.4.1.tinh", "1.4.1.huyen", "1.4.2.huyen", "1.4.2.tinh", "1.4.3.huyen")
    busy: dict[str, Figure | None] = dict(zip(keys, (9, 19, 14, 6, 18, 11, 3, 7), strict=True))
    idle: dict[str, Figure | None] = dict.fromkeys(keys, 1)
    units = [unit | busy if place in {3, 9} else unit for place, unit in enumerate(district())]
    others = [unit | idle if place in {3, 9} else unit for place, unit in enumerate(district())]
    for districts, expected in ((units, {3, 9}), (others, set())):
        section = {row.id: districts[3].get(row.id) for row in FORM.entries if row.section == "1"}
        copied = [unit | section if place == 9 else unit for place, unit in enumerate(districts)]
        assert {place for _, place, _ in found(copied, "U15")} == expected


def test_two_units_of_one_size_have_a_count_alike_as_often_as_two_poisson_figures() -> None:
    for mean in (8, 41, 143):
        chances = [exp(-mean)]
        for count in range(1, 4 * mean):
            chances.append(chances[-1] * mean / count)
        told = improbability({mean: 0.0})
        assert exp(-told) == pytest.approx(sum(chance * chance for chance in chances), rel=0.05)


def test_a_round_figure_one_near_another_and_one_that_many_have_tell_less() -> None:
    assert improbability({300: 0.0}) == improbability({3: 0.0})
    assert improbability({143: 0.0, 141: 0.0}) == pytest.approx(improbability({141: 0.0}) + improbability({2: 0.0}))
    assert improbability({143: 0.5}) == pytest.approx(log(2))
    assert improbability({143: 1.0}) == improbability({0: 0.0}) == improbability({"Có": 0.0}) == 0


def test_among_more_units_more_must_be_alike() -> None:
    assert enough(8) < enough(20) < enough(1_000)
    assert 190 * exp(-enough(20)) == pytest.approx(FALSE_ALARMS)  # pairs of twenty units


def test_a_list_that_is_one_thing_in_half_of_the_units_and_another_in_the_other_half_is_told_once() -> None:
    assert found(only("3.1.4", [108, 112] * 10), "U14") == [("U14", 1, "3.1.4")]
    assert found(only("3.1.4", [108] * 18 + [112] * 2), "U14") == []
    assert found(only("3.1.4", [*[108] * 4, *range(200, 210)]), "U14") == []


def test_where_no_list_is_that_of_most_units_any_number_of_lists_is_told_with_how_many_have_each() -> None:
    assert found(only("3.1.4", [108, 112, 117] * 6 + [108, 112]), "U01", "U14") == [("U14", 1, "3.1.4")]
    assert found(only("3.1.4", [108] * 8 + [112] * 3 + [117] * 3 + [120] * 3 + [121] * 3), "U14") != []
    assert (
        found(only("3.1.4", [108] * 13 + [112] * 4 + [117] * 3), "U14") == []
    )  # most agree: the others are told (U01)
    units = [commune(f"UBND xã {n}", {"3.1.4": figure}) for n, figure in enumerate([108] * 4 + [112] * 3 + [117] * 3)]
    (one,) = [it.finding for it in between(units, FORM) if it.finding.code == "U14"]
    assert words("vi").message(one, FORM).startswith("Các đơn vị ghi 108; 112; 117 (lần lượt 4; 3; 3 đơn vị)")


# --- scores


def test_a_modified_score_is_that_of_iglewicz_and_hoaglin_which_one_wrong_figure_cannot_move() -> None:
    figures = dict(enumerate([31.0, 34.0, 38.0, 81.0, 39.0, 33.0]))
    scores = {index: abs(value - median(figures.values())) / robust_spread(figures) for index, value in figures.items()}
    assert [index for index, score in scores.items() if score > 2] == [3]
    assert round(scores[3], 4) == 10.1175
    mean_based = (81 - fmean(figures.values())) / pstdev(figures.values())  # for comparison: 81 moves its own measure
    assert round(mean_based, 4) == 2.2075


def test_a_percentage_of_few_may_lie_further_away_than_one_of_many() -> None:
    rates: list[Figure | None] = [95, 96, 97, 98, 99, 94, 96, 97, 50]
    for of, expected in ((2, []), (200, [("U02", 8, "3.3.1")])):
        units = [{"3.3.1": rate, "3.3.1.da_giai_quyet": of} for rate in rates]
        assert found(units, "U02") == expected


def test_what_several_units_have_alike_is_a_habit_and_no_slip() -> None:
    shares: list[Figure | None] = [*[95] * 12, *[10] * 5]
    assert found(only("7.1.dien_tu", shares), "U02") == []


def test_a_share_that_units_estimate_is_told_only_of_who_is_alone_with_it() -> None:
    assert found(only("7.1.dien_tu", [*[95] * 12, 10]), "U02") == [("U02", 12, "7.1.dien_tu")]
    assert found(only("7.1.dien_tu", [*[95] * 12, 10, 12]), "U02") == []


def test_a_unit_that_divides_its_documents_otherwise_has_a_habit_and_made_no_slip() -> None:
    shares = [{"7.1": 300, "7.1.dien_tu": 90, "7.1.dien_tu_va_giay": 9} for _ in range(12)]
    on_paper_too = {"7.1": 300, "7.1.dien_tu": 9, "7.1.dien_tu_va_giay": 90}
    assert found([*shares, on_paper_too], "U02") == []
    assert found([*shares, on_paper_too | {"7.1.dien_tu_va_giay": 9}], "U02") == [("U02", 12, "7.1.dien_tu")]


def test_a_share_of_nothing_is_compared_with_no_other() -> None:
    shares: list[dict[str, Figure | None]] = [{"7.1": 300, "7.1.dien_tu": 90} for _ in range(12)]
    assert found([*shares, {"7.1": 0, "7.1.dien_tu": 0}], "U02") == []


def test_a_percentage_that_is_far_by_a_few_cases_only_is_not_told() -> None:
    units: list[dict[str, Figure | None]] = [{"2.3.2": 100, "2.3.2.can_xu_ly": 4} for _ in range(12)]
    assert found([*units, {"2.3.2": 0, "2.3.2.can_xu_ly": 4}], "U02") == []
    assert found([*units, {"2.3.2": 0, "2.3.2.can_xu_ly": 40}], "U02") == [("U02", 12, "2.3.2")]


def test_where_a_third_of_the_units_hold_no_survey_five_thousand_are_still_found() -> None:
    bursts = [0] * 7 + [25, 25, 33, 36, 41, 48, 133, 134, 186, 300, 336, 338]
    assert found(only("1.5.1", [*bursts, 5000]), "U03") == [("U03", 19, "1.5.1")]
    assert found(only("1.5.1", [*bursts, 600]), "U03") == []


def test_five_thousand_surveys_among_zeros_are_found_and_a_usual_burst_is_not() -> None:
    assert found(only("1.5.1", [0] * 12 + [60, 5000]), "U03") == [("U03", 13, "1.5.1")]
    assert found(only("1.5.1", [0] * 12 + [60, 400]), "U03") == []


def test_where_several_units_have_a_little_twenty_documents_are_too_many_for_one() -> None:
    assert found(only("2.1", [0] * 8 + [1, 2, 1, 1, 2, 20]), "U03") == [("U03", 13, "2.1")]
    assert found(only("2.1", [0] * 12 + [2, 20]), "U03") == []


# --- all


def test_a_warning_that_the_unit_explains_is_not_counted() -> None:
    units = [commune(f"{n}", {"3.1.4": 108}) for n in range(3)]
    note = Commune("D", commune("D", {"3.1.4": 81}).taken, {"3.1.4": "Danh mục riêng của thị trấn"})
    (it,) = (it for it in between([*units, note], FORM) if it.finding.code == "U01")
    assert it.finding.explained == "Danh mục riêng của thị trấn"
    assert not it.finding.counts


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_the_units_changes_nothing(order: list[int]) -> None:
    units = district(12)
    units[2]["3.1.4"], units[5]["7.2.4.da_tiep_nhan"] = 81, 9_999
    codes = ("U01", "U02", "U03", "U04")
    shuffled = {(code, order[place], row) for code, place, row in found([units[n] for n in order], *codes)}
    assert shuffled == set(found(units, *codes))


def test_every_code_of_the_family_has_its_page_and_severity() -> None:
    of_units = {name for name, code in CODES.items() if code.family == "U"}
    assert {code for code in all_codes(FORM) if code.startswith("U")} == of_units
    for language in ("vi", "en"):
        for code in of_units:
            assert words(language).page(code, FORM)["do"]


# --- U06: a consolidated figure that was typed over


def consolidated(**typed: Figure | None) -> Submission:
    """A merged workbook of two communes; `typed` replaces figures (`_` for `.` in the id)."""
    added = {row.id for row in FORM.entries if row.merge == "sum" and row.kind is Kind.COUNT}
    aggregates = aggregate_of({row.id: [2, 3] if row.id in added else [None, None] for row in FORM.entries}, FORM)
    merged: dict[str, Figure | None] = {row.id: 5 if row.id in added else None for row in FORM.entries}
    merged |= {key.replace("_", "."): value for key, value in typed.items()}
    entries = {
        key: Entry(None, value, How.BLANK if value is None else How.CALCULATED, CellAddress("B", 8, 4))
        for key, value in merged.items()
    }
    texts = {key: as_text(it) for key, it in aggregates.items()}
    return Submission("UBND huyện A", None, "a", entries, {}, "huyen", underivable(FORM), texts)


def typed_over(submission: Submission) -> list[tuple[str, Figure | float | None, Figure | None]]:
    return [
        (it.indicators[0] if it.indicators else "", it.observed, it.compared_with)
        for it in check(submission, FORM).findings
        if it.code == "U06" and (not it.indicators or FORM[it.indicators[0]].merge == "sum")
    ]


def test_a_merged_figure_as_it_was_is_fine() -> None:
    assert typed_over(consolidated()) == []


@pytest.mark.parametrize("value", [6, Fraction(11, 2), None])
def test_a_merged_figure_that_was_changed_or_cleared_is_found(value: Figure | None) -> None:
    assert typed_over(consolidated(**{"1_1": value})) == [("1.1", value, 5)]


def test_a_figure_where_nothing_was_added_up_is_the_upper_levels_own() -> None:
    assert typed_over(consolidated(**{"6_1_1": 2_000})) == []


def test_aggregates_that_cannot_be_read_are_said() -> None:
    whole = consolidated()
    damaged = replace(whole, aggregates={**whole.aggregates, "1.1": "{"})
    assert typed_over(damaged) == [("", None, None)]
