"""Where on a sheet the form stands: its header, its columns, its rows.

The table is found by the titles of its columns, wherever it starts. Repeated page headers and the
row of column numbers under the header are dropped here; what a row means is decided in `align`, and
which of several columns holds the figures in `columns`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.form import Form
from cchc_excel.grid import Cell, Range, Sheet
from cchc_excel.reading.columns import FigureColumn, is_of_something_else, says_this_period
from cchc_excel.reading.prepared import Prepared, prepared
from cchc_excel.vietnamese.text import clean, fold

MAX_HEADER_ROWS = 3  # two printed rows, and one more for a title that was split by hand
MOST_COLUMNS = 64  # over which a title is spread; a merge may reach to the end of the sheet
LEAST_UNITS = 2  # cells with a unit of the form that make a column one of units
LONGEST_FIGURE = 40  # characters; a longer text with a digit is a sentence
LONGEST_NUMBER = 12  # characters of the number of a column: `(3)=(1)+(2)`
_OF_OTHERS = re.compile(r"(?<=[\d)])\s*=.*")  # how a column is calculated: `3=2:1`
_CODES = frozenset({"mã", "mã số", "mã chỉ tiêu", "ký hiệu", "số hiệu", "mã hiệu"})  # titles of columns of codes


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
    """One candidate table: `columns` maps a role (stt, label, unit, value, note) to its column.

    `figures` are the columns that may hold the figures, where it is not just the one that the form names: until one
    is chosen, `columns["value"]` is the first of them.
    """

    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    rows: tuple[TableRow, ...]
    last_header: int = 0
    figures: tuple[FigureColumn, ...] = ()


class _Header(NamedTuple):
    """The rows of a header, and the columns whose titles the form knows; "value" may be missing."""

    first: int
    last: int
    columns: dict[str, int]


def find_tables(sheet: Sheet, form: Form) -> Iterator[Table]:
    """Yield the table of the sheet, if its header is found. The rows reach to the end of the sheet."""
    titles = prepared(form)
    header = _find_header(sheet, titles)
    if header is None:
        return
    columns, figures = _columns(sheet, header, titles)
    if figures:
        columns["value"] = figures[0].column
    if "value" in columns:
        rows = _rows_of(sheet, header.first, header.last, columns, titles)
        yield Table(sheet, header.first, columns, rows, header.last, figures)


def with_figures_in(table: Table, column: FigureColumn, form: Form) -> Table:
    """The same table, its figures read from this one of its columns."""
    columns = {**table.columns, "value": column.column}
    rows = _rows_of(table.sheet, table.header_row, table.last_header, columns, prepared(form))
    return table._replace(columns=columns, rows=rows, figures=(column,))


def table_without_header(sheet: Sheet, like: Table, form: Form) -> Table:
    """The rows of a sheet as if its table began at the top and had the columns of another."""
    rows = _rows_of(sheet, 0, 0, like.columns, prepared(form))
    return Table(sheet, 0, like.columns, rows)


def unknown_titles(sheet: Sheet, form: Form) -> tuple[str, ...]:
    """The titles that the form does not know, in a header whose figures were not found."""
    titles = prepared(form)
    header = _find_header(sheet, titles)
    if header is None:
        return ()
    above = _titles_of_columns(sheet, header)
    known = {column for role, column in header.columns.items() if role != "value"}
    return tuple(" – ".join(texts) for column, texts in sorted(above.items()) if column not in known)


# --- the header


def _find_header(sheet: Sheet, titles: Prepared) -> _Header | None:
    """The first header with a title over figures that the form knows; else the first that has a label and more."""
    numbers = list(sheet.rows)
    without_value = None
    for index in range(len(numbers)):
        header = _header(sheet, numbers[index : index + MAX_HEADER_ROWS], titles)
        if header is not None and "value" in header.columns:
            return header
        without_value = without_value or header
    return without_value


def _roles_in_row(sheet: Sheet, number: int, titles: Prepared) -> dict[str, int]:
    roles: dict[str, int] = {}
    for column, cell in sheet.rows[number].items():
        if isinstance(cell.value, str) and len(cell.value) < 200:
            role = titles.role(cell.value)
            if role and role not in roles:
                roles[role] = column
    return roles


def _header(sheet: Sheet, numbers: list[int], titles: Prepared) -> _Header | None:
    """The header that starts in the first of these rows; None if there is none."""
    first = _roles_in_row(sheet, numbers[0], titles)
    if "label" not in first or len(first) < 2:
        return None
    columns, last = dict(first), numbers[0]
    for number in numbers[1:]:
        below = _roles_in_row(sheet, number, titles)
        if number - last > 1 or not (below or _is_second_row(sheet, number, columns)):
            break
        if "label" in below and not _repeats(sheet, last, number, first["label"]):
            break
        columns.update(below)
        last = number
    group = columns.pop("group", None)
    if group is not None and group not in columns.values():
        columns.setdefault("value", group)
    return _Header(numbers[0], last, columns)


def _repeats(sheet: Sheet, above: int, number: int, column: int) -> bool:
    """Whether a title stands once more in the row below: a merge whose cells were each given the text."""
    upper, lower = sheet.cell(above, column), sheet.cell(number, column)
    return upper is not None and lower is not None and upper.value == lower.value


def _is_second_row(sheet: Sheet, number: int, columns: Mapping[str, int]) -> bool:
    """Whether a row under a header holds titles only, and none over STT and labels: those of the columns of a group."""
    cells = sheet.rows[number]
    printed = (columns["label"], columns.get("stt", 0))
    return not any(column in cells for column in printed) and all(
        isinstance(cell.value, str) and cell.formula is None for cell in cells.values()
    )


def _titles_of_columns(sheet: Sheet, header: _Header) -> dict[int, tuple[str, ...]]:
    """What stands over each column, from the top down; the title of a group stands over all of its columns."""
    found: dict[int, list[str]] = {}
    for number in range(header.first, header.last + 1):
        cells = sheet.rows.get(number, {})
        texts = {column: clean(cell.value) for column, cell in cells.items() if isinstance(cell.value, str)}
        for merge in sheet.merges:
            corner = sheet.cell(merge.top, merge.left)
            if merge.top <= number <= merge.bottom and corner is not None and isinstance(corner.value, str):
                for column in range(merge.left, min(merge.right, merge.left + MOST_COLUMNS) + 1):
                    texts.setdefault(column, clean(corner.value))
        if number < header.last:
            _spread(texts, sheet.rows.get(number + 1, {}), set(header.columns.values()))
        for column, text in texts.items():
            if text and text not in found.setdefault(column, []):
                found[column].append(text)
    return {column: tuple(texts) for column, texts in found.items() if texts}


def _spread(texts: dict[int, str], below: Mapping[int, Cell], known: set[int]) -> None:
    """Put the title of a group, which is not merged, over the titles below it that have none above them."""
    for column in sorted(below):
        left = texts.get(column - 1)
        if column not in texts and left is not None and column - 1 in below and column not in known:
            texts[column] = left


# --- which columns may hold the figures


class _Contents(NamedTuple):
    """How many cells of a column hold a figure, one of the form's units, or anything, beside a label."""

    figures: Counter[int]
    units: Counter[int]
    cells: Counter[int]

    def is_of_units(self, column: int) -> bool:
        """Whether a column holds the form's units, whatever its title."""
        return self.units[column] >= LEAST_UNITS and 2 * self.units[column] >= self.cells[column]


