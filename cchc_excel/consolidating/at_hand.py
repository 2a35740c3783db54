"""What the period at hand decides before the files are filed: the edition of the form, and which earlier reports count.

In:     the files as they arrive, and what the officer chose.
Out:    the form that all files are taken by; the choices without reports that nothing may be compared with.
Never:  files or merges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.standing import period_end
from cchc_excel.form import Form, edition_for
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period

__all__ = ["ENOUGH", "edition_of_all", "merged_in_its_edition", "without_reports_before_mergers"]

ENOUGH = 5  # files that state a period, to know of which edition of the form they are


def edition_of_all(form: Form, period: Period | None, received: Iterable[Source]) -> Form:
    """The edition of the form that all files are taken by: that of the period asked for, or which most files state."""
    if form.editions:
        form = replace(edition_for(form, period or _period_stated(received, form)), editions=())
    return form


def merged_in_its_edition(
    asked: Form, form: Form, merged: Callable[[Form], tuple[Choices, Outcome]]
) -> tuple[Choices, Outcome]:
    """What the files come to by this edition; by another one where the period that most of them state turns out to be.

    The first files of a folder may be an earlier year's, and which period is merged is known when all are read.
    """
    choices, outcome = merged(form)
    right = edition_of_all(asked, outcome.merged.period, ())
    return (choices, outcome) if right.id == form.id else merged(right)


def without_reports_before_mergers(
    choices: Choices, form: Form, received: Iterable[Source]
) -> tuple[Choices, tuple[str, ...]]:
    """The choices without earlier reports of before a merger, which by the roster are not compared; whose they are."""
    if choices.roster is None or not choices.previous:
        return choices, ()
    period = choices.period or _period_stated(received, form)
    if period is None:
        return choices, ()
    from cchc_excel.consolidating.roster.matching import Matcher, stands_before_merger

    matcher, now = Matcher(choices.roster), period_end(period)
    before = [
        it
        for it in choices.previous
        if it.period is not None and stands_before_merger(it.unit, period_end(it.period), matcher, now)
    ]
    kept = tuple(it for it in choices.previous if it not in before)
    return replace(choices, previous=kept), tuple(dict.fromkeys(it.unit or "" for it in before))


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
