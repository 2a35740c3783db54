"""What `cchc consolidate` does, free of the command line's library."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from cchc_excel.commands.examining import earlier_submissions
from cchc_excel.commands.files import identity, is_one_of, workbook_names, workbook_paths, write_whole
from cchc_excel.commands.refusals import DONE
from cchc_excel.consolidating.consolidate import Choices, consolidate
from cchc_excel.consolidating.district.book import district_workbook
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import Roster, load_roster
from cchc_excel.errors import BadOption, NoSuchFile, OutputExists
from cchc_excel.form import LEVELS, Form, Language, Severity, levels_above, load_form
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import Words, words
from cchc_excel.workers.executors import Where

TIDY = (".csv", ".parquet")
TIDY_BEGINS = b"\xef\xbb\xbfunit,period,indicator,"
WORTH_A_POOL = 24  # files; fewer are read sooner than other processes are started


def run_consolidate(
    files: Sequence[Path],
    *,
    output: Path,
    form: str,
    language: Language,
    roster: Path | None,
    period: str | None,
    level: str | None,
    unit: str | None,
    corrected: bool,
    exclude_errors: bool,
    previous: Sequence[Path],
    own: Path | None,
    tidy: Path | None,
    jobs: int | None,
    cluster: str | None,
    force: bool,
    debug: bool,
) -> int:
    """Merge the files into one workbook; return the exit status."""
    loaded, spoken = load_form(form), words(language)
    received, earlier = workbook_names(files), workbook_paths(previous)
    # the output of last time, the roster and the own workbook may lie in the same folder: they are no unit's
    others = {identity(it) for it in (output, tidy, roster, own) if it is not None} - {None}
    names = [name for name in received if identity(name) not in others]
    if output.suffix.lower() != ".xlsx":
        raise BadOption("--output", f"{output.name}: .xlsx")
    for target in (output, *([tidy] if tidy else [])):
        _refuse(
            target, (*received, *earlier), (*files, *previous, *(it for it in (roster, own) if it)), loaded, force=force
        )
    if tidy is not None and tidy.suffix.lower() not in TIDY:
        raise BadOption("--tidy", f"{tidy.name}: {', '.join(TIDY)}")
    choices = Choices(
        level=_level(level, loaded),
        unit=unit or "",
        period=_period(period),
        roster=_roster(roster),
        corrected=corrected,
        exclude_errors=exclude_errors,
        own=_own(own),
        previous=tuple(_submissions(earlier, loaded)),
        where=Where(jobs or (1 if len(names) < WORTH_A_POOL else None), cluster),
    )
    link_of = _links(names, output)
    arriving = _arrived(names)
    del received, names  # ten thousand names are a megabyte, and each file that arrived has its own
    outcome = consolidate(arriving, loaded, choices, _arrived(earlier))
    for traceback in outcome.tracebacks():
        _tell(traceback, debug=debug)
    written = [(output, district_workbook(outcome, spoken, link_of, partial(_tell, debug=debug)))]
    if tidy is not None:
        from cchc_excel.consolidating.tidy import tidy_file

        written.append((tidy, tidy_file(outcome, tidy)))  # made before anything is written
    for path, data in written:
        write_whole(path, data, replace=force)
    for line in _said(outcome, spoken):
        print(line, file=sys.stderr)
    print(output)
    return DONE


def _refuse(target: Path, inside: Sequence[Path | str], named: Sequence[Path], form: Form, *, force: bool) -> None:
    """An input is never written to, not even by force; nothing is read before it is clear that the output may be.

    What lies in a folder of inputs may be replaced only if it is what this command wrote last time.
    """
    if not target.exists():
        return
    is_named = is_one_of(target, named)
    is_report = is_one_of(target, inside) and not _is_own_output(target, form)
    if is_named or is_report or not force or target.is_dir():
        raise OutputExists(str(target))


def _is_own_output(path: Path, form: Form) -> bool:
    """Whether a file is a workbook or a table that consolidating wrote."""
    (arrived,) = _arrived([path])
    if arrived.source.data.startswith(TIDY_BEGINS):
        return True
    submission = read(arrived.source, form).submission
    return submission is not None and bool(submission.aggregates)


def _arrived(paths: Iterable[Path | str]) -> Iterator[Arrived]:
    for path in map(Path, paths):
        try:
            modified = datetime.fromtimestamp(path.stat().st_mtime)  # noqa: DTZ006 - the officer's own clock
            yield Arrived(Source(str(path), path.read_bytes()), modified.replace(microsecond=0))
        except OSError as error:
            yield Arrived(Source(str(path), b""), unopened=error.strerror or type(error).__name__)


def _own(path: Path | None) -> Arrived | None:
    """The upper level's own workbook. Raises NoSuchFile: there is no other to go on with."""
    if path is None:
        return None
    (own,) = _arrived([path])
    if own.unopened:
        raise NoSuchFile(str(path), own.unopened)
    return own


