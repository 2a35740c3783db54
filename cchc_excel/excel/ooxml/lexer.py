"""The plain way that office programs write rows and strings, read by one regular expression.

A worksheet's rows are cells with row tags between them. What is called a cell, a look and a row tag
below is a strict subset of what XML and SpreadsheetML allow, without comments, CDATA, prefixes, or
foreign attributes. Cells and row tags must follow each other without a gap from `<sheetData>` to
`</sheetData>`; at the first byte that is neither the whole part is left to expat, so that the short
way can only be faster, never different (a property test holds the two against each other).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.limits import MAX_COLUMN, MAX_ROW
from cchc_excel.excel.ooxml.values import READERS
from cchc_excel.grid import Cell, CellValue, column_number

LONGEST_ROW = 4096  # bytes; longer rows are not kept in the cache

_INLINE = r'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>'
_CONTENT = rf"(?:(?:<f>([^<]*)</f>)?<v>([^<]*)</v></c>|(?<=/>)|(?:{_INLINE})?</c>)"
CELL = re.compile(rf'<c r="([A-Z]+)([0-9]+)"([^>]*)>{_CONTENT}')  # whatever its attributes
_LOOK = r'(?: s="([0-9]{1,9})")?(?: t="(n|s|str|b|e|inlineStr)")?'
_PLAIN_CELL = re.compile(rf'<c r="([A-Z]+)([0-9]+)"{_LOOK}/?>{_CONTENT}')
_PIECES = 1 + _PLAIN_CELL.groups  # of a cell: what stands before it, and its groups
_COLUMNS: Mapping[str, int] = {chr(65 + place): place + 1 for place in range(26)}  # those of nearly all cells
_ROW_START = b"<row "
ROW_OPENING = re.compile(r'r="([1-9][0-9]{0,6})"((?: [A-Za-z0-9:]+="[^"<&]*")*)(/?)>')

_TEXT = r'<t(?: xml:space="preserve")?(?:/>|>[^<]*</t>)'
# A run that is struck out, raised or lowered is no plain one: its letters are no digits of a figure.
_RUN = rf'<r>(?:<rPr>(?:<(?!strike|vertAlign)[A-Za-z]+(?: [a-zA-Z]+="[^"<&]*")*/>)*</rPr>)?{_TEXT}</r>'
_STRING = re.compile(rf'<si>(?:<t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)|((?:{_RUN})+))</si>')
_RUN_TEXT = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_STRINGS = re.compile(rb"<sst(?: [A-Za-z:]+=\"[^\"<&]*\")*>")
_HEAD = re.compile(rb'(?:<\?xml version="1\.0" encoding="(?:UTF-8|utf-8)"(?: standalone="(?:yes|no)")?\?>\s*)?')
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}  # the ampersand last: &amp;lt; is &lt;
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A})  # all but tab and line feed
# behind the rows; nothing in them is read, and the prompts of a form weigh more than its figures
_UNREAD = tuple(
    (b"<" + name, b"</" + name + b">") for name in (b"dataValidations", b"conditionalFormatting", b"extLst")
)
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"


Rows: TypeAlias = Mapping[int, Mapping[int, Cell]]


class PlainSheet(NamedTuple):
    """The filled cells of a worksheet, rows and columns rising, its hidden rows, and the part without its rows."""

    rows: Rows
    hidden_rows: frozenset[int]
    around: bytes


class _NotPlainError(Exception):
    """Something here is not written the plain way."""


def plain_sheet(data: bytes, strings: Sequence[str]) -> PlainSheet | None:
    """Return the rows of a worksheet part, or None if anything in them is written another way.

    `strings` are the workbook's shared strings. Raises DamagedWorkbook for a value that no cell can hold.
    """
    start, end = data.find(_OPEN), data.find(_CLOSE)
    # the rows must be where the first <sheetData> says: nothing before it may hide one in a comment or CDATA
    if start < 0 or end < start or not _HEAD.match(data) or has_markup(data[:start]) or has_markup(data[end:]):
        return None
    start += len(_OPEN)
    try:
        cells, hidden = _cells(data[start:end], strings)
    except _NotPlainError:
        return None
    return PlainSheet(cells, hidden, data[:start] + _without_unread(data[end:]))


def _cells(data: bytes, strings: Sequence[str]) -> tuple[Rows, frozenset[int]]:
    """The filled cells between `<sheetData>` and `</sheetData>` by row and column, and the hidden rows."""
    head, *written = data.split(_ROW_START)
    if head:
        raise _NotPlainError
    rows: dict[int, Mapping[int, Cell]] = {}
    hidden: set[int] = set()
    last = 0
    for row_data in written:
        row = _known_row(row_data)
        if row.number <= last:
            raise _NotPlainError
        last = row.number
        if row.is_hidden:
            hidden.add(last)
        try:
            cells = _with_strings(row, strings) if row.strings else row.cells
        except IndexError as error:
            raise DamagedWorkbook("shared string") from error
        if cells:
            rows[last] = cells
    return rows, frozenset(hidden)


class _Row(NamedTuple):
    """A row as it is written, and all that it says by itself: every thread may hold the same one.

    `cells` are the filled ones by column. One that shows a shared string has no value, but stands in `strings`: its
    column, the number of the string, its style and its formula.
    """

    number: int
    is_hidden: bool
    cells: Mapping[int, Cell]
    strings: tuple[tuple[int, int, int, str | None], ...]


def _known_row(data: bytes) -> _Row:
    return _row(data) if len(data) <= LONGEST_ROW else _row.__wrapped__(data)


def _with_strings(row: _Row, strings: Sequence[str]) -> Mapping[int, Cell]:
    """The filled cells of a row, with the texts of one workbook. Raises IndexError for one that it lacks."""
    cells = dict(row.cells)
    for column, number, style, formula in row.strings:
        text = strings[number]
        if text or formula is not None:
            cells[column] = Cell(row.number, column, text or None, style, formula)
        else:
            del cells[column]
    return cells


@lru_cache(maxsize=4096)  # most rows of a template are the same in its workbooks: 2.5 instead of 3.2 ms a workbook
def _row(data: bytes) -> _Row:
    """The row that is written so, behind `<row `."""
    text = _text_of(data)
    opening = ROW_OPENING.match(text)
    if opening is None or int(opening[1]) > MAX_ROW:
        raise _NotPlainError
    number, attributes, is_empty = opening.groups()
    inside = opening.end()
    if not (is_empty and inside == len(text)) and (is_empty or not text.endswith("</row>")):
        raise _NotPlainError
    row, before = int(number), 0
    cells: dict[int, Cell] = {}
    strings: list[tuple[int, int, int, str | None]] = []
    *pieces, rest = _PLAIN_CELL.split(text[inside : len(text) - (0 if is_empty else len("</row>"))])
    if rest:
        raise _NotPlainError
    for between, letters, written, look, kind, formula, content, inline in zip(*[iter(pieces)] * _PIECES, strict=True):
        column = _COLUMNS.get(letters) or _column(letters)
        if between or written != number or column <= before:
            raise _NotPlainError
        before = column
        if formula is None and not (content or inline):
            continue  # a cell with a look and nothing in it
        style, kind = int(look or 0), kind or "n"
        if kind == "inlineStr" and inline is None:
            raise _NotPlainError  # its <v> says nothing, and expat passes over it
        if kind == "s" and inline is None:
            if not (content.isdecimal() and len(content) < 10):
                raise _NotPlainError
            formula = formula and _resolved(formula)
            strings.append((column, int(content), style, formula))
            cells[column] = Cell(row, column, None, style, formula)
            continue
        if formula is None and inline is None:
            value = READERS[kind](_resolved(content), [])
        else:
            value, formula = _seldom(kind, formula, content, inline)
        if value is not None or formula is not None:
            cells[column] = Cell(row, column, value, style, formula)
    is_hidden = ' hidden="1"' in attributes or ' hidden="true"' in attributes
    return _Row(row, is_hidden, cells, tuple(strings))


def _seldom(kind: str, formula: str | None, content: str, inline: str | None) -> tuple[CellValue, str | None]:
    """The value and formula of a cell that has a formula, or a text of its own."""
    if formula is None:
        if inline is None or kind != "inlineStr":
            raise _NotPlainError
        return READERS[kind](_resolved(inline), []), None
    if not content and kind == "str":
        return "", _resolved(formula)  # calculated, and the result is the empty text: =IF(A1="","",…)
    return READERS[kind](_resolved(content), []), _resolved(formula)


def row_is_plain(row: bytes) -> bool:
    """Whether a row is written the plain way, each of its cells where the row and the cell before it say."""
    try:
        _known_row(row.removeprefix(_ROW_START))
    except (_NotPlainError, DamagedWorkbook):
        return False
    return True


def _column(letters: str) -> int:
    number = column_number(letters) if len(letters) < 4 else MAX_COLUMN + 1
    if number > MAX_COLUMN:
        raise _NotPlainError
    return number


def has_markup(data: bytes) -> bool:
    """Whether a comment or CDATA begins here."""
    return data.rfind(b"<!") >= 0  # from behind it takes half of the time


def _text_of(data: bytes) -> str:
    """The text of a row or a part. Not plain is what XML forbids, and a carriage return, which XML does not keep."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _NotPlainError from error
    has_controls = len(data.translate(None, _CONTROLS)) < len(data)
    if has_controls or "\ufffe" in text or "\uffff" in text or "]]>" in text:
        raise _NotPlainError
    return text


