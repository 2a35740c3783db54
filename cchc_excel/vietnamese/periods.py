"""The period that a text names: `Quý I năm 2023`, `Q1/2023`, `từ ngày 15/12/2022 đến ngày 14/3/2023`.

In:     texts as clerks write them: lines of a heading, the name of a worksheet or of a file.
Out:    what each line states, and the one period that all lines together state.
Never:  takes the year of a plan, of a decision or of a date for the period reported on; chooses between two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar

from cchc_excel.form.period import ALL_PARTS, Period, days_of
from cchc_excel.vietnamese.text import fold

__all__ = ["PeriodStated", "period_stated"]

T = TypeVar("T")

_NUMERALS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
    "một": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4,
}  # fmt: skip
_MONTHS = {"3": "Q1", "ba": "Q1", "6": "H1", "sáu": "H1", "9": "9M", "chín": "9M", "12": "Y", "mười hai": "Y"}

# All patterns look at folded text: small letters, one space for each run of spaces and signs (`Q1/2023` → `q1 2023`).
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF_YEAR = rf"(?: (?:của )?(?:năm )?{_YEAR}\b)?"
_NUMERAL = r"(?:iv|iii|ii|i|[1-4]|một|nhất|hai|ba|tư|bốn)"
_QUARTER = re.compile(
    rf"\b(?:quý|quy) ?(?:thứ |báo cáo )?0?(?P<number>{_NUMERAL})\b(?! tháng (?:đầu|năm)\b){_OF_YEAR}"  # not of Phú Quý
    rf"|\bq ?0?(?P<short>iv|iii|ii|i|[1-4]) (?:năm )?{_YEAR.replace('year', 'year_of_short')}\b"  # Q. 1 alone: a quận
)
# `Quý I + II năm 2023`, `Quý I và quý II`: two quarters, of which neither is the one.
_QUARTERS = re.compile(
    rf"\bquý ?0?(?P<first>{_NUMERAL})(?P<others>(?: (?:và |đến |tới |hoặc )?(?:quý )?0?{_NUMERAL}\b)+)"
    rf"(?:(?= (?:của )?(?:năm )?{_YEAR.replace('?P<year>', '?:')}\b){_OF_YEAR}|$)"
)
_AFTER_ITS_YEAR = re.compile(  # `Năm 2023 - Quý I`
    rf"\b{_YEAR} (?:kỳ (?:báo cáo )?)?quý ?0?(?P<number>{_NUMERAL})\b(?! (?:của )?(?:năm )?(?:19|20)\d\d\b)"
)
_AND_THE_YEAR = re.compile(rf"\b(?:và(?: cả)?|cả) năm {_YEAR}\b|\bvà cả năm$")  # `Quý IV và cả năm 2023`
_FIRST_MONTHS = re.compile(
    rf"\b0?(?P<count>3|ba|6|sáu|9|chín|12|mười hai) tháng\b(?! \d{{1,2}}\b)(?: đầu| của)?(?: năm)?{_OF_YEAR}"
)
_CODE = re.compile(
    rf"\b{_YEAR} ?(?P<part>q[1-4]|h[12]|9m)\b|\b(?P<part_first>h[12]|9m) {_YEAR.replace('year', 'year_last')}\b"
    rf"|(?:^|(?<=\D )){_YEAR.replace('year', 'year_of_month')} (?P<month>0[1-9]|1[0-2])$"  # `2025-08`
)
# Not the month of a day (`15 tháng 3`), nor one that something goes on from or to (`đến tháng 8`).
_MONTH = re.compile(
    r"(?<!\d )(?<!đầu )(?<!từ )(?<!đến )(?<!tới )(?<!hết )(?<!qua )(?<!den )(?<!tu )"
    rf"\b(?:tháng|thang) ?0?(?P<number>1[0-2]|[1-9])\b(?! \d{{1,2}}\b){_OF_YEAR}"
    rf"|\bt ?0?(?P<short>1[0-2]|[1-9]) (?:năm )?{_YEAR.replace('year', 'year_of_short')}\b"  # `T8/2025`
)
# `Tháng 1 đến tháng 3 năm 2023`, `T1-T3/2023`; years are those of the two months.
_FROM_MONTH_TO_MONTH = re.compile(
    rf"\b(?:tháng ?|t)0?(?P<month>1[0-2]|[1-9])(?: (?:năm )?{_YEAR})? "
    r"(?:(?:đến|tới) (?:hết )?(?:tháng ?|t)?|và tháng |tháng |t)"
    rf"0?(?P<last_month>1[0-2]|[1-9])\b{_OF_YEAR.replace('year', 'last_year')}"
)
_PARTS_OF_MONTHS = {
    (1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 6): "H1", (7, 12): "H2", (1, 9): "9M", (1, 12): "Y",
}  # fmt: skip
_SECOND_HALF = re.compile(
    rf"\b(?:0?6|sáu) tháng cuối(?: năm)?{_OF_YEAR}|\bnửa cuối năm{_OF_YEAR.replace('year', 'year_2')}"
)
_WHOLE_YEAR = re.compile(rf"\b(?:năm|nam)(?: báo cáo)? {_YEAR}\b|^{_YEAR.replace('year', 'only_year')}$")
_RANGE = re.compile(
    r"\b(?P<day>\d{1,2}) (?:tháng )?(?P<month>\d{1,2})(?: (?:năm )?(?P<year>\d{4}))? (?:(?:đến|tới|và) )?(?:hết )?"
    r"(?:ngày )?(?P<last_day>\d{1,2}) (?:tháng )?(?P<last_month>\d{1,2}) (?:năm )?(?P<last_year>\d{4})\b"
)
_DATE = re.compile(r"\bngày(?: \d{1,2})?(?: tháng)?(?: \d{1,2})?(?: năm)? (?:19|20)\d\d\b")
_UP_TO = re.compile(
    r"\b(?:đến|tới)(?: hết)?(?: ngày)? \d{1,2} (?:tháng )?(?P<month>\d{1,2}) (?:năm )?(?P<year>(?:19|20)\d\d)\b"
)
_LAST_MONTHS_OF_A_YEAR = 10  # from here on figures up to a day may be those of the year: `tính đến ngày 30/11/2023`
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
# A year behind these words is the year of a plan or of a decision. Only `năm` and words may stand between.
_CITED_YEAR = re.compile(rf"\b(?:kế hoạch|kh|chương trình|đề án|giai đoạn|dự toán)\b[^\d]*\b{_YEAR}\b")
# The year of a decision, a law or a form may be any before: it is not even that of a quarter on another line.
_NUMBER = r"(?: số)? \d+(?: (?:19|20)\d\d)?\b"
_DOCUMENT = (
    r"(?:quyết định|nghị quyết|nghị định|thông tư|công văn|chỉ thị|(?<!kỷ )(?<!pháp )luật|hiến pháp|chỉ số)\b"
    rf"(?:{_NUMBER})?|(?:qđ|nq|nđ|tt|cv){_NUMBER}"
)
_YEAR_OF_A_DOCUMENT = re.compile(
    rf"\b(?:{_DOCUMENT})[^\d]*\b{_YEAR}\b|\bmẫu(?: ban hành)? (?:năm )?{_YEAR.replace('year', 'year_of_form')}\b"
)
# `quý I năm 2023 so với quý IV năm 2022`, `Kỳ trước: Quý IV/2022`
_COMPARED_WITH = re.compile(r"\b(?:so với|so sánh|cùng kỳ|kỳ trước)\b.*")
# `quý I năm 2023 và phương hướng quý II năm 2023`: behind these words stands what comes next.
_OUTLOOK = re.compile(r"(?<!thực hiện )\b(?:phương hướng|định hướng|nhiệm vụ (?:trọng tâm|chủ yếu))\b")
_NEXT = {  # what is planned in a report, and how many years after its own that is
    "Q1": ("Q2", 0), "Q2": ("Q3", 0), "Q3": ("Q4", 0), "Q4": ("Q1", 1),
    "H1": ("H2", 0), "H2": ("H1", 1), "9M": ("Q4", 0),
}  # fmt: skip
_LAST_QUARTER = re.compile(r"\b(?:0?3|ba) tháng cuối(?= năm\b)")
_SPAN_OF_YEARS = re.compile(r"\b(?P<first>(?:19|20)\d\d) (?:(?:đến|tới|và) )?(?P<last>(?:19|20)\d\d)\b")
_CITED_SPAN = re.compile(
    r"\b(?:giai đoạn|nhiệm kỳ|năm học|kế hoạch|chương trình|đề án|nghị quyết)\b[^\d]*" + _SPAN_OF_YEARS.pattern
)
_SHORT_MONTHS = re.compile(r"\b(\d{1,2}) ?t(?= (?:đầu|cuối|năm|(?:19|20)\d\d)\b)")  # `6T đầu năm 2023`, `9T/2023`
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


class _Line(NamedTuple):
    """What one text states: whole periods, ranges of days, parts without a year, years without a part, years of plans.

    `other` says that the text speaks of months or of a quarter that are no period of this form: its year is not the
    whole year then. `whole_years` stand beside a part of the year, `Quý IV và cả năm 2023`: which of the two is meant?
    """

    periods: tuple[Period, ...]
    ranges: tuple[Period, ...]
    parts: tuple[str, ...]
    years: tuple[int, ...]
    cited_years: tuple[int, ...]
    other: bool
    whole_years: tuple[Period, ...] = ()
    up_to: tuple[tuple[int, int], ...] = ()  # the years and months up to which the figures are


_A_TIME = re.compile(r"\d|\b(?:quý|quy|tháng|năm|kỳ)\b")
_NO_TIME = _Line((), (), (), (), (), other=False)


def period_stated(texts: Iterable[str]) -> PeriodStated:
    """Return the one period that the texts state together.

    A quarter and its year may stand on two lines. A year alone is the whole year, unless a line names a part of it.
    A range of days that is none of the named periods counts where no part of a year is named: beside a quarter it only
    tells which days that quarter is taken for.
    """
    lines = [_line(text) for text in texts]
    whole = _distinct(it for line in lines for it in line.periods)
    of_part = tuple(it for it in whole if it.part != "Y")
    if beside := _distinct(it for line in lines for it in line.whole_years):
        return PeriodStated(rivals=_distinct((*of_part, *beside)))
    parts = _distinct(it for line in lines for it in line.parts)
    years = _distinct(it for line in lines for it in line.years)
    if not of_part and parts:
        years = _distinct((*years, *(it.year for it in whole)))
        return _joined(parts, years, _distinct(it for line in lines for it in line.cited_years))
    ranges = _distinct(it for line in lines for it in line.ranges)
    if ranges and not of_part:
        return PeriodStated(ranges[0]) if len(ranges) == 1 else PeriodStated(rivals=ranges)
    if any(line.other for line in lines) and not of_part:
        return PeriodStated()
    if len(of_part) == 1:  # `QUÝ II` in a title, and `quý I năm 2023` left over below it
        of_part = _distinct((*of_part, *(Period(of_part[0].year, part) for part in parts)))
    found = of_part or _distinct((*whole, *(Period(year, "Y") for year in years)))
    ends = {year for line in lines for year, month in line.up_to if month < _LAST_MONTHS_OF_A_YEAR}
    if any(it.part == "Y" and it.year in ends for it in found):  # `năm 2023 (tính đến 14/3/2023)`
        return PeriodStated()
    return PeriodStated(found[0]) if len(found) == 1 else PeriodStated(rivals=found)


def _joined(parts: tuple[str, ...], years: tuple[int, ...], cited_years: tuple[int, ...]) -> PeriodStated:
    """A part of a year and its year, found on different lines."""
    of_plan = not years and len(cited_years) == 1
    candidates = tuple(Period(year, part) for part in parts for year in (years or cited_years))
    if len(candidates) == 1:
        return PeriodStated(candidates[0], year_of_plan=of_plan)
    return PeriodStated(rivals=candidates)


def _distinct(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))


def _line(text: str) -> _Line:
    rest = _in_plain_words(text)
    if _A_TIME.search(rest) is None or _is_date_of_a_letter(text):  # most lines of a heading
        return _NO_TIME
    rest = _without_outlook(_COMPARED_WITH.sub("", rest).strip())
    rest, ranges = _cut(_RANGE, rest)
    of_ranges = [_period_of_range(match) for match in ranges]
    periods = [period for period in of_ranges if period is not None and not period.is_range]
    rest, ends = _cut(_UP_TO, rest) if "đến" in rest or "tới" in rest else (rest, [])
    rest, _ = _cut(_DATE, rest)
    rest, coded = _cut(_CODE, rest)
    periods += [_of_code(match) for match in coded]
    rest, to_choose = _cut(_TO_CHOOSE, rest)
    rest, _ = _cut(_CITED_SPAN, rest)
    rest, spans = _cut(_SPAN_OF_YEARS, rest)
    rest, of_months = _months_in(rest)
    rest, halves = _cut(_SECOND_HALF, rest)
    rest, last_months = _cut(_LAST_MONTHS, rest)
    found = [it for it in of_months if it is not None]
    found += [("H2", half["year"] or half["year_2"]) for half in halves]
    and_the_year = list(_AND_THE_YEAR.finditer(rest))
    for quarters in (_several_quarters, _quarter_after_its_year):
        rest, more = quarters(rest)
        found += more
    for pattern in (_QUARTER, _FIRST_MONTHS, _MONTH):
        found += [_part_and_year(match, is_month=pattern is _MONTH) for match in pattern.finditer(rest)]
        rest = pattern.sub(" ", rest)
    years_of_parts = [year for _, year in found if year]
    beside = [int(year) for match in and_the_year for year in ([match["year"]] if match["year"] else years_of_parts)]
    cited: list[int] = []
    years = [int(year) for match in spans for year in match.groups()]
    if "20" in rest or "19" in rest:  # nearly always the year stood beside its quarter
        rest = _YEAR_OF_A_DOCUMENT.sub(" ", rest)
        rest, of_plans = _cut(_CITED_YEAR, rest)
        cited = [int(match["year"]) for match in of_plans]
        years += [int(match["year"] or match["only_year"]) for match in _WHOLE_YEAR.finditer(rest)]
    periods += [Period(int(year), part) for part, year in found if year]
    parts = [part for part, year in found if not year]
    if periods or parts:  # `Quý IV và cả năm 2023`
        periods += [Period(year, part) for part in parts for year in beside]
    is_blank = "kỳ" in rest and _BLANK_PERIOD.search(text)
    unclear = (last_months, to_choose, is_blank, _OTHER_MONTHS.search(rest), _OTHER_QUARTER.search(rest))
    return _Line(
        periods=tuple(periods),
        ranges=tuple(period for period in of_ranges if period is not None and period.is_range),
        parts=() if beside else tuple(parts),
        years=tuple(years),
        cited_years=tuple(cited),
        other=any(unclear) or None in of_ranges or None in of_months,
        whole_years=tuple(Period(year, "Y") for year in beside) if periods else (),
        up_to=tuple((int(match["year"]), int(match["month"])) for match in ends),
    )


def _is_date_of_a_letter(text: str) -> bool:
    """Whether a line is a place and a month: `Chợ Đồn, tháng 3 năm 2023` on a cover is when it was written."""
    place, comma, rest = text.partition(",")
    words = place.split()
    return bool(comma) and 0 < len(words) < 5 and fold(rest).startswith("tháng ") and all(map(str.istitle, words))


def _in_plain_words(text: str) -> str:
    """The text folded, with its accents where it lost all, with `tháng` for `T` in `6T/2023`, and years in full."""
    if "/2" in text or "-2" in text:
        text = _SHORT_YEAR.sub(r"\1\2/20\3", text)
    folded = fold(text)
    if folded.isascii():
        folded = _LOST_ACCENTS.sub(lambda found: _ACCENTS[found[0]], folded)
    return _FIRST_HALF.sub("6 tháng đầu năm", _SHORT_MONTHS.sub(r"\1 tháng", folded))


def _without_outlook(text: str) -> str:
    """What stands before the words that speak of the next period, whose year may tell that of the one reported on."""
    word = _OUTLOOK.search(text)
    if word is None:
        return text
    before = text[: word.start()]
    own, planned = _line(before).parts, _line(_LAST_QUARTER.sub("quý 4", text[word.end() :])).periods
    if len(own) == len(planned) == 1 and own[0] in _NEXT:
        part, years_later = _NEXT[own[0]]
        if planned[0].part == part:
            return f"{before} năm {planned[0].year - years_later}"
    return before


_Found: TypeAlias = tuple[str, str | None]
"""A part of a year, and its year where the same words tell it."""


def _months_in(text: str) -> tuple[str, list[_Found | None]]:
    """The text without its spans of months, and the part of the year that each is; None where it is none."""
    rest, spans = _cut(_FROM_MONTH_TO_MONTH, text)
    found: list[_Found | None] = []
    for span in spans:
        part = _PARTS_OF_MONTHS.get((int(span["month"]), int(span["last_month"])))
        first_year, last_year = span["year"], span["last_year"]
        is_span = " và " not in span[0] and (first_year is None or first_year == last_year)
        found.append((part, last_year) if part is not None and is_span else None)
    return rest, found


def _several_quarters(text: str) -> tuple[str, list[_Found]]:
    rest, runs = _cut(_QUARTERS, text)
    numerals = ((run, re.findall(rf"\b{_NUMERAL}\b", f"{run['first']} {run['others']}")) for run in runs)
    return rest, [(f"Q{_NUMERALS[numeral]}", run["year"]) for run, found in numerals for numeral in found]


def _quarter_after_its_year(text: str) -> tuple[str, list[_Found]]:
    """`Năm 2023 - Quý I`, but not where the year is that of a plan."""
    if _CITED_YEAR.search(text):
        return text, []
    rest, found = _cut(_AFTER_ITS_YEAR, text)
    return rest, [(f"Q{_NUMERALS[match['number']]}", match["year"]) for match in found]


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, list[re.Match[str]]]:
    """The text without what the pattern finds, and what it found."""
    found = list(pattern.finditer(text))
    return pattern.sub(" ", text) if found else text, found


def _part_and_year(match: re.Match[str], *, is_month: bool) -> _Found:
    found = match.groupdict()
    year = found["year"] or found.get("year_of_short")
    number = found.get("number") or found.get("short")
    numbered = (f"M{int(number):02}" if is_month else f"Q{_NUMERALS[number]}") if number else ""
    return numbered or _MONTHS[found["count"]], year


def _of_code(match: re.Match[str]) -> Period:
    """`2023-Q1` and `2025-08`, as this program writes them; `H1/2023`."""
    if match["month"]:
        return Period(int(match["year_of_month"]), f"M{match['month']}")
    part, year = match["part"] or match["part_first"], match["year"] or match["year_last"]
    return Period(int(year), part.upper())


# --- ranges of dates


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
    if first > last:
        return None
    named = (period for period, *days in _windows(last_year) if days == [first, last])
    return next(named, Period.between(first, last))


def _windows(year: int) -> Iterator[tuple[Period, date, date]]:
    """Each period of a year with its first and last day: by the calendar, and by Decree 09/2019/NĐ-CP, article 12.

    The decree counts a quarter from the 15th of the month before it to the 14th of its last month; so a year's report
    goes from 15 December to 14 December.
    """
    for part in ALL_PARTS:
        period = Period(year, part)
        for closing_day in (None, _CLOSING_DAY):
            yield period, *days_of(period, closing_day)
