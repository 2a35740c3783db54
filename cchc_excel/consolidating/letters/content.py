"""What is to be said to each unit, and of all of them: facts and sentences, before anything is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.codes import CODES
from cchc_excel.consolidating.filing import Filed, is_decided
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.standing import Standing
from cchc_excel.finding import Certainty, Finding
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
    """How all units stand: names by status, and what is open in each."""

    by_status: tuple[tuple[str, tuple[str, ...]], ...]
    expected: int
    open_units: tuple[tuple[str, int, int, tuple[str, ...]], ...]


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
        filed = by_path.get(standing.counts or next(iter(standing.others), ""))
        points = tuple(_points(filed, outcome, words)) if filed is not None else ()
        if filed is not None and points:
            letters.append(Letter(standing.name, standing.unit.email, PurePath(filed.path).name, points))
    return letters


def _points(filed: Filed, outcome: Outcome, words: Words) -> Iterator[Point]:
    form = outcome.merged.form
    places = {row.id: place for place, row in enumerate(form.indicators)}
    found = [
        it.finding for it in outcome.findings if it.filed.path == filed.path and _is_open(it.finding, it.filed, outcome)
    ]

    def order(finding: Finding) -> tuple[int, int, str]:
        return -finding.severity.rank, places[finding.indicators[0]] if finding.indicators else -1, finding.code

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
    is_applied = finding.fix is not None and finding.fix.certainty is not Certainty.SUGGESTED and outcome.corrected
    code = CODES.get(finding.code)
    is_settled = is_applied or is_decided(finding, filed.carried_out)
    return finding.counts and not is_settled and not (code is not None and code.of_the_office)


def summary_of(outcome: Outcome, letters: Sequence[Letter], words: Words) -> Summary:
    """Return how all units stand."""
    expected = [standing for standing in outcome.standings if standing.unit is not None]
    statuses = dict.fromkeys(standing.status for standing in outcome.standings)
    by_status = tuple((status, tuple(_names(outcome.standings, status, words))) for status in statuses)
    return Summary(
        by_status=by_status,
        expected=len(expected),
        open_units=tuple(_open(letter) for letter in letters),
    )


def _names(standings: Sequence[Standing], status: str, words: Words) -> Iterator[str]:
    for standing in standings:
        if standing.status == status:
            yield (
                standing.name or "; ".join(PurePath(path).name for path in standing.files) or words.word("unit_unknown")
            )


def _open(letter: Letter) -> tuple[str, int, int, tuple[str, ...]]:
    counts = Counter(point.severity for point in letter.points)
    return (
        letter.unit,
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        tuple(point.cell for point in letter.points if point.cell),
    )


def due_shown(due: date | None, words: Words) -> str:
    """The day by which an answer is due, or room to write it by hand."""
    if due is None:
        return words.word("letters", "no_day")
    return words.word("letters", "day", day=f"{due.day:02}", month=f"{due.month:02}", year=due.year)


def email_text(letter: Letter, outcome: Outcome, sender: Sender, words: Words) -> str:
    """The text of an e-mail: to whom, about what, and all points of the letter."""
    say = words.word
    period = words.period(outcome.merged.period)
    facts = {
        "unit": letter.unit,
        "period": period[:1].lower() + period[1:],
        "office": sender.office or say("letters", "office"),
        "file": letter.file,
        "due": due_shown(sender.due, words),
    }
    lines = [
        f"{say('letters', 'to')}: {letter.email}" if letter.email else "",
        f"{say('letters', 'about')}: {say('letters', 'subject', **facts)}",
    ]
    lines += ["", say("letters", "dear", **facts), "", say("letters", "opening", **facts), ""]
    for number, point in enumerate(letter.points, 1):
        place = say("letters", "place", cell=point.cell) if point.cell else ""
        where = ", ".join(part for part in (place, point.name) if part)
        lines.append(f"{number}. {where + ': ' if where else ''}{point.message}")
        lines.append(f"   {say('letters', 'do')}: {point.do}")
    lines += ["", say("letters", "closing", **facts), "", say("letters", "regards")]
    return harmless("\n".join(lines).lstrip("\n")) + "\n"
