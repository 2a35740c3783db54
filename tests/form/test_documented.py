"""docs/forms.md cannot lie: its example loads, its expressions parse, and no field, word or function is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cchc_excel.codes import Fixing, Severity
from cchc_excel.form import Kind, Missing, Scope, load_form
from cchc_excel.form.checks import CHECK_FIELDS
from cchc_excel.form.language.syntax import COMPARISONS, FUNCTIONS, parse
from cchc_excel.form.loader import (
    COLUMN_FIELDS,
    FORM_FIELDS,
    LIMIT_FIELDS,
    PERIOD_FIELDS,
    PRINTED_FIELDS,
    ROLES,
    ROW_FIELDS,
)
from cchc_excel.form.nature import WORDS
from cchc_excel.form.period import ALL_PARTS, MONTHS

PAGE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text("utf-8")
SPANS = set(re.findall(r"`([^`\n]+)`", PAGE))
FIELDS = FORM_FIELDS | ROW_FIELDS | CHECK_FIELDS | COLUMN_FIELDS | PERIOD_FIELDS | PRINTED_FIELDS | set(ROLES)
NAMED = {*FIELDS, *WORDS, *Kind, *Missing, *Scope, *Fixing, *Severity, "month", "quarter", "9M", "H1", "H2", "Y"}


def section(title: str) -> str:
    return re.split(r"^#+ ", PAGE.partition(f"# {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", sorted(map(str, NAMED)))
def test_every_field_and_every_word_stands_on_the_page(name: str) -> None:
    assert name in SPANS


@pytest.mark.parametrize("name", sorted(LIMIT_FIELDS))
def test_every_field_of_a_limit_stands_in_its_row_or_in_that_of_times(name: str) -> None:
    (at_most,) = re.findall(r"^\| `at_most` .*$", PAGE, re.MULTILINE)
    assert name in at_most or f"`{name}`" in section("A row")


def test_the_fields_of_each_table_are_those_that_the_loader_takes() -> None:
    for title, fields in (("form.yaml", FORM_FIELDS), ("A row", ROW_FIELDS), ("A rule", CHECK_FIELDS)):
        first = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", section(title), re.MULTILINE)
        told = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
        assert told == {*fields} - {"en"}, title


def expressions() -> list[str]:
    rows = re.findall(r"^\| (`.+`) \| .*\|$", section("Expressions"), re.MULTILINE)
    texts = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    return [*texts, *re.findall(r"`(\[[^`]+)`", section("Expressions"))]


@pytest.mark.parametrize("text", dict.fromkeys(expressions()))
def test_every_expression_on_the_page_can_be_parsed(text: str) -> None:
    assert parse(text if "=" in text or "<" in text or ">" in text or "(" in text or " in " in text else f"{text} > 0")


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_of_the_rule_language_stands_among_the_expressions(function: str) -> None:
    assert any(f"{function}(" in text for text in expressions())


@pytest.mark.parametrize("sign", sorted({*COMPARISONS, "+", "-", "*", "/", "and", "or", "not", "=>", "in"}))
def test_every_operator_stands_among_the_expressions(sign: str) -> None:
    assert any(f" {sign} " in f" {text} " for text in expressions())


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    for name in ("form.yaml", "checks.yaml"):
        (text,) = re.findall(rf"^```yaml {name}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        (tmp_path / name).write_text(text, "utf-8")
    form = load_form(tmp_path)
    assert {check.code for check in form.own_checks()} == {"L50", "P50"}
    assert set(form.listed) == {*MONTHS, "Q1", "Q2", "Q3", "Q4", "Y"} <= set(ALL_PARTS)


def test_the_codes_of_family_p_that_the_page_names_are_those_that_follow(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| ([^|]*) \|", section("What a row is"), re.MULTILINE)
    for word, told in rows:
        if word in {"share", "answer", "common", "used"}:
            continue
        text = f'- {{id: a, kind: count, is: {word}, label: "x"}}'
        columns = "columns: {label: {title: x}, value: {title: y}}"
        (tmp_path / "form.yaml").write_text(f"form: x\ntitle: x\n{columns}\nindicators:\n  {text}\n", "utf-8")
        found = {check.code for check in load_form(tmp_path).checks if check.code[0] == "P"}
        assert found == set(re.findall(r"P\d\d", told)) - {"P08"}, word
