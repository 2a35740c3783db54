"""Text with separators (.csv, .txt) → Grid.

In:     the bytes of a text, in any encoding that office programs save.
Out:    one sheet of texts; numbers are read later, as a clerk types them.
Never:  lets an exception of `csv` out, or takes half a file for one cell in silence.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.limits import limits_of
from cchc_excel.grid import Cell, Grid, Sheet

__all__ = ["decoded", "read_separated", "separated_rows"]

SEPARATORS = ",;\t|"
# UTF-32 before UTF-16: its byte order mark begins like that of the other.
_MARKED = (("utf-32", (b"\xff\xfe\0\0", b"\0\0\xfe\xff")), ("utf-16", (b"\xff\xfe", b"\xfe\xff")))
_UNMARKED = ("utf-8-sig", "cp1258")
_LAST = "\x04"  # a line of ours after the last: inside a quotation that is never closed it does not come back


def read_separated(data: bytes) -> Grid:
    """Return the grid of a text; its separator is the one that it holds most of. Raises DamagedWorkbook."""
    text = decoded(data)
    # the first of them if two are as many: where decimals have a comma, there are as many commas
    separator = max(";,	|", key=text.count)
    fields = (row for _, row in separated_rows(text, separator))
    lengths: list[int] = []
    sheet = _sheet(fields, lengths)
    if separator == "," and _is_cut_at_decimals(sheet, lengths):
        raise DamagedWorkbook("csv: a decimal comma is taken for a separator")
    return Grid((sheet,))


def _is_cut_at_decimals(sheet: Sheet, lengths: Sequence[int]) -> bool:
    """Whether numbers such as `66,7` stand there without quotation marks: their rows are longer than the others.

    The figure would be read as 66, and the 7 as a note.
    """
    if not lengths:
        return False
    usual = Counter(lengths).most_common(1)[0][0]
    longer = (cells for row, cells in sheet.rows.items() if lengths[row - 1] > usual)
    return any(_is_whole(cells.get(column)) for cells in longer for column in _behind_numbers(cells))


def _behind_numbers(cells: Mapping[int, Cell]) -> Iterator[int]:
    return (column + 1 for column, cell in cells.items() if _is_whole(cell))


def _is_whole(cell: Cell | None) -> bool:
    return cell is not None and str(cell.value).isdigit()


def decoded(data: bytes) -> str:
    """Return a text from its bytes. Raises DamagedWorkbook if they are in no encoding that is known."""
    marked = next((name for name, marks in _MARKED if data.startswith(marks)), None)
    for encoding in _UNMARKED if marked is None else (marked,):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DamagedWorkbook("csv: encoding")


def separated_rows(text: str, separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each row's fields, with the number of the line that the row ends on. Raises DamagedWorkbook.

    Lines may end as on any system. A quotation that is never closed would swallow all rows after it.
    """
    lines = io.StringIO(f"{text}\n{_LAST}\n", newline=None)  # Excel for Mac saves "CSV (Macintosh)" with CR alone
    reader = csv.reader(lines, delimiter=separator)
    fields: list[str] = []
    try:
        for fields in reader:
            if fields != [_LAST]:
                if fields and _LAST in fields[-1]:
                    raise DamagedWorkbook("csv: a quotation mark is never closed")
                yield reader.line_num, fields
    except csv.Error as error:
        if "field limit" in str(error):
            raise WorkbookTooLarge("field") from error
        raise DamagedWorkbook(f"csv: {error}") from error


def _sheet(rows: Iterable[Sequence[str]], lengths: list[int]) -> Sheet:
    """The sheet of some rows; `lengths` gets how many fields each has."""
    found: dict[int, dict[int, Cell]] = {}
    left = limits_of("csv").cells
    for number, fields in enumerate(rows, start=1):
        lengths.append(len(fields))
        cells = {column: Cell(number, column, text) for column, text in enumerate(fields, start=1) if text}
        left -= len(cells)
        if left < 0:
            raise WorkbookTooLarge("cells")
        if cells:
            found[number] = cells
    return Sheet("CSV", found)
