"""The table of a sheet: its columns, and its rows as they stand.

The table is found by the titles of its columns (`header`, `candidates`). Repeated page headers and the row of column
numbers under the header are dropped here, and a header with other titles begins a section (`sections`); what a row
means is decided in `align`, and which of several columns holds the figures in `columns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_excel.form import Form
from cchc_excel.grid import Cell, Sheet, merged_rows
from cchc_excel.reading.candidates import LONGEST_NUMBER, columns_of, numbers_the_columns, printed_text
from cchc_excel.reading.columns import FigureColumn, is_title_alone
from cchc_excel.reading.header import (
    LONGEST_TITLE,
    MOST_ROWS,
    Header,
    find_header,
    header_at,
    header_texts,
    titles_above,
)
from cchc_excel.reading.sections import Section, rows_between, sections_below, settled
from cchc_excel.reading.vocabulary import Vocabulary, vocabulary_of
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import clean, fold


class TableRow(NamedTuple):
    """One row of the table as it stands. `number` is its row on the sheet; joined rows list the others in `more`."""

    number: int
    stt: str
    label: str
    unit: str
    value: Cell | None
    note: str
    more: tuple[int, ...] = ()

    @property
    def text_for_value(self) -> str:
        """The text in the value cell; empty where a number, a formula or nothing stands there."""
        cell = self.value
        return clean(cell.value) if cell is not None and isinstance(cell.value, str) and cell.formula is None else ""

    def joined(self, other: TableRow) -> TableRow:
        """This row continued by `other`, which a page break tore off; the number is that of the row with the figure."""
        with_value = other if self.value is None and other.value is not None else self
        return TableRow(
            number=with_value.number,
            stt=self.stt or other.stt,
            label=f"{self.label} {other.label}".strip(),
            unit=self.unit or other.unit,
            value=with_value.value,
            note=f"{self.note} {other.note}".strip(),
            more=(*self.more, self.number, other.number),
        )


class Table(NamedTuple):
    """One candidate table: `columns` maps a role (stt, label, unit, value, note) to its column.

    `figures` are the columns that may hold the figures, where it is not just the one that the form names: until one
    is chosen, `columns["value"]` is the first of them. `sections` are there where a header within the table has other
    titles. `put_right` are the rows of which another column holds another figure, and `correcting` these columns.
    `moved` are rows whose figures stand in another column than those above them, and `moved_to` is that column.
    """

    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    rows: tuple[TableRow, ...]
    last_header: int = 0
    figures: tuple[FigureColumn, ...] = ()
    sections: tuple[Section, ...] = ()
    put_right: frozenset[int] = frozenset()
    correcting: tuple[FigureColumn, ...] = ()
    moved: frozenset[int] = frozenset()
    moved_to: int = 0

    def value_column(self, number: int) -> int:
        """The column in which the value cell of a row stands."""
        section = self.section_of(number)
        return self.columns["value"] if section is None else section.columns["value"]

    def section_of(self, number: int) -> Section | None:
        """The section that a row stands in; None for those under the table's own header."""
        above = (section for section in reversed(self.sections) if section.header.first <= number)
        return next(above, None)

    def is_unread(self, number: int) -> bool:
        """Whether the figure of a row is not certain: by the titles over it, or since it was put right or moved."""
        section = self.section_of(number)
        return number in self.put_right or number in self.moved or (section is not None and bool(section.unread))

    @property
    def own_title(self) -> FigureColumn:
        """The column of figures that was read, with all that the table's own header says over it."""
        column = self.columns["value"]
        over = titles_above(self.sheet, Header(self.header_row, self.last_header, self.columns)).get(column, ())
        return FigureColumn(column, " – ".join(over), own=True, filled=True)


def find_tables(sheet: Sheet, form: Form) -> Iterator[Table]:
    """Yield the table of the sheet, if its header is found. The rows reach to the end of the sheet."""
    vocabulary = vocabulary_of(form)
    header = find_header(sheet, vocabulary)
    if header is None:
        return
    columns, figures = columns_of(sheet, header, vocabulary)
    if figures:
        columns["value"] = figures[0].column
    if "value" not in columns:
        return
    rows, again = _rows_below(sheet, header.first, header.last, columns, vocabulary)
    sections = sections_below(sheet, header, columns, again, vocabulary) if again else ()
    table = Table(sheet, header.first, columns, rows, header.last, figures, sections)
    yield _in_sections(table, header, vocabulary) if sections else table


