"""One workbook → what consolidating keeps of it: small, so that ten thousand fit, and able to cross a process.

In:     a file's bytes and when it was last changed.
Out:    a Filed record: who, when, the figures as reported and as taken, where they stand, what was found.
Never:  a sentence; a file's cells beyond its figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from cchc_excel.consolidating.formulas_as_text import formulas_as_text
from cchc_excel.consolidating.made_of import MadeOf, made_of
from cchc_excel.correcting.apply import Change, Decision, Policy, changes_of, decision_on
from cchc_excel.correcting.decision_book import Decided, DecisionBook, decided_in
from cchc_excel.errors import Defect, Unopened, defect_of
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import Source
from cchc_excel.merging.aggregate import Aggregate, of_text
from cchc_excel.pipeline import DEFECT, EVERYTHING, Examination, Selection, defect, examine
from cchc_excel.reading import Given, read, unreadable
from cchc_excel.submission import CellAddress, Entry, Figure, Period, Submission

Values: TypeAlias = Sequence[Figure | None]
"""One figure for each row that takes a value, in the order of the form."""


class Arrived(NamedTuple):
    """A file that came in: its bytes, and what the file system says of it.

    `unopened` says why the file system would not hand it over; then there are no bytes.
    """

    source: Source
    modified: datetime | None = None
    unopened: str = ""


class Places(NamedTuple):
    """Where the figures stand: the sheet, the column, and for each value the row (0: not there)."""

    sheet: str
    column: int
    rows: tuple[int, ...]


class Filed(NamedTuple):
    """What is kept of one workbook.

    `digest` is the SHA-256 of its bytes, `size` counts them. `reported` are the figures as they stand, `taken` those
    that are merged: the same, or after the safe corrections. `doubts` gives, by the place of a figure, every other
    value that a finding proposes. `aggregates` are there if the workbook was consolidated from others, and `made_of`
    says of which. `day` is the report's own date. `above` is the place over the unit in its letterhead. `carried_out`
    are an officer's decisions, `decided_by` who is named beside them, `not_carried_out` counts those that could not be.
    """

    path: str
    digest: bytes
    size: int
    modified: datetime | None
    unit: str | None
    period: Period | None
    level: str | None
    readable: bool
    reported: Values
    taken: Values
    places: Places
    findings: tuple[Finding, ...]
    doubts: Mapping[int, tuple[Figure | None, ...]]
    aggregates: Mapping[str, Aggregate] | None = None
    notes: Mapping[str, str] = {}
    day: date | None = None
    above: str | None = None
    carried_out: frozenset[Decision] = frozenset()
    not_carried_out: int = 0
    decided_by: Mapping[Decision, str] = {}
    made_of: MadeOf | None = None

    @property
    def sha256(self) -> str:
        return self.digest.hex()

    @property
    def failed(self) -> bool:
        """Whether this program itself failed on the workbook, which may be in order."""
        return any(finding.code == DEFECT for finding in self.findings)

    @property
    def unopened(self) -> bool:
        """Whether the file could not even be opened."""
        return any(finding.code == Unopened.code for finding in self.findings)

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR and finding.counts for finding in self.findings)

    @property
    def warnings(self) -> int:
        return sum(finding.severity is Severity.WARNING and finding.counts for finding in self.findings)

    def cell(self, place: int) -> CellAddress | None:
        """Where the figure of that place stands."""
        row = self.places.rows[place] if self.readable else 0
        return CellAddress(self.places.sheet, row, self.places.column) if row else None


class Found(NamedTuple):
    """A finding and the workbook it is about."""

    finding: Finding
    workbook: Filed


NOWHERE = Places("", 0, ())
NOTHING_DECIDED = Decided()


def filed(
    form: Form,
    corrected: bool,
    previous: Sequence[Submission],
    decisions: Sequence[DecisionBook],
    period: Period | None,
    arrived: Arrived,
    known: tuple[str, ...] = (),
    selection: Selection = EVERYTHING,
) -> Filed:
    """Examine one workbook and keep what consolidating needs of it; a defect of this program becomes finding S08.

    Of a workbook with a sheet for each period, that of this period is read. `known` are the names of the units that
    may report.
    """
    if arrived.unopened:
        return _unopened(arrived)
    try:
        given = Given(period=period, only_chooses=True, known=known)
        examination = examine(arrived.source, form, previous, selection, given)
        return kept(examination, arrived, form, corrected=corrected, decisions=decisions)
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the district
        return _failed(arrived, form, defect_of(error))


def lost(arrived: Arrived) -> Filed:
    """What is kept of a file that kills whoever reads it."""
    return _unread(defect(arrived.source, Defect("killed")), arrived)


def _unopened(arrived: Arrived) -> Filed:
    finding = unreadable(Unopened(arrived.unopened))
    return _unread(Examination(arrived.source.name, "", None, (finding,)), arrived)


def _failed(arrived: Arrived, form: Form, what: Defect) -> Filed:
    """What is kept of a file over which this program failed; whose it is, if reading it still works."""
    filed = _unread(defect(arrived.source, what), arrived)
    submission = _read_again(arrived.source, form)
    if submission is None:
        return filed
    return filed._replace(unit=submission.unit, period=submission.period, day=submission.day)


def _read_again(source: Source, form: Form) -> Submission | None:
    try:
        return read(source, form).submission
    except Exception:  # noqa: BLE001 - the edge of one file: it was the reading that failed, and that is known already
        return None


def _unread(examination: Examination, arrived: Arrived) -> Filed:
    """What is kept of a file in which no form could be read."""
    source = arrived.source
    return Filed(
        path=source.name,
        digest=bytes.fromhex(examination.sha256),
        size=len(source.data),
        modified=arrived.modified,
        unit=None,
        period=None,
        level=None,
        readable=False,
        reported=(),
        taken=(),
        places=NOWHERE,
        findings=examination.findings,
        doubts={},
    )


def kept(
    examination: Examination,
    arrived: Arrived,
    form: Form,
    *,
    corrected: bool,
    decisions: Sequence[DecisionBook] = (),
) -> Filed:
    """What is kept of an examination."""
    submission = examination.submission
    if submission is None:
        return _unread(examination, arrived)
    entries = [*map(submission.entries.get, form.entry_ids)]
    reported = tuple([None if entry is None else entry.value for entry in entries])
    findings = _kept_findings(examination, submission, form)
    aggregates = _aggregates(submission)
    decided = _decided(decisions, arrived, submission, examination)
    changes = _changes(examination, submission, form, decided) if corrected else ()
    carried_out = frozenset(change.decision for change in changes).intersection(decided.accepted)
    return Filed(
        path=arrived.source.name,
        digest=bytes.fromhex(examination.sha256),
        size=len(arrived.source.data),
        modified=arrived.modified,
        unit=submission.unit,
        period=submission.period,
        level=submission.level,
        readable=True,
        reported=reported,
        taken=_taken(changes, form, reported),
        places=_places(entries),
        findings=tuple(_slim(finding) for finding in findings),
        doubts=_doubts((finding for finding in findings if not is_decided(finding, carried_out)), form),
        aggregates=aggregates,
        notes=submission.notes,
        day=submission.day,
        above=submission.above,
        carried_out=carried_out or frozenset(),  # of ten thousand files the empty set is kept once
        not_carried_out=decided.left + len(set(decided.accepted) - carried_out),
        decided_by={decision: name for decision, name in decided.by.items() if decision in carried_out},
        made_of=made_of(arrived.source.data) if aggregates is not None else None,
    )


def _kept_findings(examination: Examination, submission: Submission, form: Form) -> list[Finding]:
    """The findings of an examination, and formulas typed as texts.

    Infos stay with the workbook: they are about spelling, and all together a hundred a form.
    """
    findings = [finding for finding in examination.findings if finding.severity is not Severity.INFO]
    return [*findings, *formulas_as_text(submission, form)]


def _decided(
    decisions: Sequence[DecisionBook], arrived: Arrived, submission: Submission, examination: Examination
) -> Decided:
    """What officers decided on a workbook's findings."""
    if not decisions:
        return NOTHING_DECIDED
    return decided_in(decisions, PurePath(arrived.source.name).name, submission, examination.findings)


