"""A figure is what its cell holds; where the cell shows something else of it, that is said, or it is left unread."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from drawing import grid_of

from cchc_excel.finding import Finding
from cchc_excel.form import load_form
from cchc_excel.grid import Grid
from cchc_excel.reading import Reading, read_grid
from cchc_excel.submission import Entry, How
from cchc_excel.wording import words
from cchc_excel.wording.cases import Example, Raw, filled_sheet

FORM = load_form(filled_sheet().form)
ACCOUNTING = '_-* #,##0 _D_M_-;-* #,##0 _D_M_-;_-* "-" _D_M_-;_-@_-'


def read(cells: dict[str, Raw], number_format: str, *, formula: str | None = None) -> Reading:
    """The sheet with these contents, in cells of this format; calculated by this formula, if one is given."""
    grid = grid_of(Example("", cells=cells, formats=dict.fromkeys(cells, number_format)))
    return read_grid(_calculated(grid, formula) if formula else grid, FORM, filled_sheet().file)


def _calculated(grid: Grid, formula: str) -> Grid:
    (sheet,) = grid.sheets
    rows = {
        row: {column: cell._replace(formula=formula) if cell.style else cell for column, cell in cells.items()}
        for row, cells in sheet.rows.items()
    }
    return replace(grid, sheets=(replace(sheet, rows=rows),))


def entry(reading: Reading, key: str) -> Entry:
    assert reading.submission is not None
    return reading.submission.entries[key]


def found(reading: Reading) -> list[Finding]:
    return [finding for finding in reading.findings if finding.code in {"S37", "T06", "T07", "T17", "T23"}]


# --- a count of books, 882000 as stored


@pytest.mark.parametrize(
    "number_format", ["General", "#,##0", ACCOUNTING, '#,##0 "đ/ngày"', r"#,##0\ \d", "[Red]0", "@"]
)
def test_a_figure_that_is_shown_as_it_is_stored_is_read_without_a_word(number_format: str) -> None:
    reading = read({"da_giai_quyet": 882_000}, number_format)
    assert entry(reading, "da_giai_quyet").value == 882_000
    assert found(reading) == []


@pytest.mark.parametrize(
    ("number_format", "stored", "shown"),
    [
        ("#,##0,", 882_000, 882),
        ("#,##0,", 882_400, 882),
        ("0.0,", 882_400, Fraction(8824, 10)),
        ('#,##0,," triệu"', 882_000_000, 882),
        ("[>=1000]#,##0,;0", 882_000, 882),
    ],
)
def test_a_figure_shown_in_thousands_has_two_readings_and_is_not_read(
    number_format: str, stored: int, shown: int | Fraction
) -> None:
    reading = read({"da_giai_quyet": stored}, number_format)
    assert (entry(reading, "da_giai_quyet").value, entry(reading, "da_giai_quyet").how) == (None, How.UNREAD)
    (finding,) = found(reading)
    assert (finding.code, finding.facts["alternatives"]) == ("T23", (shown, stored))


def test_nor_is_it_where_it_was_calculated() -> None:
    reading = read({"da_giai_quyet": 882_000}, "#,##0,", formula="SUM(D7:D8)")
    assert entry(reading, "da_giai_quyet").value is None


def test_the_clerk_is_told_both_readings() -> None:
    (finding,) = found(read({"da_giai_quyet": 882_000}, "#,##0,"))
    assert words("vi").message(finding, FORM) == (
        "Ô hiện 882 nhưng chứa 882.000, do định dạng của ô; có thể là: 882; 882.000."
    )


@pytest.mark.parametrize(
    ("number_format", "code", "alternatives"),
    [
        ('0" nghìn"', "T10", (882_000,)),
        ('0" trđ"', "T10", (882_000_000,)),
        ('"~"0', "T08", (882,)),
        ('0" + 3"', "T08", (885,)),
        ('0" (ước)"', "T21", (882,)),
        ('0"?"', "T02", ()),
        ('0"%"', "T10", ()),
        ('0"0"', "T23", (8820, 882)),
        ('0".000"', "T23", (882_000, 882)),
        ("0%", "T23", (88_200, 882)),
        ("-0", "T23", (-882, 882)),
        ("(0)", "T23", (882, -882)),
        ("0-", "T23", (882,)),
        ('0","00', "T23", (Fraction(882, 100), 882)),
        ('#"."##0', "T23", (882,)),
        ("0%%", "T23", (8_820_000, 882)),
        ("0E+00", "T23", (882,)),
        ('"5"', "T23", (5, 882)),
        ('"khoang "0', "T08", (882,)),
        ('"dự kiến "0', "T08", (882,)),
        ('0"²"', "T02", ()),
    ],
)
def test_what_a_format_draws_beside_a_count_may_make_it_another_figure_which_is_then_not_read(
    number_format: str, code: str, alternatives: tuple[int, ...]
) -> None:
    reading = read({"da_giai_quyet": 882}, number_format)
    assert entry(reading, "da_giai_quyet").how is How.UNREAD
    (finding,) = (it for it in reading.findings if it.indicators == ("da_giai_quyet",))
    assert (finding.code, finding.facts["alternatives"]) == (code, alternatives)


@pytest.mark.parametrize("number_format", ['0" hồ sơ"', '0 "bản"', '"Có "0', '0" hồ sơ trên Cổng"', "0%;-0%;0%"])
def test_a_word_without_a_factor_is_only_a_word_and_no_percent_is_none(number_format: str) -> None:
    count = 0 if "%" in number_format else 882
    assert entry(read({"da_giai_quyet": count}, number_format), "da_giai_quyet").value == count


def test_a_zero_in_thousands_is_zero() -> None:
    reading = read({"cong_bo_moi": 0}, "#,##0,")
    assert entry(reading, "cong_bo_moi").value == 0
    assert found(reading) == []


@pytest.mark.parametrize(
    ("number_format", "stored", "seen"),
    [
        ('"–"#,##0', 882, "–882"),
        ("0;[Red]0", -882, "882"),
        ("-0", -882, "--882"),
        ('0"h"00', 882, "8h82"),
        ('00","0000', 882, "00,0882"),
        ('0"-"0.00', 882.5, "88-2,50"),
        ("0.0E+0", 882, "8,8E+02"),
        ("0%%", 0.5, "5000%%"),
        ("-0%", 0.5, "-50%"),
        ('0;-0;"5"', 0, "5"),
        ('0;-0;"1"0', 0, "10"),
    ],
)
def test_the_clerk_is_told_what_the_cell_shows(number_format: str, stored: float, seen: str) -> None:
    (finding,) = found(read({"da_giai_quyet": stored}, number_format))
    assert finding.facts["shown"] == seen


def test_a_negative_number_without_its_minus_is_not_read_and_a_positive_one_under_the_same_code_is() -> None:
    assert entry(read({"da_giai_quyet": -5}, "0;[Red]0"), "da_giai_quyet").how is How.UNREAD
    assert entry(read({"da_giai_quyet": 5}, "0;[Red]0"), "da_giai_quyet").value == 5


@pytest.mark.parametrize(("number_format", "code"), [('@" nghìn"', "T10"), ('"~"@', "T08"), ('@" hồ sơ"', "T09")])
def test_what_a_format_draws_beside_a_text_counts_as_typed(number_format: str, code: str) -> None:
    reading = read({"da_giai_quyet": "882"}, number_format)
    assert [it.code for it in reading.findings if it.indicators == ("da_giai_quyet",)] == [code]


# --- a figure that nobody sees


@pytest.mark.parametrize("number_format", [";;;", ";;", '""', "_-;_-;_-;_-"])
def test_a_figure_that_its_format_hides_counts_and_is_told(number_format: str) -> None:
    reading = read({"cong_bo_moi": 60}, number_format)
    assert entry(reading, "cong_bo_moi").value == 60
    (finding,) = found(reading)
    assert (finding.code, finding.indicators) == ("S37", ("cong_bo_moi",))
    assert finding.facts["where"] == entry(reading, "cong_bo_moi").cell.local


def test_a_text_and_an_answer_are_hidden_too() -> None:
    reading = read({"cong_bo_moi": "60", "hinh_thuc": "Phát phiếu"}, ";;;")
    assert [finding.indicators for finding in found(reading)] == [("cong_bo_moi", "hinh_thuc")]


def test_several_hidden_figures_are_told_at_once() -> None:
    (finding,) = found(read({"cong_bo_moi": 60, "da_giai_quyet": 200, "tap_huan": 0}, ";;;"))
    assert finding.indicators == ("cong_bo_moi", "da_giai_quyet", "tap_huan")


@pytest.mark.parametrize("number_format", ["#,##0;-#,##0;", "0;-0;;@", "#,###"])
def test_a_template_that_shows_zeros_as_blanks_hides_nothing(number_format: str) -> None:
    reading = read({"cong_bo_moi": 0}, number_format)
    assert entry(reading, "cong_bo_moi").value == 0
    assert found(reading) == []


# --- days and times


@pytest.mark.parametrize(
    ("number_format", "stored", "said"),
    [
        ("d-mmm", 45109, "Ô đang là ngày (2/7/2023), không phải số; có thể đã gõ: 2/7; 7/2."),
        ("dd/mm/yyyy", 3, "Ô đang là ngày (3/1/1900), không phải số; có thể đã gõ: 3/1; 1/3."),
        ("dd/mm/yyyy", 60, "Ô đang là ngày (29/2/1900), không phải số; có thể đã gõ: 29/2; 2/29."),
        ("dd/mm/yyyy", -3, "Ô đang là ngày (-3), không phải số; có thể đã gõ: chưa xác định được."),
        ("m/d/yy h:mm", 45109.5, "Ô đang là ngày (2/7/2023), không phải số; có thể đã gõ: 2/7; 7/2."),
        ("h:mm", 1039 / 1440, "Ô đang là giờ (17:19), không phải số; có thể đã gõ: 17:19."),
        ("[$-42A]h:mm:ss AM/PM", 0, "Ô đang là giờ (0:00), không phải số; có thể đã gõ: 0:00."),
        ("[h]:mm:ss", 2175 / 1440, "Ô đang là giờ (36:15), không phải số; có thể đã gõ: 36:15."),
        ("h:mm", 45109.5, "Ô đang là giờ (12:00), không phải số; có thể đã gõ: chưa xác định được."),
    ],
)
def test_a_day_is_called_a_day_and_a_time_a_time(number_format: str, stored: float, said: str) -> None:
    reading = read({"cong_bo_moi": stored}, number_format)
    assert entry(reading, "cong_bo_moi").how is How.UNREAD
    assert [words("vi").message(finding, FORM) for finding in found(reading)] == [said]


# --- percentages


def test_a_percentage_is_a_hundred_times_what_is_stored() -> None:
    reading = read({"ty_le_dung_han": 0.9}, "0.0%")
    assert entry(reading, "ty_le_dung_han").value == 90


@pytest.mark.parametrize("number_format", ['0.0"%"', r"0.0\%"])
def test_a_sign_that_is_only_drawn_behind_a_percentage_multiplies_nothing(number_format: str) -> None:
    reading = read({"ty_le_dung_han": 90}, number_format)
    assert entry(reading, "ty_le_dung_han").value == 90
    assert found(reading) == []


def test_a_calculated_percentage_has_the_decimals_that_are_shown() -> None:
    assert entry(read({"ty_le_dung_han": 90.04}, '0.0"%"', formula="D7"), "ty_le_dung_han").decimals == 1


# --- a share below 1 % that no component explains


@pytest.mark.parametrize(
    ("cells", "doubted"),
    [
        ({"lanh_dao": 0.4}, ["lanh_dao"]),
        ({"lanh_dao": "0,4"}, ["lanh_dao"]),
        ({"lanh_dao": "0,4 %"}, []),
        ({"ty_le_dung_han": 0.9, "da_giai_quyet": "5\n100"}, ["ty_le_dung_han"]),
        ({"ty_le_dung_han": 0.9, "da_giai_quyet": None}, ["ty_le_dung_han"]),
        ({"ty_le_dung_han": "0,9", "dung_han": "#N/A"}, ["ty_le_dung_han"]),
        ({"ty_le_dung_han": 0.9, "dung_han": -5}, ["ty_le_dung_han"]),
        ({"ty_le_dung_han": 0.9}, []),  # the components tell what was meant
    ],
)
def test_a_share_below_one_percent_is_doubted_where_nothing_tells_what_was_meant(
    cells: dict[str, Raw], doubted: list[str]
) -> None:
    reading = read_grid(grid_of(Example("", cells=cells)), load_form("cchc_rut_gon"), "a.xlsx")
    assert [it.indicators[0] for it in reading.findings if it.code == "T30"] == doubted
