"""What `cchc form scaffold`, `check` and `show` do."""

from __future__ import annotations

import sys
from pathlib import Path

from cchc_excel.commands.files import sources, write_whole
from cchc_excel.commands.refusals import DONE, FAILED, FOUND
from cchc_excel.errors import FormDefinitionError, OutputExists, UnreadableWorkbook
from cchc_excel.form import Language, load_form
from cchc_excel.grid import harmless
from cchc_excel.wording import words


def run_form_scaffold(blank: Path, *, output: Path, language: Language, force: bool, quiet: bool) -> int:
    """Draft the form folder of a blank workbook; say what was guessed and where to look."""
    from cchc_excel.drafting.draft import draft

    spoken = words(language)
    target = output / "form.yaml"
    if target.exists() and not force:
        raise OutputExists(str(target))
    (source,) = sources([blank])
    try:
        drafted = draft(source, output.resolve().name)
    except UnreadableWorkbook as error:
        print(harmless(f"{blank}: {spoken.unreadable(error)}"), file=sys.stderr)
        return FAILED
    write_whole(target, drafted.text.encode("utf-8"), replace=force)
    relations = sum(guess.field in {"part", "total_of", "of"} for guess in drafted.guesses)
    if not quiet:
        print(spoken.word("drafting", "written", rows=len(drafted.rows), relations=relations), file=sys.stderr)
    print(target)
    return DONE


def run_form_check(folder: Path, *, language: Language) -> int:
    """Say every mistake of a form folder, and what was likely forgotten; return 1 if there is a mistake."""
    from cchc_excel.drafting.audit import Audit
    from cchc_excel.drafting.show import remarks

    spoken = words(language)
    try:
        form = load_form(str(folder))
    except FormDefinitionError as error:
        print(harmless("\n".join(spoken.mistakes(error))))
        return FOUND
    audit, file = Audit(form), f"{folder.name}/checks.yaml"
    found = tuple(audit.mistakes(file))
    for told in (found, tuple(audit.remarks(file))):
        if told:
            print(harmless("\n".join(spoken.mistakes(FormDefinitionError(told)))))
    for remark in remarks(form, spoken):
        print(remark)
    if not found:
        print(spoken.word("drafting", "fine", rows=len(form.indicators), checks=len(form.checks)))
    return FOUND if found else DONE


def run_form_coverage(workbook: Path, *, form: str, output: Path | None, language: Language, force: bool) -> int:
    """Try single mistakes on each entry of a filled workbook; tell which of them the form's checks catch."""
    from cchc_excel.checking.coverage import coverage
    from cchc_excel.reading import read
    from cchc_excel.reporting.coverage import coverage_lines, coverage_page

    spoken, loaded = words(language), load_form(form)
    (source,) = sources([workbook])
    reading = read(source, loaded)
    if reading.submission is None:
        said, do = spoken.message(reading.findings[0], loaded), spoken.remedy(reading.findings[0].code)
        print(harmless(f"{workbook}: {said}\n→ {do}"), file=sys.stderr)
        return FAILED
    covered = coverage(reading.submission, loaded)
    if output is not None:
        write_whole(output, coverage_page(covered, loaded, spoken).encode("utf-8"), replace=force)
        print(output)
        return DONE
    for line in coverage_lines(covered, loaded, spoken):
        print(line)
    return DONE


def run_form_show(folder: Path, *, language: Language) -> int:
    """Print the form as a table."""
    from cchc_excel.drafting.show import shown

    print(shown(load_form(str(folder)), words(language)))
    return DONE
