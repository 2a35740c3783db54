"""YAML already parsed: the shipped texts as JSON, found by the hash of the text.

Reading YAML takes a tenth of a whole `cchc validate`; JSON a fifth of that. A text is looked up
by its own SHA-256, so a changed text is never mistaken for the old one: it is parsed as YAML.

    python -m cchc_excel.form.parsed        writes parsed.json anew (a test fails while a shipped text is not in it)
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("parsed.json")


def plain(text: str) -> Any:
    """The document of a YAML text with every scalar a text."""
    key = _key(text)
    found = _parsed()["plain"].get(key)
    return found if found is not None else _plain_yaml(text)


def with_lines(text: str) -> Any:
    """The document as nested [line, value], or None if it is not among the parsed ones."""
    return _parsed()["lines"].get(_key(text))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@lru_cache(maxsize=1)
def _parsed() -> Any:
    return json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {"plain": {}, "lines": {}}


def _plain_yaml(text: str) -> Any:
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - it makes texts only


def shipped_texts() -> tuple[list[str], list[str]]:
    """The texts to parse in advance: those read plain, and those whose lines matter."""
    from cchc_excel.form.folders import STANDARD, form_folder

    here = Path(__file__).parents[1]
    files = (*sorted((here / "wording").glob("??.yaml")), here / "wording" / "form.yaml")
    wording = [path.read_text("utf-8") for path in files]
    form = [path.read_text("utf-8") for path in sorted(form_folder(STANDARD).glob("*.yaml"))]
    return wording, form


def write() -> None:
    """Write parsed.json from the shipped texts."""
    from cchc_excel.form.lines import Located, Mistakes, load_yaml

    def nested(node: Located) -> Any:
        if isinstance(node.value, dict):
            return [node.line, {key: nested(value) for key, value in node.value.items()}]
        if isinstance(node.value, list):
            return [node.line, [nested(item) for item in node.value]]
        return [node.line, node.value]

    wording, form = shipped_texts()
    document = {
        "plain": {_key(text): _plain_yaml(text) for text in wording},
        "lines": {_key(text): nested(load_yaml(text, Mistakes(""))) for text in form},
    }
    FILE.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    write()
