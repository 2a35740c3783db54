"""The standard form's own checks as a whole: they can all hold at once, and none says only what another says."""

from __future__ import annotations

from itertools import permutations

import pytest

from cchc_excel.correcting.locate import _relations, _variable
from cchc_excel.expression import Node, Record
from cchc_excel.expression.linear import FALSE, Alternatives, NotLinear, linear
from cchc_excel.form import Check, Severity, load_form
from cchc_excel.localise import Relation, feasible

FORM = load_form()
NOTHING = Record({})
VARIABLES = [_variable(row, NOTHING) for row in FORM.entries if row.kind.is_number]
WITHIN = [one for one in FORM.checks if one.texts or one.code in {"A01", "A05"}]


def said(check: Check, *, denied: bool = False) -> Alternatives | None:
    """The check as linear constraints, or their denial; None where it is about answers and not figures."""
    node = check.condition
    try:
        return linear(Node("not", (node,), 0, node.start, node.end) if denied else node, NOTHING)
    except NotLinear:
        return None


def relations(check: Check, alternatives: Alternatives) -> list[Relation]:
    return list(_relations(check, alternatives, NOTHING))


LINEAR = [one for one in WITHIN if said(one) is not None and said(one, denied=True) is not None]


def stands(*of: Relation) -> bool:
    names = {name for one in of for name in one.ids}
    return feasible({}, [it for it in VARIABLES if it.id in names], list(of)) is not None


def test_most_checks_are_among_those_compared() -> None:
    assert len([one for one in LINEAR if one.texts]) >= 30


def test_all_checks_of_severity_error_can_hold_at_once() -> None:
    every = [it for one in LINEAR if one.severity is Severity.ERROR for it in relations(one, said(one) or FALSE)]
    assert stands(*every)


@pytest.mark.parametrize("check", [one for one in LINEAR if one.texts], ids=lambda one: one.code)
def test_a_check_can_hold_and_can_fail(check: Check) -> None:
    assert stands(*relations(check, said(check) or FALSE))
    assert stands(*relations(check, said(check, denied=True) or FALSE))


def test_no_check_is_implied_by_a_single_other() -> None:
    implied = []
    for one, other in permutations(LINEAR, 2):
        if not set(one.involved) & set(other.involved):
            continue
        both = [*relations(one, said(one) or FALSE), *relations(other, said(other, denied=True) or FALSE)]
        if not stands(*both):
            implied.append((one.code, one.target, other.code, other.target))
    assert implied == []
