"""What `cchc explain` and `cchc rules` do: print the page of one code, or the reference of all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cchc_excel.commands.files import print_or_write
from cchc_excel.commands.options import FormOptions
from cchc_excel.form import form_asked_for
from cchc_excel.reporting.reference import all_codes, code_document, explanation, reference
from cchc_excel.wording import words


@dataclass(frozen=True, kw_only=True)
class ExplainOptions(FormOptions):
    """What `cchc explain` is to do, and `cchc rules`, which names no code."""

    code: str = ""
    output: Path | None = None
    force: bool = False


def run_explain(options: ExplainOptions) -> None:
    """Print the page of one code."""
    form, spoken = form_asked_for(options.form), words(options.lang)
    if options.format == "json":
        from cchc_excel.reporting.contract import document

        print(document("explain", form=form.id, **code_document(options.code, form, spoken)))
    else:
        print(explanation(options.code, form, spoken))


def run_rules(options: ExplainOptions) -> None:
    """Print the reference of all checks."""
    form, spoken = form_asked_for(options.form), words(options.lang)
    if options.format == "json":
        from cchc_excel.reporting.contract import document

        codes = [code_document(code, form, spoken) for code in all_codes(form)]
        text = document("rules", form=form.id, codes=codes)
    else:
        text = reference(form, spoken)
    print_or_write(text, options.output, replace=options.force)
