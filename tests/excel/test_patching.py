"""What a correction promises: the listed cells, one sheet, the entries that name it; every other byte as it was."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
import python_calamine
from books import saved
from corrections import corrected_copy, rich, rich_once
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from packages import MAIN, RELATION, STRICT, declared, parts, workbook, worksheet, zipped
from rich_workbook import FORM_SHEET, HIDDEN, PRINTED, SHEET, TOTAL, WORKBOOK, rich_workbook
from validator import audit

from cchc_excel.errors import UnreadableWorkbook
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.ooxml.package import Package
from cchc_excel.excel.patching import CellChange, Choice, Mark, NewSheet, PatchRefused, SheetCell, patch
from cchc_excel.excel.patching.patching import PromiseBroken, Recalculated
from cchc_excel.excel.patching.plain_places import differing_cells
from cchc_excel.excel.patching.worksheet_edit import Worksheet
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

FORM = load_form()
ADDED = "xl/worksheets/cchc_phat_hien.xml"
NAMING = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}
FINDINGS = NewSheet(
    "Phát hiện",
    [[SheetCell("Phát hiện", style="title")], [SheetCell("Mã", style="head")], [SheetCell("A02")]],
    2,
    [20],
    Choice(1, ("nhận", "bỏ"), "?"),
)


def cells(data: bytes) -> dict[tuple[str, int, int], tuple[object, ...]]:
    """Every cell that openpyxl sees, with its content and all of its look but the fill."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, row, column): (
            cell.value,
            cell.data_type,
            cell.number_format,
            *(repr(look) for look in (cell.font, cell.border, cell.alignment, cell.protection)),
        )
        for sheet in book.worksheets
        for row, line in enumerate(sheet.iter_rows(), start=1)
        for column, cell in enumerate(line, start=1)
        if cell.value is not None or cell.has_style
    }


def contents(data: bytes) -> dict[tuple[str, int, int], object]:
    return {at: cell[0] for at, cell in cells(data).items() if cell[0] is not None}


# --- the rich workbook, through the whole of a correction


FEATURES = {
    "drawn line": ("xl/drawings/drawing1.xml", "<xdr:cxnSp "),
    "text box": ("xl/drawings/drawing1.xml", '<xdr:cNvSpPr txBox="1"/>'),
    "image": ("xl/drawings/drawing1.xml", "<xdr:pic>"),
    "image in a cell": (FORM_SHEET, ' vm="1"'),
    "chart": ("xl/charts/chart1.xml", "<c:barChart>"),
    "note": ("xl/comments1.xml", '<comment ref="D11" '),
    "threaded comment": ("xl/threadedComments/threadedComment1.xml", ' parentId="'),
    "person who commented": ("xl/persons/person.xml", "<person "),
    "rich text": ("xl/sharedStrings.xml", "<r><rPr><b/>"),
    "x14 data bar": (FORM_SHEET, "<x14:dataBar "),
    "x14 validation": (FORM_SHEET, "<x14:dataValidation "),
    "sparkline": (FORM_SHEET, "<x14:sparkline>"),
    "checkbox in a cell": ("xl/featurePropertyBag/featurePropertyBag.xml", 'type="Checkbox"'),
    "checkbox control": (FORM_SHEET, "<controls><mc:AlternateContent>"),
    "its properties": ("xl/ctrlProps/ctrlProp1.xml", 'objectType="CheckBox"'),
    "its shape": ("xl/drawings/vmlDrawing1.vml", 'ObjectType="Checkbox"'),
    "button": ("xl/drawings/vmlDrawing1.vml", "<x:FmlaMacro>[0]!chay</x:FmlaMacro>"),
    "pivot table": ("xl/pivotTables/pivotTable1.xml", "<pivotTableDefinition "),
    "pivot cache": ("xl/pivotCache/pivotCacheRecords1.xml", "<pivotCacheRecords "),
    "pivot cache in the workbook": (WORKBOOK, "<pivotCache "),
    "header image": ("xl/drawings/vmlDrawing2.vml", "<v:imagedata "),
    "custom XML": ("customXml/item1.xml", "Ghi chú"),
    "properties of custom XML": ("customXml/itemProps1.xml", "<ds:datastoreItem "),
    "password hash": (FORM_SHEET, 'algorithmName="SHA-512" hashValue="'),
    "external link": ("xl/externalLinks/externalLink1.xml", "<sheetDataSet>"),
    "defined name": (WORKBOOK, '<definedName name="tong">'),
    "defined name of a sheet": (WORKBOOK, '<definedName name="rieng" localSheetId="0">'),
    "hidden row": (FORM_SHEET, ' hidden="1"'),
    "hidden sheet": (WORKBOOK, ' state="hidden"'),
    "order of calculation": ("xl/calcChain.xml", '<c r="D130" '),
}
BINARY = {"xl/vbaProject.bin", "xl/printerSettings/printerSettings1.bin", "xl/media/image1.png"}