def _without_unread(data: bytes) -> bytes:
    for opening, closing in _UNREAD:
        pieces, at = [], 0
        while (start := data.find(opening, at)) >= 0:
            end = data.find(closing, start)
            if end < 0 or data.find(opening, start + 1, end) >= 0:
                break
            pieces.append(data[at:start])
            at = end + len(closing)
        data = b"".join((*pieces, data[at:]))
    return data


def plain_strings(data: bytes) -> list[str] | None:
    """Return the shared strings, entities resolved, or None if any is written another way."""
    head = _HEAD.match(data)
    opening = _STRINGS.match(data, head.end() if head else 0)
    if opening is None:
        return None
    try:
        part = _text_of(data[opening.end() :])
        *pieces, rest = _STRING.split(part)
        if rest.strip() != "</sst>" or any(pieces[::3]):
            return None  # something between the strings
        written = zip(pieces[1::3], pieces[2::3], strict=True)
        texts = [text or (_joined(_RUN_TEXT.findall(runs)) if runs else "") for text, runs in written]
        return [_resolved(text) for text in texts] if "&" in part else texts
    except _NotPlainError:
        return None


def _joined(runs: Sequence[str]) -> str:
    """The text of some runs whose looks say nothing: at most one of them holds a digit."""
    if sum(any(map(str.isdigit, run)) for run in runs) > 1:
        raise _NotPlainError
    return "".join(runs)


def plain_text(text: str) -> str:
    """A text with its entities resolved. Raises DamagedWorkbook for one that XML does not know."""
    try:
        return _resolved(text)
    except _NotPlainError as error:
        raise DamagedWorkbook("entity") from error


def _resolved(text: str) -> str:
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        raise _NotPlainError
    if "&#" in text:
        return _ENTITY.sub(_letter, text)
    for name, letter in _NAMED.items():
        text = text.replace(f"&{name};", letter)
    return text


def _letter(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    if not (code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000):
        raise _NotPlainError
    return chr(code)
