"""What `cchc explain` and `cchc rules` do: print the page of one code, or the reference of all."""

from __future__ import annotations

from pathlib import Path

from cchc_excel.commands.files import print_or_write
from cchc_excel.form import Language, form_asked_for
from cchc_excel.reporting.reference import explanation, reference
from cchc_excel.wording import words


def run_explain(code: str, *, form: str, language: Language) -> None:
    """Print the page of one code."""
    print(explanation(code, form_asked_for(form), words(language)))


def run_rules(*, form: str, language: Language, output: Path | None, force: bool) -> None:
    """Print the reference of all checks."""
    print_or_write(reference(form_asked_for(form), words(language)), output, replace=force)
