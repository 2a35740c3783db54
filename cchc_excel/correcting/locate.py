"""Which entries of a submission must be wrong, so that all the others can stand: error localisation.

Source: I. P. Fellegi, D. Holt, A systematic approach to automatic edit and imputation, JASA 71, 1976.

In:     a submission and its form: the checks of severity error, read as linear constraints.
Out:    for each independent contradiction its checks, and all the cheapest sets of entries to doubt.

The tolerance of a percentage is its check's own, so what is accepted is never blamed. A derived
entry (percentage, total) is cheaper to doubt than a counted one, unless the form says what a row costs, or that it is
never doubted. An answer is an unknown like a figure: its place among the options.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from cchc_excel.checking import record_of
from cchc_excel.correcting.digits import Number
from cchc_excel.correcting.rates import rate_in
from cchc_excel.finding import Suspects
from cchc_excel.form import Check, Form, Indicator, Kind, Missing, Scope, Severity
from cchc_excel.form.language import Agreement, Record, agreement, as_number
from cchc_excel.form.language.agreement import half_step
from cchc_excel.form.language.linear import Alternatives, LinearAtom, NotLinear, RatioAtom, linear, numbered
from cchc_excel.localise import Disjunction, Group, Linear, Localisation, Ratio, Relation, Variable, deduce, localise
from cchc_excel.submission import Figure, Submission

DERIVED_WEIGHT, COUNTED_WEIGHT = 2, 3  # a percentage is typed after its counts, from a calculator


class Contradiction(NamedTuple):
    """Checks, by code and target, that have to be explained together, and which entries may be wrong."""

    checks: frozenset[tuple[str, str]]
    suspects: Suspects


class _Constraint(NamedTuple):
    """A check with one of the relations that the solver hears of it."""

    check: Check
    relation: Relation


class _Unknowns(NamedTuple):
    """What the solver may change: the values as they stand, by entry, and what each may become."""

    values: Mapping[str, Number | None]
    variables: Sequence[Variable]


def contradictions(submission: Submission, form: Form) -> tuple[Contradiction, ...]:
    """Return the contradictions of a submission that some entries can explain, or may where the work ran out."""
    constraints = _constraints(form, record_of(submission, form))
    check_of = {constraint.relation.id: constraint.check for constraint in constraints}
    found = []
    for group in located(submission, form).groups:
        failing_checks = [check_of[name] for name in group.failing]
        if group.sets or not group.complete:
            places = frozenset((check.code, check.target) for check in failing_checks)
            found.append(Contradiction(places, _suspects(group, submission)))
    return tuple(found)


def _suspects(group: Group, submission: Submission) -> Suspects:
    """The entries that may be wrong, and how many are wrong at least.

    As many counted entries as `least` cost no less than the cheapest set: fewer entries would be cheaper still.
    """
    least = ceil(Fraction(group.cost or 0) / COUNTED_WEIGHT) if group.complete else 1
    names = dict.fromkeys(name for cheapest in group.sets for name in cheapest)
    cells = {name: submission.entries[name].cell for name in names}
    return Suspects(group.sets, least, group.complete, cells)


def located(submission: Submission, form: Form) -> Localisation:
    """Return every cheapest set of entries whose change lets the rest stand, per independent contradiction."""
    record = record_of(submission, form)
    unknowns = _unknowns(submission, form, record)
    relations = [constraint.relation for constraint in _constraints(form, record)]
    return localise(unknowns.values, unknowns.variables, relations)


def _unknowns(submission: Submission, form: Form, record: Record) -> _Unknowns:
    """The entries of a submission as unknowns, but for those that could not be read."""
    rows = [row for row in form.entries if row.id in submission.entries and row.id not in record.unread]
    values = {row.id: _value(record, row) for row in rows}
    return _Unknowns(values, [variable_of(row, record, form) for row in rows])


def _value(record: Record, row: Indicator) -> Number | None:
    """A figure, or the place of an answer among the options."""
    value = record.values.get(row.id)
    if isinstance(value, str):
        return list(row.options).index(value) if value in row.options else None
    return value


def variable_of(row: Indicator, record: Record, form: Form) -> Variable:
    """Return the row as an unknown of the solver, with the cost of doubting it.

    Its domain is bounded as far as it is an error to leave it.
    """
    is_total = len(row.total_of) > 1
    # a percentage with decimals was calculated, from the figures as they were then: as good a witness as a count
    is_round_rate = row.part is not None and not record.decimals.get(row.id)
    weight = row.doubt or (DERIVED_WEIGHT if is_total or is_round_rate else COUNTED_WEIGHT)
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
    unknowns = _unknowns(submission, form, record)
    relations = [constraint.relation for constraint in _constraints(form, record, with_equations=True)]
    found = deduce(unknowns.values, unknowns.variables, relations)
    return {key: _shown(form[key], value) for key, value in found.items()}


def _shown(row: Indicator, value: Fraction) -> Figure:
    """A value of the solver as the row holds it: a figure, or the answer that stands there among the options."""
    return list(row.options)[int(value)] if row.kind.is_text else as_number(value)


def _constraints(form: Form, record: Record, *, with_equations: bool = False) -> Iterator[_Constraint]:
    """Yield the error checks that can be said as constraints; those over an unread cell are not applied."""
    answers = answers_of(form)
    for check in form.checks:
        if not _is_heard(check, form, with_equations=with_equations) or not _is_applied(check, record):
            continue
        try:
            alternatives = linear(numbered(check.condition, answers), record)
        except NotLinear:
            continue
        for relation in relations_of(check, alternatives, record, form):
            yield _Constraint(check, relation)


def _is_heard(check: Check, form: Form, *, with_equations: bool) -> bool:
    """Whether the solver hears of a check: of an error within one report, and perhaps of an equation that warns."""
    is_error = check.reported_severity is Severity.ERROR
    is_equation = with_equations and check.condition.op == "=="
    return check.scope is Scope.NONE and (is_error or is_equation) and form.is_heard_by_solver(check.code)


def _is_applied(check: Check, record: Record) -> bool:
    """Whether a blank means to the check what it means to the solver, and all that is filled could be read."""
    if check.missing is not Missing.SKIP_IF_ANY or not check.is_asked(record):
        return False
    return not any(key in record.unread for key in check.involved)


def answers_of(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the answers that each question takes, by its id."""
    return {row.id: tuple(row.options) for row in form.entries if row.kind.is_text}


