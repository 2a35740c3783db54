"""What workbooks written as HTML or as XML have in common: their encodings, and number formats that have names.

In:     the bytes of a text with tags; the name of a number format.
Out:    the text; Excel's code for the format.
Never:  asks Python for an encoding whose name stands in a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cchc_excel.errors import DamagedWorkbook

__all__ = ["decoded_markup", "format_code"]

# UTF-32 before UTF-16: its byte order mark begins like that of the other. The rest have none, and begin with "<".
_BY_BEGINNING = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4096  # bytes among which an encoding is declared
_KNOWN = re.compile(r"(?:windows-|cp)125[0-8]|iso-8859-(?:[1-9]|1[013456])|us-ascii|utf-?8")
_VIETNAMESE = "cp1258"

_NAMED = {
    "general number": "General",
    "general date": "dd/mm/yyyy hh:mm",
    "long date": "dd mmmm yyyy",
    "medium date": "dd-mmm-yy",
    "short date": "dd/mm/yyyy",
    "long time": "hh:mm:ss",
    "medium time": "hh:mm AM/PM",
    "short time": "hh:mm",
    "currency": "#,##0.00",
    "euro currency": "#,##0.00",
    "fixed": "0.00",
    "standard": "#,##0.00",
    "percent": "0.00%",
    "scientific": "0.00E+00",
    "text": "@",
}


def decoded_markup(data: bytes) -> str:
    """Return a text with tags. What is UTF-8 is taken for that, whatever it declares, as pages often say it wrongly.

    Raises DamagedWorkbook if it is in no encoding that is known.
    """
    for encoding in _encodings(data):
        try:
            return data.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise DamagedWorkbook("encoding")


def _encodings(data: bytes) -> Iterator[str]:
    """The encodings that a text may be in, the likeliest first."""
    for begins, name in _BY_BEGINNING:
        if data.startswith(begins):
            yield name
            return
    yield "utf-8-sig"
    declared = _DECLARED.search(data[:_HEAD])
    if declared is not None:
        name = declared[1].decode("ascii", "replace").lower()
        if _KNOWN.fullmatch(name):
            yield name
    yield _VIETNAMESE


def format_code(name: str) -> str:
    """A number format as a code: some are written as names."""
    return _NAMED.get(name.strip().lower(), name.strip()) or "General"
