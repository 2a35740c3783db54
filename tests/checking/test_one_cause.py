"""A figure that cannot be at all is told once: what only compares it with others is silent beside that."""

from __future__ import annotations

import pytest
from consistent import filled

from cchc_excel.checking import check
from cchc_excel.form import Severity, load_form
from cchc_excel.submission import Figure

FORM = load_form()


@pytest.mark.parametrize(
    "changes",
    [
        {"3.4.1": -3, "3.4.2": 2, "3.4": 67},  # beside it stood A02 and A05
        {"3.4": -3},  # A02
        {"1.4.1": -3},  # A01 and L04
        {"4.1.1": -4},  # L01, L32, L34 and L35
        {"1.5.1": -4},  # L07
    ],
    ids=str,
)
def test_a_negative_figure_is_one_error_whatever_it_contradicts(changes: dict[str, Figure | None]) -> None:
    found = check(filled(changes), FORM).findings
    told = [(it.code, it.indicators[0]) for it in found if it.severity is not Severity.INFO]
    assert told == [("T04", next(iter(changes)))]


def test_beside_a_negative_figure_other_figures_are_judged_as_ever() -> None:
    found = check(filled({"3.4.1": -3, "1.2": 3, "1.2.1": 20, "1.2.2": 5}), FORM).findings
    told = [(it.code, it.indicators[0]) for it in found if it.severity is not Severity.INFO]
    assert set(told) == {("A02", "1.2"), ("T04", "3.4.1")}


def test_a_percentage_above_100_is_told_though_its_component_is_negative() -> None:
    found = check(filled({"3.4.1": -3, "3.4.2": 2, "3.4": 6140}), FORM).findings
    told = [(it.code, it.indicators[0]) for it in found if it.severity is not Severity.INFO]
    assert set(told) == {("T04", "3.4.1"), ("T05", "3.4")}
