"""What the program's own text must not do; each rule stands here because a person once lost the thread."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from cchc_excel.form.nature import MERGES
from cchc_excel.merging.ways import WAYS

PACKAGE = Path(__file__).parent.parent / "cchc_excel"
MOST_PARAMETERS = 8  # of a function; whoever calls one with more passes values that belong together apart


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    taken = function.args
    many = [it for it in (taken.vararg, taken.kwarg) if it is not None]
    return len(taken.posonlyargs) + len(taken.args) + len(taken.kwonlyargs) + len(many)


def test_only_the_command_line_names_more_than_eight_parameters() -> None:
    too_many = [
        f"{path.relative_to(PACKAGE)}:{function.lineno} {function.name}"
        for path, function in functions()
        if path.name != "cli.py" and parameters_of(function) > MOST_PARAMETERS
    ]
    assert too_many == []


COMPARES_A_WAY = re.compile(r"\.merge\s*(==|!=|in\b|not in\b)|match \S+\.merge\b")


def test_a_way_of_merging_is_asked_and_never_compared_by_its_name() -> None:
    comparing = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if COMPARES_A_WAY.search(line)
    ]
    assert comparing == []


def test_every_way_that_a_form_may_declare_is_known_to_merging_and_no_other() -> None:
    assert set(WAYS) == set(MERGES)
