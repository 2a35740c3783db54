"""What `cchc form scaffold`, `check`, `coverage` and `show` do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cchc_excel.commands.files import print_or_write, sources, write_whole
from cchc_excel.commands.options import FormOptions
from cchc_excel.commands.refusals import DONE, FAILED, FOUND
from cchc_excel.errors import FormDefinitionError, OutputExists, UnreadableWorkbook
from cchc_excel.form import Form, form_asked_for, load_form
from cchc_excel.grid import harmless
from cchc_excel.wording import Words, words


@dataclass(frozen=True, kw_only=True)
class FormFolderOptions(FormOptions):
    """What the commands about forms are to do; `source` is a form's folder, or a workbook."""

    source: Path
    output: Path | None = None
    force: bool = False


def run_form_scaffold(options: FormFolderOptions) -> int:
    """Draft the form folder of a blank workbook; say what was guessed and where to look."""
    from cchc_excel.drafting.draft import draft

    if options.output is None:
        raise ValueError(options)
    workbook, spoken = options.source, words(options.lang)
    target = options.output / "form.yaml"
    if target.exists() and not options.force:
        raise OutputExists(str(target))
    (source,) = sources([workbook])
    try:
        drafted = draft(source, options.output.resolve().name)
    except UnreadableWorkbook as error:
        _tell_unread(workbook, spoken.unreadable(error), spoken.remedy(error.code))
        return FAILED
    write_whole(target, drafted.text.encode("utf-8"), replace=options.force)
    rows = len(drafted.rows)
    relations = sum(guess.field in {"part", "total_of", "of"} for guess in drafted.guesses)
    if options.format == "json":
        print(_document("form scaffold", path=str(target), rows=rows, relations=relations))
        return DONE
    if not options.quiet:
        print(spoken.word("drafting", "written", rows=rows, relations=relations), file=sys.stderr)
    print(target)
    return DONE


def _tell_unread(workbook: Path, reason: str, remedy: str) -> None:
    """Say on stderr why a workbook could not be read, and what to do."""
    print(harmless(f"{workbook}: {reason}\n→ {remedy}"), file=sys.stderr)


def run_form_check(options: FormFolderOptions) -> int:
    """Say every mistake of a form folder, and what was likely forgotten; return 1 if there is a mistake."""
    folder, spoken = options.source, words(options.lang)
    checked = _checked(folder, spoken)
    if options.format == "json":
        print(_checked_for_programs(checked, folder, spoken))
    else:
        for line in (*spoken.mistakes(checked.error), *checked.remarks):
            print(harmless(line))
        form = checked.form
        if form is not None and not checked.error.mistakes:
            print(spoken.word("drafting", "fine", rows=len(form.indicators), checks=len(form.checks)))
    return FOUND if checked.error.mistakes else DONE


class _Checked(NamedTuple):
    """A form, if it could be loaded; the error with all its mistakes, which may be none; what was likely forgotten."""

    form: Form | None
    error: FormDefinitionError
    remarks: Sequence[str] = ()


def _checked(folder: Path, spoken: Words) -> _Checked:
    """Load a form and look for mistakes that a form may have and be loaded all the same."""
    from cchc_excel.drafting.audit import Audit
    from cchc_excel.drafting.show import remarks

    try:
        form = load_form(str(folder))
    except FormDefinitionError as error:
        return _Checked(None, error)
    audit, file = Audit(form), f"{folder.name}/checks.yaml"
    mistakes = FormDefinitionError(tuple(audit.mistakes(file)))
    of_audit = FormDefinitionError(tuple(audit.remarks(file)))
    return _Checked(form, mistakes, [*spoken.mistakes(of_audit), *remarks(form, spoken)])


def _checked_for_programs(checked: _Checked, folder: Path, spoken: Words) -> str:
    mistakes = [
        {
            "file": mistake.file,
            "line": mistake.line,
            "kind": mistake.kind,
            "message": spoken.mistake(mistake),
        }
        for mistake in checked.error.mistakes
    ]
    size: dict[str, int] = {}
    if checked.form is not None:
        size = {"rows": len(checked.form.indicators), "checks": len(checked.form.checks)}
    return _document("form check", folder=str(folder), mistakes=mistakes, remarks=list(checked.remarks), **size)


def run_form_coverage(options: FormFolderOptions) -> int:
    """Try single mistakes on each entry of a filled workbook; tell which of them the form's checks catch."""
    from cchc_excel.checking.coverage import coverage
    from cchc_excel.pipeline import form_in_force
    from cchc_excel.reading import read
    from cchc_excel.reporting.coverage import coverage_document, coverage_lines, coverage_page

    workbook, output = options.source, options.output
    spoken, form = words(options.lang), form_asked_for(options.form)
    (source,) = sources([workbook])
    reading = read(source, form)
    if reading.submission is None:
        finding = reading.findings[0]
        _tell_unread(workbook, spoken.message(finding, form), spoken.remedy(finding.code))
        return FAILED
    form = form_in_force(reading, reading.submission, form)
    covered = coverage(reading.submission, form)
    if options.format == "json":
        text = _document("form coverage", form=form.id, path=str(workbook), **coverage_document(covered))
        print_or_write(text, output, replace=options.force)
        return DONE
    if output is not None:
        write_whole(output, coverage_page(covered, form, spoken).encode("utf-8"), replace=options.force)
        print(output)
        return DONE
    for line in coverage_lines(covered, form, spoken):
        print(line)
    return DONE


def run_form_show(options: FormFolderOptions) -> int:
    """Print the form as a table."""
    from cchc_excel.drafting.show import shown

    form, spoken = load_form(str(options.source)), words(options.lang)
    if options.format == "json":
        print(_shown_for_programs(form, spoken))
    else:
        print(shown(form, spoken))
    return DONE


def _shown_for_programs(form: Form, spoken: Words) -> str:
    rows = [
        {
            "id": row.id,
            "stt": row.stt or None,
            "label": row.label,
            "kind": row.kind.value,
            "unit_of_measure": row.unit or None,
            "section": row.section,
            "part": row.part or None,
            "whole": row.whole or None,
            "total_of": list(row.total_of),
        }
        for row in form.indicators
    ]
    checks = [{"code": check.code, "title": spoken.title(check.code, form)} for check in form.own_checks()]
    return _document("form show", form=form.id, form_version=form.version, rows=rows, checks=checks)


def _document(command: str, **told: Any) -> str:
    """One object of JSON; what writes it is loaded only where it is asked for."""
    from cchc_excel.reporting.contract import document

    return document(command, **told)
