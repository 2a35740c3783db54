"""Correcting one form (changes, findings sheet, comparison with the original) against openpyxl loading and saving it.

    python benchmarks/correcting.py [repetitions]

The aim is a quarter. The form is the shipped specimen, in which 76 cells change and 87 findings are listed, and the
same form with a single mistake.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent))

from reading import form_file, timed

from cchc_excel.correcting import corrected
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.wording import words

SPECIMEN = Path(__file__).parent.parent / "examples" / "BangLang_2023-Q1_mau.xlsx"


def load_and_save(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.save(io.BytesIO())


def one_mistake() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(form_file()))
    book["BieuThongKe"]["D10"] = None  # row 1.2: a rate left blank though its components stand, filled unasked
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    form, spoken = load_form(), words("vi")
    for name, data in (("specimen", SPECIMEN.read_bytes()), ("one mistake", one_mistake())):
        found = examine(Source(name, data), form)
        submission = found.submission
        assert submission is not None
        ours = timed(lambda d=data, f=found, s=submission: corrected(d, f.findings, s, form, spoken), repetitions)
        theirs = timed(lambda d=data: load_and_save(d), repetitions)
        cells = len(corrected(data, found.findings, submission, form, spoken).changes)
        print(f"{name:12} {cells:3} cells  {ours:7.1f} ms   openpyxl {theirs:7.1f} ms   ratio {ours / theirs:5.2f}")


if __name__ == "__main__":
    main()
