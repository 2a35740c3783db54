"""A filled form among all that object-model writers drop: drawn by XlsxWriter, the rest put in by hand and wired up."""

from __future__ import annotations

import base64
import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter
from packages import MAIN, PACKAGE, RELATION, zipped

from cchc_excel.ooxml import read_workbook

PRINTED = Path(__file__).parent.parent / "examples" / "BangLang_2023-Q1_inlai.xlsx"
SHEET, HIDDEN = "Biểu", "Ẩn"
FORM_SHEET = "xl/worksheets/sheet1.xml"
TOTAL = (130, 4)
"""Where the formula `=D9*2` stands: D9 is 1.2, whose `02` is put right as 28.57."""

_VALUES = 4
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_MS_RELATION = "http://schemas.microsoft.com/office/2017/10/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PERSON = "{00000000-0000-4000-8000-000000000001}"


def rich_workbook() -> bytes:
    """The workbook, an .xlsm; always the same bytes."""
    with zipfile.ZipFile(io.BytesIO(_drawn())) as package:
        parts = {
            name: package.read(name).decode("utf-8") if _is_text(name) else package.read(name)
            for name in package.namelist()
        }
    _put_in(_Parts(parts))
    return zipped(parts)


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


# --- what XlsxWriter draws


def _drawn() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2023, 3, 31, tzinfo=datetime.UTC).replace(tzinfo=None)})
    sheet, hidden = book.add_worksheet(SHEET), book.add_worksheet(HIDDEN)
    _write_form(book, sheet)
    _decorate(book, sheet)
    for row in range(4):
        hidden.write_row(row, 0, ["Loại", "Số"] if row == 0 else [f"L{row}", row])
    hidden.hide()
    book.define_name("tong", f"={SHEET}!$D$9")
    book.define_name(f"{SHEET}!rieng", f"={SHEET}!$D$10")
    book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 macro"), is_stream=True)
    book.close()
    return buffer.getvalue()


def _write_form(book: Any, sheet: Any) -> None:
    """The printed specimen's table; every value a number stored as text, as clerks leave them."""
    (printed,) = read_workbook(PRINTED.read_bytes()).sheets
    label = book.add_format({"text_wrap": True, "valign": "top"})
    value = book.add_format({"num_format": "@", "italic": True, "bg_color": "#EEFFEE", "locked": False})
    for row, cells in printed.rows.items():
        for column, cell in cells.items():
            sheet.write_string(row - 1, column - 1, str(cell.value), value if column == _VALUES else label)
    row, column = TOTAL
    sheet.write_formula(row - 1, column - 1, "=D9*2", None, 4)
    sheet.write_formula(row, column - 1, "=SUM(D9:D10)", None, 0)
    sheet.write_rich_string(
        row, 1, "Số ", book.add_format({"bold": True}), "liệu", book.add_format({"italic": True}), " quý"
    )
    sheet.set_row(row + 2, None, None, {"hidden": True})
    sheet.write_string(row + 2, 1, "dòng ẩn")
    sheet.merge_range(row + 4, 1, row + 5, 2, "ô gộp", label)


