"""A few mutated files of each kind, the same every time; CI tries others for three minutes (`python -m tests.fuzz`)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import mutated
from seeds import seeds
from targets import TooSlow, arrive


@pytest.mark.parametrize("name", seeds())
def test_each_seed_itself_arrives(name: str) -> None:
    arrive(name, seeds()[name])


@settings(max_examples=100, derandomize=True, database=None)
@given(mutated())
def test_a_mutated_file_is_read_or_refused_in_our_own_words(file: tuple[str, bytes]) -> None:
    arrive(*file)


@settings(max_examples=20, derandomize=True, database=None)
@given(st.binary(max_size=2000))
def test_so_is_any_sequence_of_bytes(data: bytes) -> None:
    arrive("any", data)


def test_a_defect_and_a_file_that_takes_too_long_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    import targets

    def broken(_: bytes) -> None:
        raise KeyError("1.4")

    monkeypatch.setattr(targets, "kind_of", broken)
    with pytest.raises(KeyError):
        arrive("xlsx", seeds()["xlsx"])
    monkeypatch.undo()
    monkeypatch.setattr(targets, "SECONDS", 0.0)
    with pytest.raises(TooSlow):
        arrive("csv", seeds()["csv"])
