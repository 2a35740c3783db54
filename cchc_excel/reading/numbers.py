"""What stands in a value cell → the number it says, exactly, or what keeps it from being one.

Never:  guesses, raises. A text with two readings, or with more in it than a number and the row's own unit, comes back
        without a value, with a `problem` and the `alternatives`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from cchc_excel.form.language import as_number
from cchc_excel.grid import DAY_0, DAY_0_OF_1904
from cchc_excel.reading.units import RowUnit, bare, scale_of
from cchc_excel.submission import How
from cchc_excel.vietnamese.guesses import BEFORE_A_GUESS
from cchc_excel.vietnamese.patterns import Accented, Pattern
from cchc_excel.vietnamese.text import clean

__all__ = [
    "Number",
    "NumberReading",
    "Problem",
    "date_slip",
    "read_float",
    "read_number",
    "shown_day",
    "shown_time",
    "time_slip",
]

Number: TypeAlias = "int | Fraction"
Problem: TypeAlias = Literal[
    "not_a_number", "written_expression", "ambiguous_separator", "foreign_unit", "note_in_cell", "two_numbers"
]

MOST_LETTERS = 1000  # a longer text is an essay; Python refuses integers of more than 4300 digits
LEAST_FILLER = 4  # dots of a printed blank to fill in; three dots are an answer, though it says nothing


class NumberReading(NamedTuple):
    """What a text was taken to mean.

    `value` is exact, in the unit of the row (percent as 28.57), an `int` whenever whole; None for a blank, for a word
    of absence in a percent row, and wherever there is a `problem` (`how` is then UNREAD). `decimals` counts the digits
    after the separator as written. `alternatives` are what the text may mean, in the unit of the row, likeliest first.
    `unit` is the unit as written, whether dropped or not the row's.
    """

    value: Number | None
    decimals: int
    how: How
    problem: Problem | None = None
    alternatives: tuple[Number, ...] = ()
    unit: str | None = None


def read_number(text: str, kind: str, unit: str) -> NumberReading:
    """Read a text in a row of this kind ("count", "percent" or "money"; a `Kind` will do) and unit."""
    return _read(text, kind, unit)


def _read(text: str, kind: str, unit: str) -> NumberReading:
    text = text.strip()
    if len(text) > MOST_LETTERS:
        return _refused("not_a_number")
    if text.isascii() and text.isdigit():
        return NumberReading(int(text), 0, How.TEXT_NUMBER)
    numbers = _one_a_line(text, kind, unit)
    if len(numbers) > 1:
        return _refused("two_numbers", numbers)
    tidy = _tidy(text)
    if not tidy or _is_filler(tidy):
        return NumberReading(None, 0, How.BLANK)
    if any(sign.isnumeric() and not sign.isascii() for sign in tidy):  # ², ½, Ⅳ and the digits of other scripts
        return _refused("not_a_number")
    row = RowUnit(kind, unit)
    for reader in (_word_for_none, _plain_number, _two_signs, _expression, _letters_for_digits, _with_words):
        if (reading := reader(tidy, row)) is not None:
            return reading
    return _refused("not_a_number")


def _one_a_line(text: str, kind: str, unit: str) -> tuple[Number, ...]:
    """The numbers of a text of two or more lines, or with tabs in it: neither separates thousands."""
    parts = _BREAKS.split(text)
    if len(parts) < 2:
        return ()
    readings = [_read(part, kind, unit) for part in parts if any(map(str.isdigit, part))]
    return tuple(reading.value for reading in readings if reading.value is not None)


def _refused(problem: Problem, alternatives: tuple[Number, ...] = (), unit: str | None = None) -> NumberReading:
    return NumberReading(None, 0, How.UNREAD, problem, tuple(dict.fromkeys(alternatives)), unit)


# --- the text made plain

_BREAKS = re.compile(r"[\n\r\t\v\f\u2028\u2029]+")

_PLAIN_SIGNS = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
    | str.maketrans("−‐‑‒–—―﹣⁄∕÷×∗₫", "--------///**đ")
)


def _tidy(text: str) -> str:
    """Plain spaces and signs, no apostrophe (by which Excel marks a text), no full stop as after a sentence."""
    plain = clean(text.translate(_PLAIN_SIGNS)).strip("'’‘` ")
    return plain[:-1].rstrip() if len(plain) > 1 and plain[-1] in ".,;" and plain[-2] not in ".,;…" else plain


def _is_filler(text: str) -> bool:
    dots = text.replace("…", "...").replace(" ", "")
    return len(dots) >= LEAST_FILLER and not dots.strip("._")


# --- a figure: digits and separators

_FIGURE = r"(?>[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
_ONE_GROUP = re.compile(r"(?!0+[.,])\d{1,3}[.,]\d{3}")
_DECIMAL = re.compile(r"(\d+)(?:[.,](\d+))?")
_GROUPED = Pattern(r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?")
_GROUPED_ENGLISH = Pattern(r"([1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?")
_SPACED = Pattern(r"([1-9]\d{0,2}(?: \d{3})+)(?:[.,](\d+))?")


class _Figure(NamedTuple):
    """A figure by itself; two `readings` where its separator may be of thousands or of decimals."""

    readings: tuple[Number, ...]
    decimals: int
    how: How


def _figure(text: str, *, whole: bool) -> _Figure | None:
    """Read digits and separators; `whole` says that the unit is not divided into thousandths (counts, đồng)."""
    if text.isdigit():
        return _Figure((int(text),), 0, How.TEXT_NUMBER)
    if _ONE_GROUP.fullmatch(text):
        grouped = int(re.sub("[.,]", "", text))
        if whole:
            return _Figure((grouped,), 0, How.THOUSANDS)
        return _Figure((as_number(Fraction(grouped, 1000)), grouped), 3, How.SEPARATORS)
    for form in (_DECIMAL, _GROUPED, _GROUPED_ENGLISH, _SPACED):
        if found := form.fullmatch(text):
            before, after = re.sub("[., ]", "", found[1]), found[2] or ""
            value = as_number(Fraction(int(before + after), 10 ** len(after)))
            return _Figure((value,), len(after), How.SEPARATORS)
    return None


def _figure_of(text: str, unit: str, row: RowUnit) -> _Figure | None:
    return _figure(text, whole=row.kind == "count" or scale_of(unit) == 1)


# --- the readers: each returns a reading, or None if the text is not of its sort

_NONE = frozenset(
    {"khong", "ko", "khong co", "ko co", "0 co", "kps", "khong ps", "ko ps"}
    | {"khong phat sinh", "ko phat sinh", "khong co phat sinh", "ko co phat sinh"}
)
_WITH_UNIT = re.compile(rf"(-?)({_FIGURE})\s*(\D*)")
_BRACKETED = Pattern(rf"(?:\(\s*({_FIGURE})\s*\)|-\s+({_FIGURE}))\s*(\D*)")


def _word_for_none(text: str, row: RowUnit) -> NumberReading | None:
    words, unit = bare(text), bare(row.unit)
    if words not in _NONE and unit and words.endswith(f" {unit}"):
        words = words.removesuffix(unit).strip()
    if words in _NONE or not text.strip("- "):
        return NumberReading(None if row.kind == "percent" else 0, 0, How.WORD_FOR_NONE)
    return None


def _plain_number(text: str, row: RowUnit) -> NumberReading | None:
    """A figure, alone or with the row's own unit."""
    found = _WITH_UNIT.fullmatch(text)
    if found is None or (found[3] and not row.owns(found[3])):
        return None
    figure = _figure_of(found[2], found[3], row)
    if figure is None:
        return None
    readings = tuple(-value if found[1] else value for value in figure.readings)
    unit = found[3] or None
    if len(readings) > 1:
        return _refused("ambiguous_separator", readings, unit)
    how = figure.how if unit is None else How.PERCENT_SIGN if row.kind == "percent" else How.UNIT_DROPPED
    return NumberReading(readings[0], figure.decimals, how, unit=unit)


