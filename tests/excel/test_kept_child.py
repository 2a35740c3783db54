"""A child process that is kept between calls: it may be slow, fat or dead, and its parent goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cchc_excel.errors import WorkbookTooLarge
from cchc_excel.excel.kept_child import MOST_CALLS, ChildFailed, KeptChild

POSIX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc whether a process lives")


def test_one_child_answers_many_calls() -> None:
    child = KeptChild("os:getpid")
    assert child.call() == child.call() != os.getpid()


def test_a_new_child_takes_over_after_many_calls() -> None:
    child = KeptChild("os:getpid")
    assert len({child.call() for _ in range(MOST_CALLS + 1)}) == 2


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [("time:sleep", 60, "time"), ("builtins:bytearray", 2**31, "memory"), ("os:_exit", 3, "memory")],
)
def test_a_call_that_is_too_slow_too_fat_or_kills_the_child_is_given_up(
    function: str, argument: int, reason: str
) -> None:
    child = KeptChild(function, seconds=2.0)
    with pytest.raises(WorkbookTooLarge, match=reason):
        child.call(argument)


def test_after_a_call_that_was_given_up_the_next_one_is_answered() -> None:
    child = KeptChild("time:sleep", seconds=1.0)
    with pytest.raises(WorkbookTooLarge):
        child.call(60)
    assert child.call(0) is None


@POSIX
def test_a_child_that_somebody_killed_between_two_calls_is_replaced() -> None:
    child = KeptChild("os:getpid")
    first = child.call()
    os.kill(first, signal.SIGKILL)
    while _is_alive(first):
        time.sleep(0.01)
    assert child.call() != first


def test_what_the_function_raises_is_told_with_the_child_s_traceback() -> None:
    with pytest.raises(ChildFailed, match="JSONDecodeError"):
        KeptChild("json:loads").call("{")


def test_what_a_library_prints_is_no_answer() -> None:
    assert KeptChild("builtins:print").call("not an answer") is None


def test_threads_that_share_a_child_get_their_own_answers() -> None:
    child = KeptChild("operator:neg")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(child.call, range(400))) == [-number for number in range(400)]


@POSIX
def test_a_forked_process_has_a_child_of_its_own() -> None:
    child = KeptChild("os:getpid")
    own = child.call()
    here, there = multiprocessing.Pipe()
    forked = multiprocessing.get_context("fork").Process(target=lambda: there.send(child.call()))
    forked.start()
    there.close()  # so that a child that dies of it ends the pipe
    assert here.recv() != own
    forked.join()
    assert child.call() == own


@POSIX
@pytest.mark.parametrize("ending", ["pass", "os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_the_child_ends_with_its_parent_however_that_ends(ending: str) -> None:
    parent = (
        "import os, signal\nfrom cchc_excel.excel.kept_child import KeptChild\nchild = KeptChild('os:getpid')\n"
        f"print(child.call(), flush=True)\n{ending}\n"
    )
    run = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, timeout=60, check=False)
    child = int(run.stdout)
    until = time.monotonic() + 30
    while _is_alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _is_alive(child)


@POSIX
def test_ctrl_c_is_heard_while_the_child_works() -> None:
    parent = (
        "import signal\nfrom cchc_excel.excel.kept_child import KeptChild\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # what runs in the background has it ignored
        "child = KeptChild('time:sleep', seconds=100)\nchild.call(0)\nprint('ready', flush=True)\nchild.call(90)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline() == "ready\n"
        run.send_signal(signal.SIGINT)
        run.wait(timeout=60)  # the child alone would need longer
        assert "KeyboardInterrupt" in run.stderr.read()


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # it has ended, and nobody has asked for its exit status
