"""What a form is made of: its indicators with their relations, and its checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

from cchc_excel.codes import Fixing, Severity
from cchc_excel.form.language import Node, Record, Truth, compile_condition
from cchc_excel.form.nature import UNSAID, Nature, merge_of
from cchc_excel.form.period import ALWAYS, When

Language: TypeAlias = Literal["vi", "en"]
Texts: TypeAlias = Mapping[str, str]
"""One text in each language."""


LEVELS = ("xa", "huyen", "tinh")
"""Whose form it is: a commune's, and the levels that add up what those below report."""


def levels_above(level: str, levels: tuple[str, ...] = LEVELS) -> tuple[str, ...]:
    """The levels above one, the next first; none for a level that is not known."""
    return levels[levels.index(level) + 1 :] if level in levels else ()


class Kind(StrEnum):
    """What may stand in an indicator's value cell."""

    HEADING = "heading"
    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    CHOICE = "choice"
    YES_NO = "yes_no"

    @property
    def is_number(self) -> bool:
        return self in _NUMBERS

    @property
    def is_text(self) -> bool:
        return self is Kind.CHOICE or self is Kind.YES_NO


_NUMBERS = frozenset({Kind.COUNT, Kind.PERCENT, Kind.MONEY})


class Printed(NamedTuple):
    """How older printings show a row where the form mends a defect of theirs; None: as in the form."""

    stt: str | None = None
    label: str | None = None
    unit: str | None = None
    note: str | None = None


AS_IN_THE_FORM = Printed()


class Signer(NamedTuple):
    """Who signs for the offices whose names begin with `of`, and the sign of their numbers if it is no initials."""

    of: str
    title: str
    sign: str = ""


class Limit(NamedTuple):
    """What a figure is less than, in the row's unit, and for which periods that holds."""

    value: Fraction
    when: When = ALWAYS


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the form.

    `nature` says what the figure is over time and over units; how it is compared and merged is read off it.
    `part`/`whole` are the components of a percentage, `total_of` the parts of a total, `weight`
    the base of a share, all by id. `settled_by` are the rows that tell how many of the things counted are settled: the
    others may be counted again in the next period. `reported_by` names the level that fills the row if it is not
    the form's own. `same_as` is a percentage that in most units has the same two components, so that this one is left
    blank. `at_most` is the one of its `limits` that holds, in the row's unit, `at_least` the one of its `floors`;
    `negative` lets a figure be below 0; what `comes_in_bursts` is much at once and then nothing.
    A `fixed` figure is never doubted; `doubt` is what it costs to doubt another,
    where that is not the usual. `when` tells for which periods the row is asked for, `in_force` that it is in the
    period at hand (`Form.at`), `may_be_absent` that a sheet need not have it. `options` are the answers of a choice,
    each with the other ways it is written.
    """

    id: str
    stt: str
    label: str
    unit: str
    kind: Kind
    nature: Nature = UNSAID
    part: str | None = None
    whole: str | None = None
    total_of: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()
    weight: str | None = None
    required: bool = True
    may_be_absent: bool = False
    may_exceed: bool = False
    negative: bool = False
    comes_in_bursts: bool = False
    fixed: bool = False
    doubt: Fraction | None = None
    floors: tuple[Limit, ...] = ()
    at_least: Fraction | None = None
    limits: tuple[Limit, ...] = ()
    at_most: Fraction | None = None
    when: When = ALWAYS
    in_force: bool = True
    reported_by: str | None = None
    same_as: str | None = None
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    printed: Printed = AS_IN_THE_FORM
    section: str = ""
    line: int = 0

    @property
    def is_entry(self) -> bool:
        """Whether the row takes a value."""
        return self.kind is not Kind.HEADING

    @property
    def merge(self) -> str:
        """The way in which the figures of units become one, as `merging` names it."""
        return merge_of(self.nature, has_parts=self.part is not None, has_base=self.weight is not None)

    @property
    def cumulative(self) -> bool:
        """Whether it counts from the start of the year."""
        return self.nature.cumulative

    @property
    def annual_plan(self) -> bool:
        """Whether it is the year's plan, the same in all its periods."""
        return self.nature.annual_plan

    @property
    def stock(self) -> bool:
        """Whether it is what there is at the end of the period, and changes little."""
        return self.nature.stock

    @property
    def depth(self) -> int:
        """How deep the row is numbered: 1 for a section; 0 for a row without a number of its own."""
        return len(self.stt.split(".")) if self.stt[:1].isdigit() else 0


