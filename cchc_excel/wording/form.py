"""What the workbook of a form says beside the texts of the form itself, by its path in form.yaml; always Vietnamese."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from cchc_excel.form.lines import plain

FILE = Path(__file__).with_name("form.yaml")


@lru_cache(maxsize=1)  # a template asks for 4,000 sentences
def _texts() -> Any:
    return plain(FILE.read_text("utf-8"))


def say(*path: str, **facts: object) -> str:
    """The sentence at a path, with its facts put in: say("prompt", "under", stt="1.4"). Raises KeyError if unknown."""
    found = _texts()
    for name in path:
        found = found[name]
    return str(found).format(**facts) if facts else str(found)
