"""Try every single mistake of `cchc form coverage` on honest forms, and count which are told, entry by entry.

    python benchmarks/mutants.py [communes] [seed]

A mutant is an honest form with one filled entry that holds something else: nothing (`blank`), ten times or a tenth of
it, one more, one less, 0, a digit more, its first digit missing, its first two digits swapped, another answer. It is
caught where a new error or warning comes, whatever that names. The first column judges the form by itself. The second
judges it as an office does that has the unit's report of the period before and those of its district: a figure that is
one too large, of a row that simply counts what happened, is seen in neither.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import honest

from cchc_excel.checking import check
from cchc_excel.checking.between import between
from cchc_excel.checking.coverage import mutants
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, load_form
from cchc_excel.submission import Submission

UNITS, MUTATED = 20, 3  # in a district, and of how many of its communes every mutant is tried


class Counted(NamedTuple):
    tried: Counter[str]
    alone: Counter[str]
    beside: Counter[str]


def told(findings: Sequence[Finding]) -> set[tuple[str, tuple[str, ...]]]:
    """The errors and warnings, by code and row."""
    return {(finding.code, finding.indicators[:1]) for finding in findings if finding.severity is not Severity.INFO}


class District:
    """Twenty communes with their reports of quarter I and of the first six months."""

    def __init__(self, chance: random.Random, form: Form) -> None:
        self.form = form
        of = honest.lists(chance)
        self.first: list[Submission] = []
        self.second: list[Submission] = []
        self.figures: list[honest.Figures] = []  # of the second reports
        for place in range(UNITS):
            earlier, later = honest.two_periods(chance, of)
            for reports, (period, figures, decimals) in ((self.first, earlier), (self.second, later)):
                reports.append(honest.submission(figures, decimals, f"xã {place}", period))
            self.figures.append(later[1])

    def beside(self, at: int, submission: Submission) -> set[tuple[str, tuple[str, ...]]]:
        """What is told of one commune beside its own earlier report and the other communes."""
        figures = [*self.figures[:at], submission.values, *self.figures[at + 1 :]]
        units = [honest.Taken.of(values, self.form) for values in figures]
        # U14 is told of the district, not of a commune
        own = [found.finding for found in between(units, self.form) if found.place == at or found.finding.code == "U14"]
        return told([*check(submission, self.form, [self.first[at]]).findings, *own])


def run(communes: int, seed: int) -> Counted:
    chance, form = random.Random(seed), load_form()
    counted = Counted(Counter(), Counter(), Counter())
    for number in range(communes):
        if number % MUTATED == 0:
            district = District(chance, form)
        at = number % MUTATED
        submission = district.second[at]
        alone, beside = told(check(submission, form).findings), district.beside(at, submission)
        for key, mistake, changed in mutants(submission, form):
            for name in (key, f"({mistake})", "all"):
                counted.tried[name] += 1
                counted.alone[name] += bool(told(check(changed, form).findings) - alone)
                counted.beside[name] += bool(district.beside(at, changed) - beside)
    return counted


def show(counted: Counted) -> None:
    print(f"{'entry':28}{'tried':>7}{'by itself':>11}{'beside others':>15}")

    def caught_beside(name: str) -> float:
        return counted.beside[name] / counted.tried[name]

    def place_in_table(name: str) -> tuple[bool, bool, float]:
        """Entries first, then kinds of mistakes, and the sum last; what is caught least comes first."""
        return name == "all", name.startswith("("), caught_beside(name)

    for name in sorted(counted.tried, key=place_in_table):
        tried = counted.tried[name]
        print(f"{name:28}{tried:>7}{counted.alone[name] / tried:>11.1%}{caught_beside(name):>15.1%}")


def main() -> None:
    communes = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    show(run(communes, seed))


if __name__ == "__main__":
    main()
