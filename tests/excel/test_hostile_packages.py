"""Packages that are valid and that nobody expects: each is corrected as a plain one would be."""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest
from books import saved
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from packages import MAIN, RELATION, SIGNATURE_ORIGIN, STRICT, declared, parts, workbook, worksheet, zipped

from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.calculating.recalculate import recalculated
from cchc_excel.excel.ooxml import package, read_workbook
from cchc_excel.excel.patching import CellChange, Mark, NewSheet, Original, PatchRefused, SheetCell, patch
from cchc_excel.grid import CellError

SHEET = "xl/worksheets/sheet1.xml"
FINDINGS = NewSheet("Phát hiện", [[SheetCell("PHÁT HIỆN", style="title")], [SheetCell("A02")]], 1, [20])
TOTAL = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c></row>'


def values(data: bytes, sheet: int = 0) -> dict[str, object]:
    grid = read_workbook(data).sheets[sheet]
    return {f"{'ABCDEFGH'[at - 1]}{row}": cell.value for row, cells in grid.rows.items() for at, cell in cells.items()}


def with_five_in_a1(data: bytes) -> bytes:
    """The workbook corrected the whole way: A1 becomes 5, what depends on it follows, findings are added."""
    changes = [CellChange("Biểu", 1, 1, number="5")]
    return patch(data, changes, (), recalculated(Original(data), changes), FINDINGS).data


# --- whoever made the package: what depends on a changed cell shows its new figure


def moved(main: str) -> bytes:
    """A workbook whose main part has this name; only the relationships of the package say so."""
    old = parts(workbook(worksheet(TOTAL)))
    folder, _, name = main.rpartition("/")
    beside = f"{folder}/" if folder else ""
    return zipped(
        {
            "[Content_Types].xml": old["[Content_Types].xml"],
            "_rels/.rels": old["_rels/.rels"].replace(b"xl/workbook.xml", f"/{main}".encode()),
            main: old["xl/workbook.xml"],
            f"{beside}_rels/{name}.rels": old["xl/_rels/workbook.xml.rels"],
            f"{beside}worksheets/sheet1.xml": old[SHEET],
        }
    )


def renamed(spelling: Callable[[str], str]) -> bytes:
    return zipped({spelling(name): part for name, part in parts(workbook(worksheet(TOTAL))).items()})


def with_a_chart_before_the_sheet() -> bytes:
    old = parts(workbook(worksheet(TOTAL)))
    chart = b'<sheet name="H" sheetId="7" r:id="rId7"/>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet"
    relation = f'<Relationship Id="rId7" Type="{kind}" Target="chartsheets/sheet1.xml"/>'.encode()
    return zipped(
        {
            **old,
            "xl/workbook.xml": old["xl/workbook.xml"].replace(b"<sheets>", b"<sheets>" + chart),
            "xl/_rels/workbook.xml.rels": old["xl/_rels/workbook.xml.rels"].replace(
                b"</Relationships>", relation + b"</Relationships>"
            ),
            "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{MAIN}"><sheetViews/></chartsheet>',
        }
    )


def prefixed(sheet: str) -> str:
    return sheet.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace(" xmlns=", " xmlns:x=")


