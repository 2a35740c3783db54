"""The cells that a clerk fills: what stands in them already, what they take, and what they say when entered."""

from __future__ import annotations

from typing import Any

from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Indicator, Kind
from cchc_excel.grid import harmless
from cchc_excel.workbook_form.cell import Live
from cchc_excel.workbook_form.contents import Value
from cchc_excel.workbook_form.printed.layout import NOTE, VALUE, Layout
from cchc_excel.workbook_form.printed.lists import Lists
from cchc_excel.workbook_form.printed.styles import NUMBER_FORMATS, Styles
from cchc_excel.workbook_form.prompts import guard, is_above, note_prompt

_ABOVE_FILL = "#D9D9D9"  # of a row that a level above reports
_WHOLE_MONEY = "#,##0"  # laid over the money format by a condition: `0.##` leaves "100." with its point behind


def draw_value(
    sheet: StrictWorksheet, styles: Styles, layout: Layout, lists: Lists, row: Indicator, value: Value | Live
) -> None:
    """Write the value cell of a row, and guard it and the note beside it; a heading has an empty one."""
    number = layout.rows[row.id]
    cell = f"{VALUE}{number}"
    if not row.is_entry:
        sheet.write(cell, None, styles.cell(row))
        return
    style = _value_style(styles, layout, row)
    if isinstance(value, Live):
        sheet.write_formula(cell, f"={value.formula}", style, value.result)
    else:
        sheet.write(cell, harmless(value) if isinstance(value, str) else value, style)
    if row.kind is Kind.MONEY:
        whole = styles.changed(num_format=_WHOLE_MONEY)
        sheet.conditional_format(cell, {"type": "formula", "criteria": f"=MOD({cell},1)=0", "format": whole})
    _guard(sheet, layout, lists, row, cell)
    sheet.data_validation(f"{NOTE}{number}", note_prompt())


def _value_style(styles: Styles, layout: Layout, row: Indicator) -> Any:
    fill: dict[str, Any] = {"bg_color": _ABOVE_FILL} if is_above(row, layout.form) else {}
    return styles.cell(row, bold=False, align="center", locked=False, num_format=NUMBER_FORMATS[row.kind], **fill)


def _guard(sheet: StrictWorksheet, layout: Layout, lists: Lists, row: Indicator, cell: str) -> None:
    found = guard(row, layout.form)
    options = dict(found.options)
    if found.choices:
        options["source"] = list(found.choices) if found.fits_in_line else lists.of(found.choices)
    sheet.data_validation(cell, options)
