"""A workbook calculated by IronCalc, an engine that shares no line with what it judges."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import ironcalc

VERDICTS = {1: True, 0: False, "": None}  # what a formula of a check comes to


def loaded(data: bytes) -> Any:
    """The workbook as a model of IronCalc, not calculated yet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(data)
        return ironcalc.load_from_xlsx(str(path), "en", "UTC")


def put(model: Any, sheet: int, row: int, column: int, content: int | Fraction | str | None) -> None:
    """Type something into a cell, or empty it; a text stays one, whatever it looks like."""
    if content is None:
        model.clear_cell_contents(sheet, row, column)
    elif isinstance(content, str):
        model.update_cell_with_text(sheet, row, column, content)
    else:
        model.update_cell_with_number(sheet, row, column, float(content))
