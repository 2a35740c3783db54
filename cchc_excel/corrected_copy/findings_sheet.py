"""The sheet `Phát hiện` that a corrected workbook gains: what was found, what was done about it, now and earlier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, get_args

from cchc_excel.corrected_copy.findings_rows import COLUMNS, NOTHING_PAST, Cell, Past, Row, Rows, is_info
from cchc_excel.correcting.apply import Change
from cchc_excel.correcting.decision_book import whose_of
from cchc_excel.correcting.history import Earlier, Made
from cchc_excel.excel.patching import Choice, NewSheet, SheetCell
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form, Language, Severity
from cchc_excel.form.names import HISTORY
from cchc_excel.grid import harmless
from cchc_excel.submission import Submission
from cchc_excel.wording import Words
from cchc_excel.wording import words as spoken

NORMALISED, CHANGED, SUGGESTED, RECALCULATED, RESTORED = "FFF9E5", "FFE699", "F8CBAD", "DDEBF7", "E2EFDA"
"""Fills of cells written another way, with another figure, that somebody must look at, calculated anew, given back."""

WIDTHS = (10.0, 6.0, 36.0, 7.0, 11.0, 11.0, 11.0, 17.0, 49.0, 46.0, 11.0, 20.0)
HEAD = 5  # the header row: title, unit and period, counts, legend stand above it
DECISION = COLUMNS.index("decision") + 1


def findings_sheet(
    findings: Sequence[Finding],
    changes: Sequence[Change],
    submission: Submission,
    form: Form,
    words: Words,
    past: Past = NOTHING_PAST,
) -> NewSheet:
    """Return the sheet: what somebody must decide, what was done, and folded below, what was only spelt otherwise.

    A finding has a row of its own, and so has each way to put it right that is not about its own cell alone. A hidden
    column keeps the fixes for the next correction.
    """
    rows = Rows({change.indicator: change for change in changes}, submission, form, words, past)
    top = _top(findings, submission, words, past)
    infos = [finding for finding in findings if is_info(finding)]
    to_read = sorted((finding for finding in findings if not is_info(finding)), key=rows.order)
    earlier = _together(past.earlier, lambda fix: fix.made)
    spelt = [group for group in earlier if _is_spelling(group)]
    not_only_spelt = [group for group in earlier if not _is_spelling(group)]

    body: list[Row] = []
    for finding in to_read:
        body += rows.of_finding(finding)
    body += [rows.of_undone(fixes) for fixes in _together(past.undone, lambda made: made)]
    body += [rows.of_earlier(group) for group in not_only_spelt]

    folds = _Folds(len(top) + len(body), words)
    for code, of_code in _by_code(infos).items():
        folds.add([row for finding in of_code for row in rows.of_finding(finding)], rows.of_many(code, of_code))
    spellings = [fix.made for group in spelt for fix in group]
    folds.add([rows.of_earlier(group) for group in spelt], rows.of_many_earlier(spellings))

    options = (words.word("sheet", "accept"), words.word("sheet", "reject"))
    sheet = NewSheet(
        words.word("sheet", "name"),
        [[_harmless(cell) for cell in row] for row in (*top, *body, *folds.rows)],
        HEAD,
        WIDTHS,
        Choice(DECISION, options, words.word("sheet", "prompt")),
        hidden=rows.history(findings),
        folded=frozenset(folds.folded),
    )
    if not submission.earlier:
        return sheet
    # An office program may have renamed the sheet of the first correction: it is known by its mark and its title then.
    titles = [spoken(language).word("sheet", "title") for language in get_args(Language)]
    return sheet._replace(mark=HISTORY, titles=titles)


def _top(findings: Sequence[Finding], submission: Submission, words: Words, past: Past) -> list[Sequence[Cell]]:
    """The rows above the table, and its header row."""
    title = SheetCell(words.word("sheet", "title"), style="title")
    whose = SheetCell(whose_of(submission, words), style="plain")
    counts = SheetCell(_counts(findings, past, words), style="plain")
    how_to = SheetCell(words.word("sheet", "how"), style="plain")
    header = [SheetCell(words.word("sheet", name), style="head") for name in COLUMNS]
    return [[title], [whose], [counts, *[None] * 6, how_to], _legend(words, bool(past.undone)), header]


T = TypeVar("T")


def _together(items: Iterable[T], made_of_item: Callable[[T], Made]) -> list[list[T]]:
    """Fixes in their order, those that one decision made beside each other."""
    groups: list[list[T]] = []
    for item in items:
        made = made_of_item(item)
        for group in groups:
            if _belongs_to(made, [made_of_item(member) for member in group]):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _belongs_to(made: Made, group: Sequence[Made]) -> bool:
    """Whether a fix was made by the decision of a group that has no fix of its entry yet."""
    if not made.together or made.together != group[0].together:
        return False
    return made.indicator not in [member.indicator for member in group]


def _is_spelling(group: Sequence[Earlier]) -> bool:
    """Whether an earlier fix only spelt the same value otherwise, and stands."""
    return all(fix.stands and fix.made.certainty is Certainty.NORMALISED for fix in group)


def _by_code(findings: Iterable[Finding]) -> Mapping[str, Sequence[Finding]]:
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    return by_code


class _Folds:
    """Rows that stand folded under a row that sums them up; `folded` are their numbers."""

    def __init__(self, above: int, words: Words) -> None:
        self.above, self.words = above, words
        self.rows: list[Row] = []
        self.folded: list[int] = []

    def add(self, rows: Sequence[Row], summary: Row) -> None:
        """Add rows of one kind: folded if they are many."""
        if len(rows) > 1:
            self.rows.append(summary)
            first = self.above + len(self.rows) + 1
            self.folded += range(first, first + len(rows))
        self.rows += rows


def _counts(findings: Sequence[Finding], past: Past, words: Words) -> str:
    counts = Counter(finding.severity for finding in findings if finding.counts)
    shown = [words.word("counted", severity, count=counts[severity]) for severity in Severity]
    for name, fixes in (("count_undone", past.undone), ("count_earlier", past.earlier)):
        if fixes:
            shown.append(words.word("sheet", name, count=len(fixes)))
    if not past.is_calculated:
        shown.append(words.word("sheet", "not_calculated"))
    return " · ".join(shown)


def _harmless(cell: Cell) -> Cell:
    """A cell whose text may be shown: much of it came out of the workbook."""
    if isinstance(cell, SheetCell):
        shown = harmless(cell.text)
        return cell if shown is cell.text else cell._replace(text=shown)
    return None if cell is None else harmless(cell)


def _legend(words: Words, is_undone: bool) -> Sequence[Cell]:
    def box(name: str, fill: str) -> SheetCell:
        return SheetCell(words.word("sheet", name), style="legend", fill=fill)

    return [
        SheetCell(words.word("sheet", "legend"), style="legend"),
        None,
        box("changed", CHANGED),
        box("restored", RESTORED) if is_undone else None,
        None,
        None,
        None,
        box("normalised", NORMALISED),
        box("look", SUGGESTED),
        box("recalculated", RECALCULATED),
    ]
