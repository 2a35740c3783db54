"""Only what depends on a changed cell, calculated anew.

The engine gets the formulas that look at a changed cell, and all other cells they look at as values;
then the formulas that look at a result which has changed, and so on until none changes. Before the
changes this part of the workbook must come to the results that are stored; else nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isclose
from typing import Any

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.calculating.dependents import Place, Web, web_of
from cchc_excel.excel.calculating.results import content_of, put, renewed
from cchc_excel.excel.patching import (
    CellChange,
    Original,
    Recalculated,
    StoredFormula,
    stored_formulas,
    stored_result,
    value_at,
)
from cchc_excel.grid import CellError, CellValue, Range, column_letters

MOST_FORMULAS = 1_500  # in the part; beyond it the engine reads the whole workbook as fast
MOST_CELLS = 20_000  # that formulas look at
_CLOSE = 1e-12  # relative; results are stored with 15 to 17 digits


class _NotTellableError(Exception):
    """What the changes alter cannot be told from a part of the workbook."""


def partly_recalculated(original: Original, changes: Sequence[CellChange]) -> tuple[Recalculated, ...] | None:
    """Return the formula cells whose result the changes alter; None if a part of the workbook cannot tell."""
    names = list(original.sheets)
    if any('"' in name for name in names):
        return None  # what is a text in a formula could no longer be told
    by_sheet: list[Sequence[StoredFormula]] = []
    all_formulas: list[StoredFormula] = []
    for name in names:
        formulas = stored_formulas(original, name)
        if formulas is None:
            return None
        by_sheet.append(formulas)
        all_formulas += formulas
    web = web_of(by_sheet, original.defined_names)
    if web is None:
        return None
    try:
        return tuple(_Part(original, names, web, all_formulas).renewed(changes))
    except (_NotTellableError, DamagedWorkbook):
        return None


class _Part:
    """The part of a workbook that the engine has been given."""

    def __init__(self, original: Original, names: Sequence[str], web: Web, stored: Sequence[StoredFormula]) -> None:
        import ironcalc

        self.original, self.names, self.web, self.stored = original, names, web, stored
        self.index_of = {name: index for index, name in enumerate(names)}
        self.formulas: dict[int, CellValue] = {}  # number of each formula in the model → its stored result
        self.live: dict[int, CellValue] = {}  # those of them that are not known to come to another result
        self.values: set[Place] = set()  # cells that stand in the model as values
        self.looked_at: set[tuple[int, Range]] = set()  # by formulas of the model
        self.typed: dict[Place, CellValue] = {}  # what cells without a formula hold after the changes
        self.first_of: dict[tuple[str, tuple[tuple[type, CellValue], ...]], int] = {}
        self.model: Any = ironcalc.create("a", "en", "UTC")
        try:
            self.model.rename_sheet(0, names[0])
            for name in names[1:]:
                self.model.add_sheet(name)
        except ironcalc.WorkbookError as error:
            raise _NotTellableError from error

    def renewed(self, changes: Sequence[CellChange]) -> Iterator[Recalculated]:
        made: dict[Place, CellValue] = {}
        for change in changes:
            made[self.index_of[change.sheet], change.row, change.column] = content_of(change)
        self.typed |= made
        self.values.update(made)
        for place, value in made.items():
            put(self.model, place, value)
        after = self._spread(made)
        for place in made:
            put(self.model, place, self._original_value(place))
        self.model.evaluate()
        for number in sorted(after):
            before, stored = self._result(number), self.formulas[number]
            if stored is not None and not _same(before, stored):
                raise _NotTellableError  # a stored result is stale, or the engine calculates otherwise than Excel
            sheet, row, column = self.web.places[number]
            formula = self.web.formula(number)
            result = renewed((self.names[sheet], row, column), formula.text, stored, before, after[number])
            if result is not None:
                yield result

    def _spread(self, places: Iterable[Place]) -> dict[int, Any]:
        """Follow the changes from cell to cell; return each formula whose result is another one, and that result."""
        altered: set[int] = set()
        like: dict[int, int] = {}  # of the formulas that look at a change: the first one like each, perhaps itself
        new = self._looking_at(places)
        while new:
            for number in new:
                # from the second round on formulas look at formulas, and what does is like no other
                like[number] = number if altered else self._first_like(number)
                if like[number] == number:
                    self._enter(number)
            self.model.evaluate()
            spared = [number for number in new if like[number] != number]
            # those whose like comes to something else than is stored of them
            late = [number for number in spared if not _same(self._result(like[number]), self._stored(number))]
            for number in late:
                self._enter(number)  # for what it came to before
            if any(self.web.places[number] in self.values for number in late):
                self.model.evaluate()  # a formula looked at what it came to before
            altered_now = {number for number, stored in self.live.items() if not _same(self._result(number), stored)}
            altered_now.update(late)
            for number in altered_now:
                del self.live[number]
            altered |= altered_now
            new = self._looking_at(self.web.places[number] for number in altered_now)
        return {number: self._result(like.get(number, number)) for number in altered}

    def _result(self, number: int) -> Any:
        return self.model.get_cell_value(*self.web.places[number])

    def _stored(self, number: int) -> CellValue:
        return stored_result(self.original, self.stored[number])

    def _original_value(self, place: Place) -> CellValue:
        """What a cell holds before the changes."""
        sheet, row, column = place
        return value_at(self.original, self.names[sheet], row, column)

    def _index(self, sheet: str | None, own: int) -> int:
        """The index of the sheet that a reference names; `own` is that of its formula."""
        index = own if sheet is None else self.index_of.get(sheet, -1)
        if index < 0:
            raise _NotTellableError
        return index

    def _looking_at(self, places: Iterable[Place]) -> list[int]:
        """The formulas that look at these cells and are not in the model yet."""
        cells: list[tuple[bytes, int, int]] = []
        for _, row, column in places:
            address = f"{column_letters(column)}{row}"
            cells.append((address.encode(), row, column))
        found = sorted(set(self.web.dependents(cells)) - self.formulas.keys())
        return [number for number in found if not self.web.formula(number).is_volatile]

    def _first_like(self, number: int) -> int:
        """The first formula that must come to the same as this one, as its cells hold the same; perhaps itself.

        Most figures are among few, and each has a formula that only says what was typed: a few instead of all of them.
        """
        shape = self.web.formula(number).shape
        if shape is None:
            return number
        own = self.web.places[number][0]
        places = [(self._index(sheet, own), cells.top, cells.left) for sheet, cells in shape.cells]
        if not self.web.formulas.keys().isdisjoint(places):
            return number
        values = [self._typed(place) for place in places]
        held = tuple((type(value), value) for value in values)  # True is no 1, though Python has them equal
        return self.first_of.setdefault((shape.text, held), number)

    def _typed(self, place: Place) -> CellValue:
        if place not in self.typed:
            self.typed[place] = self._original_value(place)
        return self.typed[place]

    def _enter(self, number: int) -> None:
        """Put a formula into the model, and as values the cells it looks at that are not there."""
        if number in self.formulas:
            return
        place, formula = self.web.places[number], self.web.formula(number)
        self.formulas[number] = self.live[number] = self._stored(number)
        if len(self.formulas) > MOST_FORMULAS:
            raise _NotTellableError
        self.model.set_user_input(*place, f"={formula.text}")
        for sheet, cells in formula.references:
            index = self._index(sheet, place[0])
            if (index, cells) not in self.looked_at:
                self.looked_at.add((index, cells))
                self._look_at(index, cells)

    def _look_at(self, sheet: int, cells: Range) -> None:
        top, left, bottom, right = cells
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            raise _NotTellableError
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._look_up((sheet, row, column))

    def _look_up(self, place: Place) -> None:
        """Have the cell in the model: as a value, unless it is a formula that was never calculated."""
        if place in self.values:
            return
        number = self.web.formulas.get(place)
        if number in self.formulas:
            return
        if len(self.values) > MOST_CELLS:
            raise _NotTellableError
        if number is None:
            self.values.add(place)
            value = self._typed(place)
        else:
            value = self._stored(number)
            if value is None and not self.web.formula(number).is_volatile:
                self._enter(number)
                return
            self.values.add(place)
        if value is not None:
            put(self.model, place, value)


def _same(result: Any, stored: CellValue) -> bool:
    """Whether a result of the engine is the stored one; nothing is stored of a formula that was never calculated."""
    if type(result) is type(stored) is not float:
        return bool(result == stored)
    if isinstance(stored, CellError):
        return bool(result == stored.code)
    # True is no 1, and a text is no number, though Python may have them equal
    if isinstance(result, bool | str) or isinstance(stored, bool | str):
        return type(result) is type(stored) and result == stored
    if isinstance(result, int | float) and isinstance(stored, int | float):
        return result == stored or isclose(result, stored, rel_tol=_CLOSE)
    return result is stored
