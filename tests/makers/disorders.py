"""What happens to a consistent form on its way: each disorder changes a `Form sheet as sent` and what is true of it.

In:     a `Sent`: the lines, columns and headings of a workbook, with the truth about each entry, the unit, the period.
Out:    the same, disordered; the truth changes only where the disorder hides it (then no value is right).
Never:  reads anything: what is true is known beforehand, and no line is shared with the reader.

The disorders are those of the issue's cases and of the list of mess that clerks make.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from consistent import Figures, consistent_figures
from sheet_writers import Page, Written

from cchc_excel.form import Form, Kind
from cchc_excel.submission import Period
from cchc_excel.vietnamese.old_encodings import Encoding, decode

HIDDEN = "hidden"
"""The truth of an entry that no reader can know: right is only to leave it unread, or to say that it is in doubt."""

Truth = int | Fraction | str | None
ROLES = ("stt", "label", "unit", "value", "note")
TITLES = {"stt": "STT", "label": "Chỉ tiêu thống kê", "unit": "Đơn vị tính", "value": "Số liệu", "note": "Ghi chú"}


@dataclass
class Line:
    """One row of the table: of an indicator (`id`), or of nothing the form knows."""

    id: str
    stt: str | float
    label: str
    unit: str
    value: Written
    note: str = ""
    others: dict[str, Written] = field(default_factory=dict)


@dataclass
class Sent:
    """A form as it is sent. `columns` are roles in their order; those not of the form are in `titles` as well."""

    form: Form
    lines: list[Line]
    truth: dict[str, Truth]
    unit: str | None
    period: Period | None
    above: list[list[str]]
    columns: list[str] = field(default_factory=lambda: list(ROLES))
    titles: dict[str, str] = field(default_factory=lambda: dict(TITLES))
    over: str = ""
    over_columns: tuple[str, ...] = ()
    down: int = 0
    right: int = 0
    header_again: tuple[int, ...] = ()
    again_from: str = ""
    title_again: str = ""
    line_again: str = ""
    numbered_columns: str = ""
    below: list[str] = field(default_factory=list)
    sheet: str = "BieuThongKe"
    file: str = "bieu.xlsx"
    font: str = ""
    old_letters: Mapping[str, str] | None = None
    hidden: set[str] = field(default_factory=set)
    merged: list[tuple[str, str]] = field(default_factory=list)
    second_from: str = ""
    second_has_titles: bool = True
    second_is_wider: str = ""
    before: list[Page] = field(default_factory=list)
    after: list[Page] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    repeat_titles: bool = False
    wide_title: bool = False
    form_below: bool = False
    asked: Period | None = None
    refused: bool = False

    def entries(self, *kinds: Kind) -> list[Line]:
        return [it for it in self.lines if it.id in self.truth and (not kinds or self.form[it.id].kind in kinds)]

    def plain(self, *kinds: Kind) -> list[Line]:
        """Lines whose value is still a number as it was typed, known and in the table."""
        return [
            it
            for it in self.entries(*kinds)
            if isinstance(self.truth[it.id], int | Fraction)
            and isinstance(it.value.value, int | float)
            and it.value == Written(it.value.value)
        ]


Disorder = Callable[[random.Random, Sent], bool]
"""Changes what is sent; False where there is nothing that it could change."""

DISORDERS: dict[str, Disorder] = {}


def disorder(function: Disorder) -> Disorder:
    DISORDERS[function.__name__] = function
    return function


# --- a form in order

COMMUNES = (
    "Bằng Lăng",
    "An Bình",
    "Hòa Mỹ",
    "Năm Căn",
    "Phú Quý",
    "Tân Lập",
    "Ea Súp",
    "Kỳ Sơn",
    "Thủy Đường",
    "Quý Lộc",
)
PARTS = {"Q1": "QUÝ I", "Q2": "QUÝ II", "Q3": "QUÝ III", "Q4": "QUÝ IV", "H1": "6 THÁNG ĐẦU", "9M": "9 THÁNG"}


def in_order(chance: random.Random, form: Form) -> Sent:
    """A consistent form as the template lays it out, of some commune and period."""
    figures: Figures = consistent_figures(chance.randint, form)
    name, period = chance.choice(COMMUNES), Period(chance.randint(2021, 2026), chance.choice(tuple(PARTS)))
    lines = [
        Line(row.id, row.stt, row.label, row.unit, _typed(figures.get(row.id)), row.note) for row in form.indicators
    ]
    title = "SỐ LIỆU VỀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH"
    above = [[f"UBND xã {name}"], ["BIỂU THỐNG KÊ"], [f"{title} {PARTS[period.part]} NĂM {period.year}"], []]
    return Sent(form, lines, dict(figures), f"UBND xã {name}", period, above)


def _typed(value: Truth) -> Written:
    return Written(float(value) if isinstance(value, Fraction) else value)


def _some(chance: random.Random, lines: Sequence[Line], most: int = 8) -> list[Line]:
    return chance.sample(lines, min(len(lines), chance.randint(1, most)))


def _each(
    chance: random.Random,
    sent: Sent,
    kinds: Sequence[Kind],
    change: Callable[[Line], Written | None],
    *,
    hides: bool = False,
) -> bool:
    """Change some plain entries of these kinds; with `hides` their truth is not to be known any more."""
    done = False
    for line in _some(chance, sent.plain(*kinds)):
        written = change(line)
        if written is not None:
            line.value, done = written, True
            if hides:
                sent.truth[line.id] = HIDDEN
    return done


COUNTS, NUMBERS, RATES = (Kind.COUNT,), (Kind.COUNT, Kind.PERCENT, Kind.MONEY), (Kind.PERCENT,)


def _text(line: Line) -> str:
    return str(line.value.value).removesuffix(".0")


def _vietnamese(line: Line) -> str:
    return _text(line).replace(".", ",")


# --- how a figure is written


@disorder
def padded_text(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(_text(it).zfill(2)))


@disorder
def spaces_around(chance: random.Random, sent: Sent) -> bool:
    space = chance.choice((" ", "\u00a0", "\u2009", "\u200b", "  "))
    return _each(chance, sent, COUNTS, lambda it: Written(f"{space}{_text(it)}{space}"))


@disorder
def full_width_digits(chance: random.Random, sent: Sent) -> bool:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return _each(chance, sent, COUNTS, lambda it: Written(_text(it).translate(wide)))


@disorder
def apostrophe(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(f"'{_text(it)}"))


@disorder
def own_unit_behind(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(f"{_text(it)} {sent.form[it.id].unit.lower()}"))


@disorder
def thousands_with_dots(chance: random.Random, sent: Sent) -> bool:
    def change(line: Line) -> Written | None:
        return Written(f"{line.value.value:,}".replace(",", ".")) if int(line.value.value or 0) > 999 else None

    return _each(chance, sent, COUNTS, change)


@disorder
def thousands_with_spaces(chance: random.Random, sent: Sent) -> bool:
    def change(line: Line) -> Written | None:
        return Written(f"{line.value.value:,}".replace(",", " ")) if int(line.value.value or 0) > 999 else None

    return _each(chance, sent, COUNTS, change)


@disorder
def decimal_comma_text(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, RATES, lambda it: Written(_vietnamese(it)))


@disorder
def percent_sign_text(chance: random.Random, sent: Sent) -> bool:
    space = chance.choice(("", " "))
    return _each(chance, sent, RATES, lambda it: Written(f"{_vietnamese(it)}{space}%"))


@disorder
def percent_cell(chance: random.Random, sent: Sent) -> bool:
    code = chance.choice(("0%", "0.00%", "0.0%"))
    return _each(chance, sent, RATES, lambda it: Written(float(Fraction(str(it.value.value)) / 100), code))


@disorder
def word_for_zero(chance: random.Random, sent: Sent) -> bool:
    word = chance.choice(("không", "Ko", "-", "KPS", "không có", "Không phát sinh", "–"))
    zeros = [it for it in sent.plain(*COUNTS) if it.value.value == 0]
    for line in _some(chance, zeros) if zeros else ():
        line.value = Written(word)
    return bool(zeros)


@disorder
def became_a_date(chance: random.Random, sent: Sent) -> bool:
    code = chance.choice(("d-mmm", "dd/mm/yyyy", "[$-42A]d mmmm", "mmm-yy"))
    return _each(chance, sent, COUNTS, lambda _: Written(chance.randint(44927, 45657), code), hides=True)


@disorder
def became_a_time(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda _: Written(chance.randint(1, 95) / 96, "h:mm"), hides=True)


@disorder
def excel_error(chance: random.Random, sent: Sent) -> bool:
    code = chance.choice(("#N/A", "#DIV/0!"))
    return _each(chance, sent, NUMBERS, lambda _: Written(code, is_error=True), hides=True)


@disorder
def two_numbers_in_a_cell(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(f"{_text(it)}\n{chance.randint(0, 300)}"), hides=True)


@disorder
def line_break_behind(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(f"{_text(it)}\n"))


@disorder
def struck_out_digits(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(_text(it), struck=str(chance.randint(1, 99))))


@disorder
def struck_out_cell(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, is_crossed_out=True), hides=True)


@disorder
def raised_footnote(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(_text(it), raised=str(chance.randint(1, 3))))


@disorder
def raised_sign(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(_text(it) + chance.choice("¹²³")))


@disorder
def hidden_by_its_format(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, ";;;"))


@disorder
def shown_in_thousands(chance: random.Random, sent: Sent) -> bool:
    return _each(
        chance, sent, COUNTS, lambda it: Written(it.value.value, "#,##0,") if it.value.value else None, hides=True
    )


@disorder
def a_count_shown_as_a_percentage(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, "0%") if it.value.value else None, hides=True)


def _shown_by(chance: random.Random, sent: Sent, *codes: str) -> bool:
    """Counts under one of these formats, which show another figure."""
    code = chance.choice(codes)
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, code) if it.value.value else None, hides=True)


@disorder
def a_word_for_thousands_in_the_format(chance: random.Random, sent: Sent) -> bool:
    return _shown_by(chance, sent, '0" nghìn"', '#,##0" triệu"', '0".000"')


@disorder
def a_sign_in_the_format(chance: random.Random, sent: Sent) -> bool:
    """A minus or brackets that the figure has not."""
    return _shown_by(chance, sent, "-0", '"-"0', '"–"#,##0', "(0)")


@disorder
def no_minus_in_the_format(chance: random.Random, sent: Sent) -> bool:
    """A negative figure of which the cell shows no sign."""
    code = chance.choice(("0;0", "#,##0;[Red]#,##0", "0;[Red]0;0"))
    return _each(chance, sent, COUNTS, lambda it: Written(-int(it.value.value or 0) - 1, code), hides=True)


@disorder
def letters_among_the_digits(chance: random.Random, sent: Sent) -> bool:
    """`0","0` shows 882 as 88,2."""
    return _shown_by(chance, sent, '0","0', '0"."00', "00-00", '0" "0')


@disorder
def accounting_format(chance: random.Random, sent: Sent) -> bool:
    code = chance.choice(
        (
            '_-* #,##0\\ _D_M_-;-* #,##0\\ _D_M_-;_-* "-"??\\ _D_M_-',
            '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_)',
            "#,##0;-#,##0;",
        )
    )
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, code))


@disorder
def unit_in_the_format(chance: random.Random, sent: Sent) -> bool:
    code = chance.choice(('0" văn bản"', '0 "hồ sơ"', "00"))
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, code))


@disorder
def percent_sign_in_the_format(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, RATES, lambda it: Written(it.value.value, '0.0"%"'))


@disorder
def residue_of_a_sum(chance: random.Random, sent: Sent) -> bool:
    def change(line: Line) -> Written | None:
        value = float(line.value.value or 0)
        return Written(value * (1 + 2.0**-52)) if value else None

    return _each(chance, sent, NUMBERS, change)


@disorder
def thousands_taken_for_a_fraction(chance: random.Random, sent: Sent) -> bool:
    def change(line: Line) -> Written | None:
        value = int(line.value.value or 0)
        return Written(value / 1000) if value > 1000 and value % 10 else None

    return _each(chance, sent, COUNTS, change, hides=True)


@disorder
def a_remark_in_the_cell(chance: random.Random, sent: Sent) -> bool:
    remark = chance.choice(
        (
            "{} (đang rà soát)",
            "khoảng {}",
            "≥ {}",
            "{} hồ sơ trễ hạn",
            "tăng {}",
            "{} lần",
            "{}/19",
            "{}+1",
            "{}-7",
            "đạt {} so với {}",
        )
    )
    return _each(chance, sent, COUNTS, lambda it: Written(remark.replace("{}", _text(it))), hides=True)


@disorder
def a_truth(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda _: Written(chance.choice((True, False))), hides=True)


@disorder
def another_unit(chance: random.Random, sent: Sent) -> bool:
    word = chance.choice(("triệu đồng", "km", "%", "nghìn", "lần"))
    return _each(chance, sent, COUNTS, lambda it: Written(f"{_text(it)} {word}"), hides=True)


@disorder
def calculated_in_the_cell(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(it.value.value, formula=f"{it.value.value}+0"))


@disorder
def never_calculated(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(None, formula=f"{it.value.value}+0"))


@disorder
def another_word_for_an_answer(chance: random.Random, sent: Sent) -> bool:
    lines = [
        it
        for it in sent.entries(Kind.CHOICE, Kind.YES_NO)
        if isinstance(sent.truth[it.id], str) and sent.truth[it.id] != HIDDEN
    ]
    for line in lines:
        answer = str(sent.truth[line.id])
        words = [answer.upper(), answer.lower(), f" {answer} ", unicodedata.normalize("NFD", answer), f"{answer}."]
        line.value = Written(chance.choice(words))
    return bool(lines)


@disorder
def digits_of_the_wrong_letters(chance: random.Random, sent: Sent) -> bool:
    def change(line: Line) -> Written | None:
        text = _text(line)
        return Written(text.replace("0", "O").replace("1", "l")) if set(text) & set("01") else None

    return _each(chance, sent, COUNTS, change, hides=True)


@disorder
def a_formula_as_text(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(f"={_text(it)}+1"), hides=True)


@disorder
def a_fraction_for_a_percentage(chance: random.Random, sent: Sent) -> bool:
    """0.2857 in a plain cell: there is a finding, or the value is that of the percentage."""
    rates = [it for it in sent.plain(*RATES) if 2 <= float(it.value.value or 0) <= 99]
    for line in _some(chance, rates) if rates else ():
        line.value = Written(float(Fraction(str(line.value.value)) / 100))
        sent.truth[line.id] = HIDDEN
    return bool(rates)


@disorder
def digits_in_two_colours(chance: random.Random, sent: Sent) -> bool:
    """The old figure and the new one in one cell, told apart by nothing but their colours."""

    def change(line: Line) -> Written | None:
        value = int(line.value.value or 0)
        return Written(f"{value} ", red=f"{chance.randint(0, 999):03d}") if 0 < value < 1000 else None

    return _each(chance, sent, COUNTS, change, hides=True)


# --- how rows are written


def _labels(chance: random.Random, sent: Sent, change: Callable[[str], str], share: float = 1.0) -> bool:
    for line in sent.lines:
        if line.id and chance.random() < share:
            line.label = change(line.label)
    return True


@disorder
def decomposed_letters(chance: random.Random, sent: Sent) -> bool:
    return _labels(chance, sent, lambda it: unicodedata.normalize("NFD", it))


@disorder
def tones_the_other_way(chance: random.Random, sent: Sent) -> bool:
    pairs = (
        ("hoá", "hóa"),
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("uỷ", "ủy"),
        ("luỹ", "lũy"),
        ("kỹ", "kĩ"),
        ("tỷ", "tỉ"),
        ("Tỷ", "Tỉ"),
        ("quý", "qúy"),
    )

    def change(text: str) -> str:
        for one, other in pairs:
            text = text.replace(one, other) if one in text else text.replace(other, one)
        return text

    return _labels(chance, sent, change)


@disorder
def capitals(chance: random.Random, sent: Sent) -> bool:
    return _labels(chance, sent, str.upper, 0.3)


@disorder
def line_breaks_in_labels(chance: random.Random, sent: Sent) -> bool:
    def change(text: str) -> str:
        words = text.split(" ")
        at = chance.randint(1, max(1, len(words) - 1))
        return " ".join(words[:at]) + chance.choice(("\n", "  ", " \n ", "\u00a0")) + " ".join(words[at:])

    return _labels(chance, sent, change, 0.4)


@disorder
def a_letter_lost(chance: random.Random, sent: Sent) -> bool:
    def change(text: str) -> str:
        if len(text) <= 25:
            return text
        at = chance.randrange(len(text))
        return text[:at] + text[at + 1 :]

    return _labels(chance, sent, change, 0.15)


@disorder
def no_accents(chance: random.Random, sent: Sent) -> bool:
    def change(text: str) -> str:
        bare = "".join(it for it in unicodedata.normalize("NFD", text) if not unicodedata.combining(it))
        return bare.replace("đ", "d").replace("Đ", "D")

    return _labels(chance, sent, change)


@disorder
def icelandic_d(chance: random.Random, sent: Sent) -> bool:
    return _labels(chance, sent, lambda it: it.replace("Đ", "Ð").replace("đ", "ð"))


@disorder
def signs_behind_labels(chance: random.Random, sent: Sent) -> bool:
    return _labels(chance, sent, lambda it: it + chance.choice((":", ";", ".", ",", " -")), 0.5)


@disorder
def dashes_before_labels(chance: random.Random, sent: Sent) -> bool:
    for line in sent.lines:
        if line.id and not line.stt:
            line.label = f"{chance.choice('-+–•*')} {line.label}"
    return True


@disorder
def letters_before_labels(chance: random.Random, sent: Sent) -> bool:
    number = 0
    for line in sent.lines:
        number = 0 if line.stt else number + 1
        if line.id and not line.stt:
            line.label = f"{'abcdefghijkl'[number % 12]}) {line.label}"
    return True


@disorder
def numbers_in_the_labels(chance: random.Random, sent: Sent) -> bool:
    if "stt" not in sent.columns:
        return False
    sent.columns.remove("stt")
    dot = chance.choice((".", "", ")", " -"))
    for line in sent.lines:
        if line.stt:
            line.label, line.stt = f"{line.stt}{dot} {line.label}", ""
    return True


@disorder
def roman_sections(chance: random.Random, sent: Sent) -> bool:
    for line in sent.lines:
        if isinstance(line.stt, str) and line.stt.isdigit() and int(line.stt) <= 7:
            line.stt = ("0", "I", "II", "III", "IV", "V", "VI", "VII")[int(line.stt)]
    return True


@disorder
def numbered_from_one(chance: random.Random, sent: Sent) -> bool:
    for number, line in enumerate(sent.lines, start=1):
        line.stt = float(number) if chance.random() < 0.5 else str(number)
    return True


@disorder
def numbers_as_numbers(chance: random.Random, sent: Sent) -> bool:
    for line in sent.lines:
        if isinstance(line.stt, str) and line.stt.count(".") <= 1 and line.stt.replace(".", "").isdigit():
            line.stt = float(line.stt)
    return True


@disorder
def tcvn3(chance: random.Random, sent: Sent) -> bool:
    if sent.old_letters is not None:
        return False
    letters = {decode(chr(code), Encoding.TCVN3): chr(code) for code in range(0xA1, 0x100)}
    letters |= {letter.upper(): code for letter, code in letters.items() if letter.upper() not in letters}
    sent.font, sent.old_letters = ".VnTime", letters
    return True


@disorder
def torn_rows(chance: random.Random, sent: Sent) -> bool:
    torn = False
    for line in _some(chance, [it for it in sent.lines if it.id and len(it.label) > 40], 3):
        at = sent.lines.index(line)
        words = line.label.split()
        half = len(words) // 2
        rest = Line("", "", " ".join(words[half:]), "", Written())
        line.label = " ".join(words[:half])
        sent.lines.insert(at + 1, rest)
        torn = True
    return torn


@disorder
def blank_rows(chance: random.Random, sent: Sent) -> bool:
    for _ in range(chance.randint(1, 6)):
        sent.lines.insert(chance.randint(1, len(sent.lines)), Line("", "", "", "", Written()))
    return True


@disorder
def rows_of_their_own(chance: random.Random, sent: Sent) -> bool:
    labels = (
        "Số lớp tập huấn nghiệp vụ đã tổ chức",
        "Số máy tính được trang bị mới",
        "Số buổi phát thanh về pháp luật",
    )
    for label in chance.sample(labels, chance.randint(1, 3)):
        value = Written(chance.randint(0, 90))
        sent.lines.insert(chance.randint(1, len(sent.lines)), Line("", "", label, "Lượt", value))
    return True


@disorder
def rows_left_out(chance: random.Random, sent: Sent) -> bool:
    for line in _some(chance, sent.entries(), 4):
        sent.lines.remove(line)
        sent.truth[line.id] = HIDDEN
    return True


@disorder
def sections_in_another_order(chance: random.Random, sent: Sent) -> bool:
    heads = [at for at, line in enumerate(sent.lines) if line.id and sent.form[line.id].depth == 1]
    if len(heads) < 4 or sent.second_from or sent.again_from:
        return False
    blocks = [sent.lines[at:end] for at, end in zip(heads, [*heads[1:], len(sent.lines)], strict=True)]
    at = chance.randrange(len(blocks) - 1)
    blocks[at], blocks[at + 1] = blocks[at + 1], blocks[at]
    sent.lines = [*sent.lines[: heads[0]], *(line for block in blocks for line in block)]
    return True


@disorder
def a_row_twice(chance: random.Random, sent: Sent) -> bool:
    plain = [it for it in sent.plain(*COUNTS) if it.stt]
    if not plain:
        return False
    line = chance.choice(plain)
    if chance.random() < 0.5:
        again = replace(line)
    else:
        again = replace(line, value=Written(int(line.value.value or 0) + 1))
        sent.truth[line.id] = HIDDEN
    sent.lines.insert(sent.lines.index(line) + 1, again)
    return True


@disorder
def header_on_each_page(chance: random.Random, sent: Sent) -> bool:
    sent.header_again = tuple(sorted(chance.sample(range(5, 90), chance.randint(1, 4))))
    return True


@disorder
def numbers_under_the_titles(chance: random.Random, sent: Sent) -> bool:
    sent.numbered_columns = chance.choice(("1", "(1)", "A"))
    return True


@disorder
def signatures_below(chance: random.Random, sent: Sent) -> bool:
    sent.below += ["", "NGƯỜI LẬP BIỂU", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Ghi chú: số liệu tính đến 14/3", "3"]
    return True


@disorder
def hidden_rows(chance: random.Random, sent: Sent) -> bool:
    sent.hidden |= {line.id for line in _some(chance, sent.entries(), 5)}
    return True


@disorder
def value_cells_merged(chance: random.Random, sent: Sent) -> bool:
    lines = sent.lines
    pairs = [
        (one, other)
        for one, other in pairwise(lines)
        if one in sent.plain(*COUNTS) and other in sent.plain(*COUNTS) and not sent.header_again
    ]
    if not pairs:
        return False
    one, other = chance.choice(pairs)
    sent.merged.append((one.id, other.id))
    other.value = Written()
    sent.truth[one.id] = sent.truth[other.id] = HIDDEN
    return True


@disorder
def units_left_out(chance: random.Random, sent: Sent) -> bool:
    for line in sent.lines:
        line.unit = line.unit if chance.random() < 0.6 else ""
    return True


@disorder
def notes_of_the_clerk(chance: random.Random, sent: Sent) -> bool:
    for line in _some(chance, sent.entries(), 6):
        note = chance.choice(("Đang rà soát", "Theo KH 12/KH-UBND", "5", "Giảm 3 so với quý trước", "x"))
        names_another = line.note and sent.truth[line.id] == HIDDEN  # without that note the truth would not be hidden
        line.note = line.note if names_another else note
    return True


@disorder
def another_figure_in_the_note(chance: random.Random, sent: Sent) -> bool:
    lines = [it for it in sent.plain(*COUNTS) if not it.note]
    if "note" not in sent.columns or not lines:
        return False
    for line in _some(chance, lines, 4):
        words = chance.choice(("Đúng là {}", "sửa thành {}", "Số đúng: {}", "Đính chính là {}", "Đúng: {}"))
        line.note = words.format(int(line.value.value or 0) + chance.randint(1, 9))
        sent.truth[line.id] = HIDDEN
    return True


# --- how columns are laid out


def _beside(
    sent: Sent, role: str, title: str, values: Callable[[Line], Written], *, left: bool, own_title: str = ""
) -> bool:
    at = sent.columns.index("value")
    sent.columns.insert(at if left else at + 1, role)
    sent.titles[role] = title
    if own_title:
        sent.titles["value"] = own_title
    for line in sent.lines:
        line.others[role] = values(line) if line.id in sent.truth and line.value.value is not None else Written()
    return True


def _one_value_column(sent: Sent) -> bool:
    return (
        "value" in sent.columns
        and not any(it.startswith("x") for it in sent.columns)
        and sent.titles["value"] == "Số liệu"
    )


def _other_figures(chance: random.Random) -> Callable[[Line], Written]:
    def other(line: Line) -> Written:
        value = line.value.value
        return Written(chance.randint(0, 99) if isinstance(value, int | float) else value)

    return other


@disorder
def another_period_beside(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent) or sent.period is None:
        return False
    other = chance.choice(
        ("Kỳ trước", "Quý trước", "Cùng kỳ năm trước", f"Năm {sent.period.year - 1}", "Số liệu kỳ trước")
    )
    own = chance.choice(("Kỳ này", "Kỳ báo cáo", "Số liệu", "Trong kỳ", "Kết quả kỳ này"))
    return _beside(sent, "x1", other, _other_figures(chance), left=chance.random() < 0.6, own_title=own)


@disorder
def plan_and_actual(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent):
        return False
    _beside(
        sent,
        "x1",
        chance.choice(("Kế hoạch", "Kế hoạch giao", "Chỉ tiêu giao", "Dự toán")),
        _other_figures(chance),
        left=True,
    )
    sent.titles["value"] = chance.choice(("Thực hiện", "Kết quả thực hiện", "Số liệu"))
    if chance.random() < 0.5:
        _beside(
            sent,
            "x2",
            chance.choice(("Tỷ lệ (%)", "% so với KH", "Đạt tỷ lệ %")),
            _other_figures(chance),
            left=chance.random() < 0.3,
        )
    return True


@disorder
def cumulative_beside(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent):
        return False
    title = chance.choice(("Lũy kế", "Lũy kế từ đầu năm", "Luỹ kế năm", "Cộng dồn"))
    own = chance.choice(("Trong kỳ", "Kỳ này", "Số liệu", "Phát sinh trong kỳ"))
    return _beside(sent, "x1", title, _other_figures(chance), left=chance.random() < 0.5, own_title=own)


@disorder
def put_right_beside(chance: random.Random, sent: Sent) -> bool:
    """The same figures once more, as the upper level put them right: which are meant nobody knows but they."""
    if not _one_value_column(sent):
        return False
    sent.truth = dict.fromkeys(sent.truth, HIDDEN)
    title = chance.choice(("Đính chính", "Số liệu điều chỉnh", "Huyện duyệt", "Số thẩm định"))
    return _beside(sent, "x1", title, _other_figures(chance), left=False)


@disorder
def some_put_right_beside(chance: random.Random, sent: Sent) -> bool:
    """A few figures once more, as somebody put them right: only these are not to be known."""
    lines = sent.plain(*COUNTS)
    if not _one_value_column(sent) or not lines:
        return False
    _beside(sent, "x1", chance.choice(("Đính chính", "Thẩm định", "Huyện duyệt")), lambda _: Written(), left=False)
    for line in _some(chance, lines):
        line.others["x1"] = Written(int(line.value.value or 0) + chance.randint(1, 9))
        sent.truth[line.id] = HIDDEN
    return True


@disorder
def the_last_month_beside(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent) or sent.period is None:
        return False
    title = chance.choice(("Trong tháng", "Tháng này"))
    return _beside(sent, "x1", title, _other_figures(chance), left=chance.random() < 0.5)


@disorder
def two_columns_alike(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent):
        return False
    _beside(sent, "x1", chance.choice(("Số liệu", "Kết quả")), _other_figures(chance), left=True)
    sent.truth = dict.fromkeys(sent.truth, HIDDEN)
    return True


@disorder
def figures_without_a_title(chance: random.Random, sent: Sent) -> bool:
    """A column of figures without a title beside the form's own: what it is nobody knows, but the own is the own."""
    if not _one_value_column(sent):
        return False
    return _beside(sent, "x1", "", _other_figures(chance), left=False)