def test_the_rich_workbook_is_always_the_same() -> None:
    assert rich_workbook() == rich_workbook()


@pytest.mark.parametrize(("part", "mark"), FEATURES.values(), ids=FEATURES.keys())
def test_the_rich_workbook_holds(part: str, mark: str) -> None:
    assert mark in parts(rich())[part].decode("utf-8")


def test_every_part_of_the_rich_workbook_is_declared_and_referred_to() -> None:
    package = Package(rich())
    names = {name for name in package.names if not name.endswith(".rels") and name != "[Content_Types].xml"}
    targets = {it.target for name in ["", *package.names] for it in package.relationships(name).values()}
    assert names == targets
    assert names >= BINARY
    types = parts(rich())["[Content_Types].xml"].decode("utf-8")
    assert all(f'"/{name}"' in types or f'Extension="{name.rpartition(".")[2]}"' in types for name in names)


def test_a_validator_finds_nothing_wrong_with_the_rich_workbook(tmp_path: Path) -> None:
    assert audit(rich(), tmp_path / "a.xlsm") == set()


SEEN_BY_LIBREOFFICE = {
    "content.xml": (
        "<table:data-pilot-table ",
        "<office:annotation ",
        "<form:checkbox ",
        "<form:button ",
        "<draw:connector ",
        "Hộp chữ",
        "<draw:object ",
        "<draw:image ",
        "<calcext:sparkline ",
        "<calcext:data-bar ",
        "<table:content-validation ",
        "nam-truoc.xlsx",
        'table:name="tong"',
        'table:visibility="collapse"',
        'table:display="false"',
        'table:protected="true"',
    ),
    "Basic/VBAProject/MoDun.xml": ("Sub chay()",),
}


@pytest.mark.libreoffice
def test_libreoffice_finds_what_the_rich_workbook_holds_before_and_after(tmp_path: Path) -> None:
    files = {tmp_path / "before.xlsm": rich(), tmp_path / "after.xlsm": rich_once().data}
    for path, data in files.items():
        path.write_bytes(data)
    converted("ods", tmp_path, *files)
    for path in files:
        opened = parts(path.with_suffix(".ods").read_bytes())
        for part, marks in SEEN_BY_LIBREOFFICE.items():
            assert [mark for mark in marks if mark not in opened[part].decode("utf-8")] == []


def test_what_object_model_writers_do_with_the_rich_workbook_is_why_it_is_patched() -> None:
    lost = parts(saved(openpyxl.load_workbook(io.BytesIO(rich()), keep_vba=True)))
    for kind in ("threadedComments/", "persons/", "printerSettings/", "customXml/", "richData/"):
        assert any(kind in name for name in parts(rich())), kind
        assert not any(kind in name for name in lost), kind


def test_only_the_parts_that_must_name_the_new_sheet_change_and_one_part_is_added() -> None:
    old, new = parts(rich()), parts(rich_once().data)
    assert {name for name in old if new.get(name) != old[name]} == NAMING | {FORM_SHEET}
    assert [*new] == [*old, ADDED]


def test_the_changed_parts_only_gain_what_names_the_new_sheet() -> None:
    old, new = parts(rich()), parts(rich_once().data)

    def gained(name: str) -> list[bytes]:
        one, other = (re.split(rb"(?=<)", data[name]) for data in (old, new))
        rest = iter(other)
        added = []
        for token in one:
            for found in rest:
                if found == token:
                    break
                added.append(found)
            else:
                raise AssertionError(f"{name} lost {token!r}")
        return added + list(rest)

    assert len(gained("[Content_Types].xml")) == len(gained("xl/_rels/workbook.xml.rels")) == 1
    added = gained("xl/workbook.xml")
    assert [token.split(b" ")[0] for token in added] == [b"<sheet", b"<definedName", b"</definedName>"]


