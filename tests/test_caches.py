"""A cache is a debt: few of them, each bounded and with its worth beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import cchc_excel

PACKAGE = Path(cchc_excel.__file__).parent
MOST = 12
DECORATORS = {"lru_cache", "cache", "cached_property"}


def caches() -> list[tuple[str, int, str]]:
    """Every function that is decorated as a cache: module, line, and the line of the decorator as it is written."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            for decorator in getattr(node, "decorator_list", []):
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in DECORATORS:
                    line = text.splitlines()[decorator.lineno - 1]
                    found.append((str(path.relative_to(PACKAGE)), decorator.lineno, line))
    return found


def test_there_are_at_most_a_dozen_caches() -> None:
    assert len(caches()) <= MOST, caches()


def test_each_cache_is_bounded_and_says_what_it_buys() -> None:
    for place in caches():
        assert "maxsize=" in place[2], place
        assert "  # " in place[2], place


def test_no_module_makes_a_cache_by_calling_one() -> None:
    for path in PACKAGE.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        made = [
            node
            for node in calls
            if isinstance(node.func, ast.Call) and getattr(node.func.func, "id", "") in DECORATORS
        ]
        assert made == [], path


def test_no_dict_at_the_level_of_a_module_is_written_to_by_a_function() -> None:
    for path in PACKAGE.rglob("*.py"):
        module = ast.parse(path.read_text("utf-8"))
        dicts = {
            target.id
            for node in module.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict | ast.DictComp)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        stored = {
            node.value.id
            for function in ast.walk(module)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
        }
        assert not dicts & stored, (path, dicts & stored)
