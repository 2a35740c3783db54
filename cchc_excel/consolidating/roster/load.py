"""The list of units that must report: read from a workbook of any kind or a text, refused with all its mistakes.

In:     the bytes of a file that a district officer keeps: one row a unit, columns in any order.
Out:    a Roster.
Never:  takes a unit twice, guesses a date, passes over a column in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cchc_excel.consolidating.roster.listed import Listed, RosterCell, RosterRow
from cchc_excel.consolidating.roster.repetitions import refuse_repetitions
from cchc_excel.consolidating.roster.rows import UnitRows, unit_rows, without_numbering
from cchc_excel.consolidating.roster.table import Mistakes, Place, Table, read_table, role_nearly_told
from cchc_excel.consolidating.roster.unit import Roster, RosterUnit
from cchc_excel.grid import DAY_0, DAY_0_OF_1904, CellError, Source, column_letters
from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.vietnamese.unit_names import name_keys

__all__ = ["Roster", "RosterUnit", "load_roster"]

_BY_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_BY_YEAR = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_FIRST_SERIAL, _LAST_SERIAL = 21_916, 73_415  # 1960-01-01 and 2100-12-31; a bare 2025 is no date
_BESIDE_THE_NAME = frozenset({"above", "province", "kind"})
"""Roles of which a list may have two columns: the first counts."""
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")


def load_roster(source: Source) -> Roster:
    """Read a roster; whether it is a workbook or text is told by its content.

    The first visible sheet with a column of unit names counts. Lists are separated by `;`, dates are Excel's own,
    dd/mm/yyyy or yyyy-mm-dd. Columns that say nothing a roster needs are passed over. Raises BadRoster.
    """
    mistakes = Mistakes(source.name)
    table = read_table(source, mistakes)
    if table is None:
        raise mistakes.refusal()
    sorted_rows = unit_rows(table)
    rows = list(_rows(table, sorted_rows, mistakes))
    if not rows and not mistakes.found:
        mistakes.add(Place(sheet=table.sheet), "no_units")
    listed = _told_apart([Listed(row, _unit(row, mistakes)) for row in rows])
    refuse_repetitions(listed, mistakes)
    if mistakes.found:
        raise mistakes.refusal()
    return Roster(
        units=tuple(each.unit for each in listed),
        source=source.name,
        passed_over=_passed_over(table),
        no_units=sorted_rows.others,
        ends=sorted_rows.ends,
    )


# --- rows and their cells


def _rows(table: Table, sorted_rows: UnitRows, mistakes: Mistakes) -> Iterator[RosterRow]:
    """The rows that are units; wrong columns and unread cells are noted.

    The place above a unit is that of its own row, of the rows above it as in merged cells, or of its group's heading.
    """
    column_of = _columns(table, mistakes)
    of_units = frozenset(sorted_rows.lines)
    last_above = ""
    for line, values in table.rows.items():
        if line not in of_units:
            last_above = ""
            continue
        cells = {
            role: RosterCell(values[column], table.place(line, column))
            for role, column in column_of.items()
            if column in values
        }
        for cell in cells.values():
            if isinstance(cell.value, CellError):
                mistakes.add(cell.place, "unread_cell", value=cell.value.code)
        if cells:
            row = RosterRow(cells, table.place(line, column_of.get("name", 1)), table.date1904)
            last_above = row.text("above") or row.text("province") or last_above
            yield row._replace(above=last_above or sorted_rows.above.get(line, ""))


def _columns(table: Table, mistakes: Mistakes) -> dict[str, int]:
    """The column of each role that a roster needs; wrong columns are noted."""
    column_of: dict[str, int] = {}
    for column, role in sorted(table.roles.items()):
        title, place = table.titles[column], table.place(table.header, column)
        near = role_nearly_told(str(title)) if not role else None
        if near is not None:
            mistakes.add(place, "unknown_column", title=clean(str(title)), allowed=near)
        elif role in _BESIDE_THE_NAME:
            column_of.setdefault(role, column)
        elif role in column_of:
            mistakes.add(place, "column_twice", title=clean(str(title)), role=role)
        elif role and role != "ignored":
            column_of[role] = column
    return column_of


def _passed_over(table: Table) -> tuple[str, ...]:
    """The columns of which nothing was taken, by title, or by letter where they have none."""
    used = {column for cells in table.rows.values() for column in cells}
    titles = {column: clean(str(table.titles[column])) for column, role in table.roles.items() if not role}
    untitled = {column: column_letters(column) for column in used - table.roles.keys()}
    return tuple(name for _, name in sorted((titles | untitled).items()))


def _unit(row: RosterRow, mistakes: Mistakes) -> RosterUnit:
    """The unit of one row; what is wrong in its cells is noted."""
    name, email = _name(row), row.text("email")
    if not fold(name) and not isinstance(row.cell("name").value, CellError):
        mistakes.add(row.place, "no_name")
    if email and not _are_addresses(email):
        mistakes.add(row.cell("email").place, "bad_email", value=email)
    due, first, last = (_date(row, role, mistakes) for role in ("due", "valid_from", "valid_to"))
    if first and last and first > last:
        days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        mistakes.add(row.cell("valid_to").place, "ends_before_start", **days)
    return RosterUnit(
        name=name,
        code=row.text("code"),
        aliases=row.texts("aliases"),
        email=email,
        due=due,
        valid_from=first,
        valid_to=last,
        predecessors=row.texts("predecessors"),
    )


def _are_addresses(email: str) -> bool:
    """Whether a text is one address, or several between which `;` or `,` stands."""
    return all(_EMAIL.fullmatch(clean(address)) for address in re.split("[;,]", email))


def _name(row: RosterRow) -> str:
    """The name without a number before it; with its kind, where that stands in a column of its own."""
    name, kind = without_numbering(row.text("name")), row.text("kind")
    keys = name_keys(name)
    lacks_kind = bool(keys) and not keys[0].level and not is_office(name)
    return f"{kind} {name}" if lacks_kind and _is_kind(kind) else name


def _is_kind(word: str) -> bool:
    """Whether a word is a kind of unit: `Xã`, `Phường`, `Sở`; `I` is a class of them."""
    if not word:
        return False
    name = f"{word} a"
    keys = name_keys(name)
    is_level = bool(keys) and bool(keys[0].level) and keys[0].core == "a"
    return is_level or is_office(name)


def _told_apart(listed: Sequence[Listed]) -> list[Listed]:
    """The units, those of one name with the place above them, where the list tells it."""
    count = Counter(fold(each.unit.name) for each in listed)
    return [each if count[fold(each.unit.name)] == 1 else _with_place(each) for each in listed]


def _with_place(listed: Listed) -> Listed:
    """The unit with the place above it in its name, unless that stands there already or is not known."""
    above, unit = listed.row.above, listed.unit
    if not above or fold(above) in fold(unit.name):
        return listed
    return listed._replace(unit=unit._replace(name=f"{unit.name}, {above}"))


def _date(row: RosterRow, role: str, mistakes: Mistakes) -> date | None:
    """The day in a cell; None where it is empty, and where it is no day, which is noted."""
    value, place = row.cell(role)
    if value is None or isinstance(value, CellError):
        return None
    found = None
    if isinstance(value, str):
        found = _date_in(clean(value))
    elif not isinstance(value, bool) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        found = (DAY_0_OF_1904 if row.date1904 else DAY_0) + timedelta(days=int(value))
    if found is None:
        mistakes.add(place, "bad_date", value=clean(str(value)), role=role)
    return found


def _date_in(text: str) -> date | None:
    """The day that a text is: `20/03/2023`, `2023-03-20`."""
    if match := _BY_DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _BY_YEAR.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
