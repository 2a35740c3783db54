"""The verbs about one workbook or one submission, each over the function that the commands stand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cchc_excel import checking, pipeline, reading
from cchc_excel.checking import Checked
from cchc_excel.form import Form, edition_for, form_asked_for
from cchc_excel.library.known import examination_of, findings_of, period_of
from cchc_excel.library.sources import source_of
from cchc_excel.pipeline import Examination
from cchc_excel.reading import Given, Reading
from cchc_excel.submission import Period, Submission

if TYPE_CHECKING:
    from os import PathLike

    from cchc_excel.library.sources import AnySource


def load_form(name_or_folder: str | PathLike[str] = "") -> Form:
    """Load a form by its name or folder; where none is named the shipped one, each report by its period's edition.

    Raises NoSuchForm, and FormDefinitionError with all mistakes of a folder, each with file and line.
    """
    return form_asked_for(str(name_or_folder))


def read(source: AnySource, form: Form, *, name: str | None = None) -> Reading:
    """Read a workbook: its submission, or None, and what was noticed on the way.

    `name` is what the file is called where the source does not tell; its period may stand in it.
    """
    found = reading.read(source_of(source, name), form)
    return found._replace(findings=findings_of(found.form or form, found.findings))


def check(submission: Submission, form: Form, previous: Sequence[Submission] = ()) -> Checked:
    """Judge a submission by the checks of its form.

    `previous` may hold any units and periods; those that fit are used.
    """
    form = edition_for(form, submission.period).at(submission.period).without_totals(submission.open_totals)
    checked = checking.check(submission, form, previous)
    return checked._replace(findings=findings_of(form, checked.findings))


def examine(
    source: AnySource,
    form: Form,
    *,
    name: str | None = None,
    previous: Sequence[Submission] = (),
    unit: str | None = None,
    period: Period | str | None = None,
    override: bool = False,
) -> Examination:
    """Read a workbook, check it, and propose what its findings ask for, as `cchc validate` does.

    A file that cannot be read is no exception: it has one finding, and no submission. `unit` and `period` fill what
    the workbook does not say and choose where it says two things; with `override` they stand in its place.
    """
    given = Given(unit=unit, period=period_of(period), override=override)
    return examination_of(pipeline.examine(source_of(source, name), form, previous, given=given), form)


def make_template(
    form: Form, *, unit: str = "", period: Period | str | None = None, previous: Submission | None = None
) -> bytes:
    """Make the blank workbook of a form, which checks itself while it is filled.

    With the unit's `previous` submission its figures stand beside the new ones.
    """
    from cchc_excel.workbook_form import template

    known = period_of(period)
    return template(edition_for(form, known), unit=unit, period="" if known is None else str(known), previous=previous)
