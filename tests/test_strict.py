"""XlsxWriter's silent refusals are loud."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from cchc_excel.excel.writing.strict import ExcelRefused, StrictWorkbook, new_workbook

CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.integers().map(lambda it: it * 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.fractions(),
    st.text(max_size=8),
    st.sampled_from(["<r>x</r>", " a", "b\n", "=1+1", "_x000D_", "\x01", "a & b < c", "=", "https://example.org"]),
)
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


# --- sheets that are written row by row


def written(rows: dict[int, dict[int, Any]], *, streamed: bool) -> bytes:
    """A workbook of one sheet in constant memory: a cell is a value, a formula (a list), or a link (a set)."""

    def fill(book: StrictWorkbook) -> None:
        looks = [book.add_format({"border": 1}), book.add_format({"bold": True}), book.add_format({"italic": True})]
        if streamed:
            sheet = book.add_streamed_worksheet("Sheet1")
        else:
            book.constant_memory = True
            sheet = book.add_worksheet("Sheet1")
        for row, cells in sorted(rows.items()):
            if row % 3 == 0:
                sheet.set_row(row, 20)
            for column, value in cells.items():
                look = looks[(row * column) % 3]
                match value:
                    case [formula]:
                        sheet.write_formula(row, column, formula, look, 2)
                    case set():
                        sheet.write_url(row, column, f"internal:'Sheet1'!{next(iter(value))}", look, "đến")
                    case None | "":
                        sheet.write_blank(row, column, None, look)
                    case str():
                        sheet.write_string(row, column, value, look)
                    case _:
                        sheet.write_number(row, column, value, look)

    return new_workbook(fill, {})


CONTENT = st.one_of(CELLS, st.just(["=1+1"]), st.just({"A1"}))
ROWS = st.dictionaries(st.integers(0, 40), st.dictionaries(st.integers(0, 30), CONTENT, max_size=6), max_size=8)


@given(ROWS)
def test_a_sheet_written_row_by_row_is_to_the_byte_what_xlsxwriter_writes(rows: dict[int, dict[int, Any]]):
    plain = {row: {at: it for at, it in cells.items() if it != "<r>x</r>"} for row, cells in rows.items()}
    assert written(plain, streamed=True) == written(plain, streamed=False)


@pytest.mark.parametrize("streamed", [True, False])
def test_a_text_that_looks_like_markup_of_xlsxwriters_own_stays_a_text(streamed: bool):
    text = '<r><t>x</t></r><r>&"</r>'
    data = written({0: {0: text}}, streamed=streamed)
    assert openpyxl.load_workbook(BytesIO(data))["Sheet1"]["A1"].value == text


def test_such_a_text_stays_one_in_a_sheet_that_is_kept_too():
    data = new_workbook(lambda book: book.add_worksheet("Sheet1").write("A1", "<r><t>x</t></r>") and None, {})
    assert openpyxl.load_workbook(BytesIO(data))["Sheet1"]["A1"].value == "<r><t>x</t></r>"


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 0), (0, 16_384)])
def test_a_cell_beyond_the_sheet_is_refused_there_too(row: int, column: int):
    with pytest.raises(ExcelRefused):
        written({row: {column: 1}}, streamed=True)


def test_a_row_that_is_already_written_is_refused_there_too():
    def fill(book: StrictWorkbook) -> None:
        sheet, look = book.add_streamed_worksheet("Sheet1"), book.add_format({"border": 1})
        sheet.write_number(2, 0, 1, look)
        sheet.write_formula(3, 0, "=1+1", look, 2)
        sheet.write_number(2, 0, 1, look)

    with pytest.raises(ExcelRefused):
        new_workbook(fill, {})


@given(st.lists(st.one_of(st.none(), st.integers(-9, 9), st.floats(-1, 1), st.sampled_from(["a", " b<"])), max_size=9))
def test_cells_written_side_by_side_are_those_written_one_by_one(values: list[Any]):
    def fill(streamed: bool, together: bool) -> Callable[[StrictWorkbook], None]:
        def filling(book: StrictWorkbook) -> None:
            sheet = book.add_streamed_worksheet("Sheet1") if streamed else book.add_worksheet("Sheet1")
            look = book.add_format({"border": 1})
            for row in (1, 2):
                if together:
                    sheet.write_cells(row, 3, values, [look] * len(values))
                    continue
                for column, value in enumerate(values, 3):
                    write = sheet.write_blank if value is None else sheet.write
                    write(row, column, value, look)

        return filling

    for streamed in (True, False):
        assert new_workbook(fill(streamed, True), {}) == new_workbook(fill(streamed, False), {})


@pytest.mark.parametrize("column", [1, 3, 5, 7])
def test_the_last_that_was_written_into_a_cell_stands_there(column: int):
    def fill(streamed: bool) -> Callable[[StrictWorkbook], None]:
        def filling(book: StrictWorkbook) -> None:
            book.constant_memory = not streamed
            sheet = book.add_streamed_worksheet("Sheet1") if streamed else book.add_worksheet("Sheet1")
            look = book.add_format({"border": 1})
            sheet.write_number(1, column, 7, look)
            sheet.write_cells(1, 3, [1, "hai", None], [look] * 3)
            sheet.write_cells(2, 3, [1, "hai", None], [look] * 3)
            sheet.write_url(2, column, "internal:'Sheet1'!A1", look, "đến")
            sheet.write_cells(2, 9, [4], [look])

        return filling

    assert new_workbook(fill(True), {}) == new_workbook(fill(False), {})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x" * 16_384])
def test_what_no_cell_can_hold_is_refused_among_others_too(value: float | str):
    def fill(book: StrictWorkbook) -> None:
        sheet, look = book.add_streamed_worksheet("Sheet1"), book.add_format({"border": 1})
        sheet.write_cells(0, 0, [1, value], [look] * 2)

    with pytest.raises(ExcelRefused):
        new_workbook(fill, {})


@pytest.mark.parametrize("last", [16_384, 16_390])
def test_cells_side_by_side_beyond_the_sheet_are_refused(last: int):
    def fill(book: StrictWorkbook) -> None:
        sheet, look = book.add_streamed_worksheet("Sheet1"), book.add_format({"border": 1})
        sheet.write_cells(0, last - 2, [1, 2, 3], [look] * 3)

    with pytest.raises(ExcelRefused):
        new_workbook(fill, {})


def test_what_is_no_number_is_refused_there_too():
    with pytest.raises(TypeError):
        written({0: {0: float("nan")}}, streamed=True)


def test_minus_zero_is_written_as_zero():
    def fill(book: StrictWorkbook) -> None:
        look = book.add_format({"border": 1})
        for sheet in (book.add_worksheet("Sheet1"), book.add_streamed_worksheet("Sheet2")):
            sheet.write_number(0, 0, -0.0, look)
            sheet.write_cells(1, 0, [-0.0, 0], [look, look])

    with zipfile.ZipFile(BytesIO(new_workbook(fill, {}))) as package:
        for number in (1, 2):
            assert package.read(f"xl/worksheets/sheet{number}.xml").count(b"<v>0</v>") == 3


@pytest.mark.parametrize(
    "formula", ["=SUM(A1:A9)", "=XLOOKUP(A1,B:B,C:C)", '=IF(A1="SORT(","",SWITCH(A1,1,2))', "{=SUM(A1)}"]
)
def test_a_formula_is_written_as_xlsxwriter_writes_it(formula: str):
    def fill(book: StrictWorkbook | Workbook) -> None:
        book.add_worksheet("Sheet1").write_formula(0, 0, formula, None, 2)

    plain, strict = BytesIO(), new_workbook(fill, {})
    with Workbook(plain, {"in_memory": True}) as book:
        fill(book)
    sheets = [zipfile.ZipFile(it).read("xl/worksheets/sheet1.xml") for it in (plain, BytesIO(strict))]
    assert sheets[0] == sheets[1]
