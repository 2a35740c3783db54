"""YAML files of our own and of forms → values that remember their line.

In:     the path of a YAML file.
Out:    its document; every scalar is a text, or None where it is blank.
Never:  a document with an alias, a key given twice, or more than a form can need.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cchc_excel.errors import FormDefinitionError
from cchc_excel.form.lines import Line, Located, Mistakes

MOST_BYTES = 4 * 2**20  # of a file; the standard form's rules have 0.1 MiB
MOST_DEPTH = 20  # values in values; a form has six


def plain(path: Path) -> Any:
    """Return the document of a file of our own, without its lines. Raises FormDefinitionError if it has a mistake."""
    mistakes = Mistakes(path.name)
    document = load_file(path, mistakes)
    if mistakes.found:
        raise FormDefinitionError(tuple(mistakes.found))
    return without_lines(document)


def load_file(path: Path, mistakes: Mistakes) -> Located:
    """Return the document of a file; one that is larger than any form, or no UTF-8, is a mistake too."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        mistakes.add(1, "too_large", most=MOST_BYTES // 2**20)
        return Located({}, 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.add(data.count(b"\n", 0, error.start) + 1, "not_utf8")
        return Located({}, 1)
    return load(text, mistakes)


def load(text: str, mistakes: Mistakes) -> Located:
    """Return the document; one that is no YAML is an empty mapping and a mistake.

    So is one with an alias (`*name`), since what it stands for could be a billion values, or itself.
    """
    import yaml

    # Every scalar stays a text, so the loader that resolves no types is enough, and a third faster.
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or type(error).__name__
        mistakes.add(mark.line + 1 if mark else 1, "not_yaml", detail=detail)
        return Located({}, Line(1, mistakes.file))
    if node is None:  # an empty file
        return Located({}, Line(1, mistakes.file))
    return _located(node, mistakes, set())


def _located(node: Any, mistakes: Mistakes, seen: set[int], depth: int = 0) -> Located:
    """The value of a node. One that is `seen` already is an alias, and the same node again."""
    line = Line(node.start_mark.line + 1, mistakes.file)
    if id(node) in seen or depth > MOST_DEPTH:
        mistakes.add(line, "alias" if id(node) in seen else "too_deep", most=MOST_DEPTH)
        return Located(None, line)
    seen.add(id(node))
    if node.id == "scalar":
        blank = node.value in {"", "~", "null"} and not node.style
        return Located(None if blank else node.value, line)
    if node.id == "sequence":
        return Located([_located(item, mistakes, seen, depth + 1) for item in node.value], line)
    mapping: dict[str, Located] = {}
    for key, value in node.value:
        if key.id != "scalar":
            mistakes.add(key.start_mark.line + 1, "not_yaml", detail="a key that is no text")
            continue
        if key.value in mapping:
            mistakes.add(key.start_mark.line + 1, "duplicate_id", id=key.value)
        mapping[str(key.value)] = _located(value, mistakes, seen, depth + 1)
    return Located(mapping, line)


def without_lines(located: Located) -> Any:
    """Return the value of an item as texts, lists and mappings."""
    value = located.value
    if isinstance(value, list):
        return [without_lines(item) for item in value]
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items()}
    return value
