"""What a correction did and what it left, as it is told at the end: one sentence for a file, a table for many.

In:     the corrected copies of a run.
Out:    lines of text.
Never:  counts what it has not looked at: what is left is counted in the copy itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc_excel.finding import Fact
from cchc_excel.form import Form, Severity
from cchc_excel.grid import Source
from cchc_excel.pipeline import count_by_severity, examine_all
from cchc_excel.reading.numbers import read_float
from cchc_excel.submission import Submission
from cchc_excel.wording import Words

if TYPE_CHECKING:
    from cchc_excel.commands.examining import Run
    from cchc_excel.corrected_copy import Corrected
    from cchc_excel.correcting.apply import Change


class Outcome(NamedTuple):
    """What became of one file; `lines` tell its changes of figures one by one, `document` all of it to programs."""

    target: Path
    figures: int
    spellings: int
    errors: int
    warnings: int
    lines: tuple[str, ...] = ()
    document: Mapping[str, Any] = {}

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.figures, self.spellings, self.errors, self.warnings


def outcome_of(target: Path, corrected: Corrected, before: Submission, form: Form, *, run: Run) -> Outcome:
    """Look at a corrected copy once more, and count."""
    (left,) = examine_all([Source(target.name, corrected.data)], form, run.previous, run.selection, run.given)
    counts = count_by_severity([left])
    changed = [change for change in corrected.changes if not change.is_spelling]
    outcome = Outcome(
        target=target,
        figures=len(changed),
        spellings=len(corrected.changes) - len(changed),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        lines=tuple(_line(change, before, run.spoken) for change in changed),
    )
    if run.options.format != "json":
        return outcome
    return outcome._replace(document=_document(outcome, corrected, before, run.spoken))


def _document(outcome: Outcome, corrected: Corrected, before: Submission, words: Words) -> Mapping[str, Any]:
    """One file for programs: its place and counts, and each cell that was written."""
    from cchc_excel.reporting.contract import plain

    return {
        "copy": str(outcome.target),
        "unit": before.unit,
        "period": str(before.period) if before.period else None,
        "figures": outcome.figures,
        "spellings": outcome.spellings,
        "errors_left": outcome.errors,
        "warnings_left": outcome.warnings,
        "changes": [
            {
                "indicator": change.indicator,
                "cell": str(before.entries[change.indicator].cell),
                "before": plain(before.entries[change.indicator].value),
                "after": plain(change.after),
                "code": change.code,
                "certainty": str(change.certainty),
                "because": words.because(change.because),
                "decided_by": corrected.by.get(change.decision),
            }
            for change in corrected.changes
        ],
    }


def _line(change: Change, before: Submission, words: Words) -> str:
    """One change of a figure: `D10: 02 → 28,57 (có lẽ …)`."""
    entry = before.entries[change.indicator]
    stood: Fact | bool
    if entry.raw is None or isinstance(entry.raw, str | bool):
        stood = entry.raw
    else:
        stood, _ = read_float(entry.raw)  # without the noise of binary fractions: 0.1 + 0.2 is shown as 0,3
    shown = f"{words.value(stood)} → {words.value(change.after)}"
    return f"{entry.cell.local}: {shown} ({words.because(change.because)})"


def told(outcomes: Sequence[Outcome], words: Words, *, dry_run: bool) -> Iterator[str]:
    """What was done, or would be, and what is left, if anything is."""
    when = "would" if dry_run else "did"
    if len(outcomes) == 1:
        (outcome,) = outcomes
        if dry_run:
            yield from outcome.lines
        yield words.word(
            "correct",
            when,
            path=outcome.target,
            figures=outcome.figures,
            spellings=outcome.spellings,
            errors=outcome.errors,
            warnings=outcome.warnings,
        )
        return
    if not outcomes:
        return
    if dry_run:
        for outcome in outcomes:
            yield from (f"{outcome.target}: {line}" for line in outcome.lines)
    heads = [words.word("correct", "table", name) for name in ("file", "figures", "spellings", "errors", "warnings")]
    folder = os.path.commonpath([outcome.target.parent for outcome in outcomes])
    names = [outcome.target.relative_to(folder).as_posix() for outcome in outcomes]
    total = words.word("correct", "table", "total", count=len(outcomes))
    width = max(map(len, (heads[0], total, *names)))

    def row(name: str, cells: Sequence[object]) -> str:
        shown = (f"{cell!s:>{len(head)}}" for cell, head in zip(cells, heads[1:], strict=True))
        return f"{name:<{width}}  {'  '.join(shown)}"

    yield row(heads[0], heads[1:])
    table = [outcome.counts for outcome in outcomes]
    for name, counts in zip(names, table, strict=True):
        yield row(name, counts)
    yield row(total, [sum(column) for column in zip(*table, strict=True)])
    if dry_run or any(outcome.errors or outcome.warnings for outcome in outcomes):
        yield words.word("correct", "table", when)
