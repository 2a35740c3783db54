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
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.errors import CchcError
from cchc_excel.excel.ooxml.number_format import shows_numbers_as_they_are
from cchc_excel.excel.ooxml.package import part_key
from cchc_excel.excel.ooxml.reader import read_workbook
from cchc_excel.excel.patching.compare import Differences, differences
from cchc_excel.excel.patching.new_sheet import NewSheet, sheet_xml
from cchc_excel.excel.patching.original import Original
from cchc_excel.excel.patching.plain_places import Position
from cchc_excel.excel.patching.positions import as_utf8
from cchc_excel.excel.patching.styles_edit import EMPTY_STYLES, StylesEditor
from cchc_excel.excel.patching.workbook_edit import WorkbookEditor, declared, numbered_parts, related
from cchc_excel.excel.patching.worksheet_edit import Worksheet, Written
from cchc_excel.grid import Sheet

ADDED_PART = "cchc_phat_hien.xml"  # the name by which a second correction knows the sheet of the first
FAST = 1  # of zlib: a tenth more bytes, a third of the time
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


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
    """A formula cell whose stored result is renewed: a number as decimal text, a text (an error is one), or a truth.

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
    truth: bool | None = None


class Patched(NamedTuple):
    """The new package; `signature_broken` if the old one was signed, since no signature survives a change."""

    data: bytes
    signature_broken: bool
    differences: Differences


class PatchRefused(CchcError):
    """A change that must not be made: `kind` is `formula`, `merged`, `heading` or `no_sheet`; `place` says where."""

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(kind, place)
        self.kind, self.place = kind, place


class PromiseBroken(CchcError):
    """The result differs from the original in more than was asked: a defect of ours, and nothing is handed over."""


def patch(
    original: bytes | Original,
    changes: Sequence[CellChange],
    marks: Sequence[Mark] = (),
    recalculated: Sequence[Recalculated] = (),
    sheet: NewSheet | None = None,
) -> Patched:
    """Return the package with these cells changed, these coloured, and the sheet added or renewed.

    Raises PatchRefused for a formula cell, the hidden part of a merged cell, the heading of a table (Excel
    repairs a workbook in which it is not the column's name), or a sheet that is not there; UnreadableWorkbook
    for bytes that are no package, or one of whose parts is damaged or too large.
    """
    editing = _Editing(original if isinstance(original, Original) else Original(original))
    editing.edit_cells(changes, marks, recalculated)
    if sheet is not None:
        editing.put_sheet(sheet)
    if changes:
        editing.ask_for_calculation()
    result = editing.result()
    found = differences(editing.before, result, editing.worksheet_parts(), editing.copied)
    _keep_promise(found, editing, changes, marks, recalculated)
    return Patched(result, editing.is_signed(), found)


class _Editing:
    """One package being edited: its parts as they will be, changed ones in `parts`."""

    def __init__(self, original: Original) -> None:
        self.original, self.data = original, original.data
        self.package, self.names, self.before = original.package, original.names, original.contents()
        self.copied = {info.filename: self.package.packed(info) for info in original.copied()}
        self.parts: dict[str, bytes] = {}
        self.main, self.related, self.sheets = original.main, original.related, original.sheets
        self.workbook = WorkbookEditor(original.workbook)
        self.styles_part = original.styles_part
        self.styles = StylesEditor(self._styles())
        self.added: str | None = None

    def is_signed(self) -> bool:
        """Whether the package says so; the folder of its signatures may be any."""
        roots = self.package.relationships("").values()
        return any(it.kind == "origin" for it in roots) or any(
            part_key(name).startswith("_xmlsignatures/") for name in self.names
        )

    def _styles(self) -> bytes:
        if self.styles_part is not None:
            return self.original.part(self.styles_part)
        return EMPTY_STYLES.format(main=self.workbook.main_namespace).encode()

    def worksheets(self, cells: Iterable[CellChange | Mark | Recalculated]) -> Mapping[str, Worksheet]:
        """By name the sheets in which these cells stand."""
        rows: dict[str, set[int]] = {}
        for cell in cells:
            rows.setdefault(cell.sheet, set()).add(cell.row)
        missing = next((name for name in rows if name not in self.sheets), None)
        if missing is not None:
            raise PatchRefused("no_sheet", missing)
        return {name: self.original.worksheet(self.sheets[name], wanted) for name, wanted in rows.items()}

    # --- cells

    def edit_cells(
        self, changes: Sequence[CellChange], marks: Sequence[Mark], recalculated: Sequence[Recalculated]
    ) -> None:
        sheets = self.worksheets((*changes, *marks, *recalculated))
        by_sheet: dict[str, dict[Position, Written]] = {name: {} for name in sheets}
        headings = {name: self.original.headings(self.sheets[name]) for name in {it.sheet for it in changes}}
        for change in changes:
            sheet, at = sheets[change.sheet], Position(change.row, change.column)
            tables = headings[change.sheet]
            if tables and any(at.row == top and left <= at.column <= right for top, left, _, right in tables):
                raise PatchRefused("heading", f"{change.sheet}!{at}")
            if sheet.is_calculated(at):
                raise PatchRefused("formula", f"{change.sheet}!{at}")
            if sheet.is_hidden_by_merge(at):
                raise PatchRefused("merged", f"{change.sheet}!{at}")
            style = self._style(sheet, at, change)
            written = Written(change.number, change.text, style)
            by_sheet[change.sheet][at] = written
        for mark in marks:
            sheet, at = sheets[mark.sheet], Position(mark.row, mark.column)
            style = self.styles.derived(sheet.style_of(at), fill=mark.fill)
            by_sheet[mark.sheet].setdefault(at, Written(style=style, keep_content=True))
        for result in recalculated:
            sheet, at = sheets[result.sheet], Position(result.row, result.column)
            coloured = result.fill and self.styles.derived(sheet.style_of(at), fill=result.fill)
            by_sheet[result.sheet][at] = Written(
                result.number, result.text, coloured or None, cached=True, truth=result.truth
            )
        for name, cells in by_sheet.items():
            self.parts[self.sheets[name]] = sheets[name].edited(cells)

    def _style(self, sheet: Worksheet, at: Position, change: CellChange) -> int | None:
        """The cell's own style, with a colour, and with a number format where it would hide or distort the number."""
        base = sheet.style_of(at)
        number_format = change.number_format
        if number_format is None and change.number is not None:
            own = self.styles.format_of(base)
            if own == "@" or not shows_numbers_as_they_are(own):  # 28.57 shown as 2857 %, as a day of 1900, or not
                number_format = "General"
        # a number that keeps the apostrophe becomes a text again as soon as somebody edits its cell
        unquoted = change.number is not None and self.styles.is_quoted(base)
        if change.fill is None and number_format is None and not unquoted:
            return None
        return self.styles.derived(base, fill=change.fill, number_format=number_format, unquoted=unquoted)

    # --- the added sheet

    def put_sheet(self, sheet: NewSheet) -> None:
        xml = sheet_xml(sheet, self.styles, self.workbook.main_namespace)
        shown = set(map(part_key, self.sheets.values()))
        folder = posixpath.join(posixpath.dirname(self.main), "worksheets")
        ours = [posixpath.join(folder, name) for name in numbered_parts(ADDED_PART)]
        self.added = next((part for part in ours if part_key(part) in shown), None) or self._saved_elsewhere(sheet)
        part = next(part for part in ours if not self.package.has(part))  # one may be left that no sheet shows
        if self.added is not None:
            self.parts[self.added] = xml  # a correction of a correction: the old sheet is renewed where it stands
            return
        self.added, self.parts[part] = part, xml
        relation = self._relate("worksheet", posixpath.relpath(part, posixpath.dirname(self.main)))
        self._declare(part, _WORKSHEET_TYPE)
        self.workbook.name_sheet(sheet, relation)

    def _saved_elsewhere(self, sheet: NewSheet) -> str | None:
        """The part of an earlier findings sheet: an office program that saved it chose another name for its part."""
        first = next((cell for cell in sheet.rows[0] if cell is not None), "") if sheet.rows else ""
        title = first if isinstance(first, str) else first.text
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
        return {self.original.spelled(part) for part in self.sheets.values() if part != self.added}

    def _relate(self, kind: str, target: str) -> str:
        """Add a relationship of the workbook; return its id."""
        folder, name = posixpath.split(self.main)
        part = self.original.spelled(posixpath.join(folder, "_rels", f"{name}.rels"))
        data = self.parts.get(part) or as_utf8(self.original.part(part))
        self.parts[part], relation = related(data, f"{self.workbook.relation_base}/{kind}", target)
        return relation

    def _declare(self, part: str, content_type: str) -> None:
        """Add a part to [Content_Types].xml."""
        name = self.original.spelled("[Content_Types].xml")
        data = self.parts.get(name) or as_utf8(self.original.part(name))
        self.parts[name] = declared(data, part, content_type)

    # --- calculation

    def ask_for_calculation(self) -> None:
        """Where the workbook has formulas, have Excel calculate it when it is opened."""
        if self.original.has_formula:
            self.workbook.ask_for_calculation()

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
        if self.workbook.splices:
            self.parts[self.main] = self.workbook.result()
        changed = {self.original.spelled(name): data for name, data in self.parts.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            for info in {info.filename: info for info in self.package.archive.infolist()}.values():
                data = changed.get(info.filename)
                if data is None and info.filename in self.copied:
                    _copy(info, self.copied[info.filename], target)
                    continue
                if data is None:
                    data = self.before[info.filename] if self.package.is_found(info) else self.original.content(info)
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
                target.writestr(copy, data, compresslevel=FAST)
            for name, data in changed.items():
                if name in self.names:
                    continue
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, data, compresslevel=FAST)
        return buffer.getvalue()


def _copy(info: zipfile.ZipInfo, packed: memoryview, target: zipfile.ZipFile) -> None:
    """Put an entry of another package into this one as it is packed."""
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
    copy.CRC, copy.compress_size, copy.file_size = info.CRC, info.compress_size, info.file_size
    file = target.fp
    if file is None:  # the package is open
        raise ValueError
    file.seek(target.start_dir)  # behind the last entry; the directory will be written after this one
    copy.header_offset = target.start_dir
    file.write(copy.FileHeader(zip64=False))
    file.write(packed)
    target.start_dir = file.tell()
    target.filelist.append(copy)
    target.NameToInfo[copy.filename] = copy


def _is_ours(found: Sheet, sheet: NewSheet) -> bool:
    """Whether a sheet of any name has both the mark and a title; either alone may have been copied to another sheet."""
    return bool(found.texts_for_programs(sheet.mark)) and any(map(found.texts_for_programs, sheet.titles))


def _keep_promise(
    found: Differences,
    editing: _Editing,
    changes: Sequence[CellChange],
    marks: Sequence[Mark],
    recalculated: Sequence[Recalculated],
) -> None:
    """Refuse to hand over a result that differs in more than was asked."""
    allowed_parts = {editing.original.spelled(part) for part in editing.parts}
    spelled = {sheet: editing.original.spelled(part) for sheet, part in editing.sheets.items()}
    asked: Mapping[str, set[Position]] = {part: set() for part in spelled.values()}
    places: Iterable[CellChange | Mark | Recalculated] = (*changes, *marks, *recalculated)
    for it in places:
        asked[spelled[it.sheet]].add(Position(it.row, it.column))
    extra_parts = (found.changed | found.added | found.removed) - allowed_parts
    extra_cells = {part: extra for part, cells in found.cells.items() if (extra := cells - asked[part])}
    if extra_parts or extra_cells or found.around:
        raise PromiseBroken(str(sorted(extra_parts)), str(extra_cells), str(sorted(found.around)))
