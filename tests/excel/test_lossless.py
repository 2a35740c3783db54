"""A correction changes the cells it lists and adds one sheet; all that other writers drop stays byte for byte."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas
import pytest
import python_calamine
from books import saved
from corrections import corrected_copy
from packages import STRICT, parts, workbook, worksheet
from places import PRINTED, TYPED
from rich_workbook import HIDDEN, rich_workbook
from validator import audit

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.patching import CellChange, Choice, Mark, NewSheet, PatchRefused, SheetCell, patch
from cchc_excel.excel.patching.patching import PromiseBroken
from cchc_excel.excel.patching.worksheet_edit import Worksheet

SHEET = NewSheet(
    "Phát hiện",
    [[SheetCell("Mã", style="head"), SheetCell("Chọn", style="head")], [SheetCell("=1+1"), SheetCell("@x\x01<&>")]],
    1,
    [20, 20],
    Choice(2, ("nhận", "bỏ"), "?"),
)
NAMING = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}
ADDED = "xl/worksheets/cchc_phat_hien.xml"


def with_parts(data: bytes, more: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info, source.read(info))
        for name, part in more.items():
            target.writestr(name, part)
    return buffer.getvalue()


def correct(data: bytes) -> bytes:
    return corrected_copy(data, "a.xlsx").data


@pytest.mark.parametrize(
    "make", [rich_workbook, PRINTED.read_bytes, TYPED.read_bytes], ids=["rich", "printed", "typed"]
)
def test_correcting_changes_only_the_parts_it_names(make: Callable[[], bytes]) -> None:
    before = make()
    old, new = parts(before), parts(correct(before))
    checks = {"xl/worksheets/sheet2.xml"} if before == TYPED.read_bytes() else set()  # the template's own, live
    assert {name for name in new if new[name] != old.get(name)} == NAMING | {"xl/worksheets/sheet1.xml", ADDED} | checks
    assert old.keys() <= new.keys()


def test_in_the_worksheet_only_the_cells_differ() -> None:
    before = rich_workbook()
    one, other = (Worksheet(parts(data)["xl/worksheets/sheet1.xml"]) for data in (before, correct(before)))
    changed = {at for at in one.cells.keys() | other.cells.keys() if one.raw(at) != other.raw(at)}
    assert {at.column for at in changed} == {4}

    def without_cells(sheet: Worksheet) -> bytes:
        data = sheet.data
        for element in sorted(sheet.cells.values(), key=lambda it: -it.start):
            data = data[: element.start] + data[element.end :]
        return data

    assert without_cells(one) == without_cells(other)


def test_a_formula_that_depends_on_a_changed_cell_shows_its_new_figure_to_every_reader() -> None:
    after = correct(rich_workbook())
    assert any(
        cell.value == 57.14 for row in openpyxl.load_workbook(io.BytesIO(after), data_only=True)["Biểu"] for cell in row
    )
    frame = pandas.read_excel(io.BytesIO(after), sheet_name="Biểu", header=None, engine="openpyxl")
    assert frame[3].isin([57.14]).any()
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(after)).get_sheet_by_name("Biểu").to_python()
    assert any(57.14 in row for row in rows)


@pytest.mark.parametrize("make", [PRINTED.read_bytes, TYPED.read_bytes], ids=["printed", "typed"])
def test_a_validator_of_the_open_xml_format_finds_nothing_new(make: Callable[[], bytes], tmp_path: Path) -> None:
    before = make()
    assert audit(correct(before), tmp_path / "a.xlsx") <= audit(before, tmp_path / "a.xlsx")


def test_correcting_its_own_output_changes_nothing_more() -> None:
    once = correct(rich_workbook())
    twice = correct(once)
    assert correct(twice) == twice
    assert openpyxl.load_workbook(io.BytesIO(twice)).sheetnames == ["Biểu", HIDDEN, "Phát hiện"]


ROW = '<row r="1"><c r="A1"><v>1</v></c><c r="C1" t="inlineStr"><is><t>x</t></is></c></row>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    "data",
    [
        workbook(worksheet(ROW)),
        workbook(worksheet(ROW, namespace=STRICT), strict=True),
        workbook(
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>'
            "</x:sheetData></x:worksheet>"
        ),
        workbook(f'<?xml version="1.0" encoding="UTF-16"?>{worksheet(ROW)}'.encode("utf-16")),
        workbook(worksheet("<!-- a --><row r='1'><c r='A1'><v><![CDATA[1]]></v></c></row>")),
        workbook(worksheet('<row r="1"/>')),
        workbook(worksheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9"><v>9</v></c></row>')),
        workbook(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'),
    ],
    ids=["plain", "strict", "prefixed", "UTF-16", "comment", "empty row", "gap", "no rows"],
)
def test_every_way_to_write_a_sheet_can_be_patched(data: bytes) -> None:
    old = read_workbook(data).sheets[0].rows
    changes = [CellChange("Biểu", 1, 2, number="28.57", fill="FFF2CC"), CellChange("Biểu", 4, 1, text="=a")]
    done = patch(data, changes, [Mark("Biểu", 6, 3, "FCE4D6")], (), SHEET)
    sheet, added = read_workbook(done.data).sheets
    found = {(row, column): cell.value for row, cells in sheet.rows.items() for column, cell in cells.items()}
    wanted = {(row, column): cell.value for row, cells in old.items() for column, cell in cells.items()}
    assert found == wanted | {(1, 2): 28.57, (4, 1): "=a"}
    assert added.name == "Phát hiện"
    assert added.rows[2][1].value == "=1+1"
    assert added.rows[2][1].formula is None
    assert added.rows[2][2].value == "@x\x01<&>"


def test_what_must_not_be_written_is_refused() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Biểu"
    book.worksheets[0]["A1"] = "=1+1"
    book.worksheets[0].merge_cells("B2:C3")
    buffer = io.BytesIO()
    book.save(buffer)
    for place, kind in (((1, 1), "formula"), ((3, 3), "merged")):
        with pytest.raises(PatchRefused) as caught:
            patch(buffer.getvalue(), [CellChange("Biểu", *place, number="1")])
        assert caught.value.kind == kind
    with pytest.raises(PatchRefused):
        patch(buffer.getvalue(), [CellChange("Khác", 1, 1, number="1")])


def test_a_sheet_of_the_users_own_with_our_name_is_kept() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Phát hiện"
    book.worksheets[0]["A1"] = "của tôi"
    done = openpyxl.load_workbook(io.BytesIO(patch(saved(book), [], sheet=SHEET).data))
    assert done.sheetnames == ["Phát hiện", "Phát hiện (2)"]
    assert done["Phát hiện"]["A1"].value == "của tôi"


def test_a_signature_is_said_to_end() -> None:
    signed = with_parts(workbook(worksheet(ROW)), {"_xmlsignatures/sig1.xml": b"<Signature/>"})
    assert patch(signed, [CellChange("Biểu", 1, 1, number="2")]).signature_broken


def test_a_result_that_breaks_the_promise_is_never_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Worksheet.edited
    monkeypatch.setattr(Worksheet, "edited", lambda self, changes: real(self, changes).replace(b">x<", b">y<"))
    with pytest.raises(PromiseBroken):
        patch(workbook(worksheet(ROW)), [CellChange("Biểu", 1, 1, number="2")])


def pages(data: bytes, folder: Path) -> int:
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(data)
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "a.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    told = subprocess.run(["pdfinfo", str(folder / "a.pdf")], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"^Pages:\s+(\d+)$", told, re.MULTILINE)[0])


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo is not installed on this machine")
def test_libreoffice_shows_the_same_pages_and_those_of_the_added_sheet(tmp_path: Path) -> None:
    before = TYPED.read_bytes()
    old, new = pages(before, tmp_path / "1"), pages(correct(before), tmp_path / "2")
    assert old >= 1
    assert new > old


@pytest.mark.libreoffice
def test_a_workbook_made_by_libreoffice_is_corrected_without_loss(tmp_path: Path) -> None:
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "lo"), str(PRINTED)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    before = (tmp_path / "lo" / PRINTED.name).read_bytes()
    after = correct(before)
    old, new = parts(before), parts(after)
    assert {name for name in new if new[name] != old.get(name)} == NAMING | {"xl/worksheets/sheet1.xml", ADDED}
    assert audit(after, tmp_path / "a.xlsx") <= audit(before, tmp_path / "a.xlsx")
