"""What `cchc correct` does: write a corrected copy of each file into a folder, and never over what others made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.commands.copies_there import CopiesThere
from cchc_excel.commands.decisions_given import DecisionsGiven
from cchc_excel.commands.examining import Run
from cchc_excel.commands.files import is_same, workbook_paths, write_whole
from cchc_excel.commands.options import CorrectOptions
from cchc_excel.commands.outcome import Outcome, outcome_of, told
from cchc_excel.commands.refusals import DONE, FAILED, STOPPED
from cchc_excel.commands.register import Register
from cchc_excel.commands.resume import FILE, key_of, opened_state
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
    if options.undo and options.decisions:
        raise BadOption("--undo", "--decisions")
    form, spoken = load_form(options.form), words(options.lang)
    paths = tuple(path for path in workbook_paths(options.files) if not is_same(path, options.sheet))
    run = Run(options, form, spoken)
    copies = _Copies(options, run, _state(options, run), alone=len(paths) == 1)
    copies.refuse_outputs(paths)
    todo = copies.not_finished(paths)
    try:
        for done in run.over(todo):
            copies.write(done)
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=copies.gone_through, total=len(paths)))
        return STOPPED
    finally:
        run.keep(copies.state)
        for line in told(copies.outcomes, spoken, dry_run=options.dry_run):
            print(line)
        if copies.register is not None and not options.dry_run:
            print(copies.register.write())
    return DONE if copies.readable and not copies.failed and not run.unopened else FAILED


def _state(options: CorrectOptions, run: Run) -> State | None:
    """What an earlier run finished under the same options; None where this run does not go on with one."""
    if not options.resume:
        return None
    depends_on = ("correct", options.apply, options.undo, *run.given, options.lang)
    others = (*options.previous, *options.decisions)
    return opened_state(options.output / FILE, run.form, depends_on, others, run.spoken)


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
    outcomes: list[Outcome] = field(default_factory=list)
    copies: CopiesThere = field(init=False)
    decisions: DecisionsGiven = field(init=False)
    correction: Correction = field(init=False)
    register: Register | None = field(init=False)
    _taken: set[Path] = field(default_factory=set)
    _only_listed: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        run, options = self.run, self.options
        as_told = ("correct", options.apply, *run.given, options.lang)
        self.register = Register(options.sheet, run.form, run.spoken, run.say) if options.sheet is not None else None
        self.copies = CopiesThere(run.form)
        self.decisions = DecisionsGiven(options.decisions, run.spoken, run.say)
        self.correction = Correction(
            form=run.form,
            spoken=run.spoken,
            previous=run.previous,
            given=run.given,
            policy=Policy(options.apply),
            undo=options.undo,
            key=key_of(run.form, as_told, workbook_paths(options.previous)),
            say=run.say,
        )

    def refuse_outputs(self, paths: Iterable[Path]) -> None:
        """An input is never written to, not even by force; what others made stays unless told otherwise.

        A copy that an earlier run made is no hindrance: what was decided in it is kept.
        """
        options = self.options
        if options.output.exists() and not options.output.is_dir():
            raise CannotWrite(str(options.output), "")
        for path in paths:
            target = self.target_of(path)
            named = options.output / path.name
            if any(it.exists() and it.samefile(path) for it in (target, named)):
                raise OutputExists(str(target))
            if target.exists() and not (options.force or options.resume) and not self.copies.source_of(target):
                raise OutputExists(str(target))

    def target_of(self, path: Path) -> Path:
        """Where the copy of a file goes: one that is no .xlsx becomes one."""
        name = path.name if path.suffix.lower() in {".xlsx", ".xlsm"} else f"{path.stem}.xlsx"
        return self.options.output / name

    def not_finished(self, paths: Sequence[Path]) -> list[Path]:
        """The files that are still to be done: new or changed ones, and those whose copy is gone."""
        finished = [path for path in paths if self._is_finished(path)]
        unchanged = [path for path in paths if path not in finished and self._is_unchanged(path)]
        self.readable = self.gone_through = len(finished) + len(unchanged)
        if self.gone_through:
            self.run.say(self.run.spoken.word("many", "skipped", count=self.gone_through))
        if self.register is not None:  # what is open in them is listed all the same
            self._only_listed.update(unchanged)
            unchanged = []
        return [path for path in paths if path not in finished and path not in unchanged]

    def _is_finished(self, path: Path) -> bool:
        """Whether the copy of an unchanged file is still there; one that somebody changed stays, and is said."""
        name = self.state.find(path) if self.state is not None else None
        if self.state is None or name is None:
            return False
        target = self.options.output / name
        ours = self.state.is_ours(target)
        if not target.is_file() or (self.options.force and not ours):
            return False
        self._taken.add(target)
        if not ours:
            self.run.say(self.run.spoken.word("many", "edited", path=target))
        return True

    def _is_unchanged(self, path: Path) -> bool:
        """Whether the copy that is there was made of this very file, in this way, and nothing is to be decided."""
        options = self.options
        if options.force or options.undo or options.decisions or self.state is not None:
            return False
        target = self.target_of(path)
        source = self.copies.source_of(target)
        try:
            data = path.read_bytes()
        except OSError:  # it will be told when it is its turn
            return False
        if not source or source != self.correction.source_of(data, None):
            return False
        self._taken.add(target)
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
        target = self.options.output / path.name
        if examination.kind != "xlsx":
            self.run.say(spoken.word("correct", "fresh", path=path))
            target = target.with_suffix(".xlsx")
        is_listed = path in self._only_listed
        is_free = is_listed or target not in self._taken
        there = self.copies.there(target, examination.submission) if is_free else None
        corrected = self.correction.copy(done, self.decisions.about(path, alone=self.alone), there)
        if corrected is None:
            return
        if self.register is not None:
            self.register.add(target, corrected)
        if is_listed:
            return
        self.readable += 1
        if not self.options.dry_run:
            self._keep(target, corrected.data, is_own=there is not None)
        self._tell_written(target, corrected)
        self.outcomes.append(outcome_of(target, corrected, examination.submission, form, run=self.run))
        if self.state is not None and not self.options.dry_run:
            self.state.wrote(target)
            self.state.remember(path, done.data, target.name)

    def _keep(self, target: Path, data: bytes, *, is_own: bool) -> None:
        """Write a copy. It replaces what an earlier run wrote of the same unit, and nothing that others did."""
        replace = (self.options.force or is_own) and target not in self._taken
        if self.state is not None and target not in self._taken:
            if target.is_file() and target.read_bytes() == data:  # of a run that was killed before it could keep it
                self._taken.add(target)
                return
            replace = replace or self.state.is_ours(target)
        write_whole(target, data, replace=replace)
        self._taken.add(target)

    def _tell_written(self, target: Path, corrected: Corrected) -> None:
        spoken = self.run.spoken
        if not corrected.is_calculated:
            self.run.say(spoken.word("correct", "not_calculated", path=target))
        if corrected.signature_broken:
            self.run.say(spoken.word("correct", "signature", path=target))