def _in_sections(table: Table, header: Header, vocabulary: Vocabulary) -> Table:
    """The table whose header speaks of the rows above its first section alone."""
    own = rows_between(table.sheet, 1, table.sections[0].header.first)
    columns, figures = columns_of(own, header, vocabulary)
    if figures:
        columns["value"] = figures[0].column
    if "value" in columns:
        table = table._replace(columns=columns, figures=figures)
    return _read_anew(table, vocabulary)


def with_figures_in(table: Table, column: FigureColumn, form: Form) -> Table:
    """The same table, its figures read from this one of its columns."""
    columns = {**table.columns, "value": column.column}
    return _read_anew(table._replace(columns=columns, figures=(column,)), vocabulary_of(form))


def put_right_in_part(table: Table, columns: Sequence[FigureColumn]) -> Table | None:
    """The table with the rows of which these columns hold another figure; None if they do in more than half of them.

    A blank in a column that is nearly full may say that the figure does not count.
    """
    filled = [row for row in table.rows if row.value is not None]
    others = {row.number: [table.sheet.cell(row.number, it.column) for it in columns] for row in table.rows}
    corrected = [number for number, cells in others.items() if any(cell is not None for cell in cells)]
    if 2 * len(corrected) > len(filled):
        return None
    differing = frozenset(
        row.number
        for row in table.rows
        for cell in others[row.number]
        if cell is not None and (row.value is None or cell.value is None or cell.value != row.value.value)
    )
    return table._replace(put_right=differing, correcting=tuple(columns))


def with_sections_settled(table: Table, title: FigureColumn, period: Period | None, form: Form) -> Table:
    """The same table, each of its sections read from the column that its own titles make certain for the period."""
    sections = settled(table.sections, title, table.columns, period)
    return _read_anew(table._replace(sections=sections), vocabulary_of(form))


def _read_anew(table: Table, vocabulary: Vocabulary) -> Table:
    sheet, sections = table.sheet, table.sections
    rows, _ = _rows_below(sheet, table.header_row, table.last_header, table.columns, vocabulary, sections)
    return table._replace(rows=rows)


def table_without_header(sheet: Sheet, like: Table, form: Form) -> Table:
    """The rows of a sheet as if its table began at the top and had the columns of another, with their titles."""
    vocabulary = vocabulary_of(form)
    rows, _ = _rows_below(sheet, 0, 0, like.columns, vocabulary)
    return Table(sheet, 0, like.columns, rows, figures=_figures_under(sheet, like, vocabulary))


def _figures_under(sheet: Sheet, like: Table, vocabulary: Vocabulary) -> tuple[FigureColumn, ...]:
    """The columns that may hold the figures of a sheet under the titles of another, in which one may be blank."""
    header = header_at(like.sheet, like.header_row, vocabulary)
    if header is None:
        return like.figures
    titles = {number: cells for number, cells in like.sheet.rows.items() if header.first <= number <= header.last}
    below = {header.last + number: cells for number, cells in sheet.rows.items()}
    _, figures = columns_of(replace(like.sheet, rows=titles | below), header, vocabulary)
    known = {figure.column for figure in like.figures}
    return (*like.figures, *(figure for figure in figures if figure.column not in known))


def _rows_below(
    sheet: Sheet,
    first: int,
    last: int,
    columns: Mapping[str, int],
    vocabulary: Vocabulary,
    sections: Sequence[Section] = (),
) -> tuple[tuple[TableRow, ...], list[int]]:
    """The rows under a header that stands in the rows `first` to `last`, and the numbers of those that are titles."""
    heads = header_texts(sheet, first, last)
    beside = _columns_beside_labels(sheet, columns, last)
    merged = _merged_into(sheet, columns["value"])
    begin = {section.header.first: section for section in sections}
    found: list[TableRow] = []
    titles: list[int] = []
    last_title = last
    for number, cells in sheet.rows.items():
        if number <= last:
            continue
        if number in begin:
            columns, last_title = begin[number].columns, begin[number].header.last
            merged = _merged_into(sheet, columns["value"])
        row = _row(number, cells, columns, beside, merged.get(number))
        if beside and row.label and not vocabulary.labels.candidates(row.label):
            row = _with_label_beside(row, cells, beside, vocabulary)
        says_something = bool(row.label or row.stt) or row.value is not None
        if not says_something:
            continue
        is_titled = is_title_alone(row.text_for_value)
        if _is_header(cells, row, heads, vocabulary, is_titled=is_titled):
            if not numbers_the_columns(cells):
                titles.append(number)
        elif is_titled and _takes_no_value(row, vocabulary):
            titles.append(number)
            if row.label:
                found.append(row)
        elif number > last_title:
            found.append(row)
    return tuple(found), titles


