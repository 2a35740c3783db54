"""Rules from the documentation of other systems, said in this language: each holds and fails where theirs does.

Sources: R's validate, validatetools and errorlocate (vignettes, "The Data Validation Cookbook"), Statistics Canada's
Banff (user guide), Statistics Netherlands (Handbook of Statistical Data Editing and Imputation).

What the language cannot say: anything over many records (a mean, a correlation, uniqueness, an outlier among units,
which the checks between units look for), text patterns and dates, logarithms and powers, names for intermediate
results, and more than one earlier report of one kind in a sum.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cchc_excel.form.language import Record, compile_condition, parse, prose
from cchc_excel.form.language.excel import Where, excel_verdict
from cchc_excel.form.language.linear import NotLinear, linear, numbered

ANSWERS = {"married": ("Có", "Không"), "size": ("sc0", "sc1", "sc2", "sc3")}
Figures = Mapping[str, int | str]

RULES: list[tuple[str, str, Figures, Figures, bool]] = [
    # (theirs, ours, holds, fails, whether the solver reads it)
    (
        "errorlocate: if (age < 18) married == FALSE",
        '[age] < 18 => [married] == "Không"',
        {"age": 12, "married": "Không"},
        {"age": 12, "married": "Có"},
        True,
    ),
    (
        "validate: turnover + other.rev == total.rev, blanks as 0",
        "first_nonblank([turnover], 0) + first_nonblank([other], 0) == [total]",
        {"turnover": 9, "total": 9},
        {"turnover": 9, "total": 8},
        True,
    ),
    (
        "validate: if (staff > 0) staff.costs > 0",
        "[staff] > 0 => [costs] > 0",
        {"staff": 3, "costs": 60},
        {"staff": 3, "costs": 0},
        True,
    ),
    (
        "errorlocate: profit / turnover <= 0.6, with turnover > 0",
        "if([turnover] > 0, [profit] <= 0.6 * [turnover], [profit] <= 0)",
        {"profit": 6, "turnover": 10},
        {"profit": 1, "turnover": 0},
        True,
    ),
    (
        "validate: abs(total - turnover - other) <= 1",
        "abs([total] - [turnover] - [other]) <= 1",
        {"total": 10, "turnover": 6, "other": 5},
        {"total": 10, "turnover": 6, "other": 6},
        True,
    ),
    (
        'validate: size %in% c("sc1", "sc2")',
        '[size] in {"sc1", "sc2"}',
        {"size": "sc1"},
        {"size": "sc0"},
        True,
    ),
    (
        "validate: is_complete(staff, turnover)",
        "count_given([staff], [turnover]) == 2",
        {"staff": 1, "turnover": 2},
        {"staff": 1},
        True,
    ),
    (
        "Banff: 0.5 <= costs / staff <= 2.5",
        "0.5 * [staff] <= [costs] <= 2.5 * [staff]",
        {"costs": 2, "staff": 1},
        {"costs": 3, "staff": 1},
        True,
    ),
    (
        "Banff: a positive part needs a positive whole, and a whole its largest part",
        "max([turnover], [other]) <= [total] and ([total] > 0 => max([turnover], [other]) > 0)",
        {"turnover": 3, "other": 4, "total": 7},
        {"turnover": 0, "other": 0, "total": 7},
        True,
    ),
    (
        "validate: x %% 1000 == 0 (amounts in thousands)",
        "mod([turnover], 1000) == 0",
        {"turnover": 4000},
        {"turnover": 4001},
        False,
    ),
    (
        "CBS: the thousand error, x / previous(x) between 1/300 and 300",
        "previous([turnover]) / 300 < [turnover] < 300 * previous([turnover])",
        {"turnover": 5, "before": 4},
        {"turnover": 5000, "before": 5},
        False,
    ),
]


@pytest.mark.parametrize(("text", "holds", "fails", "is_linear"), [it[1:] for it in RULES], ids=[it[0] for it in RULES])
def test_a_published_rule_can_be_said(text: str, holds: Figures, fails: Figures, is_linear: bool) -> None:
    node, keys = parse(text), ("age", "married", "turnover", "other", "total", "staff", "costs", "profit", "size")
    for figures, wanted in ((holds, True), (fails, False)):
        record = Record(
            {key: value for key, value in figures.items() if key != "before"},
            previous=Record({"turnover": figures.get("before", 0)}),
        )
        assert compile_condition(node)(record) is wanted
        try:
            linear(numbered(node, ANSWERS), record)
            assert is_linear
        except NotLinear:
            assert not is_linear
    cells = {key: f"A{place}" for place, key in enumerate(keys, start=1)}
    assert excel_verdict(node, Where(cells, ANSWERS, cells))
    assert prose(node, "vi")
    assert prose(node, "en")
