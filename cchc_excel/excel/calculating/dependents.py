"""Which formulas look at a cell, and at which cells a formula looks, told by the formulas' texts alone.

In:     the formulas of a workbook as they are stored.
Out:    a Web: formula by cell, dependents of a cell; the references of one formula.
Never:  guesses: a workbook in which a formula may look anywhere (INDIRECT, names, whole columns) has no Web.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from cchc_excel.excel.patching import StoredFormula, formula_text
from cchc_excel.grid import Range, column_number

Place: TypeAlias = tuple[int, int, int]
"""A cell: the sheet's index, row and column."""

_TOKEN = re.compile(rb"[A-Z]{1,3}[0-9]{1,7}")
_RANGE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
# what makes a formula look where its text does not say: a computed place, a table, another file, several sheets at
# once, whole columns or rows, an address in numbers of the alphabet's letters
_ANYWHERE = re.compile(
    rb"INDIRECT|OFFSET|\[|:\$?[A-Z]{1,3}(?![A-Z0-9$(])|:\$?[0-9]|:[A-Z]+\(|\):|:(?:'?[\w. ]+'?)!"
    rb"|&#(?:x0*[0-7]?[0-9A-Fa-f]|0*(?:[0-9]{1,2}|1[01][0-9]|12[0-7]));"
)
_BETWEEN = b"\0"  # formulas; no XML can hold it
_CELL_OF, _TEXT_OF = itemgetter(0), itemgetter(2)  # of a StoredFormula
_REFERENCE = re.compile(
    r"(?:('(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![\w(.!])"
)
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_TEXT_OR_REFERENCE = re.compile(f"{_TEXT.pattern}|{_REFERENCE.pattern}")
_FUNCTION = re.compile(r"([A-Z][A-Z0-9.]*)\(")
# whose result hangs on what the cells hold alone: not on where the formula stands, on a format, on chance or time
_OF_CONTENTS_ALONE = frozenset(
    (
        *("ABS", "AND", "COUNT", "COUNTA", "COUNTBLANK", "EXACT", "IF", "IFERROR", "INT", "ISBLANK", "ISERROR"),
        *("ISNUMBER", "ISTEXT", "LEFT", "LEN", "LOWER", "MAX", "MID", "MIN", "MOD", "N", "NOT", "OR", "REPT", "RIGHT"),
        *("ROUND", "ROUNDDOWN", "ROUNDUP", "SIGN", "SUBSTITUTE", "SUM", "TEXT", "TRIM", "UPPER", "VALUE"),
    )
)
_VOLATILE = re.compile(r"(?<![\w.])(?:RAND|RANDBETWEEN|RANDARRAY|NOW|TODAY)\(", re.IGNORECASE)
_STORED_TEXT = re.compile(rb'"[^"\0]*"')


class Reference(NamedTuple):
    """The cells of one reference; `sheet` is None for the formula's own."""

    sheet: str | None
    cells: Range


class Shape(NamedTuple):
    """A formula but for the cells that it names, one by one, and these cells in the order of their first naming.

    Formulas of one shape whose cells hold the same come to the same.
    """

    text: str
    cells: tuple[Reference, ...]


class Formula(NamedTuple):
    """A formula without its equals sign, and what its text tells."""

    text: str
    references: tuple[Reference, ...]
    shape: Shape | None
    is_volatile: bool


class Web:
    """The formulas of a workbook and what looks at what. A cell of another sheet at the same address counts, too."""

    def __init__(self, sheets: Sequence[Sequence[tuple[bytes, bytes]]]) -> None:
        """`sheets`: for each sheet its formulas, each as its cell and the text as stored."""
        self.places: list[Place] = []
        self.texts: list[bytes] = []
        self._by_token: dict[bytes, list[int]] = {}
        self._by_range: dict[tuple[int, int, int, int], list[int]] = {}
        for index, formulas in enumerate(sheets):
            for cell, text in formulas:
                self._add(index, cell, text)
        self.formulas: Mapping[Place, int] = {place: number for number, place in enumerate(self.places)}

    def _add(self, sheet: int, cell: bytes, text: bytes) -> None:
        number, by_token = len(self.places), self._by_token
        letters = cell.rstrip(b"0123456789")
        row = int(cell[len(letters) :])
        self.places.append((sheet, row, column_number(letters.decode())))
        self.texts.append(text)
        bare = text.replace(b"$", b"")  # `$A$1` looks at the same cell as `A1`
        for token in set(_TOKEN.findall(bare)):
            if token in by_token:
                by_token[token].append(number)
            else:
                by_token[token] = [number]
        if b":" in bare:
            for left, top, right, bottom in _RANGE.findall(bare):
                corners = int(top), column_number(left.decode()), int(bottom), column_number(right.decode())
                self._by_range.setdefault(corners, []).append(number)

    def dependents(self, cells: Iterable[tuple[bytes, int, int]]) -> Iterator[int]:
        """Yield the formulas that may look at any of these cells, each given by its address, row and column."""
        rows_of: dict[int, list[int]] = {}
        for token, row, column in cells:
            rows_of.setdefault(column, []).append(row)
            yield from self._by_token.get(token, ())
        for rows in rows_of.values():
            rows.sort()
        for (top, left, bottom, right), numbers in self._by_range.items():
            for column, rows in rows_of.items():
                # some of the rows lie in the range
                if left <= column <= right and bisect_left(rows, top) < bisect_right(rows, bottom):
                    yield from numbers

    def formula(self, number: int) -> Formula:
        """A formula. Raises DamagedWorkbook for an entity that XML does not know."""
        return formula_of(self.texts[number])


