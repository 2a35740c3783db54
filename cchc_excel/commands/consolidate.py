"""What `cchc consolidate` does: read the files, merge them, write one workbook and say what is missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from cchc_excel.commands.earlier import earlier_submissions
from cchc_excel.commands.files import (
    clear_left_behind,
    identity,
    is_one_of,
    not_opened,
    roster_in,
    source_of,
    sources,
    workbook_paths,
    write_whole,
)
from cchc_excel.commands.intake import TIDY_BEGINS, arriving_names, opened
from cchc_excel.commands.options import ManyFiles, level_of, period_of
from cchc_excel.commands.refusals import DONE
from cchc_excel.consolidating.at_hand import ByEdition, Inbox, consolidate_by_edition, edition_of_all
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.district.book import district_workbook
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import Roster
from cchc_excel.correcting.decision_book import DecisionBook, about_nobody, book_in
from cchc_excel.errors import BadOption, OptionsExclude, OutputExists, UnreadableWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.form import Form, Severity, form_asked_for
from cchc_excel.grid import Source, harmless
from cchc_excel.reading import read
from cchc_excel.reading.heading import level_of as level_told
from cchc_excel.submission import Period, Submission
from cchc_excel.vietnamese.unit_names import name_keys
from cchc_excel.wording import Words, words
from cchc_excel.workers import Where

TIDY = (".csv", ".parquet")
_MOST_ROWS = 10  # of a roster, told one by one
_MOST_TOLD = 3  # findings of one kind in the terminal; all stand on the sheet
WORTH_A_POOL = 24  # files; fewer are read sooner than other processes are started


@dataclass(frozen=True, kw_only=True)
class ConsolidateOptions(ManyFiles):
    """What `cchc consolidate` is to do; `unit` is whom the merged workbook is for."""

    output: Path
    roster: Path | None = None
    level: str | None = None
    corrected: bool = True
    exclude_errors: bool = False
    own: Path | None = None
    decisions: Sequence[Path] = ()
    tidy: Path | None = None


def run_consolidate(options: ConsolidateOptions) -> int:
    """Merge the files into one workbook; return the exit status."""
    spoken = words(options.lang)
    received = arriving_names(options.files, recursive=options.recursive)
    earlier = workbook_paths(options.previous)
    form = _form(options, received)
    _refuse_outputs(options, form, (*received, *earlier))
    names = _of_units(received, options)
    tell = partial(_tell, debug=options.debug)
    link_of = links(names, options.output)
    del received  # ten thousand names are a megabyte, and each file that arrived has its own
    clear_left_behind(options.output.parent)
    choices, outcome, _ = _merged(options, names, form, earlier)
    for traceback in outcome.tracebacks():
        tell(traceback)
    written = [(options.output, district_workbook(outcome, spoken, link_of, tell))]
    if options.tidy is not None:
        from cchc_excel.consolidating.tidy import tidy_files

        tables = tidy_files(outcome, options.tidy, spoken)  # made before anything is written
        written += zip(_tables(options), tables, strict=True)
    for path, data in written:
        write_whole(path, data, replace=options.force)
    informed = () if options.quiet else said(outcome, choices.roster, spoken)
    lost = decisions_about_nobody(choices.decisions, outcome, spoken)
    for line in (*failed(outcome, spoken), *lost, *informed):
        print(harmless(line), file=sys.stderr)
    print(_document(outcome, options, spoken) if options.format == "json" else options.output)
    return DONE


def _document(outcome: Outcome, options: ConsolidateOptions, spoken: Words) -> str:
    """What consolidating came to, for programs."""
    from cchc_excel.reporting.contract import document, plain

    merged, counts = outcome.merged, outcome.counts()
    return document(
        "consolidate",
        form=merged.form.id,
        output=str(options.output),
        tidy=str(options.tidy) if options.tidy is not None else None,
        unit=merged.unit or None,
        level=merged.level,
        period=str(merged.period) if merged.period else None,
        expected=merged.expected,
        merged=len(merged.units),
        left_out=[outcome.name(unit) for unit in merged.left_out],
        errors=outcome.count_of(Severity.ERROR),
        warnings=outcome.count_of(Severity.WARNING),
        units=[
            {
                "unit": line.name or None,
                "code": line.unit.code if line.unit is not None and line.unit.code else None,
                "status": line.status,
                "counts": line.counts,
                "files": list(line.files),
                "late": line.late,
                "errors": counts[line.counts, Severity.ERROR] if line.counts else 0,
                "warnings": counts[line.counts, Severity.WARNING] if line.counts else 0,
            }
            for line in outcome.standings
        ],
        unread=[
            {"path": workbook.path, "code": finding.code, "message": spoken.message(finding, merged.form)}
            for workbook, finding in outcome.unread()
        ],
        values={row.id: plain(merged.figures.get(row.id)) for row in merged.form.entries},
    )


def outcome_for(options: ConsolidateOptions) -> Outcome:
    """What the files come to, with nothing written."""
    received = arriving_names(options.files, recursive=options.recursive)
    form, names = _form(options, received), _of_units(received, options)
    return _merged(options, names, form, workbook_paths(options.previous)).outcome


def _merged(options: ConsolidateOptions, names: Sequence[str], form: Form, earlier: Sequence[Path]) -> ByEdition:
    """What the officer chose, and what the files come to, by the edition of the form that is in force in the period."""
    inbox = Inbox(received=lambda: arrived(names), earlier=lambda: arrived(earlier))
    choices_by = partial(_choices, options, len(names))
    tell = partial(_tell_not_compared, options)
    return consolidate_by_edition(form_asked_for(options.form), form, inbox, choices_by, tell)


def _tell_not_compared(options: ConsolidateOptions, merged_since: Sequence[str]) -> None:
    if not options.quiet:
        print(harmless(of_before_mergers(merged_since, words(options.lang))), file=sys.stderr)


def _form(options: ConsolidateOptions, received: Sequence[str]) -> Form:
    """The form named, else the edition in force in the period: the one asked for, or that which the files state."""
    form = form_asked_for(options.form)
    return edition_of_all(form, period_of(options.period), (workbook.source for workbook in arrived(received)))


def _choices(options: ConsolidateOptions, files: int, form: Form) -> Choices:
    """What the officer chose, with the files read that were named for it; `files` counts those to be merged."""
    return Choices(
        level=level_of(options.level, form) or level_named(options.unit, form),
        unit=options.unit or "",
        period=period_of(options.period),
        roster=roster_in(options.roster) if options.roster is not None else None,
        corrected=options.corrected,
        exclude_errors=options.exclude_errors,
        own=_own(options.own),
        previous=tuple(_submissions(options.previous, form)),
        decisions=_decisions(options),
        selection=options.selection(form),
        where=Where(options.jobs or (1 if files < WORTH_A_POOL else None), options.cluster),
    )


def level_named(unit: str | None, form: Form) -> str | None:
    """The level that the name of the merged workbook's unit tells (`UBND tỉnh …`), where it is above the units'."""
    level = level_told(unit, form.levels)
    return level if level in form.levels_above else None


def _decisions(options: ConsolidateOptions) -> tuple[DecisionBook, ...]:
    """The decisions handed over. Raises BadOption for a file that holds none, and where nothing is to be corrected."""
    if options.decisions and not options.corrected:
        raise OptionsExclude("--as-reported", "--decisions")
    books = []
    for source in sources(options.decisions):
        try:
            book = book_in(open_grid(source.data)[0], source.name)
        except UnreadableWorkbook as error:
            raise BadOption("--decisions", words(options.lang).unreadable(error)) from error
        if book is None:
            raise BadOption("--decisions", words(options.lang).word("register", "none", file=source.name))
        books.append(book)
    return tuple(books)


def _of_units(received: Sequence[str], options: ConsolidateOptions) -> list[str]:
    """The files that are units' workbooks.

    The output of last time, the roster and the own workbook may lie in the same folder: they are no unit's.
    """
    not_of_units = (options.output, *_tables(options), options.roster, options.own, *options.decisions)
    return without(received, [path for path in not_of_units if path is not None])


def without(names: Iterable[str], aside: Iterable[Path]) -> list[str]:
    """The files but for those that are named aside, by whatever way."""
    others = {identity(path) for path in aside} - {None}
    return [name for name in names if identity(name) not in others]


def _tables(options: ConsolidateOptions) -> tuple[Path, ...]:
    """Where the tidy tables go, `a.csv`, `a.findings.csv` and `a.merged.csv`; nowhere if none are asked for."""
    path = options.tidy
    if path is None:
        return ()
    return path, path.with_suffix(f".findings{path.suffix}"), path.with_suffix(f".merged{path.suffix}")


def _refuse_outputs(options: ConsolidateOptions, form: Form, inside: Sequence[Path | str]) -> None:
    """Raise if an output has no fitting name, or must not be written where it is to be."""
    output, tidy = options.output, options.tidy
    if output.suffix.lower() != ".xlsx":
        raise BadOption("--output", output.name)
    for target in (output, *_tables(options)):
        if target.exists():
            _refuse(target, options, form, inside)
    if tidy is not None and tidy.suffix.lower() not in TIDY:
        raise BadOption("--tidy", tidy.name)


def _refuse(target: Path, options: ConsolidateOptions, form: Form, inside: Sequence[Path | str]) -> None:
    """An input is never written to, not even by force; nothing is read before it is clear that the output may be.

    What lies in a folder of inputs may be replaced only if it is what this command wrote last time.
    """
    singly = [path for path in (options.roster, options.own, *options.decisions) if path is not None]
    is_named = is_one_of(target, (*options.files, *options.previous, *singly))
    is_report = is_one_of(target, inside) and not _is_own_output(target, form)
    if is_named or is_report or not options.force or target.is_dir():
        raise OutputExists(str(target))


def _is_own_output(path: Path, form: Form) -> bool:
    """Whether a file is a workbook or a table that consolidating wrote."""
    try:
        source = source_of(path)
    except OSError:
        return False
    if source.data.startswith(TIDY_BEGINS):
        return True
    submission = read(source, form).submission
    return submission is not None and bool(submission.aggregates)


def arrived(paths: Iterable[Path | str]) -> Iterator[Arrived]:
    """The files with their times, each read when it is asked for; one that cannot be opened says why."""
    for path in map(Path, paths):
        try:
            modified = _modified(path)
            for source in opened(path):
                yield Arrived(source, modified)
        except OSError as error:
            yield Arrived(Source(str(path), b""), unopened=error.strerror or type(error).__name__)


def _modified(path: Path) -> datetime:
    """When a file was saved, by the officer's own clock."""
    return datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)  # noqa: DTZ006


