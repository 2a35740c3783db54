"""What `cchc validate` does: examine the files, show what was found, tell how bad it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

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

Draw = Callable[[Sequence[Examination]], str]
"""Makes a text of examinations."""


@dataclass(frozen=True, kw_only=True)
class ValidateOptions(ExaminingOptions):
    """What `cchc validate` is to do."""

    fail_on: str = "error"
    output: Path | None = None
    verbose: bool = False


def run_validate(options: ValidateOptions) -> int:
    """Examine the files, show what was found, and return the exit status."""
    form, spoken = form_asked_for(options.form), words(options.lang)
    names = arriving_names(options.files, recursive=options.recursive, stdin=True)
    paths = tuple(map(Path, names))
    run = _run(options, form, spoken)
    replace_output = _may_replace(options, run, paths)
    if options.output is not None:
        clear_left_behind(options.output.parent)
    found = _examined(run, paths)
    examinations = found.examinations
    if examinations or not found.stopped:
        drawn = _drawn(examinations, options, run)
        examinations = drawn.examinations
        _show(drawn.text, options, run, replace_output=replace_output)
    if found.stopped:
        return STOPPED
    if run.unopened or not any(examination.readable for examination in examinations):
        return FAILED
    return exit_status(examinations, options.fail_on)


class _Examined(NamedTuple):
    """The examinations of a run in the order of the files; `stopped` tells that a person stopped it."""

    examinations: list[Examination]
    stopped: bool


def _examined(run: Run, paths: Sequence[Path]) -> _Examined:
    """Examine the files; where a person stops the run, what was done until then is kept."""
    examinations: list[Examination] = []
    stopped = False
    try:
        examinations.extend(done.examination for done in run.over(paths))
    except KeyboardInterrupt:
        run.say(run.spoken.word("many", "stopped", done=len(examinations), total=len(paths)))
        stopped = True
    finally:
        run.keep(run.state)
    return _Examined(examinations, stopped)


def _show(text: str, options: ValidateOptions, run: Run, *, replace_output: bool) -> None:
    """Print what was found, or write it; a run that goes on later remembers that it wrote the output."""
    print_or_write(text, options.output, replace=replace_output)
    if options.output is not None and run.state is not None:
        run.state.wrote(options.output)
        run.keep(run.state)


def exit_status(examinations: Iterable[Examination], fail_on: str) -> int:
    """Return 1 if any finding that counts is at least as bad as `fail_on`, else 0."""
    if fail_on == "never":
        return DONE
    worst_found = worst(finding for examination in examinations for finding in examination.findings)
    if worst_found is None or worst_found.rank < Severity(fail_on).rank:
        return DONE
    return FOUND


def _run(options: ValidateOptions, form: Form, spoken: Words) -> Run:
    """Return the run that the options ask for. Raises BadOption or UnknownCode for what they cannot mean."""
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
    may_replace = options.force or (state is not None and state.is_ours(output))
    is_input = is_one_of(output, (*paths, *workbook_paths(options.previous)))
    if is_input or (output.exists() and not may_replace):
        raise OutputExists(str(output))
    return may_replace


class _Drawn(NamedTuple):
    """What was found as a text, and the examinations that it shows."""

    text: str
    examinations: list[Examination]


def _drawn(examinations: Sequence[Examination], options: ValidateOptions, run: Run) -> _Drawn:
    """Draw what was found; a file that this program fails to show has the finding S08 instead of its own."""
    draw = _drawing(options, run.form, run.spoken)
    try:
        return _Drawn(draw(examinations), list(examinations))
    except Exception:  # noqa: BLE001 - the edge of one file: which one it was is found out by drawing each alone
        drawable = [_drawable(examination, draw, run.tell) for examination in examinations]
        return _Drawn(draw(drawable), drawable)


def _drawing(options: ValidateOptions, form: Form, spoken: Words) -> Draw:
    """Return what makes a text of examinations, in the format asked for."""

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


def _drawable(examination: Examination, draw: Draw, tell: Callable[[str], None]) -> Examination:
    """The examination; if this program fails to show it, one that says so."""
    try:
        draw([examination])
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
        defect = defect_of(error)
        tell(defect.traceback)
        return replace(examination, submission=None, findings=(defect_finding(defect),))
    return examination
