"""What somebody marked beside a proposal, and which marks cannot all be meant.

In:     a workbook as an office program saved it; marks, from whatever sheet; the findings that they are about.
Out:    the table in which people mark; yes, no or neither; the proposals that contradict each other.
Never:  guesses what a mark means, or chooses between two that contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, get_args

from cchc_excel.correcting.apply import Decision, decision_on
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Language
from cchc_excel.grid import TOP, Cell, Grid, Sheet, column_letters
from cchc_excel.submission import Figure
from cchc_excel.vietnamese.text import fold, strip_accents
from cchc_excel.wording import Words, words


class Mark(NamedTuple):
    """One row that somebody marked: the code of its finding, what it proposes, and whether that was accepted.

    `before` is what the row says of the cells: what the officer saw, when it was decided. `by` is who decided, where
    the row says it.
    """

    code: str
    decision: Decision
    accepted: bool
    before: tuple[Figure | None, ...] = ()
    by: str = ""


class MarkedTable(NamedTuple):
    """A table in which people mark proposals: its header row, its columns by name, and the language of its titles."""

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    spoken: Words

    @property
    def rows(self) -> Iterator[int]:
        """The rows below the header that hold anything."""
        return (row for row in self.sheet.rows if row > self.header)

    def cell(self, row: int, name: str) -> Cell | None:
        """The cell of a row in the column of that name; None where it is blank or there is no such column."""
        return self.sheet.cell(row, self.columns[name]) if name in self.columns else None

    def text(self, row: int, name: str) -> str:
        """What a row says in the column of that name; nothing where the sheet has no such column."""
        return text_of(self.cell(row, name))

    def place(self, row: int, name: str) -> str:
        """Where a row's cell in the column of that name stands: `L5`."""
        return f"{column_letters(self.columns[name])}{row}"


def text_of(cell: Cell | None) -> str:
    """Return what a cell says, as a text; nothing for a blank."""
    return "" if cell is None or cell.value is None else str(cell.value)


def marked_table(
    grid: Grid, titles_in: Callable[[Words], Mapping[str, str]], needed: AbstractSet[str]
) -> MarkedTable | None:
    """Return the first table, in any language, whose header has all columns that are needed.

    `titles_in` gives, in one language, the names of the columns by their folded titles. The columns may stand anywhere.
    """
    for sheet in grid.sheets:
        for language in get_args(Language):
            spoken = words(language)
            titles = titles_in(spoken)
            for header in list(sheet.rows)[:TOP]:
                columns = _columns(sheet.rows[header].values(), titles)
                if columns.keys() >= needed:
                    return MarkedTable(sheet, header, columns, spoken)
    return None


def _columns(header: Iterable[Cell], titles: Mapping[str, str]) -> dict[str, int]:
    """Where the columns stand, by their names; of two with one title, the last."""
    columns: dict[str, int] = {}
    for cell in header:
        name = titles.get(fold(str(cell.value)))
        if name is not None:
            columns[name] = cell.column
    return columns


def answer(written: str, spoken: Words) -> bool | None:
    """Return yes, no, or None for neither.

    ` NHẬN.` and `nhan` are what they look like; `có` and `x` are not for us to guess.
    """
    plain = _plain(written)
    if plain == _plain(spoken.word("sheet", "accept")):
        return True
    if plain == _plain(spoken.word("sheet", "reject")):
        return False
    return None


def _plain(text: str) -> str:
    return strip_accents(fold(text))


def contradicting(marks: Iterable[Mark], findings: Iterable[Finding]) -> frozenset[Decision]:
    """Return the accepted proposals that cannot all be meant.

    Two values for one cell; two ways to put the same finding right; one way both accepted and rejected. Another
    spelling of what a cell says contradicts no value.
    """
    marks, findings = tuple(marks), tuple(findings)
    accepted = {mark.decision for mark in marks if mark.accepted}
    rejected = {mark.decision for mark in marks if not mark.accepted}
    of_two_values = _of_two_values(accepted - _spellings(findings))
    of_two_ways = _of_two_ways(marks, findings)
    return frozenset((accepted & rejected).union(of_two_values, of_two_ways))


def _spellings(findings: Iterable[Finding]) -> set[Decision]:
    """The decisions on proposals that only write a value another way."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    return {decision_on(fix.ways[0]) for fix in fixes if fix.certainty is Certainty.NORMALISED}


def _of_two_values(decisions: Iterable[Decision]) -> set[Decision]:
    """The decisions that would write different values into one cell."""
    by_cell: dict[str, dict[Figure | None, set[Decision]]] = {}
    for decision in decisions:
        for indicator, after in dict(decision.changes).items():
            by_cell.setdefault(indicator, {}).setdefault(after, set()).add(decision)
    found: set[Decision] = set()
    for by_value in by_cell.values():
        if len(by_value) > 1:
            found.update(*by_value.values())
    return found


def _of_two_ways(marks: Sequence[Mark], findings: Iterable[Finding]) -> set[Decision]:
    """The accepted decisions that put the same finding right, each in another way."""
    found: set[Decision] = set()
    for finding in findings:
        if len(finding.ways) < 2:
            continue
        of_code = {mark.decision for mark in marks if mark.accepted and mark.code in {finding.code, ""}}
        accepted_ways = of_code.intersection(map(decision_on, finding.ways))
        if len(accepted_ways) > 1:
            found |= accepted_ways
    return found
