"""Documents that cannot lie: commands of the README run, and every code, command and option stands somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import Cchc

import cchc_excel
from cchc_excel.form import load_form
from cchc_excel.reporting.reference import all_codes, reference
from cchc_excel.wording import words

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = "\n".join(path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_the_reference_of_rules_is_the_one_the_program_prints() -> None:
    assert (ROOT / "docs/rules.md").read_text("utf-8") == reference(load_form(), words("vi"))


@pytest.mark.parametrize("code", all_codes(load_form()))
def test_every_code_stands_in_the_documents(code: str) -> None:
    assert f"{code} ·" in DOCUMENTS


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    (command,) = re.findall(r"^python -m pip install .*pytest.*$", README, re.MULTILINE)
    assert command in (ROOT / ".ci/run").read_text("utf-8").splitlines()


def test_the_main_job_of_the_readme_runs_on_the_shipped_example(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("README.md", "README.vi.md"):
        (line,) = re.findall(r"&& cchc (validate .*)$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        status, out, _ = cchc(*shlex.split(line))
        assert status == 0
        assert "Ghi 2%, nhưng 2/7 = 28,57%." in out


@pytest.mark.parametrize("command", ["validate", "correct", "diff", "inspect", "explain", "rules", "template"])
def test_every_command_stands_in_both_readmes(command: str) -> None:
    assert f"cchc {command}" in README


@pytest.mark.parametrize("name", cchc_excel.__all__)
def test_every_public_name_can_be_had_and_has_a_docstring(name: str) -> None:
    assert getattr(cchc_excel, name).__doc__
    assert len(cchc_excel.__all__) <= 20
