"""Web pages and Excel's XML of 2003, whatever their names: read as the programs that wrote them show them."""

from __future__ import annotations

import quopri
from datetime import date

import pytest
from sheet_writers import Page, Written
from tag_writers import as_web_archive

from cchc_excel.consolidating.roster.load import load_roster
from cchc_excel.errors import DamagedWorkbook, UnreadableWorkbook, UnsupportedWorkbook, WorkbookTooLarge
from cchc_excel.excel.opening import files_in, open_grid
from cchc_excel.grid import CellError, CellStyle, MarkedText, Range, Sheet, Source

Values = dict[tuple[int, int], object]


def values_of(sheet: Sheet) -> Values:
    return {(row, column): cell.value for row, cells in sheet.rows.items() for column, cell in cells.items()}


def page(body: str, head: str = "") -> Sheet:
    return open_grid(f"<html><head>{head}</head><body>{body}</body></html>".encode()).grid.sheets[0]


def style_of(body: str, head: str = "") -> CellStyle:
    grid = open_grid(f"<html><head>{head}</head><body>{body}</body></html>".encode()).grid
    return grid.style(next(iter(grid.sheets[0].rows[1].values())))


def table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


# --- web pages


def test_a_cell_that_is_merged_takes_the_places_of_those_that_are_not_written() -> None:
    sheet = page(table("<td rowspan=2>a</td><td colspan='2'>b</td>", "<td>c</td><td>d</td>", "<td>e</td>"))
    assert values_of(sheet) == {(1, 1): "a", (1, 2): "b", (2, 2): "c", (2, 3): "d", (3, 1): "e"}
    assert sheet.merges == (Range(1, 1, 2, 1), Range(1, 2, 1, 3))


def test_texts_beside_tables_and_several_tables_stand_one_below_the_other() -> None:
    sheet = page(f"<h1>Biểu</h1><p>Quý I<br>năm 2023</p>{table('<td>a')}<div>giữa</div>{table('<th>b<td>c')}")
    assert list(values_of(sheet).values()) == ["Biểu", "Quý I", "năm 2023", "a", "giữa", "b", "c"]
    assert sorted(sheet.rows) == [1, 2, 3, 4, 5, 6]


def test_a_table_in_a_cell_stands_below_the_row_of_that_cell() -> None:
    inner = table("<td>1<td>2", "<td>3<td>4")
    sheet = page(table("<td>trên", f"<td>trước {inner} sau<td>bên", "<td>dưới"))
    expected = {(1, 1): "trên", (2, 1): "trước\nsau", (2, 2): "bên", (3, 1): "1", (3, 2): "2", (4, 1): "3", (4, 2): "4"}
    assert {at: str(value).replace(" sau", "\nsau") for at, value in values_of(sheet).items()} == {
        **expected,
        (5, 1): "dưới",
    }


def test_tags_that_nobody_closed_are_closed_by_what_follows() -> None:
    assert values_of(page("<table><tr><td>a<td><b>b<tr><td>c<p>d<p>e")) == {(1, 1): "a", (1, 2): "b", (2, 1): "c\nd\ne"}
    assert values_of(page("<td>ngoài</td><table><td>a</table></table></td>")) == {(1, 1): "ngoài", (2, 1): "a"}


def test_white_space_and_marks_of_letters_are_as_a_browser_shows_them() -> None:
    body = table("<td> Số \n  văn&nbsp;bản<br>đã&nbsp; ban hành <td>&#7897;&amp;&lt;<td>&nbsp;<td><script>x</script>y")
    assert values_of(page(body)) == {(1, 1): "Số văn bản\nđã ban hành", (1, 2): "ộ&<", (1, 4): "y"}


