"""The parts that must name what a correction adds: the workbook, its relationships, the content types."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from itertools import count

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
        prefix = self.root.prefix
        sheets = next(element for element in self.found if element.name == "sheets")
        present = [element.attributes for element in self.found if element.name == "sheet"]
        given = [attributes.get("sheetId", "") for attributes in present]
        number = max((int(identity) for identity in given if identity.isdecimal()), default=0) + 1
        taken = {attributes.get("name", "").casefold() for attributes in present}
        name = next(name for name in numbered(sheet.name) if name.casefold() not in taken)
        tag = f'<{prefix}sheet name="{attribute_xml(name)}" sheetId="{number}"{self._relation_attribute(relation)}/>'
        titles = (
            f'<{prefix}definedName name="_xlnm.Print_Titles" localSheetId="{len(present)}">'
            f"{content_xml(quoted(name))}!${sheet.head}:${sheet.head}</{prefix}definedName>"
        )
        self.splices += [Splice(sheets.close, sheets.close, tag.encode()), self._with_defined_name(titles)]

    def _relation_attribute(self, relation: str) -> str:
        """The attribute that names a relationship, by the workbook's own prefix; declared if it has none."""
        for name, value in self.root.attributes.items():
            if value.endswith("officeDocument/relationships"):
                return f' {name.removeprefix("xmlns:")}:id="{relation}"'
        return f' r:id="{relation}" xmlns:r="{self.relation_base}"'

    def _with_defined_name(self, defined_name: str) -> Splice:
        """The change that puts a defined name behind the others; their list may be missing or empty."""
        names = next((element for element in self.found if element.name == "definedNames"), None)
        if names is not None and not names.is_empty:
            return Splice(names.close, names.close, defined_name.encode())
        prefix = self.root.prefix
        before = [element for element in self.found if element.name in _AFTER_SHEETS][-1]
        end = names.end if names is not None else before.end
        whole = f"<{prefix}definedNames>{defined_name}</{prefix}definedNames>"
        return Splice(before.end, end, whole.encode())

    def ask_for_calculation(self) -> None:
        """Have Excel calculate the workbook when it is opened."""
        calculation = next((element for element in self.found if element.name == "calcPr"), None)
        if calculation is None:
            # ECMA-376 wants it behind these
            before = [element for element in self.found if element.name in {"definedNames", *_AFTER_SHEETS}][-1]
            tag = f'<{self.root.prefix}calcPr fullCalcOnLoad="1"/>'
            self.splices.append(Splice(before.end, before.end, tag.encode()))
        elif calculation.attributes.get("fullCalcOnLoad") not in {"1", "true"}:
            self.splices.append(with_attribute(self.data, calculation, "fullCalcOnLoad", "1"))

    def result(self) -> bytes:
        """The part with everything that was changed."""
        return spliced(self.data, self.splices)


def _outermost(data: bytes) -> Sequence[Element]:
    """The outermost element and what it and its list of sheets hold: its extensions have lists of the same names."""
    return [element for element in elements(data, _READ) if element.parent in {"", "workbook", "sheets"}]


def related(data: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """A part of relationships with one more, and its id; `kind` is the whole name of its type."""
    root, *present = elements(data, {"Relationships", "Relationship"})
    used = {element.attributes.get("Id") for element in present}
    candidates = (f"rIdCchc{number}" for number in range(1, len(used) + 3))
    relation = next(candidate for candidate in candidates if candidate not in used)
    xml = f'<{root.prefix}Relationship Id="{relation}" Type="{kind}" Target="{attribute_xml(target)}"/>'
    return _appended(data, root, xml), relation


def declared(data: bytes, part: str, content_type: str) -> bytes:
    """The part [Content_Types].xml with one more part named."""
    root = elements(data, {"Types"})[0]
    name = attribute_xml("/" + part)
    return _appended(data, root, f'<{root.prefix}Override PartName="{name}" ContentType="{content_type}"/>')


def _appended(data: bytes, root: Element, xml: str) -> bytes:
    if root.is_empty:
        return spliced(data, [filled(data, root, xml.encode())])
    return spliced(data, [Splice(root.close, root.close, xml.encode())])


def numbered(name: str) -> Iterator[str]:
    """The name, and others like it should there be one: `Phát hiện`, `Phát hiện (2)`, …"""
    yield name
    yield from (f"{name} ({number})" for number in count(2))


def numbered_parts(name: str) -> Iterator[str]:
    """The same of a part's name: `a.xml`, `a_2.xml`, …"""
    stem, ending = posixpath.splitext(name)
    yield name
    yield from (f"{stem}_{number}{ending}" for number in count(2))
