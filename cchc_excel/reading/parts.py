"""The parts of the form with their columns of figures chosen, and what is to be said of sheets and titles.

In:     the tables of the form as `sheets` found them, and the period reported on.
Out:    each part read from the column that the titles make certain, and findings on sheets, titles and sections.
Never:  looks at what a figure is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form
from cchc_excel.grid import column_letters
from cchc_excel.reading.align import Alignment, align
from cchc_excel.reading.columns import Choice, FigureColumn, choose, other_period
from cchc_excel.reading.common_unit import common_unit_findings
from cchc_excel.reading.heading import Heading, period_in_sheet_name
from cchc_excel.reading.moved import with_rows_moved
from cchc_excel.reading.notice import notice
from cchc_excel.reading.sheets import OnSheets, Part, names_of
from cchc_excel.reading.table import Table, put_right_in_part, with_figures_in, with_sections_settled
from cchc_excel.reading.vocabulary import vocabulary_of
from cchc_excel.submission import CellAddress, Period

__all__ = ["ReadPart", "column_taken", "rows_moved", "sheet_findings", "title_findings", "with_its_figures"]


class ReadPart(NamedTuple):
    """One part of the form with its column of figures chosen, as far as the titles allow; `figures` are all of them."""

    table: Table
    alignment: Alignment
    choice: Choice
    figures: tuple[FigureColumn, ...]


def with_its_figures(part: Part, period: Period | None, form: Form) -> ReadPart:
    """Return the part with its rows read from the column that the titles make certain for the period.

    A column that puts right some figures of another one leaves that one certain in all other rows.
    """
    table, alignment = part.table, part.alignment
    choice = choose(table.figures, period)
    if choice.first is not None:
        corrections = [column for column in choice.rivals if column is not choice.first]
        put_right = put_right_in_part(with_figures_in(table, choice.first, form), corrections)
        if put_right is not None:
            table, choice = put_right, Choice(choice.first)
    if choice.taken is not None and len(table.figures) > 1:
        table = with_figures_in(table, choice.taken, form)
    if table.sections and not choice.rivals:
        table = with_sections_settled(table, choice.taken or table.own_title, period, form)
    if table is not part.table:
        alignment = align(table.rows, vocabulary_of(form).labels)
    return ReadPart(table, alignment, choice, part.table.figures)


def rows_moved(parts: Sequence[ReadPart]) -> list[ReadPart]:
    """Return the parts with the rows told whose figures stand in another column than those above them."""
    tables = with_rows_moved([(part.table, part.alignment) for part in parts])
    return [part._replace(table=table) for part, table in zip(parts, tables, strict=True)]


def sheet_findings(found: OnSheets, heading: Heading) -> Iterator[Finding]:
    """S20 and S48 to S50: on which sheets the form was found, and where a sheet's name tells another period."""
    for name in found.hidden:
        yield notice("S20", cells=(CellAddress(name, 1, 1),), facts={"where": ("sheet", name)})
    names = names_of(found.parts)
    if len(names) > 1:
        yield notice("S48", cells=tuple(_top(part.table) for part in found.parts), facts={"sheets": names})
    if found.passed_over:
        facts: dict[str, Fact] = {"taken": names[0], "others": found.passed_over}
        yield notice("S49", cells=(_top(found.parts[0].table),), facts=facts)
    named = period_in_sheet_name(names[0], heading.period) if len(names) == 1 else None
    if named is not None and heading.period is not None and named != heading.period:
        facts = {"sheet": names[0], "first": str(named), "second": str(heading.period)}
        yield notice("S50", cells=(_top(found.parts[0].table),), facts=facts)


def _top(table: Table) -> CellAddress:
    return CellAddress(table.sheet.name, max(table.header_row, 1), 1)


def title_findings(parts: Sequence[ReadPart], period: Period | None, form: Form) -> Iterator[Finding]:
    """S44 to S46 and S52 to S54: what is to be said of titles, and of what stands over or beside figures."""
    is_told = False  # a sheet that repeats no titles has those of the sheet before
    for part in parts:
        if part.table.header_row or not is_told:
            yield from _of_titles(part, period, form)
        is_told = bool(part.choice.rivals)
    for part in parts:
        yield from _of_sections(part)
    for part in parts:
        yield from _put_right(part)
    yield from common_unit_findings([(part.table, part.alignment) for part in parts])


