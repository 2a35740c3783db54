"""For one failed check: every change that would put it right, with what speaks for it, the likeliest first.

A value is taken from somewhere: an equation that names it, or a slip that explains what stands there. What an equation
of one check names is a value for every other check that the same entry fails.

In:     a submission and its form; which entries the solver suspects.
Out:    Weighed changes in order of likelihood; how much stands for the first of them alone is told by `evidence`.
Never:  decides whether anything is carried out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from cchc_excel.checking import failing, record_of
from cchc_excel.correcting.candidates import THOUSAND, Candidate, candidates, changed, holds_with, is_equation
from cchc_excel.correcting.digits import EXTRA_DIGIT, digit_slip
from cchc_excel.correcting.habit import usual_decimals
from cchc_excel.correcting.invented import is_invented
from cchc_excel.correcting.rates import agrees, rate_of
from cchc_excel.correcting.slips import SURE_SLIP, Slip, slip_of, stands_beside
from cchc_excel.finding import Because, EntryChange
from cchc_excel.form import Check, Form, Indicator, Scope, Severity
from cchc_excel.form.language import Record
from cchc_excel.submission import Figure, Submission

Failing = Mapping[tuple[str, str], Severity]
"""(code, target) → severity of checks that fail."""


class Weighed(NamedTuple):
    """Changes made together, with what speaks for them.

    `cleared` is how many findings go, and `relief` the same with errors counted twice. `equations`: how many of
    these findings are about an equation. `invented`: one percentage alone names the figure, and no slip makes of it
    what stands there. `as_usual`: each percentage
    that is put right is then as exact as the form writes them. `alone`: the solver names the entry as the only one
    that explains all. `prior` is what is known of such entries before anything is looked at, greater where they are
    oftener wrong; `place` is the row in the form.
    """

    changes: tuple[EntryChange, ...]
    cleared: int
    relief: int
    slip: Slip | None
    equations: int
    invented: bool
    as_usual: bool
    alone: bool
    prior: int
    place: int

    @property
    def strength(self) -> int:
        return self.slip.strength if self.slip else 0

    @property
    def grounds(self) -> tuple[int, bool, int]:
        """What the figures themselves say for it."""
        return self.relief, self.as_usual, self.strength

    @property
    def likelihood(self) -> tuple[int, bool, int, int, bool, int]:
        """Greater is likelier; between equals the later row, which is filled last as the rest of the others."""
        return *self.grounds, self.prior, self.alone, self.place

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(change.indicator for change in self.changes)

    @property
    def is_moved_comma(self) -> bool:
        return self.slip is not None and self.slip.name == "decimal_slip"

    @property
    def has_digit_too_many(self) -> bool:
        return self.slip is not None and self.slip.name == EXTRA_DIGIT and self.as_usual and self.strength > 1

    def with_strength(self, strength: int) -> Weighed:
        """Return the same changes with a slip that says so much."""
        return self if self.slip is None else self._replace(slip=self.slip._replace(strength=strength))

    @property
    def is_swap(self) -> bool:
        return len(self.changes) > 1

    @property
    def is_far_fetched(self) -> bool:
        """Whether no single slip, however weak, makes of these figures what stands there."""
        return self.slip is None and not any(map(_is_digit_slip, self.changes))


def _is_digit_slip(change: EntryChange) -> bool:
    """Whether one edit of its digits makes of the figure what stands there."""
    written, value = change.before, change.after
    if not isinstance(written, int | Fraction) or not isinstance(value, int | Fraction):
        return False
    return digit_slip(written, value) is not None


class _Effect(NamedTuple):
    """What changes do: the record as it is then, and which checks about the changed entries fail before and after."""

    record: Record
    before: Failing
    after: Failing

    @property
    def breaks(self) -> bool:
        """Whether a check fails that held."""
        return not self.after.keys() <= self.before.keys()

    @property
    def cleared(self) -> Failing:
        """The checks that fail no more."""
        return {check: severity for check, severity in self.before.items() if check not in self.after}


class Weighing:
    """All changes that would put right what one submission breaks.

    `lone` are the entries that the solver names as the only ones which explain a contradiction.
    """

    def __init__(self, submission: Submission, form: Form, lone: Collection[str], *, is_anything_wrong: bool) -> None:
        self.submission, self.form, self.lone = submission, form, lone
        self.record = record_of(submission, form)
        self.usual = usual_decimals(self.record, form) if is_anything_wrong else None

    def ways(self, check: Check) -> list[Weighed]:
        """Return each change that satisfies the check and breaks no other, the likeliest first."""
        single = list(self._single(check))
        found = (*_without_doubtful_comma(single), *self._swaps(check, single))
        return sorted(found, key=lambda weighed: weighed.likelihood, reverse=True)

    def failing(self, *keys: str) -> Failing:
        """Return the checks about these entries that fail."""
        return failing(self.record, self.form, keys)

    def contradictory(self, failing_checks: Failing) -> list[tuple[str, str]]:
        """Return those of failing checks that are errors about figures against figures."""
        return [
            (code, target)
            for (code, target), severity in failing_checks.items()
            if severity is Severity.ERROR and self.form.is_heard_by_solver(code)
        ]

    def is_named_by(self, check: Check, weighed: Weighed) -> bool:
        """Whether the check itself names the value, and not another one about the same entry."""
        named = {(candidate.indicator, candidate.value) for candidate in self._named_by(check)}
        return any((change.indicator, change.after) in named for change in weighed.changes)

    def _named_by(self, check: Check) -> tuple[Candidate, ...]:
        return candidates(check, self.record, self.form, self.usual)

    def _candidates(self, check: Check) -> Iterator[Candidate]:
        """The changes of one entry that satisfy the check: those that it names, then those that others name."""
        own = self._named_by(check)
        yield from own
        for candidate in dict.fromkeys(self._named_by_others(check)):
            if candidate not in own and holds_with(check, self.record, candidate):
                yield candidate

    def _named_by_others(self, check: Check) -> Iterator[Candidate]:
        """The values that other failed checks name for the entries of this one."""
        for place in self.failing(*check.involved):
            other = self.form.by_target[place]
            if other.scope is not Scope.NONE:
                continue
            for candidate in self._named_by(other):
                if candidate.indicator in check.involved:
                    yield candidate

    def _single(self, check: Check) -> Iterator[Weighed]:
        """Each change of one entry that satisfies the check and breaks no other."""
        is_about_a_count = check.condition.op == "is_integer"
        for candidate in self._candidates(check):
            key = candidate.indicator
            if isinstance(candidate.value, str) and key not in self.lone:
                continue  # an answer is changed only where it alone explains all that contradicts it
            effect = self._effect_of({key: candidate.value})
            if effect.breaks:
                continue  # what it would put right here it would break elsewhere
            is_thousandfold = is_about_a_count and candidate.value == THOUSAND * self.record.values[key]
            if is_thousandfold and not self._is_thousands(key, effect):
                continue
            yield self._weighed(candidate, effect, check)

    def _effect_of(self, changes: Mapping[str, Figure]) -> _Effect:
        """What these changes do to the checks about their entries."""
        before = self.failing(*changes)
        record = changed(self.record, changes)
        return _Effect(record, before, failing(record, self.form, changes))

    def _is_thousands(self, key: str, effect: _Effect) -> bool:
        """Whether 2,5 can be 2.500: an equation has to say so, and no row beside it may say 2,5 as well."""
        has_witness = self._equations_in(effect.cleared) > 0
        return has_witness and not stands_beside(key, self.submission)

    def _equations_in(self, cleared: Failing) -> int:
        """How many of the checks are equations: a bound holds with many figures, an equation with hardly any."""
        return sum(is_equation(self.form.by_target[place]) for place in cleared)

    def _weighed(self, candidate: Candidate, effect: _Effect, check: Check) -> Weighed:
        """A change of one entry with what speaks for it."""
        key, cleared = candidate.indicator, effect.cleared
        slip = slip_of(candidate, check, self.record, self.submission, self.form, self.usual)
        if slip is not None and is_copied_total(check):
            slip = slip._replace(strength=0)  # a digit too many in the one is a digit too few in the other
        weighed = Weighed(
            changes=(EntryChange(key, self.record.values.get(key), candidate.value),),
            cleared=len(cleared),
            relief=relief(cleared),
            slip=slip,
            equations=self._equations_in(cleared),
            invented=False,
            as_usual=all(self._is_as_usual(effect.record, self.form.by_target[place]) for place in cleared),
            alone=key in self.lone,
            prior=self._prior(self.form[key]),
            place=self.form.places[key],
        )
        invented = is_invented(weighed, (self.form.by_target[place] for place in cleared), self.record, self.usual)
        return weighed._replace(invented=invented)

    def _is_as_usual(self, record: Record, check: Check) -> bool:
        """Whether a percentage that stays as it was typed would be as exact as the form's others are."""
        if self.usual is None or not check.is_of_a_rate:
            return True
        rate = rate_of(check, record)
        is_typed = rate is not None and rate.written == self.record.values.get(check.target)
        if rate is None or not is_typed:
            return True
        decimals = max(self.usual, self.record.decimals.get(check.target, 0))
        return agrees(rate.written, decimals, rate.part, rate.whole)

    def _prior(self, row: Indicator) -> int:
        """A total and a round percentage are wrong oftenest; one with decimals was calculated, so a component is wrong.

        Where the form's other percentages have decimals, a round one was calculated as well and came out even.
        """
        if row.part is not None:
            was_calculated = self.record.decimals.get(row.id) or self.usual
            return -1 if was_calculated else 1
        return 1 if row.total_of else 0

    def _swaps(self, check: Check, single: Sequence[Weighed]) -> Iterator[Weighed]:
        """Each two neighbouring rows whose figures, exchanged, satisfy the check and all that contradicts them.

        `single` are the changes of one entry that would do.
        """
        for upper, lower in self._neighbours(check):
            exchanged = {upper: self.record.values[lower], lower: self.record.values[upper]}
            effect = self._effect_of(exchanged)
            is_satisfied = (check.code, check.target) not in effect.after
            if is_satisfied and not effect.breaks and not self.contradictory(effect.after):
                yield self._weighed_swap(exchanged, effect.cleared, single)

    def _weighed_swap(self, exchanged: Mapping[str, Figure], cleared: Failing, single: Sequence[Weighed]) -> Weighed:
        """Two figures exchanged. That makes an equation hold by chance hardly ever, a bound in every other case."""
        changes = tuple(EntryChange(key, self.record.values[key], value) for key, value in exchanged.items())
        half_is_enough = any(way.relief >= relief(cleared) and way.changes[0] in changes for way in single)
        says_something = self._equations_in(cleared) > 0 and not half_is_enough
        return Weighed(
            changes=changes,
            cleared=len(cleared),
            relief=relief(cleared),
            slip=Slip(Because("neighbours_swapped"), strength=2 if says_something else 0),
            equations=self._equations_in(cleared),
            invented=False,
            as_usual=True,
            alone=False,
            prior=2 if says_something else -1,
            place=-1,
        )

    def _neighbours(self, check: Check) -> Iterator[tuple[str, str]]:
        """Two rows, one below the other, of one kind and unit, that hold different figures; one is in the check."""
        for upper, lower in pairwise(self.form.indicators):
            if upper.id not in check.involved and lower.id not in check.involved:
                continue
            are_alike = upper.kind.is_number and (upper.kind, upper.unit) == (lower.kind, lower.unit)
            upper_value, lower_value = self.record.values.get(upper.id), self.record.values.get(lower.id)
            are_filled = upper_value is not None and lower_value is not None
            if are_alike and are_filled and upper_value != lower_value:
                yield upper.id, lower.id


def _without_doubtful_comma(ways: Sequence[Weighed]) -> Sequence[Weighed]:
    """The ways; a moved comma says little where a digit too many in a component leaves the same percentage.

    95,07 % was calculated from 270 of 284, and the 284 typed as 2840.
    """
    if not any(way.has_digit_too_many for way in ways):
        return ways
    return [way.with_strength(1) if way.is_moved_comma and way.strength <= SURE_SLIP else way for way in ways]


def is_copied_total(check: Check) -> bool:
    """Whether it holds a total against its only part: of two copies of one figure, neither says which is wrong."""
    return check.code == "A01" and len(check.involved) == 2


def relief(cleared: Failing) -> int:
    """How many findings go, errors counted twice."""
    return sum(severity.rank for severity in cleared.values())
