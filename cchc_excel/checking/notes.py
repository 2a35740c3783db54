"""What a note must say to explain a warning: `x`, `Người`, `Đã báo cáo` explain nothing.

The template's own checks ask the same of a note, so the rule is one that a formula can hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cchc_excel.finding import Finding
from cchc_excel.form import Severity
from cchc_excel.vietnamese.text import clean

LEAST_LETTERS = 6
SAYS_NOTHING = (
    *("đã báo cáo", "có báo cáo", "đã kiểm tra", "đã rà soát", "đã đối chiếu", "số liệu đúng", "đúng số liệu"),
    *("đúng thực tế", "như trên", "như kỳ trước", "không có gì", "theo báo cáo"),
)
"""Remarks that stand in many files beside any row."""
_SAYS_NOTHING = frozenset(remark.upper() for remark in SAYS_NOTHING)


def says_something(note: str) -> bool:
    """Whether a note is a reason: two words at least, and not one of the remarks that fit everything."""
    text = clean(note)
    has_two_words = " " in text
    return has_two_words and len(text) >= LEAST_LETTERS and text.upper() not in _SAYS_NOTHING


def explained(finding: Finding, notes: Mapping[str, str]) -> Finding:
    """Return a warning with the clerk's reason beside it, if there is one; any other finding as it is.

    An explained warning is shown, and no longer counted.
    """
    if finding.severity is not Severity.WARNING or not finding.indicators:
        return finding
    return with_reason(finding, notes)


def with_reason(finding: Finding, notes: Mapping[str, str]) -> Finding:
    """Return the finding with the note beside its first row, if that says something."""
    note = notes.get(finding.indicators[0])
    return replace(finding, explained=note) if note and says_something(note) else finding
