"""The plain way that office programs write rows and strings, read by one regular expression.

A worksheet's rows are cells with row tags between them. What is called a cell, a look and a row tag
below is a strict subset of what XML and SpreadsheetML allow, without comments, CDATA, prefixes, or
foreign attributes. Cells and row tags must follow each other without a gap from `<sheetData>` to
`</sheetData>`; at the first byte that is neither the whole part is left to expat, so that the short
way can only be faster, never different (a property test holds the two against each other).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.ooxml.values import READERS
from cchc_excel.grid import Cell, CellValue, column_number

LONGEST_ROW = 4096  # characters; longer rows are not remembered
MOST_STRINGS, LONGEST_STRING = 4096, 1024  # that are remembered; characters
MOST_LOOKS = 4096  # that are remembered; a workbook has a few hundred
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384  # Excel's own

_INLINE = r'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>'
CELL = re.compile(
    r'<c r="([A-Z]+)([0-9]+)"([^>]*)>'
    rf"(?:(?:<f>([^<]*)</f>)?<v>([^<]*)</v></c>|(?<=/>)|(?:{_INLINE})?</c>)"
)
_LOOK = re.compile(r'(?: s="([0-9]{1,9})")?(?: t="(n|s|str|b|e|inlineStr)")?/?')
_ROW_START = "<row "
ROW_OPENING = re.compile(r'r="([1-9][0-9]{0,6})"((?: [A-Za-z0-9:]+="[^"<&]*")*)(/?)>')

_TEXT = r'<t(?: xml:space="preserve")?(?:/>|>[^<]*</t>)'
_RUN = rf'<r>(?:<rPr>(?:<[A-Za-z]+(?: [a-zA-Z]+="[^"<&]*")*/>)*</rPr>)?{_TEXT}</r>'
_STRING = re.compile(rf'<si>(?:<t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)|((?:{_RUN})+))')
_STRING_END = "</si>"
_RUN_TEXT = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_STRINGS = re.compile(rb"<sst(?: [A-Za-z:]+=\"[^\"<&]*\")*>")
_HEAD = re.compile(rb'(?:<\?xml version="1\.0" encoding="(?:UTF-8|utf-8)"(?: standalone="(?:yes|no)")?\?>\s*)?')
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}  # the ampersand last: &amp;lt; is &lt;
# forbidden by XML, and the carriage return, which it makes a line feed of
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|\\]\\]>")
# behind the rows; nothing in them is read, and the prompts of a form weigh more than its figures
_UNREAD = tuple(
    (b"<" + name, b"</" + name + b">") for name in (b"dataValidations", b"conditionalFormatting", b"extLst")
)
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"


class PlainSheet(NamedTuple):
    """The filled cells of a worksheet, rows and columns rising, its hidden rows, and the part without its rows."""

    rows: dict[int, dict[int, Cell]]
    hidden_rows: set[int]
    around: bytes


class _NotPlainError(Exception):
    """Something here is not written the plain way."""


def plain_sheet(data: bytes, strings: list[str]) -> PlainSheet | None:
    """Return the rows of a worksheet part, or None if anything in them is written another way.

    `strings` are the workbook's shared strings. Raises DamagedWorkbook for a value that no cell can hold.
    """
    start, end = data.find(_OPEN), data.find(_CLOSE)
    # the rows must be where the first <sheetData> says: nothing before it may hide one in a comment or CDATA
    if start < 0 or end < start or not _HEAD.match(data) or has_markup(data[:start]) or has_markup(data[end:]):
        return None
    start += len(_OPEN)
    try:
        cells, hidden = _cells(data[start:end].decode("utf-8"), strings)
    except (UnicodeDecodeError, _NotPlainError):
        return None
    return PlainSheet(cells, hidden, data[:start] + _without_unread(data[end:]))


def _cells(text: str, strings: list[str]) -> tuple[dict[int, dict[int, Cell]], set[int]]:
    """The filled cells between `<sheetData>` and `</sheetData>` by row and column, and the hidden rows."""
    head, *written = text.split(_ROW_START)
    if head:
        raise _NotPlainError
    rows: dict[int, dict[int, Cell]] = {}
    hidden: set[int] = set()
    last = 0
    for one in written:
        row = _known_row(one)
        if row.number <= last:
            raise _NotPlainError
        last = row.number
        if row.is_hidden:
            hidden.add(last)
        try:
            if row.texts_of is not None and (texts := row.texts_of(strings)) != row.texts:
                row.take(texts, strings)
        except IndexError as error:
            raise DamagedWorkbook("shared string") from error
        if row.cells:
            rows[last] = row.cells
    return rows, hidden


def _known_row(text: str) -> _Row:
    return _row(text) if len(text) <= LONGEST_ROW else _row.__wrapped__(text)


class _Row:
    """A row as it is written: its cells, some of them with the numbers of shared strings instead of texts.

    `cells` are the filled ones by column, with the shared strings `texts` that `texts_of` takes out of all; a dict with
    the same cells is the same one as the last time.
    """

    __slots__ = ("_items", "cells", "is_hidden", "number", "texts", "texts_of")

    def __init__(self, number: int, is_hidden: bool, items: list[tuple[Cell, int]]) -> None:
        self.number, self.is_hidden = number, is_hidden
        self._items = items
        numbers = [string for _, string in items if string >= 0]
        self.texts_of: Callable[[list[str]], Any] | None = itemgetter(*numbers) if numbers else None
        self.texts: Any = None
        self.cells = {} if numbers else {cell.column: cell for cell, _ in items}

    def take(self, texts: Any, strings: list[str]) -> None:
        """Have the cells hold these shared strings, of which `texts` are the row's."""
        self.texts = texts
        cells = [cell if string < 0 else cell._replace(value=strings[string] or None) for cell, string in self._items]
        self.cells = {cell.column: cell for cell in cells if cell.value is not None or cell.formula is not None}