def column_taken(part: ReadPart) -> Iterator[Finding]:
    """S43: which of several columns of figures was read."""
    taken = part.choice.taken
    if part.table.header_row and taken is not None and len(part.figures) > 1:
        others = tuple(_called(column) for column in part.figures if column is not taken)
        facts: dict[str, Fact] = {"taken": _called(taken), "others": others}
        yield notice("S43", cells=(_title_cell(part.table, taken),), facts=facts)


def _of_titles(part: ReadPart, period: Period | None, form: Form) -> Iterator[Finding]:
    """What is to be said where titles do not decide, or where one is not the form's."""
    table, choice = part.table, part.choice
    if choice.rivals:
        cells = tuple(_title_cell(table, column) for column in choice.rivals)
        yield notice("S44", cells=cells, facts={"columns": tuple(map(_called, choice.rivals))})
    elif choice.taken is not None and table.header_row:
        named = other_period(choice.taken, period)
        if not choice.taken.own and len(part.figures) == 1:
            expected = next(column.title for column in form.columns if column.role == "value")
            facts: dict[str, Fact] = {"column": _called(choice.taken), "title": expected}
            yield notice("S45", cells=(_title_cell(table, choice.taken),), facts=facts)
        if named is not None:
            facts = {"column": _called(choice.taken), "first": str(named), "second": str(period)}
            yield notice("S46", cells=(_title_cell(table, choice.taken),), facts=facts)


def _of_sections(part: ReadPart) -> Iterator[Finding]:
    """S52: a header within the table gives the figures below it a title that does not make them the period's."""
    table = part.table
    for section in table.sections:
        below = [it for it in part.alignment.matches if table.section_of(it.row.number) is section]
        named = tuple(match.indicator.id for match in below if match.indicator.is_entry)
        if section.unread and named:
            of_table = _title_cell(table, table.own_title)
            header = section.header
            under = table._replace(header_row=header.first, last_header=header.last)
            of_section = [_title_cell(under, column) for column in section.unread]
            if section.line is not None:
                of_section = [CellAddress(table.sheet.name, section.line.row, section.line.column)]
            facts: dict[str, Fact] = {
                "first": _quoted(of_table, table.own_title),
                "second": tuple(map(_quoted, of_section, section.unread)),
                "count": len(named),
            }
            yield notice("S52", named, (*of_section, of_table), facts=facts)


def _put_right(part: ReadPart) -> Iterator[Finding]:
    """S54: of some rows another column, in which somebody put figures right, holds another figure."""
    table, taken = part.table, part.choice.taken
    rows = [it for it in part.alignment.matches if it.row.number in table.put_right and it.indicator.is_entry]
    if taken is not None and rows:
        columns = (taken, *table.correcting)
        cells = tuple(
            CellAddress(table.sheet.name, match.row.number, column.column)
            for match in rows
            for column in columns
            if table.sheet.cell(match.row.number, column.column) is not None
        )
        facts: dict[str, Fact] = {
            "first": _called(taken),
            "second": tuple(map(_called, table.correcting)),
            "count": len(rows),
        }
        yield notice("S54", tuple(match.indicator.id for match in rows), cells, facts=facts)


def _quoted(cell: CellAddress, column: FigureColumn) -> str:
    """A title by its cell: `E3 “Số liệu”`."""
    return f"{cell.local} “{column.title}”"


def _called(column: FigureColumn) -> str:
    """A column by its letter and its title: `E “Quý I/2023”`."""
    return f"{column_letters(column.column)} “{column.title}”" if column.title else column_letters(column.column)


def _title_cell(table: Table, column: FigureColumn) -> CellAddress:
    """The lowest cell of a column's title."""
    filled = (row for row in range(table.last_header, table.header_row, -1) if table.sheet.cell(row, column.column))
    return CellAddress(table.sheet.name, next(filled, max(table.header_row, 1)), column.column)
