"""Which edition of the shipped form a report is of: since 1 July 2025 there is no district, and the form is another.

In:     a form whose editions may take each other's place, and a period.
Out:    the edition in force in that period.
Never:  takes the place of a form that a person named.
"""

from __future__ import annotations

from cchc_excel.form.folders import EDITIONS
from cchc_excel.form.form import Form
from cchc_excel.form.loader import load_form
from cchc_excel.form.period import Period


def form_asked_for(name: str) -> Form:
    """The form of that name or folder; where none is named the shipped one, of which each report has its edition."""
    if name:
        return load_form(name)
    first, *later = EDITIONS
    return load_form(first, tuple(later))


def edition_for(form: Form, period: Period | None) -> Form:
    """The edition in force in a period; the form itself where it is, or where no edition of it is."""
    if period is None or not form.editions or form.holds_for(period):
        return form
    for name in form.editions:
        edition = load_form(name)
        if edition.holds_for(period):
            return edition
    return form


def edition_named(form: Form, name: str) -> Form:
    """The edition of that id; the form itself where it has none."""
    return load_form(name) if name != form.id and name in form.editions else form