def _two_signs(text: str, row: RowUnit) -> NumberReading | None:
    """`(5)`, a negative figure to accountants, and `- 5`, an item of a list to writers."""
    found = _BRACKETED.fullmatch(text)
    if found is None or (found[3] and not row.owns(found[3])):
        return None
    figure = _figure_of(found[1] or found[2], found[3], row)
    if figure is None:
        return None
    return _refused("ambiguous_separator", tuple(sign * value for value in figure.readings for sign in (1, -1)))


_OF = r"(?:/|:|trên(?: tổng số)?|trong(?: tổng số)?|của)"
_FRACTION = Pattern(rf"=?\s*({_FIGURE})\s*{_OF}\s*({_FIGURE})", re.IGNORECASE)
_RESULT = Pattern(rf"\D*\d[^=]*=\s*({_FIGURE})")
_SUM = Pattern(rf"=?\s*{_FIGURE}(?:\s*\+\s*{_FIGURE})+")
_OTHER = Pattern(rf"=?\s*(?:từ\s+)?{_FIGURE}(?:\s*[-~*]\s*|\s+(?:x|đến|tới)\s+){_FIGURE}", re.IGNORECASE)
_ABOUT = Accented.of(rf"(?:[≈~±+=]|[<>]=?|[≥≤]|{BEFORE_A_GUESS})\s*({_FIGURE})\D*", re.IGNORECASE)


