"""A package as it came, opened once: its sheets by name, each part inflated when it is asked for and then kept.

In:     the bytes of a package.
Out:    parts, worksheets, and where the workbook names them.
Never:  changes any of it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.ooxml.package import Package, Relationship, part_key
from cchc_excel.excel.ooxml.reader import shared_strings
from cchc_excel.excel.patching.positions import Element, as_utf8, elements
from cchc_excel.excel.patching.worksheet_edit import Worksheet, range_of
from cchc_excel.grid import Range

_LARGE = 2**20  # bytes; below it packing again costs nothing
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def _of_workbook(data: bytes) -> Sequence[Element]:
    return elements(data, {"workbook", "sheet", "definedName"})


def rows_of(sheet: bytes) -> bytes:
    """A worksheet part without what stands around its rows: lists that have formulas, too, and are twice as long."""
    data = as_utf8(sheet)
    return data[max(data.find(b"sheetData"), 0) : data.rfind(b"sheetData>")]


class Original:
    """One package. Raises an UnreadableWorkbook if the bytes are none."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.package = Package(data)
        self.names = [info.filename for info in self.package.archive.infolist()]
        self._spelling = {part_key(name): name for name in reversed(self.names)}
        self._parts: dict[str, bytes] = {}
        self._worksheets: dict[str, Worksheet] = {}
        main = _target(self.package.relationships(""), "officeDocument")
        if main is None:
            raise DamagedWorkbook("officeDocument")
        self.main = main
        self.related = self.package.relationships(main)
        self.workbook = as_utf8(self.part(main))
        self.of_workbook = _of_workbook(self.workbook)
        self.styles_part = _target(self.related, "styles")
        self.sheets = self._sheets()
        self.has_formula = self._has_formula()
        """Whether any cell of its worksheets holds a formula."""
        self.strings = shared_strings(self.package, _target(self.related, "sharedStrings"))
        """The shared strings."""

    def _sheets(self) -> Mapping[str, str]:
        """Sheet name → part."""
        found = {}
        for element in self.of_workbook:
            if element.name != "sheet":
                continue
            # the prefix of the relation's attribute is the workbook's own, mostly `r:`
            relation = next((value for name, value in element.attributes.items() if name.endswith(":id")), "")
            if relation in self.related:
                found[element.attributes.get("name", "")] = self.related[relation].target
        return found

    def part(self, name: str) -> bytes:
        """The bytes of a part. Raises DamagedWorkbook if it is missing or broken."""
        key = part_key(name)
        if key not in self._parts:
            self._parts[key] = self.package.part(name)
        return self._parts[key]

    def contents(self) -> Mapping[str, bytes]:
        """Every part by its name as the package spells it, but those that are copied as they are packed."""
        copied = {entry.filename for entry in self.copied()}
        entries = self.package.archive.infolist()
        return {entry.filename: self.content(entry) for entry in entries if entry.filename not in copied}

    def copied(self) -> Sequence[zipfile.ZipInfo]:
        """The large parts that nobody looks into, pictures above all: they are neither unpacked nor packed again."""
        entries = self.package.archive.infolist()
        large = [info for info in entries if info.file_size > _LARGE and self.package.is_found(info)]
        return [
            info
            for info in large
            if part_key(info.filename) not in self._parts and self.names.count(info.filename) == 1
        ]

    def content(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of an entry of the package. Raises DamagedWorkbook or WorkbookTooLarge."""
        inflated = None
        if self.package.is_found(entry):  # of several entries of one name only the last is a part
            inflated = self._parts.get(part_key(entry.filename))
        return self.package.entry(entry) if inflated is None else inflated

    def spelled(self, name: str) -> str:
        """A part's name as the package itself spells it."""
        return self._spelling.get(part_key(name), name)

    def worksheet(self, part: str, rows: set[int]) -> Worksheet:
        """The worksheet in that part, of which these rows will be asked for."""
        if part not in self._worksheets:
            self._worksheets[part] = Worksheet(self.part(part), rows)
        else:
            self._worksheets[part].look_at(rows)
        return self._worksheets[part]

    def headings(self, part: str) -> list[Range]:
        """The heading rows of the tables on a worksheet, whose texts are the names of the tables' columns."""
        found = []
        for relation in self.package.relationships(part).values():
            if relation.kind != "table":
                continue
            attributes = elements(as_utf8(self.part(relation.target)), {"table"})[0].attributes
            if attributes.get("headerRowCount") != "0":
                top, left, _, right = range_of(attributes.get("ref", "A1"))
                found.append(Range(top, left, top, right))
        return found

    def _has_formula(self) -> bool:
        for part in self.sheets.values():
            if not self.package.has(part):
                continue
            rows = rows_of(self.part(part))
            may_have = b"<f" in rows or b":f" in rows  # found in a fraction of the time that the expression takes
            if may_have and _FORMULA.search(rows) is not None:
                return True
        return False

    @property
    def defined_names(self) -> tuple[str, ...]:
        names = [element for element in self.of_workbook if element.name == "definedName"]
        return tuple(element.attributes.get("name", "") for element in names)


def _target(relationships: Mapping[str, Relationship], kind: str) -> str | None:
    """The part that the first relationship of a kind leads to."""
    return next((relation.target for relation in relationships.values() if relation.kind == kind), None)
