"""Which workbook counts for which unit: the standings of all units, and the workbooks that they name.

Of a workbook that lacks whole sections the rest is taken from the unit's other ones (`completing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.completing import Completed, completed
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.over_time import joined
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.consolidating.roster.paths import names_in_paths
from cchc_excel.consolidating.standing import Received, Standing, period_end, standing
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import Period
from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.text import fold

NO_PERIOD = Period(2, "Y")  # asked for where no period is known: no workbook is of it, and there are days before it


class Counting(NamedTuple):
    """`workbooks` are those that count, in the order of the units; `names` gives by path the name of the unit.

    `completed` has by path what those that lacked whole sections were given. `pieces` gives by path, of a workbook that
    was joined of several, those; `found` is what was found on joining.
    """

    workbooks: Sequence[Filed]
    standings: tuple[Standing, ...]
    names: Mapping[str, str]
    completed: Mapping[str, Completed]
    pieces: Mapping[str, Sequence[Filed]] = {}
    found: Sequence[tuple[Finding, Filed]] = ()

    def pieces_of(self, workbook: Filed) -> Sequence[Filed]:
        """The workbooks that were sent of which a counting one is made: itself, or its pieces."""
        return self.pieces.get(workbook.path, (workbook,))


def counting_of(units: Sequence[Filed], roster: Roster | None, period: Period | None, form: Form) -> Counting:
    """Find out which workbook counts for each unit; where no period is known, none does.

    Of a unit that sent the months of a quarter they count together.
    """
    standings = _standings(units, roster, period, form)
    by_path = {workbook.path: workbook for workbook in units}
    lines = {line.counts: line for line in standings if line.counts is not None}
    pieces = {path: [by_path[piece] for piece in line.joined] for path, line in lines.items() if line.joined}
    wholes = {path: joined(of_whole, form, period or NO_PERIOD) for path, of_whole in pieces.items()}
    singles = {
        path: completed(by_path[path], _others(line, by_path, period), form)
        for path, line in lines.items()
        if path not in wholes
    }
    return Counting(
        workbooks=[wholes[path].workbook if path in wholes else singles[path].workbook for path in lines],
        standings=standings,
        names={path: line.name for line in standings for path in line.files if line.unit is not None},
        completed={path: single for path, single in singles.items() if single.taken_from},
        pieces=pieces,
        found=[(finding, by_path[path]) for path, whole in wholes.items() for finding in whole.findings],
    )


def _standings(
    units: Sequence[Filed], roster: Roster | None, period: Period | None, form: Form
) -> tuple[Standing, ...]:
    """How each unit stands, by the names in the workbooks, and in the paths of those that could not be read."""
    names = names_told_apart(units)
    suggested = names_in_paths(roster.units, period_end(period)) if roster is not None and period is not None else None
    received = [_received(workbook, names[workbook.path], suggested) for workbook in units]
    return standing(roster, received, period or NO_PERIOD, form.closing_day)


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
        if name is None or workbook.above is None:
            names[workbook.path] = name
            continue
        if len(places[fold(name)]) > 1 or is_office(name):  # there is a Phòng Kinh tế in each commune
            name = f"{name}, {workbook.above}"
        names[workbook.path] = name
    return names


def _received(workbook: Filed, name: str | None, suggested: Callable[[str], str | None] | None) -> Received:
    """What standing asks of a workbook; of a file that could not be read its path may say whose it is."""
    by_path = suggested(workbook.path) if suggested is not None and name is None and not workbook.readable else None
    return Received(
        path=workbook.path,
        unit=name or by_path,
        by_name=by_path is not None,
        period=workbook.period,
        modified=workbook.modified,
        readable=workbook.readable,
        errors=workbook.errors,
        figures=workbook.reported,
        day=workbook.day,
        failed=workbook.failed,
    )
