"""What styles of a web page say of a cell: its number format and font, whether it is hidden or struck out.

In:     style sheets, and the attributes of elements.
Out:    a `Look` of each element; the `CellStyle`s of all cells, each by its place.
Never:  understands more of CSS than a class by its name: that is what office programs and reports write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cchc_excel.excel.opening.markup import format_code
from cchc_excel.grid import CellStyle

__all__ = ["Look", "Looks"]

HIDDEN_FORMAT = ";;;"
_MOST_KEPT = 5_000  # looks by the attributes of an element; more are worked out again
_COMMENT = re.compile(r"/\*[^*]{0,5000}\*/|<!--|-->")
_CLASS = re.compile(r"\.([\w-]{1,100})\s*(?:,|$)")
_PROPERTY = re.compile(r"""([\w-]{1,60})\s*:\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^;\\])*)""", re.DOTALL)
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{4})|\\(.)", re.DOTALL)  # Excel always writes four digits
_MOST_STYLE = 5_000  # letters of an attribute


class Look(NamedTuple):
    """How an element looks, as far as that matters; what is empty is not said."""

    number_format: str = ""
    font: str = ""
    struck: bool = False
    raised: bool = False
    hidden: bool = False

    def under(self, around: Look) -> Look:
        """With what it takes from the element that it stands in; a row that is hidden is told as a row."""
        number_format, font = self.number_format or around.number_format, self.font or around.font
        return self._replace(number_format=number_format, font=font, struck=self.struck or around.struck)

    def with_font(self, font: str) -> Look:
        return self._replace(font=font) if font else self

    def over(self, other: Look) -> Look:
        """Both; what this one says counts before what the other says."""
        return Look(
            self.number_format or other.number_format,
            self.font or other.font,
            self.struck or other.struck,
            self.raised or other.raised,
            self.hidden or other.hidden,
        )


class Looks:
    """The classes of a page, and the styles that its cells come to."""

    def __init__(self) -> None:
        self._classes: dict[str, Look] = {}
        self._known: dict[tuple[str | None, ...], Look] = {}
        self._found: dict[CellStyle, int] = {CellStyle(): 0}

    @property
    def cell_styles(self) -> tuple[CellStyle, ...]:
        return tuple(self._found)

    def learn(self, style_sheet: str) -> None:
        """Take in the classes of a style sheet."""
        self._known.clear()
        for rule in _COMMENT.sub("", style_sheet).split("}"):
            selectors, _, properties = rule.rpartition("{")
            look = _look(properties[:_MOST_STYLE])
            for name in _CLASS.findall(selectors.strip()):
                self._classes[name] = look.over(self._classes.get(name, Look()))

    def of(self, attributes: Mapping[str, str | None]) -> Look:
        """The look of an element by its classes, its own style and its attributes."""
        names = (attributes.get("class"), attributes.get("style"), attributes.get("sdnum"))
        if not any(names):
            return Look(hidden="hidden" in attributes)
        look = self._known.get(names)
        if look is None:
            look = self._made(*names)
            if len(self._known) < _MOST_KEPT:
                self._known[names] = look
        return look._replace(hidden=True) if "hidden" in attributes else look

    def _made(self, classes: str | None, style: str | None, sdnum: str | None) -> Look:
        look = _look((style or "")[:_MOST_STYLE])
        for name in (classes or "").split()[:20]:
            look = look.over(self._classes.get(name, Look()))
        code = (sdnum or "").split(";", 2)[2:]  # LibreOffice: languages of the page and of the code, the code
        return look._replace(number_format=code[0]) if code and code[0] else look

    def place(self, look: Look, *, hides: bool) -> int:
        """The place of the style of a cell; one that `hides` shows nothing of what is in it."""
        code = HIDDEN_FORMAT if hides else look.number_format or "General"
        return self._found.setdefault(CellStyle(code, look.font, look.struck), len(self._found))


def _look(properties: str) -> Look:
    told = {name.lower(): value.strip() for name, value in _PROPERTY.findall(properties)}
    shown = f"{told.get('display', '')} {told.get('visibility', '')}".lower()
    code = told.get("mso-number-format", "")
    font = told.get("font-family", "").split(",")[0]
    decoration = told.get("text-decoration", "") + told.get("text-decoration-line", "")
    return Look(
        number_format=format_code(_plain(code)) if code else "",
        font=_plain(font),
        struck="line-through" in decoration,
        raised=told.get("vertical-align", "").lower() in {"super", "sub"},
        hidden=any(word in shown for word in ("none", "hidden", "collapse")),
    )


def _plain(value: str) -> str:
    """A value without quotation marks and escapes: `"\\#\\,\\#\\#0\\0022đ\\0022"` is `#,##0"đ"`."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], value).strip()
