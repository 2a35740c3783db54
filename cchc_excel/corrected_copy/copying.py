"""A workbook's bytes → its corrected copy: changed cells, marked cells, the findings sheet, nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cchc_excel.corrected_copy.findings_rows import NOTHING_PAST, Past
from cchc_excel.corrected_copy.findings_sheet import CHANGED, NORMALISED, RECALCULATED, SUGGESTED, findings_sheet
from cchc_excel.correcting.apply import Change, Decision, Policy, changes_of
from cchc_excel.correcting.history import deciders_in, earlier_fixes
from cchc_excel.excel.calculating import recalculated
from cchc_excel.excel.patching import CellChange, Mark, Original, patch
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.submission import CellAddress, Entry, Figure, Submission
from cchc_excel.wording import Words
from cchc_excel.wording.numbers import exact_decimal


class Corrected(NamedTuple):
    """The corrected copy, what was changed in it, and whether a digital signature ended.

    `recalculated` counts the results of formulas that were renewed; `is_calculated` is False where they could not be.
    `findings` and `submission` are what the copy was made by, `by` tells who decided what.
    """

    data: bytes
    changes: tuple[Change, ...]
    recalculated: int
    signature_broken: bool
    is_calculated: bool
    findings: tuple[Finding, ...]
    submission: Submission
    by: Mapping[Decision, str] = {}


def corrected(
    data: bytes,
    findings: Sequence[Finding],
    submission: Submission,
    form: Form,
    words: Words,
    policy: Policy = Policy.SAFE,
    accepted: Collection[Decision] = (),
    past: Past = NOTHING_PAST,
) -> Corrected:
    """Return the corrected copy of a workbook. Raises PatchRefused for a cell that must not be written."""
    findings = tuple(_accepted(finding, past) for finding in findings)
    changes = tuple(
        change
        for change in changes_of(findings, submission, form, policy, accepted, past.rejected)
        if all(_may_be_written(indicator, submission) for indicator in change.decision.indicators)
    )

    by = {**deciders_in(submission.earlier, form), **past.by}
    if past.decided_by:
        decided_now = {
            change.decision: past.decided_by for change in changes if change.certainty is Certainty.SUGGESTED
        }
        by = decided_now | by  # a name that stands beside a decision already stays
    past = past._replace(earlier=earlier_fixes(submission, form, words), by=by)

    open_cells = _open_cells(findings, changes, submission)
    cells = [_cell(change, submission.entries[change.indicator], open_cells) for change in changes]
    written = {submission.entries[change.indicator].cell for change in changes}
    marks = [Mark(*cell, SUGGESTED) for cell in open_cells if cell not in written]

    original = Original(data)
    calculated = recalculated(original, cells)
    past = past._replace(is_calculated=past.is_calculated and calculated.is_complete)
    sheet = findings_sheet(findings, changes, submission, form, words, past)
    # What the template says of the figures is no figure: it is renewed, and neither coloured nor counted.
    results = [result if result.is_remark else result._replace(fill=RECALCULATED) for result in calculated.results]
    figures = sum(not result.is_remark for result in results)
    patched = patch(original, cells, marks, results, sheet)
    return Corrected(
        data=patched.data,
        changes=changes,
        recalculated=figures,
        signature_broken=patched.signature_broken,
        is_calculated=past.is_calculated,
        findings=tuple(findings),
        submission=submission,
        by=past.by,
    )


def _accepted(finding: Finding, past: Past) -> Finding:
    """An explained warning with the officer who lets its reason pass."""
    if finding.explained is None:
        return finding
    named_now = past.accepted_by.get((finding.code, finding.indicators[0]))
    by = named_now or finding.accepted_by or past.decided_by
    return replace(finding, accepted_by=by) if by else finding


def _may_be_written(indicator: str, submission: Submission) -> bool:
    """Whether an entry stands on the sheet, and not as a formula."""
    entry = submission.entries.get(indicator)
    return entry is not None and entry.formula is None


def _cell(change: Change, entry: Entry, open_cells: Collection[CellAddress]) -> CellChange:
    number, text = None, None
    if isinstance(change.after, str):
        text = change.after
    elif change.after is not None:
        number = exact_decimal(change.after)
    is_only_spelt_otherwise = entry.value == change.after
    if not is_only_spelt_otherwise:
        fill = CHANGED
    elif entry.cell in open_cells:
        fill = SUGGESTED
    else:
        fill = NORMALISED
    return CellChange(*entry.cell, number, text, _number_format(entry, change.after), fill)


def _number_format(entry: Entry, after: Figure | None) -> str | None:
    """A format that shows the number as it was typed (`02`, `4.360.648`); None where the cell's own does."""
    if after is None or isinstance(after, str) or not isinstance(entry.raw, str):
        return None
    raw = entry.raw.strip()
    has_leading_zero = raw.isascii() and raw.isdecimal() and raw.startswith("0") and len(raw) > 1
    if has_leading_zero and int(raw) == after:
        return "0" * len(raw)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+\D*", raw) and after.denominator == 1:
        return "#,##0"
    if entry.decimals and entry.value == after:
        return "0." + "0" * entry.decimals
    return None


def _open_cells(
    findings: Iterable[Finding], changes: Iterable[Change], submission: Submission
) -> Mapping[CellAddress, None]:
    """The value cells that a person must look at, in order: where an error or warning stands that was not put right."""
    settled = {(change.indicator, change.after) for change in changes}
    values = {entry.cell for entry in submission.entries.values()}
    found: dict[CellAddress, None] = {}
    for finding in findings:
        likeliest = {(change.indicator, change.after) for change in finding.ways[0].changes} if finding.ways else set()
        is_put_right = bool(likeliest) and likeliest <= settled
        if finding.severity is Severity.INFO or is_put_right:
            continue
        places = list(finding.cells[:1])
        if finding.fix is not None:
            indicators = [change.indicator for change in finding.fix.changes]
            places += [submission.entries[key].cell for key in indicators if key in submission.entries]
        found.update(dict.fromkeys(cell for cell in places if cell in values))
    return found
