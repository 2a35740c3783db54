"""The parts that must name what a correction adds: the workbook, its relationships, the content types."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from cchc_excel.excel.ooxml.xml_text import attribute_xml, content_xml
from cchc_excel.excel.patching.new_sheet import NewSheet
from cchc_excel.excel.patching.positions import Element, Splice, elements, filled, spliced, with_attribute
from cchc_excel.grid import quoted

_AFTER_SHEETS = frozenset({"sheets", "functionGroups", "externalReferences"})
_READ = frozenset({"workbook", "sheet", "definedNames", "calcPr", *_AFTER_SHEETS})
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class WorkbookEditor:
    """Changes a workbook part, in UTF-8; `result` gives its new bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root, *self.found = _outermost(data)
        self.splices: list[Splice] = []

    @property
    def main_namespace(self) -> str:
        """The namespace of SpreadsheetML that the workbook uses, transitional or strict; empty if it names none."""
        prefix = self.root.prefix.rstrip(":")
        return self.root.attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")

    @property
    def relation_base(self) -> str:
        """What the types of its relationships begin with."""
        return _STRICT if "purl.oclc.org" in self.main_namespace else _TRANSITIONAL

    def name_sheet(self, sheet: NewSheet, relation: str) -> None:
        """Add the sheet, last, with its print titles."""
        root, sheets = self.root, next(it for it in self.found if it.name == "sheets")
        present = [it for it in self.found if it.name == "sheet"]
        number = max((int(it.attributes.get("sheetId", "0")) for it in present), default=0) + 1
        taken = {it.attributes.get("name", "").casefold() for it in present}
        name = next(it for it in numbered(sheet.name) if it.casefold() not in taken)
        pair = next(
            ((key, value) for key, value in root.attributes.items() if value.endswith("officeDocument/relationships")),
            None,
        )
        space = pair[0].removeprefix("xmlns:") if pair else "r"
        declared = "" if pair else f' xmlns:r="{self.relation_base}"'
        tag = f'<{root.prefix}sheet name="{attribute_xml(name)}" sheetId="{number}" {space}:id="{relation}"{declared}/>'
        titles = (
            f'<{root.prefix}definedName name="_xlnm.Print_Titles" localSheetId="{len(present)}">'
            f"{content_xml(quoted(name))}!${sheet.head}:${sheet.head}</{root.prefix}definedName>"
        )
        names = next((it for it in self.found if it.name == "definedNames"), None)
        if names is not None and not names.is_empty:
            second = Splice(names.close, names.close, titles.encode())
        else:
            last = [it for it in self.found if it.name in _AFTER_SHEETS][-1]
            whole = f"<{root.prefix}definedNames>{titles}</{root.prefix}definedNames>"
            second = Splice(last.end, names.end if names is not None else last.end, whole.encode())
        self.splices += [Splice(sheets.close, sheets.close, tag.encode()), second]

    def ask_for_calculation(self) -> None:
        """Have Excel calculate the workbook when it is opened."""
        calculation = next((it for it in self.found if it.name == "calcPr"), None)
        if calculation is None:
            place = [it for it in self.found if it.name in {"definedNames", *_AFTER_SHEETS}][-1].end
            self.splices.append(Splice(place, place, f'<{self.root.prefix}calcPr fullCalcOnLoad="1"/>'.encode()))
        elif calculation.attributes.get("fullCalcOnLoad") not in {"1", "true"}:
            self.splices.append(with_attribute(self.data, calculation, "fullCalcOnLoad", "1"))

    def result(self) -> bytes:
        """The part with everything that was changed."""
        return spliced(self.data, self.splices)


def _outermost(data: bytes) -> Sequence[Element]:
    """The outermost element and what it and its list of sheets hold: its extensions have lists of the same names."""
    return [it for it in elements(data, _READ) if it.parent in {"", "workbook", "sheets"}]


def related(data: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """A part of relationships with one more, and its id; `kind` is the whole name of its type."""
    root, *present = elements(data, {"Relationships", "Relationship"})
    used = {it.attributes.get("Id") for it in present}
    relation = next(f"rIdCchc{index}" for index in range(1, len(used) + 3) if f"rIdCchc{index}" not in used)
    xml = f'<{root.prefix}Relationship Id="{relation}" Type="{kind}" Target="{attribute_xml(target)}"/>'
    return _appended(data, root, xml), relation


def declared(data: bytes, part: str, content_type: str) -> bytes:
    """The part [Content_Types].xml with one more part named."""
    root = elements(data, {"Types"})[0]
    return _appended(
        data, root, f'<{root.prefix}Override PartName="{attribute_xml("/" + part)}" ContentType="{content_type}"/>'
    )


def _appended(data: bytes, root: Element, xml: str) -> bytes:
    if root.is_empty:
        return spliced(data, [filled(data, root, xml.encode())])
    return spliced(data, [Splice(root.close, root.close, xml.encode())])


def numbered(name: str) -> Iterator[str]:
    """The name, and others like it should there be one: `Phát hiện`, `Phát hiện (2)`, …"""
    yield name
    yield from (f"{name} ({number})" for number in range(2, 300))


def numbered_parts(name: str) -> list[str]:
    """The same of a part's name: `a.xml`, `a_2.xml`, …"""
    stem, ending = posixpath.splitext(name)
    return [name, *(f"{stem}_{number}{ending}" for number in range(2, 30))]
