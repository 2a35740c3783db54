"""What a row is: how its figure stands to time and to the units. From it follows all that is compared and added up.

    is: flow            happened in the period (documents issued, dossiers settled): added over time and over units
    is: state           what there is at its end and changes little (people, posts): the last one over time
    is: backlog         what is still open at its end, and comes and goes (tasks overdue): the last one over time
    is: cumulative      counted from the start of the year: the last one over time
    is: plan            what the year's plan says: the same in all periods of the year
    is: share           a percentage: of `part` and `whole`, `of` a row that is its base, or of what is not on the form
    is: answer          a word: counted

One more word says how the figures of the units become one where they are not added: `common`, a list that regulation
makes the same for all (`is: common state`); `used`, the part that a unit uses of such a list (`is: used flow`);
`apart`, which no upper level can merge. A share of what is not on the form may say what it is over time as well
(`is: share state`).

In:     the words that a form declares.
Out:    a Nature, and what is read off it.
Never:  knows a figure, a period, or a check.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class Time(StrEnum):
    """How a figure stands to its period."""

    FLOW = "flow"
    STATE = "state"
    BACKLOG = "backlog"
    CUMULATIVE = "cumulative"
    PLAN = "plan"


class Units(StrEnum):
    """How the figures of the units become one."""

    ADDED = "added"
    COMMON = "common"
    USED = "used"
    SHARE = "share"
    ANSWER = "answer"
    APART = "apart"


WORDS = (*Time, *(word for word in Units if word is not Units.ADDED))
"""The words that a form may use, in the order of the docstring; `added` is what a row is without another."""


class Nature(NamedTuple):
    """What a row is. `said` tells that the form says of a share what it is over time."""

    time: Time = Time.FLOW
    units: Units = Units.APART
    said: bool = True

    @property
    def stock(self) -> bool:
        """Whether it is what there is at the end of the period, and changes little."""
        return self.time is Time.STATE

    @property
    def cumulative(self) -> bool:
        """Whether it counts from the start of the year."""
        return self.time is Time.CUMULATIVE

    @property
    def annual_plan(self) -> bool:
        """Whether it is the year's plan, the same in all its periods."""
        return self.time is Time.PLAN

    @property
    def is_at_an_end(self) -> bool:
        """Whether the figure is that of the period's last day: over several periods the last one is taken."""
        return self.time in {Time.STATE, Time.BACKLOG, Time.CUMULATIVE}

    @property
    def is_added_over_time(self) -> bool:
        """Whether the figures of periods that follow each other add up to that of all of them."""
        return self.time is Time.FLOW and self.units in {Units.ADDED, Units.COMMON, Units.APART}

    @property
    def words(self) -> str:
        """The words as a form says them."""
        time = self.time if self.said else ""
        units = "" if self.units is Units.ADDED else self.units
        return f"{units} {time}".strip()


UNSAID = Nature()
"""Of a row that says nothing of it."""


def nature_of(words: Sequence[str]) -> Nature | None:
    """The nature that some words declare together; None for words that no row can be."""
    if not words or not set(words) <= set(WORDS):
        return None
    times = [word for word in words if word in set(Time)]
    others = [word for word in words if word not in set(Time)]
    if len(times) > 1 or len(others) > 1:
        return None
    units = Units(others[0]) if others else Units.ADDED
    if not times:
        # of what is the same for all, and of what is used of it, one must know what it is over time
        return None if units in {Units.COMMON, Units.USED} else Nature(Time.FLOW, units, said=False)
    # a word is of no time
    return None if units is Units.ANSWER else Nature(Time(times[0]), units, said=True)


# --- as forms said it before: `merge`, `stock`, `cumulative`, `annual_plan`

MERGES = ("sum", "rate", "same", "max", "tally", "weighted", "none")
_UNITS_OF = {
    "sum": Units.ADDED, "rate": Units.SHARE, "weighted": Units.SHARE, "same": Units.COMMON,
    "max": Units.USED, "tally": Units.ANSWER, "none": Units.APART,
}  # fmt: skip
_MERGE_OF = {
    Units.ADDED: "sum", Units.COMMON: "same", Units.USED: "max", Units.ANSWER: "tally", Units.APART: "none",
}  # fmt: skip


def nature_before(merge: str, *, stock: bool, cumulative: bool, annual_plan: bool) -> Nature:
    """The nature of a row by the fields in which forms declared it before there was `is`."""
    if annual_plan:
        time = Time.PLAN
    elif cumulative:
        time = Time.CUMULATIVE
    else:
        time = Time.STATE if stock else Time.FLOW
    return Nature(time, _UNITS_OF.get(merge, Units.APART), said=True)


def merge_of(nature: Nature, *, has_parts: bool, has_base: bool) -> str:
    """The way of merging that follows: of a share it hangs on what the share is of."""
    if nature.units is not Units.SHARE:
        return _MERGE_OF[nature.units]
    if has_parts:
        return "rate"
    return "weighted" if has_base else "none"
