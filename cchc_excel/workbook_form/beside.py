"""What the form says of itself while it is filled: beside its rows, in its value cells, and in one line at the top.

All of it stands outside the printed pages, and every condition looks at cells of the same sheet only: Excel before
2010 and several viewers take no others.
"""

from __future__ import annotations

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.submission import Submission
from cchc_excel.wording import words
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.live import ERROR, UNFILLED, WARNING, LiveForm
from cchc_excel.workbook_form.printed.layout import (
    CHECK_SHEET,
    FIRST,
    HEADER,
    HEADER_LOW,
    INPUTS,
    LEVEL,
    MESSAGE,
    MESSAGE_WIDTH,
    PREVIOUS,
    SUMMARY_CELL,
    TITLE,
    VALUE,
    WIDTHS,
    Layout,
    fixed,
    on_check_sheet,
)
from cchc_excel.workbook_form.printed.styles import LEVEL_COLOURS, NUMBER_FORMATS, SUMMARY_COLOURS, Styles
from cchc_excel.workbook_form.printed.table import lines_of
from cchc_excel.workbook_form.words import say

_SMALL, _LARGE = 10, 13


def draw_beside(sheet: StrictWorksheet, styles: Styles, live: LiveForm) -> None:
    """Write the columns beside the table and the line above it."""
    sheet.set_column_pixels(f"{MESSAGE}:{MESSAGE}", MESSAGE_WIDTH)
    sheet.set_column(f"{LEVEL}:{LEVEL}", None, None, {"hidden": True})
    _top(sheet, styles, live.summary())
    layout = live.layout
    for key, beside in live.of_rows().items():
        number = layout.rows[key]
        row = live.form[key]
        has_room = lines_of(row, live.notes.get(key, row.note)) > 1
        look = styles.get(font_size=_SMALL, indent=1, text_wrap=has_room)
        sheet.write_formula(f"{MESSAGE}{number}", f"={beside.message.formula}", look, beside.message.result)
        sheet.write_formula(f"{LEVEL}{number}", f"={beside.level.formula}", None, beside.level.result)
    _colours(sheet, styles, layout)
    figures, remarks = f"{VALUE}{FIRST}:{VALUE}{layout.last}", f"{MESSAGE}{FIRST}:{LEVEL}{layout.last}"
    # no green corners: a formula that may be typed over, and one unlike its neighbours, are both meant
    sheet.ignore_errors({"formula_unlocked": figures, "formula_differs": f"{figures} {remarks}"})
    if live.contents.previous is not None:
        _previous(sheet, styles, layout, live.contents.previous)


def _top(sheet: StrictWorksheet, styles: Styles, summary: Live) -> None:
    cell = f"{MESSAGE}{TITLE}"
    look = styles.get(bold=True, font_size=_LARGE, indent=1, text_wrap=True)
    sheet.write_formula(cell, f"={on_check_sheet(SUMMARY_CELL)}", look, summary.result)
    for name, colours in SUMMARY_COLOURS.items():
        text = say("live", "summary", name)
        criteria = f'=LEFT({fixed(cell)},{len(text)})="{text}"'
        sheet.conditional_format(cell, {"type": "formula", "criteria": criteria, "format": styles.changed(**colours)})
    link = styles.get(font_size=_SMALL, indent=1, font_color="#0563C1", underline=1)
    sheet.write_url(f"{MESSAGE}{INPUTS}", f"internal:'{CHECK_SHEET}'!A1", link, say("live", "to_sheet"))
    sheet.merge_range(f"{MESSAGE}{HEADER}:{MESSAGE}{HEADER_LOW}", "", styles.head())
    sheet.write_string(f"{MESSAGE}{HEADER}", say("live", "heading"), styles.head())


def _colours(sheet: StrictWorksheet, styles: Styles, layout: Layout) -> None:
    for column in (VALUE, MESSAGE):
        for level in (ERROR, WARNING, UNFILLED):
            colours = styles.changed(**LEVEL_COLOURS[level][column == MESSAGE])
            criteria = f"=${LEVEL}{FIRST}={level}"
            cells = f"{column}{FIRST}:{column}{layout.last}"
            sheet.conditional_format(cells, {"type": "formula", "criteria": criteria, "format": colours})


def _previous(sheet: StrictWorksheet, styles: Styles, layout: Layout, previous: Submission) -> None:
    """Last period's figures, to look at."""
    sheet.set_column_pixels(f"{PREVIOUS}:{PREVIOUS}", WIDTHS[VALUE] + 30)
    title = say("live", "previous", period=words("vi").period(previous.period))
    sheet.merge_range(f"{PREVIOUS}{HEADER}:{PREVIOUS}{HEADER_LOW}", "", styles.head())
    sheet.write_string(f"{PREVIOUS}{HEADER}", title, styles.get(border=1, align="center", text_wrap=True, font_size=9))
    for row in layout.form.entries:
        entry = previous.entries.get(row.id)
        value = entry.value if entry else None
        cell = f"{PREVIOUS}{layout.rows[row.id]}"
        grey = {"font_color": "#595959", "bg_color": "#F2F2F2", "border": 1, "align": "center"}
        look = styles.get(**grey, num_format=NUMBER_FORMATS[row.kind])
        if value is None:
            sheet.write_blank(cell, None, look)
        elif isinstance(value, str):
            sheet.write_string(cell, value, look)
        else:
            sheet.write_number(cell, float(value), look)
