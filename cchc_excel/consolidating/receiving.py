"""The files that came in, each read, and what they are together: of which level and period.

In:     files as they came in; how and where they are to be read.
Out:    a Receipt: the units' workbooks, and those passed over as they are no unit's.
Never:  stops because one unit's file is bad.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.filing import Arrived, Filed, filed, lost
from cchc_excel.consolidating.packed import Packing
from cchc_excel.errors import OwnOfOtherPeriod, OwnUnread
from cchc_excel.form import LEVELS, Form, levels_above
from cchc_excel.submission import Period
from cchc_excel.workers import mapped

T = TypeVar("T")
NOTHING: Mapping[Any, Any] = {}


class Receipt(NamedTuple):
    """What came in for one period.

    `level` is the one that is consolidated for. `passed_over` are workbooks of that level or above:
    earlier outputs of this program. `units` are all the others, with those that cannot be read.
    """

    form: Form
    everything: tuple[Filed, ...]
    units: tuple[Filed, ...]
    passed_over: tuple[Filed, ...]
    level: str
    period: Period | None


def receive(arrived: Iterable[Arrived], form: Form, choices: Choices) -> Receipt:
    """Read each file, and tell from all of them what the officer did not choose: the level and the period."""
    read = _shared(_read(arrived, form, choices, choices.period))
    everything = tuple(_dated(workbook, choices.period) for workbook in read)
    level = choices.level or _level_above(everything, form)
    units: list[Filed] = []
    passed_over: list[Filed] = []
    for workbook in everything:
        (units if _is_of_a_unit(workbook, form, level) else passed_over).append(workbook)
    return Receipt(
        form=form,
        everything=everything,
        units=tuple(units),
        passed_over=tuple(passed_over),
        level=level,
        period=choices.period or _commonest_period(units),
    )


def files_of(earlier: Iterable[Arrived], form: Form, choices: Choices) -> list[Filed]:
    """Read the files of earlier periods."""
    return list(_read(earlier, form, choices, None))


def own_workbook(form: Form, choices: Choices, period: Period | None) -> Filed | None:
    """Read the upper level's own workbook. Raises OwnUnread or OwnOfOtherPeriod."""
    if choices.own is None:
        return None
    read = filed(
        form, choices.corrected, (), choices.decisions, choices.period, choices.own, selection=choices.selection
    )
    own = _dated(read, choices.period)
    if not own.readable:
        raise OwnUnread(PurePath(own.path).name, next((finding.code for finding in own.findings), ""))
    if own.period not in {None, period}:
        raise OwnOfOtherPeriod(PurePath(own.path).name, f"{own.period}; {period}")
    return own


def _read(arrived: Iterable[Arrived], form: Form, choices: Choices, period: Period | None) -> Iterator[Filed]:
    """Read each file as it comes, in any process; of a workbook of several periods the sheet of `period`."""
    known = () if choices.roster is None else choices.roster.names
    work = partial(
        filed,
        form,
        choices.corrected,
        choices.previous,
        choices.decisions,
        period,
        known=known,
        selection=choices.selection,
    )
    return iter(mapped(work, arrived, choices.where, lost))


def _dated(workbook: Filed, period: Period | None) -> Filed:
    """A workbook that names no period is of the one asked for; that it names none stays a finding."""
    return workbook._replace(period=period) if workbook.readable and workbook.period is None else workbook


def _shared(workbooks: Iterable[Filed]) -> Iterator[Filed]:
    """The same, with equal parts kept once: workbooks of one template have their figures at the same places."""
    shared: dict[object, Any] = {}
    packing = Packing()

    def once(value: T) -> T:
        first: T = shared.setdefault(value, value)
        return first

    for workbook in workbooks:
        taken = packing.packed(workbook.taken)
        yield workbook._replace(
            doubts=workbook.doubts or NOTHING,
            notes=workbook.notes or NOTHING,
            level=once(workbook.level),
            places=once(workbook.places),
            period=once(workbook.period),
            reported=taken if workbook.reported is workbook.taken else workbook.reported,
            taken=taken,
        )


def _is_of_a_unit(workbook: Filed, form: Form, level: str) -> bool:
    """Whether a workbook is of a level below; one that cannot be read is taken for a unit's."""
    return not workbook.readable or _rank(workbook.level or form.level) < _rank(level)


def _level_above(everything: Sequence[Filed], form: Form) -> str:
    """The level next above the commonest one among the workbooks that can be read; of two as common the lower one."""
    levels = Counter(workbook.level or form.level for workbook in everything if workbook.readable)
    commonest = max(levels, key=lambda level: (levels[level], -_rank(level)), default=form.level)
    return next(iter(levels_above(commonest, form.levels)), LEVELS[-1])


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0


def _commonest_period(units: Sequence[Filed]) -> Period | None:
    """The period that most of the units name; of several named as often, the last."""
    count = Counter(workbook.period for workbook in units if workbook.period is not None)

    def named_often_and_late(period: Period) -> tuple[int, date, int]:
        return count[period], *period.order

    return max(count, key=named_often_and_late, default=None)
