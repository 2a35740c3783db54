"""The table: its header, one row an indicator, the signatures below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.contents import Value
from cchc_excel.workbook_form.printed.layout import (
    FIRST,
    HEADER,
    HEADER_LOW,
    LABEL,
    NOTE,
    STT,
    UNIT,
    VALUE,
    WIDTHS,
    Layout,
)
from cchc_excel.workbook_form.printed.lists import Lists
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import (
    ABOVE_FILL,
    INDENT,
    INDENT_PIXELS,
    NUMBER_FORMATS,
    SIZE,
    WHOLE_MONEY,
    Styles,
    is_bold,
    is_sub_row,
)
from cchc_excel.workbook_form.prompts import guard, is_above, note_prompt
from cchc_excel.workbook_form.words import say

_ROOM_TO_SIGN = 60  # points


def draw_header(sheet: StrictWorksheet, styles: Styles, form: Form) -> None:
    """Write the two header rows: unit and value under a common title, if the form has one."""
    titles = {column.role: column.title for column in form.columns}
    look = styles.head()
    for role, column in (("stt", STT), ("label", LABEL), ("unit", UNIT), ("value", VALUE), ("note", NOTE)):
        title = titles.get(role) or say("columns", role)
        if form.group_title and column in {UNIT, VALUE}:
            sheet.write_string(f"{column}{HEADER_LOW}", title, look)
        else:
            sheet.merge_range(f"{column}{HEADER}:{column}{HEADER_LOW}", title, look)
    if form.group_title:
        sheet.merge_range(f"{UNIT}{HEADER}:{VALUE}{HEADER}", form.group_title, look)
    for row in (HEADER, HEADER_LOW):
        sheet.set_row(row - 1, height(1, SIZE) + 2)


def draw_rows(
    sheet: StrictWorksheet,
    styles: Styles,
    layout: Layout,
    lists: Lists,
    values: Mapping[str, Value | Live],
    notes: Mapping[str, str],
) -> None:
    """Write every indicator, with its figure and note where there is one."""
    for row in layout.form.indicators:
        number = layout.rows[row.id]
        _printed_part(sheet, styles, row, number)
        note = notes.get(row.id, row.note)
        if row.is_entry:
            _value_cell(sheet, styles, layout.form, row, f"{VALUE}{number}", values.get(row.id))
            _guard(sheet, layout.form, row, f"{VALUE}{number}", lists)
            look = styles.cell(row, bold=False, locked=False)
            sheet.data_validation(f"{NOTE}{number}", note_prompt())
        else:
            sheet.write_blank(f"{VALUE}{number}", None, styles.cell(row))
            look = styles.cell(row, bold=False)
        _text(sheet, f"{NOTE}{number}", note, look)
        sheet.set_row(number - 1, height(lines_of(row, note), SIZE))


def _printed_part(sheet: StrictWorksheet, styles: Styles, row: Indicator, number: int) -> None:
    _text(sheet, f"{STT}{number}", row.stt, styles.cell(row, align="center"))
    indent: dict[str, Any] = {"indent": INDENT} if is_sub_row(row) else {}
    sheet.write_string(f"{LABEL}{number}", row.label, styles.cell(row, align="left", **indent))
    _text(sheet, f"{UNIT}{number}", row.unit, styles.cell(row, align="center"))


def _value_cell(
    sheet: StrictWorksheet, styles: Styles, form: Form, row: Indicator, cell: str, value: Value | Live
) -> None:
    fill: dict[str, Any] = {"bg_color": ABOVE_FILL} if is_above(row, form) else {}
    look = styles.cell(row, bold=False, align="center", locked=False, num_format=NUMBER_FORMATS[row.kind], **fill)
    if value is None:
        sheet.write_blank(cell, None, look)
    elif isinstance(value, Live):
        sheet.write_formula(cell, f"={value.formula}", look, value.result)
    elif isinstance(value, str):
        sheet.write_string(cell, value, look)
    else:
        sheet.write_number(cell, value, look)
    if row.kind is Kind.MONEY:
        whole = {"type": "formula", "criteria": f"=MOD({cell},1)=0", "format": styles.changed(num_format=WHOLE_MONEY)}
        sheet.conditional_format(cell, whole)


def _guard(sheet: StrictWorksheet, form: Form, row: Indicator, cell: str, lists: Lists) -> None:
    found = guard(row, form)
    options = dict(found.options)
    if found.choices:
        options["source"] = list(found.choices) if found.fits_in_line else lists.of(found.choices)
    sheet.data_validation(cell, options)


def _text(sheet: StrictWorksheet, cell: str, text: str, look: Any) -> None:
    if text:
        sheet.write_string(cell, text, look)
    else:
        sheet.write_blank(cell, None, look)


def lines_of(row: Indicator, note: str) -> int:
    """The lines of the longest cell of a printed row."""
    room = WIDTHS[LABEL] - (INDENT_PIXELS if is_sub_row(row) else 0)
    return max(
        lines(row.label, room, SIZE, bold=is_bold(row)),
        lines(row.unit, WIDTHS[UNIT], SIZE, bold=is_bold(row)),
        lines(note, WIDTHS[NOTE], SIZE),
    )


def draw_signatures(sheet: StrictWorksheet, styles: Styles, layout: Layout) -> None:
    """Write who signs: the cells for the names below are open for typing.

    Centred across cells, not merged: a merge over the value column is read as a figure that belongs to no row.
    """
    bold = styles.get(bold=True, align="center_across")
    remark = styles.get(italic=True, align="center_across")
    room = styles.get()
    name = styles.get(bold=True, align="center_across", locked=False)
    looks = {"capacity": bold, "office": bold, "remark": remark, "room": room, "name": name}
    for number, (line, look) in enumerate(looks.items(), layout.signature):
        for columns, side in ((STT + LABEL, "left"), (UNIT + VALUE + NOTE, "right")):
            _text(sheet, f"{columns[0]}{number}", say("signature", side, line), look)
            for column in columns[1:]:
                sheet.write_blank(f"{column}{number}", None, look)
        sheet.set_row(number - 1, _ROOM_TO_SIGN if line == "room" else height(1, SIZE))


def set_up(sheet: StrictWorksheet, layout: Layout) -> None:
    """Make the sheet ready for the screen and for paper (A4, margins of Nghị định 30/2020/NĐ-CP)."""
    for column, pixels in WIDTHS.items():
        sheet.set_column_pixels(f"{column}:{column}", pixels)
    sheet.freeze_panes(FIRST - 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=30 / 25.4, right=15 / 25.4, top=20 / 25.4, bottom=20 / 25.4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(HEADER - 1, HEADER_LOW - 1)
    sheet.print_area(layout.print_area)
    sheet.set_footer(f'&C&"Times New Roman,Regular"&11{say("footer")}')
    sheet.protect("", {"format_columns": True, "format_rows": True})
