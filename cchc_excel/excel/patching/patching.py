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
from itertools import islice
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
from cchc_excel.grid import Range, Sheet

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
    `fill` colours the cell; None keeps its style.
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
    """One package being edited: its parts as they were in `before` and `copied`, the changed ones in `parts`.

    `added` is the part of the findings sheet, once it is there.
    """

    def __init__(self, original: Original) -> None:
        self.original, self.data = original, original.data
        self.package, self.names = original.package, original.names
        self.main, self.sheets = original.main, original.sheets
        self.before = original.contents()
        self.copied = {info.filename: self.package.packed(info) for info in original.copied()}
        self.parts: dict[str, bytes] = {}
        self.workbook = WorkbookEditor(original.workbook)
        self.styles_part = original.styles_part
        self.styles = StylesEditor(self._styles())
        self.added: str | None = None

    def is_signed(self) -> bool:
        """Whether the package says so; the folder of its signatures may be any."""
        relations = self.package.relationships("").values()
        if any(relation.kind == "origin" for relation in relations):
            return True
        return any(part_key(name).startswith("_xmlsignatures/") for name in self.names)

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
        written: dict[str, dict[Position, Written]] = {name: {} for name in sheets}
        changed_sheets = {change.sheet for change in changes}
        headings = {name: self.original.headings(self.sheets[name]) for name in changed_sheets}
        for change in changes:
            sheet, position = sheets[change.sheet], Position(change.row, change.column)
            refusal = _refusal(sheet, position, headings[change.sheet])
            if refusal is not None:
                raise PatchRefused(refusal, f"{change.sheet}!{position}")
            style = self._style(sheet, position, change)
            written[change.sheet][position] = Written(change.number, change.text, style)
        for mark in marks:
            sheet, position = sheets[mark.sheet], Position(mark.row, mark.column)
            style = self.styles.derived(sheet.style_of(position), fill=mark.fill)
            # a cell that was changed has got a colour of its own
            written[mark.sheet].setdefault(position, Written(style=style, keep_content=True))
        for result in recalculated:
            sheet, position = sheets[result.sheet], Position(result.row, result.column)
            coloured = None
            if result.fill:
                coloured = self.styles.derived(sheet.style_of(position), fill=result.fill) or None
            written[result.sheet][position] = Written(
                result.number, result.text, coloured, cached=True, truth=result.truth
            )
        for name, cells in written.items():
            self.parts[self.sheets[name]] = sheets[name].edited(cells)

    def _style(self, sheet: Worksheet, position: Position, change: CellChange) -> int | None:
        """The cell's own style, with a colour, and with a number format where it would hide or distort the number."""
        base = sheet.style_of(position)
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
        folder = posixpath.join(posixpath.dirname(self.main), "worksheets")
        names = islice(numbered_parts(ADDED_PART), len(self.names) + 1)  # so many cannot all be taken
        ours = [posixpath.join(folder, name) for name in names]
        shown = {part_key(part) for part in self.sheets.values()}
        earlier = next((part for part in ours if part_key(part) in shown), None) or self._saved_elsewhere(sheet)
        if earlier is not None:  # a correction of a correction: the old sheet is renewed where it stands
            self.added, self.parts[earlier] = earlier, xml
            return
        part = next(part for part in ours if not self.package.has(part))  # one may be left that no sheet shows
        self.added, self.parts[part] = part, xml
        relation = self._relate("worksheet", posixpath.relpath(part, posixpath.dirname(self.main)))
        self._declare(part, _WORKSHEET_TYPE)
        self.workbook.name_sheet(sheet, relation)

    def _saved_elsewhere(self, sheet: NewSheet) -> str | None:
        """The part of an earlier findings sheet: an office program that saved it chose another name for its part."""
        title = _title(sheet)
        called = [name for name in self.sheets if re.fullmatch(re.escape(sheet.name) + r"( \(\d+\))?", name)]
        if not (called and title) and not sheet.mark:
            return None
        for found in read_workbook(self.data).sheets:
            cell = found.cell(1, 1)
            has_title = title and cell is not None and cell.value == title
            if (has_title and found.name in called) or (sheet.mark and _is_ours(found, sheet)):
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
        kind_in_full = f"{self.workbook.relation_base}/{kind}"
        self.parts[part], relation = related(data, kind_in_full, target)
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
        self._put_styles()
        if self.workbook.splices:
            self.parts[self.main] = self.workbook.result()
        changed = {self.original.spelled(name): data for name, data in self.parts.items()}
        # of several entries of one name the last alone is a part
        entries = {info.filename: info for info in self.package.archive.infolist()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            for name, info in entries.items():
                if name in changed:
                    _write(_entry_like(info), changed[name], target)
                elif name in self.copied:
                    _copy(info, self.copied[name], target)
                elif self.package.is_found(info):
                    _write(_entry_like(info), self.before[name], target)
                else:  # another spelling of the name of a part
                    _write(_entry_like(info), self.original.content(info), target)
            for name, data in changed.items():
                if name not in entries:
                    info = zipfile.ZipInfo(name, _EPOCH)
                    info.compress_type = zipfile.ZIP_DEFLATED
                    _write(info, data, target)
        return buffer.getvalue()

    def _put_styles(self) -> None:
        """Put the styles among the changed parts, if any were added."""
        styles = self.styles.result()
        if self.styles_part is None:
            if styles != self._styles():
                self.styles_part = posixpath.join(posixpath.dirname(self.main), "styles.xml")
                self._relate("styles", "styles.xml")
                self._declare(self.styles_part, _STYLES_TYPE)
                self.parts[self.styles_part] = styles
        elif styles != self.styles.data:
            self.parts[self.styles_part] = styles


def _refusal(sheet: Worksheet, position: Position, headings: Iterable[Range]) -> str | None:
    """Why a cell must not be written, as a kind of PatchRefused; None if it may be."""
    for top, left, _, right in headings:
        if position.row == top and left <= position.column <= right:
            return "heading"
    if sheet.is_calculated(position):
        return "formula"
    if sheet.is_hidden_by_merge(position):
        return "merged"
    return None


def _title(sheet: NewSheet) -> str:
    """The text of the first cell; empty if the sheet has none."""
    for cell in sheet.rows[0] if sheet.rows else ():
        if cell is not None:
            return cell if isinstance(cell, str) else cell.text
    return ""


def _entry_like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A new entry with the name, time and kind of one of another package."""
    entry = zipfile.ZipInfo(info.filename, info.date_time)
    entry.compress_type, entry.external_attr = info.compress_type, info.external_attr
    return entry


def _write(entry: zipfile.ZipInfo, data: bytes, target: zipfile.ZipFile) -> None:
    target.writestr(entry, data, compresslevel=FAST)


def _copy(info: zipfile.ZipInfo, packed: memoryview, target: zipfile.ZipFile) -> None:
    """Put an entry of another package into this one as it is packed."""
    copy = _entry_like(info)
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
    extra_parts = (found.changed | found.added | found.removed) - allowed_parts

    part_of = {sheet: editing.original.spelled(part) for sheet, part in editing.sheets.items()}
    asked: Mapping[str, set[Position]] = {part: set() for part in part_of.values()}
    cells: Iterable[CellChange | Mark | Recalculated] = (*changes, *marks, *recalculated)
    for cell in cells:
        asked[part_of[cell.sheet]].add(Position(cell.row, cell.column))
    extra_cells: dict[str, set[Position]] = {}
    for part, differing in found.cells.items():
        extra = differing - asked[part]
        if extra:
            extra_cells[part] = extra
    if extra_parts or extra_cells or found.around:
        raise PromiseBroken(str(sorted(extra_parts)), str(extra_cells), str(sorted(found.around)))
