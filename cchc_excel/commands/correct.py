"""What `cchc correct` does: write a corrected copy of each file into a folder, and never over what others made."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.commands.copies_there import CopiesThere
from cchc_excel.commands.decisions_given import DecisionsGiven
from cchc_excel.commands.examining import Run
from cchc_excel.commands.files import (
    STDIN,
    clear_left_behind,
    file_bytes,
    identity,
    is_same,
    workbook_paths,
    write_whole,
)
from cchc_excel.commands.intake import arriving_names
from cchc_excel.commands.options import ExaminingOptions
from cchc_excel.commands.outcome import Outcome, outcome_of, told
from cchc_excel.commands.refusals import DONE, FAILED, STOPPED
from cchc_excel.commands.register import Register
from cchc_excel.commands.resume import FILE, key_of, opened_state
from cchc_excel.corrected_copy.correcting_one import Correction
from cchc_excel.correcting import Policy
from cchc_excel.correcting.history import name_of
from cchc_excel.errors import NotAFolder, OptionsExclude, OutputExists, UsageError, WorkbookTooLarge, defect_of
from cchc_excel.form import edition_named, form_asked_for
from cchc_excel.grid import harmless
from cchc_excel.pipeline import Done
from cchc_excel.wording import words

if TYPE_CHECKING:
    from cchc_excel.commands.resume import State
    from cchc_excel.corrected_copy import Corrected

FROM_STDIN = "BieuThongKe.xlsx"  # the copy of what came through standard input
PACKAGES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})  # whose copies keep their ending; others become .xlsx


@dataclass(frozen=True, kw_only=True)
class CorrectOptions(ExaminingOptions):
    """What `cchc correct` is to do; `output` is a folder, `decisions` files or folders."""

    output: Path
    apply: str = "safe"
    decisions: Sequence[Path] = ()
    undo: bool = False
    dry_run: bool = False
    sheet: Path | None = None
    decided_by: str | None = None


def run_correct(options: CorrectOptions) -> int:
    """Write a corrected copy of each readable file into a folder; return the exit status."""
    if options.undo and options.decisions:
        raise OptionsExclude("--undo", "--decisions")
    form, spoken = form_asked_for(options.form), words(options.lang)
    names = arriving_names(options.files, recursive=options.recursive, apart_from=options.output, stdin=True)
    paths = tuple(path for path in map(Path, names) if not is_same(path, options.sheet))
    run = Run(options, form, spoken)
    alone = len(paths) == 1 and (paths[0].is_file() or str(paths[0]) == STDIN)
    copies = _Copies(options, run, _state(options, run), names_of_copies(paths), alone=alone)
    copies.refuse_outputs()
    clear_left_behind(options.output)
    todo = copies.not_finished(paths)
    try:
        for done in run.over(todo):
            copies.write(done)
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=copies.gone_through, total=len(paths)))
        return STOPPED
    finally:
        run.keep(copies.state)
        copies.tell()
    return DONE if copies.readable and not copies.failed and not run.unopened else FAILED


def _state(options: CorrectOptions, run: Run) -> State | None:
    """What an earlier run finished under the same options; None where this run does not go on with one."""
    if not options.resume:
        return None
    depends_on = (
        "correct",
        options.apply,
        options.undo,
        options.decided_by or "",
        *run.given,
        options.lang,
        *run.selection.texts,
    )
    others = (*options.previous, *options.decisions)
    return opened_state(options.output / FILE, run.form, depends_on, others, run.spoken)


def names_of_copies(paths: Sequence[Path]) -> dict[Path, Path]:
    """The name of each copy in the folder of the output, no two the same: with folders only where it takes them.

    All communes send `BieuThongKe.xlsx`, each in a folder of its own. An .xls becomes an .xlsx, perhaps beside another.
    """
    in_folders = {path: _in_full(path.with_name(FROM_STDIN) if str(path) == STDIN else path) for path in paths}
    for path in _sharing(in_folders):  # `a.xls` beside `a.xlsx`: both copies would be `a.xlsx`
        if path.suffix.lower() not in PACKAGES:
            in_folders[path] = in_folders[path].with_name(path.name + ".xlsx")
    names = {path: Path(whole.name) for path, whole in in_folders.items()}
    for folders in range(1, max((len(whole.parts) for whole in in_folders.values()), default=0)):
        for path in _sharing(names):
            names[path] = Path(*_within_output(in_folders[path])[-1 - folders :])
    return names


def _within_output(whole: Path) -> Sequence[str]:
    """The parts of a whole path as folders in another one: `C:` is no folder, and `/` would lead back to the root."""
    drive = whole.drive.replace("\\", " ").replace(":", "").strip()
    folders = whole.parts[1:]
    return (drive, *folders) if drive else folders


def _in_full(path: Path) -> Path:
    """The whole path without `..`: a copy in a folder of that name would leave the folder of the output."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - `absolute` keeps `..`, and `resolve` follows links


def _sharing(names: Mapping[Path, Path]) -> list[Path]:
    """The files whose copies would have one name, as any folder compares names."""
    by_name: dict[str, list[Path]] = {}
    for path, name in names.items():
        copy = name if name.suffix.lower() in PACKAGES else name.with_suffix(".xlsx")
        # a Mac may spell `ề` in three characters, and neither it nor Windows tells small letters from capitals
        compared = unicodedata.normalize("NFC", str(copy)).casefold()
        by_name.setdefault(compared, []).append(path)
    return [path for paths in by_name.values() if len(paths) > 1 for path in paths]