class Missing(StrEnum):
    """What a blank does to the sums and comparisons of a check."""

    SKIP_IF_ANY = "skip_if_any"
    SKIP_IF_ALL = "skip_if_all"
    AS_ZERO = "as_zero"


class Scope(StrEnum):
    """Which earlier submission a check of family P needs; NONE for all others.

    SAME_YEAR             any that ends in the same year
    NESTED                one whose days lie within those of this one
    EARLIER               any
    EQUAL_LENGTH          any of the same length
    JUST_BEFORE           the one that ends on the day before this one begins; of several the one of the same length
    SAME_PERIOD_LAST_YEAR the one of the same period, a year ago
    SAME_START            one within this one that begins on the same day
    """

    NONE = "none"
    SAME_YEAR = "same_year"
    NESTED = "nested"
    EARLIER = "earlier"
    EQUAL_LENGTH = "equal_length"
    JUST_BEFORE = "just_before"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"
    SAME_START = "same_start"


class Hint(NamedTuple):
    """A remark added to a finding where `when` holds too: it points at a likely cause."""

    when: Node
    says: Texts


class Case(NamedTuple):
    """Figures by id for which a check must hold, or fail: its test and its example at once."""

    values: Mapping[str, int | Fraction | str]
    earlier: Mapping[str, Mapping[str, int | Fraction | str]]
    """By the function that takes them: the figures of earlier reports."""

    def record(self) -> Record:
        """The figures as rules see them."""
        earlier = {function: Record(values) for function, values in self.earlier.items()}
        return Record(
            self.values,
            previous=earlier.get("previous"),
            just_before=earlier.get("just_before"),
            same_period_last_year=earlier.get("same_period_last_year"),
        )


NOTHING: Mapping[str, Any] = {}  # a plain one: a read-only view would not cross a process


class Check(NamedTuple):
    """One rule that a submission must satisfy.

    `target` is the entry where a finding is pinned, `involved` all entries it compares (target
    first), `expected` the value that the target should have, `roles` names entries for the
    sentence ("part" → id), `echo_of` the codes whose failure makes this one say nothing new, `fix` how far a finding of
    it is corrected.
    `sides_needed` are the sides of which a blank counts as 0 unless all of one are blank.
    `last` compares with the last of the earlier submissions in its scope alone: what changed before is told already.
    `beside_all` lets it fail only where it fails beside each of them: of two figures either may be the odd one.
    `own_level` keeps it from the upper levels, where the figures of many units are added up.
    `texts` (what, why, do, says by language) is there for the checks that a form declares itself;
    the sentences of the others stand in `wording`.
    """

    code: str
    severity: Severity
    condition: Node
    target: str
    involved: tuple[str, ...]
    missing: Missing = Missing.SKIP_IF_ANY
    expected: Node | None = None
    roles: Mapping[str, str] = NOTHING
    scope: Scope = Scope.NONE
    last: bool = False
    beside_all: bool = False
    beta: bool = False
    fix: Fixing = Fixing.NEVER
    echo_of: tuple[str, ...] = ()
    own_level: bool = False
    texts: Mapping[str, Texts] = NOTHING
    hints: tuple[Hint, ...] = ()
    holds_for: tuple[Case, ...] = ()
    fails_for: tuple[Case, ...] = ()
    line: int = 0
    when: When = ALWAYS
    sides_needed: tuple[tuple[str, ...], ...] = ()

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Groups of entries: the check is not applicable where none of a group is given."""
        return (self.involved,) if self.missing is Missing.SKIP_IF_ALL else self.sides_needed

    def is_asked(self, record: Record) -> bool:
        """Whether each of these groups has an entry that is given."""
        return all(any(key in record.values for key in group) for group in self.needed)

    @property
    def is_of_a_rate(self) -> bool:
        """Whether it holds a percentage, its target, against the two figures that it is made of."""
        return self.expected is not None and "whole" in self.roles and self.roles.get("written") == self.target

    @property
    def reported_severity(self) -> Severity:
        """A check on probation warns, whatever it will be later."""
        return Severity.WARNING if self.beta and self.severity is Severity.ERROR else self.severity

    def compiled(self) -> Callable[[Record], Truth]:
        """Return the verdict on a record: it holds (True), fails (False), or cannot be applied (None).

        To be made once for many records.
        """
        verdict = compile_condition(self.condition, as_zero=self.missing is not Missing.SKIP_IF_ANY)
        if not self.needed:
            return verdict
        return lambda record: verdict(record) if self.is_asked(record) else None
