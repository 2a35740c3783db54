"""What a program sees: the JSON object whose shape is a contract, written down in docs/json.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from cchc_excel import __version__
from cchc_excel.finding import Alternative, EntryChange, Finding, Fix
from cchc_excel.form import Form, edition_named
from cchc_excel.grid import escaped
from cchc_excel.pipeline import Examination, count_by_severity
from cchc_excel.submission import Submission
from cchc_excel.wording import Words
from cchc_excel.wording.numbers import exact_decimal

SCHEMA = 2
"""Which shape this is. It grows by one when a name goes or changes its meaning, not when a name is added."""

SCHEMA_OF_OTHERS = 1
"""The same of what the other commands write."""


def as_json(examinations: Iterable[Examination], form: Form, words: Words) -> str:
    """Return the contract object as indented JSON text, Vietnamese letters as they are."""
    return escaped(json.dumps(contract(examinations, form, words), ensure_ascii=False, indent=2))


def document(command: str, **told: Any) -> str:
    """Return what any other command tells, as indented JSON text: the shape of each stands in docs/json.md."""
    whole = {"schema": SCHEMA_OF_OTHERS, "tool": "cchc-excel", "version": __version__, "command": command, **told}
    return escaped(json.dumps(whole, ensure_ascii=False, indent=2))


def contract(examinations: Iterable[Examination], form: Form, words: Words) -> dict[str, Any]:
    """Return the contract object: `workbooks` in the order given, and a `summary`."""
    examinations = list(examinations)
    counts = sorted(count_by_severity(examinations).items(), key=lambda item: -item[0].rank)  # the worst first
    editions = dict.fromkeys(examination.edition for examination in examinations if examination.edition)
    return {
        "schema": SCHEMA,
        "tool": "cchc-excel",
        "version": __version__,
        "form": ", ".join(editions) or form.id,
        "workbooks": [_workbook(examination, form, words) for examination in examinations],
        "summary": {
            "workbooks": len(examinations),
            "unreadable": sum(not examination.readable for examination in examinations),
            **{f"{severity}s": count for severity, count in counts},
        },
    }


def _workbook(examination: Examination, form: Form, words: Words) -> dict[str, Any]:
    form = edition_named(form, examination.edition)
    submission = examination.submission
    values = {} if submission is None else submission.values
    return {
        "path": examination.name,
        "sha256": examination.sha256,
        "unit": submission.unit if submission else None,
        "period": str(submission.period) if submission and submission.period else None,
        "readable": examination.readable,
        "values": {row.id: plain(values[row.id]) for row in form.entries if row.id in values},
        "findings": [_finding(finding, submission, form, words) for finding in examination.findings],
    }


def _finding(finding: Finding, submission: Submission | None, form: Form, words: Words) -> dict[str, Any]:
    def way_of(way: Alternative) -> dict[str, Any]:
        return {
            "changes": [_change(change, submission) for change in way.changes],
            "because": words.because(way.because),
        }

    suspects, allowed = finding.suspects, finding.allowed
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "indicators": list(finding.indicators),
        "cells": [str(cell) for cell in finding.cells],
        "observed": plain(finding.observed),
        "compared_with": plain(finding.compared_with),
        "allowed": {"sign": allowed.sign, "bound": plain(allowed.bound)} if allowed else None,
        "message": words.message(finding, form),
        "sets": [list(entries) for entries in suspects.sets] if suspects else [],
        "sets_complete": suspects is None or suspects.complete,
        "wrong_at_least": suspects.least if suspects else 0,
        "fix": _fix(finding.fix, way_of) if finding.fix else None,
        "explanations": [way_of(way) for way in finding.explanations],
        "explained": finding.explained,
        "accepted_by": finding.accepted_by,
    }


def _fix(fix: Fix, way_of: Callable[[Alternative], dict[str, Any]]) -> dict[str, Any]:
    return {
        "certainty": str(fix.certainty),
        **way_of(fix.ways[0]),
        "alternatives": [way_of(way) for way in fix.alternatives],
    }


def _change(change: EntryChange, submission: Submission | None) -> dict[str, Any]:
    entry = submission.entries.get(change.indicator) if submission is not None else None
    return {
        "indicator": change.indicator,
        "cell": str(entry.cell) if entry is not None else None,
        "before": plain(change.before),
        "after": plain(change.after),
    }


def plain(value: int | Fraction | float | str | None) -> int | float | str | None:
    """A figure as JSON has it: whole numbers stay whole."""
    return float(exact_decimal(value)) if isinstance(value, Fraction) else value
