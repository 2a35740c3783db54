"""Lists that drop down but do not fit into a validation: hidden columns beside the table.

They begin in the first indicator's row: what stands above is read as part of the heading.
"""

from __future__ import annotations

from collections.abc import Sequence

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Form
from cchc_excel.grid import column_letters
from cchc_excel.submission import Period
from cchc_excel.wording import words
from cchc_excel.workbook_form.printed.layout import FIRST, FIRST_LIST_COLUMN

_ANY_YEAR = 9999  # stands for the year in the name of a period


class PeriodsOffered:
    """The periods that a form offers: those of a newest year and of the year before, as far as the form is for them."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._names = {part: words("vi").period(Period(_ANY_YEAR, part)) for part in form.listed}
        self._first, self._last = None, None
        if form.holds_from is not None:
            start = form.holds_from.year
            self._first = next((year for year in (start, start + 1) if self._of(year)), None)
        if form.holds_until is not None:
            end = form.holds_until.year
            self._last = next((year for year in (end, end - 1) if self._of(year)), None)

    @property
    def most(self) -> int:
        """How many there are of two years throughout which the form is in force."""
        return 2 * len(self._names)

    @property
    def special_years(self) -> tuple[int, ...]:
        """The newest years of which fewer are offered."""
        about = {year for year in (self._first, self._last) if year is not None}
        newest = sorted({self.nearest(year + on) for year in about for on in (0, 1)})
        return tuple(year for year in newest if len(self.names(year)) < self.most)

    def nearest(self, year: int) -> int:
        """The year, or the nearest one that the form is for."""
        year = max(year, self._first or year)
        return min(year, self._last or year)

    def names(self, newest: int) -> list[str]:
        """What is offered where this is the newest year."""
        return [*self._of(newest), *self._of(newest - 1)]

    def _of(self, year: int) -> list[str]:
        return [
            name.replace(str(_ANY_YEAR), str(year))
            for part, name in self._names.items()
            if self.form.holds_for(Period(year, part))
        ]

    def formula(self, place: int) -> str:
        """What stands in one place of the list; the newest year is that in which the file is opened."""
        newest = "YEAR(TODAY())"
        if self._first is not None:
            newest = f"MAX({newest},{self._first})"
        if self._last is not None:
            newest = f"MIN({newest},{self._last})"
        years_back, part = divmod(place, len(self._names))
        before, _, after = list(self._names.values())[part].partition(str(_ANY_YEAR))
        formula = f'"{before}"&({newest}-{years_back})&"{after}"'
        for year in self.special_years:
            names = self.names(year)
            name = names[place] if place < len(names) else ""
            formula = f'IF({newest}={year},"{name}",{formula})'
        return formula


class Lists:
    """The hidden columns of one sheet, each holding one list."""

    def __init__(self, sheet: StrictWorksheet) -> None:
        self._sheet = sheet
        self._column = FIRST_LIST_COLUMN

    def of(self, choices: Sequence[str]) -> str:
        """Write a list; return the range for a validation: `=$H$8:$H$12`."""
        letters = self._next_column()
        for place, choice in enumerate(choices):
            self._sheet.write_string(f"{letters}{FIRST + place}", choice)
        return self._range(letters, len(choices))

    def of_years(self, periods: PeriodsOffered, year: int) -> str:
        """Write the periods of the year in which the file is opened and of the year before.

        `year` is what stands there until a program calculates. Years for which the form is not are passed over, so the
        list may end early: then the range for a validation is a formula.
        """
        letters = self._next_column()
        year, count = periods.nearest(year), periods.most
        shown = periods.names(year)
        for place in range(count):
            formula = periods.formula(place)
            result = shown[place] if place < len(shown) else ""
            self._sheet.write_formula(f"{letters}{FIRST + place}", f"={formula}", None, result)
        cells = self._range(letters, count)
        if not periods.special_years:
            return cells
        return f'=OFFSET(${letters}${FIRST},0,0,COUNTIF({cells[1:]},"?*"),1)'

    def _next_column(self) -> str:
        letters = column_letters(self._column)
        self._sheet.set_column(f"{letters}:{letters}", None, None, {"hidden": True})
        self._column += 1
        return letters

    @staticmethod
    def _range(letters: str, count: int) -> str:
        return f"=${letters}${FIRST}:${letters}${FIRST + count - 1}"