def _columns(sheet: Sheet, header: _Header, titles: Prepared) -> tuple[dict[str, int], tuple[FigureColumn, ...]]:
    """The column of each role by title and contents, and the columns that may hold the figures if more than one may.

    A title that the form knows names its column, unless the form's units stand in it.
    """
    columns = dict(header.columns)
    contents = _contents(sheet, header, titles)
    of_units = [column for column in sorted(contents.units) if contents.is_of_units(column)]
    if of_units and columns.get("unit") not in of_units:
        columns["unit"] = of_units[0]
    if "value" in columns and contents.is_of_units(columns["value"]):
        del columns["value"]
    _choose_stt(sheet, header, columns, titles)
    used = {column for role, column in columns.items() if role != "value"}.union(of_units)
    others = {column for column in contents.cells if column not in used and column > columns["label"]}
    if "value" in columns and not others - {columns["value"]}:
        cell = sheet.cell(header.last, columns["value"]) or sheet.cell(header.first, columns["value"])
        if cell is None or not isinstance(cell.value, str) or fold(cell.value) in titles.roles:
            return columns, ()  # the common case: one column, under a title of the form
    above = _titles_of_columns(sheet, header)
    right_of_label = {column for column in above if column > columns["label"] and column not in used}
    candidates = sorted(others | right_of_label | ({columns["value"]} if "value" in columns else set()))
    stacks = {column: above.get(column, ()) for column in candidates}
    kept = [
        column
        for column in candidates
        if column == columns.get("value") or _may_hold(column, stacks[column], columns, contents, titles)
    ]
    found = _named(kept, stacks, columns.get("value"), contents, titles)
    if "value" not in columns and len(found) == 1 and is_of_something_else(found[0].title):
        return columns, ()
    if len(found) == 1 and found[0].column == columns.get("value") and not found[0].title:
        return columns, ()
    return columns, found


