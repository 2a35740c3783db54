"""The example province: its files are what the script makes, contradict nothing, and merge as one of today."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from packages import parts_of

from cchc_excel.form import Severity, form_asked_for
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine

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
    assert dict((it.name, it.value) for it in book.custom_doc_props.props)["cchc_level"] == "tinh"  # type: ignore[attr-defined]
    assert str(book["BieuThongKe"]["A3"].value).endswith("UBND TỈNH VÍ DỤ")
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    assert not [cell for cell in cells if "0900000000" in cell]
