"""One unit's filled form for one period: an entry for each indicator, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of
from cchc_excel.form.period import Period
from cchc_excel.grid import column_letters, quoted

Figure: TypeAlias = int | Fraction | str
"""What a cell was taken to mean: a number in the indicator's own unit (percent as 28.57), or an answer."""


__all__ = ["CellAddress", "Entry", "Figure", "How", "Period", "Submission"]


class How(StrEnum):
    """The step between what stands in a cell and the value read from it."""

    BLANK = "blank"
    AS_TYPED = "as_typed"
    CALCULATED = "calculated"
    TEXT_NUMBER = "text_number"
    SEPARATORS = "separators"
    THOUSANDS = "thousands"
    UNIT_DROPPED = "unit_dropped"
    PERCENT_SIGN = "percent_sign"
    PERCENT_FORMAT = "percent_format"
    WORD_FOR_NONE = "word_for_none"
    SYNONYM = "synonym"
    UNREAD = "unread"


class CellAddress(NamedTuple):
    """A cell by sheet name and 1-based position."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        name = self.sheet if self.sheet.replace("_", "a").isalnum() else quoted(self.sheet)
        return f"{name}!{self.local}"

    @property
    def local(self) -> str:
        """The address within its sheet: `D10`."""
        return f"{column_letters(self.column)}{self.row}"


class Entry(NamedTuple):
    """What stands in one value cell, and what it was taken to mean.

    `raw` is untouched ("02", 45109.0, "#DIV/0!"). `value` is None for a blank and for a cell that
    could not be read; `how` tells the two apart and names the step from raw to value. `decimals`
    counts the digits after the separator as written, or as the number format of a formula shows.
    """

    raw: str | int | float | bool | None
    value: Figure | None
    how: How
    cell: CellAddress
    decimals: int = 0
    formula: str | None = None
    number_format: str = "General"

    def holding(self, figure: Figure | None) -> Entry:
        """The entry as if this figure had been typed into its cell."""
        if isinstance(figure, Fraction):
            return self._replace(raw=float(figure), value=figure, how=How.AS_TYPED, decimals=decimals_of(figure))
        how = How.BLANK if figure is None else How.AS_TYPED
        return self._replace(raw=figure, value=figure, how=how, decimals=0)

    @property
    def is_blank(self) -> bool:
        """Nothing stands here: zero is a figure, and an unread cell is not blank."""
        return self.value is None and self.how is not How.UNREAD

    @property
    def is_neither(self) -> bool:
        """What stands here is neither a figure nor a blank: not read, or a share of which nothing arose."""
        return self.how is How.UNREAD or (self.value is None and self.how is How.WORD_FOR_NONE)


@dataclass(frozen=True, slots=True)
class Submission:
    """One filled form. `entries` holds every indicator that takes a value and stands on the sheet.

    `notes` are the clerk's words in the note column, by id; the form's own printed notes are not among them.
    `level` is that of the unit (`huyen`) where it stands above the form's own; None where it is the form's own.
    `aggregates` is what a consolidated workbook keeps of the units it was made of, by id (aggregate.py).
    `earlier` are the texts in which a findings sheet keeps the fixes of earlier corrections (correcting/history.py).
    `underivable` are rows that such a unit cannot report, as their figures cannot be added up: no blanks.
    `day` is the date that the report itself bears, `number` its number before `/BC`, empty if there is none;
    `note_column` where the notes stand, 0 if there are none.
    `open_totals` are totals under which the sheet has a figure in a row that the form has no longer.
    `above` is the place that stands over the unit in its letterhead (`huyện Chợ Đồn`), None where there is none.
    """

    unit: str | None
    period: Period | None
    source: str
    entries: Mapping[str, Entry]
    notes: Mapping[str, str] = field(default_factory=dict)
    level: str | None = None
    underivable: frozenset[str] = frozenset()
    aggregates: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    day: date | None = None
    note_column: int = 0
    above: str | None = None
    open_totals: frozenset[str] = frozenset()
    number: str = ""

    def __getitem__(self, key: str) -> Entry:
        return self.entries[key]

    @property
    def values(self) -> dict[str, Figure | None]:
        """Every figure by id, None where blank or unread."""
        return {key: entry.value for key, entry in self.entries.items()}

    def record(self, previous: Submission | None = None) -> Record:
        """The figures as rules see them."""
        entries = self.entries.items()
        return Record(
            {key: entry.value for key, entry in entries if entry.value is not None},
            self.underivable.union([key for key, entry in entries if entry.is_neither]),
            {key: entry.decimals for key, entry in entries if entry.decimals},
            previous.record() if previous else None,
        )
