"""The standard form's own checks as a whole: they can all hold at once, and none says only what another says."""

from __future__ import annotations

import pytest

from cchc_excel.drafting.audit import Audit
from cchc_excel.form import Check, load_form

FORM = load_form()
AUDIT = Audit(FORM)


def test_most_checks_are_among_those_compared() -> None:
    assert len([one for one in AUDIT.checks if one.texts]) >= 30


@pytest.mark.parametrize("check", [one for one in AUDIT.checks if one.texts], ids=lambda one: one.code)
def test_a_check_can_hold_and_can_fail(check: Check) -> None:
    assert AUDIT.stands(AUDIT.relations(check))
    assert AUDIT.stands(AUDIT.relations(check, denied=True))


def test_no_check_contradicts_or_repeats_the_others() -> None:
    assert list(AUDIT.mistakes("checks.yaml")) == []
