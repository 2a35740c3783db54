"""One workbook → its corrected copy, with what was done in it and what is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypedDict, Unpack, cast

from cchc_excel import corrected_copy, pipeline
from cchc_excel.commands.resume import key_of
from cchc_excel.corrected_copy.correcting_one import Correction
from cchc_excel.correcting import Policy
from cchc_excel.correcting.history import name_of
from cchc_excel.errors import NotCorrected
from cchc_excel.finding import Because, Certainty, Finding
from cchc_excel.form import Form, Language, edition_named
from cchc_excel.grid import Source
from cchc_excel.library.known import examination_of, findings_of, period_of
from cchc_excel.library.sources import is_one_source, source_of
from cchc_excel.pipeline import Done, Examination
from cchc_excel.reading import Given
from cchc_excel.submission import CellAddress, Entry, Figure, Period, Submission
from cchc_excel.wording import words

if TYPE_CHECKING:
    from cchc_excel.library.sources import AnySource

Apply: TypeAlias = Literal["safe", "none", "suggested"]


class SaidOfIt(TypedDict, total=False):
    """What a person says of a workbook, as the options of `cchc correct` do.

    `name` is what the file is called, where the source does not tell. `unit` and `period` fill what the workbook does
    not say and choose where it says two things; with `override` they stand in its place. `decided_by` is who decides,
    for decisions and explained warnings that name nobody.
    """

    name: str
    unit: str
    period: Period | str
    override: bool
    decided_by: str


class Change(NamedTuple):
    """One cell that was written: what stood there, untouched, and what stands there now."""

    indicator: str
    cell: CellAddress
    before: Figure | float | None
    after: Figure | None
    code: str
    certainty: Certainty
    because: Because


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected copy: its bytes, what was done in it, and what is left.

    `changes` are the cells written, in the order of the form; `left` is the copy examined anew. `remarks` are what
    `cchc correct` says on the way: fixes undone, decisions that could not be carried out.
    """

    data: bytes
    changes: tuple[Change, ...]
    left: Examination
    remarks: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is left to do, the findings of the copy."""
        return self.left.findings


def correct(
    source: AnySource,
    form: Form,
    *,
    apply: Apply = "safe",
    decisions: AnySource | Iterable[AnySource] = (),
    undo: bool = False,
    previous: Sequence[Submission] = (),
    language: Language = "vi",
    **said: Unpack[SaidOfIt],
) -> Corrected:
    """Make the corrected copy of a workbook, as `cchc correct` does.

    `apply` says what is carried out unasked: what cannot be wrong, nothing, or every proposal. `decisions` is a
    corrected copy in which an officer has marked proposals, or several such; `undo` gives back what earlier corrections
    changed. `language` is that of the findings sheet. `said` is what a person says of the workbook.

    Raises NotCorrected for a file that cannot be read, or into which nothing may be written.
    """
    file, spoken = source_of(source, said.get("name")), words(language)
    given = Given(unit=said.get("unit"), period=period_of(said.get("period")), override=said.get("override", False))
    remarks: list[str] = []
    decided_by = said.get("decided_by", "")
    decider = [decided_by] if decided_by else []  # as the command's key has it
    done = Done(Path(file.name), pipeline.examine(file, form, previous, given=given), file.data)
    correction = Correction(
        form=edition_named(form, done.examination.edition),
        spoken=spoken,
        previous=previous,
        given=given,
        policy=Policy(apply),
        undo=undo,
        key=key_of(form, ("correct", apply, *decider, *given, language, *map(_key_of_earlier, previous))),
        say=remarks.append,
        decided_by=name_of(decided_by),
    )
    made = correction.copy(done, _sources(decisions))
    submission = done.examination.submission
    if made is None or submission is None:
        findings = findings_of(form, done.examination.findings) if submission is None else ()
        raise NotCorrected(file.name, " ".join(remarks), findings)
    (left,) = pipeline.examine_all([file._replace(data=made.data)], form, previous, given=given)
    return Corrected(
        data=made.data,
        changes=_changes(made, submission),
        left=examination_of(left, form),
        remarks=tuple(remarks),
    )


def _sources(decisions: AnySource | Iterable[AnySource]) -> list[Source]:
    if is_one_source(decisions):
        return [source_of(cast("AnySource", decisions))]
    return [source_of(given) for given in cast("Iterable[AnySource]", decisions)]


def _key_of_earlier(previous: Submission) -> str:
    """What of an earlier submission a copy depends on."""
    return f"{previous.unit} {previous.period} {previous.values}"


def _changes(made: corrected_copy.Corrected, submission: Submission) -> tuple[Change, ...]:
    changes: list[Change] = []
    for change in made.changes:
        entry = submission.entries[change.indicator]
        changes.append(
            Change(
                indicator=change.indicator,
                cell=entry.cell,
                before=_raw(entry),
                after=change.after,
                code=change.code,
                certainty=change.certainty,
                because=change.because,
            )
        )
    return tuple(changes)


def _raw(entry: Entry) -> Figure | float | None:
    return str(entry.raw) if isinstance(entry.raw, bool) else entry.raw
