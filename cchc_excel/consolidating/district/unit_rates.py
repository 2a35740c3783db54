"""The table of the sheet `So sánh` that has each unit's rates, and beside each its rank among the units.

In:     the key rates, and the row of the table's header.
Out:    the table; where its columns stand, for the charts.
Never:  ranks a rate about which an error is open.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from cchc_excel.consolidating.district.drawing import WARNING_FILL, Cell, Context, put_row, title_height
from cchc_excel.consolidating.district.key_rates import Rate
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.grid import column_letters
from cchc_excel.workbook_form.printed.styles import Styles

__all__ = ["FIRST_RATE", "RANK_WIDTH", "RATE_WIDTH", "draw_units", "rate_column"]

MOST_LIVE = 300
"""Units whose ranks are formulas: each looks through all others, so that twice the units take four times."""
FIRST_RATE = 2  # column, 0-based; the rank stands beside each rate
RATE_WIDTH, RANK_WIDTH = 9, 7  # digits
_HEAD_SIZE = 8  # points, of a rate's name above its column
_ON_A_PAGE = 30  # units below the head of their table


class _UnitStyles(NamedTuple):
    """The styles of a unit's row: its number, its name, a rate, a rate in doubt, and a rank."""

    number: Any
    name: Any
    doubt: Any
    rate: Any
    rank: Any


def _unit_styles(styles: Styles) -> _UnitStyles:
    return _UnitStyles(
        number=styles.get(border=1, align="center"),
        name=styles.get(border=1),
        doubt=styles.get(border=1, align="right", bg_color=WARNING_FILL),
        rate=styles.get(border=1, num_format="0.00"),
        rank=styles.get(border=1, align="center", italic=True),
    )


def draw_units(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> None:
    """Each unit's rates with their ranks, below a header in row `top`, 0-based."""
    units = context.outcome.merged.units
    _head(sheet, context, rates, top)
    styles = _unit_styles(context.styles)
    ranks = [_ranks(rate.values) for rate in rates]
    rows = _Rows(first=top + 2, last=top + 1 + len(units))
    for place in range(len(units)):
        row = top + 1 + place
        put_row(sheet, row, _unit_cells(context, place, rates, ranks, styles))
        if len(units) <= MOST_LIVE:
            _live_ranks(sheet, row, rows, [of_rate[place] for of_rate in ranks], styles.rank)
    sheet.autofilter(top, 0, top + len(units), _rank_column(len(rates) - 1))
    if len(units) > _ON_A_PAGE:
        sheet.repeat_rows(top)
    for which in range(len(rates)):
        column = _rate_letters(which)
        scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
        sheet.conditional_format(f"{column}{rows.first}:{column}{rows.last}", scale)


class _Rows(NamedTuple):
    """The first and the last row of the units, as Excel counts them."""

    first: int
    last: int


def rate_column(which: int) -> int:
    """The column of a rate, 0-based."""
    return FIRST_RATE + 2 * which


def _rate_letters(which: int) -> str:
    """The column of a rate, as Excel names it."""
    return column_letters(rate_column(which) + 1)


def _rank_column(which: int) -> int:
    """The column of the ranks in a rate, 0-based."""
    return rate_column(which) + 1


def _head(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> None:
    """The titles of the columns; the name of a rate stands in a smaller type above its narrow column."""
    head, small = context.styles.head(), context.styles.head(font_size=_HEAD_SIZE)
    sheet.set_row(top, title_height([rate.name for rate in rates], RATE_WIDTH, _HEAD_SIZE))
    sheet.write(top, 0, context.say("head", "no"), head)
    sheet.write(top, 1, context.say("head", "unit"), head)
    for which, rate in enumerate(rates):
        sheet.write(top, rate_column(which), rate.name, small)
        sheet.write(top, _rank_column(which), context.say("head", "rank"), head)


def _unit_cells(
    context: Context, place: int, rates: Sequence[Rate], ranks: Sequence[Sequence[int]], styles: _UnitStyles
) -> list[Cell]:
    """The cells of one unit's row; a rate in doubt is a text, so that neither a rank nor a chart takes it."""
    cells: list[Cell] = [
        (place + 1, styles.number),
        (context.outcome.name(context.outcome.merged.units[place]), styles.name),
    ]
    for rate, of_rate in zip(rates, ranks, strict=True):
        if place in rate.doubtful:
            rounded = context.words.number(round(rate.doubtful[place], 2))
            cells += [(context.say("doubtful", rate=rounded), styles.doubt), (None, styles.rank)]
        else:
            cells += [(rate.values[place], styles.rate), (of_rate[place] or None, styles.rank)]
    return cells


def _live_ranks(sheet: StrictWorksheet, row: int, rows: _Rows, ranks: Sequence[int], style: Any) -> None:
    """Write the rank of each rate of a unit as a formula over all units; `row` is the unit's, 0-based."""
    for which, rank in enumerate(ranks):
        column = _rate_letters(which)
        cell, cells = f"{column}{row + 1}", f"${column}${rows.first}:${column}${rows.last}"
        formula = f'=IF(ISNUMBER({cell}),RANK({cell},{cells}),"")'
        sheet.write_formula(row, _rank_column(which), formula, style, rank or "")


def _ranks(values: Sequence[float | None]) -> Sequence[int]:
    """The rank of each value, 1 for the greatest; 0 where there is none. As lists, those of all rates weigh a lot."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    first: dict[float, int] = {}
    for rank, value in enumerate(ordered, 1):
        first.setdefault(value, rank)
    return array("L", (0 if value is None else first[value] for value in values))
