"""S58: the date of the report is a year away from its period, as dates are in the first weeks of a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import Period, Submission

BEFORE, AFTER = timedelta(days=45), timedelta(days=120)  # of the end of a period, within which its report is signed


def a_year_off(submission: Submission, form: Form) -> Iterator[Finding]:
    """Yield S58 if the same day of another year would fit the period, and this one does not."""
    day, period = submission.day, submission.period
    if day is None or period is None or _fits(day, period):
        return
    for years in (1, -1):
        meant = _moved(day, years)
        if _fits(meant, period):
            facts = {"day": _shown(day), "meant": _shown(meant), "period": str(period)}
            yield Finding("S58", form.severity_of("S58"), facts=facts)


def _fits(day: date, period: Period) -> bool:
    """Whether a report of the period may be signed on a day. A period ends with the quarter of its last day here."""
    quarter = Period(period.year, f"Q{period.last_quarter}")
    day_after = quarter.calendar_days.last + timedelta(days=1)
    return day_after - BEFORE <= day <= day_after + AFTER


def _moved(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + years)


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
