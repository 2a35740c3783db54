"""The sheet `BieuThongKe` of the district workbook: the form itself, its figures live over the details.

It is read back like any other form. Beside the figures stand on how many units each rests and what
is left open; a hidden column keeps the aggregates, so that the workbook can be merged again exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.consolidating.district.drawing import FORMATS, Context, details_column, details_range
from cchc_excel.consolidating.figure_columns import FigureColumns
from cchc_excel.consolidating.merging import Merged
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Form, Indicator, names
from cchc_excel.grid import harmless
from cchc_excel.merging.aggregate import as_text
from cchc_excel.merging.way import Remark
from cchc_excel.merging.ways import aggregate_of, merged_figures, way_of
from cchc_excel.submission import Figure
from cchc_excel.wording import words
from cchc_excel.workbook_form.printed.heading import Who, draw_heading
from cchc_excel.workbook_form.printed.layout import FIRST, STT, VALUE, Layout, absolute, fixed
from cchc_excel.workbook_form.printed.lists import Lists
from cchc_excel.workbook_form.printed.styles import Styles
from cchc_excel.workbook_form.printed.table import (
    draw_header,
    draw_row,
    draw_signatures,
    draw_title,
    name_cells,
    set_up,
)

UNITS, OPEN, AGGREGATE = "FGH"
"""Columns beside the printed form: on how many units a figure rests, what is open, and, hidden, its aggregate."""
_UNITS_WIDTH, _OPEN_WIDTH = 80, 130  # pixels
_MOST_ANSWERS = 4  # that are listed where units differ


def value_cell(form: Form, key: str) -> str:
    """The value cell of an indicator: `$D$10`."""
    return fixed(Layout(form).value(key))


def draw_form(sheet: StrictWorksheet, context: Context) -> None:
    """Write the form with the merged figures."""
    form, layout, styles = context.form, Layout(context.form), Styles(context.book)
    who = _who(context.outcome.merged)
    set_up(sheet, layout)
    draw_heading(sheet, styles, form, who, Lists(sheet))
    draw_header(sheet, styles, form)
    _set_up_beside(sheet, context, styles, layout)
    formulas = _Formulas(context)
    for row in form.indicators:
        draw_row(sheet, styles, layout, row, note_of(row, context))
        if row.is_entry:
            _figure(sheet, styles, layout, row, formulas)
            _beside(sheet, context, styles, layout, row)
        else:
            _nothing(sheet, styles, layout, row)
    draw_signatures(sheet, styles, layout, who.unit)
    name_cells(context.book, layout)
    context.book.define_name(names.AGGREGATES, f"={absolute(f'{AGGREGATE}{FIRST}')}")


def _who(merged: Merged) -> Who:
    """The period as the form says it, whatever language all else is said in: the workbook is read again."""
    period = words("vi").period(merged.period) if merged.period is not None else ""
    return Who(harmless(merged.unit), period)


def _set_up_beside(sheet: StrictWorksheet, context: Context, styles: Styles, layout: Layout) -> None:
    draw_title(sheet, UNITS, context.say("head", "units"), styles.head())
    draw_title(sheet, OPEN, context.say("head", "open"), styles.head())
    sheet.set_column_pixels(f"{UNITS}:{UNITS}", _UNITS_WIDTH)
    sheet.set_column_pixels(f"{OPEN}:{OPEN}", _OPEN_WIDTH)
    sheet.set_column(f"{AGGREGATE}:{AGGREGATE}", None, None, {"hidden": True})
    sheet.print_area(f"{STT}1:{OPEN}{layout.signature + 4}")


# --- one row


def _nothing(sheet: StrictWorksheet, styles: Styles, layout: Layout, row: Indicator) -> None:
    """A heading has no figure, and nothing beside it."""
    style = styles.cell(row, bold=False, align="center")
    for column in (VALUE, UNITS, OPEN):
        sheet.write(f"{column}{layout.rows[row.id]}", None, style)


def _figure(sheet: StrictWorksheet, styles: Styles, layout: Layout, row: Indicator, formulas: _Formulas) -> None:
    """Write a formula where it gives the merged figure, else the figure alone."""
    cell = layout.value(row.id)
    style = styles.cell(row, bold=False, align="center", num_format=FORMATS.get(row.kind, "General"))
    figure = formulas.merged.figures.get(row.id)
    formula = formulas.of(row)
    if formula is None or formulas.results.get(row.id) != figure:
        sheet.write(cell, figure, style)
    else:
        sheet.write_formula(cell, formula, style, result_of(figure))


def _beside(sheet: StrictWorksheet, context: Context, styles: Styles, layout: Layout, row: Indicator) -> None:
    """Write on how many units the figure rests, what is left open, and its aggregate."""
    number, merged = layout.rows[row.id], context.outcome.merged
    aggregate = merged.aggregates[row.id]
    style = styles.cell(row, bold=False, align="center")
    column = details_column(context.form.entry_places[row.id])
    link = f"internal:'{context.name_of_sheet('details')}'!{column}1"
    sheet.write_url(f"{UNITS}{number}", link, style, _of_expected(aggregate.units, merged.expected_of(row)))
    sheet.write(f"{OPEN}{number}", _open(row, context), style)
    text = as_text(aggregate)
    if text:
        sheet.write(f"{AGGREGATE}{number}", text)


def result_of(value: Figure | None) -> int | float | str:
    """A figure as the stored result of a formula; nothing is the empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else float(value)


