"""The catalogue of the built-in codes: what is decided about a code is decided there and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cchc_excel.codes import CODES, FAMILIES, Severity
from cchc_excel.form import Language, load_form
from cchc_excel.form.relations import derived_checks
from cchc_excel.wording import words
from cchc_excel.wording.cases import codes_with_examples

PACKAGE = Path(__file__).parent.parent / "cchc_excel"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "codes.py")
LOOKS_LIKE_A_CODE = re.compile(rf"[{FAMILIES}]\d\d")
MAY_LIST_CODES = {
    "reading/entries.py",  # how reading calls what is wrong with a text, and the code that says it
}


def codes_in(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if (
            isinstance(inner, ast.Constant)
            and isinstance(inner.value, str)
            and LOOKS_LIKE_A_CODE.fullmatch(inner.value)
        ):
            yield inner.value


def listed_codes(module: ast.Module) -> Iterator[str]:
    """The codes that stand in a set, a list, a tuple or a dictionary."""
    for node in ast.walk(module):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            parts = list(node.elts)
        elif isinstance(node, ast.Dict):
            parts = [*node.keys, *node.values]
        for part in parts:
            if isinstance(part, ast.Constant):
                yield from codes_in(part)


def test_every_code_that_any_module_names_is_in_the_catalogue() -> None:
    named = {code for path in MODULES for code in codes_in(ast.parse(path.read_text("utf-8")))}
    assert named - set(CODES) == set()
    assert len(named) > 60


def test_no_module_lists_codes_beside_the_catalogue() -> None:
    listing = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if list(listed_codes(ast.parse(path.read_text("utf-8"))))
    }
    assert listing == MAY_LIST_CODES


def test_a_list_of_codes_is_seen_however_it_is_written() -> None:
    for text in ('x = {"A02"}', 'x = frozenset(("A02", "A03"))', 'y = {"C01": 1}', 'y = {1: "C01"}', 'z = ["T12"]'):
        assert list(listed_codes(ast.parse(text))) != []
    assert list(listed_codes(ast.parse('notice("T14", {"formula": "=A1"})'))) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_has_its_sentences_and_no_sentence_is_of_a_code_that_is_not_there(language: Language) -> None:
    texts = words(language).texts["codes"]
    assert set(texts) == set(CODES)
    for code in CODES:
        assert {"title", "says", "what", "why", "do"} <= set(texts[code])


def test_every_code_but_those_between_units_has_its_case() -> None:
    assert codes_with_examples() == {name for name, code in CODES.items() if code.family != "U"}


def test_the_codes_that_follow_from_relations_are_those_that_the_catalogue_says() -> None:
    found = {
        check.code for form in ("cchc_xa_quy", "cchc_rut_gon") for check in derived_checks(load_form(form).indicators)
    }
    assert found == {name for name, code in CODES.items() if code.from_relation}


def test_the_catalogue_stands_in_the_order_of_its_families_and_numbers() -> None:
    assert list(CODES) == sorted(CODES, key=lambda name: (FAMILIES.index(name[0]), name))


def test_a_code_is_silent_only_beside_codes_that_there_are() -> None:
    for code in CODES.values():
        assert {*code.echo_of, *code.silent_beside} <= set(CODES) - {code.name}


def test_what_the_solver_hears_is_said_by_figures_alone() -> None:
    heard = {code.name for code in CODES.values() if code.heard_by_solver and code.severity is Severity.ERROR}
    assert heard == {"A01", "A02", "A05"}
