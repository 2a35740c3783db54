"""The plain way that office programs write rows and strings, read by one regular expression.

A worksheet's rows are a run of tokens: a row opens, a cell, a row closes. Each token below is a
strict subset of what XML and SpreadsheetML allow, without comments, CDATA, prefixes, or foreign
attributes. The run must be without a gap from `<sheetData>` to `</sheetData>`; at the first byte
that is none of the tokens the whole part is left to expat, so that the short way can only be
faster, never different (a property test holds the two against each other).
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from cchc_excel.grid import column_number

TOKEN = re.compile(
    r'(<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: s="(\d{1,9})")?(?: t="(n|s|str|b|e|inlineStr)")?'
    r"(?:/>|>(?:<f>([^<]*)</f>)?(?:<v>([^<]*)</v>|<v/>|"
    r'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    r'|</row>|<row r="([1-9]\d{0,6})"((?: [A-Za-z0-9:]+="[^"<&]*")*)(/?)>)'
)
_TEXT = r'<t(?: xml:space="preserve")?(?:/>|>[^<]*</t>)'
_RUN = rf'<r>(?:<rPr>(?:<[A-Za-z]+(?: [a-zA-Z]+="[^"<&]*")*/>)*</rPr>)?{_TEXT}</r>'
_STRING = re.compile(rf'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)</si>|<si/>|<si>((?:{_RUN})+)</si>')
_RUN_TEXT = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_STRINGS = re.compile(r"<sst(?: [A-Za-z:]+=\"[^\"<&]*\")*>")
_HEAD = re.compile(r'(?:<\?xml version="1\.0" encoding="(?:UTF-8|utf-8)"(?: standalone="(?:yes|no)")?\?>\s*)?')
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
# behind the rows; nothing in them is read, and the prompts of a form weigh more than its figures
_UNREAD = ("dataValidations", "conditionalFormatting", "extLst")
_OPEN, _CLOSE = "<sheetData>", "</sheetData>"


RawCell: TypeAlias = tuple[int, int, str, str, str, str]
"""Row, column, style, type, formula and text of a cell as written, entities resolved; a bare tuple for speed."""


class RawSheet(NamedTuple):
    """The filled cells of a worksheet, its hidden rows, and the part without its rows."""

    cells: list[RawCell]
    hidden_rows: set[int]
    around: bytes


class _NotPlainError(Exception):
    """Something here is not written the plain way."""


def plain_sheet(data: bytes) -> RawSheet | None:
    """Return the rows of a worksheet part, or None if anything in them is written another way."""
    try:
        text = data.decode("utf-8")
        return _sheet(text) if _HEAD.match(text) else None
    except (UnicodeDecodeError, _NotPlainError):
        return None


def _sheet(text: str) -> RawSheet:
    start, end = text.find(_OPEN), text.find(_CLOSE)
    # the rows must be where the first <sheetData> says: nothing before it may hide one in a comment or CDATA
    if start < 0 or end < start or "<!" in text[:start] or "<!" in text[end:] or "\r" in text:
        raise _NotPlainError
    cells: list[RawCell] = []
    hidden: set[int] = set()
    at, row, last = start + len(_OPEN), 0, 0
    columns, append = _COLUMNS, cells.append
    length = 0
    for whole, letters, number, style, kind, formula, value, inline, opened, attributes, closed in TOKEN.findall(
        text, at, end
    ):
        length += len(whole)
        if letters:
            if not (value or inline or formula):
                continue  # a cell with a look and nothing in it
            if int(number) != row or (inline and (kind != "inlineStr" or formula)):
                raise _NotPlainError
            content = inline or value
            if "&" in content:
                content = _resolved(content)
            if "&" in formula:
                formula = _resolved(formula)
            append((row, columns.get(letters) or column_number(letters), style, kind or "n", formula, content))
        elif opened:
            if row or int(opened) <= last:
                raise _NotPlainError
            last = int(opened)
            if "hidden=" in attributes and re.search(r' hidden="(?:1|true)"', attributes):
                hidden.add(last)
            row = 0 if closed else last
        elif row:
            row = 0
        else:
            raise _NotPlainError
    if length != end - at or row:  # something between the tokens, or the last row open
        raise _NotPlainError
    around = text[: start + len(_OPEN)] + _without_unread(text[end:])
    return RawSheet(cells, hidden, around.encode("utf-8"))


def _without_unread(text: str) -> str:
    for name in _UNREAD:
        opening, closing = f"<{name}", f"</{name}>"
        pieces, at = [], 0
        while (start := text.find(opening, at)) >= 0:
            end = text.find(closing, start)
            if end < 0 or text.find(opening, start + 1, end) >= 0:
                break
            pieces.append(text[at:start])
            at = end + len(closing)
        text = "".join((*pieces, text[at:]))
    return text


def plain_strings(data: bytes) -> list[str] | None:
    """Return the shared strings, entities resolved, or None if any is rich or written another way."""
    try:
        text = data.decode("utf-8")
        head = _HEAD.match(text)
        opening = _STRINGS.match(text, head.end() if head else 0)
        if opening is None or "\r" in text:
            return None
        at = opening.end()
        strings = []
        for match in _STRING.finditer(text, at):
            if match.start() != at:
                return None
            at = match.end()
            content = match[1] or ("".join(_RUN_TEXT.findall(match[2])) if match[2] else "")
            strings.append(_resolved(content) if "&" in content else content)
    except (UnicodeDecodeError, _NotPlainError):
        return None
    return strings if text[at:].strip() == "</sst>" else None


def _resolved(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        if match[1]:
            return _NAMED[match[1]]
        code = int(match[2]) if match[2] else int(match[3], 16)
        if not (code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000):
            raise _NotPlainError
        return chr(code)

    if text.count("&") != len(_ENTITY.findall(text)):
        raise _NotPlainError
    return _ENTITY.sub(letter, text)


_COLUMNS = {chr(65 + index): index + 1 for index in range(26)}