def _decorate(book: Any, sheet: Any) -> None:
    picture = {"image_data": io.BytesIO(_PIXEL)}
    sheet.insert_textbox("G2", "Hộp chữ", {"line": {"color": "red"}})
    sheet.insert_image("G9", "a.png", picture)
    sheet.embed_image("K30", "a.png", {"image_data": io.BytesIO(_PIXEL)})
    sheet.write_comment("D9", "Xem lại", {"author": "a"})
    sheet.conditional_format("D10:D20", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D10:D20", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("H1", {"validate": "list", "source": ["a", "b"]})
    sheet.add_sparkline("I1", {"range": f"{SHEET}!D10:D20"})
    sheet.insert_checkbox("J1", True)
    sheet.insert_button("K3", {"macro": "chay", "caption": "Chạy"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={SHEET}!$D$10:$D$20"})
    sheet.insert_chart("L2", chart)
    sheet.set_header("&L&G", {"image_left": "a.png", "image_data_left": io.BytesIO(_PIXEL)})
    sheet.protect("mật khẩu", {"format_cells": True})
    sheet.freeze_panes(6, 0)
    sheet.set_paper(9)


# --- what only an office program writes


class _Parts:
    """The parts of a package while more are put in, each related and declared as a program would do it."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in self.parts[name], f"{old} is not in {name}"
        self.parts[name] = self.parts[name].replace(old, new, 1)

    def add(self, name: str, data: str | bytes, content_type: str = "") -> None:
        self.parts[name] = data
        if content_type:
            override = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
            self.replace("[Content_Types].xml", "</Types>", f"{override}</Types>")

    def relate(self, of: str, kind: str, target: str, mode: str = "") -> str:
        folder, _, name = of.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        self.parts.setdefault(rels, f'<Relationships xmlns="{PACKAGE}"></Relationships>')
        relation = f"rIdMore{len(re.findall('<Relationship ', self.parts[rels])) + 1}"
        kind = kind if ":" in kind else f"{RELATION}/{kind}"
        external = f' TargetMode="{mode}"' if mode else ""
        tag = f'<Relationship Id="{relation}" Type="{kind}" Target="{target}"{external}/>'
        self.replace(rels, "</Relationships>", f"{tag}</Relationships>")
        return relation


def _put_in(parts: _Parts) -> None:
    _threaded_comment(parts)
    _form_control(parts)
    _pivot(parts)
    _around(parts)
    _line(parts)


def _threaded_comment(parts: _Parts) -> None:
    parts.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{_THREADED}"><threadedComment ref="D9" dT="2023-03-31T00:00:00.00" '
        f'personId="{_PERSON}" id="{{00000000-0000-4000-8000-000000000002}}"><text>Xem lại</text></threadedComment>'
        "</ThreadedComments>",
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    parts.relate(FORM_SHEET, f"{_MS_RELATION}/threadedComment", "../threadedComments/threadedComment1.xml")
    parts.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{_THREADED}"><person displayName="a" id="{_PERSON}" userId="a" providerId="None"/>'
        "</personList>",
        "application/vnd.ms-excel.person+xml",
    )
    parts.relate("xl/workbook.xml", f"{_MS_RELATION}/person", "persons/person.xml")


def _form_control(parts: _Parts) -> None:
    """A checkbox of the old kind: a shape in the drawing of the notes, a part of its own, and a name in the sheet."""
    parts.replace(
        "xl/drawings/vmlDrawing1.vml",
        "</xml>",
        '<v:shape id="_x0000_s1099" type="#_x0000_t201" style="position:absolute"><x:ClientData ObjectType="Checkbox">'
        "<x:Anchor>6, 0, 20, 0, 8, 0, 21, 0</x:Anchor><x:FmlaLink>$J$21</x:FmlaLink></x:ClientData></v:shape></xml>",
    )
    parts.add(
        "xl/ctrlProps/ctrlProp1.xml",
        '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'objectType="CheckBox" checked="Checked" fmlaLink="$J$21" lockText="1"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    relation = parts.relate(FORM_SHEET, "ctrlProp", "../ctrlProps/ctrlProp1.xml")
    parts.replace(
        FORM_SHEET,
        '<legacyDrawingHF r:id="rId3"/>',
        f'<legacyDrawingHF r:id="rId3"/><mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice xmlns:x14="http://schemas.microsoft.com/office/'
        f'spreadsheetml/2009/9/main" Requires="x14"><controls><control shapeId="1099" r:id="{relation}" name="Hộp"/>'
        "</controls></mc:Choice></mc:AlternateContent>",
    )


def _pivot(parts: _Parts) -> None:
    cache, kind = "xl/pivotCache/pivotCacheDefinition1.xml", f"{_SPREADSHEET}.pivot"
    fields = (
        '<cacheField name="Loại" numFmtId="0"><sharedItems count="3"><s v="L1"/><s v="L2"/><s v="L3"/></sharedItems>'
        '</cacheField><cacheField name="Số" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" '
        'containsNumber="1" containsInteger="1" minValue="1" maxValue="3"/></cacheField>'
    )
    records = "".join(f'<r><x v="{at}"/><n v="{at + 1}"/></r>' for at in range(3))
    parts.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<pivotCacheRecords xmlns="{MAIN}" count="3">{records}</pivotCacheRecords>',
        f"{kind}CacheRecords+xml",
    )
    relation = parts.relate(cache, "pivotCacheRecords", "pivotCacheRecords1.xml")
    parts.add(
        cache,
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELATION}" r:id="{relation}" recordCount="3">'
        f'<cacheSource type="worksheet"><worksheetSource ref="A1:B4" sheet="{HIDDEN}"/></cacheSource>'
        f'<cacheFields count="2">{fields}</cacheFields></pivotCacheDefinition>',
        f"{kind}CacheDefinition+xml",
    )
    items = "".join(f'<item x="{at}"/>' for at in range(3))
    table = "xl/pivotTables/pivotTable1.xml"
    parts.add(
        table,
        f'<pivotTableDefinition xmlns="{MAIN}" name="Pivot" cacheId="1" dataCaption="Số"><location ref="D1:E5" '
        'firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" '
        f'showAll="0"><items count="4">{items}<item t="default"/></items></pivotField><pivotField dataField="1" '
        'showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields><dataFields count="1">'
        '<dataField name="Tổng" fld="1"/></dataFields></pivotTableDefinition>',
        f"{kind}Table+xml",
    )
    parts.relate(table, "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    parts.relate("xl/worksheets/sheet2.xml", "pivotTable", "../pivotTables/pivotTable1.xml")
    relation = parts.relate("xl/workbook.xml", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    caches = f'<pivotCaches><pivotCache cacheId="1" r:id="{relation}"/></pivotCaches>'
    parts.replace("xl/workbook.xml", "</workbook>", f"{caches}</workbook>")


def _around(parts: _Parts) -> None:
    """A link to another workbook, the printer's own settings, and data of another program."""
    link = "xl/externalLinks/externalLink1.xml"
    relation = parts.relate(link, "externalLinkPath", "nam-truoc.xlsx", "External")
    parts.add(
        link,
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELATION}" r:id="{relation}"><sheetNames>'
        '<sheetName val="Biểu"/></sheetNames></externalBook></externalLink>',
        f"{_SPREADSHEET}.externalLink+xml",
    )
    relation = parts.relate("xl/workbook.xml", "externalLink", "externalLinks/externalLink1.xml")
    parts.replace(
        "xl/workbook.xml",
        "<definedNames>",
        f'<externalReferences><externalReference r:id="{relation}"/></externalReferences><definedNames>',
    )
    parts.add("xl/printerSettings/printerSettings1.bin", bytes(range(256)), f"{_SPREADSHEET}.printerSettings")
    relation = parts.relate(FORM_SHEET, "printerSettings", "../printerSettings/printerSettings1.bin")
    parts.replace(FORM_SHEET, "<pageSetup ", f'<pageSetup r:id="{relation}" ')
    parts.add("customXml/item1.xml", '<ho_so xmlns="urn:x">Ghi chú</ho_so>')
    parts.relate("xl/workbook.xml", "customXml", "../customXml/item1.xml")


def _line(parts: _Parts) -> None:
    """The line that every letterhead draws under its first words."""
    corner = (
        "<xdr:{end}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:{end}>"
    )
    parts.replace(
        "xl/drawings/drawing1.xml",
        "</xdr:wsDr>",
        "<xdr:twoCellAnchor>" + corner.format(end="from", column=0) + corner.format(end="to", column=1) + "<xdr:cxnSp>"
        '<xdr:nvCxnSpPr><xdr:cNvPr id="99" name="Nét kẻ"/><xdr:cNvCxnSpPr/></xdr:nvCxnSpPr><xdr:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="600000" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        "</xdr:spPr></xdr:cxnSp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>",
    )
