"""Which of several files of a unit counts, and why: what puts them in order.

In:     the files that a unit sent for one period, and how surely each is the unit's.
Out:    the same in order, the one that counts first.
Never:  looks at which figures are the better ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Literal, NamedTuple, TypeAlias

from cchc_excel.consolidating.revisions import revision_of
from cchc_excel.consolidating.roster.matching import Match
from cchc_excel.consolidating.roster.unit import RosterUnit
from cchc_excel.submission import Figure, Period
from cchc_excel.vietnamese.unit_names import NameKey, name_keys

__all__ = ["Received", "Report", "Why", "are_parts", "in_order", "is_half", "key_of_name", "why_first_counts"]

Why: TypeAlias = Literal[
    "only", "period", "name", "latest_day", "latest", "fewer_errors", "revision", "path", "identical", "parts",
    "no_period", "other_period", "unreadable", "failed", "others_failed", "joined", "half",
]  # fmt: skip


class Received(NamedTuple):
    """A file that came in. `unit` is the name as written; `figures` are those it reports, empty if it is unread.

    `failed` says that it is this program that failed on it, so that nobody knows whether it can be read.
    `by_name`: nothing could be read, and the unit is the one that the file's name suggests.
    `day` is the report's own date. `modified` is when the file was saved: copying and unpacking change it.
    """

    path: str
    unit: str | None = None
    period: Period | None = None
    modified: datetime | None = None
    readable: bool = True
    errors: int = 0
    figures: Sequence[Figure | None] = ()
    day: date | None = None
    failed: bool = False
    by_name: bool = False

    @property
    def sent(self) -> date | None:
        """The day by which lateness is judged: the report's own date, or where it bears none, that of the file."""
        return self.day or (self.modified.date() if self.modified is not None else None)


class Report(NamedTuple):
    """A file and whose it is."""

    file: Received
    match: Match

    @property
    def path(self) -> str:
        return self.file.path


def key_of_name(name: str | None) -> NameKey | None:
    """What tells by a name whose a file is; None of a name that says nothing."""
    keys = name_keys(name or "")
    return keys[0]._replace(plain="") if keys else None


_CERTAIN, _DOUBTFUL, _FORMER = range(3)


def _rank(report: Report) -> int:
    """How surely a file is the unit's: by its own name, by one that was taken for it, or by a former unit's."""
    if report.match.how == "predecessor":
        return _FORMER
    return _CERTAIN if report.match.is_certain else _DOUBTFUL


class _Order(NamedTuple):
    """What puts the files of a unit in order, the weightiest first; the file with the least of it counts.

    `day` is that of the report's own date and `saved` when the file was saved, both negative: the latest counts.
    """

    rank: int
    day: int
    saved: float
    errors: int
    path: str

    @property
    def but_for_path(self) -> tuple[object, ...]:
        """All that tells which file is the better one; paths only make the order certain."""
        return self[:-1]


_REASONS: Mapping[str, Why] = {
    "rank": "name",
    "day": "latest_day",
    "saved": "latest",
    "errors": "fewer_errors",
    "path": "path",
}
"""Why one of two files counts, by the field of `_Order` in which they differ first."""


def _order(report: Report, *, by_day: bool) -> _Order:
    """The place of a file among the unit's; `by_day` says that their own dates tell it."""
    file = report.file
    day = file.day.toordinal() if by_day and file.day is not None else 0
    return _Order(_rank(report), -day, -_instant(file), file.errors, file.path)


def _instant(file: Received) -> float:
    """When the file was saved, in seconds; without a time the earliest of all, without a zone as if in UTC."""
    time = file.modified
    if time is None:
        return float("-inf")
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _all_bear_a_day(reports: Iterable[Report]) -> bool:
    """Whether the reports' own dates tell their order: they tell nothing unless each bears one."""
    return all(report.file.day is not None for report in reports)


def in_order(reports: Iterable[Report]) -> list[Report]:
    """The files, the one that counts first."""
    found = list(reports)
    by_day = _all_bear_a_day(found)
    placed = sorted(((_order(report, by_day=by_day), report) for report in found), key=itemgetter(0))
    ordered = [report for _, report in placed]
    alike = [report for order, report in placed if order.but_for_path == placed[0][0].but_for_path]
    last = _last_revision(alike)
    return ordered if last is None else [last, *(report for report in ordered if report is not last)]


def _last_revision(alike: Sequence[Report]) -> Report | None:
    """The file that calls itself later than each of the others; None if there is none."""
    for report in alike:
        if all(report is other or _is_revised(report, other) for other in alike):
            return report
    return None


def _is_revised(report: Report, other: Report) -> bool:
    """Whether a file calls itself later than another one."""
    return revision_of(report.path).is_after(revision_of(other.path))


def are_parts(fitting: Sequence[Report]) -> bool:
    """Whether the best there is are files of different former units: none of them is the whole."""
    return _rank(fitting[0]) == _FORMER and len({key_of_name(report.file.unit) for report in fitting}) > 1


def is_half(report: Report, unit: RosterUnit) -> bool:
    """Whether the best there is is the file of one of several former units: it is not the whole."""
    return _rank(report) == _FORMER and len(unit.predecessors) > 1


def why_first_counts(fitting: Sequence[Report], reports: Sequence[Report], identical: Sequence[Report]) -> Why:
    """Why the first of the files of the period counts."""
    if any(report.file.failed for report in reports):
        return "others_failed"
    if len(fitting) == 1:
        return "only" if len(reports) == 1 else "period"
    if len(identical) == len(fitting) - 1:
        return "identical"
    by_day = _all_bear_a_day(fitting)
    first, second = (_order(report, by_day=by_day) for report in fitting[:2])
    if first.but_for_path == second.but_for_path and _is_revised(*fitting[:2]):
        return "revision"
    return next(_REASONS[name] for name in _Order._fields if getattr(first, name) != getattr(second, name))
