"""Where the shipped examples stand, and one of them as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from cchc_excel.excel.ooxml import read_workbook

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TYPED, PRINTED = EXAMPLES / "BangLang_2023-Q1_mau.xlsx", EXAMPLES / "BangLang_2023-Q1_inlai.xlsx"


def as_csv(encoding: str, delimiter: str) -> bytes:
    """The printed example as an office program saves it."""
    (sheet,) = read_workbook(PRINTED.read_bytes()).sheets
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    for cells in sheet.rows.values():
        writer.writerow([cells[column].value if column in cells else "" for column in range(1, 6)])
    return text.getvalue().encode(encoding)
