"""Names of files that are called after units: such as every system takes, and each once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["file_stems"]

_IN_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')  # Windows takes them in no name
_LONGEST = 200  # bytes; no file system in use takes more than 255, and "ễ" is three of them
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # what Windows never takes for a file


def file_stems(names: Iterable[str], otherwise: str, taken: Iterable[str] = ()) -> Iterator[str]:
    """Yield what the file of each name may be called, without its ending; `otherwise` where nothing is left of a name.

    The second of a name gets `(2)`: file systems may not tell capitals from small letters, so these count as the same.
    `taken` are stems that are there already.
    """
    used = {stem.casefold() for stem in taken}
    for name in names:
        stem = _IN_NO_NAME.sub(" ", name).encode()[:_LONGEST].decode(errors="ignore").strip(" .") or otherwise
        if _DEVICE.match(stem):
            stem = f"_{stem}"
        free, again = stem, 2
        while free.casefold() in used:
            free, again = f"{stem} ({again})", again + 1
        used.add(free.casefold())
        yield free
