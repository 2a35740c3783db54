"""The checks of a form against each other: do all hold at once, does one say only what another says?

A check is read as linear constraints; the solver of `localise` says whether they can stand together.
Checks about answers, and those that are not linear, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from cchc_excel.codes import CODES
from cchc_excel.correcting.locate import relations_of, variable_of
from cchc_excel.errors import Mistake
from cchc_excel.form import Check, Form, Severity
from cchc_excel.form.language import Node, Record
from cchc_excel.form.language.linear import Alternatives, NotLinear, linear
from cchc_excel.localise import Relation, feasible

_NOTHING = Record({})


class Audit:
    """The linear checks of one form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._variables = [variable_of(row, _NOTHING, form) for row in form.entries if row.kind.is_number]
        self.said: dict[int, tuple[Alternatives, Alternatives]] = {}
        self.checks: list[Check] = []
        for check in form.checks:
            if check.texts or CODES[check.code].heard_by_solver:
                said, denied = _linear(check), _linear(check, denied=True)
                if said is not None and denied is not None:
                    self.said[id(check)] = said, denied
                    self.checks.append(check)

    def relations(self, check: Check, *, denied: bool = False) -> list[Relation]:
        """The check, or its denial, as relations."""
        return list(relations_of(check, self.said[id(check)][denied], _NOTHING, self._form))

    def stands(self, relations: Sequence[Relation]) -> bool:
        """Whether there are figures that satisfy all of these."""
        names = {name for one in relations for name in one.ids}
        return feasible({}, [it for it in self._variables if it.id in names], list(relations)) is not None

    def mistakes(self, file: str) -> Iterator[Mistake]:
        """Checks that can never hold, that contradict each other, or that another one already implies."""
        errors = [it for it in self.checks if it.severity is Severity.ERROR]
        impossible = [it for it in self.checks if not self.stands(self.relations(it))]
        for check in impossible:
            yield _mistake(file, check, "contradiction", codes=check.code)
        if not impossible and not self.stands([one for it in errors for one in self.relations(it)]):
            guilty = self._least_contradicting(errors)
            yield _mistake(file, guilty[-1], "contradiction", codes=", ".join(it.code for it in guilty))
        for check in self.checks:
            if check.texts and check not in impossible and not self.stands(self.relations(check, denied=True)):
                yield _mistake(file, check, "implied", code=check.code, by="0 ≤")
        yield from self._implied(file)

    def _least_contradicting(self, checks: Sequence[Check]) -> list[Check]:
        """Checks that cannot hold together, of which every one is needed for that."""
        kept = list(checks)
        for check in checks:
            rest = [it for it in kept if it is not check]
            if not self.stands([one for it in rest for one in self.relations(it)]):
                kept = rest
        return kept

    def _implied(self, file: str) -> Iterator[Mistake]:
        for one, other in permutations(self.checks, 2):
            if not other.texts or not set(one.involved) & set(other.involved):
                continue
            if one.severity.rank < other.severity.rank:
                continue  # what is only unlikely beside what cannot be: the graver check still says more
            if not self.stands([*self.relations(one), *self.relations(other, denied=True)]):
                yield _mistake(file, other, "implied", code=other.code, by=f"{one.code} ({one.target})")


def _mistake(file: str, check: Check, kind: str, **facts: str) -> Mistake:
    return Mistake(file, check.line, kind, tuple(facts.items()))


def _linear(check: Check, *, denied: bool = False) -> Alternatives | None:
    """The check as linear constraints, or their denial; None where it is about answers and not figures."""
    node = check.condition
    try:
        return linear(Node("not", (node,), 0, node.start, node.end) if denied else node, _NOTHING)
    except NotLinear:
        return None
