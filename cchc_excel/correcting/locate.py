"""Which entries of a submission must be wrong, so that all the others can stand (Fellegi and Holt).

In:     a submission and its form: the checks of severity error, read as linear constraints.
Out:    for each independent contradiction its checks, and all the cheapest sets of entries to doubt.

The tolerance of a percentage is its check's own, so what is accepted is never blamed. A derived
entry (percentage, total) is cheaper to doubt than a counted one, unless the form says what a row costs, or that it is
never doubted. An answer is an unknown like a figure: its place among the options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from cchc_excel.checking import record_of
from cchc_excel.finding import Suspects
from cchc_excel.form import Check, Form, Indicator, Kind, Missing, Scope, Severity
from cchc_excel.form.language import Agreement, Record, agreement
from cchc_excel.form.language.linear import Alternatives, LinearAtom, NotLinear, RatioAtom, linear, numbered
from cchc_excel.localise import Disjunction, Group, Linear, Localisation, Ratio, Relation, Variable, deduce, localise
from cchc_excel.submission import Figure, Submission

DERIVED_WEIGHT, COUNTED_WEIGHT = 2, 3  # a percentage is typed after its counts, from a calculator


class Contradiction(NamedTuple):
    """Checks, by code and target, that have to be explained together, and which entries may be wrong."""

    checks: frozenset[tuple[str, str]]
    suspects: Suspects


def contradictions(submission: Submission, form: Form) -> tuple[Contradiction, ...]:
    """Return the contradictions of a submission that some entries can explain."""
    check_of = {relation.id: check for check, relation in _heard(form, record_of(submission, form))}
    found = []
    for group in located(submission, form).groups:
        checks = frozenset((check_of[name].code, check_of[name].target) for name in group.failing)
        if group.sets or not group.complete:
            found.append(Contradiction(checks, _suspects(group, submission)))
    return tuple(found)


def _suspects(group: Group, submission: Submission) -> Suspects:
    """A set of as many entries as `least` costs no more than all of them counted ones: fewer would be cheaper still."""
    least = ceil(Fraction(group.cost or 0) / COUNTED_WEIGHT) if group.complete else 1
    names = dict.fromkeys(name for one in group.sets for name in one)
    return Suspects(group.sets, least, group.complete, {name: submission.entries[name].cell for name in names})


def located(submission: Submission, form: Form) -> Localisation:
    """Return every cheapest set of entries whose change lets the rest stand, per independent contradiction."""
    record = record_of(submission, form)
    values, variables = _unknowns(submission, form, record)
    return localise(values, variables, [relation for _, relation in _heard(form, record)])


def _unknowns(
    submission: Submission, form: Form, record: Record
) -> tuple[dict[str, int | Fraction | None], list[Variable]]:
    rows = [row for row in form.entries if row.id in submission.entries and row.id not in record.unread]
    return {row.id: _value(record, row) for row in rows}, [variable_of(row, record, form) for row in rows]


def _value(record: Record, row: Indicator) -> int | Fraction | None:
    """A figure, or the place of an answer among the options."""
    value = record.values.get(row.id)
    if isinstance(value, str):
        return list(row.options).index(value) if value in row.options else None
    return value


def _number(record: Record, key: str) -> int | Fraction | None:
    value = record.values.get(key)
    return None if isinstance(value, str) else value


def variable_of(row: Indicator, record: Record, form: Form) -> Variable:
    """The row as an unknown of the solver, with the cost of doubting it, and its domain as far as that is an error."""
    # a percentage with decimals was calculated, from the figures as they were then: as good a witness as a count
    derived = len(row.total_of) > 1 or (row.part is not None and not record.decimals.get(row.id))
    weight = row.doubt or (DERIVED_WEIGHT if derived else COUNTED_WEIGHT)
    if row.kind.is_text:
        return Variable(row.id, True, 0, len(row.options) - 1, weight, row.fixed)
    is_whole = row.kind is Kind.COUNT and _is_error(form, "T03")
    lower = 0 if _is_error(form, "T04") and not row.negative else None
    upper = 100 if row.kind is Kind.PERCENT and not row.may_exceed and _is_error(form, "T05") else None
    return Variable(row.id, is_whole, lower, upper, weight, row.fixed)


def _is_error(form: Form, code: str) -> bool:
    return form.severity_of(code) is Severity.ERROR


def deduced(submission: Submission, form: Form) -> Mapping[str, Figure]:
    """Return the blanks that can be one thing only, by the errors and by what two rows have in common.

    An equation that only warns is as good a reason to propose a figure as one that must hold, but no constraint.
    """
    record = record_of(submission, form)
    values, variables = _unknowns(submission, form, record)
    relations = [relation for _, relation in _heard(form, record, with_equations=True)]
    found = deduce(values, variables, relations)
    return {key: _shown(form[key], value) for key, value in found.items()}


def _shown(row: Indicator, value: Fraction) -> Figure:
    if row.kind.is_text:
        return list(row.options)[int(value)]
    return int(value) if value.denominator == 1 else value


def _heard(form: Form, record: Record, *, with_equations: bool = False) -> Iterator[tuple[Check, Relation]]:
    """Yield the error checks that can be said as constraints; those over an unread cell are not applied."""
    answers = answers_of(form)
    for check in form.checks:
        is_equation = with_equations and check.condition.op == "=="
        if check.scope is not Scope.NONE or not (check.reported_severity is Severity.ERROR or is_equation):
            continue
        if not form.is_heard_by_solver(check.code):
            continue
        if check.missing is not Missing.SKIP_IF_ANY or any(key in record.unread for key in check.involved):
            continue
        if not check.is_asked(record):
            continue
        try:
            alternatives = linear(numbered(check.condition, answers), record)
        except NotLinear:
            continue
        yield from ((check, relation) for relation in relations_of(check, alternatives, record, form))


def answers_of(form: Form) -> Mapping[str, tuple[str, ...]]:
    """The answers that each question takes."""
    return {row.id: tuple(row.options) for row in form.entries if row.kind.is_text}


def relations_of(check: Check, alternatives: Alternatives, record: Record, form: Form) -> Iterator[Relation]:
    """A check's linear reading as relations of the solver, named by its code and target."""
    name = f"{check.code} {check.target}"
    if len(alternatives) == 1:
        for number, atom in enumerate(alternatives[0]):
            if isinstance(atom, RatioAtom):
                yield _ratio(name, atom, record, form)
            else:
                yield _linear(f"{name} {number}", atom)
        return
    if any(isinstance(atom, RatioAtom) for option in alternatives for atom in option):
        return  # a percentage inside an "or": no form has one, and the evaluator still judges it
    options = [[atom for atom in option if isinstance(atom, LinearAtom)] for option in alternatives]
    if options:
        yield Disjunction(name, tuple(tuple(_linear(name, atom) for atom in option) for option in options))


