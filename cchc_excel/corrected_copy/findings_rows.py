"""The rows of the sheet `Phát hiện`: what each of its columns says of a finding, or of a fix.

In:     a finding with its ways to put it right; a fix of an earlier correction; what was decided.
Out:    rows, column by column; the texts in which the next correction finds this one again.
Never:  decides which rows stand on the sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from cchc_excel.correcting.apply import Change, Decision, decision_on
from cchc_excel.correcting.explaining import to_keep
from cchc_excel.correcting.history import Earlier, Made, Raw, decider_item, item_of, made_of, source_item, texts_of
from cchc_excel.excel.patching import SheetCell
from cchc_excel.finding import Alternative, Because, Certainty, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import quoted
from cchc_excel.submission import CellAddress, Figure, Submission
from cchc_excel.wording import Words
from cchc_excel.wording.beside import compared, is_about_its_own_cell
from cchc_excel.wording.numbers import exact_decimal

Cell: TypeAlias = SheetCell | str | None


class Row(NamedTuple):
    """A row of the table: the columns of the sheet in their order, blank where nothing is to be said."""

    severity: Cell = ""
    code: Cell = ""
    indicator: Cell = ""
    cell: Cell = ""
    before: Cell = ""
    compared: Cell = ""
    after: Cell = ""
    status: Cell = ""
    message: Cell = ""
    why: Cell = ""
    decision: Cell = ""
    decided_by: Cell = ""


COLUMNS = Row._fields
BETWEEN = "; "  # between the cells, or the figures, of one proposal


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


class _Outcome(NamedTuple):
    """What became of a way: the figures that the cells have now or should have, in words its status and decision.

    `made` are the changes of this correction where the way was carried out; none where it was not.
    """

    after: Sequence[Figure | None]
    status: str
    decision: str
    made: Sequence[Change] = ()


class Rows:
    """The rows of the sheet, each made of one fact; `made` are the changes of this correction by indicator."""

    def __init__(
        self, made: Mapping[str, Change], submission: Submission, form: Form, words: Words, past: Past
    ) -> None:
        self.made, self.submission, self.form, self.words, self.past = made, submission, form, words, past
        self.carried_out = frozenset(change.decision for change in made.values())
        self.entry_at = {entry.cell: entry for entry in submission.entries.values()}
        self.hows: dict[tuple[Certainty, str], str] = {}

    def word(self, name: str, **facts: object) -> str:
        return self.words.word("sheet", name, **facts)

    def history(self, findings: Iterable[Finding]) -> tuple[str, ...]:
        """What the next correction must know: every fix that is not undone, in the order of the form; explanations."""
        entries, places = self.submission.entries, self.form.places
        fixes = [earlier.made for earlier in self.past.earlier]
        fixes += [made_of(change, entries[indicator]) for indicator, change in self.made.items()]
        fixes.sort(key=lambda made: places[made.indicator])  # stable: those of one entry stay in their order
        figures_now = {indicator: change.after for indicator, change in self.made.items()}
        explained = to_keep(findings, self.submission, figures_now)
        deciders = [decider_item(decision, name) for decision, name in self.past.by.items()]
        source = [source_item(self.past.source)] if self.past.source else []
        return texts_of([*map(item_of, fixes), *explained, *deciders, *source])

    def order(self, finding: Finding) -> tuple[bool, bool, int]:
        """What is open before what is done or explained, the worst first; else as the findings stand."""
        return self.is_settled(finding), finding.explained is not None, -finding.severity.rank

    def is_settled(self, finding: Finding) -> bool:
        """Whether one of its ways was carried out by this correction."""
        return any(decision_on(way) in self.carried_out for way in finding.ways)

    def of_many(self, code: str, findings: Sequence[Finding]) -> Row:
        """The row above findings of one code: how many, and in which cells."""
        cells = [finding.cells[0].local for finding in findings if finding.cells]
        return self.summary(self.severity(findings[0]), code, len(findings), cells)

    def of_many_earlier(self, fixes: Sequence[Made]) -> Row:
        """The row above fixes of earlier corrections that only spelt the same value otherwise."""
        entries = self.submission.entries
        cells = [entries[made.indicator].cell.local for made in fixes if made.indicator in entries]
        code = fixes[0].code if fixes else ""
        return self.summary(SheetCell(self.word("fix"), style="info"), code, len(fixes), cells)

    def summary(self, severity: SheetCell, code: str, count: int, cells: Sequence[str]) -> Row:
        """A row that stands for many below it."""
        title = self.words.title(code, self.form).rstrip(".") if code else ""
        return Row(
            severity=severity,
            code=code,
            indicator=self.word("folded", count=count),
            message=f"{title}: {', '.join(cells)}",
        )

    def of_finding(self, finding: Finding) -> Iterator[Row]:
        """Yield the rows of a finding: its own, and one for each way to put it right.

        They share a row where the likeliest way changes the finding's own cell and nothing else.
        """
        ways = finding.ways
        shares_row = bool(ways) and is_about_its_own_cell(ways[0], finding)
        if not shares_row:
            yield self.of_finding_alone(finding)
        for number, way in enumerate(ways):
            row = self.of_way(finding, way, is_first=number == 0)
            if shares_row and number == 0:
                yield row._replace(
                    severity=self.severity(finding),
                    compared=self.compared(finding),
                    message=self.message(finding),
                    why=f"{row.why} {self.what_to_do(finding)}".strip(),
                    decided_by=row.decided_by or finding.accepted_by or "",
                )
            else:
                yield row

    def of_finding_alone(self, finding: Finding) -> Row:
        """The row of a finding whose ways, if it has any, follow in rows of their own."""
        cell = finding.cells[0] if finding.cells else None
        entry = self.entry_at.get(cell) if cell is not None else None
        name = self.name(finding.indicators[0]) if finding.indicators else ""
        indicator, local = _place(name, [cell] if cell is not None else [])
        return Row(
            severity=self.severity(finding),
            code=finding.code,
            indicator=indicator,
            cell=local,
            before=self.content(entry.raw) if entry is not None else self.seen(finding),
            compared=self.compared(finding),
            status=self.state(finding),
            message=self.message(finding),
            why=self.what_to_do(finding),
            decided_by=finding.accepted_by or "",
        )

    def seen(self, finding: Finding) -> Cell:
        """What was seen in a cell that is no entry's; nothing where that is not known, as of a title or a number."""
        return self.content(finding.observed) if finding.observed is not None else ""

    def of_way(self, finding: Finding, way: Alternative, *, is_first: bool) -> Row:
        """The row of one way to put a finding right."""
        indicators = [change.indicator for change in way.changes]
        name, cells = self.place(indicators, finding.cells[0] if finding.cells else None)
        outcome = self.outcome(finding, way, is_first=is_first)
        is_decided = bool(outcome.made or outcome.decision)
        return Row(
            code=finding.code,
            indicator=name,
            cell=cells,
            before=self.contents([self.raw(indicator) for indicator in indicators]),
            after=self.contents(outcome.after),
            status=outcome.status,
            message="" if is_first else self.instead_of(finding),
            why=self.reason(outcome.made[0].because if outcome.made else way.because),
            decision=outcome.decision,
            decided_by=self.by(decision_on(way)) if is_decided else "",
        )

    def severity(self, finding: Finding) -> SheetCell:
        return SheetCell(self.words.word("severity", finding.severity), style=finding.severity.value)

    def message(self, finding: Finding) -> str:
        message = self.words.message(finding, self.form)
        if finding.explained:
            message += f" {self.words.word('explained')}: {finding.explained}"
        return message

    def what_to_do(self, finding: Finding) -> str:
        """Which figures are in doubt, and what an officer does about the finding; nothing once it is put right."""
        if self.is_settled(finding):
            return ""
        do = "" if is_info(finding) else self.words.page(finding.code, self.form)["do"]
        return f"{self.words.suspects(finding, self.form)} {do}".strip()

    def by(self, decision: Decision) -> str:
        """Who decided it, now or in an earlier correction."""
        return self.past.by.get(decision, "")

    def compared(self, finding: Finding) -> SheetCell:
        return SheetCell(compared(finding, self.words), style="text")

    def state(self, finding: Finding) -> str:
        """The status of a finding whose ways, if it has any, stand in rows of their own."""
        if is_info(finding) or self.is_settled(finding):
            return ""
        return self.words.word("explained") if finding.explained is not None else self.word("open")

    def instead_of(self, finding: Finding) -> str:
        """What is said of every way but the first."""
        if finding.fix is None:
            return self.word("other_explanation")
        entries = self.submission.entries
        changed = [change.indicator for change in finding.fix.changes]
        cells = [entries[indicator].cell for indicator in changed if indicator in entries]
        return self.word("other_way", cell=_named(cells))

    def outcome(self, finding: Finding, way: Alternative, *, is_first: bool) -> _Outcome:
        """What became of a way."""
        past, decision = self.past, decision_on(way)
        after = [change.after for change in way.changes]

        made = [self.made[change.indicator] for change in way.changes if change.indicator in self.made]
        if len(made) == len(after):
            now = [change.after for change in made]
            is_spelling = finding.fix is not None and finding.fix.certainty is Certainty.NORMALISED
            if is_spelling or now == after:
                status = self.how(made[0].certainty, "done", "accepted")
                return _Outcome(now, status, decision="", made=made)

        if decision in past.rejected:
            if decision in past.waiting:  # two officers marked it, and not alike
                both = f"{self.word('accept')}{BETWEEN}{self.word('reject')}"
                return _Outcome(after, self.word("disagreed"), decision=both)
            return _Outcome(after, self.word("rejected"), decision=self.word("reject"))

        if not is_first:
            status = "or"
        elif finding.fix is not None:
            status = "proposed"
        else:
            status = "listed"
        return _Outcome(after, self.word(status), decision=self.word("accept") if decision in past.waiting else "")

    def how(self, certainty: Certainty, by_itself: str, as_decided: str) -> str:
        """How something was done, in the words of that name."""
        name = as_decided if certainty is Certainty.SUGGESTED else by_itself
        if (certainty, name) not in self.hows:
            how = self.words.word("certainty", certainty).lower()
            self.hows[certainty, name] = self.word(name, how=how)
        return self.hows[certainty, name]

    def of_earlier(self, group: Sequence[Earlier]) -> Row:
        """A fix of an earlier correction, and whether its cells still hold what it wrote."""
        fixes = [earlier.made for earlier in group]
        if all(earlier.stands for earlier in group):
            return self.of_made("fix", fixes, self.how(fixes[0].certainty, "earlier", "earlier_accepted"), "")
        now: list[str] = []
        for earlier in group:
            is_truth = isinstance(earlier.now, bool)
            now.append(str(earlier.now).upper() if is_truth else self.words.value(earlier.now))
        remark = self.word("rewritten_as", now=BETWEEN.join(now))
        return self.of_made("fix", fixes, self.word("rewritten"), remark)

    def of_undone(self, fixes: Sequence[Made]) -> Row:
        """A fix that was undone just now: the cells hold again what they held before."""
        return self.of_made("no_fix", fixes, self.word("undone"), "")

    def of_made(self, kind: str, fixes: Sequence[Made], status: str, remark: str) -> Row:
        """A row about what was changed together."""
        made = fixes[0]
        indicator, cells = self.place([fix.indicator for fix in fixes], None)
        title = self.words.title(made.code, self.form).rstrip(".")
        return Row(
            severity=SheetCell(self.word(kind), style="info"),
            code=made.code,
            indicator=indicator,
            cell=cells,
            before=self.contents([fix.before for fix in fixes]),
            after=self.contents([fix.after for fix in fixes]),
            status=status,
            message=f"{title}. {remark}".strip(),
            why=self.reason(made.because),
            decision=self.word("reject") if made.decision in self.past.rejected else "",
            decided_by=self.by(made.decision),
        )

    def place(self, indicators: Sequence[str], otherwise: CellAddress | None) -> tuple[str, Cell]:
        """The names of rows, and their cells with a link to the first; `otherwise` if they have none."""
        names = BETWEEN.join(map(self.name, indicators))
        entries = self.submission.entries
        cells = [entries[indicator].cell for indicator in indicators if indicator in entries]
        if not cells and otherwise is not None:
            cells = [otherwise]
        return _place(names, cells)

    def raw(self, indicator: str) -> Raw:
        """What stands in an entry's cell."""
        entry = self.submission.entries.get(indicator)
        return entry.raw if entry is not None else None

    def contents(self, values: Sequence[Raw | Figure]) -> SheetCell:
        """What one cell holds as it is, what several hold as a text that can be read back."""
        if len(values) == 1:
            return self.content(values[0])
        shown: list[str] = []
        for value in values:
            if value is None:
                shown.append("")
            else:
                shown.append(value if isinstance(value, str) else exact_decimal(value))
        return SheetCell(BETWEEN.join(shown), style="text")

    def name(self, indicator: str) -> str:
        return self.words.indicator(self.form[indicator], self.form)

    def reason(self, because: Because) -> str:
        reason = self.words.because(because)
        return f"{reason[:1].upper()}{reason[1:]}."

    def content(self, value: Raw | Figure) -> SheetCell:
        """A figure as a number, exact, so that it can be read back and typed again; a text as a text."""
        if isinstance(value, str):
            return SheetCell(value, style="text")
        if value is None:
            return SheetCell(self.words.word("blank"), style="text")
        if isinstance(value, bool):
            return SheetCell(str(value).upper(), style="text")
        number = repr(value) if isinstance(value, float) else exact_decimal(value)
        return SheetCell(number=number, style="number")


def _place(name: str, cells: Sequence[CellAddress]) -> tuple[str, Cell]:
    """The name of a row, and its cells with a link to the first; a cell of no row goes by its sheet.

    The link stands on the short text: LibreOffice does not break one over lines, and would cut a long name off.
    """
    if not cells:
        return name, ""
    first = cells[0]
    link = f"{quoted(first.sheet)}!{first.local}"
    return name or first.sheet, SheetCell(_named(cells), link=link)


def _named(cells: Sequence[CellAddress]) -> str:
    """Cells by their names, without their sheets."""
    return BETWEEN.join(cell.local for cell in cells)


def is_info(finding: Finding) -> bool:
    """Whether a finding asks nobody to do anything."""
    return finding.severity is Severity.INFO