@disorder
def title_of_their_own(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent) or sent.period is None:
        return False
    part = PARTS[sent.period.part].capitalize().replace("Quý i", "Quý I")
    part = {"Q2": "Quý II", "Q3": "Quý III", "Q4": "Quý IV"}.get(sent.period.part, part)
    titles = [
        "Thực hiện",
        "Kết quả trong kỳ",
        "Số lượng thực hiện",
        "Giá trị",
        f"Kết quả {part}",
        f"{part}/{sent.period.year}",
    ]
    sent.titles["value"] = chance.choice(titles)
    return True


@disorder
def group_over_the_columns(chance: random.Random, sent: Sent) -> bool:
    if sent.over or sent.wide_title or "unit" not in sent.columns:
        return False
    sent.over, sent.over_columns = "Kết quả thống kê", ("unit", "value")
    return True


@disorder
def merged_titles_repeated(chance: random.Random, sent: Sent) -> bool:
    if not sent.over and not group_over_the_columns(chance, sent):
        return False
    sent.repeat_titles = True
    return True


@disorder
def table_elsewhere(chance: random.Random, sent: Sent) -> bool:
    sent.down, sent.right = chance.randint(0, 12), chance.randint(0, 5)
    return True


@disorder
def a_column_of_codes(chance: random.Random, sent: Sent) -> bool:
    if "xcode" in sent.columns:
        return False
    sent.columns.insert(chance.choice((0, 1, 2)), "xcode")
    sent.titles["xcode"] = chance.choice(("Mã số", "Mã", "Mã chỉ tiêu"))
    for number, line in enumerate(sent.lines, start=1):
        line.others["xcode"] = Written(number if chance.random() < 0.5 else f"{number:03d}")
    return True


