"""styles.xml → the number format and font of each cell style, and whether its text is struck out.

Only what stands in the lists of cell styles counts. Conditional formats (`<dxfs>`, also those of later
versions of Excel in `<extLst>`) hold the same elements, often with the ids that cell styles use for something
else: in three of a vendor's templates 9,76 % was once read as 0,10 for that.
"""

from __future__ import annotations

from collections.abc import Mapping

from cchc_excel.excel.ooxml.package import local, parse
from cchc_excel.grid import CellStyle

# ECMA-376 part 1, 18.8.30: the formats that need no declaration. 5 to 8 and 41 to 44, which it leaves
# to the language of the program, are as Excel writes them in English.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
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
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
# 18.8.30 goes on with formats of East Asian languages and of Thai. What they are in any other language was seen
# by the authors of SheetJS in Excel 2019; LibreOffice shows 32 to 36 and 63 to 66 as the same kinds.
_DATES = dict.fromkeys((*range(27, 32), 36, *range(50, 59)), 14)
_TIMES = dict.fromkeys(range(32, 36), 21)
_NUMBERS = {59: 1, 60: 2, 61: 3, 62: 4, 63: 5, 64: 6, 65: 7, 66: 8, 67: 9, 68: 10, 69: 12, 70: 13}
_THAI = {71: 14, 72: 14, 73: 15, 74: 16, 75: 17, 76: 20, 77: 21, 78: 22, 79: 45, 80: 46, 81: 47}
UNDECLARED = BUILT_IN | {number: BUILT_IN[same] for number, same in (_DATES | _TIMES | _NUMBERS | _THAI).items()}

# Where an element has to stand to count, from below the outermost one. Excel declares a format that only later
# versions know in full twice, and the second time for everybody.
_FORMAT = frozenset(
    {
        ("numFmts", "numFmt"),
        ("numFmts", "AlternateContent", "Choice", "numFmt"),
        ("numFmts", "AlternateContent", "Fallback", "numFmt"),
    }
)
_FONT, _FONT_NAME, _CELL_STYLE = ("fonts", "font"), ("fonts", "font", "name"), ("cellXfs", "xf")
_STRUCK = ("fonts", "font", "strike")
_READ = frozenset({"numFmt", "font", "name", "strike", "xf"})
_NOT = frozenset({"0", "false", "off"})


def read_styles(data: bytes, name: str) -> tuple[CellStyle, ...]:
    """Return one CellStyle for each entry of cellXfs, in order; a single plain one if there is none."""
    formats = dict(UNDECLARED)
    fonts: list[str] = []
    struck: set[int] = set()
    cells: list[tuple[int, int]] = []
    path: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        element = local(tag) if ":" in tag else tag
        path.append(element)
        if element not in _READ:
            return
        place = tuple(path[1:6])
        if place == _CELL_STYLE:
            cells.append((style_id(attributes.get("numFmtId")), style_id(attributes.get("fontId"))))
        elif place == _FONT:
            fonts.append("")
        elif place == _FONT_NAME:
            fonts[-1] = attributes.get("val", "")
        elif place == _STRUCK:
            if attributes.get("val", "1") not in _NOT:
                struck.add(len(fonts) - 1)
        elif place in _FORMAT:
            formats[style_id(attributes.get("numFmtId"))] = attributes.get("formatCode", "General")

    def end(_: str) -> None:
        path.pop()

    parse(data, name, start, end)
    return tuple(
        CellStyle(formats.get(number_format, "General"), fonts[font] if font < len(fonts) else "", font in struck)
        for number_format, font in cells
    ) or (CellStyle(),)


def style_id(text: str | None) -> int:
    """Return the number of a format or font as an attribute holds it, 0 for what is no number."""
    return int(text) if text and len(text) < 10 and text.isdecimal() else 0
