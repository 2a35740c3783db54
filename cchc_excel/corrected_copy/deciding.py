"""The decisions that hold for one file: found, read, and what cannot be carried out is told.

In:     the file's bytes and what was found in it; where an officer's decisions are kept, if anywhere.
Out:    what is to be changed, what is to be left, and the marks that go over to the next findings sheet.
Never:  writes anything, or lets a mark that cannot be carried out pass in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cchc_excel.commands.files import WORKBOOKS, sources
from cchc_excel.corrected_copy import Decisions, contradicting, decisions_in, is_seen
from cchc_excel.correcting import Decision, earlier_fixes, put_back, unknown_decisions
from cchc_excel.errors import BadOption, NoSuchFile, UnreadableWorkbook, UnsupportedWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import Grid
from cchc_excel.submission import Submission
from cchc_excel.wording import Words


class Held(NamedTuple):
    """`accepted` is to be carried out and `rejected` never; `undo` is what was rejected of what an earlier run did.

    `waiting` was accepted on the file's own sheet, or contradicts itself: it stays a mark until somebody settles it.
    """

    accepted: tuple[Decision, ...] = ()
    rejected: frozenset[Decision] = frozenset()
    undo: frozenset[Decision] = frozenset()
    waiting: frozenset[Decision] = frozenset()


class Deciding(NamedTuple):
    """One file about which decisions are asked for: its name to speak of it, its bytes, what was found in it."""

    path: Path
    data: bytes
    submission: Submission
    findings: Sequence[Finding]
    form: Form
    spoken: Words
    say: Callable[[str], None]

    def held(self, given: Path | None, *, alone: bool) -> Held:
        """Return the decisions of the file or folder given, over those on the file's own findings sheet.

        Raises NoSuchFile for a file alone without its decisions, BadOption for decisions that cannot be read.
        """
        own = self._own()
        waiting = frozenset(mark.decision for mark in own.marks if mark.accepted)
        rejected = frozenset(mark.decision for mark in own.marks if not mark.accepted)
        rejected |= put_back(self.submission, self.form, self.spoken)
        file = None if given is None else self._file(given, alone=alone)
        if file is None:
            return Held(rejected=rejected, waiting=waiting)
        decisions = self._read(file)
        for cell, text in decisions.unclear:
            self._tell("unclear", cell=cell, text=text)
        against = contradicting(decisions.marks, self.findings)
        if against:
            self._tell("contradicting", decisions="; ".join(map(self._shown, sorted(against, key=str))))
        accepted = tuple(dict.fromkeys(it.decision for it in decisions.marks if it.accepted))
        seen = {it.decision for it in decisions.marks if it.accepted and is_seen(it, self.submission, self.form)}
        stale = frozenset(unknown_decisions(self.findings, accepted)).union(set(accepted) - seen)
        carried_out = {it.made.decision for it in earlier_fixes(self.submission, self.form, self.spoken) if it.stands}
        for decision in accepted:
            if decision in stale - against - carried_out:
                self._tell("stale", indicator=decision.indicator)
        undo = frozenset(it.decision for it in decisions.marks if not it.accepted) - against
        good = tuple(it for it in accepted if it not in against | stale)
        return Held(good, (rejected | undo).difference(good), undo, (waiting | against).difference(good))

    def _own(self) -> Decisions:
        return decisions_in(_grid(self.data), self.submission) if self.submission.earlier else Decisions()

    def _file(self, given: Path, *, alone: bool) -> Path | None:
        """The file given, or in a folder the one of that name, however saved; None if it was told there is none."""
        if not given.is_dir():
            return given
        own = self.path.suffix if self.path.suffix.lower() in {".xlsx", ".xlsm"} else ".xlsx"  # what a copy is called
        named = (given / self.path.with_suffix(suffix).name for suffix in (own, *sorted(WORKBOOKS)))
        file = next((path for path in named if path.is_file()), None)
        if file is None and alone:
            raise NoSuchFile(str(given / self.path.name))
        if file is None:
            self._tell("undecided", file=given)
        return file

    def _read(self, file: Path) -> Decisions:
        (source,) = sources([file])
        try:
            decisions = decisions_in(_grid(source.data), self.submission)
        except UnreadableWorkbook as error:
            raise BadOption("--decisions", self.spoken.unreadable(error)) from error
        if decisions.of is None:
            self._tell("no_findings", file=file)
        elif decisions.of:
            self._tell("of_another", file=file, whose=decisions.of)
        return decisions

    def _shown(self, decision: Decision) -> str:
        entry = self.submission.entries[decision.indicator]
        return f"{entry.cell.local} = {self.spoken.value(decision.after)}"

    def _tell(self, name: str, **facts: object) -> None:
        self.say(self.spoken.word("correct", name, path=self.path, **facts))


def not_carried_out(accepted: Sequence[Decision], changed: Sequence[Decision]) -> Iterator[Decision]:
    """What was accepted and yet not changed, since it would break what held, or a formula stands in the cell."""
    return (decision for decision in accepted if decision not in changed)


def _grid(data: bytes) -> Grid:
    """A workbook of whatever kind, as an office program saved it; a text has no findings sheet to decide on."""
    grid, kind = open_grid(data)
    if kind == "csv":
        raise UnsupportedWorkbook(kind)
    return grid
