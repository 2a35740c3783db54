"""Findings → findings with what would put them right: how sure it is, and what else would do.

A percentage or total that is blank is deduced from its components. A percentage that contradicts
its components is recomputed only where the slip is plain and nothing else could explain it. All
else is a suggestion: every change of a single entry, and every swap of two neighbouring ones, that
puts the finding right without breaking a check that holds, the likeliest first. A counted figure is
never more than suggested.

How far any of this is used is the code's own affair (`Fixing`, in the catalogue or in a form's checks.yaml): it may
be carried out, only proposed, or only listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cchc_excel.checking import failing, record_of
from cchc_excel.codes import Fixing
from cchc_excel.correcting.candidates import Candidate, candidates, changed, is_only_value
from cchc_excel.correcting.slips import Slip, is_plain, slip_of
from cchc_excel.finding import Alternative, Because, Certainty, EntryChange, Finding, Fix, Suspects
from cchc_excel.form import Check, Form, Kind, Scope, Severity
from cchc_excel.form.language import Record
from cchc_excel.submission import How, Submission

if TYPE_CHECKING:
    from cchc_excel.correcting.locate import Contradiction

RATE = "A02"  # the check of a percentage against its components


class Weighed(NamedTuple):
    """Changes made together, with what speaks for them: what they clear (an error counts twice), and a slip."""

    changes: tuple[EntryChange, ...]
    cleared: int
    relief: int
    slip: Slip | None
    derived: bool
    place: int

    @property
    def likelihood(self) -> tuple[int, int, bool, int]:
        """Greater is likelier; between equals the later row, which is filled last as the rest of the others."""
        return self.relief, self.slip.strength if self.slip else 0, self.derived, self.place

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(change.indicator for change in self.changes)


def propose(findings: Iterable[Finding], submission: Submission, form: Form) -> tuple[Finding, ...]:
    """Return the findings, each with what would put it right where that is known."""
    findings = tuple(findings)
    contradicting = _contradictions(findings, submission, form)
    proposing = _Proposing(submission, form, _errors_about(findings), contradicting)
    return tuple(proposing.proposed(finding) for finding in findings)


def _errors_about(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many errors each entry is involved in."""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            for key in finding.indicators:
                counts[key] = counts.get(key, 0) + 1
    return counts


def _contradictions(findings: Iterable[Finding], submission: Submission, form: Form) -> tuple[Contradiction, ...]:
    """Which figures contradict each other. The solver is loaded only where some do."""
    if not any(it.severity is Severity.ERROR and form.is_heard_by_solver(it.code) for it in findings):
        return ()
    from cchc_excel.correcting.locate import contradictions

    return contradictions(submission, form)


