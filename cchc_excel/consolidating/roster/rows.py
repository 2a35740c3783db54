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

__all__ = ["NO_ROWS", "UnitRows", "unit_rows", "without_numbering"]

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
    """The lines of the units; the place that a heading names, by line; the other lines with what they say.

    `ends` is the first line of the signatures and notes below the table, 0 if there are none.
    """

    lines: tuple[int, ...]
    above: Mapping[int, str]
    others: Mapping[int, str]
    ends: int = 0


NO_ROWS = UnitRows((), {}, {})


def without_numbering(name: str) -> str:
    """`1. UBND xã A` without its number; `P. 12` is a name."""
    return _NUMBERING.sub("", name)


def unit_rows(table: Table) -> UnitRows:
    """Tell the rows of a table apart."""
    number_at = next((at for at, title in table.titles.items() if fold(str(title)) in _NUMBER_TITLES), None)
    texts = {line: dict(_texts(cells)) for line, cells in table.rows.items()}
    is_numbered = number_at is not None and any(_NUMBER.fullmatch(it.get(number_at, "")) for it in texts.values())
    is_outline = is_numbered and any(_OUTLINE.fullmatch(it.get(number_at or 0, "")) for it in texts.values())
    counted = number_at if is_numbered else None
    rows = {line: _Cells(cells, table.roles, counted, is_outline) for line, cells in texts.items()}
    last = max((line for line, row in rows.items() if row.is_surely_of_a_unit), default=0)
    lines: list[int] = []
    above: dict[int, str] = {}
    others: dict[int, str] = {}
    heading = ""
    for line, row in rows.items():
        if line > last and row.is_the_end:
            return UnitRows(tuple(lines), above, others, line)
        if row.is_of_a_unit:
            lines.append(line)
            if heading:
                above[line] = heading
        else:
            others[line] = row.said
            heading = row.place if row.is_heading else heading
    return UnitRows(tuple(lines), above, others)


_NUMBER_TITLES = frozenset(map(fold, ("STT", "TT", "Số TT", "Số thứ tự", "No")))


def _texts(cells: Mapping[int, CellValue]) -> Iterator[tuple[int, str]]:
    """What each cell says, as text; without those that hold nothing."""
    for at, value in cells.items():
        text = value.code if isinstance(value, CellError) else "" if value is None else clean(str(value))
        if text:
            yield at, text


class _Cells(NamedTuple):
    """The texts of one row by column, the roles of the columns, and the column of numbers, if any.

    `is_outline` says that units are numbered below their groups: `1.2` below `1`.
    """

    texts: Mapping[int, str]
    roles: Mapping[int, str]
    number_at: int | None
    is_outline: bool

    @property
    def said(self) -> str:
        """The first words of the row."""
        return self.name or next((it for at, it in self.texts.items() if at != self.number_at), "") or self.number

    @property
    def name(self) -> str:
        return next((text for at, text in self.texts.items() if self.roles.get(at) == "name"), "")

    @property
    def number(self) -> str:
        return self.texts.get(self.number_at, "") if self.number_at is not None else ""

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
        alone = len(self.texts) == 1 and not self.name
        return bool(self._has_a_group_s_number or _OF_A_GROUP.match(fold(self.said)) or alone or self.place)

    @property
    def is_the_end(self) -> bool:
        """Whether the list ends here, and somebody signs; what is said beside a name is a note on it."""
        said = (self.name,) if self.name else self.texts.values()
        return any(_END.match(fold(text)) for text in said)

    @property
    def is_surely_of_a_unit(self) -> bool:
        return self._has_a_unit_s_number or self._is_named_as_units_are

    @property
    def _has_a_unit_s_number(self) -> bool:
        return bool((_OUTLINE if self.is_outline else _NUMBER).fullmatch(self.number))

    @property
    def _has_a_group_s_number(self) -> bool:
        return bool(_GROUP.fullmatch(self.number) or (self.is_outline and _NUMBER.fullmatch(self.number)))

    @property
    def is_of_a_unit(self) -> bool:
        said = fold(self.said)
        if self._has_a_unit_s_number:
            return True
        if _TOTAL.match(said) or _NOTE.match(said) or (_OF_A_GROUP.match(said) and not self._is_named_as_units_are):
            return False
        if self.number_at is None:
            return True
        has_code = any(self.roles.get(at) == "code" for at in self.texts)
        if self._has_a_group_s_number and not has_code:
            return False
        if self.place and not self.number and not has_code:  # `Huyện Chợ Đồn` over its numbered communes
            return False
        return has_code or self._is_named_as_units_are
