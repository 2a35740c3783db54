"""What a value cell takes, and what it says when the clerk comes to it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.contents import is_prefilled

MAX_TITLE, MAX_MESSAGE, MAX_LIST = 32, 255, 255
MAX_LABEL = 60  # characters of another row's label within a prompt
LEAST = -(10**12)  # that a figure which may be negative can be; a validation has to name some bound
_LEVELS = ("xa", "huyen", "tinh")


@dataclass(frozen=True, slots=True)
class Guard:
    """A data validation: `options` for XlsxWriter, without its list; `choices` is the list, if it is one."""

    options: Mapping[str, Any]
    choices: tuple[str, ...] = ()

    @property
    def fits_in_line(self) -> bool:
        """Whether Excel takes the list as a text; it parts its items with commas."""
        return len(",".join(self.choices)) <= MAX_LIST and not any("," in choice for choice in self.choices)


def is_above(row: Indicator, form: Form) -> bool:
    """Whether a level above the form's own reports this row."""
    if row.reported_by is None or row.reported_by == form.level:
        return False
    known = row.reported_by in _LEVELS and form.level in _LEVELS
    return not known or _LEVELS.index(row.reported_by) > _LEVELS.index(form.level)


def guard(row: Indicator, form: Form) -> Guard:
    """The data validation of an entry's value cell."""
    name = "percent_open" if row.kind is Kind.PERCENT and row.may_exceed else row.kind.value
    if row.negative and row.kind.is_number:
        name = "count_signed" if row.kind is Kind.COUNT else "signed"
    choices = tuple(row.options) if row.kind.is_text else ()
    facts = {"options": ", ".join(choices)} if choices else {}
    options = {
        **_LIMITS[name],
        "input_title": _title(row, form),
        "input_message": fitted(_sentences(row, form, name)),
        "error_title": say("error", "title"),
        "error_message": shortened(say("error", name, **facts), MAX_MESSAGE),
    }
    return Guard(options, choices)


_LIMITS: Mapping[str, Mapping[str, Any]] = {
    Kind.COUNT: {"validate": "integer", "criteria": ">=", "value": 0},
    Kind.PERCENT: {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
    "percent_open": {"validate": "decimal", "criteria": ">=", "value": 0},
    Kind.MONEY: {"validate": "decimal", "criteria": ">=", "value": 0},
    "count_signed": {"validate": "integer", "criteria": ">=", "value": LEAST},
    "signed": {"validate": "decimal", "criteria": ">=", "value": LEAST},
    Kind.CHOICE: {"validate": "list"},
    Kind.YES_NO: {"validate": "list"},
}


def note_prompt() -> dict[str, Any]:
    """What the note cell says; it takes anything."""
    return {
        "validate": "any",
        "input_title": say("prompt", "note_title"),
        "input_message": say("prompt", "note"),
    }


def fitted(sentences: Iterable[str], limit: int = MAX_MESSAGE) -> str:
    """As many of the sentences, the first first, as fit within the limit."""
    text = ""
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        if len(longer) <= limit:
            text = longer
    return text


def shortened(text: str, limit: int) -> str:
    """The text, cut between two words if it is too long."""
    return textwrap.shorten(text, limit, placeholder="…")


def _title(row: Indicator, form: Form) -> str:
    if row.stt:
        return shortened(say("prompt", "numbered", stt=row.stt), MAX_TITLE)
    numbered_above = [above.stt for above in form.indicators[: form.indicators.index(row)] if above.stt]
    if numbered_above:
        return shortened(say("prompt", "under", stt=numbered_above[-1]), MAX_TITLE)
    return shortened(say("prompt", "unnumbered"), MAX_TITLE)


def _sentences(row: Indicator, form: Form, name: str) -> Iterator[str]:
    """What there is to say of a row, the most needed first."""
    if is_above(row, form):
        yield say("prompt", "above")
    if row.unit and row.kind.is_number and row.kind is not Kind.PERCENT:
        yield say("prompt", "unit", unit=shortened(row.unit, MAX_LABEL))
    yield say("prompt", name)
    if is_prefilled(row):
        yield say("prompt", "automatic")
    if row.part and row.whole:
        yield say("prompt", "rate", part=_named(form[row.part]), whole=_named(form[row.whole]))
    if row.total_of:
        yield say("prompt", "total", parts="; ".join(_named(form[part]) for part in row.total_of))
    if row.cumulative:
        yield say("prompt", "cumulative")
    if row.annual_plan:
        yield say("prompt", "plan")
    if row.nature.is_at_an_end and not row.cumulative:
        yield say("prompt", "stock")
    if not row.required:
        yield say("prompt", "optional")


def _named(row: Indicator) -> str:
    return shortened(f"{row.stt} {row.label}".strip(), MAX_LABEL)