def _expression(text: str, row: RowUnit) -> NumberReading | None:
    """A figure still to be worked out, or one that is only about right: `17/19`, `2+1`, `5-7`, `khoảng 10`."""
    unit = re.split(r"[\d()]", text)[-1].strip()
    body = text.removesuffix(unit).rstrip() if row.owns(unit) else text
    if found := _RESULT.fullmatch(body) or _ABOUT.of_text(text).fullmatch(text):
        return _refused("written_expression", _single(found[1], row, unit))
    if found := _FRACTION.fullmatch(body):
        part, whole = (_figure(figure, whole=True) for figure in found.groups())
        if row.kind != "percent" or part is None or whole is None or not whole.readings[0]:
            return _refused("written_expression")
        return _refused("written_expression", (as_number(Fraction(100 * part.readings[0]) / whole.readings[0]),))
    if _SUM.fullmatch(body):
        terms = [_single(term, row, unit) for term in body.lstrip("= ").split("+")]
        return _refused("written_expression", (sum(term[0] for term in terms),) if all(terms) else ())
    return _refused("written_expression") if _OTHER.fullmatch(body) else None


def _single(text: str, row: RowUnit, unit: str) -> tuple[Number, ...]:
    """The one reading of a figure, or none: not if its separator is unclear or its unit another."""
    if unit and not row.owns(unit):
        return ()
    figure = _figure_of(text.strip(), unit, row)
    return figure.readings if figure is not None and len(figure.readings) == 1 else ()


_DIGITS_OF_LETTERS = str.maketrans("OolI|", "00111")
_LETTERS_FOR_DIGITS = Pattern(r"(?=\D*\d)(?=[\d.,]*[OolI|])((\d*(?:[.,]\d+)*)[\d.,OolI|]+)\s*(\D*)")


def _letters_for_digits(text: str, row: RowUnit) -> NumberReading | None:
    """`25O`, `9O%`: a letter typed for the digit that it looks like, or one that slipped in behind the figure."""
    found = _LETTERS_FOR_DIGITS.fullmatch(text)
    if found is None or (found[3] and not row.owns(found[3])):
        return None
    written, digits_before, unit = found.groups()
    slipped_in = digits_before if not any(map(str.isdigit, written[len(digits_before) :])) else ""
    meant = (_figure_of(digits, unit, row) for digits in (written.translate(_DIGITS_OF_LETTERS), slipped_in))
    return _refused("written_expression", tuple(value for figure in meant if figure for value in figure.readings))


_WORDS_AFTER = Pattern(rf"(-?)({_FIGURE})(\s*)([^\d\s].*)")
_WORDS_BEFORE = Pattern(rf"(?:[^\d:]+:|có|đạt|được|tổng|tổng số|cộng)\s*({_FIGURE})\s*(\D*)", re.IGNORECASE)
_UNIT_WORDS = 3  # `thủ tục hành chính` has four, but is known; longer is a remark
_REMARK = Pattern(
    "trở|đang|đã|chưa|trong|do|vì|so|tăng|giảm|và|còn|là|tính|theo|đến|từ|của|có|không|lần", re.IGNORECASE
)