class _Proposing:
    """What all proposals for one submission are made of; `errors` tells how many each entry is involved in."""

    def __init__(
        self,
        submission: Submission,
        form: Form,
        errors: Mapping[str, int],
        contradicting: Iterable[Contradiction],
    ) -> None:
        self.submission, self.form, self.errors = submission, form, errors
        self.record = record_of(submission, form)
        self.suspects_of = {check: it.suspects for it in contradicting for check in it.checks}
        self.suspected = {name for it in self.suspects_of.values() for one in it.sets for name in one}

    def proposed(self, finding: Finding) -> Finding:
        """The finding with the entries that may be wrong, and what would put it right, as far as its code allows."""
        suspects = self.suspects(finding)
        if suspects is not None:
            finding = replace(finding, suspects=suspects)
        fix = finding.fix or self.fix(finding)
        return finding if fix is None else finding.put_right_by(fix, self.form.fixing_of(finding.code))

    def suspects(self, finding: Finding) -> Suspects | None:
        """Which entries may be wrong, for an error that the solver knows."""
        if finding.severity is not Severity.ERROR or not finding.indicators:
            return None
        target = finding.indicators[0]
        found = self.suspects_of.get((finding.code, target))
        if found is None and finding.facts.get("written") is not None and self.form[target].part is not None:
            found = self.suspects_of.get((RATE, target))  # of A03 and A04 the solver knows by the same relation
        return found if self.form.is_heard_by_solver(finding.code) else None

    def fix(self, finding: Finding) -> Fix | None:
        """What would put a finding right, or None where nothing is known to do."""
        if not finding.indicators:
            return None
        target = finding.indicators[0]
        check = self.form.by_target.get((finding.code, target))
        if check is None:
            return self.other_reading(finding)
        if check.scope is not Scope.NONE:
            return None
        if finding.compared_with is not None and finding.observed is None and target not in self.record.values:
            return self.filled(finding)
        if not check.texts and len(check.involved) == 1:
            return None  # a bound such as 0 or 100 says that a figure is wrong, but not which one is right
        return self.of_check(check)

    def other_reading(self, finding: Finding) -> Fix | None:
        """What a cell that could not be read may mean, if that is one thing only."""
        target = finding.indicators[0]
        entry = self.submission.entries.get(target)
        if entry is None or entry.how is not How.UNREAD:
            return None
        if self.form[target].kind.is_text:
            return self.answer_without_question(target)
        if finding.compared_with is None:
            return None
        because = Because("thousands_slip" if finding.code == "T17" else "same_meaning")
        change = EntryChange(target, finding.observed, finding.compared_with)
        return Fix((change,), Certainty.SUGGESTED, because)

    def filled(self, finding: Finding) -> Fix | None:
        """The figure that a blank must hold by the figures around it."""
        target, value = finding.indicators[0], finding.compared_with
        if value is None or isinstance(value, str):
            return None
        reason = "components_give" if self.form.fixing_of(finding.code) is Fixing.SAFE else "only_value_left"
        certainty = Certainty.DEDUCED if self.is_sure_to_fill(finding) else Certainty.SUGGESTED
        return Fix((EntryChange(target, None, value),), certainty, Because(reason))

    def is_sure_to_fill(self, finding: Finding) -> bool:
        """Whether a blank may be filled unasked: no other error about these entries, and nothing breaks by it."""
        target, value = finding.indicators[0], finding.compared_with
        own = finding.severity is Severity.ERROR  # this very finding is counted, too
        if any(self.errors.get(key, 0) > own for key in finding.indicators):
            return False
        if finding.facts.get("part") == 0:
            return False  # 0 of a wrong figure looks the same as 0 of 0, where the blank is right
        after = failing(changed(self.record, {target: value}), self.form, (target,))
        return not after.keys() - self.failing(target).keys()

    def failing(self, *keys: str) -> Mapping[tuple[str, str], Severity]:
        return failing(self.record, self.form, keys)

    def of_check(self, check: Check) -> Fix | None:
        """The changes that satisfy a failed check: the likeliest as the fix, the rest as alternatives."""
        weighed = sorted((*self.weighed(check), *self.swaps(check)), key=lambda it: it.likelihood, reverse=True)
        if not weighed:
            return None
        together = self.contradictory(self.failing(*check.involved))
        if len(together) > weighed[0].cleared:
            # stable: among those that the solver suspects, and among the others, likelihood stays
            weighed.sort(key=lambda it: not self.suspected.issuperset(it.indicators))
        best, *others = weighed
        certainty = Certainty.SUGGESTED
        if check.is_of_a_rate and self.is_certain(best, weighed, check):
            certainty = Certainty.RECOMPUTED
        alternatives = tuple(Alternative(it.changes, self.because(it, check)) for it in others)
        return Fix(best.changes, certainty, self.because(best, check), alternatives)

    def contradictory(self, failing_checks: Mapping[tuple[str, str], Severity]) -> list[tuple[str, str]]:
        """Those of failing checks that are errors about figures against figures."""
        heard = self.form.is_heard_by_solver
        return [it for it, severity in failing_checks.items() if severity is Severity.ERROR and heard(it[0])]

    def weighed(self, check: Check) -> Iterator[Weighed]:
        """Each single entry that would satisfy the check and breaks no other."""
        for candidate in candidates(check, self.record, self.form):
            key = candidate.indicator
            before = self.failing(key)
            after = failing(changed(self.record, {key: candidate.value}), self.form, (key,))
            if after.keys() - before.keys():
                continue  # what it would put right here it would break elsewhere
            cleared = [severity.rank for name, severity in before.items() if name not in after]
            derived = self.form[key].part is not None or bool(self.form[key].total_of)
            slip = slip_of(candidate, check, self.record, self.submission)
            change = EntryChange(key, self.record.values.get(key), candidate.value)
            yield Weighed((change,), len(cleared), sum(cleared), slip, derived, self.form.places[key])

    def swaps(self, check: Check) -> Iterator[Weighed]:
        """Each two neighbouring rows whose figures, exchanged, satisfy the check and all that contradicts them."""
        for one, other in self.neighbours(check):
            values = {one: self.record.values[other], other: self.record.values[one]}
            before = self.failing(one, other)
            after = failing(changed(self.record, values), self.form, (one, other))
            if (check.code, check.target) in after or after.keys() - before.keys() or self.contradictory(after):
                continue
            cleared = [severity.rank for name, severity in before.items() if name not in after]
            # the last where one entry alone would clear as much
            slip = Slip("neighbours_swapped", 0, Because("neighbours_swapped"))
            changes = tuple(EntryChange(key, self.record.values[key], values[key]) for key in (one, other))
            yield Weighed(changes, len(cleared), sum(cleared), slip, derived=False, place=-1)

    def neighbours(self, check: Check) -> Iterator[tuple[str, str]]:
        """Two rows, one below the other, of one kind and unit, that hold different figures; one is in the check."""
        rows = self.form.indicators
        for one, other in pairwise(rows):
            if one.id not in check.involved and other.id not in check.involved:
                continue
            alike = one.kind.is_number and (one.kind, one.unit) == (other.kind, other.unit)
            values = [self.record.values.get(row.id) for row in (one, other)]
            if alike and None not in values and values[0] != values[1]:
                yield one.id, other.id

    def because(self, weighed: Weighed, check: Check) -> Because:
        if len(weighed.changes) > 1 and weighed.slip:
            return weighed.slip.because
        if weighed.cleared > 1:
            return Because("clears_several", {"count": weighed.cleared})
        if weighed.slip:
            return weighed.slip.because
        (key,) = weighed.indicators
        if check.is_of_a_rate:
            return Because("components_give" if key == check.target else "only_value_left")
        if check.code == "A01":
            return Because("total_of_parts" if key == check.target else "complement")
        (change,) = weighed.changes
        if isinstance(change.after, int | Fraction) and not is_only_value(
            check, self.record, Candidate(key, change.after), self.form
        ):
            return Because("nearest_that_fits")
        if self.form[key].kind is Kind.PERCENT:
            return Because("rest_of_hundred")
        return Because("only_value_left")

    def is_certain(self, best: Weighed, weighed: Iterable[Weighed], check: Check) -> bool:
        """Whether a percentage may be recomputed unasked: its own plain slip, and no other entry in doubt."""
        if best.indicators != (check.target,) or best.slip is None:
            return False
        if any(it.indicators != (check.target,) for it in weighed):
            return False
        others = [key for key in check.involved if key != check.target]
        if any(self.errors.get(key, 0) > 1 for key in others):
            return False
        return is_plain(best.slip, check, self.submission)

    def answer_without_question(self, target: str) -> Fix | None:
        """An answer such as `0` to a question that was not asked: its counterpart is 0, so it stays blank."""
        entry = self.submission.entries[target]
        if str(entry.raw).strip() not in {"0", "00", "-"}:
            return None
        blank = Record(self.record.values, [key for key in self.record.unread if key != target])
        zero = Record({**self.record.values, target: next(iter(self.form[target].options))}, blank.unread)
        asked = [check for check in self.form.own_checks() if target in check.involved]
        if not asked or failing(blank, self.form, (target,)) or not failing(zero, self.form, (target,)):
            return None
        stands = entry.raw if not isinstance(entry.raw, bool) else None
        return Fix((EntryChange(target, stands, None),), Certainty.NORMALISED, Because("no_survey"))
