"""A sheet of XlsxWriter that is written row by row, ten times as fast: cells side by side are put together from what
stands in front of each (the same for every row with these looks) and what stands behind it (remembered by value).

XlsxWriter walks through eight calls for each cell. A district of ten thousand units has a million cells; what is
written is the same, byte for byte (a test holds the two against each other).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from io import StringIO
from math import isfinite
from operator import add
from typing import Any, TypeAlias

from xlsxwriter.worksheet import Worksheet

from cchc_excel.excel.ooxml.xml_text import text_xml
from cchc_excel.excel.writing.strict import MOST_TEXT, ExcelRefused, StrictWorksheet
from cchc_excel.grid import column_letters

MOST_NUMBERS = 4096  # that are remembered: figures are small, and units have the same ones
_EXACT = 10**15  # below it a whole number is written digit by digit

Number: TypeAlias = int | float | Fraction


class _Behind(dict[Number | str | None, str]):
    """By value what stands in a cell behind its address and style; of equal values one is as good as the other.

    Raises ExcelRefused for a value that no cell can hold, or for a text that is perhaps too long.
    """

    def __init__(self) -> None:
        super().__init__({None: "/>", "": "/>"})

    def __missing__(self, value: Number | str | None) -> str:
        if isinstance(value, str):
            if len(value) > MOST_TEXT:
                raise ExcelRefused("write_cells", f"{len(value)}")
            return f' t="inlineStr">{text_xml(value)}</c>'  # which remembers texts
        if value is None or not isfinite(value):
            raise ExcelRefused("write_cells", f"{value}")
        whole = type(value) is int and -_EXACT < value < _EXACT
        written = f"><v>{value}</v></c>" if whole else f"><v>{float(value) or 0:.16G}</v></c>"  # never -0
        if len(self) < MOST_NUMBERS:
            self[value] = written
        return written


@lru_cache(maxsize=64)
def _heads(column: int, styles: tuple[int, ...]) -> str:
    """What stands in front of the values of cells side by side: a NUL for the row's number, and one between two."""
    letters = (column_letters(place + 1) for place in range(column, column + len(styles)))
    return "\1".join(f'<c r="{it}\0" s="{style}"' for it, style in zip(letters, styles, strict=True))


class StreamedWorksheet(StrictWorksheet):
    """A worksheet for `constant_memory`: rows come top to bottom. Raises ExcelRefused as StrictWorksheet does."""

    def __init__(self) -> None:
        super().__init__()
        self._behind = _Behind()
        self._ready: dict[int, str] = {}  # cells of the row that is being written, by column, as they will stand there

    def write_cells(self, row: int, column: int, values: Sequence[Number | str | None], looks: Sequence[Any]) -> None:
        """Write cells side by side: numbers, texts or nothing, each with its format. Texts of at most MOST_TEXT."""
        if not values:
            return
        last = column + len(values) - 1
        if self._check_dimensions(row, column) or self._check_dimensions(row, last):
            raise ExcelRefused("write_cells", f"{row} {column} {last}")
        if row > self.previous_row:
            self._write_single_row(row)
        styles = tuple([look.xf_index or look._get_xf_index() for look in looks])
        heads = _heads(column, styles).replace("\0", str(row + 1)).split("\1")
        columns = range(column, last + 1)
        if cells := self.table[row]:
            for place in cells.keys() & set(columns):
                del cells[place]
        pieces = map(add, heads, map(self._behind.__getitem__, values))
        self._ready.update(zip(columns, pieces, strict=True))

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        """Also the text of a link. What looks like XlsxWriter's own markup is taken for a text when it is written."""
        whose = StrictWorksheet if cell_format is None else Worksheet
        return whose._write_string(self, row, col, string, cell_format)

    def _write_single_row(self, current_row_num: int = 0) -> None:
        row, cells, ready = self.previous_row, self.table[self.previous_row], self._ready
        if not cells and not ready:
            super()._write_single_row(current_row_num)
            return
        self._ready = {}
        self.previous_row = current_row_num
        self._write_row(row, None, self.row_info.pop(row, None))
        self.row_sizes.pop(row, None)  # 400 bytes a row; heights are asked for below a drawing only, and it stands last
        for column, cell in sorted(cells.items()):  # formats are numbered as they come
            ready[column] = self._cell_xml(row, column, cell)
        self.table.clear()
        rows: Any = self.fh
        rows.write("".join([*map(ready.__getitem__, sorted(ready)), "</row>"]))

    def _cell_xml(self, row: int, column: int, cell: Any) -> str:
        """A cell that was written alone."""
        if type(cell).__name__ == "String" and cell.format is not None:  # a thousand links, each over its text
            style = cell.format._get_xf_index()
            return f'<c r="{column_letters(column + 1)}{row + 1}" s="{style}" t="inlineStr">{text_xml(cell.string)}</c>'
        rows: Any = self.fh
        written: Any = StringIO()
        self.fh = written
        self._write_cell(row, column, cell)
        self.fh = rows
        return str(written.getvalue())
