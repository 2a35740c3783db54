"""A workbook typed in a character set from before Unicode → the same grid in Unicode."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from cchc_excel.grid import Cell, Grid
from cchc_excel.vietnamese.old_encodings import Encoding, decode, encoding_of_font, vote


def decoded(grid: Grid, known: Collection[str]) -> tuple[Grid, Encoding] | None:
    """Return the grid with its texts decoded, and from what; None if its texts are Unicode already.

    The fonts and a vote over the texts against the `known` (folded) labels decide; each text is
    then judged alone, since half-converted files are common.
    """
    texts = [
        cell.value
        for sheet in grid.sheets
        for cells in sheet.rows.values()
        for cell in cells.values()
        if isinstance(cell.value, str)
    ]
    encoding = vote(texts, known)
    if encoding is None:
        return None

    def text_of(cell: Cell) -> Cell:
        if not isinstance(cell.value, str):
            return cell
        font = grid.style(cell).font
        capitals = encoding_of_font(font) is Encoding.TCVN3 and font.upper().endswith("H")  # .VnTimeH draws capitals
        text = decode(cell.value, encoding, known)
        return cell._replace(value=text.upper() if capitals else text)

    sheets = tuple(
        replace(
            sheet,
            rows={row: {column: text_of(cell) for column, cell in cells.items()} for row, cells in sheet.rows.items()},
        )
        for sheet in grid.sheets
    )
    return replace(grid, sheets=sheets), encoding
