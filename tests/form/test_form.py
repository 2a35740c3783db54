"""A form is a folder of data: what it implies, and how its mistakes are told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml
from small_forms import small_form

from cchc_excel.errors import FormDefinitionError, NoSuchForm
from cchc_excel.form import Form, Kind, Severity, load_form
from cchc_excel.wording import words

CATALOGUE = Path(__file__).parents[3] / "shared/reference/indicators.yaml"

SMALL = """
form: nho
version: "1"
title: "Biểu nhỏ"
columns:
  label: {title: "Nội dung"}
  value: {title: "Kết quả"}
indicators:
  - {id: a, kind: count, label: "Được giao"}
  - {id: b, kind: count, label: "Đã xong"}
  - {id: c, kind: percent, unit: "%", part: b, whole: a, label: "Tỷ lệ"}
"""


def folder(tmp_path: Path, form: str = SMALL, checks: str = "", name: str = "nho") -> Path:
    place = tmp_path / name
    place.mkdir(exist_ok=True)
    (place / "form.yaml").write_text(form, "utf-8")
    if checks:
        (place / "checks.yaml").write_text(checks, "utf-8")
    return place


def mistakes(tmp_path: Path, form: str = SMALL, checks: str = "") -> list[tuple[str, int, str]]:
    with pytest.raises(FormDefinitionError) as caught:
        load_form(folder(tmp_path, form, checks))
    return [(Path(it.file).name, it.line, it.kind) for it in caught.value.mistakes]


def test_the_standard_form_has_103_rows_of_which_85_take_a_value(form: Form) -> None:
    assert (len(form.indicators), len(list(form.entries))) == (103, 85)


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue is not beside this checkout")
def test_the_standard_form_says_what_its_catalogue_says(form: Form) -> None:
    for row in yaml.safe_load(CATALOGUE.read_text("utf-8")):
        mine = form[row["id"]]
        printed = mine.printed
        assert (printed.label or mine.label, printed.unit if printed.unit is not None else mine.unit) == (
            row["label"],
            row["unit"],
        )
        assert (printed.stt or mine.stt, mine.kind, mine.merge) == (row["stt"], row["kind"], row["merge"])
        assert (mine.part, mine.whole, list(mine.total_of)) == (
            row.get("part"),
            row.get("whole"),
            row.get("total_of", []),
        )


def test_one_declared_percentage_gives_all_its_checks(tmp_path: Path) -> None:
    form = load_form(folder(tmp_path))
    codes = Counter(check.code for check in form.checks if "c" in check.involved)
    assert set(codes) == {"T04", "T05", "C03", "C04", "A02", "A03", "A04", "A06"}
    assert {check.code for check in form.checks if check.roles.get("whole") == "a"} == {
        *("C03", "C04", "A02", "A03", "A04", "A05", "A06")
    }


def test_every_own_check_of_the_standard_form_has_both_cases_and_all_its_sentences(form: Form) -> None:
    assert len(form.own_checks()) >= 35
    for check in form.own_checks():
        assert check.holds_for, check.code
        assert check.fails_for, check.code
        for language in ("vi", "en"):
            assert all(check.texts[name][language] for name in ("what", "why", "do", "says")), check.code


def test_a_folder_without_form_yaml_is_no_form(tmp_path: Path) -> None:
    with pytest.raises(NoSuchForm):
        load_form(tmp_path)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ('{id: d, kind: count, label: "x", unitt: "y"}', "unknown_field"),
        ('{id: d, kind: number, label: "x"}', "bad_value"),
        ("{id: d, kind: count}", "missing_field"),
        ('{id: a, kind: count, label: "x"}', "duplicate_id"),
        ('{id: d, kind: count, total_of: [a, z], label: "x"}', "unknown_id"),
        ('{id: d, kind: count, settled_by: [z], label: "x"}', "unknown_id"),
        ('{id: d, kind: percent, part: a, label: "x"}', "missing_field"),
        ('{id: d, kind: count, part: a, whole: b, label: "x"}', "wrong_kind"),
        ('{id: d, kind: count, total_of: [d], label: "x"}', "cycle"),
        ('{id: d, kind: choice, label: "x"}', "missing_field"),
        ('{id: d, kind: count, merge: average, label: "x"}', "bad_value"),
        ('{id: d, kind: count, required: maybe, label: "x"}', "bad_value"),
    ],
)
def test_a_mistake_in_a_row_is_told_with_its_line(tmp_path: Path, row: str, kind: str) -> None:
    assert ("form.yaml", 12, kind) in mistakes(tmp_path, f"{SMALL}  - {row}\n")


CHECK = """checks:
  - code: L01
    assert: "{asserts}"
    what: "x"
    why: "x"
    do: "x"
    holds_for: {{a: 2, b: 1}}
    fails_for: {{a: 1, b: 2}}
