"""One examined workbook → its corrected copy: what was undone, what was decided, then what is sure.

In:     an Examination and the bytes it is of; whose decisions hold; whether all earlier fixes are to be undone.
Out:    the corrected copy; what there is to say is said on the way.
Never:  writes a file, or forgets what an earlier correction changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cchc_excel.corrected_copy import Past
from cchc_excel.correcting import Policy
from cchc_excel.errors import UnreadableWorkbook
from cchc_excel.excel.patching import PatchRefused
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine_all, in_fresh_template
from cchc_excel.reading import Given
from cchc_excel.submission import Submission
from cchc_excel.wording import Words

if TYPE_CHECKING:
    from cchc_excel.corrected_copy import Corrected, Undone
    from cchc_excel.corrected_copy.deciding import Held
    from cchc_excel.correcting import Decision


class Task(NamedTuple):
    """What is to be done with each workbook; `decisions` is a file or a folder, `alone` that there is but one."""

    form: Form
    spoken: Words
    previous: Sequence[Submission]
    given: Given
    policy: Policy
    decisions: Path | None
    undo: bool
    alone: bool
    say: Callable[[str], None]

    def copy(self, path: Path, original: bytes, examination: Examination) -> Corrected | None:
        """Return the corrected copy of the file at `path`, or None if it was said why there is none.

        What is no .xlsx is copied into a fresh template first.
        """
        data, submission = original, examination.submission
        if submission is None:
            return None
        earlier = submission.earlier
        if examination.kind != "xlsx":
            data = in_fresh_template(examination, self.form).data
            examination = self._again(examination, data, earlier)
        try:
            return self._corrected(path, original, data, examination)
        except PatchRefused as error:
            self._tell("refused", path, reason=self.spoken.word("correct", error.kind, place=error.place))
        except UnreadableWorkbook as error:  # a part that reading does not need: a picture, say
            self.say(f"{path}: {self.spoken.unreadable(error)}\n→ {self.spoken.remedy(error.code)}")
        return None

    def _corrected(self, path: Path, original: bytes, data: bytes, examination: Examination) -> Corrected | None:
        from cchc_excel.corrected_copy import corrected

        submission = examination.submission
        if submission is None:
            return None
        held = self._held(path, original, submission, examination.findings)
        past, accepted = (
            (Past(), ()) if held is None else (Past(rejected=held.rejected, waiting=held.waiting), held.accepted)
        )
        if self.undo or (held is not None and held.undo):
            done = self._undone(path, data, submission, None if self.undo or held is None else held.undo)
            data = done.data
            examination = self._again(examination, data, submission.earlier)
            submission = examination.submission or submission
            past = past._replace(undone=done.fixes, is_calculated=done.is_calculated)
        policy = Policy.NONE if self.undo else self.policy
        made = corrected(data, examination.findings, submission, self.form, self.spoken, policy, accepted, past)
        changed = {change.indicator for change in made.changes}
        for decision in accepted:
            if decision.indicator not in changed:  # it would break what held, or a formula stands in the cell
                self._tell("harmful", path, indicator=decision.indicator)
        return made

    def _held(self, path: Path, original: bytes, submission: Submission, findings: Sequence[Finding]) -> Held | None:
        """The decisions on this workbook; None where nobody can have made any."""
        if self.decisions is None and not submission.earlier:
            return None
        from cchc_excel.corrected_copy.deciding import Deciding

        deciding = Deciding(path, original, submission, findings, self.form, self.spoken, self.say)
        return deciding.held(self.decisions, alone=self.alone)

    def _undone(self, path: Path, data: bytes, submission: Submission, which: frozenset[Decision] | None) -> Undone:
        """The bytes with earlier fixes undone; `which` names them, None is all."""
        from cchc_excel.corrected_copy import undone
        from cchc_excel.correcting import earlier_fixes

        done = undone(data, earlier_fixes(submission, self.form, self.spoken), submission, which)
        for made in done.kept:
            self._tell("kept", path, indicator=made.indicator)
        if which is None or done.fixes:
            self._tell("undone", path, count=len({made.indicator for made in done.fixes}))
        return done

    def _again(self, examination: Examination, data: bytes, earlier: tuple[str, ...]) -> Examination:
        """The examination of other bytes of the same workbook; what was fixed earlier is told by the first ones."""
        (again,) = examine_all([Source(examination.name, data)], self.form, self.previous, given=self.given)
        if again.submission is None:
            return again
        return replace(again, submission=replace(again.submission, earlier=earlier))

    def _tell(self, name: str, path: Path, **facts: object) -> None:
        self.say(self.spoken.word("correct", name, path=path, **facts))
