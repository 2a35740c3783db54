"""Which checks hold in the period that stands on the form: a clerk may choose another than the file was made for.

Periods in which the same rules, rows and limits hold are of one kind. Hidden cells read the period and tell its kind; a
check rests where it does not hold in that kind.

In:     a form, and the name of the period on it.
Out:    every check that holds in some period for which the form is, and the condition that it holds now.
Never:  says itself what holds in a period: that is `Form.at`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from cchc_excel.form import Check, Form, Indicator
from cchc_excel.form.period import ALL_PARTS, ALWAYS, Period, When, days_of
from cchc_excel.grid import DAY_0
from cchc_excel.wording import words
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.printed.layout import (
    PARTS_OF_YEAR,
    PERIOD_CELL,
    TIME,
    absolute,
)

_ANY_YEAR = 2000  # where what holds does not depend on the year
_TEXT, _LAST_DAY, _PART, _KIND = (f"${TIME}${row}" for row in range(1, 5))
"""Hidden cells: the period as it stands, the day on which its data close, its part of a year, its kind."""
_FIRST_WHEN = 5
"""The row from which on stands whether the period is one of those of each `When`."""
_NAMES, _LAST_MONTHS, _CODES = PARTS_OF_YEAR
_RANGE = re.compile(r"(\d\d)/(\d\d)/(\d{4})$")


class InTime(NamedTuple):
    """A check, the row that it is about as that is when it holds, and the kinds of periods in which it does.

    `kinds` is None where it holds in all.
    """

    check: Check
    row: Indicator
    kinds: frozenset[str] | None = None


class Times:
    """What holds when, of one form; `shown` is the name of the period that stands on it."""

    def __init__(self, form: Form, shown: str) -> None:
        self.form, self._shown = form, shown.strip()
        limits = {limit.when for row in form.entries for limit in (*row.limits, *row.floors)}
        whens = (form.times | limits) - {ALWAYS}
        self._whens = sorted(whens, key=lambda when: (when.first or date.min, when.last or date.max, when.parts))
        self._period = _period_named(self._shown)
        self._kind = "" if self._period is None else self._kind_of(self._period)
        periods = _periods_about(self._whens, form)
        self._kinds: Mapping[str, Period] = {self._kind_of(period): period for period in reversed(periods)}
        """Each kind of period, with one of them."""
        self._usual = frozenset(self._kind_of(period) for period in periods if form.holds_for(period))
        """The kinds of the periods for which the form is."""
        self.checks = self._checks()
        """Every check that holds in some period for which the form is, or in the one that stands on it."""

    def _checks(self) -> tuple[InTime, ...]:
        if not self._whens:
            return tuple(InTime(check, self.form[check.target]) for check in self.form.checks)
        found: dict[object, InTime] = {}
        kinds_of: dict[object, set[str]] = {}
        for kind, period in self._kinds.items():
            form = self.form.at(period)
            for check in form.checks:
                same = (check.code, check.target, check.condition, check.reported_severity)
                found.setdefault(same, InTime(check, form[check.target]))
                kinds_of.setdefault(same, set()).add(kind)
        wanted = self._usual | {self._kind}
        return tuple(
            in_time._replace(kinds=None if kinds_of[same] == self._kinds.keys() else frozenset(kinds_of[same]))
            for same, in_time in found.items()
            if kinds_of[same] & wanted
        )

    def holds(self, in_time: InTime) -> Live | None:
        """Whether a check holds in the period on the form; None where it holds in all.

        Where no period can be read on the form, it holds if it does in all for which the form is.
        """
        if in_time.kinds is None:
            return None
        kinds = sorted(in_time.kinds)
        if in_time.kinds >= self._usual:
            kinds.append("")
        is_one_of_them = ",".join(f'{_KIND}="{kind}"' for kind in kinds)
        return Live(f"OR({is_one_of_them})", int(self._kind in kinds))

    def form_now(self) -> Form:
        """The form with the checks that hold in the period on it."""
        holds = [(in_time.check, self.holds(in_time)) for in_time in self.checks]
        if all(now is None for _, now in holds):
            return self.form
        return replace(self.form, checks=tuple(check for check, now in holds if now is None or now.result))

    def cells(self) -> Iterator[tuple[str, Live]]:
        """The hidden cells; none where all checks hold in all periods."""
        if not self._whens:
            return
        for number, (part, name) in enumerate(_names_of_parts().items(), start=1):
            last_month = Period(_ANY_YEAR, part).last_month
            yield f"{_NAMES}{number}", Live(f'"{name}"', name)
            yield f"{_LAST_MONTHS}{number}", Live(str(last_month), last_month)
            yield f"{_CODES}{number}", Live(f'"{part}"', part)
        yield from self._cells_of_period()
        cells = []
        for number, when in enumerate(self._whens, start=_FIRST_WHEN):
            cells.append(f"${TIME}${number}")
            is_one = self._period is not None and when.holds(self._period, self.form.closing_day)
            yield cells[-1], Live(f"IF({_condition(when)},1,0)", int(is_one))
        as_text = "&".join(cells) + '&""'
        yield _KIND, Live(f'IF({_LAST_DAY}="","",{as_text})', self._kind)

    def _cells_of_period(self) -> Iterator[tuple[str, Live]]:
        yield _TEXT, Live(f"TRIM({absolute(PERIOD_CELL)})", self._shown)
        names, months, codes = (f"${column}$1:${column}${len(ALL_PARTS)}" for column in PARTS_OF_YEAR)
        place = f"MATCH(TRIM(LEFT({_TEXT},LEN({_TEXT})-4)),{names},0)"
        year, month = f"VALUE(RIGHT({_TEXT},4))", f"INDEX({months},{place})"
        closes = f"DATE({year},{month}+1,0)"
        if self.form.closing_day is not None:
            closes = f"MIN({closes},DATE({year},{month},{self.form.closing_day}))"
        # a range of days has no name: it ends with its last day, 15/08/2025
        month_and_day = f"VALUE(MID({_TEXT},LEN({_TEXT})-6,2)),VALUE(MID({_TEXT},LEN({_TEXT})-9,2))"
        of_range = f"DATE({year},{month_and_day})"
        last_day: int | str = ""
        part = ""
        if self._period is not None:
            last_day = _serial(days_of(self._period, self.form.closing_day).last)
            part = "" if self._period.is_range else self._period.part
        yield _LAST_DAY, Live(f'IFERROR({closes},IFERROR({of_range},""))', last_day)
        yield _PART, Live(f'IFERROR(INDEX({codes},{place}),"")', part)

    def _kind_of(self, period: Period) -> str:
        """Of each `When` whether the period is one of its own: 1 or 0."""
        return "".join(str(int(when.holds(period, self.form.closing_day))) for when in self._whens)


def _periods_about(whens: Sequence[When], form: Form) -> tuple[Period, ...]:
    """Periods of each kind: those of the years about the days from which on, or to which, something holds."""
    ends = [(when.first, when.last) for when in whens] + [(form.holds_from, form.holds_until)]
    years = {day.year for days in ends for day in days if day is not None} or {_ANY_YEAR}
    named = [Period(year, part) for year in range(min(years) - 1, max(years) + 2) for part in ALL_PARTS]
    ranges = [Period.between(*period.calendar_days) for period in named if period.is_month]
    return (*named, *ranges)


def _condition(when: When) -> str:
    """The condition that the period on the form is one of those of a `When`."""
    conditions = [f'{_LAST_DAY}<>""']
    if when.first is not None:
        conditions.append(f"{_LAST_DAY}>={_serial(when.first)}")
    if when.last is not None:
        conditions.append(f"{_LAST_DAY}<={_serial(when.last)}")
    if when.parts:
        is_part = ",".join(f'{_PART}="{part}"' for part in when.parts)
        conditions.append(f"OR({is_part})")
    return f"AND({','.join(conditions)})"


def _names_of_parts() -> Mapping[str, str]:
    """By part of a year what stands before the year in its name: `Quý I năm`."""
    year = str(_ANY_YEAR)
    return {part: words("vi").period(Period(_ANY_YEAR, part)).removesuffix(year).strip() for part in ALL_PARTS}


def _period_named(shown: str) -> Period | None:
    """The period of a name as the cells read it; of a range of days only its last one is known."""
    days = _RANGE.search(shown)
    if days is not None:
        last = date(int(days[3]), int(days[2]), int(days[1]))
        return Period.between(last, last)
    name, year = shown[:-4].strip(), shown[-4:]
    parts = [part for part, named in _names_of_parts().items() if named.casefold() == name.casefold()]
    return Period(int(year), parts[0]) if parts and year.isdecimal() else None


def _serial(day: date) -> int:
    """A day as Excel numbers it."""
    return (day - DAY_0).days