def relations_of(check: Check, alternatives: Alternatives, record: Record, form: Form) -> Iterator[Relation]:
    """Yield a check's linear reading as relations of the solver, named by its code and target."""
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
    options = tuple(_conjunction(name, option) for option in alternatives)
    if options:
        yield Disjunction(name, options)


def _conjunction(name: str, option: Iterable[LinearAtom | RatioAtom]) -> tuple[Linear, ...]:
    """One side of an "or", all of which has to hold."""
    return tuple(_linear(name, atom) for atom in option if isinstance(atom, LinearAtom))


def _ratio(name: str, atom: RatioAtom, record: Record, form: Form) -> Ratio:
    """A percentage with its tolerance: half of the last written decimal.

    A whole decimal is tolerated where the percentage is merely cut off (A03), which only warns. Where a form takes that
    for an error, it is one here, too; and so is a percentage over a whole of 0 (A04).
    """
    tolerance = half_step(record.decimals.get(atom.percentage, 0))
    if _is_cut_off(atom, record) and not _is_error(form, "A03"):
        tolerance *= 2
    return Ratio(name, atom.percentage, atom.part, atom.whole, tolerance, blank_at_zero=_is_error(form, "A04"))


def _is_cut_off(atom: RatioAtom, record: Record) -> bool:
    """Whether a percentage was cut off instead of rounded."""
    rate = rate_in(record, atom.percentage, atom.part, atom.whole)
    return rate is not None and rate.whole != 0 and agreement(*rate) is Agreement.TRUNCATED


def _linear(name: str, atom: LinearAtom) -> Linear:
    """A comparison of a sum with 0, its constant brought to the other side."""
    bound = -atom.form.constant
    coefficients = dict(atom.form.coefficients)
    match atom.sign:
        case "==":
            return Linear(name, coefficients, bound, bound)
        case "<=" | "<":
            return Linear(name, coefficients, None, bound, strict_upper=atom.sign == "<")
        case _:
            return Linear(name, coefficients, bound, None, strict_lower=atom.sign == ">")
