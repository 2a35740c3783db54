"""A value cell → an entry: what was meant, how sure that is, and what to tell the clerk.

Never: a guess. A cell with two readings, or none, is left unread and is a finding with the readings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from cchc_excel.excel.ooxml.number_format import NumberFormat, Shown, number_format, shows_numbers_as_they_are
from cchc_excel.finding import Because, Certainty, EntryChange, Fact, Finding, Fix
from cchc_excel.form import Indicator, Kind
from cchc_excel.form.language import as_number, rounded
from cchc_excel.grid import Cell, CellError, CellStyle, CellValue, Grid, LooksText, MarkedText
from cchc_excel.reading.notice import notice
from cchc_excel.reading.numbers import (
    NumberReading,
    date_slip,
    read_float,
    read_number,
    shown_day,
    shown_time,
    time_slip,
)
from cchc_excel.reading.shown import text_shown
from cchc_excel.submission import CellAddress, Entry, Figure, How
from cchc_excel.vietnamese.guesses import A_GUESS
from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.text import clean, fold, strip_accents

NUMBERS = frozenset(kind for kind in Kind if kind.is_number)
MAX_DECIMALS = 6
_BOTH = re.compile(r"\s*[+&,;/]\s*|\s+(?:-|–|kết hợp|cùng|với|và|va)\s+")
# `Cấp huyện báo cáo`, `huyện BC`, `Không thuộc thẩm quyền`: that somebody else reports it
_LEFT_TO_OTHERS = Pattern(rf"(?:.* )?(?:{fold('báo cáo')}|bc)|.*\b{fold('thẩm quyền')}\b.*")
# `Không`, `Chưa tổ chức khảo sát`: that there is nothing to answer for; the last words may be those of the label
_NO, _HAPPENED = ("khong", "ko", "chua"), ("co", "to chuc", "thuc hien", "phat sinh")
_NOTHING_TO_ANSWER = Pattern(rf"(?:0+|kps|(?:{'|'.join(_NO)})(?: (?:{'|'.join(_HAPPENED)}))*(?P<of> .+)?)")
_MARKS = frozenset("xXvV✓✔√☑1")  # in a cell for yes or no; a tick by itself says yes, but may be a slip of the hand

TOO_LARGE = 10**15  # Excel keeps 15 digits; a figure of 400 digits, typed in one commune, is more than a double holds

# problem of a text → the code that says it
_PROBLEMS = {
    "not_a_number": "T02",
    "written_expression": "T08",
    "ambiguous_separator": "T11",
    "foreign_unit": "T10",
    "note_in_cell": "T21",
    "two_numbers": "T27",
}


def plain_formats(styles: Sequence[CellStyle]) -> dict[int, str]:
    """The number format of each style in which a number shows as itself: no date, no thousandth, not struck out."""
    formats = {style.number_format for style in styles}
    plain = {code for code in formats if shows_numbers_as_they_are(code)}
    return {
        number: style.number_format
        for number, style in enumerate(styles)
        if style.number_format in plain and not style.struck
    }


def is_too_large(value: int | Fraction) -> bool:
    """Whether a number has more digits than Excel keeps: no form asks for such a figure."""
    return not -TOO_LARGE < value < TOO_LARGE


def read_entry(cell: Cell, indicator: Indicator, grid: Grid, address: CellAddress) -> tuple[Entry, Finding | None]:
    """Return what stands in the value cell of an indicator, and what there is to say about it."""
    value = cell.value
    reading = _Reading(cell, indicator, grid, address)
    if value is None:
        return reading.unread("T14", {"formula": f"={cell.formula}"})
    if isinstance(value, CellError):
        return reading.unread("T13", {"error": value.code})
    if grid.style(cell).struck:
        return reading.struck(value)
    if indicator.kind.is_text:
        return reading.answer()
    if isinstance(value, bool):
        return reading.unread("T19", {"raw": str(value).upper()})
    return reading.number(value) if isinstance(value, int | float) else reading.text(value)


def perhaps_of_one(entry: Entry, indicator: Indicator) -> Finding | None:
    """T30 of a percentage of which no component tells whether 0.95 is 0.95 % or was typed for 95 %; else None."""
    value = entry.value
    if indicator.kind is not Kind.PERCENT or isinstance(value, str) or value is None or not 0 < value <= 1:
        return None
    if entry.how in {How.PERCENT_SIGN, How.PERCENT_FORMAT}:
        return None
    facts: dict[str, Fact] = {"value": value, "alternatives": (value * 100,)}
    observed = entry.raw if not isinstance(entry.raw, bool) else None
    return notice("T30", (indicator.id,), (entry.cell,), observed=observed, facts=facts)


class _Reading:
    """One cell on its way to an entry."""

    def __init__(self, cell: Cell, indicator: Indicator, grid: Grid, address: CellAddress) -> None:
        self.cell, self.indicator, self.grid, self.address = cell, indicator, grid, address
        value = cell.value
        self.raw = value.code if isinstance(value, CellError) else value
        self.format = grid.style(cell).number_format

    def entry(self, value: Figure | None, how: How, decimals: int = 0) -> Entry:
        return Entry(self.raw, value, how, self.address, decimals, self.cell.formula, self.format)

    def noticed(self, code: str, facts: dict[str, Fact], said: Figure | None = None, fix: Fix | None = None) -> Finding:
        observed = self.raw if not isinstance(self.raw, bool) else str(self.raw)
        return notice(
            code, (self.indicator.id,), (self.address,), observed=observed, compared_with=said, fix=fix, facts=facts
        )

    def unread(self, code: str, facts: dict[str, Fact], said: Figure | None = None) -> tuple[Entry, Finding]:
        return self.entry(None, How.UNREAD), self.noticed(code, facts, said)

    def normalised(self, value: Figure | None) -> Fix:
        raw = self.raw if not isinstance(self.raw, bool) else str(self.raw)
        change = EntryChange(self.indicator.id, raw, value)
        return Fix((change,), Certainty.NORMALISED, Because("same_meaning"))

    def struck(self, value: CellValue) -> tuple[Entry, Finding | None]:
        """What is struck out as a whole does not count; whether it was meant to is not ours to say."""
        if isinstance(value, str) and not clean(value):
            return self.entry(None, How.BLANK), None
        meant = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        alternatives = () if meant is None else (read_float(meant)[0],)
        return self.unread("T29", {"raw": str(self.raw), "rest": "", "alternatives": alternatives})

    # --- a cell that holds a number

    def number(self, raw: int | float) -> tuple[Entry, Finding | None]:
        meant = number_format(self.format, raw)
        if meant.shown in {Shown.DATE, Shown.TIME}:
            return self.moment(raw, meant.shown)
        value, decimals = read_float(raw)
        if is_too_large(value):
            return self.unread("T24", {"raw": raw})
        is_percentage = self.indicator.kind is Kind.PERCENT and meant.shown is Shown.PERCENTAGE
        if meant.scale and value:
            return self.scaled(value * 100 if is_percentage else value, meant)
        if meant.is_another:
            return self.shown_otherwise(value, text_shown(value, meant))
        if meant.percents > 1 and value:
            return self.shown_otherwise(value, text_shown(value, meant), value * 100**meant.percents)
        if meant.says_another and (of_words := self.beside_words(value, meant)) is not None:
            return of_words
        if meant.shown is Shown.PERCENTAGE and not is_percentage and value:
            return self.shown_otherwise(value, text_shown(value, meant), value * 100)
        if is_percentage:
            return self.shown_as_percent(value, meant)
        if self.grid.values_only and self.indicator.kind is Kind.PERCENT and 0 < value <= 1:
            # whether the cell shows 0.88 or 88 % cannot be known of this kind of file
            return self.unread("T25", {"raw": raw, "alternatives": (value * 100, value)})
        if self.cell.formula is not None:
            return self.entry(value, How.CALCULATED, self.shown_decimals(decimals, meant)), None
        if self.indicator.kind is Kind.COUNT and decimals == 3 and 1 <= value < 1000:
            # Excel with English separators took the clerk's 1.234 for a fraction
            return self.unread("T17", {"value": value, "alternatives": (value * 1000,)}, value * 1000)
        entry = self.entry(value, How.AS_TYPED, min(decimals, MAX_DECIMALS))
        if self.indicator.part is None:
            return entry, perhaps_of_one(entry, self.indicator)
        return entry, None

    def moment(self, raw: int | float, shown: Shown) -> tuple[Entry, Finding]:
        """A day or a time is no figure: Excel made it of something else that was typed."""
        if shown is Shown.TIME:
            seen, candidates = shown_time(raw), time_slip(raw)
        else:
            seen = shown_day(raw, date1904=self.grid.date1904)
            candidates = date_slip(raw, date1904=self.grid.date1904)
        return self.unread("T07", {"moment": shown.value, "raw": seen, "candidates": candidates})

    def beside_words(self, value: int | Fraction, meant: NumberFormat) -> tuple[Entry, Finding] | None:
        """What is to be said of what the format draws beside the number; None where that makes it no other figure.

        It is judged as if it were typed beside a digit: `1 nghìn` is 1000, `10` is ten.
        """
        if meant.shown is Shown.HIDDEN:
            return None
        kind, unit = self.indicator.kind.value, self.indicator.unit
        seen = text_shown(value, meant._replace(percents=0))
        reading = read_number(f"{meant.before}1{meant.after}", kind, unit)
        has_raised_digits = any(sign.isnumeric() and not sign.isascii() for sign in meant.before + meant.after)
        is_a_guess = reading.problem is not None and A_GUESS.search(meant.after) is not None
        if reading.problem == "written_expression" or is_a_guess or has_raised_digits:
            return self.problem(seen, reading._replace(alternatives=read_number(seen, kind, unit).alternatives))
        if reading.problem == "foreign_unit" and reading.alternatives != (1,):
            of_value = tuple(as_number(Fraction(number) * value) for number in reading.alternatives)
            return self.problem(seen, reading._replace(alternatives=of_value))
        if reading.problem or reading.value == 1:
            return None
        return self.shown_otherwise(value, seen)

    def shown_otherwise(self, stored: int | Fraction, seen: str, *shown: int | Fraction) -> tuple[Entry, Finding]:
        """Whether the number that is shown was meant or the one that is stored is not ours to say.

        `shown` is that number, where the text that is seen does not say it.
        """
        as_typed = read_number(seen, self.indicator.kind.value, self.indicator.unit)
        said = as_typed.alternatives if as_typed.value is None else (as_typed.value,)
        alternatives = tuple(dict.fromkeys((*(shown or said), stored)))
        return self.unread("T23", {"raw": stored, "shown": seen, "alternatives": alternatives})

    def scaled(self, stored: int | Fraction, meant: NumberFormat) -> tuple[Entry, Finding]:
        """Whether a count of 882000 shown as 882 is what was signed or what was typed is not ours to say."""
        exact = Fraction(stored) / 1000**meant.scale
        shown = rounded(exact, MAX_DECIMALS if meant.decimals is None else meant.decimals)
        return self.unread("T23", {"raw": stored, "shown": shown, "alternatives": (shown, stored)})

    def shown_decimals(self, decimals: int, meant: NumberFormat) -> int:
        """A calculated figure has the decimals that its cell shows."""
        return min(decimals if meant.decimals is None else meant.decimals, MAX_DECIMALS)

    def shown_as_percent(self, value: int | Fraction, meant: NumberFormat) -> tuple[Entry, Finding]:
        """A cell formatted as a percentage shows 0.2857 as 28.57 %: what is shown is what was meant."""
        shown = Fraction(value) * 100
        figure = as_number(shown)
        decimals = read_float(float(shown))[1]
        if self.cell.formula is not None:
            decimals = self.shown_decimals(decimals, meant)
        entry = self.entry(figure, How.PERCENT_FORMAT, min(decimals, MAX_DECIMALS))
        return entry, self.noticed("T06", {"raw": self.raw, "value": figure}, figure)

    # --- a cell that holds a text

    def text(self, raw: str) -> tuple[Entry, Finding | None]:
        if isinstance(raw, MarkedText):
            return self.marked(raw)
        drawn = number_format(self.format, raw)
        is_drawn_beside = (drawn.before + drawn.after).strip()  # `@" nghìn"`
        if is_drawn_beside and not isinstance(raw, LooksText):
            raw = f"{drawn.before}{raw}{drawn.after}"
        reading = read_number(raw, self.indicator.kind.value, self.indicator.unit)
        if isinstance(raw, LooksText) and not reading.problem:
            return self.of_two_looks(raw, reading)
        if self.is_left_to_others(raw, reading):
            return self.entry(None, How.BLANK), self.noticed("T15", {"raw": raw, "expected": None})
        if reading.problem:
            return self.problem(raw, reading)
        if reading.value is not None and is_too_large(reading.value):
            return self.unread("T24", {"raw": raw})
        if reading.how is How.BLANK:
            return self.entry(None, How.BLANK), None
        if reading.how is How.WORD_FOR_NONE and self.indicator.part is not None:
            # what a percentage is follows from its components: they say whether nothing arose, or whether it is missing
            return self.entry(None, How.BLANK), self.noticed("T15", {"raw": raw, "expected": None})
        entry = self.entry(reading.value, reading.how, min(reading.decimals, MAX_DECIMALS))
        if self.indicator.part is None and (doubt := perhaps_of_one(entry, self.indicator)) is not None:
            return entry, doubt
        if self.cell.formula is not None:
            return entry, None
        fix = self.normalised(reading.value)
        if reading.how is How.WORD_FOR_NONE and reading.value is None:
            # of a share it says that nothing arose: to write a blank instead would say less
            return entry, self.noticed("T15", {"raw": raw, "expected": None})
        if reading.how is How.WORD_FOR_NONE:
            return entry, self.noticed("T15", {"raw": raw, "value": reading.value}, reading.value, fix)
        if reading.how is How.UNIT_DROPPED:
            return entry, self.noticed("T09", {"raw": raw, "value": reading.value}, reading.value, fix)
        return entry, self.noticed("T01", {"raw": raw, "value": reading.value}, reading.value, fix)

    def is_left_to_others(self, raw: str, reading: NumberReading) -> bool:
        """Whether the cell of a row that another level reports says just that, or that there is nothing."""
        if self.indicator.reported_by is None:
            return False
        words = fold(raw)
        says_so = _LEFT_TO_OTHERS.fullmatch(words) is not None and not any(map(str.isdigit, raw))
        return says_so or (reading.how is How.WORD_FOR_NONE and not any(map(str.isalpha, raw)))

    def marked(self, raw: MarkedText) -> tuple[Entry, Finding]:
        """What is struck out does not count, and a raised or lowered sign is no digit: only the rest is read."""
        reading = read_number(raw.unmarked, self.indicator.kind.value, self.indicator.unit)
        if reading.problem or reading.how is How.BLANK:
            return self.unread("T29", {"raw": str(raw), "rest": raw.unmarked, "alternatives": reading.alternatives})
        entry = self.entry(reading.value, reading.how, min(reading.decimals, MAX_DECIMALS))
        return entry, self.noticed("T28", {"raw": str(raw), "value": reading.value})

    def of_two_looks(self, raw: LooksText, whole: NumberReading) -> tuple[Entry, Finding]:
        """`882 ` and a red `883` may be a figure and its correction: whether they are one figure is not ours to say."""
        kind, unit = self.indicator.kind.value, self.indicator.unit
        readings = (*(read_number(part, kind, unit) for part in raw.parts), whole)
        possible = dict.fromkeys(it.value for it in readings if it.value is not None and not is_too_large(it.value))
        return self.unread("T26", {"raw": str(raw), "alternatives": tuple(possible)})

    def problem(self, raw: str, reading: NumberReading) -> tuple[Entry, Finding]:
        code = _PROBLEMS[reading.problem or ""]
        possible = tuple(number for number in reading.alternatives if not is_too_large(number))
        facts: dict[str, Fact] = {"raw": raw, "alternatives": possible}
        if code == "T10":
            facts |= {"unit": reading.unit, "expected": self.indicator.unit}
        only = possible[0] if len(possible) == 1 and possible == reading.alternatives else None
        return self.unread(code, facts, only)

    # --- a cell that holds an answer

    def answer(self) -> tuple[Entry, Finding | None]:
        raw = self.cell.value
        text = (
            {True: "Có", False: "Không"}[raw]
            if isinstance(raw, bool)
            else clean(raw.unmarked if isinstance(raw, MarkedText) else str(raw))
        )
        if not text or set(text) <= set(".…_ "):
            return self.entry(None, How.BLANK), None
        for option, synonyms in self.indicator.options.items():
            if text == option:
                return self.entry(option, How.AS_TYPED), None
            if fold(text) in {fold(option), *map(fold, synonyms)}:
                entry = self.entry(option, How.SYNONYM)
                if isinstance(raw, str) and fold(raw) == fold(option):
                    return entry, None
                facts: dict[str, Fact] = {"raw": str(raw), "value": option}
                return entry, self.noticed("T18", facts, option, self.normalised(option))
        if not self.indicator.required and self.says_nothing_to_answer(text):
            return self.entry(None, How.BLANK), self.noticed(
                "T15", {"raw": text, "expected": None}, None, self.normalised(None)
            )
        options = tuple(self.indicator.options)
        return self.unread("T12", {"raw": str(raw), "options": options}, self.meant(text))

    def says_nothing_to_answer(self, text: str) -> bool:
        """Whether a text says that what is asked about did not happen: `-`, `0`, `Không khảo sát`."""
        if not text.strip("-–— "):
            return True
        found = _NOTHING_TO_ANSWER.fullmatch(strip_accents(fold(text)))
        return found is not None and strip_accents(fold(self.indicator.label)).endswith(found["of"] or "")

    def meant(self, text: str) -> str | None:
        """The one answer that a text can mean: a tick for yes, no accents, initials, or a sign in the place of `và`."""
        if self.indicator.kind is Kind.YES_NO and text in _MARKS:
            return next(iter(self.indicator.options))
        parts = [self.named(part) or part for part in _BOTH.split(text)]
        said = (_BOTH.sub(" và ", text), " và ".join(parts), " và ".join(reversed(parts)))
        found = {option for one in said if (option := self.named(one)) is not None}
        return found.pop() if len(found) == 1 else None

    def named(self, text: str) -> str | None:
        """The one answer that a text names, with its accents or without, or by the initials of its words; else None."""
        said = strip_accents(fold(text))
        spelt = {
            option: {strip_accents(fold(name)) for name in (option, *synonyms)}
            for option, synonyms in self.indicator.options.items()
        }
        found = [option for option, names in spelt.items() if said in names]
        found = found or [option for option, names in spelt.items() if said in map(_initials, names)]
        return found[0] if len(found) == 1 else None


def _initials(name: str) -> str | None:
    """The first letters of a name of several words."""
    parts = name.split()
    return "".join(part[0] for part in parts) if len(parts) > 1 else None
