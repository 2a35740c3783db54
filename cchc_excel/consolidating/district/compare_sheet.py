"""The sheet `So sánh`: how the key rates developed, what each unit's are, and how they are spread."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from cchc_excel.consolidating.district.drawing import WARNING_FILL, Context, put, put_row, tall_enough, title_height
from cchc_excel.consolidating.packed import figures_at
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Indicator, Severity
from cchc_excel.grid import column_letters
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure, Period
from cchc_excel.wording.say import stt_of

MOST_BARS = 60  # units that one chart shows side by side; of more, it shows how they are spread
MOST_LIVE = 300
"""Units whose ranks are formulas: each looks through all others, so that twice the units take four times."""
_BINS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 95), (95, 100.0001))
_TREND_ROW = 3  # 0-based
_NUMBER_WIDTH, _NAME_WIDTH, _RATE_WIDTH, _RANK_WIDTH = 5, 52, 9, 7  # digits
_FIRST_RATE = 2  # column, 0-based; the rank stands beside each rate
_HEAD_SIZE = 8  # points, of a rate's name above its column

_CHART_HEIGHT, _CHART_WIDTH, _CHARTS_ACROSS, _MOST_CHARTS = 300, 520, 3, 9  # pixels, pixels
_BAR_HEIGHT, _AROUND_BARS = 18, 80  # pixels
_ON_A_PAGE = 30  # units below the head of their table
_GAP = 10  # pixels between charts
_LONGEST_TITLE = 90  # characters
_ROW = 20  # pixels of a row as high as usual
_PAGE_WIDTH, _PAGE_HEIGHT = 277, 190  # mm of A4 across that are printed on
_MM = 25.4 / 96  # a pixel
_RESERVE = 0.97  # printers differ


class Rate(NamedTuple):
    """A key rate: its name, and each merged unit's.

    `values` are what is ranked and drawn: what the unit's components come to, or what it reports where it has none.
    Those about which an error is open stand in `doubtful`, by the unit's place, and not among the values.
    """

    row: Indicator
    name: str
    values: Sequence[float | None]
    doubtful: Mapping[int, float]

    @property
    def differs(self) -> bool:
        """Whether two units report different rates."""
        return len({value for value in self.values if value is not None}) > 1


def draw_compare(sheet: StrictWorksheet, context: Context) -> None:
    """Write the table of developments, the table of units, the spread, and a chart for each key rate."""
    rates = key_rates(context)
    scale = _scale(len(rates))
    _set_up(sheet, context, len(rates), scale)
    sheet.write(0, 0, context.say("title", "compare"), context.styles.get(bold=True, font_size=14))
    sheet.write(1, 0, context.say("remark", "compare"), context.styles.get(italic=True))
    if not rates:
        return
    spread = _trend(sheet, context, rates) + 2
    table = _spread(sheet, context, rates, spread) + 2
    _units(sheet, context, rates, table)
    breaks = _charts(sheet, context, rates, spread, table, page=int(_PAGE_HEIGHT / _MM * 100 / scale))
    sheet.set_h_pagebreaks([table, *breaks])


def key_rates(context: Context) -> tuple[Rate, ...]:
    """The percentages that any merged unit reports, in printed order: those whose components are added or compared."""
    return tuple(rate for rate in _rates(context) if rate.doubtful or any(it is not None for it in rate.values))


def _rates(context: Context) -> Iterator[Rate]:
    units, wrong = context.outcome.merged.units, _wrong_rows(context)
    for row in context.form.entries:
        if way_of(row).is_recomputed:
            made_of = {key for key in (row.id, row.part, row.whole) if key}
            found = list(_of_units(context, row))
            doubtful = {
                place: value
                for place, (unit, value) in enumerate(zip(units, found, strict=True))
                if value is not None and made_of & wrong.get(unit.path, set())
            }
            values = [None if place in doubtful else value for place, value in enumerate(found)]
            yield Rate(row, f"{stt_of(row, context.form)} {row.label}", values, doubtful)


def _of_units(context: Context, row: Indicator) -> Iterator[float | None]:
    """Each unit's rate as it counts in the merged one: by its components, or as written where these are not there."""
    taken, places = [unit.taken for unit in context.outcome.merged.units], context.form.entry_places
    written = [_number(figure) for figure in figures_at(taken, places[row.id])]
    if row.part is None or row.whole is None:
        yield from written
        return
    pairs = (figures_at(taken, places[key]) for key in (row.part, row.whole))
    for rate, part, whole in zip(written, *pairs, strict=True):
        one, other = _number(part), _number(whole)
        if one is None or other is None:
            yield rate
        else:
            yield 100 * one / other if other else None


