"""Files that are no .xlsx: read all the same, and corrected in a fresh copy of the template."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from corrections import values
from places import PRINTED, as_csv
from sheet_writers import Page, Written, as_ods
from sheet_writers import as_csv as as_csv_pages

from cchc_excel.commands.files import workbook_names
from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.kept_child import KeptChild
from cchc_excel.excel.opening import in_child, open_grid
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.printed.layout import DAY_CELL, NUMBER_CELL

FORM = load_form()


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-8", "|"), ("utf-16", "\t")]
)
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


def pages_of(number: str, day: date | None) -> list[Page]:
    """The template with one figure, its heading as a program without defined names saves it."""
    data = filled(FORM, {"1.1": 2}, unit="UBND xã A", period="2023-Q1", number=number, day=day)
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["BieuThongKe"]
    rows = enumerate(sheet.iter_rows(max_col=5, values_only=True), 1)
    shown = ((row, column, value) for row, values in rows for column, value in enumerate(values, 1))
    cells = {(row, column): Written(value) for row, column, value in shown if isinstance(value, str | int | float)}
    return [Page("BieuThongKe", cells)]


@pytest.mark.parametrize(("ending", "written"), [("ods", as_ods), ("csv", as_csv_pages)])
@pytest.mark.parametrize(
    ("number", "day"), [("45", date(2023, 3, 9)), ("07-UB", date(2023, 4, 30)), ("", None), ("45/2023", None)]
)
def test_a_copy_in_a_fresh_template_keeps_number_and_date(
    cchc: Cchc, tmp_path: Path, ending: str, written: Callable[[list[Page]], bytes], number: str, day: date | None
) -> None:
    file = tmp_path / f"a.{ending}"
    file.write_bytes(written(pages_of(number, day)))
    assert cchc("correct", file, "-o", tmp_path / "ra")[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "ra" / "a.xlsx")["BieuThongKe"]
    assert str(sheet[NUMBER_CELL].value).strip("….") == number
    kept = sheet[DAY_CELL].value
    assert (kept.date() if isinstance(kept, datetime) else None) == day


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số: 45/BC-UBND", "45"),
        ("Số: 07 /BC-UBND", "07"),
        ("(Kèm theo Báo cáo số 12/BC-UBND ngày 09 tháng 3 năm 2023 của UBND xã A)", "12"),
        ("(Kèm theo Công văn số 8/UBND-VX ngày 01/3/2023 của Phòng Nội vụ về Báo cáo số 12/BC-UBND)", ""),
        ("Số:      /BC-UBND", ""),
        ("Số: ……/BC-UBND", ""),
        ("Số: 45/BC-UBND, thay Báo cáo số 44/BC-UBND", ""),
        ("Số lượng 45/100", ""),
    ],
)
def test_the_number_is_that_of_the_report_itself(line: str, number: str) -> None:
    table = as_csv("utf-8", ";").decode().partition("STT")[2]
    submission = read(Source("a.csv", f"UBND xã A\n{line}\nQuý I năm 2023\nSTT{table}".encode()), FORM).submission
    assert submission is not None
    assert submission.number == number


def test_a_csv_whose_decimal_commas_separate_is_damaged_and_its_figures_are_not_cut() -> None:
    whole = as_csv("utf-8", ",")
    assert read(Source("a.csv", whole), FORM).submission is not None
    lines = whole.decode().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("1.2.1,"))
    lines[at] = "1.2.1,Số nhiệm vụ đề ra trong kế hoạch,Nhiệm vụ,66,7,"
    reading = read(Source("a.csv", "\n".join(lines).encode()), FORM)
    assert reading.submission is None
