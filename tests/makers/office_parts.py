"""What only an office program puts into a workbook: parts written by hand, related and declared as it would do it."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from typing import Any

from packages import MAIN, PACKAGE, RELATION

SHEET, HIDDEN = "Biểu", "Ẩn"
WORKBOOK = "xl/workbook.xml"
FORM_SHEET, HIDDEN_SHEET = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
THREAD = "{00000000-0000-4000-8000-000000000002}"
"""The id of the first threaded comment; the note that old programs show in its place names it as its author."""

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_XR = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_MS_RELATION = "http://schemas.microsoft.com/office/2017/10/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PERSON = "{00000000-0000-4000-8000-000000000001}"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Parts:
    """The parts of a package while more are put in."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in self.parts[name], f"{old} is not in {name}"
        self.parts[name] = self.parts[name].replace(old, new, 1)

    def add(self, name: str, data: str | bytes, content_type: str = "") -> None:
        self.parts[name] = _DECLARATION + data if isinstance(data, str) else data
        if content_type:
            override = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
            self.replace("[Content_Types].xml", "</Types>", f"{override}</Types>")

    def relate(self, of: str, kind: str, target: str, mode: str = "") -> str:
        folder, _, name = of.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        self.parts.setdefault(rels, f'{_DECLARATION}<Relationships xmlns="{PACKAGE}"></Relationships>')
        relation = f"rIdMore{len(re.findall('<Relationship ', self.parts[rels])) + 1}"
        kind = kind if ":" in kind else f"{RELATION}/{kind}"
        external = f' TargetMode="{mode}"' if mode else ""
        tag = f'<Relationship Id="{relation}" Type="{kind}" Target="{target}"{external}/>'
        self.replace(rels, "</Relationships>", f"{tag}</Relationships>")
        return relation


def put_in_all(parts: Parts) -> None:
    for put in (
        _threaded_comments,
        _form_control,
        _later_validation,
        _pivot,
        _external_link,
        _printer_settings,
        _custom_xml,
        _calculation_chain,
        _strong_password,
        _line,
    ):
        put(parts)


def _threaded_comments(parts: Parts) -> None:
    """A comment and its answer on D9; the note there is what older programs show in their place."""
    comments = [(THREAD, "", "Xem lại"), ("{00000000-0000-4000-8000-000000000003}", THREAD, "Đã xem")]
    written = "".join(
        f'<threadedComment ref="D9" dT="2023-03-31T00:00:00.00" personId="{_PERSON}" id="{identity}"'
        f"{f' parentId={chr(34)}{parent}{chr(34)}' if parent else ''}><text>{text}</text></threadedComment>"
        for identity, parent, text in comments
    )
    parts.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{_THREADED}" xmlns:x="{MAIN}">{written}</ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    parts.relate(FORM_SHEET, f"{_MS_RELATION}/threadedComment", "../threadedComments/threadedComment1.xml")
    parts.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{_THREADED}" xmlns:x="{MAIN}"><person displayName="Cán bộ" id="{_PERSON}" userId="canbo" '
        'providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    parts.relate(WORKBOOK, f"{_MS_RELATION}/person", "persons/person.xml")
    notes = "xl/comments1.xml"
    parts.replace(notes, "<comments ", f'<comments xmlns:mc="{_MC}" mc:Ignorable="xr" xmlns:xr="{_XR}" ')
    parts.replace(notes, '<comment ref="D9" ', f'<comment ref="D9" xr:uid="{THREAD}" ')


