"""The form as data: a folder of YAML becomes a Form, its relations become checks.

In:     rules/<form>/form.yaml and checks.yaml.
Out:    a Form with every check it implies, or all mistakes at once.
Never:  knows a workbook, a submission, or the ids of the standard form.
"""

from cchc_excel.codes import Severity
from cchc_excel.form.editions import edition_for, edition_named, form_asked_for
from cchc_excel.form.form import Column, CompiledCheck, Form
from cchc_excel.form.loader import load_form
from cchc_excel.form.model import (
    LEVELS,
    Case,
    Check,
    Hint,
    Indicator,
    Kind,
    Language,
    Missing,
    Scope,
    Signer,
    Texts,
    levels_above,
)

__all__ = [
    "LEVELS",
    "Case",
    "Check",
    "Column",
    "CompiledCheck",
    "Form",
    "Hint",
    "Indicator",
    "Kind",
    "Language",
    "Missing",
    "Scope",
    "Severity",
    "Signer",
    "Texts",
    "edition_for",
    "edition_named",
    "form_asked_for",
    "levels_above",
    "load_form",
]
