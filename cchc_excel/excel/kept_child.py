"""Work that may never end, or may kill its process, done in a child process that is kept between workbooks.

In:     a function of this package, by its module and name, and what it is to be called with.
Out:    what it returns.
Never:  lets the child use more time or memory than allowed, or lets its death be the death of this process.

The child has its own limits of memory and of processor time, which hold where the system knows them. Windows knows
neither: there the parent asks ten times a second how large the child is, and keeps the time. A child that is over a
limit is killed, and the next call starts a new one. Both sides speak in pickles, each behind its length; they are one
program, so a pickle is safe.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

from cchc_excel.errors import CchcError, WorkbookTooLarge

__all__ = ["ChildFailed", "KeptChild"]

SECONDS = 10.0  # for one call
MEMORY = 512 * 2**20  # bytes of address space for the child
MOST_CALLS = 500  # of one child; libraries leak
_LOOK_EVERY = 0.1  # seconds
_LENGTH = struct.Struct(">Q")
_DONE, _FAILED, _OUT_OF_MEMORY = "done", "failed", "memory"
_ENDED = object()  # what the reader of answers puts into the queue when the child has ended


class ChildFailed(CchcError):
    """The function raised something; its only argument is the traceback in the child."""


class KeptChild:
    """One child process that calls one function, again and again.

    `function` is given as `module:name`. It is thread-safe: one call goes at a time. A forked process starts a child
    of its own.
    """

    def __init__(
        self,
        function: str,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        size_of: Callable[[int], int] | None = None,
    ) -> None:
        """`size_of` gives the bytes that a process takes; without it the system is trusted to hold the limit."""
        self._function, self.seconds, self._memory = function, seconds, memory
        self._size_of = _size_on_windows if size_of is None and sys.platform == "win32" else size_of
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._owner = os.getpid()

    def call(self, *arguments: Any) -> Any:
        """Return what the function makes of the arguments.

        Raises WorkbookTooLarge("time") or ("memory") if the child is over a limit or dies, ChildFailed with the
        child's traceback if the function raises anything else.
        """
        if self._owner != os.getpid():  # after a fork: the lock and the child are the parent's
            self._lock, self._running, self._owner = threading.Lock(), None, os.getpid()
        with self._lock:
            kind, answer = self._answer(arguments)
        if kind == _FAILED:
            raise ChildFailed(answer)
        if kind == _OUT_OF_MEMORY:
            raise WorkbookTooLarge("memory")
        return answer

    def close(self) -> None:
        """End the child; the next call starts a new one."""
        running, self._running = self._running, None
        if running is not None and self._owner == os.getpid():
            running.kill()

    def _answer(self, arguments: tuple[Any, ...]) -> tuple[str, Any]:
        if self._running is None or self._running.has_ended() or self._running.calls >= MOST_CALLS:
            self.close()
            self._running = _Running(self._function, self._memory)
            atexit.register(self._running.kill)
        try:
            return self._running.ask(arguments, self.seconds, self._is_too_large)
        except BaseException:  # too slow, dead, or Ctrl-C: whatever it is doing is not wanted any more
            self.close()
            raise

    def _is_too_large(self, process: int) -> bool:
        return self._size_of is not None and self._size_of(process) > self._memory


class _Running:
    """A child that runs, and the thread that takes its answers."""

    def __init__(self, function: str, memory: int) -> None:
        import subprocess  # a run that asks no child loads none of it

        command = [sys.executable, "-m", __name__, function, str(memory)]
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",  # Ctrl-C is for the parent, which then kills the child
        )
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.calls = 0
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        """Hand on every answer; the last thing handed on says that there will be no more."""
        stdout = self._process.stdout
        with contextlib.suppress(OSError, EOFError, ValueError):
            while stdout is not None:
                self._answers.put(_receive(stdout))
        self._answers.put(_ENDED)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def ask(self, arguments: tuple[Any, ...], seconds: float, is_too_large: Callable[[int], bool]) -> tuple[str, Any]:
        """One call. Raises WorkbookTooLarge if it takes too long or too much, or the child dies of it."""
        self.calls += 1
        stdin = self._process.stdin
        try:
            if stdin is not None:
                _send(stdin, (arguments, seconds))
            answer = self._answer(seconds, is_too_large)
        except queue.Empty as error:
            raise WorkbookTooLarge("time") from error
        except OSError as error:
            raise WorkbookTooLarge("memory") from error
        if answer is _ENDED:
            raise WorkbookTooLarge("memory")
        kind, content = answer
        return kind, content

    def _answer(self, seconds: float, is_too_large: Callable[[int], bool]) -> Any:
        """Wait for the answer, looking at the child now and then. Raises queue.Empty when the time is over."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            try:
                return self._answers.get(timeout=max(0.0, min(left, _LOOK_EVERY)))
            except queue.Empty:
                if left <= _LOOK_EVERY:
                    raise
                if is_too_large(self._process.pid):
                    return _ENDED

    def kill(self) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()
        atexit.unregister(self.kill)


def _size_on_windows(process: int) -> int:
    """The bytes that a process has asked Windows for; 0 if Windows does not tell. Not run where this was written."""
    import ctypes

    class Counters(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint32), ("faults", ctypes.c_uint32)] + [
            (f"bytes_{number}", ctypes.c_size_t) for number in range(9)
        ]  # PROCESS_MEMORY_COUNTERS_EX; the last one is PrivateUsage

    windows: Any = getattr(ctypes, "windll")  # noqa: B009 - there on Windows only
    counters = Counters(size=ctypes.sizeof(Counters))
    handle = windows.kernel32.OpenProcess(0x0410, False, process)  # to ask about it, and to read its counters
    if not handle:
        return 0
    try:
        windows.psapi.GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.size)
    finally:
        windows.kernel32.CloseHandle(handle)
    return int(counters.bytes_8)


def _send(stream: BinaryIO | Any, content: object) -> None:
    data = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: BinaryIO | Any) -> Any:
    """The next message. Raises EOFError at the end of the stream."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301 - from our own process


def _exactly(stream: BinaryIO | Any, length: int) -> bytes:
    data: bytes = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


# --- in the child


def _serve(function: Callable[..., Any], memory: int) -> None:
    """Answer calls until the parent closes the pipe, as it does when it ends, however it ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    _limit_memory(memory)
    while True:
        try:
            arguments, seconds = _receive(requests)
        except EOFError:
            return
        _limit_processor(seconds)
        _send(answers, _outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return _DONE, function(*arguments)
    except MemoryError:
        return _OUT_OF_MEMORY, None
    except BaseException:  # noqa: BLE001 - the edge of the process: libraries in Rust panic with one of their own
        import traceback

        return _FAILED, traceback.format_exc()


def _limit_memory(size: int) -> None:
    """Have this process fail rather than use more memory, in bytes; an empty core file, if it dies."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor(seconds: float) -> None:
    """Have the system end this process when one call has used more processor time than its parent waits for.

    So a child that is busy when its parent is killed ends soon after it.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def main() -> None:
    """Run as a program of its own: `module:function` and the memory allowed, in bytes."""
    function, memory = sys.argv[1:]
    module, _, name = function.partition(":")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(getattr(import_module(module), name), int(memory))


if __name__ == "__main__":
    main()
