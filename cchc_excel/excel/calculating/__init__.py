"""Results of formulas, by IronCalc in a child process: the engine is loaded nowhere else.

In:     the bytes of a workbook; changes to be made in it, or cells that are asked for.
Out:    results, or that there are none to be had: the engine was too slow, took too much memory or died.
Never:  keeps this process waiting for more than ten seconds, or dies with the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cchc_excel.errors import WorkbookTooLarge
from cchc_excel.excel.calculating.dependents import is_volatile
from cchc_excel.excel.kept_child import ChildFailed, KeptChild
from cchc_excel.excel.patching import CellChange, Original, Recalculated
from cchc_excel.grid import CellValue

__all__ = ["Calculated", "is_volatile", "recalculated", "results_of"]

Place = tuple[str, int, int]
"""Sheet, row, column."""

_ENGINE = KeptChild("cchc_excel.excel.calculating.engine:answer")


class Calculated(NamedTuple):
    """The formula cells whose result is another now; `is_complete` is False where the engine gave up."""

    results: tuple[Recalculated, ...] = ()
    is_complete: bool = True


def recalculated(original: Original, changes: Sequence[CellChange]) -> Calculated:
    """Return the formula cells of a workbook whose result the changes alter; none if no formula depends on them."""
    if not changes or not original.has_formula:
        return Calculated()
    try:
        return Calculated(_ENGINE.call("recalculated", original.data, tuple(changes)))
    except (WorkbookTooLarge, ChildFailed, OSError):
        return Calculated(is_complete=False)


def results_of(data: bytes, cells: Sequence[Place]) -> Mapping[Place, CellValue]:
    """Return what the formulas in these cells come to, as far as the engine knows; never an error."""
    try:
        results: Mapping[Place, CellValue] = _ENGINE.call("results_of", data, tuple(tuple(cell) for cell in cells))
    except (WorkbookTooLarge, ChildFailed, OSError):
        return {}
    return results
