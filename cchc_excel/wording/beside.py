"""What stands beside a finding's sentence: what its cell holds, what that was compared with, what is proposed where.

In:     a finding, its form, where each entry stands.
Out:    short texts for columns; blank where there is nothing to say.
Never:  says of the other side of a comparison that the cell must hold it: which side is wrong is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.codes import CODES
from cchc_excel.finding import Alternative, EntryChange, Fact, Finding
from cchc_excel.form import Form
from cchc_excel.submission import CellAddress, Submission
from cchc_excel.wording.say import Words

_COMPARED = ("before", "middle", "usual")  # facts of a check over time, or between units, that hold its other side


def places_of(submission: Submission | None) -> Mapping[str, CellAddress]:
    """The value cell of each indicator."""
    return {key: entry.cell for key, entry in submission.entries.items()} if submission is not None else {}


def written(finding: Finding) -> Fact:
    """What the finding's own cell holds: a check of a sum observes the sum, and has the cell's figure in its facts."""
    target = finding.indicators[0] if finding.indicators else ""
    return finding.facts.get(target, finding.observed)


def written_shown(finding: Finding, words: Words) -> str:
    """The same as a person writes it; blank where the finding is about no figure."""
    value = written(finding)
    if value is None and finding.compared_with is None:
        return ""
    return words.value(value)


def compared(finding: Finding, words: Words) -> str:
    """What the figure was compared with: `28,57`, of a bound `≤ 100`; of a sum that it is in, `110 so với 100`."""
    code = CODES.get(finding.code)
    if code is not None and finding.code.startswith("T") and not code.from_relation:
        return ""  # another reading of the cell is a proposal, and was compared with nothing
    if finding.compared_with is None:
        other = _other_side_in_facts(finding)
        if other is None:
            return ""
        return words.allowed(finding.allowed) or words.value(other)
    is_about_a_sum = finding.observed is not None and finding.observed != written(finding)
    if is_about_a_sum:
        compared_with = words.value(finding.compared_with)
        return words.word("compared_sum", sum=words.value(finding.observed), other=compared_with)
    return words.allowed(finding.allowed) or words.value(finding.compared_with)


def _other_side_in_facts(finding: Finding) -> Fact:
    """What a check over time, or between units, compared the figure with; None for any other check."""
    for name in _COMPARED:
        value = finding.facts.get(name)
        if value is not None:
            return value
    return None


def proposed(way: Alternative, finding: Finding, cells: Mapping[str, CellAddress], words: Words) -> tuple[str, ...]:
    """What each cell of a way would hold: `28,57` for the finding's own cell alone, else `D54 = 118`, `D55 = 113`."""
    if is_about_its_own_cell(way, finding):
        return (words.value(way.changes[0].after),)
    return tuple(f"{_cell(change, cells)} = {words.value(change.after)}" for change in way.changes)


def is_about_its_own_cell(way: Alternative, finding: Finding) -> bool:
    """Whether a way changes the finding's own entry and nothing else."""
    return tuple(change.indicator for change in way.changes) == finding.indicators[:1]


def put_down(way: Alternative, finding: Finding, form: Form, cells: Mapping[str, CellAddress], words: Words) -> str:
    """What to write where, in words: `ghi 118 vào ô D54 (3.3.1 Tổng số …)`, or in the finding's own cell `ghi 118`."""
    own = "_own" if is_about_its_own_cell(way, finding) else ""
    phrases: list[str] = []
    for change in way.changes:
        kind = "blank" if change.after is None else "value"
        phrase = words.word(
            "put_down",
            f"{kind}{own}",
            value=words.value(change.after),
            cell=_cell(change, cells),
            name=words.indicator(form[change.indicator], form),
        )
        phrases.append(phrase)
    return ", ".join(phrases)


def _cell(change: EntryChange, cells: Mapping[str, CellAddress]) -> str:
    """The cell of a change; of a row that the file does not have, its id."""
    return cells[change.indicator].local if change.indicator in cells else change.indicator
