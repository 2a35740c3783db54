"""The formulas of a workbook as texts, without reading anything else of it."""

from __future__ import annotations

import re
from html import unescape

from cchc_excel.ooxml.package import Package
from cchc_excel.ooxml.positions import as_utf8

_FORMULA = re.compile(r"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>([^<]*)<)")
_OPENING = re.compile(rb"<(?:\w+:)?f[\s>/]")


def formula_texts(data: bytes) -> list[str]:
    """Return the text of every cell formula; of a shared formula the children are empty texts."""
    package = Package(data)
    texts: list[str] = []
    for name in package.names:
        if "/worksheets/" in name and name.endswith(".xml"):
            rows = _rows(as_utf8(package.part(name))).decode("utf-8", "replace")
            texts += [unescape(text) for text in _FORMULA.findall(rows)]
    return texts


def has_formula(sheet: bytes) -> bool:
    """Whether any cell of a worksheet part holds a formula."""
    return _OPENING.search(_rows(sheet)) is not None


def _rows(sheet: bytes) -> bytes:
    """A worksheet part without what stands behind its rows: lists that have formulas, too, and are twice as long."""
    return sheet[: sheet.rfind(b"sheetData>")]
