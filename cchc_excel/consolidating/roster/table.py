"""A roster's file, a workbook of any kind or a text, as one table whose columns are known by their titles.

Out:    rows of raw values by line and column, and where each stands.
Never:  passes over a column whose title is nearly one that it knows: that is a mistake (`load`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from cchc_excel.errors import BadRoster, EmptyFile, Mistake, UnreadableWorkbook
from cchc_excel.excel.opening import is_workbook, open_grid
from cchc_excel.excel.opening.separated import SEPARATORS, decoded, separated_rows
from cchc_excel.grid import Cell, CellError, CellValue, Sheet, Source, column_letters
from cchc_excel.vietnamese.text import clean, fold, similarity, strip_accents

__all__ = ["COLUMNS", "Mistakes", "Place", "Table", "read_table", "role_nearly_told"]

Rows: TypeAlias = Mapping[int, Mapping[int, CellValue]]

_ROWS_SEARCHED = 40  # for the header; letterheads seen take up to 12
_TITLES = {
    "name": "Tên đơn vị|Đơn vị|Đơn vị báo cáo|Đơn vị nộp báo cáo|Tên đơn vị báo cáo|Tên đơn vị hành chính|Tên"
    "|Tên xã|Tên phường|Tên xã, phường|Tên xã, phường, thị trấn|Tên xã, phường, đặc khu|Xã|Phường|Xã, phường"
    "|Xã, phường, thị trấn|Xã, phường, đặc khu|Xã, thị trấn|Tên xã, thị trấn|UBND xã|UBND xã, phường"
    "|UBND xã, phường, thị trấn|Tên cơ quan|Cơ quan|Tên cơ quan, đơn vị|Cơ quan, đơn vị|Địa phương|Tên địa phương"
    "|unit|unit name|name",
    "code": "Mã đơn vị|Mã|Mã số|Mã ĐVHC|Mã hành chính|code|unit code|id",
    "aliases": "Tên khác|Tên gọi khác|Tên viết tắt|Cách ghi khác|aliases|alias|other names|also known as",
    "email": "Email|E-mail|Thư điện tử|Địa chỉ thư điện tử|Hộp thư|mail|email address",
    "due": "Hạn nộp|Hạn|Hạn báo cáo|Ngày hết hạn|Thời hạn|Thời hạn nộp|due|due date|deadline",
    "valid_from": "Từ ngày|Có hiệu lực từ|Hiệu lực từ|Hiệu lực từ ngày|Bắt đầu|valid from|from",
    "valid_to": "Đến ngày|Hiệu lực đến|Hiệu lực đến ngày|Kết thúc|valid to|until|to",
    "predecessors": "Đơn vị trước đây|Đơn vị cũ|Sáp nhập từ|Tên cũ|Thành lập từ|predecessors|predecessor|formed from",
    "ignored": "STT|TT|Số TT|Số thứ tự|No|Ghi chú|Chú thích|note|notes|remark|remarks",
}
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[A-ZĐ])\)?")
_ROLE_OF = {fold(title): role for role, titles in _TITLES.items() for title in titles.split("|")}
COLUMNS = tuple(role for role in _TITLES if role != "ignored")
"""What a roster may say of a unit; the titles that a person reads stand in `wording`."""

# Official lists name their columns in many ways: `Mã PX`, `TenPhuongXa`, `Tên xã, phường`. Without accents and signs:
_KINDS = "dvhc|dv|donvi|coquan|tochuc|phuong|xa|px|thitran|dackhu"
_OF_UNITS = rf"(?=.*(?:{_KINDS}))(?:{_KINDS}|hanhchinh|cap|baocao|moi)+"
_PATTERNS = {
    "name": re.compile(rf"(?:ten)?(?:goi)?(?:cac)?{_OF_UNITS}"),
    "code": re.compile(rf"(?:ma|code)(?:so)?{_OF_UNITS}"),
    "above": re.compile(r"(?:ten)?(?:quan|huyen|thixa)+"),
    "province": re.compile(r"(?:ten)?(?:tinh|thanhpho|tp)+"),
    "kind": re.compile(r"(?:loai|cap)(?:hinh|donvi|dvhc|donvihanhchinh|hanhchinh)*"),
}


class Place(NamedTuple):
    """Where something stands; `cell` is empty in a text file."""

    line: int = 0
    sheet: str = ""
    cell: str = ""


class Mistakes:
    """All that is wrong with one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Mistake] = []

    def add(self, place: Place, kind: str, **facts: str) -> None:
        named = {**facts, "sheet": place.sheet, "cell": place.cell}
        self.found.append(Mistake(self.file, place.line, kind, tuple(named.items())))

    def refusal(self) -> BadRoster:
        """The exception that tells all of them, in the order of the lines."""
        return BadRoster(tuple(sorted(self.found, key=lambda mistake: mistake.line)))


class Table(NamedTuple):
    """Rows below the header: line → column → value; `roles` by column."""

    sheet: str
    header: int
    roles: Mapping[int, str]
    titles: Mapping[int, CellValue]
    rows: Mapping[int, Mapping[int, CellValue]]
    date1904: bool = False

    def place(self, line: int, column: int) -> Place:
        return Place(line, self.sheet, f"{column_letters(column)}{line}" if self.sheet else "")