@lru_cache(maxsize=4096)  # most rows of a template are the same in all its workbooks: half of the time of reading
def _row(text: str) -> _Row:
    """The row that is written so, behind `<row `."""
    opening = ROW_OPENING.match(text)
    if opening is None or int(opening[1]) > MAX_ROW or _FORBIDDEN.search(text):
        raise _NotPlainError
    number, attributes, is_empty = opening.groups()
    inside = opening.end()
    if not (is_empty and inside == len(text)) and (is_empty or not text.endswith("</row>")):
        raise _NotPlainError
    row, items, before = int(number), [], 0
    pieces = CELL.split(text[inside : len(text) - (0 if is_empty else len("</row>"))])
    if any(pieces[::7]):
        raise _NotPlainError  # something between the cells
    for letters, written, look, formula, content, inline in zip(*[iter(_grouped(pieces))] * 6, strict=True):
        column = _COLUMNS[letters]
        if written != number or column <= before:
            raise _NotPlainError
        before = column
        style, kind = _LOOKS[look]
        if formula is None and not (content or inline):
            continue  # a cell with a look and nothing in it
        if kind == "inlineStr" and inline is None:
            raise _NotPlainError  # its <v> says nothing, and expat passes over it
        string = -1
        value: CellValue = None
        if kind == "s" and inline is None:
            if not (content.isdecimal() and len(content) < 10):
                raise _NotPlainError
            string, formula = int(content), formula and _resolved(formula)
        elif formula is None and inline is None:
            value = READERS[kind](_resolved(content), [])
        else:
            value, formula = _seldom(kind, formula, content, inline)
        if value is not None or formula is not None or string >= 0:
            items.append((Cell(row, column, value, style, formula), string))
    return _Row(row, re.search(r' hidden="(?:1|true)"', attributes) is not None, items)


def _grouped(pieces: list[str]) -> list[str]:
    """The groups of the cells, without what stands between them."""
    del pieces[::7]
    return pieces


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
        _known_row(row.decode("utf-8").removeprefix(_ROW_START))
    except (UnicodeDecodeError, _NotPlainError, DamagedWorkbook):
        return False
    return True


class _Looks(dict[str, tuple[int, str]]):
    """Style and type by the attributes of a cell as written; a sheet has hundreds of cells, and a dozen looks."""

    def __missing__(self, attributes: str) -> tuple[int, str]:
        match = _LOOK.fullmatch(attributes)
        if match is None:
            raise _NotPlainError
        if len(self) >= MOST_LOOKS:
            self.clear()
        self[attributes] = look = int(match[1] or 0), match[2] or "n"
        return look


class _Columns(dict[str, int]):
    """Columns by their letters."""

    def __missing__(self, letters: str) -> int:
        number = column_number(letters) if len(letters) < 4 else MAX_COLUMN + 1
        if number > MAX_COLUMN:
            raise _NotPlainError
        self[letters] = number
        return number


_COLUMNS = _Columns()
_LOOKS = _Looks()


def has_markup(data: bytes) -> bool:
    """Whether a comment or CDATA begins here."""
    return data.rfind(b"<!") >= 0  # from behind it takes half of the time


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
        *written, rest = data[opening.end() :].decode("utf-8").split(_STRING_END)
        return [_TEXTS[one] for one in written] if rest.strip() == "</sst>" else None
    except (UnicodeDecodeError, _NotPlainError):
        return None


class _Texts(dict[str, str]):
    """Shared strings by how they are written, up to `</si>`; the workbooks of one template have the same labels."""

    def __missing__(self, written: str) -> str:
        match = _STRING.fullmatch(written)
        if match is None or _FORBIDDEN.search(written):
            raise _NotPlainError
        plain, runs = match.groups()
        text = _resolved(plain or ("".join(_RUN_TEXT.findall(runs)) if runs else ""))
        if len(written) <= LONGEST_STRING:
            if len(self) >= MOST_STRINGS:
                self.clear()
            self[written] = text
        return text


_TEXTS = _Texts()


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
