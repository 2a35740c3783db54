"""XlsxWriter's silent refusals are loud."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from cchc_excel.ooxml.strict import ExcelRefused, StrictWorkbook, new_workbook

TEXT = {"validate": "any", "input_title": "a", "input_message": "a"}


@pytest.mark.parametrize(
    "call",
    [
        lambda sheet: sheet.data_validation("A1", {**TEXT, "input_title": 33 * "a"}),
        lambda sheet: sheet.data_validation("A1", {**TEXT, "input_message": 256 * "a"}),
        lambda sheet: sheet.data_validation("A1", {"validate": "list", "source": 52 * ["abcde"]}),
        lambda sheet: sheet.write_string("A1", 32768 * "a"),
        lambda sheet: sheet.write_string(1048576, 0, "a"),
        lambda sheet: sheet.write_rich_string("A1", "a"),
        lambda sheet: sheet.merge_range("A1:A1", "a"),
        lambda sheet: [sheet.merge_range(place, "a") for place in ("A1:B1", "B1:C1")],
        lambda sheet: sheet.set_row(0, 410),
        lambda sheet: sheet.set_footer(256 * "a"),
        lambda sheet: sheet.conditional_format("A1", {"type": "no such type"}),
    ],
)
def test_what_no_sheet_can_hold_is_refused(call: Callable[[Any], object]):
    with pytest.raises(ExcelRefused):
        new_workbook(lambda book: call(book.add_worksheet("Sheet1")) and None, {})


@pytest.mark.parametrize(
    "call",
    [
        lambda book: book.define_name("A1", "=Sheet1!$A$1"),
        lambda book: book.define_name("a b", "=Sheet1!$A$1"),
        lambda book: [book.define_name(name, "=Sheet1!$A$1") for name in ("so_a", "SO_A")],
        lambda book: [book.add_worksheet("Sheet1"), book.add_worksheet("sheet1")],
        lambda book: book.add_worksheet("a/b"),
        lambda book: book.set_custom_property("a", 256 * "a"),
    ],
)
def test_what_no_workbook_can_hold_is_refused(call: Callable[[StrictWorkbook], object]):
    with pytest.raises(ExcelRefused):
        new_workbook(lambda book: call(book) and None, {})


def test_what_excel_takes_passes_and_the_bytes_repeat():
    def fill(book: StrictWorkbook) -> None:
        sheet = book.add_worksheet("Sheet1")
        sheet.data_validation("A1", {**TEXT, "input_title": 32 * "a", "input_message": 255 * "a"})

    assert new_workbook(fill, {"title": "a"}) == new_workbook(fill, {"title": "a"})


@pytest.mark.parametrize("text", ["=1+1", "http://example.org", "02"])
def test_a_text_is_written_as_the_text_it_is(text: str):
    data = new_workbook(lambda book: book.add_worksheet("Sheet1").write("A1", text) and None, {})
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert '<c r="A1" t="s">' in package.read("xl/worksheets/sheet1.xml").decode()
        assert text in package.read("xl/sharedStrings.xml").decode()
        assert not any("rels/sheet1" in name for name in package.namelist())


def test_the_mistakes_of_others_are_not_swallowed_and_warnings_are_as_before():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(ZeroDivisionError):
            new_workbook(lambda _: 1 // 0 and None, {})
        warnings.warn("heard", UserWarning, stacklevel=1)
    assert [str(one.message) for one in caught] == ["heard"]


def test_a_formulas_empty_text_is_written_as_a_text():
    def fill(book: StrictWorkbook) -> None:
        book.add_worksheet("Sheet1").write_formula("A1", '=IF(B1="","",B1)', None, "")

    with zipfile.ZipFile(BytesIO(new_workbook(fill, {}))) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c>' in xml
