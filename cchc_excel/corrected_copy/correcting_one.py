"""One examined workbook → its corrected copy: what was undone, what was decided, then what is sure.

In:     a workbook's bytes with its Examination; the decisions about it, if any; whether all earlier fixes are undone.
Out:    the corrected copy; what there is to say is said on the way.
Never:  touches the disk, or forgets what an earlier correction changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.corrected_copy import Past
from cchc_excel.correcting import Policy
from cchc_excel.errors import UnreadableWorkbook
from cchc_excel.excel.patching import PatchRefused
from cchc_excel.form import Form
from cchc_excel.grid import Source
from cchc_excel.pipeline import EVERYTHING, Done, Examination, Selection, examine_all, in_fresh_template
from cchc_excel.reading import Given
from cchc_excel.submission import Submission
from cchc_excel.wording import Words

if TYPE_CHECKING:
    from cchc_excel.corrected_copy import Corrected, Undone
    from cchc_excel.corrected_copy.settling import Settled, There
    from cchc_excel.correcting import Decision


@dataclass(frozen=True, kw_only=True)
class Correction:
    """How each workbook of a run is corrected; `undo` takes back all that earlier runs changed, and changes nothing.

    `decided_by` is who decides, where a decision names nobody. `key` is equal for two runs that would make the same of
    a file: of program, form and options.
    """

    form: Form
    spoken: Words
    previous: Sequence[Submission]
    given: Given
    policy: Policy
    undo: bool
    key: str
    say: Callable[[str], None]
    selection: Selection = EVERYTHING
    decided_by: str = ""

    def copy(self, done: Done, decisions: Sequence[Source], there: There | None = None) -> Corrected | None:
        """Return the corrected copy of a file, or None if it was said why there is none.

        What is no .xlsx is copied into a fresh template first. `there` is the copy that an earlier run made of it.
        """
        examination, data = done.examination, done.data
        submission = examination.submission
        if submission is None:
            return None
        if examination.kind != "xlsx":
            data = in_fresh_template(examination, self.form).data
            examination = self._again(examination, data, submission.earlier)
        try:
            return self._corrected(done, data, examination, decisions, there)
        except PatchRefused as error:
            self._tell("refused", done.path, reason=self.spoken.word("correct", error.kind, place=error.place))
        except UnreadableWorkbook as error:  # a part that reading does not need: a picture, say
            self.say(f"{done.path}: {self.spoken.unreadable(error)}\n→ {self.spoken.remedy(error.code)}")
        return None

    def _corrected(
        self,
        done: Done,
        data: bytes,
        examination: Examination,
        decisions: Sequence[Source],
        there: There | None,
    ) -> Corrected | None:
        from cchc_excel.corrected_copy import corrected

        submission = examination.submission
        if submission is None:
            return None
        settled = self._settled(done, examination, submission, decisions, there)
        past = Past(
            rejected=settled.rejected,
            waiting=settled.waiting,
            source=self.source_of(done.data, submission),
            by=settled.by,
            accepted_by=settled.accepted_by,
            decided_by=self.decided_by,
        )
        if self.undo or settled.undo:
            undone = self._undone(done.path, data, submission, None if self.undo else settled.undo)
            data = undone.data
            examination = self._again(examination, data, submission.earlier)
            submission = examination.submission or submission
            past = past._replace(undone=undone.fixes, is_calculated=undone.is_calculated)
        policy = Policy.NONE if self.undo else self.policy
        copy = corrected(data, examination.findings, submission, self.form, self.spoken, policy, settled.accepted, past)
        changed = {change.indicator for change in copy.changes}
        for decision in settled.accepted:
            if not changed.issuperset(decision.indicators):  # it would break what held, or a formula stands in the cell
                self._tell("harmful", done.path, indicator=self.spoken.rows_named(decision.indicators, self.form))
        return copy

    def _settled(
        self,
        done: Done,
        examination: Examination,
        submission: Submission,
        decisions: Sequence[Source],
        there: There | None,
    ) -> Settled:
        """The decisions that hold for this workbook: none where nobody can have made any."""
        from cchc_excel.corrected_copy.settling import Settled, Settling

        if not decisions and there is None and not submission.earlier:
            return Settled()
        settling = Settling(
            path=done.path,
            data=done.data,
            submission=submission,
            findings=examination.findings,
            form=self.form,
            spoken=self.spoken,
            say=self.say,
            decided_by=self.decided_by,
        )
        return settling.settled(decisions, there)

    def source_of(self, data: bytes, submission: Submission | None) -> str:
        """What a copy keeps of what it was made of: a digest of the file and of how; a copy's copy keeps the first."""
        from cchc_excel.correcting import source_in

        if submission is not None and submission.earlier:
            return source_in(submission.earlier)
        return hashlib.sha256(self.key.encode() + data).hexdigest()

    def _undone(self, path: Path, data: bytes, submission: Submission, which: frozenset[Decision] | None) -> Undone:
        """The bytes with earlier fixes undone; `which` names them, None is all."""
        from cchc_excel.corrected_copy import undone
        from cchc_excel.correcting import earlier_fixes

        earlier = earlier_fixes(submission, self.form, self.spoken)
        back = undone(data, earlier, submission, which)
        for made in back.kept:
            self._tell("kept", path, indicator=self.spoken.rows_named((made.indicator,), self.form))
        count = len({made.indicator for made in back.fixes})
        if which is None or count:
            self._tell("undone" if count else "undone_none", path, count=count)
        return back

    def _again(self, examination: Examination, data: bytes, earlier: tuple[str, ...]) -> Examination:
        """The examination of other bytes of the same workbook; what was fixed earlier is told by the first ones."""
        (again,) = examine_all([Source(examination.name, data)], self.form, self.previous, self.selection, self.given)
        if again.submission is None:
            return again
        return replace(again, submission=replace(again.submission, earlier=earlier))

    def _tell(self, name: str, path: Path, **facts: object) -> None:
        self.say(self.spoken.word("correct", name, path=path, **facts))
