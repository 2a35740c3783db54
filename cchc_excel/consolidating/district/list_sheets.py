"""The sheets that are plain lists: findings, who has reported, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import PurePath
from typing import Any, NamedTuple

import cchc_excel
from cchc_excel.consolidating.district.details_sheet import details_rows
from cchc_excel.consolidating.district.drawing import (
    ERROR_FILL,
    OUT_FILL,
    WARNING_FILL,
    Cell,
    Context,
    Looks,
    file_link,
    put_row,
    tall_enough,
)
from cchc_excel.consolidating.filing import Filed, Places, place_of_figure
from cchc_excel.consolidating.outcome import Outcome, Ranked
from cchc_excel.consolidating.standing import Standing
from cchc_excel.errors import defect_of
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Kind, Severity
from cchc_excel.submission import CellAddress

_HEAD_ROW = 3  # 0-based; the list begins below it
_BOLD = 1  # character by which a bold title is wider
_SHORT = 45  # characters of a path that surely fit on one line
MOST_LINKS = 2_000  # rows with a link: Excel takes 65,530 a sheet, and XlsxWriter keeps them all in memory


def _begin(
    sheet: Any, context: Context, looks: Looks, name: str, columns: Sequence[tuple[str, float]], *remarks: str
) -> None:
    """Title, up to two remarks, header and print set-up; `columns` are the names of the columns and their widths."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.freeze_panes(_HEAD_ROW + 1, 2)
    sheet.set_footer(f"&C{context.say('footer')}")
    for column, (_, width) in enumerate(columns):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, context.say("title", name), looks.title())
    for row, remark in enumerate(remarks, 1):
        sheet.write_string(row, 0, remark, looks.remark())
    heads = [context.say("head", head) for head, _ in columns]
    widths = [width - _BOLD for _, width in columns]
    sheet.set_row(_HEAD_ROW, tall_enough(zip(heads, widths, strict=True)))
    for column, head in enumerate(heads):
        sheet.write_string(_HEAD_ROW, column, head, looks.head())


# --- findings

_FINDINGS = (
    ("no", 5), ("severity", 10), ("code", 6), ("unit", 18), ("indicator", 27), ("file", 20), ("cell", 7),
    ("written", 10), ("should", 11), ("effect", 9), ("message", 42), ("state", 12), ("do", 34),
)  # fmt: skip


def draw_findings(sheet: Any, context: Context, looks: Looks) -> None:
    """Write every finding, those that weigh most on the merged figures first."""
    findings = context.outcome.findings
    _begin(sheet, context, looks, "findings", _FINDINGS, context.say("remark", "findings"))
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(len(findings), 1), len(_FINDINGS) - 1)
    rows, lines = details_rows(context.outcome), _standing_rows(context.outcome)
    fills = {Severity.ERROR: ERROR_FILL, Severity.WARNING: WARNING_FILL}
    for number, ranked in enumerate(findings, 1):
        _finding(sheet, context, looks, number, ranked, rows, lines, fills)


def _finding(
    sheet: Any,
    context: Context,
    looks: Looks,
    number: int,
    ranked: Ranked,
    rows: Mapping[str, int],
    lines: Mapping[str, int],
    fills: dict[Severity, str],
) -> None:
    finding, filed, effect, _ = ranked
    words, row = context.words, _HEAD_ROW + number
    said = _said(ranked, context)
    text, middle = looks(border=1, text_wrap=True, valign="top"), looks(border=1, align="center", valign="top")
    severity = looks(border=1, align="center", valign="top", bg_color=fills[finding.severity])
    name = context.outcome.name(filed) or words.word("unit_unknown")
    file = PurePath(filed.path).name
    wrapped = ((3, name), (4, said.label), (5, file), (10, said.message), (11, said.state), (12, said.do))
    sheet.set_row(row, tall_enough((it, _FINDINGS[column][1]) for column, it in wrapped))
    share = looks(border=1, align="center", valign="top", num_format="0%")
    cells: list[Cell] = [
        *((number, middle), (words.word("severity", finding.severity), severity), (finding.code, middle)),
        *((name, text), (said.label, text), (file, text), (finding.cells[0].local if finding.cells else "", middle)),
        *((said.written, middle), (said.should, middle), (float(effect) if effect else None, share)),
        *((said.message, text), (said.state, text), (said.do, text)),
    ]
    put_row(sheet, row, cells)
    place = rows.get(filed.path, lines.get(filed.path))
    sheet_name = "details" if filed.path in rows else "standing"
    if place is not None and number <= MOST_LINKS:
        sheet.write_url(row, 3, f"internal:'{context.name_of_sheet(sheet_name)}'!B{place + 1}", text, name[:255])


