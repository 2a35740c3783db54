"""The decisions that officers hand over with `--decisions`.

In:     the files and folders that were named; each workbook of the run.
Out:    the files with the decisions about a workbook; at the end the rows that were about none of the workbooks.
Never:  reads what a decision means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cchc_excel.commands.files import WORKBOOKS, as_package, source_of, sources
from cchc_excel.correcting.decision_book import Asked, DecisionBook, NotTaken, book_in, not_taken
from cchc_excel.errors import NoSuchFile, UnreadableWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.grid import Source
from cchc_excel.submission import Submission
from cchc_excel.wording import Words

_MOST_FILES = 10  # that rows which nobody took name, told one by one


class RowsLeft(NamedTuple):
    """The rows of one workbook of decisions that were not carried out, as no workbook of the run is theirs."""

    given: Path
    rows: Sequence[NotTaken]

    def lines(self, spoken: Words) -> Iterator[str]:
        """One sentence for each reason: how many rows, why, and which files they name."""
        for is_whose_known, reason in ((False, "left_unknown"), (True, "left_other_name")):
            rows = [row for row in self.rows if row.is_whose_known is is_whose_known]
            if rows:
                count = sum(row.rows for row in rows)
                yield spoken.word("register", reason, book=self.given, rows=count, files=_named(rows, spoken))

    def documents(self) -> Iterator[Mapping[str, Any]]:
        """The same for programs: one object for each file that the rows name."""
        for row in self.rows:
            yield {
                "decisions": str(self.given),
                "file": row.file or None,
                "whose": row.whose,
                "rows": row.rows,
                "reason": "no_such_file" if row.is_whose_known else "no_workbook",
            }


def _named(rows: Sequence[NotTaken], spoken: Words) -> str:
    """The files that rows name, each with its unit, its period and the number of rows; of many the first ones."""
    named = []
    for row in rows[:_MOST_FILES]:
        file = row.file or spoken.word("register", "no_file")
        named.append(spoken.word("register", "left_file", file=file, whose=row.whose, rows=row.rows))
    files = "; ".join(named)
    more = len(rows) - _MOST_FILES
    return files if more <= 0 else spoken.word("register", "left_more", files=files, more=more)


@dataclass
class DecisionsGiven:
    """Files and folders with decisions, none where none were given; and the workbooks of the run so far."""

    given: Sequence[Path]
    spoken: Words
    say: Callable[[str], None]
    _asked: list[Asked] = field(default_factory=list)

    def about(self, workbook: Path, *, alone: bool) -> tuple[Source, ...]:
        """The decisions about a workbook; of a folder that has none it is said.

        Raises NoSuchFile for a workbook that is `alone` and has none in a folder.
        """
        return tuple(sources(self._files(workbook, alone=alone)))

    def _files(self, workbook: Path, *, alone: bool) -> Iterator[Path]:
        for given in self.given:
            file = _file_in(given, workbook)
            if file is not None:
                yield file
            elif alone:
                raise NoSuchFile(str(given / workbook.name))
            else:
                self.say(self.spoken.word("correct", "undecided", path=workbook, file=given))

    def note(self, workbook: Path, submission: Submission) -> None:
        """Remember a workbook of this run, whose rows are not left over."""
        if self.given:
            self._asked.append(Asked(workbook.name, submission.unit, submission.period))

    def left(self) -> list[RowsLeft]:
        """The rows about none of the workbooks noted, by the file that they stand in."""
        found = []
        for given in self.given:
            book = _book_in(given)
            if book is None:
                continue
            rows = not_taken(book, self._asked)
            if rows:
                found.append(RowsLeft(given, rows))
        return found


def _book_in(given: Path) -> DecisionBook | None:
    """The workbook of decisions about many files; None for a folder, a findings sheet, or what cannot be opened.

    What cannot be opened was told when its decisions were asked for.
    """
    if given.is_dir():
        return None
    try:
        source = source_of(given)
        return book_in(open_grid(source.data).grid, source.name)
    except (OSError, UnreadableWorkbook):
        return None


def _file_in(given: Path, workbook: Path) -> Path | None:
    """The file given; in a folder, the one named as the workbook, however an office program saved it."""
    if not given.is_dir():
        return given
    names = (as_package(workbook).name, *(workbook.with_suffix(suffix).name for suffix in sorted(WORKBOOKS)))
    for name in names:
        path = given / name
        if path.is_file():
            return path
    return None