"""


@pytest.mark.parametrize(
    ("asserts", "kind", "line"),
    [
        ("[b] <= [z]", "unknown_id", 3),
        ("[b] <=", "bad_expression", 3),
        ("[b] + [a]", "bad_expression", 3),
        ("[a] <= [b]", "case_wrong", 7),
    ],
)
def test_a_mistake_in_a_check_is_told_with_its_line(tmp_path: Path, asserts: str, kind: str, line: int) -> None:
    assert ("checks.yaml", line, kind) in mistakes(tmp_path, checks=CHECK.format(asserts=asserts))


def test_a_check_without_a_case_that_fails_does_not_load(tmp_path: Path) -> None:
    text = CHECK.format(asserts="[b] <= [a]").replace("    fails_for: {a: 1, b: 2}\n", "")
    assert mistakes(tmp_path, checks=text) == [("checks.yaml", 2, "no_case")]


def test_a_code_used_twice_or_taken_from_a_built_in_check_is_refused(tmp_path: Path) -> None:
    one = CHECK.format(asserts="[b] <= [a]")
    twice = one + one.removeprefix("checks:\n")
    assert mistakes(tmp_path, checks=twice) == [("checks.yaml", 9, "duplicate_code")]
    assert mistakes(tmp_path, checks=one.replace("L01", "A02")) == [("checks.yaml", 2, "duplicate_code")]


def test_of_a_list_where_fields_belong_it_is_told_that_it_is_one(tmp_path: Path) -> None:
    with pytest.raises(FormDefinitionError) as caught:
        load_form(folder(tmp_path, SMALL, "- {code: L01}\n- {code: L02}\n"))
    assert ("value", "[…]") in caught.value.mistakes[0].facts


def test_all_mistakes_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    form = SMALL + '  - {id: d, kind: number, label: "x"}\n  - {id: e, label: "x"}\n'
    found = mistakes(tmp_path, form, CHECK.format(asserts="[b] <="))
    assert [(file, line) for file, line, _ in found] == [("form.yaml", 12), ("form.yaml", 13), ("checks.yaml", 3)]


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    assert ("form.yaml", 3, "not_yaml") in mistakes(tmp_path, "form: x\ntitle: [1\nversion: }\n")


def test_every_mistake_is_a_sentence_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(FormDefinitionError) as caught:
        load_form(folder(tmp_path, SMALL.replace("part: b", "part: bb"), CHECK.format(asserts="[b] ~ 1")))
    vi, en = (words(language).mistakes(caught.value) for language in ("vi", "en"))
    assert vi[0].startswith("nho/form.yaml:11: ")
    assert "bb" in vi[0]
    assert len(vi) == len(en) == 2


def test_a_later_version_lists_only_what_it_adds_changes_and_removes(tmp_path: Path) -> None:
    folder(tmp_path, checks=CHECK.format(asserts="[b] <= [a]"))
    later = """
extends: nho
form: nho_2025
indicators:
  - {id: b, label: "Đã hoàn thành"}
  - {id: d, kind: count, label: "Quá hạn", after: b}
"""
    form = load_form(folder(tmp_path, later, "remove: [L01]\n", name="nho_2025"))
    assert [row.id for row in form.indicators] == ["a", "b", "d", "c"]
    assert (form.id, form["b"].label, form["b"].kind) == ("nho_2025", "Đã hoàn thành", Kind.COUNT)
    assert form.own_checks() == ()


def test_a_check_on_probation_only_warns(tmp_path: Path) -> None:
    text = CHECK.format(asserts="[b] <= [a]").replace("    what:", "    beta: true\n    what:")
    (check,) = load_form(folder(tmp_path, checks=text)).own_checks()
    assert (check.severity, check.reported_severity) == (Severity.ERROR, Severity.WARNING)


def test_two_forms_that_differ_in_one_rule_differ_in_full_though_they_show_alike(tmp_path: Path) -> None:
    """What an earlier run kept counts only while the whole form is the same."""
    rule = 'code: L01, assert: "[a] <= [b]", holds_for: {a: 1, b: 2}, fails_for: {a: 3, b: 2}'
    one = small_form(tmp_path, "a", "b", checks=(rule,))
    same = small_form(tmp_path, "a", "b", checks=(rule,))
    (tmp_path / "other").mkdir()
    other = small_form(tmp_path / "other", "a", "b", checks=(rule.replace("<=", "<").replace("b: 2", "b: 3"),))
    assert one.in_full() == same.in_full() != other.in_full()
    assert repr(one) == repr(other)
