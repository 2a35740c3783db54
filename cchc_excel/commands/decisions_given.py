"""The decisions that an officer hands over with `--decisions`: which file holds those about a workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cchc_excel.commands.files import WORKBOOKS, sources
from cchc_excel.errors import NoSuchFile
from cchc_excel.grid import Source
from cchc_excel.wording import Words


@dataclass(frozen=True)
class DecisionsGiven:
    """A file or a folder with decisions, or None where none were given."""

    given: Path | None
    spoken: Words
    say: Callable[[str], None]

    def about(self, workbook: Path, *, alone: bool) -> Source | None:
        """The decisions about a workbook; None if none were given, or if it was said that the folder has none.

        Raises NoSuchFile for a workbook that is `alone` and has none in the folder.
        """
        file = self._file(workbook)
        if file is not None:
            (source,) = sources([file])
            return source
        if self.given is not None and alone:
            raise NoSuchFile(str(self.given / workbook.name))
        if self.given is not None:
            self.say(self.spoken.word("correct", "undecided", path=workbook, file=self.given))
        return None

    def _file(self, workbook: Path) -> Path | None:
        """The file given; in a folder, the one named as the workbook, however an office program saved it."""
        if self.given is None or not self.given.is_dir():
            return self.given
        first = workbook.suffix if workbook.suffix.lower() in {".xlsx", ".xlsm"} else ".xlsx"  # what a copy is called
        named = (self.given / workbook.with_suffix(suffix).name for suffix in (first, *sorted(WORKBOOKS)))
        return next((path for path in named if path.is_file()), None)
