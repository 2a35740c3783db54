"""What the rules of a form say together: needless ones, contradictions, rows that they fix. Known answers of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_forms import small_form

from cchc_excel.commands.form import FormFolderOptions, run_form_check
from cchc_excel.drafting.audit import Audit
from cchc_excel.form import Form, load_form

MONEY = (
    "turnover, kind: money, negative: true",
    "cost, kind: money, negative: true",
    "profit, kind: money, negative: true",
)
JOB = ("income, kind: money", "job, kind: yes_no")


def rule(code: str, text: str, holds: str, fails: str, more: str = "") -> str:
    return f"code: {code}, assert: '{text}', holds_for: {{{holds}}}, fails_for: {{{fails}}}{more}"


def found(form: Form) -> list[tuple[str, str, str]]:
    """Kind, codes and what else is said of each mistake and remark."""
    audit = Audit(form)
    told = [*audit.mistakes("checks.yaml"), *audit.remarks("checks.yaml")]
    facts = [(it.kind, dict(it.facts)) for it in told]
    return [
        (kind, it.get("codes") or it["code"], it.get("where") or it.get("by") or it.get("value", ""))
        for kind, it in facts
    ]


PROFIT = rule(
    "L01", "[profit] == [turnover] - [cost]", "profit: 1, turnover: 3, cost: 2", "profit: 2, turnover: 3, cost: 2"
)
TURNOVER = rule("L02", "[turnover] > 0", "turnover: 1", "turnover: 0")
COST = rule("L03", "[cost] > 0", "cost: 1", "cost: 0")
MOST = rule("L04", "[cost] >= 0.6 * [turnover]", "cost: 1, turnover: 1", "cost: 1, turnover: 2")


def test_a_rule_that_several_imply_together_is_seen_and_no_other(tmp_path: Path) -> None:
    """Known: of profit = turnover - cost, turnover > 0, cost > 0, cost >= 0.6 turnover the third is redundant."""
    form = small_form(tmp_path, *MONEY, checks=(PROFIT, TURNOVER, COST, MOST))
    assert found(form) == [("implied_together", "L03", "L02 (turnover), L04 (cost)")]


@pytest.mark.parametrize("left_out", [PROFIT, TURNOVER, MOST])
def test_without_one_of_those_that_imply_it_a_rule_says_something(tmp_path: Path, left_out: str) -> None:
    form = small_form(tmp_path, *MONEY, checks=tuple(it for it in (PROFIT, TURNOVER, COST, MOST) if it != left_out))
    assert [told for told in found(form) if told[1] == "L03"] == (
        [("implied_together", "L03", "L02 (turnover), L04 (cost)")] if left_out == PROFIT else []
    )


def test_of_two_rules_that_say_the_same_one_is_needless(tmp_path: Path) -> None:
    same = rule("L05", "0 < [turnover]", "turnover: 1", "turnover: 0")
    form = small_form(tmp_path, *MONEY, checks=(TURNOVER, same))
    assert found(form) == [("implied", "L05", "L02 (turnover)")]


def test_a_row_that_rules_fix_is_seen_with_its_value(tmp_path: Path) -> None:
    """validatetools: x >= 0 and x <= 0 fix x at 0."""
    rules = (
        rule("L01", "[turnover] >= 0", "turnover: 0", "turnover: -1"),
        rule("L02", "[turnover] <= 0", "turnover: 0", "turnover: 1"),
    )
    assert found(small_form(tmp_path, *MONEY, checks=rules)) == [("fixed", "L01, L02", "0")]


def test_a_count_that_cannot_be_negative_is_fixed_by_one_rule(tmp_path: Path) -> None:
    rules = (rule("L02", "[a] <= [b]", "a: 0, b: 0", "a: 1, b: 0"), rule("L03", "[b] < 1", "b: 0", "b: 1"))
    assert found(small_form(tmp_path, "a", "b", checks=rules)) == [("fixed", "L02, L03", "0"), ("fixed", "L03", "0")]


INCOME = rule("L01", '[income] > 0 => [job] == "Có"', "income: 1, job: Có", "income: 1, job: Không")
NO_INCOME = rule("L02", '[job] == "Có" => [income] == 0', "income: 0, job: Có", "income: 1, job: Có")


def test_implications_that_contradict_each_other_are_seen_with_where(tmp_path: Path) -> None:
    """validatetools: if income > 0 then job; if job then income = 0: contradict where income > 0."""
    form = small_form(tmp_path, *JOB, checks=(INCOME, NO_INCOME))
    assert found(form) == [("contradiction_where", "L01, L02", "[income] > 0"), ("fixed", "L01, L02", "0")]


def test_rules_that_contradict_each_other_are_not_said_to_imply_all_others(tmp_path: Path) -> None:
    too_low, too_high = (
        rule("L05", "[cost] > 9", "cost: 10", "cost: 9"),
        rule("L06", "[cost] < 5", "cost: 4", "cost: 5"),
    )
    unlike = rule("L07", "[cost] + [profit] > 20", "cost: 10, profit: 11", "cost: 10, profit: 10")
    form = small_form(tmp_path, *MONEY, checks=(too_low, too_high, unlike))
    assert found(form) == [("contradiction", "L05, L06", "")]


def test_implications_that_can_stand_together_are_fine(tmp_path: Path) -> None:
    other = rule("L02", '[job] == "Không" => [income] == 0', "income: 0, job: Không", "income: 1, job: Không")
    assert found(small_form(tmp_path, *JOB, checks=(INCOME,))) == []
    assert found(small_form(tmp_path, *JOB, checks=(INCOME, other))) == [("implied", "L02", "L01 (income)")]


def test_rules_of_different_times_neither_contradict_nor_imply(tmp_path: Path) -> None:
    before = rule("L01", "[turnover] > 5", "turnover: 6", "turnover: 5", ", until: 2024-Q4")
    after = rule("L02", "[turnover] < 5", "turnover: 4", "turnover: 5", ", from: 2025-Q1")
    assert found(small_form(tmp_path, *MONEY, checks=(before, after))) == []


def test_what_a_rule_asks_of_blanks_is_no_reason_against_another(tmp_path: Path) -> None:
    rules = (
        rule("L01", "both_or_neither([a] > 0, [b])", "a: 1, b: 1", "a: 1"),
        rule("L02", "[a] <= 0", "a: 0", "a: 1"),
    )
    assert [kind for kind, code, _ in found(small_form(tmp_path, "a", "b", checks=rules)) if "L01" in code] == []


def test_a_remark_is_printed_and_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_form(tmp_path, *MONEY, checks=(PROFIT, TURNOVER, COST, MOST))
    assert run_form_check(FormFolderOptions(source=tmp_path / "bieu", lang="vi")) == 0
    assert "Quy tắc L03 suy ra được từ L02 (turnover), L04 (cost)" in capsys.readouterr().out


def test_what_is_said_of_a_form_that_is_extended_names_the_file_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_form(tmp_path, *MONEY, "share, kind: percent, unit: '%'", checks=(PROFIT, TURNOVER, COST, MOST))
    (tmp_path / "con").mkdir()
    (tmp_path / "con" / "form.yaml").write_text("form: con\nextends: bieu\n", "utf-8")
    assert run_form_check(FormFolderOptions(source=tmp_path / "con", lang="vi")) == 0
    places = [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines()]
    assert places[:2] == ["bieu/checks.yaml:4:", "bieu/form.yaml:9:"]


@pytest.mark.parametrize("name", ["cchc_xa_quy", "vi_du", "cchc_xa_2025"])
def test_the_rules_of_the_shipped_forms_neither_contradict_nor_fix_anything(name: str) -> None:
    assert list(Audit(load_form(name)).mistakes("checks.yaml")) == []
