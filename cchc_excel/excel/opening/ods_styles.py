"""The cell styles of an .ods: the number format as Excel's code, and the font.

In:     styles.xml and content.xml; what the second says replaces what the first says.
Out:    `CellStyle`s, each by its place among all.
Never:  knows how a code is read (`ooxml.number_format`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cchc_excel.excel.ooxml.package import parse
from cchc_excel.grid import CellStyle

__all__ = ["OdsStyles"]

GENERAL = "General"
_FORMATS = frozenset(
    f"number:{kind}-style" for kind in ("number", "currency", "percentage", "date", "time", "boolean", "text")
)
_TEXTS = frozenset({"number:text", "number:currency-symbol", "number:embedded-text"})
_MOST_PARENTS = 20  # styles may name each other in a circle
_MOST_DIGITS = 30
# Of a value whose style does not show what it is, as programs other than LibreOffice write it.
_BY_KIND = {"percentage": "0%", "date": "dd/mm/yyyy", "time": "hh:mm:ss"}
_PLAIN = {"number:am-pm": "AM/PM", "number:text-content": "@", "number:boolean": GENERAL, "number:era": "e"}
_SHORT_LONG = {
    "number:day": ("d", "dd"),
    "number:year": ("yy", "yyyy"),
    "number:hours": ("h", "hh"),
    "number:minutes": ("m", "mm"),
    "number:seconds": ("s", "ss"),
    "number:day-of-week": ("ddd", "dddd"),
}


class _Style(NamedTuple):
    parent: str
    format: str
    font: str
    shown: bool
    struck: bool = False
    raised: bool = False


class OdsStyles:
    """All styles, by name; cell styles get their places as cells ask for them."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._formats: dict[str, str] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._cell_styles: dict[CellStyle, int] = {CellStyle(): 0}

    @property
    def cell_styles(self) -> tuple[CellStyle, ...]:
        return tuple(self._cell_styles)

    def read(self, data: bytes, name: str) -> None:
        reader = _StylesReader(self._styles, self._formats)
        parse(data, name, reader.start, reader.end, reader.text)

    def shows_table(self, attributes: Mapping[str, str]) -> bool:
        style = self._styles.get(f"table {attributes.get('table:style-name', '')}")
        return style is None or style.shown

    def index(self, name: str, kind: str) -> int:
        """The place of a cell style for a value of this kind (`percentage`, `date`, …)."""
        place = self._places.get((name, kind))
        if place is None:
            style = self._resolved(name)
            if kind in _BY_KIND and style.number_format == GENERAL:
                style = style._replace(number_format=_BY_KIND[kind])
            place = self._cell_styles.setdefault(style, len(self._cell_styles))
            self._places[name, kind] = place
        return place

    def _resolved(self, name: str) -> CellStyle:
        code = font = ""
        struck = False
        for _ in range(_MOST_PARENTS):
            style = self._styles.get(f"table-cell {name}")
            if style is None:
                break
            code = code or self._formats.get(style.format, "")
            font = font or style.font
            struck = struck or style.struck
            name = style.parent
        return CellStyle(code or GENERAL, font, struck)

    def marks(self, name: str) -> bool:
        """Whether letters of this style are struck out, raised or lowered."""
        style = self._styles.get(f"text {name}")
        return style is not None and (style.struck or style.raised)