@disorder
def no_notes_column(chance: random.Random, sent: Sent) -> bool:
    names_another = any(it.note and sent.truth.get(it.id) == HIDDEN for it in sent.lines)  # nobody would know of it
    if "note" not in sent.columns or names_another:
        return False
    sent.columns.remove("note")
    return True


@disorder
def no_units_column(chance: random.Random, sent: Sent) -> bool:
    if "unit" not in sent.columns or sent.over:
        return False
    sent.columns.remove("unit")
    return True


@disorder
def units_behind_the_figures(chance: random.Random, sent: Sent) -> bool:
    if "unit" not in sent.columns or sent.over:
        return False
    sent.columns.remove("unit")
    sent.columns.insert(sent.columns.index("value") + 1, "unit")
    return True


@disorder
def other_titles_of_the_form(chance: random.Random, sent: Sent) -> bool:
    for column in sent.form.columns:
        if column.role in sent.titles and (column.role != "value" or _one_value_column(sent)) and column.also:
            sent.titles[column.role] = chance.choice(column.also)
    return True


@disorder
def another_title_on_the_second_page(chance: random.Random, sent: Sent) -> bool:
    """The header stands once more above a section, with a title that makes the figures below others."""
    heads = [line.id for line in sent.lines if line.id and sent.form[line.id].depth == 1]
    if len(heads) < 5 or sent.second_from or sent.form_below or sent.again_from or not _one_value_column(sent):
        return False
    sent.again_from = heads[chance.randrange(1, len(heads))]
    sent.title_again = chance.choice(("Kỳ trước", "Quý trước", "Lũy kế", "Kế hoạch", "Cùng kỳ năm trước"))
    first = next(at for at, line in enumerate(sent.lines) if line.id == sent.again_from)
    sent.truth |= {line.id: HIDDEN for line in sent.lines[first:] if line.id in sent.truth}
    return True


