"""Headers that stand once more within the table: their own titles say what the rows below them hold.

In:     a sheet, the header of its table, and the rows below it that look like titles.
Out:    the sections of the table whose titles are not those of its header, each with its columns.
Never:  takes figures from below a title that does not make them certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_excel.grid import Sheet
from cchc_excel.reading.candidates import columns_of
from cchc_excel.reading.columns import FigureColumn, choose, is_of_the_figures
from cchc_excel.reading.header import Header, header_at, titles_above
from cchc_excel.reading.scales import scale_stated
from cchc_excel.reading.vocabulary import Vocabulary
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import fold

__all__ = ["Section", "sections_below", "settled"]


class Section(NamedTuple):
    """The rows from a header on, to that of the next section.

    `figures` are the columns that may hold its figures; none where its titles are those of the table's own header.
    `unread` are those of them whose titles do not make it certain: then nothing is read here.
    """

    header: Header
    columns: Mapping[str, int]
    figures: tuple[FigureColumn, ...] = ()
    unread: tuple[FigureColumn, ...] = ()


def sections_below(
    sheet: Sheet, first: Header, columns: Mapping[str, int], starts: Sequence[int], vocabulary: Vocabulary
) -> tuple[Section, ...]:
    """Return the sections that begin in these rows; none where all of them repeat the titles of the first header."""
    headers = list(_headers(sheet, columns, starts, vocabulary))
    above = titles_above(sheet, first)
    same = [_repeats(titles_above(sheet, header), above, vocabulary) for header in headers]
    if all(same):
        return ()
    found = []
    for place, header in enumerate(headers):
        if same[place]:
            found.append(Section(header, columns))
        else:
            end = headers[place + 1].first if place + 1 < len(headers) else max(sheet.rows) + 1
            rows = rows_between(sheet, header.first, end)
            found.append(_section(rows, header, columns, above, vocabulary))
    return tuple(found)


def rows_between(sheet: Sheet, first: int, end: int) -> Sheet:
    """The sheet with the rows from the first on, to before the end."""
    return replace(sheet, rows={number: cells for number, cells in sheet.rows.items() if first <= number < end})


def settled(
    sections: Sequence[Section], title: FigureColumn, columns: Mapping[str, int], period: Period | None
) -> tuple[Section, ...]:
    """The sections with their column of figures chosen; `title` and `columns` are those of the table's own header."""
    return tuple(
        _settled(section, title, period) if section.figures else section._replace(columns=columns)
        for section in sections
    )


def _settled(section: Section, title: FigureColumn, period: Period | None) -> Section:
    choice = choose(section.figures, period)
    taken = choice.taken
    if taken is None:
        return section._replace(unread=choice.rivals)
    columns = {**section.columns, "value": taken.column}
    is_the_same = fold(taken.title) == fold(title.title)
    is_certain = is_the_same or (is_of_the_figures(taken, period) and scale_stated(taken.title) is None)
    return section._replace(columns=columns, unread=() if is_certain else (taken,))


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