def _row(
    number: int, cells: Mapping[int, Cell], columns: Mapping[str, int], beside: range, merged: int | None
) -> TableRow:
    """One row as it stands; `merged` is the column of a merge that covers the value cell."""
    get, unit = cells.get, columns.get("unit", 0)
    value = get(columns["value"])
    if value is None and merged is not None:
        value = _merged_value(get(merged), unit)
    is_over_unit = value is not None and value.column == unit
    return TableRow(
        number=number,
        stt=printed_text(get(columns.get("stt", 0))),
        label=printed_text(get(columns["label"])) or _first_words(cells, beside),
        unit="" if is_over_unit else printed_text(get(unit)),
        value=value,
        note=printed_text(get(columns.get("note", 0))),
    )


def _with_label_beside(row: TableRow, cells: Mapping[int, Cell], columns: range, vocabulary: Vocabulary) -> TableRow:
    """The row under the label of the form that stands in the column beside: `Trong đó` | `UBND tỉnh`."""
    label = _first_words(cells, columns)
    return row._replace(label=label) if vocabulary.labels.candidates(label) else row


def _first_words(cells: Mapping[int, Cell], columns: range) -> str:
    """The first text that holds a letter in these columns; empty if there is none."""
    texts = (_words(cells.get(column)) for column in columns)
    return next(filter(None, texts), "")


def _columns_beside_labels(sheet: Sheet, columns: Mapping[str, int], last_header: int) -> range:
    """The columns right of the labels that have no title: the labels of the lower rows may stand in them."""
    label = columns["label"]
    end = min((column for column in columns.values() if column > label), default=label + 1)
    titles = range(max(last_header - MOST_ROWS, 1), last_header + 1)
    between = range(label + 1, end)
    titled = (column for column in between if any(sheet.cell(row, column) is not None for row in titles))
    return range(label + 1, next(titled, end))


def _words(cell: Cell | None) -> str:
    """What a cell says if it is a text that holds a letter."""
    return clean(cell.value) if cell is not None and isinstance(cell.value, str) and fold(cell.value) else ""


def _merged_into(sheet: Sheet, column: int) -> dict[int, int]:
    """Row → the column that holds the value, where the value cell is the hidden part of a merge across columns."""
    across = (merge for merge in sheet.merges if merge.left < column <= merge.right)
    return {row: merge.left for merge, rows in merged_rows(across, sheet.rows) for row in rows}


def _merged_value(cell: Cell | None, unit: int) -> Cell | None:
    """What stands in a merge over the value cell; a printed unit there is the unit, not a value."""
    if cell is None or cell.column != unit or not isinstance(cell.value, str):
        return cell
    return cell if any(letter.isdigit() for letter in cell.value) else None


def _is_header(
    cells: Mapping[int, Cell], row: TableRow, heads: frozenset[str], vocabulary: Vocabulary, *, is_titled: bool
) -> bool:
    """A page header repeated, or the row "1 2 3 4 5" (or "A B 1 2") that numbers the columns.

    `is_titled` says that the text in its value cell is a title.
    """
    is_long = len(row.label) > LONGEST_NUMBER and row.label not in heads and vocabulary.role(row.label) is None
    if is_long and not row.text_for_value:
        return False  # the common case: a label is no title
    if not is_long and numbers_the_columns(cells):
        return True
    texts = [cell.value for cell in cells.values() if isinstance(cell.value, str)]
    if texts and all(text in heads for text in texts):
        return True
    known = sum(vocabulary.role(text) is not None for text in texts if len(text) < LONGEST_TITLE)
    is_of_no_row = is_titled and not vocabulary.labels.candidates(row.label)
    return len(texts) > 1 and known >= (1 if is_of_no_row else 2)


def _takes_no_value(row: TableRow, vocabulary: Vocabulary) -> bool:
    """Whether a row is a heading or a line of its own, so that a title in its value cell is one for those below."""
    if not row.label:
        return True
    labels = vocabulary.labels
    rows = [labels.indicators[place] for place in labels.candidates(row.label)]
    return bool(rows) and not any(indicator.is_entry for indicator in rows)
