"""The sentences of the template, by their path in words.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from cchc_excel.form.lines import plain


@lru_cache(maxsize=1)
def _texts() -> Any:
    return plain(Path(__file__).with_name("words.yaml").read_text("utf-8"))


def say(*path: str, **facts: object) -> str:
    """The sentence at a path, with its facts put in: say("prompt", "under", stt="1.4"). Raises KeyError if unknown."""
    found = _texts()
    for name in path:
        found = found[name]
    return str(found).format(**facts) if facts else str(found)
