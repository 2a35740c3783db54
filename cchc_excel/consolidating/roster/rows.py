"""Which rows below the titles of a roster are no units: headings of groups, totals, notes, signatures at the end.

Official lists have all of these. Where the rows are numbered, whatever bears no number and no unit's name is none.

In:     the rows of a table, with what the columns say.
Out:    the rows that are units, each with the group's heading where that names a place; the others, to be told.
Never:  drops a row in silence; takes the name of a kind of unit for a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cchc_excel.consolidating.roster.table import Table
from cchc_excel.grid import CellError, CellValue
from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.vietnamese.unit_names import name_keys

__all__ = ["UnitRows", "unit_rows", "without_numbering"]

_NUMBERING = re.compile(r"^\s*(?:\d{1,3}\s*[.)]\s*|[-–+•*]\s*)(?=[^\W\d])")
_NUMBER = re.compile(r"\d+(?:\.0|\.|\))?")
_OUTLINE = re.compile(r"\d+\.[1-9]\d*\.?")  # `1.2` below `1`
_GROUP = re.compile(r"(?:[ivxl]+|[a-zđ])[.)]?", re.IGNORECASE)  # `I`, `II.`, `A`
_OF_A_GROUP = re.compile(r"các\s|khối\s|nhóm\s|danh\s+sách\s")
_TOTAL = re.compile(r"tổng\s+(?:cộng|số)\b|cộng\s*(?:[:\d]|$)")
_NOTE = re.compile(r"(?:ghi chú|lưu ý|chú thích|\(?\*)")
_END = re.compile(
    r"nơi nhận\b|người lập\b|\(?ký(?:,| tên| và)|(?:tm|kt|tl|tuq)\.|.*\bngày\s.*\btháng\s.*\bnăm\b|chủ tịch$|giám đốc$"
)
_PLACES = {"huyện", "quận", "thị xã", "thành phố", "tỉnh"}


class UnitRows(NamedTuple):
    """The lines of a table told apart.

    `lines` are those of the units, `above` gives of these the place that the heading over them names, `others` the
    other lines with what they say. `ends` is the first line of the signatures and notes below the table, 0 if there
    are none.
    """

    lines: tuple[int, ...]
    above: Mapping[int, str]
    others: Mapping[int, str]
    ends: int = 0


def without_numbering(name: str) -> str:
    """`1. UBND xã A` without its number; `P. 12` is a name."""
    return _NUMBERING.sub("", name)


def unit_rows(table: Table) -> UnitRows:
    """Tell the rows of a table apart."""
    rows = _rows(table)
    last_unit = max((line for line, row in rows.items() if row.is_surely_of_a_unit), default=0)
    lines: list[int] = []
    above: dict[int, str] = {}
    others: dict[int, str] = {}
    heading = ""
    for line, row in rows.items():
        if line > last_unit and row.is_the_end:
            return UnitRows(tuple(lines), above, others, line)
        if row.is_of_a_unit:
            lines.append(line)
            if heading:
                above[line] = heading
        else:
            others[line] = row.said
            heading = row.place if row.is_heading else heading
    return UnitRows(tuple(lines), above, others)


def _rows(table: Table) -> dict[int, _Cells]:
    """The rows by line, each knowing how the table is numbered."""
    texts = {line: dict(_texts(cells)) for line, cells in table.rows.items()}
    column = next((column for column, title in table.titles.items() if fold(str(title)) in _NUMBER_TITLES), None)
    numbers = [] if column is None else [of_row.get(column, "") for of_row in texts.values()]
    is_numbered = any(map(_NUMBER.fullmatch, numbers))
    is_outline = is_numbered and any(map(_OUTLINE.fullmatch, numbers))
    number_column = column if is_numbered else None
    return {line: _Cells(of_row, table.roles, number_column, is_outline) for line, of_row in texts.items()}


_NUMBER_TITLES = frozenset(map(fold, ("STT", "TT", "Số TT", "Số thứ tự", "No")))


def _texts(cells: Mapping[int, CellValue]) -> Iterator[tuple[int, str]]:
    """What each cell says, as text, by column; without those that hold nothing."""
    for column, value in cells.items():
        text = _text(value)
        if text:
            yield column, text


def _text(value: CellValue) -> str:
    if value is None:
        return ""
    return value.code if isinstance(value, CellError) else clean(str(value))


class _Cells(NamedTuple):
    """The texts of one row by column, the roles of the columns, and the column of numbers, if any.

    `is_outline` says that units are numbered below their groups: `1.2` below `1`.
    """

    texts: Mapping[int, str]
    roles: Mapping[int, str]
    number_column: int | None
    is_outline: bool

    @property
    def said(self) -> str:
        """What the row says: its name, else its first words, else its number."""
        words = (text for column, text in self.texts.items() if column != self.number_column)
        return self.name or next(words, "") or self.number

    @property
    def name(self) -> str:
        return next((text for column, text in self.texts.items() if self.roles.get(column) == "name"), "")

    @property
    def number(self) -> str:
        return self.texts.get(self.number_column, "") if self.number_column is not None else ""

    @property
    def place(self) -> str:
        """The district or the province that a heading names."""
        keys = name_keys(self.said)
        return self.said if keys and keys[0].level in _PLACES else ""

    @property
    def _is_named_as_units_are(self) -> bool:
        keys = name_keys(self.name)
        return bool(keys and keys[0].level) or is_office(without_numbering(self.name))

    @property
    def is_heading(self) -> bool:
        """A group's heading: `I`, `Các xã`, or one text alone that stands elsewhere than in the column of names."""
        stands_alone = len(self.texts) == 1 and not self.name
        is_of_a_group = bool(_OF_A_GROUP.match(fold(self.said)))
        return self._has_group_number or is_of_a_group or stands_alone or bool(self.place)

    @property
    def is_the_end(self) -> bool:
        """Whether the list ends here, and somebody signs; what is said beside a name is a note on it."""
        said = (self.name,) if self.name else self.texts.values()
        return any(_END.match(fold(text)) for text in said)

    @property
    def is_surely_of_a_unit(self) -> bool:
        return self._has_unit_number or self._is_named_as_units_are

    @property
    def _has_unit_number(self) -> bool:
        return bool((_OUTLINE if self.is_outline else _NUMBER).fullmatch(self.number))

    @property
    def _has_group_number(self) -> bool:
        is_above_outline = self.is_outline and bool(_NUMBER.fullmatch(self.number))
        return is_above_outline or bool(_GROUP.fullmatch(self.number))

    @property
    def _has_code(self) -> bool:
        return any(self.roles.get(column) == "code" for column in self.texts)

    @property
    def _is_a_remark(self) -> bool:
        """Whether the row says a total or a note, or heads a group without being named as a unit is."""
        said = fold(self.said)
        if _TOTAL.match(said) or _NOTE.match(said):
            return True
        return bool(_OF_A_GROUP.match(said)) and not self._is_named_as_units_are

    @property
    def is_of_a_unit(self) -> bool:
        """Whether the row is a unit: by its number, else by what it says; in a numbered list by its code or name."""
        if self._has_unit_number:
            return True
        if self._is_a_remark:
            return False
        if self.number_column is None or self._has_code:
            return True
        if self._has_group_number:
            return False
        if self.place and not self.number:  # `Huyện Chợ Đồn` over its numbered communes
            return False
        return self._is_named_as_units_are
