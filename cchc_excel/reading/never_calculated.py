"""Formulas that were never calculated: their results, as far as an engine knows them.

A program that fills a workbook without calculating it leaves its totals without a number.

In:     a workbook's bytes, and the cells that hold such a formula.
Out:    the grid with their results.
Never:  an error as a result: a formula that the engine does not know is one that was not calculated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from cchc_excel.excel.calculating import is_volatile, results_of
from cchc_excel.grid import CellValue, Grid, Sheet
from cchc_excel.submission import CellAddress, How, Submission

MOST = 1_000  # cells; a form has a hundred


def never_calculated(submission: Submission) -> dict[CellAddress, str]:
    """The value cells whose formula has no stored result, with their ids; not one that comes to another each time."""
    return {
        entry.cell: key
        for key, entry in submission.entries.items()
        if entry.how is How.UNREAD
        and entry.raw is None
        and entry.formula is not None
        and not is_volatile(entry.formula)
    }


def with_results(grid: Grid, data: bytes, cells: Collection[CellAddress]) -> Grid:
    """Return the grid with a result in each of these cells that the engine could calculate."""
    found = results_of(data, list(cells)) if len(cells) <= MOST else {}
    return replace(grid, sheets=tuple(_filled(sheet, found) for sheet in grid.sheets)) if found else grid


def _filled(sheet: Sheet, found: Mapping[tuple[str, int, int], CellValue]) -> Sheet:
    rows = {row: dict(cells) for row, cells in sheet.rows.items()}
    for (name, row, column), value in found.items():
        if name == sheet.name:
            rows[row][column] = rows[row][column]._replace(value=value)
    return replace(sheet, rows=rows)
