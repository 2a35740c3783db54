"""A note beside a figure, or a comment on its cell, that names another one: `Đúng là 890`, `sửa thành 890`.

In:     the entries as read, and the notes beside them or the comments on them.
Out:    T31 for each figure beside which the note says that another one is right.
Never:  takes the figure of a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form
from cchc_excel.grid import Grid
from cchc_excel.reading.notice import notice
from cchc_excel.reading.numbers import read_number
from cchc_excel.submission import Entry
from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.text import clean, strip_accents

__all__ = ["comments_on", "other_figures_in_notes"]

_FIGURE = r"(?P<figure>\d[\d.,]*(?: \d{3})*%?)(?![\d/-])"
_NAMES_ANOTHER = Pattern(
    r"\b(?:so dung|(?<!khong )(?<!su )dung(?: phai)?(?: la| so)|dung(?= ?:)"
    r"|(?:sua|dinh chinh|dieu chinh|hieu chinh|chinh)(?: lai)?(?: so lieu)?(?: tu [\d.,]+)? (?:thanh|la)"
    r"|(?:so lieu|so) (?:dung|chinh xac|thuc te)(?: la)?|chinh xac la|thuc te la|(?<!khong )phai la"
    r"|(?:dinh chinh|dieu chinh|sua(?: lai)?|bao cao lai|(?:so lieu |so )?thuc(?: te)?)(?= ?:))"
    rf" ?:? ?(?:la |so )?{_FIGURE}"
    rf"|\b{_FIGURE.replace('figure', 'right')} (?:moi|la) dung\b(?! (?:han|quy))"  # `890 mới đúng`, not `mới đúng hạn`
)


def comments_on(entries: Mapping[str, Entry], grid: Grid) -> dict[str, str]:
    """Return the comments on the value cells. They explain no warning: who reads the sheet on paper sees none."""
    comments = {sheet.name: sheet.comments for sheet in grid.sheets if sheet.comments}
    if not comments:
        return {}
    on_each = ((key, comments.get(it.cell.sheet, {}).get((it.cell.row, it.cell.column))) for key, it in entries.items())
    return {key: comment for key, comment in on_each if comment}


def other_figures_in_notes(entries: Mapping[str, Entry], notes: Mapping[str, str], form: Form) -> Iterator[Finding]:
    """T31 of each figure whose note names another one as the right one."""
    for key, note in notes.items():
        entry, row = entries.get(key), form[key]
        if entry is None or entry.value is None or not row.kind.is_number:
            continue
        found = _NAMES_ANOTHER.search(strip_accents(clean(note)).lower())
        if found is None:
            continue
        figure = found["figure"] or found["right"]
        named = read_number(figure.rstrip(".,"), row.kind.value, row.unit).value
        if named is not None and named != entry.value:
            facts: dict[str, Fact] = {"note": clean(note), "value": entry.value, "alternatives": (named,)}
            yield notice("T31", (key,), (entry.cell,), facts=facts)