UNNAMED_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill/><fill/></fills><borders><border/></borders>'
    "<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/></cellXfs></styleSheet>"
)
MAKERS = {
    "no styles": workbook(worksheet(TOTAL)),
    "styles without names": workbook(worksheet(TOTAL), styles=UNNAMED_STYLES),
    "strict": workbook(worksheet(TOTAL, namespace=STRICT), strict=True),
    "prefixed": workbook(prefixed(worksheet(TOTAL))),
    "no references": workbook(worksheet("<row><c><v>1</v></c><c><f>A1*2</f><v>2</v></c></row>")),
    "UTF-16": workbook(f'<?xml version="1.0" encoding="UTF-16"?>{worksheet(TOTAL)}'.encode("utf-16")),
    "UTF-8 with a mark": workbook(b"\xef\xbb\xbf" + worksheet(TOTAL).encode()),
    "Latin-1": workbook(f'<?xml version="1.0" encoding="ISO-8859-1"?>{worksheet(TOTAL)}'.encode("latin-1")),
    "CDATA": workbook(worksheet(TOTAL.replace("A1*2", "<![CDATA[A1*2]]>"))),
    "comment and instruction": workbook(worksheet("<!-- <row> --><?pi <c>?>" + TOTAL.replace("<v>", "<!-- --><v>"))),
    "backslashes": renamed(lambda name: name.replace("/", "\\")),
    "capitals": renamed(lambda name: name.replace("xl/", "XL/")),
    "workbook at the root": moved("workbook.xml"),
    "workbook of another name": moved("so/lieu/so.xml"),
    "chart before the sheet": with_a_chart_before_the_sheet(),
    "never calculated": workbook(worksheet(TOTAL.replace("<v>2</v>", ""))),
}


@pytest.mark.parametrize("data", MAKERS.values(), ids=MAKERS.keys())
def test_what_depends_on_a_changed_cell_follows_in_a_workbook_of_any_maker(
    data: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert values(with_five_in_a1(data)) == {"A1": 5, "B1": 10}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("data", MAKERS.values(), ids=MAKERS.keys())
def test_a_second_correction_changes_nothing_more_and_leaves_one_findings_sheet(data: bytes) -> None:
    once = with_five_in_a1(data)
    twice = with_five_in_a1(once)
    assert with_five_in_a1(twice) == twice
    assert values(twice) == values(once)
    assert [sheet.name for sheet in read_workbook(twice).sheets] == ["Biểu", "Phát hiện"]


# --- whatever the formula


def test_a_shared_formula_follows_in_every_cell_that_it_fills() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2+A$1</f><v>3</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f t="shared" si="0"/><v>3</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><f t="shared" si="0"/><v>5</v></c></row>'
    )
    done = with_five_in_a1(workbook(worksheet(rows)))
    assert {at: value for at, value in values(done).items() if at[0] == "B"} == {"B1": 15, "B2": 7, "B3": 9}
    assert parts(done)[SHEET].count(b'<f t="shared" si="0"/>') == 2


def test_a_formula_that_may_fill_several_cells_keeps_saying_so() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" cm="1"><f t="array" ref="B1">SUM(A1:A2*2)</f><v>2</v></c></row>'
    done = with_five_in_a1(workbook(worksheet(rows)))
    assert values(done)["B1"] == 10
    assert b'<c r="B1" cm="1"><f t="array" ref="B1">' in parts(done)[SHEET]


