"""The formulas of a workbook as texts, without reading anything else of it."""

from __future__ import annotations

import re
from html import unescape
from xml.sax.saxutils import escape

from cchc_excel.ooxml.package import Package
from cchc_excel.ooxml.positions import as_utf8

_FORMULA = re.compile(r"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>([^<]*)<)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_OPENING = re.compile(rb"<(?:\w+:)?f[\s>/]")


def formula_texts(data: bytes) -> list[str]:
    """Return the text of every cell formula; of a shared formula the children are empty texts."""
    package = Package(data)
    texts: list[str] = []
    for main in _related(package, "", "officeDocument"):
        for sheet in _related(package, main, "worksheet"):
            rows = _rows(as_utf8(package.part(sheet))).decode("utf-8", "replace")
            plain = _CDATA.sub(lambda match: escape(match[1]), rows)
            texts += [unescape(text) for text in _FORMULA.findall(plain)]
    return texts


def _related(package: Package, of: str, kind: str) -> list[str]:
    return [it.target for it in package.relationships(of).values() if it.kind == kind]


def has_formula(sheet: bytes) -> bool:
    """Whether any cell of a worksheet part holds a formula."""
    return _OPENING.search(_rows(sheet)) is not None


def _rows(sheet: bytes) -> bytes:
    """A worksheet part without what stands behind its rows: lists that have formulas, too, and are twice as long."""
    return sheet[: sheet.rfind(b"sheetData>")]