def test_in_the_worksheet_only_the_changed_marked_and_recalculated_cells_differ() -> None:
    done = rich_once()
    before, after = (cells(data) for data in (rich(), done.data))
    old, new = (Worksheet(parts(data)[FORM_SHEET]) for data in (rich(), done.data))
    differing = {at for at in old.cells.keys() | new.cells.keys() if old.raw(at) != new.raw(at)}
    submission = examine(Source("a.xlsm", rich()), FORM).submission
    assert submission is not None
    changed = {submission.entries[it.indicator].cell for it in done.changes}
    values = {entry.cell[1:] for entry in submission.entries.values()}
    assert {tuple(at) for at in differing} >= {cell[1:] for cell in changed}
    assert {tuple(at) for at in differing} <= values | {TOTAL, (TOTAL[0] + 1, TOTAL[1])}
    assert done.recalculated == 2

    written = {tuple(cell) for cell in changed}
    same = {at for at in before if at not in written}
    assert {at: after[at] for at in same} == {at: before[at] for at in same}

    def without_cells(sheet: Worksheet) -> bytes:
        data = sheet.data
        for element in sorted(sheet.cells.values(), key=lambda it: -it.start):
            data = data[: element.start] + data[element.end :]
        return data

    assert without_cells(old) == without_cells(new)


def test_a_text_that_was_a_number_becomes_one_and_shows_as_before() -> None:
    cell = openpyxl.load_workbook(io.BytesIO(rich_once().data))[SHEET]["D8"]
    assert (cell.value, cell.number_format, cell.font.i, cell.protection.locked) == (2, "00", True, False)
    assert openpyxl.load_workbook(io.BytesIO(rich()))[SHEET]["D8"].value == "02"


def test_the_protection_with_its_password_hash_is_kept() -> None:
    (old,) = re.findall(rb"<sheetProtection [^>]*>", parts(rich())[FORM_SHEET])
    assert b'hashValue="' in old
    assert re.findall(rb"<sheetProtection [^>]*>", parts(rich_once().data)[FORM_SHEET]) == [old]


def test_the_hidden_sheet_the_names_and_the_macro_project_are_kept() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rich_once().data), keep_vba=True)
    assert [(it.title, it.sheet_state) for it in book] == [
        (SHEET, "visible"),
        (HIDDEN, "hidden"),
        ("Phát hiện", "visible"),
    ]
    assert book.defined_names["tong"].attr_text == f"{SHEET}!$D$9"
    assert "rieng" in book[SHEET].defined_names
    assert b"sheet.macroEnabled.main+xml" in parts(rich_once().data)["[Content_Types].xml"]


def test_a_total_that_depends_on_a_changed_cell_shows_its_new_figure_to_every_reader() -> None:
    data = rich_once().data
    row, column = TOTAL
    assert read_workbook(rich()).sheets[0].rows[row][column].value == 4
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEET]
    assert (sheet.cell(row, column).value, sheet.cell(row + 1, column).value) == (57.14, 35.57)
    frame = pandas.read_excel(io.BytesIO(data), sheet_name=SHEET, header=None, engine="openpyxl")
    assert frame.iat[row - 1, column - 1] == 57.14
    rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name(SHEET)
        .to_python(skip_empty_area=False)
    )
    assert rows[row - 1][column - 1] == 57.14
    assert openpyxl.load_workbook(io.BytesIO(data))[SHEET].cell(row, column).value == "=D9*2"


def test_correcting_twice_changes_nothing_more_and_gives_one_findings_sheet() -> None:
    twice = corrected_copy(rich_once().data)
    old, new = parts(rich_once().data), parts(twice.data)
    assert twice.changes == ()
    assert {name for name in new if new[name] != old.get(name)} <= {ADDED, FORM_SHEET, "xl/styles.xml"}
    assert contents(twice.data).keys() - {at for at in contents(twice.data) if at[0] == "Phát hiện"} == {
        at for at in contents(rich_once().data) if at[0] != "Phát hiện"
    }
    assert openpyxl.load_workbook(io.BytesIO(twice.data)).sheetnames == [SHEET, HIDDEN, "Phát hiện"]
    assert parts(corrected_copy(twice.data).data) == new


@pytest.mark.parametrize("make", [rich, PRINTED.read_bytes], ids=["rich", "printed"])
def test_a_validator_finds_nothing_in_the_output_that_it_did_not_find_in_the_input(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsm"
    assert audit(corrected_copy(make()).data, path) <= audit(make(), path)


# --- workbooks of other makers

ROW = '<row r="1"><c r="A1"><v>1</v></c><c r="C1" t="inlineStr"><is><t>x</t></is></c></row>'
HEAD = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATION}">'
STYLES = (
    f'<x:styleSheet xmlns:x="{MAIN}"><x:fonts><x:font><x:sz val="9"/></x:font></x:fonts><x:fills><x:fill>'
    '<x:patternFill patternType="none"/></x:fill><x:fill><x:patternFill patternType="gray125"/></x:fill></x:fills>'
    "<x:borders><x:border/></x:borders><x:cellStyleXfs><x:xf/></x:cellStyleXfs><x:cellXfs><x:xf/>"
    '<x:xf numFmtId="49" applyNumberFormat="1"/></x:cellXfs></x:styleSheet>'
)


