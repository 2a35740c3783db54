"""The order of consolidating, written here only: read all, see who reported, compare units, merge, rank.

In:     files as they came in, the form, what the officer chose.
Out:    an Outcome; `book.district_workbook` draws it.
Never:  stops because one file is bad; merges two periods, two workbooks of one unit, or its own earlier output.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import PurePath
from typing import Any, cast

from cchc_excel.checking.between import between
from cchc_excel.consolidating.filing import Arrived, Filed, Places, filed, lost
from cchc_excel.consolidating.merging import Merged, effect, merge
from cchc_excel.consolidating.outcome import Earlier, Outcome, Ranked
from cchc_excel.consolidating.packed import Packing
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.consolidating.standing import Received, Standing, standing
from cchc_excel.errors import NothingToConsolidate, OwnOfOtherPeriod, OwnUnread, defect_of
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import LEVELS, Form, Severity, levels_above
from cchc_excel.submission import Period, Submission
from cchc_excel.workers.executors import HERE, Where, mapped


@dataclass(frozen=True, slots=True)
class Choices:
    """What the officer chose; None where the workbooks tell it."""

    level: str | None = None
    unit: str = ""
    period: Period | None = None
    roster: Roster | None = None
    corrected: bool = True
    exclude_errors: bool = False
    own: Arrived | None = None
    previous: tuple[Submission, ...] = ()
    where: Where = HERE


def consolidate(
    arrived: Iterable[Arrived], form: Form, choices: Choices = Choices(), earlier: Iterable[Arrived] = ()
) -> Outcome:
    """Merge the workbooks of one period. Raises NothingToConsolidate if none can be read."""
    work = partial(filed, form, choices.corrected, choices.previous)
    everything = tuple(_dated(it, choices.period) for it in _shared(mapped(work, arrived, choices.where, lost)))
    level = choices.level or _level_above(everything, form)
    passed_over = tuple(it for it in everything if it.readable and not _is_below(it.level or form.level, level))
    units = [it for it in everything if not it.readable or _is_below(it.level or form.level, level)]
    period = choices.period or _commonest_period(units)
    standings = standing(choices.roster, [_received(it) for it in units], period or Period(1, "Y"))
    names = {path: it.name for it in standings for path in it.files if it.unit is not None}
    by_path = {it.path: it for it in units}
    counting = [by_path[it.counts] for it in standings if it.counts is not None]
    found = list(_findings(form, units, counting, standings, period))
    found += [(it.finding, counting[it.place]) for it in between([_named(it, names) for it in counting], form)]
    wrong = {it.path for finding, it in found if finding.severity is Severity.ERROR and finding.counts}
    left_out = [it for it in counting if choices.exclude_errors and it.path in wrong]
    merging = [it for it in counting if not (choices.exclude_errors and it.path in wrong)]
    if len(left_out) == len(counting):
        raise NothingToConsolidate("; ".join(PurePath(it.path).name for it in everything[:5]))
    own = _own(form, choices, period)
    if own is not None:
        found += [(it, own) for it in own.findings if _is_about(it, form, level)]
    merged = merge(
        merging,
        form,
        level=level,
        unit=choices.unit or (own.unit if own is not None else "") or "",
        period=period,
        expected=sum(it.unit is not None for it in standings),
        own=own,
        left_out=left_out,
    )
    of_before = list(mapped(work, earlier, choices.where, lost))
    trend = _trend(of_before, merged, choices.roster)
    unused = tuple(it for it in of_before if it.failed or it.unopened)
    ranked = tuple(sorted((_ranked(finding, it, merged) for finding, it in found), key=_order(merged, names)))
    received = everything if own is None else (*everything, own)
    return Outcome(merged, received, standings, ranked, trend, unused, names, passed_over, choices.corrected)


def _dated(it: Filed, period: Period | None) -> Filed:
    """A workbook that names no period is of the one asked for; that it names none stays a finding."""
    return it._replace(period=period) if it.readable and it.period is None else it


def _own(form: Form, choices: Choices, period: Period | None) -> Filed | None:
    """The upper level's own workbook. Raises OwnUnread or OwnOfOtherPeriod."""
    if choices.own is None:
        return None
    own = _dated(filed(form, choices.corrected, (), choices.own), choices.period)
    if not own.readable:
        raise OwnUnread(PurePath(own.path).name)
    if own.period not in {None, period}:
        raise OwnOfOtherPeriod(PurePath(own.path).name, f"{own.period}; {period}")
    return own


def _is_about(finding: Finding, form: Form, level: str) -> bool:
    """Whether a finding in the upper level's workbook is about it as a whole, or about a row that is taken from it."""
    return not finding.indicators or any(form[key].reported_by == level for key in finding.indicators)


NOTHING: Mapping[Any, Any] = {}


def _shared(filed_ones: Iterable[Filed]) -> Iterator[Filed]:
    """The same, with equal parts kept once: workbooks of one template have their figures at the same places."""
    known: dict[object, object] = {}
    packing = Packing()
    for it in filed_ones:
        taken = packing.packed(it.taken)
        yield it._replace(
            doubts=it.doubts or NOTHING,
            notes=it.notes or NOTHING,
            level=cast(str | None, known.setdefault(it.level, it.level)),
            places=cast(Places, known.setdefault(it.places, it.places)),
            period=cast(Period | None, known.setdefault(it.period, it.period)),
            reported=taken if it.reported is it.taken else it.reported,
            taken=taken,
        )


