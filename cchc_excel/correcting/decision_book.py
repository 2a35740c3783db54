"""The workbook in which the open findings of all units are decided: what a row says, and what was meant by its mark.

A row names a proposal by its own words: the cells, what stands there and what would (`D54: 113 → 118; D55: 118 → 113`).
A mark counts while the program still says the very same of the file: a figure that has changed since makes other words.

In:     the grid of such a workbook, as an office program saved it; a submission with its findings.
Out:    the marks about that submission, and every one that cannot be carried out.
Never:  believes anything but the words that the officer saw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple, get_args

from cchc_excel.correcting.apply import Decision, decision_on
from cchc_excel.correcting.history import name_of
from cchc_excel.correcting.marks import Mark, answer, contradicting
from cchc_excel.finding import Alternative, Finding
from cchc_excel.form import Language
from cchc_excel.grid import TOP, Grid, Sheet, column_letters
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


def way_text(way: Alternative, submission: Submission, spoken: Words) -> str:
    """How a row names a proposal: each cell with what stands there and what would."""
    return "; ".join(
        f"{submission.entries[change.indicator].cell.local}: "
        f"{_stands(submission.entries[change.indicator], spoken)} → {spoken.value(change.after)}"
        for change in way.changes
        if change.indicator in submission.entries
    )


def _stands(entry: Entry, spoken: Words) -> str:
    """What a cell holds, the same before and after its spelling was put right."""
    return spoken.value(entry.raw if entry.value is None else entry.value)


def whose_of(submission: Submission, spoken: Words) -> str:
    """How a row names the unit and the period."""
    return whose(submission.unit, submission.period, spoken)


def whose(unit: str | None, period: Period | None, spoken: Words) -> str:
    """How a row names this unit and this period."""
    return f"{unit or spoken.word('unit_unknown')} · {spoken.period(period)}"


def about_nobody(book: DecisionBook, known: Iterable[tuple[str | None, Period | None]]) -> dict[str, int]:
    """Whose rows were marked that none of these units and periods is, and how many of each: nobody reads them."""
    spoken = words(book.language)
    named = {fold(whose(unit, period, spoken)) for unit, period in known}
    return dict(Counter(row.whose for row in book.rows if row.written and fold(row.whose) not in named))


def book_in(grid: Grid, name: str) -> DecisionBook | None:
    """Return the marks of a workbook of decisions; None for a workbook that is none."""
    for sheet in grid.sheets:
        for language in get_args(Language):
            found = _head(sheet, words(language))
            if found is not None:
                return DecisionBook(name, language, tuple(_rows(sheet, *found)))
    return None


def _head(sheet: Sheet, spoken: Words) -> tuple[int, Mapping[str, int]] | None:
    names = {fold(spoken.word("register", name)): name for name in COLUMNS}
    for row in list(sheet.rows)[:TOP]:
        at = {names.get(fold(str(cell.value)), ""): cell.column for cell in sheet.rows[row].values()}
        if at.keys() >= _NEEDED:
            return row, at
    return None


def _rows(sheet: Sheet, head: int, at: Mapping[str, int]) -> Iterator[BookRow]:
    def text(row: int, name: str) -> str:
        cell = sheet.cell(row, at[name]) if name in at else None
        return "" if cell is None or cell.value is None else clean(str(cell.value))

    for row in sheet.rows:
        if row > head and any(text(row, name) for name in ("decision", "decided_by", "remark")):
            yield BookRow(
                whose=text(row, "unit"),
                file=text(row, "file"),
                code=text(row, "code"),
                proposal=text(row, "proposal"),
                written=text(row, "decision"),
                remark=text(row, "remark"),
                by=name_of(text(row, "decided_by")),
                at=f"{column_letters(at['decision'])}{row}",
            )


def rows_about(book: DecisionBook, file: str, submission: Submission) -> tuple[BookRow, ...]:
    """The rows about a file: of its unit and period, and where several files are of these, by its name."""
    own = [row for row in book.rows if fold(row.whose) == fold(whose_of(submission, words(book.language)))]
    if _name_several_files(own):
        own = [row for row in own if _stem(row.file) == _stem(file)]
    return tuple(own)


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
    """Return what the marks about a file mean."""
    spoken = words(book.language)
    ways = {(finding.code, way_text(way, submission, spoken)): way for finding in findings for way in finding.ways}
    marks, unclear, stale, without_way = [], [], [], []
    for row in rows_about(book, file, submission):
        if not row.written:
            continue
        yes, way = answer(row.written, spoken), ways.get((row.code, row.proposal))
        if yes is None:
            unclear.append((row.at, row.written))
        elif way is not None:
            marks.append(Mark(row.code, decision_on(way), yes, tuple(_seen(way, submission)), row.by))
        elif yes and row.proposal:
            stale.append(row.proposal)
        elif yes:
            without_way.append(row.code)
    return Meant(tuple(dict.fromkeys(marks)), tuple(unclear), tuple(stale), tuple(without_way))


def _seen(way: Alternative, submission: Submission) -> Iterator[Figure | None]:
    """What stands in the cells: the row says the same of them, or its words would be others."""
    for change in way.changes:
        raw = submission.entries[change.indicator].raw
        yield str(raw) if isinstance(raw, bool | float) else raw


class Decided(NamedTuple):
    """What is carried out in a file and what never, and who decided it; how many marks cannot be carried out."""

    accepted: tuple[Decision, ...] = ()
    rejected: frozenset[Decision] = frozenset()
    left: int = 0
    by: Mapping[Decision, str] = {}


def decided_in(
    books: Iterable[DecisionBook], file: str, submission: Submission, findings: Sequence[Finding]
) -> Decided:
    """Return what is decided of a file in all the books together: two that differ are neither carried out."""
    all_meant = [meant(book, file, submission, findings) for book in books]
    marks = [mark for in_one_book in all_meant for mark in in_one_book.marks]
    against: Collection[Decision] = contradicting(marks, findings)
    accepted = dict.fromkeys(mark.decision for mark in marks if mark.accepted and mark.decision not in against)
    rejected = frozenset(mark.decision for mark in marks if not mark.accepted)
    left = len(against)
    for in_one_book in all_meant:
        left += len(in_one_book.unclear) + len(in_one_book.stale) + len(in_one_book.without_way)
    by = {mark.decision: mark.by for mark in marks if mark.by}
    return Decided(tuple(accepted), rejected - accepted.keys(), left, by)
