"""What the terminal and the page both show of a finding."""

from __future__ import annotations

from collections.abc import Iterator

from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form
from cchc_excel.wording import Words


def fix_lines(finding: Finding, words: Words) -> Iterator[str]:
    """What would put it right, and why, one line a possibility; nothing where only the spelling changes."""
    fix = finding.fix
    if fix is None or fix.certainty is Certainty.NORMALISED:
        return
    certainty = words.word("certainty", fix.certainty).lower()
    yield f"{fix.indicator} = {words.value(fix.after)}: {words.because(fix.because)} ({certainty})"
    for other in fix.alternatives:
        yield f"{other.indicator} = {words.value(other.after)}: {words.because(other.because)}"


def change(finding: Finding, words: Words) -> str:
    """`2 → 28,57`, as far as the two are known."""
    if finding.observed is None and finding.expected is None:
        return ""
    observed = words.value(finding.observed)
    return observed if finding.expected is None else f"{observed} → {words.value(finding.expected)}"


def section_of(finding: Finding, form: Form) -> str | None:
    """The id of the form's section that the finding belongs to; None for one about the whole workbook."""
    return (form[finding.indicators[0]].section or None) if finding.indicators else None