def renamed(data: bytes, spelling: Callable[[str], str]) -> bytes:
    return zipped({spelling(name): part for name, part in parts(data).items()})


def elsewhere(sheet: str) -> bytes:
    """A workbook whose sheet stands beside the workbook part."""
    old = parts(workbook(sheet))
    sheet_part = old.pop("xl/worksheets/sheet1.xml")
    rels = old["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"/xl/trang.xml")
    return zipped({**old, "xl/_rels/workbook.xml.rels": rels, "xl/trang.xml": sheet_part})


HAND_MADE = {
    "plain": workbook(worksheet(ROW)),
    "styles with a prefix": workbook(worksheet('<row r="1"><c r="A1" s="1"><v>1</v></c></row>'), styles=STYLES),
    "strict": workbook(worksheet(ROW, namespace=STRICT), strict=True),
    "prefixed": workbook(
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    ),
    "no references": workbook(worksheet("<row><c><v>1</v></c></row><row><c><v>2</v></c><c/><c><v>3</v></c></row>")),
    "UTF-16": workbook(f'<?xml version="1.0" encoding="UTF-16"?>{worksheet(ROW)}'.encode("utf-16")),
    "windows line ends": workbook(worksheet(ROW.replace("><", ">\r\n<"))),
    "comments and CDATA": workbook(
        worksheet("<!-- <c r='B1'/> --><row r='1'><c r='A1'><v><![CDATA[1]]></v></c></row>")
    ),
    "missing row": workbook(
        worksheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9"><v>9</v></c></row>')
    ),
    "missing cell": workbook(worksheet('<row r="1"><c r="A1"><v>1</v></c><c r="F1"><v>6</v></c></row>')),
    "row without cells": workbook(worksheet('<row r="1" ht="30" customHeight="1"/>')),
    "cell without content": workbook(worksheet('<row r="1"><c r="B1"/></row>')),
    "no rows": workbook(f"{HEAD}<sheetData/></worksheet>"),
    "no rows at all": workbook(f"{HEAD}<sheetData></sheetData></worksheet>"),
    "backslashes": renamed(workbook(worksheet(ROW)), lambda name: name.replace("/", "\\")),
    "capitals": renamed(workbook(worksheet(ROW)), lambda name: name.replace("xl/worksheets", "xl/Worksheets")),
    "sheet elsewhere": elsewhere(worksheet(ROW)),
}
CHANGES = (
    CellChange("Biểu", 1, 2, number="28.57", fill="FFF2CC"),
    CellChange("Biểu", 2, 3, number="3"),
    CellChange("Biểu", 4, 1, text="=a"),
    CellChange("Biểu", 4, 2),
)
WRITTEN = {(1, 2): 28.57, (2, 3): 3, (4, 1): "=a"}


def read_by_us(data: bytes, sheet: int = 0) -> dict[tuple[int, int], object]:
    rows = read_workbook(data).sheets[sheet].rows
    return {(row, column): cell.value for row, found in rows.items() for column, cell in found.items()}


@pytest.mark.parametrize("data", HAND_MADE.values(), ids=HAND_MADE.keys())
def test_a_workbook_of_any_maker_gets_its_values_and_keeps_all_else(data: bytes) -> None:
    done = patch(data, CHANGES, [Mark("Biểu", 6, 3, "FCE4D6")], (), FINDINGS)
    assert read_by_us(done.data) == read_by_us(data) | WRITTEN
    assert read_by_us(done.data, 1) == {(1, 1): "Phát hiện", (2, 1): "Mã", (3, 1): "A02"}
    assert len({name.replace("\\", "/").lower() for name in parts(done.data)}) == len(parts(done.data))
    assert len(parts(done.data)) - len(parts(data)) == 1 + (b"styleSheet" not in b"".join(parts(data).values()))


OPENPYXL_REFUSES = {"strict", "prefixed", "backslashes", "capitals", "sheet elsewhere"}


@pytest.mark.parametrize("name", [name for name in HAND_MADE if name not in OPENPYXL_REFUSES])
def test_openpyxl_reads_what_we_wrote(name: str) -> None:
    done = patch(declared(HAND_MADE[name]), CHANGES, (), (), FINDINGS)
    sheet = openpyxl.load_workbook(io.BytesIO(done.data))["Biểu"]
    assert {at: sheet.cell(*at).value for at in WRITTEN} == WRITTEN
    assert sheet["B1"].fill.fgColor.rgb == "FFFFF2CC"


def test_a_workbook_made_by_openpyxl_is_corrected_without_loss() -> None:
    book = openpyxl.load_workbook(PRINTED)
    before = saved(book)
    after = corrected_copy(before).data
    old, new = parts(before), parts(after)
    assert {name for name in new if new[name] != old.get(name)} == NAMING | {FORM_SHEET, ADDED}


def converted(target: str, folder: Path, *files: Path) -> None:
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        target,
    ]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=240)


