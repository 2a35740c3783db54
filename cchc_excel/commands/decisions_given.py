"""The decisions that officers hand over with `--decisions`: which files hold those about a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cchc_excel.commands.files import WORKBOOKS, sources
from cchc_excel.errors import NoSuchFile
from cchc_excel.grid import Source
from cchc_excel.wording import Words


@dataclass(frozen=True)
class DecisionsGiven:
    """Files and folders with decisions; none where none were given."""

    given: Sequence[Path]
    spoken: Words
    say: Callable[[str], None]

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


def _file_in(given: Path, workbook: Path) -> Path | None:
    """The file given; in a folder, the one named as the workbook, however an office program saved it."""
    if not given.is_dir():
        return given
    first = workbook.suffix if workbook.suffix.lower() in {".xlsx", ".xlsm"} else ".xlsx"  # what a copy is called
    named = (given / workbook.with_suffix(suffix).name for suffix in (first, *sorted(WORKBOOKS)))
    return next((path for path in named if path.is_file()), None)
