"""Workbooks as bytes: read in one pass, patched without loss.

In:     the bytes of an .xlsx or .xlsm package.
Out:    a Grid, or other bytes.
Never:  runs a macro, follows an external link, loads a part it does not need.
"""

from typing import TYPE_CHECKING, Any

from cchc_excel.ooxml.reader import read_workbook

if TYPE_CHECKING:
    from cchc_excel.ooxml.calculable import model_of
    from cchc_excel.ooxml.formulas import StoredFormula, formula_text, stored_formulas, stored_result, value_at
    from cchc_excel.ooxml.new_sheet import Choice, NewSheet, SheetCell
    from cchc_excel.ooxml.original import Original
    from cchc_excel.ooxml.patching import CellChange, Mark, Patched, PatchRefused, PromiseBroken, Recalculated, patch

_HOME = {
    "Original": "original",
    "model_of": "calculable",
    **dict.fromkeys(("StoredFormula", "formula_text", "stored_formulas", "stored_result", "value_at"), "formulas"),
    **dict.fromkeys(("Choice", "NewSheet", "SheetCell"), "new_sheet"),
    **dict.fromkeys(
        ("CellChange", "Mark", "PatchRefused", "Patched", "PromiseBroken", "Recalculated", "patch"), "patching"
    ),
}

__all__ = [
    "CellChange",
    "Choice",
    "Mark",
    "NewSheet",
    "Original",
    "PatchRefused",
    "Patched",
    "PromiseBroken",
    "Recalculated",
    "SheetCell",
    "StoredFormula",
    "formula_text",
    "model_of",
    "patch",
    "read_workbook",
    "stored_formulas",
    "stored_result",
    "value_at",
]


def __getattr__(name: str) -> Any:
    """Load the patcher when it is first asked for: reading needs none of it."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"cchc_excel.ooxml.{_HOME[name]}"), name)
    raise AttributeError(name)
