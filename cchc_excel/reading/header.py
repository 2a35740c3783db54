"""The header of the table: the rows in which its titles stand, wherever on the sheet the table starts.

In:     a sheet, and the words of a form.
Out:    the header's rows, the columns whose titles the form knows, and all titles over each column.
Never:  looks at what stands below the header.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice, takewhile
from typing import NamedTuple

from cchc_excel.form import Form
from cchc_excel.grid import Cell, Sheet
from cchc_excel.reading.vocabulary import Vocabulary, vocabulary_of
from cchc_excel.vietnamese.text import clean

MOST_ROWS = 4  # of a header: two printed ones, and two for groups of the clerk's own or a title split by hand
MOST_COLUMNS = 64  # over which a title is spread; a merge may reach to the end of the sheet
YEARS = range(2000, 2100)  # of reports; a number in or above a header that is one of these is a year
LEAST_ROWS = 3  # of the form that stand under a header of theirs
LONGEST_TITLE = 200  # characters; a longer text is no title


class Header(NamedTuple):
    """The rows of a header, and the columns whose titles the form knows; "value" may be missing."""

    first: int
    last: int
    columns: Mapping[str, int]


def find_header(sheet: Sheet, vocabulary: Vocabulary) -> Header | None:
    """The first header with a title over figures that the form knows; else the first that has a label and more.

    Where rows of the form stand between the two, the first one is theirs: its figures have a title of the clerk's own.
    """
    numbers = list(sheet.rows)
    without_value = None
    for index in range(len(numbers)):
        header = _header_from(sheet, numbers[index : index + MOST_ROWS], vocabulary)
        if header is not None and "value" in header.columns:
            is_second = without_value is not None and _has_rows(sheet, without_value, header.first, vocabulary)
            return without_value if is_second else header
        without_value = without_value or header
    return without_value


def _has_rows(sheet: Sheet, header: Header, end: int, vocabulary: Vocabulary) -> bool:
    """Whether some rows of the form stand below a header, up to another one."""
    between = (cells.get(header.columns["label"]) for row, cells in sheet.rows.items() if header.last < row < end)
    labels = (cell.value for cell in between if cell is not None and isinstance(cell.value, str))
    return sum(bool(vocabulary.labels.candidates(clean(label))) for label in labels) >= LEAST_ROWS


def header_at(sheet: Sheet, number: int, vocabulary: Vocabulary) -> Header | None:
    """The header that begins in this row, in the middle of a table; None if no title over labels stands in it."""
    numbers = list(islice((row for row in sheet.rows if row >= number), MOST_ROWS))
    header = _header_from(sheet, numbers, vocabulary)
    if header is None:
        return None
    label = header.columns["label"]
    titles = takewhile(lambda row: row == number or _is_of_titles(sheet, number, row, label), numbers)
    return _header_from(sheet, list(titles), vocabulary)


def _is_of_titles(sheet: Sheet, first: int, number: int, label: int) -> bool:
    """Whether a row holds titles alone, and over the labels none but the first row's."""
    cells = sheet.rows[number]
    return all(isinstance(cell.value, str) for cell in cells.values()) and (
        label not in cells or _repeats(sheet, first, number, label)
    )


def unknown_titles(sheet: Sheet, form: Form) -> tuple[str, ...]:
    """The titles that the form does not know, in a header whose figures were not found."""
    header = find_header(sheet, vocabulary_of(form))
    if header is None:
        return ()
    known = {column for role, column in header.columns.items() if role != "value"}
    above = titles_above(sheet, header)
    return tuple(" – ".join(titles) for column, titles in sorted(above.items()) if column not in known)


def header_texts(sheet: Sheet, first: int, last: int) -> frozenset[str]:
    """Whatever stands in these rows."""
    return frozenset(
        str(cell.value) for number in range(first, last + 1) for cell in sheet.rows.get(number, {}).values()
    )


