"""Rows that go on without titles, with their figures in another column than the rows above them.

In:     the tables of a form and their matched rows, in the order of the sheets.
Out:    the tables with these rows told: what stands in their value cells is another column's.
Never:  takes the figures from where they moved to: that they are the figures is only likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cchc_excel.grid import Cell
from cchc_excel.reading.align import Alignment, Match, same_stt
from cchc_excel.reading.candidates import printed_text
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


def is_figure(text: str) -> bool:
    """Whether a text of a cell is a figure and nothing else."""
    return text.strip().rstrip("%").replace(".", "").replace(",", "").isdigit()


def with_rows_moved(parts: Sequence[tuple[Table, Alignment]]) -> tuple[Table, ...]:
    """Return the tables of the parts, those in which figures moved with the rows from there on."""
    tables = [table for table, _ in parts]
    if not _may_have_moved(parts):
        return tuple(tables)  # the common case, at the cost of one look at the rows
    for group in _under_one_header(parts):
        filled = [row.match.row.value is not None for row in group]
        for column, beside in _signs(group, tables):
            first = _first_moved(filled, beside)
            for row in group[first:] if first is not None else ():
                table = tables[row.table]
                moved = table.moved | {row.match.row.number}
                tables[row.table] = table._replace(moved=moved, moved_to=column)
    return tuple(tables)


def _may_have_moved(parts: Sequence[tuple[Table, Alignment]]) -> bool:
    """Whether a sheet repeats no titles, or enough rows have something in a column where it does not belong."""
    odd = 0
    for table, alignment in parts:
        if not table.header_row or any(
            any(column in cells for cells in table.sheet.rows.values()) for column in _free(table)
        ):
            return True
        for (_, stt, _, unit, _, note, _), indicator, _, _ in alignment.matches:
            odd += bool(note and is_figure(note)) or stt != indicator.stt or unit != indicator.unit
    return odd >= LEAST


def _free(table: Table) -> Iterator[int]:
    """The next columns right of the figures, up to the notes, that no title of the form names."""
    value, note = table.columns["value"], table.columns.get("note", 0)
    taken = {*table.columns.values(), *(figure.column for figure in table.figures)}
    end = min(note, value + FURTHER) if note > value and table.header_row else value + FURTHER
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


def _signs(group: Sequence[_Row], tables: Sequence[Table]) -> Iterator[tuple[int, list[bool]]]:
    """Each column into which the figures may have moved, and which rows show it.

    They show it by a figure in a column of notes or without a title, by one where the row's number should be, or by the
    form's unit in a column beside that of units, for then all columns behind it moved.
    """
    columns, first = group[0].columns, tables[group[0].table]
    value, unit, stt = (columns.get(role, 0) for role in ("value", "unit", "stt"))
    if columns.get("note", 0) > value and not _is_one_note(group, columns["note"], tables):
        yield columns["note"], [_has_figure(row, columns["note"], tables) for row in group]
    free = {column for row in group for column in _free(tables[row.table])}
    titles = titles_above(first.sheet, Header(first.header_row, first.last_header, first.columns)) if free else {}
    for column in sorted(free.difference(titles)):
        yield column, [_has_figure(row, column, tables) for row in group]
    if stt and not _is_numbering(group):
        yield stt, [_has_figure_for_number(row) for row in group]
    for step in (-1, 1, 2) if unit else ():
        yield value + step, [_has_unit(row, unit + step, tables) for row in group]


def _has_figure(row: _Row, column: int, tables: Sequence[Table]) -> bool:
    cell: Cell | None = tables[row.table].sheet.cell(row.match.row.number, column)
    if cell is None or isinstance(cell.value, bool):
        return False
    return is_figure(cell.value) if isinstance(cell.value, str) else isinstance(cell.value, int | float)


def _is_one_note(group: Sequence[_Row], column: int, tables: Sequence[Table]) -> bool:
    """Whether the figures among the notes are one and the same beside figures that differ: `2023`, `100%`."""
    rows = [row for row in group if _has_figure(row, column, tables)]
    cells = [tables[row.table].sheet.cell(row.match.row.number, column) for row in rows]
    notes = set(map(printed_text, cells))
    values = [row.match.row.value for row in rows]
    return len(notes) == 1 and notes != {"0"} and None not in values and len(set(map(printed_text, values))) > 1


def _is_numbering(group: Sequence[_Row]) -> bool:
    """Whether the figures in the place of the rows' numbers go up from row to row: `1`, `2`, `3`."""
    texts = [row.match.row.stt for row in group if _has_figure_for_number(row)]
    numbers = [int(text) for text in texts if text.isdecimal()]
    return len(numbers) == len(texts) and all(one < other for one, other in pairwise(numbers))


def _has_figure_for_number(row: _Row) -> bool:
    """Whether a figure stands where the row's number should, and none or that number where the figure should."""
    stt, value, indicator = row.match.row.stt, row.match.row.value, row.match.indicator
    has_no_figure = value is None or same_stt(printed_text(value), indicator)
    return has_no_figure and is_figure(stt) and not same_stt(stt, indicator)


def _has_unit(row: _Row, column: int, tables: Sequence[Table]) -> bool:
    """Whether the row's unit stands in this column, and not where the units of the table stand."""
    cell = tables[row.table].sheet.cell(row.match.row.number, column)
    own = row.match.indicator.unit
    return cell is not None and cell.value == own and row.match.row.unit != own


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
