"""What stands in a value cell and is not seen there, because the cell's number format shows nothing of it.

In:     the entries of a submission, as read.
Out:    one finding for all of them, or none.
Never:  changes what was read: a hidden figure counts, as one in a hidden row does.
"""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.excel.ooxml.number_format import Shown, may_hide, number_format
from cchc_excel.finding import Finding
from cchc_excel.reading.notice import notice
from cchc_excel.submission import Entry


def hidden_by_format(entries: Mapping[str, Entry]) -> Finding | None:
    """Return what to say of the figures under codes such as `;;;`; None if all are seen.

    A zero is not missed where only zeros are shown as blanks (`#,##0;-#,##0;`): many templates do so, and whoever
    signs reads a blank as nothing.
    """
    codes = {entry.number_format for entry in entries.values()}  # a form has a handful, and a hundred cells
    hiding = {code for code in codes if may_hide(code)}
    hidden = {key: entry for key, entry in entries.items() if entry.number_format in hiding and _is_hidden(entry)}
    if not hidden:
        return None
    cells = tuple(entry.cell for entry in hidden.values())
    where = ", ".join(cell.local for cell in cells)
    return notice("S37", tuple(hidden), cells, facts={"where": where})


def _is_hidden(entry: Entry) -> bool:
    if entry.raw is None or entry.raw == "":
        return False
    content = entry.raw or 1  # a zero is hidden where any figure would be
    shown = number_format(entry.number_format, content)
    return shown.shown is Shown.HIDDEN and not shown.is_another
