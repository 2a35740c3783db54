"""The example district's mail: merged by one command, every item told, and the figures those of the district itself."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER, ROSTER = EXAMPLES / "thu_huyen", EXAMPLES / "huyen_vi_du" / "danh_sach.csv"

make_mail: Any = importlib.import_module("make_mail")
of_district: Any = importlib.import_module("test_district")
REFUSED = {
    "BieuThongKe_AnBinh (1).xlsx": "Tệp rỗng",
    "Cong van xa Nam Cuong.docx": "văn bản Word",
    "Long Son - bieu TK CCHC Q1 2023 - Copy.xlsx": "bị hỏng",
    "Lich tiep cong dan quy I.xlsx": "Không tìm thấy biểu thống kê",
    "xa Muong Hoa - ban quet.pdf": "tệp PDF",
    "xa Muong Hoa trang 2.png": "tệp ảnh",
}
FROM_ELSEWHERE = {
    "Kim Đường": "xa Kim Duong/Kim Duong bieu 01.xlsx",
    "Long Sơn": "xa Long Son.zip/Long Son - bieu TK CCHC Q1 2023.xlsx",
    "Hải Vân": "Fw bao cao CCHC xa Hai Van.eml/Biểu thống kê.xlsx",
    "Đức Phong": "Duc Phong xuat tu phan mem.xls",
}


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, str]:
    """The workbooks of the mail and of the district's own folder, and what was said on the way of the first."""
    folder = tmp_path_factory.mktemp("thu")
    books, said = [], ""
    for name, given in (("nop", EXAMPLES / "huyen_vi_du" / "nop"), ("thu", FOLDER)):
        command: list[str | Path] = [sys.executable, "-m", "cchc_excel", "consolidate", given, "--roster", ROSTER]
        done = subprocess.run(
            [*command, "-o", folder / f"{name}.xlsx"], capture_output=True, encoding="utf-8", check=False
        )
        said = done.stderr
        assert done.returncode == 0, said
        books.append(openpyxl.load_workbook(folder / f"{name}.xlsx"))
    return books[1], books[0], said


def test_the_folder_is_what_the_script_makes(tmp_path: Path) -> None:
    make_mail.write(tmp_path / "thu")
    made, here = (
        {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "thu", FOLDER)
    )
    assert made.keys() == here.keys()
    packed = {name for name in made if name.endswith((".zip", ".eml"))}  # they hold what XlsxWriter wrote
    content = of_district.content_of
    assert [name for name in made.keys() - packed if content(made[name]) != content(here[name])] == []
    assert FOLDER.with_suffix(".md").read_text("utf-8") == make_mail.README


def test_every_file_that_is_no_report_is_told_with_its_remedy(merged: tuple[Any, Any, str]) -> None:
    lines = merged[2].splitlines()
    for name, reason in REFUSED.items():
        (line,) = [line for line in lines if f"/{name}: " in line]
        assert reason in line
        assert "→" in line
    assert {line.split("/")[-1].split(": ")[0] for line in lines if "→" in line} == set(REFUSED)


def test_what_came_in_a_folder_an_archive_a_letter_or_a_web_page_counts_for_its_unit(
    merged: tuple[Any, Any, str],
) -> None:
    rows = {str(row[1].value): [str(cell.value) for cell in row] for row in merged[0]["Tình trạng nộp"].iter_rows()}
    for unit, file in FROM_ELSEWHERE.items():
        (row,) = [row for name, row in rows.items() if unit in name]
        assert (row[3], row[7].split("; ")[0]) == ("Đã nhận", Path(file).name)
    sources = {str(cell.value) for row in merged[0]["Nguồn"].iter_rows() for cell in row}
    assert all(any(text.endswith(file) for text in sources) for file in FROM_ELSEWHERE.values())
    (scanned,) = [row for name, row in rows.items() if "Mường Hoa" in name]
    assert scanned[3] == "Không đọc được"


def test_the_figures_are_those_of_the_district_itself(merged: tuple[Any, Any, str]) -> None:
    mail, district, _ = merged
    own = [sheet.title for sheet in district if sheet.title not in {"Nguồn", "Tình trạng nộp", "Phát hiện"}]
    sheet = own[0]
    for row in district[sheet].iter_rows():
        for cell in row:
            assert mail[sheet][cell.coordinate].value == cell.value, cell.coordinate
