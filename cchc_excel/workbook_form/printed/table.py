"""The table: its header, the printed cells of its rows, the signatures below, and the page that all of it is for."""

from __future__ import annotations

from typing import Any

from cchc_excel.excel.writing.strict import StrictWorkbook, StrictWorksheet
from cchc_excel.form import Form, Indicator, names
from cchc_excel.grid import harmless
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.printed.layout import (
    FIRST,
    HEADER,
    HEADER_LOW,
    LABEL,
    NOTE,
    STT,
    UNIT,
    UNIT_CELL,
    VALUE,
    WIDTHS,
    Layout,
    absolute,
    fixed,
)
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.signer import Signature
from cchc_excel.workbook_form.printed.styles import INDENT, INDENT_PIXELS, SIZE, Styles, is_bold, is_sub_row

_ROOM_TO_SIGN = 60  # points


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


def draw_header(sheet: StrictWorksheet, styles: Styles, form: Form) -> None:
    """Write the two header rows: unit and value under a common title, if the form has one."""
    titles = {column.role: column.title for column in form.columns}
    style = styles.head()
    for role, column in (("stt", STT), ("label", LABEL), ("unit", UNIT), ("value", VALUE), ("note", NOTE)):
        title = titles.get(role) or say("columns", role)
        if form.group_title and column in {UNIT, VALUE}:
            sheet.write(f"{column}{HEADER_LOW}", title, style)
        else:
            draw_title(sheet, column, title, style)
    if form.group_title:
        sheet.merge_range(f"{UNIT}{HEADER}:{VALUE}{HEADER}", form.group_title, style)
    for row in (HEADER, HEADER_LOW):
        sheet.set_row(row - 1, height(1, SIZE) + 2)


def draw_title(sheet: StrictWorksheet, column: str, title: str, style: Any) -> None:
    """Write the title of a column over both header rows."""
    sheet.merge_range(f"{column}{HEADER}:{column}{HEADER_LOW}", title, style)


def draw_row(
    sheet: StrictWorksheet, styles: Styles, layout: Layout, row: Indicator, note: str, *, typed: bool = False
) -> None:
    """Write a row but for its value cell. `typed`: the note may be typed over, the sheet being protected."""
    number = layout.rows[row.id]
    middle = styles.cell(row, align="center")
    of_label: dict[str, Any] = {"align": "left"}
    if is_sub_row(row):
        of_label["indent"] = INDENT
    of_note: dict[str, Any] = {"bold": False}
    if typed:
        of_note["locked"] = False
    sheet.write(f"{STT}{number}", row.stt, middle)
    sheet.write(f"{LABEL}{number}", row.label, styles.cell(row, **of_label))
    sheet.write(f"{UNIT}{number}", row.unit, middle)
    sheet.write(f"{NOTE}{number}", harmless(note), styles.cell(row, **of_note))
    sheet.set_row(number - 1, height(lines_of(row, note), SIZE))


def lines_of(row: Indicator, note: str) -> int:
    """The lines of the longest cell of a printed row."""
    room = WIDTHS[LABEL] - (INDENT_PIXELS if is_sub_row(row) else 0)
    return max(
        lines(row.label, room, SIZE, bold=is_bold(row)),
        lines(row.unit, WIDTHS[UNIT], SIZE, bold=is_bold(row)),
        lines(note, WIDTHS[NOTE], SIZE),
    )


def draw_signatures(sheet: StrictWorksheet, styles: Styles, layout: Layout, unit: str) -> None:
    """Write who signs for the unit of that name, or of one that is typed later; the cells for the names are open.

    Centred across cells, not merged: a merge over the value column is read as a figure that belongs to no row.
    """
    bold = styles.get(bold=True, align="center_across")
    remark = styles.get(italic=True, align="center_across")
    room = styles.get()
    name = styles.get(bold=True, align="center_across", locked=False)
    signature = Signature(layout.form, unit, fixed(UNIT_CELL))
    by_unit = {"capacity": signature.capacity(), "office": signature.office()}
    lines_to_sign = {"capacity": bold, "office": bold, "remark": remark, "room": room, "name": name}
    for number, (line, style) in enumerate(lines_to_sign.items(), layout.signature):
        for columns, side in ((STT + LABEL, "left"), (UNIT + VALUE + NOTE, "right")):
            if side == "right" and line in by_unit and layout.form.signers:
                title = by_unit[line]
                sheet.write_formula(f"{columns[0]}{number}", f"={title.formula}", style, title.result)
            else:
                sheet.write(f"{columns[0]}{number}", say("signature", side, line), style)
            for column in columns[1:]:
                sheet.write(f"{column}{number}", None, style)
        sheet.set_row(number - 1, _ROOM_TO_SIGN if line == "room" else height(1, SIZE))


def name_cells(book: StrictWorkbook, layout: Layout) -> None:
    """Name the cells by which the form is read again, and say in the workbook's properties which form it is."""
    for name, cell in layout.names():
        book.define_name(name, f"={absolute(cell)}")
    book.set_custom_property(names.FORM_PROPERTY, layout.form.id)
    book.set_custom_property(names.VERSION_PROPERTY, layout.form.version, "text")
