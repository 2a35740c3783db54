"""A unit's workbook that lacks whole sections → the same with those sections from the unit's other workbooks.

In:     the workbook that counts, the unit's others of the period, the better first.
Out:    the workbook with all figures that the unit sent, and from which file each section was taken.
Never:  mixes figures of one section; replaces a figure that the workbook which counts has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from cchc_excel.consolidating.filing import Filed, Values
from cchc_excel.form import Form

__all__ = ["Completed", "completed"]

Section: TypeAlias = Sequence[int]
"""The places of a section's figures among those of a workbook."""


class Completed(NamedTuple):
    """A workbook with the sections that it lacked; `taken_from` names by section the workbook each was taken from."""

    workbook: Filed
    taken_from: Mapping[str, Filed]


def completed(counts: Filed, others: Iterable[Filed], form: Form) -> Completed:
    """Return the workbook with the whole sections of which it has no figure and another one has.

    A merged workbook is left as it is: what it was added up from cannot be taken section by section.
    """
    sections = _sections(form)
    lacking = {name: section for name, section in sections.items() if _is_blank(counts.reported, section)}
    if not lacking or counts.aggregates is not None:
        return Completed(counts, {})
    taken_from = _givers(lacking, [other for other in others if _may_give(other, counts)])
    workbook = counts
    for name, giver in taken_from.items():
        workbook = _with_section(workbook, sections[name], giver)
    return Completed(workbook, taken_from)


def _sections(form: Form) -> dict[str, list[int]]:
    """Each section with more than one figure that the units report themselves, by id."""
    sections: dict[str, list[int]] = {}
    for place, row in enumerate(form.entries):
        if row.section and row.reported_by is None:
            sections.setdefault(row.section, []).append(place)
    return {name: section for name, section in sections.items() if len(section) > 1}


def _is_blank(values: Values, section: Section) -> bool:
    return all(values[place] is None for place in section)


def _may_give(other: Filed, counts: Filed) -> bool:
    return other.aggregates is None and other.level == counts.level


def _givers(lacking: Mapping[str, Section], others: Iterable[Filed]) -> dict[str, Filed]:
    """The first of the other workbooks that has a figure of a section, by section."""
    givers: dict[str, Filed] = {}
    for other in others:
        for name, section in lacking.items():
            if name not in givers and not _is_blank(other.reported, section):
                givers[name] = other
    return givers


def _with_section(workbook: Filed, section: Section, giver: Filed) -> Filed:
    """The workbook with a section of another one; no cell of the workbook itself holds these figures."""
    reported, taken, rows = list(workbook.reported), list(workbook.taken), list(workbook.places.rows)
    for place in section:
        reported[place] = giver.reported[place]
        taken[place] = giver.taken[place]
        rows[place] = 0
    doubts = {place: values for place, values in workbook.doubts.items() if place not in section}
    doubts |= {place: giver.doubts[place] for place in section if place in giver.doubts}
    places = workbook.places._replace(rows=tuple(rows))
    return workbook._replace(reported=tuple(reported), taken=tuple(taken), places=places, doubts=doubts)
