"""On which sheets of a workbook the form stands: on one, on several that are parts of it, or not certainly on any.

In:     a grid, the form, and what a person says of the file.
Out:    the parts of the form, in the order of the sheets, and which sheets were passed over.
Never:  takes one of two filled forms because it stands first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.errors import SeveralForms
from cchc_excel.form import Form
from cchc_excel.grid import Cell, Grid, Sheet, column_letters
from cchc_excel.reading.align import Alignment, align
from cchc_excel.reading.given import Given
from cchc_excel.reading.heading import Heading, period_in_sheet_name, read_heading
from cchc_excel.reading.table import Table, find_tables, table_without_header
from cchc_excel.reading.vocabulary import Vocabulary, vocabulary_of
from cchc_excel.submission import Period
from cchc_excel.vietnamese.unit_names import name_keys

__all__ = ["OnSheets", "Part", "form_on_sheets", "names_of"]

LEAST_SHARE = 0.3  # of the form's rows; a table that shares fewer is another table, or a part of the form
LEAST_ROWS = 3  # with an entry that make a table a part of the form
NEARLY_ALL = 5  # times as many entries as a form has that is nearly blank beside one that is filled


class Part(NamedTuple):
    """One table of the form and how its rows stand to the form's, of which there are `of_form`."""

    table: Table
    alignment: Alignment
    of_form: int

    @property
    def sheet(self) -> Sheet:
        return self.table.sheet

    @property
    def entries(self) -> frozenset[str]:
        """The rows of the form that take a value and stand here."""
        return frozenset(match.indicator.id for match in self.alignment.matches if match.indicator.is_entry)

    @property
    def is_filled(self) -> bool:
        """Whether any entry holds something; the empty text of a formula that waits for its figures is nothing."""
        values = (match.row.value for match in self.alignment.matches if match.indicator.is_entry)
        return any(value is not None and value.value != "" for value in values)

    @property
    def typed(self) -> int:
        """How many entries hold what was typed; of blanks a formula makes a zero."""
        values = (match.row.value for match in self.alignment.matches if match.indicator.is_entry)
        return sum(cell is not None and cell.formula is None and cell.value != "" for cell in values)

    @property
    def is_large(self) -> bool:
        return len(self.alignment.matches) >= LEAST_SHARE * self.of_form

    @property
    def contents(self) -> Mapping[str, Cell]:
        """The cell of each entry that holds something."""
        return {
            match.indicator.id: match.row.value
            for match in self.alignment.matches
            if match.indicator.is_entry and match.row.value is not None and match.row.value.value != ""
        }

    def says_the_same(self, other: Part) -> bool:
        """Whether each entry holds the same; of a formula never calculated the formula is all that is known."""
        own, others = self.contents, other.contents
        return own.keys() == others.keys() and all(_is_same(cell, others[key]) for key, cell in own.items())


def _is_same(one: Cell, other: Cell) -> bool:
    if None in {one.value, other.value}:
        return one.formula == other.formula
    return one.value == other.value and type(one.value) is type(other.value)


class OnSheets(NamedTuple):
    """The form: its parts, and the names of other sheets that hold a filled form and were not read.

    `hidden` are those of them that nobody sees, while nothing or little stands in the form that was read.
    """

    parts: tuple[Part, ...]
    passed_over: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def form_on_sheets(grid: Grid, form: Form, given: Given) -> OnSheets | None:
    """Return where the form stands; None if it does not. Raises SeveralForms where it is not certain.

    Hidden sheets count only where no other has the form, blank forms only where none is filled.
    """
    candidates = list(_candidates(grid, form))
    found = _among(candidates, grid, form, given)
    if found is None or all(part.sheet.visible for part in candidates):
        return found
    seen = sum(part.typed for part in found.parts)
    hidden = (part.sheet.name for part in candidates if not part.sheet.visible and part.typed > NEARLY_ALL * seen)
    return found._replace(hidden=tuple(dict.fromkeys(hidden)))


def _among(candidates: Sequence[Part], grid: Grid, form: Form, given: Given) -> OnSheets | None:
    seen = [part for part in candidates if part.sheet.visible] or candidates
    parts = _as_parts(grid, seen, form)
    if parts is not None:
        return OnSheets(parts)
    large = [part for part in seen if part.is_large] or [part for part in candidates if part.is_large]
    if not large:
        return _from_a_small_part(grid, seen, form)
    filled = [part for part in large if part.is_filled]
    on_sheets = _one_of(grid, filled, form, given) if len(filled) > 1 else OnSheets(tuple((filled or large)[:1]))
    (part,) = on_sheets.parts
    twice = [match for match in part.alignment.repeated if match.row.value is not None]
    if twice and 2 * len(twice) > sum(match.indicator.is_entry for match in part.alignment.matches):
        raise SeveralForms(part.sheet.name)
    rest = _continued(grid, part, form)
    return on_sheets._replace(parts=(part, *rest)) if rest else on_sheets


def _candidates(grid: Grid, form: Form) -> Iterator[Part]:
    for sheet in grid.sheets:
        whole = list(_parts_on(sheet, form))
        pieces = _side_by_side(sheet, whole[0].table, form) if whole else ()
        parts = [part for piece in pieces for part in _parts_on(piece, form)]
        yield from parts if len(parts) == len(pieces) > 0 else whole


def _parts_on(sheet: Sheet, form: Form) -> Iterator[Part]:
    for table in find_tables(sheet, form):
        part = Part(table, align(table.rows, vocabulary_of(form).labels), len(form.indicators))
        if part.is_large or _is_of_the_form(part):
            yield part