def _own(path: Path | None) -> Arrived | None:
    """The upper level's own workbook. Raises NoSuchFile: there is no other to go on with."""
    if path is None:
        return None
    try:
        return Arrived(source_of(path), _modified(path))
    except OSError as error:
        raise not_opened(path, error) from error


def _submissions(given: Sequence[Path], form: Form) -> Iterator[Submission]:
    """The earlier submissions of units; an earlier consolidated workbook is none.

    Consolidating reads the same files for their trend, and tells which of them are not used.
    """
    for submission in earlier_submissions(given, form, tell=lambda _path, _finding: None):
        if submission.level is None:
            yield submission


def _tell(traceback: str, *, debug: bool) -> None:
    """Print what is known of a defect of this program, if that was asked for."""
    if debug:
        print(harmless(traceback), file=sys.stderr)


def links(names: Sequence[str], output: Path) -> Callable[[str], str | None]:
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


def of_roster(roster: Roster | None, spoken: Words) -> Iterator[str]:
    """Which columns of the roster say nothing that is needed, and which of its rows are no units."""
    if roster is not None and roster.passed_over:
        columns = ", ".join(f"“{title}”" for title in roster.passed_over)
        yield spoken.word("district", "roster_columns", file=roster.source, columns=columns)
    if roster is not None and roster.no_units:
        first = list(roster.no_units.items())[:_MOST_ROWS]
        rows = "; ".join(spoken.word("district", "roster_row", line=str(line), text=text) for line, text in first)
        more = len(roster.no_units) - _MOST_ROWS
        kind = "roster_rows" if more <= 0 else "roster_rows_more"
        yield spoken.word("district", kind, file=roster.source, rows=rows, more=max(more, 0))
    if roster is not None and roster.ends:
        yield spoken.word("district", "roster_ends", file=roster.source, line=str(roster.ends))


