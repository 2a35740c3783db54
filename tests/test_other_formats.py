"""Files that are no .xlsx: read all the same, and corrected in a fresh copy of the template."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_cli import PRINTED, Cchc, cchc
from test_correct import values

from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.kept_child import KeptChild
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.opening import in_child, open_grid
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.reading import read

__all__ = ["cchc"]  # the fixture

FORM = load_form()


def as_csv(encoding: str, delimiter: str) -> bytes:
    (sheet,) = read_workbook(PRINTED.read_bytes()).sheets
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    for cells in sheet.rows.values():
        writer.writerow([cells[column].value if column in cells else "" for column in range(1, 6)])
    return text.getvalue().encode(encoding)


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


def test_a_broken_old_workbook_is_damaged_and_says_so() -> None:
    with pytest.raises(DamagedWorkbook):
        open_grid(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


@pytest.mark.parametrize("limits", [{"seconds": 0.001}, {"memory": 2**20}], ids=["time", "memory"])
def test_a_file_that_takes_too_long_or_asks_for_too_much_memory_is_given_up(
    limits: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = KeptChild("cchc_excel.excel.opening.in_child:answer", **limits)
    monkeypatch.setattr(in_child, "_CHILD", strict)
    with pytest.raises(WorkbookTooLarge):
        in_child.read_in_child("xls", bytes(2**25))