def _wrong_rows(context: Context) -> Mapping[str, set[str]]:
    """By workbook the rows about which an error is open."""
    wrong: dict[str, set[str]] = {}
    for ranked in context.outcome.findings:
        if ranked.finding.counts and ranked.finding.severity is Severity.ERROR:
            wrong.setdefault(ranked.filed.path, set()).update(ranked.finding.indicators)
    return wrong


def _number(value: Figure | None) -> float | None:
    return None if value is None or isinstance(value, str) else float(value)


def _set_up(sheet: StrictWorksheet, context: Context, rates: int, scale: int) -> None:
    sheet.set_column(0, 0, _NUMBER_WIDTH)
    sheet.set_column(1, 1, _NAME_WIDTH)
    for column in range(_FIRST_RATE, _FIRST_RATE + 2 * rates, 2):
        sheet.set_column(column, column, _RATE_WIDTH)
        sheet.set_column(column + 1, column + 1, _RANK_WIDTH)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
    sheet.set_print_scale(scale)  # and no fit_to_pages: Excel would pass over the breaks between the charts
    sheet.set_footer(f"&C{context.say('footer')}")
    sheet.freeze_panes(0, _FIRST_RATE)


def _scale(rates: int) -> int:
    """The percentage at which the table of units is one page wide."""
    widths = [_NUMBER_WIDTH, _NAME_WIDTH, *(_RATE_WIDTH, _RANK_WIDTH) * max(rates, 4)]
    pixels = sum(7 * width + 5 for width in widths)
    return max(10, min(100, int(_RESERVE * 100 * _PAGE_WIDTH / _MM / pixels)))


# --- how the merged rates developed, and how those of the units are spread


def _trend(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int = _TREND_ROW) -> int:
    """The merged rates by period, with a sparkline; return the last row."""
    merged, earlier, styles = context.outcome.merged, context.outcome.earlier, context.styles
    periods = [_of_period(context, it.period, it.units) for it in earlier]
    periods.append(_of_period(context, merged.period, len(merged.units)))
    figures = [*(it.figures for it in earlier), merged.figures]
    comparable = all(it.same_units for it in earlier)
    _head(sheet, context, top, [*periods, context.say("head", "trend")] if earlier and comparable else periods)
    if not comparable:
        put(sheet, top - 1, 0, context.say("other_units"), styles.get(italic=True))
    percentage, blank = styles.get(border=1, num_format="0.00"), styles.get(border=1)
    for number, rate in enumerate(rates, 1):
        row = top + number
        _name_row(sheet, context, row, number, rate)
        for column, of_period in enumerate(figures, _FIRST_RATE):
            put(sheet, row, column, _number(of_period.get(rate.row.id)), percentage)
        if earlier and comparable:
            column = _FIRST_RATE + len(figures)
            put(sheet, row, column, None, blank)
            cells = f"'{context.name_of_sheet('compare')}'!C{row + 1}:{column_letters(column)}{row + 1}"
            sheet.add_sparkline(row, column, {"range": cells, "markers": True, "min": 0, "max": 100})
    return top + len(rates)


