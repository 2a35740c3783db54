"""Which single mistakes in a filled form some check would catch, entry by entry.

In:     a filled submission without errors or warnings, or with few, and its form.
Out:    for each entry the mistakes that were tried on it, and which of them a new error or warning tells.
Never:  says that an entry without a check needs one: of some figures nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.checking.within import check
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Indicator, Kind, Severity
from cchc_excel.submission import Figure, Submission


class Tried(NamedTuple):
    """One mistake made on purpose: its name, the figure it leaves, and the codes that tell it."""

    mistake: str
    figure: Figure | None
    codes: tuple[str, ...]


class Covered(NamedTuple):
    """One entry with all that was tried on it."""

    indicator: str
    tried: tuple[Tried, ...]

    @property
    def caught(self) -> int:
        return sum(bool(it.codes) for it in self.tried)

    @property
    def share(self) -> Fraction:
        """How much of what was tried is caught."""
        return Fraction(self.caught, len(self.tried) or 1)


def coverage(submission: Submission, form: Form) -> tuple[Covered, ...]:
    """Try each single mistake on each entry that is filled and is the form's own level's to fill."""
    before = _told(check(submission, form).findings)
    tried: dict[str, list[Tried]] = {}
    for key, mistake, changed in mutants(submission, form):
        news = _told(check(changed, form).findings) - before
        figure = changed.entries[key].value
        tried.setdefault(key, []).append(Tried(mistake, figure, tuple(sorted({code for code, _ in news}))))
    return tuple(Covered(key, tuple(of_entry)) for key, of_entry in tried.items())


def mutants(submission: Submission, form: Form) -> Iterator[tuple[str, str, Submission]]:
    """Yield entry, mistake and the submission with that one mistake, for each filled entry of the form's own level."""
    for row in form.entries:
        entry = submission.entries.get(row.id)
        if entry is None or entry.value is None or row.reported_by is not None:
            continue
        for mistake, figure in _mistakes(row, entry.value):
            wrong = entry.holding(figure)._replace(formula=None)
            yield row.id, mistake, replace(submission, entries={**submission.entries, row.id: wrong})


def _told(findings: tuple[Finding, ...]) -> set[tuple[str, tuple[str, ...]]]:
    return {(it.code, it.indicators[:1]) for it in findings if it.severity is not Severity.INFO}


def _mistakes(row: Indicator, value: Figure) -> Iterator[tuple[str, Figure | None]]:
    """The slips of the hand that leave another figure than this one."""
    yield "blank", None
    if isinstance(value, str):
        yield from (("other_answer", option) for option in row.options if option != value)
        return
    made: dict[Figure, str] = {}
    for mistake, figure in _slips(row, value):
        if figure != value and (figure >= 0 or row.negative):
            made.setdefault(figure, mistake)
    yield from ((mistake, figure) for figure, mistake in made.items())


def _slips(row: Indicator, value: int | Fraction) -> Iterator[tuple[str, int | Fraction]]:
    yield "times_ten", value * 10
    yield "one_more", value + 1
    yield "one_less", value - 1
    yield "zero", 0
    if row.kind is not Kind.COUNT or not isinstance(value, int):
        yield "a_tenth", Fraction(value) / 10
        return
    digits = str(value)
    yield "extra_digit", int(digits + "7")
    if len(digits) > 1:
        yield "missing_digit", int(digits[1:])
        yield "swapped_digits", int(digits[1] + digits[0] + digits[2:])
