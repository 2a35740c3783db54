"""Where in a part's bytes its elements stand, so that one can be replaced and all else stay as it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.ooxml.package import ENCODINGS

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_TAG = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"""\s([^\s=]+)\s*=\s*["']([^"']*)["']""")
_DECLARATION = re.compile(rb'^(\xef\xbb\xbf)?\s*(<\?xml[^>]*?encoding=["\'](?P<name>[^"\']+)["\'])?')
_DECLARED = re.compile(r'(<\?xml[^>]*?encoding=["\'])[^"\']+')


class Element(NamedTuple):
    """One element: its name without and with prefix, its attributes, and four offsets.

    `start` is before `<name`, `inside` after the start tag, `close` before `</name>`, `end` after it.
    A self-closing element has `inside == close == end`.
    """

    name: str
    tag: str
    attributes: dict[str, str]
    parent: str
    start: int
    inside: int
    close: int
    end: int

    @property
    def prefix(self) -> str:
        """The namespace prefix with its colon, or nothing."""
        return self.tag[: self.tag.rfind(":") + 1]

    @property
    def is_empty(self) -> bool:
        return self.inside == self.end


class Splice(NamedTuple):
    """Bytes to put in place of those from `start` to `end`."""

    start: int
    end: int
    data: bytes


def as_utf8(data: bytes) -> bytes:
    """The part in UTF-8, since offsets are bytes and what is put in is UTF-8; other encodings are rewritten whole."""
    name = "utf-8"
    declaration = _DECLARATION.match(data)
    if declaration and declaration["name"]:
        name = declaration["name"].decode("ascii", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    if name.lower() in {"utf-8", "us-ascii"}:
        return data
    if name.lower() not in ENCODINGS:  # expat, which reads the same parts, knows no other
        raise DamagedWorkbook(f"encoding {name[:20]}")
    try:
        text = data.decode(name)
    except UnicodeError as error:
        raise DamagedWorkbook(f"encoding {name}") from error
    return _DECLARED.sub(r"\g<1>UTF-8", text, count=1).encode("utf-8")


def elements(data: bytes, names: Collection[str]) -> list[Element]:
    """Return every element of these local names, in document order. Raises DamagedWorkbook for broken XML."""
    found: list[Element | None] = []  # None: not closed yet
    # Of each open tag: name, tag, attributes, parent, where it begins, its place in `found` or -1. No class of its own:
    # one is made for every element of a part.
    open_tags: list[tuple[str, str, dict[str, str], str, int, int]] = []
    parser = ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        parent = open_tags[-1][0] if open_tags else ""
        name = tag.rpartition(":")[2]
        slot = -1
        if name in names:
            slot = len(found)
            found.append(None)
        open_tags.append((name, tag, attributes, parent, parser.CurrentByteIndex, slot))

    def end(_: str) -> None:
        name, tag, attributes, parent, begins, slot = open_tags.pop()
        if slot < 0:
            return
        match = _START_TAG.match(data, begins)
        if match is None:
            raise DamagedWorkbook(f"start tag at {begins}")
        inside = close = ends = match.end()
        is_self_closing = data[inside - 2 : inside] == b"/>"
        if not is_self_closing:
            close = parser.CurrentByteIndex
            ends = data.index(b">", close) + 1
        found[slot] = Element(name, tag, attributes, parent, begins, inside, close, ends)

    parser.StartElementHandler = start
    parser.EndElementHandler = end

    def refuse(*_: object) -> None:
        raise DamagedWorkbook("DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse  # reading refuses it, too, but reads fewer parts
    try:
        parser.Parse(data, True)
    except (ExpatError, LookupError, ValueError) as error:  # the last two of encodings that expat asks Python for
        raise DamagedWorkbook(str(error)) from error
    return [element for element in found if element is not None]


def opening(data: bytes) -> Element:
    """Return the element that begins these bytes, its start tag alone: no more is needed to change an attribute."""
    match = _START_TAG.match(data)
    if match is None:
        raise DamagedWorkbook("start tag")
    tag = _TAG.match(data)[0][1:].decode("utf-8")  # type: ignore[index]  # _START_TAG begins with it
    attributes = {key.decode("utf-8"): value.decode("utf-8") for key, value in _ATTRIBUTE.findall(match[0])}
    return Element(tag.rpartition(":")[2], tag, attributes, "", 0, match.end(), len(data), len(data))


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """Return the data with all splices made; they must not overlap. Of several at one place the first stands first."""
    pieces: list[bytes] = []
    done = 0  # up to here
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if splice.start < done:
            raise ValueError(f"splices overlap at {splice.start}")
        pieces += [data[done : splice.start], splice.data]
        done = splice.end
    return b"".join((*pieces, data[done:]))


def filled(data: bytes, element: Element, inner: bytes) -> Splice:
    """The splice that opens a self-closing element and puts something in."""
    without_slash = data[element.start : element.end - len(b"/>")].rstrip()
    closing = f"</{element.tag}>".encode()
    return Splice(element.start, element.end, without_slash + b">" + inner + closing)


def with_attribute(data: bytes, element: Element, name: str, value: str) -> Splice:
    """The splice that sets one attribute in an element's start tag."""
    opening = data[element.start : element.inside]
    old = re.search(rb"\s" + name.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", opening)
    written = f' {name}="{value}"'.encode()
    if old:
        return Splice(element.start + old.start(), element.start + old.end(), written)
    behind_name = element.start + len(b"<") + len(element.tag.encode())
    return Splice(behind_name, behind_name, written)
