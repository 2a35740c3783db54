"""The Excel reading of the rule language: what a spreadsheet engine calculates is what the evaluator says."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import ironcalc
import pytest
import xlsxwriter
from calculated import VERDICTS, loaded, put
from conditions import KEYS, as_record, conditions, judged, records
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_forms import NO_ANSWER, UNREAD, Cells, is_given, random_cells, record_of_cells
from small_forms import small_form

from cchc_excel.form import Check, Form, Missing, load_form
from cchc_excel.form.language import Node, Record, Truth, compile_condition, parse, parse_number
from cchc_excel.form.language.excel import MAX_LEVELS, NotInExcel, Where, excel_verdict

FORMS = 500  # so many that every check holds and fails


def formula_of(check: Check, where: Where) -> str:
    """A check as Excel sees it."""
    as_zero = check.missing is not Missing.SKIP_IF_ANY
    return excel_verdict(check.condition, where, as_zero=as_zero, unless_none_of=check.needed)


class Sheet:
    """All checks of a form over a column of cells, with an earlier submission beside it."""

    def __init__(self, form: Form) -> None:
        self.form, self.rows = form, {row.id: place for place, row in enumerate(form.entries, start=1)}
        where = Where(
            {key: f"Cells!$A${row}" for key, row in self.rows.items()},
            {row.id: tuple(row.options) for row in form.entries if row.kind.is_text},
            {key: f"Cells!$B${row}" for key, row in self.rows.items()},
        )
        buffer = BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            book.add_worksheet("Cells")
            sheet = book.add_worksheet("Checks")
            for place, check in enumerate(form.checks):
                sheet.write_formula(place, 0, "=" + formula_of(check, where))
        self.model = loaded(buffer.getvalue())

    def verdicts(self, cells: Cells, before: Cells) -> list[Truth]:
        for column, contents in ((1, cells), (2, before)):
            for key, content in contents.items():
                as_read = content if content is None or is_given(self.form[key], content) else UNREAD
                put(self.model, 0, self.rows[key], column, as_read)
        self.model.evaluate()
        return [VERDICTS[self.model.get_cell_value(1, row, 1)] for row in range(1, len(self.form.checks) + 1)]


@pytest.mark.parametrize("name", ["cchc_xa_quy", "vi_du"])
def test_every_check_of_every_form_gets_the_verdict_of_the_evaluator(name: str) -> None:
    form = load_form(name)
    sheet, checks = Sheet(form), [(check, judged(check)) for check in form.checks]
    cases = [case.values for check in form.own_checks() for case in (*check.holds_for, *check.fails_for)]
    met: dict[str, set[Truth]] = {}
    for number in range(FORMS):
        cells, before = random_cells(number, form), random_cells(number + 1, form)
        cells = {**cells, **(cases[number] if number < len(cases) else {})}  # of rare figures each rule's own, once
        earlier = record_of_cells(before, form)  # the one that a sheet has, whichever is asked for
        record = replace(record_of_cells(cells, form, earlier), just_before=earlier, same_period_last_year=earlier)
        expected = [verdict(record) for _, verdict in checks]
        found = sheet.verdicts(cells, before)
        assert found == expected, (number, _differing(checks, found, expected, record))
        for (check, _), verdict in zip(checks, found, strict=True):
            met.setdefault(check.code, set()).add(verdict)
    assert {code: verdicts for code, verdicts in met.items() if not {True, False} <= verdicts} == {}


ROWS = (
    *("a, required: false", "b, negative: true", "c, at_least: 3", "d, kind: percent, required: false"),
    *("e, kind: percent", "q, kind: choice, options: {Một: [], Hai: [], Ba: []}", "t, total_of: [a, c]"),
)
CASES = "holds_for: {%s}, fails_for: {%s}"
RULES = (
    "code: L01, for: [a, b], soft: '[*] <= 10', hard: '[*] <= 60', "
    "holds_for: {'*': 1}, warns_for: {'*': 20}, fails_for: {'*': 99}",
    "code: L02, assert: '[a] + [b] <= [c]', missing: {left: as_zero}, " + CASES % ("a: 1, c: 1", "a: 2, c: 1"),
    "code: L03, assert: '[d] + [e] <= 100', missing: {left: skip_if_all}, " + CASES % ("d: 100", "d: 101"),
    "code: L04, assert: '[d] + [e] == 100', missing: {left: as_zero, right: as_zero}, " + CASES % ("d: 100", "d: 99"),
    "code: L05, assert: 'if([q] == \"Một\", [a], first_nonblank([b], [c], 0)) <= 50', "
    + CASES % ("q: Một, a: 1", "q: Hai, b: 51"),
    'code: L06, assert: \'[q] in {"Hai", "Ba"} => mod([c], 5) == 0\', ' + CASES % ("q: Hai, c: 5", "q: Ba, c: 4"),
    "code: L07, assert: 'count_given([a], [d], [q]) >= 2', " + CASES % ("a: 1, d: 1", "a: 1"),
    "code: L08, assert: '[c] not in {0, 7} or blank([a] + [d])', " + CASES % ("c: 1, a: 1, d: 1", "c: 7, a: 1, d: 1"),
)


def test_every_field_of_a_rule_means_the_same_in_a_workbook(tmp_path: Path) -> None:
    form = small_form(tmp_path, *ROWS, checks=RULES)
    sheet, checks = Sheet(form), [(check, judged(check)) for check in form.checks]
    met: dict[tuple[str, str], set[Truth]] = {}
    for number in range(400):
        cells, before = random_cells(number, form), random_cells(number + 1, form)
        record = record_of_cells(cells, form, record_of_cells(before, form))
        expected = [verdict(record) for _, verdict in checks]
        found = sheet.verdicts(cells, before)
        assert found == expected, (number, _differing(checks, found, expected, record))
        for (check, _), verdict in zip(checks, found, strict=True):
            met.setdefault((check.code, check.target), set()).add(verdict)
    assert {place: it for place, it in met.items() if place[0][0] == "L" and not {True, False} <= it} == {}


def _differing(checks: list[Any], found: list[Truth], expected: list[Truth], record: Record) -> list[Any]:
    return [
        (check.code, check.target, one, other, [record.values.get(key) for key in check.involved])
        for (check, _), one, other in zip(checks, found, expected, strict=True)
        if one is not other
    ]


# --- any condition

WHERE = Where(
    {key: f"$A${row}" for row, key in enumerate(KEYS, start=1)},
    previous={key: f"$B${row}" for row, key in enumerate(KEYS, start=1)},
)


@pytest.fixture(scope="module")
def blank_sheet() -> Any:
    return ironcalc.create("blank", "en", "UTC", "en")


def calculated(model: Any, formula: str) -> Any:
    model.update_cell_with_formula(0, 1, 3, "=" + formula)
    model.evaluate()
    return model.get_cell_value(0, 1, 3)


@settings(max_examples=600)
@given(text=conditions, row=records, before=records, as_zero=st.booleans())
def test_any_condition_gets_the_verdict_of_the_evaluator(
    blank_sheet: Any, text: str, row: dict[str, Any], before: dict[str, Any], as_zero: bool
) -> None:
    for column, figures in ((1, row), (2, before)):
        for place, key in enumerate(KEYS, start=1):
            put(blank_sheet, 0, place, column, figures[key])
    try:
        formula = excel_verdict(parse(text), WHERE, as_zero=as_zero)
    except NotInExcel:
        # those that say what they are made of more than once, and so grow with every level
        assume(not any(name in text for name in ("both_or_neither", "mod(", "if(")))
        raise
    expected = compile_condition(parse(text), as_zero=as_zero)(as_record(row, before))
    assert VERDICTS[calculated(blank_sheet, formula)] is expected


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("[a] / [b] <= 5", {"a": 7, "b": 0}, ""),
        ("[a] / [b] <= 5", {"a": 7, "b": 2}, 1),
        ("[a] / ([b] - [c]) <= 5 or [a] == 7", {"a": 7, "b": 2, "c": 2}, 1),
        ("round([a], 2) == 2.68", {"a": Fraction("2.675")}, 1),
        ("round(-[a] / 2, 0) == -2", {"a": 3}, 1),
        ("[a] + [b] == 0.3", {"a": Fraction("0.1"), "b": Fraction("0.2")}, 1),
        (" + ".join(["[a]"] * 300) + " <= 30", {"a": Fraction("0.1")}, 1),  # 30.000000000000156 in binary
        ("mod([a] * 3, 0.1) == 0", {"a": Fraction("0.1")}, 1),  # 0.30000000000000004 in binary
        ("if([b] != 0, [a] / [b], 0) == 0", {"a": 7, "b": 0}, 1),
        ("if([b] != 0, [a] / [b], 0) == 3.5", {"a": 7, "b": 2}, 1),
        ("if([c] > 0, [a], 0) == 0", {"a": 7, "b": 2}, ""),
        ("[a] in {0.3, 7}", {"a": Fraction("0.3")}, 1),
        ("first_nonblank([c], [b], [a] / [c]) == 2", {"b": 2}, 1),
        ("[a] * 3 < 0.6 or min([a], [b], [c]) > 0", {"a": Fraction("0.2"), "b": 1, "c": 1}, 1),
    ],
)
def test_a_formula_calculates_only_what_can_be_calculated(
    blank_sheet: Any, text: str, values: dict[str, int | Fraction], expected: float | str
) -> None:
    for place, key in enumerate(KEYS, start=1):
        put(blank_sheet, 0, place, 1, values.get(key))
    assert calculated(blank_sheet, excel_verdict(parse(text), WHERE)) == expected


@pytest.mark.parametrize(
    ("content", "verdicts"),
    [
        (None, (1, "", 1)),
        ("", (1, "", 1)),
        ("=1/0", ("", "", "")),
        (UNREAD, ("", "", "")),
        ("0", ("", "", "")),
        (0, (0, 1, 1)),
    ],
)
def test_a_text_or_an_error_in_a_number_cell_is_neither_blank_nor_zero(
    blank_sheet: Any, content: Any, verdicts: tuple[Any, ...]
) -> None:
    _type(blank_sheet, content)
    formulas = [excel_verdict(parse(text), WHERE, as_zero=zero) for text, zero in _ABOUT_A]
    assert tuple(calculated(blank_sheet, formula) for formula in formulas) == verdicts


_ABOUT_A = (("blank([a])", False), ("[a] <= 5", False), ("[a] <= 5", True))


def _type(model: Any, content: Any) -> None:
    if content in {"", "=1/0"}:  # a formula's empty text, and its error
        model.update_cell_with_formula(0, 1, 1, content or '=""')
    else:
        put(model, 0, 1, 1, content)


@pytest.mark.parametrize(
    ("content", "verdicts"),
    [
        ("Có", (1, 0, 0)),
        ("Không", (0, 1, 0)),
        ("CÓ", ("", "", "")),
        (NO_ANSWER, ("", "", "")),
        (1, ("", "", "")),
        (None, ("", "", 1)),
        ("", ("", "", 1)),
        ("=1/0", ("", "", "")),
    ],
)
def test_an_answer_counts_only_as_it_is_listed(blank_sheet: Any, content: Any, verdicts: tuple[Any, ...]) -> None:
    where = Where({"a": "$A$1"}, {"a": ("Có", "Không")})
    _type(blank_sheet, content)
    texts = ('[a] == "Có"', '[a] != "Có"', "blank([a])")
    assert tuple(calculated(blank_sheet, excel_verdict(parse(text), where)) for text in texts) == verdicts


def test_a_check_that_skips_if_all_are_blank_needs_one_that_is_not(blank_sheet: Any) -> None:
    formula = excel_verdict(parse("[a] + [b] <= 5"), WHERE, as_zero=True, unless_none_of=[("a", "b")])
    found = []
    for contents in ((None, None), (UNREAD, None), (7, None), (None, 5)):
        for place, content in enumerate(contents, start=1):
            put(blank_sheet, 0, place, 1, content)
        found.append(calculated(blank_sheet, formula))
    assert found == ["", "", 0, 1]


# --- limits


def test_a_check_over_time_cannot_be_written_without_the_earlier_figures() -> None:
    with pytest.raises(NotInExcel):
        excel_verdict(parse("[a] >= previous([a])"), Where({"a": "A1"}))


def deep(node: Node) -> Node:
    for _ in range(MAX_LEVELS):
        node = Node("abs", (node,))
    return node


A = Node("entry", (), "a")


@pytest.mark.parametrize(
    "number",
    [parse_number(" + ".join(["[a]"] * 300)), deep(A), Node("sum", (A,) * 256)],
    ids=["long", "deep", "wide"],
)
def test_a_formula_beyond_excels_limits_is_refused(number: Node) -> None:
    with pytest.raises(NotInExcel):
        excel_verdict(Node(">", (number, A)), Where({"a": f"{31 * 'S'}!$A$1"}))