def _form_control(parts: Parts) -> None:
    """A checkbox of the old kind: a shape in the drawing of the notes, a part of its own, and a name in the sheet."""
    parts.replace(
        "xl/drawings/vmlDrawing1.vml",
        "</xml>",
        '<v:shape id="_x0000_s1099" type="#_x0000_t201" style="position:absolute;margin-left:300pt;margin-top:300pt;'
        'width:96pt;height:15pt;z-index:9" filled="f" stroked="f"><v:textbox><div>Đã soát</div></v:textbox>'
        '<x:ClientData ObjectType="Checkbox"><x:Anchor>6, 0, 20, 0, 8, 0, 21, 0</x:Anchor>'
        "<x:AutoFill>False</x:AutoFill><x:AutoLine>False</x:AutoLine><x:Checked>1</x:Checked><x:FmlaLink>$J$21</x:FmlaLink><x:NoThreeD/>"
        "</x:ClientData></v:shape></xml>",
    )
    parts.add(
        "xl/ctrlProps/ctrlProp1.xml",
        f'<formControlPr xmlns="{_X14}" objectType="CheckBox" checked="Checked" fmlaLink="$J$21" lockText="1" '
        'noThreeD="1"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    relation = parts.relate(FORM_SHEET, "ctrlProp", "../ctrlProps/ctrlProp1.xml")
    corner = "<xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    control = (
        f'<mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="1099" r:id="{relation}" name="Hộp">'
        f'<controlPr defaultSize="0" autoFill="0" autoLine="0" autoPict="0"><anchor moveWithCells="1">'
        f"<from>{corner.format(6, 20)}</from><to>{corner.format(8, 21)}</to></anchor></controlPr></control>"
        "</mc:Choice></mc:AlternateContent>"
    )
    parts.replace(FORM_SHEET, "<worksheet ", f'<worksheet xmlns:xdr="{_XDR}" xmlns:x14="{_X14}" ')
    parts.replace(
        FORM_SHEET,
        '<legacyDrawingHF r:id="rId3"/>',
        '<legacyDrawingHF r:id="rId3"/><mc:AlternateContent><mc:Choice Requires="x14">'
        f"<controls>{control}</controls></mc:Choice></mc:AlternateContent>",
    )


def _later_validation(parts: Parts) -> None:
    """A list that stands on another sheet, as Excel writes it since 2010."""
    parts.replace(
        FORM_SHEET,
        "</extLst></worksheet>",
        f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations xmlns:xm="{_XM}" count="1">'
        '<x14:dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1"><x14:formula1>'
        f"<xm:f>{HIDDEN}!$A$2:$A$4</xm:f></x14:formula1><xm:sqref>H2</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst></worksheet>",
    )


