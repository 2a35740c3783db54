"""A unit's workbook that lacks whole sections → the same with those sections from the unit's other workbooks.

In:     the workbook that counts, the unit's others of the period, the better first.
Out:    the workbook with all figures that the unit sent, and from which file each section was taken.
Never:  mixes figures of one section; replaces a figure that the workbook which counts has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.consolidating.filing import Filed, Values
from cchc_excel.form import Form

__all__ = ["Completed", "completed"]


class Completed(NamedTuple):
    """A workbook with the sections that it lacked; `taken_from` names by section the workbook each was taken from."""

    workbook: Filed
    taken_from: Mapping[str, Filed]


def completed(counts: Filed, others: Iterable[Filed], form: Form) -> Completed:
    """Return the workbook with the whole sections of which it has no figure and another one has."""
    places_of = _places_by_section(form)
    lacking = [section for section, places in places_of.items() if _is_blank(counts.reported, places)]
    if not lacking or counts.aggregates is not None:
        return Completed(counts, {})
    taken_from: dict[str, Filed] = {}
    for other in others:
        if other.aggregates is None and other.level == counts.level:
            given = [it for it in lacking if it not in taken_from and not _is_blank(other.reported, places_of[it])]
            taken_from |= dict.fromkeys(given, other)
    for section, other in taken_from.items():
        counts = _with(counts, other, places_of[section])
    return Completed(counts, taken_from)


def _places_by_section(form: Form) -> dict[str, list[int]]:
    """The places of the figures of each section that the units report themselves, where it has more than one."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(form.entries):
        if row.section and row.reported_by is None:
            found.setdefault(row.section, []).append(place)
    return {section: places for section, places in found.items() if len(places) > 1}


def _is_blank(values: Values, places: Sequence[int]) -> bool:
    return all(values[place] is None for place in places)


def _with(counts: Filed, other: Filed, places: Sequence[int]) -> Filed:
    """The workbook with the figures of another at these places; where they stand is not a cell of its own."""
    reported, taken, rows = list(counts.reported), list(counts.taken), list(counts.places.rows)
    doubts = {place: values for place, values in counts.doubts.items() if place not in places}
    for place in places:
        reported[place], taken[place], rows[place] = other.reported[place], other.taken[place], 0
        if place in other.doubts:
            doubts[place] = other.doubts[place]
    at = counts.places._replace(rows=tuple(rows))
    return counts._replace(reported=tuple(reported), taken=tuple(taken), places=at, doubts=doubts)
