"""In the child: what is asked of the engine. IronCalc is loaded here and in the modules that this one calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ironcalc

from cchc_excel.excel.calculating.calculable import model_of
from cchc_excel.excel.calculating.recalculate import recalculated
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.patching import Original
from cchc_excel.grid import CellValue, as_stored

__all__ = ["answer"]


def answer(question: str, data: bytes, asked: Sequence[Any]) -> Any:
    """Answer one question about a workbook: `recalculated` for changes, `results_of` for cells.

    A formula that is nested deeper than we or the engine can follow has no result: RecursionError is MemoryError here.
    """
    try:
        if question == "recalculated":
            return recalculated(Original(data), asked)
        return _results_of(data, asked)
    except RecursionError as error:
        raise MemoryError from error


def _results_of(data: bytes, cells: Sequence[tuple[str, int, int]]) -> Mapping[tuple[str, int, int], CellValue]:
    model = model_of(data)
    if model is None:
        return {}
    model.evaluate()
    index_of = {sheet.name: index for index, sheet in enumerate(read_workbook(data).sheets)}
    results: dict[tuple[str, int, int], CellValue] = {}
    for sheet, row, column in cells:
        place = (index_of[sheet], row, column)
        if model.get_cell_type(*place) != ironcalc.CellType.ErrorValue:
            value = model.get_cell_value(*place)
            results[sheet, row, column] = as_stored(value) if isinstance(value, float) else value
    return results
