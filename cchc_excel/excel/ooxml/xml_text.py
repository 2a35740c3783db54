"""Texts as XML holds them. The standard library's own way, `xml.sax.saxutils`, loads a whole HTTP client first."""

from __future__ import annotations

import re
from html import escape

_SAFE_ATTRIBUTE = re.compile('[^"&<>\n\r\t]*')
_IN_ATTRIBUTES = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SAFE = re.compile("[^\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff_&<>]*")
_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair; no file can hold one


def content_xml(text: str) -> str:
    """What stands between two tags."""
    return escape(text, quote=False)


def attribute_xml(value: str) -> str:
    """What stands between the quotes of an attribute."""
    if value.isalnum() or _SAFE_ATTRIBUTE.fullmatch(value):
        return value
    return escape(value, quote=False).replace('"', "&quot;").translate(_IN_ATTRIBUTES)


def text_xml(text: str, prefix: str = "") -> str:
    """A text as an inline string: always a text, whatever it begins with; control characters are escaped."""
    safe = (
        text
        if _SAFE.fullmatch(text)
        else content_xml(_UNSAFE.sub(lambda match: f"_x{ord(match[0]):04X}_", _HALF.sub("\ufffd", text)))
    )
    space = "" if safe == safe.strip() else ' xml:space="preserve"'
    return f"<{prefix}is><{prefix}t{space}>{safe}</{prefix}t></{prefix}is>"
