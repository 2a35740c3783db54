"""The order of consolidating, written here only: read all, see who reported, compare units, merge, rank.

In:     files as they came in, the form, what the officer chose.
Out:    an Outcome; `book.district_workbook` draws it.
Never:  stops because one file is bad; merges two periods, two workbooks of one unit, or its own earlier output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.choices import NOTHING_CHOSEN, Choices
from cchc_excel.consolidating.counting import Counting, counting_of
from cchc_excel.consolidating.filing import Arrived, Filed, Found
from cchc_excel.consolidating.findings import findings_in, findings_in_own
from cchc_excel.consolidating.merging import Merged, merge
from cchc_excel.consolidating.nothing import nothing_to_consolidate
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.ranking import ranked_by_effect
from cchc_excel.consolidating.receiving import Receipt, files_of, own_workbook, receive
from cchc_excel.consolidating.trend import not_comparable, trend_of
from cchc_excel.form import Form, Severity


def consolidate(
    arrived: Iterable[Arrived], form: Form, choices: Choices = NOTHING_CHOSEN, earlier: Iterable[Arrived] = ()
) -> Outcome:
    """Merge the workbooks of one period; `earlier` are those of earlier periods, to compare with.

    Raises NothingToConsolidate if no workbook counts, OwnUnread or OwnOfOtherPeriod for an own workbook that is no use.
    """
    receipt = receive(arrived, form, choices)
    counting = counting_of(receipt.units, choices.roster, receipt.period, form)
    found = _selected(findings_in(receipt, counting, form), choices)
    to_merge = _to_merge(receipt, counting, found, choices)
    own = own_workbook(form, choices, receipt.period)
    found_in_own = _selected(findings_in_own(own, form, receipt.level), choices)
    merged = _merged(receipt, counting, to_merge, own, choices)
    return _outcome(receipt, counting, merged, [*found, *found_in_own], files_of(earlier, form, choices), choices)


def _selected(found: Sequence[Found], choices: Choices) -> list[Found]:
    """What the officer wants to be told; why a workbook cannot be read is told always."""
    return [about for about in found if about.finding.code in choices.selection or not about.workbook.readable]


class _ToMerge(NamedTuple):
    """The workbooks that are merged, and those that the officer wants left out for their errors."""

    units: Sequence[Filed]
    left_out: Sequence[Filed] = ()


def _to_merge(receipt: Receipt, counting: Counting, found: Sequence[Found], choices: Choices) -> _ToMerge:
    """The workbooks that count, without those to be left out. Raises NothingToConsolidate if there are none."""
    to_merge = _without_wrong(counting, found) if choices.exclude_errors else _ToMerge(counting.workbooks)
    if not to_merge.units:
        raise nothing_to_consolidate(receipt, counting)
    return to_merge


def _without_wrong(counting: Counting, found: Sequence[Found]) -> _ToMerge:
    """The workbooks in which, or in a piece of which, no error was found; and those in which one was."""
    wrong = {
        about.workbook.path for about in found if about.finding.severity is Severity.ERROR and about.finding.counts
    }
    units: list[Filed] = []
    left_out: list[Filed] = []
    for workbook in counting.workbooks:
        is_wrong = any(piece.path in wrong for piece in counting.pieces_of(workbook))
        (left_out if is_wrong else units).append(workbook)
    return _ToMerge(units, left_out)


def _merged(receipt: Receipt, counting: Counting, to_merge: _ToMerge, own: Filed | None, choices: Choices) -> Merged:
    """The workbooks as one; it goes by the name chosen, else by that in the upper level's own workbook."""
    name_in_own = own.unit if own is not None else None
    return merge(
        to_merge.units,
        receipt.form,
        level=receipt.level,
        unit=choices.unit or name_in_own or "",
        period=receipt.period,
        expected=sum(standing.unit is not None for standing in counting.standings),
        own=own,
        left_out=to_merge.left_out,
    )


def _outcome(
    receipt: Receipt,
    counting: Counting,
    merged: Merged,
    found: Sequence[Found],
    of_before: Sequence[Filed],
    choices: Choices,
) -> Outcome:
    """All that is shown; `of_before` are the workbooks of earlier periods."""
    own = () if merged.own is None else (merged.own,)
    givers = (giver for done in counting.completed.values() for giver in done.taken_from.values())
    return Outcome(
        merged=merged,
        filed=(*receipt.everything, *own),
        standings=counting.standings,
        findings=ranked_by_effect(found, merged, counting.names),
        earlier=trend_of(of_before, merged, choices.roster),
        not_compared=not_comparable(of_before, merged),
        earlier_unused=tuple(workbook for workbook in of_before if workbook.failed or workbook.unopened),
        names=counting.names,
        passed_over=receipt.passed_over,
        corrected=choices.corrected,
        partly=frozenset(giver.path for giver in givers),
    )