def titles_above(sheet: Sheet, header: Header) -> dict[int, tuple[str, ...]]:
    """What stands over each column, from the top down; the title of a group stands over all of its columns."""
    found: dict[int, list[str]] = {}
    for number in range(header.first, header.last + 1):
        titles = _titles_in_row(sheet, number)
        if number < header.last:
            _spread(titles, sheet.rows.get(number + 1, {}), set(header.columns.values()))
        for column, title in titles.items():
            if title and title not in found.setdefault(column, []):
                found[column].append(title)
    return {column: tuple(titles) for column, titles in found.items() if titles}


def _titles_in_row(sheet: Sheet, number: int) -> dict[int, str]:
    """What one row of the header says over each column; what is merged stands over all columns of the merge."""
    cells = sheet.rows.get(number, {})
    titles = {column: title for column, cell in cells.items() if (title := _title_in(cell)) is not None}
    for merge in sheet.merges:
        corner = sheet.cell(merge.top, merge.left) if merge.top <= number <= merge.bottom else None
        title = _title_in(corner) if corner is not None else None
        if title is not None:
            for column in range(merge.left, min(merge.right, merge.left + MOST_COLUMNS) + 1):
                titles.setdefault(column, title)
    return titles


def _title_in(cell: Cell) -> str | None:
    """The title that a cell of the header holds: a text, or a year typed as a number."""
    if isinstance(cell.value, str):
        return clean(cell.value)
    return str(cell.value) if isinstance(cell.value, int) and cell.value in YEARS and cell.formula is None else None


def _spread(titles: dict[int, str], below: Mapping[int, Cell], known: set[int]) -> None:
    """Put the title of a group, which is not merged, over the titles below it that have none above them."""
    for column in sorted(below):
        left = titles.get(column - 1)
        if column not in titles and left is not None and column - 1 in below and column not in known:
            titles[column] = left


def _header_from(sheet: Sheet, numbers: list[int], vocabulary: Vocabulary) -> Header | None:
    """The header that starts in the first of these rows; None if there is none."""
    first = last = numbers[0]
    columns = _roles_in_row(sheet, first, vocabulary)
    if "label" not in columns or len(columns) < 2:
        return None
    label = columns["label"]
    for number in numbers[1:]:
        below = _roles_in_row(sheet, number, vocabulary)
        if "label" in below:
            is_of_header = _repeats(sheet, last, number, label)  # else another table begins
        else:
            is_of_header = bool(below) or _is_second_row(sheet, number, columns)
        if number - last > 1 or not is_of_header:
            break
        columns.update(below)
        last = number
    return Header(first, last, _with_figures_under_group(columns))


def _with_figures_under_group(columns: Mapping[str, int]) -> dict[str, int]:
    """The columns without the title over a group: where no title names the figures, they stand in its first column.

    But not where another title names that column.
    """
    own = {role: column for role, column in columns.items() if role != "group"}
    group = columns.get("group")
    if group is not None and group not in own.values():
        own.setdefault("value", group)
    return own


def _roles_in_row(sheet: Sheet, number: int, vocabulary: Vocabulary) -> dict[str, int]:
    """The columns that this row gives a title which the form knows; of two for one role the first."""
    roles: dict[str, int] = {}
    for column, cell in sheet.rows[number].items():
        if isinstance(cell.value, str) and len(cell.value) < LONGEST_TITLE:
            role = vocabulary.role(cell.value)
            if role and role not in roles:
                roles[role] = column
    return roles


def _repeats(sheet: Sheet, above: int, number: int, column: int) -> bool:
    """Whether a title stands once more in the row below: a merge whose cells were each given the text."""
    upper, lower = sheet.cell(above, column), sheet.cell(number, column)
    return upper is not None and lower is not None and upper.value == lower.value


def _is_second_row(sheet: Sheet, number: int, columns: Mapping[str, int]) -> bool:
    """Whether a row under a header holds titles only, and none over STT and labels: those of the columns of a group."""
    cells = sheet.rows[number]
    printed = (columns["label"], columns.get("stt", 0))
    return not any(column in cells for column in printed) and all(
        _title_in(cell) is not None and cell.formula is None for cell in cells.values()
    )
