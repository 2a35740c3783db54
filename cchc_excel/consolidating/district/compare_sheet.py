"""The sheet `So sánh`: how the key rates developed, what each unit's are, and how they are spread."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import ceil
from typing import Any, NamedTuple

from cchc_excel.consolidating.district.drawing import (
    WARNING_FILL,
    Cell,
    Context,
    put,
    put_row,
    tall_enough,
    title_height,
)
from cchc_excel.consolidating.packed import figures_at
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Indicator, Severity
from cchc_excel.grid import column_letters
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure, Period
from cchc_excel.wording.say import stt_of
from cchc_excel.workbook_form.printed.styles import Styles

MOST_BARS = 60  # units that one chart shows side by side; of more, it shows how they are spread
MOST_LIVE = 300
"""Units whose ranks are formulas: each looks through all others, so that twice the units take four times."""
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


class _Range(NamedTuple):
    """Rates from `low` to below `high`, in percent."""

    low: float
    high: float

    @property
    def title(self) -> str:
        return f"{self.low:g}–{min(self.high, 100):g}%"

    def number_of(self, rates: Iterable[float | None]) -> int:
        """How many of the rates lie in the range."""
        return sum(rate is not None and self.low <= rate < self.high for rate in rates)


_RANGES = (
    _Range(0, 20),
    _Range(20, 40),
    _Range(40, 60),
    _Range(60, 80),
    _Range(80, 95),
    _Range(95, 100.0001),  # with 100 itself
)


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
    spread = _trend(sheet, context, rates, _TREND_ROW) + 2
    units = _spread(sheet, context, rates, spread) + 2
    _units(sheet, context, rates, units)
    page = int(_PAGE_HEIGHT / _MM * 100 / scale)
    breaks = _charts(sheet, context, rates, _Tables(spread, units), page)
    sheet.set_h_pagebreaks([units, *breaks])


def key_rates(context: Context) -> tuple[Rate, ...]:
    """The percentages that any merged unit reports, in printed order: those whose components are added or compared."""
    wrong = _wrong_rows(context)
    rates = [_rate(context, row, wrong) for row in context.form.entries if way_of(row).is_recomputed]
    return tuple(rate for rate in rates if rate.doubtful or any(value is not None for value in rate.values))


def _rate(context: Context, row: Indicator, wrong: Mapping[str, set[str]]) -> Rate:
    """A row's rate in each unit; `wrong` has by workbook the rows about which an error is open."""
    made_of = {key for key in (row.id, row.part, row.whole) if key}
    values: list[float | None] = []
    doubtful: dict[int, float] = {}
    for place, (unit, rate) in enumerate(zip(context.outcome.merged.units, _of_units(context, row), strict=True)):
        is_doubtful = unit.path in wrong and not made_of.isdisjoint(wrong[unit.path])
        if is_doubtful and rate is not None:
            doubtful[place] = rate
        values.append(None if is_doubtful else rate)
    return Rate(row, f"{stt_of(row, context.form)} {row.label}", values, doubtful)


def _wrong_rows(context: Context) -> Mapping[str, set[str]]:
    """By workbook the rows about which an error is open."""
    wrong: dict[str, set[str]] = {}
    for ranked in context.outcome.findings:
        if ranked.finding.counts and ranked.finding.severity is Severity.ERROR:
            wrong.setdefault(ranked.filed.path, set()).update(ranked.finding.indicators)
    return wrong


def _of_units(context: Context, row: Indicator) -> Sequence[float | None]:
    """Each unit's rate as it counts in the merged one: by its components, or as written where these are not there."""
    written = _column(context, row.id)
    if row.part is None or row.whole is None:
        return written
    columns = zip(written, _column(context, row.part), _column(context, row.whole), strict=True)
    return [_by_components(rate, part, whole) for rate, part, whole in columns]


def _column(context: Context, key: str) -> list[float | None]:
    """Each unit's figure in a row, as a number; None for a blank or a text."""
    figures = figures_at([unit.taken for unit in context.outcome.merged.units], context.form.entry_places[key])
    return [_number(figure) for figure in figures]


def _by_components(written: float | None, part: float | None, whole: float | None) -> float | None:
    """The rate in percent, as written where a component is not there; None of a whole of 0."""
    if part is None or whole is None:
        return written
    return 100 * part / whole if whole else None


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


class _OfPeriod(NamedTuple):
    """The title of a period and its merged figures."""

    title: str
    figures: Mapping[str, Figure | None]


