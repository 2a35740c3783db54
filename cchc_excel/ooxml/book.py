"""The workbook part and the custom properties: what stands above the sheets."""

from __future__ import annotations

from dataclasses import dataclass, field

from cchc_excel.ooxml.package import MAX_SMALL_PART, Package, local, parse


@dataclass(slots=True)
class Book:
    """The workbook part: sheets with their relationship, defined names, the date system."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    date1904: bool = False
    _name: str | None = None
    _text: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
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


def custom_properties(package: Package, name: str | None) -> dict[str, str]:
    """Custom document properties as texts."""
    found: dict[str, str] = {}
    if name is None or not package.has(name):
        return found
    current = ""
    pieces: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
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

    parse(package.part(name, MAX_SMALL_PART), name, start, end, pieces.append)
    return found
