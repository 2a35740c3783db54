"""The list of units that must report: read from a workbook of any kind or a text, refused with all its mistakes.

In:     the bytes of a file that a district officer keeps: one row a unit, columns in any order.
Out:    a Roster.
Never:  takes a unit twice, guesses a date, passes over a column in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cchc_excel.consolidating.roster.rows import NO_ROWS, UnitRows, unit_rows, without_numbering
from cchc_excel.consolidating.roster.table import Mistakes, Place, Table, read_table, role_nearly_told
from cchc_excel.errors import BadRoster
from cchc_excel.grid import DAY_0, DAY_0_OF_1904, CellError, CellValue, Source, column_letters
from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.vietnamese.unit_names import NameKey, level_gap, name_keys

__all__ = ["Roster", "RosterUnit", "load_roster"]

_BY_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_BY_YEAR = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_FIRST_SERIAL, _LAST_SERIAL = 21_916, 73_415  # 1960-01-01 and 2100-12-31; a bare 2025 is no date
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")


class RosterUnit(NamedTuple):
    """A unit that must report. `due` is the last day to do so.

    `valid_from` and `valid_to` are the first and last day of the unit itself; None leaves that side open.
    `predecessors` are names, or codes of other units of the roster, that it came to replace.
    """

    name: str
    code: str = ""
    aliases: tuple[str, ...] = ()
    email: str = ""
    due: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()

    def is_valid(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def overlaps(self, other: RosterUnit) -> bool:
        """Whether there is a day on which both exist."""
        first, last = self.valid_from or date.min, self.valid_to or date.max
        return first <= (other.valid_to or date.max) and (other.valid_from or date.min) <= last


class Roster(NamedTuple):
    """The units in the order of the file, the file's name, and the titles of the columns that were passed over.

    `no_units` are the rows that are none, by line; `ends` is the line from which notes and signatures follow, or 0.
    """

    units: tuple[RosterUnit, ...]
    source: str
    passed_over: tuple[str, ...] = ()
    no_units: Mapping[int, str] = {}
    ends: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a unit goes."""
        return tuple(dict.fromkeys(name for unit in self.units for name in (unit.name, *unit.aliases)))

    def expected(self, day: date) -> tuple[RosterUnit, ...]:
        """The units that exist on that day."""
        return tuple(unit for unit in self.units if unit.is_valid(day))


def load_roster(source: Source) -> Roster:
    """Read a roster; whether it is a workbook or text is told by its content.

    The first visible sheet with a column of unit names counts. Lists are separated by `;`, dates are Excel's own,
    dd/mm/yyyy or yyyy-mm-dd. Columns that say nothing a roster needs are passed over. Raises BadRoster.
    """
    mistakes = Mistakes(source.name)
    table = read_table(source, mistakes)
    sorted_rows = unit_rows(table) if table is not None else NO_ROWS
    rows = list(_rows(table, sorted_rows, mistakes)) if table is not None else []
    if not rows and not mistakes.found:
        mistakes.add(Place(sheet=table.sheet if table else ""), "no_units")
    units = _told_apart([(row, _unit(row, mistakes)) for row in rows])
    _refuse_repetitions(units, mistakes)
    if mistakes.found:
        raise BadRoster(tuple(sorted(mistakes.found, key=lambda mistake: mistake.line)))
    return Roster(
        units=tuple(unit for _, unit in units),
        source=source.name,
        passed_over=_passed_over(table) if table is not None else (),
        no_units=sorted_rows.others,
        ends=sorted_rows.ends,
    )


# --- rows and their cells


class _Row(NamedTuple):
    """One unit's cells by role, each with its place."""

    cells: Mapping[str, tuple[CellValue, Place]]
    place: Place
    date1904: bool
    above: str = ""

    def at(self, role: str) -> Place:
        return self.cells[role][1] if role in self.cells else self.place

    def text(self, role: str) -> str:
        value = self.cells[role][0] if role in self.cells else None
        if value is None or isinstance(value, CellError):
            return ""
        return clean(str(int(value) if isinstance(value, float) and value.is_integer() else value))

    def texts(self, role: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for it in self.text(role).split(";") if (text := clean(it))))


def _rows(table: Table, sorted_rows: UnitRows, mistakes: Mistakes) -> Iterator[_Row]:
    """The rows that are units; wrong columns and unread cells are noted.

    The place above a unit is that of its own row, of the rows above it as in merged cells, or of its group's heading.
    """
    role_at: dict[str, int] = {}
    for column, role in sorted(table.roles.items()):
        title, place = table.titles[column], table.place(table.header, column)
        near = role_nearly_told(str(title)) if not role else None
        if near is not None:
            mistakes.add(place, "unknown_column", title=clean(str(title)), allowed=near)
        elif role in {"above", "province", "kind"}:
            role_at.setdefault(role, column)
        elif role in role_at and role != "ignored":
            mistakes.add(place, "column_twice", title=clean(str(title)), role=role)
        elif role:
            role_at[role] = column
    last_above = ""
    for line, values in table.rows.items():
        if line not in sorted_rows.lines:
            last_above = ""
            continue
        cells = {
            role: (values[column], table.place(line, column))
            for role, column in role_at.items()
            if role != "ignored" and column in values
        }
        for value, place in cells.values():
            if isinstance(value, CellError):
                mistakes.add(place, "unread_cell", value=value.code)
        if cells:
            row = _Row(cells, table.place(line, role_at.get("name", 1)), table.date1904)
            last_above = row.text("above") or row.text("province") or last_above
            yield row._replace(above=last_above or sorted_rows.above.get(line, ""))


