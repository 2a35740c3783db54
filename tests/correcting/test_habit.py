"""How a form writes its percentages is evidence: 97 among 28,57 and 96,43 came out even."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from consistent import Figures, submission_of
from small_forms import findings_of, small_form

from cchc_excel.checking import check, record_of
from cchc_excel.correcting import Policy, propose
from cchc_excel.correcting.apply import changes_of
from cchc_excel.correcting.habit import usual_decimals
from cchc_excel.form import Form

TWO_OF_THREE, ONE_OF_SIX = (2, 3, "66.67"), (1, 6, "16.67")
WHOLE_NUMBERS = (2, 3, "67"), (1, 6, "17")


def three_rates(tmp_path: Path) -> Form:
    rows = [(f"p{k}, kind: percent, unit: '%', part: a{k}, whole: n{k}", f"n{k}", f"a{k}") for k in (1, 2, 3)]
    return small_form(tmp_path, *(row for of_rate in rows for row in of_rate))


def typed(*rates: tuple[int, int, str | None]) -> Figures:
    """The figures of rates, each given as its part, its whole and the percentage as written."""
    figures: Figures = {}
    for k, (part, whole, written) in enumerate(rates, start=1):
        number = None if written is None else Fraction(written)
        share = int(number) if number is not None and number.denominator == 1 else number
        figures |= {f"p{k}": share, f"n{k}": whole, f"a{k}": part}
    return figures


def carried_out(form: Form, figures: Figures) -> dict[str, object]:
    submission = submission_of(figures)
    findings = propose(check(submission, form).findings, submission, form)
    return {it.indicator: it.after for it in changes_of(findings, submission, form, Policy.SUGGESTED)}


@pytest.mark.parametrize(
    ("rates", "usual"),
    [
        ((TWO_OF_THREE, ONE_OF_SIX, (1, 2, "50")), 2),
        ((*WHOLE_NUMBERS, (1, 2, "50")), 0),
        ((TWO_OF_THREE, ONE_OF_SIX, (1, 3, "33.3")), None),  # one is rounded otherwise
        ((TWO_OF_THREE, (2, 3, "66.67"), (1, 2, "50")), None),  # one alone was rounded, twice the same
        ((TWO_OF_THREE, ONE_OF_SIX, (1, 2, "87")), 2),  # what is wrong says nothing
    ],
)
def test_the_usual_decimals_are_those_to_which_every_percentage_that_holds_was_rounded(
    tmp_path: Path, rates: tuple[tuple[int, int, str], ...], usual: int | None
) -> None:
    form = three_rates(tmp_path)
    assert usual_decimals(record_of(submission_of(typed(*rates)), form), form) == usual


def test_a_round_percentage_came_out_even_where_the_others_have_decimals(tmp_path: Path) -> None:
    """68 % is 34 of 50; in a form of whole percents it may as well be the 68 that is wrong."""
    form, wrong = three_rates(tmp_path), (37, 50, "68")
    assert carried_out(form, typed(TWO_OF_THREE, ONE_OF_SIX, wrong)) == {"a3": 34}
    assert findings_of(form, typed(*WHOLE_NUMBERS, wrong))["A02", "p3"].ways[0].changes[0].indicator == "p3"


def test_a_component_that_makes_the_percentage_less_exactly_than_the_others_is_not_put_in_unasked(
    tmp_path: Path,
) -> None:
    """97 of 145 is 66,9, and this form would have written that and not 67."""
    form, wrong = three_rates(tmp_path), (79, 145, "67")
    assert carried_out(form, typed(TWO_OF_THREE, ONE_OF_SIX, wrong)) == {}
    assert carried_out(form, typed(*WHOLE_NUMBERS, wrong)) == {"a3": 97}


@pytest.mark.parametrize(
    ("rate", "why"),
    [
        ((14, 28, "10"), "14 of 140: one digit makes a 10 of the 50 as well"),
        ((215, 215, "40"), "86 of 215: two figures that say the same bear each other out"),
        ((4, 2, "4"), "4 of 100: the part was typed into the percentage"),
    ],
)
def test_a_round_percentage_names_no_component_where_it_may_be_wrong_itself(
    tmp_path: Path, rate: tuple[int, int, str], why: str
) -> None:
    assert carried_out(three_rates(tmp_path), typed(TWO_OF_THREE, ONE_OF_SIX, rate)) == {}, why


def test_a_comma_was_moved_only_where_the_percentage_is_then_written_as_the_others(tmp_path: Path) -> None:
    """2 of 17 is 11,76; 2 of 170 is 1,18, and no one who writes two decimals wrote 1,176."""
    form = three_rates(tmp_path)
    assert carried_out(form, typed(TWO_OF_THREE, ONE_OF_SIX, (2, 170, "11.76"))) == {"n3": 17}
    assert carried_out(form, typed(TWO_OF_THREE, ONE_OF_SIX, (20, 170, "1.176"))) == {"p3": Fraction("11.76")}
    assert carried_out(form, typed(TWO_OF_THREE, ONE_OF_SIX, (20, 170, "117.6"))) == {"p3": Fraction("11.76")}


def test_a_percentage_with_decimals_among_round_ones_had_its_comma_moved(tmp_path: Path) -> None:
    """6,7 may be 67 % of 4 of 6, or 4 of 60; in a form of whole percents it was 67."""
    assert carried_out(three_rates(tmp_path), typed(*WHOLE_NUMBERS, (4, 6, "6.7"))) == {"p3": Fraction("66.67")}


def test_a_percentage_that_may_stay_blank_after_a_change_says_nothing_against_it(tmp_path: Path) -> None:
    rates = ("p1, kind: percent, unit: '%', part: a1, whole: n1", "n1", "a1")
    others = ("p2, kind: percent, unit: '%', part: a2, whole: n2", "n2", "a2")
    of_a_total = ("p3, kind: percent, unit: '%', part: a3, whole: t", "t, total_of: [a3, b]", "a3", "b")
    form = small_form(tmp_path, *rates, *others, *of_a_total)
    figures = typed(TWO_OF_THREE, ONE_OF_SIX) | {"p3": None, "t": 9, "a3": 0, "b": 0}
    assert carried_out(form, figures) == {"t": 0}
