"""What consolidating comes to, before it is drawn: the merged figures, who reported, and what is to be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.merging import Merged
from cchc_excel.consolidating.standing import Standing
from cchc_excel.errors import Defect
from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Severity
from cchc_excel.pipeline import tracebacks
from cchc_excel.submission import Figure, Period


class Ranked(NamedTuple):
    """A finding, the workbook it is about, and how much of a merged figure hangs on it (0 to 1).

    `defect` is there where that could not be worked out, because this program failed over it.
    """

    finding: Finding
    filed: Filed
    effect: Fraction
    defect: Defect | None = None


class Earlier(NamedTuple):
    """The merged figures of an earlier period, and the units' workbooks that they were merged from, with their names.

    There are no workbooks where the period's own merged workbook was handed over; of how many `units` it is, is known
    all the same. `same_units` tells whether those are the units that report now: otherwise a change may be one of them.
    """

    period: Period
    figures: Mapping[str, Figure | None]
    workbooks: tuple[Filed, ...] = ()
    names: Mapping[str, str] = {}
    units: int = 0
    same_units: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that the district workbook shows.

    `filed` are all workbooks received, in the order of their paths; `names` gives by path the name
    that a unit goes by (the roster's, if there is one); `passed_over` are earlier outputs of this program;
    `not_compared` are earlier periods of before the day from which the form holds;
    `earlier_unused` are workbooks of earlier periods that could not be opened, or over which this program failed;
    `partly` are the paths of those from which only the sections were taken that the one that counts lacks.
    """

    merged: Merged
    filed: tuple[Filed, ...]
    standings: tuple[Standing, ...]
    findings: tuple[Ranked, ...]
    earlier: tuple[Earlier, ...] = ()
    not_compared: tuple[Period, ...] = ()
    earlier_unused: tuple[Filed, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[Filed, ...] = ()
    corrected: bool = True
    partly: frozenset[str] = frozenset()

    def counts(self) -> Counter[tuple[str, Severity]]:
        """How many findings count against each workbook, by its path and their severity."""
        return Counter(
            (ranked.filed.path, ranked.finding.severity) for ranked in self.findings if ranked.finding.counts
        )

    def count_of(self, severity: Severity) -> int:
        """How many findings of a severity count in all."""
        return sum(ranked.finding.counts and ranked.finding.severity is severity for ranked in self.findings)

    def is_applied(self, finding: Finding) -> bool:
        """Whether a finding was put right while merging, without anybody's decision."""
        return self.corrected and finding.fix is not None and finding.fix.certainty is not Certainty.SUGGESTED

    def unread(self) -> Iterator[tuple[Filed, Finding]]:
        """The workbooks that could not be read, each with what says why."""
        for workbook in (*self.filed, *self.earlier_unused):
            if not workbook.readable:
                yield from ((workbook, finding) for finding in workbook.findings)

    def tracebacks(self) -> tuple[str, ...]:
        """What is known of the defects of this program that files or findings brought out."""
        files = (*self.filed, *self.earlier_unused)
        of_files = tuple(text for workbook in files for text in tracebacks(workbook.findings))
        of_findings = tuple(ranked.defect.traceback for ranked in self.findings if ranked.defect is not None)
        return of_files + of_findings

    def name(self, filed: Filed) -> str:
        """The name that the unit of a workbook goes by; empty if it is not known."""
        return self.names.get(filed.path) or filed.unit or ""
