"""The submissions of earlier periods, from workbooks of which none may stop a command.

In:     paths of files and folders.
Out:    their submissions, in order.
Never:  stops because a file cannot be opened or read; each command says itself what it says of such a file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cchc_excel.commands.files import source_of, workbook_paths
from cchc_excel.errors import FormNotFound, Unopened, defect_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import harmless
from cchc_excel.pipeline import defect_finding
from cchc_excel.reading import read, unreadable
from cchc_excel.submission import Submission
from cchc_excel.wording import Words


def earlier_submissions(
    given: Sequence[Path], form: Form, told: Callable[[Path, Finding], None]
) -> Iterator[Submission]:
    """Read the workbooks of earlier periods.

    One that cannot be opened or read, or over which this program fails, is `told` and left out; a workbook without
    the form is left out without a word, as others lie in such folders.
    """
    for path in workbook_paths(given):
        try:
            source = source_of(path)
            reading = read(source, form)
        except OSError as error:
            told(path, unreadable(Unopened(error.strerror or type(error).__name__)))
        except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
            told(path, defect_finding(defect_of(error)))
        else:
            if reading.submission is not None:
                yield reading.submission
            elif reading.findings and reading.findings[0].code != FormNotFound.code:
                told(path, reading.findings[0])


def earlier_submissions_told(given: Sequence[Path], form: Form, spoken: Words) -> list[Submission]:
    """The same; what cannot be read is said on stderr."""

    def told(path: Path, finding: Finding) -> None:
        print(harmless(f"{path}: {spoken.message(finding, form)}"), file=sys.stderr)

    return list(earlier_submissions(given, form, told))
