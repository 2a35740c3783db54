"""The sheet `So sánh`: how the key rates developed, what each unit's are, and how they are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cchc_excel.consolidating.district.drawing import Context, put, tall_enough
from cchc_excel.consolidating.district.key_rates import RANGES, Rate, key_rates, number_in
from cchc_excel.consolidating.district.rate_charts import Tables, draw_charts
from cchc_excel.consolidating.district.unit_rates import FIRST_RATE, RANK_WIDTH, RATE_WIDTH, draw_units
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.grid import column_letters
from cchc_excel.submission import Figure, Period

_TREND_ROW = 3  # 0-based
_NUMBER_WIDTH, _NAME_WIDTH = 5, 52  # digits
_PAGE_WIDTH, _PAGE_HEIGHT = 277, 190  # mm of A4 across that are printed on
_MM = 25.4 / 96  # a pixel
_RESERVE = 0.97  # printers differ


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
    draw_units(sheet, context, rates, units)
    page = int(_PAGE_HEIGHT / _MM * 100 / scale)
    breaks = draw_charts(sheet, context, rates, Tables(spread, units), page)
    sheet.set_h_pagebreaks([units, *breaks])


def _set_up(sheet: StrictWorksheet, context: Context, rates: int, scale: int) -> None:
    sheet.set_column(0, 0, _NUMBER_WIDTH)
    sheet.set_column(1, 1, _NAME_WIDTH)
    for column in range(FIRST_RATE, FIRST_RATE + 2 * rates, 2):
        sheet.set_column(column, column, RATE_WIDTH)
        sheet.set_column(column + 1, column + 1, RANK_WIDTH)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
    sheet.set_print_scale(scale)  # and no fit_to_pages: Excel would pass over the breaks between the charts
    sheet.set_footer(f"&C{context.say('footer')}")
    sheet.freeze_panes(0, FIRST_RATE)


def _scale(rates: int) -> int:
    """The percentage at which the table of units is one page wide."""
    widths = [_NUMBER_WIDTH, _NAME_WIDTH, *(RATE_WIDTH, RANK_WIDTH) * max(rates, 4)]
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
        for place, column in enumerate(columns, FIRST_RATE):
            put(sheet, row, place, number_in(column.figures.get(rate.row.id)), percentage)
        if has_sparklines:
            _sparkline(sheet, context, row, FIRST_RATE + len(columns), blank)
    return top + len(rates)


def _sparkline(sheet: StrictWorksheet, context: Context, row: int, column: int, style: Any) -> None:
    """Draw in a cell the figures that stand before it in its row; `row` and `column` are 0-based."""
    put(sheet, row, column, None, style)
    first, last = column_letters(FIRST_RATE + 1), column_letters(column)
    cells = f"'{context.name_of_sheet('compare')}'!{first}{row + 1}:{last}{row + 1}"
    sheet.add_sparkline(row, column, {"range": cells, "markers": True, "min": 0, "max": 100})


def _title(context: Context, period: Period | None, units: int) -> str:
    """The name of a period with the number of units that its figures are of, where that is known."""
    name = context.words.period(period)
    return f"{name} {context.say('of_units', count=units)}" if units else name


def _spread(sheet: StrictWorksheet, context: Context, rates: Sequence[Rate], top: int) -> int:
    """How many units lie in each range of each rate; return the last row."""
    _head(sheet, context, top, [of_range.title for of_range in RANGES])
    middle = context.styles.get(border=1, align="center")
    for number, rate in enumerate(rates, 1):
        _name_row(sheet, context, top + number, number, rate)
        for column, of_range in enumerate(RANGES, FIRST_RATE):
            put(sheet, top + number, column, of_range.number_of(rate.values), middle)
    return top + len(rates)


def _head(sheet: StrictWorksheet, context: Context, row: int, titles: Sequence[str]) -> None:
    """The header of a table of rates; its titles stand over columns some of which are as narrow as a rank."""
    sheet.set_row(row, tall_enough((title, RANK_WIDTH - 1) for title in titles))
    for column, title in enumerate((context.say("head", "no"), context.say("head", "rate"), *titles)):
        sheet.write(row, column, title, context.styles.head())


def _name_row(sheet: StrictWorksheet, context: Context, row: int, number: int, rate: Rate) -> None:
    """The number and the name with which a rate's row begins."""
    sheet.set_row(row, tall_enough([(rate.name, _NAME_WIDTH)]))
    put(sheet, row, 0, number, context.styles.get(border=1, align="center"))
    put(sheet, row, 1, rate.name, context.styles.get(border=1, text_wrap=True))
