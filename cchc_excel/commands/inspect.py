"""What `cchc inspect` does: show how each workbook was understood, and judge nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc_excel.commands.files import STDIN, print_or_write, sources, stdin_source, workbook_paths
from cchc_excel.commands.options import Selecting, period_of
from cchc_excel.commands.refusals import DONE, FAILED
from cchc_excel.form import form_asked_for
from cchc_excel.grid import Source
from cchc_excel.pipeline import Selection
from cchc_excel.reading import Given, Reading, read
from cchc_excel.reporting.inspected import as_document, inspected_as_json, inspected_as_text
from cchc_excel.wording import words


@dataclass(frozen=True, kw_only=True)
class InspectOptions(Selecting):
    """What `cchc inspect` is to do."""

    files: Sequence[Path]
    unit: str | None = None
    period: str | None = None
    output: Path | None = None
    force: bool = False


def run_inspect(options: InspectOptions) -> int:
    """Show how the files were read; return 2 if none could be."""
    form, spoken = form_asked_for(options.form), words(options.lang)
    selection = options.selection(form)
    given = Given(unit=options.unit, period=period_of(options.period))
    texts: list[str] = []
    documents: list[dict[str, Any]] = []
    readable = False
    for source in _sources(options.files):
        reading = _selected(read(source, form, given), selection)
        readable = readable or reading.submission is not None
        if options.format == "json":
            documents.append(inspected_as_json(source.name, reading, form, spoken))
        else:
            texts.append(inspected_as_text(source.name, reading, form, spoken))
    shown = as_document(documents, form) if options.format == "json" else "\n\n".join(texts)
    print_or_write(shown, options.output, replace=options.force)
    return DONE if readable else FAILED


def _sources(files: Sequence[Path]) -> Iterator[Source]:
    """The files in their order; `-` is what standard input holds."""
    for file in files:
        yield from [stdin_source()] if str(file) == STDIN else sources(workbook_paths([file]))


def _selected(reading: Reading, selection: Selection) -> Reading:
    """The reading with what was noticed that is to be told; why a file cannot be read is told always."""
    if reading.submission is None:
        return reading
    selected = tuple(finding for finding in reading.findings if finding.code in selection)
    return reading._replace(findings=selected)
