"""What the commands do: each is one sentence over the rooms below, free of the command line's library."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.edge import DONE, FAILED, FOUND, STOPPED
from cchc_excel.errors import (
    BadOption,
    CannotWrite,
    NoSuchFile,
    OutputExists,
    UnreadableWorkbook,
)
from cchc_excel.files import sources, workbook_paths, write_whole
from cchc_excel.finding import worst
from cchc_excel.form import Form, Language, Severity, load_form
from cchc_excel.pipeline import Done, Examination, Selection, examine_all, in_fresh_template
from cchc_excel.reading import Given, read
from cchc_excel.submission import Entry, Figure, Period, Submission
from cchc_excel.wording import Words, words

if TYPE_CHECKING:
    from cchc_excel.correcting import Decision, Policy
    from cchc_excel.resume import State


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
    given = Given(unit, _period(period))
    earlier = _earlier(previous, loaded)
    paths = workbook_paths(files)
    options = (select, ignore, unit, period)
    state = _state(beside(output), form, options, previous, spoken) if resume else None
    run = _Run(loaded, earlier, Selection(select, ignore), given, spoken, state, debug, jobs, cluster)
    examinations: list[Examination] = []
    status = None
    try:
        examinations.extend(done.examination for done in run.over(paths))
    except KeyboardInterrupt:
        print(spoken.word("many", "stopped", done=len(examinations), total=len(paths)), file=sys.stderr)
        status = STOPPED
    finally:
        run.finish()
    if examinations or status is None:
        _show(examinations, loaded, spoken, output_format, output, force=force, verbose=verbose)
    if status is not None:
        return status
    if not any(examination.readable for examination in examinations):
        return FAILED
    return exit_status(examinations, fail_on)


def beside(output: Path | None) -> Path:
    """Where a run keeps what it has finished: beside its output, or in the folder that it is run in."""
    from cchc_excel.resume import FILE

    return Path(FILE) if output is None else output.with_name(output.name + FILE)


def _state(path: Path, form: str, options: Sequence[object], others: Sequence[Path], spoken: Words) -> State:
    from cchc_excel.resume import State, key_of

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

    def over(self, paths: Sequence[Path]) -> Iterator[Done]:
        """Examine the files in their order; what is finished is kept, whatever comes then."""
        if len(paths) == 1 and self.state is None and not self.cluster:
            (source,) = sources(paths)  # raises NoSuchFile: there is no other file to go on with
            (examination,) = examine_all(
                [source], self.form, self.previous, self.selection, self.given, debug=self.debug
            )
            yield Done(paths[0], examination, source.data)
            return
        from cchc_excel.many import examined, where_for
        from cchc_excel.progress import tracked

        done = examined(
            paths,
            self.form,
            self.previous,
            self.selection,
            self.given,
            self.unopened,
            where=where_for(len(paths), self.jobs, self.cluster),
            state=self.state,
            debug=self.debug,
        )
        per_second = self.spoken.word("many", "per_second")
        yield from tracked(done, len(paths), lambda it: it.path.name, per_second)

    def unopened(self, path: Path, error: OSError) -> None:
        says, do = self.spoken.error(NoSuchFile(str(path), error.strerror or ""))
        print(f"{says}\n→ {do}", file=sys.stderr)

    def finish(self) -> None:
        if self.state is not None:
            self.state.save()


def _show(
    examinations: Sequence[Examination],
    form: Form,
    spoken: Words,
    output_format: str,
    output: Path | None,
    *,
    force: bool,
    verbose: bool,
) -> None:
    if output_format == "json":
        from cchc_excel.reporting.contract import as_json

        _give(as_json(examinations, form, spoken), output, force=force)
    elif output_format == "html":
        from cchc_excel.reporting.page import as_page

        _give(as_page(examinations, form, spoken), output, force=force)
    elif output is not None:
        import io

        from cchc_excel.reporting.terminal import as_table

        text = io.StringIO()
        as_table(examinations, form, spoken, text, verbose=verbose)
        _give(text.getvalue(), output, force=force)
    else:
        from cchc_excel.reporting.terminal import as_table

        as_table(examinations, form, spoken, sys.stdout, verbose=verbose)


def _give(text: str, output: Path | None, *, force: bool) -> None:
    """Write a text to the file asked for, else to stdout."""
    if output is None:
        print(text)
    else:
        write_whole(output, text.encode("utf-8"), replace=force)


def _earlier(paths: Iterable[Path], form: Form) -> list[Submission]:
    readings = (read(source, form) for source in sources(workbook_paths(paths)))
    return [reading.submission for reading in readings if reading.submission is not None]


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
) -> int:
    """Write a corrected copy of each readable file into a folder; return the exit status."""
    from cchc_excel.correcting import Policy
    from cchc_excel.resume import FILE

    loaded, spoken = load_form(form), words(language)
    paths = workbook_paths(files)
    others = (*previous, *([decisions] if decisions is not None else []))
    state = _state(output / FILE, form, (apply, unit, period), others, spoken) if resume else None
    finished = {path for path in paths if state is not None and _is_finished(state.find(path), output)}
    if finished:
        print(spoken.word("many", "skipped", count=len(finished)), file=sys.stderr)
    todo = [path for path in paths if path not in finished]
    replaceable = {output / path.name for path in todo if state is not None and state.has(path)}
    _refuse_own_inputs(todo, output, force=force, replaceable=replaceable)
    run = _Run(
        *(loaded, _earlier(previous, loaded), Selection(), Given(unit, _period(period)), spoken, None),
        *(debug, jobs, cluster),
    )
    correcting = _Correcting(run, output, Policy(apply), decisions, state, force, replaceable)
    try:
        for done in run.over(todo):
            correcting.write(done)
    except KeyboardInterrupt:
        print(spoken.word("many", "stopped", done=correcting.readable, total=len(paths)), file=sys.stderr)
        return STOPPED
    finally:
        if state is not None:
            state.save()
    return DONE if (correcting.readable or finished) and not correcting.in_the_way else FAILED


def _is_finished(kept: object, output: Path) -> bool:
    """Whether the copy that an earlier run wrote is still there as it was."""
    if not isinstance(kept, list) or len(kept) != 2:
        return False
    name, digest = kept
    target = output / str(name)
    return target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == digest


@dataclass
class _Correcting:
    """Writes corrected copies one by one."""

    run: _Run
    output: Path
    policy: Policy
    decisions: Path | None
    state: State | None
    force: bool
    replaceable: set[Path]
    readable: int = 0
    in_the_way: bool = False

    def write(self, done: Done) -> None:
        """Write the corrected copy of one file, and say what there is to say."""
        path, examination, data = done
        form, spoken = self.run.form, self.run.spoken
        if examination.submission is None:
            for finding in examination.findings:
                print(f"{path}: {spoken.message(finding, form)}", file=sys.stderr)
            return
        self.readable += 1
        target = self.output / path.name
        original = data
        if examination.kind != "xlsx":
            print(spoken.word("correct", "fresh", path=path), file=sys.stderr)
            copy = in_fresh_template(examination, form)
            (examination,) = examine_all([copy], form, self.run.previous, given=self.run.given)
            target, data = target.with_suffix(".xlsx"), copy.data
        accepted = _accepted(self.decisions, target, examination.submission, spoken)
        force = self.force or target in self.replaceable
        try:
            lines = _correct_one(path, data, examination, form, spoken, self.policy, accepted, target, force=force)
            for line in lines:
                print(line, file=sys.stderr)
        except OutputExists as error:  # two inputs of one name; the others go on
            print("\n→ ".join(spoken.error(error)), file=sys.stderr)
            self.in_the_way = True
            return
        if self.state is not None and target.is_file():
            self.state.remember(path, original, [target.name, hashlib.sha256(target.read_bytes()).hexdigest()])


def _accepted(decisions: Path | None, path: Path, submission: Submission | None, spoken: Words) -> tuple[Decision, ...]:
    """The officer's decisions on one file: in the file given, or in that of the same name in the folder given."""
    if decisions is None or submission is None:
        return ()
    from cchc_excel.correcting import decisions_in
    from cchc_excel.ooxml import read_workbook

    (source,) = sources([decisions / path.name if decisions.is_dir() else decisions])
    try:
        return decisions_in(read_workbook(source.data), submission, spoken)
    except UnreadableWorkbook as error:
        raise BadOption("--decisions", spoken.unreadable(error)) from error


