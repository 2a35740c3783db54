"""XlsxWriter's silent refusals are loud, and a cell holds what was written into it."""

from __future__ import annotations

import ast
import warnings
import zipfile
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import cchc_excel
from cchc_excel.errors import CannotWrite
from cchc_excel.excel.writing.strict import CellValue, ExcelRefused, StrictWorkbook, StrictWorksheet, new_workbook

PACKAGE = Path(cchc_excel.__file__).parent
TEXT = {"validate": "any", "input_title": "a", "input_message": "a"}


def filled_by(call: Callable[[StrictWorkbook], object]) -> bytes:
    """A workbook that this call has filled, whatever it returns."""

    def fill(book: StrictWorkbook) -> None:
        call(book)

    return new_workbook(fill, {})


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
def test_what_no_sheet_can_hold_is_refused(call: Callable[[Any], object]) -> None:
    with pytest.raises(ExcelRefused):
        filled_by(lambda book: call(book.add_worksheet("Sheet1")))


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
def test_what_no_workbook_can_hold_is_refused(call: Callable[[StrictWorkbook], object]) -> None:
    with pytest.raises(ExcelRefused):
        filled_by(call)


def test_what_excel_takes_passes_and_the_bytes_repeat() -> None:
    def fill(book: StrictWorkbook) -> None:
        sheet = book.add_worksheet("Sheet1")
        sheet.data_validation("A1", {**TEXT, "input_title": 32 * "a", "input_message": 255 * "a"})

    assert new_workbook(fill, {"title": "a"}) == new_workbook(fill, {"title": "a"})


@pytest.mark.parametrize("text", ["=1+1", "http://example.org", "02"])
def test_a_text_is_written_as_the_text_it_is(text: str) -> None:
    data = new_workbook(lambda book: book.add_worksheet("Sheet1").write("A1", text) and None, {})
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert '<c r="A1" t="s">' in package.read("xl/worksheets/sheet1.xml").decode()
        assert text in package.read("xl/sharedStrings.xml").decode()
        assert not any("rels/sheet1" in name for name in package.namelist())


def test_the_mistakes_of_others_are_not_swallowed_and_warnings_are_as_before() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(ZeroDivisionError):
            filled_by(lambda _: 1 // 0)
        warnings.warn("heard", UserWarning, stacklevel=1)
    assert [str(one.message) for one in caught] == ["heard"]


def test_a_formulas_empty_text_is_written_as_a_text() -> None:
    def fill(book: StrictWorkbook) -> None:
        book.add_worksheet("Sheet1").write_formula("A1", '=IF(B1="","",B1)', None, "")

    with zipfile.ZipFile(BytesIO(new_workbook(fill, {}))) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c>' in xml


# --- what a cell holds


def sheet_of(*calls: Callable[[StrictWorksheet], object]) -> bytes:
    """A workbook of one sheet, on which these calls were made."""

    def fill(book: StrictWorkbook) -> None:
        sheet = book.add_worksheet("Sheet1")
        for call in calls:
            call(sheet)

    return new_workbook(fill, {})


def cell(data: bytes, address: str = "A1") -> Any:
    return openpyxl.load_workbook(BytesIO(data))["Sheet1"][address]


def xml_of(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


MARKUP = ["<r></r>", "<r>x</r>", '<r><t>x</t></r><r>&"</r>']
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8),
    st.sampled_from(
        [*MARKUP, " a", "b\n", "=1+1", "a & b < c", "=", "{=1}", "https://example.org", "internal:A1", "02"]
    ),
)


@given(TEXTS)
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    assert cell(sheet_of(lambda sheet: sheet.write(0, 0, text))).value == text


NUMBERS = st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e300, 1e300), st.fractions())


@given(NUMBERS)
def test_a_number_is_read_back_to_fifteen_digits(number: Any) -> None:
    read = cell(sheet_of(lambda sheet: sheet.write(0, 0, number))).value
    assert read == pytest.approx(float(number), rel=1e-15)


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_a_blank_cell_with_its_format(nothing: str | None) -> None:
    def fill(book: StrictWorkbook) -> None:
        book.add_worksheet("Sheet1").write("A1", nothing, book.add_format({"bold": True}))

    written = cell(new_workbook(fill, {}))
    assert (written.value, written.font.bold) == (None, True)


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize(
    "call",
    [
        lambda sheet, text: sheet.write_string("A1", text),
        lambda sheet, text: sheet.write_url("A1", "internal:'Sheet1'!B1", None, text),
        lambda sheet, text: sheet.merge_range("A1:B2", text),
    ],
    ids=["text", "link", "merged cells"],
)
def test_a_text_that_looks_like_markup_of_xlsxwriters_own_stays_a_text(
    call: Callable[[StrictWorksheet, str], object], text: str
) -> None:
    assert cell(sheet_of(lambda sheet: call(sheet, text))).value == text


def test_such_a_text_has_the_font_of_its_cell_from_end_to_end() -> None:
    def fill(book: StrictWorkbook) -> None:
        book.add_worksheet("Sheet1").write("A1", "<r>x</r>", book.add_format({"font_name": "Arial", "bold": True}))

    read = openpyxl.load_workbook(BytesIO(new_workbook(fill, {})), rich_text=True)["Sheet1"]["A1"]
    plain, formatted = read.value
    assert (plain, read.font.name, read.font.b) == ("<", "Arial", True)
    assert (formatted.text, formatted.font.rFont, formatted.font.b) == ("r>x</r>", "Arial", True)


