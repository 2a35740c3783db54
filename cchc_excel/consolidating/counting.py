"""Which workbook counts for which unit: the standings of all units, and the workbooks that they name.

Of a workbook that lacks whole sections the rest is taken from the unit's other ones (`completing`).

In:     what was filed of each unit, and the list of units, if there is one.
Out:    a Counting.
Never:  counts a workbook where no period is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from cchc_excel.consolidating.completing import Completed, completed
from cchc_excel.consolidating.filing import Filed, Found
from cchc_excel.consolidating.over_time import joined
from cchc_excel.consolidating.roster.paths import names_in_paths
from cchc_excel.consolidating.roster.unit import Roster
from cchc_excel.consolidating.standing import Received, Standing, period_end, standing
from cchc_excel.form import Form
from cchc_excel.submission import Period
from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.text import fold

NO_PERIOD = Period(2, "Y")  # asked for where no period is known: no workbook is of it, and there are days before it

NameInPath: TypeAlias = Callable[[str], str | None]
"""By a file's path the unit that it names; None if it names none."""


class Counting(NamedTuple):
    """Which workbooks count, and what they are made of.

    `workbooks` are those that count, in the order of the units; `names` gives by path the name of the unit.
    `completed` has by path what those that lacked whole sections were given. `pieces` gives by path, of a workbook that
    was joined of several, those; `found` is what was found on joining.
    """

    workbooks: Sequence[Filed]
    standings: tuple[Standing, ...]
    names: Mapping[str, str]
    completed: Mapping[str, Completed]
    pieces: Mapping[str, Sequence[Filed]] = {}
    found: Sequence[Found] = ()

    def pieces_of(self, workbook: Filed) -> Sequence[Filed]:
        """The workbooks that were sent of which a counting one is made: itself, or its pieces."""
        return self.pieces.get(workbook.path, (workbook,))


def counting_of(units: Sequence[Filed], roster: Roster | None, period: Period | None, form: Form) -> Counting:
    """Find out which workbook counts for each unit; where no period is known, none does.

    Of a unit that sent the months of a quarter they count together.
    """
    standings = _standings(units, roster, period, form)
    by_path = {workbook.path: workbook for workbook in units}
    line_of = {line.counts: line for line in standings if line.counts is not None}
    workbooks: list[Filed] = []
    found: list[Found] = []
    completions: dict[str, Completed] = {}
    pieces: dict[str, Sequence[Filed]] = {}
    for path, line in line_of.items():
        if line.joined:
            pieces[path] = [by_path[piece] for piece in line.joined]
            whole = joined(pieces[path], form, period or NO_PERIOD)
            workbooks.append(whole.workbook)
            found += [Found(finding, by_path[path]) for finding in whole.findings]
        else:
            single = completed(by_path[path], _others(line, by_path, period), form)
            workbooks.append(single.workbook)
            if single.taken_from:
                completions[path] = single
    return Counting(workbooks, standings, _names(standings), completions, pieces, found)


def _names(standings: Sequence[Standing]) -> dict[str, str]:
    """The name that the unit of each file goes by, by path; of expected units only."""
    return {path: line.name for line in standings if line.unit is not None for path in line.files}


def _others(line: Standing, by_path: Mapping[str, Filed], period: Period | None) -> list[Filed]:
    """The unit's own workbooks of the period that do not count, the better first."""
    of_former_units = {path for path, match in line.matches if match.how == "predecessor"}
    others = [by_path[path] for path in line.others if path not in of_former_units]
    return [workbook for workbook in others if workbook.readable and workbook.period == period]


# --- what standing asks of a workbook


def _standings(
    units: Sequence[Filed], roster: Roster | None, period: Period | None, form: Form
) -> tuple[Standing, ...]:
    """How each unit stands, by the names in the workbooks, and in the paths of those that could not be read."""
    names = _names_told_apart(units)
    name_in_path = None if roster is None or period is None else names_in_paths(roster.units, period_end(period))
    received = [_received(workbook, names[workbook.path], name_in_path) for workbook in units]
    return standing(roster, received, period or NO_PERIOD, form.closing_day)


def _received(workbook: Filed, name: str | None, name_in_path: NameInPath | None) -> Received:
    """What standing asks of a workbook; of a file that could not be read its path may say whose it is."""
    by_path = None
    if name_in_path is not None and name is None and not workbook.readable:
        by_path = name_in_path(workbook.path)
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


def _names_told_apart(units: Sequence[Filed]) -> Mapping[str, str | None]:
    """The name of each workbook's unit by path, with the place above it where units of two places bear one name.

    Each of two districts may have a commune Tân Lập, and its letterhead says in which of them it lies.
    """
    places: dict[str, set[str]] = {}
    for workbook in units:
        if workbook.unit is not None and workbook.above is not None:
            places.setdefault(fold(workbook.unit), set()).add(fold(workbook.above))
    return {workbook.path: _name_told_apart(workbook, places) for workbook in units}


def _name_told_apart(workbook: Filed, places: Mapping[str, set[str]]) -> str | None:
    """The name of a workbook's unit; `places` has by folded name the places that units of this name lie in."""
    name = workbook.unit
    if name is None or workbook.above is None:
        return name
    # there is a Phòng Kinh tế in each commune
    is_told_by_place = len(places[fold(name)]) > 1 or is_office(name)
    return f"{name}, {workbook.above}" if is_told_by_place else name
