"""An Outcome → the district workbook of six sheets.

In:     what consolidating came to, the words, and by path where a file lies as seen from the workbook.
Out:    bytes; the same for the same outcome.
Never:  a text that a spreadsheet would run; a formula without its right result beside it.
"""

from __future__ import annotations

from cchc_excel.consolidating.district.compare_sheet import draw_compare
from cchc_excel.consolidating.district.details_sheet import draw_details
from cchc_excel.consolidating.district.drawing import Context, LinkOf, Looks, Tell
from cchc_excel.consolidating.district.form_sheet import draw_form
from cchc_excel.consolidating.district.list_sheets import draw_findings, draw_sources, draw_standing
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import StrictWorkbook, new_workbook
from cchc_excel.form import names
from cchc_excel.wording import Words

STREAMED_FROM = 300  # units; from here on the long sheets are written row by row and not kept in memory


def district_workbook(
    outcome: Outcome, words: Words, link_of: LinkOf = lambda _: None, tell: Tell = lambda _: None
) -> bytes:
    """Return the workbook; `link_of` says of a file's path where it lies as seen from the workbook, None for no link.

    A finding that cannot be drawn stands there with what is known of it; `tell` takes the traceback.
    Raises ExcelRefused if it holds what no workbook can.
    """
    form = outcome.merged.form
    properties = {"title": f"{form.title} · {words.period(outcome.merged.period)}", "subject": form.title, "author": ""}
    streamed = len(outcome.filed) >= STREAMED_FROM
    return new_workbook(
        lambda book: _fill(book, Context(book, outcome, words, link_of, tell), streamed=streamed),
        properties,
        spilled=streamed,
    )


def _fill(book: StrictWorkbook, context: Context, *, streamed: bool) -> None:
    looks, merged = Looks(book), context.outcome.merged
    drawn = (
        ("form", draw_form, False),
        ("details", draw_details, streamed),
        ("findings", draw_findings, streamed),
        ("standing", draw_standing, streamed),
        ("compare", draw_compare, streamed),
        ("sources", draw_sources, streamed),
    )
    for name, draw, by_rows in drawn:
        sheet = (
            book.add_streamed_worksheet(context.name_of_sheet(name))
            if by_rows
            else book.add_worksheet(context.name_of_sheet(name))
        )
        draw(sheet, context, looks)
    book.set_custom_property(names.FORM_PROPERTY, merged.form.id)
    book.set_custom_property(names.VERSION_PROPERTY, merged.form.version, "text")
    book.set_custom_property(names.LEVEL_PROPERTY, merged.level, "text")
