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
    for name in names:
        formulas = stored_formulas(original, name)
        if formulas is None:
            return None
        by_sheet.append(formulas)
    web = web_of(by_sheet, original.defined_names)
    if web is None:
        return None
    try:
        return tuple(_Part(original, names, web, [it for formulas in by_sheet for it in formulas]).renewed(changes))
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
        made = {(self.index_of[it.sheet], it.row, it.column): content_of(it) for it in changes}
        self.typed |= made
        self.values.update(made)
        for place, value in made.items():
            put(self.model, place, value)
        after = self._spread(made)
        for place in made:
            put(self.model, place, value_at(self.original, self.names[place[0]], *place[1:]))
        self.model.evaluate()
        for number in sorted(after):
            sheet, row, column = self.web.places[number]
            before, stored = self._result(number), self.formulas[number]
            if stored is not None and not _same(before, stored):
                raise _NotTellableError
            formula, cell = self.web.formula(number), (self.names[sheet], row, column)
            result = renewed(cell, formula.text, stored, before, after[number])
            if result is not None:
                yield result

    def _spread(self, places: Iterable[Place]) -> dict[int, Any]:
        """Follow the changes from cell to cell; return each formula whose result is another one, and that result."""
        altered: set[int] = set()
        like: dict[int, int] = {}  # of the formulas that look at a change: the first one like each, perhaps itself
        new = self._looking_at(places)
        while new:
            for number in new:
                # what looks at formulas is like no other
                like[number] = number if altered else self._first_like(number)
                if like[number] == number:
                    self._enter(number)
            self.model.evaluate()
            late = [it for it in new if like[it] != it and not _same(self._result(like[it]), self._stored(it))]
            for number in late:
                self._enter(number)  # for what it came to before
            if any(self.web.places[number] in self.values for number in late):
                self.model.evaluate()  # a formula looked at what it came to before
            now = {number for number, stored in self.live.items() if not _same(self._result(number), stored)}
            now.update(late)
            for number in now:
                del self.live[number]
            altered |= now
            new = self._looking_at(self.web.places[number] for number in now)
        return {number: self._result(like.get(number, number)) for number in altered}

    def _result(self, number: int) -> Any:
        return self.model.get_cell_value(*self.web.places[number])

    def _stored(self, number: int) -> CellValue:
        return stored_result(self.original, self.stored[number])

    def _index(self, sheet: str | None, own: int) -> int:
        """The index of the sheet that a reference names; `own` is that of its formula."""
        index = own if sheet is None else self.index_of.get(sheet, -1)
        if index < 0:
            raise _NotTellableError
        return index

    def _looking_at(self, places: Iterable[Place]) -> list[int]:
        """The formulas that look at these cells and are not in the model yet."""
        cells = ((f"{column_letters(column)}{row}".encode(), row, column) for _, row, column in places)
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
        places = [(self._index(sheet, own), *at[:2]) for sheet, at in shape.cells]
        if not self.web.formulas.keys().isdisjoint(places):
            return number
        held = tuple((type(value), value) for value in map(self._typed, places))
        return self.first_of.setdefault((shape.text, held), number)

    def _typed(self, place: Place) -> CellValue:
        if place not in self.typed:
            self.typed[place] = value_at(self.original, self.names[place[0]], *place[1:])
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


def _same(one: Any, other: CellValue) -> bool:
    """Whether a result of the engine is the stored one; nothing is stored of a formula that was never calculated."""
    if type(one) is type(other) is not float:
        return bool(one == other)
    if isinstance(other, CellError):
        return bool(one == other.code)
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and one == other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or isclose(one, other, rel_tol=_CLOSE)
    return one is other
