"""The example province: its files are what the script makes, contradict nothing, and merge as one of today."""

from __future__ import annotations

import importlib
import io
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from communes import AS_SENT, consistent
from packages import parts_of

import cchc_excel
from cchc_excel.consolidating.at_hand import ENOUGH
from cchc_excel.form import Severity, form_asked_for
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.workbook_form.filled import filled

FOLDER = Path(__file__).parents[2] / "examples" / "tinh_vi_du"
WORKBOOKS = sorted(FOLDER.rglob("*.xlsx"))
make_province: Any = importlib.import_module("make_province")


def content_of(path: Path) -> object:
    return parts_of(path.read_bytes()) if path.suffix == ".xlsx" else path.read_bytes()


def test_the_folder_is_what_the_script_makes(tmp_path: Path) -> None:
    make_province.write(tmp_path / "made")
    made, here = (
        {path.relative_to(folder).as_posix(): content_of(path) for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "made", FOLDER)
    )
    assert made.keys() == here.keys()
    assert [name for name in made if made[name] != here[name]] == [], "python examples/make_province.py"


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_no_report_of_it_contradicts_itself(path: Path) -> None:
    examination = examine(Source(path.name, path.read_bytes()), form_asked_for(""))
    assert examination.edition == ("cchc_xa_quy" if path.parent.name == "ky_truoc" else "cchc_xa_2025")
    assert [it for it in examination.findings if it.severity is not Severity.INFO] == []


def test_it_merges_as_its_readme_says(cchc: Cchc, tmp_path: Path) -> None:
    output = tmp_path / "TongHop.xlsx"
    status, _, told = cchc(
        *("consolidate", FOLDER / "nop", "-o", output, "--period", "2025-Q3", "--unit", "UBND tỉnh Ví Dụ"),
        *("--roster", FOLDER / "danh_sach.csv", "--previous", FOLDER / "ky_truoc"),
    )
    assert status == 0
    assert "6/6 đơn vị được tổng hợp; 8 tệp đã đọc; 0 lỗi" in told
    assert "Không so sánh với biểu kỳ trước của UBND xã Suối Cạn" in told
    book = openpyxl.load_workbook(output, data_only=True)
    assert {it.name: it.value for it in book.custom_doc_props.props}["cchc_level"] == "tinh"  # type: ignore[attr-defined]
    assert str(book["BieuThongKe"]["A3"].value).endswith("UBND TỈNH VÍ DỤ")
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    assert not [cell for cell in cells if "0900000000" in cell]


def test_a_share_put_together_from_months_is_shown_with_two_decimals(cchc: Cchc, tmp_path: Path) -> None:
    options = ("--period", "2025-Q3", "--unit", "UBND tỉnh Ví Dụ", "--roster", FOLDER / "danh_sach.csv")
    assert cchc("consolidate", FOLDER / "nop", "-o", tmp_path / "t.xlsx", *options)[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Chi tiết"]
    (months,) = [row for row in sheet.iter_rows(min_row=8) if row[1].value == "UBND xã Bãi Ngang"]
    endless = [cell for cell in months if isinstance(cell.value, float) and round(cell.value, 2) != cell.value]
    assert [cell.number_format for cell in endless] == ["0.00"]


def test_the_edition_is_that_of_the_period_that_is_merged_though_the_first_files_are_of_an_earlier_year(
    cchc: Cchc, tmp_path: Path
) -> None:
    for number, path in enumerate(sorted((FOLDER / "nop").glob("*2025-Q3.xlsx"))):
        shutil.copy(path, tmp_path / f"9{number} moi.xlsx")
    for number in range(ENOUGH):  # as many as are looked at beforehand; of two years, so that the new one is commonest
        old = filled(AS_SENT, consistent(number), unit=f"UBND xã Cũ {number}", period=f"202{number % 2 + 3}-Q1")
        (tmp_path / f"0{number} cu.xlsx").write_bytes(old)
    output = tmp_path.parent / "TongHop.xlsx"
    status, _, told = cchc("consolidate", tmp_path, "-o", output, "--unit", "UBND tỉnh Ví Dụ")
    assert (status, "Kỳ được tổng hợp: Quý III năm 2025" in told) == (0, True)
    assert "PHƯỜNG, ĐẶC KHU 2025" in str(openpyxl.load_workbook(output)["Nguồn"]["A3"].value)
    merged = cchc_excel.consolidate(tmp_path, form_asked_for(""), unit="UBND tỉnh Ví Dụ")
    assert "PHƯỜNG, ĐẶC KHU 2025" in str(openpyxl.load_workbook(io.BytesIO(merged.data))["Nguồn"]["A3"].value)
