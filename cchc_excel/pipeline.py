"""The order of stages, written here only: read, check, propose.

In:     Sources and a Form.
Out:    Examinations, in the order of the sources.
Never:  prints, writes, or stops because one file is bad.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cchc_excel.checking import Checked, cannot_be_of_one, check, record_of
from cchc_excel.checking.notes import explained
from cchc_excel.codes import CODES
from cchc_excel.correcting import propose
from cchc_excel.errors import Defect, defect_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import Source, harmless
from cchc_excel.reading import NOTHING_GIVEN, Given, Reading, read
from cchc_excel.submission import How, Submission
from cchc_excel.workers import HERE, Where, mapped

DEFECT = "S08"
"""The code of a file over which this program itself failed."""


@dataclass(frozen=True, slots=True)
class Examination:
    """All that is known of one workbook: what it says, and what is to be said of it.

    `form` is there in what the front door gives (library/), as in its findings. `edition` is the id of the edition of
    the form that it is of; empty where it could not be read.
    """

    name: str
    sha256: str
    submission: Submission | None
    findings: tuple[Finding, ...]
    run: int = 0
    not_applied: int = 0
    kind: str = "xlsx"
    form: Form | None = field(default=None, compare=False, repr=False)
    edition: str = ""

    @property
    def readable(self) -> bool:
        return self.submission is not None

    @property
    def tracebacks(self) -> tuple[str, ...]:
        """What is known of the defects of this program that the file brought out."""
        return tracebacks(self.findings)


def tracebacks(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The tracebacks that the findings of a defect carry."""
    return tuple(str(it.facts["traceback"]) for it in findings if it.code == DEFECT and it.facts.get("traceback"))


