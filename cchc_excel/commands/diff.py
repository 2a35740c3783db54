"""What `cchc diff` does: two workbooks of a form compared figure by figure, or two folders of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cchc_excel.checking import check
from cchc_excel.commands.files import source_of, workbook_paths
from cchc_excel.commands.options import DiffOptions
from cchc_excel.commands.refusals import DONE, FAILED, FOUND
from cchc_excel.errors import NotComparable, OptionNeedsAnother, Unopened, defect_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, edition_for, form_asked_for
from cchc_excel.grid import harmless
from cchc_excel.pipeline import EVERYTHING, Selection, defect_finding
from cchc_excel.reading import Reading, read, unreadable
from cchc_excel.submission import Entry, Figure, Period, Submission
from cchc_excel.vietnamese.text import fold
from cchc_excel.wording import Words, words


def run_diff(options: DiffOptions) -> int:
    """Print where two workbooks, or two folders of workbooks, differ; return 1 if they do.

    With `findings` also which errors and warnings are mended, which are still there, and which are new.
    Raises NotComparable for a file and a folder.
    """
    before, after = options.before, options.after
    if (options.select or options.ignore) and not options.findings:
        raise OptionNeedsAnother("--select" if options.select else "--ignore", "--findings")
    form = form_asked_for(options.form)
    comparing = _Comparing(form, words(options.lang), with_findings=options.findings, selection=options.selection(form))
    if before.is_dir() and after.is_dir():
        lines = comparing.folders(before, after)
    elif before.is_dir() or after.is_dir():
        raise NotComparable(f"{before}; {after}")
    else:
        lines = comparing.files(before, after)
    differs = False
    for line in lines:
        differs = True
        print(harmless(line))
    if comparing.failed:
        return FAILED
    if not differs:
        print(comparing.spoken.word("diff", "same"))
    return FOUND if differs else DONE


class _File(NamedTuple):
    """A workbook that could be read."""

    path: Path
    submission: Submission
    noticed: tuple[Finding, ...] = ()

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
    whose_old, whose_new = (Counter(file.whose for file in files) for files in (old, new))
    alone = {file.whose: file for file in new if whose_new[file.whose] == 1}
    alone.pop(None, None)
    pairs = {file.path: alone[file.whose] for file in old if whose_old[file.whose] == 1 and file.whose in alone}
    taken = {file.path for file in pairs.values()}
    by_name = {file.path.name: file for file in new if file.path not in taken}
    for file in old:
        other = by_name.get(file.path.name)
        if file.path not in pairs and other is not None and _may_be_one_unit(file, other):
            pairs[file.path] = other
    return [(file, pairs[file.path]) for file in old if file.path in pairs]


def _may_be_one_unit(one: _File, other: _File) -> bool:
    return one.unit is None or other.unit is None or one.unit == other.unit


@dataclass
class _Comparing:
    """What workbooks are compared by; `failed` says that one of them could not be read, which has been told."""

    form: Form
    spoken: Words
    failed: bool = False
    with_findings: bool = False
    selection: Selection = EVERYTHING

    def files(self, before: Path, after: Path) -> Iterator[str]:
        """The lines that say where two files differ."""
        workbook_paths([before, after])  # raises NoSuchFile
        one, other = self._read(before), self._read(after)
        if one is not None and other is not None:
            yield from self._differences(one, other)
            yield from self._findings(one, other)

    def folders(self, before: Path, after: Path) -> Iterator[str]:
        """The lines that say where two folders differ: pair by pair, then what stands in only one of them."""
        old, new = self._all_in(before), self._all_in(after)
        pairs = _pairs(old.read, new.read)
        for one, other in pairs:
            lines = [*self._differences(one, other), *self._findings(one, other)]
            if lines:
                yield f"{one.path.name} → {other.path.name}: {self._who(one.submission)}"
                yield from (f"  {line}" for line in lines)
        paired = {file.path for pair in pairs for file in pair}
        for folder, here, there in ((before, old, new), (after, new, old)):
            for file in here.read:
                # a file of the same name that could not be read may be its counterpart: nothing is known then
                if file.path not in paired and file.path.name not in there.unread:
                    who = self._who(file.submission)
                    yield self.spoken.word("diff", "only", folder=folder, file=file.path.name, who=who)

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
            return _File(path, reading.submission, tuple(reading.findings))
        self.failed = True
        finding = reading.findings[0]
        said, do = self.spoken.message(finding, self.form), self.spoken.remedy(finding.code)
        print(harmless(f"{path}: {said}\n→ {do}"), file=sys.stderr)
        return None

    def _findings(self, one: _File, other: _File) -> Iterator[str]:
        """What of the errors and warnings is mended, still there, new; nothing where none was asked for."""
        if not self.with_findings:
            return
        before, after = self._found(one), self._found(other)
        parts = (
            ("mended", {key: it for key, it in before.items() if key not in after}),
            ("still", {key: it for key, it in after.items() if key in before}),
            ("new", {key: it for key, it in after.items() if key not in before}),
        )
        for name, found in parts:
            for finding in found.values():
                cell = finding.cells[0].local if finding.cells else ""
                said = self.spoken.message(finding, self.form)
                yield f"{self.spoken.word('diff', name)} {finding.code} {cell}: {said}"

    def _found(self, file: _File) -> dict[tuple[str, tuple[str, ...]], Finding]:
        """The errors and warnings of a workbook, by code and row."""
        found = (*file.noticed, *check(file.submission, self.form).findings)
        above = [it for it in found if it.severity is not Severity.INFO and it.code in self.selection]
        return {(it.code, it.indicators[:1]): it for it in above}

    def _who(self, submission: Submission) -> str:
        return f"{submission.unit or self.spoken.word('unit_unknown')} · {self.spoken.period(submission.period)}"

    def _differences(self, old_file: _File, new_file: _File) -> Iterator[str]:
        spoken, one, other = self.spoken, old_file.submission, new_file.submission
        if one.unit != other.unit:
            yield f"{spoken.word('diff', 'unit')}: {one.unit} → {other.unit}"
        if one.period != other.period:
            yield f"{spoken.word('diff', 'period')}: {spoken.period(one.period)} → {spoken.period(other.period)}"
        form = edition_for(self.form, other.period)
        for row in form.entries:
            old, new = one.entries.get(row.id), other.entries.get(row.id)
            before, after = _standing(old), _standing(new)
            if before != after:
                cell = next((entry.cell.local for entry in (new, old) if entry is not None), "")
                shown = " → ".join(_told_apart(before, after, spoken))
                yield f"{cell:<6}{spoken.indicator(row, form)}: {shown}"


def _standing(entry: Entry | None) -> tuple[str, Figure | None]:
    """What an entry holds: nothing, a value, or the text of a cell that could not be read."""
    if entry is None or entry.is_blank:
        return "blank", None
    if entry.value is None:
        return "unread", str(entry.raw)
    return "value", entry.value


def _told_apart(one: tuple[str, Figure | None], other: tuple[str, Figure | None], spoken: Words) -> Sequence[str]:
    """Two contents as a person would write them; with all their digits, or in quotes, where these look alike."""
    shown = [spoken.value(content) for _, content in (one, other)]
    if shown[0] != shown[1]:
        return shown
    return [_in_full(kind, content, spoken) for kind, content in (one, other)]


def _in_full(kind: str, content: Figure | None, spoken: Words) -> str:
    if kind == "unread":
        return f"“{content}”"
    return spoken.value(content) if content is None or isinstance(content, str) else spoken.number_in_full(content)
