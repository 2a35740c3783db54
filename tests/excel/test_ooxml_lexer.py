"""The short way to read rows is never different from expat, only faster."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from books import saved
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import CONTENT_TYPES, workbook, worksheet
from random_cells import Typed, places, values

from cchc_excel.excel.ooxml import read_workbook, reader
from cchc_excel.excel.ooxml.lexer import plain_sheet, plain_strings, row_is_plain
from cchc_excel.grid import CellValue, Grid

EXAMPLES = Path(__file__).parents[2] / "examples"


def by_expat_alone(data: bytes) -> Grid:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "plain_sheet", lambda *_: None)
        patch.setattr(reader, "plain_strings", lambda _: None)
        return read_workbook(data)


@settings(max_examples=100)
@given(st.dictionaries(places, values, max_size=20), st.booleans())
def test_both_ways_read_the_same_grid(cells: dict[tuple[int, int], Typed], merged: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for (row, column), value in cells.items():
        sheet.cell(row, column).value = value
    sheet["AH1"] = '=SUM(A1:A9)&"<&>"'
    sheet.row_dimensions[3].hidden = True
    if merged:
        sheet.merge_cells("AH3:AI5")
    data = saved(book)
    assert read_workbook(data) == by_expat_alone(data)


@pytest.mark.parametrize("name", ["BangLang_2023-Q1_mau.xlsx", "BangLang_2023-Q1_inlai.xlsx"])
def test_both_ways_read_the_examples_alike(name: str) -> None:
    data = (EXAMPLES / name).read_bytes()
    assert read_workbook(data) == by_expat_alone(data)


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        "<!-- " + ROW + " -->",
        '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
        '<row r="1"><c r="A1" cm="1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c> <c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="2"/><row r="1"/>',
        '<row r="1"><c r="A1" t="str"><v>&unknown;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&#2;</v></c></row>',
        '<row r="1"><row r="2"></row></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<row r="1"><c r="A1"><c r="B1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"></row></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
        '<row r="1"><c r="A1"><f t="shared" si="0"/><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>5</v><is><t>5</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>5</v></c></row>',
    ],
)
def test_whatever_is_not_plain_is_left_to_expat(rows: str) -> None:
    assert plain_sheet(worksheet(rows).encode(), []) is None


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" cm="1"/></row>',
        '<row r="1"><c r="A1"/> <c r="B1"/></row>',
        '<row r="1"><c r="A2"/></row>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/>',
        '<row r="1"><c r="A1"/></row><row r="2"/>',
        '<row r="1"><c r="A1" t="n"><v>một</v></c></row>',
        '<c r="A1"/>',
    ],
)
def test_cells_are_looked_up_by_their_reference_only_where_each_stands_once_and_in_its_place(rows: str) -> None:
    assert row_is_plain(ROW.encode())
    assert row_is_plain(b'<row r="1"/>')
    assert not row_is_plain(rows.encode())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="inlineStr"><v>5</v><is><t>5</t></is></c>', "5"),
        ('<c r="A1" t="inlineStr"><is><t>5</t></is><v>5</v></c>', "5"),
        ('<c r="A1" t="inlineStr"><v>4</v><is><r><t>1</t></r><r><t>2</t></r></is></c>', "12"),
        ('<c r="A1" t="inlineStr"><v>5</v></c>', None),
        ('<c r="A1"><v>3</v><is><t>9</t></is></c>', 3),
        ('<c r="A1" t="str"><v>x</v><is><t>y</t></is></c>', "x"),
    ],
)
def test_an_inline_string_is_its_text_and_what_else_stands_beside_it_is_passed_over(
    cell: str, value: CellValue
) -> None:
    data = workbook(worksheet(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>'), more=CONTENT_TYPES)
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value == value
    for grid in (read_workbook(data), by_expat_alone(data)):
        found = grid.sheets[0].cell(1, 1)
        assert (found.value if found else None) == value


def test_a_comment_around_the_rows_hides_nothing_and_shows_nothing() -> None:
    hidden = worksheet(ROW, before="<!--<sheetData>" + ROW.replace("1<", "9<") + "</sheetData>-->")
    assert plain_sheet(hidden.encode(), []) is None
    assert read_workbook(workbook(hidden)).sheets[0].rows[1][1].value == 1


def test_a_second_list_of_rows_in_one_workbook_does_not_change_what_is_read_of_the_next() -> None:
    plain, second = worksheet(ROW), "<sheetData>" + ROW.replace("A1", "B1").replace("1<", "9<") + "</sheetData>"
    assert read_workbook(workbook(plain)).sheets[0].rows[1].keys() == {1}
    assert read_workbook(workbook(worksheet(ROW, after=second))).sheets[0].rows[1].keys() == {1, 2}
    assert read_workbook(workbook(plain)).sheets[0].rows[1].keys() == {1}


def test_entities_are_resolved_once() -> None:
    assert plain_strings(b'<sst xmlns="x"><si><t>&amp;lt; &lt; &amp;#65; &#65;</t></si></sst>') == ["&lt; < &#65; A"]
    assert plain_strings(b'<sst xmlns="x"><si><t>&amp;lt; &lt;&apos;&quot;&gt;</t></si></sst>') == ["&lt; <'\">"]


def test_excel_breaks_the_line_after_its_declaration_and_is_read_the_plain_way_all_the_same() -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    assert plain_sheet(declared + worksheet(ROW).encode(), []) is not None
    assert plain_strings(declared + b'<sst xmlns="x" count="1"><si><t>a</t></si></sst>') == ["a"]


def test_the_plain_way_is_the_way_office_programs_write() -> None:
    assert plain_sheet(worksheet(ROW).encode(), []) is not None
    assert plain_strings(b'<sst xmlns="x"><si><t>a</t></si><si><t xml:space="preserve"> b</t></si></sst>') == [
        "a",
        " b",
    ]
    assert plain_strings(b'<sst xmlns="x"><si><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></si></sst>') is None
