"""Numbers as Vietnamese clerks write them, and the texts that are not (yet) a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cchc_excel.reading.numbers import NumberReading, date_slip, read_float, read_number
from cchc_excel.submission import How

UNITS = {"count": "Nhiệm vụ", "percent": "%", "money": "Triệu đồng"}


def count(text: str, unit: str = "Nhiệm vụ") -> NumberReading:
    return read_number(text, "count", unit)


def percent(text: str) -> NumberReading:
    return read_number(text, "percent", "%")


def money(text: str, unit: str = "Triệu đồng") -> NumberReading:
    return read_number(text, "money", unit)


# --- counts


@pytest.mark.parametrize(
    ("text", "value", "how"),
    [
        ("7", 7, How.TEXT_NUMBER),
        ("02", 2, How.TEXT_NUMBER),
        ("'7", 7, How.TEXT_NUMBER),
        (" 104 ", 104, How.TEXT_NUMBER),
        ("104\u200b\u00a0", 104, How.TEXT_NUMBER),
        ("１２", 12, How.TEXT_NUMBER),
        ("104.", 104, How.TEXT_NUMBER),
        ("-5", -5, How.TEXT_NUMBER),
        ("−5", -5, How.TEXT_NUMBER),
        ("100000000000000000001", 100000000000000000001, How.TEXT_NUMBER),
        ("1.234", 1234, How.THOUSANDS),
        ("1,234", 1234, How.THOUSANDS),
        ("4.360.648", 4360648, How.SEPARATORS),
        ("4,360,648", 4360648, How.SEPARATORS),
        ("1 234", 1234, How.SEPARATORS),
        ("12\u00a0345", 12345, How.SEPARATORS),
        ("1\u2009234\u202f567", 1234567, How.SEPARATORS),
        ("7 nhiệm vụ", 7, How.UNIT_DROPPED),
        ("07 NHIỆM VỤ", 7, How.UNIT_DROPPED),
        ("7 nhiem vu", 7, How.UNIT_DROPPED),
        ("7 NV", 7, How.UNIT_DROPPED),
        ("1.234 nhiệm vụ", 1234, How.UNIT_DROPPED),
    ],
)
def test_a_count_in_every_style(text: str, value: int, how: How) -> None:
    reading = count(text)
    assert (reading.value, reading.how, reading.problem) == (value, how, None)
    assert type(reading.value) is int


def test_a_fraction_in_a_count_is_read_as_written_and_left_to_the_checks() -> None:
    assert count("1.23") == NumberReading(Fraction(123, 100), 2, How.SEPARATORS)
    assert count("0,125").value == Fraction(1, 8)


@pytest.mark.parametrize(
    ("text", "unit"), [("5 TTHC", "Thủ tục"), ("5 thủ tục hành chính", "Thủ tục"), ("5 người", "Người")]
)
def test_the_unit_under_another_of_its_names_is_dropped(text: str, unit: str) -> None:
    assert count(text, unit).how is How.UNIT_DROPPED


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "–",
        "--",
        "không",
        "Không",
        "KHONG",
        "Ko",
        "không có",
        "KPS",
        "không phát sinh",
        "0 có",
        "Không có nhiệm vụ",
    ],
)
def test_a_word_of_absence_is_zero_in_a_count_or_amount_and_blank_in_a_percentage(text: str) -> None:
    assert count(text) == NumberReading(0, 0, How.WORD_FOR_NONE)
    if "nhiệm vụ" not in text:
        assert money(text) == NumberReading(0, 0, How.WORD_FOR_NONE)
        assert percent(text) == NumberReading(None, 0, How.WORD_FOR_NONE)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "\u200b", "…….", "......", "____", "… …"])
def test_an_empty_cell_and_a_printed_blank_to_fill_in_are_blank(text: str) -> None:
    assert count(text) == NumberReading(None, 0, How.BLANK)


@pytest.mark.parametrize(
    "text",
    [
        *("/", "…", "...", "x", "X", "chín", "5+", ",5", "5.."),
        *("1e5", "0x10", "1_000", "NaN", "inf", "Infinity", "9" * 2000),
        *("١٢", "๑๒", "5²", "½", "Ⅳ"),
        *("12 13", "12 34", "1 2345", "1.2.3", "1.23.456", "1.234,5,6", "2/7/2023"),
    ],
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert count(text) == NumberReading(None, 0, How.UNREAD, "not_a_number")


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("17/19", ()),
        ("2/7 nhiệm vụ", ()),
        ("5-7", ()),
        ("từ 5 đến 7", ()),
        ("2+1", (3,)),
        ("=2+1+4", (7,)),
        ("2+1 nhiệm vụ", (3,)),
        ("≈10", (10,)),
        (">=5", (5,)),
        ("≥ 5", (5,)),
        ("khoảng 10", (10,)),
        ("Khoảng 10 nhiệm vụ", (10,)),
        ("khoảng 10 văn bản", ()),
        ("+5", (5,)),
        ("5 x 3", ()),
        ("1 tỷ 500 triệu", ()),
    ],
)
def test_an_expression_and_an_estimate_are_for_the_clerk_to_work_out(text: str, alternatives: tuple[int, ...]) -> None:
    assert count(text) == NumberReading(None, 0, How.UNREAD, "written_expression", alternatives)


@pytest.mark.parametrize("text", ["(5)", "- 5"])
def test_brackets_and_a_detached_dash_may_or_may_not_mean_a_negative(text: str) -> None:
    assert count(text) == NumberReading(None, 0, How.UNREAD, "ambiguous_separator", (5, -5))


@pytest.mark.parametrize(
    ("text", "unit", "alternatives"),
    [
        ("02 văn bản", "văn bản", (2,)),
        ("5%", "%", ()),
        ("5 đồng chí", "đồng chí", (5,)),
        ("5 nghìn", "nghìn", (5000,)),
        ("1,2 triệu", "triệu", (1200000,)),
        ("5 nghìn nhiệm vụ", "nghìn nhiệm vụ", (5000,)),
    ],
)
def test_another_unit_is_never_dropped(text: str, unit: str, alternatives: tuple[int, ...]) -> None:
    assert count(text) == NumberReading(None, 0, How.UNREAD, "foreign_unit", alternatives, unit)


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("25O", (250, 25)),
        ("26l", (261, 26)),
        ("7I", (71, 7)),
        ("O5", (5,)),
        ("1O5", (105,)),
        ("25oo", (2500, 25)),
        ("88O nhiệm vụ", (880, 88)),
    ],
)
def test_a_letter_that_looks_like_a_digit_was_typed_for_it_or_slipped_in(text: str, alternatives: tuple[int]) -> None:
    reading = count(text)
    assert (reading.value, reading.problem, reading.alternatives) == (None, "written_expression", alternatives)


def test_where_no_unit_is_printed_any_unit_is_another() -> None:
    assert count("450 văn bản", unit="").problem == "foreign_unit"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0 (đang rà soát)", 0),
        ("10 (trong đó 2 nữ)", 10),
        ("10(2)", 10),
        ("10 trong đó 2 nữ", 10),
        ("10, 2 nữ", 10),
        ("7 nhiệm vụ (2 quá hạn)", 7),
        ("7 nhiệm vụ quá hạn", 7),
        ("10 đang rà soát", 10),
        ("07 (bảy)", 7),
        ("Tổng số: 1.010", 1010),
        ("có 5", 5),
    ],
)
def test_a_remark_beside_the_figure_leaves_the_figure_a_suggestion(text: str, value: int) -> None:
    reading = count(text)
    assert (reading.value, reading.how) == (None, How.UNREAD)
    assert reading.problem in {"note_in_cell", "foreign_unit"}
    assert reading.alternatives == (value,)


def test_a_remark_is_told_from_a_unit() -> None:
    assert count("10 (trong đó 2 nữ)").problem == "note_in_cell"
    assert count("10 đang rà soát").problem == "note_in_cell"
    assert count("Tổng: 1,5 tỷ").alternatives == ()


# --- percentages


@pytest.mark.parametrize(
    ("text", "value", "decimals", "how"),
    [
        ("4,5%", "4.5", 1, How.PERCENT_SIGN),
        ("28,57", "28.57", 2, How.SEPARATORS),
        ("28.57", "28.57", 2, How.SEPARATORS),
        ("28,57 %", "28.57", 2, How.PERCENT_SIGN),
        ("１００％", "100", 0, How.PERCENT_SIGN),
        ("100 phần trăm", "100", 0, How.PERCENT_SIGN),
        ("0,00", "0", 2, How.SEPARATORS),
        ("1.234,5", "1234.5", 1, How.SEPARATORS),
        ("1,234.5", "1234.5", 1, How.SEPARATORS),
        ("0,125", "0.125", 3, How.SEPARATORS),
        ("28,5714", "28.5714", 4, How.SEPARATORS),
    ],
)
def test_a_percentage_in_every_style(text: str, value: str, decimals: int, how: How) -> None:
    reading = percent(text)
    assert (reading.value, reading.decimals, reading.how, reading.problem) == (Fraction(value), decimals, how, None)


@pytest.mark.parametrize("text", ["1.234", "1,234", "1.234 %"])
def test_three_digits_after_the_only_separator_have_two_readings(text: str) -> None:
    reading = percent(text)
    assert (reading.value, reading.problem) == (None, "ambiguous_separator")
    assert reading.alternatives == (Fraction(1234, 1000), 1234)


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("17/19", (Fraction(1700, 19),)),
        ("17/19 %", (Fraction(1700, 19),)),
        ("2 trên 7", (Fraction(200, 7),)),
        ("1.000/1.250", (80,)),
        ("0/0", ()),
        ("17/19 = 89,47%", (Fraction(8947, 100),)),
        ("≈ 89,47%", (Fraction(8947, 100),)),
    ],
)
def test_a_fraction_in_a_percentage_suggests_its_hundredfold(text: str, alternatives: tuple[Fraction, ...]) -> None:
    assert percent(text) == NumberReading(None, 0, How.UNREAD, "written_expression", alternatives)


def test_per_mille_and_counts_in_a_percentage_are_of_another_unit() -> None:
    assert percent("5‰") == NumberReading(None, 0, How.UNREAD, "foreign_unit", (Fraction(1, 2),), "‰")
    assert percent("5 nhiệm vụ").problem == "foreign_unit"
    assert percent("89,47% (17/19)").alternatives == (Fraction(8947, 100),)


# --- money


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("4.360.648đ", "Đồng", 4360648),
        ("97.900.000 đồng", "Đồng", 97900000),
        ("250.000 VNĐ", "đồng", 250000),
        ("250.000 ₫", "", 250000),
        ("97,9 triệu đồng", "Triệu đồng", Fraction(979, 10)),
        ("97.9 tr.đ", "Triệu đồng", Fraction(979, 10)),
        ("1.234.567,5", "Triệu đồng", Fraction(2469135, 2)),
    ],
)
def test_an_amount_in_the_unit_of_its_row(text: str, unit: str, value: int | Fraction) -> None:
    reading = money(text, unit)
    assert (reading.value, reading.problem) == (value, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,5 tỷ", 1500), ("1,5 tỉ đồng", 1500), ("97.900.000 đồng", Fraction(979, 10)), ("500k", Fraction(1, 2))],
)
def test_an_amount_in_another_unit_is_converted_only_as_a_suggestion(text: str, value: int | Fraction) -> None:
    reading = money(text)
    assert (reading.value, reading.problem, reading.alternatives) == (None, "foreign_unit", (value,))


def test_an_amount_of_millions_with_three_decimals_has_two_readings() -> None:
    assert money("1.234").alternatives == (Fraction(1234, 1000), 1234)
    assert money("1.234").problem == "ambiguous_separator"


# --- laws


def dotted(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


STYLES: dict[str, Callable[[int], str]] = {
    "plain": str,
    "dots": dotted,
    "leading zero": lambda value: f"0{value}",
    "no-break spaces": lambda value: f"{value:,}".replace(",", "\u00a0"),
    "spaces around": lambda value: f" {value}\u00a0",
    "full width": lambda value: full_width(str(value)),
    "own unit": lambda value: f"{dotted(value)} nhiệm vụ",
    "unit attached": lambda value: f"{value}nhiệm vụ",
}


@pytest.mark.parametrize("style", STYLES)
@given(st.integers(0, 10**18))
def test_a_count_written_in_any_style_reads_back(style: str, value: int) -> None:
    reading = count(STYLES[style](value))
    assert (reading.value, reading.problem) == (value, None)


@given(st.integers(0, 10**9), st.sampled_from(["percent", "money"]), st.sampled_from(["", "own unit", "wide"]))
def test_a_figure_with_two_decimals_reads_back(hundredths: int, kind: str, style: str) -> None:
    text = f"{dotted(hundredths // 100)},{hundredths % 100:02d}"
    if style == "own unit":
        text += f" {UNITS[kind]}"
    reading = read_number(full_width(text) if style == "wide" else text, kind, UNITS[kind])
    assert (reading.value, reading.decimals) == (Fraction(hundredths, 100), 2)
    assert isinstance(reading.value, int) is (hundredths % 100 == 0)


messy = st.text(st.sampled_from(list("0123456789.,/-+() %=đxkoĐtỷ:;…'_²１\u00a0")), max_size=20)


@settings(max_examples=400)
@given(st.one_of(st.text(), messy), st.sampled_from(list(UNITS)), st.sampled_from([*UNITS.values(), "", "Đồng"]))
@example("0" * 5000, "count", "Người")
@example("1" * 900 + "." + "1" * 90, "money", "")
def test_whatever_the_text_there_is_a_reading_and_a_problem_never_has_a_value(text: str, kind: str, unit: str) -> None:
    reading = read_number(text, kind, unit)
    assert (reading.how is How.UNREAD) is (reading.problem is not None)
    assert reading.value is None or reading.problem is None
    for number in (reading.value, *reading.alternatives):
        assert isinstance(number, int | None) or number.denominator != 1


# --- cells that hold numbers


@pytest.mark.parametrize(
    ("stored", "value", "decimals"),
    [
        (5, 5, 0),
        (2.0, 2, 0),
        (0.28999999999999998, Fraction(29, 100), 2),
        (28.57, Fraction(2857, 100), 2),
        (28.571428571428573, Fraction(285714285714286, 10**13), 13),
        (1e-7, Fraction(1, 10**7), 7),
        (1e22, 10**22, 0),
        (-0.5, Fraction(-1, 2), 1),
    ],
)
def test_a_stored_number_is_the_decimal_it_shows(stored: float, value: int | Fraction, decimals: int) -> None:
    assert read_float(stored) == (value, decimals)
    assert isinstance(read_float(stored)[0], int) is (decimals == 0)


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_a_decimal_that_excel_stored_comes_back_exactly(digits: int, places: int) -> None:
    assert read_float(digits / 10**places)[0] == Fraction(digits, 10**places)


def test_infinity_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        read_float(float("nan"))


@pytest.mark.parametrize(
    ("serial", "texts"),
    [
        (45109, ("2/7", "7/2")),
        (44964, ("7/2", "2/7")),
        (45109.0, ("2/7", "7/2")),
        (45017, ("1/4", "4/1", "4/23")),
        (44930, ("4/1", "1/4")),
        (43497, ("1/2", "2/1", "2/19")),
        (0.7215277777777778, ("17:19",)),
        (1, ("1/1",)),
        (59, ("28/2", "2/28")),
        (60, ("29/2", "2/29")),
        (61, ("1/3", "3/1")),
        (0, ()),
        (-3, ()),
        (1e12, ()),
        (float("nan"), ()),
    ],
)
def test_a_date_tells_what_may_have_been_typed(serial: float, texts: tuple[str, ...]) -> None:
    assert date_slip(serial) == texts


@given(st.dates(date(1904, 1, 2), date(2100, 1, 1)))
def test_both_calendars_of_excel_lead_to_the_same_texts(day: date) -> None:
    since_1904 = (day - date(1904, 1, 1)).days
    assert date_slip(since_1904, date1904=True) == date_slip(since_1904 + 1462)
    assert f"{day.day}/{day.month}" in date_slip(since_1904 + 1462)
