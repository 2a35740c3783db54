"""One line on a terminal that says how far a long run has come; nothing where nobody looks."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
_BAR, _EVERY, _LEAST_WIDTH = 20, 0.1, 20  # columns, seconds, columns


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
    """Yield the items, and while they come rewrite one line: bar, count, rate (`per_second` names its unit), name.

    Silent if the stream is no terminal or there is but one item. The line is cleared at the end, whatever ends it.
    """
    out = sys.stderr if stream is None else stream
    if total < 2 or not out.isatty():
        yield from items
        return
    columns = max(_LEAST_WIDTH, width or shutil.get_terminal_size().columns)
    start = shown = clock()
    try:
        for done, item in enumerate(items, 1):
            yield item
            now = clock()
            if now - shown >= _EVERY or done in {1, total}:
                shown = now
                rate = done / max(now - start, 1e-9)
                out.write("\r" + line(done, total, rate, per_second, name_of(item), columns))
                out.flush()
    finally:
        out.write("\r" + " " * (columns - 1) + "\r")
        out.flush()


def line(done: int, total: int, rate: float, per_second: str, name: str, columns: int) -> str:
    """The line, as wide as the terminal less one column; a name too long for it loses its beginning."""
    filled = _BAR * done // total
    text = f"[{'=' * filled}{' ' * (_BAR - filled)}] {done}/{total} · {rate:.0f} {per_second} · "
    room = columns - 1 - len(text)
    if room < len(name):
        name = "…" + name[len(name) - room + 1 :] if room > 1 else ""
    return (text + name)[: columns - 1].ljust(columns - 1)
