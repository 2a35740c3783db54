"""What the period at hand decides before the files are filed: the edition of the form, and which earlier reports count.

In:     the files as they arrive, and what the officer chose.
Out:    the form that all files are taken by; the choices without reports that nothing may be compared with; what the
        files come to by them.
Never:  files or merges by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.standing import period_end
from cchc_excel.form import Form, edition_for
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period, Submission

__all__ = ["ENOUGH", "ByEdition", "Inbox", "consolidate_by_edition", "edition_of_all"]

ENOUGH = 5  # files that state a period, to know of which edition of the form they are

Tell: TypeAlias = Callable[[tuple[str, ...]], None]
"""Takes the names of units whose earlier reports are not compared."""


class Inbox(NamedTuple):
    """The files, each call from the first one on: they are gone through more than once, and never all kept."""

    received: Callable[[], Iterable[Arrived]]
    earlier: Callable[[], Iterable[Arrived]]

    def sources(self) -> Iterable[Source]:
        """The files received, one by one: nothing of one that cannot be opened."""
        return (workbook.source for workbook in self.received())


class ByEdition(NamedTuple):
    """What the officer chose, for the edition that is right, and what the files come to by it.

    `merged_since` are the units whose earlier reports are not compared: they are of before a merger.
    """

    choices: Choices
    outcome: Outcome
    merged_since: tuple[str, ...]


def consolidate_by_edition(
    asked: Form, first: Form, inbox: Inbox, choices_by: Callable[[Form], Choices], tell: Tell = lambda _: None
) -> ByEdition:
    """Consolidate by the edition `first`; by another one where the period that most files state turns out to be of it.

    The first files of a folder may be an earlier year's, and which period is merged is known when all are read.
    `asked` is the form with its editions. `choices_by` gives by an edition what the officer chose. `tell` is called
    before any file is merged. Raises NothingToConsolidate if no workbook counts.
    """

    def consolidated(edition: Form) -> ByEdition:
        choices, merged_since = _without_reports_before_mergers(choices_by(edition), edition, inbox.sources())
        if merged_since:
            tell(merged_since)
        outcome = consolidate(inbox.received(), edition, choices, inbox.earlier())
        return ByEdition(choices, outcome, merged_since)

    by_first = consolidated(first)
    right = edition_of_all(asked, by_first.outcome.merged.period, ())
    return by_first if right.id == first.id else consolidated(right)


def edition_of_all(form: Form, period: Period | None, received: Iterable[Source]) -> Form:
    """The edition of the form that all files are taken by: that of the period asked for, or which most files state."""
    if not form.editions:
        return form
    return replace(edition_for(form, period or _period_stated(received, form)), editions=())


class _Compared(NamedTuple):
    """The choices with the earlier reports that may be compared; `merged_since` are the units of all others."""

    choices: Choices
    merged_since: tuple[str, ...] = ()


def _without_reports_before_mergers(choices: Choices, form: Form, received: Iterable[Source]) -> _Compared:
    """The choices without earlier reports of before a merger, which by the roster are not compared."""
    if choices.roster is None or not choices.previous:
        return _Compared(choices)
    period = choices.period or _period_stated(received, form)
    if period is None:
        return _Compared(choices)
    from cchc_excel.consolidating.roster.matching import Matcher, stands_before_merger

    matcher, now = Matcher(choices.roster), period_end(period)

    kept: list[Submission] = []
    merged_since: dict[str, None] = {}  # as a set that keeps its order
    for report in choices.previous:
        then = period_end(report.period) if report.period is not None else None
        if then is not None and stands_before_merger(report.unit, then, matcher, now):
            merged_since[report.unit or ""] = None
        else:
            kept.append(report)
    return _Compared(replace(choices, previous=tuple(kept)), tuple(merged_since))


def _period_stated(received: Iterable[Source], form: Form) -> Period | None:
    """The period that most of the first files state."""
    stated: Counter[Period] = Counter()
    for source in received:
        if stated.total() == ENOUGH:
            break
        try:
            submission = read(source, form).submission
        except Exception:  # noqa: BLE001, S112 - it is told when the file is filed
            continue
        if submission is not None and submission.period is not None:
            stated[submission.period] += 1
    return next((period for period, _ in stated.most_common(1)), None)
