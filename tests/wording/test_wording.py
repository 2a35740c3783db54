"""Every sentence that a person reads: the same facts in both languages, none missing, none left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import pytest

import cchc_excel
from cchc_excel import errors
from cchc_excel.codes import CODES, FAMILIES
from cchc_excel.errors import FormDefinitionError, Mistake, UsageError
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Kind, Severity, load_form
from cchc_excel.form.checks import PLACEHOLDER
from cchc_excel.form.language.syntax import Type
from cchc_excel.reporting.reference import all_codes
from cchc_excel.submission import Period
from cchc_excel.wording import words

LANGUAGES: tuple[Literal["vi", "en"], ...] = ("vi", "en")
BOTH = pytest.mark.parametrize("language", LANGUAGES)
PROGRAM = Path(cchc_excel.__file__).parent
LONGEST_TITLE = 45  # characters: a column of the findings sheet


def sentences(texts: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(texts, str):
        yield path, texts
        return
    for key, inner in texts.items():
        yield from sentences(inner, (*path, key))


def placeholders(text: str) -> set[str]:
    """What is put in; behind a colon stand the nouns of a count, `{files:file|files}`."""
    return {found.partition(":")[0] if "|" in found else found for found in PLACEHOLDER.findall(text)}


VI, EN = (dict(sentences(words(language).texts)) for language in LANGUAGES)


def test_both_languages_have_the_same_keys() -> None:
    assert VI.keys() == EN.keys()


@pytest.mark.parametrize("path", VI, ids=".".join)
def test_a_sentence_tells_the_same_facts_in_both_languages(path: tuple[str, ...]) -> None:
    assert placeholders(VI[path]) == placeholders(EN[path])


def test_a_language_that_has_no_sentences_is_refused_by_name() -> None:
    french: Any = "fr"
    with pytest.raises(ValueError, match="one of vi, en, not 'fr'"):
        words(french)


def test_a_noun_agrees_with_its_count() -> None:
    spoken = words("en")
    assert spoken.word("letters", "done", letters=1, summary="a", path="b") == "1 letter and a written to b."
    assert spoken.word("letters", "done", letters=2, summary="a", path="b") == "2 letters and a written to b."
    assert spoken.word("district", "of_units", count=1) == "(1 unit)"


def test_no_english_word_or_label_counts_a_noun_that_is_always_in_the_plural() -> None:
    counted = re.compile(r"\{(?:count|letters|units|rows|files|figures|spellings|errors|warnings|checks)\} [a-z]+s\b")
    assert [path for path, text in EN.items() if path[0] == "words" and counted.search(text)] == []


@pytest.mark.parametrize("texts", [VI, EN], ids=LANGUAGES)
def test_no_sentence_is_empty_or_ends_in_a_space(texts: dict[tuple[str, ...], str]) -> None:
    assert [path for path, text in texts.items() if not text or text != text.strip()] == []


@pytest.mark.parametrize("name", ["cchc_xa_quy", "vi_du"])
@BOTH
def test_every_code_has_its_title_sentence_and_page(name: str, language: Literal["vi", "en"]) -> None:
    form, spoken = load_form(name), words(language)
    for code in all_codes(form):
        assert spoken.title(code, form)
        assert all(spoken.page(code, form)[part].endswith(".") for part in ("what", "why", "do"))
    built_in = set(all_codes(form)) - {check.code for check in form.own_checks()}
    assert set(spoken.texts["codes"]) == set(CODES)
    assert {name for name in CODES if name not in built_in} <= {name for name, it in CODES.items() if it.from_relation}


@BOTH
def test_pages_can_be_printed_without_any_figures(language: Literal["vi", "en"]) -> None:
    for code, entry in words(language).texts["codes"].items():
        assert not [part for part in ("title", "what", "why", "do") if placeholders(entry[part])], code


@BOTH
def test_a_title_fits_into_its_column(language: Literal["vi", "en"]) -> None:
    titles = {code: entry["title"] for code, entry in words(language).texts["codes"].items()}
    assert {code: title for code, title in titles.items() if len(title) > LONGEST_TITLE} == {}


@BOTH
def test_titles_differ_from_each_other(language: Literal["vi", "en"]) -> None:
    titles = [entry["title"] for entry in words(language).texts["codes"].values()]
    assert len(titles) == len(set(titles))


@BOTH
def test_every_family_is_introduced(language: Literal["vi", "en"]) -> None:
    assert set(words(language).texts["words"]["family"]) == set(FAMILIES)


# --- commands that cannot be carried out


def usage_errors() -> set[str]:
    return {
        name
        for name, it in vars(errors).items()
        if isinstance(it, type) and issubclass(it, UsageError) and it is not UsageError
    }


@BOTH
def test_every_command_that_cannot_be_carried_out_has_its_sentence_and_no_sentence_is_without_one(
    language: Literal["vi", "en"],
) -> None:
    assert set(words(language).texts["errors"]) == usage_errors() | {"internal", "internal_file"}
    for name in usage_errors():
        says, do = words(language).error(getattr(errors, name)("a.xlsx", "D10"))
        assert says
        assert do
        assert not placeholders(says + do)


@BOTH
@pytest.mark.parametrize("option", ["--period", "--due", "--output", "--sheet", "--tidy"])
def test_an_option_that_cannot_be_used_is_refused_with_what_may_be_typed(
    option: str, language: Literal["vi", "en"]
) -> None:
    says, do = words(language).error(errors.BadOption(option, "Quý I"))
    assert "“Quý I”" in says
    assert "--help" not in do
    assert any(letter.isdigit() for letter in do) or ".xlsx" in do or ".csv" in do


@BOTH
def test_a_refusal_about_no_file_at_all_has_no_colon_before_nothing(language: Literal["vi", "en"]) -> None:
    says, _ = words(language).error(errors.NothingToConsolidate(""))
    assert ":" not in says


# --- mistakes in a form folder


def texts_given_to(method: str, place: int, *paths: Path) -> set[str]:
    """The literal texts that stand at a place among the arguments of all calls of a method in the program's code."""
    calls = (node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    named = (it for it in calls if isinstance(it, ast.Call) and getattr(it.func, "attr", "") == method)
    given = (it.args[place] for it in named if len(it.args) > place)
    return {it.value for it in given if isinstance(it, ast.Constant) and isinstance(it.value, str)}


def kinds_of_mistakes() -> set[str]:
    return texts_given_to("add", 1, *(PROGRAM / "form").glob("*.py"))


def kinds_of_bad_expressions() -> set[str]:
    return texts_given_to("mistake", 0, PROGRAM / "form/language/syntax.py")


def test_the_kinds_of_mistakes_are_found_in_the_code() -> None:
    assert {"bad_value", "unknown_id", "wrong_kind", "case_wrong", "cycle", "not_yaml"} <= kinds_of_mistakes()


@BOTH
def test_every_kind_of_mistake_has_its_sentence(language: Literal["vi", "en"]) -> None:
    assert kinds_of_mistakes() <= set(words(language).texts["mistakes"])


@BOTH
def test_every_bad_expression_has_its_words(language: Literal["vi", "en"]) -> None:
    kinds = kinds_of_bad_expressions() | {f"not_a_{wanted}" for wanted in get_args(Type)}
    assert {"unexpected", "too_deep"} <= kinds <= set(words(language).texts["expression"])


def said(language: Literal["vi", "en"], kind: str, /, **facts: str) -> str:
    (line,) = words(language).mistakes(FormDefinitionError((Mistake("form.yaml", 7, kind, tuple(facts.items())),)))
    return line


def test_a_mistake_names_kinds_and_verdicts_in_words() -> None:
    assert "Tỷ lệ %" in (line := said("vi", "wrong_kind", id="a", kind="percent", wanted="count, money"))
    assert "Số lượng, Số tiền" in line
    assert "Chưa đủ số liệu" in said("vi", "case_wrong", code="L01", field="holds_for", got="not_applicable")
    assert "Fails" in said("en", "case_wrong", code="L01", field="holds_for", got="fails")


@BOTH
def test_every_kind_of_row_and_the_two_sorts_of_answers_have_a_word(language: Literal["vi", "en"]) -> None:
    for kind in (*Kind, "number", "text"):
        assert said(language, "wrong_kind", id="a", kind=kind, wanted=kind)


def test_where_nothing_is_near_the_mistake_names_nothing() -> None:
    assert said("vi", "unknown_id", id="z", nearest="").endswith("Không có chỉ tiêu “z” trong mẫu biểu.")
    assert said("en", "unknown_id", id="z", nearest="b, c").endswith("perhaps: b, c.")


# --- findings


@pytest.mark.parametrize(("code", "listed"), [("T08", "alternatives"), ("T11", "alternatives"), ("T07", "candidates")])
def test_where_nothing_can_be_meant_the_sentence_says_so(code: str, listed: str, form: Form) -> None:
    facts: dict[str, Fact] = {"raw": "5-7", "moment": "date", listed: ()}
    assert "chưa xác định được" in words("vi").message(Finding(code, Severity.ERROR, facts=facts), form)
    assert "5-7" in words("vi").message(Finding(code, Severity.ERROR, facts={**facts, listed: (5, 7)}), form)


def test_shares_without_a_base_are_called_by_their_names(form: Form) -> None:
    finding = Finding("C05", Severity.ERROR, ("7.1",), facts={"shares": ("7.1.dien_tu", "5.1.2")})
    sentence = words("vi").message(finding, form)
    assert form["5.1.2"].label[:40] in sentence
    assert "dien_tu" not in sentence


@pytest.mark.parametrize(
    ("where", "said"),
    [("31–33", "dòng 31–33"), (("column", "D"), "cột D"), (("sheet", "2023"), "trang “2023”")],
)
def test_what_is_hidden_is_rows_a_column_or_a_sheet_whatever_its_name(
    where: str | tuple[str, str], said: str, form: Form
) -> None:
    hidden = Finding("S20", Severity.WARNING, facts={"where": where})
    assert words("vi").message(hidden, form).endswith(f"phần đang bị ẩn: {said}.")


def test_two_things_that_contradict_each_other_are_both_named_be_they_units_or_periods(form: Form) -> None:
    units = Finding("S42", Severity.ERROR, facts={"first": "UBND xã An Bình", "second": "UBND xã Bình An"})
    assert "hai đơn vị: UBND xã An Bình và UBND xã Bình An;" in words("vi").message(units, form)
    periods = Finding("S34", Severity.ERROR, facts={"first": "2024-Q1", "second": "2024-H1"})
    assert "Quý I năm 2024 và 6 tháng đầu năm 2024" in words("vi").message(periods, form)
    unknown = Finding("U08", Severity.ERROR, facts={"first": "2024-Q1", "second": "?"})
    assert "(chưa rõ kỳ báo cáo)" in words("vi").message(unknown, form)


@BOTH
@pytest.mark.parametrize("period", ["2024-Q1", "2024-Q4", "2024-H1", "2024-9M", "2024"])
def test_every_period_can_be_said(language: Literal["vi", "en"], period: str) -> None:
    assert "2024" in words(language).period(Period.parse(period))


def test_a_row_of_the_sheet_and_a_year_are_no_figures_and_get_no_dots(form: Form) -> None:
    torn = Finding("S25", Severity.INFO, ("1.1",), facts={"rows": (1234, 1235)})
    no_year_before = Finding("P13", Severity.INFO, facts={"year": 2022})
    assert words("vi").message(torn, form).startswith("Các dòng 1234; 1235 là")
    assert "năm 2022," in words("vi").message(no_year_before, form)