class _Said(NamedTuple):
    """What a finding's row says in words."""

    label: str = ""
    written: str | None = None
    should: str = ""
    message: str = ""
    state: str = ""
    do: str = ""


def _said(ranked: Ranked, context: Context) -> _Said:
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
    finding, form, words = ranked.finding, context.form, context.words
    return _Said(
        label=words.indicator(form[finding.indicators[0]], form) if finding.indicators else "",
        written=None if finding.observed is None else words.value(finding.observed),
        should=_should(finding, ranked.filed, context),
        message=words.message(finding, form),
        state=_state(finding, context),
        do=words.page(finding.code, form)["do"],
    )


def _should(finding: Finding, filed: Filed, context: Context) -> str:
    """What ought to stand in the finding's own cell; in another one, with its address; blank if nobody can tell."""
    fix, own = finding.fix, finding.indicators[:1]
    if fix is None:
        row = context.form[own[0]] if own else None
        beyond = row is not None and row.kind is Kind.PERCENT and not row.may_exceed and _is_over_100(finding.expected)
        return "" if finding.expected is None or beyond else context.words.value(finding.expected)
    if (fix.indicator,) == own:
        return "" if fix.after is None else context.words.value(fix.after)
    place = place_of_figure(fix.indicator, context.form)
    cell = filed.cell(place) if place is not None else None
    return f"{cell.local}: {context.words.value(fix.after)}" if cell is not None else ""


def _is_over_100(value: object) -> bool:
    """What 171 of 147 make is no percentage that anything should be."""
    return isinstance(value, int | float | Fraction) and value > 100


def _standing_rows(outcome: Outcome) -> dict[str, int]:
    """The row of each file on the sheet of those who have reported, 0-based, by path."""
    return {path: _HEAD_ROW + at for at, it in enumerate(outcome.standings, 1) for path in it.files}


def _state(finding: Finding, context: Context) -> str:
    if finding.explained is not None:
        return context.say("explained", note=finding.explained)
    applied = finding.fix is not None and finding.fix.certainty is not Certainty.SUGGESTED
    return context.say("applied") if applied and context.outcome.corrected else context.say("open")


# --- who has reported

_STANDING = (
    ("no", 5), ("unit", 24), ("unit_code", 9), ("standing", 16), ("due", 11), ("day", 11), ("modified", 16),
    ("file", 32), ("errors", 6), ("warnings", 8), ("note", 36), ("email", 33),
)  # fmt: skip
_GOOD, _BAD = ("received",), ("missing", "unknown_unit", "wrong_period", "unreadable", "failed")


def draw_standing(sheet: Any, context: Context, looks: Looks) -> None:
    """Write a line for each expected unit, and for each workbook of no such unit."""
    standings, merged = context.outcome.standings, context.outcome.merged
    counts = Counter(it.status for it in standings)
    said = "; ".join(f"{_roster_word(context, 'status', status)}: {count}" for status, count in sorted(counts.items()))
    _begin(
        sheet,
        context,
        looks,
        "standing",
        _STANDING,
        f"{context.words.period(merged.period)}. {said}.",
        context.say("remark", "standing"),
    )
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(len(standings), 1), len(_STANDING) - 1)
    by_path, found = {filed.path: filed for filed in context.outcome.filed}, context.outcome.counts()
    for number, standing in enumerate(standings, 1):
        _standing(sheet, context, looks, number, standing, by_path, found)
    cells = f"D{_HEAD_ROW + 2}:D{_HEAD_ROW + 1 + max(len(standings), 1)}"
    good = {_roster_word(context, "status", status) for status in _GOOD}
    bad = {_roster_word(context, "status", status) for status in _BAD}
    for word in sorted({_roster_word(context, "status", it.status) for it in standings}):
        fill = "#E2EFDA" if word in good else ERROR_FILL if word in bad else WARNING_FILL
        look = context.book.add_format({"bg_color": fill})
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look})


def _roster_word(context: Context, kind: str, name: str) -> str:
    return str(context.words.texts["roster"][kind][name])


