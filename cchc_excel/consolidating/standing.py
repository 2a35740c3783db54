"""Who has sent the workbook of a period and who has not; where a unit sent several, which of them counts.

In:     the roster, if there is one, and what reading found out about each file, in any order.
Out:    a line for each expected unit and one for each file of no such unit; every file stands in exactly one line.
Never:  lets a file count that cannot be read, is of another period or has no period; chooses between former units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from cchc_excel.consolidating.first_of_files import (
    Received,
    Report,
    Why,
    are_parts,
    in_order,
    is_half,
    key_of_name,
    why_first_counts,
)
from cchc_excel.consolidating.roster.matching import UNKNOWN, Match, Matcher
from cchc_excel.consolidating.roster.unit import Roster, RosterUnit
from cchc_excel.form.period import Days, Period, days_of, tiling
from cchc_excel.vietnamese.unit_names import NameKey, level_gap

__all__ = ["Received", "Standing", "Status", "Why", "period_end", "standing"]

Status: TypeAlias = Literal[
    "received", "late", "missing", "twice", "unknown_unit", "wrong_period", "unreadable", "failed"
]


class Standing(NamedTuple):
    """How one unit stands, or one file of no expected unit.

    `counts` is the file whose figures are taken, None if none is; `others` are all the rest. `why` says why it counts,
    or why none does. `identical` are those of the others with the same figures. `late` also of a unit that sent twice.
    `matches` says for each file how its unit was found. `joined` are the files of shorter periods that make up the
    whole, in the order of time; the one that `counts` is the last of them.
    """

    name: str
    unit: RosterUnit | None
    status: Status
    counts: str | None = None
    others: tuple[str, ...] = ()
    why: Why | None = None
    identical: tuple[str, ...] = ()
    late: bool = False
    matches: tuple[tuple[str, Match], ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The file that counts, then the others."""
        return (self.counts, *self.others) if self.counts is not None else self.others

    @property
    def first_file(self) -> str | None:
        """The file that counts, else the first of the others; None where nothing was sent."""
        return next(iter(self.files), None)

    @property
    def uncertain(self) -> tuple[tuple[str, Match], ...]:
        """Files that were taken for the unit's though the name is not exactly its own."""
        return tuple((path, match) for path, match in self.matches if match.unit is not None and not match.is_certain)


def period_end(period: Period) -> date:
    """The last day of the period's last month."""
    return period.calendar_days.last


def standing(
    roster: Roster | None, received: Iterable[Received], period: Period, closing_day: int | None = None
) -> tuple[Standing, ...]:
    """Return how each unit of the period stands, in the order of the roster, then the files of no such unit by path.

    Without a roster every different name is an expected unit, by name, and no file is late. `closing_day` is that of
    the form's data: by it the months of a unit that sent no quarter make up one.
    """
    files = sorted(received, key=lambda file: file.path)
    expected = _by_roster(roster, period_end(period)) if roster is not None else _by_names(files)
    reports_of: dict[RosterUnit, list[Report]] = {unit: [] for unit in expected.units}
    strange: list[Report] = []
    for file in files:
        match = expected.match_of(file.unit)
        reports = strange if match.unit is None else reports_of[match.unit]
        reports.append(Report(file, match))
    of_units = (_of_unit(unit, reports, period, closing_day) for unit, reports in reports_of.items())
    return (*of_units, *map(_of_stranger, strange))


# --- whose a file is


class _Expected(NamedTuple):
    """The units that should report, and what tells by the name on a file which of them it is of."""

    units: Sequence[RosterUnit]
    match_of: Callable[[str | None], Match]


def _by_roster(roster: Roster, day: date) -> _Expected:
    matcher = Matcher(roster)
    return _Expected(roster.expected(day), lambda name: matcher.match(name, day))


def _by_names(files: Sequence[Received]) -> _Expected:
    """Each different name a unit; those that differ only by accents or by xã and phường are each other's rivals."""
    key_of = {name: key_of_name(name) for name in {file.unit for file in files}}
    units = _units_by_name(key_of)
    alike: dict[str, list[NameKey]] = {}
    for key in units:
        alike.setdefault(key.bare, []).append(key)

    def match_of(name: str | None) -> Match:
        key = key_of[name]
        if key is None:
            return UNKNOWN
        others = (other for other in alike[key.bare] if other != key)
        rivals = tuple(sorted(units[other] for other in others if level_gap(other, key) is not None))
        return Match(units[key], "alike" if rivals else "exact", 1.0, rivals)

    return _Expected(sorted(units.values(), key=lambda unit: unit.name), match_of)


def _units_by_name(key_of: Mapping[str | None, NameKey | None]) -> dict[NameKey, RosterUnit]:
    """A unit for each key, by the nicest of the names that have it: `UBND xã A` rather than `UBND XÃ A`."""
    names_of: dict[NameKey, list[str]] = {}
    for name, key in key_of.items():
        if name is not None and key is not None:
            names_of.setdefault(key, []).append(name)
    return {key: RosterUnit(min(names, key=_in_capitals)) for key, names in names_of.items()}


def _in_capitals(name: str) -> tuple[bool, str]:
    """Sort key of names: those all in capitals last."""
    return name.isupper(), name