def test_a_formula_of_a_table_or_of_a_name_follows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Biểu"
    for row in (["Số", "x"], [1, None], [2, None]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Bang", ref="A1:A3"))
    sheet["C1"], sheet["C2"], sheet["C3"] = "=SUM(Bang[Số])", "=tong*2", "=rieng+1"
    book.defined_names["tong"] = DefinedName("tong", attr_text="Biểu!$A$2")
    sheet.defined_names["rieng"] = DefinedName("rieng", attr_text="Biểu!$A$2")
    buffer = io.BytesIO()
    book.save(buffer)
    changes = [CellChange("Biểu", 2, 1, number="5")]
    done = patch(buffer.getvalue(), changes, (), recalculated(Original(buffer.getvalue()), changes)).data
    assert {at: value for at, value in values(done).items() if at[0] == "C"} == {"C1": 7, "C2": 10, "C3": 6}


def with_a_link_to_last_year(formula: str, rows: str = "") -> bytes:
    old = parts(workbook(worksheet(rows or TOTAL.replace("A1*2", formula))))
    sheets = '<sheetNames><sheetName val="Năm trước"/><sheetName val="B"/><sheetName val="C"/></sheetNames>'
    kept = '<row r="9"><cell r="D9"><v>7</v></cell><cell r="E9" t="str"><v>a&amp;b</v></cell></row>'
    target = 'Target="externalLinks/externalLink1.xml"'
    relation = f'<Relationship Id="rId9" Type="{RELATION}/externalLink" {target}/></Relationships>'
    rels = old["xl/_rels/workbook.xml.rels"].decode()
    reference = '</sheets><externalReferences><externalReference r:id="rId9"/></externalReferences>'
    return zipped(
        {
            **old,
            "xl/workbook.xml": old["xl/workbook.xml"].decode().replace("</sheets>", reference),
            "xl/_rels/workbook.xml.rels": rels.replace("</Relationships>", relation),
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><externalBook>{sheets}<sheetDataSet>'
            f'<sheetData sheetId="0">{kept}</sheetData><sheetData sheetId="1"/>'
            "</sheetDataSet></externalBook></externalLink>",
        }
    )


@pytest.mark.parametrize(
    ("formula", "now"),
    [
        ("A1+'[1]Năm trước'!$D$9", 12),
        ("IF('[1]Năm trước'!E9=\"a&amp;b\",A1*3,0)", 15),
        ("A1+[1]B!C1", 5),
        ("IF(A1&lt;2,0,'[1]Năm trước'!D9)", 7),
    ],
    ids=["number", "text", "blank", "compared"],
)
def test_a_formula_that_looks_into_another_workbook_follows_with_what_is_kept_of_it(formula: str, now: object) -> None:
    assert values(with_five_in_a1(with_a_link_to_last_year(formula)))["B1"] == now


@pytest.mark.parametrize("link", ["[1]C!D9", "'[1]C'!D9", "SUM([1]C!D9:D12)", "[1]!Tong", "'[2]Quý I'!D9+A1"])
def test_a_formula_that_looks_where_nothing_is_kept_of_counts_as_its_stored_value(link: str) -> None:
    rows = (
        f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>{link}</f><v>8</v></c><c r="C1"><f>A1+B1</f><v>9</v></c></row>'
    )
    found = values(with_five_in_a1(with_a_link_to_last_year("A1", rows)))
    assert (found["B1"], found["C1"]) == (8, 13)


@pytest.mark.parametrize(
    ("stored", "formula", "now"),
    [
        ('t="b"><f>{}</f><v>0</v>', "A1&gt;2", True),
        ("><f>{}</f><v>-0.25</v>", "1/(A1-5)", CellError("#DIV/0!")),
        ('t="str"><f>{}</f><v>ít</v>', 'IF(A1=1,"ít",1/0)', CellError("#DIV/0!")),
        ('t="e" vm="1"><f>{}</f><v>#DIV/0!</v>', "1/(A1-1)", 0.25),
        ('t="b"><f>{}</f><v>1</v>', "IF(A1=1,TRUE,1)", 1),
        ('t="str"><f>{}</f><v>1x</v>', 'A1&amp;"x"', "5x"),
    ],
    ids=["truth", "error", "error for a text", "no error any more", "one for truth", "text"],
)
def test_a_result_becomes_what_the_formula_gives_now(stored: str, formula: str, now: object) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1" {stored.format(formula)}</c></row>'
    done = with_five_in_a1(workbook(worksheet(rows)))
    found = values(done)["B1"]
    assert (found, type(found)) == (now, type(now))
    assert b"vm=" not in parts(done)[SHEET]


# --- whatever the styles


LISTS = {
    "fonts": '<fonts count="1"><font><sz val="9"/><name val="Arial"/></font></fonts>',
    "fills": '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    "</fill></fills>",
    "borders": '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    "cellStyleXfs": '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    "cellXfs": '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>',
    "cellStyles": '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    "dxfs": '<dxfs count="0"/>',
}


def style_sheet(lists: dict[str, str]) -> str:
    return f'<styleSheet xmlns="{MAIN}">{"".join(lists.values())}</styleSheet>'


def marked(styles: str, style: int = 0) -> bytes:
    """A1 with a yellow fill, B1 untouched, in a workbook with these styles."""
    rows = f'<row r="1"><c r="A1" s="{style}"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    data = workbook(worksheet(rows), styles=styles)
    return patch(data, [CellChange("Biểu", 1, 1, number="5", fill="FFF2CC")], sheet=FINDINGS).data


ODD_STYLES = {
    "nothing": f'<styleSheet xmlns="{MAIN}"/>',
    "nothing, but open": f'<styleSheet xmlns="{MAIN}"></styleSheet>',
    "nothing, with a prefix": f'<x:styleSheet xmlns:x="{MAIN}"/>',
    "empty lists": style_sheet({name: f"<{name}/>" for name in [*LISTS, "dxfs"]}),
    **{f"no {left}": style_sheet({name: it for name, it in LISTS.items() if name != left}) for left in LISTS},
    "one fill": style_sheet({**LISTS, "fills": '<fills count="1"><fill><patternFill/></fill></fills>'}),
    "something of the future": style_sheet({**LISTS, "extLst": '<extLst><ext uri="{x}"><cellXfs/></ext></extLst>'}),
}


@pytest.mark.parametrize("styles", ODD_STYLES.values(), ids=ODD_STYLES.keys())
def test_a_cell_gets_its_colour_and_no_other_cell_does_whatever_the_styles(styles: str) -> None:
    part = ElementTree.fromstring(parts(marked(styles))["xl/styles.xml"])
    names = [it.tag.rpartition("}")[2] for it in part]
    lists = dict(zip(names, part, strict=True))
    assert names == [name for name in ("numFmts", *LISTS, "extLst") if name in names]
    assert all(int(it.get("count", len(it))) == len(it) for it in part)
    cells = {cell.get("r"): int(cell.get("s", "0")) for cell in sheet_cells(marked(styles))}
    fills = {at: int(lists["cellXfs"][style].get("fillId", "0")) for at, style in cells.items()}
    assert fills["B1"] == 0
    assert fills["A1"] >= 2, "Excel takes the first two fills for none and grey"
    (colour,) = lists["fills"][fills["A1"]].iter(f"{{{MAIN}}}fgColor")
    assert colour.get("rgb") == "FFFFF2CC"
    assert "Times New Roman" not in ElementTree.tostring(lists["fonts"][0], "unicode")
    for style in lists["cellXfs"]:
        assert int(style.get("fontId", "0")) < len(lists["fonts"])
        assert int(style.get("borderId", "0")) < len(lists["borders"])
        assert int(style.get("xfId", "0")) < len(lists["cellStyleXfs"])


def sheet_cells(data: bytes) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(parts(data)[SHEET]).iter(f"{{{MAIN}}}c"))


