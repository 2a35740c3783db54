"""What `cchc template` does: one blank workbook, or one for each unit of a roster."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cchc_excel.commands.earlier import earlier_submissions_told
from cchc_excel.commands.file_names import file_stems
from cchc_excel.commands.files import clear_left_behind, is_one_of, roster_in, workbook_paths, write_whole
from cchc_excel.commands.options import FormOptions, period_of
from cchc_excel.commands.refusals import DONE
from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.consolidating.roster.matching import Matcher
from cchc_excel.consolidating.standing import period_end
from cchc_excel.errors import NotAFolder, OptionNeedsAnother, OutputExists
from cchc_excel.form import Form, edition_for, form_asked_for
from cchc_excel.grid import harmless
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import Words, words
from cchc_excel.workbook_form import template

_MOST_NAMES = 5  # of other units told


@dataclass(frozen=True, kw_only=True)
class TemplateOptions(FormOptions):
    """What `cchc template` is to do; with a roster `output` is a folder."""

    output: Path
    unit: str | None = None
    period: str | None = None
    roster: Path | None = None
    previous: Sequence[Path] = ()
    force: bool = False


def run_template(options: TemplateOptions, today: date | None = None) -> int:
    """Write the blank workbook of a form, or into a folder one for each unit of a roster.

    Where neither a form nor a period is named it is the shipped form in force `today`.
    """
    form, spoken = form_asked_for(options.form), words(options.lang)
    period = period_of(options.period)
    submissions = earlier_submissions_told(options.previous, form, spoken)
    earlier = [submission for submission in submissions if _is_earlier(submission, period)]
    period_of_form = period or _quarter_of(today or date.today())  # noqa: DTZ011 - the day of this office
    form = edition_for(form, period_of_form)
    if options.roster is None:
        last = _latest_of_unit(options.unit, earlier, spoken)
        _write_one(options, form, period, last)
        _tell([options.output], form, period, options)
    elif period is None:
        raise OptionNeedsAnother("--roster", "--period")
    else:
        written = _write_for_each(options, form, period, earlier, roster_in(options.roster))
        _tell(written, form, period, options)
    if not options.quiet:
        _tell_of_form(form, period_of_form, options, spoken)
    return DONE


def _tell_of_form(form: Form, period: Period, options: TemplateOptions, spoken: Words) -> None:
    """Say on stderr for which periods the form is, where the officer named none of them, or one that it is not for."""
    holds_for = _holds_for(form, spoken)
    if not form.holds_for(period):
        told = spoken.word("template", "not_in_force", form=form.id, periods=holds_for, period=spoken.period(period))
    elif options.period is None and not options.form:
        told = spoken.word("template", "in_force", form=form.id, periods=holds_for)
    else:
        return
    print(harmless(told), file=sys.stderr)


def _holds_for(form: Form, spoken: Words) -> str:
    """The periods of a form in words, by the days on which they end."""
    days = {
        "first": f"{form.holds_from:%d/%m/%Y}" if form.holds_from else "",
        "last": f"{form.holds_until:%d/%m/%Y}" if form.holds_until else "",
    }
    known = [name for name, day in days.items() if day]
    return spoken.word("template", "holds", "_and_".join(known) or "always", **days)


def _tell(written: Iterable[Path], form: Form, period: Period | None, options: TemplateOptions) -> None:
    """Name the files as they are written, or all of them to a program."""
    if options.format != "json":
        for path in written:
            print(path)
        return
    from cchc_excel.reporting.contract import document

    period_code = str(period) if period else None
    files = [str(path) for path in written]
    print(document("template", form=form.id, period=period_code, files=files))


def _write_one(options: TemplateOptions, form: Form, period: Period | None, last: Submission | None) -> None:
    """Write one workbook. Raises OutputExists."""
    if is_one_of(options.output, workbook_paths(options.previous)):
        raise OutputExists(str(options.output))
    data = template(form, unit=options.unit or "", period=str(period) if period else "", previous=last)
    write_whole(options.output, data, replace=options.force)


def _write_for_each(
    options: TemplateOptions, form: Form, period: Period, earlier: Sequence[Submission], roster: Roster
) -> Iterator[Path]:
    """Write a workbook for each unit of the period, and yield its path.

    Raises OutputExists before anything is written.
    """
    folder = options.output
    if folder.exists() and not folder.is_dir():
        raise NotAFolder(str(folder))
    units = roster.expected(period_end(period))
    stems = file_stems((f"{unit.code} {unit.name}" for unit in units), "BieuThongKe")
    targets = [folder / f"{stem}.xlsx" for stem in stems]
    inputs = workbook_paths(options.previous)
    for target in targets:
        is_in_the_way = target.exists() and not options.force
        if is_in_the_way or is_one_of(target, inputs):
            raise OutputExists(str(target))
    last_of = _by_unit(earlier, roster)
    clear_left_behind(folder)
    for target, unit in zip(targets, units, strict=True):
        data = template(form, unit=unit.name, period=str(period), previous=last_of.get(unit.name))
        write_whole(target, data, replace=options.force)
        yield target


def _is_earlier(submission: Submission, period: Period | None) -> bool:
    """Whether a submission is of a known period that is neither the period asked for nor later."""
    if submission.period is None:
        return False
    if period is None:
        return True
    return submission.period != period and _end(submission) <= period.order


def _end(submission: Submission) -> tuple[date, int]:
    """What submissions are put in order of time by; those without a period come first."""
    return submission.period.order if submission.period is not None else (date.min, 0)


def _quarter_of(day: date) -> Period:
    return Period(day.year, f"Q{(day.month + 2) // 3}")


def _latest_of_unit(unit: str | None, earlier: Sequence[Submission], spoken: Words) -> Submission | None:
    """The latest earlier submission of the unit that the workbook is made for.

    Where no unit is named it is that of the unit that all submissions are of. Where there is none, that is said.
    """
    if not earlier:
        return None
    names = list(dict.fromkeys(submission.unit or "" for submission in earlier))
    first_named = next(filter(None, names), "")
    wanted = unit or first_named
    only_wanted = Roster((RosterUnit(wanted),), "")
    if not unit and not all(_by_unit([submission], only_wanted) for submission in earlier):
        told = spoken.word("template", "several_units", units=_names_shown(names, spoken))
        print(harmless(told), file=sys.stderr)
        return None
    last = _by_unit(earlier, only_wanted).get(wanted)
    if last is None:
        told = spoken.word("template", "none_of_unit", unit=wanted, units=_names_shown(names, spoken))
        print(harmless(told), file=sys.stderr)
    return last


def _names_shown(names: Sequence[str], spoken: Words) -> str:
    """The names of units as they are told: of many the first ones."""
    shown = ", ".join(name or spoken.word("template", "unnamed") for name in names[:_MOST_NAMES])
    return f"{shown}, …" if len(names) > _MOST_NAMES else shown


def _by_unit(earlier: Sequence[Submission], roster: Roster) -> Mapping[str, Submission]:
    """The latest earlier submission of each unit, by its name; a name that is not certain is nobody's."""
    matcher = Matcher(roster)
    latest: dict[str, Submission] = {}
    for submission in sorted(earlier, key=_end):
        if submission.period is None:
            continue
        match = matcher.match(submission.unit, period_end(submission.period))
        if match.unit is not None and match.is_certain:
            latest[match.unit.name] = submission  # a later one takes the place of an earlier one
    return latest
