"""Forms as they come: right, wrong, half filled, with texts where numbers belong; drawn fast, by number."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from consistent import Figures, consistent_figures, decimals_of, with_totals_and_rates

from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.form.language import Record

UNREAD = "bảy nhiệm vụ"  # stands in a cell and is none of its values
NO_ANSWER = "qua bưu điện"

Cells = dict[str, int | Fraction | str | None]
"""What stands in the cells of one form: a figure, an answer, a text that is neither, or nothing."""


def random_cells(number: int, form: Form) -> Cells:
    """Return the cells of the form with that number: one in four is consistent, the others are spoilt more and more."""
    dice = Random(number)
    cells: Cells = dict(_consistent(dice.randint, form))
    spoilt = (0, 1, 4, 30)[number % 4]
    for row in dice.sample(list(form.entries), min(spoilt, len(cells))):
        cells[row.id] = _spoilt(row, cells, dice)
    if number % 7 == 0:
        cells |= _case_of_a_rule(form, dice)
    if number % 5 == 0:
        share = dice.random()
        cells |= {key: None for key in cells if dice.random() < share}
    return cells


def _consistent(pick: Callable[[int, int], int], form: Form) -> Figures:
    if "1.2.1" in form.by_id:
        return consistent_figures(pick, form)
    figures: Figures = {row.id: _plausible(row, pick) for row in form.entries}
    return with_totals_and_rates(figures, pick, form)


def _plausible(row: Indicator, pick: Callable[[int, int], int]) -> int | str:
    if row.kind.is_text:
        return tuple(row.options)[pick(0, len(row.options) - 1)]
    return pick(0, 100)


def _spoilt(row: Indicator, cells: Cells, dice: Random) -> int | Fraction | str | None:
    if row.kind.is_text:
        return dice.choice((None, NO_ANSWER, *row.options))
    kind = dice.randrange(8)
    was = cells[row.id]
    if kind == 0:
        return None
    if kind == 1:
        return UNREAD
    if kind == 2:
        return dice.randint(-3, 0)
    if kind == 3 and isinstance(was, int | Fraction):
        return was + dice.choice((-1, 1))
    if kind == 4:
        return Fraction(dice.randint(0, 15_000), 10 ** dice.randint(1, 3))
    if kind == 5:
        return dice.choice((dice.randint(10**6, 10**12), dice.randint(40_000, 52_000)))  # or a day, by its number
    if kind == 6 and row.part and row.whole:
        cells |= {row.part: 999, row.whole: 1000}
        return 100  # rounds to it, and is not
    part, whole = (cells.get(key or "") for key in (row.part, row.whole))
    if isinstance(part, int) and isinstance(whole, int) and whole and part < 10**4 * whole:
        step = Fraction(1, 10 ** dice.randint(0, 6))
        return Fraction(100 * part, whole) // step * step  # cut off
    return dice.randint(0, 120)


def _case_of_a_rule(form: Form, dice: Random) -> Cells:
    """The figures that one of the form's own rules gives for its failing."""
    cases = [case for check in form.own_checks() for case in check.fails_for]
    return dict(dice.choice(cases).values)


def is_given(row: Indicator, cell: int | Fraction | str | None) -> bool:
    """Whether what stands in a row's cell is one of its values; 1.234 of a count may be a thousand and more."""
    if row.kind.is_text:
        return cell in row.options
    if row.kind is Kind.COUNT and isinstance(cell, Fraction) and 1 <= cell < 1000:
        return decimals_of(cell) != 3
    return isinstance(cell, int | Fraction)


def record_of_cells(cells: Cells, form: Form, previous: Record | None = None) -> Record:
    """The cells as rules see them."""
    given = {key: cell for key, cell in cells.items() if cell is not None and is_given(form[key], cell)}
    unread = {key for key, cell in cells.items() if cell is not None and key not in given}
    return Record(given, unread, {key: decimals_of(cell) for key, cell in given.items()}, previous)
