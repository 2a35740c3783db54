"""What the workbook of a form says beside the texts of the form itself, by its path in form.yaml; always Vietnamese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cchc_excel.form.documents import plain

FILE = Path(__file__).with_name("form.yaml")
_TEXTS: Any = plain(FILE)  # read when the module is loaded: nobody but the maker of templates does


def say(*path: str, **facts: object) -> str:
    """The sentence at a path, with its facts put in: say("prompt", "under", stt="1.4"). Raises KeyError if unknown."""
    found = _TEXTS
    for name in path:
        found = found[name]
    return str(found).format(**facts) if facts else str(found)
