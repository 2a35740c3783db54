"""The comments on the cells of a worksheet, those of Excel 365 that are threads too.

Never:  refuses a workbook: what stands in no readable comments part is nobody's figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cchc_excel.errors import UnreadableWorkbook
from cchc_excel.excel.limits import SMALL_PART
from cchc_excel.excel.ooxml.package import Package, local, parse
from cchc_excel.grid import column_number

__all__ = ["comments_on"]

_KINDS = ("threadedComment", "comments")  # a thread stands in the other part too, behind a text about Excel's version
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def comments_on(package: Package, sheet: str) -> Mapping[tuple[int, int], str]:
    """Return the text of each comment by the row and column of its cell, without the name of its author before it."""
    found: dict[tuple[int, int], str] = {}
    try:
        parts = package.relationships(sheet).values()  # nearly always none
        for kind in _KINDS:
            for part in parts:
                if part.kind == kind and package.has(part.target):
                    found = _read(package.part(part.target, SMALL_PART), part.target) | found
    except UnreadableWorkbook:
        return found
    return found


def _read(data: bytes, name: str) -> dict[tuple[int, int], str]:
    """The comments of one part. Raises DamagedWorkbook for broken XML."""
    found: dict[tuple[int, int], str] = {}
    authors: list[str] = []
    pieces: list[str] = []
    cell: tuple[int, int] | None = None
    inside = False

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal cell, inside
        kind = local(tag)
        if kind in {"comment", "threadedComment"}:
            match = _CELL.fullmatch(attributes.get("ref", ""))
            cell = None if match is None else (int(match[2]), column_number(match[1]))
            pieces.clear()
        elif kind in {"t", "text", "author"}:
            inside = True
            if kind == "author":
                pieces.clear()

    def end(tag: str) -> None:
        nonlocal inside
        kind = local(tag)
        if kind in {"comment", "threadedComment"}:
            if cell is not None:
                said = f"{found[cell]}\n" if cell in found else ""  # a thread has an answer for each comment of its own
                found[cell] = said + _without_author("".join(pieces).strip(), authors)
        elif kind == "author":
            authors.append("".join(pieces))
        inside = inside and kind not in {"t", "text", "author"}

    def text(data: str) -> None:
        if inside:
            pieces.append(data)

    parse(data, name, start, end, text)
    return found


def _without_author(text: str, authors: list[str]) -> str:
    author = next((author for author in authors if author and text.startswith(f"{author}:")), None)
    return text if author is None else text[len(author) + 1 :].strip()
