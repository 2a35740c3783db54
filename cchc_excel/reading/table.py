"""Where on a sheet the form stands: its header, its columns, its rows.

The table is found by the titles of its columns, wherever it starts. Repeated page headers and the
row of column numbers under the header are dropped here; what a row means is decided in `align`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cchc_excel.form import Form
from cchc_excel.grid import Cell, Range, Sheet
from cchc_excel.reading.prepared import Prepared, prepared
from cchc_excel.vietnamese.text import clean

MAX_HEADER_ROWS = 3  # two printed rows, and one more for a title that was split by hand


class TableRow(NamedTuple):
    """One row of the table as it stands. `number` is its row on the sheet; joined rows list the others in `more`."""

    number: int
    stt: str
    label: str
    unit: str
    value: Cell | None
    note: str
    more: tuple[int, ...] = ()

    def joined(self, other: TableRow) -> TableRow:
        """This row continued by `other`, which a page break tore off."""
        return TableRow(
            self.number if self.value is not None or other.value is None else other.number,
            self.stt or other.stt,
            f"{self.label} {other.label}".strip(),
            self.unit or other.unit,
            self.value if self.value is not None else other.value,
            f"{self.note} {other.note}".strip(),
            (*self.more, self.number, other.number),
        )


class Table(NamedTuple):
    """One candidate table: `columns` maps a role (stt, label, unit, value, note) to its column."""

    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    rows: tuple[TableRow, ...]


def find_tables(sheet: Sheet, form: Form) -> Iterator[Table]:
    """Yield the table of the sheet, if its header is found. The rows reach to the end of the sheet."""
    titles = prepared(form)
    numbers = list(sheet.rows)
    for index, number in enumerate(numbers):
        columns, last = _header(sheet, numbers[index : index + MAX_HEADER_ROWS], titles)
        if columns is not None:
            heads = _header_texts(sheet, number, last)
            rows = tuple(_rows(sheet, numbers, last, columns, heads, titles))
            yield Table(sheet, number, columns, rows)
            return


def _roles_in_row(sheet: Sheet, number: int, titles: Prepared) -> dict[str, int]:
    roles: dict[str, int] = {}
    for column, cell in sheet.rows[number].items():
        if isinstance(cell.value, str) and len(cell.value) < 200:
            role = titles.role(cell.value)
            if role and role not in roles:
                roles[role] = column
    return roles


def _header(sheet: Sheet, numbers: list[int], titles: Prepared) -> tuple[dict[str, int] | None, int]:
    """The columns of a header that starts in the first of these rows, and its last row; None if there is none."""
    first = _roles_in_row(sheet, numbers[0], titles)
    if "label" not in first or len(first) < 2:
        return None, 0
    columns, last = dict(first), numbers[0]
    for number in numbers[1:]:
        below = _roles_in_row(sheet, number, titles)
        if number - last > 1 or not below or "label" in below:
            break
        columns.update(below)
        last = number
    group = columns.pop("group", None)
    if group is not None:
        columns.setdefault("value", group)
    return (columns, last) if "value" in columns else (None, 0)


def _header_texts(sheet: Sheet, first: int, last: int) -> frozenset[str]:
    return frozenset(
        str(cell.value) for number in range(first, last + 1) for cell in sheet.rows.get(number, {}).values()
    )


def _rows(
    sheet: Sheet,
    numbers: list[int],
    last_header: int,
    columns: Mapping[str, int],
    heads: frozenset[str],
    titles: Prepared,
) -> Iterator[TableRow]:
    stt, label, unit = columns.get("stt", 0), columns["label"], columns.get("unit", 0)
    value, note = columns["value"], columns.get("note", 0)
    merged = _merged_into(sheet.merges, value)
    for number in numbers:
        if number <= last_header:
            continue
        cells = sheet.rows[number]
        get = cells.get
        row = TableRow(
            number,
            _text(get(stt)),
            _text(get(label)),
            _text(get(unit)),
            get(value) or (_merged_value(get(merged[number]), unit) if number in merged else None),
            _text(get(note)) if note in cells else "",
        )
        if row.value is not None and row.value.column == unit:
            row = row._replace(unit="")
        says_something = bool(row.label or row.stt) or row.value is not None
        if says_something and not _is_header(cells, row, heads, titles):
            yield row


def _merged_into(merges: tuple[Range, ...], column: int) -> dict[int, int]:
    """Row → the column that holds the value, where the value cell is the hidden part of a merge across columns."""
    return {
        row: merge.left
        for merge in merges
        if merge.left < column <= merge.right
        for row in range(merge.top, merge.bottom + 1)
    }


def _merged_value(cell: Cell | None, unit: int) -> Cell | None:
    """What stands in a merge over the value cell; a printed unit there is the unit, not a value."""
    if cell is None or cell.column != unit or not isinstance(cell.value, str):
        return cell
    return cell if any(letter.isdigit() for letter in cell.value) else None


def _is_header(cells: Mapping[int, Cell], row: TableRow, heads: frozenset[str], titles: Prepared) -> bool:
    """A page header repeated, or the row "1 2 3 4 5" (or "A B 1 2") that numbers the columns."""
    if len(row.label) > 3 and row.label not in heads and titles.role(row.label) is None:
        return False  # the common case: a label is no title
    texts = [cell.value for cell in cells.values() if isinstance(cell.value, str)]
    if texts and all(text in heads for text in texts):
        return True
    if row.label and len(row.label) <= 3 and row.label.strip("()").isalnum():
        return True
    return len(texts) > 1 and sum(titles.role(text) is not None for text in texts if len(text) < 200) >= 2


def _text(cell: Cell | None) -> str:
    """What a cell of the printed part says; a number in the STT column as Excel shows it."""
    if cell is None:
        return ""
    value = cell.value
    if type(value) is str:
        return clean(value)
    return "" if value is None else str(value)
