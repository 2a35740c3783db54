"""The officer's decisions, read back from a findings sheet that people have sorted, typed in or saved elsewhere.

In:     the grid of a workbook with a findings sheet, in any language; the submission the decisions are about.
Out:    what was accepted and rejected, and every mark that cannot be carried out, so that none passes in silence.
Never:  guesses what a mark means, or chooses between two that contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple, get_args

from cchc_excel.corrected_copy.findings_sheet import BETWEEN, COLUMNS, who_and_when
from cchc_excel.correcting.apply import decided
from cchc_excel.correcting.history import name_of, same
from cchc_excel.correcting.marks import Mark, answer, contradicting
from cchc_excel.form import Form, Language
from cchc_excel.grid import TOP, Cell, Grid, Sheet, column_letters
from cchc_excel.reading.numbers import read_float, read_number
from cchc_excel.submission import Figure, Submission
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.wording import Words, words

__all__ = ["Decisions", "Mark", "contradicting", "decisions_in", "is_seen"]


class Decisions(NamedTuple):
    """The marks of a findings sheet. `unclear` are cells and what was typed there, neither yes nor no.

    `accepted_by` is who is named beside a row without a mark, by its code and indicator: of an explained warning, who
    lets the reason pass. `of` is whose sheet it is, where it is not the submission's; None if there is no sheet.
    """

    marks: tuple[Mark, ...] = ()
    unclear: tuple[tuple[str, str], ...] = ()
    of: str | None = ""
    accepted_by: Mapping[tuple[str, str], str] = {}


def decisions_in(grid: Grid, submission: Submission) -> Decisions:
    """Return the decisions in a workbook's findings sheet, whatever language it was written in."""
    found = next(_sheets(grid), None)
    if found is None:
        return Decisions(of=None)
    sheet, head, at, spoken = found
    whose = clean(_text(sheet, head - 3, 1))
    if _is_of_another(whose, submission, spoken):
        return Decisions(of=whose)
    by_cell = {entry.cell.local: key for key, entry in submission.entries.items()}
    marks, unclear, accepted_by = [], [], {}
    for row in sheet.rows:
        written = clean(_text(sheet, row, at["decision"]))
        if row <= head:
            continue
        by = name_of(_text(sheet, row, at["decided_by"])) if "decided_by" in at else ""
        if not written:
            key = by_cell.get(clean(_text(sheet, row, at["cell"])).upper())
            if by and key is not None:
                accepted_by[clean(_text(sheet, row, at["code"])).upper(), key] = by
            continue
        meant = answer(written, spoken)
        places = _text(sheet, row, at["cell"]).upper().split(BETWEEN.strip())
        indicators = [by_cell[place] for place in map(clean, places) if place in by_cell]
        after = _figures(sheet.cell(row, at["after"]), len(places), spoken)
        if meant is None or len(indicators) < len(places) or after is None:
            if meant is not False:  # to reject where nothing is proposed changes nothing
                unclear.append((f"{column_letters(at['decision'])}{row}", written))
            continue
        decision = decided(zip(indicators, after, strict=True))
        stood = sheet.cell(row, at["before"]) if "before" in at else None
        before = _figures(stood, len(places), spoken) or (None,) * len(places)
        marks.append(Mark(clean(_text(sheet, row, at["code"])).upper(), decision, meant, before, by))
    return Decisions(tuple(dict.fromkeys(marks)), tuple(unclear), accepted_by=accepted_by)


def _is_of_another(whose: str, submission: Submission, spoken: Words) -> bool:
    """Whether the sheet names another unit or period; what either side does not know tells nothing."""
    unknown = {fold(spoken.word("unit_unknown")), fold(spoken.word("period_unknown"))}
    named, own = ([fold(it) for it in line.split(" · ")] for line in (whose, who_and_when(submission, spoken)))
    return len(named) == len(own) and any(
        one != other and not {one, other} & unknown for one, other in zip(named, own, strict=True)
    )


def is_seen(mark: Mark, submission: Submission, form: Form) -> bool:
    """Whether the cells still say what the officer saw: the same figures, however they are written now."""
    seen = zip(mark.decision.indicators, mark.before, strict=True)
    return all(_is_seen(indicator, before, submission, form) for indicator, before in seen)


def _is_seen(indicator: str, before: Figure | None, submission: Submission, form: Form) -> bool:
    entry = submission.entries[indicator]
    if before is None or entry.is_blank:
        return before is None and entry.is_blank
    if before in {entry.value, str(entry.raw)} or same(entry.raw, before):
        return True
    row = form[indicator]
    if not isinstance(before, str) or entry.value is None:
        return False
    return fold(before) == fold(str(entry.value)) or read_number(before, row.kind.value, row.unit).value == entry.value


def _sheets(grid: Grid) -> Iterator[tuple[Sheet, int, Mapping[str, int], Words]]:
    """The findings sheets: each with its header row, the columns by name, wherever they stand, and its language."""
    for sheet in grid.sheets:
        for language in get_args(Language):
            spoken = words(language)
            names = {fold(spoken.word("sheet", name)): name for name in COLUMNS}
            names[fold(spoken.word("sheet", "after_once"))] = "after"  # on the sheets of version 0.5 and before
            for row in list(sheet.rows)[:TOP]:
                at = {names.get(fold(str(cell.value))): cell.column for cell in sheet.rows[row].values()}
                if {"code", "cell", "after", "decision"} <= at.keys():
                    yield sheet, row, {name: column for name, column in at.items() if name}, spoken


def _text(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    return "" if cell is None or cell.value is None else str(cell.value)


def _figures(cell: Cell | None, count: int, spoken: Words) -> tuple[Figure | None, ...] | None:
    """What a cell of the sheet says of so many cells; None if it does not say it of each."""
    if cell is None:
        return None
    if count == 1:
        return (_figure(cell.value, spoken),)
    pieces = str(cell.value).split(BETWEEN.strip())
    try:
        numbers = [Fraction(piece.strip()) for piece in pieces]
    except (ValueError, ZeroDivisionError):
        return None
    if len(numbers) != count:
        return None
    return tuple(int(number) if number.denominator == 1 else number for number in numbers)


def _figure(value: object, spoken: Words) -> Figure | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number: int | Fraction = read_float(value)[0]
        return number
    return None if value == spoken.word("blank") else str(value)
