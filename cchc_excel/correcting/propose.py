"""Findings → findings with what would put them right: how sure it is, and what else would do.

A percentage or total that is blank is deduced from its components. A percentage that contradicts
its components is recomputed only where the slip is plain and nothing else could explain it; neither happens while any
other finding, error or warning, names one of these components. All else is a suggestion: every change of a single
entry, and every swap of two neighbouring ones, that puts the finding right without breaking a check that holds, the
likeliest first. A counted figure is never more than suggested.

How far any of this is used is the code's own affair (`Fixing`, in the catalogue or in a form's checks.yaml): it may
be carried out, only proposed, or only listed.

In statistical data editing the first of these is deductive imputation, and a check is an edit rule.
Source: T. de Waal, J. Pannekoek, S. Scholtus, Handbook of Statistical Data Editing and Imputation, 2011.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cchc_excel.checking import failing
from cchc_excel.codes import Fixing
from cchc_excel.correcting.blanks import Blanks, is_contradicted
from cchc_excel.correcting.doubts import Doubts
from cchc_excel.correcting.evidence import evidence
from cchc_excel.correcting.slips import is_plain
from cchc_excel.correcting.thousands import thousands
from cchc_excel.correcting.weighing import Weighed, Weighing, is_copied_total
from cchc_excel.finding import Alternative, Because, Certainty, EntryChange, Finding, Fix, Suspects
from cchc_excel.form import Check, Form, Scope, Severity
from cchc_excel.form.language import Record
from cchc_excel.submission import Figure, How, Submission

if TYPE_CHECKING:
    from cchc_excel.correcting.locate import Contradiction

RATE = "A02"  # the check of a percentage against its components
READ = 5  # evidence of what a text can only mean


def propose(findings: Iterable[Finding], submission: Submission, form: Form) -> tuple[Finding, ...]:
    """Return the findings in the same order, each with what would put it right where that is known.

    An error about figures that contradict each other also has the entries that may be wrong (`suspects`).
    """
    findings = tuple(findings)
    contradicting = _contradictions(findings, submission, form)
    deduced = _deduced(findings, submission, form)
    proposing = _Proposing(submission, form, findings, contradicting, deduced)
    return tuple(proposing.proposed(finding) for finding in findings)


def _contradictions(findings: Iterable[Finding], submission: Submission, form: Form) -> tuple[Contradiction, ...]:
    """Which figures contradict each other. The solver is loaded only where some do."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if not any(form.is_heard_by_solver(error.code) for error in errors):
        return ()
    from cchc_excel.correcting.locate import contradictions

    return contradictions(submission, form)


def _deduced(findings: Iterable[Finding], submission: Submission, form: Form) -> Mapping[str, Figure]:
    """The blanks that can be one figure only, by all the others. The solver is loaded only for such a blank."""
    if not any(_may_be_deduced(finding, form) for finding in findings):
        return {}
    from cchc_excel.correcting.locate import deduced

    return deduced(submission, form)


def _may_be_deduced(finding: Finding, form: Form) -> bool:
    """Whether a check of the form is about a blank and does not say itself what must stand there."""
    if not finding.indicators or finding.observed is not None or finding.compared_with is not None:
        return False
    return (finding.code, finding.indicators[0]) in form.by_target


