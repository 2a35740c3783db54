"""Files that are no .xlsx: read all the same, and corrected in a fresh copy of the template."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from corrections import values
from places import PRINTED, as_csv

from cchc_excel.commands.files import workbook_names
from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.kept_child import KeptChild
from cchc_excel.excel.opening import in_child, open_grid
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.reading import read

FORM = load_form()


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t")])
def test_a_csv_is_read_in_whatever_encoding_and_with_whatever_separator(encoding: str, delimiter: str) -> None:
    reading = read(Source("a.csv", as_csv(encoding, delimiter)), FORM)
    assert reading.submission is not None
    assert reading.kind == "csv"
    assert reading.submission.values == values(PRINTED)


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_old_workbook_is_read_and_corrected_in_a_fresh_template(cchc: Cchc, tmp_path: Path, kind: str) -> None:
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(PRINTED)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    old = tmp_path / f"{PRINTED.stem}.{kind}"
    before = old.read_bytes()
    reading = read(Source(old.name, before), FORM)
    assert reading.submission is not None
    assert reading.submission.values == values(PRINTED)
    status, _, err = cchc("correct", old, "-o", tmp_path / "ra")
    assert status == 0
    assert "biểu mẫu mới" in err
    assert old.read_bytes() == before
    book = openpyxl.load_workbook(tmp_path / "ra" / f"{PRINTED.stem}.xlsx")
    assert book.sheetnames == ["BieuThongKe", "Kiểm tra", "Phát hiện"]
    assert book["BieuThongKe"]["D10"].value == 28.57


LINE_ENDS = pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "mac"])


@LINE_ENDS
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_text_is_read_whatever_ends_its_lines_and_however_wide_its_letters_are(end: str, encoding: str) -> None:
    (sheet,) = open_grid(end.join(("STT;Nội dung;Số", "1;văn bản;2", "2;cuộc họp;3")).encode(encoding)).grid.sheets
    assert [[cell.value for cell in row.values()] for row in sheet.rows.values()] == [
        ["STT", "Nội dung", "Số"],
        ["1", "văn bản", "2"],
        ["2", "cuộc họp", "3"],
    ]


@LINE_ENDS
def test_a_line_break_inside_quotation_marks_ends_no_row(end: str) -> None:
    text = f'STT;Nội dung;Số{end}1;"văn bản{end}đã ban hành";2{end}2;cuộc họp;3'
    (sheet,) = open_grid(text.encode()).grid.sheets
    assert sheet.rows[2][2].value == "văn bản\nđã ban hành"


@pytest.mark.parametrize(
    "data",
    [
        'STT;Nội dung;Số\n1;"văn bản;2\n2;cuộc họp;3\n'.encode(),
        'STT;Nội dung;Số\n1;văn bản;2\n2;cuộc họp;"3'.encode(),
        b"\xff\xfe\0\0S\0\0\0;\0\0\0;\0\0\0\n\0\0\0;\0\0\0;\0\0",
        "STT;Nội dung;Số\n1;văn bản;2\n".encode("utf-16") + b"\0",
    ],
    ids=["never closed", "never closed at the end", "utf-32 cut off", "utf-16 cut off"],
)
def test_a_text_that_cannot_be_read_is_damaged_and_no_defect_of_ours(data: bytes) -> None:
    with pytest.raises(DamagedWorkbook):
        open_grid(data)


def test_a_text_with_a_cell_of_200_000_letters_is_too_large() -> None:
    with pytest.raises(WorkbookTooLarge):
        open_grid(b"STT;a;b\n1;a;2\n2;" + b"x" * 200_000 + b";3\n")


def test_a_number_of_5000_digits_in_the_column_of_numbers_stops_nothing() -> None:
    text = as_csv("utf-8", ";").decode().replace("1.1;", f"{'1' * 5000};", 1)
    reading = read(Source("a.csv", text.encode()), FORM)
    assert reading.submission is not None
    assert reading.submission.values == values(PRINTED)


@pytest.mark.parametrize("name", ["a.et", "a.XLTX", "a.xltm", "a.ods", "a.xls"])
def test_a_folder_is_looked_through_for_every_kind_of_workbook(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert workbook_names([tmp_path]) == [str(tmp_path / name)]


def test_a_broken_old_workbook_is_damaged_and_says_so() -> None:
    with pytest.raises(DamagedWorkbook):
        open_grid(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_a_file_that_asks_for_too_much_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = KeptChild("cchc_excel.excel.opening.in_child:answer", memory=2**20)
    monkeypatch.setattr(in_child, "_CHILD", strict)
    with pytest.raises(WorkbookTooLarge):
        in_child.read_in_child("xls", bytes(2**25))