def _standing(
    sheet: Any,
    context: Context,
    looks: Looks,
    number: int,
    standing: Standing,
    by_path: Mapping[str, Filed],
    counts: Mapping[tuple[str, Severity], int],
) -> None:
    text, middle = looks(border=1, text_wrap=True, valign="top"), looks(border=1, align="center", valign="top")
    row, unit = _HEAD_ROW + number, standing.unit
    filed = by_path.get(standing.counts or (standing.others[0] if standing.others else ""))
    files, why = "; ".join(PurePath(path).name for path in standing.files), _why(standing, context, by_path)
    status, email = _roster_word(context, "status", standing.status), unit.email if unit else ""
    name = standing.name or context.words.word("unit_unknown")
    wrapped = ((1, name), (3, status), (7, files), (10, why), (11, email))
    sheet.set_row(row, tall_enough((it, _STANDING[column][1]) for column, it in wrapped))
    found = [counts[filed.path, severity] if filed else None for severity in (Severity.ERROR, Severity.WARNING)]
    cells: list[Cell] = [
        *((number, middle), (name, text), (unit.code if unit else "", middle)),
        (status, looks(border=1, align="center", valign="top", text_wrap=True)),
        (f"{unit.due:%d/%m/%Y}" if unit and unit.due else "", middle),
        (f"{filed.day:%d/%m/%Y}" if filed and filed.day else "", middle),
        (f"{filed.modified:%d/%m/%Y %H:%M}" if filed and filed.modified else "", middle),
        *((files, text), *((count, middle) for count in found), (why, text), (email, text)),
    ]
    put_row(sheet, row, cells)


def _why(standing: Standing, context: Context, by_path: Mapping[str, Filed]) -> str:
    """Which file counts and why, or why none does; and names that were not written as in the roster."""
    said = []
    if standing.why not in {None, "only"}:
        counts = PurePath(standing.counts).name + ": " if standing.counts else ""
        said.append(counts + _roster_word(context, "why", standing.why or ""))
    said += [
        f"“{written}”: {_roster_word(context, 'how', match.how)}"
        for path, match in standing.uncertain
        if (written := by_path[path].unit)
    ]
    if standing.late and standing.status != "late":
        said.append(_roster_word(context, "status", "late"))
    return "; ".join(said)


# --- sources

_SOURCES = (
    ("no", 5),
    ("unit", 26),
    ("file", 44),
    ("role", 22),
    ("figures", 24),
    ("period", 16),
    ("modified", 16),
    ("size", 11),
    ("sha256", 60),
)


def draw_sources(sheet: Any, context: Context, looks: Looks) -> None:
    """Write what was read: every file with its hash, and which figures were taken."""
    outcome, form = context.outcome, context.form
    taken = context.say("remark", "corrected" if outcome.corrected else "reported")
    kept = context.say("remark", "excluded" if outcome.merged.left_out else "included")
    tool = {"tool": "cchc-excel", "version": cchc_excel.__version__, "form": form.title, "form_version": form.version}
    _begin(sheet, context, looks, "sources", _SOURCES, f"{taken} {kept}", f"{context.say('made_of', **tool)}.")
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(len(outcome.filed), 1), len(_SOURCES) - 1)
    text, middle = looks(border=1, text_wrap=True), looks(border=1, align="center")
    size, digest = looks(border=1, num_format="#,##0"), looks(border=1, font_name="Consolas", font_size=8)
    roles = _roles(outcome)
    for number, filed in enumerate(outcome.filed, 1):
        row = _HEAD_ROW + number
        role = roles.get(filed.path, "unused")
        look = text if role in {"merged", "own"} else looks(border=1, text_wrap=True, bg_color=OUT_FILL)
        name, link, said = outcome.name(filed), context.link_of(filed.path), context.say("role", role)
        shown = filed.path if link is None else link
        if len(shown) > _SHORT or role not in {"merged", "own"}:  # of ten thousand rows nearly all are one line high
            sheet.set_row(row, tall_enough(((shown, _SOURCES[2][1]), (said, _SOURCES[3][1]))))
        cells: list[Cell] = [
            *((number, middle), (name, text), (shown, text), (said, look)),
            (_where(filed.places) if filed.readable else "", text),
            (context.words.period(filed.period) if filed.period else "", middle),
            (f"{filed.modified:%d/%m/%Y %H:%M}" if filed.modified else "", middle),
            *((filed.size, size), (filed.sha256, digest)),
        ]
        put_row(sheet, row, cells)
        if link and number <= MOST_LINKS:
            sheet.write_url(row, 2, file_link(link), text, link[:255])


@lru_cache(maxsize=256)
def _where(places: Places) -> str:
    """The cells of a file that hold its figures, from the first row of the form to the last."""
    rows = [row for row in places.rows if row]
    if not rows:
        return ""
    first, last = (CellAddress(places.sheet, row, places.column) for row in (min(rows), max(rows)))
    return f"{first}:{last.local}"


def _roles(outcome: Outcome) -> dict[str, str]:
    roles = {path: "superseded" for standing in outcome.standings if standing.counts for path in standing.others}
    roles |= {filed.path: "passed_over" for filed in outcome.passed_over}
    roles |= {filed.path: "left_out" for filed in outcome.merged.left_out}
    roles |= {filed.path: "merged" for filed in outcome.merged.units}
    if outcome.merged.own is not None:
        roles[outcome.merged.own.path] = "own"
    return roles
