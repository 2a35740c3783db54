"""An Outcome → the district workbook of six sheets.

In:     what consolidating came to, the words, and by path where a file lies as seen from the workbook.
Out:    bytes; the same for the same outcome.
Never:  a text that a spreadsheet would run; a formula without its right result beside it.
"""

from __future__ import annotations

from cchc_excel.consolidating.district.compare_sheet import draw_compare
from cchc_excel.consolidating.district.details_sheet import draw_details
from cchc_excel.consolidating.district.drawing import Context, LinkOf, Looks
from cchc_excel.consolidating.district.form_sheet import draw_form
from cchc_excel.consolidating.district.list_sheets import draw_findings, draw_sources, draw_standing
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import StrictWorkbook, new_workbook
from cchc_excel.form import names
from cchc_excel.wording import Words


def district_workbook(outcome: Outcome, words: Words, link_of: LinkOf = lambda _: None) -> bytes:
    """Return the workbook; `link_of` says of a file's path where it lies as seen from the workbook, None for no link.

    Raises ExcelRefused if it holds what no workbook can.
    """
    form = outcome.merged.form
    properties = {"title": f"{form.title} · {words.period(outcome.merged.period)}", "subject": form.title, "author": ""}
    return new_workbook(lambda book: _fill(book, outcome, words, link_of), properties, in_memory=False)


SHEETS = (
    ("form", draw_form),
    ("details", draw_details),
    ("findings", draw_findings),
    ("standing", draw_standing),
    ("compare", draw_compare),
    ("sources", draw_sources),
)


def _fill(book: StrictWorkbook, outcome: Outcome, words: Words, link_of: LinkOf) -> None:
    context, looks = Context(book, outcome, words, link_of), Looks(book)
    for name, draw in SHEETS:
        draw(book.add_worksheet(context.name_of_sheet(name)), context, looks)
    form = outcome.merged.form
    book.set_custom_property(names.FORM_PROPERTY, form.id)
    book.set_custom_property(names.VERSION_PROPERTY, form.version, "text")
    book.set_custom_property(names.LEVEL_PROPERTY, outcome.merged.level, "text")
