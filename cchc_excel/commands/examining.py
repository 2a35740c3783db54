"""Many files through the pipeline: in their order, each on its own, unchanged ones not again.

In:     paths; what an earlier run kept of them.
Out:    (path, examination, bytes) as they are finished, in the order of the paths.
Never:  stops because one file cannot be opened, read or examined.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from cchc_excel.commands.resume import State
from cchc_excel.errors import Unopened, defect_of
from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.grid import Source
from cchc_excel.pipeline import DEFECT, Done, Examination, Selection, defect_finding, examine_all
from cchc_excel.reading import Given, read, unreadable
from cchc_excel.submission import Submission
from cchc_excel.workers.executors import Where

WORTH_A_POOL = 16  # files; fewer are read sooner than other processes are started


def where_for(files: int, jobs: int | None, cluster: str | None) -> Where:
    """Where to work: as told, else in this process for few files, on all cores for many."""
    return Where(jobs or (1 if files < WORTH_A_POOL else None), cluster)


def examined(
    paths: Sequence[Path],
    form: Form,
    previous: Sequence[Submission],
    selection: Selection,
    given: Given,
    unopened: Callable[[Path, OSError], None],
    *,
    where: Where,
    state: State | None = None,
) -> Iterator[Done]:
    """Examine the files. One that cannot be opened is told to `unopened` and left out."""
    if state is not None:
        from cchc_excel.commands.kept_examinations import as_plain, of_plain
    waiting: deque[tuple[Path, Examination | None, bytes]] = deque()

    def to_do() -> Iterator[Source]:
        for path in paths:
            kept = state.find(path) if state is not None else None
            if kept is not None:
                try:
                    waiting.append((path, of_plain(kept), b""))
                    continue
                except ValueError:
                    pass  # not what this program writes: examined anew
            try:
                data = path.read_bytes()
            except OSError as error:
                unopened(path, error)
                continue
            waiting.append((path, None, data))
            yield Source(str(path), data)

    for examination in examine_all(to_do(), form, previous, selection, given, where=where):
        yield from _kept(waiting)
        path, _, data = waiting.popleft()
        # a file over which the program failed is tried again by the next run, which may be one with --debug
        if state is not None and all(it.code != DEFECT for it in examination.findings):
            state.remember(path, data, as_plain(examination))
        yield Done(path, examination, data)
    yield from _kept(waiting)


def earlier_submissions(
    paths: Iterable[Path], form: Form, told: Callable[[Path, Finding], None]
) -> Iterator[Submission]:
    """Read the workbooks of an earlier period.

    One that cannot be opened, or over which this program fails, is `told` and left out.
    """
    for path in paths:
        try:
            submission = read(Source(str(path), path.read_bytes()), form).submission
        except OSError as error:
            told(path, unreadable(Unopened(error.strerror or type(error).__name__)))
        except Exception as error:  # noqa: BLE001 - the edge of one file: a defect over it must not stop the others
            told(path, defect_finding(defect_of(error)))
        else:
            if submission is not None:
                yield submission


def _kept(waiting: deque[tuple[Path, Examination | None, bytes]]) -> Iterator[Done]:
    """Those of an earlier run that come before the next new one."""
    while waiting and waiting[0][1] is not None:
        path, examination, data = waiting.popleft()
        if examination is not None:
            yield Done(path, examination, data)
