"""A workbook's bytes with some cells changed and a sheet added; all else byte for byte as it was.

In:     the bytes of an .xlsx or .xlsm package, and what is to stand in it.
Out:    other bytes.
Never:  hands over bytes that differ from the original in more than was asked for.
"""

from cchc_excel.excel.patching.formulas import StoredFormula, formula_text, stored_formulas, stored_result, value_at
from cchc_excel.excel.patching.new_sheet import Choice, NewSheet, SheetCell
from cchc_excel.excel.patching.original import Original
from cchc_excel.excel.patching.patching import (
    CellChange,
    Mark,
    Patched,
    PatchRefused,
    PromiseBroken,
    Recalculated,
    patch,
)

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
    "patch",
    "stored_formulas",
    "stored_result",
    "value_at",
]
