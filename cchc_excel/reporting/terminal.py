"""Findings as a table on the terminal, grouped by the sections of the form."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity
from cchc_excel.pipeline import Examination, count_by_severity
from cchc_excel.reporting.changes import change, fix_lines, section_of
from cchc_excel.wording import Words

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
WIDTH_OF_A_PIPE = 120  # columns, where the output is no terminal


def as_table(
    examinations: Iterable[Examination], form: Form, words: Words, file: IO[str], *, verbose: bool = False
) -> None:
    """Print each workbook's findings, then one line that sums up. `verbose` lists every info by itself."""
    console = Console(file=file, width=None if file.isatty() else _width(), soft_wrap=False, highlight=False)
    examinations = list(examinations)
    for examination in examinations:
        _one(examination, form, words, console, verbose=verbose)
    console.print(_summary(examinations, words))


def _width() -> int:
    return int(os.environ.get("COLUMNS", WIDTH_OF_A_PIPE))


def _one(examination: Examination, form: Form, words: Words, console: Console, *, verbose: bool) -> None:
    console.print(Text(examination.name, style="bold"))
    submission = examination.submission
    if submission is not None:
        unit = submission.unit or words.word("unit_unknown")
        line = f"{unit} · {words.period(submission.period)}"
        console.print(Text(line, style="dim"))
    spoken = [finding for finding in examination.findings if verbose or finding.severity is not Severity.INFO]
    if spoken:
        console.print(_table(spoken, form, words))
    elif submission is not None:
        console.print(Text(f"✓ {words.word('consistent')}", style="green"))
    if not verbose:
        for line in _infos(examination.findings, form, words):
            console.print(Text(f"{MARKS[Severity.INFO]} {line}", style=STYLES[Severity.INFO]))
    if submission is not None:
        facts = {"run": examination.run, "skipped": examination.not_applied}
        console.print(Text(words.word("not_applicable_line", **facts), style="dim"))
    console.print()


def _table(findings: Sequence[Finding], form: Form, words: Words) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, show_edge=False)
    table.add_column(words.word("head", "severity"), no_wrap=True)
    table.add_column(words.word("head", "cell"), no_wrap=True)
    table.add_column(words.word("head", "message"), ratio=1)
    table.add_column(f"{words.word('head', 'written')} → {words.word('head', 'expected')}", justify="right")
    section = None
    for finding in findings:
        of_finding = section_of(finding, form)
        if of_finding != section and of_finding is not None:
            section = of_finding
            table.add_row("", "", Text(f"{form[section].stt}. {form[section].label}", style="bold"), "")
        table.add_row(*_row(finding, form, words))
    return table


def _row(finding: Finding, form: Form, words: Words) -> tuple[Text, Text, Text, Text]:
    style = STYLES[finding.severity] if finding.counts else "dim"
    first = Text(f"{MARKS[finding.severity]} {finding.code}", style=style)
    cell = Text(finding.cells[0].local if finding.cells else "")
    message = Text()
    if finding.indicators:
        message.append(f"{words.indicator(form[finding.indicators[0]], form)}\n", style="cyan")
    message.append(words.message(finding, form))
    for line in fix_lines(finding, words):
        message.append(f"\n→ {line}", style="green")
    if finding.explained:
        message.append(f"\n{words.word('explained')}: {finding.explained}", style="italic")
    return first, cell, message, Text(change(finding, words))


def _infos(findings: Iterable[Finding], form: Form, words: Words) -> Iterator[str]:
    """The infos, those of one code on one line with their cells."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.INFO:
            by_code.setdefault(finding.code, []).append(finding)
    for code, same in by_code.items():
        if len(same) == 1:
            cell = same[0].cells[0].local + ": " if same[0].cells else ""
            yield f"{code} {cell}{words.message(same[0], form)}"
            continue
        cells = ", ".join(finding.cells[0].local for finding in same[:12] if finding.cells)
        yield f"{code} {words.title(code, form)} ({len(same)}): {cells}{' …' if len(same) > 12 else ''}"


def _summary(examinations: Sequence[Examination], words: Words) -> Text:
    counts = count_by_severity(examinations)
    line = words.word(
        "summary",
        workbooks=len(examinations),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )
    unreadable = sum(not examination.readable for examination in examinations)
    if unreadable:
        line += " · " + words.word("unreadable", count=unreadable)
    return Text(line, style="bold")