def _with_words(text: str, row: RowUnit) -> NumberReading | None:
    """A figure with words: of another unit, or a remark."""
    if found := _WORDS_BEFORE.fullmatch(text):
        return _refused("note_in_cell", _single(found[1], row, found[2]))
    found = _WORDS_AFTER.fullmatch(text)
    if found is None or not (found[4].startswith(("(", "[", "%", "‰")) or any(map(str.isalpha, found[4]))):
        return None
    rest = found[4].strip()
    has_digits = any(map(str.isdigit, rest))
    if has_digits and not found[3] and rest[0].isalpha() and not scale_of(rest.split()[0]):
        return None  # 1e5, 0x10, 5m2
    unit = re.split(r"[(\[;:,.\d]|-\s", rest)[0].strip()
    figure = _figure_of(found[2], unit, row)
    if figure is None:
        return None
    first = unit.split()[0] if unit else ""
    if has_digits and scale_of(first) not in (None, 1) and "(" not in rest:
        return _refused("written_expression")  # 1 tỷ 500 triệu
    factor = unit if scale_of(unit) is not None or row.owns(unit) else first if scale_of(first) is not None else unit
    values = (row.converted(-value if found[1] else value, factor) for value in figure.readings)
    if unit.startswith("%") and row.kind != "percent":
        return _refused("foreign_unit", (), unit)
    is_unit = unit == rest and len(unit.split()) <= _UNIT_WORDS and not _REMARK.fullmatch(first)
    return _refused("foreign_unit", tuple(values), unit) if is_unit else _refused("note_in_cell", tuple(values))


# --- a cell that holds a number


def read_float(value: float) -> tuple[Number, int]:
    """Return the decimal that an Excel number stands for, exactly, and its count of decimals.

    Excel knows 15 significant digits, shows no more and compares no more, but stores what its sums leave over:
    7.0000000000000009 is 7, and 0.28999999999999998 is 29/100 with 2 decimals. The count is true (28.571428571428573
    has 13); to cap it is the caller's affair. Raises ValueError if not finite, which no cell is.
    """
    if isinstance(value, int):
        return value, 0
    if value.is_integer():
        return int(value), 0
    exact = Decimal(f"{value:.15g}")
    exponent = exact.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"not finite: {value}")
    if exponent >= 0:
        return int(exact), 0
    return Fraction(exact), -exponent


_LAST_SERIAL = 2_958_465 - 1462  # 31 December 9999 where days are counted from 1904
_NO_SUCH_DAY = 60  # the 29 February 1900 that never was: 1-2-3 had it, so Excel has
_MOST_HOURS = 10_000  # what Excel takes for a time is less
_FIRST_SHORT_YEAR, _LAST_SHORT_YEAR = 1930, 2029  # Excel's reading of years with two digits


def date_slip(serial: float, *, date1904: bool = False) -> tuple[str, ...]:
    """Return what a clerk may have typed for a figure that Excel made a date of; () if nothing known.

    45109, 2 July 2023: `2/7` where Excel reads day/month (first, as Windows is set in Vietnam), `7/2` where
    month/day. A first of a month may also be `3/23`, month and year; less than a day is a time, `17:19`.
    """
    if not 0 <= serial <= _LAST_SERIAL:
        return ()
    if serial < 1:
        return time_slip(serial) if serial else ()
    if int(serial) == _NO_SUCH_DAY and not date1904:
        return ("29/2", "2/29")
    day = _day(serial, date1904=date1904)
    texts = [f"{day.day}/{day.month}", f"{day.month}/{day.day}"]
    if day.day == 1 and _FIRST_SHORT_YEAR <= day.year <= _LAST_SHORT_YEAR and day.year % 100 > 12:
        texts.append(f"{day.month}/{day.year % 100}")
    return tuple(dict.fromkeys(texts))


def time_slip(serial: float) -> tuple[str, ...]:
    """Return what a clerk may have typed for a figure that Excel made a time of: `17:19`; () if nothing known."""
    return (shown_time(serial),) if 0 <= serial * 24 < _MOST_HOURS else ()


def shown_day(serial: float, *, date1904: bool = False) -> str:
    """Return the day that Excel shows for a serial number, or the number itself where there is no such day."""
    if not 0 <= serial <= _LAST_SERIAL:
        return str(serial)
    if not date1904 and serial < 1:
        return "0/1/1900"
    if not date1904 and int(serial) == _NO_SUCH_DAY:
        return "29/2/1900"
    day = _day(serial, date1904=date1904)
    return f"{day.day}/{day.month}/{day.year}"


def shown_time(serial: float) -> str:
    """Return the time that Excel shows for a serial number, or the number itself where there is no such time."""
    if not 0 <= serial <= _LAST_SERIAL:
        return str(serial)
    hours, minutes = divmod(round(serial * 1440), 60)
    return f"{hours if hours < _MOST_HOURS else hours % 24}:{minutes:02d}"


def _day(serial: float, *, date1904: bool) -> date:
    start = DAY_0_OF_1904 if date1904 else DAY_0 if serial > _NO_SUCH_DAY else DAY_0 + timedelta(days=1)
    return start + timedelta(days=int(serial))
