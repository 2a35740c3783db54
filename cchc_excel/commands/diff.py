"""What `cchc diff` does: two workbooks of a form compared figure by figure, or two folders of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cchc_excel.commands.files import sources, workbook_paths
from cchc_excel.commands.refusals import DONE, FAILED, FOUND
from cchc_excel.errors import NotComparable
from cchc_excel.form import Form, Language, load_form
from cchc_excel.reading import read
from cchc_excel.submission import Entry, Figure, Submission
from cchc_excel.wording import Words, words


def run_diff(before: Path, after: Path, *, form: str, language: Language) -> int:
    """Print where two workbooks, or two folders of workbooks, differ; return 1 if they do.

    Raises NotComparable for a file and a folder.
    """
    comparing = _Comparing(load_form(form), words(language))
    if before.is_dir() and after.is_dir():
        lines = comparing.folders(before, after)
    elif before.is_dir() or after.is_dir():
        raise NotComparable(f"{before}; {after}")
    else:
        lines = comparing.files(before, after)
    differs = False
    for line in lines:
        differs = True
        print(line)
    if comparing.failed:
        return FAILED
    if not differs:
        print(comparing.spoken.word("diff", "same"))
    return FOUND if differs else DONE


@dataclass
class _Comparing:
    """What workbooks are compared by; `failed` says that one of them could not be read, which has been told."""

    form: Form
    spoken: Words
    failed: bool = False

    def files(self, before: Path, after: Path) -> Iterator[str]:
        """The lines that say where two files differ."""
        one, other = self._read(before), self._read(after)
        if one is not None and other is not None:
            yield from self._differences(one, other)

    def folders(self, before: Path, after: Path) -> Iterator[str]:
        """The lines that say where two folders differ: in pairs of one unit and period, or by what only one holds."""
        old, new = self._all_in(before), self._all_in(after)
        for key, (path, one) in old.items():
            if key in new:
                lines = list(self._differences(one, new[key][1]))
                if lines:
                    yield f"{path.name} → {new[key][0].name}: {self._who(one)}"
                    yield from (f"  {line}" for line in lines)
            else:
                yield self.spoken.word("diff", "only", folder=before, file=path.name, who=self._who(one))
        for key, (path, other) in new.items():
            if key not in old:
                yield self.spoken.word("diff", "only", folder=after, file=path.name, who=self._who(other))

    def _all_in(self, folder: Path) -> Mapping[object, tuple[Path, Submission]]:
        """The workbooks of a folder by unit and period, or by name where a workbook does not say whose it is.

        Of several workbooks of one unit and period each goes by its name, too.
        """
        read_ones = [(path, found) for path in workbook_paths([folder]) if (found := self._read(path)) is not None]
        whose = [(found.unit, found.period) for _, found in read_ones]
        keyed: dict[object, tuple[Path, Submission]] = {}
        for (path, found), key in zip(read_ones, whose, strict=True):
            is_one = found.unit is not None and whose.count(key) == 1
            keyed[key if is_one else path.name] = path, found
        return keyed

    def _read(self, path: Path) -> Submission | None:
        """The submission in a file; None if there is none, which is said."""
        (source,) = sources([path])
        reading = read(source, self.form)
        if reading.submission is None:
            finding = reading.findings[0]
            said = f"{self.spoken.message(finding, self.form)}\n→ {self.spoken.remedy(finding.code)}"
            print(f"{path}: {said}", file=sys.stderr)
            self.failed = True
        return reading.submission

    def _who(self, submission: Submission) -> str:
        return f"{submission.unit or self.spoken.word('unit_unknown')} · {self.spoken.period(submission.period)}"

    def _differences(self, one: Submission, other: Submission) -> Iterator[str]:
        spoken = self.spoken
        if one.unit != other.unit:
            yield f"{spoken.word('diff', 'unit')}: {one.unit} → {other.unit}"
        if one.period != other.period:
            yield f"{spoken.word('diff', 'period')}: {spoken.period(one.period)} → {spoken.period(other.period)}"
        for row in self.form.entries:
            old, new = one.entries.get(row.id), other.entries.get(row.id)
            before, after = _standing(old), _standing(new)
            if before != after:
                cell = next((entry.cell.local for entry in (new, old) if entry is not None), "")
                shown = " → ".join(_told_apart(before, after, spoken))
                yield f"{cell:<6}{spoken.indicator(row, self.form)}: {shown}"


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
    return [_in_full(kind, content, written) for (kind, content), written in zip((one, other), shown, strict=True)]


def _in_full(kind: str, content: Figure | None, written: str) -> str:
    if kind == "unread":
        return f"“{content}”"
    if isinstance(content, Fraction):
        decimals = repr(float(content))
        return decimals if Fraction(decimals) == content else f"{content.numerator}/{content.denominator}"
    return written
