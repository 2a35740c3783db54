"""The sheet `Phát hiện` that a corrected workbook gains: what was found, what was done about it, now and earlier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar, get_args

from cchc_excel.correcting.apply import Change, Decision, decision_on
from cchc_excel.correcting.explaining import to_keep
from cchc_excel.correcting.history import Earlier, Made, Raw, decider_item, item_of, made_of, source_item, texts_of
from cchc_excel.excel.patching import Choice, NewSheet, SheetCell
from cchc_excel.finding import Alternative, Because, Certainty, Finding
from cchc_excel.form import Form, Language, Severity
from cchc_excel.form.names import HISTORY
from cchc_excel.grid import harmless, quoted
from cchc_excel.submission import CellAddress, Figure, Submission
from cchc_excel.wording import Words
from cchc_excel.wording import words as spoken
from cchc_excel.wording.beside import compared, is_about_its_own_cell
from cchc_excel.wording.numbers import exact_decimal

NORMALISED, CHANGED, SUGGESTED, RECALCULATED, RESTORED = "FFF9E5", "FFE699", "F8CBAD", "DDEBF7", "E2EFDA"
"""Fills of cells written another way, with another figure, that somebody must look at, calculated anew, given back."""

COLUMNS = (
    "severity", "code", "indicator", "cell", "before", "compared", "after", "status", "message", "why", "decision",
    "decided_by",
)  # fmt: skip
WIDTHS = (
    10.0,
    6.0,
    44.0,
    7.0,
    11.0,
    11.0,
    11.0,
    17.0,
    49.0,
    38.0,
    11.0,
    20.0,
)  # LibreOffice does not break a link over lines
BETWEEN = "; "  # between the cells, or the figures, of one proposal
HEAD = 5  # the header row: title, unit and period, counts, legend stand above it
DECISION = COLUMNS.index("decision") + 1

Row = list[SheetCell | str | None]


class Past(NamedTuple):
    """What happened before this correction: the fixes of earlier ones, and those of them undone just now.

    `rejected` are proposals that must not be carried out, `waiting` accepted ones that are not carried out yet.
    `is_calculated` is False where the results of formulas could not be renewed. `source` is the digest of what the copy
    is made of. `by` tells who decided what, `accepted_by` who lets the reason beside a warning pass, by its code and
    indicator; `decided_by` is who does all that names nobody.
    """

    earlier: Sequence[Earlier] = ()
    undone: Sequence[Made] = ()
    rejected: Collection[Decision] = ()
    waiting: Collection[Decision] = ()
    is_calculated: bool = True
    source: str = ""
    by: Mapping[Decision, str] = {}
    accepted_by: Mapping[tuple[str, str], str] = {}
    decided_by: str = ""


NOTHING_PAST = Past()


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
    rows = _Rows({change.indicator: change for change in changes}, submission, form, words, past)
    top: list[Row] = [
        [SheetCell(words.word("sheet", "title"), look="title")],
        [SheetCell(who_and_when(submission, words), look="plain")],
        [
            SheetCell(_counts(findings, past, words), look="plain"),
            *[None] * 6,
            SheetCell(words.word("sheet", "how"), look="plain"),
        ],
        _legend(words, bool(past.undone)),
        [SheetCell(words.word("sheet", name), look="head") for name in COLUMNS],
    ]
    body = [
        row for finding in sorted(findings, key=rows.order) if not _is_info(finding) for row in rows.of_finding(finding)
    ]
    body += map(rows.of_undone, _together(past.undone, lambda made: made))
    earlier = _together(past.earlier, lambda earlier: earlier.made)
    body += [rows.of_earlier(group) for group in earlier if not _is_spelling(group)]
    folds = _Folds(len(top) + len(body), words)
    for code, same in _by_code(filter(_is_info, findings)).items():
        folds.add([row for finding in same for row in rows.of_finding(finding)], rows.of_many(code, same))
    spelt = [rows.of_earlier(group) for group in earlier if _is_spelling(group)]
    folds.add(spelt, rows.of_many_earlier([it.made for group in earlier if _is_spelling(group) for it in group]))
    body += folds.rows
    options = (words.word("sheet", "accept"), words.word("sheet", "reject"))
    choice = Choice(DECISION, options, words.word("sheet", "prompt"))
    sheet = NewSheet(
        words.word("sheet", "name"),
        [[_harmless(cell) for cell in row] for row in (*top, *body)],
        HEAD,
        WIDTHS,
        choice,
        hidden=rows.history(findings),
        folded=frozenset(folds.folded),
    )
    if not submission.earlier:
        return sheet
    titles = [spoken(language).word("sheet", "title") for language in get_args(Language)]
    return sheet._replace(mark=HISTORY, titles=titles)


T = TypeVar("T")


def _together(items: Iterable[T], made_of_item: Callable[[T], Made]) -> list[list[T]]:
    """Fixes in their order, those that one decision made beside each other."""
    groups: list[list[T]] = []
    for item in items:
        made = made_of_item(item)
        group = next((it for it in groups if made.together and _waits_for(made, [*map(made_of_item, it)])), None)
        if group is None:
            groups.append([item])
        else:
            group.append(item)
    return groups


def _waits_for(made: Made, group: Sequence[Made]) -> bool:
    """Whether a fix belongs to a group that has no fix of its entry yet."""
    return group[0].together == made.together and made.indicator not in [it.indicator for it in group]


def _is_info(finding: Finding) -> bool:
    return finding.severity is Severity.INFO


def _is_spelling(group: Sequence[Earlier]) -> bool:
    """Whether an earlier fix only spelt the same value otherwise, and stands."""
    return all(it.stands and it.made.certainty is Certainty.NORMALISED for it in group)


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


def who_and_when(submission: Submission, words: Words) -> str:
    """The line that says whose form it is, and of which period."""
    return f"{submission.unit or words.word('unit_unknown')} · {words.period(submission.period)}"


def _counts(findings: Sequence[Finding], past: Past, words: Words) -> str:
    counts = [sum(one.severity is severity and one.counts for one in findings) for severity in Severity]
    shown = [words.word("counted", severity, count=count) for severity, count in zip(Severity, counts, strict=True)]
    for name, fixes in (("count_undone", past.undone), ("count_earlier", past.earlier)):
        if fixes:
            shown.append(words.word("sheet", name, count=len(fixes)))
    if not past.is_calculated:
        shown.append(words.word("sheet", "not_calculated"))
    return " · ".join(shown)


def _harmless(cell: SheetCell | str | None) -> SheetCell | str | None:
    """A cell whose text may be shown: much of it came out of the workbook."""
    if isinstance(cell, SheetCell):
        shown = harmless(cell.text)
        return cell if shown is cell.text else cell._replace(text=shown)
    return None if cell is None else harmless(cell)


def _legend(words: Words, is_undone: bool) -> Row:
    def box(name: str, fill: str) -> SheetCell:
        return SheetCell(words.word("sheet", name), look="legend", fill=fill)

    return [
        SheetCell(words.word("sheet", "legend"), look="legend"),
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


class _Rows:
    """The rows of the sheet, each made of one fact; `made` are the changes of this correction by indicator."""

    def __init__(
        self, made: Mapping[str, Change], submission: Submission, form: Form, words: Words, past: Past
    ) -> None:
        self.made, self.submission, self.form, self.words, self.past = made, submission, form, words, past
        self.carried_out = frozenset(change.decision for change in made.values())
        self.at = {entry.cell: entry for entry in submission.entries.values()}
        self.hows: dict[tuple[Certainty, tuple[str, str]], str] = {}

    def word(self, name: str, **facts: object) -> str:
        return self.words.word("sheet", name, **facts)

    def history(self, findings: Iterable[Finding]) -> tuple[str, ...]:
        """What the next correction must know: every fix that is not undone, in the order of the form; explanations."""
        fixes = [it.made for it in self.past.earlier]
        fixes += [made_of(change, self.submission.entries[key]) for key, change in self.made.items()]
        fixes.sort(key=lambda it: self.form.places[it.indicator])  # stable: of one entry in their order
        explained = to_keep(findings, self.submission, {key: change.after for key, change in self.made.items()})
        source = [source_item(self.past.source)] if self.past.source else []
        by = [decider_item(decision, name) for decision, name in self.past.by.items()]
        return texts_of([*map(item_of, fixes), *explained, *by, *source])

    def order(self, finding: Finding) -> tuple[bool, bool, int]:
        """What is open before what is done or explained, the worst first; else as the findings stand."""
        return self.is_settled(finding), finding.explained is not None, -finding.severity.rank

    def is_settled(self, finding: Finding) -> bool:
        """Whether one of its ways was carried out by this correction."""
        return any(decision_on(way) in self.carried_out for way in finding.ways)

    def of_many(self, code: str, findings: Sequence[Finding]) -> Row:
        """The row above findings of one code: how many, and in which cells."""
        cells = ", ".join(finding.cells[0].local for finding in findings if finding.cells)
        severity = findings[0].severity
        return self.summary(
            SheetCell(self.words.word("severity", severity), look=severity.value), code, findings, cells
        )

    def of_many_earlier(self, made: Sequence[Made]) -> Row:
        """The row above fixes of earlier corrections that only spelt the same value otherwise."""
        cells = [
            self.submission.entries[it.indicator].cell.local for it in made if it.indicator in self.submission.entries
        ]
        return self.summary(
            SheetCell(self.word("fix"), look="info"), made[0].code if made else "", made, ", ".join(cells)
        )

    def summary(self, head: SheetCell, code: str, of: Sequence[object], cells: str) -> Row:
        title = self.words.title(code, self.form).rstrip(".") if code else ""
        folded = self.word("folded", count=len(of))
        return [head, code, folded, "", "", "", "", "", f"{title}: {cells}", "", "", ""]

    def of_finding(self, finding: Finding) -> Iterator[Row]:
        words, ways = self.words, finding.ways
        cell = finding.cells[0] if finding.cells else None
        message = words.message(finding, self.form)
        if finding.explained:
            message += f" {words.word('explained')}: {finding.explained}"
        do = "" if _is_info(finding) else words.page(finding.code, self.form)["do"]
        do = f"{words.suspects(finding, self.form)} {do}".strip()
        head: Row = [SheetCell(words.word("severity", finding.severity), look=finding.severity.value), finding.code]
        own = bool(ways) and is_about_its_own_cell(ways[0], finding)
        if not own:
            name = self.name(finding.indicators[0]) if finding.indicators else ""
            stands = self.at[cell].raw if cell in self.at else finding.observed
            figures: Row = [self.content(stands), self.compared(finding), ""]
            yield [
                *head,
                *_place(name, cell),
                *figures,
                self.state(finding),
                message,
                do,
                "",
                finding.accepted_by or "",
            ]
        for number, way in enumerate(ways):
            indicators = [change.indicator for change in way.changes]
            after, status, decision = self.done(finding, way, first=number == 0)
            is_head = own and number == 0
            yield [
                *(head if is_head else ["", finding.code]),
                *self.place(indicators, cell),
                self.contents([self.raw(key) for key in indicators]),
                self.compared(finding) if is_head else "",
                self.contents(after),
                status,
                message if is_head else "" if number == 0 else self.instead_of(finding),
                self.reason(way.because, do if is_head else ""),
                decision,
                self.by(decision_on(way)) or (is_head and finding.accepted_by) or "",
            ]

    def by(self, decision: Decision) -> str:
        """Who decided it, as far as it was carried out or refused."""
        return self.past.by.get(decision, "")

    def compared(self, finding: Finding) -> SheetCell:
        return SheetCell(compared(finding, self.words), look="text")

    def state(self, finding: Finding) -> str:
        """The status of a finding whose ways, if it has any, stand in rows of their own."""
        if _is_info(finding) or self.is_settled(finding):
            return ""
        return self.words.word("explained") if finding.explained is not None else self.word("open")

    def instead_of(self, finding: Finding) -> str:
        """What is said of every way but the first."""
        if finding.fix is None:
            return self.word("other_explanation")
        _, cells = self.place([change.indicator for change in finding.fix.changes], None)
        return self.word("other_way", cell=cells)

    def done(self, finding: Finding, way: Alternative, *, first: bool) -> tuple[Sequence[Figure | None], str, str]:
        """What became of a way: the values the cells have now or should have, the status, the decision kept."""
        past, decision = self.past, decision_on(way)
        after = [change.after for change in way.changes]
        made = [self.made[change.indicator] for change in way.changes if change.indicator in self.made]
        if len(made) == len(after):
            spelling = finding.fix is not None and finding.fix.certainty is Certainty.NORMALISED
            now = [change.after for change in made]
            if spelling or now == after:
                return now, self.how(made[0].certainty, ("done", "accepted")), ""
        if decision in past.rejected and decision in past.waiting:
            return after, self.word("disagreed"), f"{self.word('accept')}{BETWEEN}{self.word('reject')}"
        if decision in past.rejected:
            return after, self.word("rejected"), self.word("reject")
        status = "or" if not first else "proposed" if finding.fix is not None else "listed"
        return after, self.word(status), self.word("accept") if decision in past.waiting else ""

    def how(self, certainty: Certainty, names: tuple[str, str]) -> str:
        """How something was done: by itself, or as an officer decided."""
        if (certainty, names) not in self.hows:
            how = self.words.word("certainty", certainty).lower()
            self.hows[certainty, names] = self.word(names[certainty is Certainty.SUGGESTED], how=how)
        return self.hows[certainty, names]

    def of_earlier(self, group: Sequence[Earlier]) -> Row:
        """A fix of an earlier correction, and whether its cells still hold what it wrote."""
        fixes = [it.made for it in group]
        if all(it.stands for it in group):
            return self.of_made("fix", fixes, self.how(fixes[0].certainty, ("earlier", "earlier_accepted")), "")
        now = [str(it.now).upper() if isinstance(it.now, bool) else it.now for it in group]
        remark = self.word("rewritten_as", now=BETWEEN.join(map(self.words.value, now)))
        return self.of_made("fix", fixes, self.word("rewritten"), remark)

    def of_undone(self, fixes: Sequence[Made]) -> Row:
        """A fix that was undone just now: the cells hold again what they held before."""
        return self.of_made("no_fix", fixes, self.word("undone"), "")

    def of_made(self, kind: str, fixes: Sequence[Made], status: str, remark: str) -> Row:
        """A row about what was changed together."""
        made = fixes[0]
        message = f"{self.words.title(made.code, self.form).rstrip('.')}. {remark}".strip()
        return [
            SheetCell(self.word(kind), look="info"),
            made.code,
            *self.place([it.indicator for it in fixes], None),
            self.contents([it.before for it in fixes]),
            "",
            self.contents([it.after for it in fixes]),
            status,
            message,
            self.reason(made.because, ""),
            self.word("reject") if made.decision in self.past.rejected else "",
            self.by(made.decision),
        ]

    def place(self, indicators: Sequence[str], otherwise: CellAddress | None) -> Row:
        """The names of rows, linked to the first one's cell, and all their cells."""
        entries = [self.submission.entries[key] for key in indicators if key in self.submission.entries]
        row = _place(BETWEEN.join(map(self.name, indicators)), entries[0].cell if entries else otherwise)
        return [row[0], BETWEEN.join(entry.cell.local for entry in entries)] if len(entries) > 1 else row

    def raw(self, indicator: str) -> Raw:
        """What stands in an entry's cell."""
        entry = self.submission.entries.get(indicator)
        return entry.raw if entry is not None else None

    def contents(self, values: Sequence[Raw | Figure]) -> SheetCell:
        """What one cell holds as it is, what several hold as a text that can be read back."""
        if len(values) == 1:
            return self.content(values[0])
        shown = (it if isinstance(it, str) else "" if it is None else exact_decimal(it) for it in values)
        return SheetCell(BETWEEN.join(shown), None, "text")

    def name(self, indicator: str) -> str:
        return self.words.indicator(self.form[indicator], self.form)

    def reason(self, because: Because, do: str) -> str:
        reason = self.words.because(because)
        return f"{reason[:1].upper()}{reason[1:]}. {do}".strip()

    def content(self, value: Raw | Figure) -> SheetCell:
        """A figure as a number, exact, so that it can be read back and typed again; a text as a text."""
        if isinstance(value, str):
            return SheetCell(value, None, "text")
        if value is None:
            return SheetCell(self.words.word("blank"), None, "text")
        if isinstance(value, bool):
            return SheetCell(str(value).upper(), None, "text")
        return SheetCell("", repr(value) if isinstance(value, float) else exact_decimal(value), "number")


def _place(name: str, cell: CellAddress | None) -> Row:
    if cell is None:
        return [name, ""]
    return [SheetCell(name or cell.sheet, link=f"{quoted(cell.sheet)}!{cell.local}"), cell.local]
