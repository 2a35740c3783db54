"""The formats and fonts of cells, held against openpyxl; what else a styles part declares is nobody's."""

from __future__ import annotations

import io
from typing import NamedTuple
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS
from packages import CONTENT_TYPES, MAIN, workbook, worksheet

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.ooxml.number_format import Shown, number_format
from cchc_excel.excel.ooxml.styles import BUILT_IN, read_styles
from cchc_excel.excel.patching.styles_edit import StylesEditor
from cchc_excel.grid import CellStyle

QUOTE = '"'
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def declared(number: int, code: str) -> str:
    return f'<numFmt numFmtId="{number}" formatCode="{escape(code, {QUOTE: "&quot;"})}"/>'


def styles(*, formats: str = "", fonts: str = "", cells: str = "", conditional: str = "", extension: str = "") -> str:
    """A styles part in the order of ECMA-376 part 1, 18.8.39."""
    fonts = fonts or "<font></font>"
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts count="{fonts.count("<font>")}">{fonts}</fonts>'
        "<fills><fill><patternFill/></fill></fills><borders><border/></borders>"
        '<cellStyleXfs><xf numFmtId="9" fontId="0"/></cellStyleXfs>'
        f'<cellXfs count="{cells.count("<xf ")}">{cells}</cellXfs>'
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        f'<dxfs>{conditional}</dxfs><tableStyles count="0"/>{extension}</styleSheet>'
    )


def read(text: str) -> tuple[CellStyle, ...]:
    return read_styles(text.encode(), "xl/styles.xml")


def cell_style(number_format: int, font: int = 0) -> str:
    return f'<xf numFmtId="{number_format}" fontId="{font}" fillId="0" borderId="0" xfId="0"/>'


def extension(conditional: str) -> str:
    """What Excel 2010 and later add for conditional formats that look at another sheet."""
    return (
        f'<extLst><ext uri="{{46F421CA-312F-682f-3DD2-61675219B42D}}" xmlns:x14="{X14}">'
        f"<x14:dxfs>{conditional}</x14:dxfs></ext></extLst>"
    )


def test_a_date_stays_a_date_where_a_conditional_format_has_the_same_id() -> None:
    conditional = f"<dxf>{declared(164, '0')}</dxf>"
    written = styles(formats=declared(164, "d-mmm"), cells=cell_style(164), conditional=conditional)
    assert read(written)[0].number_format == "d-mmm"


@pytest.mark.parametrize("written_as", ["<dxf>{}</dxf>", "<dxf><numFmts>{}</numFmts></dxf>"])
def test_nor_does_one_of_a_later_version_of_excel_change_a_percentage(written_as: str) -> None:
    conditional = extension(written_as.format(declared(10, "General")))
    assert read(styles(cells=cell_style(10), extension=conditional))[0].number_format == "0.00%"


def test_a_font_of_a_conditional_format_is_not_counted_among_the_fonts_of_cells() -> None:
    conditional = '<dxf><font><name val="Arial"/></font></dxf>'
    fonts = '<font><sz val="11"/></font><font><name val=".VnTime"/></font>'
    written = styles(fonts=fonts, cells=cell_style(0, 0) + cell_style(0, 1), conditional=conditional)
    assert [style.font for style in read(written)] == ["", ".VnTime"]


def test_a_format_declared_for_old_and_new_versions_of_excel_counts_once() -> None:
    both = (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x16r2">{declared(164, "yyyy")}</mc:Choice>'
        f"<mc:Fallback>{declared(164, 'd/m/yyyy')}</mc:Fallback></mc:AlternateContent>"
    )
    assert read(styles(formats=both, cells=cell_style(164)))[0].number_format == "d/m/yyyy"


def test_nor_is_its_id_given_to_another_format_when_a_style_is_added() -> None:
    known = declared(164, "yyyy")
    both = f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Fallback>{known}</mc:Fallback></mc:AlternateContent>'
    editor = StylesEditor(styles(formats=both, cells=cell_style(164)).encode())
    dated, own = editor.derived(0, fill="FFFF00"), editor.derived(0, number_format="0.0")
    cells = read(editor.result().decode())
    assert (cells[dated].number_format, cells[own].number_format) == ("yyyy", "0.0")


