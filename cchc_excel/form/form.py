"""A printed form as a whole: its title, columns, indicators in order and checks, and how to find each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from cchc_excel.codes import CODES, Fixing, Severity
from cchc_excel.form.language import Record, Truth
from cchc_excel.form.model import LEVELS, Check, Indicator, Scope, Signer, Texts, levels_above
from cchc_excel.form.names import UNIT_IN_TITLE
from cchc_excel.form.period import ALL_PARTS, ALWAYS, Days, Period, When, days_of
from cchc_excel.form.row_names import names_of, stts_of


class Column(NamedTuple):
    """One column of the table: its title and the other titles it goes by."""

    role: str
    title: str
    also: tuple[str, ...] = ()


class CompiledCheck(NamedTuple):
    """A check and its verdict on a record: it holds (True), fails (False), or cannot be applied (None)."""

    check: Check
    verdict: Callable[[Record], Truth]


def _made() -> Any:
    """A field that is made of the others."""
    return field(init=False, repr=False)


@dataclass(frozen=True, eq=False)
class Form:
    """One form. Compared by identity: it is loaded once.

    `columns` stand in printed order. `closing_day` is the day of a period's last month on which its data close, None
    where they close with it; `listed` are the parts of a year that it is reported for.
    `holds_from` and `holds_until` are the first and last day on which a period may end that the form is for.
    `editions` are the forms that take its place where it does not hold; none where a person named it. `levels` are
    those that there are. `no_longer` are labels that older printings have
    and this one has not. `office` is who reports, where a unit is not named yet; `signers` tell
    who signs for offices that are no people's committees. `nested` are pairs of which the
    first lies inside the second, where the form names them itself instead of leaving that to their days.
    `severities` are those of built-in codes that the form's folder sets otherwise than the catalogue.
    """

    id: str
    version: str
    title: str
    level: str
    columns: tuple[Column, ...]
    group_title: str
    indicators: tuple[Indicator, ...]
    checks: tuple[Check, ...]
    nested: tuple[tuple[str, str], ...] | None = None
    closing_day: int | None = None
    listed: tuple[str, ...] = ALL_PARTS
    holds_from: date | None = None
    holds_until: date | None = None
    editions: tuple[str, ...] = ()
    levels: tuple[str, ...] = LEVELS
    no_longer: tuple[str, ...] = ()
    office: str = ""
    signers: tuple[Signer, ...] = ()
    heading: Texts = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)

    by_id: Mapping[str, Indicator] = _made()
    places: Mapping[str, int] = _made()
    """The place of each indicator in printed order, by id."""
    entries: tuple[Indicator, ...] = _made()
    """The indicators that take a value, in printed order."""
    entry_ids: tuple[str, ...] = _made()
    """Their ids, in the same order."""
    entry_places: Mapping[str, int] = _made()
    """The place of each among them, by id."""
    names: Mapping[str, str] = _made()
    """How each row is called beside a cell, by id."""
    own: Mapping[str, Check] = _made()
    """The checks that the form declares itself, by code: of one that stands for several rows, or has two bounds, the
    first."""
    by_target: Mapping[tuple[str, str], Check] = _made()
    """The checks by code and target."""
    rate_of: Mapping[tuple[str, str], str] = _made()
    """Of a check about a component of a percentage, by code and target: the percentage."""
    stts: Mapping[str, str] = _made()
    """The STT of each row, or of the nearest numbered row above it, by id."""
    within: tuple[CompiledCheck, ...] = _made()
    """The checks within one submission, in their order."""
    checks_about: Mapping[str, tuple[int, ...]] = _made()
    """By entry the places in `within` of the checks that involve it, infos left out."""
    over_time: tuple[CompiledCheck, ...] = _made()
    """The checks against earlier submissions."""
    times: frozenset[When] = _made()
    """For which periods its rules and rows hold, where not for all; nothing where all of them always do."""
    has_timed_limits: bool = _made()
    """Whether a row has a limit that holds for some periods only."""

    def __post_init__(self) -> None:
        def make(**made: object) -> None:
            for name, value in made.items():
                object.__setattr__(self, name, value)

        compiled = tuple(CompiledCheck(check, check.compiled()) for check in self.checks)
        within = tuple(checked for checked in compiled if checked.check.scope is Scope.NONE)
        over_time = tuple(checked for checked in compiled if checked.check.scope is not Scope.NONE)
        entries = tuple(row for row in self.indicators if row.is_entry)
        times = {row.when for row in entries} | {check.when for check in self.checks}
        limits = [limit for row in entries for limit in (*row.limits, *row.floors)]
        make(
            by_id={row.id: row for row in self.indicators},
            places={row.id: place for place, row in enumerate(self.indicators)},
            entries=entries,
            entry_ids=tuple(row.id for row in entries),
            entry_places={row.id: place for place, row in enumerate(entries)},
            names=names_of(self.indicators),
            own={check.code: check for check in reversed(self.checks) if check.texts},
            by_target={(check.code, check.target): check for check in self.checks},
            rate_of={
                (check.code, check.target): check.roles["written"] for check in self.checks if "written" in check.roles
            },
            stts=stts_of(self.indicators),
            within=within,
            checks_about=_checks_about(within),
            over_time=over_time,
            times=frozenset(times - {ALWAYS}),
            has_timed_limits=any(limit.when != ALWAYS for limit in limits),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process a form is made anew of what it was made of: compiled checks cannot cross."""
        return Form, tuple(getattr(self, declared.name) for declared in fields(self) if declared.init)

    def __repr__(self) -> str:
        return f"<Form {self.id} {self.version}: {len(self.indicators)} rows, {len(self.checks)} checks>"

    def in_full(self) -> str:
        """All that it is made of, as a text: equal for two forms that judge alike."""
        return repr(self.__reduce__()[1])

    def __getitem__(self, key: str) -> Indicator:
        return self.by_id[key]

    def days_of(self, period: Period) -> Days:
        """The days whose figures a report of the period takes."""
        return days_of(period, self.closing_day)

    def holds_for(self, period: Period) -> bool:
        """Whether the form is the one in force for a period: its data close between the days of the form."""
        return When(self.holds_from, self.holds_until).holds(period, self.closing_day)

    def titled(self, unit: str = "") -> str:
        """The title with the unit's name where it leaves a place for one, or with who reports on the form."""
        return self.title.replace(UNIT_IN_TITLE, (unit or self.office).upper()).strip()

    @property
    def levels_above(self) -> tuple[str, ...]:
        """The levels that add up what is reported on the form, the next first."""
        return levels_above(self.level, self.levels)

    def lies_within(self, shorter: Period, longer: Period) -> bool:
        """Whether all that happened in one period is part of what happened in another."""
        if self.nested is not None:
            is_named = (shorter.part, longer.part) in self.nested
            return is_named and shorter.year == longer.year
        if shorter == longer:
            return False
        return self.days_of(longer).hold(self.days_of(shorter))

    def at(self, period: Period | None) -> Form:
        """The form as it is in a period: with the rules, rows and limits that hold then; itself where all do."""
        if period is None:
            return self
        if not self.has_timed_limits and all(when.holds(period, self.closing_day) for when in self.times):
            return self
        from cchc_excel.form.in_time import form_at  # of most forms all holds in the period at hand

        return form_at(self, period)

    def without_totals(self, totals: Collection[str]) -> Form:
        """The form with these rows as no totals; itself where there are none."""
        if not totals:
            return self
        from cchc_excel.form.in_time import without_totals

        return without_totals(self, totals)

    def own_checks(self) -> tuple[Check, ...]:
        """The checks that the form declares itself, without those that follow from relations."""
        return tuple(check for check in self.checks if check.texts)

    def severity_of(self, code: str) -> Severity:
        """How bad a finding of a built-in code is in this form."""
        return self.severities.get(code) or CODES[code].severity

    def fixing_of(self, code: str) -> Fixing:
        """How far a finding of a code is corrected, whether the code is built in or the form's own."""
        return self.own[code].fix if code in self.own else CODES[code].fix

    def is_heard_by_solver(self, code: str) -> bool:
        """Whether the solver takes a check of this code for a constraint: each of the form's own, and some built in."""
        return code in self.own or CODES[code].heard_by_solver


def _checks_about(within: Iterable[CompiledCheck]) -> Mapping[str, tuple[int, ...]]:
    places_of: dict[str, list[int]] = {}
    for place, (check, _) in enumerate(within):
        if check.severity is not Severity.INFO:
            for key in check.involved:
                places_of.setdefault(key, []).append(place)
    return {key: tuple(places) for key, places in places_of.items()}
