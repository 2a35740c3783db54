"""What is typed into a value cell as a text, read by formulas as reading reads it: `02`, `100%`, `6 TTHC`, `không`.

In:     the value cell of a row; the hidden cells of the other sheet in which its text is taken apart, step by step.
Out:    the formulas of these cells, the one that reads the text, and what that comes to for a given text.
Never:  reads a text otherwise than `reading.numbers`; what a formula cannot read stays the text that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cchc_excel.form import Indicator, Kind
from cchc_excel.reading.numbers import read_number
from cchc_excel.submission import Figure, How
from cchc_excel.vietnamese.text import clean, strip_accents

LONGEST = 15  # characters of a figure: Excel keeps no more digits
NOTHING_AROSE = "-"  # what a cell holds as it is read where a share says by a dash or a word that nothing arose

_NO_BREAK, _DOTS = "\u00a0", "…"
_WIDE_DIGITS = "０１２３４５６７８９"  # as some keyboards for Asian scripts write them
_AS_DIGITS = {ord(wide): str(digit) for digit, wide in enumerate(_WIDE_DIGITS)}
_FIGURE = re.compile(r"-?(?:\d+(?:[.,]\d+)?|[1-9]\d{0,2}([.,])\d{3}\1\d{3})")
_NONE = (
    *("không", "ko", "không có", "ko có", "kps", "không ps", "ko ps", "không phát sinh", "ko phát sinh"),
    *("không có phát sinh", "ko có phát sinh"),
)
_UNITS = ("%", "phần trăm", "tthc", "thủ tục hành chính", "bộ hồ sơ")  # beside the row's own


class Steps(NamedTuple):
    """The cells in which a text is taken apart, or what they come to.

    Each step leaves one thing out: spaces around the text, a full stop, the unit, the sign.
    """

    trimmed: str
    tidy: str
    figure: str
    digits: str

    def formulas(self, cell: str, row: Indicator) -> Iterator[tuple[str, str]]:
        """Yield each of the cells with its formula."""
        text, tidy, figure = self.trimmed, self.tidy, self.figure
        plain = f'SUBSTITUTE({cell},"{_NO_BREAK}"," ")'
        for digit, wide in enumerate(_WIDE_DIGITS):
            plain = f'SUBSTITUTE({plain},"{wide}",{digit})'
        yield text, f'IF(ISTEXT({cell}),TRIM({plain}),"")'

        # a stop behind a figure is cut off, the dots of a line that waits to be filled are not
        ends_with_stop = f'ISNUMBER(FIND(RIGHT({text},1),".,;"))'
        is_second_stop = f'ISNUMBER(FIND(MID({text},LEN({text})-1,1),".,;{_DOTS}"))'
        without_stop = f"TRIM(LEFT({text},LEN({text})-1))"
        cut = f"IF(AND({ends_with_stop},NOT({is_second_stop})),{without_stop},{text})"
        yield tidy, f"IF(LEN({text})<2,{text},{cut})"

        lengths = [f'IF(UPPER(RIGHT({tidy},{len(unit)}))="{unit}",{len(unit)},0)' for unit in units_of(row)]
        yield figure, f"TRIM(LEFT({tidy},LEN({tidy})-MAX(0,{','.join(lengths)})))"

        yield self.digits, f'IF(LEFT({figure},1)="-",MID({figure},2,99),{figure})'

    def number(self, cell: str, row: Indicator) -> str:
        """The formula of what the text is: a number, "" where that is a blank, or the text where it is neither."""
        tidy, figure = self.tidy, self.figure
        # the dots or the line that a form prints to be written on: longer than three signs, and nothing else
        filler = f'SUBSTITUTE(SUBSTITUTE({tidy},"{_DOTS}","...")," ","")'
        is_filler = f'AND(LEN({filler})>3,SUBSTITUTE(SUBSTITUTE({filler},".",""),"_","")="")'

        words = sorted({word.upper() for said in _NONE for word in (said, strip_accents(said))})
        says_none = f'ISNUMBER(FIND("|"&UPPER({figure})&"|","|{"|".join(words)}|"))'
        without_dashes = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({figure},"-",""),"–","")," ","")'
        is_dash = f'IF({figure}="",FALSE,{without_dashes}="")'
        of_word = _quoted(_none(row, is_word=True))
        of_dash = _quoted(_none(row, is_word=False))

        found = f"IF(LEN({self.digits})>{LONGEST},{cell},IFERROR({self._of_digits(cell, row)},{cell}))"
        found = f"IF({is_dash},{of_dash},IF({says_none},{of_word},{found}))"
        if row.reported_by is not None:
            others = f'RIGHT(UPPER({tidy}),7)="BÁO CÁO",RIGHT(" "&UPPER({tidy}),3)=" BC"'
            others += f',ISNUMBER(FIND("THẨM QUYỀN",UPPER({tidy})))'
            found = f'IF(AND(NOT(ISNUMBER(VALUE(LEFT({tidy},1)))),OR({others})),"",{found})'
        return f'IF({tidy}="","",IF({is_filler},"",{found}))'

    def _of_digits(self, cell: str, row: Indicator) -> str:
        """The number that digits with their separators are; the text itself, or an error, where they are none."""
        text, sign = self.digits, f'IF(LEFT({self.figure},1)="-",-1,1)'
        commas = f'SUBSTITUTE({text},".",",")'
        bare = f'SUBSTITUTE({commas},",","")'  # the digits alone
        all_of_it = f"{sign}*VALUE({bare})"
        first = f'FIND(",",{commas})'
        separators = f"LEN({text})-LEN({bare})"

        # one separator: 1.234 may be a thousand and something, all else is a decimal
        decimals = f"(LEN({text})-{first})"
        is_thousands = f"AND({decimals}=3,{first}<5,VALUE(LEFT({text},{first}-1))>0)"
        thousands = all_of_it if _has_thousands(row) else cell
        decimal = f"{sign}*ROUND(VALUE({bare})/10^{decimals},{decimals})"
        of_one = f"IF({is_thousands},{thousands},{decimal})"
        of_one = f"IF(AND({first}>1,{decimals}>0),{of_one},{cell})"

        # two separators: 1.234.567, the same sign before each three digits
        last, last_but_one = (f"MID({text},LEN({text})-{place},1)" for place in (3, 7))
        is_parted = f'AND({first}=LEN({text})-7,{first}>1,{first}<5,LEFT({text},1)<>"0",{last}={last_but_one})'
        of_two = f'IF(AND({is_parted},MID({commas},LEN({text})-3,1)=","),{all_of_it},{cell})'

        of_some = f"IF({separators}=1,{of_one},IF({separators}=2,{of_two},{cell}))"
        of_none = f"IF({_all_digits(text)},{sign}*VALUE({text}),{cell})"
        return f"IF({separators}=0,{of_none},IF({_all_digits(bare)},{of_some},{cell}))"

    def with_unit(self) -> str:
        """The condition that a unit, as the sign of percent, is typed behind the figure."""
        return f"LEN({self.figure})<LEN({self.tidy})"


def taken(text: str, row: Indicator) -> Figure | str:
    """What the formula comes to: the number of a text, "" for a blank, or the text."""
    said = text.replace(_NO_BREAK, " ").translate(_AS_DIGITS).strip()
    reading = read_number(said, row.kind.value, row.unit)
    if row.reported_by is not None and _leaves_it_to_others(said.upper().rstrip(".,; ")):
        return ""
    if reading.how is How.BLANK:
        return ""
    if reading.how is How.WORD_FOR_NONE:
        return _none(row, is_word=any(map(str.isalpha, said)))
    # what reading takes is more than a formula can: the formula's own bounds decide what stays a text
    without_unit = re.sub(r"[^\d.,-]+$", "", clean(said).rstrip(".,;")).rstrip()
    is_too_long = len(without_unit.removeprefix("-")) > LONGEST
    if reading.value is None or is_too_long or not _FIGURE.fullmatch(without_unit):
        return text
    return reading.value


def _leaves_it_to_others(said: str) -> bool:
    """Whether a text in capitals says that somebody else reports the row."""
    is_said = said.endswith("BÁO CÁO") or f" {said}".endswith(" BC") or "THẨM QUYỀN" in said
    return is_said and not said[0].isdigit()


def taken_apart(content: object, row: Indicator) -> Steps:
    """What the formulas of the steps come to for the content of a cell."""
    text = content.replace(_NO_BREAK, " ").translate(_AS_DIGITS) if isinstance(content, str) else ""
    trimmed = " ".join(filter(None, text.split(" ")))  # as TRIM does: spaces alone, no other blanks
    has_stop = len(trimmed) > 1 and trimmed[-1] in ".,;" and trimmed[-2] not in f".,;{_DOTS}"
    tidy = trimmed[:-1].rstrip() if has_stop else trimmed
    units = [unit for unit in units_of(row) if tidy.upper().endswith(unit)] if tidy else []
    longest = max(map(len, units), default=0)
    figure = tidy[: len(tidy) - longest].rstrip()
    return Steps(trimmed, tidy, figure, figure.removeprefix("-"))


def units_of(row: Indicator) -> list[str]:
    """The row's own unit as clerks type it behind a figure, in capitals: in full, without accents, by its initials."""
    own = row.unit.lower()
    initials = "".join(word[0] for word in strip_accents(own).split())
    names = {own, initials, *_UNITS}
    names |= {strip_accents(name) for name in names}
    names.discard("")
    # only what reading takes behind a figure of this row, too
    as_read = {name.upper() for name in names if read_number(f"7 {name}", row.kind.value, row.unit).value == 7}
    return sorted(as_read) or ["%"]


