"""What an earlier run has finished, so that a second one does only what has changed since.

A file is unchanged if its bytes are: its time proves nothing, for it may be written to while the run goes on. What was
done with it counts only if the program, the form and the options are the same. A state file that is not, byte for byte,
what this program wrote is no state.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cchc_excel import __version__
from cchc_excel.commands.files import file_bytes, workbook_paths, write_whole
from cchc_excel.errors import CannotWrite, WorkbookTooLarge
from cchc_excel.form import Form, load_form
from cchc_excel.grid import harmless
from cchc_excel.wording import Words

FILE = ".cchc_tiep_tuc.json"
_SAVE_EVERY, _SHARE = 50, 2
"""Saved after so many files, then each time the state has grown by half: all writing together stays linear."""

_DONE = ', "done": '
_TEXT = ("utf-8", "surrogatepass")  # a file's name need not be UTF-8


def key_of(form: Form, options: Iterable[object], others: Iterable[Path] = ()) -> str:
    """What must be equal for a result to count still: program, form, options, and the other files it depends on."""
    editions = [load_form(name).in_full() for name in form.editions]
    depends_on = (__version__, [str(option) for option in options], form.in_full(), editions)
    digest = hashlib.sha256(repr(depends_on).encode())
    for path in sorted(others):
        digest.update(repr((str(path), digest_of(path))).encode())
    return digest.hexdigest()


class State:
    """The state file of one run. `damaged` tells that there was one that could not be understood."""

    def __init__(self, path: Path, key: str) -> None:
        self.path, self.key, self.damaged = path, key, False
        self._outputs: dict[str, str | None] = {}
        self._done: dict[str, Any] = {}
        self._unsaved = 0
        try:
            head, _, rest = path.read_bytes().decode(*_TEXT).partition(_DONE)
            header, done = json.loads(head + "}"), rest.removesuffix("}")
            if header["sha256"] != _digest(done.encode(*_TEXT)):
                raise ValueError(path)
            self._outputs = dict(header["outputs"])
            if header["key"] == key:
                self._done = dict(json.loads(done))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            self.damaged = True

    def has(self, path: Path) -> bool:
        """Whether an earlier run has finished the file, whatever became of it since."""
        return str(path) in self._done

    def kept(self, path: Path) -> Any:
        """What was kept of a file, whatever became of it since; None if nothing."""
        return self._done[str(path)]["content"] if self.has(path) else None

    def find(self, path: Path, data: bytes | None = None) -> Any:
        """What was kept of a file that has not changed; None if it has, or is new. `data` are its bytes, if known."""
        if not self.has(path):
            return None
        digest = digest_of(path) if data is None else _digest(data)
        return self.kept(path) if self._done[str(path)]["sha256"] == digest else None

    def remember(self, path: Path, data: bytes, content: Any) -> None:
        """Keep what came of a file; saved now and then."""
        self._done[str(path)] = {"sha256": _digest(data), "content": content}
        self._unsaved += 1
        if self._unsaved >= max(_SAVE_EVERY, (len(self._done) - self._unsaved) // _SHARE):
            self.save()

    def wrote(self, path: Path) -> None:
        """Keep that an output beside the state is this program's work, as it is now."""
        self._outputs[self._name(path)] = digest_of(path)
        self._unsaved += 1

    def is_ours(self, path: Path) -> bool:
        """Whether an output is as this program left it: nobody else made or changed it, so that it may be replaced."""
        digest = digest_of(path)
        return digest is not None and self._outputs.get(self._name(path)) == digest

    def _name(self, output: Path) -> str:
        """An output as it is called from where the state stands: two in different folders may bear one name."""
        beside = self.path.parent
        return output.relative_to(beside).as_posix() if output.is_relative_to(beside) else output.name

    def save(self) -> bool:
        """Write the file. False if the folder cannot be written to: then nothing will be resumed."""
        if not self._unsaved:
            return True
        done = json.dumps(self._done, ensure_ascii=False)
        header = {"key": self.key, "outputs": self._outputs, "sha256": _digest(done.encode(*_TEXT))}
        try:
            document = json.dumps(header, ensure_ascii=False)[:-1] + _DONE + done + "}"
            write_whole(self.path, document.encode(*_TEXT), replace=True)
        except CannotWrite:
            return False
        self._unsaved = 0
        return True


def opened_state(path: Path, form: Form, options: Sequence[object], others: Sequence[Path], spoken: Words) -> State:
    """The state at `path` for a run with these options; a state that cannot be understood is told on stderr."""
    state = State(path, key_of(form, options, workbook_paths(others)))
    if state.damaged:
        print(harmless(spoken.word("many", "damaged", path=path)), file=sys.stderr)
    return state


def beside(output: Path | None) -> Path:
    """Where a run keeps what it has finished: beside its output, or in the folder that it is run in."""
    return Path(FILE) if output is None else output.with_name(output.name + ".tiep_tuc.json")


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file; None if it cannot be opened."""
    try:
        return _digest(file_bytes(str(path)))
    except (OSError, WorkbookTooLarge):
        return None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
