"""Which decisions hold for one file, and what is said of those that cannot be carried out.

In:     the file's bytes and what was found in it; the decisions handed over; the copy of it that is there already.
Out:    what is to be changed, what is to be left, and the marks that go over to the next findings sheet.
Never:  touches the disk, or lets a mark that cannot be carried out pass in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePath
from typing import NamedTuple

from cchc_excel.corrected_copy import Decisions, contradicting, decisions_in, is_seen
from cchc_excel.corrected_copy.decisions import Mark
from cchc_excel.correcting import Decision, Made, earlier_fixes, put_back, unknown_decisions
from cchc_excel.correcting.decision_book import book_in, meant
from cchc_excel.correcting.history import Raw, deciders_in
from cchc_excel.errors import BadOption, UnreadableWorkbook, UnsupportedWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form
from cchc_excel.grid import Grid, Source
from cchc_excel.submission import Figure, Submission
from cchc_excel.wording import Words


class Settled(NamedTuple):
    """`accepted` is to be carried out and `rejected` never; `undo` is what was rejected of what an earlier run did.

    `waiting` was accepted on the file's own sheet, on that of the copy that is there, or contradicts itself: it stays a
    mark until somebody settles it. `by` tells who decided what, `accepted_by` who let the reason beside a warning pass,
    by its code and indicator.
    """

    accepted: tuple[Decision, ...] = ()
    rejected: frozenset[Decision] = frozenset()
    undo: frozenset[Decision] = frozenset()
    waiting: frozenset[Decision] = frozenset()
    by: Mapping[Decision, str] = {}
    accepted_by: Mapping[tuple[str, str], str] = {}


class There(NamedTuple):
    """The copy that an earlier run made of the same file: its bytes, and how it reads."""

    data: bytes
    submission: Submission


class _Kept(NamedTuple):
    """What a copy that is there keeps: its marks, and what was carried out in it as decided."""

    marks: tuple[Mark, ...] = ()
    done: frozenset[Decision] = frozenset()
    by: Mapping[Decision, str] = {}
    accepted_by: Mapping[tuple[str, str], str] = {}


@dataclass(frozen=True, kw_only=True)
class Settling:
    """One file about which decisions are asked for: its name to speak of it, its bytes, what was found in it.

    `decided_by` is who hands over decisions that name nobody.
    """

    path: Path
    data: bytes
    submission: Submission
    findings: Sequence[Finding]
    form: Form
    spoken: Words
    say: Callable[[str], None]
    decided_by: str = ""

    def settled(self, given: Sequence[Source], there: There | None = None) -> Settled:
        """Return the decisions handed over, above those on the file's own findings sheet.

        Those on the copy that is there stand beside the ones handed over: where two of them differ, neither holds.
        Raises BadOption for decisions that cannot be read.
        """
        own, kept = self._own(), self._kept(there)
        before = self._marked_before(own, kept)
        if not given:
            return self._with_none_given(own, kept, before)
        read = [self._read(source) for source in given]
        for source, decisions in zip(given, read, strict=True):
            self._tell_unclear(decisions, PurePath(source.name).name)
        return self._with_given(read, kept, before)

    def _marked_before(self, own: Decisions, kept: _Kept) -> Settled:
        """What the sheets say that nobody hands over: the file's own one, and that of the copy that is there."""
        marks = (*kept.marks, *own.marks)
        rejected = frozenset(mark.decision for mark in marks if not mark.accepted)
        return Settled(
            rejected=rejected | put_back(self.submission, self.form, self.spoken),
            waiting=frozenset(mark.decision for mark in marks if mark.accepted),
            by={**kept.by, **{mark.decision: mark.by for mark in marks if mark.by}},
            accepted_by={**kept.accepted_by, **own.accepted_by},
        )

    def _with_none_given(self, own: Decisions, kept: _Kept, before: Settled) -> Settled:
        """What holds where no decisions are handed over: what the copy that is there had carried out."""
        against: frozenset[Decision] = frozenset()
        if kept.marks:
            against = contradicting((*own.marks, *kept.marks), self.findings)
        self._tell_against(against)
        return before._replace(
            accepted=tuple(kept.done - against - before.rejected),
            waiting=before.waiting | against,
        )

    def _with_given(self, given: Sequence[Decisions], kept: _Kept, before: Settled) -> Settled:
        """What holds where decisions are handed over; those that cannot be carried out are told."""
        marks = [mark for decisions in given for mark in decisions.marks]
        against = contradicting(tuple(dict.fromkeys((*marks, *kept.marks))), self.findings)
        self._tell_against(against)

        accepted = tuple(dict.fromkeys(mark.decision for mark in marks if mark.accepted))
        stale = self._stale(marks, accepted)
        self._tell_stale(decision for decision in accepted if decision in stale and decision not in against)
        refused = frozenset(mark.decision for mark in marks if not mark.accepted)
        undo = refused - against
        good = tuple(decision for decision in accepted if decision not in against and decision not in stale)
        settled_now = {*good, *against, *undo, *before.rejected}
        done = tuple(decision for decision in kept.done if decision not in settled_now)

        by, accepted_by = dict(before.by), dict(before.accepted_by)
        for decisions in given:
            accepted_by.update(decisions.accepted_by)
        for mark in marks:
            name = mark.by or self.decided_by
            if name:
                by[mark.decision] = name
        return Settled(
            accepted=(*good, *done),
            rejected=(before.rejected | refused).difference(good),
            undo=undo,
            waiting=(before.waiting | against).difference(good),
            by=by,
            accepted_by=accepted_by,
        )

    def _kept(self, there: There | None) -> _Kept:
        """The marks of the copy that is there, and what was carried out in it as decided, as far as both fit still."""
        if there is None:
            return _Kept()
        found = decisions_in(_grid(there.data), self.submission)
        fixes = earlier_fixes(there.submission, self.form, self.spoken)
        made = [fix.made for fix in fixes if fix.stands and fix.made.certainty is Certainty.SUGGESTED]
        done = {fix.decision for fix in made}
        stale = self._stale_marks((*found.marks, *(self._as_mark(decision, made) for decision in done)))
        gone = {mark.decision for mark in stale}

        # Who refuses what was carried out wants it gone: where it is proposed no more it is, and nothing need be said.
        carried_out = {fix.made.decision for fix in fixes}
        lost = {mark.decision for mark in stale if mark.accepted or mark.decision not in carried_out}
        self._tell_stale(sorted(lost, key=str))

        taken_out = put_back(there.submission, self.form, self.spoken)
        fitting = [mark for mark in found.marks if mark not in stale]
        fitting += [Mark("", decision, accepted=False) for decision in taken_out if decision not in gone]
        return _Kept(
            marks=tuple(dict.fromkeys(fitting)),
            done=frozenset(done - gone),
            by=deciders_in(there.submission.earlier, self.form),
            accepted_by=found.accepted_by,
        )

    def _as_mark(self, decision: Decision, fixes: Sequence[Made]) -> Mark:
        """What was carried out as decided, as the mark that it was: of what stood in its cells before."""
        before = {made.indicator: made.before for made in fixes if made.decision == decision}
        seen = tuple(_figure_of(before.get(indicator)) for indicator in decision.indicators)
        return Mark("", decision, accepted=True, before=seen)

    def _stale_marks(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        """The marks about what is proposed no more, or about other figures than the file holds now."""
        unknown = unknown_decisions(self.findings, [mark.decision for mark in marks])
        return tuple(
            mark for mark in marks if mark.decision in unknown or not is_seen(mark, self.submission, self.form)
        )

    def _own(self) -> Decisions:
        return decisions_in(_grid(self.data), self.submission) if self.submission.earlier else Decisions()

    def _stale(self, marks: Sequence[Mark], accepted: Sequence[Decision]) -> frozenset[Decision]:
        """What was accepted and is proposed no more, or was accepted of another figure than the file holds now."""
        seen = {mark.decision for mark in marks if mark.accepted and is_seen(mark, self.submission, self.form)}
        unseen = set(accepted) - seen
        return frozenset(unknown_decisions(self.findings, accepted)).union(unseen)

    def _read(self, given: Source) -> Decisions:
        try:
            grid = _grid(given.data)
        except UnreadableWorkbook as error:
            raise BadOption("--decisions", self.spoken.unreadable(error)) from error
        book = book_in(grid, given.name)
        if book is not None:
            found = meant(book, self.path.name, self.submission, self.findings)
            for proposal in found.stale:
                self._tell("stale_way", proposal=proposal)
            for code in found.without_way:
                self._tell("without_way", code=code)
            return Decisions(found.marks, found.unclear)
        decisions = decisions_in(grid, self.submission)
        if decisions.of is None:
            self._tell("no_findings", file=given.name)
        elif decisions.of:
            self._tell("of_another", file=given.name, whose=decisions.of)
        return decisions

    def _tell_unclear(self, decisions: Decisions, file: str) -> None:
        """Say which marks are neither yes nor no, and in which file they stand."""
        for cell, text in decisions.unclear:
            self._tell("unclear", file=file, cell=cell, text=text)

    def _tell_against(self, against: frozenset[Decision]) -> None:
        """Say which marks contradict each other."""
        if against:
            self._tell("contradicting", decisions="; ".join(map(self._shown, sorted(against, key=str))))

    def _tell_stale(self, stale: Iterable[Decision]) -> None:
        """Say which decisions are about what is no more; what an earlier run carried out need not be said."""
        fixes = earlier_fixes(self.submission, self.form, self.spoken)
        carried_out = {fix.made.decision for fix in fixes if fix.stands}
        for decision in stale:
            if decision not in carried_out:
                self._tell("stale", indicator=self.spoken.rows_named(decision.indicators, self.form))

    def _shown(self, decision: Decision) -> str:
        shown: list[str] = []
        for indicator, after in decision.changes:
            cell = self.submission.entries[indicator].cell.local
            shown.append(f"{cell} = {self.spoken.value(after)}")
        return ", ".join(shown)

    def _tell(self, name: str, **facts: object) -> None:
        self.say(self.spoken.word("correct", name, path=self.path, **facts))


def _figure_of(raw: Raw) -> Figure | None:
    """A raw content as the findings sheet shows it, and as a mark remembers it."""
    if isinstance(raw, bool):
        return str(raw).upper()
    return Fraction(repr(raw)) if isinstance(raw, float) else raw  # repr: 28.57, not the binary fraction behind it


def _grid(data: bytes) -> Grid:
    """A workbook of whatever kind, as an office program saved it; a text has no findings sheet to decide on."""
    grid, kind = open_grid(data)
    if kind == "csv":
        raise UnsupportedWorkbook(kind)
    return grid
