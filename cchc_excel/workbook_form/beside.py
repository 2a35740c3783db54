"""What the form says of itself while it is filled: beside its rows, in its value cells, and in one line at the top.

All of it stands outside the printed pages, and every condition looks at cells of the same sheet only: Excel before
2010 and several viewers take no others.
"""

from __future__ import annotations

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.submission import Submission
from cchc_excel.wording import words
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.level_colours import MESSAGE_COLOURS, SUMMARY_COLOURS, VALUE_COLOURS
from cchc_excel.workbook_form.live import ERROR, UNFILLED, WARNING, LiveForm
from cchc_excel.workbook_form.printed.heading import Who
from cchc_excel.workbook_form.printed.layout import (
    CAPTION,
    CHECK_SHEET,
    DAY_CELL,
    FIRST,
    INPUTS,
    LEVEL,
    MESSAGE,
    MESSAGE_WIDTH,
    NUMBER_CELL,
    PERIOD_CELL,
    PREVIOUS,
    SUMMARY_CELL,
    TITLE,
    UNIT_CELL,
    VALUE,
    WIDTHS,
    Layout,
    fixed,
    on_check_sheet,
)
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import NUMBER_FORMATS, SIZE, Styles
from cchc_excel.workbook_form.printed.table import draw_title, lines_of

_SMALL, _LARGE = 10, 13
_INDENT = 12  # pixels
_OF_THE_HEAD = ("unit", "period", "number", "day")


def draw_beside(sheet: StrictWorksheet, styles: Styles, live: LiveForm, who: Who) -> None:
    """Write the columns beside the table and the lines above it."""
    sheet.set_column_pixels(f"{MESSAGE}:{MESSAGE}", MESSAGE_WIDTH)
    sheet.set_column(f"{LEVEL}:{LEVEL}", None, None, {"hidden": True})
    _top(sheet, styles, live.summary())
    _missing(sheet, styles, who)
    layout = live.layout
    style = styles.get(font_size=_SMALL, indent=1, text_wrap=True)
    for key, beside in live.of_rows().items():
        number = layout.rows[key]
        row = live.form[key]
        # high enough for the longest message that may come to stand there: no program fits the row to a formula
        of_message = height(lines(beside.longest, MESSAGE_WIDTH - _INDENT, _SMALL, bold=True), _SMALL)
        of_row = height(lines_of(row, live.notes.get(key, row.note)), SIZE)
        sheet.set_row(number - 1, max(of_message, of_row))
        sheet.write_formula(f"{MESSAGE}{number}", f"={beside.message.formula}", style, beside.message.result)
        sheet.write_formula(f"{LEVEL}{number}", f"={beside.level.formula}", None, beside.level.result)
    _colours(sheet, styles, layout)
    figures, remarks = f"{VALUE}{FIRST}:{VALUE}{layout.last}", f"{MESSAGE}{FIRST}:{LEVEL}{layout.last}"
    # no green corners: a formula that may be typed over, and one unlike its neighbours, are both meant
    sheet.ignore_errors({"formula_unlocked": figures, "formula_differs": f"{figures} {remarks}"})
    if live.contents.previous is not None:
        _previous(sheet, styles, layout, live.contents.previous)


def _top(sheet: StrictWorksheet, styles: Styles, summary: Live) -> None:
    cell = f"{MESSAGE}{TITLE}"
    style = styles.get(bold=True, font_size=_LARGE, indent=1, text_wrap=True)
    sheet.write_formula(cell, f"={on_check_sheet(SUMMARY_CELL)}", style, summary.result)
    for name, colours in SUMMARY_COLOURS.items():
        text = say("live", "summary", name)
        criteria = f'=LEFT({fixed(cell)},{len(text)})="{text}"'
        sheet.conditional_format(cell, {"type": "formula", "criteria": criteria, "format": styles.changed(**colours)})
    link = styles.get(font_size=_SMALL, indent=1, font_color="#0563C1", underline=1)
    sheet.write_url(f"{MESSAGE}{INPUTS}", f"internal:'{CHECK_SHEET}'!A1", link, say("live", "to_sheet"))
    draw_title(sheet, MESSAGE, say("live", "heading"), styles.head())


def _missing(sheet: StrictWorksheet, styles: Styles, who: Who) -> None:
    """What the head of the form does not say yet: whose it is, of when, number and day of the report."""
    given = {UNIT_CELL: who.unit, PERIOD_CELL: who.period, NUMBER_CELL: who.number, DAY_CELL: who.day}
    names = {cell: say("live", "missing", name) for cell, name in zip(given, _OF_THE_HEAD, strict=True)}
    dots = say("dots")  # stands where number and day will be written
    parts = []
    for cell, name in names.items():
        without_dots = f'SUBSTITUTE({fixed(cell)}&"","{dots}","")'
        parts.append(f'IF(LEN(TRIM({without_dots}))=0,"; {name}","")')
    listed = "&".join(parts)
    says = say("live", "missing", "says")
    formula = f'IF(LEN({listed})=0,"","{says}"&MID({listed},3,99))'
    missing = [names[cell] for cell, content in given.items() if not content]
    result = says + "; ".join(missing) if missing else ""
    style = styles.get(font_size=_SMALL, indent=1, font_color=MESSAGE_COLOURS[WARNING]["font_color"])
    sheet.write_formula(f"{MESSAGE}{CAPTION}", f"={formula}", style, result)


def _colours(sheet: StrictWorksheet, styles: Styles, layout: Layout) -> None:
    for column, colours in ((VALUE, VALUE_COLOURS), (MESSAGE, MESSAGE_COLOURS)):
        for level in (ERROR, WARNING, UNFILLED):
            criteria = f"=${LEVEL}{FIRST}={level}"
            cells = f"{column}{FIRST}:{column}{layout.last}"
            style = styles.changed(**colours[level])
            sheet.conditional_format(cells, {"type": "formula", "criteria": criteria, "format": style})


def _previous(sheet: StrictWorksheet, styles: Styles, layout: Layout, previous: Submission) -> None:
    """Last period's figures, to look at."""
    sheet.set_column_pixels(f"{PREVIOUS}:{PREVIOUS}", WIDTHS[VALUE] + 30)
    title = say("live", "previous", period=words("vi").period(previous.period))
    draw_title(sheet, PREVIOUS, title, styles.get(border=1, align="center", text_wrap=True, font_size=9))
    grey = {"font_color": "#595959", "bg_color": "#F2F2F2", "border": 1, "align": "center"}
    for row in layout.form.entries:
        entry = previous.entries.get(row.id)
        value = entry.value if entry else None
        style = styles.get(**grey, num_format=NUMBER_FORMATS[row.kind])
        sheet.write(f"{PREVIOUS}{layout.rows[row.id]}", value, style)
