"""Which workbook counts for which unit: the standings of all units, and the workbooks that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.consolidating.standing import Received, Standing, standing
from cchc_excel.submission import Period


class Counting(NamedTuple):
    """`workbooks` are those that count, in the order of the units; `names` gives by path the name of the unit."""

    workbooks: Sequence[Filed]
    standings: tuple[Standing, ...]
    names: Mapping[str, str]


def counting_of(units: Sequence[Filed], roster: Roster | None, period: Period | None) -> Counting:
    """Find out which workbook counts for each unit; where no period is known, none does."""
    standings = standing(roster, [_received(workbook) for workbook in units], period or Period(1, "Y"))
    by_path = {workbook.path: workbook for workbook in units}
    return Counting(
        workbooks=[by_path[line.counts] for line in standings if line.counts is not None],
        standings=standings,
        names={path: line.name for line in standings for path in line.files if line.unit is not None},
    )


def _received(workbook: Filed) -> Received:
    return Received(
        path=workbook.path,
        unit=workbook.unit,
        period=workbook.period,
        modified=workbook.modified,
        readable=workbook.readable,
        errors=workbook.errors,
        figures=workbook.reported,
        day=workbook.day,
        failed=workbook.failed,
    )
