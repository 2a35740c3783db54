"""What is found in a submission, as facts. Sentences are made in `wording`, where a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.form import Severity
from cchc_excel.submission import CellAddress, Figure


class Formula(NamedTuple):
    """Figures with signs between them, to be written out: (2, " + ", 3) is shown as `2 + 3`."""

    pieces: tuple[int | Fraction | str, ...]


Fact: TypeAlias = int | Fraction | float | str | Formula | tuple[int | Fraction | float | str, ...] | None


class Certainty(StrEnum):
    """How sure a proposed change is; all but SUGGESTED are applied by `correct`."""

    NORMALISED = "normalised"
    DEDUCED = "deduced"
    RECOMPUTED = "recomputed"
    SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class Because:
    """The reason of a change: a key of `wording`'s reasons, and the facts of its sentence."""

    reason: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Alternative(NamedTuple):
    """One way a finding can be explained: this indicator should be `after`."""

    indicator: str
    after: Figure | None
    because: Because


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposed change of one entry; `alternatives` in order of likelihood, the proposal itself not among them."""

    indicator: str
    before: Figure | float | None
    after: Figure | None
    certainty: Certainty
    because: Because
    alternatives: tuple[Alternative, ...] = ()

    @property
    def ways(self) -> tuple[Alternative, ...]:
        """The proposal and its alternatives, the likeliest first."""
        return (Alternative(self.indicator, self.after, self.because), *self.alternatives)


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed check, or one reading problem, at certain cells.

    `indicators` and `cells` name the place first (the target), then what it was compared with.
    `observed` is what stands there, `expected` what should, if that is known. `explained` is the
    clerk's own note beside a warning, `explained_before` one that was written for other figures.
    `hints` are indexes into the check's hints that hold.
    """

    code: str
    severity: Severity
    indicators: tuple[str, ...] = ()
    cells: tuple[CellAddress, ...] = ()
    observed: Figure | float | None = None
    expected: Figure | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    hints: tuple[int, ...] = ()
    fix: Fix | None = None
    explained: str | None = None
    explained_before: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is counted in a summary: an explained warning is shown, but not counted."""
        return self.explained is None

    def with_fix(self, fix: Fix | None) -> Finding:
        return replace(self, fix=fix)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity among the findings that count; None if there is none."""
    return max((finding.severity for finding in findings if finding.counts), key=lambda it: it.rank, default=None)