def test_styles_to_which_nothing_is_added_stay_byte_for_byte() -> None:
    data = workbook(worksheet(TOTAL), styles=f'<styleSheet xmlns="{MAIN}"/>')
    done = patch(data, [CellChange("Biểu", 1, 1, number="5")]).data
    assert parts(done)["xl/styles.xml"] == parts(data)["xl/styles.xml"]


def test_a_format_for_texts_is_known_under_a_number_of_its_own_as_libreoffice_gives_it() -> None:
    text = '<numFmts count="1"><numFmt numFmtId="165" formatCode="@"/></numFmts>'
    styles = LISTS["cellXfs"].replace("</cellXfs>", '<xf numFmtId="165" fontId="0" fillId="0" borderId="0"/></cellXfs>')
    done = marked(style_sheet({"numFmts": text, **LISTS, "cellXfs": styles}), style=1)
    (cell, _) = sheet_cells(done)
    lists = {it.tag.rpartition("}")[2]: it for it in ElementTree.fromstring(parts(done)["xl/styles.xml"])}
    assert lists["cellXfs"][int(cell.get("s", "0"))].get("numFmtId") == "0"


@pytest.mark.parametrize("fill", [None, "FFF2CC"])
def test_a_number_in_a_cell_typed_with_an_apostrophe_loses_it_or_an_edit_would_make_it_a_text_again(
    fill: str | None,
) -> None:
    quoted = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    styles = style_sheet({**LISTS, "cellXfs": LISTS["cellXfs"].replace("</cellXfs>", quoted)})
    cell = '<c r="{}1" s="1" t="inlineStr"><is><t>02</t></is></c>'
    data = workbook(worksheet(f'<row r="1">{cell.format("A")}{cell.format("B")}</row>'), styles=styles)
    changes = [CellChange("Biểu", 1, 1, number="2", fill=fill), CellChange("Biểu", 1, 2, text="x", fill=fill)]
    sheet = openpyxl.load_workbook(io.BytesIO(patch(declared(data), changes).data)).worksheets[0]
    assert [(at.value, at.quotePrefix) for at in (sheet["A1"], sheet["B1"])] == [(2, False), ("x", True)]