def _submissions(paths: Sequence[Path], form: Form) -> Iterator[Submission]:
    """The earlier submissions of units; an earlier consolidated workbook is none.

    Consolidating reads the same files for their trend, and tells which of them are not used.
    """
    for submission in earlier_submissions(paths, form, told=lambda _path, _finding: None):
        if submission.level is None:
            yield submission


def _tell(traceback: str, *, debug: bool) -> None:
    """Print what is known of a defect of this program, if that was asked for."""
    if debug:
        print(traceback, file=sys.stderr)


def _roster(path: Path | None) -> Roster | None:
    if path is None:
        return None
    try:
        return load_roster(Source(str(path), path.read_bytes()))
    except OSError as error:
        raise NoSuchFile(str(path), error.strerror or "") from error


def _level(text: str | None, form: Form) -> str | None:
    if text is None or text in levels_above(form.level):
        return text
    raise BadOption("--level", f"{text}: {', '.join(levels_above(form.level) or LEVELS)}")


def _period(text: str | None) -> Period | None:
    if text is None:
        return None
    try:
        return Period.of(text)
    except ValueError as error:
        raise BadOption("--period", text) from error


def _links(names: Sequence[str], output: Path) -> Callable[[str], str | None]:
    """Where each file lies as seen from the workbook; in full if it lies on another drive.

    Put together when one is asked for: of ten thousand files they would be three megabytes.
    """
    beside = output.resolve().parent
    seen = {folder: _seen_from(beside, Path(folder).resolve()) for folder in {os.path.split(name)[0] for name in names}}

    def link_of(path: str) -> str | None:
        folder, name = os.path.split(path)
        return f"{seen[folder]}{name}" if folder in seen else None

    return link_of


def _seen_from(place: Path, folder: Path) -> str:
    """What stands before the name of a file in that folder."""
    try:
        relative = Path(os.path.relpath(folder, place)).as_posix()
    except ValueError:
        relative = folder.as_posix()
    return "" if relative == "." else f"{relative.rstrip('/')}/"


def _said(outcome: Outcome, spoken: Words) -> Iterator[str]:
    """The summary, and what only the officer can supply."""
    counts = outcome.counts()
    merged = outcome.merged
    yield spoken.word(
        "district",
        "summary",
        units=len(merged.units),
        expected=merged.expected,
        files=len(outcome.filed),
        errors=sum(count for (_, severity), count in counts.items() if severity is Severity.ERROR),
        warnings=sum(count for (_, severity), count in counts.items() if severity is Severity.WARNING),
    )
    for it in (*outcome.filed, *outcome.earlier_unused):
        for finding in it.findings if it.failed or it.unopened else ():
            yield f"{it.path}: {spoken.message(finding, merged.form)}"
    for it in outcome.passed_over:
        yield f"{it.path}: {spoken.word('district', 'role', 'passed_over')}"
    blank = [row for row in merged.own_rows() if merged.figures.get(row.id) is None]
    if blank:
        yield spoken.word("district", "own_rows", rows=", ".join(row.stt or row.id for row in blank))
