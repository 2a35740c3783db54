"""What the engine is told and what its results mean, whether it calculates a part of a workbook or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cchc_excel.excel.patching import CellChange, Recalculated
from cchc_excel.form.names import CHECK_SHEET
from cchc_excel.grid import CellValue


def make(changes: Sequence[CellChange], sheets: Sequence[str], model: Any) -> None:
    """Make the changes in the engine's model; `sheets` are its sheets by index."""
    index_of = {name: index for index, name in enumerate(sheets)}
    for change in changes:
        put(model, (index_of[change.sheet], change.row, change.column), content_of(change))


def content_of(change: CellChange) -> float | str | None:
    """What a changed cell holds."""
    return float(change.number) if change.number is not None else change.text


def put(model: Any, place: tuple[int, int, int], value: CellValue) -> None:
    """Put a value into a cell of the model: a text is never taken for anything else."""
    match value:
        case None:
            model.clear_cell_contents(*place)
        case bool():
            model.update_cell_with_bool(*place, value)
        case int() | float():
            model.update_cell_with_number(*place, float(value))
        case str():
            model.update_cell_with_text(*place, value)
        case _:
            model.set_user_input(*place, value.code)


def renewed(
    place: tuple[str, int, int], formula: str, stored: CellValue, before: Any, after: Any
) -> Recalculated | None:
    """The stored result to be renewed, if the engine's changes; None if it stays."""
    is_truth = isinstance(after, bool)
    if before == after and isinstance(before, bool) is is_truth:  # True is no 1, though Python has them equal
        return None
    is_remark = place[0] == CHECK_SHEET or f"'{CHECK_SHEET}'!" in formula
    if isinstance(after, bool):
        return Recalculated(*place, None, is_remark=is_remark, truth=after)
    if isinstance(after, int | float):
        number = str(int(after)) if float(after).is_integer() else repr(float(after))
        return Recalculated(*place, number, is_remark=is_remark)
    if isinstance(after, str) and stored == before:  # else the engine writes texts otherwise than Excel
        return Recalculated(*place, None, text=after, is_remark=is_remark)
    return None
