"""A consolidated workbook that came back: does each figure still say what was added up?"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from cchc_excel.finding import Finding
from cchc_excel.form import Form
from cchc_excel.submission import Entry, Figure, How, Submission

SAME = 1e-12  # relative: LibreOffice keeps 15 digits of a figure, and Excel adds shares up in another order


def typed_over(submission: Submission, form: Form) -> Iterator[Finding]:
    """Yield U06 for each figure that is not the one its own aggregate gives.

    The aggregates are the consolidated workbook's own. Where they cannot be read, one U06 says that.
    """
    from cchc_excel.merging.aggregate import of_text
    from cchc_excel.merging.ways import merged_figures

    try:
        aggregates = {row.id: of_text(submission.aggregates.get(row.id, "")) for row in form.entries}
    except ValueError:
        yield Finding("U06", form.severity_of("U06"), facts={"value": None, "expected": None})
        return
    for key, expected in merged_figures(aggregates, form).items():
        entry = submission.entries.get(key)
        if entry is None or expected is None:
            continue  # nothing was added up here: what stands in the cell is the upper level's own
        if not _is_not_calculated(entry) and not _is_same(entry.value, expected):
            facts = {"value": entry.value, "expected": expected}
            yield Finding("U06", form.severity_of("U06"), (key,), (entry.cell,), entry.value, expected, facts)


def _is_not_calculated(entry: Entry) -> bool:
    """Whether the workbook's own formula stands here, and the program that saved it did not calculate it (T14)."""
    return entry.how is How.UNREAD and entry.formula is not None


def _is_same(value: Figure | None, expected: Figure) -> bool:
    if value is None or isinstance(value, str) or isinstance(expected, str):
        return value == expected
    return value == expected or isclose(float(value), float(expected), rel_tol=SAME)
