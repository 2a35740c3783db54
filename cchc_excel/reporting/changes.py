"""What the terminal and the page both show of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cchc_excel.finding import Certainty, EntryChange, Finding
from cchc_excel.form import Form, Severity
from cchc_excel.wording import Words

MOST_CELLS = 12  # cells named on one line


def fix_lines(finding: Finding, form: Form, words: Words) -> Iterator[str]:
    """What would put it right, and why, one line a possibility; nothing where only the spelling changes."""
    fix = finding.fix
    if fix is not None and fix.certainty is Certainty.NORMALISED and finding.severity is Severity.INFO:
        return
    how_far = words.word("listed") if fix is None else words.word("certainty", fix.certainty)
    for number, way in enumerate(finding.ways):
        own = [it.indicator for it in way.changes] == list(finding.indicators[:1])
        change = ", ".join(_named(it, form, words, own=own) for it in way.changes)
        remark = f" ({how_far[:1].lower()}{how_far[1:]})" if number == 0 else ""
        yield f"{change}: {words.because(way.because)}{remark}"


def _named(change: EntryChange, form: Form, words: Words, *, own: bool) -> str:
    """What an entry should be; which one, unless it is the finding's own."""
    after = words.value(change.after)
    return after if own else f"{words.indicator(form[change.indicator], form)} = {after}"


def change(finding: Finding, words: Words) -> str:
    """`2 → 28,57`, as far as the two are known; of an inequality `130 → ≤ 100`."""
    if finding.observed is None and finding.expected is None:
        return ""
    observed = words.value(finding.observed)
    wanted = words.allowed(finding.allowed) if finding.expected is None else words.value(finding.expected)
    return f"{observed} → {wanted}" if wanted else observed


def info_lines(findings: Iterable[Finding], form: Form, words: Words) -> Iterator[str]:
    """The infos, those of one code on one line with their cells."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.INFO:
            by_code.setdefault(finding.code, []).append(finding)
    for code, same in by_code.items():
        if len(same) == 1:
            cell = same[0].cells[0].local + ": " if same[0].cells else ""
            yield f"{code} {cell}{words.message(same[0], form)}"
            continue
        cells = ", ".join(finding.cells[0].local for finding in same[:MOST_CELLS] if finding.cells)
        yield f"{code} {words.title(code, form)} ({len(same)}): {cells}{' …' if len(same) > MOST_CELLS else ''}"


def section_of(finding: Finding, form: Form) -> str | None:
    """The id of the form's section that the finding belongs to; None for one about the whole workbook."""
    return (form[finding.indicators[0]].section or None) if finding.indicators else None
