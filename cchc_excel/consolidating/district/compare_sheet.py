"""The sheet `So sánh`: how the key rates developed, what each unit's are, and how they are spread."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from cchc_excel.consolidating.district.drawing import Context, Looks, put, put_row, tall_enough
from cchc_excel.consolidating.filing import Filed, places_of
from cchc_excel.consolidating.packed import figures_at
from cchc_excel.form import Indicator
from cchc_excel.grid import column_letters
from cchc_excel.submission import Figure
from cchc_excel.wording.say import stt_of
from cchc_excel.workbook_form.printed.measure import height, lines

MOST_BARS = 60  # units that one chart shows side by side; of more, it shows how they are spread
MOST_LIVE = (
    300  # units whose ranks are formulas: each looks through all others, so that twice the units take four times
)
_BINS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 95), (95, 100.0001))
_TREND_ROW, _NAME_WIDTH = 3, 52
_CHART_HEIGHT, _CHART_WIDTH, _CHARTS_ACROSS, _MOST_CHARTS = 300, 520, 3, 9
_RATE_WIDTH, _RANK_WIDTH = 9, 7
_HEAD_SIZE = 8  # points, of a rate's name above its column
_ROW = 20  # pixels of a row as high as usual
_PAGE = 277, 190  # mm of A4 across that are printed on
_MM = 25.4 / 96  # a pixel
_RESERVE = 0.97  # printers differ


def draw_compare(sheet: Any, context: Context, looks: Looks) -> None:
    """Write the table of developments, the table of units, the spread, and a chart for each key rate."""
    rates = key_rates(context)
    sheet.write_string(0, 0, context.say("title", "compare"), looks.title())
    sheet.write_string(1, 0, context.say("remark", "compare"), looks.remark())
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, _NAME_WIDTH)
    for column in range(2, 2 + 2 * len(rates), 2):
        sheet.set_column(column, column, _RATE_WIDTH)
        sheet.set_column(column + 1, column + 1, _RANK_WIDTH)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
    scale = _scale(len(rates))
    sheet.set_print_scale(scale)  # and no fit_to_pages: Excel would pass over the breaks between the charts
    sheet.set_footer(f"&C{context.say('footer')}")
    if not rates:
        return
    spread = _trend(sheet, context, looks, rates) + 2
    table = _spread(sheet, context, looks, rates, spread) + 2
    _units(sheet, context, looks, rates, table)
    breaks = _charts(sheet, context, rates, spread, table, int(_PAGE[1] / _MM * 100 / scale))
    sheet.set_h_pagebreaks([table, *breaks])


def _scale(rates: int) -> int:
    """The percentage at which the table of units is one page wide."""
    widths = [5, _NAME_WIDTH, *(_RATE_WIDTH, _RANK_WIDTH) * max(rates, 4)]
    return max(10, min(100, int(_RESERVE * 100 * _PAGE[0] / _MM / sum(7 * width + 5 for width in widths))))


def key_rates(context: Context) -> tuple[Indicator, ...]:
    """The percentages that any merged unit reports, in printed order: those whose components are added or compared."""
    units, places = context.outcome.merged.units, places_of(context.form)
    return tuple(
        row
        for row in context.form.entries
        if row.merge == "rate" and any(_rate(unit, places[row.id]) is not None for unit in units)
    )


def _rates(units: Sequence[Filed], place: int) -> list[float | None]:
    """What the units report as a rate."""
    return list(map(_number, figures_at((unit.taken for unit in units), place)))


def _rate(unit: Filed, place: int) -> float | None:
    return _number(unit.taken[place])


def _name(row: Indicator, context: Context) -> str:
    return f"{stt_of(row, context.form)} {row.label}"


def _trend(sheet: Any, context: Context, looks: Looks, rates: Sequence[Indicator]) -> int:
    """The merged rates by period, with a sparkline; return the last row."""
    merged, earlier = context.outcome.merged, context.outcome.earlier
    periods = [*(context.words.period(it.period) for it in earlier), context.words.period(merged.period)]
    figures = [*(it.figures for it in earlier), merged.figures]
    heads = [context.say("head", "no"), context.say("head", "rate"), *periods]
    heads += [context.say("head", "trend")] if earlier else []
    sheet.set_row(_TREND_ROW, _head_height(heads))
    for column, head in enumerate(heads):
        sheet.write_string(_TREND_ROW, column, head, looks.head())
    for number, row in enumerate(rates, 1):
        at = _TREND_ROW + number
        put(sheet, at, 0, number, looks(border=1, align="center"))
        put(sheet, at, 1, _name(row, context), looks(border=1, text_wrap=True))
        sheet.set_row(at, tall_enough([(_name(row, context), _NAME_WIDTH)]))
        for column, values in enumerate(figures, 2):
            put(sheet, at, column, _number(values.get(row.id)), looks(border=1, num_format="0.00"))
        if earlier:
            column = 2 + len(figures)
            put(sheet, at, column, None, looks(border=1))
            last = column_letters(column)
            options = {"range": f"'{sheet.get_name()}'!C{at + 1}:{last}{at + 1}", "markers": True, "min": 0, "max": 100}
            sheet.add_sparkline(at, column, options)
    return _TREND_ROW + len(rates)


def _head_height(heads: Sequence[str]) -> float:
    """The height of a row of titles over columns that are as wide as a rank."""
    return tall_enough((head, _RANK_WIDTH - 1) for head in heads[2:])


def _number(value: Figure | None) -> float | None:
    return None if value is None or isinstance(value, str) else float(value)


def _spread(sheet: Any, context: Context, looks: Looks, rates: Sequence[Indicator], top: int) -> int:
    """How many units lie in each range of each rate; return the last row."""
    places = places_of(context.form)
    heads = [context.say("head", "no"), context.say("head", "rate"), *(_bin_name(it) for it in _BINS)]
    sheet.set_row(top, _head_height(heads))
    for column, head in enumerate(heads):
        sheet.write_string(top, column, head, looks.head())
    for number, row in enumerate(rates, 1):
        values = _rates(context.outcome.merged.units, places[row.id])
        put(sheet, top + number, 0, number, looks(border=1, align="center"))
        put(sheet, top + number, 1, _name(row, context), looks(border=1, text_wrap=True))
        sheet.set_row(top + number, tall_enough([(_name(row, context), _NAME_WIDTH)]))
        for column, (low, high) in enumerate(_BINS, 2):
            count = sum(value is not None and low <= value < high for value in values)
            put(sheet, top + number, column, count, looks(border=1, align="center"))
    return top + len(rates)


def _bin_name(limits: tuple[float, float]) -> str:
    low, high = limits
    return f"{low:g}–{min(high, 100):g}%"


def _units(sheet: Any, context: Context, looks: Looks, rates: Sequence[Indicator], top: int) -> None:
    """Each unit's rates with their ranks."""
    units, places = context.outcome.merged.units, places_of(context.form)
    names = [_name(row, context) for row in rates]
    most = max(lines(name, 7 * _RATE_WIDTH, _HEAD_SIZE, bold=True) for name in names)
    sheet.set_row(top, height(most, _HEAD_SIZE))
    sheet.write_string(top, 0, context.say("head", "no"), looks.head())
    sheet.write_string(top, 1, context.say("head", "unit"), looks.head())
    for number, name in enumerate(names):
        sheet.write_string(top, 2 + 2 * number, name, looks.head(font_size=_HEAD_SIZE))
        sheet.write_string(top, 3 + 2 * number, context.say("head", "rank"), looks.head())
    first, last = top + 2, top + 1 + len(units)
    ranks = [_ranks(_rates(units, places[row.id])) for row in rates]
    figure, rank_look = looks(border=1, num_format="0.00"), looks(border=1, align="center", italic=True)
    row_looks = [looks(border=1, align="center"), looks(border=1), *(figure, rank_look) * len(rates)]
    rate_places = [places[row.id] for row in rates]
    for number, unit in enumerate(units):
        at = top + 1 + number
        written = [(_rate(unit, place), rank[number] or "") for place, rank in zip(rate_places, ranks, strict=True)]
        values = (number + 1, context.outcome.name(unit), *chain.from_iterable(written))
        put_row(sheet, at, list(zip(values, row_looks, strict=True)))
        for which, (_, place) in enumerate(written) if len(units) <= MOST_LIVE else ():
            column = column_letters(3 + 2 * which)
            cell, cells = f"{column}{at + 1}", f"${column}${first}:${column}${last}"
            sheet.write_formula(at, 3 + 2 * which, f'=IF({cell}="","",RANK({cell},{cells}))', rank_look, place)
    for which in range(len(rates)):
        column = column_letters(3 + 2 * which)
        scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
        sheet.conditional_format(f"{column}{first}:{column}{last}", scale)


