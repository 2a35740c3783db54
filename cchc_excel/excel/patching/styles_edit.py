"""styles.xml with styles added at the end of its lists; nothing is renumbered, equal ones are used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cchc_excel.excel.ooxml.package import small_part
from cchc_excel.excel.ooxml.styles import BUILT_IN, read_styles, style_id
from cchc_excel.excel.ooxml.xml_text import attribute_xml
from cchc_excel.excel.patching.positions import (
    Element,
    Splice,
    as_utf8,
    elements,
    filled,
    opening,
    spliced,
    with_attribute,
)

FIRST_OWN_FORMAT = 164  # ECMA-376: below lie the built-in number formats

MAX_CELL_STYLES = 65_490  # Excel's own limit; it repairs a workbook that has more

_DEFAULTS = {
    "fonts": ('<font><sz val="11"/><name val="Calibri"/></font>',),
    # Excel takes the first two for these, whatever they are
    "fills": (
        '<fill><patternFill patternType="none"/></fill>',
        '<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
}
EMPTY_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{main}">'
    + "".join(f'<{name} count="{len(items)}">{"".join(items)}</{name}>' for name, items in _DEFAULTS.items())
    + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

_LISTS = ("numFmts", *_DEFAULTS)  # in the order of ECMA-376 part 1, 18.8.39; each may be missing
_ITEM = {
    "numFmts": "numFmt",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "cellStyleXfs": "xf",
    "cellXfs": "xf",
}


class _Lists(NamedTuple):
    """The outermost element of a styles part, its lists, their items as they are written, and the declared formats."""

    root: Element
    lists: Mapping[str, Element]
    items: Mapping[str, tuple[bytes, ...]]
    formats: Mapping[int, str]


def _lists(data: bytes) -> _Lists:
    found = elements(data, {*_LISTS, *_ITEM.values(), "styleSheet"})
    lists: dict[str, Element] = {}
    items: dict[str, list[bytes]] = {name: [] for name in _LISTS}
    formats: dict[int, str] = {}
    for element in found:
        if element.name in _LISTS and element.parent == "styleSheet":
            lists[element.name] = element
            continue
        if _ITEM.get(element.parent) == element.name and _stands_in(element, lists, element.parent):
            items[element.parent].append(data[element.start : element.end])
        if element.name == "numFmt" and _stands_in(element, lists, "numFmts"):
            # also what stands in <mc:AlternateContent>, which is no item: its id is taken all the same
            formats[style_id(element.attributes.get("numFmtId"))] = element.attributes.get("formatCode", "")
    return _Lists(found[0], lists, {name: tuple(written) for name, written in items.items()}, formats)


def _stands_in(element: Element, lists: Mapping[str, Element], name: str) -> bool:
    """Whether an element stands in that list of the part, not in one of the same name elsewhere (`<extLst>`)."""
    return name in lists and element.end <= lists[name].close


class StylesEditor:
    """Adds cell styles to a styles part; `result` gives the part's new bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = as_utf8(data)
        self.root, self.lists, self.items, declared = _lists(self.data)
        self.prefix = self.root.prefix
        self.added: dict[str, list[bytes]] = {name: [] for name in _LISTS}
        for name, items in _DEFAULTS.items():  # what is added must not become what stands for "nothing special"
            self.added[name] += map(self._with_prefix, items[len(self.items[name]) :])
        self.defaults = sum(map(len, self.added.values()))  # as many are no change yet

        last_id_first = sorted({**BUILT_IN, **declared}.items(), reverse=True)
        self.formats = {code: number for number, code in last_id_first}  # so of two that are the same the first counts
        self.next_format = max([FIRST_OWN_FORMAT, *(number + 1 for number in declared)])

        self.cell_styles = small_part(read_styles, self.data, "styles")
        self.derived_from: dict[tuple[int, str | None, str | None, bool], int] = {}
        self.quoted: dict[int, bool] = {}

    def add(self, kind: str, xml: str) -> int:
        """Return the index of an item in a list, added at its end unless an equal one is there."""
        return self._put(kind, self._with_prefix(xml), instead=0)

    def _with_prefix(self, xml: str) -> bytes:
        return xml.replace("<", f"<{self.prefix}").replace(f"<{self.prefix}/", f"</{self.prefix}").encode("utf-8")

    def _put(self, kind: str, raw: bytes, *, instead: int) -> int:
        """The index of an item, added if no equal one is there; `instead` where there is no room for one more style."""
        first, added = self.items[kind], self.added[kind]
        if raw in first:
            return first.index(raw)
        if raw in added:
            return len(first) + added.index(raw)
        number = len(first) + len(added)
        if kind == "cellXfs" and number >= MAX_CELL_STYLES:
            return instead
        added.append(raw)
        return number

    def number_format(self, code: str) -> int:
        """Return the id of a number format, declared if it is not."""
        if code not in self.formats:
            self.formats[code] = self.next_format
            self.add("numFmts", f'<numFmt numFmtId="{self.next_format}" formatCode="{attribute_xml(code)}"/>')
            self.next_format += 1
        return self.formats[code]

    def fill(self, colour: str) -> int:
        """Return the id of a solid fill; `colour` is RRGGBB."""
        return self.add(
            "fills",
            f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
            "</patternFill></fill>",
        )

    def derived(
        self, base: int, *, fill: str | None = None, number_format: str | None = None, unquoted: bool = False
    ) -> int:
        """Return the style `base` with another fill or number format, or without its apostrophe; all else is kept."""
        key = (base, fill, number_format, unquoted)
        if key not in self.derived_from:
            self.derived_from[key] = self._derived(*key)
        return self.derived_from[key]

    def _derived(self, base: int, fill: str | None, number_format: str | None, unquoted: bool) -> int:
        styles = [*self.items["cellXfs"], *self.added["cellXfs"]]
        raw = styles[base] if base < len(styles) else styles[0]
        changes: dict[str, str] = {}
        if fill is not None:
            changes |= {"fillId": str(self.fill(fill)), "applyFill": "1"}
        if number_format is not None:
            changes |= {"numFmtId": str(self.number_format(number_format)), "applyNumberFormat": "1"}
        if unquoted:
            changes["quotePrefix"] = "0"
        element = opening(raw)
        raw = spliced(raw, [with_attribute(raw, element, name, value) for name, value in changes.items()])
        return self._put("cellXfs", raw, instead=base)

    def is_quoted(self, style: int) -> bool:
        """Whether the style says that its cell was typed with an apostrophe, to be a text."""
        if style not in self.quoted:
            styles = self.items["cellXfs"]
            is_there = style < len(styles)
            self.quoted[style] = is_there and opening(styles[style]).attributes.get("quotePrefix") in {"1", "true"}
        return self.quoted[style]

    def format_of(self, style: int) -> str:
        """The number format code of an existing style."""
        return self.cell_styles[style].number_format if style < len(self.cell_styles) else "General"

    def result(self) -> bytes:
        """The part with everything that was added."""
        if sum(map(len, self.added.values())) == self.defaults:
            return self.data
        splices: list[Splice] = []
        place = self.root.inside  # behind the last list that is there: their order is given
        whole = b""  # lists that a self-closing root gets
        for name, added in self.added.items():
            element = self.lists.get(name)
            if element is not None:
                place = element.end
            if not added:
                continue
            joined = b"".join(added)
            count = len(self.items[name]) + len(added)
            written = f'<{self.prefix}{name} count="{count}">'.encode() + joined + f"</{self.prefix}{name}>".encode()
            if element is None and self.root.is_empty:
                whole += written
            elif element is None:
                splices.append(Splice(place, place, written))
            elif element.is_empty:
                splices.append(Splice(element.start, element.end, written))
            else:
                splices.append(with_attribute(self.data, element, "count", str(count)))
                splices.append(Splice(element.close, element.close, joined))
        if whole:
            splices.append(filled(self.data, self.root, whole))
        return spliced(self.data, splices)
