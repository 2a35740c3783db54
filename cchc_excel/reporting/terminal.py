"""Findings as a table on the terminal, grouped by the sections of the form.

Drawn with the standard library alone: Rich would take a sixth of the whole command's time
(docs/design.md, "Rooms").
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import IO

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, edition_named
from cchc_excel.grid import harmless
from cchc_excel.pipeline import Examination, count_by_severity
from cchc_excel.reporting.changes import Proposals, Told, info_lines, section_of
from cchc_excel.submission import Submission
from cchc_excel.wording import Words
from cchc_excel.wording.beside import compared, places_of, written_shown

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.INFO: "2"}
PLAIN, BOLD, DIM, NAME, FIX, GOOD = "0", "1", "2", "36", "32", "32"
CODE, CELL = 6, 6  # widths of the columns before the message
BESIDE = (("written", 10), ("compared", 10), ("fix", 16))  # the columns after it
WIDE_ENOUGH = 100  # for the columns after the message; a narrower terminal gets them on a line of their own
WIDTH_OF_A_PIPE, LEAST_WIDTH, MOST_WIDTH = 120, 72, 140


def as_table(
    examinations: Iterable[Examination], form: Form, words: Words, file: IO[str], *, verbose: bool = False
) -> None:
    """Print each workbook's findings, then one line that sums up. `verbose` lists every info by itself."""
    file.write(table_for(file, examinations, form, words, verbose=verbose))


def table_for(
    file: IO[str] | None, examinations: Iterable[Examination], form: Form, words: Words, *, verbose: bool = False
) -> str:
    """The same as a text, coloured and as wide as the file it is for takes it; None is a file that is no terminal."""
    paint = _Paint(file)
    examinations = list(examinations)
    lines: list[str] = []
    told: Told = set()
    for examination in examinations:
        lines += _one(examination, form, words, paint, told, verbose=verbose)
    lines.append(paint(_summary(examinations, words), BOLD))
    return "\n".join(lines) + "\n"


class _Paint:
    """Colours for a terminal that wants them, none for a file or under NO_COLOR; and how wide a line may be."""

    def __init__(self, file: IO[str] | None) -> None:
        terminal = file is not None and file.isatty()
        self.on = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        wide = shutil.get_terminal_size((WIDTH_OF_A_PIPE, 40)).columns if terminal else WIDTH_OF_A_PIPE
        self.width = min(max(wide, LEAST_WIDTH), MOST_WIDTH)

    def __call__(self, text: str, colour: str) -> str:
        text = harmless(text)
        return f"\x1b[{colour}m{text}\x1b[0m" if self.on and text.strip() else text


def _one(
    examination: Examination, form: Form, words: Words, paint: _Paint, told: Told, *, verbose: bool
) -> Iterator[str]:
    form = edition_named(form, examination.edition)
    yield paint(examination.name, BOLD)
    submission = examination.submission
    if submission is not None:
        yield paint(f"{submission.unit or words.word('unit_unknown')} · {words.period(submission.period)}", DIM)
    spoken = [finding for finding in examination.findings if verbose or finding.severity is not Severity.INFO]
    if spoken:
        yield ""
        yield from _table(spoken, submission, form, words, paint)
        if submission is None:
            for code in dict.fromkeys(finding.code for finding in spoken):
                for text in _wrapped(f"→ {words.remedy(code)}", paint.width, "  "):
                    yield paint(text, FIX)
    elif submission is not None:
        yield paint(f"✓ {words.word('consistent')}", GOOD)
    if not verbose:
        for line in info_lines(examination.findings, form, words, told):
            for text in _wrapped(f"· {line}", paint.width, "  "):
                yield paint(text, DIM)
    if submission is not None:
        yield paint(words.word("not_applicable_line", run=examination.run, skipped=examination.not_applied), DIM)
    yield ""


def _table(
    findings: Sequence[Finding], submission: Submission | None, form: Form, words: Words, paint: _Paint
) -> Iterator[str]:
    row = _Row(form, words, paint, Proposals(form, words, places_of(submission)))
    yield from row.head()
    section = None
    for finding in findings:
        of_finding = section_of(finding, form)
        if of_finding != section and of_finding is not None:
            section = of_finding
            yield paint(f"{form[section].stt}. {form[section].label}", BOLD)
        yield from row.of(finding)
    yield ""


