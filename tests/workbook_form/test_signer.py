"""A template for an office is signed and numbered as that office signs, whoever types its name and when."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from calculated import loaded, put
from small_forms import shortened

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.workbook_form import template
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.printed.layout import CAPTION, SHEET, Layout

FORM = load_form("cchc_xa_2025")
HEADED = shortened(FORM)
SIGNED = Layout(HEADED).signature
TM, CHAIRMAN = "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"
OFFICES = [
    ("", "UBND", TM, CHAIRMAN),
    ("UBND phường Long Xuyên", "UBND", TM, CHAIRMAN),
    ("Phường Long Xuyên", "UBND", TM, CHAIRMAN),
    ("Sở Nội vụ", "SNV", "GIÁM ĐỐC", ""),
    ("SỞ NỘI VỤ", "SNV", "GIÁM ĐỐC", ""),
    ("Sở Nông nghiệp và Môi trường tỉnh An Giang", "SNNMT", "GIÁM ĐỐC", ""),
    ("Sở Văn hóa, Thể thao và Du lịch thành phố Huế", "SVHTTDL", "GIÁM ĐỐC", ""),
    ("Ban Quản lý Khu kinh tế", "BQLKKT", "TRƯỞNG BAN", ""),
    ("Văn phòng UBND tỉnh An Giang", "VP", "CHÁNH VĂN PHÒNG", ""),
    ("Thanh tra tỉnh", "TTr", "CHÁNH THANH TRA", ""),
    ("Phòng Văn hóa - Xã hội phường 5", "PVHXH", "TRƯỞNG PHÒNG", ""),
    ("Trung tâm Phục vụ hành chính công xã A", "TTPVHCC", "GIÁM ĐỐC", ""),
    ("Công an tỉnh An Giang", "CAT", "GIÁM ĐỐC", ""),
    ("Công an xã Vĩnh Hòa", "CA", "TRƯỞNG CÔNG AN", ""),
]


def said(sheet: Any) -> tuple[str, str, str]:
    """The sign in the caption, and the two lines of who signs."""
    caption = str(sheet[f"A{CAPTION}"].value)
    sign = caption.partition("/BC-")[2].partition(" ")[0]
    return sign, sheet[f"C{SIGNED}"].value or "", sheet[f"C{SIGNED + 1}"].value or ""


@pytest.mark.parametrize(("unit", "sign", "capacity", "title"), OFFICES)
def test_the_sign_and_the_signer_are_those_of_the_office(unit: str, sign: str, capacity: str, title: str) -> None:
    data = template(HEADED, unit=unit, period="2026-Q1")
    assert said(openpyxl.load_workbook(BytesIO(data), data_only=True)[SHEET]) == (sign, capacity, title)
    number = openpyxl.load_workbook(BytesIO(data))[SHEET]["B2"]
    assert f'/BC-{sign}"' in number.number_format


def test_they_follow_a_name_that_is_typed_later() -> None:
    model = loaded(template(HEADED, period="2026-Q1"))
    for unit, sign, capacity, title in OFFICES:
        put(model, 0, 5, 2, unit or None)
        model.evaluate()
        caption = str(model.get_cell_value(0, CAPTION, 1))
        assert f"/BC-{sign} ngày" in caption, unit
        who = [model.get_cell_value(0, SIGNED + line, 3) or "" for line in (0, 1)]
        assert who == [capacity, title], unit


def test_an_office_s_form_is_read_back_whole() -> None:
    reading = read(Source("x.xlsx", filled(FORM, {"2.1": 3}, unit="Sở Nội vụ", period="2026-Q1", number="12")), FORM)
    assert reading.submission is not None
    assert (reading.submission.unit, reading.submission.values["2.1"]) == ("Sở Nội vụ", 3)


def test_the_form_of_before_was_a_commune_s_alone() -> None:
    sheet = openpyxl.load_workbook(BytesIO(template(load_form("cchc_xa_quy"))))[SHEET]
    signed = Layout(load_form("cchc_xa_quy")).signature
    assert [sheet[f"C{signed + line}"].value for line in (0, 1)] == [TM, CHAIRMAN]
