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
from cchc_excel.consolidating.filing import Arrived, Filed
from cchc_excel.consolidating.findings import Found, findings_in, findings_in_own
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
    """Merge the workbooks of one period. Raises NothingToConsolidate if none can be read."""
    receipt = receive(arrived, form, choices)
    counting = counting_of(receipt.units, choices.roster, receipt.period, form)
    found = _selected(findings_in(receipt, counting, form), choices)
    to_merge = _without_excluded(counting, found, choices)
    if not to_merge.units:
        raise nothing_to_consolidate(receipt, counting)

    own = own_workbook(form, choices, receipt.period)
    merged = _merged(receipt, counting, to_merge, own, choices)
    if own is not None:
        found += _selected(findings_in_own(own, form, receipt.level), choices)

    of_before = files_of(earlier, form, choices)
    return Outcome(
        merged=merged,
        filed=receipt.everything if own is None else (*receipt.everything, own),
        standings=counting.standings,
        findings=ranked_by_effect(found, merged, counting.names),
        earlier=trend_of(of_before, merged, choices.roster),
        not_compared=not_comparable(of_before, merged),
        earlier_unused=tuple(workbook for workbook in of_before if workbook.failed or workbook.unopened),
        names=counting.names,
        passed_over=receipt.passed_over,
        corrected=choices.corrected,
        partly=frozenset(it.path for done in counting.completed.values() for it in done.taken_from.values()),
    )


def _selected(found: Sequence[Found], choices: Choices) -> list[Found]:
    """What the officer wants to be told; why a workbook cannot be read is told always."""
    return [it for it in found if it.finding.code in choices.selection or not it.workbook.readable]


class _ToMerge(NamedTuple):
    """The workbooks that are merged, and those that the officer wants left out for their errors."""

    units: Sequence[Filed]
    left_out: Sequence[Filed] = ()


def _without_excluded(counting: Counting, found: Sequence[Found], choices: Choices) -> _ToMerge:
    if not choices.exclude_errors:
        return _ToMerge(counting.workbooks)
    wrong = {workbook.path for finding, workbook in found if finding.severity is Severity.ERROR and finding.counts}
    is_wrong = {it.path: any(piece.path in wrong for piece in counting.pieces_of(it)) for it in counting.workbooks}
    return _ToMerge(
        units=[workbook for workbook in counting.workbooks if not is_wrong[workbook.path]],
        left_out=[workbook for workbook in counting.workbooks if is_wrong[workbook.path]],
    )


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
