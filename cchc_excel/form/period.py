"""The time that a report is of, and the days whose figures it takes.

A period is a part of a year by its name; which days it takes is the form's affair, for data close before a period ends:
by Decree 09/2019/NĐ-CP, article 12, a month's data go from the 15th of the month before to the 14th. What lies within
what, what follows what and what adds up to what is read off those days, and stands in no list.

In:     codes such as `2023-Q1`; the day on which data close.
Out:    a Period; the days of one.
Never:  knows a form or a text that a person wrote.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from cchc_excel.errors import BadPeriod

T = TypeVar("T")

MONTHS = tuple(f"M{month:02}" for month in range(1, 13))
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
ALL_PARTS = (
    *(*MONTHS[0:3], "Q1"),
    *(*MONTHS[3:6], "Q2", "H1"),
    *(*MONTHS[6:9], "Q3", "9M"),
    *(*MONTHS[9:12], "Q4", "H2", "Y"),
)
"""Every part of a year that has a name, in the order in which they end, the shorter first."""

_SPANS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12)}
_SPANS |= {"H1": (1, 6), "H2": (7, 12), "9M": (1, 9), "Y": (1, 12)}
_SPANS |= {name: (month, month) for month, name in enumerate(MONTHS, start=1)}
_CODE = re.compile(r"((?:19|20)\d\d)(?:-(?:(Q[1-4]|H[12]|9M)|M?(0[1-9]|1[0-2])))?")
_RANGE = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)\.\.((?:19|20)\d\d-\d\d-\d\d)")


class Days(NamedTuple):
    """From a first to a last day, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    def hold(self, other: Days) -> bool:
        """Whether the other days lie within these."""
        return self.first <= other.first and other.last <= self.last

    def end_before(self, other: Days) -> bool:
        """Whether the other days begin right after these."""
        return self.last + timedelta(days=1) == other.first


