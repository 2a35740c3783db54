"""The figures of many units in two bytes each: a unit's are places in one list of all different figures.

Ten thousand tuples of 85 figures take 7 MiB; most of what they hold is 0, 100, and the same 108 procedures.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from cchc_excel.submission import Figure


class Packed(Sequence[Figure | None]):
    """A unit's figures, read as the tuple they were."""

    __slots__ = ("_figures", "_places")

    def __init__(self, places: array[int], figures: Sequence[Figure | None]) -> None:
        self._places, self._figures = places, figures

    @overload
    def __getitem__(self, index: int) -> Figure | None: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Figure | None, ...]: ...
    def __getitem__(self, index: int | slice) -> Figure | tuple[Figure | None, ...] | None:
        if isinstance(index, slice):
            return tuple(self)[index]
        return self._figures[self._places[index]]

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Figure | None]:
        return map(self._figures.__getitem__, self._places)


class Packing:
    """All different figures so far; a number and a text that look alike are two."""

    def __init__(self) -> None:
        self._places = _Places()

    def packed(self, values: Iterable[Figure | None]) -> Packed:
        """The values, packed."""
        figures = self._places.figures
        places = [*map(self._places.__getitem__, values)]  # which may put new figures behind the others
        return Packed(array("H" if len(figures) <= 0x10000 else "I", places), figures)


class _Places(dict[Figure | None, int]):
    """By figure its place among all; a new one is put behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: list[Figure | None] = []

    def __missing__(self, figure: Figure | None) -> int:
        place = self[figure] = len(self.figures)
        self.figures.append(figure)
        return place


def figures_at(units: Iterable[Sequence[Figure | None]], place: int) -> list[Figure | None]:
    """The figures of many units at one place; of packed ones without a call each, as there are a million."""
    return [unit._figures[unit._places[place]] if type(unit) is Packed else unit[place] for unit in units]