@pytest.mark.libreoffice
def test_a_workbook_made_by_libreoffice_is_corrected_without_loss(tmp_path: Path) -> None:
    converted("xlsx", tmp_path, PRINTED)
    before = (tmp_path / PRINTED.name).read_bytes()
    done = corrected_copy(before)
    old, new = parts(before), parts(done.data)
    assert {name for name in new if new[name] != old.get(name)} == NAMING | {FORM_SHEET, ADDED}
    assert audit(done.data, tmp_path / "b.xlsx") <= audit(before, tmp_path / "b.xlsx")
    (sheet, _) = read_workbook(done.data).sheets
    assert sheet.rows[9][4].value == 28.57


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed on this machine")
def test_libreoffice_prints_the_same_pages_and_behind_them_those_of_the_findings(tmp_path: Path) -> None:
    files = {tmp_path / "before.xlsm": rich(), tmp_path / "after.xlsm": rich_once().data}
    for path, data in files.items():
        path.write_bytes(data)
    converted("pdf", tmp_path, *files)

    def pages(path: Path) -> list[str]:
        told = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
        return told.split("\f")[:-1]

    def letters(page: str) -> list[str]:
        return sorted(filter(str.isalpha, page))

    before, after = pages(tmp_path / "before.pdf"), pages(tmp_path / "after.pdf")
    same, findings = after[: len(before)], after[len(before) :]
    assert len(before) > 1
    assert findings[0].startswith("PHÁT HIỆN")
    assert [letters(page) for page in same] == [letters(page) for page in before]
    for figure in ("28.57", "57.14", "35.57"):
        assert (figure in "".join(before), figure in "".join(same)) == (False, True)


# --- what is refused


def refusing_book() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Biểu"
    sheet["A1"] = "=1+1"
    sheet.merge_cells("B2:C3")
    sheet["B2"] = 5
    return saved(book)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "kind"),
    [("Biểu", 1, 1, "formula"), ("Biểu", 3, 3, "merged"), ("Biểu", 2, 3, "merged"), ("Khác", 1, 1, "no_sheet")],
)
def test_a_cell_that_must_not_be_written_is_refused(sheet: str, row: int, column: int, kind: str) -> None:
    with pytest.raises(PatchRefused) as caught:
        patch(refusing_book(), [CellChange(sheet, row, column, number="1")])
    assert caught.value.kind == kind


def test_the_visible_corner_of_a_merged_cell_can_be_written() -> None:
    done = patch(refusing_book(), [CellChange("Biểu", 2, 2, number="6")])
    assert openpyxl.load_workbook(io.BytesIO(done.data))["Biểu"]["B2"].value == 6


@pytest.mark.parametrize(
    "kind", ['t="array" ref="B1:B3"', 't="array" aca="1" ref="B1:C3"', 't="dataTable" ref="B1:B3"']
)
def test_a_cell_that_another_cells_formula_fills_is_refused(kind: str) -> None:
    rows = (
        f'<row r="1"><c r="B1"><f {kind}>A1:A3</f><v>1</v></c></row>'
        '<row r="2"><c r="B2"><v>2</v></c></row><row r="4"><c r="B4"><v>4</v></c></row>'
    )
    data = workbook(worksheet(rows))
    with pytest.raises(PatchRefused) as caught:
        patch(data, [CellChange("Biểu", 2, 2, number="7")])
    assert (caught.value.kind, caught.value.place) == ("formula", "Biểu!B2")
    assert read_by_us(patch(data, [CellChange("Biểu", 4, 2, number="7")]).data)[4, 2] == 7


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 no zip", zipped({"a.txt": "a"})], ids=["empty", "torn", "other zip"]
)
def test_bytes_that_are_no_workbook_are_refused_as_the_reader_refuses_them(data: bytes) -> None:
    with pytest.raises(UnreadableWorkbook):
        patch(data, [CellChange("Biểu", 1, 1, number="1")])


