"""requirements.txt names, with hashes and no address, what the package needs to run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "requirements.txt").read_text("utf-8")
ENTRIES = [entry for entry in re.split(r"(?m)^(?=[a-z])", TEXT) if not entry.startswith("#")]
NAMED = [Requirement(entry.split("\\")[0]) for entry in ENTRIES]
NEEDED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]


@pytest.mark.parametrize("needed", NEEDED)
def test_what_the_package_needs_is_named_at_a_version_that_it_allows(needed: str) -> None:
    """After a change of the dependencies: the command on the second line of requirements.txt."""
    wanted = Requirement(needed)
    found = [it for it in NAMED if canonicalize_name(it.name) == canonicalize_name(wanted.name)]
    assert found
    for it in found:
        (exact,) = it.specifier
        assert exact.operator == "=="
        assert wanted.specifier.contains(exact.version)


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_file_is_known_by_its_hash(entry: str) -> None:
    lines = [line.strip(" \\") for line in entry.strip().splitlines()[1:]]
    assert lines
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in lines)


def test_no_address_stands_in_it() -> None:
    assert not re.search(r"://|index-url|find-links", TEXT.replace("--no-emit-index-url", ""))