def test_what_is_written_over_a_link_stands_there_and_the_link_stays() -> None:
    written = cell(
        sheet_of(lambda sheet: sheet.write_url("A1", "internal:'Sheet1'!B1"), lambda sheet: sheet.write("A1", 7))
    )
    assert (written.value, written.hyperlink.location) == (7, "'Sheet1'!B1")


def test_the_last_that_was_written_into_a_cell_stands_there() -> None:
    assert cell(sheet_of(lambda sheet: sheet.write("A1", "hai"), lambda sheet: sheet.write("A1", 2))).value == 2


def test_minus_zero_is_written_as_zero() -> None:
    assert "<v>0</v>" in xml_of(sheet_of(lambda sheet: sheet.write("A1", -0.0)))


def test_a_row_of_cells_holds_what_each_would_hold_if_it_were_written_alone() -> None:
    values: list[CellValue] = [7, 28.57, -0.0, Fraction(1, 3), "hai", "=1+1", "<r>x</r>", "", None]
    at_once = sheet_of(lambda sheet: sheet.write_cells(0, [(value, None) for value in values]))
    alone = sheet_of(lambda sheet: [sheet.write(0, column, value) for column, value in enumerate(values)])
    assert at_once == alone


@pytest.mark.parametrize("value", [1, "a"])
def test_a_row_of_cells_beyond_the_sheet_is_refused(value: CellValue) -> None:
    with pytest.raises(ExcelRefused):
        sheet_of(lambda sheet: sheet.write_cells(1_048_576, [(value, None)]))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(TypeError):
        sheet_of(lambda sheet: sheet.write("A1", number))


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 0), (0, 16_384)])
@pytest.mark.parametrize("value", [None, 1, "a", "<r>x</r>"])
def test_a_cell_beyond_the_sheet_is_refused(row: int, column: int, value: Any) -> None:
    def fill(book: StrictWorkbook) -> None:
        book.add_worksheet("Sheet1").write(row, column, value, book.add_format({"bold": True}))

    with pytest.raises(ExcelRefused):
        new_workbook(fill, {})


def test_one_link_more_than_excel_takes_on_a_sheet_is_refused() -> None:
    def fill(sheet: StrictWorksheet, links: int) -> None:
        for row in range(links):
            sheet.write_url(row, 0, "internal:'Sheet1'!A1")

    assert sheet_of(lambda sheet: fill(sheet, 65_530))
    with pytest.raises(ExcelRefused):
        sheet_of(lambda sheet: fill(sheet, 65_531))


# --- XlsxWriter by its documented interface


@cache
def private_names() -> frozenset[str]:
    """Every name with an underscore in front that XlsxWriter's own modules define or use."""
    names: set[str] = set()
    for path in Path(xlsxwriter.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Attribute):
                names.add(node.attr)
    return frozenset(name for name in names if name.startswith("_") and not name.endswith("__"))


def derived_classes(tree: ast.Module) -> list[ast.ClassDef]:
    """The classes of a module that derive from one of XlsxWriter's, or from one of ours that does."""
    bases = {"Workbook", "Worksheet", "Format", "Chart", "Chartsheet", "StrictWorkbook", "StrictWorksheet"}
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [node for node in classes if bases & {base.id for base in node.bases if isinstance(base, ast.Name)}]


def reaches_into_xlsxwriter(source: str) -> list[str]:
    """Where a module calls, reads, writes or overrides what XlsxWriter keeps to itself."""
    tree, private = ast.parse(source), private_names()
    derived = derived_classes(tree)
    inside = {id(node) for cls in derived for node in ast.walk(cls)}
    found = [
        f"{cls.name}.{one.name}"
        for cls in derived
        for one in cls.body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and one.name in private
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in private:
            continue
        of_a_class_of_ours = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
        if id(node) in inside or not of_a_class_of_ours:
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_reaches_into_what_xlsxwriter_keeps_to_itself(path: Path) -> None:
    assert reaches_into_xlsxwriter(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "class Fast(Worksheet):\n    def _write_string(self): ...",
        "class Fast(StrictWorksheet):\n    def go(self): self._check_dimensions(0, 0)",
        "class Fast(Worksheet):\n    def go(self): super()._write_row(0, None)",
        "style = look._get_xf_index()",
        "sheet.book._store_workbook()",
    ],
)
def test_a_module_that_does_would_be_seen(source: str) -> None:
    assert reaches_into_xlsxwriter(source) != []


def test_what_our_classes_keep_has_no_name_that_xlsxwriter_uses() -> None:
    ours, theirs = StrictWorkbook(BytesIO()), xlsxwriter.Workbook(BytesIO())
    assert vars(ours).keys() - vars(theirs).keys() == {"names_in_use"}
    assert not {"names_in_use"} & set(dir(theirs))


def test_a_full_disk_is_said_and_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", write)
    monkeypatch.setattr(zipfile.ZipFile, "writestr", write)
    with pytest.raises(CannotWrite) as refused:
        new_workbook(lambda book: book.add_worksheet("A"), {}, in_memory=False)
    assert refused.value.detail == "No space left on device"
