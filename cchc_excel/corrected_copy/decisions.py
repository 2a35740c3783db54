"""The officer's decisions, read back from a findings sheet that people have sorted, typed in or saved elsewhere.

In:     the grid of a workbook with a findings sheet, in any language; the submission the decisions are about.
Out:    what was accepted and rejected, and every mark that cannot be carried out, so that none passes in silence.
Never:  guesses what a mark means, or chooses between two that contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.corrected_copy.findings_rows import BETWEEN, COLUMNS
from cchc_excel.correcting.apply import Decision, decided
from cchc_excel.correcting.decision_book import whose_of
from cchc_excel.correcting.history import name_of, same
from cchc_excel.correcting.marks import Mark, MarkedTable, answer, contradicting, marked_table, text_of
from cchc_excel.form import Form
from cchc_excel.grid import Cell, Grid
from cchc_excel.reading.numbers import read_float, read_number
from cchc_excel.submission import Figure, Submission
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.wording import Words

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
    table = marked_table(grid, _titles, {"code", "cell", "after", "decision"})
    if table is None:
        return Decisions(of=None)
    whose = clean(text_of(table.sheet.cell(table.header - 3, 1)))  # the line below the title
    if _is_of_another(whose, submission, table.spoken):
        return Decisions(of=whose)
    indicator_at = {entry.cell.local: indicator for indicator, entry in submission.entries.items()}
    marks: list[Mark] = []
    unclear: list[tuple[str, str]] = []
    accepted_by: dict[tuple[str, str], str] = {}
    for row in table.rows:
        code = clean(table.text(row, "code")).upper()
        written = clean(table.text(row, "decision"))
        by = name_of(table.text(row, "decided_by"))
        if not written:
            indicator = indicator_at.get(clean(table.text(row, "cell")).upper())
            if by and indicator is not None:
                accepted_by[code, indicator] = by
            continue
        accepted = answer(written, table.spoken)
        proposal = _proposal(table, row, indicator_at)
        if accepted is not None and proposal is not None:
            decision, before = proposal
            marks.append(Mark(code, decision, accepted, before, by))
        elif accepted is not False:  # to reject where nothing is proposed changes nothing
            unclear.append((table.place(row, "decision"), written))
    return Decisions(tuple(dict.fromkeys(marks)), tuple(unclear), accepted_by=accepted_by)


def _proposal(
    table: MarkedTable, row: int, indicator_at: Mapping[str, str]
) -> tuple[Decision, tuple[Figure | None, ...]] | None:
    """What a row proposes, and what it says of the cells before; None if it does not say what to write into each."""
    places = table.text(row, "cell").upper().split(BETWEEN.strip())
    indicators = [indicator_at[place] for place in map(clean, places) if place in indicator_at]
    after = _figures(table.cell(row, "after"), len(places), table.spoken)
    if len(indicators) < len(places) or after is None:
        return None
    before = _figures(table.cell(row, "before"), len(places), table.spoken) or (None,) * len(places)
    return decided(zip(indicators, after, strict=True)), before


def _is_of_another(whose: str, submission: Submission, spoken: Words) -> bool:
    """Whether the sheet names another unit or period; what either side does not know tells nothing."""
    unknown = {fold(spoken.word("unit_unknown")), fold(spoken.word("period_unknown"))}
    named = [fold(part) for part in whose.split(" · ")]
    own = [fold(part) for part in whose_of(submission, spoken).split(" · ")]
    if len(named) != len(own):
        return False
    for named_part, own_part in zip(named, own, strict=True):
        if named_part != own_part and named_part not in unknown and own_part not in unknown:
            return True
    return False


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
    if not isinstance(before, str) or entry.value is None:
        return False
    row = form[indicator]
    return fold(before) == fold(str(entry.value)) or read_number(before, row.kind.value, row.unit).value == entry.value


def _titles(spoken: Words) -> Mapping[str, str]:
    """The names of the columns by their folded titles."""
    titles = {fold(spoken.word("sheet", name)): name for name in COLUMNS}
    titles[fold(spoken.word("sheet", "after_once"))] = "after"  # on the sheets of version 0.5 and before
    return titles


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