def test_a_line_that_ends_between_two_figures_ends_a_number() -> None:
    """A browser shows a space there, which may separate thousands; nobody breaks a number in two."""
    body = table("<td>28\n282<td>1 282<td>1.\n2<td>Số\n12")
    assert values_of(page(body)) == {(1, 1): "28\n282", (1, 2): "1 282", (1, 3): "1. 2", (1, 4): "Số 12"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<td>12</td>", "12"),
        ('<td x:num="882000">882</td>', 882000),
        ("<td x:num>0.5</td>", 0.5),
        ('<td sdval="9.76" sdnum="1066;0;0.00">9,76</td>', 9.76),
        ('<td sdval="0" sdnum="1033;">#DIV/0!</td>', CellError("#DIV/0!")),
        ('<td x:num="1e999">12</td>', "12"),
        ('<td x:num="1_0">12</td>', "12"),
        ('<td x:str="07">07</td>', "07"),
        ("<td>#N/A</td>", CellError("#N/A")),
        ('<td x:err="#DIV/0!">#CHIA/0!</td>', CellError("#DIV/0!")),
        ('<td x:bool="TRUE">ĐÚNG</td>', True),
    ],
)
def test_a_page_that_tells_a_number_beside_its_text_is_believed(cell: str, value: object) -> None:
    found = values_of(page(table(cell)))[1, 1]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("cell", "whole", "rest"),
    [
        ("<td><s>12</s>3</td>", "123", "3"),
        ("<td>2<sup>1</sup></td>", "21", "2"),
        ("<td><span style='text-decoration: line-through'>12<b>4</b></span>3", "1243", "3"),
        ("<td><del>12</td><td>3</td>", "12", ""),
        ("<td><span class=bo>9</span>8</td>", "98", "8"),
        ('<td sdval="3" sdnum="1033;"><s><font>3</font></s></td>', "3", ""),
    ],
)
def test_letters_that_are_struck_out_or_raised_are_told_apart(cell: str, whole: str, rest: str) -> None:
    sheet = page(table(cell), "<style>span.bo, .x {text-decoration:line-through}</style>")
    value = sheet.rows[1][1].value
    assert isinstance(value, MarkedText)
    assert (value, value.unmarked) == (whole, rest)
    assert all(not isinstance(cell.value, MarkedText) for at, cell in sheet.rows[1].items() if at > 1)


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ("<td class=xl25>1", CellStyle('#,##0"đ"', ".VnTime")),
        ("<td style='mso-number-format:Percent'>1", CellStyle("0.00%")),
        ("<td style=\"mso-number-format:'\\@'\">1", CellStyle("@")),
        ("<td sdnum='1033;0;0.00%'>1", CellStyle("0.00%")),
        ("<td style='display:none'>1", CellStyle(";;;")),
        ("<td style='text-decoration:line-through'>1", CellStyle(struck=True)),
        ("<td><font face='.VnTime'>1", CellStyle(font=".VnTime")),
    ],
)
def test_the_look_of_a_cell_is_told(cell: str, style: CellStyle) -> None:
    head = (
        '<style><!-- td {color:red} .xl24, .xl25\n{mso-number-format:"\\#\\,\\#\\#0\\0022đ\\0022";}\n'
        "@media print {.xl25 {font-family:.VnTime, sans-serif;}} --></style>"
    )
    assert style_of(table(cell), head) == style


def test_rows_and_columns_that_are_not_shown_are_hidden() -> None:
    columns = "<col><col span=2 style='width:0;display:none'>"
    sheet = page(
        f"<table>{columns}<tr hidden><td>1<tbody style='visibility:collapse'><tr><td>2</tbody><tr><td>3</table>"
    )
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({1, 2}), ((2, 3),))
    sheet = page(f"<div style='display:none'><div>x</div>{table('<td>1')}</div>{table('<td>2')}")
    assert sheet.hidden_rows == {1, 2}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258"])
@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1258", "iso-8859-1", "rot13", "no-such"])
def test_letters_are_those_of_the_encoding_whatever_a_page_says_of_it(encoding: str, declared: str) -> None:
    if encoding == "cp1258" and declared == "iso-8859-1":
        pytest.skip("every text of one byte a letter can be read so, and the page asks for it")
    text = f"<html><meta charset='{declared}'><table><tr><td>Ô đ, ê</td></tr></table></html>"
    assert values_of(open_grid(text.encode(encoding)).grid.sheets[0]) == {(1, 1): "Ô đ, ê"}


def test_each_sheet_of_a_page_of_libreoffice_is_a_sheet() -> None:
    body = "".join(
        f"<A NAME='table{n}'><h1>Sheet {n}: <em>Quý {n}</em></h1></A>{table(f'<td>{n}')}<hr>" for n in (0, 1)
    )
    grid = open_grid(f"<html><body><h1>Overview</h1><a href='#table0'>Quý 0</a>{body}</body></html>".encode()).grid
    assert {sheet.name: values_of(sheet) for sheet in grid.sheets} == {"Quý 0": {(1, 1): "0"}, "Quý 1": {(1, 1): "1"}}


def test_a_page_saved_with_all_that_belongs_to_it_is_a_workbook_and_no_letter() -> None:
    pages = [Page("Quý I", {(1, 1): Written(5, format="0.0%")}), Page("Quý II", {(2, 3): Written("x")})]
    data = as_web_archive(pages)
    assert files_in(data) is None
    grid, kind = open_grid(data)
    assert kind == "mht"
    assert {sheet.name: values_of(sheet) for sheet in grid.sheets} == {"Quý I": {(1, 1): 5}, "Quý II": {(2, 3): "x"}}
    assert grid.style(grid.sheets[0].rows[1][1]).number_format == "0.0%"