def _correct_one(
    path: Path,
    data: bytes,
    examination: Examination,
    form: Form,
    spoken: Words,
    policy: Policy,
    accepted: tuple[Decision, ...],
    target: Path,
    *,
    force: bool,
) -> Iterator[str]:
    """Write one corrected copy; yield what there is to say about it."""
    from cchc_excel.correcting import corrected, unknown_decisions
    from cchc_excel.ooxml import PatchRefused, PromiseBroken

    submission = examination.submission
    if submission is None:
        return
    for stale in unknown_decisions(examination.findings, accepted):
        yield spoken.word("correct", "stale", path=path, indicator=stale.indicator)
    try:
        result = corrected(data, examination.findings, submission, form, spoken, policy, accepted)
    except PatchRefused as error:
        reason = spoken.word("correct", error.kind, place=error.place)
        yield spoken.word("correct", "refused", path=path, reason=reason)
        return
    except PromiseBroken:  # a copy that differs in more than it should is not handed over; the others go on
        yield spoken.internal(str(path))
        return
    write_whole(target, result.data, replace=force)
    counts = {"count": len(result.changes), "recalculated": result.recalculated}
    yield spoken.word("correct", "written", path=target, **counts)
    if result.signature_broken:
        yield spoken.word("correct", "signature", path=target)