def _differ(units: Sequence[Filed], place: int) -> bool:
    """Whether two units give different rates."""
    values = (value for unit in units if (value := _rate(unit, place)) is not None)
    first = next(values, None)
    return any(value != first for value in values)


def _ranks(values: Sequence[float | None]) -> Sequence[int]:
    """The rank of each value, 1 for the greatest; 0 where there is none. As lists, those of all rates weigh a lot."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return array("L", (0 if value is None else first[value] for value in values))


def _charts(sheet: Any, context: Context, rates: Sequence[Indicator], spread: int, table: int, page: int) -> list[int]:
    """A bar for each unit, or where they are too many, how they are spread; `spread` and `table` are header rows.

    Only rates in which the units differ are drawn. Return the rows at which a page begins; it is `page` pixels high.
    """
    units, places = len(context.outcome.merged.units), places_of(context.form)
    differing = (number for number, row in enumerate(rates) if _differ(context.outcome.merged.units, places[row.id]))
    drawn = list(islice(differing, _MOST_CHARTS))
    tall = min(page, max(_CHART_HEIGHT, 18 * units + 80)) if units <= MOST_BARS else _CHART_HEIGHT
    first, rows = table + units + 3, -(-(tall + 10) // _ROW)
    for place, number in enumerate(drawn):
        down, across = divmod(place, _CHARTS_ACROSS)
        chart = (
            _bars(context, sheet.get_name(), number, table)
            if units <= MOST_BARS
            else _columns(context, sheet.get_name(), number, spread)
        )
        title = context.say("chart" if units <= MOST_BARS else "distribution", name=_name(rates[number], context)[:90])
        chart.set_title({"name": title, "name_font": {"size": 9}})
        chart.set_legend({"none": True})
        chart.set_size({"width": _CHART_WIDTH, "height": tall})
        sheet.insert_chart(first + down * rows, 0, chart, {"x_offset": 10 + across * (_CHART_WIDTH + 10)})
    each = max(1, page // (rows * _ROW))  # rows of charts on a page
    return [first + down * rows for down in range(0, -(-len(drawn) // _CHARTS_ACROSS), each)]


def _bars(context: Context, sheet: str, number: int, table: int) -> Any:
    chart: Any = context.book.add_chart({"type": "bar"})
    last = table + len(context.outcome.merged.units)
    values = [sheet, table + 1, 2 + 2 * number, last, 2 + 2 * number]
    chart.add_series({"categories": [sheet, table + 1, 1, last, 1], "values": values, "gap": 40})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    # from top to bottom, so that the labels of the other axis would stand at the top
    chart.set_x_axis({"min": 0, "max": 100, "num_font": {"size": 8}, "label_position": "high", "major_gridlines": grid})
    return chart


def _columns(context: Context, sheet: str, number: int, spread: int) -> Any:
    chart: Any = context.book.add_chart({"type": "column"})
    last = 1 + len(_BINS)
    values = [sheet, spread + 1 + number, 2, spread + 1 + number, last]
    chart.add_series({"categories": [sheet, spread, 2, spread, last], "values": values})
    return chart
