"""Small OOXML packages written by hand, for what no writing library makes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SIGNATURE_ORIGIN = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# what openpyxl asks of a package that `workbook` makes: workbook(sheet, more=CONTENT_TYPES)
CONTENT_TYPES = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts, always the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, text if isinstance(text, bytes) else text.encode("utf-8"))
    return buffer.getvalue()


_CONDITION = re.compile(rb"<conditionalFormatting.*?</conditionalFormatting>", re.DOTALL)


def parts_of(data: bytes) -> dict[str, tuple[bytes, list[bytes]]]:
    """The parts of a package by name: the text, and apart from it the conditional formats of a sheet, sorted.

    They bear their order as a number; XlsxWriter writes them in the order of their cells before 3.3.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        texts = {name: package.read(name) for name in package.namelist()}
    return {name: (_CONDITION.sub(b"", text), sorted(_CONDITION.findall(text))) for name, text in texts.items()}


def workbook(
    sheet: str | bytes,
    *,
    strings: str | None = None,
    styles: str | None = None,
    strict: bool = False,
    more: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """A workbook of one sheet, `sheet` being the whole XML of its part."""
    relation = STRICT_RELATION if strict else RELATION
    related = [("worksheet", "worksheets/sheet1.xml")]
    related += [("sharedStrings", "sharedStrings.xml")] if strings else []
    related += [("styles", "styles.xml")] if styles else []
    links = "".join(
        f'<Relationship Id="rId{index}" Type="{relation}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(related, start=1)
    )
    main = STRICT if strict else MAIN
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{relation}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
        '<sheet name="Biểu" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    if styles:
        parts["xl/styles.xml"] = styles
    return zipped(parts | dict(more))


def worksheet(rows: str, *, after: str = "", before: str = "", namespace: str = MAIN) -> str:
    """The XML of a worksheet with these rows."""
    return f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name, whose checksums are right."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def declared(data: bytes) -> bytes:
    """The hand-made package with its content types, without which openpyxl finds no workbook in it."""
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'spreadsheetml.{kind}+xml"/>'
        for name, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"))
        if f"xl/{name}.xml" in parts(data)
    )
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    return zipped({**parts(data), "[Content_Types].xml": f"{types}{overrides}</Types>"})