def web_of(sheets: Sequence[Sequence[StoredFormula]], names: Iterable[str]) -> Web | None:
    """Return the web of a workbook's formulas; None if one may look where its text does not say.

    `names` are the workbook's defined names.
    """
    # one text for all formulas of a sheet is hashed and searched faster than one each
    cells = tuple(_BETWEEN.join(map(_CELL_OF, formulas)) for formulas in sheets)
    texts = tuple(_BETWEEN.join(map(_TEXT_OF, formulas)) for formulas in sheets)
    return _web(texts, cells, tuple(names))


@lru_cache(maxsize=4)  # the workbooks of one template have the same formulas, byte for byte: 15 ms a workbook
def _web(texts: tuple[bytes, ...], cells: tuple[bytes, ...], names: tuple[str, ...]) -> Web | None:
    own_names = [name for name in names if name and not name.startswith("_xlnm.")]
    named = None
    if own_names:
        named = re.compile(b"|".join(re.escape(name.encode()) for name in own_names), re.IGNORECASE)
    for formulas in texts:
        bare = _STORED_TEXT.sub(b"", formulas)
        if _ANYWHERE.search(bare) or (named and named.search(bare)):
            return None
    sheets: list[list[tuple[bytes, bytes]]] = []
    for cells_of_sheet, texts_of_sheet in zip(cells, texts, strict=True):
        pairs = zip(cells_of_sheet.split(_BETWEEN), texts_of_sheet.split(_BETWEEN), strict=True)
        sheets.append(list(pairs) if cells_of_sheet else [])
    return Web(sheets)


def is_volatile(formula: str) -> bool:
    """Whether a formula comes to something else each time: by chance or by the clock. Its stored result stays."""
    return _VOLATILE.search(_TEXT.sub('""', formula)) is not None


@lru_cache(maxsize=8192)  # the formulas of a template stand in all its workbooks: 40 of 100 ms a correction
def formula_of(stored: bytes) -> Formula:
    """Return what the text of a formula tells. Raises DamagedWorkbook for an entity that XML does not know."""
    text = formula_text(stored)
    return Formula(text, references(text), shape_of(text), is_volatile(text))


def references(formula: str) -> tuple[Reference, ...]:
    """The cells that a formula names."""
    found = []
    for sheet, left, top, right, bottom in _REFERENCE.findall(_TEXT.sub('""', formula)):
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        first_row, first_column = int(top), column_number(left)
        last_row, last_column = int(bottom or top), column_number(right or left)
        cells = Range(
            min(first_row, last_row),
            min(first_column, last_column),
            max(first_row, last_row),
            max(first_column, last_column),
        )
        found.append(Reference(name or None, cells))
    return tuple(dict.fromkeys(found))


def shape_of(formula: str) -> Shape | None:
    """The shape of a formula; None if it names ranges, or uses a function that may look at more than contents."""
    cells = references(formula)
    if not _OF_CONTENTS_ALONE.issuperset(_FUNCTION.findall(_TEXT.sub('""', formula))):
        return None
    for _, (top, left, bottom, right) in cells:
        if (top, left) != (bottom, right):
            return None
    number_of = {cell: f"[{number}]" for number, cell in enumerate(cells)}

    def numbered(match: re.Match[str]) -> str:
        is_text = match[0].startswith('"')
        return match[0] if is_text else number_of[references(match[0])[0]]

    return Shape(_TEXT_OR_REFERENCE.sub(numbered, formula), cells)
