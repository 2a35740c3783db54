"""Where figures contradict each other, the finding says which entries may be wrong: all cheapest sets, in words."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from consistent import Figures, submission_of
from small_forms import findings_of, small_form

from cchc_excel.checking import check
from cchc_excel.commands.kept_examinations import as_plain, of_plain
from cchc_excel.corrected_copy.findings_sheet import findings_sheet
from cchc_excel.correcting import propose
from cchc_excel.excel.patching import SheetCell
from cchc_excel.finding import Finding, Suspects
from cchc_excel.form import Form, Language, load_form
from cchc_excel.form.row_names import names_of
from cchc_excel.pipeline import Examination
from cchc_excel.reporting.contract import as_json
from cchc_excel.reporting.page import as_page
from cchc_excel.reporting.terminal import as_table
from cchc_excel.wording import words

EQUAL = 'code: L01, assert: "[a] == [b]", holds_for: {a: 2, b: 2}, fails_for: {a: 2, b: 1}'
MESSAGE = 81  # characters of a line up to the end of the sentences; the figures stand beside them
ROW_OF = {"a": "Số hồ sơ loại a (ô D8)", "b": "Số hồ sơ loại b (ô D9)", "c": "Số hồ sơ loại c (ô D10)"}


def said(form: Form, figures: Figures, code: str) -> str:
    (finding,) = (it for (name, _), it in findings_of(form, figures).items() if name == code)
    return words("vi").suspects(finding, form)


def test_where_one_entry_suffices_each_that_would_is_named_with_its_cell(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a", "b", checks=(EQUAL,))
    wanted = f"Một trong các ô sau nhiều khả năng ghi sai: {ROW_OF['a']}; hoặc {ROW_OF['b']}."
    assert said(form, {"a": 3, "b": 5}, "L01") == wanted


def test_where_none_suffices_it_says_how_many_are_wrong_and_which_together(tmp_path: Path) -> None:
    other = 'code: L02, assert: "[c] == [a] + [b]", holds_for: {a: 2, b: 2, c: 4}, fails_for: {a: 2, b: 1, c: 1}'
    third = 'code: L03, assert: "[c] == 8", holds_for: {c: 8}, fails_for: {c: 1}'
    form = small_form(tmp_path, "a", "b", "c", checks=(EQUAL, other, third))
    found = findings_of(form, {"a": 3, "b": 7, "c": 8})
    assert {it.suspects.least for it in found.values() if it.suspects} == {2}
    assert words("vi").suspects(found["L01", "a"], form).startswith("Ít nhất 2 ô ghi sai, nhiều khả năng là: ")
    assert f"{ROW_OF['a']} và {ROW_OF['b']}" in words("vi").suspects(found["L01", "a"], form)


def test_findings_of_one_contradiction_say_the_same_and_independent_ones_do_not(tmp_path: Path) -> None:
    other = 'code: L02, assert: "[c] == [d]", holds_for: {c: 2, d: 2}, fails_for: {c: 2, d: 1}'
    third = 'code: L03, assert: "[a] <= [b] - 9", holds_for: {a: 1, b: 10}, fails_for: {a: 2, b: 1}'
    form = small_form(tmp_path, "a", "b", "c", "d", checks=(other, third, third.replace("L03", "L04")))
    found = findings_of(form, {"a": 3, "b": 5, "c": 1, "d": 4})
    sets = {code: it.suspects.sets for (code, _), it in found.items() if it.suspects}
    assert sets["L02"] == (("c",), ("d",))
    assert sets["L03"] == sets["L04"] == (("b",),)


def seven(tmp_path: Path) -> tuple[Form, Finding]:
    keys = "abcdefg"
    sum_of = " + ".join(f"[{key}]" for key in keys[1:])
    holds = ", ".join(f"{key}: {6 if key == 'a' else 1}" for key in keys)
    fails = ", ".join(f"{key}: 1" for key in keys)
    rule = f'code: L01, assert: "[a] == {sum_of}", holds_for: {{{holds}}}, fails_for: {{{fails}}}'
    form = small_form(tmp_path, *keys, checks=(rule,))
    return form, findings_of(form, {key: 170 if key == "a" else 30 for key in keys})["L01", "a"]


def test_five_ways_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    form, finding = seven(tmp_path)
    sentence = words("vi").suspects(finding, form)
    assert sentence.count("(ô D") == 5
    assert sentence.endswith("; và 2 khả năng khác.")


def test_a_program_gets_all_of_them(tmp_path: Path) -> None:
    form, finding = seven(tmp_path)
    told = json.loads(as_json([Examination("a.xlsx", "", None, (finding,))], form, words("vi")))
    assert told["workbooks"][0]["findings"][0]["sets"] == [[key] for key in "abcdefg"]


def test_only_an_error_that_contradicts_figures_has_suspects(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a", "b", checks=(EQUAL + ", severity: warning",))
    assert findings_of(form, {"a": 3, "b": 5})["L01", "a"].suspects is None
    assert findings_of(small_form(tmp_path, "a", "b"), {"a": None, "b": -1})["C01", "a"].suspects is None


def test_that_not_all_was_examined_is_said() -> None:
    form = load_form()
    some = Suspects((("1.2",),), 1, complete=False, cells={"1.2": submission_of({"1.2": 1}).entries["1.2"].cell})
    finding = Finding("A02", form.severity_of("A02"), ("1.2",), suspects=some)
    assert words("vi").suspects(finding, form).endswith("Có quá nhiều khả năng nên chưa xét được hết.")
    none = replace(finding, suspects=Suspects((), 1, complete=False, cells={}))
    assert "chưa xác định được ô nào ghi sai" in words("vi").suspects(none, form)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_terminal_page_and_findings_sheet_say_it(tmp_path: Path, language: Language) -> None:
    form = small_form(tmp_path, "a", "b", checks=(EQUAL,))
    submission, spoken = submission_of({"a": 3, "b": 5}), words(language)
    findings = propose(check(submission, form).findings, submission, form)
    sentence = spoken.suspects(findings[0], form)
    assert sentence
    examination = Examination("a.xlsx", "", submission, findings)
    text = StringIO()
    as_table([examination], form, spoken, text)
    said = " ".join(line[:MESSAGE] for line in text.getvalue().splitlines())
    assert sentence in " ".join(said.split())
    assert sentence in as_page([examination], form, spoken)
    cells = [cell for row in findings_sheet(findings, (), submission, form, spoken).rows for cell in row]
    texts = [cell.text if isinstance(cell, SheetCell) else cell for cell in cells]
    assert any(sentence in text for text in texts if text)


def test_they_are_kept_for_a_run_that_goes_on(tmp_path: Path) -> None:
    _, finding = seven(tmp_path)
    assert of_plain(as_plain(finding)) == finding


def test_a_row_s_name_is_never_cut_before_what_tells_it_from_another() -> None:
    names = load_form().names
    assert names["7.2.1"].endswith("mức độ công một …")
    assert names["7.2.2"].endswith("mức độ công toàn …")


def test_where_one_label_is_the_beginning_of_another_both_are_shown_beyond_it(tmp_path: Path) -> None:
    long = "Tổng số hồ sơ đã tiếp nhận trực tiếp, trực tuyến và qua bưu chính trong kỳ của phòng"
    form = small_form(tmp_path, f'a, label: "{long}"', f'b, label: "{long} một cửa"')
    assert list(names_of(form.indicators).values()) == [long, f"{long} một …"]
