"""Why nothing can be merged: what keeps each workbook out, counted.

In:     what came in, which workbooks count, and what the officer chose.
Out:    the exception that says so.
Never:  a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from cchc_excel.consolidating.counting import Counting
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.receiving import Receipt
from cchc_excel.errors import NothingToConsolidate, Reason

__all__ = ["nothing_to_consolidate"]

_MOST_NAMED = 5


def nothing_to_consolidate(receipt: Receipt, counting: Counting) -> NothingToConsolidate:
    """The exception, with what keeps each workbook out."""
    known = {path for line in counting.standings if line.unit is not None for path in line.files}
    reasons: dict[str, list[str]] = {}
    for workbook in receipt.everything:
        why, what = _why_not(workbook, receipt, known)
        reasons.setdefault(why, []).append(what)
    found = tuple(Reason(why, len(about), _named(about)) for why, about in reasons.items())
    names = "; ".join(PurePath(it.path).name for it in receipt.everything[:_MOST_NAMED])
    return NothingToConsolidate(names, reasons=found)


def _named(about: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it for it in about if it))[:_MOST_NAMED]


def _why_not(workbook: Filed, receipt: Receipt, known: set[str]) -> tuple[str, str]:
    """What keeps a workbook out, and what is to be named of it."""
    if not workbook.readable:
        return "failed" if workbook.failed else "unreadable", ""
    if not workbook.unit:
        return "no_unit", ""
    if any(workbook is it for it in receipt.passed_over):
        return "passed_over", workbook.unit
    if workbook.path not in known:
        return "unknown_unit", workbook.unit
    if workbook.period is None:
        return "no_period", ""
    if workbook.period != receipt.period:
        return "other_period", str(workbook.period)
    return "left_out", ""