class Done(NamedTuple):
    """A file that is examined; `data` are its bytes, empty where the examination is that of an earlier run."""

    path: Path
    examination: Examination
    data: bytes


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings are told: those of all codes, or of those that begin as given; `ignored` always wins.

    What is not selected is as if it had not been found: not shown, not counted, not corrected. Figures are read in the
    same way, and the solver hears of it. Why a file cannot be read is told whatever is selected.
    """

    selected: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def __contains__(self, code: str) -> bool:
        return (not self.selected or code.startswith(self.selected)) and not (
            self.ignored and code.startswith(self.ignored)
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """What tells this selection from others; nothing where all is selected."""
        return (f"+{','.join(self.selected)}", f"-{','.join(self.ignored)}") if self.selected or self.ignored else ()


EVERYTHING = Selection()


def examine(
    source: Source,
    form: Form,
    previous: Sequence[Submission] = (),
    selection: Selection = EVERYTHING,
    given: Given = NOTHING_GIVEN,
) -> Examination:
    """Read one workbook, check it, and propose what its findings ask for."""
    reading = read(source, form, given)
    digest = hashlib.sha256(source.data).hexdigest()
    if reading.submission is None:
        return Examination(source.name, digest, None, reading.findings)
    judged = judge(reading, reading.submission, form, previous)
    form = judged.form
    findings = propose(judged.findings, reading.submission, form)
    shown = tuple(sorted((one for one in findings if one.code in selection), key=_order(form)))
    return Examination(
        source.name,
        digest,
        reading.submission,
        shown,
        judged.checked.run,
        len(judged.checked.not_applied),
        reading.kind,
        edition=form.id,
    )


class Judged(NamedTuple):
    """What is found in a submission, with the form as it is in its period."""

    findings: Sequence[Finding]
    form: Form
    checked: Checked


def judge(reading: Reading, submission: Submission, form: Form, previous: Sequence[Submission] = ()) -> Judged:
    """Check what was read, by the edition and the rules of its period; nothing is proposed yet."""
    form = form_in_force(reading, submission, form)
    checked = check(submission, form, previous)
    read_well = _without_groundless(reading.findings, submission, form)
    found = (*(_explained(finding, submission, form) for finding in read_well), *checked.findings)
    if any(finding.explained for finding in found):
        from cchc_excel.correcting import came_back

        found = came_back(found, submission, previous)
    return Judged(found, form, checked)


def form_in_force(reading: Reading, submission: Submission, form: Form) -> Form:
    """Return the form by which a submission is judged: its edition in its period, without the totals left open."""
    return (reading.form or form).at(submission.period).without_totals(submission.open_totals)


def _without_groundless(findings: Sequence[Finding], submission: Submission, form: Form) -> Sequence[Finding]:
    """The findings without the doubts (T30) that the other figures settle."""
    if all(finding.code != "T30" for finding in findings):
        return findings
    record = record_of(submission, form)
    return [it for it in findings if it.code != "T30" or not cannot_be_of_one(it.indicators[0], record, form)]


def _explained(finding: Finding, submission: Submission, form: Form) -> Finding:
    """A warning about how a figure was read, with the clerk's reason beside it; no reason reads what is unread.

    A warning about the note itself is not explained by it.
    """
    if not CODES[finding.code].explicable:
        return finding
    entry = submission.entries.get(finding.indicators[0]) if finding.indicators else None
    return finding if entry is None or entry.how is How.UNREAD else explained(finding, submission.notes, form)


def in_fresh_template(examination: Examination, form: Form) -> Source:
    """Return the template of the form holding what an .xls, .ods or .csv said, each figure as it was typed.

    Only OOXML can be patched; what such a file holds goes into a fresh copy of the template.
    """
    from cchc_excel.workbook_form.filled import filled

    submission = examination.submission
    if submission is None:
        raise ValueError(examination.name)
    values = {key: entry.raw for key, entry in submission.entries.items() if not isinstance(entry.raw, bool)}
    period = str(submission.period) if submission.period else ""
    data = filled(
        form,
        values,
        unit=submission.unit or "",
        period=period,
        notes=submission.notes,
        number=harmless(submission.number),
        day=submission.day,
    )
    return Source(examination.name, data)


def examine_all(
    sources: Iterable[Source],
    form: Form,
    previous: Sequence[Submission] = (),
    selection: Selection = EVERYTHING,
    given: Given = NOTHING_GIVEN,
    *,
    where: Where = HERE,
) -> Iterator[Examination]:
    """Examine workbooks as they come, in their order; `where` says by how many processes, or on what cluster.

    A defect of this program that one file brings out becomes that file's finding S08, which
    carries the traceback, and does not stop the others.
    """
    work = partial(_examined, form, tuple(previous), selection, given)
    yield from mapped(work, sources, where, lost)


def _examined(
    form: Form, previous: Sequence[Submission], selection: Selection, given: Given, source: Source
) -> Examination:
    try:
        return examine(source, form, previous, selection, given)
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
        return defect(source, defect_of(error))


def lost(source: Source) -> Examination:
    """What becomes of a file that kills whoever reads it."""
    return defect(source, Defect("killed"))


def defect(source: Source, what: Defect) -> Examination:
    """A file over which this program stumbled: one finding, S08."""
    digest = hashlib.sha256(source.data).hexdigest()
    return Examination(source.name, digest, None, (defect_finding(what),))


def defect_finding(what: Defect) -> Finding:
    """S08: the defect as what is found in the file that brought it out."""
    return Finding(DEFECT, CODES[DEFECT].severity, facts=what._asdict())


def _order(form: Form) -> Callable[[Finding], tuple[int, int, str]]:
    """Sort key: the printed order of the form, within a row the worst first; what has no row stands first."""
    place = form.places

    def key(finding: Finding) -> tuple[int, int, str]:
        at = place.get(finding.indicators[0], -1) if finding.indicators else -1
        return at, -finding.severity.rank, finding.code

    return key


def count_by_severity(examinations: Iterable[Examination]) -> dict[Severity, int]:
    """How many findings of each severity count, over all workbooks."""
    counts = dict.fromkeys(Severity, 0)
    for examination in examinations:
        for finding in examination.findings:
            counts[finding.severity] += finding.counts
    return counts
