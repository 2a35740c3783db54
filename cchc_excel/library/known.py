"""What the front door adds to the values of the program: the form that they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cchc_excel.finding import Finding
from cchc_excel.form import Form, edition_named
from cchc_excel.pipeline import Examination
from cchc_excel.submission import Period


def findings_of(form: Form, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, able to say their sentences."""
    return tuple(replace(finding, form=form) for finding in findings)


def examination_of(examination: Examination, form: Form) -> Examination:
    """The examination, able to become JSON and frames; of the edition of the form that it is of."""
    form = edition_named(form, examination.edition)
    return replace(examination, form=form, findings=findings_of(form, examination.findings))


def period_of(given: Period | str | None) -> Period | None:
    """The period given, by itself or by its code. Raises BadPeriod."""
    return Period.parse(given) if isinstance(given, str) else given
