"""Which columns may hold the figures, told by the titles over them and by what stands in them.

In:     a sheet and the header of its table.
Out:    the column of each role, and the columns that may hold the figures where more than one may.
Never:  chooses between two of them: that is for `columns`, by what their titles say of the period.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from cchc_excel.grid import Cell, Sheet
from cchc_excel.reading.columns import FigureColumn, is_of_something_else, may_be_of_this_period, says_this_period
from cchc_excel.reading.header import Header, header_texts, titles_above
from cchc_excel.reading.vocabulary import Vocabulary
from cchc_excel.vietnamese.text import clean, fold

LEAST_UNITS = 2  # cells with a unit of the form that make a column one of units
LONGEST_FIGURE = 40  # characters; a longer text with a digit is a sentence
LONGEST_NUMBER = 12  # characters of the number of a column: `(3)=(1)+(2)`
_OF_OTHERS = re.compile(r"(?<=[\d)])\s*=.*")  # how a column is calculated: `3=2:1`
_CODES = frozenset({"mã", "mã số", "mã chỉ tiêu", "ký hiệu", "số hiệu", "mã hiệu"})  # titles of columns of codes

Titles: TypeAlias = Mapping[int, Sequence[str]]
"""What stands over each column, from the top down."""


class _Contents(NamedTuple):
    """The cells of each column that stand beside a label; `units` are those of the form."""

    cells: Mapping[int, Sequence[Cell]]
    units: Collection[str]

    def is_of_units(self, column: int) -> bool:
        """Whether a column holds the form's units, whatever its title."""
        cells = self.cells[column]
        texts = {cell.value for cell in cells if isinstance(cell.value, str)}
        units = set(filter(self._is_unit, texts))
        if not units:
            return False
        count = sum(cell.value in units for cell in cells)
        return count >= LEAST_UNITS and 2 * count >= len(cells)

    def figures(self, column: int) -> int:
        """How many cells of a column hold a figure."""
        return sum(self._is_figure(cell) for cell in self.cells.get(column, ()))

    def _is_unit(self, text: str) -> bool:
        return text in self.units or fold(text) in self.units

    def _is_figure(self, cell: Cell) -> bool:
        value = cell.value
        if not isinstance(value, str):
            return True
        has_a_number = cell.formula is not None or any(map(str.isdigit, value))
        return len(value) <= LONGEST_FIGURE and has_a_number and not self._is_unit(value)


def columns_of(sheet: Sheet, header: Header, vocabulary: Vocabulary) -> tuple[dict[str, int], tuple[FigureColumn, ...]]:
    """Return the column of each role, and the columns that may hold the figures if more than one may.

    A title that the form knows names its column, unless the form's units stand in it.
    """
    contents = _contents(sheet, header, vocabulary)
    of_units = [column for column in sorted(contents.cells) if contents.is_of_units(column)]
    columns = _by_title(sheet, header, of_units, vocabulary)
    own = columns.get("value")
    taken = {column for role, column in columns.items() if role != "value"}.union(of_units)

    def is_free(column: int) -> bool:
        return column > columns["label"] and column not in taken

    free = set(filter(is_free, contents.cells))
    left = (column for column in contents.cells if column < columns["label"] and column not in taken)
    before = {column for column in left if contents.figures(column) > 0}
    if own is not None and not before and free <= {own} and _has_its_title(sheet, header, own, vocabulary):
        return columns, ()  # the common case: one column, under a title of the form

    titles = titles_above(sheet, header)
    free.update(filter(is_free, titles))
    free.update(column for column in before if may_be_of_this_period(" ".join(titles.get(column, ()))))
    if own is not None:
        free.add(own)
    possible = [
        column
        for column in sorted(free)
        if column == own or _may_hold(column, titles.get(column, ()), columns, contents, vocabulary)
    ]
    found = _told_apart(possible, titles, own, contents, vocabulary)
    return columns, () if _is_nothing_new(found, own) else found


def _by_title(sheet: Sheet, header: Header, of_units: Sequence[int], vocabulary: Vocabulary) -> dict[str, int]:
    """The columns that the header names, put right by what stands in them."""
    columns = dict(header.columns)
    if of_units and columns.get("unit") not in of_units:
        columns["unit"] = of_units[0]
    if columns.get("value") in of_units:
        del columns["value"]
    numbered = _column_of_stt(sheet, header, vocabulary)
    if numbered is not None:
        columns["stt"] = numbered
    return columns


def _has_its_title(sheet: Sheet, header: Header, column: int, vocabulary: Vocabulary) -> bool:
    """Whether the title over the column is just one of the form's, or no text at all."""
    cell = sheet.cell(header.last, column) or sheet.cell(header.first, column)
    return cell is None or not isinstance(cell.value, str) or fold(cell.value) in vocabulary.roles


def _is_nothing_new(found: Sequence[FigureColumn], own: int | None) -> bool:
    """Whether the columns found tell no more than the header does.

    That is so of one column alone: the form's own without another title, or, where the form names none, one whose
    title says that it holds something else.
    """
    if len(found) != 1:
        return False
    (only,) = found
    if own is None:
        return is_of_something_else(only.title)
    return only.column == own and not only.title


