"""Many workbooks → the merged one, with the submission in it, who has reported, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict, Unpack

from cchc_excel import reading
from cchc_excel.commands.consolidate import arrived, failed, level_named, links, of_before_mergers, said, without
from cchc_excel.commands.files import workbook_names
from cchc_excel.commands.intake import arriving_names, within
from cchc_excel.commands.options import level_of
from cchc_excel.consolidating.at_hand import Inbox, consolidate_by_edition, edition_of_all
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.district.book import district_workbook
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import load_roster
from cchc_excel.consolidating.standing import Standing
from cchc_excel.excel.patching import PromiseBroken
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Language
from cchc_excel.grid import Source
from cchc_excel.library.known import findings_of, period_of
from cchc_excel.library.sources import is_one_source, source_of
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import words
from cchc_excel.workers import Where

if TYPE_CHECKING:
    from cchc_excel.library.sources import AnySource

    ManySources: TypeAlias = AnySource | Iterable[AnySource] | Mapping[str, AnySource]


class OfUnit(NamedTuple):
    """A finding in one unit's workbook, and how much of a merged figure hangs on it (0 to 1)."""

    unit: str
    source: str
    finding: Finding
    effect: float


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The merged workbook: its bytes, the submission that it holds, who has reported, and what was found.

    `standing` has a line for each unit that should report and for each file of no such unit. `findings` stand with
    those first on which most of a merged figure hangs. Where `exclude_errors` was asked for, `left_out` are the units
    whose figures are not in it. `remarks` are the sentences that `cchc consolidate` says at the end.
    """

    data: bytes
    submission: Submission
    standing: tuple[Standing, ...]
    findings: tuple[OfUnit, ...]
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Also(TypedDict, total=False):
    """What else may be chosen, each as the option of that name of `cchc consolidate`.

    `corrected` is False to take figures as reported. `output` is where the workbook will stand: its figures link to
    their files as seen from there. `jobs` is how many processes read the files: 1 if not given, None is one a core.
    """

    level: str
    corrected: bool
    exclude_errors: bool
    own: AnySource
    output: str | PathLike[str]
    jobs: int | None


def consolidate(
    sources: ManySources,
    form: Form,
    *,
    unit: str | None = None,
    roster: AnySource | None = None,
    period: Period | str | None = None,
    previous: ManySources = (),
    language: Language = "vi",
    **also: Unpack[Also],
) -> Consolidated:
    """Merge the workbooks of many units into one, as `cchc consolidate` does.

    `sources` are files, folders with all that lies in them, or a mapping from names to files; archives and messages
    are opened. `unit` is whom the merged workbook is for, `roster`
    the list of units that should report, `previous` the workbooks of earlier periods. `period` is also that of
    workbooks which name none. `Also` tells what else may be given.

    Raises NothingToConsolidate where no workbook counts, BadRoster for a roster with mistakes.
    """
    own, output = also.get("own"), also.get("output")
    aside = [Path(given) for given in (roster, own, output) if isinstance(given, str | PathLike)]  # no unit's files
    spoken = words(language)
    received = list(_arriving(sources, arriving_names, aside))
    earlier = list(_arriving(previous, workbook_names))
    inbox = Inbox(received=lambda: received, earlier=lambda: earlier)

    def choices_by(edition: Form) -> Choices:
        return Choices(
            level=level_of(also.get("level"), edition) or level_named(unit, edition),
            unit=unit or "",
            period=period_of(period),
            roster=None if roster is None else load_roster(source_of(roster)),
            corrected=also.get("corrected", True),
            exclude_errors=also.get("exclude_errors", False),
            own=None if own is None else next(_arriving([own], workbook_names)),
            previous=tuple(_of_units_themselves(earlier, edition)),
            where=Where(also.get("jobs", 1)),
        )

    first = edition_of_all(form, period_of(period), inbox.sources())
    choices, outcome, merged_since = consolidate_by_edition(form, first, inbox, choices_by)
    form = outcome.merged.form
    data = district_workbook(outcome, spoken, _link_of(received, output))
    not_compared = (of_before_mergers(merged_since, spoken),) if merged_since else ()
    return Consolidated(
        data=data,
        submission=_read_back(data, form),
        standing=outcome.standings,
        findings=tuple(_findings(outcome, form)),
        left_out=tuple(outcome.name(unit) for unit in outcome.merged.left_out),
        remarks=(*not_compared, *failed(outcome, spoken), *said(outcome, choices.roster, spoken)),
    )


def _arriving(
    sources: ManySources, names_in: Callable[[list[Path]], Iterable[str]], aside: Iterable[Path] = ()
) -> Iterator[Arrived]:
    """The files, each under a name of its own; those of a folder without the ones that are no unit's."""
    if isinstance(sources, Mapping):
        for name, given in sources.items():
            yield from map(Arrived, within(source_of(given, name)))
        return
    many = [sources] if is_one_source(sources) else sources
    for number, given in enumerate(many, start=1):  # type: ignore[arg-type]
        if isinstance(given, str | PathLike):
            yield from arrived(without(names_in([Path(given)]), aside))
            continue
        source = source_of(given)  # type: ignore[arg-type]
        if not source.name:
            source = source._replace(name=str(number))
        yield from map(Arrived, within(source))


def _of_units_themselves(earlier: Iterable[Arrived], form: Form) -> Iterator[Submission]:
    """The earlier submissions that were not merged from others."""
    for workbook in earlier:
        submission = reading.read(workbook.source, form).submission
        if submission is not None and submission.level is None:
            yield submission


def _link_of(received: Iterable[Arrived], output: str | PathLike[str] | None) -> Callable[[str], str | None]:
    """Where each file lies as seen from the workbook; nowhere if that will stand nowhere known, or it is in another."""
    if output is None:
        return lambda _: None
    names = [workbook.source.name for workbook in received]
    return links([name for name in names if Path(name).is_file()], Path(output))


def _read_back(data: bytes, form: Form) -> Submission:
    """The submission that the merged workbook holds, read like any other."""
    submission = reading.read(Source("", data), form).submission
    if submission is None:
        raise PromiseBroken(form.id)
    return submission


def _findings(outcome: Outcome, form: Form) -> Iterator[OfUnit]:
    for ranked in outcome.findings:
        (finding,) = findings_of(form, [ranked.finding])
        yield OfUnit(outcome.name(ranked.filed), ranked.filed.path, finding, float(ranked.effect))
