"""styles.xml with looks added at the end of its lists; nothing is renumbered, equal ones are used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cchc_excel.excel.ooxml.package import remembered
from cchc_excel.excel.ooxml.styles import BUILT_IN
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
    """The outermost element of a styles part, its lists, and their items as they are written."""

    root: Element
    lists: Mapping[str, Element]
    items: Mapping[str, tuple[bytes, ...]]


@remembered
def _lists(data: bytes) -> _Lists:
    found = elements(data, {*_LISTS, *_ITEM.values(), "styleSheet"})
    lists: dict[str, Element] = {}
    items: dict[str, list[bytes]] = {name: [] for name in _LISTS}
    for element in found:
        if element.name in _LISTS and element.parent == "styleSheet":
            lists[element.name] = element
        elif element.parent in _LISTS and _ITEM[element.parent] == element.name:
            items[element.parent].append(data[element.start : element.end])
    return _Lists(found[0], lists, {name: tuple(its) for name, its in items.items()})


class StylesEditor:
    """Adds cell styles to a styles part; `result` gives the part's new bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = as_utf8(data)
        self.root, self.lists, self.items = _lists(self.data)
        self.prefix = self.root.prefix
        self.added: dict[str, list[bytes]] = {name: [] for name in _LISTS}
        for name, items in _DEFAULTS.items():  # what is added must not become what stands for "nothing special"
            self.added[name] += map(self._with_prefix, items[len(self.items[name]) :])
        self.defaults = sum(map(len, self.added.values()))
        self.formats = {code: number for number, code in BUILT_IN.items()}
        self.numbers = dict(BUILT_IN)
        self.known: dict[tuple[int, str | None, str | None, bool], int] = {}
        self.codes: dict[int, str] = {}
        self.quoted: dict[int, bool] = {}
        self._own_formats()

    def _own_formats(self) -> None:
        self.next_format = FIRST_OWN_FORMAT
        for raw in self.items["numFmts"]:
            attributes = elements(_wrapped(raw, self.prefix), {"numFmt"})[0].attributes
            number = int(attributes.get("numFmtId", "0"))
            self.formats.setdefault(attributes.get("formatCode", ""), number)
            self.numbers[number] = attributes.get("formatCode", "")
            self.next_format = max(self.next_format, number + 1)

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
        if key not in self.known:
            self.known[key] = self._derived(*key)
        return self.known[key]

    def _derived(self, base: int, fill: str | None, number_format: str | None, unquoted: bool) -> int:
        every = [*self.items["cellXfs"], *self.added["cellXfs"]]
        raw = every[base] if base < len(every) else every[0]
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
            every = self.items["cellXfs"]
            known = style < len(every)
            self.quoted[style] = known and opening(every[style]).attributes.get("quotePrefix") in {"1", "true"}
        return self.quoted[style]

    def format_of(self, style: int) -> str:
        """The number format code of an existing style."""
        if style not in self.codes:
            self.codes[style] = self._format_of(style)
        return self.codes[style]

    def _format_of(self, style: int) -> str:
        every = self.items["cellXfs"]
        if style >= len(every):
            return "General"
        return self.numbers.get(int(opening(every[style]).attributes.get("numFmtId", "0")), "General")

    def result(self) -> bytes:
        """The part with everything that was added."""
        if sum(map(len, self.added.values())) == self.defaults:
            return self.data
        splices: list[Splice] = []
        place = self.root.inside
        whole = b""  # lists that a self-closing root gets
        for name, added in self.added.items():
            element, joined = self.lists.get(name), b"".join(added)
            count = len(self.items[name]) + len(added)
            written = f'<{self.prefix}{name} count="{count}">'.encode() + joined + f"</{self.prefix}{name}>".encode()
            if element is None:
                if added and self.root.is_empty:
                    whole += written
                elif added:
                    splices.append(Splice(place, place, written))
                continue
            place = element.end
            if added and element.is_empty:
                splices.append(Splice(element.start, element.end, written))
            elif added:
                splices.append(with_attribute(self.data, element, "count", str(count)))
                splices.append(Splice(element.close, element.close, joined))
        if whole:
            splices.append(filled(self.data, self.root, whole))
        return spliced(self.data, splices)


def _wrapped(raw: bytes, prefix: str) -> bytes:
    """A fragment as a document of its own, its prefix declared."""
    name = prefix.rstrip(":")
    declared = f' xmlns:{name}="x"' if name else ""
    return f"<w{declared} xmlns:x14ac='x' xmlns:x16r2='x' xmlns:mc='x'>".encode() + raw + b"</w>"
