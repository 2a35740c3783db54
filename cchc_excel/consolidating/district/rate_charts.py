"""The charts of the sheet `So sánh`: each unit's rate as a bar, or where they are too many, how the rates are spread.

In:     the key rates, and where their tables stand.
Out:    the charts, below the table of units, and where pages begin among them.
Never:  draws a rate in which the units do not differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil
from typing import Any, NamedTuple

from cchc_excel.consolidating.district.drawing import Context
from cchc_excel.consolidating.district.key_rates import RANGES, Rate
from cchc_excel.consolidating.district.unit_rates import FIRST_RATE, rate_column
from cchc_excel.excel.writing.strict import StrictWorksheet

__all__ = ["Tables", "draw_charts"]

MOST_BARS = 60  # units that one chart shows side by side; of more, it shows how they are spread
_CHART_HEIGHT, _CHART_WIDTH = 300, 520  # pixels
_CHARTS_ACROSS, _MOST_CHARTS = 3, 9
_BAR_HEIGHT, _AROUND_BARS = 18, 80  # pixels
_GAP = 10  # pixels between charts
_LONGEST_TITLE = 90  # characters
_ROW = 20  # pixels of a row as high as usual


class Tables(NamedTuple):
    """The header rows of the tables that charts draw, 0-based."""

    spread: int
    units: int


def draw_charts(
    sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], tables: Tables, page: int
) -> list[int]:
    """Draw the rates in which the units differ, below their table; return the rows at which a page begins.

    A page is `page` pixels high. A row of charts takes as many rows of the sheet as it is high.
    """
    units = len(context.outcome.merged.units)
    drawn = list(islice((which for which, rate in enumerate(rates) if rate.differs), _MOST_CHARTS))
    chart_height = _chart_height(units, page)
    rows = ceil((chart_height + _GAP) / _ROW)
    first = tables.units + units + 3
    for place, which in enumerate(drawn):
        down, across = divmod(place, _CHARTS_ACROSS)
        chart = _chart(context, rates[which].name[:_LONGEST_TITLE], which, tables)
        chart.set_size({"width": _CHART_WIDTH, "height": chart_height})
        sheet.insert_chart(first + down * rows, 0, chart, {"x_offset": _GAP + across * (_CHART_WIDTH + _GAP)})
    rows_of_charts = ceil(len(drawn) / _CHARTS_ACROSS)
    on_a_page = max(1, page // (rows * _ROW))  # rows of charts
    return [first + down * rows for down in range(0, rows_of_charts, on_a_page)]


def _chart_height(units: int, page: int) -> int:
    """The height of a chart in pixels: bars for all units, but not more than a page."""
    if units > MOST_BARS:
        return _CHART_HEIGHT
    return min(page, max(_CHART_HEIGHT, _BAR_HEIGHT * units + _AROUND_BARS))


def _chart(context: Context, name: str, which: int, tables: Tables) -> Any:
    """The chart of one rate: a bar for each unit, or where they are too many, how they are spread."""
    if len(context.outcome.merged.units) <= MOST_BARS:
        chart, title = _bars(context, which, tables.units), context.say("chart", name=name)
    else:
        chart, title = _columns(context, which, tables.spread), context.say("distribution", name=name)
    chart.set_title({"name": title, "name_font": {"size": 9}})
    chart.set_legend({"none": True})
    return chart


def _bars(context: Context, which: int, table: int) -> Any:
    """A bar for each unit, from top to bottom; `table` is the header row of the units."""
    chart: Any = context.book.add_chart({"type": "bar"})
    sheet, column = context.name_of_sheet("compare"), rate_column(which)
    first, last = table + 1, table + len(context.outcome.merged.units)
    categories, values = [sheet, first, 1, last, 1], [sheet, first, column, last, column]
    chart.add_series({"categories": categories, "values": values, "gap": 40})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    # the other axis being reversed, the labels of this one would stand at the top
    chart.set_x_axis({"min": 0, "max": 100, "num_font": {"size": 8}, "label_position": "high", "major_gridlines": grid})
    return chart


def _columns(context: Context, which: int, table: int) -> Any:
    """A column for each range of the rate; `table` is the header row of the spread."""
    chart: Any = context.book.add_chart({"type": "column"})
    sheet, row = context.name_of_sheet("compare"), table + 1 + which
    first, last = FIRST_RATE, FIRST_RATE + len(RANGES) - 1
    categories, values = [sheet, table, first, table, last], [sheet, row, first, row, last]
    chart.add_series({"categories": categories, "values": values})
    return chart