def _side_by_side(sheet: Sheet, table: Table, form: Form) -> tuple[Sheet, ...]:
    """The sheet cut between a table and another that stands beside it; nothing where there is no other."""
    vocabulary = vocabulary_of(form)
    first, last = min(table.columns.values()), max(table.columns.values())
    outside = set[int]().union(*sheet.rows.values()).difference(range(first, last + 1))
    titles = [
        column
        for cells in (sheet.rows.values() if outside else ())
        for column in outside.intersection(cells)
        if _is_title_of_labels(cells[column], vocabulary)
    ]
    if not titles:
        return ()
    end = last if max(titles) > last else first - 1  # the other table stands right of this one, or left of it
    return sheet.between(1, end), sheet.between(end + 1, max(last, *outside))


def _is_title_of_labels(cell: Cell, vocabulary: Vocabulary) -> bool:
    return isinstance(cell.value, str) and cell.formula is None and vocabulary.role(cell.value) == "label"


def _is_of_the_form(part: Part) -> bool:
    """Whether a small table is a piece of the form: most of its rows are rows of the form, to the letter."""
    exact = sum(match.score == 1.0 for match in part.alignment.matches)
    labelled = sum(bool(row.label) for row in part.table.rows)
    return len(part.entries) >= LEAST_ROWS and 2 * exact > labelled


# --- one form in parts


def _as_parts(grid: Grid, seen: Sequence[Part], form: Form) -> tuple[Part, ...] | None:
    """The tables as parts of one form, if no row stands in two and their headings do not speak of two forms."""
    if len(seen) < 2:
        return None
    together = [key for part in seen for key in part.entries]
    if len(together) != len(set(together)):
        return None
    if sum(len(part.alignment.matches) for part in seen) < LEAST_SHARE * len(form.indicators):
        return None
    stated = [_Stated.of(grid, part, form) for part in seen]
    units = {it.unit for it in stated if it.unit is not None}
    periods = {it.heading.period for it in stated if it.heading.period is not None}
    if len(units) <= 1 and len(periods) <= 1:
        return tuple(seen)
    if not any(part.is_large for part in seen):
        raise SeveralForms(_names(seen))
    return None


def _from_a_small_part(grid: Grid, seen: Sequence[Part], form: Form) -> OnSheets | None:
    """A form whose first sheet has few of its rows, and whose other sheets have no header."""
    if len(seen) != 1:
        return None
    parts = (*seen, *_continued(grid, seen[0], form))
    matched = sum(len(part.alignment.matches) for part in parts)
    return OnSheets(parts) if matched >= LEAST_SHARE * len(form.indicators) else None


def _continued(grid: Grid, part: Part, form: Form) -> tuple[Part, ...]:
    """The parts of a form on sheets that repeat no header: the columns are those of the sheet before."""
    missing = set(form.entry_ids) - part.entries
    found: list[Part] = []
    for sheet in grid.sheets:
        if len(missing) < LEAST_ROWS:
            break
        if sheet is part.sheet or not sheet.visible or next(find_tables(sheet, form), None) is not None:
            continue
        table = table_without_header(sheet, part.table, form)
        more = Part(table, align(table.rows, vocabulary_of(form).labels), len(form.indicators))
        if _is_of_the_form(more) and more.entries <= missing:
            found.append(more)
            missing -= more.entries
    return tuple(found)


# --- one of several forms


class _Stated(NamedTuple):
    """What a sheet states of its unit and period: the heading, and all periods that the sheet or its name speak of."""

    part: Part
    heading: Heading
    unit: str | None
    periods: frozenset[Period]

    @classmethod
    def of(cls, grid: Grid, part: Part, form: Form) -> _Stated:
        heading = read_heading(grid, part.table, form)
        named = period_in_sheet_name(part.sheet.name, heading.period)
        periods = frozenset(it for it in (heading.period, named) if it is not None)
        return cls(part, heading, _key(heading.unit), periods)


def _key(unit: str | None) -> str | None:
    keys = name_keys(unit) if unit is not None else ()
    return f"{keys[0].level} {keys[0].core} {keys[0].above}" if keys else unit


def _one_of(grid: Grid, filled: Sequence[Part], form: Form, given: Given) -> OnSheets:
    """The one form that is asked for, or that all the others are copies of. Raises SeveralForms."""
    stated = [_Stated.of(grid, part, form) for part in filled]
    asked = stated
    if given.period is not None:
        asked = [it for it in asked if given.period in it.periods] or asked
    if given.unit is not None:
        wanted = _key(given.unit)
        asked = [it for it in asked if it.unit == wanted] or asked
    first = asked[0]
    if any(it[2:] != first[2:] or not it.part.says_the_same(first.part) for it in asked[1:]):
        raise SeveralForms(_names(it.part for it in stated))
    called = names_of([it.part for it in stated])
    others = tuple(name for it, name in zip(stated, called, strict=True) if it is not first)
    return OnSheets((first.part,), others)


def _names(parts: Iterable[Part]) -> str:
    return ", ".join(names_of(list(parts)))


def names_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """The names of the sheets on which some tables stand; of two tables on one sheet the place of each."""
    sheets = [part.sheet.name for part in parts]
    if len(set(sheets)) == len(sheets):
        return tuple(sheets)
    return tuple(
        f"{part.sheet.name}!{column_letters(min(part.table.columns.values()))}{max(part.table.header_row, 1)}"
        for part in parts
    )