# --- what is said of a figure


def note_of(row: Indicator, context: Context) -> str:
    """What is said of a merged figure: who answered what, why there is none, or what the form prints."""
    merged = context.outcome.merged
    aggregate = merged.aggregates.get(row.id)
    if aggregate is None or not row.is_entry:
        return row.note
    match way_of(row).remark(aggregate, merged.figures.get(row.id)):
        case Remark.ANSWERS:
            return _listed(_commonest_first(aggregate.tally), context)
        case Remark.DIFFER:
            commonest = _commonest_first(aggregate.tally)[:_MOST_ANSWERS]
            return context.say("note", "differ", values=_listed(commonest, context))
        case Remark.UNDERIVABLE:
            return context.say("note", "underivable")
    return row.note


class _Answer(NamedTuple):
    """What units gave, a word or a figure, and how many of them gave it."""

    given: Figure
    units: int


def _commonest_first(tally: Mapping[Figure, int]) -> list[_Answer]:
    """The answers of a tally; of two as common the first in the order of letters stands first."""
    answers = [_Answer(given, units) for given, units in tally.items()]
    return sorted(answers, key=lambda answer: (-answer.units, str(answer.given)))


def _listed(answers: Iterable[_Answer], context: Context) -> str:
    """How many units gave each answer."""
    return "; ".join(f"{context.words.value(answer.given)}: {answer.units}" for answer in answers)


def _of_expected(units: int, expected: int) -> str:
    """`18/20` of the units that should have reported; a dash where none should."""
    return f"{units}/{expected}" if units or expected else "–"


def _open(row: Indicator, context: Context) -> str:
    """What missing and doubtful figures leave open; blank where nothing is open."""
    merged = context.outcome.merged
    bounds = merged.bounds.get(row.id)
    if bounds is None:
        is_unbounded = merged.figures.get(row.id) is not None and _depends_on_open(row, merged)
        return context.say("unbounded") if is_unbounded else ""
    if bounds.low == bounds.high:
        return ""
    low = context.words.number(_rounded(bounds.low))
    if bounds.high is None:
        return f"≥ {low}"
    return f"{low} – {context.words.number(_rounded(bounds.high))}"


def _depends_on_open(row: Indicator, merged: Merged) -> bool:
    """Whether a rate or share rests on figures that are not all there, so that nothing bounds it."""
    return any(merged.is_open(merged.form[key]) for key in way_of(row).rests_on(row))


def _rounded(value: int | Fraction) -> int | Fraction:
    """The value with two decimals at most."""
    return value if value.denominator == 1 else Fraction(round(value * 100), 100)


# --- live formulas


class _Formulas:
    """The formula of each merged figure over the sheet of details, and what it comes to."""

    def __init__(self, context: Context) -> None:
        self.context, self.merged = context, context.outcome.merged
        self.layout, self.places = Layout(context.form), context.form.entry_places
        self.results = _results(self.merged)

    def of(self, row: Indicator) -> str | None:
        """The formula of a row; None for a figure that none gives: the level's own, and those that are only counted."""
        if row.reported_by == self.merged.level:
            return None
        return way_of(row).formula(row, self)

    def of_units(self, key: str) -> str:
        """The cells of the units' figures on the sheet of details."""
        return details_range(self.context, self.places[key])

    def merged_cell(self, key: str) -> str:
        """The cell of the merged figure on this sheet."""
        return self.layout.value(key)


def _results(merged: Merged) -> Mapping[str, Figure | None]:
    """What the formulas come to over the figures on the sheet of details."""
    form = merged.form
    columns = FigureColumns(merged.units, form)
    from_units = merged_figures(aggregate_of(columns, form), form)
    return {
        row.id: way_of(row).calculated(columns[row.id], from_units[row.id], merged.figures.get(row.id))
        for row in form.entries
    }
