"""What number format codes make of numbers and texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.numbers import is_date_format as is_date_to_openpyxl

from cchc_excel.excel.ooxml.number_format import (
    NumberFormat,
    Shown,
    may_hide,
    number_format,
    shows_numbers_as_they_are,
)

GENERAL, NUMBER, PERCENTAGE, DATE, TIME, TEXT, HIDDEN = Shown


@pytest.mark.parametrize(
    ("code", "shown", "decimals", "scale"),
    [
        ("General", GENERAL, None, 0),
        ("[$-1010000]General", GENERAL, None, 0),
        ("", GENERAL, None, 0),
        ('General" người"', GENERAL, None, 0),
        ("GENERAL", GENERAL, None, 0),
        ("@", TEXT, None, 0),
        ("0", NUMBER, 0, 0),
        ("0.00", NUMBER, 2, 0),
        ("#,##0.0##", NUMBER, 3, 0),
        ("0.0_);(0.0)", NUMBER, 1, 0),
        # a thousandth for each comma that follows the last digit
        ("#,##0,", NUMBER, 0, 1),
        ("#,##0,,", NUMBER, 0, 2),
        ("0.0,", NUMBER, 1, 1),
        ("0,.0", NUMBER, 1, 1),
        ('#,##0," nghìn"', NUMBER, 0, 1),
        ('#,##0" , "', NUMBER, 0, 0),
        (r"#,##0\,", NUMBER, 0, 0),
        ("#,##0_,", NUMBER, 0, 0),
        ("#,##0.0%", PERCENTAGE, 1, 0),
        ("0%", PERCENTAGE, 0, 0),
        # a sign that is only drawn multiplies nothing
        ('0.00"%"', NUMBER, 2, 0),
        (r"0.00\%", NUMBER, 2, 0),
        ("0.00E+00", NUMBER, None, 0),
        ("# ?/?", NUMBER, None, 0),
        # letters that are no part of a date
        ('_-* #,##0 _D_M_-;-* #,##0 _D_M_-;_-* "-" _D_M_-;_-@_-', NUMBER, 0, 0),
        ('#,##0 "đồng/ngày"', NUMBER, 0, 0),
        (r"#,##0\ \d\m", NUMBER, 0, 0),
        ("[Red]#,##0", NUMBER, 0, 0),
        ("[$VND-42A] #,##0", NUMBER, 0, 0),
        ("[Magenta][>=1000]#,##0;0", NUMBER, 0, 0),
        ("*d0", NUMBER, 0, 0),
        ("d-mmm", DATE, None, 0),
        ("dd/mm/yyyy", DATE, None, 0),
        ("[$-42A]dd mmmm yyyy;@", DATE, None, 0),
        ('"Ngày "dd" tháng "mm', DATE, None, 0),
        ("m/d/yy h:mm", DATE, None, 0),
        ("mmm-yy", DATE, None, 0),
        ("mm", DATE, None, 0),
        ('[$-411]ggge"年"', DATE, None, 0),
        ("h:mm", TIME, None, 0),
        ("[$-42A]h:mm:ss AM/PM;@", TIME, None, 0),
        ("[h]:mm:ss", TIME, None, 0),
        ("[mm]", TIME, None, 0),
        ("mmss.0", TIME, None, 0),
        (";;;", HIDDEN, None, 0),
        (";", HIDDEN, None, 0),
        ('""', HIDDEN, None, 0),
        ('"x"', HIDDEN, None, 0),
        ("%", HIDDEN, None, 0),
        ("_-;_-;_-;_-@_-", HIDDEN, None, 0),
    ],
)
def test_what_a_code_makes_of_a_number(code: str, shown: Shown, decimals: int | None, scale: int) -> None:
    meant = number_format(code)
    assert (meant.shown, meant.decimals, meant.scale) == (shown, decimals, scale)


@pytest.mark.parametrize(
    ("code", "before", "after", "says"),
    [
        ('0" nghìn"', "", " nghìn", True),
        ('"Khoảng "#,##0', "Khoảng ", "", True),
        (r"0\0", "", "0", True),
        ('0"%"', "", "%", True),
        ("#,##0 [$₫-42A]", "", " ₫", False),
        ("[$VND-42A] #,##0", "VND ", "", False),
        ("[$-42A]0_);[Red]-0", "", " ", False),
        ('General" người"', "", " người", False),
        ("_-* #,##0 _D_M_-", " ", "    ", False),
        ("*-0", "-", "", False),
        ("0*0", "", "0", True),
        ('0"²"', "", "²", True),
        ('"khoang "0', "khoang ", "", True),
        ("+0", "+", "", False),
    ],
)
def test_what_a_code_draws_beside_a_number(code: str, before: str, after: str, *, says: bool) -> None:
    meant = number_format(code)
    assert (meant.before, meant.after, meant.says_another) == (before, after, says)


@pytest.mark.parametrize(
    ("code", "content", "shown"),
    [
        ("0;;", 5, NUMBER),
        ("0;;", -5, HIDDEN),
        ("0;;", 0, HIDDEN),
        ("0;-0", 0, NUMBER),
        ("0;", -5, HIDDEN),
        ("0;-0;;@", 0, HIDDEN),
        ("0;@", -5, NUMBER),
        ("0;0;0;", "02", HIDDEN),
        (";;;", "02", HIDDEN),
        (";;;@", "02", TEXT),
        (";;", "02", TEXT),
        ("0", "02", TEXT),
        ("General", "02", TEXT),
        ("[>=1000]#,##0,;0", 999, NUMBER),
        ('[=1]"Có";[=0]"Không";0', 1, HIDDEN),
        ('[=1]"Có";[=0]"Không";0', 7, NUMBER),
        ("[<0]d/m;0", -1, DATE),
    ],
)
def test_each_section_takes_its_own(code: str, content: str | float, shown: Shown) -> None:
    assert number_format(code, content).shown is shown


@pytest.mark.parametrize(
    ("code", "number"),
    [
        # a minus that the number has not, or one that is missing
        ("-0", 5), ("-0", -5), ('"–"#,##0', 5), ("[Red](0)", 5), ("0-", 5), ("*-0", 5), ("-[$VND] 0", 5), ('"âm "0', 5),
        ('0*-"-"', 5), ("-0%", 0.5), ("-General", 5), ("0;0", -5), ("0;[Red]0", -5), ("0;0;0", -5), ("[>=0]0;0", -5),
        ("[<0]0;0", -5), ("(0);0", 5), ("[>100]-0;0", 101),
        # letters among the digits
        ('0"."0', 25), ('0","00', 2857), ('0" "0', 25), ("0-00", 2023), ('0"h"00', 130), ('0"5"0', 12), ('0.0"5"0', 1),
        (r"0\.000", 882), ('#"."##0', 882), ('0"0"0', 12),
        # digits in the place of the number's
        ('"5"', 7), ('0;-0;"5"', 0), ("0.0E+0", 12345), ("0E+00", 882),
    ],
)  # fmt: skip
def test_signs_and_letters_may_make_another_figure_of_a_number(code: str, number: float) -> None:
    assert number_format(code, number).is_another
    assert not shows_numbers_as_they_are(code)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("0;-0", -5), ("0;(0)", -5), (r"_(* #,##0_);_(* \(#,##0\);_(* \-_)", -5), ("0;-[$VND] 0", -5), ("[<0]-0;0", -5),
        ('0;"âm "0', -5), ("0", -5), ("0;0", 5), ("0;[Red]0", 5), ("-0", 0), ("0;-0;-0", 0), ("0;@", -5),
        ("[>100]0;0", -5), ("[<100]0;0", -5), ('0" (hồ sơ)"', 5), ('"(tạm) "0', 5), ("_-0_-", 5), ('0;"-"', -5),
        ("# ##0", 882), ("# ##0", 1882), ("#'##0", 1882), ('#"."##0', 1882), ('#"."##0', 0), ('[>=1000]#"."##0;0', 882),
        ("0.0E+0", 1200), ("0.0E+0", 10**400),
        ("0.00E+00", 1.2345), ("# ?/?", 5), ('"x"', 5), ("0000", 5), ("d-m-yy", 5), ("@", -5),
    ],
)  # fmt: skip
def test_other_signs_and_letters_leave_it_as_it_is(code: str, number: float) -> None:
    assert not number_format(code, number).is_another


@pytest.mark.parametrize(("code", "percents"), [("0", 0), ("0%", 1), ("0%%", 2), ("General%%", 2), ('0"%"', 0)])
def test_each_sign_of_percent_multiplies(code: str, percents: int) -> None:
    assert number_format(code).percents == percents


def test_what_is_drawn_beside_a_text_stands_beside_its_place() -> None:
    assert number_format('0;-0;0;"Số "@" nghìn"', "882")[3:5] == ("Số ", " nghìn")


def test_a_condition_decides_which_numbers_are_divided() -> None:
    assert [number_format("[>=1000]#,##0,;0", number).scale for number in (999, 1000, 882_000)] == [0, 1, 1]


@pytest.mark.parametrize(
    "code", ["General", "0.00", "#,##0;[Red]-#,##0", "0;-0;;@", "@", '0;-0;"-"', BUILTIN_FORMATS[44]]
)
def test_numbers_are_shown_as_they_are(code: str) -> None:
    assert shows_numbers_as_they_are(code)


@pytest.mark.parametrize(
    "code",
    [";;;", "0;;", "#,##0,", "0%", "d-mmm", "h:mm", "[>1000]#,##0,;0", "[=1]0;[=2]0;0%", "[>1000]0;-0;0", '0;-0;"1"0'],
)
def test_some_numbers_are_not_shown_as_they_are(code: str) -> None:
    assert not shows_numbers_as_they_are(code)


@pytest.mark.parametrize("code", [";;;", "0;;", "0;-0;;@", "0;0;0;", '""', '[=1]"Có";0'])
def test_a_code_may_hide_some_content(code: str) -> None:
    assert may_hide(code)


@pytest.mark.parametrize("code", ["General", "", "@", "#,##0", "0.00;-0.00", "0;-0;0;@", "d-mmm", "h:mm", "0%"])
def test_other_codes_hide_nothing(code: str) -> None:
    assert not may_hide(code)


@pytest.mark.parametrize("code", BUILTIN_FORMATS.values())
def test_dates_and_times_without_a_declaration_are_those_of_openpyxl(code: str) -> None:
    assert (number_format(code).shown in {DATE, TIME}) == is_date_to_openpyxl(code)


PIECES = ["0", "#,##0", ".00", '"ngày"', "[Red]", r"\d", "dd", "/mm/", "yyyy", "h:mm", " ", "-", "(", ")"]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_a_code_of_one_section_is_a_date_or_time_where_openpyxl_says_so(code: str) -> None:
    assert (number_format(code).shown in {DATE, TIME}) == is_date_to_openpyxl(code)


@given(st.text(alphabet='0#?.,%/@;[]"\\_*dmyhsE+-GeneralR>=1$ ', max_size=30), st.integers(-2, 2) | st.text(max_size=3))
def test_every_code_means_something(code: str, content: str | int) -> None:
    assert isinstance(number_format(code, content), NumberFormat)
    assert isinstance(shows_numbers_as_they_are(code), bool)
