"""A roster's file, a workbook of any kind or a text, as one table whose columns are known by their titles.

Out:    rows of raw values by line and column, and where each stands.
Never:  passes over a column whose title is nearly one that it knows: that is a mistake (`load`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from cchc_excel.errors import EmptyFile, Mistake, UnreadableWorkbook
from cchc_excel.excel.opening import is_workbook, open_grid
from cchc_excel.excel.opening.separated import SEPARATORS, decoded, separated_rows
from cchc_excel.grid import Cell, CellError, CellValue, Source, column_letters
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
    """The first visible sheet with a column of unit names, or None, and then a mistake says why."""
    try:
        sheets = list(_sheets(source))
    except UnreadableWorkbook as error:
        mistakes.add(Place(), "unreadable", code=error.code, detail=error.detail)
        return None
    tables = (_table(name, _filled(standing), date1904) for name, standing, date1904 in sheets)
    found = [table for table in tables if table is not None]
    if not found:
        mistakes.add(Place(sheet=""), "no_header", role="name")
        return None
    # of the separators of a text the one that makes most titles known: `Cơ quan, đơn vị` is one title
    return found[0] if found[0].sheet else max(found, key=_share_known)


def _table(name: str, rows: Rows, date1904: bool) -> Table | None:
    header = _header(rows)
    if header is None:
        return None
    titles = dict(rows[header])
    below = {line: cells for line, cells in rows.items() if line > header}
    second = next(iter(below), None)
    if second is not None and all(map(_role, below[second].values())):  # `Mã | Tên` below a wide `Đơn vị`
        titles |= below.pop(second)
    second = next(iter(below), None)
    if second is not None and len(below[second]) > 1 and all(map(_is_number_of_a_column, below[second].values())):
        del below[second]
    roles = {column: _role(value) for column, value in titles.items()}
    return Table(name, header, roles, titles, below, date1904)


def _is_number_of_a_column(value: CellValue) -> bool:
    """`(1)`, `2`, `B`: official lists number their columns below the titles."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return bool(_COLUMN_NUMBER.fullmatch(clean(text)))


def _share_known(table: Table) -> tuple[int, float]:
    """How many roles the titles name, and of how many titles."""
    known = len(set(table.roles.values()) - {""})
    return known, known / len(table.roles)


def _sheets(source: Source) -> Iterator[tuple[str, Rows, bool]]:
    """Visible sheets as name, rows and date system; a text file is read with each separator."""
    if not source.data:
        raise EmptyFile
    if is_workbook(source.data):
        grid = open_grid(source.data).grid
        for sheet in grid.sheets:
            if sheet.visible:
                rows: Rows = {
                    line: {at: _standing(cell) for at, cell in row.items()} for line, row in sheet.rows.items()
                }
                yield sheet.name, rows, grid.date1904
        return
    text = decoded(source.data)  # a list of names alone has no separator by which it could be recognised
    for separator in SEPARATORS:  # with another the header is one long title that nobody knows
        yield "", _fields(text, separator), False


def _standing(cell: Cell) -> CellValue:
    """What a cell shows; a formula never calculated shows nothing that can be read."""
    return CellError(f"={cell.formula}") if cell.formula is not None and cell.value is None else cell.value


def _filled(rows: Rows) -> Rows:
    """Without the cells that hold but spaces."""
    kept = {
        line: {at: it for at, it in cells.items() if not isinstance(it, str) or clean(it)}
        for line, cells in rows.items()
    }
    return {line: cells for line, cells in kept.items() if cells}


def _fields(text: str, separator: str) -> Rows:
    return {line: dict(enumerate(fields, start=1)) for line, fields in separated_rows(text, separator)}


_NEAR = 0.8  # similarity of titles; `Hạn nop` may be meant for `Hạn nộp`, and lateness hangs on it


def role_nearly_told(title: str) -> str | None:
    """The role that a title nearly names, so that to pass over its column might lose what it says; else None."""
    folded = fold(title)
    near = [
        (score, role)
        for known, role in _ROLE_OF.items()
        if role != "ignored" and (score := _likeness(folded, known)) >= _NEAR
    ]
    return max(near)[1] if near else None


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
    counts = {}
    for line in list(rows)[:_ROWS_SEARCHED]:
        roles = [_role(value) for value in rows[line].values()]
        if "name" in roles:
            counts[line] = sum(map(bool, roles))
    return max(counts, key=counts.__getitem__) if counts else None
