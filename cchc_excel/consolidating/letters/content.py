"""What is to be said to each unit, and of all of them: facts and sentences, before anything is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.codes import CODES
from cchc_excel.consolidating.filing import Filed, is_decided
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.standing import Standing
from cchc_excel.finding import Finding
from cchc_excel.form import Severity
from cchc_excel.grid import harmless
from cchc_excel.wording import Words


class Point(NamedTuple):
    """One thing to mend: where it stands, what is the matter, what to do."""

    severity: Severity
    cell: str
    name: str
    message: str
    do: str


class Letter(NamedTuple):
    """What one unit is told; `points` are in the order of the form, errors before warnings."""

    unit: str
    email: str
    file: str
    points: tuple[Point, ...]


class Summary(NamedTuple):
    """How all units stand: names by status, how many are expected, and what is open in each."""

    by_status: tuple[OfStatus, ...]
    expected: int
    open_units: tuple[OpenUnit, ...]


class OfStatus(NamedTuple):
    """The names of the units that stand in one way; of a file of no known unit its own name."""

    status: str
    names: tuple[str, ...]


class OpenUnit(NamedTuple):
    """How many errors and warnings are open in a unit, and at which cells."""

    unit: str
    errors: int
    warnings: int
    cells: tuple[str, ...]


class Sender(NamedTuple):
    """Who writes, and by when an answer is due; blank where it is left to be filled in by hand."""

    office: str = ""
    due: date | None = None


def letters_of(outcome: Outcome, words: Words) -> list[Letter]:
    """Return a letter for each unit that has something to mend, in the order of the roster."""
    by_path = {filed.path: filed for filed in outcome.filed}
    letters = []
    for standing in outcome.standings:
        if standing.unit is None:
            continue
        filed = by_path.get(standing.first_file or "")
        if filed is None:
            continue
        points = tuple(_points(filed, outcome, words))
        if points:
            letters.append(Letter(standing.name, standing.unit.email, PurePath(filed.path).name, points))
    return letters


def _points(filed: Filed, outcome: Outcome, words: Words) -> Iterator[Point]:
    """What is open in one workbook: errors before warnings, each in the order of the form."""
    form = outcome.merged.form
    of_workbook = [ranked.finding for ranked in outcome.findings if ranked.filed.path == filed.path]
    found = [finding for finding in of_workbook if _is_open(finding, filed, outcome)]

    def order(finding: Finding) -> tuple[int, int, str]:
        place = form.places[finding.indicators[0]] if finding.indicators else -1
        return -finding.severity.rank, place, finding.code

    for finding in sorted(found, key=order):
        yield Point(
            severity=finding.severity,
            cell=finding.cells[0].local if finding.cells else "",
            name=words.indicator(form[finding.indicators[0]], form) if finding.indicators else "",
            message=words.message(finding, form),
            do=words.page(finding.code, form)["do"],
        )


def _is_open(finding: Finding, filed: Filed, outcome: Outcome) -> bool:
    """Whether the unit must mend something: not what was put right while merging, nor what the office settles."""
    code = CODES.get(finding.code)
    is_of_the_office = code is not None and code.of_the_office
    is_settled = outcome.is_applied(finding) or is_decided(finding, filed.carried_out)
    return finding.counts and not is_settled and not is_of_the_office


def summary_of(outcome: Outcome, letters: Sequence[Letter], words: Words) -> Summary:
    """Return how all units stand."""
    names_by_status: dict[str, list[str]] = {}
    for standing in outcome.standings:
        names_by_status.setdefault(standing.status, []).append(_name(standing, words))
    return Summary(
        by_status=tuple(OfStatus(status, tuple(names)) for status, names in names_by_status.items()),
        expected=sum(standing.unit is not None for standing in outcome.standings),
        open_units=tuple(_open(letter) for letter in letters),
    )


def _name(standing: Standing, words: Words) -> str:
    """The name of a unit, else of the file that no known unit sent."""
    return standing.name or "; ".join(PurePath(path).name for path in standing.files) or words.word("unit_unknown")


def _open(letter: Letter) -> OpenUnit:
    """What is open in the unit that a letter goes to."""
    counts = Counter(point.severity for point in letter.points)
    return OpenUnit(
        unit=letter.unit,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        cells=tuple(point.cell for point in letter.points if point.cell),
    )


def due_shown(due: date | None, words: Words) -> str:
    """The day by which an answer is due, or room to write it by hand."""
    if due is None:
        return words.word("letters", "no_day")
    return words.word("letters", "day", day=f"{due.day:02}", month=f"{due.month:02}", year=due.year)


def facts_of(letter: Letter, outcome: Outcome, sender: Sender, words: Words) -> dict[str, str]:
    """What the sentences of a letter name: the unit, the period, who writes, the file, and the day of the answer."""
    return {
        "unit": letter.unit,
        "period": period_shown(outcome, words),
        "office": sender.office or words.word("letters", "office"),
        "file": letter.file,
        "due": due_shown(sender.due, words),
    }


def period_shown(outcome: Outcome, words: Words) -> str:
    """The period as it is named within a sentence: `quý I năm 2023`."""
    period = words.period(outcome.merged.period)
    return period[:1].lower() + period[1:]


def email_text(letter: Letter, outcome: Outcome, sender: Sender, words: Words) -> str:
    """The text of an e-mail: to whom, about what, and all points of the letter."""
    say = partial(words.word, "letters")
    facts = facts_of(letter, outcome, sender, words)
    lines = [f"{say('to')}: {letter.email}"] if letter.email else []
    lines += [f"{say('about')}: {say('subject', **facts)}", "", say("dear", **facts), "", say("opening", **facts), ""]
    for number, point in enumerate(letter.points, 1):
        place = say("place", cell=point.cell) if point.cell else ""
        where = ", ".join(part for part in (place, point.name) if part)
        lines.append(f"{number}. {where}: {point.message}" if where else f"{number}. {point.message}")
        lines.append(f"   {say('do')}: {point.do}")
    lines += ["", say("closing", **facts), "", say("regards")]
    return harmless("\n".join(lines)) + "\n"
