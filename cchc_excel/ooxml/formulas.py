"""The formulas of a workbook as texts, without reading anything else of it."""

from __future__ import annotations

import re
from html import unescape

from cchc_excel.ooxml.package import Package
from cchc_excel.ooxml.positions import as_utf8

_FORMULA = re.compile(r"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>([^<]*)<)")


def formula_texts(data: bytes) -> list[str]:
    """Return the text of every cell formula; of a shared formula the children are empty texts."""
    package = Package(data)
    texts: list[str] = []
    for name in package.names:
        if "/worksheets/" in name and name.endswith(".xml"):
            sheet = as_utf8(package.part(name)).decode("utf-8", "replace")
            texts += [unescape(text) for text in _FORMULA.findall(sheet)]
    return texts
