"""What `cchc correct` does: write a corrected copy of each file into a folder, and never over what others made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.commands.decisions_given import DecisionsGiven
from cchc_excel.commands.examining import Run
from cchc_excel.commands.files import clear_left_behind, identity, write_whole
from cchc_excel.commands.intake import arriving_names
from cchc_excel.commands.options import CorrectOptions
from cchc_excel.commands.refusals import DONE, FAILED, STOPPED
from cchc_excel.commands.resume import FILE, opened_state
from cchc_excel.corrected_copy.correcting_one import Correction
from cchc_excel.correcting import Policy
from cchc_excel.errors import BadOption, CannotWrite, OutputExists, UsageError, defect_of
from cchc_excel.form import load_form
from cchc_excel.pipeline import Done
from cchc_excel.wording import words

if TYPE_CHECKING:
    from cchc_excel.commands.resume import State
    from cchc_excel.corrected_copy import Corrected


def run_correct(options: CorrectOptions) -> int:
    """Write a corrected copy of each readable file into a folder; return the exit status."""
    if options.undo and options.decisions is not None:
        raise BadOption("--undo", "--decisions")
    form, spoken = load_form(options.form), words(options.lang)
    names = arriving_names(options.files, recursive=options.recursive, apart_from=options.output)
    paths = tuple(map(Path, names))
    _refuse_own_inputs(paths, options.output, force=options.force or options.resume)
    clear_left_behind(options.output)
    run = Run(options, form, spoken)
    copies = _Copies(options, run, _state(options, run), alone=len(paths) == 1 and paths[0].is_file())
    todo = copies.not_finished(paths)
    try:
        for done in run.over(todo):
            copies.write(done)
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=copies.gone_through, total=len(paths)))
        return STOPPED
    finally:
        run.keep(copies.state)
    return DONE if copies.readable and not copies.failed and not run.unopened else FAILED


def _state(options: CorrectOptions, run: Run) -> State | None:
    """What an earlier run finished under the same options; None where this run does not go on with one."""
    if not options.resume:
        return None
    depends_on = ("correct", options.apply, options.undo, *run.given, options.lang)
    others = (*options.previous, *([options.decisions] if options.decisions is not None else []))
    return opened_state(options.output / FILE, run.form, depends_on, others, run.spoken)


def _refuse_own_inputs(paths: Iterable[Path], output: Path, *, force: bool) -> None:
    """An input is never written to, not even by force; an output that is there stays unless told otherwise."""
    if output.exists() and not output.is_dir():
        raise CannotWrite(str(output), "")
    for path in paths:
        target = output / path.name
        if target.exists() and (identity(target) == identity(path) or not force):
            raise OutputExists(str(target))


@dataclass
class _Copies:
    """Writes corrected copies one by one; `readable` and `gone_through` count those of an earlier run as well.

    `alone` tells that there is but one file: then nothing is gained by going on.
    """

    options: CorrectOptions
    run: Run
    state: State | None
    alone: bool
    readable: int = 0
    gone_through: int = 0
    failed: bool = False
    _taken: set[str] = field(default_factory=set)

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
        target = self.options.output / name
        ours = self.state.is_ours(target)
        if not target.is_file() or (self.options.force and not ours):
            return False
        self._take(target)
        if not ours:
            self.run.say(self.run.spoken.word("many", "edited", path=target))
        return True

    def write(self, done: Done) -> None:
        """Write the corrected copy of one file, and say what there is to say; a failure is not that of the others."""
        spoken = self.run.spoken
        try:
            self._write(done)
        except UsageError as error:
            if self.alone and not isinstance(error, OutputExists):
                raise
            self.run.say("\n→ ".join(spoken.error(error)))
            self.failed = True
        except Exception as error:  # the edge of one file: a defect over it must not stop the others
            if self.alone:
                raise
            self.run.tell(defect_of(error).traceback)
            self.run.say(spoken.internal_file(str(done.path)))
            self.failed = True
        self.gone_through += 1

    def _write(self, done: Done) -> None:
        path, examination, _ = done
        form, spoken = self.run.form, self.run.spoken
        if examination.submission is None:
            for finding in examination.findings:
                self.run.say(f"{path}: {spoken.message(finding, form)}\n→ {spoken.remedy(finding.code)}")
            return
        name = path.name
        if examination.kind != "xlsx":
            self.run.say(spoken.word("correct", "fresh", path=path))
            name = path.with_suffix(".xlsx").name
        target = self._target(path, name)
        corrected = self._corrected(done)
        if corrected is None:
            return
        self.readable += 1
        self._keep(target, corrected.data)
        self._tell_written(target, corrected)
        if self.state is not None:
            self.state.wrote(target)
            self.state.remember(path, done.data, target.relative_to(self.options.output).as_posix())

    def _target(self, path: Path, name: str) -> Path:
        """Where the copy of a file goes: two files of one run never share an output.

        Where each commune's file is called `BieuThongKe.xlsx`, the second one stands in a folder named as its own.
        """
        target, folder, number = self.options.output / name, self.options.output / (path.parent.name or "_"), 2
        while str(target).casefold() in self._taken:
            target = folder / name
            folder, number = folder.with_name(f"{path.parent.name} ({number})"), number + 1
        return target

    def _take(self, target: Path) -> None:
        self._taken.add(str(target).casefold())

    def _corrected(self, done: Done) -> Corrected | None:
        run = self.run
        correction = Correction(
            form=run.form,
            spoken=run.spoken,
            previous=run.previous,
            given=run.given,
            policy=Policy(self.options.apply),
            undo=self.options.undo,
            say=run.say,
        )
        decisions = DecisionsGiven(self.options.decisions, run.spoken, run.say)
        return correction.copy(done, decisions.about(done.path, alone=self.alone))

    def _keep(self, target: Path, data: bytes) -> None:
        """Write a copy. A run that goes on replaces what an earlier one wrote, and nothing that others did."""
        replace = self.options.force
        if self.state is not None:
            if target.is_file() and target.read_bytes() == data:  # of a run that was killed before it could keep it
                self._take(target)
                return
            replace = replace or self.state.is_ours(target)
        write_whole(target, data, replace=replace)
        self._take(target)

    def _tell_written(self, target: Path, corrected: Corrected) -> None:
        spoken = self.run.spoken
        counts = {"count": len(corrected.changes), "recalculated": corrected.recalculated}
        self.run.say(spoken.word("correct", "written", path=target, **counts))
        if not corrected.is_calculated:
            self.run.say(spoken.word("correct", "not_calculated", path=target))
        if corrected.signature_broken:
            self.run.say(spoken.word("correct", "signature", path=target))
