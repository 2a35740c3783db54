"""What the shipped YAML files come to, made where the wheel is built and kept in it.

PyYAML takes 30 ms to be loaded, a form 100 ms to be made and the sentences of a language 20 ms to be read, of some 450
that `cchc validate` has. So a wheel holds each of them as a pickle beside its files (`tools/build_hook.py`). It is
believed only beside the very bytes that it was made of; a checkout has none, and a form of an office never has one.

In:     the YAML files that something is made of.
Out:    what was made of them, or None.
Never:  unpickles anything that is not a part of the installed package.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]


def prepared_from(sources: Iterable[Path], name: Path) -> Any:
    """Return what is prepared under a name, if it was made of the sources as they are now, else None."""
    file = name.with_suffix(".pickle")
    if not file.is_relative_to(_PACKAGE) or not file.is_file():
        return None
    digest, made = pickle.loads(file.read_bytes())  # noqa: S301 - a part of the package, as its modules are
    return made if digest == _digest(sources) else None


def as_prepared(sources: Iterable[Path], made: object) -> bytes:
    """Return the content of the file that `prepared_from` reads."""
    return pickle.dumps((_digest(sources), made), protocol=5)


def _digest(sources: Iterable[Path]) -> str:
    digest = sha256()
    for path in sources:
        data = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name} {len(data)} ".encode() + data)
    return digest.hexdigest()