def _of_period(context: Context, period: Period | None, units: int) -> str:
    """The name of a period with the number of units that its figures are of, where that is known."""
    name = context.words.period(period)
    return f"{name} {context.say('of_units', count=units)}" if units else name


def _spread(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> int:
    """How many units lie in each range of each rate; return the last row."""
    _head(sheet, context, top, [f"{low:g}–{min(high, 100):g}%" for low, high in _BINS])
    middle = context.styles.get(border=1, align="center")
    for number, rate in enumerate(rates, 1):
        _name_row(sheet, context, top + number, number, rate)
        for column, (low, high) in enumerate(_BINS, _FIRST_RATE):
            count = sum(value is not None and low <= value < high for value in rate.values)
            put(sheet, top + number, column, count, middle)
    return top + len(rates)


def _head(sheet: StrictWorksheet, context: Context, row: int, titles: Sequence[str]) -> None:
    """The header of a table of rates; its titles stand over columns some of which are as narrow as a rank."""
    sheet.set_row(row, tall_enough((title, _RANK_WIDTH - 1) for title in titles))
    for column, title in enumerate((context.say("head", "no"), context.say("head", "rate"), *titles)):
        sheet.write(row, column, title, context.styles.head())


def _name_row(sheet: StrictWorksheet, context: Context, row: int, number: int, rate: Rate) -> None:
    sheet.set_row(row, tall_enough([(rate.name, _NAME_WIDTH)]))
    put(sheet, row, 0, number, context.styles.get(border=1, align="center"))
    put(sheet, row, 1, rate.name, context.styles.get(border=1, text_wrap=True))


# --- the units


def _units(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> None:
    """Each unit's rates with their ranks."""
    units, styles = context.outcome.merged.units, context.styles
    _units_head(sheet, context, rates, top)
    first, last = top + 2, top + 1 + len(units)  # as Excel counts rows
    middle, text = styles.get(border=1, align="center"), styles.get(border=1)
    doubt = styles.get(border=1, align="right", bg_color=WARNING_FILL)
    percentage, rank_style = styles.get(border=1, num_format="0.00"), styles.get(border=1, align="center", italic=True)
    ranks = [_ranks(rate.values) for rate in rates]
    for place, unit in enumerate(units):
        cells: list[tuple[Any, Any]] = [(place + 1, middle), (context.outcome.name(unit), text)]
        for rate, of_rate in zip(rates, ranks, strict=True):
            if place in rate.doubtful:  # as a text, so that neither a rank nor a chart takes it
                shown = context.say("doubtful", rate=context.words.number(round(rate.doubtful[place], 2)))
                cells += [(shown, doubt), (None, rank_style)]
            else:
                cells += [(rate.values[place], percentage), (of_rate[place] or None, rank_style)]
        put_row(sheet, top + 1 + place, cells)
        if len(units) <= MOST_LIVE:
            _live_ranks(sheet, top + 1 + place, (first, last), [of_rate[place] for of_rate in ranks], rank_style)
    sheet.autofilter(top, 0, last - 1, _FIRST_RATE + 2 * len(rates) - 1)
    if len(units) > _ON_A_PAGE:
        sheet.repeat_rows(top)
    for which in range(len(rates)):
        column = column_letters(_FIRST_RATE + 2 * which + 1)
        scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
        sheet.conditional_format(f"{column}{first}:{column}{last}", scale)


def _units_head(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> None:
    head, small = context.styles.head(), context.styles.head(font_size=_HEAD_SIZE)
    sheet.set_row(top, title_height([rate.name for rate in rates], _RATE_WIDTH, _HEAD_SIZE))
    sheet.write(top, 0, context.say("head", "no"), head)
    sheet.write(top, 1, context.say("head", "unit"), head)
    for column, rate in zip(range(_FIRST_RATE, _FIRST_RATE + 2 * len(rates), 2), rates, strict=True):
        sheet.write(top, column, rate.name, small)
        sheet.write(top, column + 1, context.say("head", "rank"), head)


def _live_ranks(sheet: StrictWorksheet, row: int, units: tuple[int, int], ranks: Sequence[int], style: Any) -> None:
    """Write the rank of each rate of a unit as a formula over all units."""
    first, last = units
    for which, rank in enumerate(ranks):
        rate = column_letters(_FIRST_RATE + 2 * which + 1)
        cell, cells = f"{rate}{row + 1}", f"${rate}${first}:${rate}${last}"
        sheet.write_formula(
            row, _FIRST_RATE + 2 * which + 1, f'=IF(ISNUMBER({cell}),RANK({cell},{cells}),"")', style, rank or ""
        )


def _ranks(values: Sequence[float | None]) -> Sequence[int]:
    """The rank of each value, 1 for the greatest; 0 where there is none. As lists, those of all rates weigh a lot."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    first: dict[float, int] = {}
    for rank, value in enumerate(ordered, 1):
        first.setdefault(value, rank)
    return array("L", (0 if value is None else first[value] for value in values))


# --- charts


def _charts(
    sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], spread: int, table: int, *, page: int
) -> list[int]:
    """A bar for each unit, or where they are too many, how they are spread; `spread` and `table` are header rows.

    Only rates in which the units differ are drawn. Return the rows at which a page begins; it is `page` pixels high.
    """
    units = len(context.outcome.merged.units)
    as_bars = units <= MOST_BARS
    tall = min(page, max(_CHART_HEIGHT, _BAR_HEIGHT * units + _AROUND_BARS)) if as_bars else _CHART_HEIGHT
    first, rows = table + units + 3, -(-(tall + _GAP) // _ROW)
    drawn = list(islice((which for which, rate in enumerate(rates) if rate.differs), _MOST_CHARTS))
    for place, which in enumerate(drawn):
        down, across = divmod(place, _CHARTS_ACROSS)
        name = rates[which].name[:_LONGEST_TITLE]
        if as_bars:
            chart, title = _bars(context, which, table), context.say("chart", name=name)
        else:
            chart = _columns(context, which, spread)
            title = context.say("distribution", name=name)
        chart.set_title({"name": title, "name_font": {"size": 9}})
        chart.set_legend({"none": True})
        chart.set_size({"width": _CHART_WIDTH, "height": tall})
        sheet.insert_chart(first + down * rows, 0, chart, {"x_offset": _GAP + across * (_CHART_WIDTH + _GAP)})
    on_a_page = max(1, page // (rows * _ROW))  # rows of charts
    return [first + down * rows for down in range(0, -(-len(drawn) // _CHARTS_ACROSS), on_a_page)]


def _bars(context: Context, which: int, table: int) -> Any:
    """A bar for each unit, from top to bottom."""
    chart: Any = context.book.add_chart({"type": "bar"})
    sheet = context.name_of_sheet("compare")
    first, last, column = table + 1, table + len(context.outcome.merged.units), _FIRST_RATE + 2 * which
    categories, values = [sheet, first, 1, last, 1], [sheet, first, column, last, column]
    chart.add_series({"categories": categories, "values": values, "gap": 40})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    # the other axis being reversed, the labels of this one would stand at the top
    chart.set_x_axis({"min": 0, "max": 100, "num_font": {"size": 8}, "label_position": "high", "major_gridlines": grid})
    return chart


def _columns(context: Context, which: int, spread: int) -> Any:
    """A column for each range of the rate."""
    chart: Any = context.book.add_chart({"type": "column"})
    sheet = context.name_of_sheet("compare")
    row, last = spread + 1 + which, _FIRST_RATE + len(_BINS) - 1
    categories, values = [sheet, spread, _FIRST_RATE, spread, last], [sheet, row, _FIRST_RATE, row, last]
    chart.add_series({"categories": categories, "values": values})
    return chart