class _StylesReader:
    """The styles of one part; names of styles are told apart by their families."""

    def __init__(self, styles: dict[str, _Style], formats: dict[str, str]) -> None:
        self.styles, self.formats = styles, formats
        self.style = ""
        self.format: _Format | None = None
        self.quoted: list[str] | None = None
        self.position = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _FORMATS:
            self.format = _Format(attributes.get("style:name", ""))
        elif self.format is not None:
            self._in_format(self.format, tag, attributes)
        elif tag == "style:style":
            self.style = f"{attributes.get('style:family', '')} {attributes.get('style:name', '')}"
            self.styles[self.style] = _Style(
                parent=attributes.get("style:parent-style-name", ""),
                format=attributes.get("style:data-style-name", ""),
                font="",
                shown=True,
            )
        elif tag == "style:text-properties" and self.style:
            font = attributes.get("style:font-name") or attributes.get("fo:font-family", "").strip("'")
            self.styles[self.style] = self.styles[self.style]._replace(
                font=font, struck=_is_struck(attributes), raised=_is_raised(attributes)
            )
        elif tag == "style:table-properties" and self.style:
            shown = attributes.get("table:display") != "false"
            self.styles[self.style] = self.styles[self.style]._replace(shown=shown)

    def _in_format(self, code: _Format, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _TEXTS:
            self.quoted = []
            self.position = _count(attributes.get("number:position"))
        elif tag == "style:map":
            part = self.formats.get(attributes.get("style:apply-style-name", ""), GENERAL)
            condition = attributes.get("style:condition", "").replace("value()", "").replace("!=", "<>")
            code.conditional.append(f"[{condition}]{part}" if condition else part)
        else:
            code.add(tag, attributes)

    def text(self, data: str) -> None:
        if self.quoted is not None:
            self.quoted.append(data)

    def end(self, tag: str) -> None:
        if tag in _TEXTS and self.format is not None and self.quoted is not None:
            text = "".join(self.quoted)
            if tag == "number:embedded-text":
                self.format.embedded.append((self.position, text.replace('"', "")))
            else:
                self.format.literal(text)
            self.quoted = None
        elif tag == "number:number" and self.format is not None:
            self.format.put_embedded()
        elif tag in _FORMATS and self.format is not None:
            self.formats[self.format.name] = self.format.code()
            self.format = None
        elif tag == "style:style":
            self.style = ""


def _is_struck(attributes: Mapping[str, str]) -> bool:
    lines = ("style:text-line-through-style", "style:text-line-through-type", "style:text-crossing-out")
    return any(attributes.get(name, "none") not in {"none", ""} for name in lines)


def _is_raised(attributes: Mapping[str, str]) -> bool:
    """`super 58%`, `sub`, `-33% 58%`; `0% 100%` is on the line."""
    where = attributes.get("style:text-position", "").split(" ")[0]
    return where not in {"", "0%", "0"}


class _Format:
    """One number format on its way to Excel's code."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pieces: list[str] = []
        self.conditional: list[str] = []
        self.embedded: list[tuple[int, str]] = []

    def code(self) -> str:
        """The code; where it holds under conditions only, those come first, as in Excel."""
        return ";".join([*self.conditional, "".join(self.pieces)])

    def literal(self, text: str) -> None:
        """Text stands in quotation marks, but for a sign of percent, which is what makes a percentage."""
        for number, piece in enumerate(text.split("%")):
            self.pieces.append("%" if number else "")
            self.pieces.append('"' + piece.replace('"', "") + '"' if piece else "")

    def put_embedded(self) -> None:
        """Put each text before as many digits up to the point as it says: `#"."##0`."""
        if not self.embedded:
            return
        _, point, fraction = self.pieces[-1].partition(".")
        most = max(position for position, _ in self.embedded)
        whole = "0".rjust(most + 1, "#")
        for position, text in sorted(self.embedded, reverse=True):
            at = len(whole) - position
            whole = f'{whole[:at]}"{text}"{whole[at:]}'
        self.pieces[-1] = whole + point + fraction
        self.embedded.clear()

    def add(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "number:number":
            self.pieces.append(_digits(attributes))
        elif tag == "number:scientific-number":
            self.pieces.append("0.00E+00")
        elif tag == "number:fraction":
            self.pieces.append("# ?/?")
        elif tag == "number:month":
            code = "mmm" if attributes.get("number:textual") == "true" else "m"
            self.pieces.append(f"{code}m" if _is_long(attributes) else code)
        elif tag in _SHORT_LONG:
            self.pieces.append(_SHORT_LONG[tag][_is_long(attributes)])
        else:
            self.pieces.append(_PLAIN.get(tag, ""))


def _is_long(attributes: Mapping[str, str]) -> bool:
    return attributes.get("number:style") == "long"


def _count(text: str | None) -> int:
    return min(int(text), _MOST_DIGITS) if text and text.isascii() and text.isdigit() else 0


def _digits(attributes: Mapping[str, str]) -> str:
    """`0`, `#,##0.00`, `#,##0,`; a number of no certain length is General."""
    decimals = attributes.get("number:decimal-places")
    grouped = attributes.get("number:grouping") == "true"
    factor = attributes.get("number:display-factor", "1")
    if decimals is None and not grouped and factor == "1":
        return GENERAL
    count = _count(decimals)
    whole = "#,##0" if grouped else "0"
    fraction = "." + "0" * count if count else ""
    thousands = {"1000": ",", "1000000": ",,", "1000000000": ",,,"}.get(factor, "")
    return whole + fraction + thousands
