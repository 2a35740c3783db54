"""The matched rows of a table → the entries of a submission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.grid import Grid
from cchc_excel.reading.align import Alignment, Match
from cchc_excel.reading.entries import NUMBERS, is_too_large, perhaps_of_one, plain_formats, read_entry
from cchc_excel.reading.table import Table, TableRow
from cchc_excel.submission import CellAddress, Entry, How
from cchc_excel.vietnamese.text import fold

_AS_ABOVE = re.compile(r"nt|(?:như|giống|bằng)(?: (?:mục|trên|ở trên|chỉ tiêu|dòng|số liệu))*(?P<row>(?: \d+)*)")


def read_entries(grid: Grid, table: Table, alignment: Alignment) -> tuple[dict[str, Entry], list[Finding]]:
    """Return the entry of each matched row by id, and what there is to say about them."""
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []
    sheet = table.sheet.name
    is_doubtful = bool(table.sections or table.put_right or table.moved)
    plain = {} if grid.values_only else plain_formats(grid.styles)
    for row, indicator, _, _ in alignment.matches:
        kind, cell = indicator.kind, row.value
        if kind is Kind.HEADING:
            continue
        if is_doubtful and table.is_unread(row.number):
            entries[indicator.id] = unread_entry(table, row)
            continue
        if cell is None:
            entries[indicator.id] = Entry(
                None, None, How.BLANK, CellAddress(sheet, row.number, table.value_column(row.number))
            )
            continue
        address, value = CellAddress(sheet, cell.row, cell.column), cell.value
        if type(value) is int and cell.formula is None and kind in NUMBERS:  # nearly every cell of a well-filled form
            number_format = plain.get(cell.style)
            may_be_of_one = value == 1 and kind is Kind.PERCENT
            if number_format is not None and not is_too_large(value) and not may_be_of_one:
                entries[indicator.id] = Entry(value, value, How.AS_TYPED, address, number_format=number_format)
                continue
        entry, finding = read_entry(cell, indicator, grid, address)
        entries[indicator.id] = entry
        if finding is not None:
            findings.append(finding)
    for match in alignment.repeated:
        first = entries.get(match.indicator.id)
        if first is not None and match.row.value is not None and match.row.value.value != first.raw:
            # one row twice with two figures: which of them counts is not ours to say
            entries[match.indicator.id] = first._replace(value=None, how=How.UNREAD)
    referring = set(_referring(entries, {match.indicator.id: match.indicator for match in alignment.matches}))
    for key in referring:
        entries[key] = entries[key]._replace(how=How.BLANK)
    return entries, [finding for finding in findings if referring.isdisjoint(finding.indicators[:1])]


def _referring(entries: Mapping[str, Entry], rows: Mapping[str, Indicator]) -> Iterator[str]:
    """The entries that only name the rows whose figures they are, as `Như 3.3.1` does: no figure, so they are blank.

    That is so where all three of a percentage that is mostly the same as another one name it, or are blank: then one
    finding asks for all three.
    """
    for rate in rows.values():
        twin = rows.get(rate.same_as or "")
        three = [key for key in (rate.id, rate.part, rate.whole) if key and key in entries]
        if twin is None:
            continue
        referring = [key for key in three if _refers_to(twin, entries[key])]
        if all(key in referring or entries[key].how is How.BLANK for key in three):
            yield from referring


def _refers_to(twin: Indicator, entry: Entry) -> bool:
    """Whether a cell that could not be read says that its figure is that of the twin row, or of the row above."""
    if entry.how is not How.UNREAD or not isinstance(entry.raw, str):
        return False
    found = _AS_ABOVE.fullmatch(fold(entry.raw))
    return found is not None and (found["row"] or "").strip() in {"", fold(twin.stt)}


def doubtful_rates(entries: Mapping[str, Entry], form: Form) -> Iterator[Finding]:
    """T30 of the percentages of at most 1 % whose components do not tell what was meant: not read, or below zero."""
    for key, entry in entries.items():
        row = form[key]
        if row.kind is Kind.PERCENT and row.part is not None and row.whole is not None:
            components = (entries.get(row.part), entries.get(row.whole))
            if not all(map(_tells_a_share, components)):
                doubt = perhaps_of_one(entry, row)
                if doubt is not None:
                    yield doubt


def _tells_a_share(component: Entry | None) -> bool:
    """Whether a share can be worked out of a component: no number of things is negative."""
    value = None if component is None else component.value
    return value is not None and not isinstance(value, str) and value >= 0


def unread_entries(table: Table, matches: Iterable[Match]) -> dict[str, Entry]:
    """Return the entries of rows whose column of figures is not certain: all of them unread, none blank."""
    return {match.indicator.id: unread_entry(table, match.row) for match in matches if match.indicator.is_entry}


def unread_entry(table: Table, row: TableRow) -> Entry:
    """The entry of a row of which no figure is certain."""
    at = CellAddress(table.sheet.name, row.number, table.value_column(row.number))
    return Entry(None, None, How.UNREAD, at)
