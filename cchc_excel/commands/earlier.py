"""The submissions of earlier periods, from workbooks of which none may stop a command.

In:     paths of files and folders; a file may be an archive or a message that holds workbooks.
Out:    their submissions, in order.
Never:  stops because a file cannot be opened or read; each command says itself what it says of such a file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cchc_excel.commands.files import source_of, workbook_paths
from cchc_excel.commands.intake import within
from cchc_excel.errors import FormNotFound, Unopened, defect_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import Source, harmless
from cchc_excel.pipeline import defect_finding
from cchc_excel.reading import read, unreadable
from cchc_excel.submission import Submission
from cchc_excel.wording import Words

Tell = Callable[[Path, Finding], None]
"""Says why nothing came of a file."""


def earlier_submissions(given: Sequence[Path], form: Form, tell: Tell) -> Iterator[Submission]:
    """Read the workbooks of earlier periods.

    A file that cannot be opened or read, or over which this program fails, is told and left out. A workbook without
    the form is left out without a word, as others lie in such folders.
    """
    for path in workbook_paths(given):
        for source in _sources_in(path, tell):
            submission = _submission_in(source, form, tell)
            if submission is not None:
                yield submission


def _sources_in(path: Path, tell: Tell) -> Iterator[Source]:
    """The file itself, or the files that it holds; what cannot be opened is told."""
    try:
        yield from within(source_of(path))
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
        tell(path, _reason_of(error))


def _submission_in(source: Source, form: Form, tell: Tell) -> Submission | None:
    """The submission in a workbook. If there is none, that is told, unless the workbook does not hold the form."""
    path = Path(source.name)
    try:
        reading = read(source, form)
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
        tell(path, _reason_of(error))
        return None
    if reading.submission is None and reading.findings:
        finding = reading.findings[0]
        if finding.code != FormNotFound.code:
            tell(path, finding)
    return reading.submission


def _reason_of(error: Exception) -> Finding:
    """Why nothing came of a file: the system does not hand it over, or this program fails over it."""
    if isinstance(error, OSError):
        return unreadable(Unopened(error.strerror or type(error).__name__))
    return defect_finding(defect_of(error))


def earlier_submissions_told(given: Sequence[Path], form: Form, spoken: Words) -> list[Submission]:
    """Read the workbooks of earlier periods; say on stderr which of them cannot be read."""

    def tell(path: Path, finding: Finding) -> None:
        print(harmless(f"{path}: {spoken.message(finding, form)}"), file=sys.stderr)

    return list(earlier_submissions(given, form, tell))
