"""The sheet `Nguồn`: what was read, every file with its hash, and which figures were taken."""

from __future__ import annotations

import cchc_excel
from cchc_excel.consolidating.district.drawing import (
    MOST_LINKS,
    OUT_FILL,
    Cell,
    Context,
    file_link,
    put_link,
)
from cchc_excel.consolidating.district.list_sheet import FIRST_ROW, begin_list, height_of, put_line
from cchc_excel.consolidating.filing import Filed, Places
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.submission import CellAddress

_COLUMNS = (
    ("no", 5), ("unit", 26), ("file", 44), ("role", 22), ("figures", 24), ("period", 16), ("modified", 16),
    ("size", 11), ("sha256", 60),
)  # fmt: skip
_FILE_COLUMN = 2
_SHORT = 45  # characters of a path that surely fit on one line
_TAKEN = frozenset({"merged", "joined", "partly", "own"})  # roles of files whose figures went into the merged ones


def draw_sources(sheet: StrictWorksheet, context: Context) -> None:
    """Write a line for each file."""
    filed = context.outcome.filed
    begin_list(sheet, context, "sources", _COLUMNS, _remarks(context), len(filed))
    roles = _roles(context.outcome)
    for number, workbook in enumerate(filed, 1):
        _source(sheet, context, number, workbook, roles.get(workbook.path, "unused"))


def _remarks(context: Context) -> list[str]:
    """Which figures were taken, and by what version of the tool and of the form."""
    form = context.form
    taken = context.say("remark", "corrected" if context.outcome.corrected else "reported")
    kept = context.say("remark", "excluded" if context.outcome.merged.left_out else "included")
    tool = {
        "tool": "cchc-excel",
        "version": cchc_excel.__version__,
        "form": form.titled(),
        "form_version": form.version,
    }
    return [f"{taken} {kept}", f"{context.say('made_of', **tool)}."]


def _source(sheet: StrictWorksheet, context: Context, number: int, filed: Filed, role: str) -> None:
    """Write the line of one file."""
    styles = context.styles
    text, middle = styles.get(border=1, text_wrap=True), styles.get(border=1, align="center")
    size, digest = styles.get(border=1, num_format="#,##0"), styles.get(border=1, font_name="Consolas", font_size=8)
    role_style = text if role in _TAKEN else styles.get(border=1, text_wrap=True, bg_color=OUT_FILL)
    link = context.link_of(filed.path)
    wrapped = {"file": filed.path if link is None else link, "role": context.say("role", role)}
    row = FIRST_ROW + number - 1
    if len(wrapped["file"]) > _SHORT or role not in _TAKEN:  # of ten thousand rows nearly all are one line high
        sheet.set_row(row, height_of(wrapped, _COLUMNS))
    cells: dict[str, Cell] = {
        "no": (number, middle),
        "unit": (context.outcome.name(filed), text),
        "file": (wrapped["file"], text),
        "role": (wrapped["role"], role_style),
        "figures": (_where(filed.places) if filed.readable else "", text),
        "period": (context.words.period(filed.period) if filed.period else "", middle),
        "modified": (f"{filed.modified:%d/%m/%Y %H:%M}" if filed.modified else "", middle),
        "size": (filed.size, size),
        "sha256": (filed.sha256, digest),
    }
    put_line(sheet, row, _COLUMNS, cells)
    if link and number <= MOST_LINKS:
        put_link(sheet, row, _FILE_COLUMN, file_link(link), link, text)


def _where(places: Places) -> str:
    """The cells of a file that hold its figures, from the first row of the form to the last."""
    rows = [row for row in places.rows if row]
    if not rows:
        return ""
    first = CellAddress(places.sheet, min(rows), places.column)
    last = CellAddress(places.sheet, max(rows), places.column)
    return f"{first}:{last.local}"


def _roles(outcome: Outcome) -> dict[str, str]:
    """What each file was used for, by path; what is said further down holds."""
    merged = outcome.merged
    roles = {path: "superseded" for standing in outcome.standings if standing.counts for path in standing.others}
    roles |= dict.fromkeys(outcome.partly, "partly")
    roles |= {workbook.path: "passed_over" for workbook in outcome.passed_over}
    pieces_of = {standing.counts: standing.joined for standing in outcome.standings if standing.joined}
    for workbook in merged.left_out:
        roles |= dict.fromkeys(pieces_of.get(workbook.path, (workbook.path,)), "left_out")
    for workbook in merged.units:
        if workbook.path in pieces_of:
            roles |= dict.fromkeys(pieces_of[workbook.path], "joined")
        else:
            roles[workbook.path] = "merged"
    if merged.own is not None:
        roles[merged.own.path] = "own"
    return roles
