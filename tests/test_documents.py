"""Documents that cannot lie: commands of the README run, and every code, command and option stands somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import Cchc
from renew_documents import MADE, RUN, with_commands_run, with_python_run

from cchc_excel import __version__
from cchc_excel.form import load_form
from cchc_excel.reporting.reference import all_codes

ROOT = Path(__file__).parent.parent
DOCUMENTS = "\n".join(path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", MADE)
def test_what_a_document_says_of_the_program_is_what_the_program_says(name: str) -> None:
    """After a change: `python tools/renew_documents.py`, and read what it changed."""
    text = (ROOT / name).read_text("utf-8")
    assert MADE[name](text) == text


def test_an_example_that_prints_something_else_is_seen() -> None:
    wrong = "```python\n>>> 1 + 1\n3\n>>> x = 4\n```\n\n```python\n>>> x\n```\n"
    assert with_python_run(wrong) == "```python\n>>> 1 + 1\n2\n>>> x = 4\n```\n\n```python\n>>> x\n4\n```\n"


def test_a_command_that_prints_something_else_is_seen() -> None:
    wrong = "```console\n$ cchc --version\n0.1\n```\n\n| In phiên bản | `cchc --version` | `0.1` |\n"
    right = f"cchc-excel {__version__}"
    again = with_commands_run(wrong)
    assert again == f"```console\n$ cchc --version\n{right}\n```\n\n| In phiên bản | `cchc --version` | `{right}` |\n"
    assert with_commands_run(again) == again


def test_every_command_in_the_table_for_officers_is_run() -> None:
    rows = re.findall(r"^\|.*`cchc .*$", (ROOT / "README.vi.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 10
    assert [row for row in rows if not RUN.fullmatch(row)] == []


@pytest.mark.parametrize("code", all_codes(load_form()))
def test_every_code_stands_in_the_documents(code: str) -> None:
    assert f"{code} ·" in DOCUMENTS


def test_the_main_job_of_the_readme_runs_on_the_shipped_example(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("README.md", "README.vi.md"):
        (line,) = re.findall(r"&& cchc (validate .*)$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        status, out, _ = cchc(*shlex.split(line))
        assert status == 0
        assert "Ghi 2%, nhưng 2/7 = 28,57%." in out
