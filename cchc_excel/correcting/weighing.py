"""For one failed check: every change that would put it right, with what speaks for it, the likeliest first.

A value is taken from somewhere: an equation that names it, or a slip that explains what stands there. What an equation
of one check names is a value for every other check that the same entry fails.

In:     a submission and its form; which entries the solver suspects.
Out:    Weighed changes in order of likelihood, and how much stands for the first of them alone.
Never:  decides whether anything is carried out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeGuard

from cchc_excel.checking import failing, record_of
from cchc_excel.correcting.candidates import Candidate, candidates, changed, holds_with
from cchc_excel.correcting.digits import digit_slip
from cchc_excel.correcting.habit import usual_decimals
from cchc_excel.correcting.slips import Slip, slip_of, stands_beside
from cchc_excel.finding import Because, EntryChange
from cchc_excel.form import Check, Form, Scope, Severity
from cchc_excel.form.language import Agreement, Record, agreement
from cchc_excel.submission import Figure, Submission

Failing = Mapping[tuple[str, str], Severity]

SURE_SLIP = 3  # the strength from which a slip proves that the percentage itself is wrong


class Weighed(NamedTuple):
    """Changes made together, with what speaks for them: what they clear (an error counts twice), and a slip.

    `as_usual`: each percentage that it puts right is then as exact as the form writes them. `alone`: a change that the
    solver names as the one entry which explains all; `prior` is what is known of such entries before anything is
    looked at.
    """

    changes: tuple[EntryChange, ...]
    cleared: int
    relief: int
    slip: Slip | None
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
    def is_far_fetched(self) -> bool:
        """Whether no single slip, however weak, makes of these figures what stands there."""
        stand = [(it.before, it.after) for it in self.changes]
        figures = [(a, b) for a, b in stand if isinstance(a, int | Fraction) and isinstance(b, int | Fraction)]
        return self.slip is None and not any(digit_slip(written, value) for written, value in figures)


class Weighing:
    """All changes that would put right what one submission breaks."""

    def __init__(self, submission: Submission, form: Form, lone: Collection[str], *, is_anything_wrong: bool) -> None:
        self.submission, self.form, self.lone = submission, form, lone
        self.record = record_of(submission, form)
        self.usual = usual_decimals(self.record, form) if is_anything_wrong else None

    def ways(self, check: Check) -> list[Weighed]:
        """Each change that satisfies the check and breaks no other, the likeliest first."""
        found = (*self._single(check), *self._swaps(check))
        return sorted(found, key=lambda it: it.likelihood, reverse=True)

    def failing(self, *keys: str) -> Failing:
        return failing(self.record, self.form, keys)

    def contradictory(self, failing_checks: Failing) -> list[tuple[str, str]]:
        """Those of failing checks that are errors about figures against figures."""
        heard = self.form.is_heard_by_solver
        return [it for it, severity in failing_checks.items() if severity is Severity.ERROR and heard(it[0])]

    def is_named_by(self, check: Check, weighed: Weighed) -> bool:
        """Whether the check itself names the value, and not another one about the same entry."""
        named = candidates(check, self.record, self.form, self.usual)
        return any(
            (it.indicator, it.value) == (change.indicator, change.after) for it in named for change in weighed.changes
        )

    def _named_by_others(self, check: Check) -> Iterator[Candidate]:
        """The values that other failed checks name for the entries of this one."""
        for place in self.failing(*check.involved):
            other = self.form.by_target[place]
            if other.scope is Scope.NONE:
                named = candidates(other, self.record, self.form, self.usual)
                yield from (it for it in named if it.indicator in check.involved)

    def _candidates(self, check: Check) -> Iterator[Candidate]:
        own = candidates(check, self.record, self.form, self.usual)
        yield from own
        others = [it for it in self._named_by_others(check) if it not in own]
        yield from (it for it in dict.fromkeys(others) if holds_with(check, self.record, it))

    def _single(self, check: Check) -> Iterator[Weighed]:
        """Each single entry that would satisfy the check and breaks no other."""
        for candidate in self._candidates(check):
            key = candidate.indicator
            if isinstance(candidate.value, str) and key not in self.lone:
                continue  # an answer is changed only where it alone explains all that contradicts it
            before = self.failing(key)
            then = changed(self.record, {key: candidate.value})
            after = failing(then, self.form, (key,))
            if after.keys() - before.keys():
                continue  # what it would put right here it would break elsewhere
            cleared = [severity.rank for name, severity in before.items() if name not in after]
            if check.condition.op == "is_integer" and (len(cleared) < 2 or stands_beside(key, self.submission)):
                continue  # that 2,5 was 2.500 needs another witness, and no row beside it that says 2,5 as well
            slip = slip_of(candidate, check, self.record, self.submission, self.usual)
            change = EntryChange(key, self.record.values.get(key), candidate.value)
            as_usual = all(self._is_as_usual(then, it) for it in before.keys() - after.keys())
            place = self.form.places[key]
            yield Weighed(
                (change,), len(cleared), sum(cleared), slip, as_usual, key in self.lone, self._prior(key), place
            )

    def _is_as_usual(self, then: Record, place: tuple[str, str]) -> bool:
        """Whether a percentage that stays as it was typed would be as exact as the form's others are."""
        check = self.form.by_target[place]
        if self.usual is None or not check.is_of_a_rate:
            return True
        written, part, whole = (then.values.get(check.roles[role]) for role in ("written", "part", "whole"))
        if not (_is_number(written) and _is_number(part) and _is_number(whole)):
            return True
        decimals = max(self.usual, self.record.decimals.get(check.target, 0))
        is_typed = written == self.record.values.get(check.target)
        return not is_typed or agreement(written, decimals, part, whole) is Agreement.RIGHT

    def _prior(self, key: str) -> int:
        """A total and a round percentage come last; one with decimals was calculated, so a component is wrong.

        Where the form's other percentages have decimals, a round one was calculated as well and came out even.
        """
        row = self.form[key]
        if row.part is not None:
            return -1 if self.record.decimals.get(key) or self.usual else 1
        return int(len(row.total_of) > 1)  # of one part there is no more to add up than of the total

    def _swaps(self, check: Check) -> Iterator[Weighed]:
        """Each two neighbouring rows whose figures, exchanged, satisfy the check and all that contradicts them."""
        for one, other in self._neighbours(check):
            values = {one: self.record.values[other], other: self.record.values[one]}
            before = self.failing(one, other)
            after = failing(changed(self.record, values), self.form, (one, other))
            if (check.code, check.target) in after or after.keys() - before.keys() or self.contradictory(after):
                continue
            cleared = [severity.rank for name, severity in before.items() if name not in after]
            # the last where one entry alone would clear as much
            slip = Slip("neighbours_swapped", 0, Because("neighbours_swapped"))
            changes = tuple(EntryChange(key, self.record.values[key], values[key]) for key in (one, other))
            yield Weighed(changes, len(cleared), sum(cleared), slip, as_usual=True, alone=False, prior=-1, place=-1)

    def _neighbours(self, check: Check) -> Iterator[tuple[str, str]]:
        """Two rows, one below the other, of one kind and unit, that hold different figures; one is in the check."""
        for one, other in pairwise(self.form.indicators):
            if one.id not in check.involved and other.id not in check.involved:
                continue
            alike = one.kind.is_number and (one.kind, one.unit) == (other.kind, other.unit)
            values = [self.record.values.get(row.id) for row in (one, other)]
            if alike and None not in values and values[0] != values[1]:
                yield one.id, other.id

    def evidence(self, ways: Sequence[Weighed], check: Check) -> int:
        """What stands for the first way and for no other: 0 where a person has to choose."""
        best, *others = ways
        if best.relief <= 0 or not best.as_usual:
            return 0
        is_equation = check.condition.op == "==" or check.is_of_a_rate
        if len(best.changes) > 1 and best.cleared == 1 and not is_equation:
            return 0  # two figures exchanged keep within a bound as many others would
        is_rate = best.indicators == (check.target,) and check.is_of_a_rate
        if is_rate and best.strength < (SURE_SLIP if others else 1):
            return 0  # that a percentage is wrong, and not what it is made of, needs a slip that says so
        is_part = check.code == "A01" and best.indicators != (check.target,)
        if is_part and others and best.strength < 2 and best.cleared == 1:
            return 0  # any part can be changed to fit a total
        is_likely = check.expected is not None and best.indicators == (check.target,) and not others
        if check.reported_severity is Severity.WARNING and (best.relief, best.strength) <= (1, 0) and not is_likely:
            return 0  # what is only unlikely may be so
        rivals = [it for it in others if it.slip or not (check.is_of_a_rate and it.indicators == (check.target,))]
        if any(it.relief == best.relief and it.is_moved_comma for it in rivals):
            return 0  # 5 % typed as 50 over 40 looks like 5 % over a 4 with a digit too many
        if any(it.grounds == best.grounds and not (best.alone and it.is_far_fetched) for it in rivals):
            return 0
        return 10 * best.relief + best.strength


def _is_number(value: Figure | None) -> TypeGuard[int | Fraction]:
    return isinstance(value, int | Fraction)
