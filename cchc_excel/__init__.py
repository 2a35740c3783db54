"""Reads, checks, corrects and consolidates the statistics form of administrative reform (CCHC) in Excel.

The verbs and the types they speak of; everything else is inside a room of its own (docs/design.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.5.0"

if TYPE_CHECKING:
    from cchc_excel.checking import check
    from cchc_excel.errors import CchcError
    from cchc_excel.finding import Finding, Fix
    from cchc_excel.form import Form, Indicator, Severity, load_form
    from cchc_excel.grid import Source
    from cchc_excel.pipeline import Examination, examine, examine_all
    from cchc_excel.reading import Reading, read
    from cchc_excel.submission import Entry, Period, Submission

_HOME = {
    "CchcError": "errors",
    "Entry": "submission",
    "Examination": "pipeline",
    "Finding": "finding",
    "Fix": "finding",
    "Form": "form",
    "Indicator": "form",
    "Period": "submission",
    "Reading": "reading",
    "Severity": "form",
    "Source": "grid",
    "Submission": "submission",
    "check": "checking",
    "examine": "pipeline",
    "examine_all": "pipeline",
    "load_form": "form",
    "read": "reading",
}

__all__ = [
    "CchcError",
    "Entry",
    "Examination",
    "Finding",
    "Fix",
    "Form",
    "Indicator",
    "Period",
    "Reading",
    "Severity",
    "Source",
    "Submission",
    "check",
    "examine",
    "examine_all",
    "load_form",
    "read",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that importing the package costs nothing."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"cchc_excel.{_HOME[name]}"), name)
    raise AttributeError(name)