def _changes(examination: Examination, submission: Submission, form: Form, decided: Decided) -> tuple[Change, ...]:
    """The corrections that `correct` would carry out unasked, and those that were decided."""
    fixes = [finding.fix for finding in examination.findings if finding.fix is not None]
    is_any_sure = any(fix.certainty is not Certainty.SUGGESTED for fix in fixes)
    if not is_any_sure and not decided.accepted:
        return ()
    return changes_of(examination.findings, submission, form, Policy.SAFE, decided.accepted, decided.rejected)


def _taken(changes: Sequence[Change], form: Form, reported: Values) -> Values:
    """The figures after the corrections; the same object where none is changed, so that it is packed once."""
    if not changes:
        return reported
    after = {change.indicator: change.after for change in changes}
    taken = tuple(after.get(row.id, value) for row, value in zip(form.entries, reported, strict=True))
    return reported if taken == reported else taken


def is_decided(finding: Finding, carried_out: frozenset[Decision]) -> bool:
    """Whether one of a finding's ways was carried out as an officer decided."""
    return bool(carried_out) and any(decision_on(way) in carried_out for way in finding.ways)


def _slim(finding: Finding) -> Finding:
    """The finding without the cells that it compares and what may be wrong: it is found by its first cell."""
    if len(finding.cells) <= 1 and finding.suspects is None:
        return finding
    return replace(finding, cells=finding.cells[:1], suspects=None)


def place_of_figure(key: str, form: Form) -> int | None:
    """The place of a row's figure among the values; None for a heading, which findings name too and has no figure."""
    return form.entry_places.get(key)


def _doubts(findings: Iterable[Finding], form: Form) -> dict[int, tuple[Figure | None, ...]]:
    """For each figure that an error puts in doubt, the values it might have instead."""
    doubts: dict[int, tuple[Figure | None, ...]] = {}
    for finding in findings:
        if finding.severity is not Severity.ERROR or not finding.counts:
            continue
        for key in finding.indicators:
            place = place_of_figure(key, form)
            if place is not None:
                doubts.setdefault(place, ())
        for way in finding.ways:
            for change in way.changes:
                place = place_of_figure(change.indicator, form)
                if place is not None:
                    doubts[place] = (*doubts.get(place, ()), change.after)
    return doubts


def _places(entries: Sequence[Entry | None]) -> Places:
    """Where the figures stand; those that stand elsewhere than the column of the first one are nowhere."""
    first = next((entry.cell for entry in entries if entry is not None), None)
    if first is None:
        return NOWHERE
    sheet, column = first.sheet, first.column
    rows = [
        entry.cell.row if entry is not None and entry.cell.sheet == sheet and entry.cell.column == column else 0
        for entry in entries
    ]
    return Places(sheet, column, tuple(rows))


def _aggregates(submission: Submission) -> dict[str, Aggregate] | None:
    """What a consolidated workbook was added up from; None for a plain one, or if it can no longer be read (U06)."""
    if not submission.aggregates:
        return None
    try:
        return {key: of_text(text) for key, text in submission.aggregates.items()}
    except ValueError:
        return None
