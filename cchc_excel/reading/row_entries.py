"""The matched rows of a table → the entries of a submission; what was read before is remembered.

In the workbooks of one template two thirds of the rows are the same cells, and of the others most hold what other
units' hold: a figure is worked out where it is new, or where there is something to say about it.
"""

from __future__ import annotations

from functools import lru_cache

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.grid import Cell, CellStyle, CellValue, Grid
from cchc_excel.reading.align import Alignment
from cchc_excel.reading.entries import NUMBERS, plain_formats, read_entry
from cchc_excel.reading.table import LONGEST_KNOWN, Table, TableRow
from cchc_excel.submission import CellAddress, Entry, How

TOLD = frozenset((float, str))  # kinds of content whose meaning is worth remembering
MOST_TOLD = 4_096


class _Told:
    """What was taken to mean what in workbooks of these styles, where there was nothing to say."""

    def __init__(self, styles: tuple[CellStyle, ...]) -> None:
        self.formats = plain_formats(styles)
        self.rows: dict[int, tuple[TableRow, Indicator, Entry]] = {}  # by identity: a row read before is the same one
        self.contents: dict[tuple[str, CellValue, int], Entry] = {}  # percentages, answers

    def add(self, row: TableRow, indicator: Indicator, entry: Entry) -> None:
        if len(row.label) + len(row.note) > LONGEST_KNOWN:
            return  # nor is the row itself remembered
        if len(self.rows) >= MOST_TOLD:
            self.rows.clear()
        self.rows[id(row)] = row, indicator, entry


@lru_cache(maxsize=8)
def _told(_form: Form, _date1904: bool, styles: tuple[CellStyle, ...], _sheet: str, _column: int) -> _Told:
    return _Told(styles)


@lru_cache(maxsize=1024)
def _blank(sheet: str, row: int, column: int) -> Entry:
    return Entry(None, None, How.BLANK, CellAddress(sheet, row, column))


@lru_cache(maxsize=8192)  # nearly every cell of a well-filled form, and few different figures
def _as_typed(value: int, sheet: str, row: int, column: int, number_format: str) -> Entry:
    return Entry(value, value, How.AS_TYPED, CellAddress(sheet, row, column), 0, None, number_format)


def read_entries(grid: Grid, table: Table, alignment: Alignment, form: Form) -> tuple[dict[str, Entry], list[Finding]]:
    """Return the entry of each matched row by id, and what there is to say about them."""
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []
    sheet, value_column = table.sheet.name, table.columns["value"]
    told = _told(form, grid.date1904, grid.styles, sheet, value_column)
    before = told.rows.get
    for row, indicator, _, _ in alignment.matches:
        known = before(id(row))
        if known is not None and known[0] is row and known[1] is indicator:
            entries[indicator.id] = known[2]
            continue
        kind = indicator.kind
        if kind is Kind.HEADING:
            continue
        cell = row.value
        if cell is None:
            entry = _blank(sheet, row.number, value_column)
        elif type(cell.value) is int and cell.formula is None and kind in NUMBERS and cell.style in told.formats:
            entry = _as_typed(cell.value, sheet, cell.row, cell.column, told.formats[cell.style])
        else:
            entry, finding = _of_content(cell, indicator, grid, CellAddress(sheet, cell.row, cell.column), told)
            if finding is not None:
                entries[indicator.id] = entry
                findings.append(finding)
                continue
        entries[indicator.id] = entry
        told.add(row, indicator, entry)
    for match in alignment.repeated:
        first = entries.get(match.indicator.id)
        if first is not None and match.row.value is not None and match.row.value.value != first.raw:
            # one row twice with two figures: which of them counts is not ours to say
            entries[match.indicator.id] = first._replace(value=None, how=How.UNREAD)
    return entries, findings


def _of_content(
    cell: Cell, indicator: Indicator, grid: Grid, address: CellAddress, told: _Told
) -> tuple[Entry, Finding | None]:
    """The entry of a cell that is no whole number, and what is to be said; the same as the last time it held that."""
    content = indicator.id, cell.value, cell.style
    is_told = type(cell.value) in TOLD and cell.formula is None
    known = told.contents.get(content) if is_told else None
    if known is not None:
        return known._replace(cell=address), None
    entry, finding = read_entry(cell, indicator, grid, address)
    if is_told and finding is None:
        if len(told.contents) >= MOST_TOLD:
            told.contents.clear()
        told.contents[content] = entry
    return entry, finding
