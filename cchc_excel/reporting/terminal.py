"""Findings as a table on the terminal, grouped by the sections of the form.

Drawn with the standard library alone: Rich would take a sixth of the whole command's time
(docs/design.md, "Rooms").
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import IO

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import harmless
from cchc_excel.pipeline import Examination, count_by_severity
from cchc_excel.reporting.changes import change, fix_lines, info_lines, section_of
from cchc_excel.wording import Words

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.INFO: "2"}
BOLD, DIM, NAME, FIX, GOOD = "1", "2", "36", "32", "32"
CODE, CELL, CHANGE = 6, 6, 22  # widths of the columns beside the message
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
    for examination in examinations:
        lines += _one(examination, form, words, paint, verbose=verbose)
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


def _one(examination: Examination, form: Form, words: Words, paint: _Paint, *, verbose: bool) -> Iterator[str]:
    yield paint(examination.name, BOLD)
    submission = examination.submission
    if submission is not None:
        yield paint(f"{submission.unit or words.word('unit_unknown')} · {words.period(submission.period)}", DIM)
    spoken = [finding for finding in examination.findings if verbose or finding.severity is not Severity.INFO]
    if spoken:
        yield ""
        yield from _table(spoken, form, words, paint)
        if submission is None:
            for code in dict.fromkeys(finding.code for finding in spoken):
                yield from (paint(text, FIX) for text in _wrapped(f"→ {words.remedy(code)}", paint.width, "  "))
    elif submission is not None:
        yield paint(f"✓ {words.word('consistent')}", GOOD)
    if not verbose:
        for line in info_lines(examination.findings, form, words):
            yield from (paint(text, DIM) for text in _wrapped(f"· {line}", paint.width, "  "))
    if submission is not None:
        yield paint(words.word("not_applicable_line", run=examination.run, skipped=examination.not_applied), DIM)
    yield ""


def _table(findings: Sequence[Finding], form: Form, words: Words, paint: _Paint) -> Iterator[str]:
    head = ("severity", "cell", "message")
    first, second, third = (words.word("head", name) for name in head)
    last = f"{words.word('head', 'written')} → {words.word('head', 'expected')}"
    middle = paint.width - CODE - CELL - CHANGE - 3
    yield paint(f"{first:<{CODE + 1}}{second:<{CELL + 1}}{third:<{middle}} {last:>{CHANGE}}".rstrip(), DIM)
    yield paint("─" * paint.width, DIM)
    section = None
    for finding in findings:
        of_finding = section_of(finding, form)
        if of_finding != section and of_finding is not None:
            section = of_finding
            yield paint(f"{form[section].stt}. {form[section].label}", BOLD)
        yield from _row(finding, form, words, paint, middle)
    yield ""


def _row(finding: Finding, form: Form, words: Words, paint: _Paint, width: int) -> Iterator[str]:
    colour = COLOURS[finding.severity] if finding.counts else DIM
    lines: list[tuple[str, str]] = []
    if finding.indicators:
        lines += [(text, NAME) for text in wrap(words.indicator(form[finding.indicators[0]], form), width)]
    lines += [(text, "0") for text in wrap(words.message(finding, form), width)]
    lines += [(text, "0") for text in wrap(words.suspects(finding, form), width)]
    for fix in fix_lines(finding, form, words):
        lines += [(text, FIX) for text in _wrapped(f"→ {fix}", width, "  ")]
    if finding.explained:
        lines += [(text, DIM) for text in wrap(f"{words.word('explained')}: {finding.explained}", width)]
    code = f"{MARKS[finding.severity]} {finding.code}"
    cell = finding.cells[0].local if finding.cells else ""
    beside = harmless(change(finding, words) or "")
    for index, (text, ink) in enumerate(lines):
        left = f"{code:<{CODE + 1}}" if index == 0 else " " * (CODE + 1)
        place = f"{cell:<{CELL + 1}}" if index == 0 else " " * (CELL + 1)
        right = f" {beside:>{CHANGE}}" if index == 0 and beside else ""
        padding = " " * (width - len(text)) if right else ""
        yield f"{paint(left, colour)}{place}{paint(text, ink)}{padding}{right}"


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
