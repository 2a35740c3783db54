"""The command line, run in this process."""

from __future__ import annotations

import pytest

from cchc_excel.cli import app
from cchc_excel.commands.refusals import guarded


class Cchc:
    """Runs a command in this process; keeps its exit status and what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        words = [str(argument) for argument in arguments]
        status = guarded(lambda: app(words, standalone_mode=False), words)
        out, err = self.capsys.readouterr()
        return status, out, err
