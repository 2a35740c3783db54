"""How a sheet that is a plain list begins: title, remarks, header, filter, and the page it is printed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cchc_excel.consolidating.district.drawing import Cell, Context, put, put_row, tall_enough
from cchc_excel.excel.writing.strict import StrictWorksheet

Columns: TypeAlias = Sequence[tuple[str, float]]
"""What wording calls each column, and its width."""

_HEAD_ROW = 3  # 0-based
FIRST_ROW = _HEAD_ROW + 1
"""The list begins here, 0-based."""
_BOLD = 1  # digit by which a bold title is wider


def begin_list(
    sheet: StrictWorksheet, context: Context, name: str, columns: Columns, remarks: Sequence[str], length: int
) -> None:
    """Draw what stands above a list of `length` rows; `name` is the sheet's own, and there are at most two remarks."""
    _set_up_page(sheet, context, columns)
    styles = context.styles
    sheet.write(0, 0, context.say("title", name), styles.get(bold=True, font_size=14))
    for row, remark in enumerate(remarks, 1):
        put(sheet, row, 0, remark, styles.get(italic=True))
    heads = [context.say("head", head) for head, _ in columns]
    for column, head in enumerate(heads):
        sheet.write(_HEAD_ROW, column, head, styles.head())
    widths = [width - _BOLD for _, width in columns]
    sheet.set_row(_HEAD_ROW, tall_enough(zip(heads, widths, strict=True)))
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(length, 1), len(columns) - 1)


def _set_up_page(sheet: StrictWorksheet, context: Context, columns: Columns) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.set_footer(f"&C{context.say('footer')}")
    for column, (_, width) in enumerate(columns):
        sheet.set_column(column, column, width)


def put_line(sheet: StrictWorksheet, row: int, columns: Columns, cells: Mapping[str, Cell]) -> None:
    """Write a row of the list; `cells` has one for each column, by its name."""
    put_row(sheet, row, [cells[name] for name, _ in columns])


def height_of(texts: Mapping[str, str], columns: Columns) -> float:
    """The height of a row with these texts, by the name of their column."""
    widths = dict(columns)
    return tall_enough((text, widths[name]) for name, text in texts.items())