def _pivot(parts: Parts) -> None:
    """Of the hidden sheet's A1:B4; what it shows stands in D1:E5 there."""
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
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELATION}" r:id="{relation}" createdVersion="4" '
        f'refreshedVersion="4" recordCount="3"><cacheSource type="worksheet"><worksheetSource ref="A1:B4" '
        f'sheet="{HIDDEN}"/></cacheSource><cacheFields count="2">{fields}</cacheFields></pivotCacheDefinition>',
        f"{kind}CacheDefinition+xml",
    )
    items = "".join(f'<item x="{at}"/>' for at in range(3))
    rows = "".join(f'<i><x v="{at}"/></i>' for at in range(3))
    table = "xl/pivotTables/pivotTable1.xml"
    parts.add(
        table,
        f'<pivotTableDefinition xmlns="{MAIN}" name="Pivot" cacheId="1" dataCaption="Số" createdVersion="4" '
        'updatedVersion="4" rowHeaderCaption="Loại" grandTotalCaption="Cộng"><location ref="D1:E5" '
        'firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" '
        f'showAll="0"><items count="4">{items}<item t="default"/></items></pivotField><pivotField dataField="1" '
        'showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields><rowItems count="4">'
        f'{rows}<i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems><dataFields count="1">'
        '<dataField name="Tổng" fld="1"/></dataFields></pivotTableDefinition>',
        f"{kind}Table+xml",
    )
    parts.relate(table, "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    parts.relate(HIDDEN_SHEET, "pivotTable", "../pivotTables/pivotTable1.xml")
    relation = parts.relate(WORKBOOK, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    caches = f'<pivotCaches><pivotCache cacheId="1" r:id="{relation}"/></pivotCaches>'
    parts.replace(WORKBOOK, "</workbook>", f"{caches}</workbook>")


def _external_link(parts: Parts) -> None:
    """Last year's workbook, with the one figure of it that a formula here looks up."""
    link = "xl/externalLinks/externalLink1.xml"
    relation = parts.relate(link, "externalLinkPath", "nam-truoc.xlsx", "External")
    parts.add(
        link,
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELATION}" r:id="{relation}"><sheetNames>'
        f'<sheetName val="{SHEET}"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="9"><cell r="D9"><v>7</v>'
        "</cell></row></sheetData></sheetDataSet></externalBook></externalLink>",
        f"{_SPREADSHEET}.externalLink+xml",
    )
    relation = parts.relate(WORKBOOK, "externalLink", "externalLinks/externalLink1.xml")
    parts.replace(
        WORKBOOK,
        "<definedNames>",
        f'<externalReferences><externalReference r:id="{relation}"/></externalReferences><definedNames>',
    )


def _printer_settings(parts: Parts) -> None:
    """What Windows keeps of a printer (DEVMODEW): its name, upright A4, one copy."""
    settings = struct.pack(
        "<64s4HI13H", "Máy in".encode("utf-16-le"), 0x401, 1, 220, 0, 0x103, 1, 9, *[0] * 2, 1, *[0] * 8
    )
    parts.add("xl/printerSettings/printerSettings1.bin", settings.ljust(220, b"\0"), f"{_SPREADSHEET}.printerSettings")
    relation = parts.relate(FORM_SHEET, "printerSettings", "../printerSettings/printerSettings1.bin")
    parts.replace(
        FORM_SHEET,
        '<pageSetup paperSize="9" orientation="portrait"',
        f'<pageSetup paperSize="9" orientation="portrait" r:id="{relation}"',
    )


def _custom_xml(parts: Parts) -> None:
    """Data of another program, with the properties by which it is found."""
    parts.add("customXml/item1.xml", '<ho_so xmlns="urn:x">Ghi chú</ho_so>')
    parts.relate(WORKBOOK, "customXml", "../customXml/item1.xml")
    parts.add(
        "customXml/itemProps1.xml",
        f'<ds:datastoreItem xmlns:ds="{_CUSTOM}" ds:itemID="{{00000000-0000-4000-8000-000000000004}}"><ds:schemaRefs>'
        '<ds:schemaRef ds:uri="urn:x"/></ds:schemaRefs></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    parts.relate("customXml/item1.xml", "customXmlProps", "itemProps1.xml")


def _calculation_chain(parts: Parts) -> None:
    cells = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>', parts.parts[FORM_SHEET])
    chain = "".join(f'<c r="{cell}" i="1"/>' for cell in cells)
    parts.add("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}">{chain}</calcChain>', f"{_SPREADSHEET}.calcChain+xml")
    parts.relate(WORKBOOK, "calcChain", "calcChain.xml")


def _strong_password(parts: Parts) -> None:
    """The hash that Excel writes since 2013 (ECMA-376 part 1, 18.3.1.85), of the password `mật khẩu`."""
    salt, spins = bytes(range(16)), 1000
    digest = hashlib.sha512(salt + "mật khẩu".encode("utf-16-le")).digest()
    for spin in range(spins):
        digest = hashlib.sha512(digest + struct.pack("<I", spin)).digest()
    value, salted = (base64.b64encode(it).decode() for it in (digest, salt))
    (old,) = re.findall('<sheetProtection password="[^"]*"', parts.parts[FORM_SHEET])
    parts.replace(
        FORM_SHEET,
        old,
        f'<sheetProtection algorithmName="SHA-512" hashValue="{value}" saltValue="{salted}" spinCount="{spins}"',
    )


def _line(parts: Parts) -> None:
    """The line that every letterhead draws under its first words."""
    corner = (
        "<xdr:{end}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:{end}>"
    )
    parts.replace(
        "xl/drawings/drawing1.xml",
        "</xdr:wsDr>",
        "<xdr:twoCellAnchor>"
        + corner.format(end="from", column=0)
        + corner.format(end="to", column=1)
        + '<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="99" name="Nét kẻ"/><xdr:cNvCxnSpPr/></xdr:nvCxnSpPr>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="600000" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/>'
        '</a:prstGeom><a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln>'
        "</xdr:spPr></xdr:cxnSp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>",
    )
