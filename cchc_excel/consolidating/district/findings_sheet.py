"""The sheet `Phát hiện`: every finding, those that weigh most on the merged figures first."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.consolidating.district.drawing import (
    MOST_LINKS,
    SEVERITY_FILLS,
    Cell,
    Context,
    details_rows,
    put_link,
)
from cchc_excel.consolidating.district.list_sheet import FIRST_ROW, begin_list, height_of, put_line
from cchc_excel.consolidating.district.standing_sheet import standing_rows
from cchc_excel.consolidating.filing import Filed, is_decided, place_of_figure
from cchc_excel.consolidating.outcome import Outcome, Ranked
from cchc_excel.correcting.apply import decision_on
from cchc_excel.errors import defect_of
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.finding import Finding
from cchc_excel.form import Severity
from cchc_excel.submission import CellAddress
from cchc_excel.wording.beside import compared, proposed, written_shown

_COLUMNS = (
    ("no", 5), ("severity", 10), ("code", 6), ("unit", 18), ("indicator", 27), ("file", 20), ("cell", 7),
    ("written", 10), ("compared", 10), ("fix", 12), ("effect", 9), ("message", 42), ("state", 12), ("do", 34),
)  # fmt: skip
_UNIT_COLUMN = 3


def draw_findings(sheet: StrictWorksheet, context: Context) -> None:
    """Write a line for each finding, with a link to the row of its unit."""
    findings = context.outcome.findings
    begin_list(sheet, context, "findings", _COLUMNS, [context.say("remark", "findings")], len(findings))
    rows = _Rows(context.outcome, context)
    for number, ranked in enumerate(findings, 1):
        _finding(sheet, context, number, ranked, rows)


class _Rows:
    """Where the row of a file is: among the details, or else among those who have reported."""

    def __init__(self, outcome: Outcome, context: Context) -> None:
        self._sheets = (
            (context.name_of_sheet("details"), details_rows(outcome)),
            (context.name_of_sheet("standing"), standing_rows(outcome)),
        )

    def link_to(self, path: str) -> str | None:
        for sheet, rows in self._sheets:
            if path in rows:
                return f"internal:'{sheet}'!B{rows[path] + 1}"
        return None


def _finding(sheet: StrictWorksheet, context: Context, number: int, ranked: Ranked, rows: _Rows) -> None:
    """Write the line of one finding."""
    finding, filed, words, styles = ranked.finding, ranked.filed, context.words, context.styles
    text = styles.get(border=1, text_wrap=True, valign="top")
    middle = styles.get(border=1, text_wrap=True, align="center", valign="top")
    fill = {"bg_color": SEVERITY_FILLS[finding.severity]} if finding.severity in SEVERITY_FILLS else {}
    severity = styles.get(border=1, align="center", valign="top", **fill)
    share = styles.get(border=1, align="center", valign="top", num_format="0%")
    said = _said(ranked, context)
    wrapped = {
        "unit": context.outcome.name(filed) or words.word("unit_unknown"),
        "indicator": said.label,
        "file": PurePath(filed.path).name,
        "written": said.written,
        "compared": said.compared,
        "fix": said.fix,
        "message": said.message,
        "state": said.state,
        "do": said.do,
    }
    row = FIRST_ROW + number - 1
    sheet.set_row(row, height_of(wrapped, _COLUMNS))
    cells: dict[str, Cell] = {
        "no": (number, middle),
        "severity": (words.word("severity", finding.severity), severity),
        "code": (finding.code, middle),
        "unit": (wrapped["unit"], text),
        "indicator": (wrapped["indicator"], text),
        "file": (wrapped["file"], text),
        "cell": (finding.cells[0].local if finding.cells else "", middle),
        "written": (said.written or None, middle),
        "compared": (said.compared, middle),
        "fix": (wrapped["fix"], middle),
        "effect": (float(ranked.effect) if ranked.effect else None, share),
        "message": (wrapped["message"], text),
        "state": (wrapped["state"], text),
        "do": (wrapped["do"], text),
    }
    put_line(sheet, row, _COLUMNS, cells)
    link = rows.link_to(filed.path)
    if link is not None and number <= MOST_LINKS:
        put_link(sheet, row, _UNIT_COLUMN, link, wrapped["unit"], text)


class _Said(NamedTuple):
    """What a finding's row says in words."""

    label: str = ""
    written: str = ""
    compared: str = ""
    fix: str = ""
    message: str = ""
    state: str = ""
    do: str = ""


def _said(ranked: Ranked, context: Context) -> _Said:
    """What is to be said of a finding; or if this program fails to say it, that it failed."""
    try:
        said = _all_said(ranked, context)
    except Exception as error:  # noqa: BLE001 - the edge of one finding: it stays on the sheet, and that is said
        defect = defect_of(error)
        context.tell(defect.traceback)
        return _Said(message=context.say("not_shown", detail=defect.detail))
    if ranked.defect is None:
        return said
    remark = context.say("not_weighed", detail=ranked.defect.detail)
    return said._replace(message=f"{said.message} {remark}")


def _all_said(ranked: Ranked, context: Context) -> _Said:
    finding, words = ranked.finding, context.words
    return _Said(
        label=_label(finding, context),
        written=written_shown(finding, words),
        compared=compared(finding, words),
        fix=_proposed(finding, ranked.filed, context),
        message=words.message(finding, context.form),
        state=_state(finding, ranked.filed, context),
        do=words.page(finding.code, context.form)["do"],
    )


def _label(finding: Finding, context: Context) -> str:
    """The row that a finding is about, as the form numbers and names it; empty if it is about no row."""
    if not finding.indicators:
        return ""
    return context.words.indicator(context.form[finding.indicators[0]], context.form)


def _proposed(finding: Finding, filed: Filed, context: Context) -> str:
    """What is proposed, each cell with its address where it is not the finding's own alone; blank if nothing is."""
    fix = finding.fix
    if fix is None:
        return ""
    cells: dict[str, CellAddress] = {}
    for change in fix.changes:
        place = place_of_figure(change.indicator, context.form)
        cell = filed.cell(place) if place is not None else None
        if cell is not None:
            cells[change.indicator] = cell
    return "; ".join(proposed(fix.ways[0], finding, cells, context.words))


def _state(finding: Finding, filed: Filed, context: Context) -> str:
    """What has become of a finding: explained and by whom accepted, decided and by whom, carried out, or open.

    Nothing of one that asks nobody to do anything.
    """
    if finding.explained is not None:
        said = [context.say("explained", note=finding.explained)]
        if finding.accepted_by:
            said.append(context.say("accepted_by", name=finding.accepted_by))
        return " ".join(said)
    if is_decided(finding, filed.carried_out):
        names = (filed.decided_by.get(decision_on(way)) for way in finding.ways)
        return " ".join([context.say("decided"), *(f"({name})" for name in names if name)])
    if finding.severity is Severity.INFO:
        return ""
    return context.say("applied" if context.outcome.is_applied(finding) else "open")
