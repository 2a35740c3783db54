"""The sheet `Tình trạng nộp`: who has reported, and which file counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from cchc_excel.consolidating.district.drawing import ERROR_FILL, WARNING_FILL, Cell, Context
from cchc_excel.consolidating.district.list_sheet import FIRST_ROW, begin_list, height_of, put_line
from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.standing import Standing
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Severity

_COLUMNS = (
    ("no", 5), ("unit", 24), ("unit_code", 9), ("standing", 16), ("due", 11), ("day", 11), ("modified", 16),
    ("file", 32), ("errors", 6), ("warnings", 8), ("note", 36), ("email", 33),
)  # fmt: skip
_STATUS_COLUMN = "D"
_GOOD, _BAD = ("received",), ("missing", "unknown_unit", "wrong_period", "unreadable", "failed")
_GOOD_FILL = "#E2EFDA"


def draw_standing(sheet: StrictWorksheet, context: Context) -> None:
    """Write a line for each expected unit, and for each workbook of no such unit."""
    standings = context.outcome.standings
    remarks = [_summary(context), context.say("remark", "standing")]
    begin_list(sheet, context, "standing", _COLUMNS, remarks, len(standings))
    by_path = {filed.path: filed for filed in context.outcome.filed}
    counts = context.outcome.counts()
    for number, standing in enumerate(standings, 1):
        _standing(sheet, context, number, standing, by_path, counts)
    _colours(sheet, context)


def standing_rows(outcome: Outcome) -> dict[str, int]:
    """The row of each file on the sheet, 0-based, by path."""
    lines = enumerate(outcome.standings, FIRST_ROW)
    return {path: row for row, standing in lines for path in standing.files}


def _summary(context: Context) -> str:
    """The period, and how many units stand how."""
    counts = Counter(standing.status for standing in context.outcome.standings)
    counted = "; ".join(f"{_word(context, 'status', status)}: {count}" for status, count in sorted(counts.items()))
    return f"{context.words.period(context.outcome.merged.period)}. {counted}."


def _word(context: Context, kind: str, name: str) -> str:
    """A word about how a unit stands, as the letters use it, too."""
    return str(context.words.texts["roster"][kind][name])


def _standing(
    sheet: StrictWorksheet,
    context: Context,
    number: int,
    standing: Standing,
    by_path: Mapping[str, Filed],
    counts: Mapping[tuple[str, Severity], int],
) -> None:
    """Write the line of one unit: of the file that counts, else of the first of the others."""
    styles, unit = context.styles, standing.unit
    text = styles.get(border=1, text_wrap=True, valign="top")
    middle = styles.get(border=1, align="center", valign="top")
    wrapped_middle = styles.get(border=1, align="center", valign="top", text_wrap=True)
    filed = by_path.get(standing.first_file or "")
    wrapped = {
        "unit": standing.name or context.words.word("unit_unknown"),
        "standing": _word(context, "status", standing.status),
        "file": _file_names(standing.files),
        "note": _why(standing, context, by_path),
        "email": unit.email if unit else "",
    }
    row = FIRST_ROW + number - 1
    sheet.set_row(row, height_of(wrapped, _COLUMNS))
    cells: dict[str, Cell] = {
        "no": (number, middle),
        "unit": (wrapped["unit"], text),
        "unit_code": (unit.code if unit else "", middle),
        "standing": (wrapped["standing"], wrapped_middle),
        "due": (f"{unit.due:%d/%m/%Y}" if unit and unit.due else "", middle),
        "day": (f"{filed.day:%d/%m/%Y}" if filed and filed.day else "", middle),
        "modified": (f"{filed.modified:%d/%m/%Y %H:%M}" if filed and filed.modified else "", middle),
        "file": (wrapped["file"], text),
        "errors": (counts[filed.path, Severity.ERROR] if filed else None, middle),
        "warnings": (counts[filed.path, Severity.WARNING] if filed else None, middle),
        "note": (wrapped["note"], text),
        "email": (wrapped["email"], text),
    }
    put_line(sheet, row, _COLUMNS, cells)


def _why(standing: Standing, context: Context, by_path: Mapping[str, Filed]) -> str:
    """Which file counts and why, or why none does; and names that were not written as in the roster."""
    said = []
    if standing.why is not None and standing.why != "only":
        why = _word(context, "why", standing.why)
        counting = standing.joined or ((standing.counts,) if standing.counts else ())
        files = _file_names(counting)
        said.append(f"{files}: {why}" if files else why)
    for path, match in standing.uncertain:
        written = by_path[path].unit
        if written:
            said.append(f"“{written}”: {_word(context, 'how', match.how)}")
    if standing.late and standing.status != "late":
        said.append(_word(context, "status", "late"))
    return "; ".join(said)


def _file_names(paths: Iterable[str]) -> str:
    return "; ".join(PurePath(path).name for path in paths)


def _colours(sheet: StrictWorksheet, context: Context) -> None:
    """Colour each status by a condition, so that a status that is typed over changes its colour."""
    standings = context.outcome.standings
    first, last = FIRST_ROW + 1, FIRST_ROW + max(len(standings), 1)  # as Excel counts rows
    cells = f"{_STATUS_COLUMN}{first}:{_STATUS_COLUMN}{last}"
    fills = {_word(context, "status", standing.status): _fill(standing.status) for standing in standings}
    for word, fill in sorted(fills.items()):
        style = context.styles.changed(bg_color=fill)
        sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style})


def _fill(status: str) -> str:
    if status in _GOOD:
        return _GOOD_FILL
    return ERROR_FILL if status in _BAD else WARNING_FILL
