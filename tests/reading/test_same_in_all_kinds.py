"""The same sheet says the same, whatever kind of file it was saved as."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from compound_file import compound_file
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from packages import zipped
from places import PRINTED

from cchc_excel.consolidating.roster.load import load_roster
from cchc_excel.errors import DamagedWorkbook, DocumentInstead, PasswordProtected, WorkbookTooLarge
from cchc_excel.excel.opening import open_grid
from cchc_excel.excel.opening.read_xlsb import read_xlsb
from cchc_excel.form import load_form
from cchc_excel.grid import CellError, Grid, Range, Sheet, Source
from cchc_excel.reading import read
from cchc_excel.reading.recognise import read_grid

FORM = load_form()

# --- an .ods, built by hand

TABLE = "<table:table table:name='T'>{}</table:table>"
PERCENT = "<number:percentage-style style:name='N1'>{}<number:text>%</number:text></number:percentage-style>"
TWO_DECIMALS = "<number:number number:decimal-places='2'/>"
STYLE = "<style:style style:family='table-cell' style:name='c' style:data-style-name='N1'/>"


def ods(tables: str, styles: str = "", **parts: str) -> bytes:
    content = (
        "<office:document-content><office:automatic-styles>" + styles + "</office:automatic-styles>"
        "<office:body><office:spreadsheet>" + tables + "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, **parts})


def sheet_of(rows: str, styles: str = "") -> Sheet:
    return grid_of(rows, styles).sheets[0]


def grid_of(rows: str, styles: str = "") -> Grid:
    return open_grid(ods(TABLE.format(rows), styles)).grid


def row(*cells: str, **about: str) -> str:
    attributes = "".join(f" table:{name.replace('_', '-')}='{value}'" for name, value in about.items())
    return f"<table:table-row{attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", **about: str) -> str:
    prefixes = {"value": "office", "value_type": "office", "date_value": "office", "time_value": "office"}
    attributes = "".join(
        f" {prefixes.get(name, 'table')}:{name.replace('_', '-')}='{value}'" for name, value in about.items()
    )
    return f"<table:table-cell{attributes}>{text and f'<text:p>{text}</text:p>'}</table:table-cell>"


def number(value: str, **about: str) -> str:
    return cell(value, value_type="float", value=value, **about)


def values_of(sheet: Sheet) -> dict[tuple[int, int], object]:
    return {(row, column): cell.value for row, cells in sheet.rows.items() for column, cell in cells.items()}


def test_white_space_between_the_elements_of_an_ods_says_nothing() -> None:
    spread = row(cell("a  b\n c"), "\n\t", number("2")).replace("><", ">\n  <")
    assert values_of(sheet_of(f"\n{spread}\n")) == {(1, 1): "a b c", (1, 2): 2}


@pytest.mark.parametrize("before", ["", "\ufeff", "<?xml version='1.0' encoding='UTF-8'?>\n"])
def test_open_document_in_one_xml_file_is_read_as_in_a_package(before: str) -> None:
    tables = TABLE.format(row(cell("a"), number("0.5", style_name="c")))
    styles = PERCENT.format(TWO_DECIMALS) + STYLE
    flat = (
        f"{before}<office:document xmlns:office='o' office:mimetype='application/vnd.oasis.opendocument.spreadsheet'>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document>"
    )
    opened, kind = open_grid(flat.encode())
    assert (opened, kind) == (open_grid(ods(tables, styles)).grid, "ods")


def test_spaces_tabs_and_line_breaks_that_an_ods_writes_as_elements_are_kept() -> None:
    text = "a<text:s text:c='2'/>b<text:line-break/>c<text:tab/>d</text:p><text:p>e<text:span>f</text:span>"
    assert values_of(sheet_of(row(cell(text)))) == {(1, 1): "a  b\nc\td\nef"}


def test_repeated_cells_and_rows_of_an_ods_stand_where_they_are_shown() -> None:
    rows = row(cell(number_columns_repeated="2"), number("5", number_columns_repeated="2"), number_rows_repeated="2")
    rows = row(cell(number_columns_repeated="16384"), number_rows_repeated="3") + rows + row(number("6"))
    assert values_of(sheet_of(rows)) == {(4, 3): 5, (4, 4): 5, (5, 3): 5, (5, 4): 5, (6, 1): 6}


@pytest.mark.parametrize(
    "rows",
    [
        row(number("1", number_columns_repeated="16385")),
        row(number("1"), number_rows_repeated="1048577"),
        row(number("1", number_columns_repeated="16384"), number_rows_repeated="1000000"),
        row(cell(number_columns_repeated="999999999"), number("1")),
    ],
)
def test_an_ods_of_a_few_bytes_that_repeats_a_figure_without_end_is_too_large(rows: str) -> None:
    with pytest.raises(WorkbookTooLarge):
        sheet_of(rows)


@pytest.mark.parametrize(
    "content",
    [
        row(number("NaN")),
        row(number("1e999")),
        row(number("x")),
        row(number("1", number_columns_repeated="x")),
        row(cell(value_type="date", date_value="soon")),
        row(cell(value_type="time", time_value="soon")),
        "<table:table-row>",
    ],
)
def test_an_ods_that_is_broken_is_damaged(content: str) -> None:
    with pytest.raises(DamagedWorkbook):
        sheet_of(content)


def test_an_ods_with_a_password_and_a_letter_in_open_document_are_told_for_what_they_are() -> None:
    with pytest.raises(PasswordProtected):
        open_grid(ods("", **{"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}))
    with pytest.raises(DocumentInstead):
        open_grid(zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}))


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "Err:502"])
def test_an_error_of_an_ods_is_an_error_and_the_same_text_typed_is_a_text(error: str) -> None:
    rows = row(cell(error, value_type="string", formula="of:=NA()"), cell(error, value_type="string"))
    assert values_of(sheet_of(rows)) == {(1, 1): CellError(error), (1, 2): error}


def test_a_truth_that_an_ods_stores_as_a_number_is_a_truth() -> None:
    rows = row(cell("TRUE", value_type="float", value="1"), cell("1", value_type="float", value="1"))
    found = values_of(sheet_of(rows))
    assert [(value, type(value)) for value in found.values()] == [(True, bool), (1, int)]


def test_what_is_merged_hidden_or_a_copy_of_another_workbook_is_told_of_an_ods() -> None:
    columns = "<table:table-column number-columns-repeated='1'/><table:table-column table:visibility='collapse'/>"
    rows = row(number("1", number_rows_spanned="2", number_columns_spanned="3")) + row(number("2"), visibility="filter")
    hidden = (
        "<style:style style:family='table' style:name='h'><style:table-properties table:display='false'/></style:style>"
    )
    copy = "<table:table table:name='copy'><table:table-source/>" + row(number("9")) + "</table:table>"
    tables = TABLE.format(columns + rows) + TABLE.format(row(number("3"))).replace("'T'", "'U' table:style-name='h'")
    first, second = open_grid(ods(tables + copy, hidden)).grid.sheets
    assert (first.merges, first.hidden_rows, first.hidden_columns) == ((Range(1, 1, 2, 3),), frozenset({2}), ((2, 2),))
    assert (first.visible, second.visible) == (True, False)


def test_a_text_of_an_ods_is_what_was_typed_not_what_a_number_format_makes_of_it() -> None:
    typed = "office:string-value='07' office:value-type"
    shown = cell("<text:s/>07 ", value_type="string").replace("office:value-type", typed)
    assert values_of(sheet_of(row(shown))) == {(1, 1): "07"}


def test_a_comment_in_a_cell_of_an_ods_is_not_its_text() -> None:
    said = "<dc:creator>Văn thư</dc:creator><text:p><text:span>xem</text:span> lại</text:p><text:p>số</text:p>"
    note = f"<office:annotation>{said}</office:annotation>"
    rows = row(number("5").replace("<text:p>", f"{note}<text:p>"), f"<table:table-cell>{note}</table:table-cell>")
    sheet = sheet_of(rows + row(number("6")))
    assert values_of(sheet) == {(1, 1): 5, (2, 1): 6}
    assert sheet.comments == {(1, 1): "xem lại\nsố\n", (1, 2): "xem lại\nsố\n"}


@pytest.mark.parametrize(
    ("styles", "about", "code"),
    [
        (PERCENT.format(TWO_DECIMALS) + STYLE, {"style_name": "c"}, '0.00%'),
        (PERCENT.format("<number:number/>"), {"value_type": "percentage"}, "0%"),
        ("<number:number-style style:name='N1'><number:number number:decimal-places='0' number:grouping='true'"
         " number:display-factor='1000'/></number:number-style>" + STYLE, {"style_name": "c"}, "#,##0,"),
        ("<number:date-style style:name='N1'><number:day number:style='long'/><number:text>/</number:text>"
         "<number:month/></number:date-style>" + STYLE, {"style_name": "c"}, 'dd"/"m'),
        ("<number:number-style style:name='P'/><number:number-style style:name='N1'><style:map"
         " style:condition='value()&gt;=0' style:apply-style-name='P'/></number:number-style>" + STYLE,
         {"style_name": "c"}, "[>=0];"),
        ("<number:number-style style:name='N1'><number:number number:decimal-places='1'>"
         "<number:embedded-text number:position='1'>.</number:embedded-text>"
         "<number:embedded-text number:position='3'>-</number:embedded-text></number:number></number:number-style>"
         + STYLE, {"style_name": "c"}, '#"-"##"."0.0'),
        ("", {}, "General"),
    ],
)  # fmt: skip
def test_a_number_format_of_an_ods_is_told_as_excel_writes_it(styles: str, about: dict[str, str], code: str) -> None:
    grid = grid_of(row(cell("5", **{"value_type": "float", "value": "5", **about})), styles)
    assert grid.style(grid.sheets[0].rows[1][1]).number_format == code


def test_a_cell_of_an_ods_without_a_style_has_that_of_its_row_or_its_column() -> None:
    columns = "<table:table-column/><table:table-column table:default-cell-style-name='c'/>"
    grid = grid_of(
        columns + row(number("1"), number("2")) + row(number("3"), default_cell_style_name="c"),
        PERCENT.format("<number:number number:decimal-places='0'/>") + STYLE,
    )
    formats = {at: grid.style(grid.sheets[0].rows[at[0]][at[1]]).number_format for at in ((1, 1), (1, 2), (2, 1))}
    assert formats == {(1, 1): "General", (1, 2): "0%", (2, 1): "0%"}


def test_a_figure_that_an_ods_shows_with_a_sign_of_percent_is_a_percentage_even_without_a_style() -> None:
    grid = grid_of(row(cell("9.76%", value_type="float", value="0.0976")))
    assert grid.style(grid.sheets[0].rows[1][1]).number_format == "0%"


def test_a_list_of_units_may_be_an_ods() -> None:
    rows = row(cell("STT"), cell("Đơn vị"), cell("Hạn nộp")) + row(
        number("1"), cell("UBND xã A"), cell("15/04/2023", value_type="date", date_value="2023-04-15")
    )
    (unit,) = load_roster(Source("danh_sach.csv", ods(TABLE.format(rows)))).units
    assert (unit.name, unit.due) == ("UBND xã A", date(2023, 4, 15))


# --- an .xls, built by hand


def record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


BOF = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
PASSWORD = record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))


def test_an_xls_with_a_password_and_a_letter_in_the_same_container_are_told_for_what_they_are() -> None:
    with pytest.raises(PasswordProtected):
        open_grid(compound_file({"Workbook": BOF + PASSWORD}))
    with pytest.raises(DocumentInstead):
        open_grid(compound_file({"WordDocument": bytes(100)}))


@pytest.mark.parametrize("stream", [b"\0", BOF, BOF[:7], BOF + record(0x0085, b"x"), BOF + b"\xff" * 50])
def test_an_xls_cut_off_is_damaged(stream: bytes) -> None:
    with pytest.raises(DamagedWorkbook):
        open_grid(compound_file({"Workbook": stream}))


# --- .xlsb, of which values alone are known


def test_of_a_workbook_read_by_calamine_it_is_told_that_values_alone_are_known() -> None:
    grid = read_xlsb(PRINTED.read_bytes())  # it reads every kind; the bytes of an .xlsb are Excel's alone to write
    reading = read_grid(grid, FORM, "a.xlsb")
    assert "S47" in {finding.code for finding in reading.findings}
    expected = read(Source("a.xlsx", PRINTED.read_bytes()), FORM)
    assert reading.submission is not None
    assert expected.submission is not None
    assert reading.submission.values == expected.submission.values


# --- one workbook, saved by an office program as each kind


def percentages(sheet: Worksheet) -> None:
    for at, value in (("D78", 1), ("D90", 0.88), ("D91", 0.12), ("D9", 0.2857)):
        sheet[at].value, sheet[at].number_format = value, "0.00%"


def errors(sheet: Worksheet) -> None:
    sheet["D8"], sheet["D9"] = "=NA()", "=D11/0"


def hidden_and_merged(sheet: Worksheet) -> None:
    sheet.row_dimensions[8].hidden = sheet.row_dimensions[10].hidden = True
    sheet["D45"] = None
    sheet.merge_cells("D44:D45")


def hidden_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["D"].hidden = True


def days_and_times(sheet: Worksheet) -> None:
    sheet["D8"], sheet["D11"], sheet["D12"] = date(2023, 7, 2), time(5, 0), datetime(2023, 1, 15)  # noqa: DTZ001
    sheet["D8"].number_format, sheet["D12"].number_format = "d-mmm", "dd/mm/yyyy"


def days_of_1904(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    sheet.parent.epoch = CALENDAR_MAC_1904
    days_and_times(sheet)


def formats(sheet: Worksheet) -> None:
    sheet["D8"].number_format, sheet["D10"].number_format = ";;;", '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)'
    sheet["D11"].value, sheet["D11"].number_format = 7000, "#,##0,"


Change = Callable[[Worksheet], None]


CHANGES = [percentages, errors, hidden_and_merged, hidden_column, days_and_times, days_of_1904, formats]


@pytest.fixture(scope="module")
def saved_by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `xlsx`, `xls` and `ods` with the printed form after each change, calculated and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "typed").mkdir()
    for change in CHANGES:
        book = openpyxl.load_workbook(PRINTED)
        change(book.worksheets[0])
        book.save(folder / "typed" / f"{change.__name__}.xlsx")
    for kind, source in (("xlsx", "typed"), ("xls", "xlsx"), ("ods", "xlsx")):
        convert_all(folder / source, kind, folder / kind)
    return folder


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("change", CHANGES)
def test_the_same_sheet_in_every_kind_gives_the_same_submission_and_the_same_findings(
    change: Change, kind: str, saved_by_libreoffice: Path
) -> None:
    calculated, other = (saved_by_libreoffice / each / f"{change.__name__}.{each}" for each in ("xlsx", kind))
    expected, found = (read(Source("a", path.read_bytes()), FORM) for path in (calculated, other))
    assert found.kind == kind
    assert expected.submission is not None
    assert found.submission is not None
    assert found.submission.values == expected.submission.values
    assert [(it.code, it.cells, it.facts) for it in found.findings] == [
        (it.code, it.cells, it.facts) for it in expected.findings
    ]


def convert_all(folder: Path, kind: str, into: Path) -> None:
    """Save all workbooks of a folder as another kind, by one start of LibreOffice."""
    profile = f"-env:UserInstallation={(into.parent / 'profile').as_uri()}"  # two at once cannot share one
    command = ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(into)]
    command += map(str, sorted(folder.iterdir()))
    subprocess.run(command, check=True, capture_output=True, timeout=300)
