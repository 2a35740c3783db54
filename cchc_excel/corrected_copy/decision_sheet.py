"""The workbook of all that is open in many units, to be decided in one place: `cchc correct FOLDER -o OUT --sheet`.

In:     what is open in each unit; the marks and remarks of the workbook that was there before.
Out:    the bytes of a workbook with one row a finding, its ways as a drop-down, a decision, a remark.
Never:  loses a mark or remark of the workbook before whose row is still there; says which are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cchc_excel.correcting.apply import Change, decision_on
from cchc_excel.correcting.decision_book import COLUMNS, BookRow, DecisionBook, way_text, whose_of
from cchc_excel.excel.writing.strict import StrictWorkbook, StrictWorksheet, new_workbook
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import column_letters
from cchc_excel.submission import CellAddress, Submission
from cchc_excel.vietnamese.text import fold
from cchc_excel.wording import Words
from cchc_excel.wording.beside import compared, written_shown
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import Styles

_WIDTHS = (5, 22, 20, 10, 6, 34, 7, 10, 11, 46, 30, 11, 20, 24)
_HEAD = 3  # 0-based row
_SIZE = 11  # points
_PIXELS = 7  # of a digit
_MOST_LINES = 12  # of a row
_FILLS = {Severity.ERROR: "#F8CBAD", Severity.WARNING: "#FFF2CC"}
_TO_FILL = "#FFF8DC"
MOST_LINKS = 2_000


@dataclass(frozen=True)
class OpenRow:
    """One open finding of one unit; `link` leads to its cell in the corrected copy."""

    whose: str
    file: str
    finding: Finding
    name: str
    ways: tuple[str, ...]
    message: str
    written: str
    compared: str
    link: str


class Book(NamedTuple):
    """The bytes, and the rows of the workbook before with marks or remarks that have no row any more."""

    data: bytes
    lost: tuple[BookRow, ...]


def open_rows(
    submission: Submission,
    findings: Iterable[Finding],
    changes: Iterable[Change],
    file: str,
    link: str,
    form: Form,
    words: Words,
) -> list[OpenRow]:
    """What is open in one unit: errors and warnings that are neither explained nor put right, the errors first."""
    made = {change.decision for change in changes}
    rows = []
    for finding in findings:
        if finding.severity is Severity.INFO or not finding.counts:
            continue
        if any(decision_on(way) in made for way in finding.ways):
            continue
        rows.append(
            OpenRow(
                whose=whose_of(submission, words),
                file=file,
                finding=finding,
                name=words.indicator(form[finding.indicators[0]], form) if finding.indicators else "",
                ways=tuple(dict.fromkeys(way_text(way, submission, words) for way in finding.ways)),
                message=f"{words.message(finding, form)} {words.suspects(finding, form)}".strip(),
                written=written_shown(finding, words),
                compared=compared(finding, words),
                link=link,
            )
        )
    return sorted(rows, key=lambda row: -row.finding.severity.rank)


def decision_workbook(rows: Sequence[OpenRow], before: DecisionBook | None, words: Words) -> Book:
    """Return the workbook. Marks of the one before stand again beside the same proposals."""
    rows_before = before.rows if before else ()
    kept = {_key(row.whose, row.file, row.code, row.proposal): row for row in rows_before}
    drawing = _Drawing(rows, kept, words)
    data = new_workbook(drawing.fill, {"title": words.word("register", "title")})
    return Book(data, tuple(row for key, row in kept.items() if key not in drawing.found))


def _key(whose: str, file: str, code: str, proposal: str) -> tuple[str, ...]:
    return (fold(whose), fold(file), code, proposal)


class _Drawing:
    def __init__(self, rows: Sequence[OpenRow], kept: Mapping[tuple[str, ...], BookRow], words: Words) -> None:
        self.rows, self.kept, self.words = rows, kept, words
        self.found: set[tuple[str, ...]] = set()

    def say(self, name: str, **facts: object) -> str:
        return self.words.word("register", name, **facts)

    def fill(self, book: StrictWorkbook) -> None:
        sheet, styles = book.add_worksheet(self.say("name")), Styles(book, _SIZE)
        self.head(sheet, styles)
        most = max((len(row.ways) for row in self.rows), default=0)
        for number, row in enumerate(self.rows, 1):
            self.row(sheet, styles, number, row)
        if most:
            first = len(COLUMNS)
            sheet.set_column(first, first + most - 1, 9, None, {"hidden": True})

    def head(self, sheet: StrictWorksheet, styles: Styles) -> None:
        severities = [row.finding.severity for row in self.rows]
        errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
        units = len({row.whose for row in self.rows})
        sheet.write(0, 0, self.say("title"), styles.get(bold=True, font_size=14))
        sheet.write(1, 0, self.say("count", units=units, errors=errors, warnings=warnings), styles.get())
        sheet.write(2, 0, self.say("how"), styles.get(italic=True))
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write(_HEAD, column, self.say(name), styles.head())
        sheet.freeze_panes(_HEAD + 1, 2)
        sheet.autofilter(_HEAD, 0, _HEAD + max(len(self.rows), 1), len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD)
        sheet.set_footer("&C&P/&N")

    def row(self, sheet: StrictWorksheet, styles: Styles, number: int, row: OpenRow) -> None:
        at = _HEAD + number
        finding = row.finding
        proposal, mark = self.marked(row)
        cell = finding.cells[0] if finding.cells else None

        text = styles.get(border=1, text_wrap=True, valign="top")
        middle = styles.get(border=1, align="center", valign="top", text_wrap=True)
        to_fill = styles.get(border=1, text_wrap=True, valign="top", bg_color=_TO_FILL, num_format="@")
        colour = styles.get(border=1, align="center", valign="top", bg_color=_FILLS[finding.severity])
        to_decide = to_fill if row.ways else text  # where nothing is proposed there is nothing to decide on
        cells = {
            "no": (number, middle),
            "unit": (row.whose, text),
            "file": (row.file, text),
            "severity": (self.words.word("severity", finding.severity), colour),
            "code": (finding.code, middle),
            "indicator": (row.name, text),
            "cell": (cell.local if cell else "", middle),
            "before": (row.written, middle),
            "compared": (row.compared, middle),
            "message": (row.message, text),
            "proposal": (proposal, to_decide),
            "decision": (mark.written if mark else "", to_decide),
            "decided_by": (mark.by if mark else "", to_fill),
            "remark": (mark.remark if mark else "", to_fill),
        }
        needed = 1
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            value, style = cells[name]
            sheet.write(at, column, value, style)
            needed = max(needed, lines(str(value), width * _PIXELS, _SIZE))
        sheet.set_row(at, height(min(needed, _MOST_LINES), _SIZE))
        if cell is not None and number <= MOST_LINKS:
            self.link(sheet, at, row, cell, middle)
        if row.ways:
            self.choices(sheet, at, row.ways)

    def marked(self, row: OpenRow) -> tuple[str, BookRow | None]:
        """The proposal that a row shows, and the mark of the workbook before that stood beside the same one."""
        for way in (*row.ways, ""):
            key = _key(row.whose, row.file, row.finding.code, way)
            mark = self.kept.get(key)
            if mark is not None:
                self.found.add(key)
                return way, mark
        return (row.ways[0] if row.ways else ""), None

    def link(self, sheet: StrictWorksheet, at: int, row: OpenRow, cell: CellAddress, style: object) -> None:
        column = COLUMNS.index("cell")
        sheet.write_url(at, column, f"external:{row.link}#{cell}", style, cell.local)

    def choices(self, sheet: StrictWorksheet, at: int, ways: Sequence[str]) -> None:
        """The ways as a list beside the row that nobody sees: a list in the cell itself would end at every comma."""
        first = len(COLUMNS)
        for column, way in enumerate(ways, first):
            sheet.write(at, column, way)
        span = f"=${column_letters(first + 1)}${at + 1}:${column_letters(first + len(ways))}${at + 1}"
        options = [self.words.word("sheet", "accept"), self.words.word("sheet", "reject")]
        self.list_in(sheet, at, "proposal", {"source": span, "input_message": self.say("choose")})
        self.list_in(sheet, at, "decision", {"source": options, "input_message": self.say("decide")})

    def list_in(self, sheet: StrictWorksheet, at: int, name: str, options: Mapping[str, object]) -> None:
        """Put a drop-down list into the column of that name."""
        column = COLUMNS.index(name)
        sheet.data_validation(at, column, at, column, {"validate": "list", **options})
