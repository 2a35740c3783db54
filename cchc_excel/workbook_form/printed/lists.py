"""Lists that drop down but do not fit into a validation: hidden columns beside the table.

They begin in the first indicator's row: what stands above is read as part of the heading.
"""

from __future__ import annotations

from collections.abc import Sequence

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.grid import column_letters
from cchc_excel.workbook_form.printed.layout import FIRST, FIRST_LIST_COLUMN


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

    def of_years(self, patterns: Sequence[str], year: int) -> str:
        """Write each pattern (`Quý I năm {year}`) for the year in which the file is opened and the year before.

        `year` is what stands there until a program calculates.
        """
        letters = self._next_column()
        row = FIRST
        for years_back in (0, 1):
            for pattern in patterns:
                before, _, after = pattern.partition("{year}")
                formula = f'="{before}"&(YEAR(TODAY())-{years_back})&"{after}"'
                self._sheet.write_formula(f"{letters}{row}", formula, None, pattern.format(year=year - years_back))
                row += 1
        return self._range(letters, 2 * len(patterns))

    def _next_column(self) -> str:
        letters = column_letters(self._column)
        self._sheet.set_column(f"{letters}:{letters}", None, None, {"hidden": True})
        self._column += 1
        return letters

    @staticmethod
    def _range(letters: str, count: int) -> str:
        return f"=${letters}${FIRST}:${letters}${FIRST + count - 1}"
