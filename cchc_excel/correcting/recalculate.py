"""The stored results of formulas that depend on a changed cell, calculated anew.

`fullCalcOnLoad` alone is not enough: every reader that does not calculate would go on showing the
old figure. IronCalc calculates the workbook as it was and with the changes; where its two results
differ, the stored one is renewed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cchc_excel.form.names import CHECK_SHEET
from cchc_excel.grid import Cell, Grid, Sheet, column_number
from cchc_excel.ooxml import CellChange, Recalculated, formula_texts, plain_copy, read_workbook

_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[^\W\d][\w.]*\b(?![(!'.\w])")
_INDIRECT = re.compile(r"\b(?:INDIRECT|OFFSET|INDEX|\[)", re.IGNORECASE)
_REFERENCE = re.compile(r"\$?\b([A-Z]{1,3})\$?(\d*)(?::\$?([A-Z]{1,3})\$?(\d*))?(?![\w(.])")


def recalculated(data: bytes, changes: Sequence[CellChange]) -> tuple[Recalculated, ...]:
    """Return the formula cells of a workbook whose result the changes alter; empty if none depends on them."""
    if not changes or not _may_depend(data, changes):
        return ()
    model = _model(data)  # once: to read 3,000 formulas takes the engine 70 ms, to calculate them 5
    if model is None:
        return ()
    grid = read_workbook(data)
    before = _results(grid, model)
    _make(changes, grid, model)
    return tuple(_changed(grid, before, _results(grid, model)))


def _may_depend(data: bytes, changes: Sequence[CellChange]) -> bool:
    """Whether any formula names a changed cell, or says where it looks in a way that only calculating tells."""
    places = {(cell.row, cell.column) for cell in changes}
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


def _make(changes: Sequence[CellChange], grid: Grid, model: Any) -> None:
    index_of = {sheet.name: index for index, sheet in enumerate(grid.sheets)}
    for change in changes:
        place = index_of[change.sheet], change.row, change.column
        if change.number is not None:
            model.update_cell_with_number(*place, float(change.number))
        elif change.text is not None:
            model.update_cell_with_text(*place, change.text)
        else:
            model.clear_cell_contents(*place)


def _results(grid: Grid, model: Any) -> Mapping[tuple[str, int, int], Any]:
    """What the engine calculates for every formula."""
    model.evaluate()
    return {
        (sheet.name, cell.row, cell.column): model.get_cell_value(index, cell.row, cell.column)
        for index, sheet in enumerate(grid.sheets)
        for cell in _formulas(sheet)
    }


def _formulas(sheet: Sheet) -> Iterator[Cell]:
    return (cell for cells in sheet.rows.values() for cell in cells.values() if cell.formula is not None)


def _changed(
    grid: Grid, before: Mapping[tuple[str, int, int], Any], after: Mapping[tuple[str, int, int], Any]
) -> Iterator[Recalculated]:
    for sheet in grid.sheets:
        for cell in _formulas(sheet):
            place = (sheet.name, cell.row, cell.column)
            was, now = before[place], after[place]
            if was == now and isinstance(was, bool) is isinstance(now, bool):
                continue
            is_remark = sheet.name == CHECK_SHEET or f"'{CHECK_SHEET}'!" in (cell.formula or "")
            if isinstance(now, bool):
                yield Recalculated(*place, None, is_remark=is_remark, truth=now)
            elif isinstance(now, int | float):
                number = str(int(now)) if float(now).is_integer() else repr(float(now))
                yield Recalculated(*place, number, is_remark=is_remark)
            elif isinstance(now, str) and cell.value == was:  # else the engine writes texts in other ways
                yield Recalculated(*place, None, now, is_remark)


def _model(data: bytes) -> Any:
    """The workbook as the engine sees it; None if the engine does not know something in it."""
    import ironcalc

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(plain_copy(data))
        try:
            model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
        except ironcalc.WorkbookError:
            return None
    return model
