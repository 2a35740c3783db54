"""A corrected copy: what the officer gets back, and how decisions are carried out."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from corrections import values
from openpyxl.worksheet.formula import ArrayFormula
from places import PRINTED, TYPED

from cchc_excel.excel.patching.plain_places import Position
from cchc_excel.excel.patching.worksheet_edit import Worksheet, Written
from cchc_excel.form import load_form

FORM = load_form()


def changed(before: Path, after: Path) -> dict[str, object]:
    old, new = values(before), values(after)
    return {key: new[key] for key in old if old[key] != new[key]}


@pytest.mark.parametrize("specimen", [TYPED, PRINTED], ids=["typed", "printed"])
def test_only_what_is_sure_is_changed(cchc: Cchc, tmp_path: Path, specimen: Path) -> None:
    original = specimen.read_bytes()
    status, out, _ = cchc("correct", specimen, "-o", tmp_path)
    assert (status, specimen.read_bytes()) == (0, original)
    assert "đã sửa 3 số liệu, chuẩn hóa cách ghi 73 ô" in out
    found = changed(specimen, tmp_path / specimen.name)
    assert {key: float(value) for key, value in found.items()} == {"1.2": 28.57, "1.4.2": 2, "1.4.3": 0}  # type: ignore[arg-type]


def test_a_text_that_became_a_number_still_looks_as_it_was_typed(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / TYPED.name)["BieuThongKe"]
    assert (sheet["D9"].value, sheet["D9"].number_format) == (2, "00")
    assert (sheet["D10"].value, sheet["D30"].value) == (28.57, None)
    assert sheet.protection.sheet


def test_correcting_again_changes_nothing_more_and_leaves_one_findings_sheet(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "1")
    cchc("correct", tmp_path / "1" / TYPED.name, "-o", tmp_path / "2")
    cchc("correct", tmp_path / "2" / TYPED.name, "-o", tmp_path / "3")
    assert changed(tmp_path / "1" / TYPED.name, tmp_path / "2" / TYPED.name) == {}
    assert openpyxl.load_workbook(tmp_path / "2" / TYPED.name).sheetnames == ["BieuThongKe", "Kiểm tra", "Phát hiện"]
    assert (tmp_path / "2" / TYPED.name).read_bytes() == (tmp_path / "3" / TYPED.name).read_bytes()


def test_apply_none_marks_and_changes_nothing(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path, "--apply", "none")
    assert changed(TYPED, tmp_path / TYPED.name) == {}


def test_apply_suggested_takes_the_proposals_for_which_the_figures_speak_alone(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path, "--apply", "suggested")
    found = changed(TYPED, tmp_path / TYPED.name)
    assert (found["7.2.4.truc_tuyen"], found["4.1"], found["7.2.3.da_tich_hop"]) == (104, 10, 104)
    assert "7.1.dien_tu_va_giay" not in found


def decided(path: Path, accept: dict[str, object]) -> None:
    """Mark, as an officer would, the rows of these cells and values as accepted."""
    book = openpyxl.load_workbook(path)
    sheet = book["Phát hiện"]
    for row in sheet.iter_rows(min_row=6):
        if str(row[3].value) in accept and row[6].value == accept[str(row[3].value)]:
            row[10].value = "nhận"
    book.save(path)


def test_exactly_the_accepted_proposals_are_applied(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "1")
    decided(tmp_path / "1" / TYPED.name, {"D105": 19.23, "D65": 10})
    status, _, _ = cchc("correct", TYPED, "-o", tmp_path / "2", "--decisions", tmp_path / "1")
    found = changed(TYPED, tmp_path / "2" / TYPED.name)
    assert status == 0
    assert {key: float(value) for key, value in found.items()} == {  # type: ignore[arg-type]
        "1.2": 28.57,
        "1.4.2": 2,
        "1.4.3": 0,
        "7.2.4": 19.23,
        "4.1": 10,
    }


def test_a_decision_that_fits_no_more_is_told_and_not_applied(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "1")
    decided(tmp_path / "1" / TYPED.name, {"D65": 10})
    book = openpyxl.load_workbook(TYPED)
    book["BieuThongKe"]["D65"] = 10
    (tmp_path / "moi").mkdir()
    later = tmp_path / "moi" / TYPED.name
    book.save(later)
    _, _, err = cchc("correct", later, "-o", tmp_path / "2", "--decisions", tmp_path / "1")
    assert "4.1" in err
    assert "không còn phù hợp" in err


@pytest.mark.parametrize("shown_as", ["0%", "0.00%", "dd/mm/yyyy", "h:mm", ";;;", "#,##0,"])
def test_a_figure_put_into_a_cell_whose_format_distorts_or_hides_it_is_the_figure_that_was_meant(
    cchc: Cchc, tmp_path: Path, shown_as: str
) -> None:
    book = openpyxl.load_workbook(TYPED)
    sheet = book["BieuThongKe"]
    for cell, content in (("D10", None), ("D65", "19"), ("D105", 1)):
        sheet[cell].value, sheet[cell].number_format = content, shown_as if cell != "D105" else "0%"
    book.save(tmp_path / "a.xlsx")
    cchc("correct", tmp_path / "a.xlsx", "-o", tmp_path / "ra", "--apply", "suggested")
    after = values(tmp_path / "ra" / "a.xlsx")
    assert (float(after["1.2"]), after["4.1"]) == (28.57, 10)  # type: ignore[arg-type]
    assert after["7.2.4"] == 100
    corrected = openpyxl.load_workbook(tmp_path / "ra" / "a.xlsx")["BieuThongKe"]
    assert {corrected[cell].number_format for cell in ("D10", "D65")} == {"General"}
    assert (corrected["D105"].value, corrected["D105"].number_format) == (1, "0%"), "what is read right is left alone"


def test_the_findings_sheet_keeps_the_value_before_and_links_to_the_cell(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / TYPED.name)["Phát hiện"]
    (row,) = [row for row in sheet.iter_rows(min_row=6) if row[1].value == "A02" and row[3].value == "D10"]
    assert [cell.value for cell in row[3:7]] == ["D10", "02", "28,57", 28.57]
    assert row[3].hyperlink is not None
    assert row[3].hyperlink.location == "'BieuThongKe'!D10"
    assert sheet.auto_filter.ref.startswith("A5:L")
    assert sheet.data_validations.dataValidation[0].formula1 == '"nhận,bỏ"'


def test_an_output_that_is_there_stays_unless_forced_and_an_input_is_never_written_to(
    cchc: Cchc, tmp_path: Path
) -> None:
    mine = tmp_path / TYPED.name
    mine.write_bytes(TYPED.read_bytes())
    assert cchc("correct", mine, "-o", tmp_path, "--force")[0] == 2
    assert mine.read_bytes() == TYPED.read_bytes()
    assert cchc("correct", TYPED, "-o", tmp_path)[0] == 2
    assert cchc("correct", TYPED, "-o", tmp_path, "--force")[0] == 0


def test_a_full_disk_leaves_the_output_absent(cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = cchc("correct", TYPED, "-o", tmp_path)
    assert status == 2
    assert "hết chỗ trống trên đĩa" in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_corrected(cchc: Cchc, tmp_path: Path) -> None:
    locked = tmp_path / "khoa.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9)
    status, _, err = cchc("correct", locked, TYPED, "-o", tmp_path / "ra")
    assert status == 0
    assert "mật khẩu" in err
    assert [path.name for path in (tmp_path / "ra").iterdir()] == [TYPED.name]


def test_a_file_whose_picture_is_damaged_is_told_and_the_others_are_corrected(cchc: Cchc, tmp_path: Path) -> None:
    picture = b"\x89PNG" + bytes(range(256)) * 20
    torn = tmp_path / "rach.xlsx"
    torn.write_bytes(TYPED.read_bytes())
    with zipfile.ZipFile(torn, "a", zipfile.ZIP_STORED) as package:
        package.writestr("xl/media/image1.png", picture)
    torn.write_bytes(torn.read_bytes().replace(picture, picture[:-1] + b"x"))
    status, _, err = cchc("correct", torn, PRINTED, "-o", tmp_path / "ra")
    assert status == 0
    assert "rach.xlsx" in err
    assert "hỏng" in err
    assert [path.name for path in (tmp_path / "ra").iterdir()] == [PRINTED.name]
    status, _, err = cchc("correct", torn, "-o", tmp_path / "ra")
    assert status == 2
    assert "hỏng" in err


def test_diff_lists_what_differs_and_says_when_nothing_does(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path)
    status, out, _ = cchc("diff", TYPED, tmp_path / TYPED.name)
    assert status == 1
    assert len(out.splitlines()) == 3
    assert "2 → 28,57" in out
    assert cchc("diff", TYPED, PRINTED)[0] == 0


def test_a_totals_formula_shows_its_new_figure_to_readers_that_do_not_calculate(cchc: Cchc, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(TYPED)
    book["BieuThongKe"]["G1"] = "=D10*2"
    source = tmp_path / "ct.xlsx"
    book.save(source)
    cchc("correct", source, "-o", tmp_path / "ra")
    shown = openpyxl.load_workbook(io.BytesIO((tmp_path / "ra" / "ct.xlsx").read_bytes()), data_only=True)
    assert shown["BieuThongKe"]["G1"].value == pytest.approx(57.14)


def test_a_copy_that_would_break_the_promise_is_not_written_and_the_others_are(
    cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Worksheet.edited

    def careless(self: Worksheet, changes: dict[Position, Written]) -> bytes:
        done = real(self, changes)
        return done.replace(b"<mergeCell ", b"<mergeCell  ") if len(self.merged) > 20 else done

    monkeypatch.setattr(Worksheet, "edited", careless)
    status, _, err = cchc("correct", PRINTED, TYPED, "-o", tmp_path)
    assert status == 2
    assert len(list(tmp_path.iterdir())) == 1
    assert "Traceback" not in err


def test_a_figure_that_an_array_formula_of_another_cell_fills_is_left_as_it_stands(cchc: Cchc, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(PRINTED)
    sheet = book.worksheets[0]
    sheet["D8"] = ArrayFormula("D8:D9", "=F8:F9")
    source = tmp_path / "mang.xlsx"
    book.save(source)
    status, out, _ = cchc("correct", source, "-o", tmp_path / "ra")
    assert (status, "đã sửa" in out) == (0, True)
    done = openpyxl.load_workbook(tmp_path / "ra" / "mang.xlsx").worksheets[0]
    assert (done["D9"].value, done["D8"].value.ref) == ("02", "D8:D9")
