"""What styles of a web page say of a cell: its number format and font, whether it is hidden or struck out.

In:     style sheets, and the attributes of elements.
Out:    the `HtmlStyle` of each element; the `CellStyle`s of all cells, each by its place.
Never:  understands more of CSS than a class by its name: that is what office programs and reports write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cchc_excel.excel.opening.markup import format_code
from cchc_excel.grid import CellStyle

__all__ = ["HtmlStyle", "HtmlStyles"]

HIDDEN_FORMAT = ";;;"
_MOST_KEPT = 5_000  # styles by the attributes of an element; more are worked out again
_COMMENT = re.compile(r"/\*[^*]{0,5000}\*/|<!--|-->")
_CLASS = re.compile(r"\.([\w-]{1,100})\s*(?:,|$)")
_PROPERTY = re.compile(r"""([\w-]{1,60})\s*:\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^;\\])*)""", re.DOTALL)
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{4})|\\(.)", re.DOTALL)  # Excel always writes four digits
_MOST_STYLE = 5_000  # letters of an attribute


class HtmlStyle(NamedTuple):
    """What is said of an element, as far as that matters; what is empty is not said."""

    number_format: str = ""
    font: str = ""
    struck: bool = False
    raised: bool = False
    hidden: bool = False

    def under(self, around: HtmlStyle) -> HtmlStyle:
        """With what it takes from the element that it stands in; a row that is hidden is told as a row."""
        return self._replace(
            number_format=self.number_format or around.number_format,
            font=self.font or around.font,
            struck=self.struck or around.struck,
        )

    def with_font(self, font: str) -> HtmlStyle:
        return self._replace(font=font) if font else self

    def over(self, other: HtmlStyle) -> HtmlStyle:
        """Both; what this one says counts before what the other says."""
        return HtmlStyle(
            number_format=self.number_format or other.number_format,
            font=self.font or other.font,
            struck=self.struck or other.struck,
            raised=self.raised or other.raised,
            hidden=self.hidden or other.hidden,
        )


class HtmlStyles:
    """The classes of a page, and the styles that its cells come to."""

    def __init__(self) -> None:
        self._classes: dict[str, HtmlStyle] = {}
        self._by_attributes: dict[tuple[str | None, ...], HtmlStyle] = {}
        self._places: dict[CellStyle, int] = {CellStyle(): 0}

    @property
    def cell_styles(self) -> tuple[CellStyle, ...]:
        return tuple(self._places)

    def learn(self, style_sheet: str) -> None:
        """Take in the classes of a style sheet."""
        self._by_attributes.clear()
        for rule in _COMMENT.sub("", style_sheet).split("}"):
            selectors, _, properties = rule.rpartition("{")
            style = _style_of(properties[:_MOST_STYLE])
            for name in _CLASS.findall(selectors.strip()):
                self._classes[name] = style.over(self._classes.get(name, HtmlStyle()))

    def of(self, attributes: Mapping[str, str | None]) -> HtmlStyle:
        """The style of an element by its classes, its own style and its attributes."""
        key = (attributes.get("class"), attributes.get("style"), attributes.get("sdnum"))
        if not any(key):
            return HtmlStyle(hidden="hidden" in attributes)
        style = self._by_attributes.get(key)
        if style is None:
            style = self._made(*key)
            if len(self._by_attributes) < _MOST_KEPT:
                self._by_attributes[key] = style
        return style._replace(hidden=True) if "hidden" in attributes else style

    def _made(self, classes: str | None, properties: str | None, sdnum: str | None) -> HtmlStyle:
        style = _style_of((properties or "")[:_MOST_STYLE])
        for name in (classes or "").split()[:20]:
            style = style.over(self._classes.get(name, HtmlStyle()))
        # LibreOffice writes `1033;1066;#,##0`: the language of the page, that of the code, the code
        pieces = (sdnum or "").split(";", 2)
        has_code = len(pieces) == 3 and pieces[2] != ""
        return style._replace(number_format=pieces[2]) if has_code else style

    def place(self, style: HtmlStyle, *, hides: bool) -> int:
        """The place of the style of a cell; one that `hides` shows nothing of what is in it."""
        code = HIDDEN_FORMAT if hides else style.number_format or "General"
        return self._places.setdefault(CellStyle(code, style.font, style.struck), len(self._places))


def _style_of(properties: str) -> HtmlStyle:
    value_of = {name.lower(): value.strip() for name, value in _PROPERTY.findall(properties)}
    shown = f"{value_of.get('display', '')} {value_of.get('visibility', '')}".lower()
    code = value_of.get("mso-number-format", "")
    font = value_of.get("font-family", "").split(",")[0]
    decoration = value_of.get("text-decoration", "") + value_of.get("text-decoration-line", "")
    return HtmlStyle(
        number_format=format_code(_plain(code)) if code else "",
        font=_plain(font),
        struck="line-through" in decoration,
        raised=value_of.get("vertical-align", "").lower() in {"super", "sub"},
        hidden=any(word in shown for word in ("none", "hidden", "collapse")),
    )


def _plain(value: str) -> str:
    """A value without quotation marks and escapes: `"\\#\\,\\#\\#0\\0022đ\\0022"` is `#,##0"đ"`."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return _ESCAPED.sub(_unescaped, value).strip()


def _unescaped(match: re.Match[str]) -> str:
    digits, sign = match.groups()
    return chr(int(digits, 16)) if digits else str(sign)
