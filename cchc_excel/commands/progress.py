"""One line on a terminal that says how far a long run has come; nothing where nobody looks."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
_BAR = 20  # columns of the bar itself
_EVERY = 0.1  # seconds between two lines: faster than that nobody reads
_LEAST_WIDTH = 20  # columns
_USUAL_WIDTH = 80  # columns, where the terminal does not say how many it has


class Progress:
    """The line of one run over `total` items: bar, count, rate (`per_second` names its unit), name.

    Silent if the stream is no terminal or there is but one item. Whatever else is to be said to the same stream
    while items come goes through `say`, so that it stands on lines of its own.
    """

    def __init__(
        self,
        total: int,
        per_second: str,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        width: int | None = None,
    ) -> None:
        self._total, self._per_second, self._clock = total, per_second, clock
        self._out = sys.stderr if stream is None else stream
        self._silent = total < 2 or not self._out.isatty()
        self._columns = max(_LEAST_WIDTH, width or _columns_of(self._out))
        self._line = ""

    def over(self, items: Iterable[T], name_of: Callable[[T], str]) -> Iterator[T]:
        """Yield the items; the line is rewritten as they are done with, and cleared whatever ends the run."""
        if self._silent:
            yield from items
            return
        start = last_written = self._clock()
        try:
            for done, item in enumerate(items, 1):
                yield item
                now = self._clock()
                if now - last_written < _EVERY and done not in {1, self._total}:
                    continue
                last_written = now
                elapsed = max(now - start, 1e-9)  # a clock may not have moved since the start
                self._line = line(
                    done=done,
                    total=self._total,
                    rate=done / elapsed,
                    per_second=self._per_second,
                    name=name_of(item),
                    columns=self._columns,
                )
                self._write("\r" + self._line)
        finally:
            self._clear()
            self._line = ""

    def say(self, text: str) -> None:
        """Print a message above the line."""
        if self._line:
            self._clear()
        self._write(text + "\n" + self._line)

    def _clear(self) -> None:
        self._write("\r" + " " * (self._columns - 1) + "\r")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def tracked(
    items: Iterable[T],
    total: int,
    name_of: Callable[[T], str],
    per_second: str,
    *,
    stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
    width: int | None = None,
) -> Iterator[T]:
    """Yield the items under a `Progress` of their own, where nothing else is said meanwhile."""
    return Progress(total, per_second, stream=stream, clock=clock, width=width).over(items, name_of)


def line(done: int, total: int, rate: float, per_second: str, name: str, columns: int) -> str:
    """The line, as wide as the terminal less one column; a name too long for it loses its beginning.

    A file's name may hold line feeds and escape sequences: what cannot be printed becomes a question mark.
    """
    # a name from a Mac spells `ề` as three characters, which would be counted as three columns
    composed = unicodedata.normalize("NFC", name)
    name = "".join(letter if letter.isprintable() else "?" for letter in composed)
    bar = "=" * (_BAR * done // total)
    text = f"[{bar:<{_BAR}}] {done}/{total} · {rate:.0f} {per_second} · "
    # the last column stays free: a terminal that is written to its edge begins a new line
    width = columns - 1
    room = width - len(text)
    if room <= 1 and len(name) > room:
        name = ""
    elif len(name) > room:
        name = "…" + name[len(name) - room + 1 :]
    return (text + name)[:width].ljust(width)


def _columns_of(stream: TextIO) -> int:
    """The width of this very stream: stdout may be a file, or another terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH
