"""The figures that many units report in one row, as a column.

In:     what was filed of each unit, and the form.
Out:    by id a column for each row that takes a value: one figure for each unit, in their order, None where blank.
Never:  keeps a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.packed import figures_at
from cchc_excel.form import Form, Indicator
from cchc_excel.submission import Figure

__all__ = ["FigureColumns"]


class FigureColumns(Mapping[str, list[Figure | None]]):
    """The figures taken of many units as columns by id.

    A column is made when it is asked for: ten thousand units have a million figures.
    """

    def __init__(
        self,
        units: Sequence[Filed],
        form: Form,
        counts: Callable[[str | None, Indicator], bool] = lambda _, __: True,
    ) -> None:
        """`counts` says of a level and a row whether what units of that level report in it is taken; all if none."""
        self._form, self._counts = form, counts
        self._places = form.entry_places
        self._taken = [unit.taken for unit in units]
        self._levels = [unit.level for unit in units]
        self._different_levels = set(self._levels)

    def __getitem__(self, key: str) -> list[Figure | None]:
        figures, row = figures_at(self._taken, self._places[key]), self._form[key]
        silent = {level for level in self._different_levels if not self._counts(level, row)}
        if not silent:
            return figures
        return [None if level in silent else value for level, value in zip(self._levels, figures, strict=True)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