def _trend(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> int:
    """The merged rates by period, with a sparkline where all are of the same units; return the last row."""
    merged, earlier, styles = context.outcome.merged, context.outcome.earlier, context.styles
    columns = [_OfPeriod(_title(context, before.period, before.units), before.figures) for before in earlier]
    columns.append(_OfPeriod(_title(context, merged.period, len(merged.units)), merged.figures))
    are_comparable = all(before.same_units for before in earlier)
    has_sparklines = bool(earlier) and are_comparable
    titles = [column.title for column in columns]
    _head(sheet, context, top, [*titles, context.say("head", "trend")] if has_sparklines else titles)
    if not are_comparable:
        put(sheet, top - 1, 0, context.say("other_units"), styles.get(italic=True))
    percentage, blank = styles.get(border=1, num_format="0.00"), styles.get(border=1)
    for number, rate in enumerate(rates, 1):
        row = top + number
        _name_row(sheet, context, row, number, rate)
        for place, column in enumerate(columns, _FIRST_RATE):
            put(sheet, row, place, _number(column.figures.get(rate.row.id)), percentage)
        if has_sparklines:
            _sparkline(sheet, context, row, _FIRST_RATE + len(columns), blank)
    return top + len(rates)


def _sparkline(sheet: StrictWorksheet, context: Context, row: int, column: int, style: Any) -> None:
    """Draw in a cell the figures that stand before it in its row; `row` and `column` are 0-based."""
    put(sheet, row, column, None, style)
    first, last = column_letters(_FIRST_RATE + 1), column_letters(column)
    cells = f"'{context.name_of_sheet('compare')}'!{first}{row + 1}:{last}{row + 1}"
    sheet.add_sparkline(row, column, {"range": cells, "markers": True, "min": 0, "max": 100})


def _title(context: Context, period: Period | None, units: int) -> str:
    """The name of a period with the number of units that its figures are of, where that is known."""
    name = context.words.period(period)
    return f"{name} {context.say('of_units', count=units)}" if units else name


def _spread(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> int:
    """How many units lie in each range of each rate; return the last row."""
    _head(sheet, context, top, [of_range.title for of_range in _RANGES])
    middle = context.styles.get(border=1, align="center")
    for number, rate in enumerate(rates, 1):
        _name_row(sheet, context, top + number, number, rate)
        for column, of_range in enumerate(_RANGES, _FIRST_RATE):
            put(sheet, top + number, column, of_range.number_of(rate.values), middle)
    return top + len(rates)


def _head(sheet: StrictWorksheet, context: Context, row: int, titles: Sequence[str]) -> None:
    """The header of a table of rates; its titles stand over columns some of which are as narrow as a rank."""
    sheet.set_row(row, tall_enough((title, _RANK_WIDTH - 1) for title in titles))
    for column, title in enumerate((context.say("head", "no"), context.say("head", "rate"), *titles)):
        sheet.write(row, column, title, context.styles.head())


def _name_row(sheet: StrictWorksheet, context: Context, row: int, number: int, rate: Rate) -> None:
    """The number and the name with which a rate's row begins."""
    sheet.set_row(row, tall_enough([(rate.name, _NAME_WIDTH)]))
    put(sheet, row, 0, number, context.styles.get(border=1, align="center"))
    put(sheet, row, 1, rate.name, context.styles.get(border=1, text_wrap=True))


# --- the units


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


def _units(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> None:
    """Each unit's rates with their ranks, below a header in row `top`, 0-based."""
    units = context.outcome.merged.units
    _units_head(sheet, context, rates, top)
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


def _rate_column(which: int) -> int:
    """The column of a rate, 0-based."""
    return _FIRST_RATE + 2 * which


def _rate_letters(which: int) -> str:
    """The column of a rate, as Excel names it."""
    return column_letters(_rate_column(which) + 1)


def _rank_column(which: int) -> int:
    """The column of the ranks in a rate, 0-based."""
    return _rate_column(which) + 1


def _units_head(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> None:
    """The titles of the columns; the name of a rate stands in a smaller type above its narrow column."""
    head, small = context.styles.head(), context.styles.head(font_size=_HEAD_SIZE)
    sheet.set_row(top, title_height([rate.name for rate in rates], _RATE_WIDTH, _HEAD_SIZE))
    sheet.write(top, 0, context.say("head", "no"), head)
    sheet.write(top, 1, context.say("head", "unit"), head)
    for which, rate in enumerate(rates):
        sheet.write(top, _rate_column(which), rate.name, small)
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


# --- charts


class _Tables(NamedTuple):
    """The header rows of the tables that charts draw, 0-based."""

    spread: int
    units: int


def _charts(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], tables: _Tables, page: int) -> list[int]:
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
    """In pixels: bars for all units, but not more than a page."""
    if units > MOST_BARS:
        return _CHART_HEIGHT
    return min(page, max(_CHART_HEIGHT, _BAR_HEIGHT * units + _AROUND_BARS))


def _chart(context: Context, name: str, which: int, tables: _Tables) -> Any:
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
    sheet, column = context.name_of_sheet("compare"), _rate_column(which)
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
    first, last = _FIRST_RATE, _FIRST_RATE + len(_RANGES) - 1
    categories, values = [sheet, table, first, table, last], [sheet, row, first, row, last]
    chart.add_series({"categories": categories, "values": values})
    return chart
