"""Rows that go on without titles, with their figures in another column than the rows above them.

In:     the tables of a form and their matched rows, in the order of the sheets.
Out:    the tables with these rows told: what stands in their value cells is another column's.
Never:  takes the figures from where they moved to: that they are the figures is only likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.grid import Cell
from cchc_excel.reading.align import Alignment, Match
from cchc_excel.reading.header import Header, titles_above
from cchc_excel.reading.table import Table

__all__ = ["is_figure", "with_rows_moved"]

LEAST = 5  # rows with a figure, above where the figures move and below it
FURTHER = 2  # columns without a title behind the figures that are looked at


class _Row(NamedTuple):
    """One row that takes a value, of the table at this place."""

    table: int
    match: Match
    columns: Mapping[str, int]

    @property
    def is_filled(self) -> bool:
        return self.match.row.value is not None


def is_figure(text: str) -> bool:
    """Whether a text of a cell is a figure and nothing else."""
    return text.strip().rstrip("%").replace(".", "").replace(",", "").isdigit()


def with_rows_moved(parts: Sequence[tuple[Table, Alignment]]) -> tuple[Table, ...]:
    """Return the tables of the parts, those in which figures moved with the rows from there on."""
    tables = [table for table, _ in parts]
    if sum(_figures_beside(table, alignment) for table, alignment in parts) < LEAST:
        return tuple(tables)  # the common case, at the cost of one look at the notes
    for group in _under_one_header(parts):
        for column in _columns_beside(group, tables[group[0].table]):
            first = _first_moved([row.is_filled for row in group], [_has_figure(row, column, tables) for row in group])
            for row in group[first:] if first is not None else ():
                table = tables[row.table]
                moved = table.moved | {row.match.row.number}
                tables[row.table] = table._replace(moved=moved, moved_to=column)
    return tuple(tables)


def _figures_beside(table: Table, alignment: Alignment) -> int:
    """How many rows may have a figure in a column into which figures move."""
    in_notes = sum(is_figure(match.row.note) for match in alignment.matches if match.row.note)
    free = [
        column for column in _free(table.columns, table) if any(column in cells for cells in table.sheet.rows.values())
    ]
    return in_notes + (len(alignment.matches) if free else 0)


def _free(columns: Mapping[str, int], table: Table) -> Iterator[int]:
    """The next columns right of the figures, up to the notes, that no title of the form names."""
    value = columns["value"]
    end = min(columns.get("note", 0), value + FURTHER) if columns.get("note", 0) > value else value + FURTHER
    taken = {*columns.values(), *(figure.column for figure in table.figures)}
    return (column for column in range(value + 1, end + 1) if column not in taken)


def _under_one_header(parts: Sequence[tuple[Table, Alignment]]) -> Iterator[list[_Row]]:
    """The rows under each header; on a sheet that repeats none they go on."""
    group: list[_Row] = []
    section = None
    for place, (table, alignment) in enumerate(parts):
        rows = [match for match in alignment.matches if match.indicator.is_entry]
        for match in sorted(rows, key=lambda match: match.row.number):
            own = table.section_of(match.row.number)
            is_new = own is not section or (table.header_row and group and group[-1].table != place)
            if is_new and group:
                yield group
                group = []
            section = own
            group.append(_Row(place, match, table.columns if own is None else own.columns))
    if group:
        yield group


def _columns_beside(group: Sequence[_Row], table: Table) -> Iterator[int]:
    """The columns right of the figures into which they may have moved: of notes, or without a title."""
    columns = group[0].columns
    if columns.get("note", 0) > columns["value"]:
        yield columns["note"]
    free = list(_free(columns, table))
    if free:
        titles = titles_above(table.sheet, Header(table.header_row, table.last_header, table.columns))
        yield from (column for column in free if column not in titles)


def _has_figure(row: _Row, column: int, tables: Sequence[Table]) -> bool:
    cell: Cell | None = tables[row.table].sheet.cell(row.match.row.number, column)
    if cell is None or isinstance(cell.value, bool):
        return False
    return is_figure(cell.value) if isinstance(cell.value, str) else isinstance(cell.value, int | float)


def _first_moved(filled: Sequence[bool], beside: Sequence[bool]) -> int | None:
    """The place from which on nearly all rows have a figure in another column, though none above has; None if none."""
    first = None
    moved = seen = 0
    for place in range(len(beside) - 1, -1, -1):
        moved += beside[place]
        seen += beside[place] or filled[place]
        if beside[place] and moved >= LEAST and 4 * moved >= 3 * seen:
            first = place
    if first is None:
        return None
    is_column_of_others = 10 * sum(beside[:first]) > sum(filled[:first])
    return None if is_column_of_others or sum(filled[:first]) < LEAST else first
