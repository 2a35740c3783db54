"""Run as a program of its own: a workbook on stdin, the results of some of its formulas as JSON on stdout.

Its argument is the cells, each as [sheet, row, column], as JSON. A result that is an error is null.
"""

from __future__ import annotations

import json
from typing import Any

from cchc_excel.excel.calculating.calculable import model_of
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.opening.child import answering


def _answer(data: bytes, asked_for: str) -> list[Any]:
    import ironcalc

    cells: list[tuple[str, int, int]] = json.loads(asked_for)
    model = model_of(data)
    if model is None:
        return [None] * len(cells)
    model.evaluate()
    places = {sheet.name: index for index, sheet in enumerate(read_workbook(data).sheets)}
    at = [(places[sheet], row, column) for sheet, row, column in cells]
    return [
        None if model.get_cell_type(*it) == ironcalc.CellType.ErrorValue else model.get_cell_value(*it) for it in at
    ]


if __name__ == "__main__":
    answering(_answer)
