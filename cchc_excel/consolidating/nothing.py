"""Why nothing can be merged: what keeps each workbook out, counted.

In:     what came in, which workbooks count, and what the officer chose.
Out:    the exception that says so.
Never:  a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.consolidating.counting import Counting
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.receiving import Receipt
from cchc_excel.errors import NothingToConsolidate, Reason

__all__ = ["nothing_to_consolidate"]

_MOST_NAMED = 5


def nothing_to_consolidate(receipt: Receipt, counting: Counting) -> NothingToConsolidate:
    """The exception, with what keeps each workbook out."""
    known = {path for line in counting.standings if line.unit is not None for path in line.files}
    named_by_reason: dict[str, list[str]] = {}
    for workbook in receipt.everything:
        kept_out = _kept_out(workbook, receipt, known)
        named_by_reason.setdefault(kept_out.why, []).append(kept_out.named)
    reasons = tuple(Reason(why, len(named), _first_names(named)) for why, named in named_by_reason.items())
    files = "; ".join(PurePath(workbook.path).name for workbook in receipt.everything[:_MOST_NAMED])
    return NothingToConsolidate(files, reasons=reasons)


def _first_names(named: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in named if name))[:_MOST_NAMED]


class _KeptOut(NamedTuple):
    """What keeps a workbook out, and what is to be named of it."""

    why: str
    named: str = ""


def _kept_out(workbook: Filed, receipt: Receipt, known: set[str]) -> _KeptOut:
    """Why a workbook does not count; `known` are the paths of those of expected units."""
    if not workbook.readable:
        return _KeptOut("failed" if workbook.failed else "unreadable")
    if not workbook.unit:
        return _KeptOut("no_unit")
    if any(workbook is passed_over for passed_over in receipt.passed_over):
        return _KeptOut("passed_over", workbook.unit)
    if workbook.path not in known:
        return _KeptOut("unknown_unit", workbook.unit)
    if workbook.period is None:
        return _KeptOut("no_period")
    if workbook.period != receipt.period:
        return _KeptOut("other_period", str(workbook.period))
    return _KeptOut("left_out")
