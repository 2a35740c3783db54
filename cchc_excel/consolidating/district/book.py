"""An Outcome → the district workbook of six sheets.

In:     what consolidating came to, the words, and by path where a file lies as seen from the workbook.
Out:    bytes; the same for the same outcome.
Never:  a text that a spreadsheet would run; a formula without its right result beside it.
"""

from __future__ import annotations

from cchc_excel.consolidating.district.compare_sheet import draw_compare
from cchc_excel.consolidating.district.details_sheet import draw_details
from cchc_excel.consolidating.district.drawing import SIZE, Context, LinkOf, Tell
from cchc_excel.consolidating.district.findings_sheet import draw_findings
from cchc_excel.consolidating.district.form_sheet import draw_form
from cchc_excel.consolidating.district.sources_sheet import draw_sources
from cchc_excel.consolidating.district.standing_sheet import draw_standing
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import StrictWorkbook, new_workbook
from cchc_excel.form import names
from cchc_excel.wording import Words
from cchc_excel.workbook_form.printed.styles import Styles

SHEETS = {
    "form": draw_form,
    "details": draw_details,
    "findings": draw_findings,
    "standing": draw_standing,
    "compare": draw_compare,
    "sources": draw_sources,
}
"""The sheets in their order, by what wording calls them (`words: district: sheet` in vi.yaml and en.yaml)."""


def district_workbook(
    outcome: Outcome, words: Words, link_of: LinkOf = lambda _: None, tell: Tell = lambda _: None
) -> bytes:
    """Return the workbook; `link_of` says of a file's path where it lies as seen from the workbook, None for no link.

    A finding that cannot be drawn stands there with what is known of it; `tell` takes the traceback.
    Raises ExcelRefused if it holds what no workbook can.
    """
    form = outcome.merged.form
    properties = {
        "title": f"{form.titled(outcome.merged.unit)} · {words.period(outcome.merged.period)}",
        "subject": form.titled(outcome.merged.unit),
        "author": "",
    }
    return new_workbook(
        lambda book: _fill(book, Context(book, outcome, words, link_of, Styles(book, SIZE), tell)),
        properties,
        in_memory=False,
    )


def _fill(book: StrictWorkbook, context: Context) -> None:
    for name, draw in SHEETS.items():
        draw(book.add_worksheet(context.name_of_sheet(name)), context)
    book.set_custom_property(names.LEVEL_PROPERTY, context.outcome.merged.level, "text")
