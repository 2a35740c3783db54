"""Which entries are doubted, so that no other figure may be made of them unasked.

In:     the findings of one submission; the contradictions that the solver found among its figures.
Out:    the entries that something besides one finding speaks against.
Never:  says what is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Scope, Severity

if TYPE_CHECKING:
    from cchc_excel.correcting.locate import Contradiction


class Doubts:
    """What errors and warnings name, and what the solver suspects.

    `suspected` are the entries that stand in one of the cheapest sets of any contradiction; `over_time` those that a
    comparison with another report speaks against.
    """

    def __init__(self, findings: Iterable[Finding], contradicting: Iterable[Contradiction], form: Form) -> None:
        self.findings, self.contradicting, self.form = tuple(findings), tuple(contradicting), form
        self.named = times_named(self.findings)
        self.over_time = {finding.indicators[0] for finding in self.findings if _is_over_time(finding, form)}
        self.suspected = _suspects_of(self.contradicting)

    def beside(self, finding: Finding) -> set[str]:
        """Return the entries that something besides this finding speaks against, and the totals of suspected parts."""
        return self.directly_beside(finding) | totals_of(self._suspected_beside(finding), self.form)

    def directly_beside(self, finding: Finding) -> set[str]:
        """Return the entries that another finding names or another contradiction makes suspect."""
        own = set() if finding.severity is Severity.INFO else set(finding.indicators)
        named = {key for key, times in self.named.items() if times > (key in own)}
        return named | self._suspected_beside(finding)

    def _suspected_beside(self, finding: Finding) -> set[str]:
        """The entries that a contradiction makes suspect, unless it is of this check alone."""
        place = (finding.code, finding.indicators[0])
        return _suspects_of(other for other in self.contradicting if other.checks != {place})

    def beside_blank(self, target: str) -> set[str]:
        """Return the entries that something speaks against besides what is said of this blank."""
        findings = [finding for finding in self.findings if finding.indicators[:1] != (target,)]
        others = [other for other in self.contradicting if not self._is_about(other, target)]
        return set(times_named(findings)) | _suspects_of(others)

    def _is_about(self, contradiction: Contradiction, key: str) -> bool:
        return any(key in self.form.by_target[place].involved for place in contradiction.checks)


def _suspects_of(contradicting: Iterable[Contradiction]) -> set[str]:
    """The entries that contradictions make suspect."""
    return {key for contradiction in contradicting for key in contradiction.suspects.entries}


def _is_over_time(finding: Finding, form: Form) -> bool:
    """Whether it compares an entry with another report, and warns of it."""
    if not finding.indicators or finding.severity is Severity.INFO:
        return False
    check = form.by_target.get((finding.code, finding.indicators[0]))
    return check is not None and check.scope is not Scope.NONE


def times_named(findings: Iterable[Finding]) -> Mapping[str, int]:
    """Return how many errors and warnings name each entry."""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.severity is not Severity.INFO:
            for key in finding.indicators:
                counts[key] = counts.get(key, 0) + 1
    return counts


def totals_of(suspected: set[str], form: Form) -> set[str]:
    """Return the totals that suspected entries are parts of: what adds up a wrong figure is as wrong."""
    return {row.id for row in form.entries if not suspected.isdisjoint(row.total_of)}