def test_a_format_that_is_nowhere_declared_is_general() -> None:
    assert read(styles(cells=cell_style(170)))[0].number_format == "General"


@pytest.mark.parametrize("number", [*range(27, 37), *range(50, 59), *range(71, 82)])
def test_the_dates_of_asian_languages_need_no_declaration(number: int) -> None:
    code = read(styles(cells=cell_style(number)))[0].number_format
    assert number_format(code).shown in {Shown.DATE, Shown.TIME}


def test_formats_without_a_declaration_are_those_of_openpyxl() -> None:
    assert BUILT_IN == BUILTIN_FORMATS


class Drawn(NamedTuple):
    """A styles part, and one cell style after another as (format id, font)."""

    text: str
    cells: list[tuple[int, int]]


CODES = ["0", "0.00%", "d-mmm", "dd/mm/yyyy", '0.0" <&>"', ";;;", "#,##0,", "_-* #,##0 _D_M_-", "@"]
OWN = list(range(164, 170))
fonts_of_cells = st.lists(st.sampled_from(["Times New Roman", ".VnTime", "VNI-Times", "Arial"]), min_size=1, max_size=4)
conditional_formats = st.lists(
    st.tuples(st.sampled_from([*OWN, 9, 10, 14]), st.sampled_from(CODES), st.sampled_from(["Arial", "Calibri"]))
)


def conditional(drawn: list[tuple[int, str, str]]) -> str:
    return "".join(
        f'<dxf><font><b/><name val="{font}"/></font>{declared(number, code)}</dxf>' for number, code, font in drawn
    )


@st.composite
def styles_parts(draw: st.DrawFn) -> Drawn:
    own = draw(st.dictionaries(st.sampled_from(OWN), st.sampled_from(CODES), min_size=1))
    fonts = draw(fonts_of_cells)
    numbers = st.sampled_from([*own, *BUILTIN_FORMATS])
    cells = draw(st.lists(st.tuples(numbers, st.integers(0, len(fonts) - 1)), min_size=1, max_size=8))
    text = styles(
        formats="".join(declared(number, code) for number, code in own.items()),
        fonts="".join(f'<font><sz val="11"/><name val="{font}"/></font>' for font in fonts),
        cells="".join(cell_style(number, font) for number, font in cells),
        conditional=conditional(draw(conditional_formats)),
        extension=extension(conditional(draw(conditional_formats))),
    )
    return Drawn(text, cells)


@settings(max_examples=200, deadline=None)
@given(styles_parts())
def test_every_cell_style_has_the_format_and_font_that_openpyxl_reads(drawn: Drawn) -> None:
    row = "".join(f'<c r="{chr(65 + index)}1" s="{index}"><v>1</v></c>' for index in range(len(drawn.cells)))
    data = workbook(worksheet(f'<row r="1">{row}</row>'), styles=drawn.text, more=CONTENT_TYPES)
    cells = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0][1]
    assert read(drawn.text) == tuple(
        CellStyle(cell.number_format, cell.font.name, bool(cell.font.strike)) for cell in cells
    )


def test_what_xlsxwriter_writes_reads_back_beside_its_conditional_formats() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for index, code in enumerate(["0.00%", "dd/mm/yyyy", '0.0" <&>"', "General"]):
        sheet.write_number(index, 0, 1, book.add_format({"num_format": code, "font_name": f"Phông {index}"}))
    other = book.add_format({"num_format": "0.000", "bold": True})
    sheet.conditional_format("A1:A9", {"type": "cell", "criteria": ">", "value": 1, "format": other})
    book.close()
    grid = read_workbook(buffer.getvalue())
    styles_of_cells = [grid.style(cells[1]) for cells in grid.sheets[0].rows.values()]
    assert [(it.number_format, it.font) for it in styles_of_cells] == [
        ("0.00%", "Phông 0"),
        ("dd/mm/yyyy", "Phông 1"),
        ('0.0" <&>"', "Phông 2"),
        ("General", "Phông 3"),
    ]