@dataclass
class _Copies:
    """Writes corrected copies one by one; `readable` and `gone_through` count those of an earlier run as well.

    `alone` tells that there is but one file: then nothing is gained by going on.
    """

    options: CorrectOptions
    run: Run
    state: State | None
    names: dict[Path, Path]  # of the copies, in the output folder
    alone: bool
    readable: int = 0
    gone_through: int = 0
    failed: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    unread: list[Mapping[str, str]] = field(default_factory=list)
    unchanged: int = 0
    copies: CopiesThere = field(init=False)
    decisions: DecisionsGiven = field(init=False)
    correction: Correction = field(init=False)
    register: Register | None = field(init=False)
    _taken: set[Path] = field(default_factory=set)
    _only_listed: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        run, options = self.run, self.options
        as_told = (
            "correct",
            options.apply,
            *filter(None, [options.decided_by]),
            *run.given,
            options.lang,
            *run.selection.texts,
        )
        self.register = Register(options.sheet, run.spoken, run.say) if options.sheet is not None else None
        self.copies = CopiesThere(run.form)
        self.decisions = DecisionsGiven(options.decisions, run.spoken, run.say)
        self.correction = Correction(
            form=run.form,
            spoken=run.spoken,
            previous=run.previous,
            given=run.given,
            selection=run.selection,
            policy=Policy(options.apply),
            undo=options.undo,
            key=key_of(run.form, as_told, workbook_paths(options.previous)),
            say=run.say,
            decided_by=name_of(options.decided_by or ""),
        )

    def refuse_outputs(self) -> None:
        """An input is never written to, not even by force; what others made stays unless told otherwise.

        A copy that an earlier run made is no hindrance: what was decided in it is kept.
        """
        options = self.options
        if options.output.exists() and not options.output.is_dir():
            raise NotAFolder(str(options.output))
        inputs = {identity(path) for path in self.names}
        for path, name in self.names.items():
            target = self.target_of(path)
            # a copy may get another suffix than its file has: neither name may be that of an input
            for copy in (target, options.output / name):
                if copy.exists() and identity(copy) in inputs:
                    raise OutputExists(str(target))
            if target.exists() and not (options.force or options.resume) and not self.copies.source_of(target):
                raise OutputExists(str(target))

    def tell(self) -> None:
        """Write the workbook of decisions, if one was asked for, and tell at the end what was done and what is left."""
        spoken, is_dry = self.run.spoken, self.options.dry_run
        written = self.register.write() if self.register is not None and not is_dry else None
        if self.options.format == "json":
            from cchc_excel.reporting.contract import document

            print(
                document(
                    "correct",
                    dry_run=is_dry,
                    undo=self.options.undo,
                    files=[outcome.document for outcome in self.outcomes],
                    unread=self.unread,
                    unchanged=self.unchanged,
                    sheet=str(self.register.path) if self.register is not None and not is_dry else None,
                    open=len(self.register.rows) if self.register is not None else None,
                )
            )
            return
        for line in told(self.outcomes, spoken, dry_run=is_dry):
            print(harmless(line))
        if written is not None:
            print(harmless(written))

    def target_of(self, path: Path) -> Path:
        """Where the copy of a file goes: one that is not called a package becomes an .xlsx, whatever it holds."""
        target = self.options.output / self._name(path)
        return target if target.suffix.lower() in PACKAGES else target.with_suffix(".xlsx")

    def not_finished(self, paths: Sequence[Path]) -> list[Path]:
        """The files that are still to be done: new or changed ones, and those whose copy is gone."""
        finished = [path for path in paths if self._is_finished(path)]
        unchanged = [path for path in paths if path not in finished and self._is_unchanged(path)]
        self.readable = self.gone_through = self.unchanged = len(finished) + len(unchanged)
        if self.gone_through:
            self.run.inform(self.run.spoken.word("many", "skipped", count=self.gone_through))
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
        if not source or str(path) == STDIN:  # which can be read only once
            return False
        try:
            data = file_bytes(str(path))
        except (OSError, WorkbookTooLarge):  # which is said when its turn comes
            return False
        if source != self.correction.source_of(data, None):
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
        form, spoken = edition_named(self.run.form, examination.edition), self.run.spoken
        if examination.submission is None:
            for finding in examination.findings:
                message = spoken.message(finding, form)
                self.run.say(f"{path}: {message}\n→ {spoken.remedy(finding.code)}")
                self.unread.append({"path": str(path), "code": finding.code, "message": message})
            return
        target = self.target_of(path)
        if examination.kind != "xlsx":
            self.run.inform(spoken.word("correct", "fresh", path=path))
            target = target.with_suffix(".xlsx")
        is_listed = path in self._only_listed
        is_free = is_listed or target not in self._taken
        there = self.copies.there(target, examination.submission) if is_free else None
        correction = replace(self.correction, form=form)
        corrected = correction.copy(done, self.decisions.about(path, alone=self.alone), there)
        if corrected is None:
            return
        if self.register is not None:
            self.register.add(target, corrected, form)
        if is_listed:
            return
        self.readable += 1
        if not self.options.dry_run:
            self._keep(target, corrected.data, is_own=there is not None)
        self._tell_written(target, corrected)
        self.outcomes.append(outcome_of(target, corrected, examination.submission, form, run=self.run))
        if self.state is not None and not self.options.dry_run:
            self.state.wrote(target)
            self.state.remember(path, done.data, target.relative_to(self.options.output).as_posix())

    def _name(self, path: Path) -> Path:
        """The name of a copy. A file in an archive has none before that is opened, and gets the next free one."""
        if path not in self.names:
            name = Path(path.name)
            folder = path.parent.name  # of a file in an archive, the archive's name
            number = 2
            taken = {str(other.with_suffix(".xlsx")).casefold() for other in self.names.values()}
            while str(name.with_suffix(".xlsx")).casefold() in taken:
                name = Path(folder, path.name)
                folder = f"{path.parent.name} ({number})"
                number += 1
            self.names[path] = name
        return self.names[path]

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