class _Row:
    """The rows of one table: a finding's place and sentences, and beside them its figures."""

    def __init__(self, form: Form, words: Words, paint: _Paint, proposals: Proposals) -> None:
        self.form, self.words, self.paint, self.proposals = form, words, paint, proposals
        self.beside = BESIDE if paint.width >= WIDE_ENOUGH else ()
        beside = sum(width + 1 for _, width in self.beside)  # each with a blank before it
        self.width = paint.width - (CODE + 1) - (CELL + 1) - beside

    def head(self) -> Iterator[str]:
        words = self.words
        code, cell, message = words.word("head", "code"), words.word("head", "cell"), words.word("head", "message")
        beside = "".join(f" {words.word('head', name):>{width}}" for name, width in self.beside)
        titles = f"{code:<{CODE + 1}}{cell:<{CELL + 1}}{message:<{self.width}}{beside}"
        yield self.paint(titles.rstrip(), DIM)
        yield self.paint("─" * self.paint.width, DIM)

    def of(self, finding: Finding) -> Iterator[str]:
        colour = COLOURS[finding.severity] if finding.counts else DIM
        code = f"{MARKS[finding.severity]} {finding.code}"
        cell = finding.cells[0].local if finding.cells else ""
        columns = self.columns(finding) if self.beside else []
        lines = self.lines(finding)
        lines += [("", PLAIN)] * (len(columns) - len(lines))
        columns += [""] * (len(lines) - len(columns))
        for (text, ink), figures in zip(lines, columns, strict=True):
            left = self.paint(f"{code:<{CODE + 1}}", colour) + f"{cell:<{CELL + 1}}"
            padding = " " * (self.width - len(text)) if figures else ""
            yield f"{left}{self.paint(text, ink)}{padding}{figures}".rstrip()
            code = cell = ""  # they stand on the first line alone

    def lines(self, finding: Finding) -> list[tuple[str, str]]:
        """What is said of a finding, line by line, each with its colour."""
        words, width = self.words, self.width
        lines: list[tuple[str, str]] = []
        if finding.indicators:
            name = words.indicator(self.form[finding.indicators[0]], self.form)
            lines += [(text, NAME) for text in wrap(name, width)]
        if not self.beside:
            lines += [(text, DIM) for text in wrap(self.figures(finding), width)]
        lines += [(text, PLAIN) for text in wrap(words.message(finding, self.form), width)]
        lines += [(text, PLAIN) for text in wrap(self.proposals.suspects(finding), width)]
        for line in self.proposals.lines(finding):
            lines += [(text, FIX) for text in _wrapped(f"→ {line}", width, "  ")]
        if finding.explained:
            lines += [(text, DIM) for text in wrap(words.explained(finding), width)]
        return lines

    def figures(self, finding: Finding) -> str:
        """The figures in a line, where there is no room for columns."""
        figures = {"written": written_shown(finding, self.words), "compared": compared(finding, self.words)}
        named = [f"{self.words.word('head', name)}: {figure}" for name, figure in figures.items() if figure]
        return " · ".join(named)

    def columns(self, finding: Finding) -> list[str]:
        """The figures in their columns, line by line."""
        texts = (
            [written_shown(finding, self.words)],
            [compared(finding, self.words)],
            self.proposals.column(finding),
        )
        widths = [width for _, width in self.beside]
        columns: list[list[str]] = []
        for column, width in zip(texts, widths, strict=True):
            columns.append([line for text in column for line in wrap(harmless(text), width)])
        lines = zip_longest(*columns, fillvalue="")
        return ["".join(f" {text:>{width}}" for text, width in zip(line, widths, strict=True)) for line in lines]


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return wrap(text, width, subsequent_indent=indent)


def _summary(examinations: Sequence[Examination], words: Words) -> str:
    counts = count_by_severity(examinations)
    line = words.word(
        "summary",
        workbooks=len(examinations),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )
    unreadable = sum(not examination.readable for examination in examinations)
    return f"{line} · {words.word('unreadable', count=unreadable)}" if unreadable else line
