"""What the terminal and the page both show of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from cchc_excel.codes import CODES
from cchc_excel.finding import Alternative, Certainty, EntryChange, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.submission import CellAddress
from cchc_excel.wording import Words
from cchc_excel.wording.beside import proposed, put_down

MOST_CELLS = 12  # cells named on one line
Told: TypeAlias = set[tuple[str, tuple[str, ...]]]
"""What of the printed form was told already in this run: code and rows."""


class Proposals:
    """The proposals for one workbook as they are told: each in full where it comes first, then by its place."""

    def __init__(self, form: Form, words: Words, cells: Mapping[str, CellAddress]) -> None:
        self.form, self.words, self.cells = form, words, cells
        self._told: dict[tuple[EntryChange, ...], str] = {}
        self._suspected: dict[str, str] = {}

    def suspects(self, finding: Finding) -> str:
        """Which entries may be wrong: of one contradiction in full where it comes first, then by its place."""
        said = self.words.suspects(finding, self.form)
        if not said:
            return ""
        first = self._suspected.setdefault(said, _place_of(finding))
        return said if first == _place_of(finding) else self.words.word("as_suspected", place=first)

    def column(self, finding: Finding) -> tuple[str, ...]:
        """What is proposed, for a column: each cell with what it would hold. What is only listed is no proposal."""
        if finding.fix is None or _is_spelling(finding):
            return ()
        return proposed(finding.ways[0], finding, self.cells, self.words)

    def lines(self, finding: Finding) -> Iterator[str]:
        """What would put it right, and why it is thought so, one line a way."""
        if _is_spelling(finding):
            return
        for number, way in enumerate(finding.ways):
            if way.changes in self._told:
                if number == 0:
                    yield self.words.word("as_proposed", place=self._told[way.changes])
                continue
            self._told[way.changes] = _place_of(finding)
            yield self._line(finding, way, first=number == 0)

    def _line(self, finding: Finding, way: Alternative, *, first: bool) -> str:
        if finding.fix is None:
            how = "listed"
        elif first:
            how = str(finding.fix.certainty)
        else:
            how = "or"
        change = put_down(way, finding, self.form, self.cells, self.words)
        return self.words.word("proposal", how, change=change, because=self.words.because(way.because))


def _place_of(finding: Finding) -> str:
    """How another finding names this one: `D53 (A02)`."""
    cell = finding.cells[0].local if finding.cells else ""
    return f"{cell} ({finding.code})".strip()


def _is_spelling(finding: Finding) -> bool:
    """Whether only the spelling of the same value would change."""
    is_spelt = finding.fix is not None and finding.fix.certainty is Certainty.NORMALISED
    return is_spelt and finding.severity is Severity.INFO


def info_lines(findings: Iterable[Finding], form: Form, words: Words, told: Told) -> Iterator[str]:
    """The infos, those of one code on one line with their cells.

    What the printed form itself has is told once in a run: `told` is what was told of the files before.
    """
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is not Severity.INFO:
            continue
        built_in = CODES.get(finding.code)
        if built_in is not None and built_in.of_the_form:
            about = (finding.code, finding.indicators)
            if about in told:
                continue
            told.add(about)
        by_code.setdefault(finding.code, []).append(finding)
    for code, same in by_code.items():
        if len(same) == 1:
            cell = same[0].cells[0].local + ": " if same[0].cells else ""
            yield f"{code} {cell}{words.message(same[0], form)}"
            continue
        cells = ", ".join(finding.cells[0].local for finding in same[:MOST_CELLS] if finding.cells)
        more = " …" if len(same) > MOST_CELLS else ""
        yield f"{code} {words.title(code, form)} ({len(same)}): {cells}{more}"


def section_of(finding: Finding, form: Form) -> str | None:
    """The id of the form's section that the finding belongs to; None for one about the whole workbook."""
    if not finding.indicators:
        return None
    return form[finding.indicators[0]].section or None