def test_a_page_that_a_browser_saved_is_read_with_the_style_sheets_beside_it() -> None:
    coded = quopri.encodestring(table("<td class=n x:num=5>Số</td>").encode()).replace(b"\n", b"\r\n")
    data = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + coded +
        b"\r\n--b\r\nContent-Type: text/css\r\n\r\n.n {mso-number-format:Fixed}\r\n--b--\r\n"
    )  # fmt: skip
    grid = open_grid(data).grid
    assert grid.style(grid.sheets[0].rows[1][1]).number_format == "0.00"


def test_a_page_whose_cells_are_in_other_files_is_told_to_be_saved_again() -> None:
    with pytest.raises(UnsupportedWorkbook, match="HTML"):
        open_grid(b"<html><!--[if gte mso 9]><x:WorksheetSource HRef='a.htm'/><![endif]--><frameset></html>")


def test_a_list_of_units_may_be_a_web_page() -> None:
    rows = table("<td>STT<td>Đơn vị<td>Hạn nộp", "<td>1<td>UBND xã A<td>15/04/2023")
    (unit,) = load_roster(Source("danh_sach.xls", f"<html>{rows}</html>".encode())).units
    assert (unit.name, unit.due) == ("UBND xã A", date(2023, 4, 15))


@pytest.mark.parametrize(
    "body",
    [
        "<table>" + "<tr><td rowspan=65534 colspan=1000>1" * 3000,
        "<table>" + "<tr>" + "<td rowspan=9999999 colspan=1000>1" * 16 + "<tr><td>2" * 20_000,
        table("<td colspan=1000>1" * 17),
        "<table>" + "<tr>" + "<td>1" * 500_001,
        "<table>" + "<tr>" * 300_000 + "</tr>" * 300_001,
    ],
)
def test_a_page_that_would_fill_more_than_a_workbook_is_too_large_or_damaged(body: str) -> None:
    with pytest.raises((WorkbookTooLarge, DamagedWorkbook)):
        page(body)


@pytest.mark.parametrize("bomb", ["<table>" * 60, table("<td>" + "<span>" * 600), f"<table><td>&#{'9' * 5000};"])
def test_a_page_that_is_nested_without_end_or_that_the_parser_cannot_take_is_damaged(bomb: str) -> None:
    with pytest.raises(DamagedWorkbook):
        page(bomb)


@pytest.mark.parametrize(
    "body", ["<![x", "<!", "<?", "<!--", "</", "<td", "<table><td x:num=>", "<a name=table0>", "&#x;"]
)
def test_a_page_that_is_torn_is_read_or_refused_and_nothing_else(body: str) -> None:
    try:
        page(table("<td>1") + body)
    except UnreadableWorkbook:
        return


def test_a_span_of_a_million_is_what_browsers_take_of_it() -> None:
    sheet = page(table("<td colspan=1000000>1<td>2", "<td rowspan=-5 colspan=x>3<td>4"))
    assert values_of(sheet) == {(1, 1): "1", (1, 1001): "2", (2, 1): "3", (2, 2): "4"}


# --- Excel's XML of 2003

STYLE_A = "a"
_BOOK = (
    "<?xml version='1.0'{}?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
    "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet' xmlns:html='http://www.w3.org/TR/REC-html40'>{}"
    "<Styles><Style ss:ID='Default'><Font ss:FontName='.VnTime'/></Style>"
    "<Style ss:ID='a'><NumberFormat ss:Format='Percent'/></Style>"
    "<Style ss:ID='b' ss:Parent='a'><Font ss:StrikeThrough='1'/></Style></Styles>"
    "<Worksheet ss:Name='Biểu'><Table>{}</Table></Worksheet></Workbook>"
)


def xml(rows: str, before: str = "", declared: str = "", encoding: str = "utf-8") -> Sheet:
    return open_grid(_BOOK.format(declared, before, rows).encode(encoding)).grid.sheets[0]


def data(kind: str, content: str, **about: object) -> str:
    attributes = "".join(f" ss:{name}='{value}'" for name, value in about.items())
    return f"<Cell{attributes}><Data ss:Type='{kind}'>{content}</Data></Cell>"


