"""Examinations → JSON, the same as the command's."""

from __future__ import annotations

from collections.abc import Iterable

from cchc_excel.form import Form, Language
from cchc_excel.pipeline import Examination
from cchc_excel.reporting import contract
from cchc_excel.wording import words


def as_json(examinations: Iterable[Examination], form: Form, language: Language = "vi") -> str:
    """Return what `cchc validate --format json` writes of these workbooks; docs/json.md holds its schema."""
    return contract.as_json(examinations, form, words(language))
