"""Which rows of a form equations tie to each other: totals, percentages, and what is mostly the same as another row.

A wrong figure of one of them is often wrong in the others too: they are not two witnesses, and what is told of two of
them may have one cause.
"""

from __future__ import annotations

from itertools import pairwise

from cchc_excel.form import Form


def leaders(form: Form) -> dict[str, str]:
    """Return for each entry the row that stands for all that equations tie to it: two are tied if it is the same."""
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
