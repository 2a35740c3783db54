"""An explained warning comes back as soon as its figures are others than those that were explained.

A note says nothing of the figures it was written for. They are known where a corrected copy kept them on its findings
sheet, beside the fixes (`history`), or where an earlier version of the same report is at hand.

In:     findings, the submission as it stands now, earlier versions.
Out:    the findings, some of them no longer explained; what the next findings sheet must keep.
Never:  counts a warning as unexplained because nothing is known of its note.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cchc_excel.correcting.history import as_json, figure_of, items_in, name_of
from cchc_excel.finding import Finding
from cchc_excel.submission import Figure, Submission

_KIND = "explained"
MOST = 200  # that a sheet keeps; the oldest go first
DIGITS_OF_NOTE = 16  # of the digest of a note


class Explanation(NamedTuple):
    """A warning as it was explained: its code and row, a digest of the note, and the figures it is about, by id.

    `by` is the officer who let the note pass, where one is named.
    """

    code: str
    indicator: str
    note: str
    figures: Mapping[str, Figure | None]
    by: str = ""

    def is_of_note(self, other: Explanation) -> bool:
        """Whether both are about the same warning and note, whatever the figures."""
        return (self.code, self.indicator, self.note) == (other.code, other.indicator, other.note)

    def is_same(self, other: Explanation) -> bool:
        """Whether both are about the same warning, note and figures, whoever let the note pass."""
        return self.is_of_note(other) and self.figures == other.figures


def came_back(
    findings: Sequence[Finding], submission: Submission, previous: Sequence[Submission] = ()
) -> tuple[Finding, ...]:
    """Return the findings, without the explanation where the same note stood beside other figures."""
    kept = list(_kept(submission.earlier))
    whose = (submission.unit, submission.period)
    versions = [version for version in previous if (version.unit, version.period) == whose]
    return tuple(_judged(finding, submission, kept, versions) for finding in findings)


def _judged(
    finding: Finding, submission: Submission, kept: Sequence[Explanation], versions: Sequence[Submission]
) -> Finding:
    """The finding as it is explained now, with who let the note pass, or not explained any more."""
    note = finding.explained
    if note is None:
        return finding
    now = _explanation(finding, note, submission.values)
    of_note = [explanation for explanation in kept if explanation.is_of_note(now)]
    of_versions = [
        _figures(finding, version.values) for version in versions if version.notes.get(now.indicator) == note
    ]
    known_figures = [*(explanation.figures for explanation in of_note), *of_versions]
    if known_figures and now.figures not in known_figures:
        return replace(finding, explained=None, explained_before=note)
    deciders = [explanation.by for explanation in of_note if explanation.is_same(now) and explanation.by]
    return replace(finding, accepted_by=deciders[-1]) if deciders else finding


def _explanation(finding: Finding, note: str, values: Mapping[str, Figure | None]) -> Explanation:
    """A note beside a warning as it is kept, with the figures that the warning is about."""
    digest = hashlib.sha256(note.encode("utf-8", "surrogatepass")).hexdigest()
    return Explanation(
        code=finding.code,
        indicator=finding.indicators[0],
        note=digest[:DIGITS_OF_NOTE],
        figures=_figures(finding, values),
        by=finding.accepted_by or "",
    )


def _figures(finding: Finding, values: Mapping[str, Figure | None]) -> Mapping[str, Figure | None]:
    """The figures that a finding is about, by id."""
    return {key: values.get(key) for key in finding.indicators}


def to_keep(
    findings: Iterable[Finding], submission: Submission, written: Mapping[str, Figure | None]
) -> list[list[Any]]:
    """Return what a findings sheet keeps, as items: what was explained before, then what is now.

    `written` are figures just corrected, by id.
    """
    values = {**submission.values, **written}
    now = [_explanation(finding, finding.explained, values) for finding in findings if finding.explained]
    before = [kept for kept in _kept(submission.earlier) if not any(kept.is_same(new) for new in now)]
    return [_item(explanation) for explanation in (before + now)[-MOST:]]


def _item(explanation: Explanation) -> list[Any]:
    """An explanation as an item of the texts."""
    figures = {key: as_json(value) for key, value in explanation.figures.items()}
    item = [_KIND, explanation.code, explanation.indicator, explanation.note, figures]
    return [*item, explanation.by] if explanation.by else item


def _kept(texts: Iterable[str]) -> Iterator[Explanation]:
    """The explanations that a sheet kept; what people and programs made of them otherwise is left out."""
    for item in items_in(texts):
        try:
            kind, code, indicator, note, figures, *by = item
            if kind == _KIND:
                known = {key: figure_of(value) for key, value in figures.items()}
                yield Explanation(code, indicator, note, known, "".join(map(name_of, by)))
        except (TypeError, ValueError, AttributeError):
            continue
