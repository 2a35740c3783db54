"""Which decisions hold for one file, and what is said of those that cannot be carried out.

In:     the file's bytes and what was found in it; the decisions handed over, if any.
Out:    what is to be changed, what is to be left, and the marks that go over to the next findings sheet.
Never:  touches the disk, or lets a mark that cannot be carried out pass in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cchc_excel.corrected_copy import Decisions, contradicting, decisions_in, is_seen
from cchc_excel.correcting import Decision, earlier_fixes, put_back, unknown_decisions
from cchc_excel.errors import BadOption, UnreadableWorkbook, UnsupportedWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import Grid, Source
from cchc_excel.submission import Submission
from cchc_excel.wording import Words


class Settled(NamedTuple):
    """`accepted` is to be carried out and `rejected` never; `undo` is what was rejected of what an earlier run did.

    `waiting` was accepted on the file's own sheet, or contradicts itself: it stays a mark until somebody settles it.
    """

    accepted: tuple[Decision, ...] = ()
    rejected: frozenset[Decision] = frozenset()
    undo: frozenset[Decision] = frozenset()
    waiting: frozenset[Decision] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Settling:
    """One file about which decisions are asked for: its name to speak of it, its bytes, what was found in it."""

    path: Path
    data: bytes
    submission: Submission
    findings: Sequence[Finding]
    form: Form
    spoken: Words
    say: Callable[[str], None]

    def settled(self, given: Source | None) -> Settled:
        """Return the decisions handed over, above those on the file's own findings sheet.

        Raises BadOption for decisions that cannot be read.
        """
        own = self._own()
        waiting = frozenset(mark.decision for mark in own.marks if mark.accepted)
        rejected = frozenset(mark.decision for mark in own.marks if not mark.accepted)
        rejected |= put_back(self.submission, self.form, self.spoken)
        if given is None:
            return Settled(rejected=rejected, waiting=waiting)

        decisions = self._read(given)
        against = contradicting(decisions.marks, self.findings)
        self._tell_unclear(decisions, against)
        accepted = tuple(dict.fromkeys(mark.decision for mark in decisions.marks if mark.accepted))
        stale = self._stale(decisions, accepted)
        self._tell_stale(decision for decision in accepted if decision in stale - against)

        undo = frozenset(mark.decision for mark in decisions.marks if not mark.accepted) - against
        good = tuple(decision for decision in accepted if decision not in against | stale)
        return Settled(
            accepted=good,
            rejected=(rejected | undo).difference(good),
            undo=undo,
            waiting=(waiting | against).difference(good),
        )

    def _own(self) -> Decisions:
        return decisions_in(_grid(self.data), self.submission) if self.submission.earlier else Decisions()

    def _stale(self, decisions: Decisions, accepted: Sequence[Decision]) -> frozenset[Decision]:
        """What was accepted and is proposed no more, or was accepted of another figure than the file holds now."""
        seen = {
            mark.decision for mark in decisions.marks if mark.accepted and is_seen(mark, self.submission, self.form)
        }
        return frozenset(unknown_decisions(self.findings, accepted)).union(set(accepted) - seen)

    def _read(self, given: Source) -> Decisions:
        try:
            decisions = decisions_in(_grid(given.data), self.submission)
        except UnreadableWorkbook as error:
            raise BadOption("--decisions", self.spoken.unreadable(error)) from error
        if decisions.of is None:
            self._tell("no_findings", file=given.name)
        elif decisions.of:
            self._tell("of_another", file=given.name, whose=decisions.of)
        return decisions

    def _tell_unclear(self, decisions: Decisions, against: frozenset[Decision]) -> None:
        """Say which marks are neither yes nor no, and which contradict each other."""
        for cell, text in decisions.unclear:
            self._tell("unclear", cell=cell, text=text)
        if against:
            self._tell("contradicting", decisions="; ".join(map(self._shown, sorted(against, key=str))))

    def _tell_stale(self, stale: Iterable[Decision]) -> None:
        """Say which decisions are about what is no more; what an earlier run carried out need not be said."""
        fixes = earlier_fixes(self.submission, self.form, self.spoken)
        carried_out = {fix.made.decision for fix in fixes if fix.stands}
        for decision in stale:
            if decision not in carried_out:
                self._tell("stale", indicator=", ".join(decision.indicators))

    def _shown(self, decision: Decision) -> str:
        cells = {key: self.submission.entries[key].cell.local for key in decision.indicators}
        return ", ".join(f"{cells[key]} = {self.spoken.value(after)}" for key, after in decision.changes)

    def _tell(self, name: str, **facts: object) -> None:
        self.say(self.spoken.word("correct", name, path=self.path, **facts))


def _grid(data: bytes) -> Grid:
    """A workbook of whatever kind, as an office program saved it; a text has no findings sheet to decide on."""
    grid, kind = open_grid(data)
    if kind == "csv":
        raise UnsupportedWorkbook(kind)
    return grid
