"""What is read of disordered workbooks: right, or told to be in doubt, and never wrong without a word."""

from __future__ import annotations

import importlib
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from disorders import DISORDERS, in_order
from sent_files import CANNOT_SAY, KINDS

from cchc_excel.form import load_form

FORM = load_form()


@pytest.fixture
def disorder(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[2] / "benchmarks"), *sys.path])
    return importlib.import_module("disorder")


def silently_wrong(disorder: Any, made: Any) -> list[Any]:
    return [(made.kind, made.disorders, read) for read in made.reads if read.outcome == disorder.SILENT]


@pytest.mark.parametrize("name", DISORDERS)
def test_no_disorder_alone_makes_a_figure_wrong_without_a_word(name: str, disorder: Any) -> None:
    kinds = [kind for kind in KINDS if name not in CANNOT_SAY[kind]]
    place = list(KINDS).index(random.Random(name).choice(kinds))
    made = disorder.trial(place + 5 * len(name), FORM, only=[name])
    assert silently_wrong(disorder, made) == []


def test_several_disorders_together_make_no_figure_wrong_without_a_word(disorder: Any) -> None:
    made = list(disorder.trials(3_000, 7, FORM))
    assert [wrong for it in made for wrong in silently_wrong(disorder, it)] == []
    found = disorder.counts(made)
    assert found[disorder.RIGHT] >= 0.97 * sum(found.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_in_order_is_read_whole_in_every_kind_of_file(kind: str, disorder: Any) -> None:
    seed = list(KINDS).index(kind)
    made = disorder.trial(seed, FORM, only=["blank_rows"])
    assert {read.outcome for read in made.reads} == {disorder.RIGHT}


def test_there_are_enough_disorders_and_each_changes_something() -> None:
    assert len(DISORDERS) >= 45
    for name, change in DISORDERS.items():
        tried = (change(random.Random(seed), in_order(random.Random(seed), FORM)) for seed in range(40))
        assert any(tried), name
