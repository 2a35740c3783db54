"""The period that a text names: `Quý I năm 2023`, `Q1/2023`, `từ ngày 15/12/2022 đến ngày 14/3/2023`.

In:     texts as clerks write them: lines of a heading, the name of a worksheet or of a file.
Out:    what each line states, and the one period that all lines together state.
Never:  takes the year of a plan, of a decision or of a date for the period reported on; chooses between two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeVar

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
_QUARTER = re.compile(
    rf"\b(?:quý|quy) ?0?(?P<number>iv|iii|ii|i|[1-4]|một|nhất|hai|ba|tư|bốn)\b{_OF_YEAR}"
    rf"|\bq ?0?(?P<short>iv|iii|ii|i|[1-4]) (?:năm )?{_YEAR.replace('year', 'year_of_short')}\b"  # Q. 1 alone: a quận
)
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
_SECOND_HALF = re.compile(
    rf"\b(?:0?6|sáu) tháng cuối(?: năm)?{_OF_YEAR}|\bnửa cuối năm{_OF_YEAR.replace('year', 'year_2')}"
)
_WHOLE_YEAR = re.compile(rf"\b(?:năm|nam) {_YEAR}\b|^{_YEAR.replace('year', 'only_year')}$")
_RANGE = re.compile(
    r"\b(?P<day>\d{1,2}) (?:tháng )?(?P<month>\d{1,2})(?: (?:năm )?(?P<year>\d{4}))? (?:(?:đến|tới|và) )?(?:hết )?"
    r"(?:ngày )?(?P<last_day>\d{1,2}) (?:tháng )?(?P<last_month>\d{1,2}) (?:năm )?(?P<last_year>\d{4})\b"
)
_DATE = re.compile(r"\bngày(?: \d{1,2})?(?: tháng)?(?: \d{1,2})?(?: năm)? (?:19|20)\d\d\b")
_CLOSING_DAY = 14
_OTHER_MONTHS = re.compile(r"\btháng\b|\b(?:6|sáu) tháng cuối\b|\b(?:nửa|giữa|cuối) năm\b")
_LAST_MONTHS = re.compile(r"\b(?:\d{1,2}|ba|sáu|chín) tháng (?:cuối|gần|vừa|qua|tiếp|còn|tới)\b")
# A year behind these words is the year of a plan or of a decision. Only `năm` and words may stand between.
_CITED_YEAR = re.compile(
    r"\b(?:kế hoạch|chương trình|quyết định|nghị quyết|nghị định|thông tư|công văn|đề án|chỉ thị|giai đoạn|dự toán)"
    rf"\b[^\d]*\b{_YEAR}\b"
)
_OF_TIME = re.compile(r"\d|qu[ýy]|tháng|năm")  # each of these patterns finds one of them
_COMPARED_WITH = re.compile(r"\b(?:so với|cùng kỳ)\b.*")  # `quý I năm 2023 so với quý IV năm 2022`


class PeriodStated(NamedTuple):
    """The period that some texts state together; `rivals` are two or more that they state instead of one.

    `year_of_plan` says that the texts name a quarter, but its year only as that of a plan.
    """

    period: Period | None = None
    rivals: tuple[Period, ...] = ()
    year_of_plan: bool = False


class _Line(NamedTuple):
    """What one text states: whole periods, ranges of days, parts without a year, years without a part, years of plans.

    `other` says that the text speaks of months that are no period of this form: its year is not the whole year then.
    """

    periods: tuple[Period, ...]
    ranges: tuple[Period, ...]
    parts: tuple[str, ...]
    years: tuple[int, ...]
    cited_years: tuple[int, ...]
    other: bool


def period_stated(texts: Iterable[str]) -> PeriodStated:
    """Return the one period that the texts state together.

    A quarter and its year may stand on two lines. A year alone is the whole year, unless a line names a part of it.
    A range of days that is none of the named periods counts where no part of a year is named: beside a quarter it only
    tells which days that quarter is taken for.
    """
    lines = [_line(text) for text in map(fold, texts) if _OF_TIME.search(text)]
    if not lines:
        return PeriodStated()
    whole = _distinct(it for line in lines for it in line.periods)
    of_part = tuple(it for it in whole if it.part != "Y")
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
    """What one folded text states."""
    rest = _COMPARED_WITH.sub("", text).strip()
    periods: list[Period] = []
    parts: list[str] = []
    rest, ranges = _cut(_RANGE, rest)
    of_ranges = [_period_of_range(match) for match in ranges]
    periods += [period for period in of_ranges if period is not None and not period.is_range]
    rest, _ = _cut(_DATE, rest)
    rest, coded = _cut(_CODE, rest)
    periods += [_of_code(match) for match in coded]
    rest, halves = _cut(_SECOND_HALF, rest)
    for half in halves:
        year = half["year"] or half["year_2"]
        periods += [Period(int(year), "H2")] if year else []
        parts += [] if year else ["H2"]
    rest, last_months = _cut(_LAST_MONTHS, rest)
    for pattern in (_QUARTER, _FIRST_MONTHS, _MONTH):
        rest, found = _cut(pattern, rest)
        for match in found:
            part, year = _part_and_year(match, is_month=pattern is _MONTH)
            if year is not None:
                periods.append(Period(year, part))
            else:
                parts.append(part)
    rest, plans = _cut(_CITED_YEAR, rest)
    cited = [int(match["year"]) for match in plans]
    years = [int(match["year"] or match["only_year"]) for match in _WHOLE_YEAR.finditer(rest)]
    other = bool(last_months) or any(period is None for period in of_ranges) or bool(_OTHER_MONTHS.search(rest))
    ranges_ = tuple(period for period in of_ranges if period is not None and period.is_range)
    return _Line(tuple(periods), ranges_, tuple(parts), tuple(years), tuple(cited), other)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, list[re.Match[str]]]:
    """The text without what the pattern finds, and what it found."""
    found = list(pattern.finditer(text))
    return pattern.sub(" ", text) if found else text, found


def _part_and_year(match: re.Match[str], *, is_month: bool) -> tuple[str, int | None]:
    found = match.groupdict()
    year = found["year"] or found.get("year_of_short")
    number = found.get("number") or found.get("short")
    numbered = (f"M{int(number):02}" if is_month else f"Q{_NUMERALS[number]}") if number else ""
    return numbered or _MONTHS[found["count"]], int(year) if year else None


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