def failed(outcome: Outcome, spoken: Words) -> Iterator[str]:
    """What could not be read, and which decisions could not be carried out."""
    for workbook, finding in outcome.unread():
        yield f"{workbook.path}: {spoken.message(finding, outcome.merged.form)} → {spoken.remedy(finding.code)}"
    for workbook in outcome.filed:
        if workbook.not_carried_out:
            yield spoken.word("district", "not_carried_out", path=workbook.path, count=workbook.not_carried_out)


def decisions_about_nobody(books: Sequence[DecisionBook], outcome: Outcome, spoken: Words) -> Iterator[str]:
    """The decisions about units that none of the files is of: a name or a period may have been corrected since."""
    known = [(workbook.unit, workbook.period) for workbook in outcome.filed]
    for book in books:
        for whose, count in about_nobody(book, known).items():
            yield spoken.word("district", "about_nobody", file=book.name, whose=whose, count=count)


def _of_own(outcome: Outcome, spoken: Words) -> Iterator[str]:
    """That the workbook handed over as the office's own names another unit."""
    own, unit = outcome.merged.own, outcome.merged.unit
    if own is None or not own.unit or not unit:
        return
    cores, others = ({key.core for key in name_keys(name)} for name in (own.unit, unit))
    if not cores & others:
        yield spoken.word("district", "own_of_another", path=own.path, whose=own.unit, unit=unit)