def _level_above(everything: Sequence[Filed], form: Form) -> str:
    """The level next above the commonest one among the workbooks that were not consolidated for it."""
    levels = Counter(it.level or form.level for it in everything if it.readable)
    commonest = max(levels, key=lambda level: (levels[level], -_rank(level)), default=form.level)
    return next(iter(levels_above(commonest)), LEVELS[-1])


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0


def _is_below(level: str, other: str) -> bool:
    return _rank(level) < _rank(other)


def _commonest_period(units: Sequence[Filed]) -> Period | None:
    periods = Counter(it.period for it in units if it.period is not None)
    return max(periods, key=lambda it: (periods[it], it.year, it.last_quarter, it.quarters), default=None)


def _received(it: Filed) -> Received:
    return Received(it.path, it.unit, it.period, it.modified, it.readable, it.errors, it.reported, it.day, it.failed)


def _named(it: Filed, names: Mapping[str, str]) -> Filed:
    name = names.get(it.path, it.unit)
    return it if name == it.unit else it._replace(unit=name)


# --- findings


def _findings(
    form: Form,
    units: Sequence[Filed],
    counting: Sequence[Filed],
    standings: Sequence[Standing],
    period: Period | None,
) -> Iterator[tuple[Finding, Filed]]:
    """What was found in each workbook that counts, why others cannot be read, and what their standing tells."""
    counts = {it.path for it in counting}
    by_path = {it.path: it for it in units}
    for it in units:
        if it.path in counts or not it.readable:
            yield from ((finding, it) for finding in it.findings)
    for line in standings:
        for finding, path in _of_standing(form, line, by_path, period):
            yield finding, by_path[path]


def _of_standing(
    form: Form, line: Standing, by_path: Mapping[str, Filed], period: Period | None
) -> Iterator[tuple[Finding, str]]:
    for path, match in line.uncertain:
        facts: dict[str, Fact] = {"written": by_path[path].unit or "", "unit": line.name, "how": match.how}
        yield _finding(form, "U05", facts), path
    if line.status == "unknown_unit":
        for path, match in line.matches:
            near = tuple(unit.name for unit in match.rivals)
            yield _finding(form, "U07", {"written": by_path[path].unit or "", "nearest": near}), path
    for path in line.others:
        it = by_path[path]
        if it.readable and line.unit is not None and it.period != period:
            yield _finding(form, "U08", {"first": str(it.period or "?"), "second": str(period or "?")}), path
    if line.status == "twice" and line.unit is not None:
        counts: Fact = PurePath(line.counts).name if line.counts else ()
        facts = {"unit": line.name, "count": len(line.files), "counts": counts, "why": line.why or "only"}
        yield _finding(form, "U09", facts), line.files[0]


def _finding(form: Form, code: str, facts: Mapping[str, Fact]) -> Finding:
    return Finding(code, form.severity_of(code), facts=facts)


def _ranked(finding: Finding, it: Filed, merged: Merged) -> Ranked:
    try:
        return Ranked(finding, it, effect(finding, it, merged) if finding.counts else Fraction(0))
    except Exception as error:  # noqa: BLE001 - the edge of one finding: it stays on the sheet, and that is said
        return Ranked(finding, it, Fraction(0), defect_of(error))


def _order(merged: Merged, names: Mapping[str, str]):  # type: ignore[no-untyped-def]
    """The worst first, then what weighs most, then by unit and in the order of the form."""
    places = merged.form.places

    def key(ranked: Ranked) -> tuple[int, Fraction, str, int, str]:
        at = places.get(ranked.finding.indicators[0], -1) if ranked.finding.indicators else -1
        severity = ranked.finding.severity.rank if ranked.finding.counts else -1
        name = names.get(ranked.filed.path, ranked.filed.unit or ranked.filed.path)
        return -severity, -ranked.effect, name, at, ranked.finding.code

    return key


# --- earlier periods


def _trend(earlier: Sequence[Filed], merged: Merged, roster: Roster | None) -> tuple[Earlier, ...]:
    """The merged figures of earlier periods: of a consolidated workbook as it stands, else merged from its units.

    Of two workbooks of a unit one counts, then as now; without a roster every unit does.
    """
    by_period: dict[Period, list[Filed]] = defaultdict(list)
    for it in earlier:
        if it.readable and it.period is not None and it.period != merged.period:
            by_period[it.period].append(it)
    found = []
    for period, files in sorted(by_period.items(), key=lambda it: (it[0].year, it[0].last_quarter, it[0].quarters)):
        same_level = [it for it in files if (it.level or merged.form.level) == merged.level]
        if same_level:
            rows = zip(merged.form.entries, same_level[-1].reported, strict=True)
            found.append(Earlier(period, {row.id: value for row, value in rows}))
        else:
            by_path = {it.path: it for it in files}
            lines = standing(roster, [_received(it) for it in files], period)
            counting = [by_path[it.counts] for it in lines if it.counts is not None]
            found.append(Earlier(period, merge(counting, merged.form, level=merged.level).figures))
    return tuple(found)
