"""The stored results of formulas that depend on a changed cell, calculated anew.

`fullCalcOnLoad` alone is not enough: every reader that does not calculate would go on showing the
old figure. IronCalc calculates the workbook before and after; where its two results differ, the
stored one is renewed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from cchc_excel.grid import Grid, column_number
from cchc_excel.ooxml import Recalculated, formula_texts, read_workbook
from cchc_excel.submission import CellAddress
from cchc_excel.wording.numbers import exact_decimal

_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[^\W\d][\w.]*\b(?![(!'.\w])")
_INDIRECT = re.compile(r"\b(?:INDIRECT|OFFSET|INDEX|\[)", re.IGNORECASE)
_REFERENCE = re.compile(r"\$?\b([A-Z]{1,3})\$?(\d*)(?::\$?([A-Z]{1,3})\$?(\d*))?(?![\w(.])")


def recalculated(before: bytes, after: bytes, changed: Collection[CellAddress]) -> tuple[Recalculated, ...]:
    """Return the formula cells whose result the `changed` cells altered; empty if none depends on them."""
    if not _may_depend(before, changed):
        return ()
    old, new = _model(before), _model(after)
    if old is None or new is None:
        return ()
    return tuple(_changed(read_workbook(after), old, new))


def _may_depend(data: bytes, changed: Collection[CellAddress]) -> bool:
    """Whether any formula names a changed cell, or says where it looks in a way that only calculating tells."""
    places = {(cell.row, cell.column) for cell in changed}
    texts = formula_texts(data)
    if len(set(texts)) < len(texts):
        return True  # perhaps a shared formula, whose text is the first cell's and not the others'
    for formula in texts:
        text = _QUOTED.sub("", formula)
        if _INDIRECT.search(text) or _names(text) or _touches(text, places):
            return True
    return False


def _names(text: str) -> bool:
    """Whether a formula speaks of a defined name: a word that is no function, no cell and no truth."""
    words = _WORD.findall(_REFERENCE.sub("", text))
    return any(word.upper() not in {"TRUE", "FALSE"} for word in words)


def _touches(text: str, places: Collection[tuple[int, int]]) -> bool:
    for first, row, last, bottom in _REFERENCE.findall(text):
        if not row:
            return True  # whole columns
        left, right = column_number(first), column_number(last or first)
        top, low = int(row), int(bottom or row)
        if any(top <= at <= low and left <= column <= right for at, column in places):
            return True
    return False


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
