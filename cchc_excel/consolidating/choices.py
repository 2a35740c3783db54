"""What the officer chose before consolidating."""

from __future__ import annotations

from dataclasses import dataclass

from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.roster.unit import Roster
from cchc_excel.correcting.decision_book import DecisionBook
from cchc_excel.pipeline import EVERYTHING, Selection
from cchc_excel.submission import Period, Submission
from cchc_excel.workers import HERE, Where


@dataclass(frozen=True, slots=True)
class Choices:
    """What the officer chose; None where the workbooks tell it.

    `level` and `unit` are those of the merged workbook. `corrected` takes figures after the safe corrections, and
    `exclude_errors` leaves out units with an error. `own` is the upper level's own workbook, `previous` are earlier
    submissions of units, `decisions` those of officers. `where` says by how many processes files are read, `selection`
    which findings are told.
    """

    level: str | None = None
    unit: str = ""
    period: Period | None = None
    roster: Roster | None = None
    corrected: bool = True
    exclude_errors: bool = False
    own: Arrived | None = None
    previous: tuple[Submission, ...] = ()
    decisions: tuple[DecisionBook, ...] = ()
    where: Where = HERE
    selection: Selection = EVERYTHING


NOTHING_CHOSEN = Choices()
