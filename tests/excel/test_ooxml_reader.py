"""The one-pass reader, held against openpyxl, and fed with what no office program should write."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from contextlib import suppress
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter
from books import saved
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ERROR_CODES
from packages import MAIN, STRICT, workbook, worksheet, zipped
from random_cells import Typed, places, values

from cchc_excel.errors import (
    DamagedWorkbook,
    DocumentInstead,
    EmptyFile,
    NotAWorkbook,
    PasswordProtected,
    UnreadableWorkbook,
    UnsupportedWorkbook,
    WorkbookTooLarge,
)
from cchc_excel.excel.ooxml import package as package_module
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.ooxml import reader as reader_module
from cchc_excel.excel.opening import open_grid
from cchc_excel.excel.opening.kinds import kind_of
from cchc_excel.grid import CellError, CellStyle, CellValue, Grid


def cells_of(grid: Grid, sheet: int = 0) -> dict[tuple[int, int], CellValue]:
    return {
        (row, column): cell.value for row, cells in grid.sheets[sheet].rows.items() for column, cell in cells.items()
    }


def seen_by_openpyxl(data: bytes) -> dict[tuple[int, int], object]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


@settings(max_examples=150)
@given(st.dictionaries(places, values, max_size=25))
def test_every_cell_reads_as_openpyxl_reads_it(cells: dict[tuple[int, int], Typed]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for (row, column), value in cells.items():
        sheet.cell(row, column).value = value
    data = saved(book)
    # openpyxl writes a text such as #NUM! as that error
    seen = {key: CellError(it) if it in ERROR_CODES else it for key, it in seen_by_openpyxl(data).items()}
    assert cells_of(read_workbook(data)) == {key: it for key, it in seen.items() if it != ""}


@settings(max_examples=100)
@given(st.dictionaries(places, values, max_size=25))
def test_what_xlsxwriter_writes_reads_back(cells: dict[tuple[int, int], Typed]) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for (row, column), value in cells.items():
        if isinstance(value, bool):
            sheet.write_boolean(row - 1, column - 1, value)
        elif isinstance(value, str):
            sheet.write_string(row - 1, column - 1, value)
        else:
            sheet.write_number(row - 1, column - 1, value)
    book.close()
    found = cells_of(read_workbook(buffer.getvalue()))
    assert found.keys() == {key for key, value in cells.items() if value != ""}
    for key, read in found.items():
        assert read is not None
        assert read == cells[key] or float(str(read)) == pytest.approx(float(cells[key]), rel=1e-15)


def test_formulas_errors_dates_styles_and_layout_are_all_there() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, hidden = book.add_worksheet("Biểu"), book.add_worksheet("Ẩn")
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("A3", '="a"&"b"', None, "ab")
    sheet.write_datetime(
        "A4", datetime(2023, 7, 2, tzinfo=UTC).replace(tzinfo=None), book.add_format({"num_format": "dd-mmm"})
    )
    sheet.write_number("A5", 0.2857, book.add_format({"num_format": "0.00%", "font_name": ".VnTime"}))
    sheet.merge_range("B2:C4", "gộp")
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column("D:E", None, None, {"hidden": True})
    hidden.write("A1", "x")
    hidden.hide()
    book.define_name("don_vi", "=Biểu!$B$2")
    book.set_custom_property("cchc_form", "cchc_xa_quy")
    book.close()
    grid = read_workbook(buffer.getvalue())
    first = grid.sheets[0]
    cells = [first.cell(row, 1) for row in range(1, 6)]
    assert [(cell.value, cell.formula) for cell in cells if cell] == [
        (2, "1+1"),
        (CellError("#DIV/0!"), "1/0"),
        ("ab", '"a"&"b"'),
        (45109, None),
        (0.2857, None),
    ]
    assert [grid.style(cell).number_format for cell in cells[3:] if cell] == ["dd-mmm", "0.00%"]
    assert grid.style(cells[4]).font == ".VnTime"  # type: ignore[arg-type]
    assert first.merges == ((2, 2, 4, 3),)
    assert (first.is_hidden(5, 1), first.is_hidden(1, 5), first.is_hidden(1, 1)) == (True, True, False)
    assert [(sheet.name, sheet.visible) for sheet in grid.sheets] == [("Biểu", True), ("Ẩn", False)]
    assert (grid.names["don_vi"], grid.properties["cchc_form"]) == ("Biểu!$B$2", "cchc_xa_quy")


def test_a_formula_never_calculated_has_no_value() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=SUM(B1:B2)"
    cell = read_workbook(saved(book)).sheets[0].cell(1, 1)
    assert cell is not None
    assert (cell.value, cell.formula) == (None, "SUM(B1:B2)")


def test_a_date_typed_by_python_is_a_number_with_a_date_format() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = date(2023, 7, 2)
    grid = read_workbook(saved(book))
    cell = grid.sheets[0].cell(1, 1)
    assert cell is not None
    assert (cell.value, grid.style(cell).number_format) == (45109, "yyyy-mm-dd")


def typed(kind: str, text: str, formula: str = "") -> str:
    """The first row, holding one cell of this type."""
    return f'<row r="1"><c r="A1" t="{kind}">{formula}<v>{text}</v></c></row>'


ROW = '<row r="3"><c r="B3"><v>7</v></c><c r="C3" t="inlineStr"><is><t xml:space="preserve"> hai </t></is></c></row>'


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (workbook(worksheet(ROW)), {(3, 2): 7, (3, 3): " hai "}),
        (workbook(worksheet(ROW, namespace=STRICT), strict=True), {(3, 2): 7, (3, 3): " hai "}),
        (
            workbook(
                f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c/>'
                "<x:c><x:v>3</x:v></x:c></x:row><x:row><x:c><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>"
            ),
            {(1, 1): 1, (1, 3): 3, (2, 1): 4},
        ),
        (workbook(worksheet('<row><c t="str"><v><![CDATA[a<b]]>&amp;c</v></c></row>')), {(1, 1): "a<b&c"}),
        (workbook(worksheet('<row><c t="str"><v>a_x000D_b_x0041_</v></c></row>')), {(1, 1): "a\rbA"}),
        (workbook(worksheet("<row><!-- x --><c><v>1.5E3</v></c><c><v/></c></row>")), {(1, 1): 1500.0}),
        (
            workbook(f'<?xml version="1.0" encoding="UTF-16"?>{worksheet(ROW)}'.encode("utf-16")),
            {(3, 2): 7, (3, 3): " hai "},
        ),
        (
            workbook(
                worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
                strings=f'<sst xmlns="{MAIN}"><si><r><t>Số </t></r><r><rPr><b/></rPr><t>liệu</t></r>'
                "<rPh sb='0' eb='1'><t>x</t></rPh></si></sst>",
            ),
            {(1, 1): "Số liệu"},
        ),
        (
            workbook(('<?xml version="1.0" encoding="ISO-8859-1"?>' + worksheet(typed("str", "Ã©"))).encode("latin-1")),
            {(1, 1): "Ã©"},  # whose bytes are also those of é in UTF-8
        ),
        (
            workbook(
                f'<worksheet xmlns="{MAIN}"><?x <sheetData>{typed("n", "9").replace("A1", "B1")}</sheetData>?>'
                f"<sheetData>{typed('n', '1')}</sheetData></worksheet>"
            ),
            {(1, 1): 1},
        ),
        (workbook(worksheet(typed("d", "2023-07-02"))), {(1, 1): 45109}),
        (workbook(worksheet(typed("d", "1900-01-01T12:00:00"))), {(1, 1): 1.5}),
        (workbook(worksheet(typed("d", "ngày 2/7"))), {(1, 1): "ngày 2/7"}),
    ],
    ids=[
        "plain",
        "strict",
        "no references",
        "CDATA",
        "escaped",
        "comment and exponent",
        "UTF-16",
        "rich text",
        "Latin-1",
        "instruction",
        "date",
        "date and time",
        "no date",
    ],
)
def test_every_legal_way_to_write_a_cell_is_read(data: bytes, cells: dict[tuple[int, int], CellValue]) -> None:
    assert cells_of(read_workbook(data)) == cells


def test_a_shared_formula_is_known_in_every_cell_it_fills() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>'
    )
    sheet = read_workbook(workbook(worksheet(rows))).sheets[0]
    assert [sheet.cell(row, 1).formula for row in (1, 2)] == ["B1*2", "B1*2"]  # type: ignore[union-attr]


def test_formatted_blanks_and_far_corners_cost_nothing() -> None:
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="XFD{row}" s="1"/></row>' for row in range(1, 2000))
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert cells_of(read_workbook(workbook(worksheet(blank + far)))) == {(1048576, 16384): 1}


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_a_cell_that_another_cells_formula_fills_is_a_formulas_too(kind: str) -> None:
    rows = (
        f'<row r="1"><c r="B1"><f t="{kind}" ref="B1:B3">A1:A3</f><v>1</v></c><c r="C1"><v>1</v></c></row>'
        '<row r="2"><c r="B2"><v>2</v></c><c r="C2"><v>2</v></c></row><row r="4"><c r="B4"><v>4</v></c></row>'
    )
    (sheet,) = read_workbook(workbook(worksheet(rows))).sheets
    formulas = {(cell.row, cell.column): cell.formula for cells in sheet.rows.values() for cell in cells.values()}
    assert formulas == {(1, 2): "A1:A3", (1, 3): None, (2, 2): "", (2, 3): None, (4, 2): None}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="str"><f>IF(B1="","",1)</f><v></v></c>', ""),
        ('<c r="A1" t="str"><f>IF(B1="","",1)</f><v/></c>', ""),
        ('<c r="A1" t="str"><f>IF(B1="","",1)</f></c>', None),
        ('<c r="A1"><f>IF(B1="","",1)</f><v></v></c>', None),
    ],
)
@pytest.mark.parametrize("plain", [0, 10**6])
def test_a_formula_that_gave_the_empty_text_is_not_one_never_calculated(
    plain: int, cell: str, value: CellValue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "MAX_PLAIN", plain)
    found = read_workbook(workbook(worksheet(f'<row r="1">{cell}</row>'))).sheets[0].rows[1][1]
    assert (found.value, found.formula) == (value, 'IF(B1="","",1)')


@pytest.mark.parametrize("formula", ["<f/>", "<f></f>", '<f t="shared" si="7"/>'])
def test_a_formula_without_a_text_is_still_a_formula(formula: str) -> None:
    found = read_workbook(workbook(worksheet(typed("n", "1", formula)))).sheets[0].rows[1][1]
    assert (found.value, found.formula) == (1, "")


def test_half_a_surrogate_pair_is_not_let_into_a_text() -> None:
    grid = read_workbook(workbook(worksheet(typed("str", "_xD800_ _xD83D__xDE00_ _x005F_xD800_"))))
    assert cells_of(grid) == {(1, 1): "\ufffd \U0001f600 _xD800_"}


def test_parts_may_be_named_with_backslashes_and_capitals() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(worksheet(ROW)))) as file:
        parts = {name.replace("/", "\\").upper(): file.read(name) for name in file.namelist()}
    assert cells_of(read_workbook(zipped(parts))) == {(3, 2): 7, (3, 3): " hai "}


@settings(max_examples=40)
@given(st.sets(st.integers(1, 12)), st.sets(st.integers(0, 3)), st.sampled_from(["hoà", "ho\u0061\u0300", "Ưỷ"]))
def test_layout_and_formulas_are_as_openpyxl_sees_them(hidden: set[int], merged: set[int], text: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 13):
        sheet.append([text, f'=A{row}&"<&>{text}"'])
        sheet.row_dimensions[row].hidden = row in hidden
    for number in merged:
        sheet.merge_cells(start_row=3 * number + 1, start_column=4, end_row=3 * number + 2, end_column=6)
    data = saved(book)
    ours, theirs = read_workbook(data).sheets[0], openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert ours.hidden_rows == {row for row, it in theirs.row_dimensions.items() if it.hidden} == hidden
    assert {(it.left, it.top, it.right, it.bottom) for it in ours.merges} == {
        it.bounds for it in theirs.merged_cells.ranges
    }
    formulas = {row: f"={cells[2].formula}" for row, cells in ours.rows.items()}
    assert formulas == {row: theirs.cell(row, 2).value for row in range(1, 13)}
    assert {cells[1].value for cells in ours.rows.values()} == {text}


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"   \n", NotAWorkbook),
        ("Kính gửi Phòng Nội vụ".encode(), NotAWorkbook),
        (b"<html><table><tr><td> </td></tr></table></html>", UnsupportedWorkbook),
        (b"%PDF-1.7", DocumentInstead),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", DamagedWorkbook),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K2\r\nC;Y2;X1;K3\r\nE\r\n", UnsupportedWorkbook),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n', UnsupportedWorkbook),
        (b"<html><body>Not a table</body></html>", NotAWorkbook),
        (OLE, DamagedWorkbook),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PasswordProtected),
        (b"PK\x03\x04 broken", DamagedWorkbook),
        (zipped({"a.txt": "x"}), NotAWorkbook),
        (zipped({"word/document.xml": "<w/>", "_rels/.rels": "<r/>"}), DocumentInstead),
        (zipped({"mimetype": "x", "content.xml": "<x/>"}), DamagedWorkbook),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), DocumentInstead),
        (zipped({"_rels/.rels": "<a/>", "visio/document.xml": "<x/>"}), NotAWorkbook),
        (zipped({"xl/workbook.bin": "x", "_rels/.rels": "<r/>"}), DamagedWorkbook),
        (zipped({"xl/workbook.xml": "<workbook/>"}), DamagedWorkbook),
        (workbook("<worksheet><sheetData>"), DamagedWorkbook),
        (workbook('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), DamagedWorkbook),
        (workbook(worksheet('<row><c t="s"><v>5</v></c></row>')), DamagedWorkbook),
        (workbook(worksheet("<row><c><v>x</v></c></row>")), DamagedWorkbook),
        (workbook(worksheet('<row r="x"/>')), DamagedWorkbook),
        (workbook(worksheet('<row><c r="?1"><v>1</v></c></row>')), DamagedWorkbook),
    ],
)
def test_what_is_no_workbook_is_refused_for_its_own_reason(data: bytes, error: type[UnreadableWorkbook]) -> None:
    with pytest.raises(error):
        open_grid(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"STT;Noi dung;So lieu\n1;a;2\n2;b;3\n", "csv"),
        (b"PK;a;b\n1;2;3\n4;5;6\n", "csv"),
        (OLE, "xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (zipped({"mimetype": "x", "content.xml": "<x/>"}), "ods"),
        (zipped({"xl/workbook.bin": "x", "_rels/.rels": "<r/>"}), "xlsb"),
        (zipped({"xl\\Workbook.bin": "x", "_rels/.rels": "<r/>"}), "xlsb"),
        (zipped({"xl/workbook.xml": "<workbook/>"}), "xlsx"),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: str) -> None:
    found = kind_of(data)
    assert found is not None
    assert found.name == kind


@pytest.mark.parametrize(
    "rows",
    [
        typed("n", "1_000"),
        typed("n", "1" * 400),
        typed("n", "NaN"),
        typed("s", "1" * 5000),
        typed("str", "\x01"),
        typed("str", "a]]>b"),
        typed("str", "\uffff"),
        '<row r="0"/>',
        '<row r="-5"><c><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        f'<row r="{"1" * 5000}"/>',
    ],
)
def test_what_no_cell_can_hold_is_damage_whichever_way_it_is_read(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DamagedWorkbook):
        read_workbook(workbook(worksheet(rows)))
    monkeypatch.setattr(reader_module, "MAX_PLAIN", 0)
    with pytest.raises(DamagedWorkbook):
        read_workbook(workbook(worksheet(rows)))


@pytest.mark.parametrize("encoding", ["Shift_JIS", "utf-7", "idna", "hex", "no-such", "windows-1258"])
def test_an_encoding_that_no_package_may_have_is_damage(encoding: str) -> None:
    with pytest.raises(DamagedWorkbook):
        read_workbook(workbook(f'<?xml version="1.0" encoding="{encoding}"?>{worksheet(ROW)}'))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_inflates_without_bound_is_never_opened(method: int) -> None:
    buffer = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook(worksheet(ROW))))
    with source, zipfile.ZipFile(buffer, "w", method) as file:
        for name in source.namelist():
            file.writestr(name, source.read(name))
    with pytest.raises(DamagedWorkbook, match="compression"):
        read_workbook(buffer.getvalue())


MERGES = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:C2"/></mergeCells>'


@pytest.mark.parametrize("plain", [0, 10**6])
@pytest.mark.parametrize(
    "data",
    [
        workbook(worksheet("".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 4)))),
        workbook(worksheet("", after=MERGES)),
        workbook(worksheet(""), strings=f'<sst xmlns="{MAIN}">{"<si><t>a</t></si>" * 3}</sst>'),
    ],
    ids=["cells", "merges", "strings"],
)
def test_more_than_any_form_holds_is_too_large(data: bytes, plain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "MAX_PLAIN", plain)
    monkeypatch.setattr(reader_module, "MAX_CELLS", 3)
    read_workbook(data)
    monkeypatch.setattr(reader_module, "MAX_CELLS", 2)
    with pytest.raises(WorkbookTooLarge):
        read_workbook(data)


def test_a_real_bomb_of_half_a_gigabyte_is_refused() -> None:
    buffer = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook(worksheet(""))))
    with source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name in source.namelist():
            with file.open(name, "w", force_zip64=True) as part:
                for piece in [bytes(2**20)] * 600 if name == "xl/worksheets/sheet1.xml" else [source.read(name)]:
                    part.write(piece)
    assert len(buffer.getvalue()) < 2**22
    with pytest.raises(WorkbookTooLarge):
        read_workbook(buffer.getvalue())


def test_a_bomb_is_refused_before_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MAX_UNCOMPRESSED", 2**21)
    bomb = workbook(worksheet("", after=" " * 2**22))
    assert len(bomb) < 2**15
    with pytest.raises(WorkbookTooLarge):
        read_workbook(bomb)


def test_a_bomb_whose_header_lies_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MAX_UNCOMPRESSED", 2**21)
    bomb = workbook(worksheet("", after=" " * 2**22))
    with zipfile.ZipFile(io.BytesIO(bomb)) as file:
        size = file.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises((WorkbookTooLarge, DamagedWorkbook)):
        read_workbook(lying)


@pytest.mark.parametrize("flipped", range(0, 240, 5))
def test_a_part_is_inflated_the_short_way_only_as_zipfile_would(flipped: int) -> None:
    data = bytearray(workbook(worksheet(ROW)))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        info = file.getinfo("xl/worksheets/sheet1.xml")
        content = file.read(info)
    assert package_module.inflated(bytes(data), info) == content
    data[info.header_offset + flipped] ^= 1
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            expected: bytes | None = file.read("xl/worksheets/sheet1.xml")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        expected = None
    assert package_module.inflated(bytes(data), info) in (None, expected)


def test_two_workbooks_of_one_template_differ_only_where_they_differ() -> None:
    def book(name: str, number: int) -> Grid:
        return read_workbook(workbook(worksheet(ROW.replace("7", str(number))), styles=styles(name)))

    def styles(name: str) -> str:
        font = f'<fonts count="1"><font><name val="{name}"/></font></fonts>'
        return (
            f'<styleSheet xmlns="{MAIN}">{font}<cellXfs count="1"><xf numFmtId="9" fontId="0"/></cellXfs></styleSheet>'
        )

    books = [book(name, number) for name, number in [("A", 7), ("B", 7), ("A", 8)]]
    assert [it.styles[0] for it in books] == [CellStyle("0%", "A"), CellStyle("0%", "B"), CellStyle("0%", "A")]
    assert [cells_of(it)[3, 2] for it in books] == [7, 7, 8]


def rich() -> bytes:
    book = openpyxl.Workbook()
    for row in range(1, 30):
        book.worksheets[0].append([row, f"dòng {row}", row / 7, f"=A{row}*2"])
    return saved(book)


@pytest.mark.parametrize("length", range(0, 5000, 97))
def test_a_file_cut_off_anywhere_is_refused_and_never_raises_anything_else(length: int) -> None:
    with pytest.raises(UnreadableWorkbook):
        read_workbook(rich()[:length])


@pytest.mark.parametrize("seed", range(150))
def test_a_file_with_wrong_bytes_is_read_or_refused_and_never_raises_anything_else(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(rich())
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(UnreadableWorkbook):
        read_workbook(bytes(data))


SOUP = [
    b"<",
    b">",
    b"/",
    b'"',
    b"&",
    b"<!--",
    b"]]>",
    b"<![CDATA[",
    b"<?",
    b"9" * 400,
    b"-1",
    b"",
    b"\0",
    b"\xff",
    b"_xD800_",
]


@pytest.mark.parametrize("seed", range(150))
def test_parts_with_wrong_content_are_read_or_refused_and_never_raise_anything_else(seed: int) -> None:
    # zipped again afterwards: a flipped byte in the zip itself stops at the checksum and never reaches the XML
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(rich())) as file:
        parts: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    for name in chance.sample([name for name in parts if "theme" not in name], 2):
        content = bytes(parts[name])  # type: ignore[arg-type]
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(content))
            content = content[:at] + chance.choice(SOUP) + content[at + chance.randrange(4) :]
        parts[name] = content
    with suppress(UnreadableWorkbook):
        read_workbook(zipped(parts))
