"""A package with some cells changed and one sheet added; every other part byte for byte as it was.

Object-model writers lose what they do not model: drawn lines and text boxes, x14 formats,
checkboxes. Here only the changed `<c>` elements are rewritten, and the parts that must name the
added sheet. Every result is compared with its original before it is handed over.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from cchc_excel.errors import CchcError, DamagedWorkbook
from cchc_excel.grid import Sheet, is_date_format
from cchc_excel.ooxml.compare import Differences, differences
from cchc_excel.ooxml.formulas import has_formula
from cchc_excel.ooxml.new_sheet import NewSheet, sheet_xml
from cchc_excel.ooxml.package import Package, part_key
from cchc_excel.ooxml.plain_places import Position
from cchc_excel.ooxml.positions import Element, Splice, as_utf8, elements, spliced, with_attribute
from cchc_excel.ooxml.reader import read_workbook
from cchc_excel.ooxml.styles_edit import EMPTY_STYLES, StylesEditor
from cchc_excel.ooxml.worksheet_edit import Worksheet, Written

ADDED_PART = "cchc_phat_hien.xml"  # the name by which a second correction knows the sheet of the first
FAST = 1  # of zlib: a tenth more bytes, a third of the time
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_AFTER_SHEETS = ("sheets", "functionGroups", "externalReferences")


class CellChange(NamedTuple):
    """A new content for one cell: a number as decimal text, a text, or neither for a blank."""

    sheet: str
    row: int
    column: int
    number: str | None = None
    text: str | None = None
    number_format: str | None = None
    fill: str | None = None


class Mark(NamedTuple):
    """A cell that only gets a colour; what it holds stays."""

    sheet: str
    row: int
    column: int
    fill: str


class Recalculated(NamedTuple):
    """A formula cell whose stored result is renewed: a number as decimal text, or a text.

    `is_remark`: the cell belongs to what the template says of the figures, and is no figure itself.
    `fill` colours the cell; None keeps its look.
    """

    sheet: str
    row: int
    column: int
    number: str | None
    text: str | None = None
    is_remark: bool = False
    fill: str | None = None


class Patched(NamedTuple):
    """The new package; `signature_broken` if the old one was signed, since no signature survives a change."""

    data: bytes
    signature_broken: bool
    differences: Differences


class PatchRefused(CchcError):
    """A change that must not be made: `kind` is `formula`, `merged` or `no_sheet`; `place` says where."""

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(kind, place)
        self.kind, self.place = kind, place


class PromiseBroken(CchcError):
    """The result differs from the original in more than was asked: a defect of ours, and nothing is handed over."""


def patch(
    data: bytes,
    changes: Sequence[CellChange],
    marks: Sequence[Mark] = (),
    recalculated: Sequence[Recalculated] = (),
    sheet: NewSheet | None = None,
) -> Patched:
    """Return the package with these cells changed, these coloured, and the sheet added or renewed.

    Raises PatchRefused for a formula cell, the hidden part of a merged cell, or a sheet that is not
    there; UnreadableWorkbook for bytes that are no package.
    """
    editing = _Editing(data)
    editing.edit_cells(changes, marks, recalculated)
    if sheet is not None:
        editing.put_sheet(sheet)
    if changes:
        editing.ask_for_calculation()
    result = editing.result()
    found = differences(data, result, editing.worksheet_parts())
    _keep_promise(found, editing, changes, marks, recalculated)
    signed = any(name.startswith("_xmlsignatures/") for name in editing.names)
    return Patched(result, signed, found)


class _Editing:
    """One package being edited: its parts as they will be, changed ones in `parts`."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.package = Package(data)
        self.source = zipfile.ZipFile(io.BytesIO(data))
        self.names = [info.filename for info in self.source.infolist()]
        self._spelling = {part_key(name): name for name in reversed(self.names)}
        self.parts: dict[str, bytes] = {}
        roots = self.package.relationships("")
        main = next((it.target for it in roots.values() if it.kind == "officeDocument"), None)
        if main is None:
            raise DamagedWorkbook("officeDocument")
        self.main = main
        self.related = self.package.relationships(main)
        self.workbook = as_utf8(self.package.part(main))
        self.of_workbook = elements(self.workbook, {"workbook", "sheet"})
        self.styles_part = next((it.target for it in self.related.values() if it.kind == "styles"), None)
        self.styles = StylesEditor(self._styles())
        self.sheets = self._sheets()
        self.edited: dict[str, Worksheet] = {}
        self.added: str | None = None

    def _styles(self) -> bytes:
        if self.styles_part is not None:
            return self.package.part(self.styles_part)
        return EMPTY_STYLES.format(main=self._main_namespace()).encode()

    def _sheets(self) -> dict[str, str]:
        """Sheet name → part."""
        found = {}
        for element in self.of_workbook:
            relation = next((value for key, value in element.attributes.items() if key.endswith(":id")), "")
            if relation in self.related:
                found[element.attributes.get("name", "")] = self.related[relation].target
        return found

    def _main_namespace(self) -> str:
        root = self.of_workbook[0]
        return root.attributes.get(f"xmlns:{root.prefix.rstrip(':')}" if root.prefix else "xmlns", "")

    def worksheet(self, name: str) -> Worksheet:
        part = self.sheets.get(name)
        if part is None:
            raise PatchRefused("no_sheet", name)
        if part not in self.edited:
            self.edited[part] = Worksheet(self.package.part(part))
        return self.edited[part]

    # --- cells

    def edit_cells(
        self, changes: Sequence[CellChange], marks: Sequence[Mark], recalculated: Sequence[Recalculated]
    ) -> None:
        by_part: dict[str, dict[Position, Written]] = {}
        for change in changes:
            sheet, at = self.worksheet(change.sheet), Position(change.row, change.column)
            if sheet.is_calculated(at):
                raise PatchRefused("formula", f"{change.sheet}!{at}")
            if sheet.is_hidden_by_merge(at):
                raise PatchRefused("merged", f"{change.sheet}!{at}")
            style = self._style(sheet, at, change)
            written = Written(change.number, change.text, style)
            by_part.setdefault(self.sheets[change.sheet], {})[at] = written
        for mark in marks:
            sheet, at = self.worksheet(mark.sheet), Position(mark.row, mark.column)
            style = self.styles.derived(sheet.style_of(at), fill=mark.fill)
            cells = by_part.setdefault(self.sheets[mark.sheet], {})
            cells.setdefault(at, Written(style=style, keep_content=True))
        for result in recalculated:
            sheet, at = self.worksheet(result.sheet), Position(result.row, result.column)
            coloured = result.fill and self.styles.derived(sheet.style_of(at), fill=result.fill)
            cells = by_part.setdefault(self.sheets[result.sheet], {})
            cells[at] = Written(result.number, result.text, coloured or None, cached=True)
        for part, cells in by_part.items():
            self.parts[part] = self.edited[part].edited(cells)

    def _style(self, sheet: Worksheet, at: Position, change: CellChange) -> int | None:
        """The cell's own style, with a colour, and with a number format where it would hide or distort the number."""
        base = sheet.style_of(at)
        number_format = change.number_format
        if number_format is None and change.number is not None:
            own = self.styles.format_of(base)
            if own == "@" or "%" in own or is_date_format(own):  # 28.57 shown as 2857 %, or as a day of 1900
                number_format = "General"
        if change.fill is None and number_format is None:
            return None
        return self.styles.derived(base, fill=change.fill, number_format=number_format)

    # --- the added sheet

    def put_sheet(self, sheet: NewSheet) -> None:
        xml = sheet_xml(sheet, self.styles, self._main_namespace())
        part = posixpath.join(posixpath.dirname(self.main), "worksheets", ADDED_PART)
        if self.package.has(part):
            self.added = part
        else:
            self.added = self._saved_elsewhere(sheet)
        if self.added is not None:
            self.parts[self.added] = xml  # a correction of a correction: the old sheet is renewed where it stands
            return
        self.added, self.parts[part] = part, xml
        relation = self._relate("worksheet", posixpath.relpath(part, posixpath.dirname(self.main)))
        self._declare(part, _WORKSHEET_TYPE)
        self._name_sheet(sheet, relation)

    def _saved_elsewhere(self, sheet: NewSheet) -> str | None:
        """The part of an earlier findings sheet: an office program that saved it chose another name for its part."""
        title = next((cell.text for cell in sheet.rows[0] if cell is not None), "") if sheet.rows else ""
        called = [name for name in self.sheets if re.fullmatch(re.escape(sheet.name) + r"( \(\d+\))?", name)]
        if not (called and title) and not sheet.mark:
            return None
        for found in read_workbook(self.data).sheets:
            cell = found.cell(1, 1)
            named = title and found.name in called and cell is not None and cell.value == title
            if named or (sheet.mark and _is_ours(found, sheet)):
                return self.sheets[found.name]
        return None

    def worksheet_parts(self) -> set[str]:
        """The sheets as the package spells them, without the one that is added or renewed whole."""
        return {self._spelled(part) for part in self.sheets.values() if part != self.added}

    def _name_sheet(self, sheet: NewSheet, relation: str) -> None:
        """Add the sheet to the workbook part, last, with its print titles."""
        found = elements(self.workbook, {"workbook", "sheets", "sheet", *_AFTER_SHEETS, "definedNames"})
        root = found[0]
        sheets = next(it for it in found if it.name == "sheets")
        present = [it for it in found if it.name == "sheet"]
        number = max((int(it.attributes.get("sheetId", "0")) for it in present), default=0) + 1
        taken = {it.attributes.get("name", "").casefold() for it in present}
        name = next(it for it in _numbered(sheet.name) if it.casefold() not in taken)
        pair = next(
            ((key, value) for key, value in root.attributes.items() if value.endswith("officeDocument/relationships")),
            None,
        )
        space = pair[0].removeprefix("xmlns:") if pair else "r"
        declared = "" if pair else f" xmlns:r={quoteattr(self._relation_base())}"
        tag = f'<{root.prefix}sheet name={quoteattr(name)} sheetId="{number}" {space}:id="{relation}"{declared}/>'
        titles = (
            f'<{root.prefix}definedName name="_xlnm.Print_Titles" localSheetId="{len(present)}">'
            f"{escape(quoted(name))}!${sheet.head}:${sheet.head}</{root.prefix}definedName>"
        )
        names = next((it for it in found if it.name == "definedNames"), None)
        if names is not None and not names.is_empty:
            second = Splice(names.close, names.close, titles.encode())
        else:
            last = [it for it in found if it.name in _AFTER_SHEETS][-1]
            whole = f"<{root.prefix}definedNames>{titles}</{root.prefix}definedNames>"
            second = Splice(last.end, names.end if names is not None else last.end, whole.encode())
        self.workbook = spliced(self.workbook, [Splice(sheets.close, sheets.close, tag.encode()), second])
        self.parts[self.main] = self.workbook

    def _relation_base(self) -> str:
        strict = "purl.oclc.org" in self._main_namespace()
        return (
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
            if strict
            else "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        )

    def _relate(self, kind: str, target: str) -> str:
        """Add a relationship of the workbook; return its id."""
        folder, name = posixpath.split(self.main)
        part = self._spelled(posixpath.join(folder, "_rels", f"{name}.rels"))
        data = self.parts.get(part) or as_utf8(self.package.part(part))
        root = elements(data, {"Relationships"})[0]
        used = {it.attributes.get("Id") for it in elements(data, {"Relationship"})}
        relation = next(f"rIdCchc{index}" for index in range(1, len(used) + 3) if f"rIdCchc{index}" not in used)
        xml = (
            f'<{root.prefix}Relationship Id="{relation}" Type="{self._relation_base()}/{kind}" '
            f"Target={quoteattr(target)}/>"
        )
        self.parts[part] = _appended(data, root, xml)
        return relation

    def _declare(self, part: str, content_type: str) -> None:
        """Add a part to [Content_Types].xml."""
        name = self._spelled("[Content_Types].xml")
        data = self.parts.get(name) or as_utf8(self.package.part(name))
        root = elements(data, {"Types"})[0]
        xml = f'<{root.prefix}Override PartName={quoteattr("/" + part)} ContentType="{content_type}"/>'
        self.parts[name] = _appended(data, root, xml)

    def _spelled(self, name: str) -> str:
        """The name as the package itself spells it."""
        return self._spelling.get(part_key(name), name)

    # --- calculation

    def ask_for_calculation(self) -> None:
        """Where the workbook has formulas, have Excel calculate it when it is opened."""
        parts = {part for part in self.sheets.values() if self.package.has(part)}
        sheets = (self.edited[part].data if part in self.edited else self.package.part(part) for part in parts)
        if not any(map(has_formula, sheets)):
            return
        found = elements(self.workbook, {"workbook", "calcPr", "definedNames", *_AFTER_SHEETS})
        calculation = next((it for it in found if it.name == "calcPr"), None)
        if calculation is not None:
            if calculation.attributes.get("fullCalcOnLoad") in {"1", "true"}:
                return
            splice = with_attribute(self.workbook, calculation, "fullCalcOnLoad", "1")
        else:
            place = [it for it in found if it.name in {"definedNames", *_AFTER_SHEETS}][-1].end
            splice = Splice(place, place, f'<{found[0].prefix}calcPr fullCalcOnLoad="1"/>'.encode())
        self.workbook = spliced(self.workbook, [splice])
        self.parts[self.main] = self.workbook

    # --- the whole

    def result(self) -> bytes:
        """The package with all changed parts, in the old order, new parts at the end."""
        styles = self.styles.result()
        if self.styles_part is None:
            if styles != self._styles():
                self.styles_part = posixpath.join(posixpath.dirname(self.main), "styles.xml")
                self._relate("styles", "styles.xml")
                self._declare(self.styles_part, _STYLES_TYPE)
                self.parts[self.styles_part] = styles
        elif styles != self.styles.data:
            self.parts[self.styles_part] = styles
        changed = {self._spelled(name): data for name, data in self.parts.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            for info in self.source.infolist():
                data = changed.get(info.filename)
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
                target.writestr(copy, self.source.read(info) if data is None else data, compresslevel=FAST)
            for name, data in changed.items():
                if name in self.names:
                    continue
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, data, compresslevel=FAST)
        return buffer.getvalue()


def _is_ours(found: Sheet, sheet: NewSheet) -> bool:
    """Whether a sheet of any name has both the mark and a title; either alone may have been copied to another sheet."""
    return bool(found.texts_for_programs(sheet.mark)) and any(map(found.texts_for_programs, sheet.titles))


def _appended(data: bytes, root: Element, xml: str) -> bytes:
    if root.is_empty:
        opening = data[root.start : root.end - 2].rstrip()
        whole = opening + b">" + xml.encode() + f"</{root.tag}>".encode()
        return spliced(data, [Splice(root.start, root.end, whole)])
    return spliced(data, [Splice(root.close, root.close, xml.encode())])


def _numbered(name: str) -> list[str]:
    return [name, *(f"{name} ({number})" for number in range(2, 300))]


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _keep_promise(
    found: Differences,
    editing: _Editing,
    changes: Sequence[CellChange],
    marks: Sequence[Mark],
    recalculated: Sequence[Recalculated],
) -> None:
    """Refuse to hand over a result that differs in more than was asked."""
    allowed_parts = set(editing.parts)
    asked: Mapping[str, set[Position]] = {editing._spelled(part): set() for part in editing.parts}
    places = [(it.sheet, it.row, it.column) for it in changes]
    places += [(it.sheet, it.row, it.column) for it in marks]
    places += [(it.sheet, it.row, it.column) for it in recalculated]
    for sheet, row, column in places:
        asked[editing._spelled(editing.sheets[sheet])].add(Position(row, column))
    extra_parts = (found.changed | found.added | found.removed) - {editing._spelled(it) for it in allowed_parts}
    extra_cells = {
        part: cells - asked.get(part, set()) for part, cells in found.cells.items() if cells - asked.get(part, set())
    }
    if extra_parts or extra_cells or found.around:
        raise PromiseBroken(str(sorted(extra_parts)), str(extra_cells), str(sorted(found.around)))