def _ratio(name: str, atom: RatioAtom, record: Record, form: Form) -> Ratio:
    """Half of the last written decimal; a whole one where the percentage is merely cut off (A03), which only warns.

    Where a form takes that for an error, it is one here, too; and so is a percentage over a whole of 0 (A04).
    """
    written, part, whole = (_number(record, key) for key in (atom.percentage, atom.part, atom.whole))
    decimals = record.decimals.get(atom.percentage, 0)
    tolerance = Fraction(1, 2 * 10 ** min(decimals, 6))
    if written is not None and part is not None and whole:
        is_cut = agreement(written, decimals, part, whole) is Agreement.TRUNCATED
        tolerance *= 2 if is_cut and not _is_error(form, "A03") else 1
    return Ratio(name, atom.percentage, atom.part, atom.whole, tolerance, blank_at_zero=_is_error(form, "A04"))


def _linear(name: str, atom: LinearAtom) -> Linear:
    bound = -atom.form.constant
    coefficients = dict(atom.form.coefficients)
    match atom.sign:
        case "==":
            return Linear(name, coefficients, bound, bound)
        case "<=" | "<":
            return Linear(name, coefficients, None, bound, strict_upper=atom.sign == "<")
        case _:
            return Linear(name, coefficients, bound, None, strict_lower=atom.sign == ">")