def test_where_excel_takes_no_more_styles_the_value_is_written_and_the_look_stays() -> None:
    full = "".join(f'<xf numFmtId="0" fontId="0" fillId="{number}" borderId="0"/>' for number in range(65_490))
    done = marked(style_sheet({**LISTS, "cellXfs": f'<cellXfs count="65490">{full}</cellXfs>'}), style=7)
    assert values(done)["A1"] == 5
    assert sheet_cells(done)[0].get("s") == "7"
    assert b'<cellXfs count="65490">' in parts(done)["xl/styles.xml"]


# --- whatever the worksheet


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
CONTROLS = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
    f'xmlns:xdr="{DRAWING}" Requires="x14"><controls><control shapeId="1" name="a"><controlPr><anchor><from><xdr:col>2'
    "</xdr:col><xdr:row>1</xdr:row></from><to><xdr:col>3</xdr:col><xdr:row>2</xdr:row></to></anchor></controlPr>"
    "</control></controls></mc:Choice></mc:AlternateContent>"
)


@pytest.mark.parametrize("rows", [TOTAL, f"<!-- -->{TOTAL}"], ids=["plain", "by expat"])
def test_the_rows_of_a_controls_anchor_are_no_rows_of_the_sheet(rows: str) -> None:
    data = workbook(worksheet(rows, after=CONTROLS))
    done = patch(data, [CellChange("Biểu", 2, 1, number="7"), CellChange("Biểu", 3, 1, number="8")]).data
    assert values(done) == {"A1": 1, "B1": 2, "A2": 7, "A3": 8}
    assert CONTROLS.encode() in parts(done)[SHEET]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" ph="1" t="inlineStr"><is><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></is></c>',
        '<c r="A1" t="inlineStr"><is><r><t xml:space="preserve"> a</t></r><r><rPr><b/></rPr><t>b </t></r></is></c>',
        '<c r="A1" t="d"><v>2023-03-31T00:00:00</v></c>',
        "<c r='A1'\n   t='b'><v>1</v></c>",
        '<c r="A1" t="str"><v>a &amp; b</v></c>',
        '<c r="A1" t="e" vm="1"><v>#VALUE!</v></c>',
        '<c r="A1"><v>1</v><extLst><ext uri="{x}"/></extLst></c>',
    ],
    ids=["phonetic guide", "runs", "date", "other quotes", "text", "rich value", "something of the future"],
)
def test_whatever_stands_in_a_cell_is_replaced_whole_and_its_neighbour_stays(cell: str) -> None:
    beside = '<c r="B1" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>'
    done = patch(workbook(worksheet(f'<row r="1">{cell}{beside}</row>')), [CellChange("Biểu", 1, 1, number="5")]).data
    assert values(done) == {"A1": 5, "B1": " x "}
    assert beside.encode() in parts(done)[SHEET]