def _of_periods(outcome: Outcome, spoken: Words) -> Iterator[str]:
    """Which period was merged, where there are workbooks of others that do not count."""
    period = outcome.merged.period
    idle: set[str] = set()
    for line in outcome.standings:
        idle.update(path for path in line.files if path not in line.joined)
    others: set[Period] = set()
    for workbook in outcome.filed:
        if workbook.path in idle and workbook.period is not None and workbook.period != period:
            others.add(workbook.period)
    if period is not None and others:
        in_order = sorted(others, key=lambda other: other.order)
        named = ", ".join(map(spoken.period, in_order))
        yield spoken.word("district", "other_periods", period=spoken.period(period), others=named)


def _counted_twice(outcome: Outcome, spoken: Words) -> Iterator[str]:
    """That figures are added twice: the merged figures are wrong until the officer has taken a file away."""
    twice = [ranked for ranked in outcome.findings if ranked.finding.code == "U19"]
    for ranked in twice[:_MOST_TOLD]:
        said = spoken.message(ranked.finding, outcome.merged.form)
        yield f"{ranked.filed.path}: {said} → {spoken.remedy(ranked.finding.code)}"
    if len(twice) > _MOST_TOLD:
        yield spoken.word("district", "counted_twice_too", count=len(twice) - _MOST_TOLD)


def of_before_mergers(units: Iterable[str], spoken: Words) -> str:
    """That the earlier reports of these units are not compared, as they were merged since."""
    return spoken.word("district", "before_merger", units="; ".join(units))


def said(outcome: Outcome, roster: Roster | None, spoken: Words) -> Iterator[str]:
    """The summary, what only the officer can supply, and which columns of the roster were passed over."""
    merged = outcome.merged
    yield spoken.word(
        "district",
        "summary",
        units=len(merged.units),
        expected=merged.expected,
        files=len(outcome.filed),
        errors=outcome.count_of(Severity.ERROR),
        warnings=outcome.count_of(Severity.WARNING),
    )
    if not merged.unit:
        yield spoken.word("district", "unnamed")
    passed_over = {workbook.path for workbook in outcome.passed_over}
    for workbook in outcome.filed:
        is_merged = workbook.readable and workbook.aggregates is not None
        if is_merged and not workbook.unit and workbook.path not in passed_over:
            yield spoken.word("district", "unnamed_received", path=workbook.path)
    for workbook in outcome.passed_over:
        yield f"{workbook.path}: {spoken.word('district', 'role', 'passed_over')}"
    yield from _of_own(outcome, spoken)
    yield from _of_periods(outcome, spoken)
    yield from _counted_twice(outcome, spoken)
    if outcome.not_compared:
        periods = ", ".join(map(spoken.period, outcome.not_compared))
        start = f"{merged.form.holds_from:%d/%m/%Y}" if merged.form.holds_from else ""
        yield spoken.word("district", "not_compared", periods=periods, start=start)
    blank = [row for row in merged.own_rows() if merged.figures.get(row.id) is None]
    if blank:
        yield spoken.word("district", "own_rows", rows=", ".join(row.stt or row.id for row in blank))
    yield from of_roster(roster, spoken)
