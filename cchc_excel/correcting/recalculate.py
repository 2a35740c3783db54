"""The stored results of formulas that depend on a changed cell, calculated anew.

`fullCalcOnLoad` alone is not enough: every reader that does not calculate would go on showing the
old figure. IronCalc calculates the workbook before and after; where its two results differ, the
stored one is renewed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cchc_excel.grid import Grid
from cchc_excel.ooxml import Recalculated, read_workbook
from cchc_excel.wording.numbers import exact_decimal


def recalculated(before: bytes, after: bytes) -> tuple[Recalculated, ...]:
    """Return the formula cells whose result a change altered; empty if there is none or none can be calculated."""
    grid = read_workbook(after)
    if not any(cell.formula is not None for _, cell in _cells(grid)):
        return ()
    old, new = _model(before), _model(after)
    if old is None or new is None:
        return ()
    return tuple(_changed(grid, old, new))


def _changed(grid: Grid, old: Any, new: Any) -> Iterator[Recalculated]:
    for index, sheet in enumerate(grid.sheets):
        for cells in sheet.rows.values():
            for cell in cells.values():
                if cell.formula is None:
                    continue
                was = old.get_cell_value(index, cell.row, cell.column)
                now = new.get_cell_value(index, cell.row, cell.column)
                if was != now and isinstance(now, int | float) and not isinstance(now, bool):
                    number = exact_decimal(now) if float(now).is_integer() else repr(float(now))
                    yield Recalculated(sheet.name, cell.row, cell.column, number)


def _cells(grid: Grid) -> Iterator[tuple[str, Any]]:
    for sheet in grid.sheets:
        for cells in sheet.rows.values():
            yield from ((sheet.name, cell) for cell in cells.values())


def _model(data: bytes) -> Any:
    """The workbook calculated; None if the engine does not know something in it."""
    import ironcalc

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(data)
        try:
            model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
        except ironcalc.WorkbookError:
            return None
    model.evaluate()
    return model
