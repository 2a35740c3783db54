"""A form as a table of text, and what of it nobody looks after."""

from __future__ import annotations

from collections.abc import Iterator

from cchc_excel.form import Form, Indicator
from cchc_excel.form.language import prose
from cchc_excel.form.lines import Line
from cchc_excel.wording import Words

_IDS = 24  # characters, the column of ids
_LABEL = 64  # characters of a label before it is cut off


def shown(form: Form, words: Words) -> str:
    """The form: a line for each row with number, kind and unit, its relations below it, then the form's own checks."""
    lines = [f"{form.titled()} ({form.id} {form.version})", ""]
    for row in form.indicators:
        indent = "  " * max(0, row.depth - 1) if row.stt else "      "
        stt = f"{row.stt} " if row.stt else ""
        label = row.label if len(row.label) <= _LABEL else row.label[: _LABEL - 1] + "…"
        kind = words.word("kind", row.kind.value)
        unit = f" · {row.unit}" if row.unit else ""
        lines.append(f"{row.id:<{_IDS}}{indent}{stt}{label}  [{kind}{unit}]")
        lines += [f"{'':<{_IDS}}{indent}  = {relation}" for relation in _relations(row, words)]
    own = form.own_checks()
    if own:
        lines += ["", words.word("explain", "all")]
        lines += [f"{check.code}  {prose(check.condition, words.language)}" for check in own]
    return "\n".join(lines)


def _relations(row: Indicator, words: Words) -> Iterator[str]:
    if row.part and row.whole:
        yield f"100 × [{row.part}] : [{row.whole}]"
    if row.total_of:
        yield " + ".join(f"[{key}]" for key in row.total_of)
    if row.weight:
        yield words.word("drafting", "share_of", key=row.weight)


def remarks(form: Form, words: Words) -> Iterator[str]:
    """What is no mistake, but likely forgotten: percentages without components, numbers that no check compares."""
    compared: set[str] = set()
    for check in form.checks:
        # a check of one row alone (a limit, whole numbers only) compares it with nothing
        if len(check.involved) > 1:
            compared.update(check.involved)
    for row in form.entries:
        if row.kind.value == "percent" and not (row.part or row.weight):
            place = row.line.place if isinstance(row.line, Line) else f"{form.id}/form.yaml:{row.line}"
            yield words.word("drafting", "no_components", key=row.id, place=place)
    alone = [row.id for row in form.entries if row.kind.is_number and row.id not in compared]
    if alone:
        yield words.word("drafting", "alone", keys=", ".join(alone))