# --- what stands above


def _own(sent: Sent) -> str:
    return (sent.unit or "").removeprefix("UBND xã ")


@disorder
def letterhead(chance: random.Random, sent: Sent) -> bool:
    above = chance.choice((
        ["UBND HUYỆN CHỢ ĐỒN"], ["ỦY BAN NHÂN DÂN", "HUYỆN CHỢ ĐỒN"], ["UBND TỈNH BẮC KẠN", "UBND HUYỆN CHỢ ĐỒN"],
        ["HUYỆN CHỢ ĐỒN"], ["UBND THÀNH PHỐ BẮC KẠN"], ["UBND TỈNH THÁI NGUYÊN"],
    ))  # fmt: skip
    return _replace_unit(sent, [*above, f"UBND XÃ {_own(sent).upper()}"])


def _replace_unit(sent: Sent, lines: Sequence[str]) -> bool:
    if sent.unit is None or not sent.above or sent.above[0] != [sent.unit]:
        return False
    sent.above[:1] = [[line] for line in lines]
    return True


@disorder
def an_office_above(chance: random.Random, sent: Sent) -> bool:
    office = chance.choice(("SỞ NỘI VỤ", "PHÒNG NỘI VỤ HUYỆN CHỢ ĐỒN", "UBND HUYỆN CHỢ ĐỒN - PHÒNG NỘI VỤ"))
    return _replace_unit(sent, [office, f"UBND XÃ {_own(sent).upper()}"])


