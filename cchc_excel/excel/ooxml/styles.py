"""styles.xml → the number format and font of each cell style."""

from __future__ import annotations

import re
from html import unescape

from cchc_excel.excel.ooxml.package import local, parse, remembered
from cchc_excel.grid import CellStyle

# ECMA-376 part 1, 18.8.30: the formats that need no declaration
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}


_FORMAT = re.compile(r'<numFmt numFmtId="(\d{1,9})" formatCode="([^"<]*)"/>')
_FONT_NAME = re.compile(r'<name val="([^"<&]*)"/>')
_XF = re.compile(r'<xf numFmtId="(\d{1,9})" fontId="(\d{1,9})"')


def _plain(data: bytes) -> tuple[CellStyle, ...] | None:
    """The cell styles of a part written the plain way, else None: every list must hold as many as it says."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    fonts, cells = _list(text, "fonts"), _list(text, "cellXfs")
    if "<!" in text or fonts is None or cells is None:
        return None
    names = [found[1] if (found := _FONT_NAME.search(font)) else "" for font in fonts[1].split("<font>")[1:]]
    pairs, formats = _XF.findall(cells[1]), _FORMAT.findall(text)
    if len(names) != fonts[0] or len(pairs) != cells[0] or text.count("<numFmt ") != len(formats):
        return None
    if any(int(font) >= len(names) for _, font in pairs):
        return None
    codes = BUILT_IN | {int(number): unescape(code) for number, code in formats}
    looks = {pair: CellStyle(codes.get(int(pair[0]), "General"), names[int(pair[1])]) for pair in set(pairs)}
    return tuple(looks[pair] for pair in pairs)


def _list(text: str, name: str) -> tuple[int, str] | None:
    """How many items a list says it has, and its text."""
    opening = re.search(rf'<{name} count="([0-9]{{1,9}})"[^<>]*>', text)
    end = text.find(f"</{name}>")
    return (int(opening[1]), text[opening.end() : end]) if opening and end > opening.end() else None


@remembered
def read_styles(data: bytes, name: str) -> tuple[CellStyle, ...]:
    """Return one CellStyle for each entry of cellXfs, in order; a single plain one if there is none."""
    plain = _plain(data)
    if plain:
        parse(data, name, None)  # without handlers expat is at no cost, and broken XML is refused either way
        return plain
    formats = dict(BUILT_IN)
    fonts: list[str] = []
    cells: list[tuple[int, int]] = []
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = local(tag)
        parent = path[-1] if path else ""
        path.append(element)
        if element == "numFmt" and parent == "numFmts":
            formats[_id(attributes.get("numFmtId"))] = attributes.get("formatCode", "General")
        elif element == "font" and parent == "fonts":
            fonts.append("")
        elif element == "name" and parent == "font" and fonts:
            fonts[-1] = attributes.get("val", "")
        elif element == "xf" and parent == "cellXfs":
            cells.append((_id(attributes.get("numFmtId")), _id(attributes.get("fontId"))))

    def end(_: str) -> None:
        path.pop()

    parse(data, name, start, end)
    return tuple(
        CellStyle(formats.get(number_format, "General"), fonts[font] if font < len(fonts) else "")
        for number_format, font in cells
    ) or (CellStyle(),)


def _id(text: str | None) -> int:
    return int(text) if text and len(text) < 10 and text.isdecimal() else 0
