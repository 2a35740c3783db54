"""One road from a form to its workbook, blank or filled."""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.excel.writing.strict import StrictWorkbook, new_workbook
from cchc_excel.form import Form, names
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import words
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.beside import draw_beside
from cchc_excel.workbook_form.check_sheet import draw_checks
from cchc_excel.workbook_form.contents import Value, contents_of
from cchc_excel.workbook_form.entry_cells import draw_value
from cchc_excel.workbook_form.live import LiveForm
from cchc_excel.workbook_form.printed.heading import Who, draw_heading
from cchc_excel.workbook_form.printed.layout import CHECK_SHEET, SHEET, UNIT_CELL, Layout, on_check_sheet
from cchc_excel.workbook_form.printed.lists import Lists
from cchc_excel.workbook_form.printed.styles import Styles
from cchc_excel.workbook_form.printed.table import draw_header, draw_row, draw_signatures, name_cells, set_up


def template(form: Form, *, unit: str = "", period: str = "", previous: Submission | None = None) -> bytes:
    """Return the blank workbook of a form.

    `unit` is the unit's full name (`UBND xã …`), `period` a code (`2023-Q1`) or its name (`Quý I năm 2023`);
    both may be left for the clerk. With the unit's `previous` submission its figures stand beside the new ones and
    are checked against them. Raises ExcelRefused if the form has what no workbook can hold.
    """
    return workbook(form, Who(unit, period_name(period)), {}, {}, previous)


def period_name(period: str) -> str:
    """The name of a period given by its code; any other text stays as it is."""
    try:
        return words("vi").period(Period.parse(period))
    except ValueError:
        return period


def workbook(
    form: Form,
    who: Who,
    values: Mapping[str, Value],
    notes: Mapping[str, str],
    previous: Submission | None = None,
) -> bytes:
    """Return the workbook of a form with these figures and notes, by id. Raises KeyError for an id it does not have."""
    for key in (*values, *notes):
        form[key]
    properties = {
        "title": say("properties", "title", title=form.titled(who.unit)),
        "subject": form.titled(who.unit),
        "author": "",
    }
    layout = Layout(form)
    live = LiveForm(layout, contents_of(layout, values, previous), who.period, notes)
    return new_workbook(lambda book: _fill(book, layout, who, live, notes), properties)


def _fill(book: StrictWorkbook, layout: Layout, who: Who, live: LiveForm, notes: Mapping[str, str]) -> None:
    sheet = book.add_worksheet(SHEET)
    styles, lists = Styles(book), Lists(sheet)
    set_up(sheet, layout)
    draw_heading(sheet, styles, layout.form, who, lists)
    draw_header(sheet, styles, layout.form)
    for row in layout.form.indicators:
        draw_row(sheet, styles, layout, row, notes.get(row.id, row.note), typed=row.is_entry)
        draw_value(sheet, styles, layout, lists, row, live.contents.cells.get(row.id))
    draw_signatures(sheet, styles, layout, who.unit)
    draw_beside(sheet, styles, live, who)
    draw_checks(book.add_worksheet(CHECK_SHEET), styles, live)
    sheet.set_selection(UNIT_CELL)
    name_cells(book, layout)
    book.define_name(names.CHECKS, f"={on_check_sheet('$A$1')}")
