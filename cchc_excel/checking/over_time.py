"""Family P: a unit's submission against its own earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Scope
from cchc_excel.submission import Figure, Period, Submission

LEAST_FIGURES = 10  # non-zero figures; fewer can be equal by chance


def earlier_of(submission: Submission, previous: Sequence[Submission]) -> tuple[Submission, ...]:
    """Return the earlier submissions of the same unit, the latest last; a same-named period is not earlier."""
    mine = [
        former
        for former in previous
        if former.unit and submission.unit and former.unit.casefold() == submission.unit.casefold()
    ]
    return tuple(sorted((former for former in mine if _is_earlier(former, submission)), key=_end))


def _is_earlier(former: Submission, submission: Submission) -> bool:
    if former.period is None or submission.period is None:
        return True
    return former.period != submission.period and _end(former) <= _end(submission)


def _end(submission: Submission) -> tuple[int, int, int]:
    period = submission.period or Period(0, "Y")
    return period.year, period.last_quarter, period.quarters


def in_scope(scope: Scope, former: Submission, submission: Submission, form: Form) -> bool:
    """Whether two periods stand to each other as a check of family P needs."""
    if former.period is None or submission.period is None:
        return False
    before, now = former.period, submission.period
    same_year = before.year == now.year
    match scope:
        case Scope.SAME_YEAR:
            return same_year and before.last_quarter <= now.last_quarter
        case Scope.NESTED:
            return same_year and (before.part, now.part) in form.nested
        case Scope.EQUAL_LENGTH:
            return before.quarters == now.quarters
        case _:
            return True


def nothing_earlier(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """P07: files were given to compare with, but none of them is this unit's."""
    if not earlier:
        yield Finding("P07", form.severity_of("P07"), facts={"unit": submission.unit})


def copied(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """P06: every figure equals an earlier submission's; last quarter's sheet was sent again."""
    mine = _figures(submission, form)
    count = sum(value != 0 for value in mine.values())
    for former in earlier:
        if count >= LEAST_FIGURES and mine == _figures(former, form):
            cells = tuple(submission.entries[key].cell for key in list(mine)[:1])
            facts: dict[str, Fact] = {"period": str(former.period), "count": count}
            yield Finding("P06", form.severity_of("P06"), cells=cells, facts=facts)


def _figures(submission: Submission, form: Form) -> dict[str, Figure | None]:
    return {
        row.id: submission.entries[row.id].value
        for row in form.entries
        if row.kind.is_number and row.id in submission.entries and submission.entries[row.id].value is not None
    }