# --- how a unit stands


def _of_unit(unit: RosterUnit, reports: Sequence[Report], period: Period, closing_day: int | None) -> Standing:
    """How a unit stands by all that it sent."""
    if not reports:
        return Standing(unit.name, unit, "missing")
    scans = [report for report in reports if report.file.by_name]
    workbooks = [report for report in reports if not report.file.by_name]
    if scans and workbooks:  # a commune sends the signed scan beside its workbook, and has sent once
        return _with_scans(_of_unit(unit, workbooks, period, closing_day), scans)
    fitting = in_order(report for report in reports if report.file.readable and report.file.period == period)
    if fitting:
        return _of_fitting(unit, fitting, reports, period)
    return _of_pieces(unit, reports, period, closing_day) or _of_none_fitting(unit, reports)


def _with_scans(standing: Standing, scans: Sequence[Report]) -> Standing:
    """The standing with scans beside the workbooks: they change nothing in it."""
    return standing._replace(
        others=standing.others + _paths(scans),
        matches=standing.matches + _matches(scans),
    )


def _of_fitting(unit: RosterUnit, fitting: Sequence[Report], reports: Sequence[Report], period: Period) -> Standing:
    """The unit by the files of the period, in their order, of which the first one counts."""
    if are_parts(fitting):
        return _none_counts(unit, "twice", "parts", reports)
    first, *rest = fitting
    others = [report for report in (*fitting, *reports) if report is not first]
    identical = [report for report in rest if _have_the_same_figures(report.file, first.file)]
    is_late = _is_late(first, unit)
    is_sent_twice = any(not _is_of_another_period(report.file, period) for report in others)
    return Standing(
        name=unit.name,
        unit=unit,
        status="twice" if is_sent_twice else "late" if is_late else "received",
        counts=first.path,
        others=_paths(others),
        why="half" if is_half(first, unit) else why_first_counts(fitting, reports, identical),
        identical=_paths(identical),
        late=is_late,
        matches=_matches(reports),
    )


def _have_the_same_figures(file: Received, other: Received) -> bool:
    return bool(other.figures) and tuple(file.figures) == tuple(other.figures)


def _is_of_another_period(file: Received, period: Period) -> bool:
    """Whether a file says that it is of another period: who sends a quarter's and a half year's has sent each once."""
    return file.readable and file.period is not None and file.period != period


def _is_late(report: Report, unit: RosterUnit) -> bool:
    return unit.due is not None and report.file.sent is not None and report.file.sent > unit.due


def _of_pieces(unit: RosterUnit, reports: Sequence[Report], period: Period, closing_day: int | None) -> Standing | None:
    """The unit by its files of shorter periods, where these cover the whole period without a gap; else None."""
    pieces = tiling(days_of(period, closing_day), _best_by_days(reports, closing_day))
    if pieces is None or len(pieces) < 2 or any(piece.match.how == "predecessor" for piece in pieces):
        return None
    last = pieces[-1]
    is_late = _is_late(last, unit)
    return Standing(
        name=unit.name,
        unit=unit,
        status="late" if is_late else "received",
        counts=last.path,
        others=_paths(report for report in (*pieces, *reports) if report is not last),
        why="joined",
        late=is_late,
        matches=_matches(reports),
        joined=tuple(piece.path for piece in pieces),
    )


def _best_by_days(reports: Sequence[Report], closing_day: int | None) -> list[tuple[Days, Report]]:
    """The days of each period that a unit reported on, with the file that counts for it."""
    of_period: dict[Period, list[Report]] = {}
    for report in reports:
        if report.file.readable and report.file.period is not None:
            of_period.setdefault(report.file.period, []).append(report)
    return [(days_of(period, closing_day), in_order(reports)[0]) for period, reports in of_period.items()]


def _of_none_fitting(unit: RosterUnit, reports: Sequence[Report]) -> Standing:
    """The unit by files none of which is of the period and can be read."""
    if any(report.file.failed for report in reports):
        return _none_counts(unit, "failed", "failed", reports)
    periods = [report.file.period for report in reports if report.file.readable]
    if not periods:
        return _none_counts(unit, "unreadable", "unreadable", reports)
    is_any_stated = any(period is not None for period in periods)
    return _none_counts(unit, "wrong_period", "other_period" if is_any_stated else "no_period", reports)


def _none_counts(unit: RosterUnit, status: Status, why: Why, reports: Sequence[Report]) -> Standing:
    return Standing(unit.name, unit, status, others=_paths(reports), why=why, matches=_matches(reports))


def _of_stranger(report: Report) -> Standing:
    """A file of no expected unit: it never counts."""
    file = report.file
    status: Status = "failed" if file.failed else "unknown_unit" if file.readable else "unreadable"
    why: Why | None = "failed" if file.failed else None if file.readable else "unreadable"
    return Standing(file.unit or "", None, status, others=(file.path,), why=why, matches=_matches([report]))


def _paths(reports: Iterable[Report]) -> tuple[str, ...]:
    """The path of each file once."""
    return tuple(dict.fromkeys(report.path for report in reports))


def _matches(reports: Iterable[Report]) -> tuple[tuple[str, Match], ...]:
    return tuple((report.path, report.match) for report in reports)
