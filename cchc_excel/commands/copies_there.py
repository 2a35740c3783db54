"""The corrected copies that earlier runs left in the output folder, and what people decided in them.

In:     the path of a copy that may be there.
Out:    what it was made of; its bytes and figures, where it is a copy of the same unit's form.
Never:  writes, or takes for a copy what holds no findings sheet of this program.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cchc_excel.commands.files import source_of
from cchc_excel.correcting import source_in
from cchc_excel.form import Form
from cchc_excel.reading import read
from cchc_excel.submission import Submission

if TYPE_CHECKING:
    from cchc_excel.corrected_copy.settling import There


@dataclass(frozen=True)
class CopiesThere:
    """Looks into copies one by one, as somebody asks about them."""

    form: Form

    def source_of(self, target: Path) -> str:
        """The digest of what a copy was made of; blank for what is no copy, or keeps none."""
        submission = self._opened(target).submission
        return source_in(submission.earlier) if submission is not None else ""

    def there(self, target: Path, submission: Submission | None) -> There | None:
        """The copy, if it is a copy of the same unit's form of the same period."""
        from cchc_excel.corrected_copy.settling import There

        copy = self._opened(target)
        if submission is None or copy.submission is None or not copy.submission.earlier:
            return None
        if (copy.submission.unit, copy.submission.period) != (submission.unit, submission.period):
            return None
        return There(copy.data, copy.submission)

    def _opened(self, target: Path) -> _Opened:
        """What stands at the place of a copy; nothing of what cannot be opened."""
        try:
            source = source_of(target)
        except OSError:
            return _Opened()
        return _Opened(source.data, read(source, self.form).submission)


class _Opened(NamedTuple):
    """The bytes of a file, and the submission in it, if there is one."""

    data: bytes = b""
    submission: Submission | None = None
