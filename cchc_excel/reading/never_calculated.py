"""Formulas that were never calculated: what IronCalc makes of them, asked in a child process.

A program that fills a workbook without calculating it leaves its totals without a number. The child is
ended after some seconds or at a limit of memory, or may die of what it is given; then nothing is known.

In:     a workbook's bytes, and the cells that hold such a formula.
Out:    the grid with their results.
Never:  an error as a result: a formula that the engine does not know is one that was not calculated.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from cchc_excel.errors import WorkbookTooLarge
from cchc_excel.excel.opening.child import as_number, asked
from cchc_excel.grid import CellValue, Grid, Sheet
from cchc_excel.submission import CellAddress, How, Submission

MOST = 1_000  # cells; a form has a hundred


def never_calculated(submission: Submission) -> dict[CellAddress, str]:
    """The value cells whose formula has no stored result, with their ids."""
    return {
        entry.cell: key
        for key, entry in submission.entries.items()
        if entry.how is How.UNREAD and entry.raw is None and entry.formula is not None
    }


def with_results(grid: Grid, data: bytes, cells: Collection[CellAddress]) -> Grid:
    """Return the grid with a result in each of these cells that the engine could calculate."""
    found = dict(_results(data, cells)) if len(cells) <= MOST else {}
    return replace(grid, sheets=tuple(_filled(sheet, found) for sheet in grid.sheets)) if found else grid


def _filled(sheet: Sheet, found: Mapping[CellAddress, CellValue]) -> Sheet:
    rows = {row: dict(cells) for row, cells in sheet.rows.items()}
    for (name, row, column), value in found.items():
        if name == sheet.name:
            rows[row][column] = rows[row][column]._replace(value=value)
    return replace(sheet, rows=rows)


def _results(data: bytes, cells: Collection[CellAddress]) -> Iterator[tuple[CellAddress, CellValue]]:
    try:
        answer = asked("cchc_excel.reading.ironcalc_child", data, json.dumps(list(cells)))
    except (OSError, WorkbookTooLarge):
        return
    for cell, value in zip(cells, answer, strict=True):
        if value is not None:
            yield cell, as_number(value) if isinstance(value, float) else value
