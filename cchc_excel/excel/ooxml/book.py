"""The workbook part and the custom properties: what stands above the sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from cchc_excel.excel.ooxml.package import local, parse


class Book(NamedTuple):
    """The workbook part: each sheet's name, state and relationship; the defined names; the date system."""

    sheets: tuple[tuple[str, str, str], ...]
    names: Mapping[str, str]
    date1904: bool


def read_book(data: bytes, name: str) -> Book:
    """Return what the workbook part says. Raises DamagedWorkbook for broken XML."""
    reader = _BookReader()
    parse(data, name, reader.start, reader.end, reader.text)
    return Book(tuple(reader.sheets), MappingProxyType(reader.names), reader.date1904)


@dataclass(slots=True)
class _BookReader:
    """The workbook part, element by element."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    date1904: bool = False
    _name: str | None = None
    _text: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        match local(tag):
            case "sheet":
                relation = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
                self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), relation))
            case "workbookPr":
                self.date1904 = attributes.get("date1904") in {"1", "true"}
            case "definedName":
                own = "localSheetId" not in attributes and not attributes.get("name", "").startswith("_xlnm")
                self._name = attributes.get("name") if own else None

    def end(self, tag: str) -> None:
        if local(tag) == "definedName" and self._name is not None:
            self.names[self._name] = "".join(self._text)
            self._name = None
            self._text.clear()

    def text(self, text: str) -> None:
        if self._name is not None:
            self._text.append(text)


def custom_properties(data: bytes, name: str) -> Mapping[str, str]:
    """Custom document properties as texts."""
    found: dict[str, str] = {}
    current = ""
    pieces: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal current
        if local(tag) == "property":
            current = attributes.get("name", "")
            pieces.clear()

    def end(tag: str) -> None:
        nonlocal current
        if local(tag) == "property":
            if current:
                found[current] = "".join(pieces).strip()
            current = ""

    parse(data, name, start, end, pieces.append)
    return MappingProxyType(found)
