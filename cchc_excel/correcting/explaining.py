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


class Explanation(NamedTuple):
    """A warning as it was explained: its code and row, a digest of the note, and the figures it is about, by id.

    `by` is the officer who let the note pass, where one is named.
    """

    code: str
    indicator: str
    note: str
    figures: Mapping[str, Figure | None]
    by: str = ""


def came_back(
    findings: Sequence[Finding], submission: Submission, previous: Sequence[Submission] = ()
) -> tuple[Finding, ...]:
    """Return the findings, without the explanation where the same note stood beside other figures."""
    kept = list(_kept(submission.earlier))
    versions = [it for it in previous if it.unit == submission.unit and it.period == submission.period]
    return tuple(_judged(finding, submission, kept, versions) for finding in findings)


def _judged(
    finding: Finding, submission: Submission, kept: Sequence[Explanation], versions: Sequence[Submission]
) -> Finding:
    note = finding.explained
    if note is None:
        return finding
    code, indicator, digest, figures, _ = _explanation(finding, note, submission.values)
    same = [it for it in kept if it[:3] == (code, indicator, digest)]
    known = [it.figures for it in same]
    known += [{key: it.values.get(key) for key in figures} for it in versions if it.notes.get(indicator) == note]
    if known and figures not in known:
        return replace(finding, explained=None, explained_before=note)
    by = next((it.by for it in reversed(same) if it.figures == figures and it.by), None)
    return replace(finding, accepted_by=by) if by is not None else finding


def _explanation(finding: Finding, note: str, values: Mapping[str, Figure | None]) -> Explanation:
    digest = hashlib.sha256(note.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Explanation(
        finding.code,
        finding.indicators[0],
        digest,
        {key: values.get(key) for key in finding.indicators},
        finding.accepted_by or "",
    )


def to_keep(
    findings: Iterable[Finding], submission: Submission, written: Mapping[str, Figure | None]
) -> list[list[Any]]:
    """What a findings sheet keeps: what was explained before, and now; `written` are figures just corrected, by id."""
    values = {**submission.values, **written}
    now = [_explanation(it, it.explained, values) for it in findings if it.explained]
    new = [it[:4] for it in now]
    every = [it for it in _kept(submission.earlier) if it[:4] not in new] + now
    return [_item(it) for it in every[-MOST:]]


def _item(it: Explanation) -> list[Any]:
    by = [it.by] if it.by else []
    return [_KIND, *it[:3], {key: as_json(value) for key, value in it.figures.items()}, *by]


def _kept(texts: Iterable[str]) -> Iterator[Explanation]:
    for item in items_in(texts):
        try:
            kind, code, indicator, note, figures, *by = item
            if kind == _KIND:
                known = {key: figure_of(value) for key, value in figures.items()}
                yield Explanation(code, indicator, note, known, "".join(map(name_of, by)))
        except (TypeError, ValueError, AttributeError):
            continue
