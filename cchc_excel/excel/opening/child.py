"""A program of our own asked in a child process, within limits of time and memory; it may die without harm to us."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from cchc_excel.errors import WorkbookTooLarge

SECONDS = 10
MEMORY = 512 * 2**20  # bytes for the child


def asked(module: str, data: bytes, *arguments: str) -> Any:
    """Return what a module's `answering` makes of the data. Raises WorkbookTooLarge past the limits."""
    command = [sys.executable, "-m", module, str(MEMORY), *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise WorkbookTooLarge("time") from error
    if done.returncode != 0:
        raise WorkbookTooLarge("memory")
    return json.loads(done.stdout)


def as_number(raw: float) -> int | float:
    """A number that the child sent as a cell holds it: a whole one is an integer."""
    return int(raw) if raw.is_integer() and abs(raw) < 2**53 else raw


def answering(work: Callable[..., Any]) -> None:
    """In the child: answer once, on stdout."""
    memory, *arguments = sys.argv[1:]
    _limit(int(memory))
    print(json.dumps(work(sys.stdin.buffer.read(), *arguments)))


def _limit(memory: int) -> None:
    """Have this process fail rather than use more memory, in bytes."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit of the parent still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
