"""What `cchc diff` does: two workbooks of a form compared figure by figure, or two folders of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from cchc_excel.commands.files import source_of, workbook_paths
from cchc_excel.commands.options import Selecting
from cchc_excel.commands.refusals import DONE, FAILED, FOUND
from cchc_excel.errors import NotComparable, OptionNeedsAnother, Unopened, defect_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, edition_for, form_asked_for
from cchc_excel.grid import harmless
from cchc_excel.pipeline import EVERYTHING, Judged, Selection, defect_finding, judge
from cchc_excel.reading import Reading, read, unreadable
from cchc_excel.submission import Entry, Figure, Period, Submission
from cchc_excel.vietnamese.text import fold
from cchc_excel.wording import Words, words


@dataclass(frozen=True, kw_only=True)
class DiffOptions(Selecting):
    """What `cchc diff` is to do; `before` and `after` are two files or two folders."""

    before: Path
    after: Path
    findings: bool = False


def run_diff(options: DiffOptions) -> int:
    """Print where two workbooks, or two folders of workbooks, differ; return 1 if they do.

    With `findings` also which errors and warnings are mended, explained by a note, still there, and new.
    Raises NotComparable for a file and a folder.
    """
    before, after = options.before, options.after
    if (options.select or options.ignore) and not options.findings:
        raise OptionNeedsAnother("--select" if options.select else "--ignore", "--findings")
    form = form_asked_for(options.form)
    comparing = _Comparing(form, words(options.lang), with_findings=options.findings, selection=options.selection(form))
    if before.is_dir() and after.is_dir():
        compared: Iterator[_Pair | _Alone] = comparing.folders(before, after)
    elif before.is_dir() or after.is_dir():
        raise NotComparable(f"{before}; {after}")
    else:
        compared = comparing.files(before, after)
    if options.format == "json":
        from cchc_excel.reporting.contract import document

        found = list(compared)
        differs = any(found)
        pairs = [pair.document() for pair in found if isinstance(pair, _Pair)]
        alone = [file.document() for file in found if isinstance(file, _Alone)]
        print(document("diff", form=form.id, differs=differs, pairs=pairs, only=alone, unread=comparing.unread))
    else:
        differs = False
        for difference in compared:
            for line in difference.lines(comparing.spoken, inside=before.is_dir()):
                differs = True
                print(harmless(line))
        if not comparing.failed and not differs:
            print(comparing.spoken.word("diff", "same"))
    if comparing.failed:
        return FAILED
    return FOUND if differs else DONE


class _Change(NamedTuple):
    """One row that holds something else, as a person reads it and as a program does."""

    indicator: str
    cell: str
    name: str
    shown: str
    before: Figure | None
    after: Figure | None


class _Told(NamedTuple):
    """A finding that is mended, explained, still there or new; `how` says which."""

    how: str
    finding: Finding
    message: str


class _Pair(NamedTuple):
    """Two workbooks that were compared: who reports, and where they differ."""

    before: _File
    after: _File
    who: str
    heading: Sequence[str]
    changes: Sequence[_Change]
    findings: Sequence[_Told]

    def __bool__(self) -> bool:
        return bool(self.heading or self.changes or self.findings)

    def lines(self, spoken: Words, *, inside: bool) -> Iterator[str]:
        """What differs; of two workbooks in folders first which they are."""
        if not self:
            return
        if inside:
            yield f"{self.before.path.name} → {self.after.path.name}: {self.who}"
        indent = "  " if inside else ""
        for line in self.heading:
            yield indent + line
        for change in self.changes:
            yield f"{indent}{change.cell:<6}{change.name}: {change.shown}"
        for how, finding, message in self.findings:
            cell = finding.cells[0].local if finding.cells else ""
            yield f"{indent}{spoken.word('diff', how)} {finding.code} {cell}: {message}"

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        from cchc_excel.reporting.contract import plain

        submissions = (self.before.submission, self.after.submission)
        return {
            "before": str(self.before.path),
            "after": str(self.after.path),
            "units": [submission.unit for submission in submissions],
            "periods": [str(submission.period) if submission.period else None for submission in submissions],
            "changes": [
                {
                    "indicator": change.indicator,
                    "cell": change.cell,
                    "before": plain(change.before),
                    "after": plain(change.after),
                }
                for change in self.changes
            ],
            "findings": [
                {
                    "how": how,
                    "code": finding.code,
                    "severity": str(finding.severity),
                    "indicators": list(finding.indicators),
                    "cells": [str(cell) for cell in finding.cells],
                    "message": message,
                }
                for how, finding, message in self.findings
            ],
        }


class _Alone(NamedTuple):
    """A workbook that only one of the two folders holds."""

    folder: Path
    file: _File
    who: str

    def lines(self, spoken: Words, *, inside: bool) -> Iterator[str]:
        """That it is only there."""
        if inside:
            yield spoken.word("diff", "only", folder=self.folder, file=self.file.path.name, who=self.who)

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        submission = self.file.submission
        period = str(submission.period) if submission.period else None
        return {"path": str(self.file.path), "unit": submission.unit, "period": period}


class _File(NamedTuple):
    """A workbook that could be read."""

    path: Path
    submission: Submission
    reading: Reading

    @property
    def unit(self) -> str | None:
        return None if self.submission.unit is None else fold(self.submission.unit)

    @property
    def whose(self) -> tuple[str, Period | None] | None:
        """Unit and period; None where the workbook does not name its unit."""
        return None if self.unit is None else (self.unit, self.submission.period)


class _Folder(NamedTuple):
    """The workbooks of a folder, and the names of those that could not be read."""

    read: Sequence[_File]
    unread: Collection[str]


def _pairs(old: Sequence[_File], new: Sequence[_File]) -> list[tuple[_File, _File]]:
    """What is to be compared: first the only workbooks of one unit and period, then those of one name.

    Files of one name are no pair if they name two units: some programs number what they export.
    """
    old_of, new_of = _only_ones(old), _only_ones(new)
    pairs = {file.path: new_of[whose] for whose, file in old_of.items() if whose in new_of}
    taken = {file.path for file in pairs.values()}
    by_name = {file.path.name: file for file in new if file.path not in taken}
    for file in old:
        namesake = by_name.get(file.path.name)
        if file.path not in pairs and namesake is not None and _may_be_one_unit(file, namesake):
            pairs[file.path] = namesake
    return [(file, pairs[file.path]) for file in old if file.path in pairs]


def _only_ones(files: Sequence[_File]) -> dict[tuple[str, Period | None], _File]:
    """By unit and period, the files that are the only ones of theirs; those that name no unit are left out."""
    count = Counter(file.whose for file in files)
    return {file.whose: file for file in files if file.whose is not None and count[file.whose] == 1}


def _may_be_one_unit(old: _File, new: _File) -> bool:
    """Whether two files are not of two units, as far as they say."""
    return old.unit is None or new.unit is None or old.unit == new.unit


@dataclass
class _Comparing:
    """What workbooks are compared by; `failed` says that one of them could not be read, which has been told."""

    form: Form
    spoken: Words
    failed: bool = False
    with_findings: bool = False
    selection: Selection = EVERYTHING
    unread: list[Mapping[str, str]] = field(default_factory=list)

    def files(self, before: Path, after: Path) -> Iterator[_Pair]:
        """Where two files differ."""
        workbook_paths([before, after])  # raises NoSuchFile
        old, new = self._read(before), self._read(after)  # both, so that of both is said why they cannot be read
        if old is not None and new is not None:
            yield self._pair(old, new)

    def folders(self, before: Path, after: Path) -> Iterator[_Pair | _Alone]:
        """Where two folders differ: pair by pair, then what stands in only one of them."""
        old, new = self._all_in(before), self._all_in(after)
        pairs = _pairs(old.read, new.read)
        for old_file, new_file in pairs:
            yield self._pair(old_file, new_file)
        paired = {file.path for pair in pairs for file in pair}
        for folder, here, there in ((before, old, new), (after, new, old)):
            for file in here.read:
                # a file of the same name that could not be read may be its counterpart: nothing is known then
                if file.path not in paired and file.path.name not in there.unread:
                    yield _Alone(folder, file, self._who(file.submission))

    def _pair(self, before: _File, after: _File) -> _Pair:
        return _Pair(
            before=before,
            after=after,
            who=self._who(before.submission),
            heading=tuple(self._heading(before.submission, after.submission)),
            changes=tuple(self._changes(before.submission, after.submission)),
            findings=tuple(self._findings(before, after)),
        )

    def _all_in(self, folder: Path) -> _Folder:
        found: list[_File] = []
        unread: set[str] = set()
        for path in workbook_paths([folder]):
            file = self._read(path)
            if file is None:
                unread.add(path.name)
            else:
                found.append(file)
        return _Folder(found, unread)

    def _read(self, path: Path) -> _File | None:
        """The submission in a file; None if there is none, which is said."""
        try:
            reading = read(source_of(path), self.form)
        except OSError as error:
            reading = Reading(None, (unreadable(Unopened(error.strerror or type(error).__name__)),))
        except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
            reading = Reading(None, (defect_finding(defect_of(error)),))
        if reading.submission is not None:
            return _File(path, reading.submission, reading)
        self.failed = True
        finding = reading.findings[0]
        said = self.spoken.message(finding, self.form)
        do = self.spoken.remedy(finding.code)
        print(harmless(f"{path}: {said}\n→ {do}"), file=sys.stderr)
        self.unread.append({"path": str(path), "code": finding.code, "message": said})
        return None

    def _findings(self, old: _File, new: _File) -> Iterator[_Told]:
        """What of the errors and warnings is mended, explained, still there, new; nothing where none was asked for."""
        if not self.with_findings:
            return
        before, after = (judge(file.reading, file.submission, self.form) for file in (old, new))
        became = _what_became_of(self._told(before), self._told(after))
        for how, findings in became.items():
            form = before.form if how == "mended" else after.form
            for finding in findings:
                yield _Told(how, finding, self.spoken.message(finding, form))

    def _told(self, judged: Judged) -> list[Finding]:
        """The errors and warnings of a workbook that are told."""
        return [
            finding
            for finding in judged.findings
            if finding.severity is not Severity.INFO and finding.code in self.selection
        ]

    def _who(self, submission: Submission) -> str:
        unit = submission.unit or self.spoken.word("unit_unknown")
        return f"{unit} · {self.spoken.period(submission.period)}"

    def _heading(self, before: Submission, after: Submission) -> Iterator[str]:
        """Where the two name other units or periods."""
        spoken = self.spoken
        if before.unit != after.unit:
            yield f"{spoken.word('diff', 'unit')}: {before.unit} → {after.unit}"
        if before.period != after.period:
            periods = f"{spoken.period(before.period)} → {spoken.period(after.period)}"
            yield f"{spoken.word('diff', 'period')}: {periods}"

    def _changes(self, before: Submission, after: Submission) -> Iterator[_Change]:
        """The rows that hold something else, in the order of the form in force when the later file reports."""
        form = edition_for(self.form, after.period)
        for row in form.entries:
            old, new = before.entries.get(row.id), after.entries.get(row.id)
            old_content, new_content = _standing(old), _standing(new)
            if old_content == new_content:
                continue
            entry = old if new is None else new  # an officer looks the cell up in the later file, if it has the row
            yield _Change(
                indicator=row.id,
                cell=entry.cell.local if entry is not None else "",
                name=self.spoken.indicator(row, form),
                shown=" → ".join(_told_apart(old_content, new_content, self.spoken)),
                before=old_content.value,
                after=new_content.value,
            )


def _what_became_of(before: Sequence[Finding], after: Sequence[Finding]) -> Mapping[str, Sequence[Finding]]:
    """The findings of two workbooks by what became of them; each is held against one of the other workbook at most.

    What the later workbook explains is told as such, whether it is new or not.

    Two findings are the same if they have one code and the same rows. Of several such, those of the same cells go
    together first; the others are the same all the same, for a row may stand on another line in the other workbook.
    """
    mended, new = list(before), list(after)
    for key_of in (_code_rows_and_cells, _code_and_rows):
        mended, new = _without_counterpart(mended, new, key_of), _without_counterpart(new, mended, key_of)
    numbers_of_new = {id(finding) for finding in new}  # two findings may be equal
    open_ones = [finding for finding in after if not finding.explained]
    return {
        "mended": mended,
        "explained": [finding for finding in after if finding.explained],
        "still": [finding for finding in open_ones if id(finding) not in numbers_of_new],
        "new": [finding for finding in open_ones if id(finding) in numbers_of_new],
    }


def _without_counterpart(
    findings: Sequence[Finding], others: Sequence[Finding], key_of: Callable[[Finding], Hashable]
) -> list[Finding]:
    """The findings for which none of the others is left, where each of the others serves for one of its own key."""
    unused = Counter(map(key_of, others))
    left = []
    for finding in findings:
        key = key_of(finding)
        if unused[key]:
            unused[key] -= 1
        else:
            left.append(finding)
    return left


def _code_and_rows(finding: Finding) -> Hashable:
    return finding.code, finding.indicators


def _code_rows_and_cells(finding: Finding) -> Hashable:
    """The cells without their sheet: two programs may name it differently."""
    return finding.code, finding.indicators, tuple(cell.local for cell in finding.cells)


class _Content(NamedTuple):
    """What an entry holds: `blank`, a `value`, or the text of a cell that is `unread`.

    `number` is what such a cell holds as a number: 1.012 where a count was asked for. A person reads it with a comma.
    """

    kind: str
    value: Figure | None
    number: Fraction | None = None


def _standing(entry: Entry | None) -> _Content:
    if entry is None or entry.is_blank:
        return _Content("blank", None)
    if entry.value is None:
        raw = entry.raw
        is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
        return _Content("unread", str(raw), Fraction(str(raw)) if is_number else None)
    return _Content("value", entry.value)


def _told_apart(before: _Content, after: _Content, spoken: Words) -> Sequence[str]:
    """Two contents as a person would write them; with all their digits, or in quotes, where these look alike."""
    shown = (_shown(before, spoken), _shown(after, spoken))
    if shown[0] != shown[1]:
        return shown
    return (_in_full(before, spoken), _in_full(after, spoken))


def _shown(content: _Content, spoken: Words) -> str:
    """A figure or a text as a person would write it."""
    return spoken.value(content.value if content.number is None else content.number)


def _in_full(content: _Content, spoken: Words) -> str:
    """A number with all its decimals, a text that could not be read in quotes."""
    if content.number is not None:
        return spoken.number_in_full(content.number)
    if content.kind == "unread":
        return f"“{content.value}”"
    if content.value is None or isinstance(content.value, str):
        return spoken.value(content.value)
    return spoken.number_in_full(content.value)