def _contents(sheet: Sheet, header: Header, vocabulary: Vocabulary) -> _Contents:
    """What stands beside the labels in the rows of the table."""
    beside: defaultdict[int, list[Cell]] = defaultdict(list)
    label = header.columns["label"]
    heads = header_texts(sheet, header.first, header.last)
    end = min((column for column in header.columns.values() if column > label), default=label + 1)
    of_labels = range(label, end)
    for number, cells in sheet.rows.items():
        if number > header.last and _has_a_label(cells, of_labels, heads):
            for column, cell in cells.items():
                beside[column].append(cell)
    beside.pop(label, None)
    return _Contents(dict(beside), vocabulary.units)


def _has_a_label(cells: Mapping[int, Cell], columns: range, heads: frozenset[str]) -> bool:
    """Whether a row has a label of its own in these columns: it repeats no header, and does not number the columns."""
    for column in columns:
        cell = cells.get(column)
        if cell is None or cell.value in heads:
            continue
        is_words = type(cell.value) is str and len(cell.value) > LONGEST_NUMBER  # nearly all: the rest need not be seen
        if is_words or not numbers_the_columns(cells):
            return True
    return False


def _may_hold(
    column: int, titles: Sequence[str], columns: Mapping[str, int], contents: _Contents, vocabulary: Vocabulary
) -> bool:
    """Whether a column whose title the form does not know may hold the figures.

    A column without a title must be full of them and stand before the notes. One behind the notes is somebody's own,
    unless it speaks of the period. One that holds nothing counts only if it speaks of the period.
    """
    title = " ".join(titles)
    if any(vocabulary.role(text) in {"stt", "note"} or fold(text) in _CODES for text in titles):
        return False
    if says_this_period(title) and not is_of_something_else(title):
        return True
    if column > columns.get("note", column):
        return may_be_of_this_period(title) and contents.figures(column) > 0
    if not title:
        fullest = max(map(contents.figures, contents.cells), default=0)
        between = column < max(columns.values())
        return between and 5 * contents.figures(column) >= fullest > 0
    return contents.figures(column) > 0 or ("value" not in columns and not any(map(contents.figures, contents.cells)))


def _told_apart(
    kept: Sequence[int], titles: Titles, own: int | None, contents: _Contents, vocabulary: Vocabulary
) -> tuple[FigureColumn, ...]:
    """The columns with what tells them apart: a title over all of them says nothing of one."""
    over = {column: titles.get(column, ()) for column in kept}
    common: Collection[str] = set.intersection(*map(set, over.values())) if len(kept) > 1 else ()
    found = []
    for column, all_titles in over.items():
        telling = [text for text in all_titles if text not in common]
        is_own = bool(telling) and vocabulary.role(telling[-1]) == "value"
        is_alone = len(kept) == 1 and column == own
        title = " – ".join(telling or all_titles)
        is_filled = contents.figures(column) > 0
        found.append(FigureColumn(column, title, is_own or is_alone, is_filled, " – ".join(all_titles)))
    return tuple(found)


def _column_of_stt(sheet: Sheet, header: Header, vocabulary: Vocabulary) -> int | None:
    """Of several columns of numbers beside the labels the one that is numbered as the form is; None if there is one."""
    places = {
        column
        for number in range(header.first, header.last + 1)
        for column, cell in sheet.rows.get(number, {}).items()
        if isinstance(cell.value, str) and vocabulary.role(cell.value) == "stt"
    }
    if len(places) < 2:
        return None
    fitting = Counter(dict.fromkeys(sorted(places), 0))
    labels = vocabulary.labels
    for cells in sheet.rows.values():
        label = cells.get(header.columns["label"])
        if label is None or not isinstance(label.value, str):
            continue
        numbers = {labels.indicators[place].stt for place in labels.candidates(clean(label.value))}
        fitting.update(at for at in places if at in cells and printed_text(cells[at]).rstrip(".") in numbers)
    return fitting.most_common(1)[0][0]


def numbers_the_columns(cells: Mapping[int, Cell]) -> bool:
    """Whether all cells of a row are a run of numbers, or one with letters around it: `A B 1 2`, `(1) (2) (3=2:1)`."""
    if len(cells) < 2:
        return False
    marks = []
    for cell in cells.values():
        mark = _column_mark(cell.value)
        if mark is None:
            return False  # nearly always at the first or second cell
        marks.append(mark)
    letters = [mark for mark in marks if mark.isalpha()]
    numbers = [mark for mark in marks if not mark.isalpha()]
    first = next((at for at, mark in enumerate(marks) if not mark.isalpha()), len(marks))
    return (
        marks[first : first + len(numbers)] == numbers
        and letters == list("abcdefghij"[: len(letters)])
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
    )


def _column_mark(value: object) -> str | None:
    """The number or the letter that a cell under a header numbers its column with; None for anything else."""
    if type(value) is str:
        if len(value) > LONGEST_NUMBER:
            return None
        mark = _OF_OTHERS.sub("", value).strip("()[]. ").lower()
        is_mark = mark.isdecimal() or (len(mark) == 1 and mark.isalpha())
        return mark if is_mark else None
    return str(value) if type(value) is int or (type(value) is float and value.is_integer()) else None


def printed_text(cell: Cell | None) -> str:
    """What a cell of the printed part says; a number in the STT column as Excel shows it."""
    if cell is None:
        return ""
    value = cell.value
    if isinstance(value, str):
        return clean(value)
    return "" if value is None else str(value)
