"""The benchmarks are not timed here, but what they call must be there."""

from __future__ import annotations

import importlib
import importlib.util
import random
import sys
from pathlib import Path

import pytest

from cchc_excel.form import load_form

BENCHMARKS = sorted((Path(__file__).parent.parent / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda it: it.stem)
def test_a_benchmark_finds_all_that_it_uses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(path.parent), *sys.path])
    spec = importlib.util.spec_from_file_location(f"benchmark_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # where a dataclass looks for what its fields are
    spec.loader.exec_module(module)
    assert callable(module.main)


def test_a_mistake_of_each_kind_can_be_injected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    injection = importlib.import_module("injection")
    table = injection.run(2 * len(injection.INJECTORS), 1)
    assert {row["injected"] for row in table.values()} == {2}
    assert sum(row["wrong"] for row in table.values()) == 0


def test_suggestions_break_hardly_any_right_figure_and_leave_no_new_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    injection = importlib.import_module("injection")
    table = injection.run_suggested(40, 1)
    assert sum(row["new finding"] for row in table.values()) == 0
    assert sum(table[f"{mistakes} mistakes"]["broken"] for mistakes in (1, 2, 3)) <= 0.05 * 120


def test_an_earlier_report_at_hand_shows_some_of_what_one_form_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    injection = importlib.import_module("injection")
    chance, form = random.Random(1), load_form()
    spoilt = injection.mistaken_beside_earlier(chance, form, 1)
    hidden = spoilt._replace(figures={**spoilt.truth, "3.2.2": spoilt.truth["3.2.2"] + 40}, raws={})
    assert injection.outcome(hidden._replace(earlier=()), form, injection.Policy.SUGGESTED) == ["unnoticed"]
    assert injection.outcome(hidden, form, injection.Policy.SUGGESTED) != ["unnoticed"]


def test_hardly_any_honest_report_of_two_years_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    honest = importlib.import_module("honest")
    communes, reports_each = 50, 8
    found = honest.accused_in_two_years(communes, random.Random(1), load_form())
    assert found["forms"] <= communes * reports_each / 100


def test_among_twenty_honest_districts_hardly_a_unit_is_suspected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    honest = importlib.import_module("honest")
    found = honest.accused_between(20, random.Random(4), load_form())
    assert found.pop("(5000 surveys found)") == 20
    assert found.pop("(×10 found)") >= 18
    assert found["forms"] <= 1  # districts with any warning


def test_no_honest_form_is_accused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    honest = importlib.import_module("honest")
    assert honest.accused(300, random.Random(1), load_form()) == {}
