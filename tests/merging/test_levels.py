"""A unit above the form's own level adds up what others report: some rules mean nothing there, some blanks are none."""

from __future__ import annotations

import pytest

from cchc_excel.checking import check
from cchc_excel.form import levels_above, load_form
from cchc_excel.merging.ways import underivable
from cchc_excel.reading.heading import level_of
from cchc_excel.submission import CellAddress, Entry, How, Submission

FORM = load_form()


def submission(level: str | None, **figures: int | str) -> Submission:
    """Every count 1, but for these figures (`_` in a name for `.` in the id)."""
    cell = CellAddress("B", 1, 1)
    given = {key.replace("_", "."): value for key, value in figures.items()}
    entries = {}
    for row in FORM.entries:
        value = given.get(row.id, 1 if row.kind.value == "count" else None)
        entries[row.id] = Entry(value, value, How.AS_TYPED if value is not None else How.BLANK, cell)
    return Submission("A", None, "a", entries, {}, level, underivable(FORM) if level else frozenset())


def codes(found: Submission) -> set[tuple[str, str]]:
    return {(finding.code, (*finding.indicators, "")[0]) for finding in check(found, FORM).findings}


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("UBND huyện Chợ Đồn", "huyen"),
        ("Ủy ban nhân dân quận Ba Đình", "huyen"),
        ("UBND thị xã Sơn Tây", "huyen"),
        ("thành phố Bắc Kạn", "huyen"),
        ("UBND tỉnh Bắc Kạn", "tinh"),
        ("UBND xã Bằng Lăng", None),
        ("UBND thị trấn Bằng Lũng", None),
        ("UBND xã Tỉnh Túc", None),
        (None, None),
    ],
)
def test_the_name_of_a_unit_tells_its_level(name: str | None, level: str | None) -> None:
    assert level_of(name) == level


def test_only_what_is_above_a_level_adds_it_up() -> None:
    assert levels_above("xa") == ("huyen", "tinh")
    assert levels_above("tinh") == ()
    assert levels_above("thôn") == ()


def test_a_rule_about_one_commune_is_not_held_against_a_district() -> None:
    many = {"4_1_1": 30, "4_2_1": 40}
    assert ("L33", "4.1.1") in codes(submission(None, **many))
    assert ("L33", "4.1.1") not in codes(submission("huyen", **many))


def test_a_row_that_cannot_be_added_up_is_no_blank_of_a_district() -> None:
    survey = {"1_5_1": 50}
    assert {("C01", "1.6"), ("L07", "1.5.2")} <= codes(submission(None, **survey))
    assert not {("C01", "1.6"), ("L07", "1.5.2")} & codes(submission("huyen", **survey))


def test_a_row_that_the_district_reports_is_its_own() -> None:
    reported = {"6_1_1": 5}
    assert ("C06", "6.1.1") in codes(submission(None, **reported))
    assert ("C06", "6.1.1") not in codes(submission("huyen", **reported))
