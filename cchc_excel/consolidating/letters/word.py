"""Letters and the summary as Word documents, in the layout of Decree 30/2020/NĐ-CP: Times New Roman, A4, its margins.

In:     what is to be said.
Out:    the bytes of a .docx.
Never:  fills in a number, a day or a signer: these are written by hand, or in Word.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any, Literal

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cchc_excel.consolidating.letters.content import Letter, Point, Sender, Summary, due_shown, facts_of, period_shown
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.grid import harmless
from cchc_excel.wording import Words

FONT, BODY, TABLE, SMALL = "Times New Roman", 14, 12, 11
CREATED = datetime(2023, 1, 1)  # noqa: DTZ001 - a document says when it was written by its own date line
CENTRE, LEFT, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
MOST_UNITS = 24  # rows of the summary, which is one page
MOST_CELLS = 8  # cells named in one of its rows
LONGEST_TITLE = 255  # characters that python-docx takes as the title of a document


def letter_document(letter: Letter, outcome: Outcome, sender: Sender, words: Words) -> bytes:
    """Return the letter to one unit."""
    page = _Page(words)
    facts = facts_of(letter, outcome, sender, words)
    page.letterhead(sender.office, page.say("re", **facts))
    page.line(page.say("dear", **facts), align=CENTRE, space=(12, 12))
    page.body(page.say("opening", **facts))
    heads = [page.say("head", name) for name in ("no", "where", "message", "do")]
    rows = [
        [str(number), _where(point, page), point.message, point.do] for number, point in enumerate(letter.points, 1)
    ]
    page.table(heads, rows, (12, 42, 61, 50))
    page.body(page.say("closing", **facts), before=8)
    page.body(page.say("last", **facts))
    page.signature()
    return page.bytes(page.say("subject", **facts))


def summary_document(summary: Summary, outcome: Outcome, sender: Sender, words: Words) -> bytes:
    """Return the page for the head of the office."""
    page = _Page(words, size=TABLE)
    title = page.say("summary", period=period_shown(outcome, words))
    page.line(title, look="bold", align=CENTRE, size=BODY)
    if sender.office:
        page.line(sender.office, align=CENTRE, space=(0, 6))
    merged = len(outcome.merged.units)
    page.body(page.say("merged", merged=merged, expected=summary.expected, due=due_shown(sender.due, words)))
    _statuses(page, summary)
    _open_units(page, summary)
    return page.bytes(title)


def _where(point: Point, page: _Page) -> str:
    """The cell and the row that a point is about, as far as it is about one."""
    place = f"{page.say('place', cell=point.cell)}." if point.cell else ""
    return " ".join(part for part in (place, point.name) if part)


def _statuses(page: _Page, summary: Summary) -> None:
    """The table of how many units stand how; those that have reported are not named."""
    statuses = page.words.texts["roster"]["status"]
    heads = [page.say("head", name) for name in ("status", "count", "units")]
    rows = []
    for of_status in summary.by_status:
        names = "" if of_status.status == "received" else "; ".join(of_status.names)
        rows.append([str(statuses[of_status.status]), str(len(of_status.names)), names])
    page.table(heads, rows, (38, 15, 112), size=SMALL)


def _open_units(page: _Page, summary: Summary) -> None:
    """The table of what is open in the first units, and how many units more there are."""
    page.line(page.say("open"), look="bold", align=LEFT, space=(8, 0))
    heads = [page.say("head", name) for name in ("unit", "errors", "warnings", "cells")]
    rows = []
    for unit in summary.open_units[:MOST_UNITS]:
        ellipsis = " …" if len(unit.cells) > MOST_CELLS else ""
        cells = ", ".join(unit.cells[:MOST_CELLS]) + ellipsis
        rows.append([unit.unit, str(unit.errors), str(unit.warnings), cells])
    page.table(heads, rows, (60, 15, 22, 68), size=SMALL)
    if len(summary.open_units) > MOST_UNITS:
        page.body(page.say("further", count=len(summary.open_units) - MOST_UNITS))


class _Page:
    """A document on its way: A4, margins and fonts of the decree."""

    def __init__(self, words: Words, size: int = BODY) -> None:
        self.words, self.size = words, size
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(size)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(0)

    def say(self, *path: str, **facts: object) -> str:
        return self.words.word("letters", *path, **facts)

    def line(
        self,
        text: str,
        *,
        within: Any = None,
        look: Literal["plain", "bold", "italic"] = "plain",
        align: Any = LEFT,
        size: float | None = None,
        space: tuple[float, float] = (0, 0),
    ) -> Any:
        """A paragraph of one run; `space` stands before and after it."""
        paragraph = (self.document if within is None else within).add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = map(Pt, space)
        run = _written(paragraph, text)
        run.bold, run.italic = look == "bold", look == "italic"
        if size is not None:
            run.font.size = Pt(size)
        return paragraph

    def body(self, text: str, *, before: float = 0) -> None:
        """A paragraph of the text itself: its first line indented by 1 cm, both margins straight."""
        paragraph = self.line(text, align=BOTH, space=(before, 6))
        paragraph.paragraph_format.first_line_indent = Mm(10)

    def letterhead(self, office: str, re: str) -> None:
        """Who writes, number and subject on the left; the state, its motto and the day on the right."""
        table = self.document.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        left, right = table.rows[0].cells
        _set_widths(table, (68, 97))
        first, *others = self._issuer(office)
        self._first(left, first.upper(), bold=True, size=12)
        for name in others:
            self.line(name.upper(), within=left, look="bold", align=CENTRE, size=12)
        self.line("————", within=left, align=CENTRE, size=8)
        self.line(self.say("number"), within=left, align=CENTRE, size=13)
        self.line(re, within=left, align=CENTRE, size=12, space=(4, 0))
        self._first(right, self.say("state"), bold=True, size=12)
        self.line(self.say("motto"), within=right, look="bold", align=CENTRE, size=13)
        self.line("———————————", within=right, align=CENTRE, size=8)
        self.line(self.say("date"), within=right, look="italic", align=CENTRE, size=13)

    def _issuer(self, office: str) -> list[str]:
        """Who writes, line by line: a people's committee, and below it the unit that it is of."""
        committee = self.say("committee")
        issuer = office.replace("UBND", committee) or self.say("office")
        if not office.startswith("UBND"):
            return [issuer]
        first, _, unit = issuer.partition(f"{committee} ")
        return [committee, unit] if unit else [first]

    def _first(self, cell: Any, text: str, *, bold: bool, size: float) -> None:
        """The paragraph that a cell has from the start."""
        paragraph = cell.paragraphs[0]
        paragraph.alignment = CENTRE
        run = _written(paragraph, text)
        run.bold, run.font.size = bold, Pt(size)

    def table(self, heads: list[str], rows: list[list[str]], widths: tuple[int, ...], size: float = TABLE) -> None:
        """A table with borders, its head repeated on every page, no row torn between two."""
        table = self.document.add_table(rows=1, cols=len(heads))
        table.style, table.autofit = "Table Grid", False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            self._first(cell, head, bold=True, size=size)
        _mark(table.rows[0], "w:tblHeader")
        for texts in rows:
            row = table.add_row()
            _mark(row, "w:cantSplit")
            for cell, text in zip(row.cells, texts, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph.alignment = CENTRE if text.isdecimal() else LEFT
                _written(paragraph, text).font.size = Pt(size)
        _set_widths(table, widths)

    def signature(self) -> None:
        """Who gets it on the left, room for the signer on the right."""
        table = self.document.add_table(rows=1, cols=2)
        table.autofit = False
        left, right = table.rows[0].cells
        _set_widths(table, (80, 85))
        _mark(table.rows[0], "w:cantSplit")
        paragraph = left.paragraphs[0]
        paragraph.paragraph_format.space_before = Pt(12)
        run = paragraph.add_run(self.say("receivers"))
        run.bold, run.italic, run.font.size = True, True, Pt(12)
        for name in ("as_above", "archive"):
            self.line(self.say(name), within=left, size=11)
        right.paragraphs[0].paragraph_format.space_before = Pt(12)
        self._first(right, self.say("signer"), bold=True, size=13)
        self.line(self.say("signed"), within=right, look="italic", align=CENTRE, size=12)

    def bytes(self, title: str) -> bytes:
        properties = self.document.core_properties
        properties.title = harmless(title)[:LONGEST_TITLE]
        properties.author, properties.comments = "", ""
        properties.created = properties.modified = CREATED
        buffer = BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()


def _written(paragraph: Any, text: str) -> Any:
    """A run that ends the paragraph: names of files and units may hold what no document can (control characters)."""
    return paragraph.add_run(harmless(text))


def _set_widths(table: Any, widths: tuple[int, ...]) -> None:
    """Set widths in millimetres, of the columns and of each cell: Word obeys the cells, LibreOffice the columns."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _mark(row: Any, name: str) -> None:
    """Set a property of a row that python-docx has no name for."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(name))