def test_each_type_of_a_value_is_what_excel_stores() -> None:
    cells = [
        ("Number", "882000"),
        ("Number", "0.5"),
        ("String", "a&#10;b"),
        ("Boolean", "1"),
        ("Error", "#N/A"),
        ("DateTime", "2023-07-02T00:00:00.000"),
        ("DateTime", "1899-12-31T12:00:00.000"),
        ("String", ""),
    ]
    found = values_of(xml("<Row>" + "".join(data(*cell) for cell in cells) + "</Row>"))
    expected = [882000, 0.5, "a\nb", True, CellError("#N/A"), 45109, 0.5]
    assert list(found.values()) == expected
    assert [type(value) for value in found.values()] == [type(value) for value in expected]


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    row = f"<Row>{data('DateTime', '2023-07-02T00:00:00.000')}</Row>"
    grid = open_grid(_BOOK.format("", "<ExcelWorkbook><Date1904/></ExcelWorkbook>", row).encode()).grid
    assert (grid.date1904, grid.sheets[0].rows[1][1].value) == (True, 45109 - 1462)


def test_places_merges_and_what_is_hidden_are_told() -> None:
    rows = (
        "<Column ss:Hidden='1' ss:Span='1'/><Column/><Column ss:Index='7' ss:Hidden='1'/>"
        f"<Row ss:Index='2' ss:Hidden='1'>{data('Number', '1', MergeAcross=2, MergeDown=1)}"
        f"{data('Number', '2')}</Row><Row>{data('Number', '3', Index=5)}</Row>"
    )
    sheet = xml(rows)
    assert values_of(sheet) == {(2, 1): 1, (2, 4): 2, (3, 5): 3}
    assert sheet.merges == (Range(2, 1, 3, 3),)
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({2}), ((1, 2), (7, 7)))


def test_styles_build_on_each_other_and_come_from_the_cell_its_row_or_its_column() -> None:
    rows = (
        f"<Column/><Column ss:StyleID='a'/><Row>{data('Number', '1')}{data('Number', '1')}</Row>"
        f"<Row ss:StyleID='b'>{data('Number', '1')}{data('Number', '1', StyleID=STYLE_A)}</Row>"
    )
    grid = open_grid(_BOOK.format("", "", rows).encode()).grid
    plain, percent = CellStyle("General", ".VnTime"), CellStyle("0.00%", ".VnTime")
    assert [grid.style(cell) for cells in grid.sheets[0].rows.values() for cell in cells.values()] == [
        plain, percent, percent._replace(struck=True), percent
    ]  # fmt: skip


def test_a_text_with_struck_or_raised_letters_is_told_and_a_comment_is_no_text_of_its_cell() -> None:
    rich = "<html:S>12</html:S>3<html:B>4</html:B><html:Sup>1</html:Sup>"
    note = "<Comment><ss:Data>xem <html:B>lại</html:B></ss:Data></Comment>"
    value = xml(f"<Row>{data('String', rich).replace('</Cell>', note + '</Cell>')}</Row>").rows[1][1].value
    assert isinstance(value, MarkedText)
    assert (value, value.unmarked) == ("12341", "34")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("declared", ["", " encoding='UTF-8'", " encoding='windows-1258'", " encoding='no-such'"])
def test_letters_of_xml_are_those_of_the_encoding(encoding: str, declared: str) -> None:
    text = _BOOK.replace("Biểu", "B").format(declared, "", f"<Row>{data('String', 'Ô đ, ê')}</Row>")
    assert values_of(open_grid(text.encode(encoding)).grid.sheets[0]) == {(1, 1): "Ô đ, ê"}


@pytest.mark.parametrize(
    "rows",
    [
        "<Row ss:Index='0999999999'/>",
        "<Row ss:Index='5'/><Row ss:Index='5'/>",
        "<Row><Cell ss:Index='16385'/></Row>",
        "<Row><Cell ss:MergeAcross='x'/></Row>",
        "<Column ss:Span='99999999'/>",
        f"<Row>{data('Number', 'x')}</Row>",
        f"<Row>{data('Number', '9e999')}</Row>",
        "<Row>",
    ],
)
def test_xml_that_excel_would_refuse_is_damaged(rows: str) -> None:
    with pytest.raises(DamagedWorkbook):
        xml(rows)


def test_xml_with_entities_or_with_too_many_cells_is_refused() -> None:
    bomb = _BOOK.replace("?><Workbook", "?><!DOCTYPE a [<!ENTITY b 'c'>]><Workbook").format("", "", "<Row/>")
    with pytest.raises(DamagedWorkbook, match="DOCTYPE"):
        open_grid(bomb.encode())
    with pytest.raises(WorkbookTooLarge):
        xml("<Row><Cell/></Row>" * 260_000)
