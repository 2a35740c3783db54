"""The script of thirty lines that a user of pandas would write: it runs, and says what the example district says."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from district_report import report
from places import EXAMPLES

from cchc_excel import load_form, read

SCRIPT = EXAMPLES / "district_report.py"
DISTRICT = EXAMPLES / "huyen_vi_du"


def test_it_is_short_and_takes_nothing_but_public_names() -> None:
    lines = SCRIPT.read_text("utf-8").splitlines()
    assert len(lines) <= 30
    assert [line for line in lines if "import" in line] == [
        "import sys",
        "from pathlib import Path",
        "import cchc_excel as cchc",
    ]


def test_it_lists_the_findings_by_unit_corrects_merges_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(DISTRICT, tmp_path)
    listed, drawn = capsys.readouterr().out.split("Chưa có số liệu:")
    assert "UBND xã Bình Minh    1" in listed
    assert "UBND xã Cẩm Giang" not in listed
    missing, *bars = drawn.splitlines()
    assert "UBND xã Mường Hoa" in missing
    assert any(line.startswith("UBND xã Tân Hòa") and line.endswith("█ 96%") for line in bars)
    copies = {path.name for path in tmp_path.iterdir()}
    assert {"TongHop.xlsx", "BangLang_2023-Q1_mau.xlsx", "Dong Tien Q1-2023.xlsx"} <= copies
    assert "Phát hiện" in openpyxl.load_workbook(tmp_path / "BangLang_2023-Q1_mau.xlsx").sheetnames
    merged = read(tmp_path / "TongHop.xlsx", load_form()).submission
    assert merged is not None
    assert merged.level == "huyen"
