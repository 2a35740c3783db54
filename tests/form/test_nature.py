"""A row says once what it is; what family P compares, how it merges and what is asked of the clerk are read off it."""

from __future__ import annotations

from pathlib import Path

import pytest
from consistent import submission_of
from small_forms import small_form

from cchc_excel.checking import check
from cchc_excel.errors import FormDefinitionError
from cchc_excel.form import Form, load_form
from cchc_excel.form.nature import WORDS, Units, nature_before, nature_of
from cchc_excel.wording import words


def mistakes(tmp_path: Path, *rows: str) -> list[str]:
    with pytest.raises(FormDefinitionError) as caught:
        small_form(tmp_path, *rows)
    assert all(words(language).mistakes(caught.value) for language in ("vi", "en"))
    return [it.kind for it in caught.value.mistakes]


def codes_of(form: Form, key: str) -> set[str]:
    return {one.code for one in form.checks if one.target == key and one.code[0] == "P"}


@pytest.mark.parametrize(
    ("said", "merged", "compared"),
    [
        ("flow", "sum", {"P03", "P05"}),
        ("state", "sum", {"P04"}),
        ("backlog", "sum", set()),
        ("cumulative", "sum", {"P01"}),
        ("plan", "sum", {"P02"}),
        ("common state", "same", {"P04"}),
        ("common flow", "same", {"P03", "P05"}),
        ("used flow", "max", {"P03"}),
        ("apart", "none", {"P03", "P05"}),
    ],
)
def test_how_a_count_is_merged_and_compared_follows_from_what_it_is(
    said: str, merged: str, compared: set[str], tmp_path: Path
) -> None:
    form = small_form(tmp_path, f"a, is: {said}")
    assert (form["a"].merge, codes_of(form, "a")) == (merged, compared)


@pytest.mark.parametrize(
    ("said", "merged"),
    [("part: a, whole: b", "rate"), ("of: b", "weighted"), ("stt: '1'", "none")],
    ids=["of two rows", "of a base", "of what is not on the form"],
)
def test_how_a_share_is_merged_follows_from_what_it_is_of(said: str, merged: str, tmp_path: Path) -> None:
    form = small_form(tmp_path, "a, is: flow", "b, is: flow", f"c, kind: percent, is: share, {said}")
    assert form["c"].merge == merged


def test_a_share_is_not_compared_with_an_earlier_one_for_it_follows_from_its_parts(tmp_path: Path) -> None:
    rows = ("a, is: cumulative", "b, is: plan", "c, kind: percent, is: share, part: a, whole: b")
    assert codes_of(small_form(tmp_path, *rows), "c") == set()


@pytest.mark.parametrize("before", ["merge: sum", "merge: same, stock: true", "merge: sum, cumulative: true", "stt: a"])
def test_a_form_of_before_says_the_same_in_its_own_fields(before: str, tmp_path: Path) -> None:
    said = {"merge: sum": "flow", "merge: same, stock: true": "common state", "stt: a": "apart"}
    old = small_form(tmp_path, f"a, {before}")
    new = small_form(tmp_path, f"a, is: {said.get(before, 'cumulative')}")
    assert old["a"].merge == new["a"].merge
    assert codes_of(old, "a") == codes_of(new, "a")


@pytest.mark.parametrize(
    "row",
    [
        "a, is: flow state",
        "a, is: common",
        "a, is: stream",
        "a, is: ''",
        "a, is: share",
        "a, kind: percent, is: state",
        "a, is: answer",
        "a, kind: yes_no, is: flow",
    ],
)
def test_words_that_no_row_can_be_are_refused(row: str, tmp_path: Path) -> None:
    assert set(mistakes(tmp_path, row)) == {"bad_value"}


def test_what_is_said_already_is_not_said_again(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a, is: flow, merge: sum, stock: true") == ["said_by_is", "said_by_is"]


@pytest.mark.parametrize("change", ["stock: true", "is: state"])
def test_a_form_that_extends_another_changes_what_a_row_is_in_either_way(change: str, tmp_path: Path) -> None:
    small_form(tmp_path, "a, is: common flow" if change == "stock: true" else "a, merge: sum, cumulative: true")
    later = tmp_path / "sau"
    later.mkdir()
    (later / "form.yaml").write_text(f"extends: bieu\nform: sau\nindicators: [{{id: a, {change}}}]\n", "utf-8")
    row = load_form(later)["a"]
    assert row.stock
    assert row.merge == ("same" if change == "stock: true" else "sum")


def test_every_word_can_be_said_and_is_said_again_in_the_same_words() -> None:
    for word in WORDS:
        said = word if word not in {Units.COMMON, Units.USED} else f"{word} flow"
        nature = nature_of(said.split())
        assert nature is not None
        assert nature.words == said


def test_the_plan_of_a_year_wins_over_cumulative_as_it_did_before() -> None:
    assert nature_before("sum", stock=False, cumulative=True, annual_plan=True).annual_plan


def test_tasks_that_were_overdue_and_are_done_now_contradict_no_earlier_report(form: Form) -> None:
    overdue = {"1.4.4": 12, "1.4.4.tinh": 2, "1.4.4.huyen": 10}
    settled = dict.fromkeys(overdue, 0)
    now, before = submission_of(settled, period="2023-H1"), submission_of(overdue, period="2023-Q1")
    found = [it for it in check(now, form, [before]).findings if it.code[0] == "P"]
    assert found == []