# --- the added sheet


def test_a_users_own_sheet_of_our_name_is_kept_and_ours_gets_another() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "phát HIỆN"
    sheet["A1"] = "của tôi"
    done = openpyxl.load_workbook(io.BytesIO(patch(saved(book), [], sheet=FINDINGS).data))
    assert done.sheetnames == ["phát HIỆN", "Phát hiện (2)"]
    assert done["phát HIỆN"]["A1"].value == "của tôi"


@pytest.mark.parametrize("save", ["openpyxl", pytest.param("libreoffice", marks=pytest.mark.libreoffice)])
def test_the_findings_sheet_is_known_again_after_an_office_program_saved_the_workbook(
    save: str, tmp_path: Path
) -> None:
    once = patch(declared(workbook(worksheet(ROW))), [CellChange("Biểu", 1, 1, number="2")], sheet=FINDINGS).data
    if save == "openpyxl":
        once = saved(openpyxl.load_workbook(io.BytesIO(once)))
    else:
        (tmp_path / "in.xlsx").write_bytes(once)
        (tmp_path / "out").mkdir()
        converted("xlsx", tmp_path / "out", tmp_path / "in.xlsx")
        once = (tmp_path / "out" / "in.xlsx").read_bytes()
    assert ADDED not in parts(once)
    renewed = FINDINGS._replace(rows=[*FINDINGS.rows, [SheetCell("L01")]])
    twice = patch(once, [], sheet=renewed).data
    assert openpyxl.load_workbook(io.BytesIO(twice)).sheetnames == ["Biểu", "Phát hiện"]
    assert read_by_us(twice, 1)[4, 1] == "L01"


HARMLESS = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "\tx", "  hai đầu  ", 'a<b>&"c"', "dòng\nhai", "_x0041_"]
CONTROLS = ["a\x00b", "a\x01b", "a\x1fb", "a\rb", "a\ufffeb"]


@pytest.mark.parametrize("text", HARMLESS + CONTROLS)
def test_a_text_stays_a_text_whatever_it_begins_with_or_holds(text: str) -> None:
    sheet = FINDINGS._replace(rows=[[SheetCell(text, link="'Biểu'!A1")]], head=1, choice=None)
    done = patch(declared(workbook(worksheet(ROW))), [CellChange("Biểu", 1, 1, text=text)], sheet=sheet).data
    book, ours = openpyxl.load_workbook(io.BytesIO(done)), read_workbook(done)
    for name, grid in zip(("Biểu", "Phát hiện"), ours.sheets, strict=True):
        assert book[name]["A1"].data_type == "s"
        assert grid.rows[1][1].value == text
        assert grid.rows[1][1].formula is None
        if text in HARMLESS[:-1]:
            assert book[name]["A1"].value == text


def test_half_a_surrogate_pair_which_no_file_can_hold_is_shown_as_a_replacement() -> None:
    done = patch(workbook(worksheet(ROW)), [CellChange("Biểu", 1, 1, text="a\ud800b")]).data
    assert read_by_us(done)[1, 1] == "a\ufffdb"


# --- any sheet, any edit

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)
NUMBERS = st.integers(-(10**12), 10**12) | st.sampled_from([0.5, 28.57, -1.25, 1e-7])
PLACES = st.tuples(st.integers(1, 9), st.integers(1, 30))


@st.composite
def sheets(draw: Any) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Biểu"
    found = draw(st.dictionaries(PLACES, NUMBERS | TEXTS | st.booleans(), max_size=12))
    for (row, column), value in found.items():
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        cell.number_format = draw(st.sampled_from(["General", "@", "0.00", '0" tờ"']))
        cell.font = Font(bold=draw(st.booleans()))
    return saved(book)


@st.composite
def edits(draw: Any) -> list[CellChange]:
    found = draw(st.dictionaries(PLACES, NUMBERS | TEXTS | st.none(), max_size=8))
    fill = st.none() | st.sampled_from(["FFF2CC", "FCE4D6"])
    return [
        CellChange(
            "Biểu",
            row,
            column,
            number=None if isinstance(value, str) or value is None else str(value),
            text=value if isinstance(value, str) else None,
            fill=draw(fill),
        )
        for (row, column), value in found.items()
    ]


