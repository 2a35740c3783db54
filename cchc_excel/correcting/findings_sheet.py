"""The sheet `Phát hiện` that a corrected workbook gains, and the officer's decisions read back from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cchc_excel.correcting.apply import Change, Decision
from cchc_excel.finding import Because, Certainty, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import Grid
from cchc_excel.ooxml import Choice, NewSheet, SheetCell
from cchc_excel.reading.numbers import read_float
from cchc_excel.submission import CellAddress, Figure, Submission
from cchc_excel.wording import Words
from cchc_excel.wording.numbers import exact_decimal

NORMALISED, CHANGED, SUGGESTED, RECALCULATED = "FFF9E5", "FFE699", "F8CBAD", "DDEBF7"
"""Fills of cells written another way, with another figure, that somebody must look at, and calculated anew."""

COLUMNS = ("severity", "code", "indicator", "cell", "before", "after", "status", "message", "why", "decision")
WIDTHS = (11.0, 7.0, 38.0, 9.0, 14.0, 14.0, 16.0, 52.0, 38.0, 11.0)
HEAD = 5  # the header row: title, unit and period, counts, legend stand above it
DECISION = len(COLUMNS)


def findings_sheet(
    findings: Sequence[Finding], changes: Sequence[Change], submission: Submission, form: Form, words: Words
) -> NewSheet:
    """Return the sheet: a row a finding, and one for each other way to put it right."""
    rows: list[list[SheetCell | None]] = [
        [SheetCell(words.word("sheet", "title"), look="title")],
        [
            SheetCell(
                f"{submission.unit or words.word('unit_unknown')} · {words.period(submission.period)}", look="plain"
            )
        ],
        [SheetCell(_counts(findings, words), look="plain")],
        _legend(words),
        [SheetCell(words.word("sheet", name), look="head") for name in COLUMNS],
    ]
    made = {(change.indicator, change.after) for change in changes}
    changed = {change.indicator for change in changes}
    # what somebody must act on first; how each figure was read comes last
    for finding in sorted(findings, key=lambda it: it.severity is Severity.INFO):
        rows += _rows(finding, made, changed, submission, form, words)
    options = (words.word("sheet", "accept"), words.word("sheet", "reject"))
    prompt = words.word("sheet", "prompt")
    return NewSheet(words.word("sheet", "name"), rows, HEAD, WIDTHS, Choice(DECISION, options, prompt))


def _who_and_when(submission: Submission, words: Words) -> str:
    return f"{submission.unit or words.word('unit_unknown')} · {words.period(submission.period)}"


def _counts(findings: Sequence[Finding], words: Words) -> str:
    counts = [sum(one.severity is severity and one.counts for one in findings) for severity in Severity]
    return " · ".join(
        words.word("counted", severity, count=count) for severity, count in zip(Severity, counts, strict=True)
    )


def _legend(words: Words) -> list[SheetCell | None]:
    def box(name: str, fill: str) -> SheetCell:
        return SheetCell(words.word("sheet", name), look="legend", fill=fill)

    return [
        SheetCell(words.word("sheet", "legend"), look="legend"),
        None,
        box("changed", CHANGED),
        None,
        None,
        None,
        box("normalised", NORMALISED),
        box("look", SUGGESTED),
        box("recalculated", RECALCULATED),
    ]


def _rows(
    finding: Finding,
    made: set[tuple[str, Figure | None]],
    changed: set[str],
    submission: Submission,
    form: Form,
    words: Words,
) -> Iterator[list[SheetCell | None]]:
    fix = finding.fix
    target = finding.indicators[0] if finding.indicators else None
    cell = finding.cells[0] if finding.cells else None
    message = words.message(finding, form)
    if finding.explained:
        message += f" {words.word('explained')}: {finding.explained}"
    do = "" if finding.severity is Severity.INFO else words.page(finding.code, form)["do"]
    severity = SheetCell(words.word("severity", finding.severity), look=finding.severity.value)
    head = [severity, SheetCell(finding.code)]
    if fix is None:
        name = words.indicator(form[target], form) if target else ""
        nothing = [SheetCell(), SheetCell()]
        shown = _shown(finding.observed, words)
        yield [*head, *_place(name, cell), shown, *nothing, SheetCell(message), SheetCell(do), SheetCell()]
        return
    for number, (indicator, after, because) in enumerate(fix.ways):
        entry = submission.entries.get(indicator)
        at = entry.cell if entry else cell
        done = (indicator, after) in made or (fix.certainty is Certainty.NORMALISED and indicator in changed)
        if done and fix.certainty is not Certainty.SUGGESTED:
            status = words.word("sheet", "done", how=words.word("certainty", fix.certainty).lower())
        elif done:
            status = words.word("sheet", "accepted")
        else:
            status = words.word("sheet", "proposed" if number == 0 else "or")
        yield [
            *(head if number == 0 else [SheetCell(), SheetCell(finding.code)]),
            *_place(words.indicator(form[indicator], form), at),
            _shown(_raw(entry.raw) if entry else None, words),
            _shown(after, words),
            SheetCell(status),
            SheetCell(message if number == 0 else ""),
            SheetCell(_because(because, do if number == 0 else "", words)),
            SheetCell(),
        ]


def _raw(value: str | float | bool | None) -> Figure | float | None:
    return str(value).upper() if isinstance(value, bool) else value


def _because(because: Because, do: str, words: Words) -> str:
    reason = words.because(because)
    return f"{reason[:1].upper()}{reason[1:]}. {do}".strip()


def _place(name: str, cell: CellAddress | None) -> list[SheetCell]:
    if cell is None:
        return [SheetCell(name), SheetCell()]
    link = "'" + cell.sheet.replace("'", "''") + f"'!{cell.local}"
    return [SheetCell(name, link=link), SheetCell(cell.local)]


def _shown(value: Figure | float | None, words: Words) -> SheetCell:
    """A figure as a number, so that it can be read back exactly; a text as a text."""
    if value is None:
        return SheetCell(words.word("blank"))
    if isinstance(value, str):
        return SheetCell(value)
    return SheetCell(number=exact_decimal(value), look="number")


def decisions_in(grid: Grid, submission: Submission, words: Words) -> tuple[Decision, ...]:
    """Return the proposals marked as accepted in a workbook's findings sheet, in any language it was written in."""
    title = words.word("sheet", "title")
    sheet = next((it for it in grid.sheets if (cell := it.cell(1, 1)) and cell.value == title), None)
    if sheet is None:
        return ()
    by_cell = {entry.cell.local: key for key, entry in submission.entries.items()}
    place, after = COLUMNS.index("cell") + 1, COLUMNS.index("after") + 1
    found = []
    for row in sheet.rows:
        mark, at, value = sheet.cell(row, DECISION), sheet.cell(row, place), sheet.cell(row, after)
        if row <= HEAD or mark is None or at is None or value is None:
            continue
        if str(mark.value).strip().casefold() != words.word("sheet", "accept").casefold():
            continue
        indicator = by_cell.get(str(at.value))
        if indicator is not None:
            found.append(Decision(indicator, _figure(value.value, words)))
    return tuple(dict.fromkeys(found))


def _figure(value: object, words: Words) -> Figure | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number: int | Fraction = read_float(value)[0]
        return number
    return None if value == words.word("blank") else str(value)
