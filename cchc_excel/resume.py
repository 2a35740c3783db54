"""What an earlier run has finished, so that a second one does only what has changed since.

A file is unchanged if its size and time are, or else its hash; what was done with it counts only if
the program, the form and the options are the same. A state file that cannot be understood is no state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cchc_excel import __version__
from cchc_excel.errors import CannotWrite, NoSuchFile
from cchc_excel.files import write_whole
from cchc_excel.resources import form_folder

FILE = ".cchc_tiep_tuc.json"
_SAVE_EVERY = 50


def key_of(form: str, options: Iterable[object], others: Iterable[Path] = ()) -> str:
    """What must be equal for a result to count still: program, form, options, and the other files it depends on."""
    digest = hashlib.sha256(f"{__version__} {list(map(str, options))}".encode())
    for path in (*sorted(form_folder(form).glob("*.yaml")), *sorted(others)):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


class State:
    """The state file of one run. `damaged` tells that there was one that could not be understood."""

    def __init__(self, path: Path, key: str) -> None:
        self.path, self.key, self.damaged = path, key, False
        self._done: dict[str, Any] = {}
        self._unsaved = 0
        try:
            found = json.loads(path.read_text("utf-8"))
            if found["key"] == key:
                self._done = dict(found["done"])
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError):
            self.damaged = True

    def has(self, path: Path) -> bool:
        """Whether an earlier run has finished the file, whatever became of it since."""
        return str(path) in self._done

    def find(self, path: Path) -> Any:
        """What was kept of a file that has not changed; None if it has, or is new."""
        kept = self._done.get(str(path))
        try:
            stat = path.stat()
            if not isinstance(kept, dict) or kept["size"] != stat.st_size:
                return None
            if kept["time"] != stat.st_mtime_ns and kept["sha256"] != _hash(path):
                return None
            return kept["content"]
        except (OSError, KeyError):
            return None

    def remember(self, path: Path, data: bytes, content: Any) -> None:
        """Keep what came of a file; saved now and then."""
        try:
            stat = path.stat()
        except OSError as error:
            raise NoSuchFile(str(path), error.strerror or "") from error
        digest = hashlib.sha256(data).hexdigest()
        self._done[str(path)] = {
            "size": len(data), "time": stat.st_mtime_ns, "sha256": digest, "content": content
        }  # fmt: skip
        self._unsaved += 1
        if self._unsaved >= _SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Write the file; a folder that cannot be written to only means that nothing is resumed."""
        if not self._unsaved:
            return
        document = json.dumps({"key": self.key, "done": self._done}, ensure_ascii=False)
        try:
            write_whole(self.path, document.encode("utf-8"), replace=True)
        except CannotWrite:
            return
        self._unsaved = 0


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