def _contents(sheet: Sheet, header: _Header, titles: Prepared) -> _Contents:
    contents = _Contents(Counter(), Counter(), Counter())
    label = header.columns["label"]
    heads = _header_texts(sheet, header.first, header.last)
    figures, units, all_cells = contents
    for number, cells in sheet.rows.items():
        beside = cells.get(label)
        if number <= header.last or beside is None or beside.value in heads:
            continue
        is_long = type(beside.value) is str and len(beside.value) > LONGEST_NUMBER  # nearly all: a row with a label
        if not is_long and _numbers_the_columns(cells):
            continue
        for column, cell in cells.items():
            if column == label:
                continue  # labels are neither figures nor units
            value = cell.value
            all_cells[column] += 1
            if not isinstance(value, str):
                figures[column] += 1
            elif value in titles.units or fold(value) in titles.units:
                units[column] += 1
            elif len(value) <= LONGEST_FIGURE and (cell.formula is not None or any(map(str.isdigit, value))):
                figures[column] += 1
    return contents


def _may_hold(
    column: int, stack: Sequence[str], columns: Mapping[str, int], contents: _Contents, titles: Prepared
) -> bool:
    """Whether a column whose title the form does not know may hold the figures.

    A column without a title must be full of them and stand before the notes. One behind the notes is somebody's own,
    unless it speaks of the period. One that holds nothing counts only if it speaks of the period.
    """
    title = " ".join(stack)
    if any(titles.role(text) in {"stt", "note"} or fold(text) in _CODES for text in stack):
        return False
    if says_this_period(title) and not is_of_something_else(title):
        return True
    if column > columns.get("note", column):
        return False
    if not title:
        fullest = max(contents.figures.values(), default=0)
        between = column < max(columns.values())
        return between and 5 * contents.figures[column] >= fullest > 0
    return contents.figures[column] > 0 or ("value" not in columns and not contents.figures)


def _named(
    kept: Sequence[int],
    stacks: Mapping[int, Sequence[str]],
    own: int | None,
    contents: _Contents,
    titles: Prepared,
) -> tuple[FigureColumn, ...]:
    """The columns with what tells them apart: a title over all of them says nothing of one."""
    common = set.intersection(*(set(stacks[column]) for column in kept)) if len(kept) > 1 else set()
    found = []
    for column in kept:
        texts = [text for text in stacks[column] if text not in common]
        title = " – ".join(texts or stacks[column])
        is_own = bool(texts) and titles.role(texts[-1]) == "value"
        alone = len(kept) == 1 and column == own
        found.append(FigureColumn(column, title, is_own or alone, contents.figures[column] > 0))
    return tuple(found)


