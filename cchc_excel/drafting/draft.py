"""A blank sheet → the text of its form.yaml, each guess with its reason beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cchc_excel.drafting.guesses import guess
from cchc_excel.drafting.rows import DraftRow, bare, rows_of, table_of
from cchc_excel.errors import FormNotFound
from cchc_excel.excel.opening import open_grid
from cchc_excel.form import Kind
from cchc_excel.grid import Source
from cchc_excel.reading.table import Table
from cchc_excel.vietnamese.text import clean

_INLINE = ("is", "part", "whole", "of", "total_of")


class Guess(NamedTuple):
    """One thing that was guessed of a row: the field, what it became, and why."""

    indicator: str
    field: str
    value: object
    because: str


class Draft(NamedTuple):
    """A drafted form: the text of form.yaml, and every guess in it."""

    name: str
    text: str
    guesses: tuple[Guess, ...]
    rows: tuple[DraftRow, ...]


def draft(source: Source, name: str) -> Draft:
    """Draft the form of a blank sheet; figures on it are passed over.

    Raises UnreadableWorkbook for what is no workbook, FormNotFound for one without a table of indicators.
    """
    grid = open_grid(source.data).grid
    table = table_of(grid)
    rows = rows_of(table)
    if not any(row.kind is not Kind.HEADING for row in rows):
        raise FormNotFound(table.sheet.name)
    guess(rows)
    text = "\n".join(_lines(name, _title(table), table, rows)) + "\n"
    return Draft(name, text, tuple(_guesses(rows)), tuple(rows))


def _title(table: Table) -> str:
    """The longest line in capitals above the header, else the name of the sheet."""
    lines = [
        clean(str(cell.value)).strip()
        for number, cells in table.sheet.rows.items()
        if number < table.header_row
        for cell in cells.values()
        if isinstance(cell.value, str)
    ]
    capitals = [
        part.strip() for text in lines for part in text.splitlines() if part.isupper() and "UBND" not in part[:5]
    ]
    return max((it for it in capitals if "CỘNG HÒA" not in it), key=len, default=table.sheet.name)


def _guesses(rows: Sequence[DraftRow]) -> Iterator[Guess]:
    for row in rows:
        yield Guess(row.id, "kind", row.kind.value, row.why)
        for field, because in row.reasons.items():
            yield Guess(row.id, field, row.relations.get(field, row.stt), because)


def _lines(name: str, title: str, table: Table, rows: Sequence[DraftRow]) -> Iterator[str]:
    yield "# Bản nháp do `cchc form scaffold` lập từ một biểu trống. Mỗi phỏng đoán có lý do ghi bên cạnh:"
    yield "# xem lại từng dòng, sửa chỗ chưa đúng, rồi chạy `cchc form check` với thư mục này."
    unsure = [row for row in rows if row.kind is Kind.PERCENT and not {"part", "of"} & row.relations.keys()]
    if unsure:
        yield "# Chưa đoán được thành phần của tỷ lệ: " + ", ".join(row.id for row in unsure) + "."
    yield f"form: {_quoted(name)}"
    yield 'version: "1"'
    yield f"title: {_quoted(title)}"
    yield "level: xa"
    yield ""
    yield "columns:"
    for role in ("stt", "label", "unit", "value", "note"):
        if role in table.columns:
            yield f"  {role}: {{title: {_quoted(_head(table, role))}}}"
    yield ""
    yield "periods: {closing_day: 14, listed: [Q1, H1, Q3, Y]}  # Nghị định 09/2019/NĐ-CP: số liệu chốt ngày 14"
    yield ""
    yield "indicators:"
    for row in rows:
        yield from _row(row)


def _head(table: Table, role: str) -> str:
    """The title of a column as it stands, of several header rows the lowest."""
    first = table.rows[0].number if table.rows else table.header_row + 1
    found = ""
    for number in range(table.header_row, first):
        cell = table.sheet.cell(number, table.columns[role])
        if cell is not None and isinstance(cell.value, str) and not bare(cell.value).isdigit():
            found = clean(cell.value).split("(")[0].strip() or found
    return found or role


def _row(row: DraftRow) -> Iterator[str]:
    stt = f", stt: {_quoted(row.stt)}" if row.stt else ""
    unit = f", unit: {_quoted(row.unit)}" if row.unit else ""
    yield f"  - id: {_quoted(row.id)}"
    yield f"    kind: {row.kind.value}  # {row.why}"
    if stt:
        yield f"    stt: {_quoted(row.stt)}" + (f"  # {row.reasons['stt']}" if "stt" in row.reasons else "")
    if unit:
        yield f"    unit: {_quoted(row.unit)}"
    if row.options:
        yield "    options: {" + ", ".join(f"{_quoted(option)}: []" for option in row.options) + "}"
    for field in _INLINE:
        if field in row.relations:
            because = f"  # {row.reasons[field]}" if field in row.reasons else ""
            yield f"    {field}: {json.dumps(row.relations[field], ensure_ascii=False)}{because}"
    if "printed" in row.relations:
        yield f"    printed: {json.dumps(row.relations['printed'], ensure_ascii=False)}"
    if row.note:
        yield f"    note: {_quoted(row.note)}"
    yield f"    label: {_quoted(row.label)}"


def _quoted(text: str) -> str:
    """A text as YAML takes it, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
