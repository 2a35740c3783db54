"""A form made ready for looking up what a sheet says: its column titles and its labels, folded once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from cchc_excel.form import Form, Indicator
from cchc_excel.reading.columns import is_remark_of_something_else
from cchc_excel.vietnamese.text import fold, strip_accents

# What a clerk numbers a row with before its label: `1.1.`, `a)`, `IV.`, `(2)`, `1 -`. A dash is no word anyway.
_MARK = re.compile(r"^\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[ivx]{1,5})(?:[.):/]+|\s*[-–])?\s+", re.IGNORECASE)


class Labels:
    """The labels of a form, ready for looking up. Never changed after it is made."""

    def __init__(self, form: Form) -> None:
        by_text: dict[str, tuple[int, ...]] = {}
        by_fold: dict[str, tuple[int, ...]] = {}
        for place, row in enumerate(form.indicators):
            for label in {row.label, row.printed.label or row.label}:
                by_text[label] = (*by_text.get(label, ()), place)
                folded = fold(label)
                if place not in by_fold.get(folded, ()):
                    by_fold[folded] = (*by_fold.get(folded, ()), place)
        self.indicators: tuple[Indicator, ...] = form.indicators
        self._by_text: Mapping[str, tuple[int, ...]] = by_text
        self._by_fold: Mapping[str, tuple[int, ...]] = by_fold

    def candidates(self, label: str) -> tuple[int, ...]:
        """The indicators whose label is exactly this one, but for case, punctuation, spelling style and a number."""
        found = self._by_text.get(label) or (self._by_fold.get(fold(label), ()) if label else ())
        if found or not label:
            return found
        rest = _MARK.sub("", label)
        return self._by_fold.get(fold(rest), ()) if rest != label else ()


class Vocabulary(NamedTuple):
    """`roles` has the role of a column by its folded title; the title over unit and value together is the `group`.

    `units` are the form's units as printed, and folded.
    """

    roles: Mapping[str, str]
    labels: Labels
    units: frozenset[str]

    def role(self, text: str) -> str | None:
        """The role of a header cell; a title may be followed by a remark in brackets or on a new line.

        But a remark that makes the figures those of another time, or of a plan, makes another title.
        """
        role = self.roles.get(fold(text))
        if role is None and ("(" in text or "\n" in text):
            head = text.split("(", maxsplit=1)[0].split("\n", maxsplit=1)[0]
            role = self.roles.get(fold(head))
            if role == "value" and is_remark_of_something_else(text[len(head) :]):
                return None
        return role


@lru_cache(maxsize=8)  # forms: 0.1 to 0.3 ms a workbook, 2 ms for the first one
def vocabulary_of(form: Form) -> Vocabulary:
    """Return the form made ready; the same one to every thread, as nothing in it is ever changed."""
    roles = {fold(title): column.role for column in form.columns for title in (*column.also, column.title)}
    if form.group_title:
        roles[fold(form.group_title)] = "group"
    for title, role in tuple(roles.items()):
        roles.setdefault(strip_accents(title), role)  # a sheet may have lost all accents
    printed = {row.unit for row in form.indicators}
    units = frozenset(printed | set(map(fold, printed))) - {""}
    return Vocabulary(roles, Labels(form), units)