def _passed_over(table: Table) -> tuple[str, ...]:
    """The columns of which nothing was taken, by title, or by letter where they have none."""
    name_of: dict[int, str] = {}
    for column, role in table.roles.items():
        if not role:
            name_of[column] = clean(str(table.titles[column]))
    for cells in table.rows.values():
        for column in cells:
            if column not in table.roles:
                name_of[column] = column_letters(column)
    return tuple(name_of[column] for column in sorted(name_of))


def _unit(row: _Row, mistakes: Mistakes) -> RosterUnit:
    name, email = _name(row), row.text("email")
    if not fold(name) and not isinstance(row.cells.get("name", (None,))[0], CellError):
        mistakes.add(row.place, "no_name")
    addresses = [clean(part) for part in re.split("[;,]", email)] if email else []
    if not all(map(_EMAIL.fullmatch, addresses)):
        mistakes.add(row.at("email"), "bad_email", value=email)
    due, first, last = (_date(row, role, mistakes) for role in ("due", "valid_from", "valid_to"))
    if first and last and first > last:
        mistakes.add(row.at("valid_to"), "ends_before_start", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
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


def _name(row: _Row) -> str:
    """The name without a number before it; with its kind, where that stands in a column of its own."""
    name, kind = without_numbering(row.text("name")), row.text("kind")
    keys = name_keys(name)
    is_kind = bool(keys) and not keys[0].level and not is_office(name) and _is_kind(kind)
    return f"{kind} {name}" if is_kind else name


def _is_kind(word: str) -> bool:
    """Whether a word is a kind of unit: `Xã`, `Phường`, `Sở`; `I` is a class of them."""
    keys = name_keys(f"{word} a")
    return bool(word) and (is_office(f"{word} a") or bool(keys and keys[0].level and keys[0].core == "a"))


def _told_apart(units: Sequence[tuple[_Row, RosterUnit]]) -> list[tuple[_Row, RosterUnit]]:
    """Units of one name with the place above them, where the list has a column for it."""
    count = Counter(fold(unit.name) for _, unit in units)
    named = []
    for row, unit in units:
        above = row.above
        is_told = not above or count[fold(unit.name)] == 1 or fold(above) in fold(unit.name)
        named.append((row, unit if is_told else unit._replace(name=f"{unit.name}, {above}")))
    return named


def _date(row: _Row, role: str, mistakes: Mistakes) -> date | None:
    value, place = row.cells.get(role, (None, row.place))
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


# --- units against each other


class _Named(NamedTuple):
    """A name, code or alias of a unit."""

    row: _Row
    unit: RosterUnit
    role: str
    text: str

    def means_the_same(self, other: _Named) -> bool:
        """Whether both could be meant by one text on a workbook of one period."""
        if not self.unit.overlaps(other.unit):
            return False
        for key in self.keys:
            for other_key in other.keys:
                if key.core == other_key.core and level_gap(key, other_key) == 0:
                    return True
        return False

    @property
    def keys(self) -> tuple[NameKey, ...]:
        """What the text is looked up by; a code has no level."""
        if self.role == "code":
            return (NameKey("", fold(self.text), ""),)
        return name_keys(self.text)[:1]


def _refuse_repetitions(units: Sequence[tuple[_Row, RosterUnit]], mistakes: Mistakes) -> None:
    """No name, code or alias may mean two units that exist at one time; a new unit may bear an old one's name."""
    names, codes = _Taken(), _Taken()
    for row, unit in units:
        own_names = [_Named(row, unit, "name", unit.name)]
        own_names += [_Named(row, unit, "aliases", alias) for alias in unit.aliases]
        own_codes = [_Named(row, unit, "code", unit.code)] if unit.code else []
        for taken, own in ((names, own_names), (codes, own_codes)):
            for named in own:
                for other in taken.of_others(named):
                    _add_repetition(named, other, mistakes)
            taken.add(own)  # after all were looked up: a unit may be called the same twice


class _Taken:
    """The names, or the codes, of the units that were gone through."""

    def __init__(self) -> None:
        self._by_core: dict[str, list[_Named]] = {}

    def of_others(self, named: _Named) -> Iterator[_Named]:
        """For each key of a name the first that could be meant by it as well."""
        for key in named.keys:
            for other in self._by_core.get(key.core, ()):
                if named.means_the_same(other):
                    yield other
                    break

    def add(self, names: Iterable[_Named]) -> None:
        for named in names:
            for key in named.keys:
                self._by_core.setdefault(key.core, []).append(named)


def _add_repetition(named: _Named, other: _Named, mistakes: Mistakes) -> None:
    kind = "ambiguous_alias"
    if named.role == other.role == "name":
        kind = "duplicate_unit"
    elif named.role == other.role == "code":
        kind = "duplicate_code"
    facts = {"text": named.text, "other": other.unit.name, "row": str(other.row.place.line)}
    mistakes.add(named.row.at(named.role), kind, **facts)
