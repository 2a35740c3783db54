"""Examinations → frames of pandas: the figures of many units, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas

from cchc_excel.errors import DifferentForms
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Indicator, Language, Severity
from cchc_excel.pipeline import Examination
from cchc_excel.submission import Figure
from cchc_excel.wording import words

WHO = ("unit", "period", "source")
_SEVERITIES = [str(severity) for severity in sorted(Severity, key=lambda severity: severity.rank)]
_FINDINGS: dict[str, Any] = {
    **dict.fromkeys((*WHO, "code"), "string"),
    "severity": pandas.CategoricalDtype(_SEVERITIES, ordered=True),
    **dict.fromkeys(("indicator", "label", "sheet", "cell"), "string"),
    **dict.fromkeys(("observed", "compared_with"), "Float64"),
    **dict.fromkeys(("observed_text", "compared_with_text"), "string"),
    **dict.fromkeys(("compared_cells", "sentence", "explained"), "string"),
}


def figures_frame(examinations: Iterable[Examination]) -> pandas.DataFrame:
    """Return the figures: a row a unit, a column an indicator in the order of the form.

    The index is (unit, period, source). Numbers are Float64, answers string; NA where a cell is blank, unread or not
    there. `attrs` has the `form`, and by indicator the `units` of measure and the `labels`. A workbook that could not
    be read has no row: `findings_frame` tells why. Raises DifferentForms for examinations by more than one form.
    """
    examinations = list(examinations)
    form = _form_of(examinations)
    readable = [examination for examination in examinations if examination.submission is not None]
    rows = form.entries if form is not None else ()
    index = pandas.MultiIndex.from_tuples([_who(examination) for examination in readable], names=list(WHO))
    frame = pandas.DataFrame({row.id: _column(row, readable, index) for row in rows}, index=index)
    frame.attrs["form"] = form.id if form is not None else ""
    frame.attrs["units"] = {row.id: row.unit for row in rows}
    frame.attrs["labels"] = {row.id: row.label for row in rows}
    return frame


def findings_frame(examinations: Iterable[Examination], language: Language = "vi") -> pandas.DataFrame:
    """Return the findings, a row each, in the order of the workbooks and of the form.

    `severity` is ordered, so that `frame[frame.severity >= "warning"]` leaves the infos out. Of what stands in the cell
    and what that was compared with, numbers are in `observed` and `compared_with`, texts beside them in the columns
    that end in `_text`. Raises DifferentForms for examinations by more than one form.
    """
    examinations = list(examinations)
    form = _form_of(examinations)
    records: list[tuple[object, ...]] = []
    if form is not None:
        for examination in examinations:
            records += [_record(examination, finding, form, language) for finding in examination.findings]
    return pandas.DataFrame.from_records(records, columns=list(_FINDINGS)).astype(_FINDINGS)


def _form_of(examinations: Sequence[Examination]) -> Form | None:
    """The one form; None where there are no examinations."""
    forms = {examination.form for examination in examinations}
    if len(forms) > 1 or None in forms:
        raise DifferentForms(", ".join(sorted(form.id for form in forms if form is not None)))
    return next(iter(forms), None)


def _who(examination: Examination) -> tuple[str | None, str | None, str]:
    submission = examination.submission
    if submission is None:
        return None, None, examination.name
    return submission.unit, str(submission.period) if submission.period else None, examination.name


def _column(row: Indicator, readable: Sequence[Examination], index: pandas.MultiIndex) -> pandas.Series[Any]:
    submissions = [examination.submission for examination in readable if examination.submission is not None]
    apart = [_apart(submission.values.get(row.id)) for submission in submissions]
    if row.kind.is_text:
        return pandas.Series([text for _, text in apart], index=index, dtype="string")
    return pandas.Series([number for number, _ in apart], index=index, dtype="Float64")


def _apart(value: Figure | float | None) -> tuple[float | None, str | None]:
    """A figure as a number, or as a text."""
    if value is None or isinstance(value, str):
        return None, value
    return float(value), None


def _record(examination: Examination, finding: Finding, form: Form, language: Language) -> tuple[object, ...]:
    observed, observed_text = _apart(finding.observed)
    compared_with, compared_with_text = _apart(finding.compared_with)
    first = finding.cells[0] if finding.cells else None
    indicator = finding.indicators[0] if finding.indicators else None
    return (
        *_who(examination),
        finding.code,
        str(finding.severity),
        indicator,
        form.names[indicator] if indicator is not None else None,
        first.sheet if first is not None else None,
        first.local if first is not None else None,
        observed,
        compared_with,
        observed_text,
        compared_with_text,
        ", ".join(cell.local for cell in finding.cells[1:]) or None,
        words(language).message(finding, form),
        finding.explained,
    )
