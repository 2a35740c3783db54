"""A unit that is stated once for the whole table: `Đơn vị tính: nghìn hồ sơ` above it, or `Số liệu (1.000)` as title.

In:     a table of the form with its rows matched.
Out:    S53 where the size of the figures is another one than the form's units say.
Never:  converts a figure: whether the clerk filled it in as the line above says nobody knows but he.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Indicator, Kind
from cchc_excel.grid import Cell
from cchc_excel.reading.align import Alignment
from cchc_excel.reading.header import Header, titles_above
from cchc_excel.reading.notice import notice
from cchc_excel.reading.scales import Scale, scale_of_title, scale_of_unit, scale_stated
from cchc_excel.reading.table import Table
from cchc_excel.submission import CellAddress
from cchc_excel.vietnamese.text import clean, fold

__all__ = ["common_unit_findings"]

_OF_MEASURE = ("đơn vị tính", "đvt", "don vi tinh", "dvt")
_LABELS = frozenset({*_OF_MEASURE, "đơn vị"})


def common_unit_findings(parts: Sequence[tuple[Table, Alignment]]) -> Iterator[Finding]:
    """S53 of each cell above a table, or title over its figures, that gives them another size than the form does.

    What stands above the first sheet of a form holds for the next ones too, up to one that states a size itself.
    """
    for place, (table, _) in enumerate(parts):
        yield from _of_table(table, parts[place : _end(parts, place)])


def _end(parts: Sequence[tuple[Table, Alignment]], place: int) -> int:
    """The place of the next part that states a size itself."""
    states = (at for at in range(place + 1, len(parts)) if _states_a_size(parts[at][0]))
    return next(states, len(parts))


def _states_a_size(table: Table) -> bool:
    above = (text for text, address in _texts(table) if address.row < table.header_row)
    return any(scale_stated(text) is not None or fold(text).startswith(_OF_MEASURE) for text in above)


def _of_table(table: Table, reach: Sequence[tuple[Table, Alignment]]) -> Iterator[Finding]:
    """S53 of what one table states, of whose words the first of these parts is the table itself."""
    for text, address in _texts(table):
        is_title = address.row >= table.header_row
        scale = scale_of_title(text) if is_title else scale_stated(text)
        if scale is not None:
            under = [it for other, it in reach if other is table or not (is_title and other.header_row)]
            matches = (match for alignment in under for match in alignment.matches)
            rows = [match for match in matches if match.row.value is not None and match.indicator.is_entry]
            named = tuple(row.id for row in _of_another_size([it.indicator for it in rows], scale, table))
            if named:
                facts: dict[str, Fact] = {"at": address.local, "text": clean(text), "count": len(named)}
                yield notice("S53", named, (address,), facts=facts)


def _of_another_size(rows: list[Indicator], scale: Scale, table: Table) -> list[Indicator]:
    """The rows whose figures would not be in the form's own unit if what is stated held for them."""
    money = [row for row in rows if row.kind is Kind.MONEY]
    counts = [row for row in rows if row.kind is Kind.COUNT]
    if scale.is_percent:
        return counts + money
    other_money = [row for row in money if scale_of_unit(row.unit) != scale.factor]
    if scale.is_money or (not scale.noun and len(other_money) < len(money)):
        has_units = "unit" in table.columns
        return other_money if money or has_units else counts
    other_counts = [row for row in counts if scale_of_unit(row.unit) != scale.factor]
    return other_counts if scale.noun else other_counts + other_money


def _texts(table: Table) -> Iterator[tuple[str, CellAddress]]:
    """The texts above the table, and the titles over its figures and units, each with its cell."""
    sheet = table.sheet
    over = titles_above(sheet, Header(table.header_row, table.last_header, table.columns)) if table.header_row else {}
    titles = {text for role in ("value", "unit") for text in over.get(table.columns.get(role, 0), ())}
    for number, cells in sheet.rows.items():
        if number > table.last_header:
            return
        for column, cell in cells.items():
            if not isinstance(cell.value, str):
                continue
            address = CellAddress(sheet.name, number, column)
            left = cells.get(column - 1)
            if number < table.header_row and not _is_label(left):
                yield _with_what_follows(cell.value, cells.get(column + 1)), address
            elif number >= table.header_row and clean(cell.value) in titles:
                yield cell.value, address


def _with_what_follows(text: str, right: Cell | None) -> str:
    """A text, and where it is `Đơn vị tính:` alone what stands right of it."""
    if right is not None and isinstance(right.value, str | int) and fold(text) in _LABELS:
        return f"{text.rstrip()} {right.value}"
    return text


def _is_label(cell: Cell | None) -> bool:
    """Whether a cell is the words before a unit, of which that in the next cell is a part."""
    return cell is not None and isinstance(cell.value, str) and fold(cell.value) in _LABELS