def read_table(source: Source, mistakes: Mistakes) -> Table | None:
    """The first visible sheet with a column of unit names, or None, and then a mistake says why.

    A text is read with each separator; the one that makes most titles known counts: `Cơ quan, đơn vị` is one title.
    """
    try:
        sheets = list(_sheets(source))
    except UnreadableWorkbook as error:
        mistakes.add(Place(), "unreadable", code=error.code, detail=error.detail)
        return None
    tables = [table for sheet in sheets if (table := _table(sheet)) is not None]
    if not tables:
        mistakes.add(Place(sheet=""), "no_header", role="name")
        return None
    is_text = not tables[0].sheet
    return max(tables, key=_share_known) if is_text else tables[0]


class _Sheet(NamedTuple):
    """The cells of a sheet by line and column; a text has no name."""

    name: str
    rows: Rows
    date1904: bool = False


def _table(sheet: _Sheet) -> Table | None:
    """The table that begins with the titles of the sheet; None where no column of unit names is found."""
    rows = _without_blanks(sheet.rows)
    header = _header(rows)
    if header is None:
        return None
    titles = dict(rows[header])
    below = {line: cells for line, cells in rows.items() if line > header}
    first = next(iter(below), None)
    if first is not None and _are_titles(below[first]):
        titles |= below.pop(first)
    first = next(iter(below), None)
    if first is not None and _are_numbers_of_columns(below[first]):
        del below[first]
    roles = {column: _role(title) for column, title in titles.items()}
    return Table(sheet.name, header, roles, titles, below, sheet.date1904)


def _are_titles(cells: Mapping[int, CellValue]) -> bool:
    """Whether a row goes on with titles: `Mã | Tên` below a wide `Đơn vị`."""
    return all(map(_role, cells.values()))


def _are_numbers_of_columns(cells: Mapping[int, CellValue]) -> bool:
    return len(cells) > 1 and all(map(_is_number_of_a_column, cells.values()))


def _is_number_of_a_column(value: CellValue) -> bool:
    """`(1)`, `2`, `B`: official lists number their columns below the titles."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return bool(_COLUMN_NUMBER.fullmatch(clean(text)))


def _share_known(table: Table) -> tuple[int, float]:
    """Sort key of tables: how many roles the titles name, and what share of the titles names one."""
    known = len(set(table.roles.values()) - {""})
    return known, known / len(table.roles)


def _sheets(source: Source) -> Iterator[_Sheet]:
    """The visible sheets; of a text file what it is with each separator."""
    if not source.data:
        raise EmptyFile
    if is_workbook(source.data):
        grid = open_grid(source.data).grid
        for sheet in grid.sheets:
            if sheet.visible:
                yield _Sheet(sheet.name, _shown(sheet), grid.date1904)
        return
    text = decoded(source.data)  # a list of names alone has no separator by which it could be recognised
    for separator in SEPARATORS:  # with another the header is one long title that nobody knows
        yield _Sheet("", _fields(text, separator))


def _shown(sheet: Sheet) -> Rows:
    return {line: {column: _shown_in(cell) for column, cell in row.items()} for line, row in sheet.rows.items()}


def _shown_in(cell: Cell) -> CellValue:
    """What a cell shows; a formula never calculated shows nothing that can be read."""
    return CellError(f"={cell.formula}") if cell.formula is not None and cell.value is None else cell.value


def _without_blanks(rows: Rows) -> Rows:
    """The rows without the cells that hold but spaces, and without those that hold nothing else."""
    filled = {}
    for line, cells in rows.items():
        with_text = {column: value for column, value in cells.items() if not isinstance(value, str) or clean(value)}
        if with_text:
            filled[line] = with_text
    return filled


def _fields(text: str, separator: str) -> Rows:
    """The fields of a text, as if they stood in cells."""
    return {line: dict(enumerate(fields, start=1)) for line, fields in separated_rows(text, separator)}


_NEAR = 0.8  # similarity of titles; `Hạn nop` may be meant for `Hạn nộp`, and lateness hangs on it


def role_nearly_told(title: str) -> str | None:
    """The role that a title nearly names, so that to pass over its column might lose what it says; else None."""
    folded = fold(title)
    scored = [(_likeness(folded, known), role) for known, role in _ROLE_OF.items() if role != "ignored"]
    score, role = max(scored)
    return role if score >= _NEAR else None


def _likeness(title: str, known: str) -> float:
    """`Hạn nộp báo cáo quý` begins as `Hạn nộp`; one word alone, as in `Tên bí thư`, says less."""
    return 1.0 if " " in known and title.startswith(f"{known} ") else similarity(title, known)


def _role(value: CellValue) -> str:
    """What a column with this title says of a unit; empty for one that says nothing that is needed."""
    if not isinstance(value, str):
        return ""
    known = _ROLE_OF.get(fold(value))
    if known is not None:
        return known
    letters = re.sub(r"[^a-z]", "", strip_accents(fold(value)))
    return next((role for role, pattern in _PATTERNS.items() if pattern.fullmatch(letters)), "")


def _header(rows: Rows) -> int | None:
    """The line that names the most columns, the unit's among them."""
    known: dict[int, int] = {}
    for line in list(rows)[:_ROWS_SEARCHED]:
        roles = [_role(title) for title in rows[line].values()]
        if "name" in roles:
            known[line] = sum(bool(role) for role in roles)
    return max(known, key=known.__getitem__, default=None)
