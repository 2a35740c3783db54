"""The second sheet: every check of the form, one a row, with its verdict on the figures as they stand."""

from __future__ import annotations

from typing import Any

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.wording.form import say
from cchc_excel.wording.say import stt_of
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.contents import numbers_read
from cchc_excel.workbook_form.level_colours import SUMMARY_COLOURS, VALUE_COLOURS
from cchc_excel.workbook_form.live import ERROR, UNFILLED, WARNING, LiveCheck, LiveForm
from cchc_excel.workbook_form.printed.layout import (
    CHECK_HEADER,
    CHECK_LEVEL,
    CHECK_WIDTHS,
    CODE,
    FIGURES,
    FIRST_CHECK,
    HUNDREDFOLD,
    INDICATOR,
    REASON,
    SAYS,
    SHEET,
    STATUS,
    SUMMARY_CELL,
    TODO,
    UNTOUCHED_CELL,
    VERDICT,
    WHAT,
)
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import TITLE_SIZE, Styles

_SIZE = 11
_COLUMNS = {"code": CODE, "indicator": INDICATOR, "what": WHAT, "verdict": VERDICT, "figures": FIGURES, "todo": TODO}


def draw_checks(sheet: StrictWorksheet, styles: Styles, live: LiveForm) -> None:
    """Write the sheet."""
    _set_up(sheet)
    _head(sheet, styles, live)
    for check in live.checks:
        _row(sheet, styles, live, check)
    read = numbers_read(live.layout, live.contents)
    shown = (*live.sentences.shown_cells(), *live.sentences.shown_before())
    for cell, content in (*shown, *read, *live.times.cells(), *live.reasons()):
        _formula(sheet, cell, content)
    last = FIRST_CHECK + len(live.checks) - 1
    for level in (ERROR, WARNING, UNFILLED):
        colours = styles.changed(**VALUE_COLOURS[level])
        criteria = f"=${CHECK_LEVEL}{FIRST_CHECK}={level}"
        cells = f"{VERDICT}{FIRST_CHECK}:{VERDICT}{last}"
        sheet.conditional_format(cells, {"type": "formula", "criteria": criteria, "format": colours})
    sheet.autofilter(f"{CODE}{CHECK_HEADER}:{TODO}{last}")
    sheet.ignore_errors({"formula_differs": f"{VERDICT}{FIRST_CHECK}:{HUNDREDFOLD}{last}"})


def _set_up(sheet: StrictWorksheet) -> None:
    for column, pixels in CHECK_WIDTHS.items():
        sheet.set_column_pixels(f"{column}:{column}", pixels)
    sheet.set_column(f"{STATUS}:{REASON}", None, None, {"hidden": True})
    sheet.freeze_panes(FIRST_CHECK - 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=15 / 25.4, right=15 / 25.4, top=15 / 25.4, bottom=15 / 25.4)
    sheet.fit_to_pages(1, 0)
    # who prints the whole workbook wants the form and how it stands, not 25 pages of checks that hold
    sheet.print_area(f"{CODE}1:{TODO}{CHECK_HEADER - 2}")
    sheet.set_footer(f'&C&"Times New Roman,Regular"&11{say("footer")}')
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _head(sheet: StrictWorksheet, styles: Styles, live: LiveForm) -> None:
    sheet.write_string(f"{CODE}1", say("live", "sheet_title"), styles.get(bold=True, font_size=TITLE_SIZE))
    _formula(sheet, SUMMARY_CELL, live.summary(), styles.get(bold=True, font_size=TITLE_SIZE))
    for name, colours in SUMMARY_COLOURS.items():
        text = say("live", "summary", name)
        criteria = f'=LEFT({SUMMARY_CELL},{len(text)})="{text}"'
        style = styles.changed(font_color=colours["font_color"])
        sheet.conditional_format(SUMMARY_CELL, {"type": "formula", "criteria": criteria, "format": style})
    italic = styles.get(italic=True, font_size=_SIZE)
    sheet.write_string(f"{CODE}3", say("live", "how"), italic)
    unseen = say("live", "unseen")
    if live.left_out:
        unseen += say("live", "left_out", codes=", ".join(live.left_out))
    sheet.write_string(f"{CODE}4", unseen, italic)
    for name, column in _COLUMNS.items():
        sheet.write_string(f"{column}{CHECK_HEADER}", say("live", "columns", name), styles.head())
    sheet.set_row(CHECK_HEADER - 1, height(2, _SIZE))
    for cell, count in (*live.counts(), (UNTOUCHED_CELL, live.untouched), *live.scopes.values()):
        _formula(sheet, cell, count)


def _row(sheet: StrictWorksheet, styles: Styles, live: LiveForm, check: LiveCheck) -> None:
    number, form = check.row, live.form
    row = form[check.rule.target]
    text = styles.get(border=1, font_size=_SIZE, text_wrap=True, align="left")
    middle = styles.get(border=1, font_size=_SIZE, align="center", text_wrap=True)
    link = styles.get(border=1, font_size=_SIZE, align="center", font_color="#0563C1", underline=1)
    name = f"{stt_of(row, form)} {row.label}"
    # the code is the link and not the name: LibreOffice breaks no line of a link
    sheet.write_url(f"{CODE}{number}", f"internal:{SHEET}!{live.layout.value(row.id)}", link, check.rule.code)
    sheet.write_string(f"{INDICATOR}{number}", name, text)
    sheet.write_string(f"{WHAT}{number}", check.what, text)
    _formula(sheet, f"{VERDICT}{number}", check.verdict, middle)
    _formula(sheet, f"{FIGURES}{number}", check.figures, middle)
    _formula(sheet, f"{TODO}{number}", check.todo, text)
    _formula(sheet, f"{STATUS}{number}", check.status)
    _formula(sheet, f"{CHECK_LEVEL}{number}", check.level)
    _formula(sheet, f"{SAYS}{number}", check.says)
    most = max(
        lines(name, CHECK_WIDTHS[INDICATOR], _SIZE),
        lines(check.what, CHECK_WIDTHS[WHAT], _SIZE),
        lines(check.longest, CHECK_WIDTHS[TODO], _SIZE),
    )
    sheet.set_row(number - 1, height(most, _SIZE))


def _formula(sheet: StrictWorksheet, cell: str, content: Live, style: Any = None) -> None:
    sheet.write_formula(cell, f"={content.formula}", style, content.result)
