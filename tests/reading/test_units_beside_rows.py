"""The unit beside a row: abbreviated it is the form's own, and of another size it is an error."""

from __future__ import annotations

import pytest
from drawing import drawn

from cchc_excel.form import load_form
from cchc_excel.reading import read_grid

FORM = load_form()


def codes(key: str, unit: str) -> set[str]:
    """What is said of a row's unit, where all other rows stand as printed."""
    lines = ["UBND xã Suối Mây", "Quý I năm 2024", "| STT | Chỉ tiêu | Đơn vị tính | Số liệu |"]
    for row in FORM.indicators:
        written = unit if row.id == key else row.unit
        lines.append(f"| {row.stt} | {row.label} | {written} | {5 if row.kind.is_number else ''} |")
    reading = read_grid(drawn("\n".join(lines)), FORM, "a.xlsx")
    return {it.code for it in reading.findings if it.indicators == (key,)} & {"S16", "S17"}


@pytest.mark.parametrize(
    ("key", "unit"), [("6.1.1", "Trđ"), ("6.1.1", "tr.đồng"), ("1.1", "VB"), ("3.3.1.da_giai_quyet", "HS")]
)
def test_a_unit_abbreviated_is_the_form_s_own(key: str, unit: str) -> None:
    assert codes(key, unit) == set()


@pytest.mark.parametrize(
    ("key", "unit", "code"),
    [
        ("6.1.1", "Nghìn đồng", "S17"),
        ("6.1.1", "đ", "S17"),
        ("1.1", "Nghìn văn bản", "S17"),
        ("1.1", "Lượt", "S16"),
        ("1.1", "1.000 văn bản", "S17"),
    ],
)
def test_a_unit_of_another_size_or_of_other_things_is_told(key: str, unit: str, code: str) -> None:
    assert codes(key, unit) == {code}