def _refuse_own_inputs(paths: Iterable[Path], output: Path, *, force: bool, replaceable: Collection[Path]) -> None:
    """An input is never written to, not even by force; an output that is there stays unless told otherwise.

    `replaceable` are copies that an earlier run wrote of files that have changed since.
    """
    if output.exists() and not output.is_dir():
        raise CannotWrite(str(output), "")
    for path in paths:
        target = output / path.name
        if target.exists() and (target.samefile(path) or not (force or target in replaceable)):
            raise OutputExists(str(target))


def run_diff(before: Path, after: Path, *, form: str, language: Language) -> int:
    """Print where two workbooks of a form differ; return 1 if they do."""
    loaded, spoken = load_form(form), words(language)
    readings = [read(source, loaded) for source in sources(workbook_paths([before])[:1] + workbook_paths([after])[:1])]
    for path, reading in zip((before, after), readings, strict=True):
        if reading.submission is None:
            print(f"{path}: {spoken.message(reading.findings[0], loaded)}", file=sys.stderr)
    one, other = (reading.submission for reading in readings)
    if one is None or other is None:
        return FAILED
    lines = list(_differences(one, other, loaded, spoken))
    print("\n".join(lines) if lines else spoken.word("diff", "same"))
    return FOUND if lines else DONE


def _differences(one: Submission, other: Submission, form: Form, spoken: Words) -> Iterator[str]:
    if one.unit != other.unit:
        yield f"{spoken.word('diff', 'unit')}: {one.unit} → {other.unit}"
    if one.period != other.period:
        yield f"{spoken.word('diff', 'period')}: {spoken.period(one.period)} → {spoken.period(other.period)}"
    for row in form.entries:
        old, new = one.entries.get(row.id), other.entries.get(row.id)
        shown = [spoken.value(_standing(entry)) for entry in (old, new)]
        if shown[0] != shown[1]:
            cell = next((entry.cell.local for entry in (new, old) if entry is not None), "")
            yield f"{cell:<6}{spoken.indicator(row, form)}: {shown[0]} → {shown[1]}"


def _standing(entry: Entry | None) -> Figure | None:
    """What an entry says: its value, or the text of a cell that could not be read."""
    if entry is None or entry.is_blank:
        return None
    return entry.value if entry.value is not None else str(entry.raw)


def run_explain(code: str, *, form: str, language: Language) -> None:
    """Print the page of one code."""
    from cchc_excel.reporting.reference import explanation

    print(explanation(code, load_form(form), words(language)))


def run_rules(*, form: str, language: Language, output: Path | None, force: bool) -> None:
    """Print the reference of all checks."""
    from cchc_excel.reporting.reference import reference

    _give(reference(load_form(form), words(language)), output, force=force)
