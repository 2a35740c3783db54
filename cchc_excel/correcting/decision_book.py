"""The workbook in which the open findings of all units are decided: what a row says, and what was meant by its mark.

A row names a proposal by its own words: the cells, what stands there and what would (`D54: 113 → 118; D55: 118 → 113`).
A mark counts while the program still says the very same of the file: a figure that has changed since makes other words.

In:     the grid of such a workbook, as an office program saved it; a submission with its findings.
Out:    the marks about that submission, and every one that cannot be carried out.
Never:  believes anything but the words that the officer saw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from cchc_excel.correcting.apply import Decision, decision_on
from cchc_excel.correcting.history import name_of
from cchc_excel.correcting.marks import Mark, MarkedTable, answer, contradicting, marked_table
from cchc_excel.finding import Alternative, Finding
from cchc_excel.form import Language
from cchc_excel.grid import Grid
from cchc_excel.submission import Entry, Figure, Period, Submission
from cchc_excel.vietnamese.text import clean, fold
from cchc_excel.wording import Words, words

COLUMNS = (
    "no", "unit", "file", "severity", "code", "indicator", "cell", "before", "compared", "message", "proposal",
    "decision", "decided_by", "remark",
)  # fmt: skip
_NEEDED = frozenset({"unit", "file", "code", "proposal", "decision"})


class BookRow(NamedTuple):
    """A row that somebody marked, or remarked upon. `at` is where the mark stands."""

    whose: str
    file: str
    code: str
    proposal: str
    written: str
    remark: str
    at: str
    by: str = ""


class DecisionBook(NamedTuple):
    """The rows of one workbook with marks or remarks, in the language that it was written in."""

    name: str
    language: Language
    rows: tuple[BookRow, ...]


class Asked(NamedTuple):
    """A workbook about which decisions were asked for: the name of its file, its unit and period."""

    file: str
    unit: str | None
    period: Period | None


class NotTaken(NamedTuple):
    """How many marked rows about one file were about none of the workbooks, and why.

    `is_whose_known` tells that there was a workbook of that unit and period, but of another name.
    """

    whose: str
    file: str
    is_whose_known: bool
    rows: int


class Meant(NamedTuple):
    """What the marks about one file mean: `unclear` are neither yes nor no, `stale` about what is proposed no more.

    `without_way` are the codes of rows that were accepted though nothing is proposed in them.
    """

    marks: tuple[Mark, ...] = ()
    unclear: tuple[tuple[str, str], ...] = ()
    stale: tuple[str, ...] = ()
    without_way: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """How many marks cannot be carried out."""
        return len(self.unclear) + len(self.stale) + len(self.without_way)


def way_text(way: Alternative, submission: Submission, spoken: Words) -> str:
    """Return how a row names a proposal: each cell with what stands there and what would."""
    pieces = []
    for change in way.changes:
        entry = submission.entries.get(change.indicator)
        if entry is not None:
            pieces.append(f"{entry.cell.local}: {_stands(entry, spoken)} → {spoken.value(change.after)}")
    return "; ".join(pieces)


def _stands(entry: Entry, spoken: Words) -> str:
    """What a cell holds, the same before and after its spelling was put right."""
    return spoken.value(entry.raw if entry.value is None else entry.value)


def whose_of(submission: Submission, spoken: Words) -> str:
    """Return how a row, or a findings sheet, names the unit and the period of a submission."""
    return whose(submission.unit, submission.period, spoken)


def whose(unit: str | None, period: Period | None, spoken: Words) -> str:
    """Return how a row names this unit and this period."""
    return f"{unit or spoken.word('unit_unknown')} · {spoken.period(period)}"


def about_nobody(book: DecisionBook, known: Iterable[tuple[str | None, Period | None]]) -> dict[str, int]:
    """Return whose marked rows nobody reads, since none of these units and periods bears the name, and how many."""
    spoken = words(book.language)
    named = {fold(whose(unit, period, spoken)) for unit, period in known}
    marked = [row for row in book.rows if row.written]
    return dict(Counter(row.whose for row in marked if fold(row.whose) not in named))


def book_in(grid: Grid, name: str) -> DecisionBook | None:
    """Return the marks of a workbook of decisions; None for a workbook that is none."""
    table = marked_table(grid, _titles, _NEEDED)
    if table is None:
        return None
    return DecisionBook(name, table.spoken.language, tuple(_rows(table)))


def _titles(spoken: Words) -> Mapping[str, str]:
    """The names of the columns by their folded titles."""
    return {fold(spoken.word("register", name)): name for name in COLUMNS}


def _rows(table: MarkedTable) -> Iterator[BookRow]:
    """The rows that somebody marked, or remarked upon."""
    for row in table.rows:
        book_row = BookRow(
            whose=clean(table.text(row, "unit")),
            file=clean(table.text(row, "file")),
            code=clean(table.text(row, "code")),
            proposal=clean(table.text(row, "proposal")),
            written=clean(table.text(row, "decision")),
            remark=clean(table.text(row, "remark")),
            by=name_of(table.text(row, "decided_by")),
            at=table.place(row, "decision"),
        )
        if book_row.written or book_row.remark or clean(table.text(row, "decided_by")):
            yield book_row


def rows_about(book: DecisionBook, file: str, submission: Submission) -> tuple[BookRow, ...]:
    """Return the rows about a file: of its unit and period, and where several files are of these, by its name."""
    whose_row = fold(whose_of(submission, words(book.language)))
    own = tuple(row for row in book.rows if fold(row.whose) == whose_row)
    if not _name_several_files(own):
        return own
    return tuple(row for row in own if _stem(row.file) == _stem(file))


def _name_several_files(rows: Iterable[BookRow]) -> bool:
    return len({row.file for row in rows}) > 1


def _stem(file: str) -> str:
    """The name of a file as two are compared: the copy of an .xls is an .xlsx."""
    return fold(PurePath(file).stem)


def not_taken(book: DecisionBook, asked: Iterable[Asked]) -> list[NotTaken]:
    """The marked rows that `rows_about` gives to none of the workbooks, counted by the file that they name."""
    spoken = words(book.language)
    stems_of: dict[str, set[str]] = {}
    for workbook in asked:
        own = fold(whose(workbook.unit, workbook.period, spoken))
        stems_of.setdefault(own, set()).add(_stem(workbook.file))
    rows_of: dict[str, list[BookRow]] = {}
    for row in book.rows:
        rows_of.setdefault(fold(row.whose), []).append(row)

    left: Counter[tuple[str, str, bool]] = Counter()
    for own, rows in rows_of.items():
        is_known = own in stems_of
        if is_known and not _name_several_files(rows):
            continue
        stems = stems_of.get(own, set())
        for row in rows:
            if row.written and _stem(row.file) not in stems:
                left[row.whose, row.file, is_known] += 1
    return [NotTaken(whose, file, is_known, count) for (whose, file, is_known), count in left.items()]


def meant(book: DecisionBook, file: str, submission: Submission, findings: Sequence[Finding]) -> Meant:
    """Return what the marks about a file mean.

    To reject what is proposed no more changes nothing: such a mark is passed over.
    """
    spoken = words(book.language)
    ways = {(finding.code, way_text(way, submission, spoken)): way for finding in findings for way in finding.ways}
    marks: dict[Mark, None] = {}  # in order, each once
    unclear: list[tuple[str, str]] = []
    stale: list[str] = []
    without_way: list[str] = []
    for row in rows_about(book, file, submission):
        if not row.written:
            continue
        accepted = answer(row.written, spoken)
        way = ways.get((row.code, row.proposal))
        if accepted is None:
            unclear.append((row.at, row.written))
        elif way is not None:
            seen = tuple(_seen(way, submission))
            marks[Mark(row.code, decision_on(way), accepted, seen, row.by)] = None
        elif accepted and row.proposal:
            stale.append(row.proposal)
        elif accepted:
            without_way.append(row.code)
    return Meant(tuple(marks), tuple(unclear), tuple(stale), tuple(without_way))


def _seen(way: Alternative, submission: Submission) -> Iterator[Figure | None]:
    """What stands in the cells: the row says the same of them, or its words would be others."""
    for change in way.changes:
        raw = submission.entries[change.indicator].raw
        yield str(raw) if isinstance(raw, bool | float) else raw


class Decided(NamedTuple):
    """What is carried out in a file and what never, and who decided it; `left` marks cannot be carried out."""

    accepted: tuple[Decision, ...] = ()
    rejected: frozenset[Decision] = frozenset()
    left: int = 0
    by: Mapping[Decision, str] = {}


def decided_in(
    books: Iterable[DecisionBook], file: str, submission: Submission, findings: Sequence[Finding]
) -> Decided:
    """Return what is decided of a file in all the books together; marks that contradict each other are left."""
    all_meant = [meant(book, file, submission, findings) for book in books]
    marks = [mark for book_meant in all_meant for mark in book_meant.marks]
    against = contradicting(marks, findings)
    accepted = dict.fromkeys(mark.decision for mark in marks if mark.accepted and mark.decision not in against)
    rejected = frozenset(mark.decision for mark in marks if not mark.accepted)
    return Decided(
        accepted=tuple(accepted),
        rejected=rejected.difference(accepted),
        left=len(against) + sum(book_meant.left for book_meant in all_meant),
        by={mark.decision: mark.by for mark in marks if mark.by},
    )
