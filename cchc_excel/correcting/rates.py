"""The figures of a record as numbers, and a percentage with the two figures that it is made of."""

from __future__ import annotations

from typing import NamedTuple

from cchc_excel.correcting.digits import Number
from cchc_excel.form import Check
from cchc_excel.form.language import Agreement, Record, agreement


class Rate(NamedTuple):
    """A percentage as written, in percent, with its decimals; its part and its whole, both in one unit."""

    written: Number
    decimals: int
    part: Number
    whole: Number

    @property
    def says_what_a_component_says(self) -> bool:
        """Whether a count stands in the place of the percentage: 97 % of 97."""
        return self.written != 100 and self.written in {self.part, self.whole}


def rate_of(check: Check, record: Record) -> Rate | None:
    """Return the percentage that a check holds against its components; None unless all three are numbers."""
    roles = check.roles
    return rate_in(record, roles["written"], roles["part"], roles["whole"])


def rate_in(record: Record, written: str, part: str, whole: str) -> Rate | None:
    """Return the percentage of these three entries; None unless all three are numbers."""
    figure = number_in(record, written)
    part_figure = number_in(record, part)
    whole_figure = number_in(record, whole)
    if figure is None or part_figure is None or whole_figure is None:
        return None
    return Rate(figure, record.decimals.get(written, 0), part_figure, whole_figure)


def number_in(record: Record, key: str) -> Number | None:
    """Return the number of an entry; None for a blank, an unread cell and an answer."""
    value = record.values.get(key)
    return None if isinstance(value, str) else value


def agrees(written: Number, decimals: int, part: Number, whole: Number) -> bool:
    """Whether a percentage, written with so many decimals, is what its components give.

    Raises ZeroDivisionError if `whole` is 0.
    """
    return agreement(written, decimals, part, whole) is Agreement.RIGHT
