"""How a workbook was understood: which column was taken for what, which row for which indicator, and why.

In:     a Reading and the form.
Out:    an Inspection: plain facts, in the order of the sheets.
Never:  decides anything: what it tells was decided in `table`, `columns`, `align` and `entries`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from cchc_excel.form import Form
from cchc_excel.grid import column_letters
from cchc_excel.reading.align import Match, MatchedBy, matched_by
from cchc_excel.reading.parts import ReadPart
from cchc_excel.reading.recognise import Reading
from cchc_excel.reading.table import TableRow
from cchc_excel.reading.vocabulary import Vocabulary, vocabulary_of
from cchc_excel.submission import CellAddress, Entry
from cchc_excel.vietnamese.text import clean

__all__ = ["ColumnBy", "ColumnSeen", "Inspection", "LeftBy", "LeftRow", "PartSeen", "RowSeen", "inspection_of"]

LONGEST = 300  # letters of a label that are shown


class ColumnBy(StrEnum):
    """Why a column was taken for what it holds.

    TITLE     its title is one that the form knows
    CONTENTS  the form's units stand in it
    PERIOD    of several columns of figures, its title names the period or its results
    ALONE     it is the only column that can hold the figures
    NOTHING   several columns may hold the figures, and no title decides
    """

    TITLE = "title"
    CONTENTS = "contents"
    PERIOD = "period"
    ALONE = "alone"
    NOTHING = "nothing"


class LeftBy(StrEnum):
    """Why a row was left: no indicator has its label, several have, or another row was taken for that indicator."""

    UNKNOWN = "unknown"
    UNCLEAR = "unclear"
    REPEATED = "repeated"


class ColumnSeen(NamedTuple):
    """A column with its role in the form (`stt`, `label`, `unit`, `value`, `note`); "" for one that was not read."""

    role: str
    letter: str
    title: str
    by: ColumnBy | None


class RowSeen(NamedTuple):
    """A row of the sheet and the indicator that it was taken for. `score` is how alike the labels are, 0 to 100."""

    row: int
    label: str
    indicator: str
    by: MatchedBy
    score: int
    entry: Entry | None


class LeftRow(NamedTuple):
    """A row that was taken for no indicator; `indicators` are those it may have been."""

    cell: CellAddress
    label: str
    by: LeftBy
    indicators: tuple[str, ...] = ()


class PartSeen(NamedTuple):
    """One table: where its titles stand, its columns and its rows."""

    sheet: str
    first_title: int
    last_title: int
    columns: tuple[ColumnSeen, ...]
    rows: tuple[RowSeen, ...]
    left: tuple[LeftRow, ...]


class Inspection(NamedTuple):
    """All parts of the form, and the rows of the form that stand on none of them."""

    parts: tuple[PartSeen, ...]
    missing: tuple[str, ...]


def inspection_of(reading: Reading, form: Form) -> Inspection:
    """Return how the workbook was understood; no parts where no form was found."""
    if reading.submission is None:
        return Inspection((), ())
    entries = reading.submission.entries
    missing = tuple(row.id for row in form.entries if row.id not in entries)
    return Inspection(tuple(_part(part, reading, form) for part in reading.parts), missing)


def _part(part: ReadPart, reading: Reading, form: Form) -> PartSeen:
    table, vocabulary = part.table, vocabulary_of(form)
    rows = sorted(part.alignment.matches, key=lambda match: match.row.number)
    return PartSeen(
        sheet=table.sheet.name,
        first_title=table.header_row,
        last_title=table.last_header,
        columns=tuple(_columns(part, vocabulary)),
        rows=tuple(_row(match, reading, vocabulary) for match in rows),
        left=tuple(sorted(_left(part), key=lambda it: it.cell.row)),
    )


def _columns(part: ReadPart, vocabulary: Vocabulary) -> Iterator[ColumnSeen]:
    others = {column.column: column.title for column in part.figures}
    by_column = {column: role for role, column in part.table.columns.items()}
    for column in sorted(others.keys() | by_column.keys()):
        texts = _titles(part, column)
        role = by_column.get(column, "")
        title = others.get(column) or " – ".join(texts)
        is_own = any(vocabulary.role(text) == role for text in texts)
        yield ColumnSeen(role, column_letters(column), title[:LONGEST], _why(part, role, is_own=is_own))


def _titles(part: ReadPart, column: int) -> list[str]:
    table = part.table
    cells = (table.sheet.cell(row, column) for row in range(table.header_row, table.last_header + 1))
    texts = (clean(cell.value) for cell in cells if cell is not None and isinstance(cell.value, str))
    return list(dict.fromkeys(texts))


def _why(part: ReadPart, role: str, *, is_own: bool) -> ColumnBy | None:
    if role == "":
        return None
    if role == "value":
        if part.choice.rivals:
            return ColumnBy.NOTHING
        if len(part.figures) > 1:
            return ColumnBy.PERIOD
        return ColumnBy.TITLE if is_own or not part.figures else ColumnBy.ALONE
    return ColumnBy.TITLE if is_own else ColumnBy.CONTENTS


def _row(match: Match, reading: Reading, vocabulary: Vocabulary) -> RowSeen:
    entries = reading.submission.entries if reading.submission is not None else {}
    by, score = matched_by(match, vocabulary.labels), round(100 * match.score)
    label = match.row.label[:LONGEST]
    return RowSeen(match.row.number, label, match.indicator.id, by, score, entries.get(match.indicator.id))


def _left(part: ReadPart) -> Iterator[LeftRow]:
    table, alignment = part.table, part.alignment

    def at(row: TableRow) -> CellAddress:
        return CellAddress(table.sheet.name, row.number, table.columns["label"])

    for row in alignment.extra:
        if row.label:
            yield LeftRow(at(row), row.label[:LONGEST], LeftBy.UNKNOWN)
    for row, indicators in alignment.unclear:
        yield LeftRow(at(row), row.label[:LONGEST], LeftBy.UNCLEAR, tuple(it.id for it in indicators))
    for match in alignment.repeated:
        yield LeftRow(at(match.row), match.row.label[:LONGEST], LeftBy.REPEATED, (match.indicator.id,))
