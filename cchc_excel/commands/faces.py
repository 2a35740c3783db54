"""What the commands do: each is one sentence over the rooms below, free of the command line's library."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.commands.files import is_one_of, sources, workbook_paths, write_whole
from cchc_excel.commands.refusals import DONE, FAILED, FOUND, STOPPED
from cchc_excel.errors import BadOption, CannotWrite, OutputExists, UsageError, defect_of
from cchc_excel.finding import Finding, worst
from cchc_excel.form import Form, Language, Severity, load_form
from cchc_excel.pipeline import Done, Examination, Selection, defect_finding, examine_all
from cchc_excel.reading import Given
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import Words, words

if TYPE_CHECKING:
    from cchc_excel.commands.progress import Progress
    from cchc_excel.commands.resume import State
    from cchc_excel.corrected_copy.one_copy import Task


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
    debug: bool,
    jobs: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
) -> int:
    """Examine the files, show what was found, and return the exit status."""
    loaded, spoken = load_form(form), words(language)
    if select or ignore:
        from cchc_excel.reporting.reference import refuse_unknown

        refuse_unknown("--select", select, loaded)
        refuse_unknown("--ignore", ignore, loaded)
    given = Given(unit, _period(period))
    earlier = _earlier(previous, loaded, spoken)
    paths = workbook_paths(files)
    options = ("validate", select, ignore, unit, period)
    state = _state(beside(output), loaded, options, previous, spoken) if resume else None
    if output is not None:
        force = force or (state is not None and state.is_ours(output))
        if is_one_of(output, (*paths, *workbook_paths(previous))) or (output.exists() and not force):
            raise OutputExists(str(output))
    run = _Run(loaded, earlier, Selection(select, ignore), given, spoken, state, debug, jobs, cluster)
    examinations: list[Examination] = []
    status = None
    try:
        examinations.extend(done.examination for done in run.over(paths))
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=len(examinations), total=len(paths)))
        status = STOPPED
    finally:
        run.finish()
    if examinations or status is None:
        examinations = _show(
            examinations, loaded, spoken, output_format, output, force=force, verbose=verbose, tell=run.tell
        )
        if output is not None and state is not None:
            state.wrote(output)
            run.finish()
    if status is not None:
        return status
    if run.unopened or not any(examination.readable for examination in examinations):
        return FAILED
    return exit_status(examinations, fail_on)


def beside(output: Path | None) -> Path:
    """Where a run keeps what it has finished: beside its output, or in the folder that it is run in."""
    from cchc_excel.commands.resume import FILE

    return Path(FILE) if output is None else output.with_name(output.name + ".tiep_tuc.json")


def _state(path: Path, form: Form, options: Sequence[object], others: Sequence[Path], spoken: Words) -> State:
    from cchc_excel.commands.resume import State, key_of

    state = State(path, key_of(form, options, workbook_paths(others)))
    if state.damaged:
        print(spoken.word("many", "damaged", path=path), file=sys.stderr)
    return state


@dataclass
class _Run:
    """One run over many files: what they are examined with, what is said on the way."""

    form: Form
    previous: Sequence[Submission]
    selection: Selection
    given: Given
    spoken: Words
    state: State | None
    debug: bool
    jobs: int | None
    cluster: str | None
    unopened: bool = False
    _line: Progress | None = None

    def over(self, paths: Sequence[Path]) -> Iterator[Done]:
        """Examine the files in their order; what is finished is kept, whatever comes then."""
        if len(paths) == 1 and self.state is None and not self.cluster:
            (source,) = sources(paths)  # raises NoSuchFile: there is no other file to go on with
            (examination,) = examine_all([source], self.form, self.previous, self.selection, self.given)
            self._tell_of(examination)
            yield Done(paths[0], examination, source.data)
            return
        from cchc_excel.commands.examining import examined, where_for
        from cchc_excel.commands.progress import Progress

        done = examined(
            paths,
            self.form,
            self.previous,
            self.selection,
            self.given,
            self._unopened,
            where=where_for(len(paths), self.jobs, self.cluster),
            state=self.state,
        )
        self._line = Progress(len(paths), self.spoken.word("many", "per_second"))
        for it in self._line.over(done, lambda it: it.path.name):
            self._tell_of(it.examination)
            yield it

    def say(self, text: str) -> None:
        """Tell the person who waits, on lines apart from the progress."""
        if self._line is None:
            print(text, file=sys.stderr)
        else:
            self._line.say(text)

    def tell(self, traceback: str) -> None:
        """Print what is known of a defect of this program, if that was asked for."""
        if self.debug:
            self.say(traceback)

    def _tell_of(self, examination: Examination) -> None:
        for traceback in examination.tracebacks:
            self.tell(traceback)

    def _unopened(self, path: Path, error: OSError) -> None:
        self.unopened = True
        self.say(self.spoken.word("many", "unopened", path=path, detail=error.strerror or type(error).__name__))

    def finish(self) -> None:
        """Keep what is done for the next run."""
        if self.state is not None and not self.state.save():
            self.say(self.spoken.word("many", "unsaved", path=self.state.path))


def _show(
    examinations: Sequence[Examination],
    form: Form,
    spoken: Words,
    output_format: str,
    output: Path | None,
    *,
    force: bool,
    verbose: bool,
    tell: Callable[[str], None],
) -> list[Examination]:
    """Show what was found; return it as it was shown: a file that cannot be shown is one with S08."""

    def drawn(shown: Sequence[Examination]) -> str:
        if output_format == "json":
            from cchc_excel.reporting.contract import as_json

            return as_json(shown, form, spoken)
        if output_format == "html":
            from cchc_excel.reporting.page import as_page

            return as_page(shown, form, spoken)
        from cchc_excel.reporting.terminal import table_for

        return table_for(sys.stdout if output is None else None, shown, form, spoken, verbose=verbose)

    shown = list(examinations)
    try:
        text = drawn(shown)
    except Exception:  # noqa: BLE001 - the edge of one file: which one it was is found out by drawing each alone
        shown = [_drawable(it, drawn, tell) for it in examinations]
        text = drawn(shown)
    _give(text, output, force=force)
    return shown


def _drawable(
    examination: Examination, drawn: Callable[[Sequence[Examination]], str], tell: Callable[[str], None]
) -> Examination:
    """The examination; or if this program fails to show it, one that says so."""
    try:
        drawn([examination])
    except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
        defect = defect_of(error)
        tell(defect.traceback)
        return replace(examination, submission=None, findings=(defect_finding(defect),))
    return examination


def _give(text: str, output: Path | None, *, force: bool) -> None:
    """Write a text to the file asked for, else to stdout."""
    if output is None:
        print(text, end="" if text.endswith("\n") else "\n")
    else:
        write_whole(output, text.encode("utf-8", "replace"), replace=force)  # a file's name need not be UTF-8


def _earlier(paths: Sequence[Path], form: Form, spoken: Words) -> list[Submission]:
    if not paths:
        return []
    from cchc_excel.commands.examining import earlier_submissions

    def told(path: Path, finding: Finding) -> None:
        print(f"{path}: {spoken.message(finding, form)}", file=sys.stderr)

    return list(earlier_submissions(workbook_paths(paths), form, told))


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


def run_correct(
    files: Sequence[Path],
    *,
    output: Path,
    form: str,
    language: Language,
    apply: str,
    decisions: Path | None,
    previous: Sequence[Path],
    unit: str | None,
    period: str | None,
    force: bool,
    debug: bool,
    jobs: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    undo: bool = False,
) -> int:
    """Write a corrected copy of each readable file into a folder; return the exit status."""
    from cchc_excel.commands.resume import FILE
    from cchc_excel.corrected_copy.one_copy import Task
    from cchc_excel.correcting import Policy

    if undo and decisions is not None:
        raise BadOption("--undo", "--decisions")
    loaded, spoken = load_form(form), words(language)
    paths = workbook_paths(files)
    others = (*previous, *([decisions] if decisions is not None else []))
    options = ("correct", apply, undo, unit, period, language)
    state = _state(output / FILE, loaded, options, others, spoken) if resume else None
    _refuse_own_inputs(paths, output, force=force or resume)
    given, alone = Given(unit, _period(period)), len(paths) == 1
    run = _Run(loaded, _earlier(previous, loaded, spoken), Selection(), given, spoken, None, debug, jobs, cluster)
    task = Task(loaded, spoken, run.previous, given, Policy(apply), decisions, undo, alone, run.say)
    correcting = _Correcting(run, task, output, state, force)
    todo = correcting.not_finished(paths)
    try:
        for done in run.over(todo):
            correcting.write(done)
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=correcting.gone_through, total=len(paths)))
        return STOPPED
    finally:
        if state is not None and not state.save():
            run.say(spoken.word("many", "unsaved", path=state.path))
    return DONE if correcting.readable and not correcting.failed and not run.unopened else FAILED


@dataclass
class _Correcting:
    """Writes corrected copies one by one; `readable` and `gone_through` count those of an earlier run as well."""

    run: _Run
    task: Task
    output: Path
    state: State | None
    force: bool
    readable: int = 0
    gone_through: int = 0
    failed: bool = False
    _taken: set[Path] = field(default_factory=set)

    def not_finished(self, paths: Sequence[Path]) -> list[Path]:
        """The files that are still to be done: new or changed ones, and those whose copy is gone."""
        todo = [path for path in paths if not self._is_finished(path)]
        self.readable = self.gone_through = len(paths) - len(todo)
        if self.gone_through:
            self.run.say(self.run.spoken.word("many", "skipped", count=self.gone_through))
        return todo

    def _is_finished(self, path: Path) -> bool:
        """Whether the copy of an unchanged file is still there; one that somebody changed stays, and is said."""
        name = self.state.find(path) if self.state is not None else None
        if self.state is None or name is None:
            return False
        target = self.output / name
        ours = self.state.is_ours(target)
        if not target.is_file() or (self.force and not ours):
            return False
        self._taken.add(target)
        if not ours:
            self.run.say(self.run.spoken.word("many", "edited", path=target))
        return True

    def write(self, done: Done) -> None:
        """Write the corrected copy of one file, and say what there is to say; a failure is not that of the others."""
        spoken = self.run.spoken
        try:
            self._write(done)
        except UsageError as error:
            if self.task.alone and not isinstance(error, OutputExists):
                raise
            self.run.say("\n→ ".join(spoken.error(error)))
            self.failed = True
        except Exception as error:  # the edge of one file: a defect over it must not stop the others
            if self.task.alone:
                raise
            self.run.tell(defect_of(error).traceback)
            self.run.say(spoken.internal_file(str(done.path)))
            self.failed = True
        self.gone_through += 1

    def _write(self, done: Done) -> None:
        path, examination, data = done
        form, spoken = self.run.form, self.run.spoken
        if examination.submission is None:
            for finding in examination.findings:
                self.run.say(f"{path}: {spoken.message(finding, form)}\n→ {spoken.remedy(finding.code)}")
            return
        target = self.output / path.name
        if examination.kind != "xlsx":
            self.run.say(spoken.word("correct", "fresh", path=path))
            target = target.with_suffix(".xlsx")
        corrected = self.task.copy(path, data, examination)
        if corrected is None:
            return
        self.readable += 1
        self._keep(target, corrected.data)
        counts = {"count": len(corrected.changes), "recalculated": corrected.recalculated}
        self.run.say(spoken.word("correct", "written", path=target, **counts))
        if not corrected.is_calculated:
            self.run.say(spoken.word("correct", "not_calculated", path=target))
        if corrected.signature_broken:
            self.run.say(spoken.word("correct", "signature", path=target))
        if self.state is not None:
            self.state.wrote(target)
            self.state.remember(path, done.data, target.name)

    def _keep(self, target: Path, data: bytes) -> None:
        """Write a copy. A run that goes on replaces what an earlier one wrote, and nothing that others did."""
        replace = self.force
        if self.state is not None and target not in self._taken:
            if target.is_file() and target.read_bytes() == data:  # of a run that was killed before it could keep it
                self._taken.add(target)
                return
            replace = replace or self.state.is_ours(target)
        write_whole(target, data, replace=replace)
        self._taken.add(target)


def _refuse_own_inputs(paths: Iterable[Path], output: Path, *, force: bool) -> None:
    """An input is never written to, not even by force; an output that is there stays unless told otherwise."""
    if output.exists() and not output.is_dir():
        raise CannotWrite(str(output), "")
    for path in paths:
        target = output / path.name
        if target.exists() and (target.samefile(path) or not force):
            raise OutputExists(str(target))


def run_explain(code: str, *, form: str, language: Language) -> None:
    """Print the page of one code."""
    from cchc_excel.reporting.reference import explanation

    print(explanation(code, load_form(form), words(language)))


def run_rules(*, form: str, language: Language, output: Path | None, force: bool) -> None:
    """Print the reference of all checks."""
    from cchc_excel.reporting.reference import reference

    _give(reference(load_form(form), words(language)), output, force=force)
