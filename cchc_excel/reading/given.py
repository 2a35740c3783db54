"""What a person says of a file on the command line."""

from __future__ import annotations

from typing import NamedTuple

from cchc_excel.submission import Period


class Given(NamedTuple):
    """What a person says of a file: it fills what the file does not say and chooses where the file says two things.

    What the file states is replaced only with `override`; without it a difference is told. With `only_chooses` it does
    but choose among the sheets of a workbook: what is said is said of many files.
    """

    unit: str | None = None
    period: Period | None = None
    override: bool = False
    only_chooses: bool = False


NOTHING_GIVEN = Given()
