"""What the commands do: each is one sentence over the rooms below, free of the command line's library."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cchc_excel.errors import BadOption, FormDefinitionError, UsageError
from cchc_excel.files import sources, workbook_paths, write_whole
from cchc_excel.finding import worst
from cchc_excel.form import Form, Language, Severity, load_form
from cchc_excel.pipeline import Examination, Selection, examine_all
from cchc_excel.reading import Given, read
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import Words, words

DONE, FOUND, FAILED = 0, 1, 2


def run_validate(
    files: Sequence[Path],
    *,
    form: str,
    language: Language,
    output_format: str,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    previous: Sequence[Path],
    unit: str | None,
    period: str | None,
    output: Path | None,
    force: bool,
    verbose: bool,
) -> int:
    """Examine the files, show what was found, and return the exit status."""
    loaded, spoken = load_form(form), words(language)
    given = Given(unit, _period(period))
    earlier = _earlier(previous, loaded)
    paths = workbook_paths(files)
    examinations = list(examine_all(sources(paths), loaded, earlier, Selection(select, ignore), given))
    _show(examinations, loaded, spoken, output_format, output, force=force, verbose=verbose)
    if not any(examination.readable for examination in examinations):
        return FAILED
    return exit_status(examinations, fail_on)


def _show(
    examinations: Sequence[Examination],
    form: Form,
    spoken: Words,
    output_format: str,
    output: Path | None,
    *,
    force: bool,
    verbose: bool,
) -> None:
    if output_format == "json":
        from cchc_excel.reporting.contract import as_json

        _give(as_json(examinations, form, spoken), output, force=force)
    elif output_format == "html":
        from cchc_excel.reporting.page import as_page

        _give(as_page(examinations, form, spoken), output, force=force)
    elif output is not None:
        import io

        from cchc_excel.reporting.terminal import as_table

        text = io.StringIO()
        as_table(examinations, form, spoken, text, verbose=verbose)
        _give(text.getvalue(), output, force=force)
    else:
        from cchc_excel.reporting.terminal import as_table

        as_table(examinations, form, spoken, sys.stdout, verbose=verbose)


def _give(text: str, output: Path | None, *, force: bool) -> None:
    """Write a text to the file asked for, else to stdout."""
    if output is None:
        print(text)
    else:
        write_whole(output, text.encode("utf-8"), replace=force)


def _earlier(paths: Iterable[Path], form: Form) -> list[Submission]:
    readings = (read(source, form) for source in sources(workbook_paths(paths)))
    return [reading.submission for reading in readings if reading.submission is not None]


def _period(text: str | None) -> Period | None:
    if text is None:
        return None
    try:
        return Period.of(text)
    except ValueError as error:
        raise BadOption("--period", text) from error


def exit_status(examinations: Iterable[Examination], fail_on: str) -> int:
    """1 if any finding that counts is at least as bad as `fail_on`, else 0."""
    if fail_on == "never":
        return DONE
    worst_found = worst(finding for examination in examinations for finding in examination.findings)
    return FOUND if worst_found is not None and worst_found.rank >= Severity(fail_on).rank else DONE


def run_explain(code: str, *, form: str, language: Language) -> None:
    """Print the page of one code."""
    from cchc_excel.reporting.reference import explanation

    print(explanation(code, load_form(form), words(language)))


def run_rules(*, form: str, language: Language, output: Path | None, force: bool) -> None:
    """Print the reference of all checks."""
    from cchc_excel.reporting.reference import reference

    _give(reference(load_form(form), words(language)), output, force=force)


def run_template(
    *, form: str, language: Language, unit: str | None, period: str | None, output: Path, force: bool
) -> None:
    """Write the blank workbook of a form."""
    from cchc_excel.template import template

    spoken = words(language)
    period_text = spoken.period(_period(period)) if period else ""
    write_whole(output, template(load_form(form), unit=unit or "", period=period_text), replace=force)
    print(output)


def guarded(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Run a command; whatever it refuses becomes a sentence on stderr and exit status 2."""
    spoken = words("en" if _asks_for_english(arguments) else "vi")
    try:
        status = command()
    except UsageError as error:
        says, do = spoken.error(error)
        print(f"{says}\n→ {do}", file=sys.stderr)
    except FormDefinitionError as error:
        print("\n".join(spoken.mistakes(error)), file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe has gone; nothing is left to say
        return DONE
    except Exception as error:  # noqa: BLE001 - the edge: what the argument parser refuses, and our own defects
        if hasattr(error, "format_message"):
            says, do = spoken.error(BadOption(" ".join(arguments), error.format_message()))
            print(f"{says}\n→ {do}", file=sys.stderr)
        elif "--debug" in arguments:
            traceback.print_exc()
        else:
            print(spoken.internal(type(error).__name__), file=sys.stderr)
    else:
        return status if isinstance(status, int) else DONE
    return FAILED


def _asks_for_english(arguments: Sequence[str]) -> bool:
    import os

    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    if any(now == "--lang=en" or (now == "--lang" and then == "en") for now, then in pairs):
        return True
    return os.environ.get("CCHC_LANG") == "en"
