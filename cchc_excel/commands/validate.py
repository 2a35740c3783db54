"""What `cchc validate` does: examine the files, show what was found, tell how bad it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cchc_excel.commands.examining import Run
from cchc_excel.commands.files import clear_left_behind, is_one_of, print_or_write, workbook_paths
from cchc_excel.commands.intake import arriving_names
from cchc_excel.commands.options import ExaminingOptions
from cchc_excel.commands.refusals import DONE, FAILED, FOUND, STOPPED
from cchc_excel.errors import OutputExists, defect_of
from cchc_excel.finding import worst
from cchc_excel.form import Form, Severity, form_asked_for
from cchc_excel.pipeline import Examination, defect_finding
from cchc_excel.wording import Words, words


@dataclass(frozen=True, kw_only=True)
class ValidateOptions(ExaminingOptions):
    """What `cchc validate` is to do."""

    fail_on: str = "error"
    output: Path | None = None
    verbose: bool = False


def run_validate(options: ValidateOptions) -> int:
    """Examine the files, show what was found, and return the exit status."""
    form, spoken = form_asked_for(options.form), words(options.lang)
    paths = tuple(map(Path, arriving_names(options.files, recursive=options.recursive, stdin=True)))
    run = _run(options, form, spoken)
    replace_output = _may_replace(options, run, paths)
    if options.output is not None:
        clear_left_behind(options.output.parent)
    examinations: list[Examination] = []
    stopped = False
    try:
        examinations.extend(done.examination for done in run.over(paths))
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=len(examinations), total=len(paths)))
        stopped = True
    finally:
        run.keep(run.state)
    if examinations or not stopped:
        shown, examinations = _drawn(examinations, options, run)
        print_or_write(shown, options.output, replace=replace_output)
        if options.output is not None and run.state is not None:
            run.state.wrote(options.output)
            run.keep(run.state)
    if stopped:
        return STOPPED
    if run.unopened or not any(examination.readable for examination in examinations):
        return FAILED
    return exit_status(examinations, options.fail_on)


def exit_status(examinations: Iterable[Examination], fail_on: str) -> int:
    """1 if any finding that counts is at least as bad as `fail_on`, else 0."""
    if fail_on == "never":
        return DONE
    worst_found = worst(finding for examination in examinations for finding in examination.findings)
    return FOUND if worst_found is not None and worst_found.rank >= Severity(fail_on).rank else DONE


def _run(options: ValidateOptions, form: Form, spoken: Words) -> Run:
    """The run that the options ask for. Raises BadOption or UnknownCode for what they cannot mean."""
    run = Run(options, form, spoken)
    if options.resume:
        from cchc_excel.commands.resume import beside, opened_state

        depends_on = ("validate", *run.selection.texts, *run.given)
        run.state = opened_state(beside(options.output), form, depends_on, options.previous, spoken)
    return run


def _may_replace(options: ValidateOptions, run: Run, paths: Sequence[Path]) -> bool:
    """Whether an output that is there is replaced. Raises OutputExists if it must not be."""
    output, state = options.output, run.state
    if output is None:
        return False
    replaced = options.force or (state is not None and state.is_ours(output))
    is_input = is_one_of(output, (*paths, *workbook_paths(options.previous)))
    if is_input or (output.exists() and not replaced):
        raise OutputExists(str(output))
    return replaced


def _drawn(examinations: Sequence[Examination], options: ValidateOptions, run: Run) -> tuple[str, list[Examination]]:
    """What was found, as it is shown; and the examinations in it: a file that cannot be shown is one with S08."""
    draw = _drawing(options, run.form, run.spoken)
    try:
        return draw(examinations), list(examinations)
    except Exception:  # noqa: BLE001 - the edge of one file: which one it was is found out by drawing each alone
        drawable = [_drawable(examination, draw, run.tell) for examination in examinations]
        return draw(drawable), drawable


def _drawing(options: ValidateOptions, form: Form, spoken: Words) -> Callable[[Sequence[Examination]], str]:
    """How examinations become a text in the format asked for."""

    def draw(examinations: Sequence[Examination]) -> str:
        match options.format:
            case "json":
                from cchc_excel.reporting.contract import as_json

                return as_json(examinations, form, spoken)
            case "html":
                from datetime import datetime

                from cchc_excel.reporting.page import as_page

                return as_page(examinations, form, spoken, datetime.now().astimezone().date())
        from cchc_excel.reporting.terminal import table_for

        terminal = sys.stdout if options.output is None else None
        return table_for(terminal, examinations, form, spoken, verbose=options.verbose)

    return draw


def _drawable(
    examination: Examination, draw: Callable[[Sequence[Examination]], str], tell: Callable[[str], None]
) -> Examination:
    """The examination; or if this program fails to show it, one that says so."""
    try:
        draw([examination])
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
        defect = defect_of(error)
        tell(defect.traceback)
        return replace(examination, submission=None, findings=(defect_finding(defect),))
    return examination