class Period(NamedTuple):
    """A part of a year: `2023-Q1`, `2023-H1`, `2023-9M`, a month `2025-08`, the year itself (`part` is `Y`).

    Of a range of days `part` is the days as they are written in a code: `2025-07-01..2025-08-15`.
    """

    year: int
    part: str

    def __str__(self) -> str:
        if self.is_range:
            return self.part
        if self.part == "Y":
            return str(self.year)
        return f"{self.year}-{self.part.removeprefix('M')}"

    @property
    def is_range(self) -> bool:
        """Whether it is a range of days, which has no name."""
        return ".." in self.part

    @property
    def is_month(self) -> bool:
        """Whether it is one month."""
        return self.part in MONTHS

    @property
    def first_month(self) -> int:
        """The month it begins with, 1 to 12."""
        return self.calendar_days.first.month if self.is_range else _SPANS[self.part][0]

    @property
    def last_month(self) -> int:
        """The month it ends with, 1 to 12."""
        return self.calendar_days.last.month if self.is_range else _SPANS[self.part][1]

    @property
    def last_quarter(self) -> int:
        """The quarter it ends in, 1 to 4."""
        return (self.last_month + 2) // 3

    @property
    def calendar_days(self) -> Days:
        """Its days by the calendar."""
        if self.is_range:
            first, last = self.part.split("..")
            return Days(date.fromisoformat(first), date.fromisoformat(last))
        first_month, last_month = _SPANS[self.part]
        last_day = calendar.monthrange(self.year, last_month)[1]
        return Days(date(self.year, first_month, 1), date(self.year, last_month, last_day))

    @property
    def length(self) -> tuple[int, int]:
        """How long it is, to be compared: in months, of a range in days."""
        days = self.calendar_days
        if self.is_range:
            return 0, days.length
        return self.last_month - self.first_month + 1, 0

    def is_year_before(self, other: Period) -> bool:
        """Whether it is the same part of the year before another's."""
        days, later = self.calendar_days, other.calendar_days
        if self.is_range or other.is_range:
            return [_a_year_on(day) for day in days] == list(later)
        return self.part == other.part and self.year + 1 == other.year

    @property
    def order(self) -> tuple[date, int]:
        """Sort key: what ends first stands first, of several the shorter one."""
        days = self.calendar_days
        return days.last, (days.last - days.first).days

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2023-Q1`, `2025-08` or `2025-07-01..2025-08-15`, of 1900 to 2099. Raises BadPeriod for others."""
        code = _CODE.fullmatch(text)
        if code is not None:
            year, part, month = int(code[1]), code[2], code[3]
            if month:
                part = f"M{month}"
            return cls(year, part or "Y")
        days = _RANGE.fullmatch(text)
        if days is None:
            raise BadPeriod(text)
        return cls.between(date.fromisoformat(days[1]), date.fromisoformat(days[2]))

    @classmethod
    def between(cls, first: date, last: date) -> Period:
        """The range of days from the first to the last. Raises ValueError where the last stands before the first."""
        if first > last:
            raise ValueError(f"{first}..{last}")
        return cls(last.year, f"{first}..{last}")


def _a_year_on(day: date) -> date:
    """The same day of the next year; 28 February after 29 February."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + 1)


def days_of(period: Period, closing_day: int | None) -> Days:
    """The days whose figures a report of a period takes; data close on a day of its last month (None: at its end).

    Of a range of days these are the days themselves.
    """
    days = period.calendar_days
    if closing_day is None or period.is_range:
        return days
    closed_before = _on(days.first - timedelta(days=1), closing_day)
    return Days(closed_before + timedelta(days=1), _on(days.last, closing_day))


def _on(day: date, number: int) -> date:
    """That day of a month, or its last day where it has no such day."""
    return day.replace(day=min(number, calendar.monthrange(day.year, day.month)[1]))


class When(NamedTuple):
    """For which periods something holds: those that end from the first to the last day, of these parts of a year.

    None and no parts leave that side open.
    """

    first: date | None = None
    last: date | None = None
    parts: tuple[str, ...] = ()

    def holds(self, period: Period, closing_day: int | None) -> bool:
        """Whether the period is one of them; it ends on the day on which its data close."""
        if self.parts and period.part not in self.parts:
            return False
        end = days_of(period, closing_day).last
        first, last = self.first or date.min, self.last or date.max
        return first <= end <= last


ALWAYS = When()


def tiling(days: Days, pieces: Iterable[tuple[Days, T]]) -> list[T] | None:
    """What covers the days piece by piece without a gap and without standing on each other; None if nothing does.

    Of several ways the one of fewest pieces, since fewer hands made it.
    """
    one_day = timedelta(days=1)
    inside = [(piece, content) for piece, content in pieces if days.hold(piece)]
    inside.sort(key=lambda item: (item[0].last, item[0].first))  # what a piece follows stands before it
    # by a day: the fewest pieces that cover all up to it
    fewest: dict[date, list[T]] = {days.first - one_day: []}
    for piece, content in inside:
        before = fewest.get(piece.first - one_day)
        if before is None:
            continue
        already = fewest.get(piece.last)
        if already is None or len(before) + 1 < len(already):
            fewest[piece.last] = [*before, content]
    return fewest.get(days.last)


def heaviest(pieces: Sequence[tuple[Days, int]]) -> tuple[int, ...]:
    """The places of those pieces that stand on no other and weigh most together."""
    by_end = sorted(range(len(pieces)), key=lambda place: pieces[place][0].last)
    ends = [pieces[place][0].last for place in by_end]
    # of the first 0, 1, 2 … pieces in the order of their ends: what weighs most, and what that is made of
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for place in by_end:
        days, weight = pieces[place]
        ended_before = bisect_left(ends, days.first)
        weight_before, chosen = best[ended_before]
        with_this = (weight_before + weight, (*chosen, place))
        without = best[-1]
        best.append(with_this if with_this[0] > without[0] else without)
    _, chosen = best[-1]
    return chosen
