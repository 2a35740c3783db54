"""What is wrong in a form's files is collected once, in order, however much of it there is."""

from __future__ import annotations

import pytest

from cchc_excel.errors import Mistake
from cchc_excel.form.lines import Fields, Located, Mistakes


def test_mistakes_are_told_once_and_in_the_order_of_finding() -> None:
    mistakes = Mistakes("form.yaml")
    for line in (7, 3, 7):
        mistakes.add(line, "unknown_field", name="kind")
    assert [it.line for it in mistakes.found] == [7, 3]


def test_unknown_fields_are_told_in_the_order_of_the_file() -> None:
    mistakes = Mistakes("form.yaml")
    names = {"zeta": 1, "label": 2, "beta": 3, "alfa": 4, "delta": 5, "kapa": 6, "eta": 7}
    written = {name: Located("x", line) for name, line in names.items()}
    Fields(Located(written, 1), mistakes, frozenset({"label"}))
    assert [mistake.line for mistake in mistakes.found] == [1, 3, 4, 5, 6, 7]


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