def _choose_stt(sheet: Sheet, header: _Header, columns: dict[str, int], titles: Prepared) -> None:
    """Of two columns of numbers beside the labels, the STT is the one that is numbered as the form is."""
    places = {
        column
        for number in range(header.first, header.last + 1)
        for column, cell in sheet.rows.get(number, {}).items()
        if isinstance(cell.value, str) and titles.role(cell.value) == "stt"
    }
    if len(places) < 2:
        return
    fitting = Counter(dict.fromkeys(sorted(places), 0))
    for cells in sheet.rows.values():
        label = cells.get(columns["label"])
        if label is None or not isinstance(label.value, str):
            continue
        stts = {titles.labels.indicators[place].stt for place in titles.labels.candidates(clean(label.value))}
        fitting.update(column for column in places if column in cells and _text(cells[column]).rstrip(".") in stts)
    columns["stt"] = fitting.most_common(1)[0][0]


# --- the rows


def _header_texts(sheet: Sheet, first: int, last: int) -> frozenset[str]:
    return frozenset(
        str(cell.value) for number in range(first, last + 1) for cell in sheet.rows.get(number, {}).values()
    )


def _rows_of(sheet: Sheet, first: int, last: int, columns: Mapping[str, int], titles: Prepared) -> tuple[TableRow, ...]:
    heads = _header_texts(sheet, first, last)
    return tuple(_rows(sheet, list(sheet.rows), last, columns, heads, titles))


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
    beside = _columns_beside_labels(sheet, columns, last_header)
    merged = _merged_into(sheet.merges, value)
    for number in numbers:
        if number <= last_header:
            continue
        cells = sheet.rows[number]
        get = cells.get
        row = TableRow(
            number,
            _text(get(stt)),
            _text(get(label)) or next((it for at in beside if (it := _words(get(at)))), ""),
            _text(get(unit)),
            get(value) or (_merged_value(get(merged[number]), unit) if number in merged else None),
            _text(get(note)) if note in cells else "",
        )
        if row.value is not None and row.value.column == unit:
            row = row._replace(unit="")
        says_something = bool(row.label or row.stt) or row.value is not None
        if says_something and not _is_header(cells, row, heads, titles):
            yield row


def _columns_beside_labels(sheet: Sheet, columns: Mapping[str, int], last_header: int) -> range:
    """The columns right of the labels that have no title: the labels of the lower rows may stand in them."""
    label = columns["label"]
    end = min((column for column in columns.values() if column > label), default=label + 1)
    titles = range(max(last_header - MAX_HEADER_ROWS, 1), last_header + 1)
    is_titled = any(sheet.cell(row, column) is not None for row in titles for column in range(label + 1, end))
    return range(0) if is_titled else range(label + 1, end)


def _words(cell: Cell | None) -> str:
    """What a cell says if it is a text that holds a letter."""
    return clean(cell.value) if cell is not None and isinstance(cell.value, str) and fold(cell.value) else ""


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
    if len(row.label) > LONGEST_NUMBER and row.label not in heads and titles.role(row.label) is None:
        return False  # the common case: a label is no title
    if _numbers_the_columns(cells):
        return True
    texts = [cell.value for cell in cells.values() if isinstance(cell.value, str)]
    if texts and all(text in heads for text in texts):
        return True
    return len(texts) > 1 and sum(titles.role(text) is not None for text in texts if len(text) < 200) >= 2


def _numbers_the_columns(cells: Mapping[int, Cell]) -> bool:
    """Whether all cells of a row are a run of numbers, or of letters and then numbers: `A B 1 2`, `(1) (2) (3=2:1)`."""
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
    return (
        marks == letters + numbers
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


def _text(cell: Cell | None) -> str:
    """What a cell of the printed part says; a number in the STT column as Excel shows it."""
    if cell is None:
        return ""
    value = cell.value
    if type(value) is str:
        return clean(value)
    return "" if value is None else str(value)
