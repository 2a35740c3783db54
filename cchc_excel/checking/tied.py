"""Which rows of a form equations tie to each other, and which of them are judged by themselves.

A wrong figure of one of them is often wrong in the others too: they are not two witnesses, and what is told of two of
them may have one cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cchc_excel.form import Form, Indicator
from cchc_excel.form.nature import Units
from cchc_excel.form.relations import flows


def leaders(form: Form) -> dict[str, str]:
    """Return for each entry the row that stands for all that equations tie to it: two are tied if it is the same.

    Ties are totals, percentages, and what is mostly the same as another row.
    """
    next_to: dict[str, str] = {}

    def leader(key: str) -> str:
        while next_to.get(key, key) != key:
            key = next_to[key]
        return key

    for row in form.entries:
        others = [key for key in (row.part, row.whole, row.same_as) if key]
        for key, following in pairwise([row.id, *row.total_of, *others]):
            next_to[leader(following)] = leader(key)
    return {row.id: leader(row.id) for row in form.entries}


def flows_of_their_own(form: Form) -> Iterator[Indicator]:
    """Yield the rows of what happens in a period that nothing else judges better.

    A total is judged by its parts, the part of a percentage by that, and what a unit uses of a list by the list.
    """
    parts = {row.part for row in form.entries}
    for row in form.entries:
        if flows(row) and not row.total_of and row.id not in parts and row.nature.units is not Units.USED:
            yield row
