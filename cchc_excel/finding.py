"""What is found in a submission, as facts. Sentences are made in `wording`, where a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cchc_excel.codes import Fixing, Severity
from cchc_excel.submission import CellAddress, Figure

if TYPE_CHECKING:
    from cchc_excel.form import Form
    from cchc_excel.wording import Words


class Formula(NamedTuple):
    """Figures with signs between them, to be written out: (2, " + ", 3) is shown as `2 + 3`."""

    pieces: tuple[int | Fraction | str, ...]


Fact: TypeAlias = int | Fraction | float | str | Formula | tuple[int | Fraction | float | str, ...] | None


class Certainty(StrEnum):
    """How sure a proposed change is; all but SUGGESTED are carried out unasked."""

    NORMALISED = "normalised"
    DEDUCED = "deduced"
    RECOMPUTED = "recomputed"
    SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class Because:
    """The reason of a change: a key of `wording`'s reasons, and the facts of its sentence."""

    reason: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class EntryChange(NamedTuple):
    """One entry that would hold something else; None is a blank."""

    indicator: str
    before: Figure | float | None
    after: Figure | None


class Alternative(NamedTuple):
    """One way a finding can be explained: what these entries hold should be something else, all of them at once."""

    changes: tuple[EntryChange, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposal: the entries that it changes together; usually one, two where figures were swapped.

    `alternatives` stand in order of likelihood, the proposal itself not among them. `evidence` is what speaks for the
    proposal and not for any other: 0 where a person has to choose, more the more it would put right.
    """

    changes: tuple[EntryChange, ...]
    certainty: Certainty
    because: Because
    alternatives: tuple[Alternative, ...] = ()
    evidence: int = 0

    @property
    def ways(self) -> tuple[Alternative, ...]:
        """The proposal and its alternatives, the likeliest first."""
        return (Alternative(self.changes, self.because), *self.alternatives)


class Allowed(NamedTuple):
    """What an inequality would allow for the figure observed: at most, at least, more or less than a bound."""

    sign: str
    bound: Figure


class Suspects(NamedTuple):
    """Which entries must be wrong where figures contradict each other.

    Each of `sets` is a cheapest choice of entries whose change lets all the others stand as they are, with all ties.
    `least` is how many entries are wrong at least, whichever they are. With `complete` False the work allowed ran out:
    there may be further or cheaper sets, and fewer entries may be wrong. `cells` tells where each entry stands.
    """

    sets: tuple[tuple[str, ...], ...]
    least: int
    complete: bool
    cells: Mapping[str, CellAddress]

    @property
    def entries(self) -> frozenset[str]:
        """The entries that stand in any of the sets."""
        return frozenset().union(*self.sets)


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed check, or one reading problem, at certain cells.

    `indicators` and `cells` name the place first (the target), then what it was compared with.
    `observed` is what stands there. `compared_with` is what it was held against (what its parts come to, a bound, the
    figure that its text says), if there is one, and never what it must become: that is a `fix`; of
    an inequality `allowed` says what would do. `explained` is the
    clerk's own note beside a warning, `explained_before` one that was written for other figures, `accepted_by` the
    officer who let the note pass, where a corrected copy keeps that.
    `hints` are indexes into the check's hints that hold. `fix` is what is proposed; where nothing may be proposed,
    `explanations` are the changes that would put the finding right, the likeliest first. `suspects` are there where it
    is an error that contradicts figures. `form` is there in what the front door gives (library/): inside, where ten
    thousand findings cross from process to process, none carries it.
    """

    code: str
    severity: Severity
    indicators: tuple[str, ...] = ()
    cells: tuple[CellAddress, ...] = ()
    observed: Figure | float | None = None
    compared_with: Figure | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    hints: tuple[int, ...] = ()
    fix: Fix | None = None
    explained: str | None = None
    explained_before: str | None = None
    accepted_by: str | None = None
    explanations: tuple[Alternative, ...] = ()
    suspects: Suspects | None = None
    allowed: Allowed | None = None
    form: Form | None = field(default=None, compare=False, repr=False)

    def sentence(self, words: Words) -> str:
        """What a person reads of it. Raises ValueError where it does not know its form."""
        if self.form is None:
            raise ValueError(
                f"a finding {self.code} without its form has no sentence; words.message(finding, form) has"
            )
        return words.message(self, self.form)

    @property
    def ways(self) -> tuple[Alternative, ...]:
        """Every change that would put it right, proposed or only listed, the likeliest first."""
        return self.fix.ways if self.fix is not None else self.explanations

    @property
    def counts(self) -> bool:
        """Whether it is counted in a summary: an explained warning is shown, but not counted."""
        return self.explained is None

    def put_right_by(self, fix: Fix, how_far: Fixing) -> Finding:
        """The finding with a way to put it right, used as far as its code allows."""
        match how_far:
            case Fixing.SAFE:
                return replace(self, fix=fix)
            case Fixing.SUGGEST:
                return replace(self, fix=replace(fix, certainty=Certainty.SUGGESTED))
            case Fixing.NEVER:
                return replace(self, fix=None, explanations=fix.ways)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity among the findings that count; None if there is none."""
    return max((finding.severity for finding in findings if finding.counts), key=lambda it: it.rank, default=None)