@disorder
def unit_written_otherwise(chance: random.Random, sent: Sent) -> bool:
    name = _own(sent)
    line = chance.choice((
        f"ỦY BAN NHÂN DÂN XÃ {name.upper()}", f"Đơn vị báo cáo: UBND xã {name}",
        f"Đơn vị: Xã {name}", f"U.B.N.D xã {name}",
        f"Uỷ ban nhân dân xã {name}", f"UBND XÃ {name.upper()}",
        f"Tên đơn vị: UBND xã {name}", f"UBND xã {name}          Mẫu số 01",
    ))  # fmt: skip
    return _replace_unit(sent, [line])


@disorder
def motto_in_the_same_cell(chance: random.Random, sent: Sent) -> bool:
    gap = chance.choice(("     ", "\n", "\t"))
    return _replace_unit(sent, [f"UBND XÃ {_own(sent).upper()}{gap}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])


@disorder
def issued_by_another(chance: random.Random, sent: Sent) -> bool:
    line = chance.choice((
        "(Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 05/01/2023 của UBND tỉnh Bắc Kạn)",
        "Kính gửi: UBND huyện Chợ Đồn",
        "(Kèm theo Công văn số 376/UBND-NV ngày 28/02/2023 của UBND huyện Chợ Đồn)",
        "Căn cứ Kế hoạch của UBND xã Bình Trung",
        "Nơi nhận: UBND xã Yên Thịnh", "Đơn vị nhận báo cáo: Phòng Nội vụ",
    ))  # fmt: skip
    sent.above.insert(chance.randint(0, len(sent.above)), [line])
    return True


@disorder
def period_written_otherwise(chance: random.Random, sent: Sent) -> bool:
    if sent.period is None or sent.copies:
        return False
    year, part = sent.period.year, sent.period.part
    roman = PARTS[part]
    ways = [
        f"{roman.capitalize()} - {year}" if part[0] != "Q" else f"Quý {roman[4:]} - {year}",
        f"{roman}, NĂM {year}",
        f"{roman}/{year}",
    ]
    if part[0] == "Q":
        ways += [
            f"Quý {part[1]} năm {year}",
            f"Q{part[1]}/{year}",
            f"Quý {roman[4:]}/{year}",
            f"Kỳ báo cáo: Quý {roman[4:]} năm {year}",
        ]
    if part == "Q1":
        ways += [
            f"03 tháng đầu năm {year}",
            f"Từ ngày 15/12/{year - 1} đến ngày 14/3/{year}",
            f"(Số liệu từ 15/12/{year - 1} đến 14/03/{year})",
        ]
    if part == "H1":
        ways += [
            f"06 tháng đầu năm {year}",
            f"Sáu tháng đầu năm {year}",
            f"Từ ngày 15/12/{year - 1} đến ngày 14/6/{year}",
        ]
    return _replace_title(sent, ["BIỂU SỐ LIỆU CẢI CÁCH HÀNH CHÍNH", chance.choice(ways)])


def _period_told_above_alone(sent: Sent) -> Period | None:
    """The period, where the lines above the table alone tell it: no title of a column, no copy and no file's name."""
    if sent.period is None or sent.copies or "x1" in sent.columns or sent.file != "bieu.xlsx":
        return None
    if any(texts and "Kế hoạch CCHC năm" in texts[0] for texts in sent.above):  # which says so, as information (S41)
        return None
    return None if str(sent.period.year) in sent.titles["value"] else sent.period


def _replace_title(sent: Sent, lines: Sequence[str]) -> bool:
    at = next((at for at, texts in enumerate(sent.above) if texts and texts[0].startswith("SỐ LIỆU VỀ")), None)
    if at is None:
        return False
    sent.above[at : at + 1] = [[line] for line in lines]
    return True


@disorder
def quarter_and_year_apart(chance: random.Random, sent: Sent) -> bool:
    if sent.period is None or sent.copies:
        return False
    return _replace_title(sent, ["SỐ LIỆU CCHC", PARTS[sent.period.part], f"NĂM {sent.period.year}"])


@disorder
def the_period_behind_the_form_s_title(chance: random.Random, sent: Sent) -> bool:
    if sent.period is None or sent.copies:
        return False
    part = PARTS[sent.period.part]
    return _replace_title(sent, [f"SỐ LIỆU VỀ CÔNG TÁC CCHC UBND XÃ {part} NĂM {sent.period.year}"])


@disorder
def what_comes_next_in_the_title(chance: random.Random, sent: Sent) -> bool:
    if sent.period is None or sent.copies or sent.period.part[0] != "Q":
        return False
    number, year = int(sent.period.part[1]), sent.period.year
    then = f"QUÝ {ROMAN[number % 4 + 1]} NĂM {year + number // 4}"
    return _replace_title(sent, [f"KẾT QUẢ CCHC {PARTS[sent.period.part]} NĂM {year} VÀ PHƯƠNG HƯỚNG {then}"])


@disorder
def a_quarter_left_open(chance: random.Random, sent: Sent) -> bool:
    period = _period_told_above_alone(sent)
    if period is None:
        return False
    title = chance.choice(
        ("SỐ LIỆU CCHC QUÝ …… NĂM {}", "SỐ LIỆU CCHC QUÝ/6 THÁNG/NĂM {}", "SỐ LIỆU QUÝ I + II NĂM {}")
    )
    if not _replace_title(sent, [title.format(period.year)]):
        return False
    sent.period = None
    return True


@disorder
def the_year_of_a_plan(chance: random.Random, sent: Sent) -> bool:
    if sent.period is None:
        return False
    sent.above.insert(
        len(sent.above) - 1, [f"(Thực hiện Kế hoạch CCHC năm {sent.period.year - chance.randint(0, 1)} của UBND xã)"]
    )
    return True


@disorder
def period_in_the_file_name_alone(chance: random.Random, sent: Sent) -> bool:
    if sent.period is None or sent.period.part[0] != "Q":
        return False
    if not _replace_title(sent, ["BIỂU SỐ LIỆU CẢI CÁCH HÀNH CHÍNH"]):
        return False
    number, roman, year = sent.period.part[1], PARTS[sent.period.part][4:], sent.period.year
    sent.file = chance.choice(
        (
            f"BC Q{number} {year}.xlsx",
            f"BC_Q{number}.{year}.xlsx",
            f"quý {roman} năm {year}.xlsx",
            f"Quy {roman}-{year}.xlsx",
        )
    )
    return True


@disorder
def no_period_at_all(chance: random.Random, sent: Sent) -> bool:
    if _period_told_above_alone(sent) is None or not _replace_title(sent, ["BIỂU SỐ LIỆU CẢI CÁCH HÀNH CHÍNH"]):
        return False
    sent.period = None
    return True


@disorder
def two_units(chance: random.Random, sent: Sent) -> bool:
    other = chance.choice(("UBND xã Đồng Tâm", "Đơn vị báo cáo: UBND xã Đồng Tâm", "Đơn vị: Xã Đồng Tâm"))
    if not _replace_unit(sent, [f"UBND xã {_own(sent)}", other]):
        return False
    sent.unit = None
    return True


@disorder
def a_cover_sheet(chance: random.Random, sent: Sent) -> bool:
    if (
        "another quarter" in sent.copies
        or sent.period is None
        or sent.unit is None
        or len(sent.above) < 3
        or sent.above[0] != [sent.unit]
        or sent.before
    ):
        return False
    if not any(texts and texts[0].startswith("SỐ LIỆU VỀ") for texts in sent.above):
        return False
    if any("vt:" in text.lower() or "Đơn vị tính" in text for texts in sent.above for text in texts):
        return False  # the size of the figures would stand nowhere
    lines = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        sent.unit.upper(),
        "BÁO CÁO CẢI CÁCH HÀNH CHÍNH",
        f"{PARTS[sent.period.part]} NĂM {sent.period.year}",
    ]
    sent.before.append(Page("Bìa", {(row, 2): Written(text) for row, text in enumerate(lines, start=2)}))
    sent.above = [["BIỂU THỐNG KÊ"], []]
    return True


@disorder
def figures_in_thousands(chance: random.Random, sent: Sent) -> bool:
    """A line above says that all figures are in thousands: what the counts are nobody knows."""
    line = chance.choice(("Đơn vị tính: nghìn hồ sơ", "ĐVT: nghìn văn bản", "(Đvt: 1.000 hồ sơ)", "ĐVT: ngàn"))
    sent.above.append([line])
    sent.truth |= {it.id: HIDDEN for it in sent.plain(*COUNTS)}
    return True


# --- sheets


@disorder
def over_two_sheets(chance: random.Random, sent: Sent) -> bool:
    heads = [line.id for line in sent.lines if line.id and sent.form[line.id].depth == 1]
    if len(heads) < 5 or sent.second_from or sent.copies or sent.merged or sent.again_from:
        return False
    sent.second_from = heads[len(heads) // 2]
    return True


@disorder
def a_copy_of_the_sheet(chance: random.Random, sent: Sent) -> bool:
    if sent.second_from or sent.copies:
        return False
    sent.copies.append("the same")
    return True


@disorder
def blank_sheets_beside(chance: random.Random, sent: Sent) -> bool:
    sent.after += [Page("Sheet2", {(1, 1): Written(" ")}), Page("Sheet3", {(5, 5): Written("ghi chú")})]
    return True


@disorder
def a_hidden_old_sheet(chance: random.Random, sent: Sent) -> bool:
    if sent.second_from or sent.copies:
        return False
    sent.copies.append("hidden")
    return True


@disorder
def a_sheet_for_each_quarter(chance: random.Random, sent: Sent) -> bool:
    if (
        sent.period is None
        or sent.second_from
        or sent.before
        or sent.copies
        or not any(PARTS[sent.period.part] in " ".join(it) for it in sent.above)
    ):
        return False
    sent.asked = sent.period
    sent.copies.append("another quarter")
    return True


# --- what is nearly right, and therefore dangerous


@disorder
def another_quarter_beside(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent) or sent.period is None or sent.period.part[0] != "Q":
        return False
    number, year = int(sent.period.part[1]), sent.period.year
    other = (f"Quý {ROMAN[number - 1]}", f"Quý {ROMAN[number - 1]}/{year}", f"Q{number - 1}/{year}")
    own = (f"Quý {ROMAN[number]}", f"Quý {ROMAN[number]}/{year}", f"Q{number}/{year}")
    way = chance.randrange(3)
    if number == 1:
        other = ("Quý IV", f"Quý IV/{year - 1}", f"Q4/{year - 1}")
    left = chance.random() < 0.6
    return _beside(sent, "x1", other[way], _other_figures(chance), left=left, own_title=own[way])


ROMAN = ("0", "I", "II", "III", "IV")


@disorder
def three_columns(chance: random.Random, sent: Sent) -> bool:
    if not _one_value_column(sent):
        return False
    _beside(sent, "x1", chance.choice(("Kỳ trước", "Cùng kỳ")), _other_figures(chance), left=True, own_title="Kỳ này")
    change = chance.choice(("Tăng, giảm", "So sánh (%)", "Chênh lệch", "Lũy kế"))
    return _beside(sent, "x2", change, _other_figures(chance), left=False)


@disorder
def years_over_the_columns(chance: random.Random, sent: Sent) -> bool:
    """Two years over two columns: neither is the period, which is a part of a year."""
    if not _one_value_column(sent) or sent.period is None:
        return False
    year = sent.period.year
    sent.truth = dict.fromkeys(sent.truth, HIDDEN)
    return _beside(sent, "x1", f"Năm {year - 1}", _other_figures(chance), left=True, own_title=f"Năm {year}")


@disorder
def a_column_of_texts(chance: random.Random, sent: Sent) -> bool:
    if "xtext" in sent.columns:
        return False
    sent.columns.insert(chance.randint(2, len(sent.columns)), "xtext")
    sent.titles["xtext"] = chance.choice(
        ("Đơn vị thực hiện", "Người phụ trách", "Nguồn số liệu", "Ngày cập nhật", "Văn bản")
    )
    for line in sent.lines:
        line.others["xtext"] = Written(chance.choice(("Văn phòng", "Tư pháp", "01/3/2023", "Số 12/BC", None)))
    return True


@disorder
def another_form_below(chance: random.Random, sent: Sent) -> bool:
    """The sheet of an earlier quarter, with its own titles, on the same sheet."""
    if sent.second_from or sent.copies or sent.below or sent.merged or sent.again_from:
        return False
    sent.form_below = True
    sent.truth = dict.fromkeys(sent.truth, HIDDEN)
    return True


@disorder
def of_the_opposite_meaning(chance: random.Random, sent: Sent) -> bool:
    """A row of the form replaced by one that counts something else."""
    pairs = (
        ("đúng hạn", "quá hạn"), ("quá hạn",
        "trước hạn"), ("đã giải quyết", "chưa giải quyết"), ("đã ban hành", "chưa ban hành"),
        ("một phần", "khác"), ("trực tuyến", "trực tiếp"), ("đã xử lý", "chưa xử lý"), ("có mặt", "vắng mặt"),
        ("đã hoàn thành", "chưa hoàn thành"), ("trên đại học",
        "dưới đại học"), ("điện tử", "giấy"), ("tổng số", "số còn lại"),
    )  # fmt: skip
    done = False
    for line in _some(chance, sent.plain(*COUNTS), 30):
        for one, other in pairs:
            if one in line.label.lower() and not done:
                at = line.label.lower().index(one)
                label = line.label[:at] + other + line.label[at + len(one) :]
                if all(label.strip().lower() != row.label.lower() for row in sent.form.indicators):
                    line.label, done = label, True
                    sent.truth[line.id] = HIDDEN
    return done


@disorder
def neighbours_exchanged(chance: random.Random, sent: Sent) -> bool:
    at = chance.randrange(5, len(sent.lines) - 1)
    one, other = sent.lines[at : at + 2]
    if (
        not (one.id in sent.truth and other.id in sent.truth)
        or one.id in sent.hidden
        or sent.merged
        or sent.second_from
        or sent.again_from
    ):
        return False
    if sent.form[one.id].label == sent.form[other.id].label or not (one.stt or other.stt):
        return False
    sent.lines[at : at + 2] = [other, one]
    return True


@disorder
def a_similar_row_of_their_own(chance: random.Random, sent: Sent) -> bool:
    for line in _some(chance, [it for it in sent.plain(*COUNTS) if len(it.label) > 25], 3):
        label = line.label + chance.choice(
            (" của các đoàn thể", " do tổ chức khác thực hiện", ", trong đó nữ", " năm trước", " cấp thôn")
        )
        own = Line("", "", label, line.unit, Written(chance.randint(0, 90)))
        sent.lines.insert(sent.lines.index(line) + chance.randint(0, 1), own)
    return True


@disorder
def odd_figures(chance: random.Random, sent: Sent) -> bool:
    ways = ("{},0", "{}.", "{},", "+{}", "0{},00", "{} ", "={}", "{}₫", "~{}")
    certain = {"{},0", "{}.", "{},", "0{},00", "{} "}
    way = chance.choice(ways)
    return _each(chance, sent, COUNTS, lambda it: Written(way.replace("{}", _text(it))), hides=way not in certain)


@disorder
def thousands_the_english_way(chance: random.Random, sent: Sent) -> bool:
    def change(line: Line) -> Written | None:
        value = int(line.value.value or 0)
        return Written(f"{value:,}") if value > 999 else None

    return _each(chance, sent, COUNTS, change)


@disorder
def words_for_figures(chance: random.Random, sent: Sent) -> bool:
    words = ("mười", "Hai", "x", "/", "…", "?", "đã nộp", "như trên", "nt", "I", "1/2", "5;6", "3, 4", "12 3", "1 2")
    return _each(chance, sent, COUNTS, lambda _: Written(chance.choice(words)), hides=True)


@disorder
def less_than_nothing(chance: random.Random, sent: Sent) -> bool:
    return _each(chance, sent, COUNTS, lambda it: Written(-int(it.value.value or 0) - 1), hides=True)


@disorder
def a_hundred_times_too_much(chance: random.Random, sent: Sent) -> bool:
    """28.57 typed into a cell that shows it as 2857 %."""
    rates = [it for it in sent.plain(*RATES) if float(it.value.value or 0) > 1]
    for line in _some(chance, rates) if rates else ():
        line.value = Written(line.value.value, "0.00%")
        sent.truth[line.id] = HIDDEN
    return bool(rates)


@disorder
def title_over_two_columns(chance: random.Random, sent: Sent) -> bool:
    """The title of the figures is merged over a blank column beside them."""
    if not _one_value_column(sent) or sent.over:
        return False
    at = sent.columns.index("value")
    sent.columns.insert(at if chance.random() < 0.5 else at + 1, "xblank")
    sent.titles["xblank"] = ""
    sent.wide_title = True
    return True


@disorder
def figures_in_the_next_column(chance: random.Random, sent: Sent) -> bool:
    """A few figures slipped into the column of the notes."""
    lines = [it for it in sent.plain(*COUNTS) if not it.note]
    if "note" not in sent.columns or not lines:
        return False
    for line in _some(chance, lines, 5):
        line.note, line.value = _text(line), Written()
        sent.truth[line.id] = HIDDEN
    return True


@disorder
def labels_in_two_columns(chance: random.Random, sent: Sent) -> bool:
    """The rows below a numbered one have their labels one column further right."""
    if "xlabel" in sent.columns:
        return False
    sent.columns.insert(sent.columns.index("label") + 1, "xlabel")
    sent.titles["xlabel"] = ""
    for line in sent.lines:
        if line.id and not line.stt:
            line.others["xlabel"], line.label = Written(line.label), ""
    return True


@disorder
def two_sheets_of_which_one_has_titles(chance: random.Random, sent: Sent) -> bool:
    """The second sheet goes on without a header, with another column of figures where the first has one."""
    if not over_two_sheets(chance, sent):
        return False
    sent.second_has_titles = False
    if chance.random() < 0.7:
        another_period_beside(chance, sent)
    return True


@disorder
def a_further_column_on_a_page_without_titles(chance: random.Random, sent: Sent) -> bool:
    """The second sheet goes on without a header, with a column more before the figures, which are one further right."""
    if not _one_value_column(sent) or not over_two_sheets(chance, sent):
        return False
    sent.second_has_titles, sent.second_is_wider = False, chance.choice(("codes", "blank", "figures"))
    sent.titles["xmore"] = ""
    first = next(at for at, line in enumerate(sent.lines) if line.id == sent.second_from)
    for number, line in enumerate(sent.lines[first:], start=1):
        more = {"codes": number, "blank": None, "figures": chance.randint(0, 99)}[sent.second_is_wider]
        line.others["xmore"] = Written(more if line.id in sent.truth else None)
        if sent.truth.get(line.id) is not None:
            sent.truth[line.id] = HIDDEN
    return True


@disorder
def figures_one_further_right_from_some_row_on(chance: random.Random, sent: Sent) -> bool:
    """A part pasted into the sheet has its figures where the sheet has its notes."""
    heads = [line.id for line in sent.lines if line.id and sent.form[line.id].depth == 1]
    is_plain = _one_value_column(sent) and sent.columns[-2:] == ["value", "note"] and not sent.header_again
    if len(heads) < 5 or not is_plain or sent.second_from or sent.again_from or sent.form_below:
        return False
    first = next(at for at, line in enumerate(sent.lines) if line.id == heads[len(heads) // 2])
    numbers = [it for it in sent.entries(*NUMBERS) if it in sent.lines[first:] and it.value.value is not None]
    if len(numbers) < 10 or any(it not in sent.plain(*NUMBERS) for it in numbers):
        return False
    is_wider = chance.random() < 0.5
    for line in numbers:
        if line.id in sent.truth:
            line.note, line.value = _text(line), Written(chance.randint(0, 99) if is_wider else None)
            sent.truth[line.id] = HIDDEN
    return True


@disorder
def put_right_behind_the_notes(chance: random.Random, sent: Sent) -> bool:
    """A few figures once more at the end of their rows, as an officer put them right."""
    lines = sent.plain(*COUNTS)
    if not _one_value_column(sent) or sent.columns[-1] != "note" or not lines:
        return False
    sent.columns.append("xright")
    sent.titles["xright"] = chance.choice(("Đính chính", "Sửa lại", "Huyện duyệt", "Số đúng"))
    for line in _some(chance, lines):
        line.others["xright"] = Written(int(line.value.value or 0) + chance.randint(1, 9))
        sent.truth[line.id] = HIDDEN
    return True


@disorder
def the_commune_in_the_title_alone(chance: random.Random, sent: Sent) -> bool:
    """The district's letterhead stands over a form whose title names the commune."""
    if (
        sent.period is None
        or sent.copies
        or not any(texts and texts[0].startswith("SỐ LIỆU VỀ") for texts in sent.above)
    ):
        return False
    name = _own(sent)
    if not _replace_unit(sent, ["UBND HUYỆN CHỢ ĐỒN"]):
        return False
    way = chance.choice(
        ("SỐ LIỆU CCHC XÃ {} {} NĂM {}", "KẾT QUẢ CCHC CỦA XÃ {} {} NĂM {}", "BIỂU CCHC {1} NĂM {2} (XÃ {0})")
    )
    return _replace_title(sent, [way.format(name.upper(), PARTS[sent.period.part], sent.period.year)])


@disorder
def the_name_of_the_unit_left_out(chance: random.Random, sent: Sent) -> bool:
    """Nobody filled in the commune under the district's letterhead."""
    slot = chance.choice(("UBND XÃ ………", "Đơn vị báo cáo: ……………", "Xã: ..................", "UBND xã (ghi tên xã)"))
    if not _replace_unit(sent, ["UBND HUYỆN CHỢ ĐỒN", slot]):
        return False
    sent.unit = None
    return True


@disorder
def the_year_of_a_decision_alone(chance: random.Random, sent: Sent) -> bool:
    """A quarter without its year, over the year of the decision that issued the form."""
    period = _period_told_above_alone(sent)
    if period is None:
        return False
    cited = chance.choice(("(Theo Quyết định số 876/QĐ-BNV năm {})", "(Biểu mẫu ban hành năm {})", "Luật CBCC năm {}"))
    if not _replace_title(sent, [f"SỐ LIỆU CCHC {PARTS[period.part]}", cited.format(period.year - 1)]):
        return False
    sent.period = None
    return True


@disorder
def a_year_up_to_a_day(chance: random.Random, sent: Sent) -> bool:
    """The title names a year, and says up to which day of it the figures are."""
    period = _period_told_above_alone(sent)
    if period is None:
        return False
    year = period.year
    day = chance.choice(("14/3", "14/6", "14/9", "30/6"))
    if not _replace_title(sent, [f"SỐ LIỆU CCHC NĂM {year} (tính đến ngày {day}/{year})"]):
        return False
    sent.period = None
    return True


@disorder
def a_remark_behind_the_title(chance: random.Random, sent: Sent) -> bool:
    """`Số liệu (lũy kế)`: the figures of the period are nowhere."""
    if not _one_value_column(sent):
        return False
    sent.titles["value"] = chance.choice(("Số liệu (lũy kế)", "Kết quả (dự kiến)", "Số lượng (kỳ trước)"))
    sent.truth = dict.fromkeys(sent.truth, HIDDEN)
    return True


@disorder
def children_exchanged(chance: random.Random, sent: Sent) -> bool:
    """The rows under each of some numbers stand in another order, and have the same labels under all of them."""
    if sent.merged or sent.second_from or sent.again_from or sent.hidden:
        return False
    pairs = [
        at
        for at, (one, other) in enumerate(pairwise(sent.lines))
        if one.id.endswith(".tinh") and other.id.endswith(".huyen")
    ]
    for at in pairs:
        sent.lines[at], sent.lines[at + 1] = sent.lines[at + 1], sent.lines[at]
    return bool(pairs)


@disorder
def another_time_over_the_second_page(chance: random.Random, sent: Sent) -> bool:
    """The same header stands once more within the table, under a line that makes the figures below others."""
    heads = [line.id for line in sent.lines if line.id and sent.form[line.id].depth == 1]
    if len(heads) < 5 or sent.second_from or sent.form_below or sent.again_from or sent.merged or sent.header_again:
        return False
    sent.again_from, sent.title_again = heads[chance.randrange(1, len(heads))], sent.titles["value"]
    sent.line_again = chance.choice(
        ("KẾ HOẠCH NĂM SAU", "SỐ LIỆU KỲ TRƯỚC", "UBND xã Đồng Tâm", "Số liệu lũy kế từ đầu năm")
    )
    first = next(at for at, line in enumerate(sent.lines) if line.id == sent.again_from)
    sent.truth |= {line.id: HIDDEN for line in sent.lines[first:] if line.id in sent.truth}
    return True