@settings(max_examples=25)
@given(sheets(), edits())
def test_any_edit_of_any_sheet_writes_what_was_asked_and_nothing_else(data: bytes, changes: list[CellChange]) -> None:
    done = patch(data, changes, sheet=FINDINGS)
    before, after = cells(data), cells(done.data)
    asked = {(it.sheet, it.row, it.column): it for it in changes}
    assert {at: cell for at, cell in after.items() if at not in asked and at[0] == "Biểu"} == {
        at: cell for at, cell in before.items() if at not in asked
    }
    for at, change in asked.items():
        value, kind, number_format, font, *_ = after.get(at, (None, "n", "General", None))
        if change.number is not None:
            assert (value, kind) == (float(change.number), "n")
            assert number_format != "@"
        else:
            assert (value or None) == (change.text or None)
        if at in before and at in after:
            assert font == before[at][3]
            assert number_format == before[at][2] or before[at][2] == "@"


# --- the promise is checked, not assumed


def damaging(damage: Callable[[bytes], bytes]) -> Callable[..., bytes]:
    real = Worksheet.edited
    return lambda self, changes: damage(real(self, changes))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b">x<", b">y<"),
        lambda data: re.sub(rb'(?s)<c r="C1".*?</c>', b"", data),
        lambda data: data.replace(b"</sheetData>", b'</sheetData><pageSetup paperSize="8"/>'),
        lambda data: data.replace(b'<row r="1"', b'<row r="1" ht="3"'),
        lambda data: data.replace(b"</row>", b'<c r="D1"><v>1</v></c></row>', 1),
    ],
    ids=["content", "cell lost", "around", "row", "cell more"],
)
@pytest.mark.parametrize("name", ["plain", "UTF-16", "sheet elsewhere", "backslashes", "windows line ends"])
def test_a_result_that_breaks_the_promise_is_never_handed_over(
    damage: Callable[[bytes], bytes], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worksheet, "edited", damaging(damage))
    with pytest.raises(PromiseBroken):
        patch(HAND_MADE[name], [CellChange("Biểu", 1, 1, number="2")])


# --- details


def test_a_signature_is_said_to_end_and_only_where_there_was_one() -> None:
    change = [CellChange("Biểu", 1, 1, number="2")]
    signed = zipped({**parts(workbook(worksheet(ROW))), "_xmlsignatures/sig1.xml": b"<Signature/>"})
    assert patch(signed, change).signature_broken
    assert not patch(workbook(worksheet(ROW)), change).signature_broken
    examined = zipped({**parts(rich()), "_xmlsignatures/sig1.xml": b"<Signature/>"})
    assert corrected_copy(examined).signature_broken


def test_a_figure_written_over_a_picture_in_a_cell_takes_the_pictures_place() -> None:
    data = workbook(worksheet('<row r="1"><c r="A1" t="e" vm="1"><v>#VALUE!</v></c></row>'))
    sheet = parts(patch(data, [CellChange("Biểu", 1, 1, number="2")]).data)["xl/worksheets/sheet1.xml"]
    assert b'<c r="A1"><v>2</v></c>' in sheet


def test_a_stored_result_is_renewed_and_its_formula_kept() -> None:
    rows = '<row r="1"><c r="A1" t="str"><f>B1&amp;""</f><v>cũ</v></c><c r="B1"><f ca="1">1+1</f></c></row>'
    done = patch(workbook(worksheet(rows)), (), (), [Recalculated("Biểu", 1, 1, "5"), Recalculated("Biểu", 1, 2, "6")])
    grid = read_workbook(done.data).sheets[0].rows[1]
    assert [(cell.value, cell.formula) for cell in grid.values()] == [(5, 'B1&""'), (6, "1+1")]


@pytest.mark.parametrize("more", ["", '<c r="D1"><f ca="1">1+1</f></c>'], ids=["plain", "by expat"])
def test_a_stored_result_becomes_the_text_or_number_that_it_is_now(more: str) -> None:
    cells = [' t="str"><f>E1</f><v>cũ</v>', "><f>E1</f><v>1</v>", ' t="str"><f>E1</f><v>cũ</v>']
    row = "".join(f'<c r="{at}1"{cell}</c>' for at, cell in zip("ABC", cells, strict=True))
    results = [("A", None, "a<b & c"), ("B", "2", None), ("C", "3", None)]
    done = patch(
        workbook(worksheet(f'<row r="1">{row}{more}</row>')),
        (),
        (),
        [Recalculated("Biểu", 1, ord(at) - 64, number, text) for at, number, text in results],
    )
    grid = read_workbook(done.data).sheets[0].rows[1]
    assert [(grid[at].value, grid[at].formula) for at in (1, 2, 3)] == [("a<b & c", "E1"), (2, "E1"), (3, "E1")]


