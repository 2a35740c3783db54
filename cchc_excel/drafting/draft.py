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
    titles = [line.strip() for line in _lines_above(table) if line.isupper() and not _is_letterhead(line)]
    return max(titles, key=len, default=table.sheet.name)


def _lines_above(table: Table) -> Iterator[str]:
    """Each line of each text above the header."""
    for number, cells in table.sheet.rows.items():
        if number >= table.header_row:
            continue
        for cell in cells.values():
            if isinstance(cell.value, str):
                yield from clean(cell.value).strip().splitlines()


def _is_letterhead(line: str) -> bool:
    """Whether a line names the office or the state, as every official document does above its title."""
    return "UBND" in line[:5] or "CỘNG HÒA" in line


def _guesses(rows: Sequence[DraftRow]) -> Iterator[Guess]:
    for row in rows:
        yield Guess(row.id, "kind", row.kind.value, row.why)
        for field, because in row.reasons.items():
            yield Guess(row.id, field, row.relations.get(field, row.stt), because)


def _lines(name: str, title: str, table: Table, rows: Sequence[DraftRow]) -> Iterator[str]:
    yield "# Bản nháp do `cchc form scaffold` lập từ một biểu trống. Mỗi phỏng đoán có lý do ghi bên cạnh:"
    yield "# xem lại từng dòng, sửa chỗ chưa đúng, rồi chạy `cchc form check` với thư mục này."
    percentages = [row for row in rows if row.kind is Kind.PERCENT]
    unsure = [row.id for row in percentages if row.relations.keys().isdisjoint({"part", "of"})]
    if unsure:
        yield f"# Chưa đoán được thành phần của tỷ lệ: {', '.join(unsure)}."
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
    first_row = table.rows[0].number if table.rows else table.header_row + 1
    title = ""
    for number in range(table.header_row, first_row):
        cell = table.sheet.cell(number, table.columns[role])
        if cell is None or not isinstance(cell.value, str):
            continue
        # many forms number their columns in a line below the titles: 1, 2, 3
        if bare(cell.value).isdigit():
            continue
        without_remark = clean(cell.value).split("(")[0].strip()
        title = without_remark or title
    return title or role


def _row(row: DraftRow) -> Iterator[str]:
    yield f"  - id: {_quoted(row.id)}"
    yield f"    kind: {row.kind.value}  # {row.why}"
    if row.stt:
        yield f"    stt: {_quoted(row.stt)}{_reason(row, 'stt')}"
    if row.unit:
        yield f"    unit: {_quoted(row.unit)}"
    if row.options:
        options = ", ".join(f"{_quoted(option)}: []" for option in row.options)
        yield f"    options: {{{options}}}"
    for field in _INLINE:
        if field in row.relations:
            yield f"    {field}: {_as_yaml(row.relations[field])}{_reason(row, field)}"
    if "printed" in row.relations:
        yield f"    printed: {_as_yaml(row.relations['printed'])}"
    if row.note:
        yield f"    note: {_quoted(row.note)}"
    yield f"    label: {_quoted(row.label)}"


def _reason(row: DraftRow, field: str) -> str:
    """The comment behind a field that was guessed; nothing where it was read."""
    return f"  # {row.reasons[field]}" if field in row.reasons else ""


def _quoted(text: str) -> str:
    """A text as YAML takes it, whatever is in it."""
    return _as_yaml(text)


def _as_yaml(value: object) -> str:
    """A value on one line, written as JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False)
