"""P06 and P15: all figures of a unit, nearly all that happened, or all of one section, are those of an earlier report.

In:     a submission, and the earlier ones of the unit.
Out:    a finding for each report that was sent again, and one for the report that most was copied from.
Never:  takes for a copy what can stay as it is from period to period: staff, lists, plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator
from cchc_excel.form.nature import Units
from cchc_excel.form.relations import flows
from cchc_excel.submission import Figure, Submission

LEAST_FIGURES = 10  # non-zero figures; fewer can be equal by chance
LEAST_LARGE, LARGE = 3, 20  # different figures of this size that are equal, each of which hardly is by chance
LEAST_EQUAL, EQUAL_SHARE = 6, 0.8  # of all that happened, to be nearly a copy


def copied(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """Yield P06 for each earlier submission whose figures are all those of the new one: an old sheet was sent again."""
    figures = _figures(submission, form)
    count = sum(value != 0 for value in figures.values())
    if count < LEAST_FIGURES:
        return
    first = next(iter(figures))
    for former in earlier:
        if figures == _figures(former, form):
            facts: dict[str, Fact] = {"period": str(former.period), "count": count}
            yield Finding("P06", form.severity_of("P06"), cells=(submission.entries[first].cell,), facts=facts)


def nearly_copied(submission: Submission, form: Form, earlier: Sequence[Submission]) -> Iterator[Finding]:
    """Yield P15 for the earlier submission of which most was copied, if nearly all or a whole section was.

    Of two that are as close it is the later one. A period within the new one says nothing: what happened in the first
    quarter may be all that happened in the half year. Beside a report that is copied as a whole, P06 says enough.
    """
    figures = _figures(submission, form)
    candidates = [former for former in earlier if not _lies_within(former, submission, form)]
    if any(figures == _figures(former, form) for former in candidates):
        return
    alike = [_Alike.of(submission, former, form) for former in reversed(candidates)]
    closest = max(alike, key=lambda found: len(found.copied), default=None)
    if closest is None or not closest.copied:
        return
    facts: dict[str, Fact] = {"period": str(closest.former.period), "count": len(closest.copied)}
    cells = (submission.entries[closest.copied[0].id].cell,)
    yield Finding("P15", form.severity_of("P15"), cells=cells, facts=facts)


def _lies_within(former: Submission, submission: Submission, form: Form) -> bool:
    """Whether the earlier report is of a part of the new one's period."""
    if former.period is None or submission.period is None:
        return False
    return form.lies_within(former.period, submission.period)


class _Alike(NamedTuple):
    """What happened in two periods: the rows in which at least one report has something, and those that are equal.

    `figures` are those of the new report.
    """

    former: Submission
    happened: tuple[Indicator, ...]
    equal: tuple[Indicator, ...]
    figures: Mapping[str, Figure | None]

    @classmethod
    def of(cls, submission: Submission, former: Submission, form: Form) -> _Alike:
        now, before = submission.values, former.values
        rows = [row for row in form.entries if _differs_by_period(row)]
        happened = tuple(row for row in rows if now.get(row.id) or before.get(row.id))
        equal = tuple(row for row in happened if now.get(row.id) == before.get(row.id))
        return cls(former, happened, equal, now)

    @property
    def copied(self) -> tuple[Indicator, ...]:
        """The rows that were copied: all equal ones where most are, else those of the copied sections."""
        if self._is_mostly_copied:
            return self.equal
        sections = {row.section for row in self.equal}
        copied = {section for section in sections if self._is_copied(section)}
        return tuple(row for row in self.equal if row.section in copied)

    @property
    def _is_mostly_copied(self) -> bool:
        enough = max(LEAST_EQUAL, EQUAL_SHARE * len(self.happened))
        return len(self.equal) >= enough and self._has_enough_large(self.equal)

    def _is_copied(self, section: str) -> bool:
        equal = [row for row in self.equal if row.section == section]
        all_equal = len(equal) == sum(row.section == section for row in self.happened)
        return all_equal and self._has_enough_large(equal)

    def _has_enough_large(self, rows: Sequence[Indicator]) -> bool:
        """Whether there are different large figures among the rows: a figure that is there twice is one."""
        figures = {self.figures[row.id] for row in rows}
        return sum(isinstance(figure, int) and figure >= LARGE for figure in figures) >= LEAST_LARGE


def _differs_by_period(row: Indicator) -> bool:
    """Whether a period hardly has the figure of another: what happened, but for lists that all units share."""
    return flows(row) and row.nature.units is not Units.COMMON and not row.comes_in_bursts


def _figures(submission: Submission, form: Form) -> dict[str, Figure]:
    """The figures of a submission that are numbers, by id, without blanks."""
    figures = {}
    for row in form.entries:
        entry = submission.entries.get(row.id)
        if row.kind.is_number and entry is not None and entry.value is not None:
            figures[row.id] = entry.value
    return figures
