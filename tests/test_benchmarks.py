"""The benchmarks are not timed here, but what they call must be there."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARKS = sorted((Path(__file__).parent.parent / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda it: it.stem)
def test_a_benchmark_finds_all_that_it_uses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(path.parent), *sys.path])
    spec = importlib.util.spec_from_file_location(f"benchmark_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.main)


def test_a_mistake_of_each_kind_can_be_injected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS[0].parent), *sys.path])
    injection = importlib.import_module("injection")
    table = injection.run(2 * len(injection.INJECTORS), 1)
    assert {row["injected"] for row in table.values()} == {2}
    assert sum(row["wrong"] for row in table.values()) == 0
