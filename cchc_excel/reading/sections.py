"""Headers that stand once more within the table: their own titles say what the rows below them hold.

In:     a sheet, the header of its table, and the rows below it that look like titles.
Out:    the sections of the table whose titles are not those of its header, each with its columns.
Never:  takes figures from below a title that does not make them certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_excel.grid import Cell, Sheet
from cchc_excel.reading.candidates import columns_of
from cchc_excel.reading.columns import FigureColumn, choose, is_of_the_figures, speaks_of_another
from cchc_excel.reading.header import Header, header_at, titles_above
from cchc_excel.reading.scales import scale_of_title, scale_stated
from cchc_excel.reading.vocabulary import Vocabulary
from cchc_excel.submission import Period
from cchc_excel.vietnamese.reporting_unit import unit_stated
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.vietnamese.unit_names import NameKey, name_keys

MOST_LINES = 4  # above a header in the midst of a table: a letterhead of two lines, a title, a unit

__all__ = ["Section", "sections_below", "settled"]


class Section(NamedTuple):
    """The rows from a header on, to that of the next section.

    `figures` are the columns that may hold its figures; none where its titles are those of the table's own header.
    `unread` are those of them whose titles do not make it certain: then nothing is read here. `line` is a text right
    above the header that stands in for a title: `II. KẾ HOẠCH NĂM 2023`. Where it names another unit, nothing makes the
    figures certain. `has_its_titles` says that its titles are not those of the table's own header.
    """

    header: Header
    columns: Mapping[str, int]
    figures: tuple[FigureColumn, ...] = ()
    unread: tuple[FigureColumn, ...] = ()
    line: Cell | None = None
    is_of_another_unit: bool = False
    has_its_titles: bool = False


def sections_below(
    sheet: Sheet, first: Header, columns: Mapping[str, int], starts: Sequence[int], vocabulary: Vocabulary
) -> tuple[Section, ...]:
    """Return the sections that begin in these rows; none where all of them repeat the titles of the first header."""
    headers = list(_headers(sheet, columns, starts, vocabulary))
    above = titles_above(sheet, first)
    same = [_repeats(titles_above(sheet, header), above, vocabulary) for header in headers]
    heading = _Heading.of(sheet, first)
    lines = [_line_above(sheet, header, heading, vocabulary) for header in headers]
    if all(same) and not any(lines):
        return ()
    found = []
    for place, header in enumerate(headers):
        line = lines[place]
        if same[place]:
            section = Section(header, columns)
        else:
            end = headers[place + 1].first if place + 1 < len(headers) else max(sheet.rows) + 1
            rows = rows_between(sheet, header.first, end)
            section = _section(rows, header, columns, above, vocabulary)._replace(has_its_titles=True)
        found.append(section if line is None else _under_line(section, line))
    return tuple(found)


def _under_line(section: Section, line: _Line) -> Section:
    """The section under a line that says what its figures are; without titles of its own that is all that says it."""
    header = section.header._replace(first=line.cell.row)
    figures = section.figures if section.has_its_titles else (_of_line(line.cell, section.columns["value"]),)
    return section._replace(header=header, figures=figures, line=line.cell, is_of_another_unit=line.is_of_another_unit)


def _of_line(line: Cell, column: int) -> FigureColumn:
    """The column of figures with a line over it for its title."""
    title = clean(str(line.value))
    return FigureColumn(column, title, own=False, filled=True, titles=title)


class _Heading(NamedTuple):
    """What stands above the table: its texts, folded, and the name of the unit that they state."""

    texts: frozenset[str]
    name: tuple[NameKey, ...]

    @classmethod
    def of(cls, sheet: Sheet, first: Header) -> _Heading:
        above = (cells for row, cells in sheet.rows.items() if row < first.first)
        texts = [cell.value for cells in above for cell in cells.values() if isinstance(cell.value, str)]
        return cls(frozenset(map(fold, texts)), name_keys(unit_stated(texts).unit or "")[:1])

    def is_of_another_unit(self, line: str) -> bool:
        """Whether a line names a unit that is not the heading's."""
        unit = unit_stated([line]).unit
        return unit is not None and name_keys(unit)[:1] != self.name


class _Line(NamedTuple):
    """A line above a header in the midst of the table that says what the figures below it are."""

    cell: Cell
    is_of_another_unit: bool = False


def _line_above(sheet: Sheet, header: Header, heading: _Heading, vocabulary: Vocabulary) -> _Line | None:
    """The line above a header that says of whom, of what time or of what size the figures below are; else None.

    What the heading of the table says too is only printed on each page.
    """
    cells = [cell for cell in _lines_above(sheet, header, vocabulary) if fold(str(cell.value)) not in heading.texts]
    for cell in cells:
        if heading.is_of_another_unit(str(cell.value)):
            return _Line(cell, is_of_another_unit=True)
    for cell in cells:
        if speaks_of_another(str(cell.value)) or _is_of_a_size(str(cell.value)):
            return _Line(cell)
    return None


