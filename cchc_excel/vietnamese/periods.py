"""The period that a text names: `Quý I năm 2023`, `Q1/2023`, `từ ngày 15/12/2022 đến ngày 14/3/2023`.

In:     texts as clerks write them: lines of a heading, the name of a worksheet or of a file.
Out:    what each line states, and the one period that all lines together state.
Never:  takes the year of a plan, of a decision or of a date for the period reported on; chooses between two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from cchc_excel.form.period import ALL_PARTS, Days, Period, days_of
from cchc_excel.vietnamese.text import LONGEST_LINE, fold

__all__ = ["PeriodStated", "part_stated", "period_stated"]

T = TypeVar("T")

_NUMERALS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
    "một": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4,
}  # fmt: skip
_PARTS_OF_FIRST_MONTHS = {
    "3": "Q1", "ba": "Q1", "6": "H1", "sáu": "H1", "9": "9M", "chín": "9M", "12": "Y", "mười hai": "Y",
}  # fmt: skip

# All patterns look at folded text: small letters, one space for each run of spaces and signs (`Q1/2023` → `q1 2023`).
_ANY_YEAR = r"(?:19|20)\d\d"


def _year_as(group: str) -> str:
    """A pattern for a year, under this name."""
    return rf"(?P<{group}>{_ANY_YEAR})"


def _of_year_as(group: str) -> str:
    """A pattern for `của năm 2023` where that follows, the year under this name."""
    return rf"(?: (?:của )?(?:năm )?{_year_as(group)}\b)?"


_YEAR, _OF_YEAR = _year_as("year"), _of_year_as("year")
_NUMERAL = r"(?:iv|iii|ii|i|[1-4]|một|nhất|hai|ba|tư|bốn)"
_QUARTER = re.compile(
    # not that of Phú Quý: `đặc khu Phú Quý 6 tháng đầu năm`
    rf"\b(?:quý|quy) ?(?:thứ |báo cáo )?0?(?P<number>{_NUMERAL})\b(?! tháng (?:đầu|năm)\b){_OF_YEAR}"
    rf"|\bq ?0?(?P<short>iv|iii|ii|i|[1-4]) (?:năm )?{_year_as('year_of_short')}\b"  # Q. 1 alone: a quận
)
# `Quý I + II năm 2023`, `Quý I và quý II`: two quarters, of which neither is the one.
_QUARTERS = re.compile(
    rf"\bquý ?0?(?P<first>{_NUMERAL})(?P<others>(?: (?:và |đến |tới |hoặc )?(?:quý )?0?{_NUMERAL}\b)+)"
    rf"(?:(?= (?:của )?(?:năm )?{_ANY_YEAR}\b){_OF_YEAR}|$)"
)
_AFTER_ITS_YEAR = re.compile(  # `Năm 2023 - Quý I`
    rf"\b{_YEAR} (?:kỳ (?:báo cáo )?)?quý ?0?(?P<number>{_NUMERAL})\b(?! (?:của )?(?:năm )?{_ANY_YEAR}\b)"
)
_AND_THE_YEAR = re.compile(rf"\b(?:và(?: cả)?|cả) năm {_YEAR}\b|\bvà cả năm$")  # `Quý IV và cả năm 2023`
_FIRST_MONTHS = re.compile(
    rf"\b0?(?P<count>3|ba|6|sáu|9|chín|12|mười hai) tháng\b(?! \d{{1,2}}\b)(?: đầu| của)?(?: năm)?{_OF_YEAR}"
)
_CODE = re.compile(
    rf"\b{_YEAR} ?(?P<part>q[1-4]|h[12]|9m)\b|\b(?P<part_first>h[12]|9m) {_year_as('year_last')}\b"
    rf"|(?:^|(?<=\D )){_year_as('year_of_month')} (?P<month>0[1-9]|1[0-2])$"  # `2025-08`
)
# Not the month of a day (`15 tháng 3`), nor one that something goes on from or to (`đến tháng 8`).
_MONTH = re.compile(
    r"(?<!\d )(?<!đầu )(?<!từ )(?<!đến )(?<!tới )(?<!hết )(?<!qua )(?<!den )(?<!tu )"
    rf"\b(?:tháng|thang) ?0?(?P<number>1[0-2]|[1-9])\b(?! \d{{1,2}}\b)(?! {_ANY_YEAR} \d{{1,2}} {_ANY_YEAR}){_OF_YEAR}"
    rf"|\bt ?0?(?P<short>1[0-2]|[1-9]) (?:năm )?{_year_as('year_of_short')}\b"  # `T8/2025`
)
# `Tháng 1 đến tháng 3 năm 2023`, `T1-T3/2023`; years are those of the two months.
_FROM_MONTH_TO_MONTH = re.compile(
    rf"\b(?:tháng ?|t)0?(?P<month>1[0-2]|[1-9])(?: (?:năm )?{_YEAR})? "
    r"(?:(?:đến|tới) (?:hết )?(?:tháng ?|t)?|và tháng |tháng |t)"
    rf"0?(?P<last_month>1[0-2]|[1-9])\b{_of_year_as('last_year')}"
)
_PARTS_OF_MONTHS = {
    (1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 6): "H1", (7, 12): "H2", (1, 9): "9M", (1, 12): "Y",
}  # fmt: skip
_SECOND_HALF = re.compile(rf"\b(?:0?6|sáu) tháng cuối(?: năm)?{_OF_YEAR}|\bnửa cuối năm{_of_year_as('year_2')}")
_WHOLE_YEAR = re.compile(rf"\b(?:năm|nam)(?: báo cáo)? {_YEAR}\b|^{_year_as('only_year')}$")
_RANGE = re.compile(
    r"\b(?P<day>\d{1,2}) (?:tháng )?(?P<month>\d{1,2})(?: (?:năm )?(?P<year>\d{4}))? (?:(?:đến|tới|và) )?(?:hết )?"
    r"(?:ngày )?(?P<last_day>\d{1,2}) (?:tháng )?(?P<last_month>\d{1,2}) (?:năm )?(?P<last_year>\d{4})\b"
)
_DATE = re.compile(rf"\bngày(?: \d{{1,2}})?(?: tháng)?(?: \d{{1,2}})?(?: năm)? {_ANY_YEAR}\b")
_UP_TO = re.compile(rf"\b(?:đến|tới)(?: hết)?(?: ngày)? \d{{1,2}} (?:tháng )?(?P<month>\d{{1,2}}) (?:năm )?{_YEAR}\b")
_LAST_MONTHS_OF_A_YEAR = 10  # from here on figures up to a day may be those of the year: `tính đến ngày 30/11/2023`
_YEARS = range(1900, 2100)  # as in the other patterns: any four digits may stand in a slip of the hand
_CLOSING_DAY = 14
_OTHER_MONTHS = re.compile(r"\btháng\b|\b(?:6|sáu) tháng cuối\b|\b(?:nửa|giữa|cuối) năm\b")
# A quarter that is left blank, unclear, or one of several to choose from: its year is not the whole year then. Phú Quý
# is a name.
_OTHER_QUARTER = re.compile(
    r"(?<!phú )(?<!phu )\bquý (?:năm|thứ|đầu|cuối|tháng|\d|[ivxl]+\b)|^quý$|\bhọc kỳ\b"
    r"|\b(?:hằng|hàng|từng|mỗi|theo|kỳ|báo cáo|số liệu) quý\b"
    r"|\b(?:kỳ|đợt|tuần)(?: báo cáo)?(?: thứ| số)? (?:\d{1,2}\b|[ivx]+\b)"  # `kỳ I năm 2023`, `đợt 1 năm 2023`
)
_BLANK_PERIOD = re.compile(r"\bkỳ(?:\s+báo\s+cáo)?\s*:?\s*(?:[.…_]{2,}|…)", re.IGNORECASE)  # `Kỳ báo cáo: ………`
_TO_CHOOSE = re.compile(
    r"\bquý (?:(?:và|hoặc) )?(?:0?6|sáu) tháng(?: (?:đầu năm|(?:0?9|chín) tháng))*(?: (?:và|hoặc))?(?: cả)? năm\b"
)
_LAST_MONTHS = re.compile(r"\b(?:\d{1,2}|ba|sáu|chín) tháng (?:cuối|gần|vừa|qua|tiếp|còn|tới)\b")
# A year behind these words is the year of a plan. Only `năm` and words may stand between.
_CITED_YEAR = re.compile(rf"\b(?:kế hoạch|kh|chương trình|đề án|giai đoạn|dự toán)\b[^\d]*\b{_YEAR}\b")
# The year of a decision, a law or a form may be any before: it is not even that of a quarter on another line.
_NUMBER = rf"(?: số)? \d+(?: {_ANY_YEAR})?\b"
_DOCUMENT = (
    r"(?:quyết định|nghị quyết|nghị định|thông tư|công văn|chỉ thị|(?<!kỷ )(?<!pháp )luật|hiến pháp|chỉ số)\b"
    rf"(?:{_NUMBER})?|(?:qđ|nq|nđ|tt|cv){_NUMBER}"
)
_YEAR_OF_A_DOCUMENT = re.compile(
    rf"\b(?:{_DOCUMENT})[^\d]*\b{_YEAR}\b|\bmẫu(?: ban hành)? (?:năm )?{_year_as('year_of_form')}\b"
)
# `quý I năm 2023 so với quý IV năm 2022`, `Kỳ trước: Quý IV/2022`
_COMPARED_WITH = re.compile(r"\b(?:so với|so sánh|cùng kỳ|kỳ trước)\b.*")
# `quý I năm 2023 và phương hướng quý II năm 2023`: behind these words stands what comes next.
_OUTLOOK = re.compile(r"(?<!thực hiện )\b(?:phương hướng|định hướng|nhiệm vụ (?:trọng tâm|chủ yếu))\b")
_NEXT = {  # what is planned in a report: the part of the year, and how many years after its own that is
    "Q1": ("Q2", 0), "Q2": ("Q3", 0), "Q3": ("Q4", 0), "Q4": ("Q1", 1),
    "H1": ("H2", 0), "H2": ("H1", 1), "9M": ("Q4", 0),
}  # fmt: skip
_LAST_QUARTER = re.compile(r"\b(?:0?3|ba) tháng cuối(?= năm\b)")
_SPAN_OF_YEARS = re.compile(rf"\b{_year_as('first')} (?:(?:đến|tới|và) )?{_year_as('last')}\b")
_CITED_SPAN = re.compile(
    r"\b(?:giai đoạn|nhiệm kỳ|năm học|kế hoạch|chương trình|đề án|nghị quyết)\b[^\d]*" + _SPAN_OF_YEARS.pattern
)
_SHORT_MONTHS = re.compile(rf"\b(\d{{1,2}}) ?t(?= (?:đầu|cuối|năm|{_ANY_YEAR})\b)")  # `6T đầu năm 2023`, `9T/2023`
_SHORT_YEAR = re.compile(r"\b(quý\s*|q)(iv|i{1,3}|[1-4])[/-](2\d)(?![\d/.-])", re.IGNORECASE)  # `Quý I/23`
_FIRST_HALF = re.compile(r"\bnửa (?:đầu năm|năm đầu)\b")
# Words of a text that lost all accents, as they stand in the patterns.
_ACCENTS = {
    "quy": "quý", "thang": "tháng", "nam": "năm", "dau": "đầu", "cuoi": "cuối", "chin": "chín", "nua": "nửa",
    "ngay": "ngày", "den": "đến", "toi": "tới", "het": "hết", "va": "và", "ca nam": "cả năm", "hang": "hàng",
    "ke hoach": "kế hoạch", "chuong trinh": "chương trình", "quyet dinh": "quyết định", "nghi quyet": "nghị quyết",
    "nghi dinh": "nghị định", "thong tu": "thông tư", "cong van": "công văn", "de an": "đề án", "chi thi": "chỉ thị",
    "giai doan": "giai đoạn", "du toan": "dự toán", "so voi": "so với", "cung ky": "cùng kỳ", "hoc ky": "học kỳ",
    "phuong huong": "phương hướng", "nhiem vu trong tam": "nhiệm vụ trọng tâm", "bao cao": "báo cáo", "ky": "kỳ",
}  # fmt: skip
_LOST_ACCENTS = re.compile(rf"\b(?:{'|'.join(sorted(_ACCENTS, key=len, reverse=True))})\b")


class PeriodStated(NamedTuple):
    """The period that some texts state together; `rivals` are two or more that they state instead of one.

    `year_of_plan` says that the texts name a quarter, but its year only as that of a plan.
    """

    period: Period | None = None
    rivals: tuple[Period, ...] = ()
    year_of_plan: bool = False


class _Stated(NamedTuple):
    """What a text states, or several together.

    `periods` are whole periods and `ranges` those that have no name but their days. `parts` are parts of a year without
    a year, `years` years without a part, `cited_years` those of plans and decisions.
    `other` says that the text speaks of months or of a quarter that are no period of this form: its year is not the
    whole year then. `whole_years` stand beside a part of the year, `Quý IV và cả năm 2023`: which of the two is meant?
    `ends` are the years and months up to which the figures are.
    """

    periods: tuple[Period, ...] = ()
    ranges: tuple[Period, ...] = ()
    parts: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    cited_years: tuple[int, ...] = ()
    other: bool = False
    whole_years: tuple[Period, ...] = ()
    ends: tuple[_Month, ...] = ()


class _Month(NamedTuple):
    """A month of a year."""

    year: int
    month: int


class _Part(NamedTuple):
    """A part of a year, and its year where the same words tell it."""

    part: str
    year: int | None


_A_TIME = re.compile(r"\d|\b(?:quý|quy|tháng|năm|kỳ)\b")
_NO_TIME = _Stated()


def period_stated(texts: Iterable[str]) -> PeriodStated:
    """Return the one period that the texts state together.

    A quarter and its year may stand on two lines. A year alone is the whole year, unless a line names a part of it.
    A range of days that is none of the named periods counts where no part of a year is named: beside a quarter it only
    tells which days that quarter is taken for.
    """
    stated = _together([_line(text) for text in texts if len(text) <= LONGEST_LINE])
    of_part = tuple(period for period in stated.periods if period.part != "Y")
    if stated.whole_years:
        return PeriodStated(rivals=_distinct((*of_part, *stated.whole_years)))
    if not of_part:
        if stated.parts:
            return _joined(stated)
        if stated.ranges:
            return _the_only(stated.ranges)
        if stated.other:
            return PeriodStated()
        whole_years = _distinct((*stated.periods, *(Period(year, "Y") for year in stated.years)))
        ends_early = {end.year for end in stated.ends if end.month < _LAST_MONTHS_OF_A_YEAR}
        if any(period.year in ends_early for period in whole_years):  # `năm 2023 (tính đến 14/3/2023)`
            return PeriodStated()
        return _the_only(whole_years)
    if len(of_part) == 1:  # `QUÝ II` in a title, and `quý I năm 2023` left over below it
        year = of_part[0].year
        of_its_year = (Period(year, part) for part in stated.parts)
        return _the_only(_distinct((*of_part, *of_its_year)))
    return _the_only(of_part)


def _together(lines: Sequence[_Stated]) -> _Stated:
    """What the lines state together, each thing once."""
    return _Stated(
        periods=_distinct(period for line in lines for period in line.periods),
        ranges=_distinct(days for line in lines for days in line.ranges),
        parts=_distinct(part for line in lines for part in line.parts),
        years=_distinct(year for line in lines for year in line.years),
        cited_years=_distinct(year for line in lines for year in line.cited_years),
        other=any(line.other for line in lines),
        whole_years=_distinct(year for line in lines for year in line.whole_years),
        ends=_distinct(end for line in lines for end in line.ends),
    )


def part_stated(text: str, year: int) -> Period | None:
    """Return the part of a year that a text names, of this year where it names none: `Quý I`. None for a whole year."""
    if len(text) > LONGEST_LINE or _A_TIME.search(_in_plain_words(text)) is None:
        return None
    stated = period_stated([text, f"năm {year}"]).period
    return stated if stated is not None and stated.part != "Y" else None


def _joined(stated: _Stated) -> PeriodStated:
    """A part of a year and its year, found on different lines; that of a plan where there is no other."""
    years = _distinct((*stated.years, *(period.year for period in stated.periods)))
    candidates = tuple(Period(year, part) for part in stated.parts for year in (years or stated.cited_years))
    if len(candidates) != 1:
        return PeriodStated(rivals=candidates)
    return PeriodStated(candidates[0], year_of_plan=not years)


def _the_only(periods: tuple[Period, ...]) -> PeriodStated:
    """The one period that there is; two and more are rivals."""
    return PeriodStated(periods[0]) if len(periods) == 1 else PeriodStated(rivals=periods)


def _distinct(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))


# --- one text


class _Words:
    """The words of a text that are not understood yet."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Return what the pattern finds, and leave it out from now on."""
        found = list(pattern.finditer(self.text))
        if found:
            self.text = pattern.sub(" ", self.text)
        return found

    def have(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern finds anything."""
        return pattern.search(self.text) is not None


def _line(text: str) -> _Stated:
    """What one text states. What a pattern takes no later one finds, so their order matters."""
    plain = _in_plain_words(text)
    if _A_TIME.search(plain) is None or _is_date_of_a_letter(text):  # most lines of a heading
        return _NO_TIME
    words = _Words(_without_outlook(_COMPARED_WITH.sub("", plain).strip()))
    day_ranges = [_period_of_range(match) for match in words.take(_RANGE)]
    ends = words.take(_UP_TO)
    words.take(_DATE)
    of_codes = [_of_code(match) for match in words.take(_CODE)]
    has_choice = bool(words.take(_TO_CHOOSE))
    words.take(_CITED_SPAN)
    years = [int(year) for span in words.take(_SPAN_OF_YEARS) for year in span.groups()]
    month_ranges = [_of_months(match) for match in words.take(_FROM_MONTH_TO_MONTH)]
    parts = [part for part in month_ranges if part is not None]
    parts += _second_halves(words)
    has_last_months = bool(words.take(_LAST_MONTHS))
    and_the_year = list(_AND_THE_YEAR.finditer(words.text))
    parts += _several_quarters(words)
    parts += _quarters_after_their_year(words)
    parts += _quarters(words)
    parts += _first_months(words)
    parts += _months(words)
    whole_years = _years_beside(and_the_year, parts)
    words.take(_YEAR_OF_A_DOCUMENT)
    cited_years = [int(match["year"]) for match in words.take(_CITED_YEAR)]
    # what is left of years belongs to nothing else
    years += [int(match["year"] or match["only_year"]) for match in _WHOLE_YEAR.finditer(words.text)]

    known_ranges = [period for period in day_ranges if period is not None]
    without_year = [part.part for part in parts if part.year is None]
    periods = [
        *(period for period in known_ranges if not period.is_range),
        *of_codes,
        *(Period(part.year, part.part) for part in parts if part.year is not None),
        *(Period(year, part) for part in without_year for year in whole_years),  # `Quý IV và cả năm 2023`
    ]
    is_blank = "kỳ" in words.text and _BLANK_PERIOD.search(text) is not None
    is_unclear = has_choice or has_last_months or is_blank or words.have(_OTHER_MONTHS) or words.have(_OTHER_QUARTER)
    return _Stated(
        periods=tuple(periods),
        ranges=tuple(period for period in known_ranges if period.is_range),
        parts=() if whole_years else tuple(without_year),
        years=tuple(years),
        cited_years=tuple(cited_years),
        other=is_unclear or None in day_ranges or None in month_ranges,
        whole_years=tuple(Period(year, "Y") for year in whole_years) if periods else (),
        ends=tuple(_Month(int(match["year"]), int(match["month"])) for match in ends),
    )


def _years_beside(and_the_year: Iterable[re.Match[str]], parts: Sequence[_Part]) -> list[int]:
    """The whole years that are named beside parts: of `Quý IV năm 2023 và cả năm` that of the part."""
    of_parts = [part.year for part in parts if part.year is not None]
    return [year for match in and_the_year for year in ([int(match["year"])] if match["year"] else of_parts)]


def _is_date_of_a_letter(text: str) -> bool:
    """Whether a line is a place and a month: `Chợ Đồn, tháng 3 năm 2023` on a cover is when it was written."""
    place, comma, rest = text.partition(",")
    words = place.split()
    return bool(comma) and 0 < len(words) < 5 and fold(rest).startswith("tháng ") and all(map(str.istitle, words))


def _in_plain_words(text: str) -> str:
    """The text folded, with its accents where it lost all, with `tháng` for `T` in `6T/2023`, and years in full."""
    folded = fold(_SHORT_YEAR.sub(r"\1\2/20\3", text))
    if folded.isascii():
        folded = _LOST_ACCENTS.sub(lambda found: _ACCENTS[found[0]], folded)
    return _FIRST_HALF.sub("6 tháng đầu năm", _SHORT_MONTHS.sub(r"\1 tháng", folded))


def _without_outlook(text: str) -> str:
    """What stands before the words that speak of the next period, whose year may tell that of the one reported on."""
    outlook = _OUTLOOK.search(text)
    if outlook is None:
        return text
    before = text[: outlook.start()]
    behind = _OUTLOOK.split(text[outlook.end() :], maxsplit=1)[0]
    reported, planned = _line(before).parts, _line(_LAST_QUARTER.sub("quý 4", behind)).periods
    if len(reported) != 1 or len(planned) != 1 or reported[0] not in _NEXT:
        return before
    next_part, years_later = _NEXT[reported[0]]
    if planned[0].part != next_part:
        return before
    return f"{before} năm {planned[0].year - years_later}"


# --- parts of a year


def _year_in(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _of_months(span: re.Match[str]) -> _Part | None:
    """The part of a year that goes from one month to another; None where no part does."""
    part = _PARTS_OF_MONTHS.get((int(span["month"]), int(span["last_month"])))
    first_year, last_year = span["year"], span["last_year"]
    is_list = " và " in span[0]  # `tháng 1 và tháng 3`
    is_in_one_year = first_year is None or first_year == last_year
    return _Part(part, _year_in(last_year)) if part is not None and is_in_one_year and not is_list else None


def _second_halves(words: _Words) -> list[_Part]:
    """`6 tháng cuối năm 2023`, `nửa cuối năm 2023`."""
    return [_Part("H2", _year_in(match["year"] or match["year_2"])) for match in words.take(_SECOND_HALF)]


def _several_quarters(words: _Words) -> list[_Part]:
    """`Quý I + II năm 2023`."""
    quarters: list[_Part] = []
    for run in words.take(_QUARTERS):
        # `re` keeps the pattern, which few texts need
        numerals = re.findall(rf"\b{_NUMERAL}\b", f"{run['first']} {run['others']}")
        quarters += [_quarter(numeral, run["year"]) for numeral in numerals]
    return quarters


def _quarters_after_their_year(words: _Words) -> list[_Part]:
    """`Năm 2023 - Quý I`, but not where the year is that of a plan."""
    if words.have(_CITED_YEAR):
        return []
    return [_quarter(match["number"], match["year"]) for match in words.take(_AFTER_ITS_YEAR)]


def _quarters(words: _Words) -> list[_Part]:
    """`Quý I năm 2023`, `Q1/2023`."""
    return [
        _quarter(match["number"] or match["short"], match["year"] or match["year_of_short"])
        for match in words.take(_QUARTER)
    ]


def _quarter(numeral: str, year: str | None) -> _Part:
    return _Part(f"Q{_NUMERALS[numeral]}", _year_in(year))


def _first_months(words: _Words) -> list[_Part]:
    """`6 tháng đầu năm 2023`."""
    return [
        _Part(_PARTS_OF_FIRST_MONTHS[match["count"]], _year_in(match["year"])) for match in words.take(_FIRST_MONTHS)
    ]


def _months(words: _Words) -> list[_Part]:
    """`Tháng 8 năm 2025`, `T8/2025`."""
    months = []
    for match in words.take(_MONTH):
        number = int(match["number"] or match["short"])
        months.append(_Part(f"M{number:02}", _year_in(match["year"] or match["year_of_short"])))
    return months


# --- whole periods


def _of_code(match: re.Match[str]) -> Period:
    """`2023-Q1` and `2025-08`, as this program writes them; `H1/2023`."""
    if match["month"]:
        return Period(int(match["year_of_month"]), f"M{match['month']}")
    part, year = match["part"] or match["part_first"], match["year"] or match["year_last"]
    return Period(int(year), part.upper())


def _period_of_range(match: re.Match[str]) -> Period | None:
    """The period from a first to a last day, by its name if it has one; None where there are no such days."""
    last_year = int(match["last_year"])
    try:
        last = date(last_year, int(match["last_month"]), int(match["last_day"]))
        day, month = int(match["day"]), int(match["month"])
        first = date(int(match["year"] or last_year), month, day)
        if match["year"] is None and first > last:
            first = date(last_year - 1, month, day)
    except ValueError:
        return None
    if first > last or first.year not in _YEARS or last_year not in _YEARS:
        return None
    return _named(Days(first, last), last_year) or Period.between(first, last)


def _named(days: Days, year: int) -> Period | None:
    """The period of a year that takes these days, by the calendar or by Decree 09/2019/NĐ-CP, article 12.

    The decree counts a quarter from the 15th of the month before it to the 14th of its last month; so a year's report
    goes from 15 December to 14 December.
    """
    for part in ALL_PARTS:
        period = Period(year, part)
        if days in {days_of(period, None), days_of(period, _CLOSING_DAY)}:
            return period
    return None
