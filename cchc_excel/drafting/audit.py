"""The checks of a form against each other: can all hold at once, does one say only what others say, do they fix a row?

A check is read as linear constraints; the exact solver of `localise` says whether they can stand together. An answer is
its place among the options. What a check asks of blanks is left out, and so is what is not linear.

In:     a form.
Out:    its mistakes, each at the line of the check to look at, with the least set of checks that makes it one.
Never:  says that a check is needless while the solver could not decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from cchc_excel.codes import CODES
from cchc_excel.correcting.locate import answers_of, relations_of, variable_of
from cchc_excel.errors import Mistake
from cchc_excel.form import Check, Form, Severity
from cchc_excel.form.language import Node, Record, prose
from cchc_excel.form.language.linear import Alternatives, NotLinear, linear, numbered
from cchc_excel.form.lines import Line
from cchc_excel.form.period import ALWAYS
from cchc_excel.localise import Relation, Undecided, Variable, feasible, possible_range


class Audit:
    """The linear checks of one form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._answers = answers_of(form)
        # of no cell it is known whether it is filled: a check that asks that is not read as linear
        self._record = Record({}, unread=frozenset(form.entry_ids))
        self._variables = {row.id: variable_of(row, self._record, form) for row in form.entries}
        self._relations: dict[tuple[int, bool], list[Relation]] = {}
        self.checks: list[Check] = []
        for check in form.checks:
            if check.texts or CODES[check.code].heard_by_solver:
                self._add(check)

    def _add(self, check: Check) -> None:
        """Keep a check and its denial as relations, if both can be said as linear constraints."""
        condition = self._linear(check.condition)
        denial = self._linear(_denied(check.condition))
        if condition is None or denial is None:
            return
        self._relations[id(check), False] = list(relations_of(check, condition, self._record, self._form))
        self._relations[id(check), True] = list(relations_of(check, denial, self._record, self._form))
        self.checks.append(check)

    def relations(self, check: Check, *, denied: bool = False) -> list[Relation]:
        """The check, or its denial, as relations."""
        return self._relations[id(check), denied]

    def stands(self, relations: Sequence[Relation]) -> bool:
        """Whether there may be figures that satisfy all of these."""
        try:
            return feasible({}, self._of(relations), list(relations)) is not None
        except Undecided:
            return True

    def mistakes(self, file: str) -> Iterator[Mistake]:
        """Checks that can never hold, that contradict each other, or say what others imply; rows that they fix."""
        impossible = [check for check in self.checks if not self.stands(self.relations(check))]
        for check in impossible:
            yield _mistake(file, check, "contradiction", codes=check.code)
        contradicting = list(self._contradicting()) if not impossible else []
        for guilty in contradicting:
            codes = ", ".join(check.code for check in guilty)
            yield _mistake(file, guilty[-1], "contradiction", codes=codes)
        if impossible or contradicting:
            return  # from what cannot be, everything follows
        yield from self._contradicting_somewhere(file)
        yield from (mistake for mistake in self._needless(file) if mistake.kind == "implied")
        yield from self._fixed(file)

    def remarks(self, file: str) -> Iterator[Mistake]:
        """Checks that several others imply together: needless where all rows are filled, of use where one is blank."""
        yield from (mistake for mistake in self._needless(file) if mistake.kind == "implied_together")

    # --- what cannot stand together

    def _contradicting(self) -> Iterator[list[Check]]:
        """Errors that cannot hold together, whatever the figures; of rules for other periods each time by itself."""
        errors = [check for check in self.checks if check.severity is Severity.ERROR]
        already_yielded: list[list[Check]] = []
        for when in dict.fromkeys(check.when for check in self.checks):
            in_force = [check for check in errors if check.when in {ALWAYS, when}]
            if self.stands(self._all(in_force)):
                continue
            guilty = self._least(in_force, self._refuting([]))
            # rules of all times that contradict each other do so in each of the times
            if guilty not in already_yielded:
                already_yielded.append(guilty)
                yield guilty

    def _contradicting_somewhere(self, file: str) -> Iterator[Mistake]:
        """Implications of which the premise, possible by itself, is made impossible: there the checks contradict."""
        for check in self.checks:
            if not check.texts or check.condition.op != "=>":
                continue
            premise = check.condition.args[0]
            assumed = self._relations_of(check, premise)
            assumed_and_check = [*assumed, *self.relations(check)]
            others = self._beside(check, assumed_and_check)
            if not assumed or not self.stands([*assumed, *self._all(others)]):
                continue
            if self.stands([*assumed_and_check, *self._all(others)]):
                continue
            least = self._least(others, self._refuting(assumed_and_check))
            codes = _codes([check, *least])
            yield _mistake(file, check, "contradiction_where", codes=codes, where=prose(premise, "vi"))

    # --- what is said already

    def _needless(self, file: str) -> Iterator[Mistake]:
        """Checks of the form that the others imply together; of two that say the same, the later one."""
        left_out: set[int] = set()  # by identity: to compare two checks by what they say takes long
        for check in reversed(self.checks):
            denial = self.relations(check, denied=True)
            if not check.texts or not denial:
                continue
            if not self.stands(denial):
                # no figures at all deny it: it needs no other check to be implied
                yield _mistake(file, check, "implied", code=check.code, by="0 ≤")
                left_out.add(id(check))
                continue
            # what is only unlikely beside what cannot be: the graver check still says more
            others = [
                other
                for other in self._beside(check, denial)
                if other.severity.rank >= check.severity.rank and id(other) not in left_out
            ]
            if self.stands([*denial, *self._all(others)]):
                continue
            least = self._least(others, self._refuting(denial))
            if not self.stands(self._all(least)):
                continue  # from what contradicts itself everything follows
            kind = "implied" if len(least) < 2 else "implied_together"
            yield _mistake(file, check, kind, code=check.code, by=_named(least))
            left_out.add(id(check))

    # --- what is fixed

    def _fixed(self, file: str) -> Iterator[Mistake]:
        """Rows that can take one value only, whatever all others are."""
        asked = [check for check in self.checks if check.texts and check.severity is Severity.ERROR]
        for key in dict.fromkeys(key for check in asked for key in check.involved):
            row = self._form[key]
            if row.kind.is_text and len(row.options) < 2:
                continue
            first = next(check for check in asked if key in check.involved)
            related = self._beside(None, self.relations(first))
            errors = [check for check in related if check.severity is Severity.ERROR]
            value = self._only_value(key, errors)
            if value is None:
                continue
            least = self._least(errors, self._fixing(key))
            last = least[-1] if least else first
            yield _mistake(file, last, "fixed", codes=_codes(least), id=key, value=value)

    def _only_value(self, key: str, checks: Iterable[Check]) -> str | None:
        """The one value that a row can take, shown; None if there are several, or it could not be decided."""
        relations = self._all(checks)
        if not any(key in relation.ids for relation in relations):
            return None
        try:
            found = possible_range(key, {}, self._of(relations), relations)
        except Undecided:
            return None
        if found is None:
            return None
        least, most = found
        if least is None or least != most:
            return None
        options = list(self._form[key].options)
        return options[int(least)] if options else str(least)

    # --- how it is asked

    def _of(self, relations: Iterable[Relation]) -> list[Variable]:
        """The variables that these relations speak of."""
        keys = {key for relation in relations for key in relation.ids}
        return [variable for key, variable in self._variables.items() if key in keys]

    def _all(self, checks: Iterable[Check]) -> list[Relation]:
        """The relations of all these checks."""
        return [relation for check in checks for relation in self.relations(check)]

    def _beside(self, check: Check | None, relations: Iterable[Relation]) -> list[Check]:
        """The checks of the same time that hang together with these relations, through any number of rows."""
        times = {ALWAYS} if check is None else {ALWAYS, check.when}
        candidates = [other for other in self.checks if other is not check and other.when in times]
        reached = {key for relation in relations for key in relation.ids}
        joined: set[int] = set()  # by identity: two checks of one sentence are two
        grew = True
        while grew:
            grew = False
            for other in candidates:
                if id(other) not in joined and not reached.isdisjoint(other.involved):
                    joined.add(id(other))
                    reached.update(other.involved)
                    grew = True
        return [other for other in candidates if id(other) in joined]

    def _least(self, checks: Sequence[Check], suffice: Callable[[list[Check]], bool]) -> list[Check]:
        """As few of the checks as still suffice, of which every one is needed."""
        kept = list(checks)
        for check in checks:
            without = [other for other in kept if other is not check]
            if suffice(without):
                kept = without
        return kept

    def _refuting(self, relations: Sequence[Relation]) -> Callable[[list[Check]], bool]:
        """Whether checks leave no figures that satisfy these relations too."""
        return lambda kept: not self.stands([*relations, *self._all(kept)])

    def _fixing(self, key: str) -> Callable[[list[Check]], bool]:
        """Whether checks leave a row one value only."""
        return lambda kept: self._only_value(key, kept) is not None

    def _relations_of(self, check: Check, condition: Node) -> list[Relation]:
        """A condition within a check as relations; none where it is not linear."""
        alternatives = self._linear(condition)
        if alternatives is None:
            return []
        return list(relations_of(check, alternatives, self._record, self._form))

    def _linear(self, node: Node) -> Alternatives | None:
        """A condition as linear constraints; None where it cannot be said so, or asks what is filled."""
        try:
            return linear(numbered(node, self._answers), self._record)
        except NotLinear:
            return None


def _denied(node: Node) -> Node:
    return Node("not", (node,), 0, node.start, node.end)


def _codes(checks: Iterable[Check]) -> str:
    return ", ".join(dict.fromkeys(check.code for check in checks))


def _named(checks: Iterable[Check]) -> str:
    return ", ".join(dict.fromkeys(f"{check.code} ({check.target})" for check in checks))


def _mistake(file: str, check: Check, kind: str, **facts: str) -> Mistake:
    """A mistake where the check stands: in `file`, or in that of the form which this one extends."""
    where = check.line.file if isinstance(check.line, Line) else file
    return Mistake(where, int(check.line), kind, tuple(facts.items()))
