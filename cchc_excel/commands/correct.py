"""What `cchc correct` does: write a corrected copy of each file into a folder, and never over what others made."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc_excel.commands.copies_there import CopiesThere
from cchc_excel.commands.decisions_given import DecisionsGiven
from cchc_excel.commands.examining import Run
from cchc_excel.commands.files import (
    PACKAGES,
    STDIN,
    as_package,
    clear_left_behind,
    file_bytes,
    identity,
    is_same,
    source_of,
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
from cchc_excel.form import Form, edition_named, form_asked_for
from cchc_excel.grid import harmless
from cchc_excel.pipeline import Done, Examination
from cchc_excel.reading import read
from cchc_excel.wording import words

if TYPE_CHECKING:
    from cchc_excel.commands.resume import State
    from cchc_excel.corrected_copy import Corrected

FROM_STDIN = "BieuThongKe.xlsx"  # the copy of what came through standard input


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
    paths = _paths(options)
    run = Run(options, form, spoken)
    is_alone = len(paths) == 1 and (paths[0].is_file() or str(paths[0]) == STDIN)
    copies = _Copies(options, run, _state(options, run), names_of_copies(paths), alone=is_alone)
    copies.refuse_outputs()
    clear_left_behind(options.output)
    todo = copies.not_finished(paths)
    try:
        for done in run.over(todo):
            copies.write(done)
        copies.tell_decisions_left()
    except KeyboardInterrupt:
        run.say(spoken.word("many", "stopped", done=copies.gone_through, total=len(paths)))
        return STOPPED
    finally:
        run.keep(copies.state)
        copies.tell()
    return DONE if copies.readable and not copies.failed and not run.unopened else FAILED


def _paths(options: CorrectOptions) -> tuple[Path, ...]:
    """The files to correct; the workbook of decisions may lie among them, and is none."""
    names = arriving_names(options.files, recursive=options.recursive, apart_from=options.output, stdin=True)
    return tuple(path for path in map(Path, names) if not is_same(path, options.sheet))


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
    """The name of each copy in the folder of the output, no two the same.

    A name has folders only where it needs them: all communes send `BieuThongKe.xlsx`, each in a folder of its own.
    """
    whole_paths = {path: _whole_path(path) for path in paths}
    for path in _sharing(whole_paths):  # `a.xls` beside `a.xlsx`: both copies would be `a.xlsx`
        if path.suffix.lower() not in PACKAGES:
            whole_paths[path] = whole_paths[path].with_name(path.name + ".xlsx")
    names = {path: Path(whole.name) for path, whole in whole_paths.items()}
    most_parts = max((len(whole.parts) for whole in whole_paths.values()), default=0)
    for folders in range(1, most_parts):
        for path in _sharing(names):
            parts_from_the_end = folders + 1
            names[path] = Path(*_within_output(whole_paths[path])[-parts_from_the_end:])
    return names


def _within_output(whole: Path) -> Sequence[str]:
    """The parts of a whole path as folders in another one: `C:` is no folder, and `/` would lead back to the root."""
    drive = whole.drive.replace("\\", " ").replace(":", "").strip()
    folders = whole.parts[1:]
    return (drive, *folders) if drive else folders


def _whole_path(path: Path) -> Path:
    """The path of a file with all its folders, without `..`: a copy in a folder of that name would leave the output's.

    What comes through standard input gets a name of its own.
    """
    named = path.with_name(FROM_STDIN) if str(path) == STDIN else path
    return Path(os.path.abspath(named))  # noqa: PTH100 - `absolute` keeps `..`, and `resolve` follows links


def _sharing(names: Mapping[Path, Path]) -> list[Path]:
    """The files whose copies would have one name, as any folder compares names."""
    by_name: dict[str, list[Path]] = {}
    for path, name in names.items():
        # a Mac may spell `ề` in three characters, and neither it nor Windows tells small letters from capitals
        compared = unicodedata.normalize("NFC", str(as_package(name))).casefold()
        by_name.setdefault(compared, []).append(path)
    shared = [paths for paths in by_name.values() if len(paths) > 1]
    return [path for paths in shared for path in paths]


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
    not_carried_out: list[Mapping[str, Any]] | None = (
        None  # decisions about other files; None before all are gone through
    )
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
        """Raise NotAFolder or OutputExists where a copy must not be written.

        An input is never written to, not even by force; what others made stays unless told otherwise. A copy that an
        earlier run made is no hindrance: what was decided in it is kept.
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
            may_replace = options.force or options.resume
            if target.exists() and not may_replace and not self.copies.source_of(target):
                raise OutputExists(str(target))

    def tell_decisions_left(self) -> None:
        """Say which decisions were not carried out, as they are about none of the files."""
        left = self.decisions.left()
        self.not_carried_out = [document for rows in left for document in rows.documents()]
        for rows in left:
            for line in rows.lines(self.run.spoken):
                self.run.say(line)

    def tell(self) -> None:
        """Write the workbook of decisions, if one was asked for, and tell at the end what was done and what is left."""
        is_dry = self.options.dry_run
        written = self.register.write() if self.register is not None and not is_dry else None
        if self.options.format == "json":
            print(self._document())
            return
        for line in told(self.outcomes, self.run.spoken, dry_run=is_dry):
            print(harmless(line))
        if written is not None:
            print(harmless(written))

    def _document(self) -> str:
        """What was done and what is left, for programs."""
        from cchc_excel.reporting.contract import document

        register, is_dry = self.register, self.options.dry_run
        return document(
            "correct",
            dry_run=is_dry,
            undo=self.options.undo,
            files=[outcome.document for outcome in self.outcomes],
            unread=self.unread,
            unchanged=self.unchanged,
            not_carried_out=self.not_carried_out,
            sheet=str(register.path) if register is not None and not is_dry else None,
            open=len(register.rows) if register is not None else None,
        )

    def target_of(self, path: Path) -> Path:
        """Where the copy of a file goes: one that is not called a package becomes an .xlsx, whatever it holds."""
        return as_package(self.options.output / self._name(path))

    def not_finished(self, paths: Sequence[Path]) -> list[Path]:
        """The files that are still to be done: new or changed ones, and those whose copy is gone."""
        finished = [path for path in paths if self._is_finished(path)]
        if self.options.decisions:
            self._note_finished(finished)
        others = _without(paths, finished)
        unchanged = [path for path in others if self._is_unchanged(path)]
        skipped = len(finished) + len(unchanged)
        self.readable = self.gone_through = self.unchanged = skipped
        if skipped:
            self.run.inform(self.run.spoken.word("many", "skipped", count=skipped))
        if self.register is None:
            return _without(others, unchanged)
        self._only_listed.update(unchanged)  # what is open in them is listed all the same
        return others

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

    def _note_finished(self, paths: Sequence[Path]) -> None:
        """Read whose workbooks an earlier run finished: the decisions about them were carried out then."""
        for path in paths:
            try:
                submission = read(source_of(path), self.run.form, self.run.given).submission
            except OSError:  # it went away since it was looked at
                continue
            if submission is not None:
                self.decisions.note(path, submission)

    def _is_unchanged(self, path: Path) -> bool:
        """Whether the copy that is there was made of this very file, in this way, and nothing is to be decided."""
        options = self.options
        is_made_anew = options.force or options.undo or options.decisions or self.state is not None
        if is_made_anew:
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
        path, examination = done.path, done.examination
        form = edition_named(self.run.form, examination.edition)
        submission = examination.submission
        if submission is None:
            self._tell_unread(path, examination, form)
            return
        self.decisions.note(path, submission)
        target = self.target_of(path)
        if examination.kind != "xlsx":
            self.run.inform(self.run.spoken.word("correct", "fresh", path=path))
            target = target.with_suffix(".xlsx")

        is_only_listed = path in self._only_listed
        is_free = is_only_listed or target not in self._taken
        there = self.copies.there(target, submission) if is_free else None
        correction = replace(self.correction, form=form)
        corrected = correction.copy(done, self.decisions.about(path, alone=self.alone), there)
        if corrected is None:
            return
        if self.register is not None:
            self.register.add(target, corrected, form)
        if is_only_listed:
            return

        self.readable += 1
        is_kept = not self.options.dry_run
        if is_kept:
            self._keep(target, corrected.data, is_own=there is not None)
        self._tell_written(target, corrected)
        self.outcomes.append(outcome_of(target, corrected, submission, form, run=self.run))
        if is_kept and self.state is not None:
            self.state.wrote(target)
            self.state.remember(path, done.data, target.relative_to(self.options.output).as_posix())

    def _tell_unread(self, path: Path, examination: Examination, form: Form) -> None:
        """Say why a file could not be read, and what to do."""
        spoken = self.run.spoken
        for finding in examination.findings:
            message = spoken.message(finding, form)
            self.run.say(f"{path}: {message}\n→ {spoken.remedy(finding.code)}")
            self.unread.append({"path": str(path), "code": finding.code, "message": message})

    def _name(self, path: Path) -> Path:
        """The name of a copy. A file in an archive has none before that is opened, and gets the next free one."""
        if path not in self.names:
            taken = {_compared(name) for name in self.names.values()}
            self.names[path] = next(name for name in _possible_names(path) if _compared(name) not in taken)
        return self.names[path]

    def _keep(self, target: Path, data: bytes, *, is_own: bool) -> None:
        """Write a copy. It replaces what an earlier run wrote of the same unit, and nothing that others did."""
        may_replace = False  # what this run wrote
        if target not in self._taken:
            may_replace = self.options.force or is_own
            if self.state is not None:
                if target.is_file() and target.read_bytes() == data:  # of a run that was killed before it could keep it
                    self._taken.add(target)
                    return
                may_replace = may_replace or self.state.is_ours(target)
        write_whole(target, data, replace=may_replace)
        self._taken.add(target)

    def _tell_written(self, target: Path, corrected: Corrected) -> None:
        """Say what an officer must know of a copy before it is used."""
        spoken = self.run.spoken
        if not corrected.is_calculated:
            self.run.say(spoken.word("correct", "not_calculated", path=target))
        if corrected.signature_broken:
            self.run.say(spoken.word("correct", "signature", path=target))


def _without(paths: Sequence[Path], others: Sequence[Path]) -> list[Path]:
    return [path for path in paths if path not in others]


def _possible_names(path: Path) -> Iterator[Path]:
    """The names that the copy of a file in an archive may have: its own, or that in a folder called as the archive."""
    yield Path(path.name)
    archive = path.parent.name
    yield Path(archive, path.name)
    for number in count(2):
        yield Path(f"{archive} ({number})", path.name)


def _compared(name: Path) -> str:
    """A name as it is compared with others: all copies could be .xlsx, and some folders do not know capitals."""
    return str(name.with_suffix(".xlsx")).casefold()
