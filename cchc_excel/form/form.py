"""A printed form as a whole: its title, columns, indicators in order and checks, and how to find each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from cchc_excel.codes import CODES, Fixing, Severity
from cchc_excel.form.language import Record, Truth
from cchc_excel.form.model import Check, Indicator, Scope, Texts
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

    `columns` stand in printed order; `nested` are pairs of periods of which the first lies inside the second.
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
    nested: tuple[tuple[str, str], ...]
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
    """The checks that the form declares itself, by code."""
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

    def __post_init__(self) -> None:
        def make(**made: object) -> None:
            for name, value in made.items():
                object.__setattr__(self, name, value)

        compiled = tuple(CompiledCheck(check, check.compiled()) for check in self.checks)
        within = tuple(one for one in compiled if one.check.scope is Scope.NONE)
        entries = tuple(row for row in self.indicators if row.is_entry)
        make(
            by_id={row.id: row for row in self.indicators},
            places={row.id: place for place, row in enumerate(self.indicators)},
            entries=entries,
            entry_ids=tuple(row.id for row in entries),
            entry_places={row.id: place for place, row in enumerate(entries)},
            names=names_of(self.indicators),
            own={check.code: check for check in self.checks if check.texts},
            by_target={(check.code, check.target): check for check in self.checks},
            rate_of={(it.code, it.target): it.roles["written"] for it in self.checks if "written" in it.roles},
            stts=stts_of(self.indicators),
            within=within,
            checks_about=_checks_about(within),
            over_time=tuple(one for one in compiled if one.check.scope is not Scope.NONE),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process a form is made anew of what it was made of: compiled checks cannot cross."""
        return Form, tuple(getattr(self, it.name) for it in fields(self) if it.init)

    def __repr__(self) -> str:
        return f"<Form {self.id} {self.version}: {len(self.indicators)} rows, {len(self.checks)} checks>"

    def in_full(self) -> str:
        """All that it is made of, as a text: equal for two forms that judge alike."""
        return repr(self.__reduce__()[1])

    def __getitem__(self, key: str) -> Indicator:
        return self.by_id[key]

    def own_checks(self) -> tuple[Check, ...]:
        """The checks that the form declares itself, without those that follow from relations."""
        return tuple(self.own.values())

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
    found: dict[str, list[int]] = {}
    for place, one in enumerate(within):
        if one.check.severity is not Severity.INFO:
            for key in one.check.involved:
                found.setdefault(key, []).append(place)
    return {key: tuple(places) for key, places in found.items()}