def of_answer(cell: str, row: Indicator) -> str:
    """The formula of the answer that a cell gives, however it is spelt; what stands there where it gives none."""
    text = f"TRIM({cell})"
    found = text
    for option, synonyms in reversed(list(row.options.items())):
        spellings = "|".join(name.upper() for name in (option, *synonyms))
        found = f'IF(ISNUMBER(FIND("|"&UPPER({text})&"|","|{spellings}|")),{_quoted(option)},{found})'
    if not row.required:
        listed = "&".join(f'"{word}|"' for word in _nothing_to_answer(row))
        found = f'IF(ISNUMBER(FIND("|"&UPPER({text})&"|","|"&{listed})),"",{found})'
    without_filler = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({text},".",""),"{_DOTS}",""),"_","")'
    return f'IF({without_filler}="","",{found})'


def answer_of(text: str, row: Indicator) -> str:
    """What the formula comes to."""
    said = " ".join(text.split())
    if not said.replace(".", "").replace(_DOTS, "").replace("_", ""):
        return ""
    for option, synonyms in row.options.items():
        if said.upper() in {name.upper() for name in (option, *synonyms)}:
            return option
    return "" if not row.required and said.upper() in _nothing_to_answer(row) else said


def _nothing_to_answer(row: Indicator) -> tuple[str, ...]:
    """How a cell mostly says, in capitals, that there is nothing to answer for: `-`, `0`, `KHÔNG KHẢO SÁT`."""
    of_the_label = " ".join(row.label.split()[-2:]).upper()
    not_done = (f"{no} {done}".strip() for no in ("KHÔNG", "KO", "CHƯA") for done in ("", "CÓ", "TỔ CHỨC"))
    return ("-", "0", "KPS", *(text for no in not_done for text in (no, f"{no} {of_the_label}")))


def _none(row: Indicator, *, is_word: bool) -> Figure | str:
    """What a dash or a word for none is: 0 of a count; nothing where it is calculated or left to others."""
    if row.reported_by is not None and not is_word:
        return ""
    if row.part is not None:
        return ""
    return NOTHING_AROSE if row.kind is Kind.PERCENT else 0


def _has_thousands(row: Indicator) -> bool:
    """Whether 1.234 in this row is one thousand and something, and nothing else."""
    return read_number("1.234", row.kind.value, row.unit).value is not None


def _all_digits(text: str) -> str:
    """The condition that a text is written in digits alone; an error of some that are not."""
    return f'EXACT(TEXT(VALUE({text}),REPT("0",LEN({text}))),{text})'


def _quoted(value: Figure | str) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
