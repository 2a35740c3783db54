"""How a workbook was understood, as lines for a terminal or as JSON.

In:     a Reading, the form, the words of a language.
Out:    text. A label comes from the sheet, an indicator's name from the form.
Never:  tells what is wrong with a figure: that is what `validate` is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import CellError
from cchc_excel.reading import Reading
from cchc_excel.reading.inspection import ColumnSeen, Inspection, LeftRow, PartSeen, RowSeen, inspection_of
from cchc_excel.reporting import contract
from cchc_excel.reporting.contract import plain
from cchc_excel.submission import Entry, How
from cchc_excel.wording import Words

__all__ = ["inspected_as_json", "inspected_as_text"]

WIDTH = 120
MOST_LETTERS = 60  # of a label that was written in another way, in a line


def inspected_as_text(name: str, reading: Reading, form: Form, words: Words) -> str:
    """Return the inspection of one file as lines to read."""
    return "\n".join([name, *_lines(reading, inspection_of(reading, form), form, words)])


def _lines(reading: Reading, inspection: Inspection, form: Form, words: Words) -> Iterator[str]:
    submission = reading.submission
    if submission is not None:
        yield f"{submission.unit or words.word('unit_unknown')} · {words.period(submission.period)}"
    for part in inspection.parts:
        yield ""
        yield from _part(part, form, words)
    if inspection.missing:
        yield ""
        names = "; ".join(words.indicator(form[key], form) for key in inspection.missing)
        yield from wrap(words.word("inspect", "missing", names=names), WIDTH, subsequent_indent="  ")
    noticed = list(_of_the_sheet(reading))
    if noticed:
        yield ""
        yield words.word("inspect", "noticed")
    for finding in noticed:
        yield from wrap(f"{finding.code}  {words.message(finding, form)}", WIDTH, subsequent_indent="  ")


def _of_the_sheet(reading: Reading) -> Iterator[Finding]:
    """What was noticed of the file, its sheets, heading and columns; what is said of one row stands beside it."""
    return (finding for finding in reading.findings if not finding.indicators)


def _part(part: PartSeen, form: Form, words: Words) -> Iterator[str]:
    first, last = part.first_title, part.last_title
    if last > first:
        way = "table"
    elif first:
        way = "table_of_one_row"
    else:
        way = "table_without_titles"
    yield words.word("inspect", way, sheet=part.sheet, first=first, last=last)
    for column in part.columns:
        yield f"  {_column(column, form, words)}"
    yield words.word("inspect", "rows")
    for row in part.rows:
        yield from wrap(f"  {_row(row, form, words)}", WIDTH, subsequent_indent="        ")
    if part.left:
        yield words.word("inspect", "left")
    for left in part.left:
        yield from wrap(f"  {_left(left, form, words)}", WIDTH, subsequent_indent="        ")


def _column(column: ColumnSeen, form: Form, words: Words) -> str:
    title = f"“{column.title}”" if column.title else words.word("inspect", "untitled")
    if column.by is None:
        return words.word("inspect", "column_left", letter=column.letter, title=title)
    title_in_form = next((own.title for own in form.columns if own.role == column.role), column.role)
    by = words.word("inspect", "column_by", column.by.value)
    return words.word("inspect", "column", letter=column.letter, title=title, role=title_in_form, by=by)


def _row(row: RowSeen, form: Form, words: Words) -> str:
    name = words.indicator(form[row.indicator], form)
    label = row.label[:MOST_LETTERS]
    by = words.word("inspect", "row_by", row.by.value, score=row.score, label=label)
    line = f"{row.row:<5} {name} ({by})"
    return line if row.entry is None else f"{line}: {_figure(row.entry, words)}"


def _figure(entry: Entry, words: Words) -> str:
    """What stands in the cell, and what it was taken for by which step."""
    cell, how = entry.cell.local, words.word("inspect", "how", entry.how.value)
    if entry.how is How.BLANK:
        return f"{cell} {how}"
    if entry.how in {How.AS_TYPED, How.CALCULATED}:
        return f"{cell} = {words.value(entry.value)} ({how})"
    raw = words.value(str(entry.raw) if isinstance(entry.raw, CellError) else entry.raw)
    written = f"“{raw}”" if isinstance(entry.raw, str) else raw
    if entry.value is None:
        return f"{cell} {how}: {written}"
    return f"{cell} = {words.value(entry.value)} ({how}: {written})"


def _left(left: LeftRow, form: Form, words: Words) -> str:
    names = "; ".join(words.indicator(form[key], form) for key in left.indicators)
    why = words.word("inspect", "left_by", left.by.value, names=names)
    label = left.label[:MOST_LETTERS]
    return f"{left.cell.row:<5} “{label}”: {why}"


# --- for programs


def inspected_as_json(name: str, reading: Reading, form: Form, words: Words) -> dict[str, Any]:
    """Return the inspection of one file as JSON has it."""
    inspection, submission = inspection_of(reading, form), reading.submission
    return {
        "path": name,
        "kind": reading.kind,
        "unit": submission.unit if submission else None,
        "period": str(submission.period) if submission and submission.period else None,
        "parts": [_part_for_programs(part) for part in inspection.parts],
        "missing": list(inspection.missing),
        "noticed": [
            {"code": finding.code, "indicators": list(finding.indicators), "message": words.message(finding, form)}
            for finding in reading.findings
        ],
    }


def as_document(inspected: list[dict[str, Any]], form: Form) -> str:
    """Return the JSON text of all files."""
    return contract.document("inspect", form=form.id, workbooks=inspected)


def _part_for_programs(part: PartSeen) -> dict[str, Any]:
    columns = [
        {
            "role": column.role or None,
            "column": column.letter,
            "title": column.title,
            "by": column.by.value if column.by is not None else None,
        }
        for column in part.columns
    ]
    left = [
        {"row": row.cell.row, "label": row.label, "by": row.by.value, "indicators": list(row.indicators)}
        for row in part.left
    ]
    return {
        "sheet": part.sheet,
        "titles": [part.first_title, part.last_title],
        "columns": columns,
        "rows": [_row_for_programs(row) for row in part.rows],
        "left": left,
    }


def _row_for_programs(row: RowSeen) -> dict[str, Any]:
    document: dict[str, Any] = {
        "row": row.row,
        "label": row.label,
        "indicator": row.indicator,
        "by": row.by.value,
        "score": row.score,
    }
    entry = row.entry
    if entry is not None:
        document["cell"] = str(entry.cell)
        document["raw"] = entry.raw if entry.raw is None or isinstance(entry.raw, int | float) else str(entry.raw)
        document["value"] = plain(entry.value)
        document["how"] = entry.how.value
    return document