def test_a_formula_on_a_sheet_in_utf_16_is_seen_and_calculation_asked_for() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Biểu"
    book.create_sheet("Khác")["A1"] = "=1+1"
    old = parts(saved(book))
    other = "xl/worksheets/sheet2.xml"
    asked = re.compile(b"<calcPr[^>]*>")
    main = asked.sub(b"", old["xl/workbook.xml"])
    data = zipped({**old, other: old[other].decode().encode("utf-16"), "xl/workbook.xml": main})
    done = patch(data, [CellChange("Biểu", 1, 1, number="5")]).data
    assert b'fullCalcOnLoad="1"' in parts(done)["xl/workbook.xml"]


# --- whatever the package


class Pipe(io.RawIOBase):
    """What a program that streams writes to: it cannot go back, so sizes stand behind each part."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += bytes(data)
        return len(data)


PICTURE = b"\x89PNG" + bytes(range(256)) * 20


def zipped_as(
    method: int, more: dict[str, bytes] | None = None, *, large: bool = False, streamed: bool = False
) -> bytes:
    buffer: Any = Pipe() if streamed else io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, part in {**parts(workbook(worksheet(TOTAL))), **(more or {})}.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method if name in (more or {}) or method in {0, 8} else zipfile.ZIP_DEFLATED
            with file.open(info, "w", force_zip64=large) as entry:
                entry.write(part)
    return bytes(buffer.written) if streamed else buffer.getvalue()


def written_twice() -> bytes:
    buffer = io.BytesIO(workbook(worksheet(TOTAL)))
    with zipfile.ZipFile(buffer, "a") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        file.writestr("[Content_Types].xml", file.read("[Content_Types].xml"))
    return buffer.getvalue()


ZIPS = {
    "stored": zipped_as(zipfile.ZIP_STORED),
    "streamed": zipped_as(zipfile.ZIP_DEFLATED, streamed=True),
    "zip64": zipped_as(zipfile.ZIP_DEFLATED, large=True),
    "zip64, streamed": zipped_as(zipfile.ZIP_DEFLATED, large=True, streamed=True),
    "folders": zipped_as(zipfile.ZIP_STORED, {"xl/": b"", "xl/media/": b""}),
    "with a remark": zipped_as(zipfile.ZIP_DEFLATED)[:-2] + b"\x05\x00xin!!",
    "a part twice": written_twice(),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("data", ZIPS.values(), ids=ZIPS.keys())
def test_a_package_zipped_in_any_way_is_corrected(data: bytes) -> None:
    done = with_five_in_a1(data)
    assert values(done) == {"A1": 5, "B1": 10}
    assert parts(data).keys() <= parts(done).keys()
    with zipfile.ZipFile(io.BytesIO(done)) as file:
        assert file.testzip() is None
        assert len(set(file.namelist())) == len(file.namelist())


def with_a_torn_picture() -> bytes:
    data = zipped_as(zipfile.ZIP_STORED, {"xl/media/image1.png": PICTURE})
    return data.replace(PICTURE, PICTURE[:-1] + b"x")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (with_a_torn_picture(), DamagedWorkbook),
        (zipped_as(zipfile.ZIP_BZIP2, {"xl/media/image1.png": PICTURE}), DamagedWorkbook),
        (zipped_as(zipfile.ZIP_LZMA, {"xl/media/image1.png": PICTURE}), DamagedWorkbook),
    ],
    ids=["torn", "bzip2", "LZMA"],
)
def test_a_part_that_cannot_be_carried_over_is_said_to_be_damaged(data: bytes, refusal: type[Exception]) -> None:
    assert values(data) == {"A1": 1, "B1": 2}
    with pytest.raises(refusal):
        with_five_in_a1(data)


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped_as(zipfile.ZIP_DEFLATED, {"xl/media/image1.png": bytes(2**20)})
    assert values(with_five_in_a1(data))["A1"] == 5
    monkeypatch.setattr(package, "MAX_UNCOMPRESSED", 2**19)
    with pytest.raises(WorkbookTooLarge):
        with_five_in_a1(data)


@pytest.mark.parametrize("name", ["a & b", "o'clock", 'ba "lá"', "<Biểu>", "Biểu 1.4 (2)"])
def test_a_sheet_of_any_name_is_found(name: str) -> None:
    old = parts(workbook(worksheet(TOTAL)))
    written = quoteattr(name).encode()
    data = zipped({**old, "xl/workbook.xml": old["xl/workbook.xml"].replace('"Biểu"'.encode(), written)})
    changes = [CellChange(name, 1, 1, number="5")]
    done = patch(data, changes, (), recalculated(Original(data), changes), FINDINGS).data
    assert values(done) == {"A1": 5, "B1": 10}


def test_the_names_of_an_extension_are_not_taken_for_those_of_the_workbook() -> None:
    extension = (
        '<extLst><ext uri="{x}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:definedNames><x14:definedName name="a"/></x14:definedNames></ext></extLst></workbook>'
    )
    old = parts(workbook(worksheet(TOTAL)))
    main = old["xl/workbook.xml"].decode().replace("</workbook>", extension)
    done = parts(with_five_in_a1(zipped({**old, "xl/workbook.xml": main})))["xl/workbook.xml"].decode()
    assert done.endswith(extension)
    inside = [it.tag.rpartition("}")[2] for it in ElementTree.fromstring(done)]
    assert inside == ["sheets", "definedNames", "calcPr", "extLst"]


def test_a_findings_part_that_the_workbook_no_longer_shows_is_not_taken_for_the_sheet() -> None:
    once = with_five_in_a1(workbook(worksheet(TOTAL)))
    old = parts(once)
    naming = re.compile("<(?:sheet|Relationship) [^>]*(?:Phát hiện|cchc_phat_hien)[^>]*>")
    shown = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    kept: dict[str, str | bytes] = {**old, **{name: naming.sub("", old[name].decode()) for name in shown}}
    assert [sheet.name for sheet in read_workbook(zipped(kept)).sheets] == ["Biểu"]
    again = with_five_in_a1(zipped(kept))
    assert [sheet.name for sheet in read_workbook(again).sheets] == ["Biểu", "Phát hiện"]
    assert [sheet.name for sheet in read_workbook(with_five_in_a1(again)).sheets] == ["Biểu", "Phát hiện"]


# --- a signature, which no change survives


def signed(folder: str) -> bytes:
    """As Office signs (`_xmlsignatures`), or the packaging library of Windows (`package/services/…`)."""
    old = parts(workbook(worksheet(TOTAL)))
    relation = f'<Relationship Id="rId9" Type="{SIGNATURE_ORIGIN}" Target="/{folder}/origin.sigs"/>'.encode()
    rels = old["_rels/.rels"].replace(b"</Relationships>", relation + b"</Relationships>")
    return zipped({**old, "_rels/.rels": rels, f"{folder}/origin.sigs": b"", f"{folder}/sig1.xml": "<Signature/>"})


@pytest.mark.parametrize("folder", ["_xmlsignatures", "_XmlSignatures", "package/services/digital-signature"])
def test_a_signature_is_said_to_end_wherever_it_stands(folder: str) -> None:
    change = [CellChange("Biểu", 1, 1, number="5")]
    assert patch(signed(folder), change).signature_broken
    assert not patch(workbook(worksheet(TOTAL)), change).signature_broken


# --- a table


def with_a_table() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Biểu"
    for row in (["02", "Số"], [1, 3], [2, 4]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Bang", ref="A1:B3"))
    return saved(book)


def test_the_heading_of_a_table_is_refused_for_excel_repairs_a_table_that_names_another() -> None:
    with pytest.raises(PatchRefused) as caught:
        patch(with_a_table(), [CellChange("Biểu", 1, 1, number="2")])
    assert (caught.value.kind, caught.value.place) == ("heading", "Biểu!A1")
    done = patch(with_a_table(), [CellChange("Biểu", 2, 1, number="5")], [Mark("Biểu", 1, 1, "FCE4D6")]).data
    assert values(done) == {"A1": "02", "B1": "Số", "A2": 5, "B2": 3, "A3": 2, "B3": 4}