class _Proposing:
    """What all proposals for one submission are made of."""

    def __init__(
        self,
        submission: Submission,
        form: Form,
        findings: Sequence[Finding],
        contradicting: Sequence[Contradiction],
        deduced: Mapping[str, Figure],
    ) -> None:
        self.submission, self.form = submission, form
        self.suspects_of = {
            check: contradiction.suspects for contradiction in contradicting for check in contradiction.checks
        }
        self.doubts = Doubts(findings, contradicting, form)
        lone: set[str] = set()
        for suspects in self.suspects_of.values():
            if len(suspects.sets) == 1 and len(suspects.sets[0]) == 1:
                lone.update(suspects.sets[0])
        self.weighing = Weighing(submission, form, lone, is_anything_wrong=bool(self.doubts.named))
        self.record = self.weighing.record
        self.thousands = thousands(self.weighing) if self.doubts.named else None
        self.blanks = Blanks(findings, deduced, self.record, self.doubts, form)

    def proposed(self, finding: Finding) -> Finding:
        """The finding with the entries that may be wrong, and what would put it right, as far as its code allows."""
        suspects = self.suspects(finding)
        if suspects is not None:
            finding = replace(finding, suspects=suspects)
        if self.loses_an_answer_in_doubt(finding):
            finding = replace(finding, fix=None)
        fix = finding.fix or self.fix(finding)
        if fix is None:
            return finding
        how_far = Fixing.NEVER if is_contradicted(fix) else self.form.fixing_of(finding.code)
        return finding.put_right_by(fix, how_far)

    def loses_an_answer_in_doubt(self, finding: Finding) -> bool:
        """Whether a text would go, as it says that there is nothing, though something else speaks of that entry."""
        fix = finding.fix
        if fix is None or any(change.after is not None for change in fix.changes):
            return False
        return any(change.indicator in self.doubts.directly_beside(finding) for change in fix.changes)

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
        if "twin" in check.roles:
            return self.blanks.as_in_twin(finding, check)
        if finding.observed is None and target not in self.record.values:
            return self.blanks.filled(finding)
        return self.of_check(check, finding)

    def other_reading(self, finding: Finding) -> Fix | None:
        """What a cell that could not be read may mean, if that is one thing only."""
        target = finding.indicators[0]
        entry = self.submission.entries.get(target)
        if entry is None or entry.how is not How.UNREAD:
            return None
        if self.form[target].kind.is_text:
            unasked = self.answer_without_question(target)
            if unasked is not None:
                return unasked
        if finding.compared_with is None:
            return None
        because = Because("thousands_slip" if finding.code == "T17" else "only_reading")
        change = EntryChange(target, finding.observed, finding.compared_with)
        return Fix((change,), Certainty.SUGGESTED, because, evidence=READ)

    def of_check(self, check: Check, finding: Finding) -> Fix | None:
        """The changes that satisfy a failed check: the likeliest as the fix, the rest as alternatives."""
        if check.condition.op == "is_integer" and self.thousands is not None:
            return self.thousands
        ways = [self.supported(way) for way in self.weighing.ways(check)]
        if not ways:
            return None
        best, *others = self.suspected_first(ways, check)
        stands_for_best = evidence(ways, check) if best is ways[0] else 0
        if is_copied_total(check) and all(self.times_named(other) < self.times_named(best) for other in others):
            stands_for_best = 10 * best.relief
        is_certain = check.is_of_a_rate and self.is_certain(best, ways, check, finding)
        return Fix(
            changes=best.changes,
            certainty=Certainty.RECOMPUTED if is_certain else Certainty.SUGGESTED,
            because=self.because(best, check),
            alternatives=tuple(Alternative(other.changes, self.because(other, check)) for other in others),
            evidence=stands_for_best,
        )

    def supported(self, way: Weighed) -> Weighed:
        """The way; what a comparison with an earlier report says against its entry supports it."""
        is_supported = way.invented and not self.doubts.over_time.isdisjoint(way.indicators)
        return way._replace(invented=False) if is_supported else way

    def suspected_first(self, ways: Sequence[Weighed], check: Check) -> Sequence[Weighed]:
        """The ways in order, those of suspected entries first where no way clears all that contradicts the figures.

        Of a total and its only part, the one that more findings name stands first.
        """
        if is_copied_total(check):
            return sorted(ways, key=lambda way: (-way.relief, -self.times_named(way)))
        contradictory = self.weighing.contradictory(self.weighing.failing(*check.involved))
        if len(contradictory) <= ways[0].cleared:
            return ways
        # stable: among those that the solver suspects, and among the others, likelihood stays
        return sorted(ways, key=lambda way: not self.doubts.suspected.issuperset(way.indicators))

    def times_named(self, way: Weighed) -> int:
        """How many findings name the entries of a way."""
        return sum(self.doubts.named.get(key, 0) for key in way.indicators)

    def because(self, way: Weighed, check: Check) -> Because:
        """The reason of a way to satisfy a check."""
        if way.slip and way.is_swap:
            return way.slip.because
        if way.cleared > 1:
            return Because("clears_several", {"count": way.cleared})
        if way.slip:
            return way.slip.because
        is_of_target = way.indicators == (check.target,)
        if check.is_of_a_rate:
            return Because("components_give" if is_of_target else "only_value_left")
        if check.code == "A01":
            return Because("total_of_parts" if is_of_target else "complement")
        return Because("only_value_left" if self.weighing.is_named_by(check, way) else "named_elsewhere")

    def is_certain(self, best: Weighed, ways: Iterable[Weighed], check: Check, finding: Finding) -> bool:
        """Whether a percentage may be recomputed unasked: its own plain slip, and no other entry in doubt."""
        if best.slip is None or any(way.indicators != (check.target,) for way in ways):
            return False
        components = set(check.involved) - {check.target}
        if not self.doubts.beside(finding).isdisjoint(components):
            return False
        return is_plain(best.slip, check, self.submission)

    def answer_without_question(self, target: str) -> Fix | None:
        """An answer such as `0` to a question that was not asked: its counterpart is 0, so it stays blank."""
        entry = self.submission.entries[target]
        if str(entry.raw).strip() not in {"0", "00", "-"}:
            return None
        unread = [key for key in self.record.unread if key != target]
        any_answer = next(iter(self.form[target].options))
        blank = Record(self.record.values, unread)
        answered = Record({**self.record.values, target: any_answer}, unread)
        is_asked_for = any(target in check.involved for check in self.form.own_checks())
        may_be_blank = not failing(blank, self.form, (target,))
        may_be_answered = not failing(answered, self.form, (target,))
        if not is_asked_for or not may_be_blank or may_be_answered:
            return None
        stands = entry.raw if not isinstance(entry.raw, bool) else None
        return Fix((EntryChange(target, stands, None),), Certainty.NORMALISED, Because("no_survey"))
