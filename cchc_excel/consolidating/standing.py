"""Who has sent the workbook of a period and who has not; where a unit sent several, which of them counts.

In:     the roster, if there is one, and what reading found out about each file, in any order.
Out:    a line for each expected unit and one for each file of no such unit; every file stands in exactly one line.
Never:  lets a file count that cannot be read, is of another period or has no period; chooses between former units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Literal, NamedTuple, TypeAlias

from cchc_excel.consolidating.revisions import revision_of
from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.consolidating.roster.matching import UNKNOWN, Match, Matcher
from cchc_excel.form.period import Period, days_of, tiling
from cchc_excel.submission import Figure
from cchc_excel.vietnamese.unit_names import NameKey, level_gap, name_keys

__all__ = ["Received", "Standing", "Status", "Why", "period_end", "standing"]

Status: TypeAlias = Literal[
    "received", "late", "missing", "twice", "unknown_unit", "wrong_period", "unreadable", "failed"
]
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
    day = period_end(period)
    expected, match_of = _by_roster(roster, day) if roster is not None else _by_names(files)
    sent: dict[RosterUnit, list[_Sent]] = {unit: [] for unit in expected}
    strange = []
    for file in files:
        match = match_of(file.unit)
        if match.unit is None:
            strange.append(_Sent(file, match))
        else:
            sent[match.unit].append(_Sent(file, match))
    of_units = (_of_unit(unit, of_unit, period, closing_day) for unit, of_unit in sent.items())
    return (*of_units, *map(_of_stranger, strange))


class _Sent(NamedTuple):
    """A file and whose it is."""

    file: Received
    match: Match

    @property
    def path(self) -> str:
        return self.file.path


# --- whose a file is


def _by_roster(roster: Roster, day: date) -> tuple[Sequence[RosterUnit], Callable[[str | None], Match]]:
    matcher = Matcher(roster)
    return roster.expected(day), lambda name: matcher.match(name, day)


def _by_names(files: Sequence[Received]) -> tuple[Sequence[RosterUnit], Callable[[str | None], Match]]:
    """Each different name a unit; those that differ only by accents or by xã and phường are each other's rivals."""
    key_of = {name: _key(name) for name in {file.unit for file in files}}
    spelt: dict[NameKey, str] = {}
    for name, key in key_of.items():
        if key is not None and name is not None:
            spelt[key] = min(spelt.get(key, name), name, key=lambda it: (it.isupper(), it))
    units = {key: RosterUnit(name) for key, name in spelt.items()}
    alike: dict[str, list[NameKey]] = {}
    for key in units:
        alike.setdefault(key.bare, []).append(key)

    def match_of(name: str | None) -> Match:
        key = key_of[name]
        if key is None:
            return UNKNOWN
        rivals = tuple(sorted(units[it] for it in alike[key.bare] if it != key and level_gap(it, key) is not None))
        return Match(units[key], "alike" if rivals else "exact", 1.0, rivals)

    return sorted(units.values(), key=lambda unit: unit.name), match_of


def _key(name: str | None) -> NameKey | None:
    keys = name_keys(name or "")
    return keys[0]._replace(plain="") if keys else None


# --- how a unit stands


def _of_unit(unit: RosterUnit, sent: Sequence[_Sent], period: Period, closing_day: int | None) -> Standing:
    if not sent:
        return Standing(unit.name, unit, "missing")
    scans = [it for it in sent if it.file.by_name]
    if scans and len(scans) < len(sent):  # a commune sends the signed scan beside its workbook, and has sent once
        standing = _of_unit(unit, [it for it in sent if not it.file.by_name], period, closing_day)
        beside = tuple((it.path, it.match) for it in scans)
        return standing._replace(others=standing.others + _paths(scans), matches=standing.matches + beside)
    fit = _in_order(it for it in sent if it.file.readable and it.file.period == period)
    matches = tuple((it.path, it.match) for it in sent)
    if not fit:
        return _of_pieces(unit, sent, period, closing_day) or _none_fits(unit, sent, matches)
    if _are_parts(fit):
        return Standing(unit.name, unit, "twice", None, _paths(sent), "parts", matches=matches)
    first = fit[0]
    others = [it for it in (*fit, *sent) if it is not first]
    same = [it for it in fit[1:] if first.file.figures and tuple(it.file.figures) == tuple(first.file.figures)]
    late = unit.due is not None and first.file.sent is not None and first.file.sent > unit.due
    again = [it for it in others if not _is_of_another_period(it.file, period)]
    status: Status = "twice" if again else "late" if late else "received"
    why = "half" if _is_half(first, unit) else _why(fit, sent, same)
    return Standing(unit.name, unit, status, first.path, _paths(others), why, _paths(same), late, matches)


def _is_of_another_period(file: Received, period: Period) -> bool:
    """Whether a file says that it is of another period: who sends a quarter's and a half year's has sent each once."""
    return file.readable and file.period is not None and file.period != period


