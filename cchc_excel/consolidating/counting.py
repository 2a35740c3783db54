"""Which workbook counts for which unit: the standings of all units, and the workbooks that they name.

Of a workbook that lacks whole sections the rest is taken from the unit's other ones (`completing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.completing import Completed, completed
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.consolidating.standing import Received, Standing, standing
from cchc_excel.form import Form
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import fold


class Counting(NamedTuple):
    """`workbooks` are those that count, in the order of the units; `names` gives by path the name of the unit.

    `completed` has by path what those that lacked whole sections were given.
    """

    workbooks: Sequence[Filed]
    standings: tuple[Standing, ...]
    names: Mapping[str, str]
    completed: Mapping[str, Completed]


def counting_of(units: Sequence[Filed], roster: Roster | None, period: Period | None, form: Form) -> Counting:
    """Find out which workbook counts for each unit; where no period is known, none does."""
    names = names_told_apart(units)
    received = [_received(workbook, names[workbook.path]) for workbook in units]
    standings = standing(roster, received, period or Period(1, "Y"))
    by_path = {workbook.path: workbook for workbook in units}
    counting = {
        line.counts: completed(by_path[line.counts], _others(line, by_path, period), form)
        for line in standings
        if line.counts is not None
    }
    return Counting(
        workbooks=[it.workbook for it in counting.values()],
        standings=standings,
        names={path: line.name for line in standings for path in line.files if line.unit is not None},
        completed={path: it for path, it in counting.items() if it.taken_from},
    )


def _others(line: Standing, by_path: Mapping[str, Filed], period: Period | None) -> list[Filed]:
    """The unit's own workbooks of the period that do not count, the better first."""
    of_former_units = {path for path, match in line.matches if match.how == "predecessor"}
    others = [by_path[path] for path in line.others if path not in of_former_units]
    return [workbook for workbook in others if workbook.readable and workbook.period == period]


def names_told_apart(units: Iterable[Filed]) -> Mapping[str, str | None]:
    """The name of each workbook's unit by path, with the place above it where units of two places bear one name.

    Each of two districts may have a commune Tân Lập, and its letterhead says in which of them it lies.
    """
    units = list(units)
    places: dict[str, set[str]] = {}
    for workbook in units:
        if workbook.unit is not None and workbook.above is not None:
            places.setdefault(fold(workbook.unit), set()).add(fold(workbook.above))
    names: dict[str, str | None] = {}
    for workbook in units:
        name = workbook.unit
        if name is not None and workbook.above is not None and len(places[fold(name)]) > 1:
            name = f"{name}, {workbook.above}"
        names[workbook.path] = name
    return names


def _received(workbook: Filed, name: str | None) -> Received:
    return Received(
        path=workbook.path,
        unit=name,
        period=workbook.period,
        modified=workbook.modified,
        readable=workbook.readable,
        errors=workbook.errors,
        figures=workbook.reported,
        day=workbook.day,
        failed=workbook.failed,
    )
