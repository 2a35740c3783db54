"""Reads, checks, corrects and consolidates the statistics form of administrative reform (CCHC) in Excel.

The verbs and the types that they speak of (docs/library.md); all else is inside a room of its own (docs/design.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.5.0"

if TYPE_CHECKING:
    from cchc_excel.checking import Checked as Checked
    from cchc_excel.errors import CchcError as CchcError
    from cchc_excel.finding import Finding as Finding
    from cchc_excel.finding import Fix as Fix
    from cchc_excel.form import Form as Form
    from cchc_excel.form import Indicator as Indicator
    from cchc_excel.form import Severity as Severity
    from cchc_excel.library.consolidate import Consolidated as Consolidated
    from cchc_excel.library.consolidate import consolidate as consolidate
    from cchc_excel.library.correct import Corrected as Corrected
    from cchc_excel.library.correct import correct as correct
    from cchc_excel.library.frames import figures_frame as figures_frame
    from cchc_excel.library.frames import findings_frame as findings_frame
    from cchc_excel.library.text import as_json as as_json
    from cchc_excel.library.verbs import check as check
    from cchc_excel.library.verbs import examine as examine
    from cchc_excel.library.verbs import load_form as load_form
    from cchc_excel.library.verbs import make_template as make_template
    from cchc_excel.library.verbs import read as read
    from cchc_excel.pipeline import Examination as Examination
    from cchc_excel.reading import Reading as Reading
    from cchc_excel.submission import Entry as Entry
    from cchc_excel.submission import Period as Period
    from cchc_excel.submission import Submission as Submission
    from cchc_excel.wording import words as words

_HOME = {
    "CchcError": "errors",
    "Checked": "checking",
    "Consolidated": "library.consolidate",
    "Corrected": "library.correct",
    "Entry": "submission",
    "Examination": "pipeline",
    "Finding": "finding",
    "Fix": "finding",
    "Form": "form",
    "Indicator": "form",
    "Period": "submission",
    "Reading": "reading",
    "Severity": "form",
    "Submission": "submission",
    "as_json": "library.text",
    "check": "library.verbs",
    "consolidate": "library.consolidate",
    "correct": "library.correct",
    "examine": "library.verbs",
    "figures_frame": "library.frames",
    "findings_frame": "library.frames",
    "load_form": "library.verbs",
    "make_template": "library.verbs",
    "read": "library.verbs",
    "words": "wording",
}
"""Where each public name is at home; the imports above say the same to a type checker (a test holds the two equal)."""

__all__ = [*_HOME]  # noqa: PLE0604 - they are strings


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that importing the package costs nothing."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"cchc_excel.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