def _of_pieces(unit: RosterUnit, sent: Sequence[_Sent], period: Period, closing_day: int | None) -> Standing | None:
    """The unit by its files of shorter periods, where these cover the whole period without a gap; else None."""
    of_period: dict[Period, list[_Sent]] = {}
    for it in sent:
        if it.file.readable and it.file.period is not None:
            of_period.setdefault(it.file.period, []).append(it)
    first_of = [(days_of(each, closing_day), _in_order(of_it)[0]) for each, of_it in of_period.items()]
    pieces = tiling(days_of(period, closing_day), first_of)
    if pieces is None or len(pieces) < 2 or any(it.match.how == "predecessor" for it in pieces):
        return None
    last = pieces[-1]
    late = unit.due is not None and last.file.sent is not None and last.file.sent > unit.due
    paths = tuple(it.path for it in pieces)
    others = _paths(it for it in (*pieces, *sent) if it is not last)
    matches = tuple((it.path, it.match) for it in sent)
    status: Status = "late" if late else "received"
    return Standing(unit.name, unit, status, last.path, others, "joined", (), late, matches, paths)


def _none_fits(unit: RosterUnit, sent: Sequence[_Sent], matches: tuple[tuple[str, Match], ...]) -> Standing:
    if any(it.file.failed for it in sent):
        return Standing(unit.name, unit, "failed", None, _paths(sent), "failed", matches=matches)
    readable = [it for it in sent if it.file.readable]
    status: Status = "wrong_period" if readable else "unreadable"
    return Standing(unit.name, unit, status, None, _paths(sent), _period_why(readable), matches=matches)


def _period_why(readable: Sequence[_Sent]) -> Why:
    if not readable:
        return "unreadable"
    return "no_period" if all(it.file.period is None for it in readable) else "other_period"


def _of_stranger(sent: _Sent) -> Standing:
    """A file of no expected unit: it never counts."""
    matches = ((sent.path, sent.match),)
    if sent.file.failed:
        return Standing(sent.file.unit or "", None, "failed", None, (sent.path,), "failed", matches=matches)
    status: Status = "unknown_unit" if sent.file.readable else "unreadable"
    why: Why | None = None if sent.file.readable else "unreadable"
    return Standing(sent.file.unit or "", None, status, None, (sent.path,), why, matches=matches)


def _paths(sent: Iterable[_Sent]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.path for it in sent))


# --- which of several counts

_CERTAIN, _DOUBTFUL, _FORMER = range(3)


def _rank(sent: _Sent) -> int:
    """The unit's own name counts before one that was taken for it, and that before a former unit's."""
    return _FORMER if sent.match.how == "predecessor" else _CERTAIN if sent.match.is_certain else _DOUBTFUL


def _instant(sent: _Sent) -> float:
    """When the file was saved, in seconds; without a time the earliest of all, without a zone as if in UTC."""
    time = sent.file.modified
    if time is None:
        return float("-inf")
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


_Order: TypeAlias = tuple[int, int, float, int, str]


def _order(sent: _Sent, *, by_day: bool) -> _Order:
    day = sent.file.day.toordinal() if by_day and sent.file.day is not None else 0
    return _rank(sent), -day, -_instant(sent), sent.file.errors, sent.path


def _in_order(sent: Iterable[_Sent]) -> list[_Sent]:
    """The one that counts first. The reports' own dates tell nothing unless each bears one."""
    found = list(sent)
    by_day = all(file.file.day is not None for file in found)
    in_order = sorted(((_order(file, by_day=by_day), file) for file in found), key=itemgetter(0))
    alike = [file for order, file in in_order if order[:-1] == in_order[0][0][:-1]]  # but for their names
    last = next((file for file in alike if all(file is other or _is_revised(file, other) for other in alike)), None)
    found = [file for _, file in in_order]
    return found if last is None else [last, *(file for file in found if file is not last)]


def _is_revised(one: _Sent, other: _Sent) -> bool:
    """Whether a file calls itself later than another one."""
    return revision_of(one.path).is_after(revision_of(other.path))


def _are_parts(fit: Sequence[_Sent]) -> bool:
    """Whether the best there is are files of different former units: none of them is the whole."""
    return _rank(fit[0]) == _FORMER and len({_key(it.file.unit) for it in fit}) > 1


def _is_half(sent: _Sent, unit: RosterUnit) -> bool:
    """Whether the best there is is the file of one of several former units: it is not the whole."""
    return _rank(sent) == _FORMER and len(unit.predecessors) > 1


def _why(fit: Sequence[_Sent], sent: Sequence[_Sent], same: Sequence[_Sent]) -> Why:
    if any(it.file.failed for it in sent):
        return "others_failed"
    if len(fit) == 1:
        return "only" if len(sent) == 1 else "period"
    if len(same) == len(fit) - 1:
        return "identical"
    reasons: tuple[Why, ...] = ("name", "latest_day", "latest", "fewer_errors", "path")
    by_day = all(it.file.day is not None for it in fit)
    first, second = (_order(it, by_day=by_day) for it in fit[:2])
    if first[:-1] == second[:-1] and _is_revised(*fit[:2]):
        return "revision"
    return next(why for why, one, other in zip(reasons, first, second, strict=True) if one != other)