def _lines_above(sheet: Sheet, header: Header, vocabulary: Vocabulary) -> Iterator[Cell]:
    """The texts right above a header, from the lowest up, to the last row of the form or with a figure."""
    for number in range(header.first - 1, header.first - 1 - MOST_LINES, -1):
        cells = list(sheet.rows.get(number, {}).values())
        for cell in cells:
            if not isinstance(cell.value, str) or vocabulary.labels.candidates(clean(cell.value)):
                return
        yield from cells


def _is_of_a_size(line: str) -> bool:
    """Whether a line gives the figures below it another size: `Đơn vị tính: nghìn hồ sơ`; money has its own."""
    scale = scale_stated(line)
    return scale is not None and scale.factor != 1 and not scale.is_money


def rows_between(sheet: Sheet, first: int, end: int) -> Sheet:
    """The sheet with the rows from the first on, to before the end."""
    return replace(sheet, rows={number: cells for number, cells in sheet.rows.items() if first <= number < end})


def settled(
    sections: Sequence[Section], title: FigureColumn, columns: Mapping[str, int], period: Period | None
) -> tuple[Section, ...]:
    """The sections with their column of figures chosen; `title` and `columns` are those of the table's own header."""
    found = []
    for section in sections:
        if section.figures:
            section = _settled(section, title, period)
        has_its_columns = bool(section.figures) and section.has_its_titles
        found.append(section if has_its_columns else section._replace(columns=columns))
    return tuple(found)


def _settled(section: Section, title: FigureColumn, period: Period | None) -> Section:
    if section.line is not None and section.has_its_titles:
        of_line = _of_line(section.line, section.columns["value"])
        if section.is_of_another_unit or not _is_certain(of_line, period):
            return section._replace(unread=(of_line,))
        section = section._replace(line=None)
    choice = choose(section.figures, period)
    taken = choice.taken
    if taken is None:
        return section._replace(unread=choice.rivals)
    columns = {**section.columns, "value": taken.column}
    is_the_same = fold(taken.title) == fold(title.title)
    is_certain = (is_the_same or _is_certain(taken, period)) and not section.is_of_another_unit
    return section._replace(columns=columns, unread=() if is_certain else (taken,))


def _is_certain(figures: FigureColumn, period: Period | None) -> bool:
    """Whether a title makes a column one of the period's figures, in the size that the form asks for."""
    return is_of_the_figures(figures, period) and scale_of_title(figures.title) is None


def _headers(
    sheet: Sheet, columns: Mapping[str, int], starts: Sequence[int], vocabulary: Vocabulary
) -> Iterator[Header]:
    """The headers that begin in these rows; a row that has no title over the labels is read as the table's columns."""
    last = 0
    for number in starts:
        if number <= last:
            continue
        header = header_at(sheet, number, vocabulary)
        if header is None:
            header = Header(number, number, {role: at for role, at in columns.items() if role != "value"})
        last = header.last
        yield header


def _repeats(titles: Mapping[int, Sequence[str]], above: Mapping[int, Sequence[str]], vocabulary: Vocabulary) -> bool:
    """Whether each title stands over its column in the first header too, in the same words or in others of the form."""

    def meanings(texts: Sequence[str]) -> set[str]:
        sized = {fold(text) for text in texts if scale_stated(text) is not None}
        return sized | {vocabulary.role(text) or fold(text) for text in texts}

    return all(meanings(texts) <= meanings(above.get(column, ())) for column, texts in titles.items())


def _section(
    sheet: Sheet,
    header: Header,
    columns: Mapping[str, int],
    above: Mapping[int, Sequence[str]],
    vocabulary: Vocabulary,
) -> Section:
    """One section whose titles are not those of the table; a role that it does not name has the table's column."""
    own, figures = columns_of(sheet, header, vocabulary)
    if len(figures) < 2:
        place = figures[0].column if figures else own.get("value", columns["value"])
        figures = tuple(_alone(place, titles_above(sheet, header), above, is_own="value" in own and not figures))
    own["value"] = figures[0].column if figures else columns["value"]
    taken = set(own.values())
    rest = {role: column for role, column in columns.items() if role not in own and column not in taken}
    return Section(header, {**rest, **own}, figures)


def _alone(
    column: int, titles: Mapping[int, Sequence[str]], above: Mapping[int, Sequence[str]], *, is_own: bool
) -> Iterator[FigureColumn]:
    """The one column of a section by what its header says and the first one does not; nothing if it says nothing."""
    over = titles.get(column, ())
    new = [text for text in over if text not in above.get(column, ())]
    if over:
        yield FigureColumn(column, " – ".join(new or over), is_own, filled=True, titles=" – ".join(over))
