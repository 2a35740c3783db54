"""What `cchc inspect` does: show how each workbook was understood, and judge nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc_excel.commands.files import print_or_write, sources, workbook_paths
from cchc_excel.commands.options import FormOptions, period_of
from cchc_excel.commands.refusals import DONE, FAILED
from cchc_excel.form import load_form
from cchc_excel.reading import Given, read
from cchc_excel.reporting.inspected import as_document, inspected_as_json, inspected_as_text
from cchc_excel.wording import words


@dataclass(frozen=True, kw_only=True)
class InspectOptions(FormOptions):
    """What `cchc inspect` is to do."""

    files: Sequence[Path]
    format: str = "table"
    unit: str | None = None
    period: str | None = None
    output: Path | None = None
    force: bool = False


def run_inspect(options: InspectOptions) -> int:
    """Show how the files were read; return 2 if none could be."""
    form, spoken = load_form(options.form), words(options.lang)
    given = Given(unit=options.unit, period=period_of(options.period))
    texts: list[str] = []
    documents: list[dict[str, Any]] = []
    readable = False
    for source in sources(workbook_paths(options.files)):
        reading = read(source, form, given)
        readable = readable or reading.submission is not None
        if options.format == "json":
            documents.append(inspected_as_json(source.name, reading, form, spoken))
        else:
            texts.append(inspected_as_text(source.name, reading, form, spoken))
    shown = as_document(documents, form) if options.format == "json" else "\n\n".join(texts)
    print_or_write(shown, options.output, replace=options.force)
    return DONE if readable else FAILED
