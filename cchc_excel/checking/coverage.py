"""Which single mistakes in a filled form some check would catch, entry by entry.

In:     a filled submission without errors or warnings, or with few, and its form.
Out:    for each entry the mistakes that were tried on it, and which of them a new error or warning tells.
Never:  says that an entry without a check needs one: of some figures nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.checking.within import check
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Indicator, Kind, Severity
from cchc_excel.submission import Figure, Submission

BLANK = "blank"


class Tried(NamedTuple):
    """One mistake made on purpose: its name, the figure it leaves, and the codes that tell it."""

    mistake: str
    figure: Figure | None
    codes: tuple[str, ...]


class Covered(NamedTuple):
    """One entry, by its id, with all that was tried on it.

    `is_told_of` says that an error or a warning is about it before anything is tried: what a check tells already it
    does not tell anew, so more is missed than would be in a form without findings.
    """

    indicator: str
    tried: tuple[Tried, ...]
    is_told_of: bool = False

    @property
    def caught(self) -> int:
        """How many of the mistakes some check tells."""
        return sum(bool(tried.codes) for tried in self.tried)

    @property
    def share(self) -> Fraction:
        """How much of what was tried is caught, 0 to 1; 0 where nothing was tried."""
        return Fraction(self.caught, len(self.tried) or 1)

    @property
    def has_no_check(self) -> bool:
        """Whether no check catches any of the other figures or answers that were tried; one may catch others."""
        return not self.is_told_of and not any(tried.codes for tried in self.tried if tried.mistake != BLANK)


class Mutant(NamedTuple):
    """A submission with one mistake: the id of the entry that holds it, and the name of the mistake."""

    indicator: str
    mistake: str
    submission: Submission


class _Slip(NamedTuple):
    """A mistake of the hand, and the figure that it leaves."""

    mistake: str
    figure: Figure | None


def coverage(submission: Submission, form: Form) -> tuple[Covered, ...]:
    """Try each single mistake on each entry that is filled and is the form's own level's to fill."""
    found = check(submission, form).findings
    told_before = _told(found)
    told_of = {key for finding in found if finding.severity is not Severity.INFO for key in finding.indicators}
    tried: dict[str, list[Tried]] = {}
    for mutant in mutants(submission, form):
        news = _told(check(mutant.submission, form).findings) - told_before
        codes = {told.code for told in news}
        figure = mutant.submission.entries[mutant.indicator].value
        tried.setdefault(mutant.indicator, []).append(Tried(mutant.mistake, figure, tuple(sorted(codes))))
    return tuple(Covered(key, tuple(of_entry), key in told_of) for key, of_entry in tried.items())


def mutants(submission: Submission, form: Form) -> Iterator[Mutant]:
    """Yield the submission with one mistake after the other, for each filled entry of the form's own level."""
    for row in form.entries:
        entry = submission.entries.get(row.id)
        if entry is None or entry.value is None or row.reported_by is not None:
            continue
        for slip in _mistakes(row, entry.value):
            wrong = entry.holding(slip.figure)._replace(formula=None)
            entries = {**submission.entries, row.id: wrong}
            yield Mutant(row.id, slip.mistake, replace(submission, entries=entries))


class _Told(NamedTuple):
    """What tells one finding from another: its code and the entry that it is about; none of the file as a whole."""

    code: str
    about: tuple[str, ...]


def _told(findings: Iterable[Finding]) -> set[_Told]:
    return {
        _Told(finding.code, finding.indicators[:1]) for finding in findings if finding.severity is not Severity.INFO
    }


def _mistakes(row: Indicator, value: Figure) -> Iterator[_Slip]:
    """The mistakes that leave another figure or answer than this one; of two that leave the same, the first."""
    yield _Slip(BLANK, None)
    if isinstance(value, str):
        yield from (_Slip("other_answer", option) for option in row.options if option != value)
        return
    left = {value}
    for mistake, figure in _slips_of_the_hand(row, value):
        may_be_typed = figure >= 0 or row.negative
        if may_be_typed and figure not in left:
            left.add(figure)
            yield _Slip(mistake, figure)


def _slips_of_the_hand(row: Indicator, value: int | Fraction) -> Iterator[tuple[str, int | Fraction]]:
    """Each slip of the hand by its name, with the number that it leaves; two may leave the same."""
    yield "times_ten", value * 10
    yield "one_more", value + 1
    yield "one_less", value - 1
    yield "zero", 0
    if row.kind is not Kind.COUNT or not isinstance(value, int):
        yield "a_tenth", Fraction(value) / 10
        return
    sign, digits = -1 if value < 0 else 1, str(abs(value))
    yield "extra_digit", sign * int(digits + "7")
    if len(digits) > 1:
        yield "missing_digit", sign * int(digits[1:])
        yield "swapped_digits", sign * int(digits[1] + digits[0] + digits[2:])
