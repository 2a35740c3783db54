"""What is wrong in a form's files is collected once, in order, however much of it there is."""

from __future__ import annotations

import pytest

from cchc_excel.errors import Mistake
from cchc_excel.form.lines import Mistakes


def test_mistakes_are_told_once_and_in_the_order_of_finding() -> None:
    mistakes = Mistakes("form.yaml")
    for line in (7, 3, 7):
        mistakes.add(line, "unknown_field", name="kind")
    assert [it.line for it in mistakes.found] == [7, 3]


def test_a_mistake_is_not_compared_with_all_that_were_found_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def equal(one: Mistake, other: object) -> bool:
        compared.append(one.line)
        return isinstance(other, Mistake) and (one.line, one.kind) == (other.line, other.kind)

    monkeypatch.setattr(Mistake, "__eq__", equal)
    mistakes = Mistakes("form.yaml")
    for line in range(1000):
        mistakes.add(line, "unknown_field", name="kind")
    assert len(mistakes.found) == 1000
    assert len(compared) < 1000
