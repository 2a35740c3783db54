"""What `cchc template` does: one blank workbook, or one for each unit of a roster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cchc_excel.commands.files import is_one_of, sources, workbook_paths, write_whole
from cchc_excel.commands.refusals import DONE
from cchc_excel.consolidating.roster.load import Roster, RosterUnit, load_roster
from cchc_excel.consolidating.roster.matching import Matcher
from cchc_excel.consolidating.standing import period_end
from cchc_excel.errors import BadOption, NoSuchFile, OutputExists
from cchc_excel.form import Form, load_form
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period, Submission
from cchc_excel.workbook_form import template

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')  # what Windows takes in no file name
_LONGEST_NAME = 200  # bytes; no file system in use takes more than 255, and "ễ" is three of them


def run_template(
    *,
    form: str,
    unit: str | None,
    period: str | None,
    roster: Path | None,
    previous: Sequence[Path],
    output: Path,
    force: bool,
) -> int:
    """Write the blank workbook of a form, or into a folder one for each unit of a roster."""
    loaded = load_form(form)
    when = _period(period)
    earlier = _earlier(previous, loaded, when)
    before = workbook_paths(previous)
    if roster is None:
        if is_one_of(output, before):
            raise OutputExists(str(output))
        last = max(earlier, key=_end, default=None)
        data = template(loaded, unit=unit or "", period=str(when) if when else "", previous=last)
        write_whole(output, data, replace=force)
        print(output)
        return DONE
    if when is None:
        raise BadOption("--roster", "--period")
    if output.exists() and not output.is_dir():
        raise OutputExists(str(output))
    units = _roster(roster)
    targets = dict(_file_names(units.expected(period_end(when))))
    for name in targets:
        if is_one_of(output / name, before) or ((output / name).exists() and not force):
            raise OutputExists(str(output / name))
    last_of = _by_unit(earlier, units)
    for name, of_unit in targets.items():
        data = template(loaded, unit=of_unit.name, period=str(when), previous=last_of.get(of_unit.name))
        write_whole(output / name, data, replace=force)
        print(output / name)
    return DONE


def _period(text: str | None) -> Period | None:
    if text is None:
        return None
    try:
        return Period.of(text)
    except ValueError as error:
        raise BadOption("--period", text) from error


def _earlier(paths: Sequence[Path], form: Form, when: Period | None) -> list[Submission]:
    """The submissions among these files, without those of the period itself or later ones."""
    found = (read(source, form).submission for source in sources(workbook_paths(paths)))
    return [
        it
        for it in found
        if it is not None and it.period is not None and (when is None or (it.period != when and _end(it) <= _key(when)))
    ]


def _end(submission: Submission) -> tuple[int, int, int]:
    return _key(submission.period) if submission.period is not None else (0, 0, 0)


def _key(period: Period) -> tuple[int, int, int]:
    return period.year, period.last_quarter, period.quarters


def _roster(path: Path) -> Roster:
    try:
        return load_roster(Source(str(path), path.read_bytes()))
    except OSError as error:
        raise NoSuchFile(str(path), error.strerror or "") from error


def _by_unit(earlier: Sequence[Submission], roster: Roster) -> Mapping[str, Submission]:
    """The latest earlier submission of each unit; a name that is not certain is nobody's."""
    matcher, found = Matcher(roster), {}
    for submission in sorted(earlier, key=_end):
        if submission.period is not None:
            match = matcher.match(submission.unit, period_end(submission.period))
            if match.unit is not None and match.is_certain:
                found[match.unit.name] = submission
    return found


def _file_names(units: Sequence[RosterUnit]) -> Iterator[tuple[str, RosterUnit]]:
    """A file name for each unit, each once."""
    taken: set[str] = set()
    for unit in units:
        stem = _NOT_IN_NAMES.sub(" ", f"{unit.code} {unit.name}".strip())
        stem = stem.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .") or "BieuThongKe"
        name, again = f"{stem}.xlsx", 2
        while name.casefold() in taken:
            name, again = f"{stem} ({again}).xlsx", again + 1
        taken.add(name.casefold())
        yield name, unit
