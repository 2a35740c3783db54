"""What is done to a seed: to its bytes, the members of a package, tags and attributes. Hypothesis draws it."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib

from hypothesis import strategies as st
from seeds import seeds

_TOKENS = re.compile(rb"<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(rb"""(=\s*)(["'])(.*?)\2""", re.DOTALL)
_LENGTHS = st.integers(1, 200)
_LARGE = 2**20  # bytes; what is as large is not made many times as large: that would fill the fuzzer's own memory
_OF_ZIPFILE = (  # what it raises of a damaged package
    *(zipfile.BadZipFile, zlib.error, struct.error, LookupError, ArithmeticError, ValueError, OSError),
    *(NotImplementedError, RuntimeError, EOFError),
)
_PARTS = st.floats(0, 1, exclude_max=True)
_BYTES = st.sampled_from(
    [b"", b"\0", b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0" * 16, b"\xfe\xff", b"<", b'"', b"\x80", b"\r", b"]]>", b"&#0;",
     b"=?"]
)  # fmt: skip
_VALUES = st.sampled_from(
    [b"", b"0", b"-1", b"1", b"999999999", b"99999999999999999999", b"1e999", b"NaN", b"A1:XFD1048576", b"A0",
     b"x" * 300, b"true", b"../../a", b"\xe2\x80\xae", b"&#x1F;", b"#REF!", b"=1",
     b"0;", b"[h]:mm", b"2023-13-45T99:99", b" ",
     b"*"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A seed's name, and its bytes after one to six changes."""
    name = draw(st.sampled_from(sorted(seeds())))
    data = seeds()[name]
    for _ in range(draw(st.integers(1, 3))):
        is_package = data[:2] == b"PK" and draw(st.integers(0, 9)) > 0
        data = draw(_repacked(data) if is_package else _changed(data))
    return name, data


@st.composite
def _repacked(draw: st.DrawFn, data: bytes) -> bytes:
    """A package in which one member was changed, left out, put in twice or renamed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = [(info.filename, package.read(info)) for info in package.infolist()]
    except _OF_ZIPFILE:  # an earlier change has torn it
        return data
    if not members:
        return data
    at = draw(st.integers(0, len(members) - 1))
    way = draw(st.sampled_from(["change"] * 8 + ["leave out", "twice", "rename"]))
    name, content = members[at]
    if way == "leave out":
        del members[at]
    elif way == "twice":
        members.append((name, draw(_changed(content))))
    elif way == "rename":
        members[at] = (draw(st.sampled_from([name.upper(), f"/{name}", name.replace("/", "\\"), "xl/a.xml"])), content)
    elif content[:2] == b"PK":
        members[at] = (name, draw(_repacked(content)))
    else:
        members[at] = (name, draw(_changed(content)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a member that is there twice
        for name, content in members:
            package.writestr(zipfile.ZipInfo(name or "x"), content)
    return buffer.getvalue()


@st.composite
def _changed(draw: st.DrawFn, data: bytes) -> bytes:
    """Up to four changes of bytes, or of tags where there are any."""
    has_tags = data.lstrip()[:1] == b"<"
    for _ in range(draw(st.integers(1, 4))):
        data = draw(_of_tags(data)) if has_tags and draw(st.integers(0, 3)) else draw(_of_bytes(data))
    return data


@st.composite
def _of_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    at = int(draw(_PARTS) * len(data))
    end = at + draw(_LENGTHS)
    way = draw(st.sampled_from(["flip", "put in", "cut out", "twice", "cut off", "many"]))
    if way == "flip":
        return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]
    if way == "put in":
        return data[:at] + draw(_BYTES | st.binary(max_size=8)) + data[at:]
    if way == "cut out":
        return data[:at] + data[end:]
    if way == "twice":
        return data[:end] + data[at:]
    if way == "many" and len(data) < _LARGE:
        return data[:end] + data[at:end] * 500 + data[end:]
    return data[:at]


@st.composite
def _of_tags(draw: st.DrawFn, data: bytes) -> bytes:
    tokens = _TOKENS.findall(data)
    if not tokens:
        return data
    at = int(draw(_PARTS) * len(tokens))
    way = draw(st.sampled_from(["value", "value", "value", "text", "leave out", "twice", "exchange", "deep"]))
    if way == "value":
        value = draw(_VALUES)
        places = list(_ATTRIBUTE.finditer(tokens[at]))
        if places:
            place = places[draw(st.integers(0, len(places) - 1))]
            tokens[at] = tokens[at][: place.start(3)] + value + tokens[at][place.end(3) :]
        elif not tokens[at].startswith(b"<"):
            tokens[at] = value
    elif way == "text":
        tokens.insert(at, draw(_VALUES))
    elif way == "leave out":
        del tokens[at]
    elif way == "twice":
        tokens[at:at] = tokens[at : at + draw(_LENGTHS)]
    elif way == "exchange":
        other = int(draw(_PARTS) * len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif len(data) < _LARGE:
        tokens[at:at] = [tokens[at]] * draw(st.sampled_from([60, 600]))
    return b"".join(tokens)
