"""The sheet `BieuThongKe` of the district workbook: the form itself, its figures live over the details.

It is read back like any other form. Beside the figures stand on how many units each rests and what
is left open; a hidden column keeps the aggregates, so that the workbook can be merged again exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import mode
from typing import Any

from cchc_excel.consolidating.district.drawing import FORMATS, Context, Looks, details_column, details_range, put
from cchc_excel.consolidating.filing import FigureColumns, places_of
from cchc_excel.consolidating.merging import Merged
from cchc_excel.form import Form, Indicator, names
from cchc_excel.merging.aggregate import as_text, merged_figures
from cchc_excel.submission import Figure
from cchc_excel.wording import words
from cchc_excel.workbook_form.printed.heading import Who, draw_heading
from cchc_excel.workbook_form.printed.layout import (
    FIRST,
    HEADER,
    HEADER_LOW,
    LABEL,
    NOTE,
    SHEET,
    STT,
    UNIT,
    VALUE,
    WIDTHS,
    Layout,
)
from cchc_excel.workbook_form.printed.lists import Lists
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import INDENT, INDENT_PIXELS, SIZE, Styles, is_bold, is_sub_row
from cchc_excel.workbook_form.printed.table import draw_header, draw_signatures, set_up

UNITS, OPEN, KEPT = "FGH"
_UNITS_WIDTH, _OPEN_WIDTH = 80, 130
_NOTE_WIDTH, _LABEL_WIDTH, _UNIT_WIDTH, _INDENT_WIDTH = WIDTHS[NOTE], WIDTHS[LABEL], WIDTHS[UNIT], INDENT_PIXELS


def value_cell(form: Form, key: str) -> str:
    """The value cell of an indicator: `$D$10`."""
    return f"${VALUE}${Layout(form).rows[key]}"


def draw_form(sheet: Any, context: Context, _: Looks) -> None:
    """Write the form with the merged figures."""
    merged, form = context.outcome.merged, context.form
    layout, styles = Layout(form), Styles(context.book)
    set_up(sheet, layout)
    draw_heading(sheet, styles, form, Who(merged.unit, _period(merged)), Lists(sheet))
    draw_header(sheet, styles, form)
    _header_beside(sheet, context, styles)
    formulas = _Formulas(context)
    for row in form.indicators:
        _row(sheet, context, styles, layout, row, formulas)
    draw_signatures(sheet, styles, layout)
    sheet.set_column_pixels(f"{UNITS}:{UNITS}", _UNITS_WIDTH)
    sheet.set_column_pixels(f"{OPEN}:{OPEN}", _OPEN_WIDTH)
    sheet.set_column(f"{KEPT}:{KEPT}", None, None, {"hidden": True})
    sheet.print_area(f"{STT}1:{OPEN}{layout.signature + 4}")
    for name, cell in layout.names():
        context.book.define_name(name, f"={SHEET}!${cell[0]}${cell[1:]}")
    context.book.define_name(names.AGGREGATES, f"={SHEET}!${KEPT}${FIRST}")


def _period(merged: Merged) -> str:
    """As the form says it, whatever language all else is said in: the workbook is read again."""
    return words("vi").period(merged.period) if merged.period is not None else ""


def _header_beside(sheet: Any, context: Context, styles: Styles) -> None:
    look = styles.head()
    for column, name in ((UNITS, "units"), (OPEN, "open")):
        sheet.merge_range(f"{column}{HEADER}:{column}{HEADER_LOW}", context.say("head", name), look)


def _row(sheet: Any, context: Context, styles: Styles, layout: Layout, row: Indicator, formulas: _Formulas) -> None:
    number, merged = layout.rows[row.id], context.outcome.merged
    indent: dict[str, Any] = {"indent": INDENT} if is_sub_row(row) else {}
    note = note_of(row, context)
    for column, text, look in (
        (STT, row.stt, styles.cell(row, align="center")),
        (LABEL, row.label, styles.cell(row, align="left", **indent)),
        (UNIT, row.unit, styles.cell(row, align="center")),
        (NOTE, note, styles.cell(row, bold=False)),
    ):
        if text:
            sheet.write_string(f"{column}{number}", text, look)
        else:
            sheet.write_blank(f"{column}{number}", None, look)
    bold = is_bold(row)
    widths = {row.label: _LABEL_WIDTH - _INDENT_WIDTH, row.unit: _UNIT_WIDTH, note: _NOTE_WIDTH}
    sheet.set_row(number - 1, height(max(lines(it, room, SIZE, bold=bold) for it, room in widths.items()), SIZE))
    plain_look = styles.cell(row, bold=False, align="center")
    if not row.is_entry:
        for column in (VALUE, UNITS, OPEN):
            sheet.write_blank(f"{column}{number}", None, plain_look)
        return
    look = styles.cell(row, bold=False, align="center", num_format=FORMATS.get(row.kind, "General"))
    formulas.write(sheet, f"{VALUE}{number}", row, look)
    place = places_of(context.form)[row.id]
    aggregate = merged.aggregates[row.id]
    link = f"internal:'{context.name_of_sheet('details')}'!{details_column(place)}1"
    sheet.write_url(f"{UNITS}{number}", link, plain_look, _of_expected(aggregate.units, merged.expected_of(row)))
    put(sheet, number - 1, 6, _open(row, context), plain_look)
    kept = as_text(aggregate)
    if kept:
        sheet.write_string(f"{KEPT}{number}", kept)


def note_of(row: Indicator, context: Context) -> str:
    """What is said of a merged figure: who answered what, why there is none, or what the form prints."""
    merged, spoken = context.outcome.merged, context.words
    aggregate, value = merged.aggregates.get(row.id), merged.figures.get(row.id)
    if aggregate is None or not row.is_entry:
        return row.note
    if row.merge == "tally" and aggregate.tally:
        answers = sorted(aggregate.tally.items(), key=lambda it: (-it[1], str(it[0])))
        return "; ".join(f"{spoken.value(answer)}: {count}" for answer, count in answers)
    if row.merge == "same" and len(aggregate.tally) > 1:
        others = sorted(aggregate.tally.items(), key=lambda it: (-it[1], str(it[0])))
        shown = "; ".join(f"{spoken.value(answer)}: {count}" for answer, count in others[:4])
        return context.say("note", "differ", values=shown)
    if value is None and aggregate.units and row.merge in {"weighted", "none"}:
        return context.say("note", "underivable")
    return row.note


def _of_expected(units: int, expected: int) -> str:
    return f"{units}/{expected}" if units or expected else "–"


def _open(row: Indicator, context: Context) -> str:
    """What missing and doubtful figures leave open; blank where nothing is open."""
    merged, number = context.outcome.merged, context.words.number
    bounds = merged.bounds.get(row.id)
    if bounds is None:
        is_open = merged.figures.get(row.id) is not None and _depends_on_open(row, merged)
        return context.say("unbounded") if is_open else ""
    if bounds.low == bounds.high:
        return ""
    low = number(_rounded(bounds.low))
    return f"≥ {low}" if bounds.high is None else f"{low} – {number(_rounded(bounds.high))}"


def _depends_on_open(row: Indicator, merged: Merged) -> bool:
    """Whether a rate or share rests on figures that are not all there, so that nothing bounds it."""
    on = {"rate": (row.part, row.whole), "weighted": (row.id, row.weight)}.get(row.merge, ())
    return any(merged.is_open(merged.form[key]) for key in on if key)


def _rounded(value: int | Fraction) -> int | Fraction:
    return value if value.denominator == 1 else Fraction(round(value * 100), 100)


class _Formulas:
    """The live formula of each merged figure, where it gives that figure; else the figure alone."""

    def __init__(self, context: Context) -> None:
        self.context, self.merged = context, context.outcome.merged
        self.layout = Layout(context.form)
        self.places = places_of(context.form)
        self.shown = _shown(self.merged)

    def write(self, sheet: Any, cell: str, row: Indicator, look: Any) -> None:
        value = self.merged.figures.get(row.id)
        formula = self.formula(row)
        if formula is not None and _agree(self.shown.get(row.id), value):
            shown = "" if value is None else value if isinstance(value, str) else float(value)
            sheet.write_formula(cell, formula, look, shown)
        elif value is None:
            sheet.write_blank(cell, None, look)
        elif isinstance(value, str):
            sheet.write_string(cell, value, look)
        else:
            sheet.write_number(cell, float(value), look)

    def formula(self, row: Indicator) -> str | None:
        if row.reported_by == self.merged.level:
            return None
        cells = details_range(self.context, self.places[row.id])
        match row.merge:
            case "sum":
                return f'=IF(COUNT({cells})=0,"",SUM({cells}))'
            case "max":
                return f'=IF(COUNT({cells})=0,"",MAX({cells}))'
            case "same":
                return f'=IF(COUNT({cells})=0,"",IF(MIN({cells})=MAX({cells}),MIN({cells}),IFERROR(MODE({cells}),"")))'
            case "rate":
                part, whole = (self.layout.value(key or "") for key in (row.part, row.whole))
                return f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}>0,ROUND(100*{part}/{whole},2),""),"")'
            case "weighted":
                bases = details_range(self.context, self.places[row.weight or ""])
                weights = f'SUMPRODUCT(({cells}<>"")*1,{bases})'
                lacking = f'SUMPRODUCT(({cells}<>"")*({bases}=""))'
                return f'=IF({lacking}>0,"",IF({weights}>0,SUMPRODUCT({cells},{bases})/{weights},""))'
        return None


def _shown(merged: Merged) -> Mapping[str, Figure | None]:
    """What the formulas come to over the figures on the sheet of details."""
    from cchc_excel.merging.aggregate import aggregate_of

    form = merged.form
    columns = FigureColumns(merged.units, form)
    shown = merged_figures(aggregate_of(columns, form), form)
    for row in form.entries:
        if row.merge == "same":
            shown[row.id] = _mode(columns[row.id])
        if row.merge == "rate":  # over the cells of the form, which are right whatever they hold
            shown[row.id] = merged.figures.get(row.id)
    return shown


def _mode(column: Sequence[Figure | None]) -> Figure | None:
    """As MODE has it: the commonest value, of several the first; none if no value occurs twice and they differ."""
    values = [value for value in column if value is not None and not isinstance(value, str)]
    if not values:
        return None
    if len(set(values)) == 1:
        return values[0]
    commonest = mode(values)
    return commonest if values.count(commonest) > 1 else None


def _agree(one: Figure | None, other: Figure | None) -> bool:
    return one == other
