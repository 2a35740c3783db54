"""Many files through the pipeline: in their order, each on its own, unchanged ones not again.

In:     paths; what each file is examined with; what an earlier run kept of them.
Out:    (path, examination, bytes) as they are finished, in the order of the paths; what is to be said, on stderr.
Never:  stops because one of many files cannot be opened, read or examined.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cchc_excel.commands.earlier import earlier_submissions_told
from cchc_excel.commands.files import not_opened
from cchc_excel.commands.intake import opened
from cchc_excel.commands.options import ExaminingOptions
from cchc_excel.form import Form
from cchc_excel.grid import Source, harmless
from cchc_excel.pipeline import DEFECT, Done, Examination, Selection, examine_all
from cchc_excel.reading import Given
from cchc_excel.submission import Submission
from cchc_excel.wording import Words
from cchc_excel.workers import Where

if TYPE_CHECKING:
    from cchc_excel.commands.progress import Progress
    from cchc_excel.commands.resume import State

WORTH_A_POOL = 16  # files; fewer are read sooner than other processes are started


def where_for(files: int, options: ExaminingOptions) -> Where:
    """Return where to work: with the jobs asked for, else in this process for few files, on all cores for many."""
    usual_jobs = 1 if files < WORTH_A_POOL else None
    return Where(options.jobs or usual_jobs, options.cluster)


@dataclass
class Run:
    """One run over many files: what they are examined with, and what is said on the way.

    `state` is what an earlier run finished. `unopened` tells that a file could not be opened, which was said.
    """

    options: ExaminingOptions
    form: Form
    spoken: Words
    state: State | None = None
    unopened: bool = False
    selection: Selection = field(init=False)
    given: Given = field(init=False)
    previous: Sequence[Submission] = field(init=False)
    _line: Progress | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.selection = self.options.selection(self.form)
        self.given = self.options.given
        self.previous = earlier_submissions_told(self.options.previous, self.form, self.spoken)

    def over(self, paths: Sequence[Path]) -> Iterator[Done]:
        """Examine the files in their order; what is finished is kept, whatever comes then."""
        if len(paths) == 1 and self.state is None and not self.options.cluster:
            yield from self._alone(paths[0])
            return
        from cchc_excel.commands.progress import Progress

        shown_files = 0 if self.options.quiet else len(paths)
        self._line = Progress(shown_files, self.spoken.word("many", "per_second"))
        for done in self._line.over(self._one_after_another(paths), lambda done: done.path.name):
            self._tell_of(done.examination)
            yield done

    def _alone(self, path: Path) -> Iterator[Done]:
        """Examine the only file, and what lies in it. Raises NoSuchFile: there is no other to go on with."""
        try:
            for source in opened(path):
                (examination,) = examine_all([source], self.form, self.previous, self.selection, self.given)
                self._tell_of(examination)
                yield Done(Path(source.name), examination, source.data)
        except OSError as error:
            raise not_opened(path, error) from error

    def _one_after_another(self, paths: Sequence[Path]) -> Iterator[Done]:
        """Examine the files that an earlier run did not examine; its examinations keep their places between them."""
        waiting: deque[_Waiting] = deque()
        examinations = examine_all(
            self._to_examine(paths, waiting),
            self.form,
            self.previous,
            self.selection,
            self.given,
            where=where_for(len(paths), self.options),
        )
        for examination in examinations:
            yield from _kept(waiting)
            file = waiting.popleft()
            self._remember(file.path, file.data, examination)
            yield Done(file.path, examination, file.data)
        yield from _kept(waiting)

    def _to_examine(self, paths: Sequence[Path], waiting: deque[_Waiting]) -> Iterator[Source]:
        """Yield the files to examine, as they are asked for; each file that has or will have an examination waits."""
        for path in paths:
            try:
                for source in opened(path):
                    kept = self._of_an_earlier_run(source)
                    if kept is not None:
                        waiting.append(_Waiting(Path(source.name), kept=kept))
                    else:
                        waiting.append(_Waiting(Path(source.name), data=source.data))
                        yield source
            except OSError as error:
                self._tell_unopened(path, error)

    def _of_an_earlier_run(self, source: Source) -> Examination | None:
        """The examination of an unchanged file; None if there is none that this program wrote."""
        if self.state is None:
            return None
        kept = self.state.find(Path(source.name), source.data)
        if kept is None:
            return None
        from cchc_excel.commands.kept_examinations import of_plain

        try:
            examination: Examination = of_plain(kept)
        except ValueError:
            return None
        return examination

    def _remember(self, path: Path, data: bytes, examination: Examination) -> None:
        """Keep an examination for the next run.

        A file over which the program failed is tried again then, maybe with --debug.
        """
        if self.state is None or any(finding.code == DEFECT for finding in examination.findings):
            return
        from cchc_excel.commands.kept_examinations import as_plain

        self.state.remember(path, data, as_plain(examination))

    def say(self, text: str) -> None:
        """Tell the person who waits, on lines apart from the progress."""
        text = harmless(text)
        if self._line is None:
            print(text, file=sys.stderr)
        else:
            self._line.say(text)

    def inform(self, text: str) -> None:
        """Tell what is no mistake, unless only mistakes are to be told."""
        if not self.options.quiet:
            self.say(text)

    def tell(self, traceback: str) -> None:
        """Print what is known of a defect of this program, if that was asked for."""
        if self.options.debug:
            self.say(traceback)

    def _tell_of(self, examination: Examination) -> None:
        for traceback in examination.tracebacks:
            self.tell(traceback)

    def _tell_unopened(self, path: Path, error: OSError) -> None:
        self.unopened = True
        reason = self.spoken.of_system(error.strerror or type(error).__name__)
        self.say(self.spoken.word("many", "unopened", path=path, detail=reason))

    def keep(self, state: State | None) -> None:
        """Save what is done for the next run."""
        if state is not None and not state.save():
            self.say(self.spoken.word("many", "unsaved", path=state.path))


class _Waiting(NamedTuple):
    """A file whose turn will come: with the examination that an earlier run made, else with the bytes examined now."""

    path: Path
    kept: Examination | None = None
    data: bytes = b""


def _kept(waiting: deque[_Waiting]) -> Iterator[Done]:
    """Yield the files of an earlier run that come before the next new file."""
    while waiting:
        file = waiting[0]
        if file.kept is None:
            return
        waiting.popleft()
        yield Done(file.path, file.kept, file.data)
