"""The table of a blank sheet as rows with a place: who stands under whom, of what kind each is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cchc_excel.errors import FormNotFound
from cchc_excel.form import Kind, load_form
from cchc_excel.grid import Grid
from cchc_excel.reading.table import Table, TableRow, find_tables
from cchc_excel.vietnamese.text import clean, fold, strip_accents

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})*")
_SUBSET = "trong do"  # "Trong đó": what follows is some of the whole, not all of it
_ANSWERS = ("co khong", "co hoac khong")
MOST_ROWS = 2_000


@dataclass(slots=True)
class DraftRow:
    """One row as it is drafted. `above` is the place of the row that it stands under; `within`: after a `Trong đó`."""

    place: int
    number: int
    stt: str
    label: str
    unit: str
    note: str
    kind: Kind = Kind.COUNT
    why: str = ""
    above: int | None = None
    within: bool = False
    id: str = ""
    options: tuple[str, ...] = ()
    relations: dict[str, object] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def bare(self) -> str:
        """The label folded and without accents, to look for words in."""
        return bare(self.label)


def bare(text: str) -> str:
    """The folded text without its accents."""
    return strip_accents(fold(text))


def table_of(grid: Grid) -> Table:
    """The table with most rows that have a unit or a number, on a visible sheet. Raises FormNotFound."""
    form = load_form()  # its titles of columns are those that such forms have
    tables = [table for sheet in grid.sheets if sheet.visible for table in find_tables(sheet, form)]
    if not tables:
        raise FormNotFound(", ".join(sheet.name for sheet in grid.sheets))

    def rows_with_unit(table: Table) -> int:
        return sum(bool(row.unit) and bool(row.label) for row in table.rows)

    return max(tables, key=rows_with_unit)


def rows_of(table: Table) -> list[DraftRow]:
    """The rows with kinds, places and ids; rows after the last that has a number or a unit are signatures."""
    joined = list(_joined([row for row in table.rows if row.label or row.stt]))
    while joined and not (joined[-1].unit or _NUMBER.fullmatch(_stt(joined[-1].stt))):
        joined.pop()
    labelled = [row for row in joined[:MOST_ROWS] if row.label]
    rows = [
        DraftRow(
            place=place,
            number=row.number,
            stt=_stt(row.stt),
            label=clean(row.label).strip(),
            unit=clean(row.unit).strip(),
            note=clean(row.note),
        )
        for place, row in enumerate(labelled)
    ]
    for row in rows:
        row.kind, row.why, row.options = _kind(row)
    _renumber(rows)
    _put_under(rows)
    parents = {row.above for row in rows}
    for row in rows:
        is_leaf = row.place not in parents
        if row.kind is Kind.HEADING and "." in row.stt and is_leaf:
            row.kind, row.why = Kind.COUNT, "không có đơn vị tính, nhưng cũng không có dòng nào bên dưới"
    _name(rows)
    return rows


def _stt(text: str) -> str:
    return clean(text).strip().rstrip(".")


def _joined(rows: Sequence[TableRow]) -> Iterator[TableRow]:
    """Put together what a page break tore: a row without number and unit that goes on in small letters."""
    waiting: TableRow | None = None
    for row in rows:
        goes_on = waiting is not None and not row.stt and row.label[:1].islower() and not (row.unit and waiting.unit)
        if goes_on and waiting is not None:
            waiting = waiting.joined(row)
            continue
        if waiting is not None:
            yield waiting
        waiting = row
    if waiting is not None:
        yield waiting


def _kind(row: DraftRow) -> tuple[Kind, str, tuple[str, ...]]:
    """The kind of a row by its unit, else by its words; with the reason and the answers of a choice."""
    unit = bare(row.unit)
    if "%" in row.unit or unit == "phan tram":
        return Kind.PERCENT, f"đơn vị tính là “{row.unit}”", ()
    if re.sub(r"[^a-z]+", " ", unit).strip() in _ANSWERS:
        return Kind.YES_NO, f"đơn vị tính là “{row.unit}”", ()
    options = tuple(part.strip() for part in re.split(r"[;/]", row.unit) if part.strip())
    if len(options) > 1 and not any(letter.isdigit() for letter in row.unit):
        return Kind.CHOICE, f"đơn vị tính liệt kê các câu trả lời “{row.unit}”", options
    if unit.endswith("dong") or unit in {"vnd", "d"}:
        return Kind.MONEY, f"đơn vị tính là “{row.unit}”", ()
    if unit:
        return Kind.COUNT, f"đơn vị tính là “{row.unit}”", ()
    if row.bare.startswith("ty le"):
        return Kind.PERCENT, "tên bắt đầu bằng “Tỷ lệ”", ()
    if row.bare.startswith("tong so"):
        return Kind.COUNT, "tên bắt đầu bằng “Tổng số”", ()
    return Kind.HEADING, "không có đơn vị tính", ()


def _renumber(rows: Sequence[DraftRow]) -> None:
    """A number that stands twice is moved on to the next free one; what is no number is none."""
    taken: set[str] = set()
    for row in rows:
        if not _NUMBER.fullmatch(row.stt):
            row.within = bare(row.stt) == _SUBSET
            row.stt = ""
            continue
        printed, number = row.stt, row.stt
        while number in taken:
            head, _, last = number.rpartition(".")
            number = f"{head}.{int(last) + 1}" if head else str(int(last) + 1)
        if number != printed:
            row.reasons["stt"] = f"số {printed} đã có ở dòng trên"
            row.relations["printed"] = {"stt": printed}
        row.stt = number
        taken.add(number)


def _put_under(rows: Sequence[DraftRow]) -> None:
    """A numbered row stands under the row of its number's beginning, one without a number under the last numbered."""
    by_number = {row.stt: row.place for row in rows if row.stt}
    last: int | None = None
    within = False
    for row in rows:
        if row.stt:
            row.above = by_number.get(row.stt.rpartition(".")[0])
            last, within = row.place, False
        else:
            within = within or row.within or row.bare.startswith(_SUBSET)
            row.above, row.within = last, within


def _name(rows: Sequence[DraftRow]) -> None:
    """Ids: the number, or that of the row above and a word or two of the label."""
    taken: set[str] = set()
    for row in rows:
        start = row.stt or (rows[row.above].id if row.above is not None else "dong")
        name = row.stt or f"{start}.{_slug(row.label)}"
        number = 2
        while name in taken:
            name, number = f"{start}.{_slug(row.label)}_{number}", number + 1
        row.id = name
        taken.add(name)


_EMPTY_WORDS = frozenset(
    ["so", "tong", "ty", "le", "cac", "da", "duoc", "va", "cua", "trong", "do", "theo", "tai", "luong"]
)


def _slug(label: str) -> str:
    """Up to three words that tell a row from its neighbours: `Số TTHC cấp xã` → `tthc_cap_xa`."""
    words = re.findall(r"[a-z0-9]+", bare(label))
    telling = [word for word in words if word not in _EMPTY_WORDS] or words or ["dong"]
    return "_".join(telling[:3])


def below(rows: Sequence[DraftRow]) -> Mapping[int, list[DraftRow]]:
    """The rows directly under each row, by its place."""
    found: dict[int, list[DraftRow]] = {}
    for row in rows:
        if row.above is not None:
            found.setdefault(row.above, []).append(row)
    return found
