"""A sheet of XlsxWriter that is written row by row, four times as fast: a cell is kept as value and format, and a row
is put together by one join.

XlsxWriter walks through eight calls for each cell. A district of ten thousand units has a million cells; what is
written is the same, byte for byte (a test holds the two against each other).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, TextIO, TypeAlias, cast

from xlsxwriter.utility import _preserve_whitespace
from xlsxwriter.xmlwriter import XMLwriter

from cchc_excel.grid import column_letters
from cchc_excel.ooxml.strict import MOST_TEXT, ExcelRefused, StrictWorksheet

MOST_TEXTS = 256  # that are remembered: findings say the same of many units
_EXACT = 10**15  # below it a whole number is written digit by digit


Number: TypeAlias = int | float | Fraction
_XML: Any = XMLwriter()


def _inline(text: str) -> str:
    """A text behind the start of its cell's tag, always a text."""
    safe = _XML._escape_control_characters(text)
    space = ' xml:space="preserve"' if _preserve_whitespace(safe) else ""
    return f' t="inlineStr"><is><t{space}>{_XML._escape_data(safe)}</t></is></c>'


def _plain(value: Number | str | None) -> float | str | None:
    """A value as a cell takes it. Raises ExcelRefused for one that none can hold, or that is perhaps too long."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if len(value) > MOST_TEXT:
            raise ExcelRefused("write_cells", f"{len(value)}")
        return value
    if not isfinite(value):
        raise ExcelRefused("write_cells", f"{value}")
    return float(value)


class StreamedWorksheet(StrictWorksheet):
    """A worksheet for `constant_memory`: rows come top to bottom. Raises ExcelRefused as StrictWorksheet does."""

    def __init__(self) -> None:
        super().__init__()
        self._row = self._low = self._high = -1  # where cells are known to be within the sheet's bounds
        self._texts: dict[str, str] = {}
        self._ready: dict[int, str] = {}  # cells of the row that is being written, by column, as they will stand there

    def write_number(  # type: ignore[override]  # its decorator has no signature
        self, row: int, col: int, number: float | Fraction, cell_format: Any = None
    ) -> Any:
        if type(row) is not int or cell_format is None or not isfinite(number):
            return super().write_number(row, col, number, cell_format)
        return self._keep(row, col, float(number) if type(number) is Fraction else number, cell_format)

    def write_string(  # type: ignore[override]  # its decorator has no signature
        self, row: int, col: int, string: str, cell_format: Any = None
    ) -> Any:
        if type(row) is not int or cell_format is None or len(string) > MOST_TEXT:
            return super().write_string(row, col, string, cell_format)
        return self._keep(row, col, string, cell_format)

    def write_blank(  # type: ignore[override]  # its decorator has no signature
        self, row: int, col: int, blank: Any, cell_format: Any = None
    ) -> Any:
        if type(row) is not int or cell_format is None:
            return super().write_blank(row, col, blank, cell_format)
        return self._keep(row, col, None, cell_format)

    def write_cells(self, row: int, column: int, values: Sequence[Number | str | None], looks: Sequence[Any]) -> None:
        """Write cells side by side: numbers, texts or nothing, each with its format. Texts of at most MOST_TEXT."""
        if not values:
            return
        last = column + len(values) - 1
        if self._check_dimensions(row, column) or self._check_dimensions(row, last):
            raise ExcelRefused("write_cells", f"{row} {column} {last}")
        if row > self.previous_row:
            self._write_single_row(row)
        columns = range(column, last + 1)
        pieces = [
            self._cell_xml(row, place, value if type(value) is int else _plain(value), look)
            for place, value, look in zip(columns, values, looks, strict=True)
        ]
        for place in self.table[row].keys() & set(columns) if self.table[row] else ():
            del self.table[row][place]
        self._ready.update(zip(columns, pieces, strict=True))

    def _keep(self, row: int, col: int, value: Any, look: Any) -> int:
        if not (row == self._row == self.previous_row and self._low <= col <= self._high):
            super().write_blank(row, col, None, look)  # checks the bounds, and finishes the row before
            self._row, self._low, self._high = row, cast(int, self.dim_colmin), cast(int, self.dim_colmax)
        self.table[row][col] = (value, look)
        return 0

    def _write_single_row(self, current_row_num: int = 0) -> None:
        row, cells, ready = self.previous_row, self.table[self.previous_row], self._ready
        if not cells and not ready:
            super()._write_single_row(current_row_num)
            return
        self._ready = {}
        self.previous_row = current_row_num
        self._write_row(row, None, self.row_info.pop(row, None))
        self.row_sizes.pop(row, None)  # 400 bytes a row; heights are asked for below a drawing only, and it stands last
        file = cast(TextIO, self.fh)
        if not cells:
            file.write("".join([*map(ready.__getitem__, sorted(ready)), "</row>"]))
            self.table.clear()
            return
        pieces: list[str] = []
        for column in sorted(ready.keys() | cells.keys()):
            cell = cells.get(column)
            if cell is None:
                pieces.append(ready[column])
                continue
            if type(cell) is not tuple:  # a formula, or a link
                file.write("".join(pieces))
                pieces.clear()
                self._write_cell(row, column, cell)
                continue
            pieces.append(self._cell_xml(row, column, *cell))
        file.write("".join((*pieces, "</row>")))
        self.table.clear()

    def _cell_xml(self, row: int, column: int, value: float | str | None, look: Any) -> str:
        letters, style = column_letters(column + 1), look.xf_index or look._get_xf_index()
        if type(value) is int and -_EXACT < value < _EXACT:
            return f'<c r="{letters}{row + 1}" s="{style}"><v>{value}</v></c>'
        if value is None:
            return f'<c r="{letters}{row + 1}" s="{style}"/>'
        if isinstance(value, str):
            return f'<c r="{letters}{row + 1}" s="{style}"{self._text(value)}'
        return f'<c r="{letters}{row + 1}" s="{style}"><v>{value:.16G}</v></c>'

    def _text(self, text: str) -> str:
        known = self._texts.get(text)
        if known is None:
            known = _inline(text)
            if len(self._texts) < MOST_TEXTS:
                self._texts[text] = known
        return known