def test_a_formula_that_no_cell_holds_asks_for_no_calculation() -> None:
    after = '<extLst><ext xmlns:xm="urn:x"><xm:f>A1</xm:f></ext></extLst>'
    for cells, asked in [(ROW, False), (ROW.replace("<v>", "<f>1+1</f><v>"), True)]:
        done = patch(workbook(worksheet(cells, after=after)), [CellChange("Biểu", 9, 9, number="2")])
        assert (b"fullCalcOnLoad" in parts(done.data)["xl/workbook.xml"]) is asked


CELLS = '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" t="str"><v>b</v></c></row><row r="2"><c r="A2"/></row>'


@pytest.mark.parametrize(
    ("change", "cells"),
    [
        (("<v>1</v>", "<v>2</v>"), {(1, 1)}),
        (('s="1"><v>1</v></c>', 's="1"/>'), {(1, 1)}),
        (('<c r="A2"/>', '<c r="A2"><v>1</v></c>'), {(2, 1)}),
        (('<row r="2">', '<row r="2" hidden="1">'), None),
        (('<c r="A2"/>', ""), None),
        (('r="B1"', 'r="C1"'), None),
        (("</v></c></row>", "</v></c> </row>"), None),
        (("<v>1</v>", "<v><!-- 2 -->1</v>"), None),
        (("<worksheet ", '<worksheet x="1" '), None),
    ],
)
def test_cells_that_differ_are_seen_at_once_only_where_nothing_else_does(
    change: tuple[str, str], cells: set[tuple[int, int]] | None
) -> None:
    old = worksheet(CELLS)
    new = old.replace(*change, 1)
    assert new != old
    assert differing_cells(old.encode(), new.encode()) == cells


def test_a_new_cell_in_a_styled_row_or_column_looks_as_its_place_did() -> None:
    before = f'{HEAD}<cols><col min="2" max="3" width="9" style="1"/></cols><sheetData>{ROW}'
    rows = '<row r="2" s="1" customFormat="1"/></sheetData></worksheet>'
    data = declared(workbook(before + rows, styles=STYLES))
    done = patch(data, [CellChange("Biểu", 1, 2, text="a"), CellChange("Biểu", 2, 5, text="b")])
    book = openpyxl.load_workbook(io.BytesIO(done.data))["Biểu"]
    assert (book["B1"].number_format, book["E2"].number_format) == ("@", "@")


def test_a_cell_that_says_it_stands_in_another_row_is_damage_and_nothing_is_written_beside_it() -> None:
    torn = '<row r="1"><c r="A1">c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>'  # a row's end was lost
    with pytest.raises(UnreadableWorkbook):
        patch(workbook(worksheet(torn)), [CellChange("Biểu", 1, 1, number="3")])


@pytest.mark.parametrize("merge", ["B:C", "$B:$C", "1:2", "B1:C2"])
def test_cells_of_a_merge_over_whole_columns_or_rows_are_hidden_as_those_of_any_other(merge: str) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><v>2</v></c></row>'
    merged = f'<mergeCells><mergeCell ref="{merge}"/></mergeCells>'
    with pytest.raises(PatchRefused, match="merged"):
        patch(workbook(worksheet(row, after=merged)), [CellChange("Biểu", 1, 3, number="3")])


@pytest.mark.parametrize("merge", ["", "Z:", "ABCD1", "-1:2", "A1:", "A1:B2:C3", "A0x"])
def test_a_merge_of_no_cells_is_damage(merge: str) -> None:
    merged = f'<mergeCells><mergeCell ref="{merge}"/></mergeCells>'
    with pytest.raises(UnreadableWorkbook):
        patch(workbook(worksheet('<row r="1"/>', after=merged)), [CellChange("Biểu", 1, 3, number="3")])


def test_however_many_findings_sheets_there_are_one_more_gets_a_name_of_its_own() -> None:
    data = workbook(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    others = {f"xl/worksheets/cchc_phat_hien_{number}.xml": b"<a/>" for number in range(2, 60)}
    full = zipped({**parts(data), ADDED: b"<a/>", **others})
    done = patch(full, [CellChange("Biểu", 1, 1, number="3")], sheet=FINDINGS)
    assert "xl/worksheets/cchc_phat_hien_60.xml" in parts(done.data)
