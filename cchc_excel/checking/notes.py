"""What a note must say to explain a warning: `x`, `Người`, `Đã báo cáo` explain nothing.

A reason is what is left of a note without the words that tell of no reason, if that is not the row's name or a unit.
The template's own checks ask the same of a note, so the rule is one that a formula can hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity
from cchc_excel.vietnamese.text import clean

LEAST_LETTERS = 6
NO_SIGNS = (".", ",", ";", ":", "!", "?", "(", ")")
SAYS_NOTHING = (
    *("báo cáo", "kiểm tra", "rà soát", "đối chiếu", "số liệu", "chính xác", "thực tế", "kỳ trước", "kết quả"),
    *("lý do", "ghi chú", "giải trình", "chỉ tiêu", "thống kê", "đơn vị tính", "đơn vị"),
    *("đã", "có", "không", "gì", "đúng", "như", "trên", "theo", "xem", "kèm", "với", "và", "ok"),
    *("được", "là", "bc", "xác nhận"),
)
"""Words that stand in remarks beside any row, in the order in which they are taken out."""


def says_something(note: str, nothing: Sequence[str] = ("",)) -> bool:
    """Whether a note is a reason: two words at least, and more than remarks that fit everything.

    `nothing` are what may be left of a note that says nothing, as `no_reasons` gives them.
    """
    text = clean(note)
    has_two_words = " " in text
    return has_two_words and len(text) >= LEAST_LETTERS and reason_in(text) not in nothing


def reason_in(text: str) -> str:
    """The words of a text, in capitals, without those that tell of no reason."""
    for sign in NO_SIGNS:
        text = text.replace(sign, "")
    left = f" {text.upper()} "
    for words in SAYS_NOTHING:
        left = left.replace(f" {words.upper()} ", " ")
    return left.strip()


def no_reasons(form: Form, key: str) -> tuple[str, ...]:
    """What may be left of a note that says nothing: no word, the row's label or printed note, or a unit of the form."""
    own = (form[key].label, form[key].note, *(row.unit for row in form.entries))
    return tuple(dict.fromkeys(("", *(reason_in(clean(text)) for text in own))))


def explained(finding: Finding, notes: Mapping[str, str], form: Form) -> Finding:
    """Return a warning with the clerk's reason beside it, if there is one; any other finding as it is.

    An explained warning is shown, and no longer counted.
    """
    if finding.severity is not Severity.WARNING or not finding.indicators:
        return finding
    return with_reason(finding, notes, form)


def with_reason(finding: Finding, notes: Mapping[str, str], form: Form) -> Finding:
    """Return the finding with the note beside its first row, if that says something."""
    key = finding.indicators[0]
    note = notes.get(key)
    return replace(finding, explained=note) if note and says_something(note, no_reasons(form, key)) else finding
