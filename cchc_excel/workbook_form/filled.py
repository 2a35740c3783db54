"""The template with figures in it, as a clerk would have typed them: for examples, tests and demonstrations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cchc_excel.form import Form
from cchc_excel.grid import harmless
from cchc_excel.submission import Submission
from cchc_excel.workbook_form.contents import Value
from cchc_excel.workbook_form.make import period_name, workbook
from cchc_excel.workbook_form.printed.heading import Who


def filled(
    form: Form,
    values: Mapping[str, Value],
    *,
    unit: str,
    period: str,
    notes: Mapping[str, str] | None = None,
    number: str = "",
    day: date | None = None,
    previous: Submission | None = None,
) -> bytes:
    """Return the template filled with `values` by id: numbers as numbers, texts as the texts they are ("02").

    A value, even None, replaces the formula of a total or a percentage, and a note the one that the form prints.
    `previous` is the unit's earlier submission. Raises KeyError for an id that the form does not have.
    """
    return workbook(form, Who(harmless(unit), period_name(period), number, day), values, notes or {}, previous)
